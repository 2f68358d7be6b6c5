/* SPDX-License-Identifier: MIT */
#include "proto/rpc/envelope.h"

#include <string.h>

#include "proto/rpc/params.h"

static bool is_id(const struct json_value *value)
{
	return value->kind == JSON_KIND_STRING ||
	       value->kind == JSON_KIND_NUMBER || value->kind == JSON_KIND_NULL;
}

/* Reads members to the last one, or to parameters that can wait. */
static bool read_members(struct json_reader *r, struct envelope *envelope)
{
	struct json_value key;

	while (json_reader_member(r, &key)) {
		if (json_string_is(&key, "jsonrpc")) {
			json_reader_value(r, &envelope->jsonrpc);
			envelope->has_jsonrpc = true;
		} else if (json_string_is(&key, "method")) {
			json_reader_value(r, &envelope->method);
			envelope->has_method = true;
		} else if (json_string_is(&key, "params")) {
			envelope->has_params = true;
			envelope->params.kind = json_reader_peek(r);
			if (envelope->has_method &&
			    envelope->method.kind == JSON_KIND_STRING &&
			    envelope->params.kind >= JSON_KIND_ARRAY)
				return true;
			json_reader_value(r, &envelope->params);
		} else if (json_string_is(&key, "id")) {
			json_reader_value(r, &envelope->id);
			envelope->has_id = is_id(&envelope->id);
			envelope->has_bad_id = !envelope->has_id;
		} else {
			if (!envelope->has_stranger)
				envelope->stranger = key;
			envelope->has_stranger = true;
			json_reader_skip(r);
		}
	}
	return false;
}

static bool judge_members(const struct envelope *envelope,
			  struct rpc_error *error)
{
	struct param_quote quote;
	const char *hint = NULL, *detail = "";

	if (!envelope->has_jsonrpc) {
		hint = "the member \"jsonrpc\" is missing; it must be \"2.0\"";
	} else if (envelope->jsonrpc.kind != JSON_KIND_STRING ||
		   !json_string_is(&envelope->jsonrpc, "2.0")) {
		hint = "\"jsonrpc\" must be the string \"2.0\"";
	} else if (envelope->has_bad_id) {
		hint = "\"id\" must be a string, a number or null, but is ";
		detail = json_kind_name(envelope->id.kind);
	} else if (!envelope->has_method) {
		hint = "the member \"method\" is missing";
	} else if (envelope->method.kind != JSON_KIND_STRING) {
		hint = "\"method\" must be a string, but is ";
		detail = json_kind_name(envelope->method.kind);
	} else if (envelope->has_params &&
		   envelope->params.kind < JSON_KIND_ARRAY) {
		hint = "\"params\" must be an object or an array, but is ";
		detail = json_kind_name(envelope->params.kind);
	} else if (envelope->has_stranger) {
		hint = "a call has the members jsonrpc, method, params and id, "
		       "but none called ";
		detail = param_quote(&quote, &envelope->stranger);
	}
	if (!hint)
		return true;
	return error_set(error, ERROR_REQUEST, NULL, "%s%s", hint, detail);
}

bool envelope_begin(struct json_reader *r, struct envelope *envelope)
{
	envelope->has_id = false;
	envelope->has_params = false;
	envelope->has_jsonrpc = false;
	envelope->has_method = false;
	envelope->has_stranger = false;
	envelope->has_bad_id = false;
	envelope->is_open = false;
	envelope->kind = json_reader_peek(r);
	if (envelope->kind != JSON_KIND_OBJECT) {
		json_reader_skip(r);
		return false;
	}
	json_reader_enter(r);
	envelope->is_open = read_members(r, envelope);
	return envelope->is_open;
}

bool envelope_end(struct json_reader *r, struct envelope *envelope,
		  struct rpc_error *error)
{
	if (envelope->kind != JSON_KIND_OBJECT)
		return error_set(
			error, ERROR_REQUEST, NULL,
			"a call is an object with the members jsonrpc, "
			"method, params and id; this is %s",
			json_kind_name(envelope->kind));
	if (envelope->is_open)
		read_members(r, envelope);
	return judge_members(envelope, error);
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

/* {"jsonrpc":"2.0","id":,"": */
#define ANSWER_HEAD_MAX 32

void envelope_answer(struct json_writer *w, const struct json_value *id,
		     const char *member)
{
	static const char null[] = "null";
	const char *id_text = id ? id->text : null;
	const size_t id_len = id ? id->len : sizeof(null) - 1;
	const size_t member_len = strlen(member);
	char *p = json_writer_open(w, ANSWER_HEAD_MAX + id_len + member_len);

	if (!p)
		return;
	p = json_put_literal(p, "{\"jsonrpc\":\"2.0\",\"id\":");
	memcpy(p, id_text, id_len);
	p = json_put_literal(p + id_len, ",\"");
	memcpy(p, member, member_len);
	p = json_put_literal(p + member_len, "\":");
	json_writer_close(w, p);
	w->comma = false; /* the member's value follows */
}

void envelope_error(struct json_writer *w, const struct json_value *id,
		    const struct rpc_error *error)
{
	envelope_answer(w, id, "error");
	error_write(w, error);
	json_writer_object_end(w);
}
