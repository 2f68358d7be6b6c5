/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * How a script is told what is wrong with it
 *
 * The sentences are those of fault_texts.h, in the language of the fault. Whoever
 * finds something wrong names one, and what it is about.
 */
#include "proto/json/reader.h"
#include "proto/script/fault_texts.h"
#include "proto/script/nearest.h"
#include "proto/script/script.h"
#include "proto/words/words.h"

enum fault_text {
#define FAULT_TEXT(name, en, zh) FAULT_##name,
	FAULT_TEXTS(FAULT_TEXT)
#undef FAULT_TEXT
	FAULT_NR_TEXTS
};

/* What a sentence is about; each member stands for its name in braces. */
struct fault_words {
	const char *it; /* what stands in the script; long ones are cut */
	size_t it_len;
	const char *call, *param;
	const char *list; /* words that there are; NULL: none */
	script_number number;
	bool is_hex;                      /* the number */
	enum fault_text what, found;      /* of the same catalogue */
	const struct script_value *value; /* and what it is */
	const struct json_fault *json;    /* of {it} */
	const struct nearest *nearest;    /* said at the end, if it knows one */
};

/** fault_text_at() - a row of the catalogue; NULL past the last */
const struct words *fault_text_at(size_t text);

/** script_fault_at() - state where a fault is: at an offset of the text; false */
bool script_fault_at(struct script_fault *fault, enum script_fault_kind kind,
		     const char *text, uint32_t len, uint32_t offset);

/** script_fault_say() - state what it is, in fault->lang; @words: NULL, if the
 * sentence has no values; false */
bool script_fault_say(struct script_fault *fault, enum fault_text text,
		      const struct fault_words *words);
