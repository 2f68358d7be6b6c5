/* SPDX-License-Identifier: MIT */
#include "proto/rpc/envelope.h"

#include <string.h>

#include "core/hot.h"
#include "proto/rpc/params.h"

/* The members of a row; NULL: it has none of that name. */
struct members {
	const struct json_item *jsonrpc, *method, *params, *id;
	const struct json_item *stranger; /* the first of another name */
};

static bool is_id(const struct json_item *item)
{
	return item->kind == JSON_KIND_STRING ||
	       item->kind == JSON_KIND_NUMBER || item->kind == JSON_KIND_NULL;
}

static bool is_version(const char *row, const struct json_item *item)
{
	const struct json_value value = json_item_value(row, item);

	return value.kind == JSON_KIND_STRING && json_string_is(&value, "2.0");
}

static void find_members(const struct json_item *row, struct members *members)
{
	const struct json_item *item, *end = json_item_end(row);

	*members = (struct members){ .jsonrpc = NULL };
	for (item = row + 1; item < end; item = json_item_next(item)) {
		if (json_item_is(item, "jsonrpc"))
			members->jsonrpc = item;
		else if (json_item_is(item, "id"))
			members->id = item;
		else if (json_item_is(item, "method"))
			members->method = item;
		else if (json_item_is(item, "params"))
			members->params = item;
		else if (!members->stranger)
			members->stranger = item;
	}
}

/* @row: where it begins */
static bool is_request(const char *row, const struct members *members)
{
	return members->jsonrpc && members->method &&
	       is_version(row, members->jsonrpc) &&
	       members->method->kind == JSON_KIND_STRING &&
	       (!members->id || is_id(members->id)) &&
	       (!members->params || members->params->kind >= JSON_KIND_ARRAY) &&
	       !members->stranger;
}

/* What is_request() found to be wrong. */
COLD static bool refuse_members(const struct json_index *index, const char *row,
				const struct members *members,
				struct rpc_error *error)
{
	struct param_quote quote;
	struct json_value name;
	const char *hint, *detail = "";

	if (!members->jsonrpc) {
		hint = "the member \"jsonrpc\" is missing; it must be \"2.0\"";
	} else if (!is_version(row, members->jsonrpc)) {
		hint = "\"jsonrpc\" must be the string \"2.0\"";
	} else if (members->id && !is_id(members->id)) {
		hint = "\"id\" must be a string, a number or null, but is ";
		detail = json_kind_name(members->id->kind);
	} else if (!members->method) {
		hint = "the member \"method\" is missing";
	} else if (members->method->kind != JSON_KIND_STRING) {
		hint = "\"method\" must be a string, but is ";
		detail = json_kind_name(members->method->kind);
	} else if (members->params && members->params->kind < JSON_KIND_ARRAY) {
		hint = "\"params\" must be an object or an array, but is ";
		detail = json_kind_name(members->params->kind);
	} else {
		hint = "a call has the members jsonrpc, method, params and id, "
		       "but none called ";
		json_item_name(index, row, members->stranger, &name);
		detail = param_quote(&quote, &name);
	}
	return error_set(error, ERROR_REQUEST, NULL, "%s%s", hint, detail);
}

COLD static bool refuse_kind(enum json_kind kind, struct rpc_error *error)
{
	return error_set(error, ERROR_REQUEST, NULL,
			 "a call is an object with the members jsonrpc, "
			 "method, params and id; this is %s",
			 json_kind_name(kind));
}

bool envelope_read(const struct json_index *index, const struct json_item *row,
		   struct envelope *envelope, struct rpc_error *error)
{
	const char *text = json_row_text(index, row);
	struct members members;

	envelope->has_id = false;
	if (row->kind != JSON_KIND_OBJECT)
		return refuse_kind(row->kind, error);
	find_members(row, &members);
	if (members.id && is_id(members.id)) {
		envelope->has_id = true;
		envelope->id = json_item_value(text, members.id);
	}
	if (!is_request(text, &members))
		return refuse_members(index, text, &members, error);
	envelope->method = members.method;
	envelope->params = members.params;
	return true;
}

void envelope_set_null_id(struct envelope *envelope)
{
	static const char null[] = "null";

	envelope->id = (struct json_value){
		.text = null,
		.len = sizeof(null) - 1,
		.kind = JSON_KIND_NULL,
	};
	envelope->has_id = true;
}

/* {"jsonrpc":"2.0","id":,"result": */
#define ANSWER_HEAD_MAX 40

static inline void begin_answer(struct json_writer *w,
				const struct json_value *id, bool is_error)
{
	static const char null[] = "null";
	const char *id_text = id ? id->text : null;
	const size_t id_len = id ? id->len : sizeof(null) - 1;
	char *p = json_writer_open(w, ANSWER_HEAD_MAX + id_len);

	if (!p)
		return;
	p = json_put_literal(p, "{\"jsonrpc\":\"2.0\",\"id\":");
	memcpy(p, id_text, id_len);
	p += id_len;
	p = is_error ? json_put_literal(p, ",\"error\":")
		     : json_put_literal(p, ",\"result\":");
	json_writer_close(w, p);
	w->comma = false; /* the member's value follows */
}

void envelope_result(struct json_writer *w, const struct json_value *id)
{
	begin_answer(w, id, false);
}

void envelope_error(struct json_writer *w, const struct json_value *id,
		    const struct rpc_error *error)
{
	begin_answer(w, id, true);
	error_write(w, error);
	json_writer_object_end(w);
}
