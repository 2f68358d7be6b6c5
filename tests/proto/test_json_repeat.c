/* SPDX-License-Identifier: MIT */
/*
 * What repeats the row before, or the text before, is taken from that: it, and
 * no more
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "proto/json/index.h"
#include "tests/proto/json_agrees.h"
#include "tests/support/suite.h"

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

CU_TestInfo test_json_repeat[] = {
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
	{ "a long value stands where a short one is kept",
	  a_long_value_stands_where_a_short_one_is_kept },
	{ "a batch is nested one deeper than what it repeats",
	  a_batch_is_nested_one_deeper_than_what_it_repeats },
	CU_TEST_INFO_NULL,
};
