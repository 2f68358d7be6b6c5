/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside proto/rpc: the way to a state of the past, gone in turns
 *
 *	way_begin() -> way_go_on(), once a turn -> way_end()
 *	               copies what is nearest,
 *	               then repeats a slice of operations a turn
 *
 * The operations are a copy, so that the world may go on, or end, while they are
 * repeated. Only until a large nearest state has been copied, in turns as well, it
 * must be kept still.
 */
#include "proto/rpc/lineage.h"
#include "proto/rpc/visit.h"

/* All zeroes: none. It does not move. */
struct way {
	struct visit visit;          /* the state, on its way */
	struct journal_copy journal; /* what is behind it */
	uint64_t target;             /* the seq where it ends */
	bool is_open;
};

/** way_is_long() - does what is nearest take turns to copy? Then the call's world
 * must be kept still until way_has_set_out(). O(address spaces) of it */
bool way_is_long(const struct call *call, uint64_t seq);

/**
 * way_begin() - set out for a state of the call's world
 * @seq:     which there is: see visit_judge_seq()
 * @last:    of the operations that another way can go on with: @seq at least
 * @is_long: copy what is nearest in turns
 *
 * Return: false with call->error set; way_end() it all the same.
 */
bool way_begin(struct call *call, uint64_t seq, uint64_t last, bool is_long,
	       struct way *way);

/**
 * way_fork() - go on from a state that has been reached, and keep it
 * @way:     at its end; has no operations left afterwards. Its state is copied in
 *           turns: it stays until way_has_set_out() or way_end() of the other
 * @seq:     up to the @last of way_begin()
 * @further: out
 *
 * Return: as way_begin().
 */
bool way_fork(struct call *call, struct way *way, uint64_t seq,
	      struct way *further);

/** way_has_set_out() - what is nearest has been copied */
static inline bool way_has_set_out(const struct way *way)
{
	return way->visit.state != NULL;
}

/**
 * way_go_on() - a turn's part of the way
 * @lineage: listens to what becomes of the call's process; NULL: nobody does
 * @morep:   out: the state is not there yet
 *
 * Return: false with call->error set.
 */
bool way_go_on(struct call *call, struct way *way, struct lineage *lineage,
	       bool *morep);

/** way_end() - give everything back, the state as well unless it has been taken
 * over */
void way_end(struct way *way);
