/* SPDX-License-Identifier: MIT */
/*
 * Verdicts that are kept: for whom and how long they hold
 */
#include "server/verdicts.h"

#include <time.h>
#include "tests/support/suite.h"

static struct verdicts *begin(void)
{
	struct verdicts *verdicts = verdicts_new();

	CU_ASSERT_PTR_NOT_NULL_FATAL(verdicts);
	return verdicts;
}

static void keep(struct verdicts *verdicts, uint64_t head, bool is_unix,
		 int64_t until, uint32_t client)
{
	const struct verdict verdict = { .head = head,
					 .is_unix = is_unix,
					 .until = until,
					 .caller = { .client = client } };

	verdicts_keep(verdicts, &verdict);
}

/* The client of a head's verdict, 0: there is none. */
static uint32_t client_of(const struct verdicts *verdicts, uint64_t head,
			  bool is_unix)
{
	const struct verdict *verdict = verdicts_find(verdicts, head, is_unix);

	return verdict ? verdict->caller.client : 0;
}

static void verdicts_are_of_one_head(void)
{
	struct verdicts *verdicts = begin();

	keep(verdicts, 1, false, INT64_MAX, 7);
	keep(verdicts, 2, false, INT64_MAX, 8);
	keep(verdicts, 0, false, INT64_MAX, 9);
	CU_ASSERT_EQUAL(client_of(verdicts, 1, false), 7);
	CU_ASSERT_EQUAL(client_of(verdicts, 2, false), 8);
	CU_ASSERT_EQUAL(client_of(verdicts, 3, false), 0);
	CU_ASSERT_EQUAL(client_of(verdicts, 0, false), 0);
	CU_ASSERT_EQUAL(client_of(verdicts, 1 + HTTP_HEADS_MAX, false), 0);
	keep(verdicts, 1 + HTTP_HEADS_MAX, false, INT64_MAX, 9);
	CU_ASSERT_EQUAL(client_of(verdicts, 1 + HTTP_HEADS_MAX, false), 9);
	CU_ASSERT_EQUAL(client_of(verdicts, 1, false), 0);
	verdicts_free(verdicts);
}

/* Host counts on the one kind of socket, and not on the other. */
static void verdicts_are_of_one_kind_of_socket(void)
{
	struct verdicts *verdicts = begin();

	keep(verdicts, 1, true, INT64_MAX, 7);
	CU_ASSERT_EQUAL(client_of(verdicts, 1, true), 7);
	CU_ASSERT_EQUAL(client_of(verdicts, 1, false), 0);
	verdicts_free(verdicts);
}

static void expired_tokens_have_no_verdict(void)
{
	struct verdicts *verdicts = begin();
	const int64_t now = time(NULL);

	keep(verdicts, 1, false, now + 1000, 7);
	keep(verdicts, 2, false, now, 8);
	keep(verdicts, 3, false, now - 1000, 9);
	CU_ASSERT_EQUAL(client_of(verdicts, 1, false), 7);
	CU_ASSERT_EQUAL(client_of(verdicts, 2, false), 0);
	CU_ASSERT_EQUAL(client_of(verdicts, 3, false), 0);
	verdicts_free(verdicts);
}

static void forgotten_verdicts_are_gone(void)
{
	struct verdicts *verdicts = begin();

	keep(verdicts, 1, false, INT64_MAX, 7);
	verdicts_forget(verdicts);
	CU_ASSERT_EQUAL(client_of(verdicts, 1, false), 0);
	keep(verdicts, 1, false, INT64_MAX, 8);
	CU_ASSERT_EQUAL(client_of(verdicts, 1, false), 8);
	verdicts_free(verdicts);
}

static void without_memory_nothing_is_kept(void)
{
	keep(NULL, 1, false, INT64_MAX, 7);
	CU_ASSERT_EQUAL(client_of(NULL, 1, false), 0);
	verdicts_forget(NULL);
	verdicts_free(NULL);
}

CU_TestInfo test_verdicts[] = {
	{ "verdicts are of one head", verdicts_are_of_one_head },
	{ "verdicts are of one kind of socket",
	  verdicts_are_of_one_kind_of_socket },
	{ "expired tokens have no verdict", expired_tokens_have_no_verdict },
	{ "forgotten verdicts are gone", forgotten_verdicts_are_gone },
	{ "without memory nothing is kept", without_memory_nothing_is_kept },
	CU_TEST_INFO_NULL,
};
