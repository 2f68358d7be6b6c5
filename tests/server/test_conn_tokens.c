/* SPDX-License-Identifier: MIT */
/*
 * Connections whose token expires
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "tests/server/live_server.h"
#include "tests/support/suite.h"

/* The token "secret", good until the end of 2099. */
#define LINE                                                                   \
	"ada student "                                                         \
	"2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b "    \
	"expires=2099-12-31\n"
#define END_OF_2099 4102444800

#define TOKEN "Authorization: Bearer secret\r\n"

/* Seconds that the server's calendar is ahead. */
static atomic_long ahead;

/* In place of the C library's. */
time_t time(time_t *nowp)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	now.tv_sec += atomic_load(&ahead);
	if (nowp)
		*nowp = now.tv_sec;
	return now.tv_sec;
}

struct clients {
	struct live_server live;
	char path[32];
};

static void start(struct clients *clients, char *ping)
{
	char tokens[64];
	int fd;

	strcpy(clients->path, "/tmp/vmarium-tokens-XXXXXX");
	fd = mkstemp(clients->path);
	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(write(fd, LINE, strlen(LINE)), (ssize_t)strlen(LINE));
	close(fd);
	snprintf(tokens, sizeof(tokens), "--tokens=%s", clients->path);
	LIVE_START(&clients->live, "--loops=1", tokens, ping);
}

static void stop(struct clients *clients)
{
	live_server_stop(&clients->live);
	unlink(clients->path);
	atomic_store(&ahead, 0);
}

static void let_the_token_expire(void)
{
	atomic_store(&ahead, END_OF_2099 - time(NULL));
}

static void call(int peer)
{
	peer_say(peer, "POST /rpc HTTP/1.1\r\n" HOST TOKEN
		       "Content-Type: application/json\r\n"
		       "Content-Length: 2\r\n\r\nhi");
}

static int open_socket(struct clients *clients)
{
	const int peer = peer_connect(&clients->live);

	peer_say(peer, "GET /rpc HTTP/1.1\r\n" HOST TOKEN
		       "Upgrade: websocket\r\nConnection: Upgrade\r\n"
		       "Sec-WebSocket-Version: 13\r\n"
		       "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
	peer_expect_status(peer, 101, "Sec-WebSocket-Accept");
	return peer;
}

/* A text message, masked with zeros. */
static void say_hi(int peer)
{
	peer_send(peer, "\x81\x82\0\0\0\0hi", 8);
}

static void expect_bytes(int peer, const char *bytes, size_t len)
{
	char got[64];
	size_t n = 0;
	ssize_t more = 1;

	for (; n < len && more > 0; n += (size_t)more)
		more = recv(peer, got + n, len - n, 0);
	CU_ASSERT_EQUAL(n, len);
	CU_ASSERT_EQUAL(memcmp(got, bytes, len), 0);
}

/* 1008: against a policy. */
static void expect_close(int peer)
{
	expect_bytes(peer, "\x88\x17\x03\xf0the token has expired", 25);
	CU_ASSERT(peer_is_at_end(peer));
	close(peer);
}

static void kept_connections_are_refused(void)
{
	struct clients clients;
	int peer;

	start(&clients, "--ping-interval=30s");
	peer = peer_connect(&clients.live);
	call(peer);
	peer_expect_body(peer, "hi");
	let_the_token_expire();
	call(peer);
	peer_expect_status(peer, 401, "WWW-Authenticate");
	close(peer);
	stop(&clients);
}

static void sockets_end_before_the_next_message(void)
{
	struct clients clients;
	int peer;

	start(&clients, "--ping-interval=30s");
	peer = open_socket(&clients);
	say_hi(peer);
	expect_bytes(peer, "\x81\x02hi", 4);
	let_the_token_expire();
	say_hi(peer);
	expect_close(peer);
	stop(&clients);
}

static void quiet_sockets_end_with_the_next_ping(void)
{
	struct clients clients;
	int peer;

	start(&clients, "--ping-interval=50ms");
	peer = open_socket(&clients);
	expect_bytes(peer, "\x89\0", 2);
	let_the_token_expire();
	peer_send(peer, "\x8a\x80\0\0\0\0", 6);
	expect_close(peer);
	stop(&clients);
}

CU_TestInfo test_conn_tokens[] = {
	{ "kept connections are refused", kept_connections_are_refused },
	{ "sockets end before the next message",
	  sockets_end_before_the_next_message },
	{ "quiet sockets end with the next ping",
	  quiet_sockets_end_with_the_next_ping },
	CU_TEST_INFO_NULL,
};
