/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/json/buffer.h"
#include "tests/support/suite.h"

static bool holds(const struct buffer *b, const char *text)
{
	return b->len == strlen(text) && !memcmp(b->data, text, b->len);
}

static void new_buffer_is_empty_and_owns_nothing(void)
{
	struct buffer b;
	size_t len = 1;

	buffer_init(&b, 100);
	CU_ASSERT_EQUAL(b.len, 0);
	CU_ASSERT_EQUAL(b.failed, BUFFER_OK);
	CU_ASSERT_PTR_NULL(buffer_take(&b, &len));
	CU_ASSERT_EQUAL(len, 0);
	buffer_deinit(&b);
}

static void appends_add_up(void)
{
	struct buffer b;

	buffer_init(&b, 100);
	buffer_append(&b, "abc", 2);
	buffer_append(&b, NULL, 0);
	buffer_append_byte(&b, '-');
	buffer_append_literal(&b, "lit");
	buffer_append_text(&b, "text");
	buffer_append_text(&b, "");
	CU_ASSERT(holds(&b, "ab-littext"));
	CU_ASSERT_EQUAL(b.failed, BUFFER_OK);
	buffer_deinit(&b);
}

static void growing_keeps_what_was_written(void)
{
	struct buffer b;
	size_t i, wrong = 0;

	buffer_init(&b, 100000);
	for (i = 0; i < 100000; i++)
		buffer_append_byte(&b, (char)(i * 7));
	CU_ASSERT_EQUAL(b.len, 100000);
	CU_ASSERT_EQUAL(b.failed, BUFFER_OK);
	for (i = 0; i < b.len; i++)
		wrong += b.data[i] != (char)(i * 7);
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT(b.capacity <= b.max);
	buffer_deinit(&b);
}

static void reserved_room_counts_when_committed(void)
{
	struct buffer b;
	char *p;

	buffer_init(&b, 1000);
	buffer_append_literal(&b, "<");
	p = buffer_reserve(&b, 500);
	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	memset(p, 'x', 500);
	CU_ASSERT(holds(&b, "<"));
	buffer_commit(&b, 2);
	buffer_append_literal(&b, ">");
	CU_ASSERT(holds(&b, "<xx>"));
	buffer_deinit(&b);
}

static void the_maximum_can_be_filled_to_the_last_byte(void)
{
	static const size_t maxima[] = { 1, 2, 255, 256, 257, 1000 };
	struct buffer b;
	size_t i, n;

	for (i = 0; i < sizeof(maxima) / sizeof(maxima[0]); i++) {
		buffer_init(&b, maxima[i]);
		for (n = 0; n < maxima[i]; n++)
			buffer_append_byte(&b, 'a');
		CU_ASSERT_EQUAL(b.failed, BUFFER_OK);
		CU_ASSERT_EQUAL(b.len, maxima[i]);
		buffer_append_byte(&b, 'b');
		CU_ASSERT_EQUAL(b.failed, BUFFER_FULL);
		CU_ASSERT_EQUAL(b.len, maxima[i]);
		CU_ASSERT_EQUAL(b.data[b.len - 1], 'a');
		buffer_deinit(&b);
	}
}

static void a_full_buffer_takes_nothing_more(void)
{
	struct buffer b;

	buffer_init(&b, 10);
	buffer_append_literal(&b, "12345");
	buffer_append_literal(&b, "too long");
	CU_ASSERT_EQUAL(b.failed, BUFFER_FULL);
	/* These would fit, had the failure not come first. */
	buffer_append_byte(&b, 'x');
	buffer_append_u64(&b, 1);
	buffer_append_hex(&b, 1);
	CU_ASSERT_PTR_NULL(buffer_reserve(&b, 1));
	CU_ASSERT(holds(&b, "12345"));
	CU_ASSERT_EQUAL(b.failed, BUFFER_FULL);
	buffer_deinit(&b);
}

static void a_maximum_of_zero_takes_nothing(void)
{
	struct buffer b;

	buffer_init(&b, 0);
	buffer_append(&b, "", 0);
	CU_ASSERT_EQUAL(b.failed, BUFFER_OK);
	buffer_append_byte(&b, 'x');
	CU_ASSERT_EQUAL(b.failed, BUFFER_FULL);
	CU_ASSERT_EQUAL(b.len, 0);
	buffer_deinit(&b);
}

static void lack_of_memory_is_told_from_the_maximum(void)
{
	struct buffer b;

	buffer_init(&b, SIZE_MAX);
	buffer_append_literal(&b, "kept");
	CU_ASSERT_PTR_NULL(buffer_reserve(&b, SIZE_MAX - 4));
	CU_ASSERT_EQUAL(b.failed, BUFFER_NO_MEMORY);
	CU_ASSERT_PTR_NULL(buffer_reserve(&b, SIZE_MAX));
	CU_ASSERT_EQUAL(b.failed, BUFFER_NO_MEMORY);
	CU_ASSERT(holds(&b, "kept"));
	buffer_deinit(&b);

	buffer_init(&b, SIZE_MAX);
	buffer_append_literal(&b, "kept");
	CU_ASSERT_PTR_NULL(buffer_reserve(&b, SIZE_MAX));
	CU_ASSERT_EQUAL(b.failed, BUFFER_FULL);
	buffer_deinit(&b);
}

static void rewinding_undoes_and_forgives(void)
{
	struct buffer b;
	size_t mark;

	buffer_init(&b, 16);
	buffer_append_literal(&b, "kept");
	mark = buffer_mark(&b);
	buffer_append_literal(&b, " dropped");
	buffer_append_literal(&b, " and refused");
	CU_ASSERT_EQUAL(b.failed, BUFFER_FULL);
	buffer_rewind(&b, mark);
	CU_ASSERT_EQUAL(b.failed, BUFFER_OK);
	CU_ASSERT(holds(&b, "kept"));
	buffer_append_literal(&b, ", then more ");
	CU_ASSERT(holds(&b, "kept, then more "));
	buffer_deinit(&b);
}

static void reset_keeps_only_memory_worth_keeping(void)
{
	struct buffer b;

	buffer_init(&b, 10000);
	CU_ASSERT_PTR_NOT_NULL(buffer_reserve(&b, 1000));
	buffer_commit(&b, 1000);
	buffer_append_literal(&b, "x");
	buffer_reset(&b, 10000);
	CU_ASSERT_EQUAL(b.len, 0);
	CU_ASSERT(b.capacity >= 1001);
	buffer_reset(&b, 10);
	CU_ASSERT_EQUAL(b.capacity, 0);
	CU_ASSERT_PTR_NULL(b.data);
	CU_ASSERT_EQUAL(b.max, 10000);
	buffer_deinit(&b);
}

static void reset_forgives(void)
{
	struct buffer b;

	buffer_init(&b, 300);
	buffer_append_literal(&b, "1");
	CU_ASSERT_PTR_NULL(buffer_reserve(&b, 300));
	buffer_reset(&b, 300);
	CU_ASSERT_EQUAL(b.failed, BUFFER_OK);
	CU_ASSERT_PTR_NOT_NULL(buffer_reserve(&b, 300));
	buffer_deinit(&b);
}

static void taken_bytes_belong_to_the_taker(void)
{
	struct buffer b;
	char *bytes;
	size_t len;

	buffer_init(&b, 100);
	buffer_append_literal(&b, "mine");
	bytes = buffer_take(&b, &len);
	CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
	CU_ASSERT_EQUAL(len, 4);
	CU_ASSERT(!memcmp(bytes, "mine", 4));
	CU_ASSERT_EQUAL(b.len, 0);
	buffer_append_literal(&b, "anew");
	CU_ASSERT(holds(&b, "anew"));
	CU_ASSERT(!memcmp(bytes, "mine", 4));
	free(bytes);
	buffer_deinit(&b);
}

static bool numbers_as_printf(uint64_t value)
{
	char decimal[32], hex[32];
	struct buffer b;
	bool same;

	snprintf(decimal, sizeof(decimal), "%llu", (unsigned long long)value);
	snprintf(hex, sizeof(hex), "0x%llx", (unsigned long long)value);
	buffer_init(&b, 64);
	buffer_append_u64(&b, value);
	same = holds(&b, decimal);
	buffer_reset(&b, 64);
	buffer_append_hex(&b, value);
	same = same && holds(&b, hex);
	buffer_deinit(&b);
	if (!same)
		fprintf(stderr, "%s is written differently\n", decimal);
	return same;
}

static void numbers_are_written_as_printf_does(void)
{
	uint64_t power, random = 88172645463325252u;
	unsigned i, bit;

	for (i = 0; i < 12000; i++)
		CU_ASSERT(numbers_as_printf(i));
	for (power = 1, i = 0; i < 20; i++, power *= 10) {
		CU_ASSERT(numbers_as_printf(power - 1));
		CU_ASSERT(numbers_as_printf(power));
		CU_ASSERT(numbers_as_printf(power + 1));
	}
	for (bit = 0; bit < 64; bit++) {
		CU_ASSERT(numbers_as_printf(((uint64_t)1 << bit) - 1));
		CU_ASSERT(numbers_as_printf((uint64_t)1 << bit));
		CU_ASSERT(numbers_as_printf(UINT64_MAX >> bit));
	}
	for (i = 0; i < 2000; i++) {
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		CU_ASSERT(numbers_as_printf(random >> i % 64));
	}
}

static void put_stays_in_its_room(void)
{
	char decimal[BUFFER_U64_MAX], hex[BUFFER_HEX_MAX];

	/* The sanitizer sees a byte too many. */
	CU_ASSERT_PTR_EQUAL(buffer_put_u64(decimal, UINT64_MAX),
			    decimal + BUFFER_U64_MAX);
	CU_ASSERT_PTR_EQUAL(buffer_put_hex(hex, UINT64_MAX),
			    hex + BUFFER_HEX_MAX);
	CU_ASSERT_PTR_EQUAL(buffer_put_hex(hex, 0), hex + 3);
	CU_ASSERT(!memcmp(hex, "0x0", 3));
}

CU_TestInfo test_buffer[] = {
	{ "a new buffer is empty and owns nothing",
	  new_buffer_is_empty_and_owns_nothing },
	{ "appends add up", appends_add_up },
	{ "growing keeps what was written", growing_keeps_what_was_written },
	{ "reserved room counts when committed",
	  reserved_room_counts_when_committed },
	{ "the maximum can be filled to the last byte",
	  the_maximum_can_be_filled_to_the_last_byte },
	{ "a full buffer takes nothing more",
	  a_full_buffer_takes_nothing_more },
	{ "a maximum of zero takes nothing", a_maximum_of_zero_takes_nothing },
	{ "lack of memory is told from the maximum",
	  lack_of_memory_is_told_from_the_maximum },
	{ "rewinding undoes and forgives", rewinding_undoes_and_forgives },
	{ "reset keeps only memory worth keeping",
	  reset_keeps_only_memory_worth_keeping },
	{ "reset forgives", reset_forgives },
	{ "taken bytes belong to the taker", taken_bytes_belong_to_the_taker },
	{ "numbers are written as printf does",
	  numbers_are_written_as_printf_does },
	{ "put stays in its room", put_stays_in_its_room },
	CU_TEST_INFO_NULL,
};
