/* SPDX-License-Identifier: MIT */
/*
 * world.export: a world as one document, or as a link that holds it
 *
 * Answers are not kept; they are found by asking again, a slice of operations a
 * turn, a state of its own that begins at the oldest one kept: meanwhile the world
 * may go on, or end.
 */
#include <string.h>

#include "core/world/state_codec.h"
#include "proto/rpc/base64.h"
#include "proto/rpc/document.h"
#include "proto/rpc/document_link.h"
#include "proto/rpc/op_text.h"
#include "proto/rpc/slice.h"
#include "proto/rpc/way.h"
#include "proto/rpc/work.h"

/* An export under way. */
struct exporting {
	struct call_work work; /* first */
	struct way way;        /* to the oldest state, and what is behind it */
	char hash[WORLD_HASH_TEXT]; /* of the world when it was asked for */
	struct json_mark begin;     /* of the document in the answer */
	/* Where operations have been folded away: what is there before the
	 * first one. */
	struct state_text text;
	uint64_t first;
	bool is_link;
	bool is_writing;
};

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
	json_writer_key(w, "answer");
	op_write_answer(w, op, outcome);
	json_writer_object_end(w);
}

/* As many as fit in a turn; *morep: there are more. */
static bool write_operations(struct call *call, struct exporting *exporting,
			     bool *morep)
{
	struct world *state = exporting->way.visit.state;
	struct slice slice;
	struct operation op;
	struct outcome out;

	slice_begin(&slice, call);
	*morep = true;
	while (slice_admits(&slice, state)) {
		*morep = !call->w.out->failed &&
			 journal_copy_next(&exporting->way.journal, &op);
		if (!*morep)
			break;
		out.vec = NULL;
		out.vec_size = 0;
		if (!call_status(call, world_apply(state, &op, &out)))
			return false;
		write_operation(call, &op, &out);
	}
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

static void write_state(struct json_writer *w, struct exporting *exporting)
{
	const size_t len = base64url_room(exporting->text.len);
	char *text;

	json_writer_key(w, "begins");
	json_writer_object(w);
	json_writer_key(w, "seq");
	json_writer_u64(w, exporting->first - 1);
	json_writer_key(w, "state");
	text = json_writer_open(w, len + 2);
	if (text) {
		text[0] = text[len + 1] = '"';
		base64url_encode(exporting->text.bytes, exporting->text.len,
				 text + 1);
		json_writer_close(w, text + len + 2);
	}
	json_writer_object_end(w);
	state_text_free(&exporting->text);
}

static void begin_document(struct call *call, struct exporting *exporting)
{
	struct json_writer *w = &call->w;
	const char *origin;
	size_t len;

	origin = world_origin(call->world, &len);
	json_writer_object(w);
	if (exporting->is_link)
		json_writer_key(w, "link");
	else
		json_writer_key(w, "document");
	exporting->begin = json_writer_mark(w);
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
}

static void begin_operations(struct call *call, struct exporting *exporting)
{
	struct json_writer *w = &call->w;

	if (exporting->text.bytes)
		write_state(w, exporting);
	json_writer_key(w, "operations");
	json_writer_array(w);
	exporting->is_writing = true;
}

/* The document in the answer gives way to the link that holds it. */
static bool turn_into_link(struct call *call, struct exporting *exporting)
{
	struct buffer *link = &call->service->scratch;
	struct buffer *out = call->w.out;
	const char *document = out->data + exporting->begin.len;
	const size_t len = out->len - exporting->begin.len;

	if (out->failed)
		return true;
	if (len > DOCUMENT_LINK_JSON_MAX)
		return error_set(&call->error, ERROR_PARAMS_VALUE, "form",
				 "the world's document is %zu bytes, and a "
				 "link holds up to %d; export it as a document",
				 len, DOCUMENT_LINK_JSON_MAX);
	buffer_rewind(link, 0);
	buffer_append_byte(link, '"');
	document_link_write(link, document, len);
	buffer_append_byte(link, '"');
	json_writer_rewind(&call->w, exporting->begin);
	json_writer_raw(&call->w, link->data, link->failed ? 0 : link->len);
	return true;
}

static bool end_document(struct call *call, struct exporting *exporting)
{
	struct json_writer *w = &call->w;

	json_writer_array_end(w);
	json_writer_key(w, "hash");
	json_writer_text(w, exporting->hash);
	json_writer_object_end(w);
	if (exporting->is_link && !turn_into_link(call, exporting))
		return false;
	json_writer_object_end(w);
	return true;
}

/* --------------------------------------------------------------- turns */

static void drop(struct call *call)
{
	struct exporting *exporting = (struct exporting *)call->work;

	call->work = NULL;
	way_end(&exporting->way);
	state_text_free(&exporting->text);
	work_free(call, &exporting->work);
}

/* What is before the first operation is told as well, unless that is what follows
 * from the creation. */
static bool arrive(struct call *call, struct exporting *exporting)
{
	if (exporting->first > 1 &&
	    world_state_write(exporting->work.payer, exporting->way.visit.state,
			      &exporting->text))
		return refusal_error(call, &call->error);
	begin_operations(call, exporting);
	return true;
}

/* A turn; *morep: another one is needed. */
static bool do_part(struct call *call, struct exporting *exporting, bool *morep)
{
	*morep = true;
	if (exporting->is_writing)
		return write_operations(call, exporting, morep) &&
		       (*morep || end_document(call, exporting));
	if (!way_go_on(call, &exporting->way, NULL, morep))
		return false;
	if (*morep)
		return true;
	*morep = true;
	return arrive(call, exporting);
}

static bool go_on(struct call *call)
{
	struct exporting *exporting = (struct exporting *)call->work;
	bool more, ok;

	ok = do_part(call, exporting, &more);
	if (!ok || !more)
		drop(call);
	return ok;
}

static bool begin(struct call *call, struct exporting *exporting)
{
	uint64_t last;

	world_history(call->world, &exporting->first, &last);
	return document_hash(call, call->world, exporting->hash) &&
	       way_begin(call, exporting->first - 1, last, false,
			 &exporting->way);
}

bool run_world_export(struct call *call)
{
	const struct param_value *positions = &call->values[EXPORT_POSITIONS];
	struct exporting *exporting;

	if (positions->given && !param_kind_is("positions", &positions->raw,
					       JSON_KIND_OBJECT, &call->error))
		return false;
	exporting = work_new(call, sizeof(*exporting), go_on, drop,
			     WORK_WORLD_GOES_ON);
	if (!exporting)
		return refusal_error(call, &call->error);
	exporting->is_link = call->values[EXPORT_FORM].number;
	call->work = &exporting->work;
	if (!begin(call, exporting)) {
		drop(call);
		return false;
	}
	begin_document(call, exporting);
	return go_on(call);
}
