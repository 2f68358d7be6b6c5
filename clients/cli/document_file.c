/* SPDX-License-Identifier: MIT */
#include "clients/cli/document_file.h"

#include <stdio.h>
#include <string.h>

#define BLANKS " \t\r\n"

/* Where a link begins in a line that is one, or NULL. */
static const char *link_in(const char *line, size_t len)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz0123456789-_.";
	const char *hash = memchr(line, '#', len);
	const char *at = hash ? hash + 1 : line;
	const char *equals = memchr(at, '=', len - (size_t)(at - line));

	if (hash && equals)
		at = equals + 1;
	if (len - (size_t)(at - line) < 4 || strncmp(at, "v1.", 3) != 0)
		return NULL;
	return strspn(at, letters) >= len - (size_t)(at - line) ? at : NULL;
}

static enum document_kind find_link(const char *text, size_t len,
				    json_t **documentp)
{
	const size_t line = strcspn(text, BLANKS);
	const char *link = link_in(text, line);

	if (!link || strspn(text + line, BLANKS) != len - line)
		return DOCUMENT_NONE;
	*documentp = json_stringn(link, line - (size_t)(link - text));
	return DOCUMENT_FOUND;
}

/* The document itself, of whatever it came in. */
static json_t *unwrap(json_t *value)
{
	json_t *inner = json_object_get(value, "result");

	inner = json_object_get(inner ? inner : value, "document");
	if (json_is_object(inner))
		return inner;
	return json_object_get(value, "vmarium") ? value : NULL;
}

static enum document_kind broken(char error[DOCUMENT_ERROR_MAX],
				 const char *name, const char *what)
{
	snprintf(error, DOCUMENT_ERROR_MAX, "%s: %s", name, what);
	return DOCUMENT_BROKEN;
}

/* An object that is alone in the file, or the first line of a trace. */
static enum document_kind judge_other(const char *name, const char *text,
				      size_t len,
				      char error[DOCUMENT_ERROR_MAX])
{
	json_t *first = json_loadb(text, len, JSON_DISABLE_EOF_CHECK, NULL);
	const bool is_trace = json_object_get(first, "kernel") ||
			      json_object_get(first, "maps");

	json_decref(first);
	return broken(error, name,
		      is_trace ? "a trace; vmarium replay repeats it"
			       : "JSON, but no document of vmarium export: "
				 "the member vmarium is missing");
}

static enum document_kind find_json(const char *name, const char *text,
				    size_t len, json_t **documentp,
				    char error[DOCUMENT_ERROR_MAX])
{
	json_error_t fault;
	json_t *value, *document;

	value = json_loadb(text, len, JSON_REJECT_DUPLICATES, &fault);
	if (!value && fault.position < (int)len &&
	    json_error_code(&fault) == json_error_end_of_input_expected)
		return judge_other(name, text, len, error);
	if (!value) {
		snprintf(error, DOCUMENT_ERROR_MAX, "%s:%d:%d: %s", name,
			 fault.line, fault.column, fault.text);
		return DOCUMENT_BROKEN;
	}
	document = json_incref(unwrap(value));
	json_decref(value);
	if (!document)
		return judge_other(name, text, len, error);
	*documentp = document;
	return DOCUMENT_FOUND;
}

enum document_kind document_find(const char *name, const char *text, size_t len,
				 json_t **documentp,
				 char error[DOCUMENT_ERROR_MAX])
{
	const size_t blanks = strspn(text, BLANKS);

	/* With its blanks, so that lines are counted as they are. */
	if (text[blanks] == '{')
		return find_json(name, text, len, documentp, error);
	return find_link(text + blanks, len - blanks, documentp);
}
