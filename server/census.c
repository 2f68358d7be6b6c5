/* SPDX-License-Identifier: MIT */
#include "server/census.h"

#include <stdlib.h>
#include <string.h>

enum {
	ROOM_FIRST = 16
};

/* More counts, which are 0 from @before on; false: no memory. */
static bool extend(unsigned **counts, size_t before, size_t room)
{
	unsigned *grown = realloc(*counts, room * sizeof(unsigned));

	if (!grown)
		return false;
	memset(grown + before, 0, (room - before) * sizeof(unsigned));
	*counts = grown;
	return true;
}

static bool make_room(struct census *census, uint32_t client)
{
	const size_t before = census->room;
	size_t room = before ? before : ROOM_FIRST;

	while (room <= client)
		room *= 2;
	if (room == before)
		return true;
	if (!extend(&census->all, before, room) ||
	    !extend(&census->by_loops, before * census->loops,
		    room * census->loops))
		return false;
	census->room = (uint32_t)room;
	return true;
}

bool census_init(struct census *census, unsigned loops)
{
	*census = (struct census){ .loops = loops };
	pthread_mutex_init(&census->lock, NULL);
	return make_room(census, 0);
}

void census_deinit(struct census *census)
{
	free(census->all);
	free(census->by_loops);
	if (census->loops)
		pthread_mutex_destroy(&census->lock);
}

bool census_enter(struct census *census, unsigned loop, uint32_t client,
		  uint64_t most)
{
	bool enters;

	pthread_mutex_lock(&census->lock);
	enters = make_room(census, client) &&
		 (!most || census->all[client] < most);
	if (enters) {
		census->all[client]++;
		census->by_loops[client * census->loops + loop]++;
	}
	pthread_mutex_unlock(&census->lock);
	return enters;
}

void census_leave(struct census *census, unsigned loop, uint32_t client)
{
	pthread_mutex_lock(&census->lock);
	census->all[client]--;
	census->by_loops[client * census->loops + loop]--;
	pthread_mutex_unlock(&census->lock);
}

static uint32_t find_most(const struct census *census,
			  bool (*is_before)(const void *ctx, uint32_t a,
					    uint32_t b),
			  const void *ctx)
{
	const unsigned *all = census->all;
	uint32_t client, most = 0;

	for (client = 1; client < census->room; client++)
		if (all[client] > all[most] ||
		    (all[client] && all[client] == all[most] &&
		     is_before(ctx, client, most)))
			most = client;
	return most;
}

static unsigned find_loop(const struct census *census, uint32_t client)
{
	const unsigned *counts = census->by_loops + client * census->loops;
	unsigned loop, most = 0;

	for (loop = 1; loop < census->loops; loop++)
		if (counts[loop] > counts[most])
			most = loop;
	return most;
}

struct census_most census_most(struct census *census, unsigned anonymous,
			       bool (*is_before)(const void *ctx, uint32_t a,
						 uint32_t b),
			       const void *ctx)
{
	struct census_most most = { 0 };

	pthread_mutex_lock(&census->lock);
	if (census->all[0] <= anonymous)
		most.client = find_most(census, is_before, ctx);
	most.conns = census->all[most.client];
	most.loop = find_loop(census, most.client);
	pthread_mutex_unlock(&census->lock);
	return most;
}
