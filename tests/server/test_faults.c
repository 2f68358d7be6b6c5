/* SPDX-License-Identifier: MIT */
/*
 * A server whose host runs out of memory, at every request for some in turn
 *
 * A connection may be lost to that. The server and its next client are not.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "tests/server/live_server.h"
#include "tests/support/fail_malloc.h"
#include "tests/support/suite.h"

#define POST(fields, length, body)                                             \
	"POST /rpc HTTP/1.1\r\n" HOST fields                                   \
	"Content-Type: application/json\r\nContent-Length: " length            \
	"\r\n\r\n" body

enum {
	REFUSALS_MAX = 1000, /* more means that it never ends */
	ANSWERS = 10
};

/* All that makes the server allocate; ends with the connection's end. */
static const char requests[] =
	"GET /healthz HTTP/1.1\r\n" HOST
	"X-Request-Id: abc\r\n\r\n" POST("", "5", "plain") POST(
		"", "6",
		"ring:3") POST("", "7",
			       "yield:3") POST("Accept-Encoding: gzip\r\n",
					       "12", "large:100000")
		POST("Accept-Encoding: gzip\r\n", "13", "large:3000000") POST(
			"", "13",
			"large:9000000") "POST /rpc HTTP/1.1\r\n" HOST
					 "Content-Type: application/json\r\n"
					 "Transfer-Encoding: "
					 "chunked\r\n\r\n3\r\non:"
					 "\r\n1\r\n1\r\n0\r\n\r\n"
					 "GET /metrics HTTP/1.1\r\n" HOST "\r\n"
					 "GET /openrpc.json HTTP/1.1\r\n" HOST
					 "Connection: close\r\n\r\n";

static void expect_service(const struct live_server *live)
{
	int peer = peer_connect(live);
	struct peer_answer answer;

	CU_ASSERT_FATAL(peer >= 0);
	CU_ASSERT(peer_post(peer, "plain"));
	answer = peer_hear(peer);
	CU_ASSERT_EQUAL_FATAL(answer.status, 200);
	CU_ASSERT_STRING_EQUAL(answer.body, "plain");
	peer_answer_free(&answer);
	close(peer);
}

/* How many requests were answered before the connection ended. */
static unsigned play(const struct live_server *live)
{
	int peer = peer_connect(live);
	struct peer_answer answer;
	unsigned answers = 0;

	CU_ASSERT_FATAL(peer >= 0);
	peer_say(peer, requests);
	for (;; answers++) {
		answer = peer_hear(peer);
		if (!answer.status)
			break;
		CU_ASSERT(answer.status == 200 || answer.status == 500 ||
			  answer.status == 503);
		peer_answer_free(&answer);
	}
	peer_answer_free(&answer);
	CU_ASSERT(peer_is_at_end(peer));
	close(peer);
	return answers;
}

static void play_with(unsigned mode)
{
	struct live_server live;
	unsigned answers, whole = 0;
	bool refused = true;
	uint64_t n;

	live_server_start(&live, (char *const[]){ "--loops=3", NULL });
	for (n = 0; refused && n < REFUSALS_MAX; n++) {
		fail_malloc_at(n, mode | FAIL_ELSEWHERE);
		answers = play(&live);
		refused = fail_malloc_never();
		if (!refused)
			CU_ASSERT_EQUAL(answers, ANSWERS);
		whole += answers == ANSWERS;
		expect_service(&live);
	}
	live_server_stop(&live);
	CU_ASSERT_FALSE(refused);
	CU_ASSERT(n > 5);
	CU_ASSERT(whole < n);
}

static void one_request_is_refused(void)
{
	play_with(FAIL_ONCE);
}

static void all_requests_are_refused_from_one_on(void)
{
	play_with(FAIL_ALL);
}

/* Before anything can be heard, nobody can be told; but the next one is. */
static void connections_without_memory_are_dropped(void)
{
	struct live_server live;
	int peers[20];
	size_t i;

	live_server_start(&live, (char *const[]){ "--loops=1", NULL });
	fail_malloc_at(0, FAIL_ALL | FAIL_ELSEWHERE);
	for (i = 0; i < sizeof(peers) / sizeof(*peers); i++)
		peers[i] = peer_connect(&live);
	for (i = 0; i < sizeof(peers) / sizeof(*peers); i++) {
		CU_ASSERT(peer_is_at_end(peers[i]));
		close(peers[i]);
	}
	CU_ASSERT_TRUE(fail_malloc_never());
	expect_service(&live);
	live_server_stop(&live);
}

CU_TestInfo test_faults[] = {
	{ "one request is refused", one_request_is_refused },
	{ "all requests are refused from one on",
	  all_requests_are_refused_from_one_on },
	{ "connections without memory are dropped",
	  connections_without_memory_are_dropped },
	CU_TEST_INFO_NULL,
};
