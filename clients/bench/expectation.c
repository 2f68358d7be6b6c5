/* SPDX-License-Identifier: MIT */
#include "clients/bench/expectation.h"

#include <inttypes.h>
#include <stdio.h>

static enum verdict judge_ret(const struct expectation *wanted,
			      const struct answer *answer, char *why,
			      size_t why_size)
{
	if (!answer->has_ret)
		snprintf(why, why_size, "the result has no ret");
	else if (wanted->kind == EXPECT_RET && answer->ret != wanted->value)
		snprintf(why, why_size,
			 "ret should be 0x%" PRIx64 " and is 0x%" PRIx64,
			 wanted->value, answer->ret);
	else if (wanted->kind == EXPECT_ADDRESS && (int64_t)answer->ret < 0)
		snprintf(why, why_size,
			 "ret should be an address and is %" PRId64,
			 (int64_t)answer->ret);
	else
		return VERDICT_RIGHT;
	return VERDICT_WRONG;
}

static bool is_no_signal(struct span fault)
{
	return span_is(fault, "none") || span_is(fault, "minor");
}

static enum verdict judge_fault(const struct expectation *wanted,
				const struct answer *answer, char *why,
				size_t why_size)
{
	bool right = wanted->text ? span_is(answer->fault, wanted->text)
				  : is_no_signal(answer->fault);

	if (right && (!wanted->code || span_is(answer->si_code, wanted->code)))
		return VERDICT_RIGHT;
	snprintf(why, why_size, "fault should be %s %s and is %.*s %.*s",
		 wanted->text ? wanted->text : "no signal",
		 wanted->code ? wanted->code : "", (int)answer->fault.len,
		 answer->fault.at ? answer->fault.at : "",
		 (int)answer->si_code.len,
		 answer->si_code.at ? answer->si_code.at : "");
	return VERDICT_WRONG;
}

static enum verdict judge_result(const struct expectation *wanted,
				 const struct answer *answer, char *why,
				 size_t why_size)
{
	if (wanted->snapshot && !answer->has_snapshot) {
		snprintf(why, why_size, "the result has no snapshot");
		return VERDICT_WRONG;
	}
	switch (wanted->kind) {
	case EXPECT_RET:
	case EXPECT_ADDRESS:
		return judge_ret(wanted, answer, why, why_size);
	case EXPECT_FAULT:
		return judge_fault(wanted, answer, why, why_size);
	case EXPECT_PROCESS:
		if (answer->process.len && answer->has_thread)
			return VERDICT_RIGHT;
		snprintf(why, why_size, "the result names no process");
		return VERDICT_WRONG;
	case EXPECT_THREAD:
		if (answer->has_thread)
			return VERDICT_RIGHT;
		snprintf(why, why_size, "the result names no thread");
		return VERDICT_WRONG;
	case EXPECT_RESULT:
		break;
	}
	return VERDICT_RIGHT;
}

static enum verdict judge_id(const struct expectation *wanted,
			     const struct answer *answer, char *why,
			     size_t why_size)
{
	if (answer->has_id && answer->id == wanted->id)
		return VERDICT_RIGHT;
	if (answer->has_id)
		snprintf(why, why_size,
			 "the id should be %" PRIu64 " and is %" PRIu64,
			 wanted->id, answer->id);
	else
		snprintf(why, why_size,
			 "the id should be %" PRIu64 " and is no number",
			 wanted->id);
	return VERDICT_WRONG_ID;
}

enum verdict expectation_judge(const struct expectation *expectation,
			       const struct answer *answer, char *why,
			       size_t why_size)
{
	/* What refuses a whole body has the id null. */
	bool is_anonymous = answer->has_error && !answer->has_id;

	if (!is_anonymous && judge_id(expectation, answer, why, why_size))
		return VERDICT_WRONG_ID;
	if (answer->has_error) {
		snprintf(why, why_size, "%.*s", (int)answer->error_message.len,
			 answer->error_message.len ? answer->error_message.at
						   : "");
		return VERDICT_REFUSED;
	}
	if (!answer->has_result) {
		snprintf(why, why_size, "neither a result nor an error");
		return VERDICT_EMPTY;
	}
	return judge_result(expectation, answer, why, why_size);
}
