/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "clients/bench/answer.h"
#include "clients/bench/expectation.h"
#include "tests/support/suite.h"

#define RIGHT "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"ret\":\"0x1000\"}}"

/* A body in memory of its very size, so that a sanitizer sees a byte too far. */
static char *body_new(const char *text, size_t len)
{
	char *body = malloc(len ? len : 1);

	CU_ASSERT_FATAL(body != NULL);
	memcpy(body, text, len);
	return body;
}

static enum verdict judge(const char *text, struct expectation expect)
{
	char *body = body_new(text, strlen(text));
	enum verdict verdict = VERDICT_EMPTY;
	struct answers answers;
	struct answer answer;
	char why[160];

	answers_open(&answers, body, strlen(text));
	CU_ASSERT_TRUE(answers_next(&answers, &answer));
	CU_ASSERT_FALSE(answers.is_broken);
	verdict = expectation_judge(&expect, &answer, why, sizeof(why));
	CU_ASSERT_FALSE(answers_next(&answers, &answer));
	CU_ASSERT_FALSE(answers.is_broken);
	free(body);
	return verdict;
}

static void right_answers_are_right(void)
{
	struct expectation ret = { .id = 7, .kind = EXPECT_RET };

	ret.value = 0x1000;
	CU_ASSERT_EQUAL(judge(RIGHT, ret), VERDICT_RIGHT);
	ret.value = (uint64_t)-12;
	CU_ASSERT_EQUAL(judge(" { \"result\" : {\"errno\":\"ENOMEM\", \"ret\" "
			      ": -12 } , \"id\" : 7 }\n",
			      ret),
			VERDICT_RIGHT);
	ret.value = 0;
	ret.snapshot = true;
	CU_ASSERT_EQUAL(
		judge("{\"id\":7,\"result\":{\"snapshot\":{\"a\":[{\"ret\":1},"
		      "\"}\\\"\"]},\"ret\":0}}",
		      ret),
		VERDICT_RIGHT);
	CU_ASSERT_EQUAL(
		judge("{\"id\":7,\"result\":{\"process\":\"p\","
		      "\"thread\":1}}",
		      (struct expectation){ .id = 7, .kind = EXPECT_PROCESS }),
		VERDICT_RIGHT);
}

static void wrong_answers_are_told_apart(void)
{
	const struct expectation ret = {
		.id = 7,
		.kind = EXPECT_RET,
		.value = 0x1000,
	};
	struct expectation with_snapshot = ret;

	with_snapshot.snapshot = true;
	CU_ASSERT_EQUAL(judge(RIGHT, with_snapshot), VERDICT_WRONG);
	CU_ASSERT_EQUAL(
		judge("{\"id\":8,\"result\":{\"ret\":\"0x1000\"}}", ret),
		VERDICT_WRONG_ID);
	CU_ASSERT_EQUAL(
		judge("{\"id\":\"7\",\"result\":{\"ret\":\"0x1000\"}}", ret),
		VERDICT_WRONG_ID);
	CU_ASSERT_EQUAL(
		judge("{\"id\":7,\"result\":{\"ret\":\"0x2000\"}}", ret),
		VERDICT_WRONG);
	CU_ASSERT_EQUAL(judge("{\"id\":7,\"result\":{}}", ret), VERDICT_WRONG);
	CU_ASSERT_EQUAL(judge("{\"id\":7,\"result\":null}", ret),
			VERDICT_WRONG);
	CU_ASSERT_EQUAL(judge("{\"id\":7}", ret), VERDICT_EMPTY);
	CU_ASSERT_EQUAL(judge("{\"id\":7,\"error\":{\"code\":-32004,\"data\":{"
			      "\"key\":\"overload\"}}}",
			      ret),
			VERDICT_REFUSED);
	CU_ASSERT_EQUAL(
		judge("{\"id\":null,\"error\":{\"message\":\"m\"}}", ret),
		VERDICT_REFUSED);
}

static void faults_are_compared(void)
{
	struct expectation expect = { .id = 1, .kind = EXPECT_FAULT };
	static const char minor[] =
		"{\"id\":1,\"result\":{\"fault\":\"minor\",\"si_code\":null}}";
	static const char signal[] =
		"{\"id\":1,\"result\":{\"fault\":\"SIGSEGV\","
		"\"si_code\":\"SEGV_ACCERR\"}}";

	CU_ASSERT_EQUAL(judge(minor, expect), VERDICT_RIGHT);
	CU_ASSERT_EQUAL(judge(signal, expect), VERDICT_WRONG);
	expect.text = "SIGSEGV";
	CU_ASSERT_EQUAL(judge(signal, expect), VERDICT_RIGHT);
	CU_ASSERT_EQUAL(judge(minor, expect), VERDICT_WRONG);
	expect.code = "SEGV_MAPERR";
	CU_ASSERT_EQUAL(judge(signal, expect), VERDICT_WRONG);
}

static unsigned count(const char *text, size_t len, bool *brokenp)
{
	char *body = body_new(text, len);
	struct answers answers;
	struct answer answer;
	unsigned found = 0;

	answers_open(&answers, body, len);
	while (answers_next(&answers, &answer))
		found++;
	*brokenp = answers.is_broken;
	free(body);
	return found;
}

static void batches_are_counted(void)
{
	static const char text[] = "[" RIGHT " , " RIGHT "," RIGHT "]";
	bool broken;

	CU_ASSERT_EQUAL(count(text, strlen(text), &broken), 3);
	CU_ASSERT_FALSE(broken);
}

static void a_body_cut_anywhere_is_broken(void)
{
	static const char *const texts[] = {
		"[" RIGHT "," RIGHT "]",
		"{\"id\":1,\"result\":{\"snapshot\":{\"a\":[1,\"x\\\"\"]},"
		"\"ret\":-1}}",
		"{\"id\":1,\"error\":{\"message\":\"m\",\"data\":{\"key\":"
		"\"k\"}}}",
	};

	for (unsigned i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		for (size_t len = 0; len < strlen(texts[i]); len++) {
			bool broken;

			count(texts[i], len, &broken);
			CU_ASSERT_TRUE(broken);
		}
	}
}

static void what_follows_the_answer_is_broken(void)
{
	static const char *const texts[] = { RIGHT RIGHT, RIGHT "]",
					     "[" RIGHT "]]", "[" RIGHT ",]" };
	bool broken;

	for (unsigned i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		count(texts[i], strlen(texts[i]), &broken);
		CU_ASSERT_TRUE(broken);
	}
}

CU_TestInfo test_answer[] = {
	{ "right answers are right", right_answers_are_right },
	{ "wrong answers are told apart", wrong_answers_are_told_apart },
	{ "faults are compared", faults_are_compared },
	{ "batches are counted", batches_are_counted },
	{ "a body cut anywhere is broken", a_body_cut_anywhere_is_broken },
	{ "what follows the answer is broken",
	  what_follows_the_answer_is_broken },
	CU_TEST_INFO_NULL,
};
