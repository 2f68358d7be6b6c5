/* SPDX-License-Identifier: MIT */
#include "tests/support/json_compare.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "proto/json/index.h"

static const char *compare_value(struct json_reader *r, const json_t *theirs);

/* The decoded characters in memory of exactly the promised size, for the sanitizer to watch. */
static char *decode(const struct json_value *string, size_t *lenp)
{
	size_t room = string->len - 2;
	char *scratch = malloc(room ? room : 1), *copy;
	const char *text;

	if (!scratch)
		abort();
	text = json_string_text(string, scratch, room, lenp);
	if (!text || text == scratch)
		return text ? scratch : NULL;
	copy = malloc(*lenp ? *lenp : 1);
	if (!copy)
		abort();
	memcpy(copy, text, *lenp);
	free(scratch);
	return copy;
}

static const char *compare_text(const struct json_value *ours, const char *text,
				size_t len, const char *bytes, size_t bytes_len)
{
	if (!text)
		return "a string does not fit the promised room";
	if (len != bytes_len || memcmp(text, bytes, len) != 0)
		return "a string differs";
	if (!json_string_equals(ours, text, len))
		return "a string does not equal itself";
	if (json_string_equals(ours, text, len + 1) ||
	    (len && json_string_equals(ours, text, len - 1)))
		return "a string equals one of another length";
	return NULL;
}

static const char *compare_string(const struct json_value *ours,
				  const json_t *theirs)
{
	const char *difference;
	char *text;
	size_t len = 0;

	if (!json_is_string(theirs))
		return "only ours is a string";
	text = decode(ours, &len);
	difference = compare_text(ours, text, len, json_string_value(theirs),
				  json_string_length(theirs));
	free(text);
	return difference;
}

static double as_double(const struct json_value *number)
{
	char *text = strndup(number->text, number->len);
	double value;

	if (!text)
		abort();
	value = strtod(text, NULL);
	free(text);
	return value;
}

static const char *compare_number(const struct json_value *ours,
				  const json_t *theirs)
{
	uint64_t large = 0;
	int64_t value = 0;
	enum json_fit fit = json_number_i64(ours, &value);
	enum json_fit large_fit = json_number_u64(ours, &large);

	if (!json_is_number(theirs))
		return "only ours is a number";
	if (json_is_real(theirs)) {
		/* Overlong integers too, which were loaded as reals: see load(). */
		double real = as_double(ours), other = json_real_value(theirs);

		if (memcmp(&real, &other, sizeof(real)) != 0)
			return "a real differs";
		return NULL;
	}
	if (fit || value != json_integer_value(theirs))
		return "an integer differs";
	if (value < 0 ? large_fit != JSON_FIT_BELOW
		      : large_fit || large != (uint64_t)value)
		return "an unsigned integer differs";
	return NULL;
}

static const char *compare_object(struct json_reader *r, const json_t *theirs)
{
	const char *difference = NULL;
	struct json_value key;
	size_t count = 0, len = 0;
	json_t *other;
	char *name;

	if (!json_is_object(theirs))
		return "only ours is an object";
	json_reader_enter(r);
	while (json_reader_member(r, &key)) {
		name = decode(&key, &len);
		other = name ? json_object_getn(theirs, name, len) : NULL;
		free(name);
		if (!other)
			return "only ours has a member";
		difference = compare_value(r, other);
		if (difference)
			return difference;
		count++;
	}
	return count == json_object_size(theirs) ? NULL
						 : "only theirs has a member";
}

static const char *compare_array(struct json_reader *r, const json_t *theirs)
{
	const char *difference = NULL;
	size_t count = 0;

	if (!json_is_array(theirs))
		return "only ours is an array";
	json_reader_enter(r);
	while (json_reader_element(r)) {
		if (count == json_array_size(theirs))
			return "only ours has an element";
		difference = compare_value(r, json_array_get(theirs, count++));
		if (difference)
			return difference;
	}
	return count == json_array_size(theirs) ? NULL
						: "only theirs has an element";
}

static const char *compare_value(struct json_reader *r, const json_t *theirs)
{
	struct json_reader skipped = *r;
	enum json_kind kind = json_reader_peek(r);
	const char *difference = NULL;
	struct json_value value;

	json_reader_value(&skipped, &value);
	if (value.kind != kind)
		return "peeking and taking disagree on the kind";
	switch (kind) {
	case JSON_KIND_OBJECT:
		difference = compare_object(r, theirs);
		break;
	case JSON_KIND_ARRAY:
		difference = compare_array(r, theirs);
		break;
	case JSON_KIND_STRING:
		difference = compare_string(&value, theirs);
		break;
	case JSON_KIND_NUMBER:
		difference = compare_number(&value, theirs);
		break;
	case JSON_KIND_TRUE:
		difference = json_is_true(theirs) ? NULL : "only ours is true";
		break;
	case JSON_KIND_FALSE:
		difference =
			json_is_false(theirs) ? NULL : "only ours is false";
		break;
	case JSON_KIND_NULL:
		difference = json_is_null(theirs) ? NULL : "only ours is null";
		break;
	}
	if (kind == JSON_KIND_OBJECT || kind == JSON_KIND_ARRAY) {
		if (!difference && r->at != skipped.at)
			difference = "walking and skipping end apart";
	} else {
		*r = skipped;
	}
	return difference;
}

/* ---------------------------------------------------------------- index */

static bool is_same_value(const struct json_value *a,
			  const struct json_value *b)
{
	return a->text == b->text && a->len == b->len && a->kind == b->kind &&
	       a->escaped == b->escaped;
}

static const char *compare_name(const struct json_index *index,
				const char *around,
				const struct json_item *item,
				const struct json_value *key)
{
	struct json_value name;
	const char *difference = NULL;
	size_t len = 0;
	char *text = decode(key, &len);

	json_item_name(index, around, item, &name);
	if (!text || !is_same_value(&name, key) ||
	    item->key != json_key(text, len) ||
	    !json_item_named(index, around, item, json_key(text, len), text,
			     len))
		difference = "the index has another name";
	free(text);
	return difference;
}

/* @around: where what the item is in begins, on that level. */
static const char *compare_item(const struct json_index *index,
				struct json_reader *r, const char *around,
				unsigned level, const struct json_item *item)
{
	const struct json_item *part = json_item_inside(item);
	const struct json_item *end = json_item_end(item);
	const struct json_value ours = json_item_value(around, item);
	const char *difference = NULL;
	struct json_reader inside = *r;
	struct json_value value, key;
	unsigned left = JSON_ELEMENTS_MAX;

	json_reader_value(r, &value);
	if (!is_same_value(&value, &ours))
		return "the index has another value";
	if (level == 2 || value.kind < JSON_KIND_ARRAY)
		return item->nr ? "the index has items too many" : NULL;
	json_reader_enter(&inside);
	while (!difference && (value.kind == JSON_KIND_OBJECT
				       ? json_reader_member(&inside, &key)
				       : json_reader_element(&inside))) {
		if (value.kind == JSON_KIND_ARRAY && !left--)
			break;
		if (part == end)
			return "the index lacks an item";
		if (value.kind == JSON_KIND_OBJECT)
			difference =
				compare_name(index, value.text, part, &key);
		if (!difference)
			difference = compare_item(index, &inside, value.text,
						  level + 1, part);
		part = json_item_next(part);
	}
	if (!difference && part != end)
		return "the index has an item too many";
	return difference;
}

/* With their names. */
static bool is_same_text(const char *around, const struct json_item *item,
			 const char *was_around, const struct json_item *was)
{
	const size_t len = json_item_behind(item) - item->name;

	return len == json_item_behind(was) - was->name &&
	       !memcmp(around + item->name, was_around + was->name, len);
}

/* What is in an item of one row, and in that in its place in the row before. */
static const char *compare_repeated(const char *around,
				    const struct json_item *in,
				    const char *was_around,
				    const struct json_item *was_in)
{
	const struct json_item *item = json_item_inside(in);
	const struct json_item *was = json_item_inside(was_in);
	const char *difference = NULL;
	bool has_model, is_same;

	for (; !difference && item < json_item_end(in);
	     item = json_item_next(item)) {
		has_model = was < json_item_end(was_in);
		is_same = has_model && was->key == item->key &&
			  is_same_text(around, item, was_around, was);
		if (item->repeats && !is_same)
			return "an item does not repeat the one before";
		if (!has_model)
			continue;
		if (!item->repeats)
			difference =
				compare_repeated(around + item->at, item,
						 was_around + was->at, was);
		was = json_item_next(was);
	}
	return difference;
}

/* @before: the row before, which begins at @was; NULL: this is the first. */
static const char *compare_row(const struct json_index *index,
			       const struct json_item *before, const char *was,
			       struct json_reader *r)
{
	const struct json_item *row = json_index_row(index);
	const char *difference = compare_item(index, r, index->text, 0, row);

	if (!difference && before)
		difference = compare_repeated(json_row_text(index, row), row,
					      was, before);
	return difference;
}

/* Rows as they come, and those that are left fetched with fewer each time.
 * @kept: what the row of a text that is one may repeat */
static const char *compare_rows(struct json_index *index,
				const struct json_kept *kept, const char *text,
				size_t len)
{
	const char *difference = NULL;
	struct json_reader r;
	unsigned count = 0, elements = index->elements;
	bool is_array = index->is_array;
	const struct json_item *before =
		kept->number && !is_array ? kept->items : NULL;
	const char *was = kept->text;

	json_reader_init(&r, text, len);
	if (is_array != (json_reader_peek(&r) == JSON_KIND_ARRAY))
		return "only one of them is an array";
	if (is_array)
		json_reader_enter(&r);
	while (!difference && (is_array ? json_reader_element(&r) : !count)) {
		if (count % 3 == 2 || !json_index_row(index)) {
			json_index_resume(index, text, len, r.at,
					  1 + count % 3);
			before = NULL;
		}
		if (!json_index_row(index))
			return "the index lacks a row";
		difference = compare_row(index, before, was, &r);
		before = json_index_row(index);
		was = json_row_text(index, before);
		json_index_advance(index);
		count++;
	}
	if (!difference && is_array && count != elements)
		return "the index counts the rows wrongly";
	return difference;
}

const char *json_compare_index(const char *text, size_t len, unsigned depth)
{
	struct json_fault fault = { 0 }, index_fault = { 0 };
	/* One for all texts: to make one takes longer than to use it. */
	static struct json_index index;
	const struct json_kept *kept;
	const char *difference = NULL;
	int refused;

	if (!index.items && !json_index_init(&index, 0))
		abort();
	/* The text before is gone, and may be repeated. */
	kept = &index.kept[index.last_kept];
	refused = json_validate(text, len, depth, &fault);
	if (json_index_judge(&index, text, len, depth, &index_fault) != refused)
		difference = "the two judges disagree";
	else if (fault.code != index_fault.code ||
		 fault.offset != index_fault.offset)
		difference = "the two judges find another fault";
	else if (refused && json_index_row(&index))
		difference = "there are rows of a refused text";
	else if (!refused && !index.is_array)
		json_index_keep(&index);
	if (!difference && !refused)
		difference = compare_rows(&index, kept, text, len);
	return difference;
}

static json_t *load(const char *text, size_t len, enum json_error_code *code)
{
	size_t flags =
		JSON_DECODE_ANY | JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL;
	json_error_t error;
	json_t *value = json_loadb(text, len, flags, &error);

	*code = json_error_unknown;
	if (!value && json_error_code(&error) == json_error_numeric_overflow)
		value = json_loadb(text, len, flags | JSON_DECODE_INT_AS_REAL,
				   &error);
	if (!value)
		*code = json_error_code(&error);
	return value;
}

static const char *explain_our_refusal(const struct json_fault *fault,
				       const char *text)
{
	switch (fault->code) {
	case JSON_E_ARRAY:
	case JSON_E_OBJECT:
	case JSON_E_TRAILING:
		return text[fault->offset] ? "only we refuse it" : NULL;
	case JSON_E_DEPTH:
	case JSON_E_MEMBERS:
	case JSON_E_NAME:
		return NULL;
	default:
		return "only we refuse it";
	}
}

static const char *explain_their_refusal(enum json_error_code code)
{
	switch (code) {
	case json_error_numeric_overflow:
	case json_error_null_byte_in_key:
		return NULL;
	default:
		return "only jansson refuses it";
	}
}

const char *json_compare(const char *text, size_t len)
{
	enum json_error_code code;
	struct json_fault fault = { 0 };
	int refused = json_validate(text, len, JSON_DEPTH_MAX, &fault);
	json_t *theirs = load(text, len, &code);
	const char *difference = NULL;
	struct json_reader r;

	if (refused && fault.offset > len)
		difference = "the fault lies behind the text";
	else if (refused && theirs)
		difference = explain_our_refusal(&fault, text);
	else if (!refused && !theirs)
		difference = explain_their_refusal(code);
	else if (!refused) {
		json_reader_init(&r, text, len);
		difference = compare_value(&r, theirs);
	}
	if (!difference)
		difference = json_compare_index(text, len, JSON_DEPTH_MAX);
	json_decref(theirs);
	return difference;
}
