/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/json/index.h"
#include "tests/proto/json_cases.h"
#include "tests/support/json_compare.h"
#include "tests/support/suite.h"

/* Of a copy without a byte more, so that the sanitizer sees reading on. */
static bool agrees(const char *text, size_t len, unsigned depth)
{
	char *copy = malloc(len ? len : 1);
	const char *difference;

	CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
	memcpy(copy, text, len);
	difference = json_compare_index(copy, len, depth);
	free(copy);
	if (difference)
		fprintf(stderr, "%.*s: %s\n", (int)len, text, difference);
	return !difference;
}

static bool agrees_cut_anywhere(const char *text, size_t len)
{
	bool ok = true;
	size_t cut;

	for (cut = 0; cut <= len; cut++)
		ok &= agrees(text, cut, 0);
	return ok;
}

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

/* Where a row is like the one before its names are taken from that. */
static void rows_that_are_nearly_alike_are_told_apart(void)
{
	static const char rows[] =
		"[{\"id\":1,\"params\":{\"a\":1,\"addr\":2,\"twelve_bytes\":3,"
		"\"thirteen_byte\":4,\"fourteen_bytes\":5}},"
		"{\"id\":1,\"params\":{\"a\":1,\"addr\":2,\"twelve_bytes\":3,"
		"\"thirteen_byte\":4,\"fourteen_bytes\":5}},"
		"{\"id\":2,\"params\":{\"a\":1,\"addr\":\"x\",\"a\":3}}]";
	static const char *const batches[] = {
		"[{\"a\":1,\"b\":2,\"c\":3},{\"b\":1,\"a\":2,\"c\":3}]",
		"[{\"a\":1,\"b\":2,\"c\":3},{\"a\":1,\"a\":2,\"c\":3}]",
		"[{\"a\":{\"b\":2},\"c\":3},{\"a\":1,\"b\":2,\"b\":3}]",
		"[{\"a\":{\"b\":2},\"b\":3},{\"a\":1,\"b\":2,\"b\":3}]",
		"[{\"a\":1},[1,2,3],{\"a\":1,\"b\":2,\"c\":3},7,{\"a\":1}]",
		("[{\"ab\" :1,\"b\":2},{\"ab\":1, \"b\": 2},{\"ab\" : "
		 "1,\"b\":2}]"),
		"[{\"a\\u0062\":1},{\"a\\u0062\":1},{\"ab\":1},{\"ab\":2}]",
	};
	char text[sizeof(rows)];
	size_t i;

	CU_ASSERT(agrees_cut_anywhere(rows, sizeof(rows) - 1));
	for (i = 0; i < sizeof(rows) - 1; i++) {
		memcpy(text, rows, sizeof(rows));
		text[i] = text[i] == 'a' ? 'b' : 'a';
		CU_ASSERT(agrees(text, sizeof(rows) - 1, 0));
	}
	for (i = 0; i < sizeof(batches) / sizeof(batches[0]); i++)
		CU_ASSERT(agrees_cut_anywhere(batches[i], strlen(batches[i])));
}

/* What repeats the row before is not judged again, but no more than that. */
static void with_any_byte_of_a_row_like_another_changed_both_judges_agree(void)
{
	static const char row[] =
		"{\"jsonrpc\":\"2.0\",\"id\":1000000041,\"method\":"
		"\"mm.mmap\",\"params\":{\"process\":"
		"\"0123456789abcdef0123456789abcdef\",\"addr\":\"0x10000\","
		"\"prot\":3,\"mm\":[1,{\"a\":1}],\"want\":[]}}";
	static const char strays[] = "\"\\,:{}[] 0a1\x01\xc3";
	const size_t len = sizeof(row) - 1;
	char text[3 * sizeof(row) + 2], changed[sizeof(text)];
	size_t i, j;
	int all;

	all = snprintf(text, sizeof(text), "[%s,%s,%s]", row, row, row);
	CU_ASSERT(agrees_cut_anywhere(text, (size_t)all));
	for (i = len + 1; i < 2 * len + 2; i++) {
		for (j = 0; j < sizeof(strays); j++) {
			memcpy(changed, text, sizeof(text));
			changed[i] = strays[j];
			CU_ASSERT(agrees(changed, (size_t)all, 0));
		}
		/* A byte less, and one twice. */
		memcpy(changed, text, sizeof(text));
		memmove(changed + i, changed + i + 1, (size_t)all - i - 1);
		CU_ASSERT(agrees(changed, (size_t)all - 1, 0));
		memcpy(changed, text, i + 1);
		memcpy(changed + i + 1, text + i, (size_t)all - i);
		CU_ASSERT(agrees(changed, (size_t)all + 1, 0));
	}
}

/* The row before is looked at as it is: members may come and go, change places
 * and be what others were. */
static void rows_that_differ_by_members_are_told_apart(void)
{
	static const char *const members[] = {
		"\"a\":1",         "\"a\":[1]",   "\"b\":{\"a\":1}",
		"\"b\":{\"c\":1}", "\"c\":\"x\"", "\"a\":{\"a\":[{}]}",
	};
	enum {
		NR = sizeof(members) / sizeof(members[0])
	};
	char text[256];
	int i, len;

	for (i = 0; i < NR * NR * NR * NR * NR; i++) {
		len = snprintf(text, sizeof(text),
			       "[{%s,%s},{%s,%s,%s},{\"z\":1,\"z\":0}]",
			       members[i % NR], members[i / NR % NR],
			       members[i / NR / NR % NR],
			       members[i / NR / NR / NR % NR],
			       members[i / NR / NR / NR / NR]);
		CU_ASSERT(agrees(text, (size_t)len, 0));
		/* Without the last, which is never right. */
		text[len - 15] = ']';
		CU_ASSERT(agrees(text, (size_t)len - 14, 0));
	}
}

static void an_item_that_repeats_another_is_known(void)
{
	static const char text[] =
		"[{\"id\":1,\"params\":{\"a\":1,\"b\":[2]}},"
		"{\"id\":2,\"params\":{\"a\":1,\"b\":[2]}},"
		"{\"id\":2,\"params\":{\"a\":10,\"b\":[2]}},"
		"{\"id\":22,\"params\":{\"a\":10,\"b\":[2]}},\"padding\"]";
	/* id, params, a, b; what is in params that repeat another's is that. */
	static const bool repeats[][4] = {
		{ false, false, false, false },
		{ false, true, false, false },
		{ true, false, false, true },
		{ false, true, false, true },
	};
	static const unsigned spans[] = { 5, 3, 5, 3 };
	const struct json_item *row, *id, *params, *a, *first = NULL;
	struct json_index index;
	struct json_fault fault;
	unsigned i;

	CU_ASSERT_FATAL(json_index_init(&index, 0));
	CU_ASSERT_FATAL(
		!json_index_judge(&index, text, sizeof(text) - 1, 0, &fault));
	for (i = 0; i < 4; i++) {
		row = json_index_row(&index);
		CU_ASSERT_EQUAL(row->span, spans[i]);
		id = json_item_inside(row);
		params = json_item_next(id);
		a = json_item_inside(params);
		CU_ASSERT_PTR_EQUAL(json_item_next(params), json_item_end(row));
		CU_ASSERT_EQUAL(json_item_end(params) - a, 2);
		CU_ASSERT_EQUAL(id->repeats, repeats[i][0]);
		CU_ASSERT_EQUAL(params->repeats, repeats[i][1]);
		CU_ASSERT_EQUAL(a[0].repeats, repeats[i][2]);
		CU_ASSERT_EQUAL(a[1].repeats, repeats[i][3]);
		CU_ASSERT_EQUAL(params->repeats, a == first);
		first = a;
		json_index_advance(&index);
	}
	json_index_deinit(&index);
}

static struct json_item *judge_one(struct json_index *index, const char *text)
{
	struct json_fault fault;

	CU_ASSERT_FATAL(
		!json_index_judge(index, text, strlen(text), 0, &fault));
	json_index_keep(index);
	return index->row + 1;
}

static void a_text_may_repeat_the_one_before(void)
{
	char text[] = "{\"params\":{\"a\":1,\"b\":[2]},\"c\":33333333}";
	char long_text[2 * JSON_KEPT_TEXT] = "";
	struct json_index index;
	const struct json_item *params, *first;
	unsigned i;

	CU_ASSERT_FATAL(json_index_init(&index, 0));
	CU_ASSERT_FALSE(judge_one(&index, text)->repeats);
	CU_ASSERT_EQUAL(index.before, 0);
	first = index.kept[index.last_kept].items + 2;
	/* The text itself is not looked at again. */
	for (i = 0; i < 3; i++) {
		strcpy(text, "{\"params\":{\"a\":1,\"b\":[2]},\"c\":4}");
		params = judge_one(&index, text);
		CU_ASSERT_TRUE(params->repeats);
		CU_ASSERT_PTR_EQUAL(json_item_inside(params), first);
		CU_ASSERT_EQUAL(index.before + 1, index.number);
		CU_ASSERT_TRUE(params[1].repeats == (i > 0));
		memset(text, 'x', strlen(text));
		first = index.kept[index.last_kept].items + 2;
		json_index_advance(&index);
	}
	/* What is too long is not kept, and what was stays. */
	snprintf(long_text, sizeof(long_text), "{\"a\":\"%0*d\"}",
		 JSON_KEPT_TEXT, 0);
	judge_one(&index, long_text);
	strcpy(text, "{\"params\":{\"a\":1,\"b\":[2]},\"c\":4}");
	CU_ASSERT_TRUE(judge_one(&index, text)->repeats);
	CU_ASSERT_NOT_EQUAL(index.before + 1, index.number);
	json_index_forget(&index);
	CU_ASSERT_FALSE(judge_one(&index, text)->repeats);
	json_index_deinit(&index);
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

/* What was just as deep as it may be alone is too deep in a batch. */
static void a_batch_is_nested_one_deeper_than_what_it_repeats(void)
{
	static const char alone[] = "{\"a\":{\"b\":[[1]]},\"c\":1}";
	static const char in_batch[] = "[{\"a\":{\"b\":[[1]]},\"c\":1}]";
	unsigned depth;

	for (depth = 2; depth <= 6; depth++) {
		CU_ASSERT(agrees(alone, sizeof(alone) - 1, depth));
		CU_ASSERT(agrees(in_batch, sizeof(in_batch) - 1, depth));
	}
}

/* Of what is kept no more is there than its text. */
static void a_long_value_stands_where_a_short_one_is_kept(void)
{
	static const char *const kept[] = { "{\"a\":\"\"}", "{\"a\":1}" };
	char text[2 * JSON_KEPT_TEXT];
	const int len = snprintf(text, sizeof(text), "{\"a\":\"%0*d\"}",
				 JSON_KEPT_TEXT + 100, 0);
	unsigned i;

	for (i = 0; i < 4; i++) {
		CU_ASSERT(agrees(kept[i % 2], strlen(kept[i % 2]), 0));
		CU_ASSERT(agrees(text, (size_t)len, 0));
	}
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
	{ "rows that are nearly alike are told apart",
	  rows_that_are_nearly_alike_are_told_apart },
	{ "with any byte of a row like another changed both judges agree",
	  with_any_byte_of_a_row_like_another_changed_both_judges_agree },
	{ "rows that differ by members are told apart",
	  rows_that_differ_by_members_are_told_apart },
	{ "an item that repeats another is known",
	  an_item_that_repeats_another_is_known },
	{ "a text may repeat the one before",
	  a_text_may_repeat_the_one_before },
	{ "names and strings are cut anywhere",
	  names_and_strings_are_cut_anywhere },
	{ "nesting ends at the same limit", nesting_ends_at_the_same_limit },
	{ "a long value stands where a short one is kept",
	  a_long_value_stands_where_a_short_one_is_kept },
	{ "a batch is nested one deeper than what it repeats",
	  a_batch_is_nested_one_deeper_than_what_it_repeats },
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
