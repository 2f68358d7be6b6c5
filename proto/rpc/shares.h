/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside proto/rpc: second names of processes, for those who may only look
 *
 * A share is a name in the same table as those of processes, with a slot of its
 * own, so that nothing of it tells the name that it stands beside. It goes
 * wherever a process is named and the method only looks; anything else is
 * refused with share.readonly (use_process() in call.c). It lasts as long as
 * the name of its process, or until process.unshare. The shares of a process
 * are a list through their slots:
 *
 *	process's slot .shares --> a share's slot .shares --> ... --> 0
 */
#include <stdint.h>

struct rpc_service;

/** shares_count() - how many the process in that slot has */
unsigned shares_count(const struct rpc_service *service, uint32_t index);

/** shares_drop() - revoke all that the process in that slot has; how many */
unsigned shares_drop(struct rpc_service *service, uint32_t index);

/** share_drop() - revoke the share in that slot; those who subscribed to it hear
 * that this has ended */
void share_drop(struct rpc_service *service, uint32_t share);
