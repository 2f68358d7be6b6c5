/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside proto/rpc: worlds that are kept still
 *
 * A call that reads much of a world, or makes it anew, does so in several turns
 * of its loop, and the world must not change between them. So the call keeps it
 * still. Meanwhile calls that only look go on as ever; a call that would change
 * the world, or end one of its names, waits without having begun, and its job
 * with it. Nobody else waits for them.
 *
 * Whoever must wait stands in one of the world's two lines: that of its owner,
 * who came by a process's own name, or that of guests, who came by a share and
 * can only look. The first of each goes when nobody is in its way:
 *
 *	wishes to                goes when
 *	look, in one turn        at once; it never stands in line
 *	keep it still            nobody keeps it who will change it
 *	change it                nobody keeps it still
 *	keep it still, a guest   no other guest keeps it, nor anybody who will
 *	                         change it
 *
 * The lines take turns: while both wait, a guest goes after the owner and the
 * owner after a guest, and who comes later is behind whoever waits in the same
 * line. So the owner waits for one guest's call at most, however many guests there
 * are; what guests lack by reading one after the other they did not have, as one
 * thread serves them all; and no stream of calls of one kind keeps another away.
 *
 * The owner's line is in the order of coming. Guests take turns by client: each
 * has a place in a round, its second call one in the next round, and so on, and
 * who comes begins in the round behind the one that is under way. Whoever has a
 * hundred calls in line is before nobody by more than one. Guests without a token
 * cannot be told apart, and are one client each: a connection has one job.
 *
 *	goes           waits
 *	bob            eve bob nobody nobody | bob | bob      <- eve's next
 *	round 7        8                       9     10          9, behind bob's
 *
 * A call keeps one world at most and waits in one line at most, never in that of
 * the world that it keeps; a job has one call under way: nobody waits in a circle.
 *
 * A world does not expire while it is kept still. Whoever keeps it, and its
 * lines, are owners of it (world_share()).
 */
#include <stdbool.h>
#include <stdint.h>

struct rpc_service;
struct still;
struct world;

enum still_wish {
	STILL_KEEP,   /* of the owner, to look */
	STILL_CHANGE, /* of the owner; nobody else keeps it then */
	STILL_VISIT,  /* of a guest, to look */
};

/* A job's place in a line; all zeroes: it stands in none. It does not move while
 * it is in one. */
struct still_place {
	struct still *line;
	struct still_place *next;
	enum still_wish wish;
	uint32_t client; /* of a guest; 0: one that shows no token */
	uint64_t round;  /* likewise */
};

/**
 * still_enter() - may a call of the owner begin with what it wishes?
 * @place: of its job; in the line from now on, unless it may
 * @wish:  not STILL_VISIT
 *
 * Return: true, and it stands in no line; or false: ask again when still_is_due().
 * Cost:   O(1).
 */
bool still_enter(struct rpc_service *service, struct world *world,
		 struct still_place *place, enum still_wish wish);

/** still_visit() - may a guest's call keep the world still? As still_enter().
 * Cost: O(1), and O(the guests in line) to join them */
bool still_visit(struct rpc_service *service, struct world *world,
		 struct still_place *place, uint32_t client);

/** still_is_due() - may who stands in a line go on now? O(1) */
bool still_is_due(const struct still_place *place);

/** still_leave_line() - leave the line that it stands in. O(line) */
void still_leave_line(struct rpc_service *service, struct still_place *place);

/** still_leave() - likewise, if it stands in one */
static inline void still_leave(struct rpc_service *service,
			       struct still_place *place)
{
	if (place->line)
		still_leave_line(service, place);
}

/**
 * still_keep() - keep a world still until still_release()
 * @wish: what for
 *
 * After still_enter() or still_visit() with the wish, or of a world that nobody
 * else knows of.
 *
 * Return: false without memory.
 */
bool still_keep(struct world *world, enum still_wish wish);

/** still_release() - let go of a world that was kept with that wish; of its owner's
 * tenant what has ended is settled */
void still_release(struct rpc_service *service, struct world *world,
		   enum still_wish wish);
