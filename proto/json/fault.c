/* SPDX-License-Identifier: MIT */
#include "proto/json/reader.h"

#include <stdio.h>

enum {
	NAME_SHOWN_MAX = 64
};

static const char *const sentences[] = {
	[JSON_E_EMPTY] = "expected a JSON value, found nothing",
	[JSON_E_TRUNCATED] = "the text ends inside a value",
	[JSON_E_VALUE] = "expected a value",
	[JSON_E_NUMBER] = "a number is not written as JSON asks",
	[JSON_E_KEY] = "expected a member's name in double quotes",
	[JSON_E_COLON] = "expected ':' after a member's name",
	[JSON_E_OBJECT] = "expected ',' or '}' after a member",
	[JSON_E_ARRAY] = "expected ',' or ']' after an element",
	[JSON_E_TRAILING] = "unexpected text after the JSON value",
	[JSON_E_CONTROL] = "a control character in a string is not escaped",
	[JSON_E_ESCAPE] = "an escape in a string is unknown or incomplete",
	[JSON_E_SURROGATE] = "an escaped surrogate lacks its other half",
	[JSON_E_UTF8] = "a string is not UTF-8",
	[JSON_E_BOM] = "a byte order mark is not allowed",
	[JSON_E_DUPLICATE] = "a member occurs twice in one object",
	[JSON_E_MEMBERS] = "an object has more than 64 members",
	[JSON_E_NAME] = "a member's name is longer than 256 bytes",
	[JSON_E_DEPTH] = "arrays and objects are nested too deeply",
	[JSON_E_SIZE] = "the text is longer than 4 GiB",
};

_Static_assert(JSON_MEMBERS_MAX == 64 && JSON_NAME_MAX == 256,
	       "the sentences name the limits");

/* The sentence without its place. A name that occurs twice is shown, if it is short. */
static void fault_sentence(const struct json_fault *fault, const char *text,
			   size_t len, char *out, size_t size)
{
	struct json_reader reader;
	struct json_value name;

	if (fault->code == JSON_E_DUPLICATE) {
		json_reader_init(&reader, text + fault->offset,
				 len - fault->offset);
		json_reader_value(&reader, &name);
		if (name.len <= NAME_SHOWN_MAX) {
			snprintf(out, size,
				 "the member %.*s occurs twice in one object",
				 (int)name.len, name.text);
			return;
		}
	}
	snprintf(out, size, "%s", sentences[fault->code]);
}

void json_fault_text(const struct json_fault *fault, const char *text,
		     size_t len, char *out, size_t size)
{
	char sentence[NAME_SHOWN_MAX + 64];
	size_t line = 1, column = 1, i;

	for (i = 0; i < fault->offset; i++) {
		if (text[i] == '\n') {
			line++;
			column = 1;
		} else if ((text[i] & 0xc0) != 0x80) {
			column++;
		}
	}
	fault_sentence(fault, text, len, sentence, sizeof(sentence));
	snprintf(out, size, "%s at byte %zu (line %zu, column %zu)", sentence,
		 fault->offset, line, column);
}
