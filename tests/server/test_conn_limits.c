/* SPDX-License-Identifier: MIT */
/*
 * What connections may take of time and of memory
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "tests/server/live_server.h"
#include "tests/support/suite.h"

static void slow_heads_and_bodies_are_told(void)
{
	struct live_server live;
	int head, body;

	LIVE_START(&live, "--loops=1", "--header-timeout=100ms",
		   "--body-timeout=100ms");
	head = peer_connect(&live);
	body = peer_connect(&live);
	peer_say(head, "GET / HTTP/1.1\r\n");
	peer_say(body, "POST /rpc HTTP/1.1\r\n" HOST
		       "Content-Type: application/json\r\n"
		       "Content-Length: 9\r\n\r\n123");
	peer_expect_status(head, 408, "Connection: close\r\n");
	peer_expect_status(body, 408, "Connection: close\r\n");
	CU_ASSERT(peer_is_at_end(head));
	CU_ASSERT(peer_is_at_end(body));
	close(head);
	close(body);
	live_server_stop(&live);
}

static void who_asks_nothing_is_hung_up_on(void)
{
	struct live_server live;
	int peer;

	peer = LIVE_VISIT(&live, "--loops=1", "--idle-timeout=150ms");
	CU_ASSERT(peer_is_at_end(peer));
	live_server_leave(&live, peer);
}

static void header_time_is_not_prolonged_by_dripping(void)
{
	const struct timespec pause = { 0, 20000000 };
	const int most = PEER_PATIENCE_MS / 20;
	struct live_server live;
	int peer, i;

	peer = LIVE_VISIT(&live, "--loops=1", "--header-timeout=200ms",
			  "--linger-timeout=50ms");
	peer_say(peer, "GET / HTTP/1.1\r\nA: ");
	for (i = 0; i < most && peer_say(peer, "a"); i++)
		nanosleep(&pause, NULL);
	CU_ASSERT(i < most);
	live_server_leave(&live, peer);
}

/* Whatever comes ends in the middle of a head, each of which comes quickly. */
static void each_head_has_the_whole_time(void)
{
	static const char begin[] = "POST /rpc HTTP/1.1\r\n";
	static const char rest_and_begin[] =
		HOST "Content-Type: application/json\r\n"
		     "Content-Length: 2\r\n\r\nhi"
		     "POST /rpc HTTP/1.1\r\n";
	/* Five take longer than one may, and each may wait two seconds more
	 * for a machine that is busy. */
	const struct timespec pause = { 0, 700000000 };
	struct live_server live;
	int peer, i;

	peer = LIVE_VISIT(&live, "--loops=1", "--header-timeout=3s");
	peer_say(peer, begin);
	for (i = 0; i < 5; i++) {
		nanosleep(&pause, NULL);
		peer_say(peer, rest_and_begin);
		peer_expect_body(peer, "hi");
	}
	live_server_leave(&live, peer);
}

static void reader_that_stops_is_dropped(void)
{
	struct live_server live;
	struct peer_answer answer;
	int peer, tries;

	peer = LIVE_VISIT(&live, "--loops=1", "--write-timeout=100ms");
	peer_post(peer, "large:30000000");
	peer_settle(peer);
	for (tries = 0; tries < PEER_PATIENCE_MS; tries++) {
		if (!atomic_load(&live.server->connections))
			break;
		usleep(1000);
	}
	answer = peer_hear(peer);
	CU_ASSERT_EQUAL(answer.status, 0);
	peer_answer_free(&answer);
	live_server_leave(&live, peer);
}

static void connections_beyond_the_limit_are_told(void)
{
	struct timespec pause = { 0, 10000000 };
	struct live_server live;
	int a, b, c, tries;

	LIVE_START(&live, "--loops=2", "--max-connections=2");
	a = peer_connect(&live);
	b = peer_connect(&live);
	peer_post(a, "a");
	peer_post(b, "b");
	peer_expect_body(a, "a");
	peer_expect_body(b, "b");
	c = peer_connect(&live);
	peer_expect_status(c, 503, "Retry-After: 1\r\n");
	CU_ASSERT(peer_is_at_end(c));
	close(c);
	close(a);
	for (tries = 0; tries < PEER_PATIENCE_MS / 10; tries++) {
		struct peer_answer answer;
		int status;

		nanosleep(&pause, NULL);
		a = peer_connect(&live);
		peer_post(a, "again");
		answer = peer_hear(a);
		status = answer.status;
		peer_answer_free(&answer);
		if (status == 200)
			break;
		close(a);
	}
	CU_ASSERT(tries < PEER_PATIENCE_MS / 10);
	close(a);
	close(b);
	live_server_stop(&live);
}

/* Until the first loop's connections hold from @least to @most bytes. */
static void wait_for_pending(const struct live_server *live, size_t least,
			     size_t most)
{
	size_t pending = 0;
	int tries;

	for (tries = 0; tries < PEER_PATIENCE_MS; tries++) {
		pending = atomic_load(&live->server->loops[0].pending);
		if (pending >= least && pending <= most)
			return;
		usleep(1000);
	}
	CU_FAIL("the loop never held what was expected");
}

/* The first may go on; whoever would make it too much is sent away. */
static void too_many_bodies_on_their_way_are_overload(void)
{
	enum {
		PEERS = 6,
		SENT = 300000,
		BODY = 310000
	};
	char *bytes = malloc(BODY);
	struct peer_answer answer;
	struct live_server live;
	int peers[PEERS], i;

	LIVE_START(&live, "--loops=1", "--max-pending=580K", "--min-rate=0");
	CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
	memset(bytes, 'x', BODY);
	for (i = 0; i < PEERS; i++) {
		peers[i] = peer_connect(&live);
		peer_say(peers[i], "POST /rpc HTTP/1.1\r\nHost: localhost\r\n"
				   "Content-Type: application/json\r\n"
				   "Content-Length: 310000\r\n\r\n");
		peer_send(peers[i], bytes, SENT);
		if (!i) {
			wait_for_pending(&live, SENT, SIZE_MAX);
			continue;
		}
		answer = peer_hear(peers[i]);
		CU_ASSERT_EQUAL(answer.status, 503);
		CU_ASSERT_PTR_NOT_NULL(
			strstr(answer.head, "Retry-After: 1\r\n"));
		peer_answer_free(&answer);
		close(peers[i]);
	}
	/* What they held is free again, while the first still has its own. */
	i = peer_connect(&live);
	peer_post(i, "small");
	peer_expect_body(i, "small");
	close(i);
	peer_send(peers[0], bytes, BODY - SENT);
	peer_expect_large(peers[0], BODY);
	wait_for_pending(&live, 0, 0);
	close(peers[0]);
	free(bytes);
	live_server_stop(&live);
}

static void too_many_untaken_answers_are_overload(void)
{
	struct live_server live;
	int greedy, other, tries;

	LIVE_START(&live, "--loops=1", "--max-pending=64K");
	greedy = peer_connect(&live);
	other = peer_connect(&live);
	peer_post(greedy, "large:30000000");
	peer_settle(greedy);
	/* The answer that is not taken follows its call in an instant. */
	for (tries = 0; tries < 100; tries++) {
		struct peer_answer answer;
		int status;

		peer_post(other, "x");
		answer = peer_hear(other);
		status = answer.status;
		if (status == 503)
			CU_ASSERT_PTR_NOT_NULL(
				strstr(answer.head, "Retry-After: 1\r\n"));
		peer_answer_free(&answer);
		if (status != 200)
			break;
	}
	CU_ASSERT(tries < 100);
	peer_expect_large(greedy, 30000000);
	close(greedy);
	close(other);
	live_server_stop(&live);
}

CU_TestInfo test_conn_limits[] = {
	{ "slow heads and bodies are told", slow_heads_and_bodies_are_told },
	{ "who asks nothing is hung up on", who_asks_nothing_is_hung_up_on },
	{ "header time is not prolonged by dripping",
	  header_time_is_not_prolonged_by_dripping },
	{ "each head has the whole time", each_head_has_the_whole_time },
	{ "reader that stops is dropped", reader_that_stops_is_dropped },
	{ "connections beyond the limit are told",
	  connections_beyond_the_limit_are_told },
	{ "too many untaken answers are overload",
	  too_many_untaken_answers_are_overload },
	{ "too many bodies on their way are overload",
	  too_many_bodies_on_their_way_are_overload },
	CU_TEST_INFO_NULL,
};
