/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The kernel releases that a server emulates
 */
#include "clients/cli/rpc_client.h"

struct trace;

/**
 * profiles_fetch() - ask a server for its profiles
 *
 * Return: a new array of objects with `name`, `release`, ..., or NULL: the
 *         server does not tell.
 */
json_t *profiles_fetch(struct rpc_client *client);

/** profiles_named() - the profile, or the behaviour, of that name in a list of
 * them, or NULL */
json_t *profiles_named(const json_t *list, const char *name);

/**
 * profiles_nearest() - which profile a kernel's recording is replayed with
 *
 * Return: the name of the newest that is not newer than the kernel; of the
 *         oldest where all are; NULL where there are none.
 */
const char *profiles_nearest(const json_t *profiles, unsigned major,
			     unsigned minor);

/**
 * profiles_choose() - likewise, of the profiles that a server has
 * @trace: the recording; the profile that its header names wins. Where nobody
 *         knows the kernel, the newest one is taken
 *
 * Return: its name, to be freed; NULL: the server does not tell.
 */
char *profiles_choose(struct rpc_client *client, const struct trace *trace);
