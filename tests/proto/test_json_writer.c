/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/json/reader.h"
#include "proto/json/writer.h"
#include "tests/support/suite.h"

/* A writer on a buffer of its own. */
struct sheet {
	struct buffer out;
	struct json_writer w;
};

static void sheet_init(struct sheet *sheet, size_t max)
{
	buffer_init(&sheet->out, max);
	json_writer_init(&sheet->w, &sheet->out);
}

/* Is this what was written, and is it JSON? */
static bool sheet_reads(const struct sheet *sheet, const char *text)
{
	struct json_fault fault;

	if (sheet->out.failed || sheet->out.len != strlen(text) ||
	    memcmp(sheet->out.data, text, sheet->out.len) != 0) {
		fprintf(stderr, "%.*s\n", (int)sheet->out.len, sheet->out.data);
		return false;
	}
	return !json_validate(sheet->out.data, sheet->out.len, 0, &fault);
}

static void commas_come_by_themselves(void)
{
	struct sheet sheet;
	struct json_writer *w = &sheet.w;

	sheet_init(&sheet, 1000);
	json_writer_object(w);
	json_writer_key(w, "a");
	json_writer_u64(w, 1);
	json_writer_key(w, "b");
	json_writer_array(w);
	json_writer_array(w);
	json_writer_array_end(w);
	json_writer_object(w);
	json_writer_object_end(w);
	json_writer_bool(w, true);
	json_writer_bool(w, false);
	json_writer_null(w);
	json_writer_array_end(w);
	json_writer_key_text(w, "c\n", 2);
	json_writer_object(w);
	json_writer_key_text(w, "", 0);
	json_writer_hex(w, 0x602000);
	json_writer_key(w, "d");
	json_writer_raw(w, "[1, 2]", 6);
	json_writer_key(w, "e");
	json_writer_i64(w, -5);
	json_writer_object_end(w);
	json_writer_key(w, "f");
	json_writer_text(w, "g");
	json_writer_key(w, "h");
	json_writer_text(w, NULL);
	json_writer_object_end(w);
	CU_ASSERT(sheet_reads(
		&sheet,
		"{\"a\":1,\"b\":[[],{},true,false,null],\"c\\n\":{\"\":"
		"\"0x602000\",\"d\":[1, 2],\"e\":-5},\"f\":\"g\",\"h\":null}"));
	buffer_deinit(&sheet.out);
}

static void a_value_may_stand_alone(void)
{
	struct sheet sheet;

	sheet_init(&sheet, 100);
	json_writer_string(&sheet.w, "alone", 5);
	CU_ASSERT(sheet_reads(&sheet, "\"alone\""));
	buffer_deinit(&sheet.out);
}

static void writing_goes_on_behind_what_is_there(void)
{
	struct sheet sheet;

	sheet_init(&sheet, 100);
	buffer_append_literal(&sheet.out, "[0,");
	json_writer_array(&sheet.w);
	json_writer_u64(&sheet.w, 1);
	json_writer_u64(&sheet.w, 2);
	json_writer_array_end(&sheet.w);
	buffer_append_literal(&sheet.out, "]");
	CU_ASSERT(sheet_reads(&sheet, "[0,[1,2]]"));
	buffer_deinit(&sheet.out);
}

#define STRING(literal) literal, sizeof(literal) - 1

static const struct {
	const char *text;
	size_t len;
	const char *written;
} strings[] = {
	{ STRING(""), "\"\"" },
	{ STRING("plain"), "\"plain\"" },
	{ STRING("eight ok"), "\"eight ok\"" },
	{ STRING("\"\\/"), "\"\\\"\\\\/\"" },
	{ STRING("\b\t\n\f\r"), "\"\\b\\t\\n\\f\\r\"" },
	{ STRING("\0"), "\"\\u0000\"" },
	{ STRING("a\0b"), "\"a\\u0000b\"" },
	{ STRING("\x01\x0b\x1f\x7f"), "\"\\u0001\\u000b\\u001f\x7f\"" },
	{ STRING("1234567\n"), "\"1234567\\n\"" },
	{ STRING("12345678\n12345678\""), "\"12345678\\n12345678\\\"\"" },
	{ STRING("\xc3\xa9\xe7\xa7\xbb\xf0\x9f\x90\xa7"),
	  "\"\xc3\xa9\xe7\xa7\xbb\xf0\x9f\x90\xa7\"" },
	{ STRING("\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf"),
	  "\"\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf\"" },
	/* One U+FFFD for each byte that is not UTF-8. */
	{ STRING("\x80"), "\"\xef\xbf\xbd\"" },
	{ STRING("a\xff\xfe.b"), "\"a\xef\xbf\xbd\xef\xbf\xbd.b\"" },
	{ STRING("\xc3"), "\"\xef\xbf\xbd\"" },
	{ STRING("\xc3\""), "\"\xef\xbf\xbd\\\"\"" },
	{ STRING("\xc0\xaf"), "\"\xef\xbf\xbd\xef\xbf\xbd\"" },
	{ STRING("\xe7\xa7"), "\"\xef\xbf\xbd\xef\xbf\xbd\"" },
	{ STRING("\xed\xa0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
	{ STRING("\xe7\xa7\n"), "\"\xef\xbf\xbd\xef\xbf\xbd\\n\"" },
	{ STRING("1234567\x80"), "\"1234567\xef\xbf\xbd\"" },
};

static void strings_are_escaped_and_repaired(void)
{
	struct sheet sheet;
	unsigned i;

	for (i = 0; i < sizeof(strings) / sizeof(strings[0]); i++) {
		sheet_init(&sheet, 1000);
		json_writer_string(&sheet.w, strings[i].text, strings[i].len);
		CU_ASSERT(sheet_reads(&sheet, strings[i].written));
		buffer_deinit(&sheet.out);
	}
}

static void every_ascii_character_comes_back(void)
{
	char text[128], scratch[128];
	struct json_value value;
	struct json_reader r;
	struct sheet sheet;
	const char *back;
	size_t len;
	unsigned i;

	for (i = 0; i < sizeof(text); i++)
		text[i] = (char)i;
	sheet_init(&sheet, 1000);
	json_writer_string(&sheet.w, text, sizeof(text));
	json_reader_init(&r, sheet.out.data, sheet.out.len);
	json_reader_value(&r, &value);
	back = json_string_text(&value, scratch, sizeof(scratch), &len);
	CU_ASSERT_PTR_NOT_NULL_FATAL(back);
	CU_ASSERT_EQUAL(len, sizeof(text));
	CU_ASSERT(!memcmp(back, text, sizeof(text)));
	buffer_deinit(&sheet.out);
}

static void numbers_keep_their_edges(void)
{
	struct sheet sheet;

	sheet_init(&sheet, 1000);
	json_writer_array(&sheet.w);
	json_writer_u64(&sheet.w, 0);
	json_writer_u64(&sheet.w, UINT64_MAX);
	json_writer_i64(&sheet.w, 0);
	json_writer_i64(&sheet.w, -1);
	json_writer_i64(&sheet.w, INT64_MIN);
	json_writer_i64(&sheet.w, INT64_MAX);
	json_writer_hex(&sheet.w, 0);
	json_writer_hex(&sheet.w, UINT64_MAX);
	json_writer_array_end(&sheet.w);
	CU_ASSERT(sheet_reads(
		&sheet, "[0,18446744073709551615,0,-1,-9223372036854775808,"
			"9223372036854775807,\"0x0\",\"0xffffffffffffffff\"]"));
	buffer_deinit(&sheet.out);
}

static void what_is_put_joins_what_is_written(void)
{
	struct sheet sheet;
	unsigned i;
	char *p;

	sheet_init(&sheet, 1000);
	json_writer_array(&sheet.w);
	for (i = 0; i < 2; i++) {
		p = json_writer_open(&sheet.w, 64);
		CU_ASSERT_PTR_NOT_NULL_FATAL(p);
		p = json_put_literal(p, "{\"id\":");
		p = buffer_put_u64(p, i + 41);
		p = json_put_literal(p, ",\"start\":");
		p = json_put_hex(p, 0x1000 * i);
		p = json_put_literal(p, "}");
		json_writer_close(&sheet.w, p);
	}
	json_writer_null(&sheet.w);
	json_writer_array_end(&sheet.w);
	CU_ASSERT(sheet_reads(&sheet,
			      "[{\"id\":41,\"start\":\"0x0\"},"
			      "{\"id\":42,\"start\":\"0x1000\"},null]"));
	buffer_deinit(&sheet.out);
}

/* The right bytes in exactly that room, or none if there is anything special. */
static bool is_put_plain(const char *text, size_t len)
{
	char *room = malloc(len + 2), *from = malloc(len ? len : 1), *end;
	bool right, is_plain = true;
	size_t i;

	if (!room || !from)
		abort();
	/* The sanitizer sees a byte too many. */
	memcpy(from, text, len);
	for (i = 0; i < len; i++)
		if ((unsigned char)text[i] < 0x20 ||
		    (unsigned char)text[i] > 0x7f || text[i] == '"' ||
		    text[i] == '\\')
			is_plain = false;
	end = json_put_plain(room, from, len);
	right = is_plain ? end == room + len + 2 : !end;
	if (right && end)
		right = *room == '"' && end[-1] == '"' &&
			!memcmp(room + 1, text, len);
	free(room);
	free(from);
	return right;
}

static void plain_strings_are_put_and_others_are_not(void)
{
	char text[30] = "abcdefghijklmnopqrstuvwxyz0123";
	size_t len, at;
	int byte;

	for (len = 0; len <= sizeof(text); len++) {
		CU_ASSERT(is_put_plain(text, len));
		for (at = 0; at < len; at++) {
			const char before = text[at];

			for (byte = 0; byte < 256; byte++) {
				text[at] = (char)byte;
				CU_ASSERT(is_put_plain(text, len));
			}
			text[at] = before;
		}
	}
}

static void rewinding_restores_the_comma(void)
{
	struct json_mark first, second;
	struct sheet sheet;

	sheet_init(&sheet, 1000);
	json_writer_array(&sheet.w);
	first = json_writer_mark(&sheet.w);
	json_writer_u64(&sheet.w, 1);
	json_writer_rewind(&sheet.w, first);
	json_writer_u64(&sheet.w, 2);
	second = json_writer_mark(&sheet.w);
	json_writer_object(&sheet.w);
	json_writer_key(&sheet.w, "dropped");
	json_writer_rewind(&sheet.w, second);
	json_writer_u64(&sheet.w, 3);
	json_writer_array_end(&sheet.w);
	CU_ASSERT(sheet_reads(&sheet, "[2,3]"));
	buffer_deinit(&sheet.out);
}

/* One of everything, about 130 bytes. */
static void write_everything(struct json_writer *w)
{
	char *p;

	json_writer_object(w);
	json_writer_key(w, "id");
	json_writer_u64(w, 12345);
	json_writer_key_text(w, "key", 3);
	json_writer_array(w);
	json_writer_i64(w, -12345);
	json_writer_hex(w, 0x7fff0000);
	json_writer_string(w, "a\n\xff\xc3\xa9 and more", 15);
	json_writer_bool(w, true);
	json_writer_null(w);
	json_writer_raw(w, "1.50", 4);
	p = json_writer_open(w, 8);
	if (p)
		json_writer_close(w, json_put_literal(p, "\"put\""));
	json_writer_array_end(w);
	json_writer_object_end(w);
}

static void with_less_room_a_prefix_is_left(void)
{
	struct sheet whole, part;
	size_t max;

	sheet_init(&whole, 1000);
	write_everything(&whole.w);
	CU_ASSERT_EQUAL_FATAL(whole.out.failed, BUFFER_OK);
	for (max = 0; max < whole.out.len; max++) {
		sheet_init(&part, max);
		write_everything(&part.w);
		CU_ASSERT_EQUAL(part.out.failed, BUFFER_FULL);
		CU_ASSERT(part.out.len <= max);
		CU_ASSERT(!part.out.len ||
			  !memcmp(part.out.data, whole.out.data, part.out.len));
		buffer_deinit(&part.out);
	}
	buffer_deinit(&whole.out);
}

static void a_refusal_fits_where_the_answer_did_not(void)
{
	struct json_mark mark;
	struct sheet sheet;

	sheet_init(&sheet, 64);
	json_writer_array(&sheet.w);
	json_writer_u64(&sheet.w, 1);
	mark = json_writer_mark(&sheet.w);
	write_everything(&sheet.w);
	CU_ASSERT_EQUAL(sheet.out.failed, BUFFER_FULL);
	json_writer_rewind(&sheet.w, mark);
	json_writer_text(&sheet.w, "too large");
	json_writer_array_end(&sheet.w);
	CU_ASSERT(sheet_reads(&sheet, "[1,\"too large\"]"));
	buffer_deinit(&sheet.out);
}

CU_TestInfo test_json_writer[] = {
	{ "commas come by themselves", commas_come_by_themselves },
	{ "a value may stand alone", a_value_may_stand_alone },
	{ "writing goes on behind what is there",
	  writing_goes_on_behind_what_is_there },
	{ "strings are escaped and repaired",
	  strings_are_escaped_and_repaired },
	{ "every ASCII character comes back",
	  every_ascii_character_comes_back },
	{ "numbers keep their edges", numbers_keep_their_edges },
	{ "what is put joins what is written",
	  what_is_put_joins_what_is_written },
	{ "plain strings are put and others are not",
	  plain_strings_are_put_and_others_are_not },
	{ "rewinding restores the comma", rewinding_restores_the_comma },
	{ "with less room a prefix is left", with_less_room_a_prefix_is_left },
	{ "a refusal fits where the answer did not",
	  a_refusal_fits_where_the_answer_did_not },
	CU_TEST_INFO_NULL,
};
