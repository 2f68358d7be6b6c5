/* SPDX-License-Identifier: MIT */
/*
 * How connections end with their server
 */
#include <unistd.h>
#include "tests/server/live_server.h"
#include "tests/support/suite.h"

/* Each loop closes its listener in its own time. */
static bool becomes_unreachable(const struct live_server *live)
{
	int peer, tries;

	for (tries = 0; tries < PEER_PATIENCE_MS / 10; tries++) {
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

	LIVE_START(&live, "--loops=2", "--drain-timeout=10m",
		   "--header-timeout=10m", "--body-timeout=10m");
	idle = peer_connect(&live);
	half = peer_connect(&live);
	ready = peer_connect(&live);
	peer_post(idle, "x");
	peer_expect_body(idle, "x");
	peer_say(half, "POST /rpc HTTP/1.1\r\n" HOST
		       "Content-Type: application/json\r\n"
		       "Content-Length: 4\r\n\r\non");
	peer_say(ready, "GET /readyz HTTP/1.1\r\n" HOST);
	/* Both loops have read this before they hear of the drain. */
	peer_settle(half);
	peer_settle(ready);
	server_drain(live.server);
	CU_ASSERT(peer_is_at_end(idle));
	CU_ASSERT(becomes_unreachable(&live));
	peer_say(half, ":1");
	peer_expect_status(half, 200, "Connection: close\r\n");
	CU_ASSERT(peer_is_at_end(half));
	peer_say(ready, "\r\n");
	peer_expect_status(ready, 503, "Retry-After: 1\r\n");
	close(idle);
	close(half);
	close(ready);
	live_server_join(&live);
}

static void drain_ends_what_was_being_written(void)
{
	struct live_server live;
	int peer;

	peer = LIVE_VISIT(&live, "--loops=2", "--drain-timeout=10m");
	peer_post(peer, "large:30000000");
	peer_settle(peer);
	server_drain(live.server);
	CU_ASSERT(becomes_unreachable(&live));
	peer_expect_large(peer, 30000000);
	CU_ASSERT(peer_is_at_end(peer));
	close(peer);
	live_server_join(&live);
}

static void drain_is_bounded(void)
{
	struct live_server live;
	int peer;

	peer = LIVE_VISIT(&live, "--loops=2", "--drain-timeout=200ms",
			  "--header-timeout=10h");
	peer_say(peer, "GET / HTTP/1.1\r\n");
	peer_settle(peer);
	live_server_stop(&live);
	CU_ASSERT(peer_is_at_end(peer));
	close(peer);
}

static void port_is_not_shared_with_a_second_server(void)
{
	struct live_server live;
	struct options second;
	char listen[64], error[OPTIONS_ERROR_MAX];
	char *argv[] = { "vmariumd", listen, NULL };

	LIVE_START(&live, "--loops=2");
	snprintf(listen, sizeof(listen), "--listen=127.0.0.1:%u",
		 ntohs(*address_port(&live.server->listeners[0].address)));
	CU_ASSERT_EQUAL(options_read(&second, 2, argv, stdout, error),
			OPTIONS_RUN);
	CU_ASSERT_PTR_NULL(server_new(&second));
	options_deinit(&second);
	live_server_stop(&live);
}

CU_TestInfo test_conn_drain[] = {
	{ "drain finishes what was accepted",
	  drain_finishes_what_was_accepted },
	{ "drain ends what was being written",
	  drain_ends_what_was_being_written },
	{ "drain is bounded", drain_is_bounded },
	{ "port is not shared with a second server",
	  port_is_not_shared_with_a_second_server },
	CU_TEST_INFO_NULL,
};
