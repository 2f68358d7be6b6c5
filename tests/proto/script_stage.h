/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A stage for the language of scripts alone: the calls there are, of which none
 * is carried out
 */
#include "proto/json/buffer.h"
#include "proto/rpc/script_catalog.h"
#include "tests/support/fail_alloc.h"

struct script_stage {
	struct fail_alloc host;
	struct account account;
	struct memory memory;
	struct buffer log; /* what the run did: calls with their parameters,
			      what was printed and what was expected */
	unsigned calls, stop_at;
	unsigned left;     /* steps of this part of the run */
	const char *reply; /* to every call but fork */
	uint32_t children;
};

void script_stage_init(struct script_stage *stage);

/* Asserts that nothing is owed any more. */
void script_stage_deinit(struct script_stage *stage);

/* Runs a script from its beginning, in turns of any length: the steps taken. The
 * log ends with a NUL, unless the text is no script. */
uint64_t script_stage_run(struct script_stage *stage, const char *text,
			  uint64_t steps, struct script_fault *fault);

/* Is it "line:column sentence"? Shows both if not. */
bool script_fault_is(const struct script_fault *fault, const char *wanted);
