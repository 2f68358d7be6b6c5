/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Clients: who owns what, over all loops together
 *
 * A client is whoever holds a token of its name, or number 0: the anonymous
 * one. Its number stays the same for the server's life, whatever becomes of its
 * tokens, so its processes stay its own.
 *
 * What a client may own is kept here, in atomics that the services of all loops
 * share. A service leases from it what its worlds of that client need, and gives
 * back what they no longer do (proto/rpc/tenants.h): processes and threads one
 * by one, areas and bytes with a little in hand. So no more is ever owned than
 * the quota says; but while several loops have some in hand, up to an eighth of
 * the areas and bytes may be out of reach.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What one client may own at most, and do. */
struct rpc_quotas {
	uint64_t processes, threads, areas, bytes;
	uint64_t rate;        /* calls a second; 0: any number */
	uint64_t connections; /* likewise; counted by the server, not here */
};

enum client_resource {
	CLIENT_PROCESSES,
	CLIENT_THREADS,
	CLIENT_AREAS,
	CLIENT_BYTES,
	CLIENT_RESOURCES
};

enum {
	RPC_CLIENTS_MAX = 1 << 16, /* a number has 16 bits in process_slot */
	RPC_CLIENT_NAME_MAX = 64
};

struct rpc_clients;

/**
 * rpc_clients_new() - the anonymous client alone
 * @anonymous: its quotas; copied
 * @owners:    how many services will lease
 *
 * Return: to be released with rpc_clients_free() after the last service; NULL
 *         without memory.
 */
struct rpc_clients *rpc_clients_new(const struct rpc_quotas *anonymous,
				    unsigned owners);
void rpc_clients_free(struct rpc_clients *clients);

/**
 * rpc_clients_add() - the number of the client of that name, made if need be
 * @name:    up to RPC_CLIENT_NAME_MAX - 1 bytes
 * @quotas:  hold from now on; whoever owns more keeps it, but gets no more
 * @numberp: out
 *
 * One thread at a time; the services may use all others meanwhile.
 *
 * Return: false if there are RPC_CLIENTS_MAX or the host has no memory.
 * Cost:   O(1) for names that nobody chose to be slow.
 */
bool rpc_clients_add(struct rpc_clients *clients, const char *name,
		     const struct rpc_quotas *quotas, uint32_t *numberp);

/** rpc_clients_name() - of a client that has been told of, "" for the anonymous
 * one; it stays as long as the clients do. From any thread */
const char *rpc_clients_name(const struct rpc_clients *clients,
			     uint32_t number);

/** rpc_clients_connections() - how many it may have; 0: any number. From any
 * thread */
uint64_t rpc_clients_connections(const struct rpc_clients *clients,
				 uint32_t number);

/* What follows is for services, on any thread. */

struct client;

/** clients_at() - the client of that number, which has been added */
struct client *clients_at(const struct rpc_clients *clients, uint32_t number);

/**
 * client_lease() - take from what the client may still own
 * @wanted: at least this, or nothing
 * @hand:   at most this much beside it, less when little is left
 *
 * Return: how much was leased; 0: too little is left.
 */
uint64_t client_lease(struct client *client, enum client_resource which,
		      uint64_t wanted, uint64_t hand);

/** client_return() - give back what was leased */
void client_return(struct client *client, enum client_resource which,
		   uint64_t amount);

/** client_leased(), client_quota() - what all services have, and may have */
uint64_t client_leased(const struct client *client, enum client_resource which);
uint64_t client_quota(const struct client *client, enum client_resource which);

/** client_is_timed() - does the client have a quota of calls a second? */
bool client_is_timed(const struct client *client);

/**
 * client_spend() - let @calls calls pass, or none
 * @burst: that many may come at once, if the client was quiet before; a second's
 *         worth if that is more
 * @now:   milliseconds since any start, the same for all services
 *
 * Return: 0, or in how many milliseconds as many would pass. More than the burst
 *         never do: the answer is then how long the burst takes.
 */
uint64_t client_spend(struct client *client, uint64_t calls, uint64_t burst,
		      uint64_t now);

/** client_mark_owner() - say that @owner has processes of the client, or none */
void client_mark_owner(struct client *client, unsigned owner, bool has);

/** client_next_owner() - the first from @owner on that may have processes of the
 * client, or @owners */
unsigned client_next_owner(const struct client *client, unsigned owner,
			   unsigned owners);
