/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/bench/brackets.h"
#include "tests/support/random_bytes.h"
#include "tests/support/suite.h"

enum {
	TEXTS = 20000,
	TEXT_MAX = 400, /* some blocks of 64 */
	SEED = 1,
};

/* The same, a byte at a time. Return: how long the value is, 0: it is cut. */
static size_t length_by_byte(const char *text, size_t len)
{
	bool in_string = false;
	size_t depth = 0;

	for (size_t i = 0; i < len; i++) {
		const char c = text[i];

		if (in_string && c == '\\')
			i++;
		else if (c == '"')
			in_string = !in_string;
		else if (!in_string && (c == '{' || c == '['))
			depth++;
		else if (!in_string && (c == '}' || c == ']') && !--depth)
			return i + 1;
	}
	return 0;
}

/* In memory of its very size, so that a sanitizer sees a byte too far. */
static size_t length(const char *text, size_t len)
{
	char *copy = malloc(len);
	const char *end;
	size_t found;

	CU_ASSERT_FATAL(copy != NULL);
	memcpy(copy, text, len);
	end = brackets_end(copy, copy + len);
	found = end ? (size_t)(end - copy) : 0;
	free(copy);
	return found;
}

static void brackets_in_strings_do_not_count(void)
{
	static const char *const texts[] = {
		"{}",
		"[[{\"a\":1},2],{}]",
		"{\"}\":\"]\",\"{\":[\"[\"]}",
		"[\"\\\"]\",\"\\\\\"]",
		"[\"\\\\\\\"]\"]",
	};
	char text[64];

	for (size_t i = 0; i < NR(texts); i++) {
		const size_t len = strlen(texts[i]);

		CU_ASSERT_EQUAL(length(texts[i], len), len);
		snprintf(text, sizeof(text), "%s]}\"", texts[i]);
		CU_ASSERT_EQUAL(length(text, strlen(text)), len);
	}
}

static void a_text_cut_anywhere_has_no_end(void)
{
	char text[TEXT_MAX];
	int len = snprintf(text, sizeof(text),
			   "{\"name\":\"%0*d\",\"rest\":[{\"a\\\\\":[%0*d]}]}",
			   100, 1, 80, 2);

	CU_ASSERT_EQUAL(length(text, (size_t)len), (size_t)len);
	for (size_t cut = 1; cut < (size_t)len; cut++)
		CU_ASSERT_EQUAL(length(text, cut), 0);
}

/*
 * Where a string, an escape or the end may straddle two blocks is of interest:
 * long strings take few quotes. Backslashes stand in strings only, as in JSON.
 */
static size_t make_text(uint32_t *state, char text[TEXT_MAX])
{
	static const char rare[] = "{[]}\"\\\\";
	unsigned char dice[TEXT_MAX];
	bool in_string = false, escaped = false;

	random_bytes(state, dice, sizeof(dice));
	text[0] = '[';
	for (size_t i = 1; i < TEXT_MAX; i++) {
		const unsigned rarity = 1 + dice[0] % 40;
		char c = dice[i] % rarity
				 ? 'a'
				 : rare[dice[i] / rarity % (sizeof(rare) - 1)];

		if (c == '\\' && !in_string)
			c = 'a';
		in_string ^= c == '"' && !escaped;
		escaped = c == '\\' && !escaped;
		text[i] = c;
	}
	return 1 + (dice[1] + 256u * dice[2]) % (TEXT_MAX - 1);
}

static void it_is_what_a_look_at_each_byte_finds(void)
{
	uint32_t state = SEED;
	unsigned differ = 0, whole = 0;
	char text[TEXT_MAX];

	for (unsigned i = 0; i < TEXTS; i++) {
		const size_t len = make_text(&state, text);
		const size_t expected = length_by_byte(text, len);

		whole += expected > 0;
		if (length(text, len) == expected)
			continue;
		if (!differ++)
			printf("%.*s\n", (int)len, text);
	}
	CU_ASSERT_EQUAL(differ, 0);
	/* Neither kind may be missing. */
	CU_ASSERT_TRUE(whole > TEXTS / 10 && whole < TEXTS - TEXTS / 10);
}

CU_TestInfo test_brackets[] = {
	{ "brackets in strings do not count",
	  brackets_in_strings_do_not_count },
	{ "a text cut anywhere has no end", a_text_cut_anywhere_has_no_end },
	{ "it is what a look at each byte finds",
	  it_is_what_a_look_at_each_byte_finds },
	CU_TEST_INFO_NULL,
};
