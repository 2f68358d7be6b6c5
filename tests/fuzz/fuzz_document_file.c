/* SPDX-License-Identifier: MIT */
/*
 * Any bytes are a file that vmarium import is given: a document, a link, or not
 */
#include <stdlib.h>
#include <string.h>

#include "clients/cli/document_file.h"
#include "tests/fuzz/demand.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), error[DOCUMENT_ERROR_MAX] = "";
	json_t *document = NULL;
	enum document_kind kind;

	if (!text)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	kind = document_find("FILE", text, size, &document, error);
	/* What is found is something to send, and what is broken says why. */
	if ((kind == DOCUMENT_FOUND) != (document != NULL) ||
	    (kind == DOCUMENT_BROKEN) != !strncmp(error, "FILE:", 5))
		abort();
	if (document && !json_is_object(document) && !json_is_string(document))
		abort();
	json_decref(document);
	free(text);
	return 0;
}
