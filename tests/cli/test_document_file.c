/* SPDX-License-Identifier: MIT */
#include "clients/cli/document_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/cli/picture.h"
#include "tests/support/suite.h"

/* The document as compact JSON, the error, or "-" for neither. */
static bool finds(const char *text, const char *expected)
{
	char error[DOCUMENT_ERROR_MAX] = "-", *dumped = NULL;
	json_t *document = NULL;
	bool is;

	if (document_find("FILE", text, strlen(text), &document, error) ==
	    DOCUMENT_FOUND)
		dumped = json_dumps(document, JSON_COMPACT | JSON_ENCODE_ANY);
	is = !strcmp(dumped ? dumped : error, expected);
	if (!is)
		fprintf(stderr, "%s: %s\n", text, dumped ? dumped : error);
	free(dumped);
	json_decref(document);
	return is;
}

static void documents_are_found_in_whatever_they_come(void)
{
	static const char document[] = "{\"vmarium\":1}";

	CU_ASSERT(finds("{\"vmarium\":1}", document));
	CU_ASSERT(finds("\n\t {\"vmarium\": 1}\n", document));
	CU_ASSERT(finds("{\"document\":{\"vmarium\":1}}", document));
	CU_ASSERT(finds("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{"
			"\"document\":{\"vmarium\":1}}}",
			document));
}

static void links_are_found_alone_and_in_urls(void)
{
	CU_ASSERT(finds("v1.eJyr-_A\n", "\"v1.eJyr-_A\""));
	CU_ASSERT(finds("http://127.0.0.1:7070/#v1.eJyr\r\n", "\"v1.eJyr\""));
	CU_ASSERT(
		finds("https://vm.example/a?b=c#world=v1.eJyr", "\"v1.eJyr\""));
	CU_ASSERT(finds("v1.eJyr v1.eJyr", "-"));
	CU_ASSERT(finds("v1.eJ+r", "-"));
	CU_ASSERT(finds("v1.", "-"));
	CU_ASSERT(finds("v2.eJyr", "-"));
}

static void what_other_tools_print_is_neither(void)
{
	CU_ASSERT(finds("", "-"));
	CU_ASSERT(finds("brk(NULL) = 0x602000\n", "-"));
	CU_ASSERT(
		finds("00400000-00401000 r-xp 00000000 00:01 1 /bin/x\n", "-"));
	CU_ASSERT(finds("#!/bin/sh", "-"));
}

static void broken_ones_are_named_with_file_and_line(void)
{
	CU_ASSERT(finds("\n\n{\"vmarium\":\n 1,,}",
			"FILE:4:4: string or '}' expected near ','"));
	CU_ASSERT(finds("{\"vmarium\":1,\"vmarium\":1}",
			"FILE:1:22: duplicate object key near "
			"'\"vmarium\"'"));
	CU_ASSERT(finds("{\"a\":1}", "FILE: JSON, but no document of vmarium "
				     "export: the member vmarium is missing"));
	CU_ASSERT(finds("{\"kernel\":\"4.0\",\"maps\":[]}\n{\"op\":\"brk\"}\n",
			"FILE: a trace; vmarium replay repeats it"));
}

CU_TestInfo test_document_file[] = {
	{ "documents are found in whatever they come",
	  documents_are_found_in_whatever_they_come },
	{ "links are found alone and in URLs",
	  links_are_found_alone_and_in_urls },
	{ "what other tools print is neither",
	  what_other_tools_print_is_neither },
	{ "broken ones are named with file and line",
	  broken_ones_are_named_with_file_and_line },
	CU_TEST_INFO_NULL,
};
