/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/json/index.h"
#include "tests/proto/json_agrees.h"
#include "tests/proto/json_cases.h"
#include "tests/support/suite.h"

static void both_judges_say_the_same_of_each_case_at_each_level(void)
{
	static const struct {
		const char *before, *after;
	} places[] = {
		{ "", "" },
		{ "[", "]" },
		{ "[1,", ",2]" },
		{ "[[", "]]" },
		{ "{\"a\":", "}" },
		{ "{\"a\":1,\"b\":", ",\"c\":2}" },
		{ "{\"a\":{\"b\":", "}}" },
		{ "[{\"a\":{\"b\":", "}},{\"a\":{}}]" },
		{ "{\"a\":[[", "]]}" },
		{ "{\"a\":{\"b\":{\"c\":", "}}}" },
	};
	char text[1024];
	const struct json_case *c;
	size_t i, len, after;

	for (c = json_cases; c->text; c++) {
		for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
			len = strlen(places[i].before);
			after = strlen(places[i].after);
			if (len + c->len + after > sizeof(text))
				continue;
			memcpy(text, places[i].before, len);
			memcpy(text + len, c->text, c->len);
			memcpy(text + len + c->len, places[i].after, after);
			CU_ASSERT(agrees(text, len + c->len + after, 0));
		}
	}
}

static const char batch[] =
	"[{\"jsonrpc\":\"2.0\",\"id\":12345,\"method\":\"mm.mmap\",\"params\":{"
	"\"process\":\"0123456789abcdef0123456789abcdef\",\"addr\":"
	"\"0x10000000\",\"length\":4096,\"prot\":0,\"flags\":50,\"want\":[]}} ,"
	" { \"jsonrpc\" : \"2.0\" , \"method\" : \"mm.brk\" , \"params\" : [ "
	"\"a\" ,"
	" -1.5e3 , true , [\"mm\"] , { } ] , \"i\\u0064\" : \"\\n\" } , 7, "
	"[[1]]]";

static void cut_anywhere_both_judges_find_the_same_fault(void)
{
	CU_ASSERT(agrees_cut_anywhere(batch, sizeof(batch) - 1));
}

static void with_any_byte_changed_both_judges_agree(void)
{
	static const char strays[] = "\"\\,:{}[] 0a\x01\xc3";
	char text[sizeof(batch)];
	size_t i, j;

	for (i = 0; i < sizeof(batch) - 1; i++) {
		for (j = 0; j < sizeof(strays); j++) {
			memcpy(text, batch, sizeof(batch));
			text[i] = strays[j];
			CU_ASSERT(agrees(text, sizeof(batch) - 1, 0));
		}
	}
}

/* The vectors of sixteen bytes begin and end anywhere in names and strings. */
static void names_and_strings_of_any_length_are_kept(void)
{
	char text[700];
	int name, value, len;

	for (name = 0; name < 40; name++) {
		for (value = 0; value < 40; value++) {
			len = snprintf(
				text, sizeof(text),
				"{\"%.*s\":\"%.*s\",\"x\":{\"%.*s\":1}}", name,
				"nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn",
				value,
				"vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv",
				name,
				"mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm");
			CU_ASSERT(agrees(text, (size_t)len, 0));
		}
	}
}

static void names_and_strings_are_cut_anywhere(void)
{
	static const char text[] =
		"{\"nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn\":"
		"\"vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv\"}";
	const size_t len = sizeof(text) - 1;
	char shifted[sizeof(text) + 1];
	size_t begin;

	/* However far the name's quote is from the text's end. */
	for (begin = 1; begin < len; begin++) {
		shifted[0] = '{';
		shifted[1] = '"';
		memcpy(shifted + 2, text + begin, len - begin);
		CU_ASSERT(agrees_cut_anywhere(shifted, 2 + len - begin));
	}
	CU_ASSERT(agrees_cut_anywhere(text, len));
}

static void nesting_ends_at_the_same_limit(void)
{
	char text[2 * JSON_DEPTH_MAX + 2];
	unsigned depth, open;

	for (depth = 1; depth <= JSON_DEPTH_MAX; depth++) {
		for (open = depth ? depth - 1 : 0; open <= depth + 1; open++) {
			if (2 * open > sizeof(text))
				continue;
			memset(text, '[', open);
			memset(text + open, ']', open);
			CU_ASSERT(agrees(text, (size_t)2 * open, depth));
		}
	}
	CU_ASSERT(agrees("{\"a\":{\"b\":{}}}", 14, 2));
	CU_ASSERT(agrees("{\"a\":{\"b\":[]}}", 14, 2));
	CU_ASSERT(agrees("{\"a\":{\"b\":[]}}", 14, 3));
}

static size_t put_members(char *text, unsigned from, unsigned nr)
{
	size_t len = 0;
	unsigned i;

	/* All begin with the same eight bytes, and so have the same key. */
	for (i = from; i < from + nr; i++)
		len += (size_t)sprintf(text + len, "%s\"committed_%u\":%u",
				       i > from ? "," : "", i, i);
	return len;
}

static void names_that_share_their_key_are_told_apart(void)
{
	char text[4096];
	unsigned nr, twice;
	size_t len;

	for (nr = JSON_MEMBERS_MAX - 1; nr <= JSON_MEMBERS_MAX + 1; nr++) {
		text[0] = '{';
		len = 1 + put_members(text + 1, 0, nr);
		text[len++] = '}';
		CU_ASSERT(agrees(text, len, 0));
	}
	for (twice = 0; twice < JSON_MEMBERS_MAX - 1; twice++) {
		text[0] = '{';
		len = 1 + put_members(text + 1, 0, JSON_MEMBERS_MAX - 1);
		len += (size_t)sprintf(text + len,
				       ",\"c\\u006fmmitted_%u\":{}}", twice);
		CU_ASSERT(agrees(text, len, 0));
	}
}

static void a_name_of_a_nul_is_no_shorter_name(void)
{
	static const char text[] =
		"{\"a\":1,\"\\u0000a\":2,\"\":3,\"\\u0000\":4,"
		"\"\\u0001\\u0000bcdefgh\":5,\"bcdefgh\":6}";

	CU_ASSERT(agrees(text, sizeof(text) - 1, 0));
	CU_ASSERT_NOT_EQUAL(json_key("a", 1), json_key("\0a", 2));
	CU_ASSERT_NOT_EQUAL(json_key("", 0), json_key("\0", 1));
	CU_ASSERT_NOT_EQUAL(json_key("\1abcdefg", 8), json_key("a", 1));
}

static void an_array_inside_keeps_its_first_elements(void)
{
	char text[1024] = "{\"params\":[";
	size_t len = strlen(text);
	unsigned i;

	for (i = 0; i < 3 * JSON_ELEMENTS_MAX; i++)
		len += (size_t)sprintf(text + len, "%s%u", i ? "," : "", i);
	len += (size_t)sprintf(text + len, "],\"id\":1}");
	CU_ASSERT(agrees(text, len, 0));
}

/* The largest row that there can be, twice, and small ones around. */
static char *largest_rows(size_t *lenp)
{
	const size_t members = JSON_MEMBERS_MAX * 32u;
	char *text = malloc(2 * (members + 40) * JSON_MEMBERS_MAX + 100);
	size_t len = 0;
	unsigned row, i;

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	text[len++] = '[';
	for (row = 0; row < 2; row++) {
		len += (size_t)sprintf(text + len, "{},{\"a\":1},{");
		for (i = 0; i < JSON_MEMBERS_MAX; i++) {
			len += (size_t)sprintf(text + len, "%s\"member%u\":{",
					       i ? "," : "", i);
			len += put_members(text + len, 0, JSON_MEMBERS_MAX);
			text[len++] = '}';
		}
		len += (size_t)sprintf(text + len, "},");
	}
	len += (size_t)sprintf(text + len, "{\"b\":{\"c\":1}}]");
	*lenp = len;
	return text;
}

static void the_largest_row_fits(void)
{
	struct json_fault fault;
	struct json_index index;
	const struct json_item *row;
	size_t len;
	char *text = largest_rows(&len);

	CU_ASSERT(agrees(text, len, 0));
	CU_ASSERT_FATAL(json_index_init(&index, 7));
	CU_ASSERT_EQUAL_FATAL(json_index_judge(&index, text, len, 0, &fault),
			      0);
	CU_ASSERT_EQUAL(index.elements, 7);
	CU_ASSERT_EQUAL(index.rows, 3);
	json_index_advance(&index);
	json_index_advance(&index);
	row = json_index_row(&index);
	CU_ASSERT_EQUAL(row->span, JSON_ROW_MAX);
	json_index_resume(&index, text, len, text + row->at, 100);
	CU_ASSERT_EQUAL(index.rows, 2);
	CU_ASSERT_EQUAL(json_index_row(&index)->span, JSON_ROW_MAX);
	json_index_deinit(&index);
	free(text);
}

static void rows_beyond_its_memory_are_fetched_later(void)
{
	static const char row_text[] = "{\"a\":{\"b\":0}},";
	const unsigned rows = JSON_INDEX_ITEMS;
	const size_t len = rows * (sizeof(row_text) - 1) + 1;
	char *text = malloc(len);
	struct json_fault fault;
	struct json_index index;
	const struct json_item *row;
	unsigned i;

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	text[0] = '[';
	for (i = 0; i < rows; i++)
		memcpy(text + 1 + i * (sizeof(row_text) - 1), row_text,
		       sizeof(row_text) - 1);
	text[len - 1] = ']';
	CU_ASSERT(agrees(text, len, 0));

	CU_ASSERT_FATAL(json_index_init(&index, 0));
	CU_ASSERT_EQUAL_FATAL(json_index_judge(&index, text, len, 0, &fault),
			      0);
	CU_ASSERT_EQUAL(index.elements, rows);
	CU_ASSERT(index.rows > 1000 && index.rows < rows);
	for (i = 0; (row = json_index_row(&index)); i++) {
		CU_ASSERT_EQUAL(row->at, 1 + i * (sizeof(row_text) - 1));
		json_index_advance(&index);
	}
	/* A fault behind what fits is found. */
	text[len - 5] = '!';
	CU_ASSERT_NOT_EQUAL(json_index_judge(&index, text, len, 0, &fault), 0);
	CU_ASSERT_EQUAL(fault.offset, len - 5);
	CU_ASSERT_PTR_NULL(json_index_row(&index));
	json_index_deinit(&index);
	free(text);
}

static void what_it_holds_has_a_stamp(void)
{
	static const char text[] = "[1,2]";
	struct json_fault fault;
	struct json_index index;
	uint64_t first, second;

	CU_ASSERT_FATAL(json_index_init(&index, 100));
	CU_ASSERT_EQUAL(json_index_judge(&index, text, 5, 0, &fault), 0);
	first = index.stamp;
	json_index_advance(&index);
	CU_ASSERT_EQUAL(index.stamp, first);
	json_index_resume(&index, text, 5, text + 3, 1);
	second = index.stamp;
	CU_ASSERT(first > 100 && second > first);
	CU_ASSERT_NOT_EQUAL(json_index_judge(&index, "[", 1, 0, &fault), 0);
	CU_ASSERT(index.stamp > second);
	json_index_deinit(&index);
}

static void a_text_of_more_than_4_gib_is_refused_unread(void)
{
	struct json_fault fault;
	struct json_index index;

	CU_ASSERT_FATAL(json_index_init(&index, 0));
	CU_ASSERT_EQUAL(json_index_judge(&index, "", (size_t)JSON_TEXT_MAX + 1,
					 0, &fault),
			JSON_E_SIZE);
	CU_ASSERT_EQUAL(json_validate("", (size_t)JSON_TEXT_MAX + 1, 0, &fault),
			JSON_E_SIZE);
	json_index_deinit(&index);
}

CU_TestInfo test_json_index[] = {
	{ "both judges say the same of each case at each level",
	  both_judges_say_the_same_of_each_case_at_each_level },
	{ "cut anywhere both judges find the same fault",
	  cut_anywhere_both_judges_find_the_same_fault },
	{ "with any byte changed both judges agree",
	  with_any_byte_changed_both_judges_agree },
	{ "names and strings of any length are kept",
	  names_and_strings_of_any_length_are_kept },
	{ "names and strings are cut anywhere",
	  names_and_strings_are_cut_anywhere },
	{ "nesting ends at the same limit", nesting_ends_at_the_same_limit },
	{ "names that share their key are told apart",
	  names_that_share_their_key_are_told_apart },
	{ "a name of a NUL is no shorter name",
	  a_name_of_a_nul_is_no_shorter_name },
	{ "an array inside keeps its first elements",
	  an_array_inside_keeps_its_first_elements },
	{ "the largest row fits", the_largest_row_fits },
	{ "rows beyond its memory are fetched later",
	  rows_beyond_its_memory_are_fetched_later },
	{ "what it holds has a stamp", what_it_holds_has_a_stamp },
	{ "a text of more than 4 GiB is refused unread",
	  a_text_of_more_than_4_gib_is_refused_unread },
	CU_TEST_INFO_NULL,
};
