/* SPDX-License-Identifier: MIT */
/*
 * A world as one document: how it was created and what happened, with answers
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "proto/rpc/op_text.h"
#include "proto/rpc/service.h"

/* Raised by a change of the document that older versions cannot read. */
#define DOCUMENT_VERSION 1

/* What an import may take of its loop's time. */
#define IMPORT_MS_MAX 5000

#define HASH_TEXT 33

static void hash_text(const struct world_digest *digest, char text[HASH_TEXT])
{
	snprintf(text, HASH_TEXT, "%016" PRIx64 "%016" PRIx64, digest->words[0],
		 digest->words[1]);
}

static bool hash_world(struct call *call, const struct world *world,
		       char text[HASH_TEXT])
{
	struct world_digest digest;

	if (world_hash(&call->tenant->memory, world, &digest))
		return refusal_error(call, &call->error);
	hash_text(&digest, text);
	return true;
}

/* ------------------------------------------------------------- export */

static bool judge_whole(struct call *call)
{
	uint64_t first, last;

	world_history(call->world, &first, &last);
	if (first == 1 && world_seq(call->world) == last)
		return true;
	return error_set(&call->error, ERROR_HISTORY_FOLDED, NULL,
			 "history begins with operation %" PRIu64
			 ", and a document needs all of it; create worlds to "
			 "be exported with a larger history",
			 first);
}

static void write_operation(struct call *call, const struct operation *op,
			    const struct outcome *outcome)
{
	struct json_writer *w = &call->w;

	json_writer_object(w);
	if (op->process) {
		json_writer_key(w, "number");
		json_writer_u64(w, op->process);
	}
	if (op->thread != 1) {
		json_writer_key(w, "thread");
		json_writer_u64(w, op->thread);
	}
	op_write(w, op);
	op_write_text(w, op);
	json_writer_key(w, "answer");
	op_write_answer(w, op, outcome);
	json_writer_object_end(w);
}

/* The answers are found by asking again, in @state, which begins at the
 * creation. */
static bool write_operations(struct call *call, struct world *state)
{
	struct journal_cursor cursor = { 0 };
	struct json_writer *w = &call->w;
	enum world_status status;
	struct operation op;
	struct outcome out;

	json_writer_key(w, "operations");
	json_writer_array(w);
	while (world_journal_next(call->world, &cursor, &op)) {
		out.vec = NULL;
		out.vec_size = 0;
		status = world_apply(state, &op, &out);
		if (status != WORLD_OK)
			return call_status(call, status);
		write_operation(call, &op, &out);
	}
	json_writer_array_end(w);
	return true;
}

static void write_given(struct call *call, unsigned param)
{
	const struct param_value *value = &call->values[param];
	const char *name = call->method->params[param].name;

	if (!value->given)
		return;
	json_writer_key_text(&call->w, name, strlen(name));
	json_writer_raw(&call->w, value->raw.text, value->raw.len);
}

static bool write_document(struct call *call, struct world *state)
{
	struct json_writer *w = &call->w;
	char hash[HASH_TEXT];
	const char *origin;
	size_t len;

	if (!hash_world(call, call->world, hash))
		return false;
	origin = world_origin(call->world, &len);
	json_writer_object(w);
	json_writer_key(w, "document");
	json_writer_object(w);
	json_writer_key(w, "vmarium");
	json_writer_u64(w, DOCUMENT_VERSION);
	json_writer_key(w, "engine");
	json_writer_u64(w, ENGINE_BEHAVIOUR);
	write_given(call, EXPORT_TITLE);
	write_given(call, EXPORT_NOTES);
	write_given(call, EXPORT_POSITIONS);
	json_writer_key(w, "created");
	json_writer_raw(w, origin ? origin : "{}", origin ? len : 2);
	if (!write_operations(call, state))
		return false;
	json_writer_key(w, "hash");
	json_writer_text(w, hash);
	json_writer_object_end(w);
	json_writer_object_end(w);
	return true;
}

bool run_world_export(struct call *call)
{
	const struct param_value *positions = &call->values[EXPORT_POSITIONS];
	struct side_memory side;
	struct world *state;
	bool ok;

	if (positions->given && !param_kind_is("positions", &positions->raw,
					       JSON_KIND_OBJECT, &call->error))
		return false;
	if (!judge_whole(call))
		return false;
	side_memory_init(&side, &call->tenant->memory);
	ok = call_origin(call, &side.memory, &state);
	if (ok) {
		ok = write_document(call, state);
		world_free(state);
	}
	side_memory_deinit(&side);
	return ok;
}

/* ------------------------------------------------------------- import */

struct document {
	struct json_value version, engine, title, notes, positions, created;
	struct json_value operations, hash;
};

/* An import under way. */
struct importing {
	struct call *call;
	struct document document;
	struct world *world;
	uint64_t engine, deadline;
	bool is_verified;
	/* The first operation that was answered otherwise, 0: none. */
	uint64_t differs;
	struct json_value recorded;
	char answered[64];
};

static bool refuse(struct importing *importing, const char *format,
		   const char *what)
{
	char hint[200];

	snprintf(hint, sizeof(hint), format, what);
	return error_set(&importing->call->error, ERROR_PARAMS_VALUE,
			 "document", "%s; nothing has changed", hint);
}

static struct json_value *member_of(struct document *document,
				    const struct json_value *key)
{
	const struct {
		const char *name;
		struct json_value *place;
	} rows[] = {
		{ "vmarium", &document->version },
		{ "engine", &document->engine },
		{ "title", &document->title },
		{ "notes", &document->notes },
		{ "positions", &document->positions },
		{ "created", &document->created },
		{ "operations", &document->operations },
		{ "hash", &document->hash },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (json_string_equals(key, rows[i].name, strlen(rows[i].name)))
			return rows[i].place;
	return NULL;
}

/* The version first: a later one may look quite different. */
static bool judge_version(struct importing *importing)
{
	const struct json_value *version = &importing->document.version;
	struct call *call = importing->call;
	uint64_t number;

	if (!version->text)
		return refuse(importing,
			      "it is no document of world.export: "
			      "%s is missing",
			      "vmarium");
	if (!param_count("document", version, 1, INT64_MAX, &number,
			 &call->error))
		return false;
	if (number <= DOCUMENT_VERSION)
		return true;
	return error_set(&call->error, ERROR_DOCUMENT_VERSION, "document",
			 "the document is of version %" PRIu64
			 ", and this server reads up to %d; a newer vmarium "
			 "reads it",
			 number, DOCUMENT_VERSION);
}

/* What may be left out. */
static bool judge_kept(struct importing *importing,
		       const struct json_value *value, enum json_kind kind)
{
	return !value->text ||
	       param_kind_is("document", value, kind, &importing->call->error);
}

static bool read_document(struct importing *importing)
{
	struct call *call = importing->call;
	const struct json_value *raw = &call->values[IMPORT_DOCUMENT].raw;
	struct document *document = &importing->document;
	struct json_value key, other, *place;
	struct json_reader r;
	bool is_known = true;

	if (!param_kind_is("document", raw, JSON_KIND_OBJECT, &call->error))
		return false;
	json_reader_init(&r, raw->text, raw->len);
	json_reader_enter(&r);
	while (json_reader_member(&r, &key)) {
		place = member_of(document, &key);
		is_known = is_known && place;
		json_reader_value(&r, place ? place : &other);
	}
	if (!judge_version(importing))
		return false;
	if (!is_known)
		return refuse(importing, "it has members that %s does not have",
			      "a document of its version");
	if (!document->engine.text || !document->created.text ||
	    !document->operations.text || !document->hash.text)
		return refuse(importing,
			      "engine, created, operations or hash "
			      "is missing%s",
			      "");
	return param_count("document", &document->engine, 1, INT64_MAX,
			   &importing->engine, &call->error) &&
	       param_kind_is("document", &document->created, JSON_KIND_OBJECT,
			     &call->error) &&
	       param_kind_is("document", &document->operations, JSON_KIND_ARRAY,
			     &call->error) &&
	       param_kind_is("document", &document->hash, JSON_KIND_STRING,
			     &call->error) &&
	       judge_kept(importing, &document->title, JSON_KIND_STRING) &&
	       judge_kept(importing, &document->notes, JSON_KIND_STRING) &&
	       judge_kept(importing, &document->positions, JSON_KIND_OBJECT);
}

/* Keeps what was recorded of the first operation that is answered otherwise. */
static void compare(struct importing *importing, const struct operation *op,
		    const struct outcome *out,
		    const struct json_value *recorded)
{
	struct buffer *text = &importing->call->service->scratch;
	struct json_writer w;

	if (importing->differs)
		return;
	buffer_rewind(text, 0);
	json_writer_init(&w, text);
	op_write_answer(&w, op, out);
	if (text->failed || (recorded->text && recorded->len == text->len &&
			     !memcmp(recorded->text, text->data, text->len)))
		return;
	importing->differs = out->seq;
	importing->recorded = *recorded;
	snprintf(importing->answered, sizeof(importing->answered), "%.*s",
		 (int)text->len, text->data);
}

static bool refuse_operation(struct importing *importing, const char *wrong)
{
	return error_set(&importing->call->error, ERROR_PARAMS_VALUE,
			 "document",
			 "operation %" PRIu64 " cannot be carried out: %s; "
			 "nothing has changed",
			 world_seq(importing->world) + 1, wrong);
}

static bool is_late(struct importing *importing)
{
	const struct rpc_host *host = &importing->call->service->host;
	const uint64_t now = host->now ? host->now(host->ctx) : 0;

	if (!importing->deadline)
		importing->deadline = now + IMPORT_MS_MAX;
	return now > importing->deadline;
}

static bool repeat(struct importing *importing, const struct json_value *value)
{
	struct call *call = importing->call;
	struct json_value answer;
	enum world_status status;
	struct operation op;
	struct outcome out;
	const char *wrong;

	wrong = op_read(value, &op, &answer, &call->service->arena);
	if (wrong)
		return refuse_operation(importing, wrong);
	out.vec = NULL;
	out.vec_size = 0;
	status = world_apply(importing->world, &op, &out);
	if (status == WORLD_REFUSED)
		return refusal_error(call, &call->error);
	if (status != WORLD_OK)
		return refuse_operation(importing,
					"its process, thread or descriptor is "
					"not there, or a value is out of its "
					"bounds");
	compare(importing, &op, &out, &answer);
	return true;
}

static bool repeat_all(struct importing *importing)
{
	const struct json_value *operations = &importing->document.operations;
	struct json_value value;
	struct json_reader r;

	json_reader_init(&r, operations->text, operations->len);
	json_reader_enter(&r);
	while (json_reader_element(&r)) {
		json_reader_value(&r, &value);
		if (world_seq(importing->world) % 64 == 0 && is_late(importing))
			return refuse_operation(importing,
						"all of them take longer than "
						"an import may");
		if (!repeat(importing, &value))
			return false;
	}
	return true;
}

static bool verify(struct importing *importing)
{
	const struct json_value *wanted = &importing->document.hash;
	struct call *call = importing->call;
	char hash[HASH_TEXT];

	if (!hash_world(call, importing->world, hash))
		return false;
	importing->is_verified = !importing->differs &&
				 json_string_equals(wanted, hash, strlen(hash));
	if (importing->is_verified || importing->engine != ENGINE_BEHAVIOUR)
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

static void write_import(struct importing *importing)
{
	const struct document *document = &importing->document;
	struct json_writer *w = &importing->call->w;

	json_writer_key(w, "verified");
	json_writer_bool(w, importing->is_verified);
	write_difference(w, importing);
	write_kept(w, "title", &document->title);
	write_kept(w, "notes", &document->notes);
	write_kept(w, "positions", &document->positions);
}

/* The first process that lives; the call is about its first thread. */
static uint32_t first_alive(struct call *call, const struct world *world)
{
	uint32_t number = 0;

	while (!process_is_alive(world_process(world, number)))
		number++;
	call->thread = 1;
	while (!process_task(world_process(world, number), call->thread))
		call->thread++;
	return number;
}

bool run_world_import(struct call *call)
{
	struct importing importing = { .call = call };
	bool ok;

	if (!call_takes_processes(call) || !call_pays(call) ||
	    !read_document(&importing))
		return false;
	if (!call_create(call, &importing.document.created, &importing.world))
		return false;
	ok = repeat_all(&importing) && verify(&importing);
	if (ok && world_is_over(importing.world))
		ok = refuse(&importing,
			    "all its processes have exited, so "
			    "there is nothing to %s",
			    "go on with");
	if (!ok) {
		world_free(importing.world);
		return false;
	}
	if (!call_show_world(call, importing.world,
			     first_alive(call, importing.world)))
		return false;
	write_import(&importing);
	before_take(call, NULL, 0, 0);
	call_end_world(call);
	return true;
}
