/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Words for steps
 */
#include <stddef.h>

enum step_lang {
	STEP_LANG_NONE, /* no sentences */
	STEP_LANG_EN,
	STEP_LANG_ZH
};

/* By enum step_lang, from STEP_LANG_EN on; NULL ends them. */
extern const char *const step_lang_words[];

/* Sentences with {name} for the values; UTF-8. */
struct step_text {
	const char *en, *zh;
};

/** step_text_at() - the sentences of an enum step_kind_id; NULL past the last;
 * its members are NULL if a kind has none */
const struct step_text *step_text_at(size_t kind);
