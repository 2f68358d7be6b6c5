/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside proto/rpc: a state of a call's world, made in turns
 *
 *	copy what is nearest, a part a turn -> repeat, a slice a turn -> finish()
 *
 * The world is kept still from the first turn until what finish() does is done. The
 * present is a state as well: then there is nothing to repeat.
 */
#include "proto/rpc/visit.h"

struct reach_end {
	/*
	 * Goes on as a handler, and may leave work of its own. Whether the
	 * process was there then is for it to judge. If somebody takes the state
	 * over, it is none of @visit's any more.
	 */
	bool (*finish)(struct call *call, struct visit *visit);
	/* Says why there was no memory, false. NULL: refusal_error() does. */
	bool (*refuse)(struct call *call);
};

/** reach_is_long() - does it take turns? @seq need not be one that there is. O(address
 * spaces) of what is copied */
bool reach_is_long(const struct call *call, uint64_t seq);

/**
 * reach_in_turns() - the first turn of that; of a call that may keep its world
 * still (is_long of struct method)
 * @seq: as world_at() takes it
 * @end: kept
 *
 * The call has work then.
 *
 * Return: false with call->error set.
 */
bool reach_in_turns(struct call *call, uint64_t seq,
		    const struct reach_end *end);
