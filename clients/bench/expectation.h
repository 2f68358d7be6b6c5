/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the answer to a call must be
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clients/bench/answer.h"

enum expect {
	EXPECT_RESULT,  /* a result, no matter which */
	EXPECT_RET,     /* ret is value */
	EXPECT_ADDRESS, /* ret is some address */
	EXPECT_FAULT,   /* fault is text, and si_code is code if there is one */
	EXPECT_PROCESS, /* a process and its first thread */
	EXPECT_THREAD,  /* a thread */
};

/**
 * struct expectation - of one call that was sent
 * @id:       of the call
 * @tag:      the scenario's own, to know the call again when it learns from
 *            the answer
 * @snapshot: the result must hold one
 * @text:     of EXPECT_FAULT: "SIGSEGV"; NULL: no signal
 * @code:     of EXPECT_FAULT: "SEGV_MAPERR"; NULL: none is looked at
 */
struct expectation {
	uint64_t id;
	uint64_t value;
	const char *text;
	const char *code;
	uint32_t tag;
	enum expect kind;
	bool snapshot;
};

/* What can be wrong with an answer. */
enum verdict {
	VERDICT_RIGHT,
	VERDICT_WRONG_ID,
	VERDICT_WRONG,   /* a result, but another than expected */
	VERDICT_REFUSED, /* an error object */
	VERDICT_EMPTY,   /* neither a result nor an error */
};

/**
 * expectation_judge() - compare an answer with what was expected
 * @why:  when it is not right: what was expected and what came, for people
 */
enum verdict expectation_judge(const struct expectation *expectation,
			       const struct answer *answer, char *why,
			       size_t why_size);
