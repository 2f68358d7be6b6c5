/* SPDX-License-Identifier: MIT */
/*
 * Connections over real sockets, to a server with a scripted JSON-RPC layer
 */
#include "server/conn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "tests/server/live_server.h"
#include "tests/support/suite.h"

#define START(live, ...)                                                       \
	live_server_start(live, (char *const[]){ __VA_ARGS__, NULL })

#define HOST "Host: localhost\r\n"

static void expect_body(int peer, const char *body)
{
	struct peer_answer answer = peer_hear(peer);

	CU_ASSERT_EQUAL(answer.status, 200);
	CU_ASSERT_PTR_NOT_NULL(answer.body);
	if (answer.body)
		CU_ASSERT_STRING_EQUAL(answer.body, body);
	peer_answer_free(&answer);
}

static void expect_large(int peer, size_t size)
{
	struct peer_answer answer = peer_hear(peer);

	CU_ASSERT_EQUAL(answer.status, 200);
	CU_ASSERT_EQUAL(answer.body_len, size);
	peer_answer_free(&answer);
}

/* The answer's head holds @part. */
static void expect_status(int peer, int status, const char *part)
{
	struct peer_answer answer = peer_hear(peer);

	CU_ASSERT_EQUAL(answer.status, status);
	CU_ASSERT_PTR_NOT_NULL(strstr(answer.head, part));
	peer_answer_free(&answer);
}

static void pipelined_answers_keep_their_order(void)
{
	static const char *const calls[] = {
		"on:0",   "on:1",         "plain", "on:2", "yield:3",
		"ring:7", "large:100000", "on:1",  "last"
	};
	struct live_server live;
	int peer, round;
	size_t i;

	START(&live, "--loops=3");
	peer = peer_connect(&live);
	for (round = 0; round < 20; round++)
		for (i = 0; i < sizeof(calls) / sizeof(*calls); i++)
			CU_ASSERT(peer_post(peer, calls[i]));
	for (round = 0; round < 20; round++) {
		expect_body(peer, "loop 0");
		expect_body(peer, "loop 1");
		expect_body(peer, "plain");
		expect_body(peer, "loop 2");
		expect_body(peer, "turn 3");
		/* Seven steps from wherever this connection lives. */
		expect_status(peer, 200, "Content-Length: 6\r\n");
		expect_large(peer, 100000);
		expect_body(peer, "loop 1");
		expect_body(peer, "last");
	}
	close(peer);
	live_server_stop(&live);
}

static void silence_is_204(void)
{
	struct live_server live;
	struct peer_answer answer;
	int peer;

	START(&live, "--loops=1");
	peer = peer_connect(&live);
	peer_post(peer, "nothing");
	answer = peer_hear(peer);
	CU_ASSERT_EQUAL(answer.status, 204);
	CU_ASSERT_PTR_NULL(strstr(answer.head, "Content-"));
	peer_answer_free(&answer);
	peer_post(peer, "more");
	expect_body(peer, "more");
	close(peer);
	live_server_stop(&live);
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

	START(&live, "--loops=2");
	peer = peer_connect(&live);
	for (i = 0; i < sizeof(text) - 1; i++) {
		CU_ASSERT(peer_send(peer, text + i, 1));
		nanosleep(&pause, NULL);
	}
	expect_body(peer, "loop 1");
	expect_body(peer, "alive\n");
	close(peer);
	live_server_stop(&live);
}

static void large_answers_wait_for_their_reader(void)
{
	struct live_server live;
	int peer, i;

	START(&live, "--loops=2");
	peer = peer_connect(&live);
	/* More than the sockets hold, so the server must stop in between. */
	for (i = 0; i < 8; i++)
		CU_ASSERT(peer_post(peer, "large:9000000"));
	for (i = 0; i < 8; i++)
		expect_large(peer, 9000000);
	CU_ASSERT(peer_post(peer, "after"));
	expect_body(peer, "after");
	close(peer);
	live_server_stop(&live);
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

	START(&live, "--loops=2");
	peer = peer_connect(&live);
	post_more_than_sockets_hold(peer, ROUNDS);
	for (i = 0; i < ROUNDS; i++) {
		expect_large(peer, 16000);
		expect_body(peer, bodies[i % 3]);
	}
	close(peer);
	live_server_stop(&live);
}

static void clients_leave_answers_that_wait_unread(void)
{
	const struct linger reset = { 1, 0 };
	struct live_server live;
	int peer, i;

	START(&live, "--loops=2");
	for (i = 0; i < 6; i++) {
		peer = peer_connect(&live);
		post_more_than_sockets_hold(peer, 897 + i);
		if (i % 2)
			setsockopt(peer, SOL_SOCKET, SO_LINGER, &reset,
				   sizeof(reset));
		close(peer);
	}
	peer = peer_connect(&live);
	peer_post(peer, "on:1");
	expect_body(peer, "loop 1");
	close(peer);
	live_server_stop(&live);
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

	START(&live, "--loops=2");
	peer = peer_connect(&live);
	for (i = 0; i < OTHERS; i++)
		others[i] = peer_connect(&live);
	for (round = 0; round < ROUNDS; round++) {
		peer_post(peer, "ring:1000");
		usleep(3000);
		peer_post(peer, "behind it");
		for (i = 0; i < OTHERS; i++)
			peer_post(others[i], "large:7 and no number at all");
		expect_status(peer, 200, "Content-Length: 6\r\n");
		expect_body(peer, "behind it");
		for (i = 0; i < OTHERS; i++)
			expect_body(others[i], "large:7 and no number at all");
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

	START(&live, "--loops=2");
	peer = peer_connect(&live);
	peer_post(peer, "on:0");
	peer_post(peer, "on:1");
	peer_post(peer, "large:8000000");
	peer_post(peer, "last");
	shutdown(peer, SHUT_WR);
	expect_body(peer, "loop 0");
	expect_body(peer, "loop 1");
	expect_large(peer, 8000000);
	expect_body(peer, "last");
	CU_ASSERT(peer_is_at_end(peer));
	close(peer);
	live_server_stop(&live);
}

static void clients_may_leave_at_any_time(void)
{
	static const char *const calls[] = { "ring:200", "yield:500",
					     "large:9000000", "on:1", "x" };
	const struct linger reset = { 1, 0 };
	struct live_server live;
	int peer, i;

	START(&live, "--loops=2");
	for (i = 0; i < 60; i++) {
		peer = peer_connect(&live);
		CU_ASSERT_FATAL(peer >= 0);
		peer_post(peer, calls[i % 5]);
		peer_post(peer, calls[(i + 1) % 5]);
		if (i % 3 == 0)
			peer_say(peer, "POST /rpc HT");
		if (i % 2)
			setsockopt(peer, SOL_SOCKET, SO_LINGER, &reset,
				   sizeof(reset));
		close(peer);
	}
	peer = peer_connect(&live);
	peer_post(peer, "on:1");
	expect_body(peer, "loop 1");
	close(peer);
	live_server_stop(&live);
}

static void slow_heads_and_bodies_are_told(void)
{
	struct live_server live;
	int head, body, idle;

	START(&live, "--loops=1", "--header-timeout=100ms",
	      "--body-timeout=100ms", "--idle-timeout=150ms");
	head = peer_connect(&live);
	body = peer_connect(&live);
	idle = peer_connect(&live);
	peer_say(head, "GET / HTTP/1.1\r\n");
	peer_say(body, "POST /rpc HTTP/1.1\r\n" HOST
		       "Content-Type: application/json\r\n"
		       "Content-Length: 9\r\n\r\n123");
	expect_status(head, 408, "Connection: close\r\n");
	expect_status(body, 408, "Connection: close\r\n");
	CU_ASSERT(peer_is_at_end(head));
	CU_ASSERT(peer_is_at_end(body));
	CU_ASSERT(peer_is_at_end(idle));
	close(head);
	close(body);
	close(idle);
	live_server_stop(&live);
}

static void header_time_is_not_prolonged_by_dripping(void)
{
	const struct timespec pause = { 0, 20000000 };
	struct live_server live;
	int peer, i;

	START(&live, "--loops=1", "--header-timeout=200ms",
	      "--linger-timeout=50ms");
	peer = peer_connect(&live);
	peer_say(peer, "GET / HTTP/1.1\r\nA: ");
	for (i = 0; i < 100 && peer_say(peer, "a"); i++)
		nanosleep(&pause, NULL);
	CU_ASSERT(i < 100);
	close(peer);
	live_server_stop(&live);
}

static void reader_that_stops_is_dropped(void)
{
	struct live_server live;
	struct peer_answer answer;
	struct timespec pause = { 0, 700000000 };
	int peer;

	START(&live, "--loops=1", "--write-timeout=100ms");
	peer = peer_connect(&live);
	peer_post(peer, "large:30000000");
	nanosleep(&pause, NULL);
	answer = peer_hear(peer);
	CU_ASSERT_EQUAL(answer.status, 0);
	peer_answer_free(&answer);
	close(peer);
	live_server_stop(&live);
}

static void connections_beyond_the_limit_are_told(void)
{
	struct timespec pause = { 0, 10000000 };
	struct live_server live;
	int a, b, c, tries;

	START(&live, "--loops=2", "--max-connections=2");
	a = peer_connect(&live);
	b = peer_connect(&live);
	peer_post(a, "a");
	peer_post(b, "b");
	expect_body(a, "a");
	expect_body(b, "b");
	c = peer_connect(&live);
	expect_status(c, 503, "Retry-After: 1\r\n");
	CU_ASSERT(peer_is_at_end(c));
	close(c);
	close(a);
	for (tries = 0; tries < 100; tries++) {
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
	CU_ASSERT(tries < 100);
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

	START(&live, "--loops=1", "--max-pending=580K", "--min-rate=0");
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
	expect_body(i, "small");
	close(i);
	peer_send(peers[0], bytes, BODY - SENT);
	expect_large(peers[0], BODY);
	wait_for_pending(&live, 0, 0);
	close(peers[0]);
	free(bytes);
	live_server_stop(&live);
}

static void too_many_untaken_answers_are_overload(void)
{
	struct live_server live;
	int greedy, other, tries;

	START(&live, "--loops=1", "--max-pending=64K");
	greedy = peer_connect(&live);
	other = peer_connect(&live);
	peer_post(greedy, "large:30000000");
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
	expect_large(greedy, 30000000);
	close(greedy);
	close(other);
	live_server_stop(&live);
}

static void refusal_arrives_although_the_body_is_unread(void)
{
	static char body[2000000];
	struct live_server live;
	int peer;

	START(&live, "--loops=1");
	peer = peer_connect(&live);
	peer_say(peer, "POST /rpc HTTP/1.1\r\n" HOST
		       "Content-Length: 2000000\r\n\r\n");
	memset(body, ' ', sizeof(body));
	CU_ASSERT(peer_send(peer, body, sizeof(body)));
	expect_status(peer, 415, "Connection: close\r\n");
	CU_ASSERT(peer_is_at_end(peer));
	close(peer);
	live_server_stop(&live);
}

static void lingering_is_bounded(void)
{
	struct timespec pause = { 0, 20000000 };
	struct live_server live;
	int peer, i;

	START(&live, "--loops=1", "--linger-timeout=100ms");
	peer = peer_connect(&live);
	peer_say(peer, "GET /nowhere HTTP/1.1\r\n" HOST "\r\n");
	expect_status(peer, 404, "Connection: close\r\n");
	for (i = 0; i < 200 && peer_say(peer, "more"); i++)
		nanosleep(&pause, NULL);
	CU_ASSERT(i < 200);
	close(peer);
	live_server_stop(&live);
}

static void head_and_options_have_no_content(void)
{
	struct live_server live;
	int peer;

	START(&live, "--loops=1");
	peer = peer_connect(&live);
	peer_say(peer, "HEAD /healthz HTTP/1.1\r\n" HOST "\r\n"
		       "OPTIONS /rpc HTTP/1.1\r\n" HOST "\r\n"
		       "HEAD /x HTTP/1.1\r\n" HOST "\r\n");
	{
		char text[4096] = "";
		size_t len = 0;
		ssize_t n;

		while ((n = recv(peer, text + len, sizeof(text) - 1 - len, 0)) >
		       0)
			len += (size_t)n;
		CU_ASSERT_PTR_NOT_NULL(strstr(text, "Content-Length: 6\r\n"));
		CU_ASSERT_PTR_NULL(strstr(text, "alive"));
		CU_ASSERT_PTR_NOT_NULL(
			strstr(text, "\r\nAllow: POST, OPTIONS\r\n"));
		CU_ASSERT_PTR_NOT_NULL(strstr(text, "HTTP/1.1 404 "));
		CU_ASSERT_PTR_NULL(strstr(text, "http.path"));
	}
	close(peer);
	live_server_stop(&live);
}

static void expectation_is_met_before_the_body(void)
{
	struct live_server live;
	int peer;

	START(&live, "--loops=1");
	peer = peer_connect(&live);
	peer_say(peer, "POST /rpc HTTP/1.1\r\n" HOST "Expect: 100-continue\r\n"
		       "Content-Type: application/json\r\n"
		       "Content-Length: 2\r\n\r\n");
	expect_status(peer, 100, "HTTP/1.1 100 Continue\r\n\r\n");
	peer_say(peer, "{}");
	expect_body(peer, "{}");
	/* Refused instead of continued. */
	peer_say(peer, "POST /rpc HTTP/1.1\r\n" HOST "Expect: 100-continue\r\n"
		       "Content-Length: 2\r\n\r\n");
	expect_status(peer, 415, "");
	close(peer);
	live_server_stop(&live);
}

static void connection_close_is_honoured(void)
{
	struct live_server live;
	int peer;

	START(&live, "--loops=1");
	peer = peer_connect(&live);
	peer_say(peer, "GET /readyz HTTP/1.1\r\nConnection: close\r\n" HOST
		       "\r\nGET /readyz HTTP/1.1\r\n" HOST "\r\n");
	expect_status(peer, 200, "Connection: close\r\n");
	CU_ASSERT(peer_is_at_end(peer));
	close(peer);
	peer = peer_connect(&live);
	peer_say(peer, "GET /readyz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
		       "GET /readyz HTTP/1.0\r\n\r\n");
	expect_status(peer, 200, "Connection: keep-alive\r\n");
	expect_status(peer, 200, "Connection: close\r\n");
	CU_ASSERT(peer_is_at_end(peer));
	close(peer);
	live_server_stop(&live);
}

/* Each loop closes its listener in its own time. */
static bool becomes_unreachable(const struct live_server *live)
{
	int peer, tries;

	for (tries = 0; tries < 200; tries++) {
		peer = peer_connect(live);
		if (peer < 0)
			return true;
		close(peer);
		usleep(10000);
	}
	return false;
}

static void drain_finishes_what_was_accepted(void)
{
	struct live_server live;
	int idle, half, ready;

	START(&live, "--loops=2");
	idle = peer_connect(&live);
	half = peer_connect(&live);
	ready = peer_connect(&live);
	peer_post(idle, "x");
	expect_body(idle, "x");
	peer_say(half, "POST /rpc HTTP/1.1\r\n" HOST
		       "Content-Type: application/json\r\n"
		       "Content-Length: 4\r\n\r\non");
	peer_say(ready, "GET /readyz HTTP/1.1\r\n" HOST);
	/* Both loops have read this before they hear of the drain. */
	usleep(100000);
	server_drain(live.server);
	CU_ASSERT(peer_is_at_end(idle));
	CU_ASSERT(becomes_unreachable(&live));
	peer_say(half, ":1");
	expect_status(half, 200, "Connection: close\r\n");
	CU_ASSERT(peer_is_at_end(half));
	peer_say(ready, "\r\n");
	expect_status(ready, 503, "Retry-After: 1\r\n");
	close(idle);
	close(half);
	close(ready);
	live_server_join(&live);
}

static void drain_ends_what_was_being_written(void)
{
	struct live_server live;
	int peer;

	START(&live, "--loops=2", "--drain-timeout=60s");
	peer = peer_connect(&live);
	peer_post(peer, "large:30000000");
	usleep(100000);
	server_drain(live.server);
	usleep(50000);
	expect_large(peer, 30000000);
	CU_ASSERT(peer_is_at_end(peer));
	close(peer);
	live_server_join(&live);
}

static void drain_is_bounded(void)
{
	struct timespec begin, end;
	struct live_server live;
	int peer;

	START(&live, "--loops=2", "--drain-timeout=200ms");
	peer = peer_connect(&live);
	peer_say(peer, "GET / HTTP/1.1\r\n");
	usleep(50000);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	live_server_stop(&live);
	clock_gettime(CLOCK_MONOTONIC, &end);
	CU_ASSERT(end.tv_sec - begin.tv_sec < 5);
	CU_ASSERT(peer_is_at_end(peer));
	close(peer);
}

static void port_is_not_shared_with_a_second_server(void)
{
	struct live_server live;
	struct options second;
	char listen[64], error[OPTIONS_ERROR_MAX];
	char *argv[] = { "vmariumd", listen, NULL };

	START(&live, "--loops=2");
	snprintf(listen, sizeof(listen), "--listen=127.0.0.1:%u",
		 ntohs(*address_port(&live.server->listeners[0].address)));
	CU_ASSERT_EQUAL(options_read(&second, 2, argv, stdout, error),
			OPTIONS_RUN);
	CU_ASSERT_PTR_NULL(server_new(&second));
	options_deinit(&second);
	live_server_stop(&live);
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
	{ "slow heads and bodies are told", slow_heads_and_bodies_are_told },
	{ "header time is not prolonged by dripping",
	  header_time_is_not_prolonged_by_dripping },
	{ "reader that stops is dropped", reader_that_stops_is_dropped },
	{ "connections beyond the limit are told",
	  connections_beyond_the_limit_are_told },
	{ "too many untaken answers are overload",
	  too_many_untaken_answers_are_overload },
	{ "too many bodies on their way are overload",
	  too_many_bodies_on_their_way_are_overload },
	{ "refusal arrives although the body is unread",
	  refusal_arrives_although_the_body_is_unread },
	{ "lingering is bounded", lingering_is_bounded },
	{ "HEAD and OPTIONS have no content",
	  head_and_options_have_no_content },
	{ "expectation is met before the body",
	  expectation_is_met_before_the_body },
	{ "Connection: close is honoured", connection_close_is_honoured },
	{ "drain finishes what was accepted",
	  drain_finishes_what_was_accepted },
	{ "drain ends what was being written",
	  drain_ends_what_was_being_written },
	{ "drain is bounded", drain_is_bounded },
	{ "port is not shared with a second server",
	  port_is_not_shared_with_a_second_server },
	CU_TEST_INFO_NULL,
};
