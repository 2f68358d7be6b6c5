/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Deadlines for many connections, by the kind of waiting
 *
 * All deadlines of a kind lie equally far ahead, so each kind is a list in
 * order of arrival that is also in order of expiry: setting, clearing and
 * finding what expired cost O(1), and one timer serves a whole loop.
 *
 * No clock and no memory: the caller brings the time in milliseconds and
 * embeds a struct timeout in what waits.
 */
#include <stdbool.h>
#include <stdint.h>

enum timeout_kind {
	TIMEOUT_NONE,
	TIMEOUT_IDLE,   /* between requests */
	TIMEOUT_HEADER, /* from a request's first byte to the end of its head */
	TIMEOUT_BODY,   /* between two reads of a body */
	TIMEOUT_WRITE,  /* for the client to take its share of an answer */
	TIMEOUT_PING,   /* of a WebSocket, before it is sent a ping */
	TIMEOUT_PONG,   /* for the answer to that */
	TIMEOUT_LINGER, /* after the last answer, for the client to hang up */
	TIMEOUT_KINDS
};

struct timeout {
	struct timeout *prev, *next;
	uint64_t due;
	enum timeout_kind kind;
};

struct timeouts {
	struct timeout lists[TIMEOUT_KINDS]; /* ring heads */
	uint64_t ms[TIMEOUT_KINDS];
};

/** timeouts_init() - nothing waits; @ms says how long each kind may */
void timeouts_init(struct timeouts *timeouts, const unsigned ms[TIMEOUT_KINDS]);

/**
 * timeout_set() - wait for something from @now on
 *
 * Replaces what @timeout waited for. TIMEOUT_NONE clears it. A @timeout that
 * is all zeros waits for nothing; one that waits must be cleared before its
 * memory goes.
 */
void timeout_set(struct timeouts *timeouts, struct timeout *timeout,
		 enum timeout_kind kind, uint64_t now);

/** timeouts_expired() - something whose deadline is not after @now, or NULL.
 * It stays until it is set anew or cleared. */
struct timeout *timeouts_expired(struct timeouts *timeouts, uint64_t now);

/** timeouts_next() - the earliest deadline, UINT64_MAX if nothing waits */
uint64_t timeouts_next(const struct timeouts *timeouts);
