/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside proto/rpc: what a call keeps between its turns
 *
 * A struct of the handler's own that begins with a struct call_work, is paid by the
 * call's tenant, and keeps the call's world still if it must not change meanwhile:
 *
 *	work_new() -> call->work = ... -> go_on(), once a turn
 *	                                      -> call->work = NULL -> work_free()
 */
#include "proto/rpc/service.h"

/* What happens to the call's world meanwhile. */
enum work_world {
	WORK_WORLD_GOES_ON, /* it may change, or end */
	WORK_WORLD_IS_READ, /* kept still */
	WORK_WORLD_CHANGES, /* likewise, and it is changed by the call at last */
};

/**
 * work_new() - all zeroes, but for its struct call_work
 * @size:  of it; may be more than that of its struct
 * @go_on: of struct call_work
 * @drop:  likewise; calls work_free() at last
 *
 * Return: NULL with nothing kept, and with the refusal in the memory of the call's
 *         tenant.
 */
void *work_new(struct call *call, size_t size, bool (*go_on)(struct call *call),
	       void (*drop)(struct call *call), enum work_world world);

/**
 * work_keep_world() - keep the call's world still from now on, which has gone on so
 * far; after still_enter()
 *
 * Return: false with the refusal in the memory that pays.
 */
bool work_keep_world(const struct call *call, struct call_work *work,
		     enum work_world world);

/** work_let_world_go() - what is left to do is about the world no more */
void work_let_world_go(struct call *call, struct call_work *work);

/** work_free() - let go of the world, and free it; call->work stays as it is */
void work_free(struct call *call, struct call_work *work);

/**
 * work_waits() - does what is done take another turn?
 *
 * Of a call with a key, once: a retry may have been answered meanwhile.
 */
bool work_waits(const struct call *call, struct call_work *work);
