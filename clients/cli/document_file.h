/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What `vmarium export` and world.export write, found in a file
 */
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum document_kind {
	DOCUMENT_NONE,   /* neither: lines that other tools print, perhaps */
	DOCUMENT_FOUND,  /* a document, or a link that holds one */
	DOCUMENT_BROKEN, /* JSON or a link, but not of that kind */
};

enum {
	DOCUMENT_ERROR_MAX = 256
};

/**
 * document_find() - what a file's text is
 * @name:      of the file, for @error
 * @documentp: out, with DOCUMENT_FOUND: what world.import takes, a new reference
 * @error:     out, with DOCUMENT_BROKEN: what is wrong, with file and line
 *
 * A document may be alone, as --json prints the result of world.export, or as
 * the answer to a call. A link may be the fragment of a URL.
 */
enum document_kind document_find(const char *name, const char *text, size_t len,
				 json_t **documentp,
				 char error[DOCUMENT_ERROR_MAX]);
