/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Bytes that look random and are the same in every run
 */
#include <stddef.h>

/**
 * random_bytes() - fill @out; as struct rpc_host wants it
 * @state: a uint32_t, moved on; equal states make equal bytes
 */
void random_bytes(void *state, void *out, size_t len);
