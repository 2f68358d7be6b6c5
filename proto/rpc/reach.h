/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside proto/rpc: a call that goes on from a state of its world, made in turns
 *
 *	the way there -> if wanted, on to the present, listening -> finish()
 *
 * The world is kept still from the first turn until what finish() does is done. The
 * present is a state as well: then there is nothing to repeat.
 */
#include "proto/rpc/way.h"

/* What has been made. finish() may take visit->state over: it sets it to NULL. */
struct reached {
	struct visit *visit;    /* the state */
	struct call_work *work; /* whose it is */
	/* Where reach_end.traces() said so: the present, made of the state, and
	 * what became of the process's areas on the way. Else NULL. */
	const struct world *present;
	struct lineage *lineage;
};

struct reach_end {
	/* Goes on as a handler, and may leave work of its own. Whether the process was
	 * there then is for it to judge. */
	bool (*finish)(struct call *call, const struct reached *reached);
	/* Says why there was no memory, false. NULL: refusal_error() does. */
	bool (*refuse)(struct call *call);
	/* Is the way on to the present wanted? NULL: no. */
	bool (*traces)(const struct call *call, uint64_t seq);
};

/** reach_is_long() - does it take turns? @seq need not be one that there is. O(address
 * spaces) of what is copied */
bool reach_is_long(const struct call *call, uint64_t seq,
		   const struct reach_end *end);

/**
 * reach_in_turns() - the first turn of that; of a call that may keep its world
 * still (is_long of struct method)
 * @seq: of a state that there is
 * @end: kept
 *
 * The call has work then.
 *
 * Return: false with call->error set.
 */
bool reach_in_turns(struct call *call, uint64_t seq,
		    const struct reach_end *end);

/** reach_at_once() - likewise, of what is not long: finish() has been called */
bool reach_at_once(struct call *call, uint64_t seq,
		   const struct reach_end *end);
