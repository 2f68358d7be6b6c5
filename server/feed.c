/* SPDX-License-Identifier: MIT */
#include "server/feed.h"

#include <stdlib.h>
#include <string.h>
#include "server/conn_private.h"
#include "server/options.h"
#include "server/server.h"

static struct feed *feed_of(struct rpc_subscriber *subscriber)
{
	return (struct feed *)((char *)subscriber -
			       offsetof(struct feed, subscriber));
}

static size_t size_of(const struct feed_item *item)
{
	return sizeof(*item) + item->head_len + item->note->len;
}

static void count(struct feed *feed, size_t bytes)
{
	atomic_fetch_add(&feed->loop->server->queued, bytes);
	atomic_fetch_add(&feed->share->queued, bytes);
}

void feed_item_free(struct feed_item *item)
{
	rpc_note_put(item->note);
	free(item);
}

struct feed *feed_new(struct conn *conn)
{
	const struct server *server = conn->loop->server;
	struct feed *feed = calloc(1, sizeof(*feed));

	if (!feed)
		return NULL;
	if (!rpc_subscriber_init(&feed->subscriber, server->loops_len,
				 server->options->subscriptions)) {
		free(feed);
		return NULL;
	}
	feed->loop = conn->loop;
	feed->conn = conn;
	feed->share = conn->share;
	feed->errand.client = feed->deliver.client = conn->caller.client;
	pthread_mutex_init(&feed->lock, NULL);
	server_hold(conn->loop->server);
	return feed;
}

static void feed_free(struct feed *feed)
{
	struct server *server = feed->loop->server;

	while (feed->first) {
		struct feed_item *item = feed->first;

		feed->first = item->next;
		count(feed, -size_of(item));
		feed_item_free(item);
	}
	pthread_mutex_destroy(&feed->lock);
	rpc_subscriber_deinit(&feed->subscriber);
	free(feed);
	server_release(server);
}

/* -------------------------------------------------------------- errands */

static void begin_errand(struct feed *feed, bool is_last);

/* Deliveries were posted before the last errand passed by the loop that posted
 * them, so none is out any more. */
static void on_errand_home(struct loop *loop, struct task *task)
{
	struct feed *feed =
		(struct feed *)((char *)task - offsetof(struct feed, errand));

	(void)loop;
	feed->errand_out = false;
	if (feed->is_last)
		feed_free(feed);
	else if (!feed->conn)
		begin_errand(feed, true);
	else
		conn_wake(feed->conn); /* it may have starved meanwhile */
}

static void on_errand(struct loop *loop, struct task *task)
{
	struct feed *feed =
		(struct feed *)((char *)task - offsetof(struct feed, errand));
	struct server *server = loop->server;

	if (feed->is_last)
		rpc_subscriber_gone(loop->service, &feed->subscriber);
	else
		rpc_subscriber_catch_up(loop->service, &feed->subscriber);
	if (++feed->at < server->loops_len) {
		loop_post(&server->loops[feed->at], task);
		return;
	}
	task->run = on_errand_home;
	loop_post(feed->loop, task);
}

static void begin_errand(struct feed *feed, bool is_last)
{
	feed->errand_out = true;
	feed->is_last = is_last;
	feed->at = 0;
	feed->errand.run = on_errand;
	loop_post(&feed->loop->server->loops[0], &feed->errand);
}

void feed_close(struct feed *feed)
{
	bool used;

	feed->conn = NULL;
	if (feed->errand_out)
		return;
	pthread_mutex_lock(&feed->lock);
	used = feed->used;
	pthread_mutex_unlock(&feed->lock);
	if (used || atomic_load(&feed->subscriber.live))
		begin_errand(feed, true);
	else
		feed_free(feed);
}

/* --------------------------------------------------------- in and out */

/* All notifications that wait take too much, or those of this client. */
static bool has_no_room(const struct feed *feed, const struct options *options)
{
	const size_t all = atomic_load(&feed->loop->server->queued);

	return all > options->pending_bytes ||
	       (options->tokens && share_is_too_large(feed->share->queued, all,
						      options->pending_bytes));
}

struct feed_item *feed_take(struct feed *feed)
{
	struct feed_item *item;
	bool was_starved;

	pthread_mutex_lock(&feed->lock);
	item = feed->first;
	if (item) {
		feed->first = item->next;
		feed->bytes -= size_of(item);
		feed->items--;
		count(feed, -size_of(item));
	}
	if (feed->waits && !has_no_room(feed, feed->loop->server->options)) {
		feed->waits = false;
		feed->starved = true;
	}
	was_starved = !feed->first && feed->starved && !feed->errand_out;
	if (was_starved)
		feed->starved = false;
	pthread_mutex_unlock(&feed->lock);
	if (was_starved)
		begin_errand(feed, false);
	return item;
}

bool feed_has_room(void *ctx, struct rpc_subscriber *to)
{
	const struct loop *loop = ctx;
	const struct options *options = loop->server->options;
	struct feed *feed = feed_of(to);
	const bool is_full = has_no_room(feed, options);
	bool room;

	pthread_mutex_lock(&feed->lock);
	room = feed->items < options->events &&
	       feed->bytes < options->event_bytes;
	if (!room)
		feed->starved = true;
	else if (is_full)
		feed->waits = true;
	pthread_mutex_unlock(&feed->lock);
	return room && !is_full;
}

static void on_deliver(struct loop *loop, struct task *task)
{
	struct feed *feed =
		(struct feed *)((char *)task - offsetof(struct feed, deliver));

	(void)loop;
	pthread_mutex_lock(&feed->lock);
	feed->deliver_out = false;
	pthread_mutex_unlock(&feed->lock);
	if (feed->conn)
		conn_wake(feed->conn);
}

static struct feed_item *item_new(const char *head, size_t head_len,
				  struct rpc_note *note)
{
	struct feed_item *item = malloc(sizeof(*item) + head_len);

	if (!item)
		return NULL;
	atomic_fetch_add(&note->holders, 1);
	item->next = NULL;
	item->note = note;
	item->head_len = head_len;
	memcpy(item->head, head, head_len);
	return item;
}

/* With the lock held: is there a delivery to be posted? */
static bool put(struct feed *feed, struct feed_item *item)
{
	bool was_out = feed->deliver_out;

	feed->used = true;
	feed->deliver_out = true;
	if (!item) {
		feed->starved = true;
		return !was_out;
	}
	if (feed->first)
		feed->last->next = item;
	else
		feed->first = item;
	feed->last = item;
	feed->bytes += size_of(item);
	count(feed, size_of(item));
	feed->items++;
	return !was_out;
}

bool feed_notify(void *ctx, struct rpc_subscriber *to, const char *head,
		 size_t head_len, struct rpc_note *note, bool at_last)
{
	struct feed_item *item = item_new(head, head_len, note);
	struct feed *feed = feed_of(to);
	struct loop *loop = ctx;
	bool is_to_deliver;

	(void)at_last; /* what ends a subscription is small, and one for each */
	pthread_mutex_lock(&feed->lock);
	is_to_deliver = put(feed, item);
	if (is_to_deliver)
		feed->deliver.run = on_deliver;
	pthread_mutex_unlock(&feed->lock);
	if (!is_to_deliver)
		return item;
	if (loop == feed->loop)
		loop_defer(loop, &feed->deliver);
	else
		loop_post(feed->loop, &feed->deliver);
	return item;
}
