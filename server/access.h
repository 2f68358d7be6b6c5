/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Which request this is: its id, its place in a trace, and its line in the log
 */
#include <stdbool.h>
#include <stdint.h>
#include "proto/http/trace_context.h"
#include "server/metrics.h"

struct conn;
struct loop;

enum {
	ACCESS_FIELDS_MAX = 192
};

/*
 * Made for a connection by its first request that is to be logged or that
 * brings an id or a trace; kept for the next ones.
 */
struct access {
	bool in_work;  /* a request is, that all of this is about */
	bool id_asked; /* the client sent an id: one goes back */
	uint8_t id_len, trace_len;
	uint64_t began; /* uv_hrtime() when the head was complete */
	char id[REQUEST_ID_MAX];
	char trace[TRACEPARENT_LEN];
	char fields[ACCESS_FIELDS_MAX]; /* of the answer */
};

/** access_begin() - a request's head is complete */
void access_begin(struct conn *conn);

/** access_fields() - the lines that its answer's head owes, or NULL */
const char *access_fields(struct conn *conn);

/** access_end() - it is being answered: write its line, if that is wanted
 * @outcome: "ok", or the key of a refusal
 * @bytes:   of the answer's content */
void access_end(struct conn *conn, unsigned status, const char *outcome,
		uint64_t bytes);

/** access_cut() - @conn makes room for others in the middle of @doing */
void access_cut(const struct conn *conn, enum conn_doing doing);

/** access_slow() - @loop was held up by @conn's job, which ran last: say so if
 * it was for long */
void access_slow(const struct conn *conn, const struct loop *loop);
