/* SPDX-License-Identifier: MIT */
/*
 * Requests that are no calls, or are refused, over real sockets
 */
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "tests/server/live_server.h"
#include "tests/support/suite.h"

static void refusal_arrives_although_the_body_is_unread(void)
{
	static char body[2000000];
	struct live_server live;
	int peer;

	peer = LIVE_VISIT(&live, "--loops=1");
	peer_say(peer, "POST /rpc HTTP/1.1\r\n" HOST
		       "Content-Length: 2000000\r\n\r\n");
	memset(body, ' ', sizeof(body));
	CU_ASSERT(peer_send(peer, body, sizeof(body)));
	peer_expect_status(peer, 415, "Connection: close\r\n");
	CU_ASSERT(peer_is_at_end(peer));
	live_server_leave(&live, peer);
}

static void lingering_is_bounded(void)
{
	const struct timespec pause = { 0, 20000000 };
	const int most = PEER_PATIENCE_MS / 20;
	struct live_server live;
	int peer, i;

	peer = LIVE_VISIT(&live, "--loops=1", "--linger-timeout=100ms");
	peer_say(peer, "GET /nowhere HTTP/1.1\r\n" HOST "\r\n");
	peer_expect_status(peer, 404, "Connection: close\r\n");
	for (i = 0; i < most && peer_say(peer, "more"); i++)
		nanosleep(&pause, NULL);
	CU_ASSERT(i < most);
	live_server_leave(&live, peer);
}

static void head_and_options_have_no_content(void)
{
	struct live_server live;
	int peer;

	peer = LIVE_VISIT(&live, "--loops=1");
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
	live_server_leave(&live, peer);
}

static void expectation_is_met_before_the_body(void)
{
	struct live_server live;
	int peer;

	peer = LIVE_VISIT(&live, "--loops=1");
	peer_say(peer, "POST /rpc HTTP/1.1\r\n" HOST "Expect: 100-continue\r\n"
		       "Content-Type: application/json\r\n"
		       "Content-Length: 2\r\n\r\n");
	peer_expect_status(peer, 100, "HTTP/1.1 100 Continue\r\n\r\n");
	peer_say(peer, "{}");
	peer_expect_body(peer, "{}");
	/* There is nothing to go on with. */
	peer_say(peer, "POST /rpc HTTP/1.1\r\n" HOST "Expect: 100-continue\r\n"
		       "Content-Type: application/json\r\n"
		       "Content-Length: 0\r\n\r\n");
	peer_expect_status(peer, 204, "HTTP/1.1 204 ");
	/* Refused instead of continued. */
	peer_say(peer, "POST /rpc HTTP/1.1\r\n" HOST "Expect: 100-continue\r\n"
		       "Content-Length: 2\r\n\r\n");
	peer_expect_status(peer, 415, "");
	live_server_leave(&live, peer);
}

static void connection_close_is_honoured(void)
{
	struct live_server live;
	int peer;

	peer = LIVE_VISIT(&live, "--loops=1");
	peer_say(peer, "GET /readyz HTTP/1.1\r\nConnection: close\r\n" HOST
		       "\r\nGET /readyz HTTP/1.1\r\n" HOST "\r\n");
	peer_expect_status(peer, 200, "Connection: close\r\n");
	CU_ASSERT(peer_is_at_end(peer));
	close(peer);
	peer = peer_connect(&live);
	peer_say(peer, "GET /readyz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
		       "GET /readyz HTTP/1.0\r\n\r\n");
	peer_expect_status(peer, 200, "Connection: keep-alive\r\n");
	peer_expect_status(peer, 200, "Connection: close\r\n");
	CU_ASSERT(peer_is_at_end(peer));
	live_server_leave(&live, peer);
}

CU_TestInfo test_conn_requests[] = {
	{ "refusal arrives although the body is unread",
	  refusal_arrives_although_the_body_is_unread },
	{ "lingering is bounded", lingering_is_bounded },
	{ "HEAD and OPTIONS have no content",
	  head_and_options_have_no_content },
	{ "expectation is met before the body",
	  expectation_is_met_before_the_body },
	{ "Connection: close is honoured", connection_close_is_honoured },
	CU_TEST_INFO_NULL,
};
