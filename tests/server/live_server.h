/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A server in threads of this process, and clients that do as they are told
 *
 * The server's JSON-RPC layer is fake_rpc.h. Clients block, for at most
 * PEER_PATIENCE_MS; what takes longer counts as never.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include "server/options.h"
#include "server/server.h"

enum {
	PEER_PATIENCE_MS = 60000
};

struct live_server {
	struct options options;
	struct server *server;
	pthread_t thread;
};

/**
 * live_server_start() - serve on a free port
 * @args: further options as on the command line, ended by NULL
 */
void live_server_start(struct live_server *live, char *const args[]);

/** live_server_join() - wait until it ends of itself, and free it */
void live_server_join(struct live_server *live);

/** live_server_stop() - drain, wait and free */
void live_server_stop(struct live_server *live);

/* What came back; body ends with a NUL for convenience. */
struct peer_answer {
	int status; /* 0: the connection ended without an answer */
	char *head;
	char *body;
	size_t body_len;
};

/** peer_connect() - a new connection, a file descriptor; -1: refused */
int peer_connect(const struct live_server *live);

/** live_server_visit() - start a server, and connect */
int live_server_visit(struct live_server *live, char *const args[]);

/** live_server_leave() - hang up, and stop the server */
void live_server_leave(struct live_server *live, int peer);

/* Likewise, with the options as arguments. */
#define LIVE_START(live, ...)                                                  \
	live_server_start(live, (char *const[]){ __VA_ARGS__, NULL })
#define LIVE_VISIT(live, ...)                                                  \
	live_server_visit(live, (char *const[]){ __VA_ARGS__, NULL })

/* The line that each request needs. */
#define HOST "Host: localhost\r\n"

/** peer_send() - write all of @len bytes; false if the server hung up */
bool peer_send(int peer, const char *bytes, size_t len);

/** peer_say() - write a text */
bool peer_say(int peer, const char *text);

/** peer_post() - write a call whose body is @body */
bool peer_post(int peer, const char *body);

/** peer_hear() - read one answer; free it with peer_answer_free() */
struct peer_answer peer_hear(int peer);

/** peer_answer_free() - also of an answer that did not come */
void peer_answer_free(struct peer_answer *answer);

/** peer_expect_body() - assert that the next answer is 200 and this */
void peer_expect_body(int peer, const char *body);

/** peer_expect_large() - assert that it is 200 and as long as that */
void peer_expect_large(int peer, size_t size);

/** peer_expect_status() - assert that it has this status, and @part in its head */
void peer_expect_status(int peer, int status, const char *part);

/**
 * peer_settle() - wait until the server has read all that was sent
 *
 * Or has closed its end. The kernel knows; nothing is sent for that.
 */
void peer_settle(int peer);

/** peer_break() - close it with a reset rather than an end */
void peer_break(int peer);

/** peer_is_at_end() - does the server hang up without a further byte? */
bool peer_is_at_end(int peer);
