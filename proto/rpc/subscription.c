/* SPDX-License-Identifier: MIT */
/*
 * Who is told: subscriptions from subscribe to their end
 */
#include "proto/rpc/subscription.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/rpc/subscription_types.h"

/* ------------------------------------------------------- its lifetime */

void subscription_table_init(struct subscription_table *table, size_t text_max)
{
	*table = (struct subscription_table){ 0 };
	buffer_init(&table->text, text_max);
	buffer_init(&table->scratch, text_max);
}

void subscription_table_deinit(struct subscription_table *table)
{
	buffer_deinit(&table->text);
	buffer_deinit(&table->scratch);
	free(table->buckets);
}

bool rpc_subscriber_init(struct rpc_subscriber *subscriber, unsigned owners,
			 unsigned max)
{
	*subscriber = (struct rpc_subscriber){ .max = max };
	atomic_init(&subscriber->live, 0);
	subscriber->lists = calloc(owners, sizeof(*subscriber->lists));
	return subscriber->lists;
}

void rpc_subscriber_deinit(struct rpc_subscriber *subscriber)
{
	free(subscriber->lists);
}

void subscription_free(struct rpc_service *service, struct subscription *sub)
{
	struct rpc_subscriber *subscriber = sub->subscriber;

	*sub->to_this = sub->next;
	if (sub->next)
		sub->next->to_this = sub->to_this;
	*sub->to_this_sibling = sub->sibling;
	if (sub->sibling)
		sub->sibling->to_this_sibling = sub->to_this_sibling;
	service->subscriptions.nr--;
	service->subscriptions.nr_diffs -= subscription_wants_diff(sub);
	memory_free(&tenants_find(&service->tenants, sub->client)->memory, sub,
		    sizeof(*sub));
	atomic_fetch_sub(&subscriber->live, 1);
}

void rpc_subscriber_gone(struct rpc_service *service,
			 struct rpc_subscriber *subscriber)
{
	while (*subscription_list(service, subscriber))
		subscription_free(service,
				  *subscription_list(service, subscriber));
}

static bool has_buckets(struct call *call)
{
	struct subscription_table *table = &call->service->subscriptions;

	if (!table->buckets)
		table->buckets =
			calloc(SUBSCRIPTION_BUCKETS, sizeof(*table->buckets));
	if (!table->buckets)
		call->tenant->memory.refusal = REFUSAL_HOST_MEMORY;
	return table->buckets;
}

/* Those of a world. */
struct watchers {
	unsigned nr, nr_guests;
};

/* Where one for @call goes: behind those that are told the same, so that it is
 * written once for all of them. *watchers: out, how many its world has. */
static struct subscription **find_place(const struct call *call,
					struct watchers *watchers)
{
	struct subscription **place =
		subscription_bucket(&call->service->subscriptions, call->world);
	struct subscription *sub;

	*watchers = (struct watchers){ 0 };
	for (sub = *place; sub; sub = sub->next) {
		if (sub->world != call->world)
			continue;
		watchers->nr++;
		watchers->nr_guests += sub->is_guests;
		if (sub->want == call->want && sub->number == call->number &&
		    sub->thread == call->thread)
			place = &sub->next;
	}
	return place;
}

/* At @place, as of find_place(). */
static struct subscription *subscription_new(struct call *call,
					     struct subscription **place)
{
	struct rpc_service *service = call->service;
	struct subscription_table *table = &service->subscriptions;
	struct rpc_subscriber *subscriber = call->subscriber;
	struct subscription **list = subscription_list(service, subscriber);
	struct subscription *sub;

	sub = memory_alloc(&call->tenant->memory, sizeof(*sub));
	if (!sub)
		return NULL;
	*sub = (struct subscription){
		.next = *place,
		.sibling = *list,
		.to_this = place,
		.to_this_sibling = list,
		.subscriber = subscriber,
		.world = call->world,
		.id = ++table->last,
		.slot = call->slot,
		.number = call->number,
		.thread = call->thread,
		.client = call->tenant->number,
		.want = call->want,
		.is_guests = call->is_guest,
	};
	if (sub->next)
		sub->next->to_this = &sub->next;
	if (sub->sibling)
		sub->sibling->to_this_sibling = &sub->sibling;
	*place = *list = sub;
	table->nr++;
	table->nr_diffs += subscription_wants_diff(sub);
	atomic_fetch_add(&subscriber->live, 1);
	return sub;
}

size_t subscription_name(char text[SUBSCRIPTION_NAME_MAX],
			 const struct rpc_service *service, uint64_t id)
{
	return (size_t)snprintf(text, SUBSCRIPTION_NAME_MAX, "%u.%" PRIu64,
				service->owner, id);
}

/* ------------------------------------------------------------- methods */

static bool judge_subscriber(struct call *call)
{
	const struct rpc_subscriber *subscriber = call->subscriber;

	if (!subscriber)
		return error_set(&call->error, ERROR_SUBSCRIPTION_TRANSPORT,
				 NULL,
				 "%s works over WebSocket only, which can "
				 "bring notifications; connect to /rpc with "
				 "Upgrade: websocket",
				 call->method->name);
	if (call->method->run != run_subscribe ||
	    atomic_load(&subscriber->live) < subscriber->max)
		return true;
	return error_set(&call->error, ERROR_QUOTA_SUBSCRIPTIONS, NULL,
			 "the connection has %u subscriptions, and no more may "
			 "be; end one with unsubscribe, or open another "
			 "connection",
			 subscriber->max);
}

/* Guests leave half of them to the owner. */
static bool judge_watchers(struct call *call, const struct watchers *watchers)
{
	const unsigned max = call->service->limits.watchers;

	if (watchers->nr >= max)
		return error_set(&call->error, ERROR_QUOTA_SUBSCRIPTIONS, NULL,
				 "the process and its relatives have %u "
				 "subscriptions, of all connections together, "
				 "and no more may be; one ends with "
				 "unsubscribe or its connection, and those of "
				 "a share with process.unshare",
				 watchers->nr);
	if (call->is_guest && watchers->nr_guests >= (max + 1) / 2)
		return error_set(&call->error, ERROR_QUOTA_SUBSCRIPTIONS, NULL,
				 "shares of the process and its relatives have "
				 "%u subscriptions, of all connections "
				 "together, and no more may be; one ends with "
				 "unsubscribe or its connection",
				 watchers->nr_guests);
	return true;
}

bool run_subscribe(struct call *call)
{
	struct rpc_service *service = call->service;
	struct json_writer *w = &call->w;
	struct subscription **place;
	char name[SUBSCRIPTION_NAME_MAX];
	struct watchers watchers;
	size_t len;

	if (!judge_subscriber(call))
		return false;
	if (call->want & 1u << PART_STEPS)
		return error_set(&call->error, ERROR_PARAMS_VALUE, "want",
				 "steps are told to the caller alone; leave "
				 "them out of what is subscribed to");
	if (!process_task(call->process, call->thread))
		return call_status(call, WORLD_THREAD_UNKNOWN);
	if (!has_buckets(call))
		return refusal_error(call, &call->error);
	place = find_place(call, &watchers);
	if (!judge_watchers(call, &watchers))
		return false;
	call->subscription = subscription_new(call, place);
	if (!call->subscription)
		return refusal_error(call, &call->error);
	len = subscription_name(name, service, call->subscription->id);
	json_writer_object(w);
	json_writer_key(w, "subscription");
	json_writer_string(w, name, len);
	json_writer_key(w, "seq");
	json_writer_u64(w, world_seq(call->world));
	write_snapshot(call, NULL);
	write_history(call, false);
	json_writer_object_end(w);
	return true;
}

void subscription_drop(struct call *call)
{
	subscription_free(call->service, call->subscription);
	call->subscription = NULL;
}

/* "OWNER.NUMBER", as put_name() writes it; false: it is no such name. */
static bool read_name(const struct call *call, unsigned *ownerp, uint64_t *idp)
{
	char text[SUBSCRIPTION_NAME_MAX] = "", again[SUBSCRIPTION_NAME_MAX],
	     scratch[SUBSCRIPTION_NAME_MAX];
	const char *name;
	size_t len;

	name = json_string_text(&call->values[UNSUBSCRIBE_NAME].raw, scratch,
				sizeof(scratch), &len);
	if (!name || len >= sizeof(text))
		return false;
	memcpy(text, name, len);
	if (sscanf(text, "%u.%" SCNu64, ownerp, idp) != 2)
		return false;
	snprintf(again, sizeof(again), "%u.%" PRIu64, *ownerp, *idp);
	return !strcmp(text, again) && *ownerp < call->service->owners;
}

bool subscription_is_elsewhere(const struct call *call, unsigned *ownerp)
{
	unsigned owner;
	uint64_t id;

	if (call->method->run != run_unsubscribe || !call->subscriber ||
	    !read_name(call, &owner, &id) || owner == call->service->owner)
		return false;
	*ownerp = owner;
	return true;
}

bool run_unsubscribe(struct call *call)
{
	struct rpc_service *service = call->service;
	struct subscription *sub = NULL;
	struct json_writer *w = &call->w;
	unsigned owner;
	uint64_t id;

	if (!judge_subscriber(call))
		return false;
	if (read_name(call, &owner, &id) && owner == service->owner)
		for (sub = *subscription_list(service, call->subscriber); sub;
		     sub = sub->sibling)
			if (sub->id == id)
				break;
	if (!sub)
		return error_set(&call->error, ERROR_PARAMS_VALUE,
				 "subscription",
				 "this connection has no such subscription; "
				 "those of a process end with it");
	subscription_free(service, sub);
	json_writer_object(w);
	json_writer_object_end(w);
	return true;
}
