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
 * Whoever must wait stands in the world's line, in the order of coming, and goes
 * when it is the first there and nobody is in its way:
 *
 *	wishes to              goes when
 *	look, in one turn      at once; it never stands in line
 *	keep it still          nobody keeps it who will change it
 *	change it              nobody keeps it still
 *
 * While anybody stands in line, those who come later join it, readers too: so
 * each waits for those before it at most, and no stream of readers keeps a change
 * away. A call keeps one world at most and waits in one line at most, never in
 * that of the world that it keeps; a job has one call under way: nobody waits in
 * a circle.
 *
 * A world does not expire while it is kept still. Whoever keeps it, and its
 * line, are owners of it (world_share()).
 */
#include <stdbool.h>

struct rpc_service;
struct still;
struct world;

enum still_wish {
	STILL_KEEP,
	STILL_CHANGE
};

/* A job's place in a line; all zeroes: it stands in none. It does not move while
 * it is in one. */
struct still_place {
	struct still *line;
	struct still_place *next;
	enum still_wish wish;
};

/**
 * still_enter() - may a call begin with what it wishes?
 * @place: of its job; in the line from now on, unless it may
 *
 * Return: true, and it stands in no line; or false: ask again when still_is_due().
 * Cost:   O(1).
 */
bool still_enter(struct rpc_service *service, struct world *world,
		 struct still_place *place, enum still_wish wish);

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
 * @changes: whoever keeps it will change it at last; nobody else keeps it then
 *
 * After still_enter() with the wish, or of a world that nobody else knows of.
 *
 * Return: false without memory.
 */
bool still_keep(struct world *world, bool changes);

/** still_release() - let go of a world that was kept; of its owner's tenant what
 * has ended is settled */
void still_release(struct rpc_service *service, struct world *world);
