/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside proto/rpc: a state of a call's world, as a world of its own
 */
#include "core/world/history.h"
#include "proto/rpc/service.h"

/* A world of the past or a copy of the present, and who pays for it. All zeroes:
 * nothing yet. It does not move. */
struct visit {
	struct side_memory side;
	struct world_cloning
		*cloning; /* what is to be the state; NULL: it is */
	struct world *state;
};

/** visit_copy() - a copy of a world
 *
 * Return: false with call->error set, and nothing to end. */
bool visit_copy(struct call *call, const struct world *world,
		struct visit *visit);

/** visit_copy_is_long() - does a copy of a world take turns?
 * @world: NULL: there is none to be copied */
bool visit_copy_is_long(const struct call *call, const struct world *world);

/**
 * visit_copy_begin() - as visit_copy(), in turns
 * @world: is kept still until visit_copy_some() says that there is no more
 *
 * visit_end() it in any case.
 *
 * Return: false with call->error set.
 */
bool visit_copy_begin(struct call *call, const struct world *world,
		      struct visit *visit);

/**
 * visit_set_out() - a copy of the state from which another one is reached by
 * repeating operations: that of world_nearest()
 * @seq:     of the state that is meant
 * @is_long: in turns, as visit_copy_begin(); else at once
 *
 * Where it begins with the creation there is nothing to copy. visit_end() it in
 * any case.
 *
 * Return: false with call->error set.
 */
bool visit_set_out(struct call *call, uint64_t seq, bool is_long,
		   struct visit *visit);

/**
 * visit_copy_some() - a turn of what visit_copy_begin() or visit_set_out() began
 * @morep: out: another one is needed; else there is a state
 *
 * Return: false with call->error set.
 */
bool visit_copy_some(struct call *call, struct visit *visit, bool *morep);

/** visit_end() - free the state, whether it is there or not */
void visit_end(struct visit *visit);

/** visit_judge_seq() - is there a state after that operation? Else false
 * @param: to blame */
bool visit_judge_seq(struct call *call, const char *param, uint64_t seq);

/** visit_judge() - are the call's process and thread in a state? Else false */
bool visit_judge(struct call *call, const char *param,
		 const struct world *state);
