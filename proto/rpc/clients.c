/* SPDX-License-Identifier: MIT */
#include "proto/rpc/clients.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_MS  1000000u
#define NS_PER_SEC 1000000000u

/* What a loop may have in hand, as a share of all: see the header. */
#define HAND_SHARE 16

struct client {
	char name[RPC_CLIENT_NAME_MAX];
	uint32_t next; /* in its bucket */
	unsigned owners;
	atomic_uint_fast64_t leased[CLIENT_RESOURCES];
	atomic_uint_fast64_t quota[CLIENT_RESOURCES];
	atomic_uint_fast64_t rate;        /* calls a second; 0: any number */
	atomic_uint_fast64_t connections; /* 0: any number */
	/* When a client that has been at its rate would be at rest again, in
	 * nanoseconds: how far this is ahead says what has been spent. */
	atomic_uint_fast64_t rest;
	atomic_uint_fast64_t has_processes[]; /* a bit an owner */
};

struct rpc_clients {
	unsigned owners;
	uint32_t nr;
	struct client *_Atomic all[RPC_CLIENTS_MAX];
	/* The last client of each hash of names; 0: none, as the anonymous one is
	 * not looked for. For rpc_clients_add() alone. */
	uint32_t buckets[RPC_CLIENTS_MAX];
};

static void set_quotas(struct client *client, const struct rpc_quotas *quotas)
{
	atomic_store(&client->quota[CLIENT_PROCESSES], quotas->processes);
	atomic_store(&client->quota[CLIENT_THREADS], quotas->threads);
	atomic_store(&client->quota[CLIENT_AREAS], quotas->areas);
	atomic_store(&client->quota[CLIENT_BYTES], quotas->bytes);
	atomic_store(&client->rate, quotas->rate);
	atomic_store(&client->connections, quotas->connections);
}

/* FNV-1a. Names are the operator's: nobody chooses them to collide. */
static uint32_t bucket_of(const char *name)
{
	uint32_t hash = 2166136261u;

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619u;
	return (hash ^ hash >> 16) % RPC_CLIENTS_MAX;
}

static bool append(struct rpc_clients *clients, const char *name,
		   const struct rpc_quotas *quotas)
{
	const size_t words = (clients->owners + 63) / 64;
	struct client *client;

	if (clients->nr == RPC_CLIENTS_MAX)
		return false;
	client = calloc(1, sizeof(*client) +
				   words * sizeof(client->has_processes[0]));
	if (!client)
		return false;
	strncpy(client->name, name, sizeof(client->name) - 1);
	client->owners = clients->owners;
	set_quotas(client, quotas);
	atomic_store_explicit(&clients->all[clients->nr++], client,
			      memory_order_release);
	return true;
}

struct rpc_clients *rpc_clients_new(const struct rpc_quotas *anonymous,
				    unsigned owners)
{
	/* The table's pages are untouched, so they cost nothing yet. */
	struct rpc_clients *clients = calloc(1, sizeof(*clients));

	if (!clients)
		return NULL;
	clients->owners = owners;
	if (append(clients, "", anonymous))
		return clients;
	free(clients);
	return NULL;
}

void rpc_clients_free(struct rpc_clients *clients)
{
	uint32_t i;

	if (!clients)
		return;
	for (i = 0; i < clients->nr; i++)
		free(clients_at(clients, i));
	free(clients);
}

bool rpc_clients_add(struct rpc_clients *clients, const char *name,
		     const struct rpc_quotas *quotas, uint32_t *numberp)
{
	uint32_t *bucket = &clients->buckets[bucket_of(name)];
	uint32_t i;

	for (i = *bucket; i; i = clients_at(clients, i)->next) {
		struct client *client = clients_at(clients, i);

		if (strcmp(client->name, name) != 0)
			continue;
		set_quotas(client, quotas);
		*numberp = i;
		return true;
	}
	*numberp = clients->nr;
	if (!append(clients, name, quotas))
		return false;
	clients_at(clients, *numberp)->next = *bucket;
	*bucket = *numberp;
	return true;
}

const char *rpc_clients_name(const struct rpc_clients *clients, uint32_t number)
{
	return clients_at(clients, number)->name;
}

uint64_t rpc_clients_connections(const struct rpc_clients *clients,
				 uint32_t number)
{
	return atomic_load(&clients_at(clients, number)->connections);
}

struct client *clients_at(const struct rpc_clients *clients, uint32_t number)
{
	return atomic_load_explicit(&clients->all[number],
				    memory_order_acquire);
}

uint64_t client_lease(struct client *client, enum client_resource which,
		      uint64_t wanted, uint64_t hand)
{
	uint_fast64_t leased = atomic_load(&client->leased[which]);
	uint64_t quota, left, share, extra;

	do {
		quota = atomic_load(&client->quota[which]);
		left = leased < quota ? quota - leased : 0;
		if (wanted > left)
			return 0;
		share = (left - wanted) / HAND_SHARE / client->owners;
		extra = hand < share ? hand : share;
	} while (!atomic_compare_exchange_weak(&client->leased[which], &leased,
					       leased + wanted + extra));
	return wanted + extra;
}

void client_return(struct client *client, enum client_resource which,
		   uint64_t amount)
{
	atomic_fetch_sub(&client->leased[which], amount);
}

uint64_t client_leased(const struct client *client, enum client_resource which)
{
	return atomic_load(&client->leased[which]);
}

uint64_t client_quota(const struct client *client, enum client_resource which)
{
	return atomic_load(&client->quota[which]);
}

bool client_is_timed(const struct client *client)
{
	return atomic_load_explicit(&client->rate, memory_order_relaxed);
}

uint64_t client_spend(struct client *client, uint64_t calls, uint64_t burst,
		      uint64_t now)
{
	const uint64_t rate = atomic_load(&client->rate);
	uint_fast64_t rest = atomic_load(&client->rest);
	uint64_t each, ahead, most, next;

	if (!rate)
		return 0;
	each = NS_PER_SEC / rate ? NS_PER_SEC / rate : 1;
	most = each * (burst > rate ? burst : rate);
	now *= NS_PER_MS;
	do {
		/* A clock that is behind another loop's sees more spent. */
		ahead = rest > now ? rest - now : 0;
		next = ahead + calls * each;
		if (calls * each > most)
			return most / NS_PER_MS + 1;
		if (next > most)
			return (next - most) / NS_PER_MS + 1;
	} while (!atomic_compare_exchange_weak(&client->rest, &rest,
					       now + next));
	return 0;
}

void client_mark_owner(struct client *client, unsigned owner, bool has)
{
	const uint_fast64_t bit = 1ULL << owner % 64;

	if (has)
		atomic_fetch_or(&client->has_processes[owner / 64], bit);
	else
		atomic_fetch_and(&client->has_processes[owner / 64], ~bit);
}

unsigned client_next_owner(const struct client *client, unsigned owner,
			   unsigned owners)
{
	for (; owner < owners; owner++)
		if (atomic_load(&client->has_processes[owner / 64]) >>
			    owner % 64 &
		    1)
			break;
	return owner;
}
