/* SPDX-License-Identifier: MIT */
/*
 * What is told, and when: an operation, a rewind, a script, the end
 */
#include "proto/rpc/subscription.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/rpc/subscription_event.h"
#include "proto/rpc/subscription_types.h"

enum {
	TEXT_KEEP = 64 << 10, /* memory worth keeping */
	NOTE_BYTES = 256,     /* allocated for each who is told, about */
};

/* ------------------------------------------------------------- a note */

void rpc_note_put(struct rpc_note *note)
{
	if (atomic_fetch_sub(&note->holders, 1) == 1)
		free(note);
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
	char head[RPC_NOTE_HEAD_MAX], name[SUBSCRIPTION_NAME_MAX];
	int len;

	subscription_name(name, service, sub->id);
	len = snprintf(head, sizeof(head),
		       "{\"jsonrpc\":\"2.0\",\"method\":\"subscription\","
		       "\"params\":{\"subscription\":\"%s\",\"missed\":%" PRIu64
		       ",",
		       name, sub->missed);
	if (!note || !service->host.notify(service->host.ctx, sub->subscriber,
					   head, (size_t)len, note, at_last))
		return false;
	sub->missed = 0;
	service->slice_bytes += NOTE_BYTES;
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

/* A note that was written, and whom it is for. */
struct written {
	struct rpc_note *note; /* or NULL */
	unsigned want;
	uint32_t number, thread;
};

static bool is_for(const struct written *written,
		   const struct subscription *sub)
{
	return written->note && written->want == sub->want &&
	       written->number == sub->number && written->thread == sub->thread;
}

static void let_go(struct written *written)
{
	if (written->note)
		rpc_note_put(written->note);
	written->note = NULL;
}

static void keep_note(struct written *written, const struct subscription *sub,
		      struct rpc_note *note)
{
	let_go(written);
	*written = (struct written){
		.note = note,
		.want = sub->want,
		.number = sub->number,
		.thread = sub->thread,
	};
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
	struct written last;
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
	for (sub = *subscription_bucket(table, call->world); sub;
	     sub = sub->next)
		if (sub->world == call->world && subscription_wants_diff(sub) &&
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

	if (is_for(&event->last, sub))
		return;
	begin_note(table, &w);
	event_write(&w, event->call, event->op, event->outcome,
		    sub->number != event->op->process);
	if (process_is_alive(world_process(sub->world, sub->number))) {
		write_state(&w, service, sub, event->op, event->outcome);
	} else {
		json_writer_key(&w, "ended");
		json_writer_bool(&w, true);
	}
	keep_note(&event->last, sub, end_note(table, &w));
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
		tell(service, sub, event->last.note, true);
		subscription_free(service, sub);
		return;
	}
	if (sub->missed || !has_room(service, sub)) {
		miss(service, sub);
		return;
	}
	compose(event, sub);
	if (!tell(service, sub, event->last.note, false))
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

	for (sub = *subscription_bucket(table, call->world); sub; sub = next) {
		next = sub->next;
		if (sub->world == call->world && concerns(sub, &event))
			tell_one(&event, sub);
	}
	let_go(&event.last);
}

/* ------------------------------------------------------- other changes */

static struct rpc_note *state_note(struct rpc_service *service,
				   const struct subscription *sub,
				   bool is_rewound)
{
	struct subscription_table *table = &service->subscriptions;
	struct json_writer w;

	begin_note(table, &w);
	write_seq(&w, world_seq(sub->world));
	if (is_rewound) {
		json_writer_key(&w, "rewound");
		json_writer_bool(&w, true);
	}
	write_state(&w, service, sub, NULL, NULL);
	return end_note(table, &w);
}

void subscriptions_tell_rewind(struct call *call)
{
	struct rpc_service *service = call->service;
	struct written last = { 0 };
	struct subscription *sub;

	for (sub = *subscription_bucket(&service->subscriptions, call->world);
	     sub; sub = sub->next) {
		if (sub->world != call->world)
			continue;
		if (!has_room(service, sub)) {
			sub->missed++;
			continue;
		}
		if (!is_for(&last, sub))
			keep_note(&last, sub, state_note(service, sub, true));
		if (!tell(service, sub, last.note, false))
			sub->missed++;
	}
	let_go(&last);
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
	struct written last = { 0 };
	bool alive, told;

	for (sub = *subscription_bucket(&service->subscriptions, call->world);
	     sub; sub = next) {
		next = sub->next;
		if (sub->world != call->world)
			continue;
		alive = process_is_alive(
			world_process(sub->world, sub->number));
		told = !alive || (!sub->missed && has_room(service, sub));
		if (told) {
			if (!is_for(&last, sub))
				keep_note(&last, sub,
					  script_note(call, sub, operations));
			told = tell(service, sub, last.note, !alive);
		}
		if (!alive) {
			subscription_free(service, sub);
		} else if (!told) {
			sub->missed += operations;
			service->subscriptions.missed += operations;
		}
	}
	let_go(&last);
}

/* Those to the name in that slot, or, with NULL, to all names of the world. */
static void end_those(struct rpc_service *service, const struct world *world,
		      const uint32_t *slot)
{
	struct subscription_table *table = &service->subscriptions;
	struct subscription *sub, *next;
	struct json_writer w;
	struct rpc_note *note;

	if (!table->nr)
		return;
	begin_note(table, &w);
	write_seq(&w, world_seq(world));
	json_writer_key(&w, "ended");
	json_writer_bool(&w, true);
	note = end_note(table, &w);
	for (sub = *subscription_bucket(table, world); sub; sub = next) {
		next = sub->next;
		if (slot ? sub->slot != *slot : sub->world != world)
			continue;
		tell(service, sub, note, true);
		subscription_free(service, sub);
	}
	if (note)
		rpc_note_put(note);
}

void subscriptions_end(struct rpc_service *service, uint32_t slot)
{
	const struct world *world =
		process_table_slot(&service->processes, slot)->world;

	end_those(service, world, &slot);
}

void subscriptions_end_all(struct rpc_service *service,
			   const struct world *world)
{
	end_those(service, world, NULL);
}

void rpc_subscriber_catch_up(struct rpc_service *service,
			     struct rpc_subscriber *subscriber)
{
	struct subscription *sub;
	struct rpc_note *note;

	for (sub = *subscription_list(service, subscriber); sub;
	     sub = sub->sibling) {
		if (!sub->missed || !has_room(service, sub))
			continue;
		note = state_note(service, sub, false);
		tell(service, sub, note, false);
		if (note)
			rpc_note_put(note);
	}
}
