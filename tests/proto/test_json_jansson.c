/* SPDX-License-Identifier: MIT */
/*
 * Our reader and jansson agree: on the table, on each of its texts with any one
 * byte changed, left out or doubled, and on documents made at random
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/json/writer.h"
#include "tests/proto/json_cases.h"
#include "tests/support/json_compare.h"
#include "tests/support/suite.h"

static bool agreed(const char *text, size_t len)
{
	char *copy = malloc(len ? len : 1);
	const char *difference;

	CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
	memcpy(copy, text, len);
	difference = json_compare(copy, len);
	free(copy);
	if (difference)
		fprintf(stderr, "%.*s: %s\n", (int)len, text, difference);
	return !difference;
}

static void each_case_is_agreed_on(void)
{
	const struct json_case *c;

	for (c = json_cases; c->text; c++)
		CU_ASSERT(agreed(c->text, c->len));
}

/* The bytes that have a meaning somewhere, and some that have none. */
static const char meaningful[] = "\"\\{}[]:,0123.-+eEtfnu/ \n\x01\x7f\x80\xc3";

static bool agreed_with_changes_at(const struct json_case *c, size_t at)
{
	char changed[256];
	bool same = true;
	unsigned i;

	memcpy(changed, c->text, c->len);
	for (i = 0; i < sizeof(meaningful); i++) {
		changed[at] = meaningful[i];
		same = same && agreed(changed, c->len);
	}
	/* Left out, then doubled. */
	memcpy(changed + at, c->text + at + 1, c->len - at - 1);
	same = same && agreed(changed, c->len - 1);
	memcpy(changed + at + 1, c->text + at, c->len - at);
	changed[at] = c->text[at];
	return same && agreed(changed, c->len + 1);
}

static void each_case_is_agreed_on_with_any_byte_changed(void)
{
	const struct json_case *c;
	size_t at;

	for (c = json_cases; c->text; c++)
		for (at = 0; at < c->len && c->len < 200; at++)
			CU_ASSERT(agreed_with_changes_at(c, at));
}

struct maker {
	struct json_writer w;
	uint64_t random;
	unsigned names;
};

static unsigned pick(struct maker *maker, unsigned count)
{
	maker->random ^= maker->random << 13;
	maker->random ^= maker->random >> 7;
	maker->random ^= maker->random << 17;
	return (unsigned)(maker->random >> 33) % count;
}

static void make_string(struct maker *maker, bool name)
{
	static const char *const parts[] = {
		"",
		"a",
		"key",
		"\n",
		"\"",
		"\\",
		"\xc3\xa9",
		"\xe7\xa7\xbb",
		"plain text of some length",
		"\xf0\x9f\x90\xa7",
		"\x7f",
		"/",
	};
	char text[256] = "";
	unsigned count = pick(maker, 5);

	if (name)
		sprintf(text, "%u", maker->names++);
	while (count--)
		strcat(text, parts[pick(maker, 12)]);
	if (name)
		json_writer_key_text(&maker->w, text, strlen(text));
	else
		json_writer_text(&maker->w, text);
}

static void make_number(struct maker *maker)
{
	uint64_t bits = maker->random >> pick(maker, 64);
	char text[64];
	int len;

	switch (pick(maker, 4)) {
	case 0:
		json_writer_i64(&maker->w, (int64_t)bits);
		break;
	case 1:
		json_writer_u64(&maker->w, bits);
		break;
	case 2:
		len = sprintf(text, "%.17g", (double)(int64_t)bits / 1e9);
		json_writer_raw(&maker->w, text, (size_t)len);
		break;
	default:
		len = sprintf(text, "%u.%ue%d", pick(maker, 100),
			      pick(maker, 1000), (int)pick(maker, 600) - 300);
		json_writer_raw(&maker->w, text, (size_t)len);
		break;
	}
}

static void make_value(struct maker *maker, unsigned depth)
{
	unsigned kind = pick(maker, depth ? 7 : 5), count = pick(maker, 6);

	switch (kind) {
	case 0:
		json_writer_null(&maker->w);
		break;
	case 1:
		json_writer_bool(&maker->w, pick(maker, 2));
		break;
	case 2:
		make_number(maker);
		break;
	case 3:
		make_string(maker, false);
		break;
	case 4:
		json_writer_hex(&maker->w, maker->random);
		break;
	case 5:
		json_writer_array(&maker->w);
		while (count--)
			make_value(maker, depth - 1);
		json_writer_array_end(&maker->w);
		break;
	default:
		json_writer_object(&maker->w);
		while (count--) {
			make_string(maker, true);
			make_value(maker, depth - 1);
		}
		json_writer_object_end(&maker->w);
		break;
	}
}

static void random_documents_are_agreed_on(void)
{
	struct maker maker = { .random = 0x2545f4914f6cdd1d };
	struct json_fault fault;
	struct buffer out;
	unsigned i;

	buffer_init(&out, (size_t)1 << 20);
	for (i = 0; i < 3000; i++) {
		buffer_reset(&out, SIZE_MAX);
		json_writer_init(&maker.w, &out);
		make_value(&maker, 8);
		CU_ASSERT_EQUAL(out.failed, BUFFER_OK);
		CU_ASSERT_EQUAL(json_validate(out.data, out.len, 0, &fault), 0);
		CU_ASSERT(agreed(out.data, out.len));
		/* And with one byte spoilt. */
		out.data[pick(&maker, (unsigned)out.len)] =
			meaningful[pick(&maker, sizeof(meaningful))];
		CU_ASSERT(agreed(out.data, out.len));
	}
	buffer_deinit(&out);
}

CU_TestInfo test_json_jansson[] = {
	{ "each case is agreed on", each_case_is_agreed_on },
	{ "each case is agreed on with any byte changed",
	  each_case_is_agreed_on_with_any_byte_changed },
	{ "random documents are agreed on", random_documents_are_agreed_on },
	CU_TEST_INFO_NULL,
};
