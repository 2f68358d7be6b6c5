/* SPDX-License-Identifier: MIT */
#include "proto/rpc/document.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool document_hash(struct call *call, const struct world *world,
		   char text[WORLD_HASH_TEXT])
{
	struct world_digest digest;

	if (world_hash(&call->tenant->memory, world, &digest))
		return refusal_error(call, &call->error);
	snprintf(text, WORLD_HASH_TEXT, "%016" PRIx64 "%016" PRIx64,
		 digest.words[0], digest.words[1]);
	return true;
}

bool document_refuse(struct call *call, const char *why)
{
	return error_set(&call->error, ERROR_PARAMS_VALUE, "document",
			 "%s; nothing has changed", why);
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
		{ "begins", &document->begins },
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
static bool judge_version(struct call *call, const struct document *document)
{
	uint64_t number;

	if (!document->version.text)
		return document_refuse(call,
				       "it is no document of world.export: "
				       "vmarium is missing");
	if (!param_count("document", &document->version, 1, INT64_MAX, &number,
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

/* Its members by name; those of a later version are not looked at. */
static bool read_members(struct call *call, const struct json_value *value,
			 struct document *out)
{
	struct json_value key, other, *place;
	struct json_reader r;
	bool is_known = true;

	json_reader_init(&r, value->text, value->len);
	json_reader_enter(&r);
	while (json_reader_member(&r, &key)) {
		place = member_of(out, &key);
		is_known = is_known && place;
		json_reader_value(&r, place ? place : &other);
	}
	return judge_version(call, out) &&
	       (is_known ||
		document_refuse(call, "it has members that a document of its "
				      "version does not have"));
}

/* What may be left out. */
static bool judge_kept(struct call *call, const struct json_value *value,
		       enum json_kind kind)
{
	return !value->text ||
	       param_kind_is("document", value, kind, &call->error);
}

/* What the first operation was carried out on, if that is not the creation. */
static bool read_begins(struct call *call, struct document *document)
{
	const struct json_value *begins = &document->begins;
	struct json_value key, seq = { .text = NULL }, other, *place;
	bool is_known = true;
	struct json_reader r;

	if (!begins->text)
		return true;
	if (!param_kind_is("document", begins, JSON_KIND_OBJECT, &call->error))
		return false;
	json_reader_init(&r, begins->text, begins->len);
	json_reader_enter(&r);
	while (json_reader_member(&r, &key)) {
		place = json_string_is(&key, "seq")     ? &seq
			: json_string_is(&key, "state") ? &document->state
							: NULL;
		is_known = is_known && place;
		json_reader_value(&r, place ? place : &other);
	}
	if (!is_known || !seq.text || !document->state.text)
		return document_refuse(call, "begins must have seq and state, "
					     "and nothing else");
	return param_count("document", &seq, 0, INT64_MAX,
			   &document->begins_seq, &call->error) &&
	       param_kind_is("document", &document->state, JSON_KIND_STRING,
			     &call->error);
}

bool document_read(struct call *call, const struct json_value *value,
		   struct document *out)
{
	struct rpc_error *error = &call->error;

	*out = (struct document){ .engine_number = 0 };
	if (!param_kind_is("document", value, JSON_KIND_OBJECT, error) ||
	    !read_members(call, value, out))
		return false;
	if (!out->engine.text || !out->created.text || !out->operations.text ||
	    !out->hash.text)
		return document_refuse(call, "engine, created, operations or "
					     "hash is missing");
	return param_count("document", &out->engine, 1, INT64_MAX,
			   &out->engine_number, error) &&
	       param_kind_is("document", &out->created, JSON_KIND_OBJECT,
			     error) &&
	       param_kind_is("document", &out->operations, JSON_KIND_ARRAY,
			     error) &&
	       param_kind_is("document", &out->hash, JSON_KIND_STRING, error) &&
	       read_begins(call, out) &&
	       judge_kept(call, &out->title, JSON_KIND_STRING) &&
	       judge_kept(call, &out->notes, JSON_KIND_STRING) &&
	       judge_kept(call, &out->positions, JSON_KIND_OBJECT);
}
