/* SPDX-License-Identifier: MIT */
#include "proto/rpc/still.h"

#include <stdlib.h>

#include "proto/rpc/service.h"

/* There is one for each world that is kept still or has a line: its note. */
struct still {
	struct world *world; /* one share of it */
	unsigned keepers;
	bool changes; /* the one keeper will change it */
	struct still_place *first, **end;
};

static struct still *still_of(const struct world *world)
{
	return world_note(world);
}

static struct still *still_get(struct world *world)
{
	struct still *still = still_of(world);

	if (still)
		return still;
	still = calloc(1, sizeof(*still));
	if (!still)
		return NULL;
	still->world = world_share(world);
	still->end = &still->first;
	world_set_note(world, still);
	return still;
}

/* The world's names may have ended before its line has. */
static void end_if_unused(struct rpc_service *service, struct still *still)
{
	struct world *world = still->world;
	struct tenant *tenant;

	if (still->keepers || still->first)
		return;
	tenant = tenant_of(world_memory(world));
	world_set_note(world, NULL);
	free(still);
	service_end_world(service, world);
	tenants_settle(&service->tenants, tenant);
}

/* ----------------------------------------------------------------- line */

static bool may_go(const struct still *still, enum still_wish wish)
{
	if (wish == STILL_CHANGE)
		return !still->keepers;
	return !still->changes;
}

bool still_is_due(const struct still_place *place)
{
	const struct still *line = place->line;

	return line->first == place && may_go(line, place->wish);
}

static void join(struct still *line, struct still_place *place,
		 enum still_wish wish)
{
	*place = (struct still_place){ .line = line, .wish = wish };
	*line->end = place;
	line->end = &place->next;
}

void still_leave_line(struct rpc_service *service, struct still_place *place)
{
	struct still *line = place->line;
	struct still_place **link;

	for (link = &line->first; *link != place; link = &(*link)->next)
		;
	*link = place->next;
	if (!place->next)
		line->end = link;
	*place = (struct still_place){ .line = NULL };
	end_if_unused(service, line);
}

bool still_enter(struct rpc_service *service, struct world *world,
		 struct still_place *place, enum still_wish wish)
{
	struct still *still = still_of(world);

	/* What the job's call is about may have another name's world by now. */
	if (place->line && (place->line != still || place->wish != wish))
		still_leave(service, place);
	still = still_of(world);
	if (!still)
		return true;
	if (!place->line) {
		if (!still->first && may_go(still, wish))
			return true;
		join(still, place, wish);
		return false;
	}
	if (!still_is_due(place))
		return false;
	still_leave(service, place);
	return true;
}

/* -------------------------------------------------------------- keeping */

bool still_keep(struct world *world, bool changes)
{
	struct still *still = still_get(world);

	if (!still)
		return false;
	still->keepers++;
	still->changes = changes;
	return true;
}

void still_release(struct rpc_service *service, struct world *world)
{
	struct still *still = still_of(world);

	still->keepers--;
	still->changes = false;
	expiry_touch(service, world);
	end_if_unused(service, still);
}
