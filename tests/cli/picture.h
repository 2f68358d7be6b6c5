/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Drawing into a string, to compare a picture with the expected one
 */
#include <jansson.h>

#include "clients/cli/canvas.h"

/**
 * struct picture - a canvas whose output is kept
 * @text: what was drawn, after picture_finish()
 */
struct picture {
	struct canvas canvas;
	char *text;
	size_t len;
};

/** picture_begin() - an empty picture without colours, in ASCII */
void picture_begin(struct picture *picture);

/** picture_finish() - complete @text; to be released with picture_free() */
void picture_finish(struct picture *picture);

/** picture_free() - release the text */
void picture_free(struct picture *picture);

/** picture_is() - finish, compare with @expected, free; prints both if they differ */
bool picture_is(struct picture *picture, const char *expected);

/** json_from() - a value from JSON with single quotes for double ones; never NULL */
json_t *json_from(const char *text);
