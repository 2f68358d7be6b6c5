/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside proto/rpc: states of a call's world that are past
 */
#include "core/world/history.h"
#include "proto/rpc/lineage.h"
#include "proto/rpc/service.h"

/* A world of the past or a copy of the present, and who pays for it. All zeroes:
 * nothing yet. It does not move. */
struct visit {
	struct side_memory side;
	struct world_cloning
		*cloning; /* what is to be the state; NULL: it is */
	struct world *state;
	struct call_work *work; /* that it is a part of; NULL: of a turn */
};

/** visit_open() - the state after an operation, whatever there was then
 * @param: to blame
 *
 * Return: false with call->error set, and nothing to end. Cost: world_at(). */
bool visit_open(struct call *call, const char *param, uint64_t seq,
		struct visit *visit);

/** visit_reach() - likewise, of a @seq as world_at() takes it */
bool visit_reach(struct call *call, uint64_t seq, struct visit *visit);

/**
 * visit_repeat() - carry out some of the operations behind a state in it
 * @state:  of the call's world, which is kept still from the first call to the
 *          last
 * @cursor: of the world's journal, behind the state's last operation; moved on
 * @seq:    of the state that it is to become
 * @nr:     operations at most
 * @morep:  out: it is not yet there
 *
 * Return: false with call->error set.
 */
bool visit_repeat(struct call *call, struct world *state,
		  struct journal_cursor *cursor, uint64_t seq, unsigned nr,
		  bool *morep);

/** visit_begin() - as visit_open(), with the call's process and thread in it */
bool visit_begin(struct call *call, const char *param, uint64_t seq,
		 struct visit *visit);

/** visit_copy() - likewise, a copy of the present or of another state */
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
 * visit_set_out() - as visit_reach(), in turns, to the state from which it is
 * reached with visit_repeat(): that of world_nearest()
 * @seq: of the state that is meant
 *
 * As visit_copy_begin(). There is nothing to copy where it begins with the
 * creation.
 */
bool visit_set_out(struct call *call, uint64_t seq, struct visit *visit);

/**
 * visit_copy_some() - a turn of what visit_copy_begin() or visit_set_out() began
 * @morep: out: another one is needed; else there is a state
 *
 * Return: false with call->error set.
 */
bool visit_copy_some(struct call *call, struct visit *visit, bool *morep);

/** visit_end() - free the state, whether it is there or not */
void visit_end(struct visit *visit);

/** visit_judge_seq() - is there a state after that operation? Else false */
bool visit_judge_seq(struct call *call, const char *param, uint64_t seq);

/** visit_judge() - are the call's process and thread in a state? Else false */
bool visit_judge(struct call *call, const char *param,
		 const struct world *state);

/**
 * visit_trace() - what became of areas of the call's process since a state
 * @state: of the call's world, which stays as it is
 * @seq:   of the world, not before @state's
 *
 * It is tried in a copy. Of more than LINEAGE_AT_ONCE operations nothing is
 * known afterwards.
 *
 * Return: false with call->error set.
 */
bool visit_trace(struct call *call, const struct world *state, uint64_t seq,
		 struct lineage *lineage);

enum {
	LINEAGE_AT_ONCE = 1024, /* operations that one turn listens to */
};
