/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside proto/rpc: the state before the call that runs, for the part diff
 *
 * Of calls that do not want a diff there is none, unless a subscriber does, and
 * nothing of this costs them anything. It lasts until write_snapshot() has written
 * the diff, or subscribers have been told; whoever does not get that far calls
 * before_end().
 */
#include <stdbool.h>
#include <stdint.h>

#include "core/world/rewind.h"
#include "proto/rpc/lineage.h"
#include "proto/rpc/snapshot.h"

struct call;
struct call_work;
struct rpc_service;

struct before {
	bool is_set;
	struct snapshot snapshot; /* what the diff is to */
	struct world *copy;       /* made for it; NULL: somebody else's */
	struct side_memory side;  /* pays for the copy */
	struct tenant *viewer;    /* for whom it is; NULL: for the caller */
	/* Work of the call's that owns the state, and can go on until a long diff
	 * is written (late_diff.h); NULL: the state goes when its call ends. */
	struct call_work *lender;
	struct lineage lineage; /* of areas since; unknown: by addresses */
	bool is_undoing;        /* it leads from the call's state to before */
};

/**
 * before_keep() - keep a copy of the call's world as it is
 *
 * The owner of the world pays for it until before_end().
 *
 * Return: true, also where no diff is wanted; else false with the error set:
 *         quota.areas for a world too large to be copied, quota.bytes for an
 *         owner that cannot pay, internal.
 * Cost:   O(areas + page tables) of the world.
 */
bool before_keep(struct call *call);

/**
 * before_keep_for() - likewise, for a subscriber, if the caller keeps none
 * @viewer: pays; NULL: nobody wants it
 *
 * What cannot be had, as of a world of more than told_areas (struct rpc_limits), is
 * done without, and is no error. Nothing of it counts as
 * allocated by the call; but its turn gets shorter.
 */
void before_keep_for(struct call *call, struct tenant *viewer);

/**
 * before_take() - the diff is to a state that somebody keeps anyway
 * @world:  outlives the diff; NULL: there was nothing before
 * @number: the process in it, which need not be there
 * @thread: whose cache is compared
 */
void before_take(struct call *call, const struct world *world, uint32_t number,
		 uint32_t thread);

/** before_lend() - likewise, to one of @lender's, which is the call's work between
 * its turns */
void before_lend(struct call *call, const struct world *world,
		 struct call_work *lender);

/** before_end() - forget the state; there need not be one */
void before_end(struct rpc_service *service);

/** before_may_keep() - is the call's world not too large for before_keep()? Else
 * false, with its error set */
bool before_may_keep(struct call *call);

/** before_refuse() - set the error of before_keep() whose memory was refused; false */
bool before_refuse(struct call *call);

/** before_copies() - may the call's world be copied, or has it too many areas?
 * @instead: what to do then, for the hint
 * @param:   to blame, or NULL */
bool before_copies(struct call *call, const char *param, const char *instead);
