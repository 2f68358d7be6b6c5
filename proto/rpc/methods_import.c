/* SPDX-License-Identifier: MIT */
/*
 * world.import: the world of a document, made anew and compared
 *
 * A slice of operations a turn; nobody sees the world before its last one.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "proto/rpc/base64.h"
#include "proto/rpc/document.h"
#include "proto/rpc/document_link.h"
#include "proto/rpc/op_text.h"
#include "proto/rpc/slice.h"
#include "proto/rpc/work.h"

/* An import under way. */
struct importing {
	struct call_work work; /* first */
	char *text; /* what the link held; NULL: the document is in the body */
	size_t text_len;
	struct document document;
	struct json_reader operations; /* those that are left */
	struct world *world;
	bool is_verified;
	/* The first operation that was answered otherwise, 0: none. */
	uint64_t differs;
	struct json_value recorded;
	char answered[64];
};

/* -------------------------------------------------------------- reading */

static bool refuse_json(struct call *call, const struct importing *importing,
			const struct json_fault *fault)
{
	char text[JSON_FAULT_TEXT_MAX];

	json_fault_text(fault, importing->text, importing->text_len, text,
			sizeof(text));
	return error_set(&call->error, ERROR_PARAMS_VALUE, "document",
			 "what is in the link is no JSON: %s; nothing has "
			 "changed",
			 text);
}

/* What a link holds is kept until the import ends, and paid for. */
static bool keep_text(struct call *call, struct importing *importing,
		      const struct buffer *json)
{
	struct json_fault fault;

	importing->text = memory_alloc(importing->work.payer, json->len + 1);
	if (!importing->text)
		return refusal_error(call, &call->error);
	importing->text_len = json->len;
	memcpy(importing->text, json->data, json->len);
	if (json_validate(importing->text, json->len,
			  call->service->limits.depth, &fault))
		return refuse_json(call, importing, &fault);
	return true;
}

static bool refuse_link(struct call *call, enum document_link_fault fault,
			const char *wrong)
{
	if (fault == DOCUMENT_LINK_NEWER)
		return error_set(&call->error, ERROR_DOCUMENT_VERSION,
				 "document", "%s", wrong);
	if (fault != DOCUMENT_LINK_NO_MEMORY)
		return document_refuse(call, wrong);
	call->tenant->memory.refusal = REFUSAL_HOST_MEMORY;
	return refusal_error(call, &call->error);
}

static bool unpack(struct call *call, struct importing *importing,
		   const struct json_value *string, struct json_value *value)
{
	enum document_link_fault fault;
	const char *link, *wrong;
	struct buffer json;
	struct json_reader r;
	size_t len = 0;
	bool ok;

	/* A link has no escapes: whatever has some is none. */
	link = json_string_text(string, NULL, 0, &len);
	fault = document_link_read(link ? link : "", link ? len : 0, &json,
				   &wrong);
	ok = fault ? refuse_link(call, fault, wrong)
		   : keep_text(call, importing, &json);
	buffer_deinit(&json);
	if (!ok)
		return false;
	json_reader_init(&r, importing->text, importing->text_len);
	json_reader_peek(&r);
	json_reader_value(&r, value);
	return true;
}

/* Before any of them is carried out. */
static bool count_operations(struct call *call,
			     const struct importing *importing)
{
	struct json_reader r = importing->operations;
	uint64_t nr = 0;

	for (; json_reader_element(&r); nr++)
		json_reader_skip(&r);
	return call_counts_as(call, nr, "the document holds", "operations");
}

static bool read_document(struct call *call, struct importing *importing)
{
	struct json_value value = call->values[IMPORT_DOCUMENT].raw;
	struct document *document = &importing->document;

	if (value.kind == JSON_KIND_STRING &&
	    !unpack(call, importing, &value, &value))
		return false;
	if (!document_read(call, &value, document))
		return false;
	json_reader_init(&importing->operations, document->operations.text,
			 document->operations.len);
	json_reader_enter(&importing->operations);
	return count_operations(call, importing);
}

/* The world before the first operation, of the state that the document has. */
static bool take_state(struct call *call, struct importing *importing)
{
	const struct document *document = &importing->document;
	const size_t room = base64_room(document->state.len);
	uint8_t *bytes = memory_alloc(importing->work.payer, room);
	const char *text;
	size_t len = 0;
	bool ok;

	if (!bytes)
		return refusal_error(call, &call->error);
	text = json_string_text(&document->state, NULL, 0, &len);
	ok = text && base64url_decode(text, len, bytes, &len);
	ok = ok ? call_resume(call, &document->created, bytes, len,
			      &importing->world)
		: document_refuse(call, "its state is no base64url text");
	memory_free(importing->work.payer, bytes, room);
	if (!ok)
		return false;
	return world_seq(importing->world) == document->begins_seq ||
	       document_refuse(call, "its state is not the one after the "
				     "operation that begins.seq says");
}

static bool begin_world(struct call *call, struct importing *importing)
{
	const struct document *document = &importing->document;

	return document->state.text ? take_state(call, importing)
				    : call_create(call, &document->created,
						  &importing->world);
}

/* ------------------------------------------------------------ repeating */

/* As the engine that wrote the document told answers. */
static void write_answer(struct json_writer *w,
			 const struct importing *importing,
			 const struct operation *op, const struct outcome *out)
{
	if (importing->document.engine_number < DOCUMENT_ENGINE_HEX &&
	    op_answers_address(op->code, out->ret) && out->ret <= INT32_MAX)
		json_writer_i64(w, out->ret);
	else
		op_write_answer(w, op, out);
}

/* Keeps what was recorded of the first operation that is answered otherwise. */
static void compare(struct call *call, struct importing *importing,
		    const struct operation *op, const struct outcome *out,
		    const struct json_value *recorded)
{
	struct buffer *text = &call->service->scratch;
	struct json_writer w;

	if (importing->differs)
		return;
	buffer_rewind(text, 0);
	json_writer_init(&w, text);
	write_answer(&w, importing, op, out);
	if (text->failed || (recorded->text && recorded->len == text->len &&
			     !memcmp(recorded->text, text->data, text->len)))
		return;
	importing->differs = out->seq;
	importing->recorded = *recorded;
	snprintf(importing->answered, sizeof(importing->answered), "%.*s",
		 (int)text->len, text->data);
}

static bool refuse_operation(struct call *call,
			     const struct importing *importing,
			     const char *wrong)
{
	return error_set(&call->error, ERROR_PARAMS_VALUE, "document",
			 "operation %" PRIu64 " cannot be carried out: %s; "
			 "nothing has changed",
			 world_seq(importing->world) + 1, wrong);
}

static bool repeat(struct call *call, struct importing *importing,
		   const struct json_value *value)
{
	struct json_value answer;
	enum world_status status;
	struct operation op;
	struct outcome out;
	const char *wrong;

	wrong = op_read(value, &op, &answer, &call->service->arena);
	if (wrong)
		return refuse_operation(call, importing, wrong);
	out.vec = NULL;
	out.vec_size = 0;
	status = world_apply(importing->world, &op, &out);
	if (status == WORLD_REFUSED)
		return refusal_error(call, &call->error);
	if (status != WORLD_OK)
		return refuse_operation(call, importing,
					"its process, thread or descriptor is "
					"not there, or a value is out of its "
					"bounds");
	compare(call, importing, &op, &out, &answer);
	return true;
}

/* As many as fit in a turn; *morep: there are more. */
static bool repeat_some(struct call *call, struct importing *importing,
			bool *morep)
{
	struct json_value value;
	struct slice slice;

	slice_begin(&slice, call);
	*morep = true;
	while (slice_admits(&slice, importing->world)) {
		*morep = json_reader_element(&importing->operations);
		if (!*morep)
			break;
		json_reader_value(&importing->operations, &value);
		if (!repeat(call, importing, &value))
			return false;
	}
	return true;
}

/* ------------------------------------------------------------- judging */

static bool verify(struct call *call, struct importing *importing)
{
	const struct json_value *wanted = &importing->document.hash;
	char hash[WORLD_HASH_TEXT];

	if (!document_hash(call, importing->world, hash))
		return false;
	importing->is_verified = !importing->differs &&
				 json_string_equals(wanted, hash, strlen(hash));
	if (importing->is_verified ||
	    importing->document.engine_number != ENGINE_BEHAVIOUR)
		return true;
	if (importing->differs)
		return error_set(&call->error, ERROR_DOCUMENT_HASH, "document",
				 "operation %" PRIu64
				 " is answered %s, not as recorded: the "
				 "document has been changed or damaged",
				 importing->differs, importing->answered);
	return error_set(&call->error, ERROR_DOCUMENT_HASH, "document",
			 "the operations lead to a state of hash %s, not to "
			 "the recorded one: the document has been changed or "
			 "damaged",
			 hash);
}

static void write_kept(struct json_writer *w, const char *name,
		       const struct json_value *value)
{
	if (!value->text)
		return;
	json_writer_key_text(w, name, strlen(name));
	json_writer_raw(w, value->text, value->len);
}

static void write_difference(struct json_writer *w,
			     const struct importing *importing)
{
	if (!importing->differs)
		return;
	json_writer_key(w, "difference");
	json_writer_object(w);
	json_writer_key(w, "seq");
	json_writer_u64(w, importing->differs);
	json_writer_key(w, "recorded");
	if (importing->recorded.text)
		json_writer_raw(w, importing->recorded.text,
				importing->recorded.len);
	else
		json_writer_null(w);
	json_writer_key(w, "answered");
	json_writer_raw(w, importing->answered, strlen(importing->answered));
	json_writer_object_end(w);
}

static void write_import(struct json_writer *w,
			 const struct importing *importing)
{
	const struct document *document = &importing->document;

	json_writer_key(w, "verified");
	json_writer_bool(w, importing->is_verified);
	write_difference(w, importing);
	write_kept(w, "title", &document->title);
	write_kept(w, "notes", &document->notes);
	write_kept(w, "positions", &document->positions);
}

/* The lowest of its threads, whose numbers may be far from 1. */
static uint32_t first_thread(const struct process *process, uint32_t number)
{
	const struct task_struct *task = process_mm(process)->tasks;
	uint32_t first = UINT32_MAX;

	for (; task; task = task->next)
		if (task->tgid == number && task->tid < first)
			first = task->tid;
	return first;
}

/* The first process that lives; the call is about its first thread. */
static uint32_t first_alive(struct call *call, const struct world *world)
{
	uint32_t number = 0;

	while (!process_is_alive(world_process(world, number)))
		number++;
	call->thread = first_thread(world_process(world, number), number);
	return number;
}

/* The world gets its names. */
static bool show(struct call *call, struct importing *importing)
{
	struct world *world = importing->world;

	if (!verify(call, importing))
		return false;
	if (world_is_over(world))
		return document_refuse(call, "all its processes have exited, "
					     "so there is nothing to go on "
					     "with");
	importing->world = NULL;
	if (!call_show_world(call, world, first_alive(call, world)))
		return false;
	write_import(&call->w, importing);
	before_take(call, NULL, 0, 0);
	call_end_world(call);
	return true;
}

/* --------------------------------------------------------------- turns */

static void drop(struct call *call)
{
	struct importing *importing = (struct importing *)call->work;

	call->work = NULL;
	service_end_world(call->service, importing->world);
	memory_free(importing->work.payer, importing->text,
		    importing->text_len + 1);
	work_free(call, &importing->work);
}

static bool go_on(struct call *call)
{
	struct importing *importing = (struct importing *)call->work;
	bool more = false, ok = true;

	if (!importing->work.is_ending)
		ok = repeat_some(call, importing, &more);
	if (ok && (more || work_waits(call, &importing->work)))
		return true;
	ok = ok && show(call, importing);
	drop(call);
	return ok;
}

bool run_world_import(struct call *call)
{
	struct importing *importing;

	if (!call_takes_processes(call) || !call_pays(call))
		return false;
	importing = work_new(call, sizeof(*importing), go_on, drop,
			     WORK_WORLD_GOES_ON);
	if (!importing)
		return refusal_error(call, &call->error);
	call->work = &importing->work;
	if (read_document(call, importing) && begin_world(call, importing))
		return go_on(call);
	drop(call);
	return false;
}
