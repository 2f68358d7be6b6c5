/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The steps of one call: collected while it runs, written into its snapshot
 */
#include <stdbool.h>
#include <stdint.h>

#include "core/mm/step.h"
#include "proto/json/writer.h"
#include "proto/rpc/step_text.h"

struct kernel_profile;

struct memory;

struct step_list {
	struct buffer bytes;   /* of struct step, as they came */
	uint64_t max;          /* of a call that takes more the rest is cut */
	uint64_t nr;           /* kept */
	uint64_t dropped;      /* not kept */
	struct step_sink sink; /* fills it */
	struct memory *payer;  /* is charged for @max of them; NULL: nobody */
};

/** step_list_init() - an empty list; it allocates when it is filled first */
void step_list_init(struct step_list *list, uint64_t max);

/** step_list_deinit() - free it */
void step_list_deinit(struct step_list *list);

/**
 * step_list_begin() - forget what it holds, and let somebody pay for what comes
 * @payer: charged for as many steps as there can be, until step_list_end()
 *
 * Return: who shall be told the steps to come, or NULL with @payer's refusal
 *         set.
 */
struct step_sink *step_list_begin(struct step_list *list, struct memory *payer);

/** step_list_end() - after the answer: nobody pays, and what a long list took is
 * given back; it need not have begun */
void step_list_end(struct step_list *list);

/**
 * step_list_write() - write the array of steps
 * @profile: the release whose functions are named
 * @lang:    of the sentences, LANG_NONE for none
 * @scratch: for sentences; emptied here
 *
 * The last element is {"what":"truncated","dropped":N} if steps are missing.
 */
void step_list_write(struct json_writer *w, const struct step_list *list,
		     const struct kernel_profile *profile, enum lang lang,
		     struct buffer *scratch);
