/* SPDX-License-Identifier: MIT */
/*
 * A service that is driven on and on takes no more memory than at first
 *
 * Random calls, in batches, on processes that come and go: after a warm-up of a
 * quarter, what is charged stays below what it was until then, and a little.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/proto/rpc_fixture.h"
#include "tests/support/suite.h"

enum {
	CALLS = 80000,
	BATCH = 100,
	LIFE = 3000, /* calls until a process ends and another one begins */
	CALL_MAX = 256
};

static unsigned below(unsigned *random, unsigned bound)
{
	*random = *random * 1103515245u + 12345u;
	return (*random >> 12) % bound;
}

/* A call in a window of 64 pages, and on the heap. */
static int write_call(char *out, unsigned *random, const char *process)
{
	const unsigned kind = below(random, 9);
	const unsigned page = below(random, 64), pages = 1 + below(random, 8);
	char rest[128];
	static const char *const methods[] = {
		"mm.mmap",    "mm.mmap",   "mm.munmap",
		"mm.access",  "mm.access", "mm.mprotect",
		"mm.madvise", "mm.brk",    "mm.mremap",
	};

	rest[0] = '\0';
	switch (kind) {
	case 0:
	case 1:
		snprintf(rest, sizeof(rest),
			 ",\"prot\":3,\"flags\":%u,\"idempotency_key\":\"%u\"",
			 below(random, 2) ? 0x32 : 0x31,
			 below(random, 1000000));
		break;
	case 3:
	case 4:
		snprintf(rest, sizeof(rest), ",\"type\":\"%s\"",
			 below(random, 2) ? "write" : "read");
		break;
	case 5:
		snprintf(rest, sizeof(rest), ",\"prot\":%u", below(random, 4));
		break;
	case 6:
		snprintf(rest, sizeof(rest), ",\"advice\":%u",
			 below(random, 5));
		break;
	}
	if (kind == 7)
		return snprintf(out, CALL_MAX,
				"{\"jsonrpc\":\"2.0\",\"method\":\"mm.brk\","
				"\"params\":{\"process\":\"%s\","
				"\"addr\":%u}}",
				process, 0x602000 + 4096 * page);
	if (kind == 8)
		return snprintf(out, CALL_MAX,
				"{\"jsonrpc\":\"2.0\",\"method\":\"mm.mremap\","
				"\"params\":[\"%s\",%u,4096,%u,1]}",
				process, 0x10000000 + 4096 * page,
				4096 * pages);
	return snprintf(out, CALL_MAX,
			"{\"jsonrpc\":\"2.0\",\"method\":\"%s\",\"params\":{"
			"\"process\":\"%s\",\"addr\":%u,\"length\":%u%s}}",
			methods[kind], process, 0x10000000 + 4096 * page,
			4096 * pages, rest);
}

/* Nobody is told: what comes out are notifications' answers, none. */
static void run_batch(struct rpc_fixture *fx, char *body, unsigned *random)
{
	size_t len = 0;
	char *answer;
	int i;

	for (i = 0; i < BATCH; i++) {
		body[len++] = i ? ',' : '[';
		len += (size_t)write_call(body + len, random, fx->process);
	}
	body[len++] = ']';
	answer = fixture_bytes(fx, body, len);
	CU_ASSERT_PTR_NULL(answer);
	free(answer);
}

static void a_walk_that_goes_on_and_on(void)
{
	uint64_t early = 0, late = 0, bytes;
	unsigned random = 1, calls;
	/* Full long before the warm-up ends, as journals are. */
	const struct rpc_limits limits = { .retry = { .keys = 1000 } };
	const struct account *account;
	struct rpc_fixture fx;
	uint64_t carried_out = 0;
	char *body;

	fixture_init(&fx, 1, &limits);
	account = &fx.services[0]->tenants.all[0]->account;
	body = malloc(BATCH * CALL_MAX + 2);
	json_decref(fixture_create(&fx, "{'want':[]}"));
	for (calls = 0; calls < CALLS; calls += BATCH) {
		if (calls && calls % LIFE == 0) {
			carried_out += world_seq(fixture_world(&fx, 0));
			json_decref(
				fixture_result(&fx, "process.exit", "['@']"));
			json_decref(fixture_create(&fx, "{'want':[]}"));
		}
		run_batch(&fx, body, &random);
		bytes = account->bytes;
		if (calls < CALLS / 4 && bytes > early)
			early = bytes;
		else if (calls >= CALLS / 4 && bytes > late)
			late = bytes;
	}
	if (late > early + early / 8)
		fprintf(stderr, "%llu bytes at first, then %llu\n",
			(unsigned long long)early, (unsigned long long)late);
	CU_ASSERT_TRUE(late <= early + early / 8);
	/* Nearly all of them were calls indeed. */
	CU_ASSERT_TRUE(carried_out > CALLS * 9 / 10);
	json_decref(fixture_result(&fx, "process.exit", "['@']"));
	CU_ASSERT_EQUAL(account->processes, 0);
	CU_ASSERT_EQUAL(account->areas, 0);
	free(body);
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_flat[] = {
	{ "a walk that goes on and on", a_walk_that_goes_on_and_on },
	CU_TEST_INFO_NULL,
};
