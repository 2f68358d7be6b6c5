/* SPDX-License-Identifier: MIT */
#include "server/census.h"

#include <stdlib.h>
#include <string.h>

enum {
	ROOM_FIRST = 16 /* clients, and rings */
};

/* Room for more of them, zeros from @before on; false: no memory. */
static bool extend(void **table, size_t size, size_t before, size_t room)
{
	char *grown = realloc(*table, room * size);

	if (!grown)
		return false;
	memset(grown + before * size, 0, (room - before) * size);
	*table = grown;
	return true;
}

static size_t room_for(size_t before, size_t number)
{
	size_t room = before ? before : ROOM_FIRST;

	while (room <= number)
		room *= 2;
	return room;
}

static bool make_room(struct census *census, uint32_t client)
{
	const size_t before = census->room, room = room_for(before, client);
	void *clients = census->clients, *by_loops = census->by_loops;
	bool made;

	if (room == before)
		return true;
	made = extend(&clients, sizeof(*census->clients), before, room);
	census->clients = clients;
	if (!made)
		return false;
	made = extend(&by_loops, sizeof(*census->by_loops) * census->loops,
		      before, room);
	census->by_loops = by_loops;
	if (!made)
		return false;
	census->room = (uint32_t)room;
	return true;
}

static bool make_ring(struct census *census, unsigned conns)
{
	const size_t before = census->rings_room;
	const size_t room = room_for(before, conns);
	void *rings = census->rings;
	bool made = room == before ||
		    extend(&rings, sizeof(*census->rings), before, room);

	census->rings = rings;
	if (made)
		census->rings_room = (unsigned)room;
	return made;
}

bool census_init(struct census *census, unsigned loops)
{
	*census = (struct census){ .loops = loops };
	pthread_mutex_init(&census->lock, NULL);
	return make_room(census, 0) && make_ring(census, 0);
}

void census_deinit(struct census *census)
{
	free(census->clients);
	free(census->by_loops);
	free(census->rings);
	if (census->loops)
		pthread_mutex_destroy(&census->lock);
}

static void leave_ring(struct census *census, uint32_t number)
{
	struct census_client *clients = census->clients;
	struct census_client *client = &clients[number];
	uint32_t *ring = &census->rings[client->conns];

	if (*ring == number)
		*ring = client->next == number ? 0 : client->next;
	clients[client->prev].next = client->next;
	clients[client->next].prev = client->prev;
}

/* Behind the others. */
static void enter_ring(struct census *census, uint32_t number)
{
	struct census_client *clients = census->clients;
	struct census_client *client = &clients[number];
	uint32_t *ring = &census->rings[client->conns];

	if (!*ring)
		*ring = client->next = client->prev = number;
	client->next = *ring;
	client->prev = clients[*ring].prev;
	clients[client->prev].next = number;
	clients[client->next].prev = number;
}

/* There is a ring of that many. Numbers change by one, so that the next ring is
 * not empty when the last one becomes so. */
static void count(struct census *census, uint32_t number, unsigned conns)
{
	struct census_client *client = &census->clients[number];

	if (number && client->conns)
		leave_ring(census, number);
	client->conns = conns;
	if (number && conns)
		enter_ring(census, number);
	if (number && conns > census->most)
		census->most = conns;
	if (census->most && !census->rings[census->most])
		census->most--;
}

bool census_enter(struct census *census, unsigned loop, uint32_t client,
		  uint64_t most)
{
	bool enters;
	unsigned conns;

	pthread_mutex_lock(&census->lock);
	enters = make_room(census, client);
	conns = enters ? census->clients[client].conns : 0;
	enters = enters && (!most || conns < most) &&
		 (!client || make_ring(census, conns + 1));
	if (enters) {
		count(census, client, conns + 1);
		census->by_loops[client * census->loops + loop]++;
	}
	pthread_mutex_unlock(&census->lock);
	return enters;
}

void census_leave(struct census *census, unsigned loop, uint32_t client)
{
	pthread_mutex_lock(&census->lock);
	count(census, client, census->clients[client].conns - 1);
	census->by_loops[client * census->loops + loop]--;
	pthread_mutex_unlock(&census->lock);
}

unsigned census_largest(struct census *census)
{
	unsigned most;

	pthread_mutex_lock(&census->lock);
	most = census->clients[0].conns;
	if (census->most > most)
		most = census->most;
	pthread_mutex_unlock(&census->lock);
	return most;
}

/* Of the last ring, and of client 0 if it has as many. Those looked at come last
 * the next time. */
static uint32_t choose(struct census *census,
		       uint64_t (*idle_since)(const void *ctx, uint32_t client),
		       const void *ctx)
{
	const bool is_anonymous = census->clients[0].conns == census->most;
	uint32_t *ring = &census->rings[census->most];
	const uint32_t first = *ring;
	uint64_t longest = is_anonymous ? idle_since(ctx, 0) : UINT64_MAX;
	uint32_t chosen = is_anonymous ? 0 : first;
	unsigned enough = CENSUS_ENOUGH, looks;
	uint64_t since;

	for (looks = 0; looks < CENSUS_LOOKS && enough; looks++) {
		since = idle_since(ctx, *ring);
		if (since < longest) {
			longest = since;
			chosen = *ring;
		}
		enough -= since != UINT64_MAX;
		*ring = census->clients[*ring].next;
		if (*ring == first)
			break;
	}
	return chosen;
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
			       uint64_t (*idle_since)(const void *ctx,
						      uint32_t client),
			       const void *ctx)
{
	struct census_most most = { 0 };
	unsigned conns;

	pthread_mutex_lock(&census->lock);
	conns = census->clients[0].conns;
	if (census->most && conns <= census->most && conns <= anonymous)
		most.client = choose(census, idle_since, ctx);
	most.conns = census->clients[most.client].conns;
	most.loop = find_loop(census, most.client);
	pthread_mutex_unlock(&census->lock);
	return most;
}
