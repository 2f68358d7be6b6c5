/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Sentences for people, in English and in Chinese
 *
 * A catalogue has each sentence in both, with {name} where a value stands: the
 * caller says which. "(s)" behind a count goes away where that is 1. Where
 * Chinese meets a value that begins or ends with Latin letters or digits,
 * words_say() puts the blank.
 */
#include <stdbool.h>
#include <stddef.h>

#include "proto/json/buffer.h"

enum lang {
	LANG_NONE, /* nothing was said of it */
	LANG_EN,
	LANG_ZH
};

/* By enum lang, from LANG_EN on; NULL ends them. */
extern const char *const lang_words[];

/* UTF-8. */
struct words {
	const char *en, *zh;
};

/**
 * words_say() - append a sentence
 * @out:   it; failures stay there
 * @words: its sentence in @lang, or in English for LANG_NONE
 * @value: called for each {name}, with @ctx: appends the value of that name;
 *         true: it is a count of one. A brace that no small letter follows is
 *         itself.
 */
void words_say(struct buffer *out, const struct words *words, enum lang lang,
	       bool (*value)(struct buffer *out, const char *name, size_t len,
			     const void *ctx),
	       const void *ctx);
