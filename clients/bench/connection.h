/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * One connection: requests out, answers in, each judged
 */
#include <stdbool.h>
#include <stdint.h>

#include "clients/bench/bytes.h"
#include "clients/bench/expectation.h"
#include "clients/bench/response.h"

struct load;
struct player;

/**
 * struct request - one that has no answer yet
 * @due:   when it was to be sent, ns: latencies count from there
 * @sent:  when it was sent, ns
 * @calls: how many it holds
 */
struct request {
	uint64_t due;
	uint64_t sent;
	uint64_t calls;
};

/**
 * struct connection - a connection and its player
 * @fd:       -1 when it is closed
 * @stopped:  the player has lost its way
 * @is_free:  of an open loop: it stands in the ring of free ones
 * @blocked:  the socket takes no more until it says so
 * @in:       the beginning of an answer whose rest has not come
 * @out:      what is to be sent, the first @sent bytes of it gone
 * @requests: ring of those outstanding, the oldest at requests_head
 * @expects:  ring of their calls, the oldest at expects_head
 */
struct connection {
	struct player *player;
	int fd;
	bool stopped;
	bool is_free;
	bool blocked;
	struct bytes in;
	struct bytes out;
	size_t sent;
	struct response response;
	struct request *requests;
	uint64_t requests_head;
	uint64_t requests_count;
	struct expectation *expects;
	uint64_t expects_head;
	uint64_t expects_count;
};

/**
 * connection_open() - connect, and make the player
 *
 * Return: 0, or -1 with errno set.
 */
int connection_open(struct connection *connection, struct load *load,
		    uint64_t index);

/** connection_close() - close it and free what it holds; the player stays */
void connection_close(struct connection *connection);

/**
 * connection_fail() - close it and count why
 * @kind: as for tally_error(), like @example
 *
 * Its outstanding requests are counted as unanswered.
 */
void connection_fail(struct connection *connection, struct load *load,
		     const char *kind, const char *example);

/** connection_can_ask() - whether there is room for one more request */
bool connection_can_ask(const struct connection *connection,
			const struct load *load);

/**
 * connection_ask() - write one request; connection_send() sends it
 * @due: when it was to be sent
 *
 * Return: false if the player has nothing to say.
 */
bool connection_ask(struct connection *connection, struct load *load,
		    uint64_t due);

/** connection_send() - send as much as the socket takes */
void connection_send(struct connection *connection, struct load *load);

/** connection_hear() - read what has come, and judge it */
void connection_hear(struct connection *connection, struct load *load);
