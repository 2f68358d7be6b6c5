/* SPDX-License-Identifier: MIT */
/*
 * Any bytes: our reader agrees with jansson, and a refusal can be explained
 */
#include <stdlib.h>
#include <string.h>

#include "proto/json/reader.h"
#include "tests/fuzz/demand.h"
#include "tests/support/json_compare.h"

/* A sentence for people is JSON's to carry: it must be UTF-8 without controls. */
static void check_sentence(const char *sentence)
{
	char quoted[JSON_FAULT_TEXT_MAX + 2];
	struct json_fault fault;
	size_t len = strlen(sentence), i;

	if (len > JSON_FAULT_TEXT_MAX - 2)
		fail("the sentence may have been cut");
	quoted[0] = '"';
	for (i = 0; i < len; i++)
		quoted[i + 1] = sentence[i];
	/* Only the name that occurs twice can bring quotes and escapes along. */
	for (i = 1; i <= len; i++)
		if (quoted[i] == '"' || quoted[i] == '\\')
			quoted[i] = '_';
	quoted[len + 1] = '"';
	if (json_validate(quoted, len + 2, 0, &fault))
		fail("the sentence is not plain text");
}

static void explain(const char *text, size_t len)
{
	char sentence[JSON_FAULT_TEXT_MAX], cut[24];
	struct json_fault fault;

	if (!json_validate(text, len, 0, &fault))
		return;
	json_fault_text(&fault, text, len, sentence, sizeof(sentence));
	check_sentence(sentence);
	json_fault_text(&fault, text, len, cut, sizeof(cut));
	if (strncmp(sentence, cut, sizeof(cut) - 1) != 0)
		fail("the cut sentence is another one");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Memory of exactly this size, so that reading on is noticed. */
	char *text = malloc(size ? size : 1);
	const char *difference;

	if (!text)
		return 0;
	if (size)
		memcpy(text, data, size);
	difference = json_compare(text, size);
	if (difference)
		fail(difference);
	explain(text, size);
	free(text);
	return 0;
}
