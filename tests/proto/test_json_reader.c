/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/json/reader.h"
#include "tests/support/suite.h"

static void read_from(struct json_reader *r, const char *text)
{
	struct json_fault fault;

	CU_ASSERT_EQUAL_FATAL(json_validate(text, strlen(text), 0, &fault), 0);
	json_reader_init(r, text, strlen(text));
}

static bool is_slice(const struct json_value *value, const char *text)
{
	return value->len == strlen(text) &&
	       !memcmp(value->text, text, value->len);
}

static struct json_value value_of(const char *text)
{
	struct json_value value;
	struct json_reader r;

	read_from(&r, text);
	json_reader_value(&r, &value);
	return value;
}

static void each_kind_is_peeked_and_taken(void)
{
	static const struct {
		const char *text;
		const char *slice;
		enum json_kind kind;
	} rows[] = {
		{ "null", "null", JSON_KIND_NULL },
		{ " true ", "true", JSON_KIND_TRUE },
		{ "\nfalse\n", "false", JSON_KIND_FALSE },
		{ "0", "0", JSON_KIND_NUMBER },
		{ "\t-1.50e+09 ", "-1.50e+09", JSON_KIND_NUMBER },
		{ "\"\"", "\"\"", JSON_KIND_STRING },
		{ " \"a b\" ", "\"a b\"", JSON_KIND_STRING },
		{ "\"\\\"\"", "\"\\\"\"", JSON_KIND_STRING },
		{ "[]", "[]", JSON_KIND_ARRAY },
		{ " [ 1, [2] ] ", "[ 1, [2] ]", JSON_KIND_ARRAY },
		{ "{}", "{}", JSON_KIND_OBJECT },
		{ "{\"}\":\"]\"} ", "{\"}\":\"]\"}", JSON_KIND_OBJECT },
		{ "[\"\\\\\",\"\\\"]\"]", "[\"\\\\\",\"\\\"]\"]",
		  JSON_KIND_ARRAY },
	};
	struct json_value value;
	struct json_reader r;
	unsigned i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		read_from(&r, rows[i].text);
		CU_ASSERT_EQUAL(json_reader_peek(&r), rows[i].kind);
		CU_ASSERT_EQUAL(json_reader_peek(&r), rows[i].kind);
		json_reader_value(&r, &value);
		CU_ASSERT_EQUAL(value.kind, rows[i].kind);
		CU_ASSERT(is_slice(&value, rows[i].slice));
		CU_ASSERT_PTR_EQUAL(r.at, value.text + value.len);
	}
}

static void kinds_have_names_for_people(void)
{
	CU_ASSERT_STRING_EQUAL(json_kind_name(JSON_KIND_NULL), "null");
	CU_ASSERT_STRING_EQUAL(json_kind_name(JSON_KIND_FALSE), "false");
	CU_ASSERT_STRING_EQUAL(json_kind_name(JSON_KIND_TRUE), "true");
	CU_ASSERT_STRING_EQUAL(json_kind_name(JSON_KIND_NUMBER), "a number");
	CU_ASSERT_STRING_EQUAL(json_kind_name(JSON_KIND_STRING), "a string");
	CU_ASSERT_STRING_EQUAL(json_kind_name(JSON_KIND_ARRAY), "an array");
	CU_ASSERT_STRING_EQUAL(json_kind_name(JSON_KIND_OBJECT), "an object");
}

static void members_come_in_order_with_their_values(void)
{
	static const char *const names[] = { "\"a\"", "\"\"", "\"c\\n\"",
					     "\"d\"" };
	static const char *const values[] = { "1", "[2, {\"x\": 3}]", "\"}\"",
					      "{}" };
	struct json_value key, value;
	struct json_reader r;
	unsigned i = 0;

	read_from(&r, " { \"a\":1 , \"\" : [2, {\"x\": 3}],\"c\\n\":\"}\""
		      "\n,\n\"d\"\n:\n{} } ");
	json_reader_enter(&r);
	while (json_reader_member(&r, &key)) {
		CU_ASSERT_FATAL(i < 4);
		CU_ASSERT(is_slice(&key, names[i]));
		CU_ASSERT_EQUAL(key.kind, JSON_KIND_STRING);
		CU_ASSERT_EQUAL(key.escaped, i == 2);
		json_reader_value(&r, &value);
		CU_ASSERT(is_slice(&value, values[i]));
		i++;
	}
	CU_ASSERT_EQUAL(i, 4);
	CU_ASSERT_STRING_EQUAL(r.at, " ");
}

static void elements_come_in_order(void)
{
	struct json_value value;
	struct json_reader r;
	char seen[64] = "";

	read_from(&r, "[ 1,\"2\" ,[3,[]],{\"4\":5},null\n]");
	json_reader_enter(&r);
	while (json_reader_element(&r)) {
		json_reader_value(&r, &value);
		strncat(seen, value.text, value.len);
		strcat(seen, ";");
	}
	CU_ASSERT_STRING_EQUAL(seen, "1;\"2\";[3,[]];{\"4\":5};null;");
	CU_ASSERT_STRING_EQUAL(r.at, "");
}

static void empty_ones_have_nothing_inside(void)
{
	struct json_value key;
	struct json_reader r;

	read_from(&r, "[ ]");
	json_reader_enter(&r);
	CU_ASSERT(!json_reader_element(&r));
	CU_ASSERT_STRING_EQUAL(r.at, "");
	read_from(&r, "{ }");
	json_reader_enter(&r);
	CU_ASSERT(!json_reader_member(&r, &key));
	CU_ASSERT_STRING_EQUAL(r.at, "");
}

static void skipping_ends_where_taking_does(void)
{
	struct json_reader r;

	read_from(&r, "[{\"a\":[1,\"]\"]},2]");
	json_reader_enter(&r);
	CU_ASSERT(json_reader_element(&r));
	json_reader_skip(&r);
	CU_ASSERT_STRING_EQUAL(r.at, ",2]");
}

/* How a call whose params come before its method is read. */
static void a_place_can_be_returned_to(void)
{
	struct json_reader r, params = { 0 };
	struct json_value key, value;

	read_from(&r, "{\"params\":[7],\"method\":\"m\"}");
	json_reader_enter(&r);
	while (json_reader_member(&r, &key)) {
		if (json_string_is(&key, "params"))
			params = r;
		json_reader_skip(&r);
	}
	json_reader_enter(&params);
	CU_ASSERT(json_reader_element(&params));
	json_reader_value(&params, &value);
	CU_ASSERT(is_slice(&value, "7"));
	CU_ASSERT(!json_reader_element(&params));
}

/* How a batch goes on after a pause, from an offset alone. */
static void a_batch_goes_on_from_an_offset(void)
{
	static const char text[] = "[{\"id\":1} , {\"id\":2},{\"id\":3}]";
	unsigned calls = 0;
	size_t offset = 1;
	struct json_value call;
	struct json_reader r;

	for (;;) {
		json_reader_init(&r, text + offset, sizeof(text) - 1 - offset);
		if (!json_reader_element(&r))
			break;
		json_reader_value(&r, &call);
		CU_ASSERT_EQUAL(call.text[6], (char)('1' + calls));
		offset = (size_t)(r.at - text);
		calls++;
	}
	CU_ASSERT_EQUAL(calls, 3);
	CU_ASSERT_PTR_EQUAL(r.at, text + sizeof(text) - 1);
}

static void a_slice_is_a_text_of_its_own(void)
{
	struct json_value params = value_of("[1,2]"), value;
	struct json_reader r;

	json_reader_init(&r, params.text, params.len);
	json_reader_enter(&r);
	CU_ASSERT(json_reader_element(&r));
	json_reader_value(&r, &value);
	CU_ASSERT(is_slice(&value, "1"));
}

static const struct {
	const char *text;
	const char *chars;
	size_t len;
} strings[] = {
	{ "\"\"", "", 0 },
	{ "\"plain\"", "plain", 5 },
	{ "\"\xc3\xa9\"", "\xc3\xa9", 2 },
	{ "\"\\\"\\\\\\/\"", "\"\\/", 3 },
	{ "\"\\b\\f\\n\\r\\t\"", "\b\f\n\r\t", 5 },
	{ "\"\\u0000\"", "\0", 1 },
	{ "\"a\\u0000b\"", "a\0b", 3 },
	{ "\"\\u007f\"", "\x7f", 1 },
	{ "\"\\u0080\"", "\xc2\x80", 2 },
	{ "\"\\u07ff\"", "\xdf\xbf", 2 },
	{ "\"\\u0800\"", "\xe0\xa0\x80", 3 },
	{ "\"\\ud7ff\"", "\xed\x9f\xbf", 3 },
	{ "\"\\uE000\"", "\xee\x80\x80", 3 },
	{ "\"\\uffff\"", "\xef\xbf\xbf", 3 },
	{ "\"\\ud800\\udc00\"", "\xf0\x90\x80\x80", 4 },
	{ "\"\\uDBFF\\uDFFF\"", "\xf4\x8f\xbf\xbf", 4 },
	{ "\"\\ud83d\\udc27!\"", "\xf0\x9f\x90\xa7!", 5 },
	{ "\"\\\\u0041\"", "\\u0041", 6 },
	{ "\"0\\u00413\"", "0A3", 3 },
	{ "\"\xe7\xa7\xbb\\n\"", "\xe7\xa7\xbb\n", 4 },
};

static void strings_are_decoded(void)
{
	struct json_value value;
	const char *text;
	char scratch[64];
	size_t len;
	unsigned i;

	for (i = 0; i < sizeof(strings) / sizeof(strings[0]); i++) {
		value = value_of(strings[i].text);
		text = json_string_text(&value, scratch, sizeof(scratch), &len);
		CU_ASSERT_PTR_NOT_NULL_FATAL(text);
		CU_ASSERT_EQUAL(len, strings[i].len);
		CU_ASSERT(!memcmp(text, strings[i].chars, strings[i].len));
		CU_ASSERT_EQUAL(text == scratch, value.escaped);
		CU_ASSERT_EQUAL(value.escaped,
				strchr(strings[i].text, '\\') != NULL);
	}
}

static void decoding_needs_the_room_it_needs(void)
{
	struct json_value value;
	char scratch[64];
	size_t len, room;
	unsigned i;

	for (i = 0; i < sizeof(strings) / sizeof(strings[0]); i++) {
		value = value_of(strings[i].text);
		if (!value.escaped)
			continue;
		for (room = 0; room < strings[i].len; room++) {
			memset(scratch, '?', sizeof(scratch));
			CU_ASSERT_PTR_NULL(
				json_string_text(&value, scratch, room, &len));
			CU_ASSERT(len <= room);
			CU_ASSERT_EQUAL(scratch[room], '?');
		}
		CU_ASSERT_PTR_EQUAL(
			json_string_text(&value, scratch, strings[i].len, &len),
			scratch);
	}
}

static void strings_equal_what_they_stand_for(void)
{
	struct json_value value;
	char other[16];
	size_t len, at;
	unsigned i;

	for (i = 0; i < sizeof(strings) / sizeof(strings[0]); i++) {
		value = value_of(strings[i].text);
		len = strings[i].len;
		memcpy(other, strings[i].chars, len);
		other[len] = 'x';
		CU_ASSERT(json_string_equals(&value, other, len));
		CU_ASSERT(!json_string_equals(&value, other, len + 1));
		for (at = 0; at < len; at++) {
			CU_ASSERT(!json_string_equals(&value, other, at));
			other[at] ^= 1;
			CU_ASSERT(!json_string_equals(&value, other, len));
			other[at] ^= 1;
		}
	}
}

static void names_are_compared_with_constants(void)
{
	struct json_value plain = value_of("\"method\"");
	struct json_value escaped = value_of("\"m\\u0065thod\"");

	CU_ASSERT(json_string_is(&plain, "method"));
	CU_ASSERT(!json_string_is(&plain, "metho"));
	CU_ASSERT(!json_string_is(&plain, "methods"));
	CU_ASSERT(!json_string_is(&plain, "Method"));
	CU_ASSERT(!json_string_is(&plain, ""));
	CU_ASSERT(json_string_is(&escaped, "method"));
	CU_ASSERT(!json_string_is(&escaped, "m\\u0065thod"));
}

static const struct {
	const char *text;
	enum json_fit u64_fit;
	uint64_t u64;
	enum json_fit i64_fit;
	int64_t i64;
} numbers[] = {
	{ "0", JSON_FIT_OK, 0, JSON_FIT_OK, 0 },
	{ "-0", JSON_FIT_OK, 0, JSON_FIT_OK, 0 },
	{ "7", JSON_FIT_OK, 7, JSON_FIT_OK, 7 },
	{ "-1", JSON_FIT_BELOW, 0, JSON_FIT_OK, -1 },
	{ "1234567890123", JSON_FIT_OK, 1234567890123, JSON_FIT_OK,
	  1234567890123 },
	{ "9223372036854775807", JSON_FIT_OK, INT64_MAX, JSON_FIT_OK,
	  INT64_MAX },
	{ "9223372036854775808", JSON_FIT_OK, (uint64_t)1 << 63, JSON_FIT_ABOVE,
	  0 },
	{ "-9223372036854775807", JSON_FIT_BELOW, 0, JSON_FIT_OK, -INT64_MAX },
	{ "-9223372036854775808", JSON_FIT_BELOW, 0, JSON_FIT_OK, INT64_MIN },
	{ "-9223372036854775809", JSON_FIT_BELOW, 0, JSON_FIT_BELOW, 0 },
	{ "18446744073709551615", JSON_FIT_OK, UINT64_MAX, JSON_FIT_ABOVE, 0 },
	{ "18446744073709551616", JSON_FIT_ABOVE, 0, JSON_FIT_ABOVE, 0 },
	{ "18446744073709551620", JSON_FIT_ABOVE, 0, JSON_FIT_ABOVE, 0 },
	{ "18446744073709551625", JSON_FIT_ABOVE, 0, JSON_FIT_ABOVE, 0 },
	{ "36893488147419103232", JSON_FIT_ABOVE, 0, JSON_FIT_ABOVE, 0 },
	{ "-18446744073709551616", JSON_FIT_BELOW, 0, JSON_FIT_BELOW, 0 },
	{ "184467440737095516160000000000", JSON_FIT_ABOVE, 0, JSON_FIT_ABOVE,
	  0 },
	{ "1.0", JSON_FIT_FRACTION, 0, JSON_FIT_FRACTION, 0 },
	{ "-0.0", JSON_FIT_FRACTION, 0, JSON_FIT_FRACTION, 0 },
	{ "1e3", JSON_FIT_FRACTION, 0, JSON_FIT_FRACTION, 0 },
	{ "1E0", JSON_FIT_FRACTION, 0, JSON_FIT_FRACTION, 0 },
	{ "99999999999999999999.5", JSON_FIT_FRACTION, 0, JSON_FIT_FRACTION,
	  0 },
};

static void numbers_fit_or_say_why_not(void)
{
	struct json_value value;
	uint64_t u64;
	int64_t i64;
	unsigned i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		value = value_of(numbers[i].text);
		u64 = 0;
		i64 = 0;
		CU_ASSERT_EQUAL(json_number_u64(&value, &u64),
				numbers[i].u64_fit);
		CU_ASSERT_EQUAL(u64, numbers[i].u64);
		CU_ASSERT_EQUAL(json_number_i64(&value, &i64),
				numbers[i].i64_fit);
		CU_ASSERT_EQUAL(i64, numbers[i].i64);
	}
}

static void what_does_not_fit_is_not_stored(void)
{
	struct json_value value = value_of("-18446744073709551616");
	uint64_t u64 = 4711;
	int64_t i64 = 4711;

	CU_ASSERT_EQUAL(json_number_u64(&value, &u64), JSON_FIT_BELOW);
	CU_ASSERT_EQUAL(json_number_i64(&value, &i64), JSON_FIT_BELOW);
	CU_ASSERT_EQUAL(u64, 4711);
	CU_ASSERT_EQUAL(i64, 4711);
}

CU_TestInfo test_json_reader[] = {
	{ "each kind is peeked and taken", each_kind_is_peeked_and_taken },
	{ "kinds have names for people", kinds_have_names_for_people },
	{ "members come in order with their values",
	  members_come_in_order_with_their_values },
	{ "elements come in order", elements_come_in_order },
	{ "empty ones have nothing inside", empty_ones_have_nothing_inside },
	{ "skipping ends where taking does", skipping_ends_where_taking_does },
	{ "a place can be returned to", a_place_can_be_returned_to },
	{ "a batch goes on from an offset", a_batch_goes_on_from_an_offset },
	{ "a slice is a text of its own", a_slice_is_a_text_of_its_own },
	{ "strings are decoded", strings_are_decoded },
	{ "decoding needs the room it needs",
	  decoding_needs_the_room_it_needs },
	{ "strings equal what they stand for",
	  strings_equal_what_they_stand_for },
	{ "names are compared with constants",
	  names_are_compared_with_constants },
	{ "numbers fit or say why not", numbers_fit_or_say_why_not },
	{ "what does not fit is not stored", what_does_not_fit_is_not_stored },
	CU_TEST_INFO_NULL,
};
