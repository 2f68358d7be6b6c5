/* SPDX-License-Identifier: MIT */
#include "proto/rpc/subscription.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/rpc/service.h"
#include "proto/rpc/subscription_event.h"

enum {
	BUCKETS = 4096,
	NAME_MAX = 32,        /* "4095.18446744073709551615" */
	TEXT_KEEP = 64 << 10, /* memory worth keeping */
};

struct subscription {
	struct subscription *next;    /* in its bucket */
	struct subscription *sibling; /* of the same subscriber, in this loop */
	struct rpc_subscriber *subscriber;
	struct world *world;
	uint64_t id;
	uint64_t missed; /* operations, since it was told something */
	uint32_t slot, number, thread;
	uint32_t client; /* who pays: the process's owner, or who has a share */
	unsigned want;
};

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

static struct subscription **bucket_of(struct subscription_table *table,
				       const struct world *world)
{
	uint64_t key = (uint64_t)(uintptr_t)world * 0x9e3779b97f4a7c15ULL;

	return &table->buckets[key >> 52];
}

static struct subscription **list_of(const struct rpc_service *service,
				     const struct rpc_subscriber *subscriber)
{
	return &subscriber->lists[service->owner];
}

static bool wants_diff(const struct subscription *sub)
{
	return sub->want & 1u << PART_DIFF;
}

/* Out of both lists, and gone. */
static void subscription_free(struct rpc_service *service,
			      struct subscription *sub)
{
	struct rpc_subscriber *subscriber = sub->subscriber;
	struct subscription **p;

	for (p = bucket_of(&service->subscriptions, sub->world); *p != sub;)
		p = &(*p)->next;
	*p = sub->next;
	for (p = list_of(service, subscriber); *p != sub;)
		p = &(*p)->sibling;
	*p = sub->sibling;
	service->subscriptions.nr--;
	service->subscriptions.nr_diffs -= wants_diff(sub);
	memory_free(&tenants_find(&service->tenants, sub->client)->memory, sub,
		    sizeof(*sub));
	atomic_fetch_sub(&subscriber->live, 1);
}

void rpc_subscriber_gone(struct rpc_service *service,
			 struct rpc_subscriber *subscriber)
{
	while (*list_of(service, subscriber))
		subscription_free(service, *list_of(service, subscriber));
}

static struct subscription *subscription_new(struct call *call)
{
	struct rpc_service *service = call->service;
	struct subscription_table *table = &service->subscriptions;
	struct rpc_subscriber *subscriber = call->subscriber;
	struct subscription **bucket, **list;
	struct subscription *sub;

	if (!table->buckets)
		table->buckets = calloc(BUCKETS, sizeof(*table->buckets));
	if (!table->buckets) {
		call->tenant->memory.refusal = REFUSAL_HOST_MEMORY;
		return NULL;
	}
	sub = memory_alloc(&call->tenant->memory, sizeof(*sub));
	if (!sub)
		return NULL;
	bucket = bucket_of(table, call->world);
	list = list_of(service, subscriber);
	*sub = (struct subscription){
		.next = *bucket,
		.sibling = *list,
		.subscriber = subscriber,
		.world = call->world,
		.id = ++table->last,
		.slot = call->slot,
		.number = call->number,
		.thread = call->thread,
		.client = call->tenant->number,
		.want = call->want,
	};
	*bucket = *list = sub;
	table->nr++;
	table->nr_diffs += wants_diff(sub);
	atomic_fetch_add(&subscriber->live, 1);
	return sub;
}

/* ------------------------------------------------------- notifications */

void rpc_note_put(struct rpc_note *note)
{
	if (atomic_fetch_sub(&note->holders, 1) == 1)
		free(note);
}

static size_t put_name(char *text, size_t size,
		       const struct rpc_service *service, uint64_t id)
{
	return (size_t)snprintf(text, size, "%u.%" PRIu64, service->owner, id);
}

/* The text so far as a note; NULL: no memory. */
static struct rpc_note *note_of(const struct buffer *text)
{
	struct rpc_note *note;

	if (text->failed)
		return NULL;
	note = malloc(sizeof(*note) + text->len);
	if (!note)
		return NULL;
	atomic_init(&note->holders, 1);
	note->len = text->len;
	memcpy(note->text, text->data, text->len);
	return note;
}

/* Whether it could be told; then it has been told also what it had missed. */
static bool tell(struct rpc_service *service, struct subscription *sub,
		 struct rpc_note *note, bool at_last)
{
	char head[RPC_NOTE_HEAD_MAX], name[NAME_MAX];
	int len;

	put_name(name, sizeof(name), service, sub->id);
	len = snprintf(head, sizeof(head),
		       "{\"jsonrpc\":\"2.0\",\"method\":\"subscription\","
		       "\"params\":{\"subscription\":\"%s\",\"missed\":%" PRIu64
		       ",",
		       name, sub->missed);
	if (!note || !service->host.notify(service->host.ctx, sub->subscriber,
					   head, (size_t)len, note, at_last))
		return false;
	sub->missed = 0;
	return true;
}

static bool has_room(const struct rpc_service *service,
		     const struct subscription *sub)
{
	return service->host.has_room(service->host.ctx, sub->subscriber);
}

/* The state of its process in a world. */
static struct snapshot snapshot_of(struct rpc_service *service,
				   const struct subscription *sub,
				   const struct world *world)
{
	struct process *process = world_process(world, sub->number);

	return (struct snapshot){
		.world = world,
		.process = process,
		.task = process_task(process, sub->thread),
		.scratch = &service->subscriptions.scratch,
	};
}

/* The state of its process, who is alive; after an operation of @op's, whose state
 * before is in service->before, if anybody wants it. */
static void write_state(struct json_writer *w, struct rpc_service *service,
			const struct subscription *sub,
			const struct operation *op,
			const struct outcome *outcome)
{
	const bool calls =
		op && op->process == sub->number && op->thread == sub->thread;
	struct snapshot snapshot = snapshot_of(service, sub, sub->world);
	struct before *before = &service->before;
	struct snapshot earlier;
	unsigned want = sub->want;
	size_t mark;

	/* The cache is a thread's: without it there is none to show. */
	if (!snapshot.task)
		want &= ~(1u << PART_VMACACHE);
	if (op && before->is_set) {
		earlier = snapshot_of(service, sub, before->snapshot.world);
		snapshot.before = &earlier;
		snapshot.lineage = &before->lineage;
	} else {
		want &= ~(1u << PART_DIFF);
	}
	snapshot.outcome = calls ? outcome : NULL;
	if (!sub->want)
		return;
	json_writer_key(w, "snapshot");
	mark = buffer_mark(w->out);
	snapshot_write(w, &snapshot, want);
	if (!w->out->failed && !service->subscriptions.scratch.failed)
		return;
	buffer_rewind(w->out, mark);
	buffer_append_literal(w->out, "null");
}

/* Begins the members behind the head; w is inside two objects. */
static void begin_note(struct subscription_table *table, struct json_writer *w)
{
	buffer_reset(&table->text, TEXT_KEEP);
	buffer_reset(&table->scratch, TEXT_KEEP);
	json_writer_init(w, &table->text);
	json_writer_object(w);
}

/* The opening brace is in the head already. */
static struct rpc_note *end_note(struct subscription_table *table,
				 struct json_writer *w)
{
	struct buffer body = table->text;

	json_writer_object_end(w);
	buffer_append_byte(&table->text, '}');
	body = table->text;
	body.data++;
	body.len--;
	return note_of(&body);
}

static void write_seq(struct json_writer *w, uint64_t seq)
{
	json_writer_key(w, "seq");
	json_writer_u64(w, seq);
}

/* -------------------------------------------------------- an operation */

/* An operation, and what was written of it last. */
struct event {
	struct call *call;
	const struct operation *op;
	const struct outcome *outcome;
	struct rpc_note *note; /* or NULL */
	unsigned want;         /* that it is for */
	uint32_t number, thread;
};

static bool concerns(const struct subscription *sub, const struct event *event)
{
	const struct process *process, *actor = event->call->process;

	if (sub->number == event->op->process ||
	    event->op->code == OP_FILE_TRUNCATE)
		return true;
	process = world_process(sub->world, sub->number);
	return process_is_alive(actor) &&
	       process_mm(process) == process_mm(actor);
}

/* Is somebody told of it before it is known what it does? It may have lost its
 * relatives by then. */
static bool may_concern(const struct subscription *sub, const struct call *call,
			const struct operation *op)
{
	return sub->number == call->number || op->code == OP_FILE_TRUNCATE ||
	       process_mm(world_process(sub->world, sub->number)) ==
		       process_mm(call->process);
}

struct tenant *subscriptions_viewer(const struct call *call,
				    const struct operation *op)
{
	struct rpc_service *service = call->service;
	struct subscription_table *table = &service->subscriptions;
	const struct subscription *sub;

	if (!table->nr_diffs)
		return NULL;
	for (sub = *bucket_of(table, call->world); sub; sub = sub->next)
		if (sub->world == call->world && wants_diff(sub) &&
		    may_concern(sub, call, op) && !sub->missed &&
		    has_room(service, sub))
			return tenants_find(&service->tenants, sub->client);
	return NULL;
}

static void compose(struct event *event, const struct subscription *sub)
{
	struct rpc_service *service = event->call->service;
	struct subscription_table *table = &service->subscriptions;
	struct json_writer w;

	if (event->note && event->want == sub->want &&
	    event->number == sub->number && event->thread == sub->thread)
		return;
	if (event->note)
		rpc_note_put(event->note);
	begin_note(table, &w);
	event_write(&w, event->call, event->op, event->outcome,
		    sub->number != event->op->process);
	if (process_is_alive(world_process(sub->world, sub->number))) {
		write_state(&w, service, sub, event->op, event->outcome);
	} else {
		json_writer_key(&w, "ended");
		json_writer_bool(&w, true);
	}
	event->note = end_note(table, &w);
	event->want = sub->want;
	event->number = sub->number;
	event->thread = sub->thread;
}

static void miss(struct rpc_service *service, struct subscription *sub)
{
	sub->missed++;
	service->subscriptions.missed++;
}

static void tell_one(struct event *event, struct subscription *sub)
{
	struct rpc_service *service = event->call->service;

	if (!process_is_alive(world_process(sub->world, sub->number))) {
		compose(event, sub);
		tell(service, sub, event->note, true);
		subscription_free(service, sub);
		return;
	}
	if (sub->missed || !has_room(service, sub)) {
		miss(service, sub);
		return;
	}
	compose(event, sub);
	if (!tell(service, sub, event->note, false))
		miss(service, sub);
}

void subscriptions_tell(struct call *call, const struct operation *op,
			const struct outcome *outcome)
{
	struct subscription_table *table = &call->service->subscriptions;
	struct subscription *sub, *next;
	struct event event = {
		.call = call,
		.op = op,
		.outcome = outcome,
	};

	for (sub = *bucket_of(table, call->world); sub; sub = next) {
		next = sub->next;
		if (sub->world == call->world && concerns(sub, &event))
			tell_one(&event, sub);
	}
	if (event.note)
		rpc_note_put(event.note);
}

void subscriptions_tell_rewind(struct call *call)
{
	struct rpc_service *service = call->service;
	struct subscription_table *table = &service->subscriptions;
	struct subscription *sub;
	struct json_writer w;
	struct rpc_note *note;

	for (sub = *bucket_of(table, call->world); sub; sub = sub->next) {
		if (sub->world != call->world)
			continue;
		if (!has_room(service, sub)) {
			sub->missed++;
			continue;
		}
		begin_note(table, &w);
		write_seq(&w, world_seq(sub->world));
		json_writer_key(&w, "rewound");
		json_writer_bool(&w, true);
		write_state(&w, service, sub, NULL, NULL);
		note = end_note(table, &w);
		if (!tell(service, sub, note, false))
			sub->missed++;
		if (note)
			rpc_note_put(note);
	}
}

static struct rpc_note *script_note(struct call *call,
				    const struct subscription *sub,
				    uint64_t operations)
{
	struct subscription_table *table = &call->service->subscriptions;
	struct json_writer w;

	begin_note(table, &w);
	write_seq(&w, world_seq(sub->world));
	json_writer_key(&w, "method");
	json_writer_text(&w, call->method->name);
	json_writer_key(&w, "thread");
	json_writer_u64(&w, call->thread);
	json_writer_key(&w, "params");
	json_writer_object(&w);
	json_writer_object_end(&w);
	json_writer_key(&w, "result");
	json_writer_object(&w);
	json_writer_key(&w, "operations");
	json_writer_u64(&w, operations);
	json_writer_object_end(&w);
	if (process_is_alive(world_process(sub->world, sub->number))) {
		write_state(&w, call->service, sub, NULL, NULL);
	} else {
		json_writer_key(&w, "ended");
		json_writer_bool(&w, true);
	}
	return end_note(table, &w);
}

void subscriptions_tell_script(struct call *call, uint64_t operations)
{
	struct rpc_service *service = call->service;
	struct subscription *sub, *next;
	struct rpc_note *note;
	bool alive, told;

	for (sub = *bucket_of(&service->subscriptions, call->world); sub;
	     sub = next) {
		next = sub->next;
		if (sub->world != call->world)
			continue;
		alive = process_is_alive(
			world_process(sub->world, sub->number));
		told = !alive || (!sub->missed && has_room(service, sub));
		if (told) {
			note = script_note(call, sub, operations);
			told = tell(service, sub, note, !alive);
			if (note)
				rpc_note_put(note);
		}
		if (!alive) {
			subscription_free(service, sub);
		} else if (!told) {
			sub->missed += operations;
			service->subscriptions.missed += operations;
		}
	}
}

void subscriptions_end(struct rpc_service *service, uint32_t slot)
{
	struct subscription_table *table = &service->subscriptions;
	const struct process_slot *place =
		process_table_slot(&service->processes, slot);
	struct subscription *sub, *next;
	struct json_writer w;
	struct rpc_note *note;

	if (!table->nr)
		return;
	begin_note(table, &w);
	write_seq(&w, world_seq(place->world));
	json_writer_key(&w, "ended");
	json_writer_bool(&w, true);
	note = end_note(table, &w);
	for (sub = *bucket_of(table, place->world); sub; sub = next) {
		next = sub->next;
		if (sub->slot != slot)
			continue;
		tell(service, sub, note, true);
		subscription_free(service, sub);
	}
	if (note)
		rpc_note_put(note);
}

void rpc_subscriber_catch_up(struct rpc_service *service,
			     struct rpc_subscriber *subscriber)
{
	struct subscription_table *table = &service->subscriptions;
	struct subscription *sub;
	struct json_writer w;
	struct rpc_note *note;

	for (sub = *list_of(service, subscriber); sub; sub = sub->sibling) {
		if (!sub->missed || !has_room(service, sub))
			continue;
		begin_note(table, &w);
		write_seq(&w, world_seq(sub->world));
		write_state(&w, service, sub, NULL, NULL);
		note = end_note(table, &w);
		tell(service, sub, note, false);
		if (note)
			rpc_note_put(note);
	}
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

bool run_subscribe(struct call *call)
{
	struct rpc_service *service = call->service;
	struct json_writer *w = &call->w;
	char name[NAME_MAX];
	size_t len;

	if (!judge_subscriber(call))
		return false;
	if (call->want & 1u << PART_STEPS)
		return error_set(&call->error, ERROR_PARAMS_VALUE, "want",
				 "steps are told to the caller alone; leave "
				 "them out of what is subscribed to");
	if (!process_task(call->process, call->thread))
		return call_status(call, WORLD_THREAD_UNKNOWN);
	call->subscription = subscription_new(call);
	if (!call->subscription)
		return refusal_error(call, &call->error);
	len = put_name(name, sizeof(name), service, call->subscription->id);
	json_writer_object(w);
	json_writer_key(w, "subscription");
	json_writer_string(w, name, len);
	write_seq(w, world_seq(call->world));
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
	char text[NAME_MAX] = "", again[NAME_MAX], scratch[NAME_MAX];
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
		for (sub = *list_of(service, call->subscriber); sub;
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
