/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The notifications on their way to one WebSocket
 *
 * Any loop may put some in; the connection's loop takes them out as its client
 * reads. What waits is bounded, in number and in bytes: beyond that feed_has_room()
 * says no, and when there is room again, all loops are asked to tell what was
 * missed. A feed outlives its connection until all loops have forgotten it.
 *
 *	loop of a process          the connection's loop
 *	feed_notify() --- queue ---> feed_take()
 *	      ^                          |
 *	      +--- errand: catch up <----+ (was full, and has room)
 *	      +--- errand: gone     <---- feed_close()
 */
#include <pthread.h>
#include <stdbool.h>
#include "proto/rpc/rpc.h"
#include "server/loop.h"

struct conn;

/* A notification: a head of its own, and what several may share. */
struct feed_item {
	struct feed_item *next;
	struct rpc_note *note;
	size_t head_len;
	char head[];
};

struct feed {
	struct rpc_subscriber subscriber;
	struct loop *loop;   /* the connection's */
	struct share *share; /* its client's, there */

	/* of that loop alone */
	struct conn *conn; /* NULL: it has gone */
	struct task errand;
	bool errand_out;

	unsigned at;  /* where the errand is */
	bool is_last; /* it says that the subscriber has gone */

	pthread_mutex_t lock; /* of what follows */
	struct feed_item *first, *last;
	size_t bytes;
	unsigned items;
	struct task deliver; /* to the connection's loop */
	bool deliver_out;
	bool starved; /* somebody found no room in it */
	bool waits;   /* or none in the server; feed_take() looks again */
	bool used;    /* somebody put something in */
};

/** feed_new() - an empty feed for @conn, to be ended with feed_close(); NULL:
 * no memory */
struct feed *feed_new(struct conn *conn);

/** feed_close() - the connection has gone, without a job out */
void feed_close(struct feed *feed);

/** feed_take() - the next notification, to be freed with feed_item_free();
 * NULL: there is none. To be called now and then, as nobody says when the server
 * has room again */
struct feed_item *feed_take(struct feed *feed);

/** feed_item_free() - let go of what feed_take() returned */
void feed_item_free(struct feed_item *item);

/** feed_has_room() - rpc_host.has_room; @ctx is the loop that asks */
bool feed_has_room(void *ctx, struct rpc_subscriber *to);

/** feed_notify() - rpc_host.notify; @ctx is the loop that tells */
bool feed_notify(void *ctx, struct rpc_subscriber *to, const char *head,
		 size_t head_len, struct rpc_note *note, bool at_last);
