/* SPDX-License-Identifier: MIT */
#include "proto/rpc/envelope.h"

#include <string.h>

#include "proto/rpc/params.h"

static bool is_id(const struct json_value *value)
{
	return value->kind == JSON_KIND_STRING ||
	       value->kind == JSON_KIND_NUMBER || value->kind == JSON_KIND_NULL;
}

/* The members as they stand; the first that does not belong is kept. */
struct members {
	struct json_value jsonrpc, stranger;
	bool has_jsonrpc, has_method, has_stranger, has_bad_id;
};

static void read_members(struct json_reader *r, struct envelope *envelope,
			 struct members *members)
{
	struct json_value key;

	json_reader_enter(r);
	while (json_reader_member(r, &key)) {
		if (json_string_is(&key, "jsonrpc")) {
			json_reader_value(r, &members->jsonrpc);
			members->has_jsonrpc = true;
		} else if (json_string_is(&key, "method")) {
			json_reader_value(r, &envelope->method);
			members->has_method = true;
		} else if (json_string_is(&key, "params")) {
			json_reader_value(r, &envelope->params);
			envelope->has_params = true;
		} else if (json_string_is(&key, "id")) {
			json_reader_value(r, &envelope->id);
			envelope->has_id = is_id(&envelope->id);
			members->has_bad_id = !envelope->has_id;
		} else {
			if (!members->has_stranger)
				members->stranger = key;
			members->has_stranger = true;
			json_reader_skip(r);
		}
	}
}

static bool judge_members(const struct envelope *envelope,
			  const struct members *members,
			  struct rpc_error *error)
{
	struct param_quote quote;
	const char *hint = NULL, *detail = "";

	if (!members->has_jsonrpc) {
		hint = "the member \"jsonrpc\" is missing; it must be \"2.0\"";
	} else if (members->jsonrpc.kind != JSON_KIND_STRING ||
		   !json_string_is(&members->jsonrpc, "2.0")) {
		hint = "\"jsonrpc\" must be the string \"2.0\"";
	} else if (members->has_bad_id) {
		hint = "\"id\" must be a string, a number or null, but is ";
		detail = json_kind_name(envelope->id.kind);
	} else if (!members->has_method) {
		hint = "the member \"method\" is missing";
	} else if (envelope->method.kind != JSON_KIND_STRING) {
		hint = "\"method\" must be a string, but is ";
		detail = json_kind_name(envelope->method.kind);
	} else if (envelope->has_params &&
		   envelope->params.kind != JSON_KIND_OBJECT &&
		   envelope->params.kind != JSON_KIND_ARRAY) {
		hint = "\"params\" must be an object or an array, but is ";
		detail = json_kind_name(envelope->params.kind);
	} else if (members->has_stranger) {
		hint = "a call has the members jsonrpc, method, params and id, "
		       "but none called ";
		detail = param_quote(&quote, &members->stranger);
	}
	if (!hint)
		return true;
	return error_set(error, ERROR_REQUEST, NULL, "%s%s", hint, detail);
}

bool envelope_read(struct json_reader *r, struct envelope *envelope,
		   struct rpc_error *error)
{
	struct members members = { .has_jsonrpc = false };
	enum json_kind kind = json_reader_peek(r);

	envelope->has_id = false;
	envelope->has_params = false;
	if (kind != JSON_KIND_OBJECT) {
		json_reader_skip(r);
		return error_set(
			error, ERROR_REQUEST, NULL,
			"a call is an object with the members jsonrpc, "
			"method, params and id; this is %s",
			json_kind_name(kind));
	}
	read_members(r, envelope, &members);
	return judge_members(envelope, &members, error);
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

void envelope_answer(struct json_writer *w, const struct json_value *id,
		     const char *member)
{
	json_writer_object(w);
	json_writer_key(w, "jsonrpc");
	json_writer_text(w, "2.0");
	json_writer_key(w, "id");
	if (id)
		json_writer_raw(w, id->text, id->len);
	else
		json_writer_null(w);
	json_writer_key_text(w, member, strlen(member));
}

void envelope_error(struct json_writer *w, const struct json_value *id,
		    const struct rpc_error *error)
{
	envelope_answer(w, id, "error");
	error_write(w, error);
	json_writer_object_end(w);
}
