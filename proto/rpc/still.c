/* SPDX-License-Identifier: MIT */
#include "proto/rpc/still.h"

#include <stdlib.h>

#include "proto/rpc/service.h"

enum {
	OWNER,
	GUESTS,
	LINES
};

struct line {
	struct still_place *first, **end;
};

/* There is one for each world that is kept still or has a line: its note. */
struct still {
	struct world *world; /* one share of it */
	unsigned keepers;    /* of all wishes */
	bool changes;        /* the one keeper will change it */
	bool has_guest;      /* one of the keepers is a guest */
	bool is_guests_turn; /* who went last was the owner */
	uint64_t round;      /* of the guest that went last */
	struct line lines[LINES];
};

static struct still *still_of(const struct world *world)
{
	return world_note(world);
}

static struct still *still_get(struct world *world)
{
	struct still *still = still_of(world);
	unsigned i;

	if (still)
		return still;
	still = calloc(1, sizeof(*still));
	if (!still)
		return NULL;
	still->world = world_share(world);
	for (i = 0; i < LINES; i++)
		still->lines[i].end = &still->lines[i].first;
	world_set_note(world, still);
	return still;
}

/* The world's names may have ended before its line has. */
static void end_if_unused(struct rpc_service *service, struct still *still)
{
	struct world *world = still->world;
	struct tenant *tenant;

	if (still->keepers || still->lines[OWNER].first ||
	    still->lines[GUESTS].first)
		return;
	tenant = tenant_of(world_memory(world));
	world_set_note(world, NULL);
	free(still);
	service_end_world(service, world);
	tenants_settle(&service->tenants, tenant);
}

/* --------------------------------------------------------------- whose turn */

static struct line *line_of(struct still *still, enum still_wish wish)
{
	return &still->lines[wish == STILL_VISIT ? GUESTS : OWNER];
}

/* Is nobody in its way who keeps it? */
static bool may_keep(const struct still *still, enum still_wish wish)
{
	switch (wish) {
	case STILL_KEEP:
		return !still->changes;
	case STILL_CHANGE:
		return !still->keepers;
	case STILL_VISIT:
		return !still->changes && !still->has_guest;
	}
	__builtin_unreachable();
}

/* May it go, as the first of its line? */
static bool may_go(const struct still *still, enum still_wish wish)
{
	if (!may_keep(still, wish))
		return false;
	if (wish == STILL_VISIT)
		return still->is_guests_turn || !still->lines[OWNER].first;
	/* A guest who cannot go anyway has no turn. */
	return !still->is_guests_turn || !still->lines[GUESTS].first ||
	       !may_keep(still, STILL_VISIT);
}

/* -------------------------------------------------------------------- lines */

/* In which round a guest who comes now has a turn. */
static uint64_t round_of(const struct still *still, uint32_t client)
{
	const struct still_place *at = still->lines[GUESTS].first;
	uint64_t round = still->round + 1;

	for (; at && client; at = at->next)
		if (at->client == client)
			round = at->round + 1;
	return round;
}

/* Where it is linked: behind those of its round, or of the owner's line. */
static struct still_place **link_of(struct still *still,
				    const struct still_place *place)
{
	struct still_place **link = still->lines[OWNER].end;

	if (place->wish != STILL_VISIT)
		return link;
	link = &still->lines[GUESTS].first;
	while (*link && (*link)->round <= place->round)
		link = &(*link)->next;
	return link;
}

static void join(struct still *still, struct still_place *place)
{
	struct line *line = line_of(still, place->wish);
	struct still_place **link;

	place->line = still;
	place->round = round_of(still, place->client);
	link = link_of(still, place);
	place->next = *link;
	*link = place;
	if (!place->next)
		line->end = &place->next;
}

void still_leave_line(struct rpc_service *service, struct still_place *place)
{
	struct still *still = place->line;
	struct line *line = line_of(still, place->wish);
	struct still_place **link;

	for (link = &line->first; *link != place; link = &(*link)->next)
		;
	*link = place->next;
	if (!place->next)
		line->end = link;
	*place = (struct still_place){ .line = NULL };
	end_if_unused(service, still);
}

bool still_is_due(const struct still_place *place)
{
	return line_of(place->line, place->wish)->first == place &&
	       may_go(place->line, place->wish);
}

static void go(struct rpc_service *service, struct still_place *place)
{
	struct still *still = place->line;

	still->is_guests_turn = place->wish != STILL_VISIT;
	if (place->wish == STILL_VISIT)
		still->round = place->round;
	still_leave_line(service, place);
}

static bool enter(struct rpc_service *service, struct world *world,
		  struct still_place *place, enum still_wish wish,
		  uint32_t client)
{
	struct still *still = still_of(world);

	/* What the job's call is about may have another name's world by now. */
	if (place->line && (place->line != still || place->wish != wish))
		still_leave(service, place);
	still = still_of(world);
	if (!still)
		return true;
	if (!place->line) {
		place->wish = wish;
		place->client = client;
		join(still, place);
	}
	if (!still_is_due(place))
		return false;
	go(service, place);
	return true;
}

bool still_enter(struct rpc_service *service, struct world *world,
		 struct still_place *place, enum still_wish wish)
{
	return enter(service, world, place, wish, 0);
}

bool still_visit(struct rpc_service *service, struct world *world,
		 struct still_place *place, uint32_t client)
{
	return enter(service, world, place, STILL_VISIT, client);
}

/* ------------------------------------------------------------------ keeping */

bool still_keep(struct world *world, enum still_wish wish)
{
	struct still *still = still_get(world);

	if (!still)
		return false;
	still->keepers++;
	still->changes |= wish == STILL_CHANGE;
	still->has_guest |= wish == STILL_VISIT;
	still->is_guests_turn = wish != STILL_VISIT;
	return true;
}

void still_release(struct rpc_service *service, struct world *world,
		   enum still_wish wish)
{
	struct still *still = still_of(world);

	still->keepers--;
	if (wish == STILL_CHANGE)
		still->changes = false;
	if (wish == STILL_VISIT)
		still->has_guest = false;
	expiry_touch(service, world);
	end_if_unused(service, still);
}
