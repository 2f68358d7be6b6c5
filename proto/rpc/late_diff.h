/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside proto/rpc: a long diff, written last and in turns
 *
 * A part of late.h. The state before belongs to work of the call's (struct
 * before), which goes on until the diff is written.
 */
#include "proto/rpc/diff.h"
#include "proto/rpc/service.h"

struct late_diff;

/** late_diff_is_due() - does the diff that the call wants take turns? */
bool late_diff_is_due(const struct call *call);

/**
 * late_diff_take() - take the state before along, in call->late_diff
 * @after: the state that is; its process may have exited, and its world have ended
 *         but for the work, which keeps it still
 *
 * Return: false without memory: nothing has changed.
 */
bool late_diff_take(struct call *call, const struct snapshot *after);

/**
 * late_diff_go_on() - write some of the member diff
 * @nr: areas to compare
 *
 * Return: whether there is more. Failures stay in the answer.
 */
bool late_diff_go_on(struct call *call, size_t nr);

/** late_diff_end() - let go of it, and of the work that it belongs to, if the call
 * has one; the call has no work then */
void late_diff_end(struct call *call);
