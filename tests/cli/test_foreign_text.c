/* SPDX-License-Identifier: MIT */
#include "clients/cli/foreign_text.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"

enum form {
	ONE_LINE,
	LINES,
	JSON,
};

/* What @text looks like; to be freed. */
static char *shown(enum form form, const char *text)
{
	char *bytes = NULL;
	size_t len;
	FILE *out = open_memstream(&bytes, &len);
	json_t *value = json_string(text);

	if (form == ONE_LINE)
		foreign_put(out, text);
	else if (form == LINES)
		foreign_put_lines(out, text, strlen(text));
	else
		foreign_put_json(out, value, JSON_ENCODE_ANY);
	json_decref(value);
	fclose(out);
	return bytes;
}

static void control_characters_are_shown(void)
{
	static const struct {
		enum form form;
		const char *text, *wanted;
	} rows[] = {
		{ ONE_LINE, "", "" },
		{ ONE_LINE, "/lib/libc.so 映射 é", "/lib/libc.so 映射 é" },
		{ ONE_LINE, "\033[31m", "\\u001B[31m" },
		{ ONE_LINE, "a\033\033b\033", "a\\u001B\\u001Bb\\u001B" },
		{ ONE_LINE, "a\nb\tc\177", "a\\u000Ab\\u0009c\\u007F" },
		{ ONE_LINE, "\302\2331m\302\240", "\\u009B1m\302\240" },
		{ LINES, "a\nb\tc\rd\033", "a\nb\tc\\u000Dd\\u001B" },
		{ JSON, "\033\177\302\233é\n",
		  "\"\\u001B\\u007F\\u009Bé\\n\"" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *text = shown(rows[i].form, rows[i].text);

		CU_ASSERT_STRING_EQUAL(text, rows[i].wanted);
		free(text);
	}
}

/* A text may be cut: nothing behind its end is looked at. */
static void a_cut_character_goes_out_as_it_is(void)
{
	char *bytes = NULL;
	size_t len;
	FILE *out = open_memstream(&bytes, &len);

	foreign_put_lines(out, "a\302\233", 2);
	fclose(out);
	CU_ASSERT_STRING_EQUAL(bytes, "a\302");
	free(bytes);
}

CU_TestInfo test_foreign_text[] = {
	{ "control characters are shown", control_characters_are_shown },
	{ "a cut character goes out as it is",
	  a_cut_character_goes_out_as_it_is },
	CU_TEST_INFO_NULL,
};
