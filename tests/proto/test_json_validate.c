/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/json/reader.h"
#include "tests/proto/json_cases.h"
#include "tests/support/suite.h"

/* Judges a copy without a byte more, so that the sanitizer sees reading on. */
static int judge(const char *text, size_t len, unsigned depth,
		 struct json_fault *fault)
{
	char *copy = malloc(len ? len : 1);
	int code;

	CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
	memcpy(copy, text, len);
	code = json_validate(copy, len, depth, fault);
	free(copy);
	return code;
}

static bool judged_as_expected(const struct json_case *c)
{
	struct json_fault fault = { 0 };
	int code = judge(c->text, c->len, 0, &fault);

	if (code == c->code && (int)fault.code == code &&
	    fault.offset == c->offset)
		return true;
	fprintf(stderr, "%.*s: code %d at %zu, expected %d at %zu\n",
		(int)c->len, c->text, code, fault.offset, c->code, c->offset);
	return false;
}

static void each_case_is_judged_as_the_table_says(void)
{
	const struct json_case *c;

	for (c = json_cases; c->text; c++)
		CU_ASSERT(judged_as_expected(c));
	CU_ASSERT(c - json_cases >= 150);
}

static bool is_number(const struct json_case *c)
{
	return strspn(c->text, "-+.0123456789eE") == c->len;
}

/* Cut behind the value only space is lost. */
static size_t end_of_value(const struct json_case *c)
{
	struct json_reader r;

	json_reader_init(&r, c->text, c->len);
	json_reader_skip(&r);
	return (size_t)(r.at - c->text);
}

static bool refused_when_cut(const struct json_case *c, size_t len)
{
	struct json_fault fault = { 0 };
	int code = judge(c->text, len, 0, &fault);

	/* A character cut in two is the one end that is not called so. */
	if (code && fault.offset <= len &&
	    (code == JSON_E_TRUNCATED || code == JSON_E_EMPTY ||
	     code == JSON_E_UTF8))
		return true;
	fprintf(stderr, "%.*s: code %d at %zu\n", (int)len, c->text, code,
		fault.offset);
	return false;
}

static void cut_anywhere_it_is_refused_for_its_end(void)
{
	const struct json_case *c;
	size_t len, end;

	for (c = json_cases; c->text; c++) {
		/* A number cut may be a number still. */
		if (c->code || is_number(c))
			continue;
		end = end_of_value(c);
		for (len = 0; len < end; len++)
			CU_ASSERT(refused_when_cut(c, len));
	}
}

static void a_stray_byte_in_a_call_is_found(void)
{
	static const char call[] = "{\"id\":1,\"params\":[\"0x1000\",true]}";
	char broken[sizeof(call)];
	struct json_fault fault;
	size_t at;

	/* A control character is right nowhere. */
	for (at = 0; at < sizeof(call) - 1; at++) {
		memcpy(broken, call, sizeof(call));
		broken[at] = '\x01';
		CU_ASSERT(judge(broken, sizeof(call) - 1, 0, &fault) != 0);
		CU_ASSERT(fault.offset <= at);
	}
}

/* @depth arrays or objects inside one another. */
static size_t nest(char *text, unsigned depth, bool objects)
{
	char *p = text;
	unsigned i;

	for (i = 0; i < depth; i++)
		p = stpcpy(p, objects ? "{\"a\":" : "[");
	if (objects)
		*p++ = '1';
	for (i = 0; i < depth; i++)
		*p++ = objects ? '}' : ']';
	return (size_t)(p - text);
}

static void nesting_ends_at_the_limit(void)
{
	static const struct {
		unsigned depth, limit;
	} rows[] = {
		{ 1, 1 },
		{ 2, 2 },
		{ 0, JSON_DEPTH_DEFAULT },
		{ JSON_DEPTH_MAX, JSON_DEPTH_MAX },
		{ JSON_DEPTH_MAX + 1, JSON_DEPTH_MAX },
		{ 1000000, JSON_DEPTH_MAX },
	};
	struct json_fault fault;
	char text[1000];
	unsigned i, objects;
	size_t len;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (objects = 0; objects < 2; objects++) {
			len = nest(text, rows[i].limit, objects);
			CU_ASSERT_EQUAL(judge(text, len, rows[i].depth, &fault),
					0);
			len = nest(text, rows[i].limit + 1, objects);
			CU_ASSERT_EQUAL(judge(text, len, rows[i].depth, &fault),
					JSON_E_DEPTH);
			CU_ASSERT_EQUAL(fault.offset,
					rows[i].limit * (objects ? 5 : 1));
		}
	}
}

static void siblings_do_not_add_to_the_depth(void)
{
	static const char text[] = "[[],[[]],{},{\"a\":[]},[{}],[[]]]";
	struct json_fault fault;

	CU_ASSERT_EQUAL(judge(text, sizeof(text) - 1, 3, &fault), 0);
	CU_ASSERT_EQUAL(judge(text, sizeof(text) - 1, 2, &fault), JSON_E_DEPTH);
	CU_ASSERT_EQUAL(fault.offset, 5);
}

static void a_million_open_brackets_are_refused(void)
{
	size_t len = 1000000;
	char *text = malloc(len);
	struct json_fault fault;

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	memset(text, '[', len);
	CU_ASSERT_EQUAL(json_validate(text, len, 0, &fault), JSON_E_DEPTH);
	CU_ASSERT_EQUAL(fault.offset, JSON_DEPTH_DEFAULT);
	free(text);
}

/* {"m0":0,"m1":0,…}; the last name is the given one, if any. */
static size_t make_members(char *text, unsigned count, const char *last)
{
	char *p = text;
	unsigned i;

	*p++ = '{';
	for (i = 0; i < count; i++) {
		if (last && i == count - 1)
			p += sprintf(p, "\"%s\":0,", last);
		else
			p += sprintf(p, "\"m%u\":0,", i);
	}
	p[-1] = '}';
	return (size_t)(p - text);
}

static void members_end_at_the_limit(void)
{
	struct json_fault fault;
	char text[1000];
	size_t len = make_members(text, JSON_MEMBERS_MAX, NULL);

	CU_ASSERT_EQUAL(judge(text, len, 0, &fault), 0);
	len = make_members(text, JSON_MEMBERS_MAX + 1, NULL);
	CU_ASSERT_EQUAL(judge(text, len, 0, &fault), JSON_E_MEMBERS);
	CU_ASSERT_EQUAL(text[fault.offset + 1], 'm');
	CU_ASSERT_EQUAL(fault.offset, len - strlen("\"m64\":0}"));
}

static void each_earlier_name_is_known_in_a_full_object(void)
{
	struct json_fault fault;
	char text[1000], name[8];
	unsigned i;
	size_t len;

	for (i = 0; i < JSON_MEMBERS_MAX - 1; i++) {
		sprintf(name, "m%u", i);
		len = make_members(text, JSON_MEMBERS_MAX, name);
		CU_ASSERT_EQUAL(judge(text, len, 0, &fault), JSON_E_DUPLICATE);
	}
}

static size_t make_name(char *text, unsigned len, const char *fill)
{
	char *p = stpcpy(text, "{\"");
	unsigned i;

	for (i = 0; i < len; i += (unsigned)strlen(fill))
		p = stpcpy(p, fill);
	return (size_t)(stpcpy(p, "\":1}") - text);
}

static void names_end_at_the_limit(void)
{
	struct json_fault fault;
	char text[JSON_NAME_MAX + 16];

	CU_ASSERT_EQUAL(
		judge(text, make_name(text, JSON_NAME_MAX, "n"), 0, &fault), 0);
	CU_ASSERT_EQUAL(
		judge(text, make_name(text, JSON_NAME_MAX + 1, "n"), 0, &fault),
		JSON_E_NAME);
	CU_ASSERT_EQUAL(fault.offset, 1);
	/* Escapes are measured as they are written. */
	CU_ASSERT_EQUAL(
		judge(text, make_name(text, JSON_NAME_MAX, "\\n"), 0, &fault),
		0);
	CU_ASSERT_EQUAL(judge(text, make_name(text, JSON_NAME_MAX + 2, "\\n"),
			      0, &fault),
			JSON_E_NAME);
}

static void a_fault_is_told_only_if_there_is_one(void)
{
	struct json_fault fault = { JSON_E_DEPTH, 12345 };

	CU_ASSERT_EQUAL(json_validate("[1]", 3, 0, &fault), 0);
	CU_ASSERT_EQUAL(fault.code, JSON_E_DEPTH);
	CU_ASSERT_EQUAL(fault.offset, 12345);
}

CU_TestInfo test_json_validate[] = {
	{ "each case is judged as the table says",
	  each_case_is_judged_as_the_table_says },
	{ "cut anywhere it is refused for its end",
	  cut_anywhere_it_is_refused_for_its_end },
	{ "a stray byte in a call is found", a_stray_byte_in_a_call_is_found },
	{ "nesting ends at the limit", nesting_ends_at_the_limit },
	{ "siblings do not add to the depth",
	  siblings_do_not_add_to_the_depth },
	{ "a million open brackets are refused",
	  a_million_open_brackets_are_refused },
	{ "members end at the limit", members_end_at_the_limit },
	{ "each earlier name is known in a full object",
	  each_earlier_name_is_known_in_a_full_object },
	{ "names end at the limit", names_end_at_the_limit },
	{ "a fault is told only if there is one",
	  a_fault_is_told_only_if_there_is_one },
	CU_TEST_INFO_NULL,
};
