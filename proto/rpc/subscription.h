/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Who is told what happens to which process
 *
 * A subscription lives in the service of the loop that owns its process, in two
 * lists: by its world, where operations look for it, and in its subscriber's
 * own list for that loop. It ends with the process, with unsubscribe, or with
 * the subscriber.
 *
 * What is told of an operation is written once for all subscriptions that want
 * the same, in memory that they share. A subscriber that has no room is told
 * nothing until it has: then one notification says how many operations it
 * missed and shows the state as it is.
 */
#include <stdbool.h>
#include <stdint.h>

#include "proto/json/buffer.h"

struct call;
struct operation;
struct outcome;
struct rpc_service;
struct subscription;
struct tenant;
struct world;

struct subscription_table {
	struct subscription **buckets; /* by world; NULL: there never was one */
	uint32_t nr;
	uint32_t nr_diffs;  /* that want what differs */
	uint64_t last;      /* number of the newest */
	uint64_t missed;    /* operations, by all there were */
	struct buffer text; /* of the notification in work */
	struct buffer scratch;
};

/** subscription_table_init() - empty; @text_max bounds a notification */
void subscription_table_init(struct subscription_table *table, size_t text_max);

/** subscription_table_deinit() - free it; all subscriptions have ended */
void subscription_table_deinit(struct subscription_table *table);

/**
 * subscriptions_viewer() - who wants to see what an operation changes
 * @op: of the call's world; has not been carried out
 *
 * Return: whose client pays for the state before it, which before_keep_for() keeps
 *         for subscriptions_tell(); NULL: nobody, or nobody has room. Where it is
 *         not kept, what differs is left out.
 */
struct tenant *subscriptions_viewer(const struct call *call,
				    const struct operation *op);

/**
 * subscriptions_tell() - tell of an operation that has been carried out
 *
 * To be called while there are subscriptions. Subscriptions of the process end
 * if it has; the others hear of it if they share its mm, or if a file of the
 * world was truncated, which may take pages from them.
 *
 * Cost: O(subscriptions of the world), and a snapshot for each set of parts
 *       that somebody with room wants.
 */
void subscriptions_tell(struct call *call, const struct operation *op,
			const struct outcome *outcome);

/** subscriptions_tell_rewind() - tell all subscriptions of the call's world that
 * it has been rewound, and the state as it is */
void subscriptions_tell_rewind(struct call *call);

/** subscriptions_tell_script() - tell all subscriptions of the call's world that
 * a script has carried out @operations of them, and the state as it is */
void subscriptions_tell_script(struct call *call, uint64_t operations);

/** subscriptions_end() - the name in that slot is about to go: say so to those
 * who subscribed to it */
void subscriptions_end(struct rpc_service *service, uint32_t slot);

/** subscriptions_end_all() - likewise, of all names of a world, in one go: many
 * names need not look for theirs one by one */
void subscriptions_end_all(struct rpc_service *service,
			   const struct world *world);

/** subscription_drop() - end the one that the call has made, in silence */
void subscription_drop(struct call *call);

/** subscription_is_elsewhere() - is the call an unsubscribe for another loop,
 * *ownerp? */
bool subscription_is_elsewhere(const struct call *call, unsigned *ownerp);
