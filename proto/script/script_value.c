/* SPDX-License-Identifier: MIT */
/*
 * What answers are worth, and how values compare
 */
#include <string.h>

#include "proto/json/reader.h"
#include "proto/script/script_tree.h"

/* How deep a member may stand in an answer. */
#define MEMBER_DEPTH_MAX 4

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "0x…" as answers write addresses. */
static bool is_hex_text(const struct json_value *raw, script_number *number)
{
	size_t i;
	int digit;

	if (raw->len < 5 || raw->len > 20 || memcmp(raw->text, "\"0x", 3) != 0)
		return false;
	*number = 0;
	for (i = 3; i + 1 < raw->len; i++) {
		digit = hex_value(raw->text[i]);
		if (digit < 0)
			return false;
		*number = *number * 16 + digit;
	}
	return true;
}

static void read_number(const struct json_value *raw,
			struct script_value *value)
{
	uint64_t number;
	int64_t negative;

	value->kind = SCRIPT_NUMBER;
	if (!json_number_u64(raw, &number)) {
		value->number = number;
	} else if (!json_number_i64(raw, &negative)) {
		value->number = negative;
	} else {
		value->kind = SCRIPT_OBJECT;
		value->text = raw->text;
		value->len = raw->len;
	}
}

static void read_value(const struct json_value *raw, struct script_value *value)
{
	const unsigned line = value->line;

	*value = (struct script_value){ .line = line };
	switch (raw->kind) {
	case JSON_KIND_NULL:
		break;
	case JSON_KIND_TRUE:
	case JSON_KIND_FALSE:
		value->kind = SCRIPT_NUMBER;
		value->number = raw->kind == JSON_KIND_TRUE;
		break;
	case JSON_KIND_NUMBER:
		read_number(raw, value);
		break;
	case JSON_KIND_STRING:
		if (is_hex_text(raw, &value->number)) {
			value->kind = SCRIPT_NUMBER;
			value->is_hex = true;
			break;
		}
		value->kind = SCRIPT_TEXT;
		value->is_json = true;
		value->text = raw->text;
		value->len = raw->len;
		break;
	case JSON_KIND_ARRAY:
	case JSON_KIND_OBJECT:
		value->kind = SCRIPT_OBJECT;
		value->text = value->answer = raw->text;
		value->len = value->answer_len = raw->len;
		break;
	}
}

/* The member of an object itself; its text is NULL: there is none. */
static struct json_value own_member(const char *json, size_t json_len,
				    const char *name, size_t len)
{
	struct json_value key, member, found = { .text = NULL };
	struct json_reader r;

	json_reader_init(&r, json, json_len);
	json_reader_enter(&r);
	while (json_reader_member(&r, &key)) {
		json_reader_value(&r, &member);
		if (!found.text && json_string_equals(&key, name, len))
			found = member;
	}
	return found;
}

/* Likewise of an object that so many others lie around. */
static struct json_value deep_member(const char *json, size_t json_len,
				     unsigned depth, const char *name,
				     size_t len)
{
	struct json_value key, member, found = { .text = NULL };
	struct json_reader r;

	if (!depth)
		return own_member(json, json_len, name, len);
	json_reader_init(&r, json, json_len);
	json_reader_enter(&r);
	while (json_reader_member(&r, &key)) {
		json_reader_value(&r, &member);
		if (!found.text && member.kind == JSON_KIND_OBJECT)
			found = deep_member(member.text, member.len, depth - 1,
					    name, len);
	}
	return found;
}

bool value_member(const struct script_value *value, const char *name,
		  size_t len, struct script_value *member)
{
	struct json_value raw = { .text = NULL };
	unsigned depth;

	if (!value->answer || value->answer[0] != '{')
		return false;
	for (depth = 0; depth <= MEMBER_DEPTH_MAX && !raw.text; depth++)
		raw = deep_member(value->answer, value->answer_len, depth, name,
				  len);
	if (!raw.text)
		return false;
	member->line = value->line;
	read_value(&raw, member);
	return true;
}

bool value_element(const struct script_value *value, script_number index,
		   struct script_value *element)
{
	struct json_value raw, found = { .text = NULL };
	struct json_reader r;
	script_number i = 0;

	if (value->kind != SCRIPT_OBJECT || value->text[0] != '[')
		return false;
	json_reader_init(&r, value->text, value->len);
	json_reader_enter(&r);
	for (; json_reader_element(&r); i++) {
		json_reader_value(&r, &raw);
		if (i == index)
			found = raw;
	}
	if (!found.text)
		return false;
	element->line = value->line;
	read_value(&found, element);
	return true;
}

void answer_value(const struct script_reply *reply, unsigned line,
		  struct script_value *value)
{
	struct json_value raw, key;
	struct json_reader r;

	*value = (struct script_value){ .line = line };
	raw = own_member(reply->json, reply->len, "errno", 5);
	if (!raw.text)
		raw = own_member(reply->json, reply->len, "ret", 3);
	json_reader_init(&r, reply->json, reply->len);
	json_reader_enter(&r);
	if (!raw.text && json_reader_member(&r, &key))
		json_reader_value(&r, &raw);
	if (reply->has_process) {
		value->kind = SCRIPT_PROCESS;
		value->process = reply->process;
	} else if (raw.text) {
		read_value(&raw, value);
	}
	if (value->kind == SCRIPT_TEXT &&
	    own_member(reply->json, reply->len, "errno", 5).text)
		value->kind = SCRIPT_ERRNO;
	value->answer = reply->json;
	value->answer_len = reply->len;
}

/* ---------------------------------------------------------- comparing */

static bool is_text(const struct script_value *value)
{
	return value->kind == SCRIPT_TEXT || value->kind == SCRIPT_ERRNO;
}

/* Texts of answers come from one writer, and are spelt alike. */
static bool same_text(const struct script_value *a,
		      const struct script_value *b)
{
	struct json_value raw = { .kind = JSON_KIND_STRING };

	if (a->is_json == b->is_json)
		return a->len == b->len && !memcmp(a->text, b->text, a->len);
	if (!a->is_json)
		return same_text(b, a);
	raw.text = a->text;
	raw.len = a->len;
	raw.escaped = memchr(a->text, '\\', a->len) != NULL;
	return json_string_equals(&raw, b->text, b->len);
}

static bool is_same(const struct script_value *a, const struct script_value *b)
{
	if (is_text(a) && is_text(b))
		return same_text(a, b);
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case SCRIPT_NUMBER:
		return a->number == b->number;
	case SCRIPT_PROCESS:
		return a->process == b->process;
	case SCRIPT_OBJECT:
		return a->len == b->len && !memcmp(a->text, b->text, a->len);
	default:
		return true;
	}
}

const char *const comparison_marks[] = {
	[COMPARE_EQUAL] = "==",
	[COMPARE_UNEQUAL] = "!=",
	[COMPARE_BELOW] = "<",
	[COMPARE_UP_TO] = "<=",
	[COMPARE_ABOVE] = ">",
	[COMPARE_FROM] = ">=",
	NULL,
};

bool value_compare(const struct script_value *left, enum comparison how,
		   const struct script_value *right)
{
	const bool ordered =
		left->kind == SCRIPT_NUMBER && right->kind == SCRIPT_NUMBER;

	switch (how) {
	case COMPARE_EQUAL:
		return is_same(left, right);
	case COMPARE_UNEQUAL:
		return !is_same(left, right);
	case COMPARE_BELOW:
		return ordered && left->number < right->number;
	case COMPARE_UP_TO:
		return ordered && left->number <= right->number;
	case COMPARE_ABOVE:
		return ordered && left->number > right->number;
	case COMPARE_FROM:
		return ordered && left->number >= right->number;
	}
	return false;
}

/* ------------------------------------------------------------- showing */

void script_value_write(struct json_writer *w, const struct script_value *value)
{
	switch (value->kind) {
	case SCRIPT_NOTHING:
		json_writer_null(w);
		break;
	case SCRIPT_NUMBER:
		if (value->number < 0)
			json_writer_i64(w, (int64_t)value->number);
		else if (value->is_hex || value->number > INT64_MAX)
			json_writer_hex(w, (uint64_t)value->number);
		else
			json_writer_u64(w, (uint64_t)value->number);
		break;
	case SCRIPT_TEXT:
	case SCRIPT_ERRNO:
		if (value->is_json)
			json_writer_raw(w, value->text, value->len);
		else
			json_writer_string(w, value->text, value->len);
		break;
	case SCRIPT_PROCESS:
		json_writer_u64(w, value->process);
		break;
	case SCRIPT_OBJECT:
		json_writer_raw(w, value->text, value->len);
		break;
	}
}
