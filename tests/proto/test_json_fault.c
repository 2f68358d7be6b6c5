/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "proto/json/reader.h"
#include "tests/proto/json_cases.h"
#include "tests/support/suite.h"

static const struct {
	const char *text;
	const char *sentence;
} rows[] = {
	{ "", "expected a JSON value, found nothing at byte 0 "
	      "(line 1, column 1)" },
	{ "{\"jsonrpc\":\"2.0\" \"id\":1}",
	  "expected ',' or '}' after a member at byte 17 (line 1, column 18)" },
	{ "[1,\n  2,\n  x]", "expected a value at byte 11 (line 3, column 3)" },
	{ "[\"\xc3\xa9\xe7\xa7\xbb\", x]",
	  "expected a value at byte 10 (line 1, column 8)" },
	{ "[1,\r\n2", "the text ends inside a value at byte 6 "
		      "(line 2, column 2)" },
	{ "{\"id\":1,\n\"id\":2}", "the member \"id\" occurs twice in one "
				   "object at byte 9 (line 2, column 1)" },
	{ "{\"a234567890123456789012345678901234567890"
	  "12345678901234567890123\":1,"
	  "\"a234567890123456789012345678901234567890"
	  "12345678901234567890123\":2}",
	  "a member occurs twice in one object at byte 69 "
	  "(line 1, column 70)" },
	/* A name of up to 64 bytes is shown. */
	{ "{\"a2345678901234567890123456789012345678"
	  "901234567890123456789012\":1,"
	  "\"a2345678901234567890123456789012345678"
	  "901234567890123456789012\":2}",
	  "the member \"a2345678901234567890123456789012345678"
	  "901234567890123456789012\" occurs twice in one object at byte 68 "
	  "(line 1, column 69)" },
	{ "{\"\\u0069d\":1,\"id\":2}",
	  "the member \"id\" occurs twice in one "
	  "object at byte 13 (line 1, column 14)" },
};

static void sentences_name_what_and_where(void)
{
	char sentence[JSON_FAULT_TEXT_MAX];
	struct json_fault fault;
	unsigned i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t len = strlen(rows[i].text);

		CU_ASSERT_NOT_EQUAL(json_validate(rows[i].text, len, 0, &fault),
				    0);
		json_fault_text(&fault, rows[i].text, len, sentence,
				sizeof(sentence));
		CU_ASSERT_STRING_EQUAL(sentence, rows[i].sentence);
		if (strcmp(sentence, rows[i].sentence) != 0)
			fprintf(stderr, "%s\n", sentence);
	}
}

static void every_code_has_its_own_sentence(void)
{
	char sentences[JSON_E_DEPTH + 1][JSON_FAULT_TEXT_MAX];
	int code, other;

	for (code = JSON_E_EMPTY; code <= JSON_E_DEPTH; code++) {
		struct json_fault fault = { (enum json_fault_code)code, 0 };

		json_fault_text(&fault, "\"a\"", 3, sentences[code],
				sizeof(sentences[code]));
		CU_ASSERT(strlen(sentences[code]) > 30);
		for (other = JSON_E_EMPTY; other < code; other++)
			CU_ASSERT_STRING_NOT_EQUAL(sentences[code],
						   sentences[other]);
	}
}

static void every_code_is_provoked_by_the_table_or_a_limit(void)
{
	bool seen[JSON_E_DEPTH + 1] = { [JSON_E_MEMBERS] = true,
					[JSON_E_NAME] = true,
					[JSON_E_DEPTH] = true };
	const struct json_case *c;
	int code;

	for (c = json_cases; c->text; c++)
		seen[c->code] = true;
	for (code = JSON_E_EMPTY; code <= JSON_E_DEPTH; code++)
		CU_ASSERT(seen[code]);
}

static void a_small_room_cuts_the_sentence(void)
{
	struct json_fault fault;
	char room[16];

	memset(room, 'x', sizeof(room));
	CU_ASSERT_EQUAL(json_validate("[", 1, 0, &fault), JSON_E_TRUNCATED);
	json_fault_text(&fault, "[", 1, room, 9);
	CU_ASSERT_STRING_EQUAL(room, "the text");
	CU_ASSERT_EQUAL(room[9], 'x');
}

CU_TestInfo test_json_fault[] = {
	{ "sentences name what and where", sentences_name_what_and_where },
	{ "every code has its own sentence", every_code_has_its_own_sentence },
	{ "every code is provoked by the table or a limit",
	  every_code_is_provoked_by_the_table_or_a_limit },
	{ "a small room cuts the sentence", a_small_room_cuts_the_sentence },
	CU_TEST_INFO_NULL,
};
