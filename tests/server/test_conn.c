/* SPDX-License-Identifier: MIT */
/*
 * Connections over real sockets, to a server with a scripted JSON-RPC layer: in
 * which order their answers come, and what becomes of them
 */
#include "server/conn.h"

#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "tests/server/live_server.h"
#include "tests/support/suite.h"

static void pipelined_answers_keep_their_order(void)
{
	static const char *const calls[] = {
		"on:0",   "on:1",         "plain", "on:2", "yield:3",
		"ring:7", "large:100000", "on:1",  "last"
	};
	struct live_server live;
	int peer, round;
	size_t i;

	peer = LIVE_VISIT(&live, "--loops=3");
	for (round = 0; round < 20; round++)
		for (i = 0; i < NR(calls); i++)
			CU_ASSERT(peer_post(peer, calls[i]));
	for (round = 0; round < 20; round++) {
		peer_expect_body(peer, "loop 0");
		peer_expect_body(peer, "loop 1");
		peer_expect_body(peer, "plain");
		peer_expect_body(peer, "loop 2");
		peer_expect_body(peer, "turn 3");
		/* Seven steps from wherever this connection lives. */
		peer_expect_status(peer, 200, "Content-Length: 6\r\n");
		peer_expect_large(peer, 100000);
		peer_expect_body(peer, "loop 1");
		peer_expect_body(peer, "last");
	}
	live_server_leave(&live, peer);
}

static void silence_is_204(void)
{
	struct live_server live;
	struct peer_answer answer;
	int peer;

	peer = LIVE_VISIT(&live, "--loops=1");
	peer_post(peer, "nothing");
	answer = peer_hear(peer);
	CU_ASSERT_EQUAL(answer.status, 204);
	CU_ASSERT_PTR_NULL(strstr(answer.head, "Content-"));
	peer_answer_free(&answer);
	peer_post(peer, "more");
	peer_expect_body(peer, "more");
	live_server_leave(&live, peer);
}

static void bytes_may_come_one_by_one(void)
{
	static const char text[] =
		"POST /rpc HTTP/1.1\r\n" HOST
		"Content-Type: application/json\r\n"
		"Transfer-Encoding: chunked\r\n\r\n"
		"4\r\non:1\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\n" HOST "\r\n";
	const struct timespec pause = { 0, 200000 };
	struct live_server live;
	size_t i;
	int peer;

	peer = LIVE_VISIT(&live, "--loops=2");
	for (i = 0; i < sizeof(text) - 1; i++) {
		CU_ASSERT(peer_send(peer, text + i, 1));
		nanosleep(&pause, NULL);
	}
	peer_expect_body(peer, "loop 1");
	peer_expect_body(peer, "alive\n");
	live_server_leave(&live, peer);
}

static void large_answers_wait_for_their_reader(void)
{
	struct live_server live;
	int peer, i;

	peer = LIVE_VISIT(&live, "--loops=2");
	/* More than the sockets hold, so the server must stop in between. */
	for (i = 0; i < 8; i++)
		CU_ASSERT(peer_post(peer, "large:9000000"));
	for (i = 0; i < 8; i++)
		peer_expect_large(peer, 9000000);
	CU_ASSERT(peer_post(peer, "after"));
	peer_expect_body(peer, "after");
	live_server_leave(&live, peer);
}

/* So that the sockets are full while a job is away, and it comes back before
 * they have been emptied. */
static void post_more_than_sockets_hold(int peer, int rounds)
{
	static const char *const jobs[] = { "yield:3", "on:0", "on:1" };
	int i;

	for (i = 0; i < rounds; i++) {
		peer_post(peer, "large:16000");
		peer_post(peer, jobs[i % 3]);
	}
	usleep(300000);
}

static void answers_of_jobs_wait_behind_what_is_written(void)
{
	static const char *const bodies[] = { "turn 3", "loop 0", "loop 1" };
	enum {
		ROUNDS = 900
	};
	struct live_server live;
	int peer, i;

	peer = LIVE_VISIT(&live, "--loops=2");
	post_more_than_sockets_hold(peer, ROUNDS);
	for (i = 0; i < ROUNDS; i++) {
		peer_expect_large(peer, 16000);
		peer_expect_body(peer, bodies[i % 3]);
	}
	live_server_leave(&live, peer);
}

static void clients_leave_answers_that_wait_unread(void)
{
	struct live_server live;
	int peer, i;

	LIVE_START(&live, "--loops=2");
	for (i = 0; i < 6; i++) {
		peer = peer_connect(&live);
		post_more_than_sockets_hold(peer, 897 + i);
		if (i % 2)
			peer_break(peer);
		else
			close(peer);
	}
	peer = peer_connect(&live);
	peer_post(peer, "on:1");
	peer_expect_body(peer, "loop 1");
	live_server_leave(&live, peer);
}

/* What others send meanwhile goes through the memory in which a job's body and
 * the requests behind it were read. */
static void jobs_away_keep_their_input(void)
{
	enum {
		OTHERS = 6,
		ROUNDS = 12
	};
	int peer, others[OTHERS], round, i;
	struct live_server live;

	peer = LIVE_VISIT(&live, "--loops=2");
	for (i = 0; i < OTHERS; i++)
		others[i] = peer_connect(&live);
	for (round = 0; round < ROUNDS; round++) {
		peer_post(peer, "ring:1000");
		usleep(3000);
		peer_post(peer, "behind it");
		for (i = 0; i < OTHERS; i++)
			peer_post(others[i], "large:7 and no number at all");
		peer_expect_status(peer, 200, "Content-Length: 6\r\n");
		peer_expect_body(peer, "behind it");
		for (i = 0; i < OTHERS; i++)
			peer_expect_body(others[i],
					 "large:7 and no number at all");
	}
	close(peer);
	for (i = 0; i < OTHERS; i++)
		close(others[i]);
	live_server_stop(&live);
}

static void half_closed_client_gets_its_answers(void)
{
	struct live_server live;
	int peer;

	peer = LIVE_VISIT(&live, "--loops=2");
	peer_post(peer, "on:0");
	peer_post(peer, "on:1");
	peer_post(peer, "large:8000000");
	peer_post(peer, "last");
	shutdown(peer, SHUT_WR);
	peer_expect_body(peer, "loop 0");
	peer_expect_body(peer, "loop 1");
	peer_expect_large(peer, 8000000);
	peer_expect_body(peer, "last");
	CU_ASSERT(peer_is_at_end(peer));
	live_server_leave(&live, peer);
}

static void clients_may_leave_at_any_time(void)
{
	static const char *const calls[] = { "ring:200", "yield:500",
					     "large:9000000", "on:1", "x" };
	struct live_server live;
	int peer, i;

	LIVE_START(&live, "--loops=2");
	for (i = 0; i < 60; i++) {
		peer = peer_connect(&live);
		CU_ASSERT_FATAL(peer >= 0);
		peer_post(peer, calls[i % 5]);
		peer_post(peer, calls[(i + 1) % 5]);
		if (i % 3 == 0)
			peer_say(peer, "POST /rpc HT");
		if (i % 2)
			peer_break(peer);
		else
			close(peer);
	}
	peer = peer_connect(&live);
	peer_post(peer, "on:1");
	peer_expect_body(peer, "loop 1");
	live_server_leave(&live, peer);
}

CU_TestInfo test_conn[] = {
	{ "pipelined answers keep their order",
	  pipelined_answers_keep_their_order },
	{ "silence is 204", silence_is_204 },
	{ "bytes may come one by one", bytes_may_come_one_by_one },
	{ "large answers wait for their reader",
	  large_answers_wait_for_their_reader },
	{ "answers of jobs wait behind what is written",
	  answers_of_jobs_wait_behind_what_is_written },
	{ "clients leave answers that wait unread",
	  clients_leave_answers_that_wait_unread },
	{ "jobs away keep their input", jobs_away_keep_their_input },
	{ "half closed client gets its answers",
	  half_closed_client_gets_its_answers },
	{ "clients may leave at any time", clients_may_leave_at_any_time },
	CU_TEST_INFO_NULL,
};
