/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What was judged of the heads that clients repeat
 *
 * Where a call's request goes and who sends it follows from its head, the
 * options and the tokens. So the verdict on a head that is met again
 * (http_codec.head_number) is the one that was found first, until its token
 * expires or other tokens have been read. What changes from one request to the
 * next, such as overload or rates, is no part of it.
 *
 * One table a loop, of a fixed size. Only calls that may run are kept: refusals
 * end their connections anyway.
 */
#include <stdbool.h>
#include <stdint.h>
#include "proto/http/http_heads.h"
#include "proto/rpc/rpc.h"

struct verdict {
	uint64_t head;      /* http_codec.head_number; 0: none is kept here */
	const char *origin; /* as in struct route_verdict */
	int64_t until; /* seconds since 1970: its token expires; INT64_MAX: never */
	struct rpc_caller caller;
	bool is_unix; /* of a connection through a unix socket */
	bool takes_gzip;
};

struct verdicts {
	struct http_heads *heads; /* for the loop's codecs */
	struct verdict all[HTTP_HEADS_MAX];
};

/** verdicts_new() - an empty table; NULL: no memory */
struct verdicts *verdicts_new(void);

/** verdicts_free() - free it; NULL is fine */
void verdicts_free(struct verdicts *verdicts);

/** verdicts_forget() - forget all verdicts, and the heads with them */
void verdicts_forget(struct verdicts *verdicts);

/**
 * verdicts_find() - the verdict on a head
 * @verdicts: NULL: nothing is kept
 * @head:     http_codec.head_number
 *
 * Return: NULL: it has to be judged. The verdict is good until the next call
 *         that is not verdicts_find().
 */
const struct verdict *verdicts_find(const struct verdicts *verdicts,
				    uint64_t head, bool is_unix);

/** verdicts_keep() - keep a verdict whose head has a number, instead of another
 * one perhaps; @verdicts as above */
void verdicts_keep(struct verdicts *verdicts, const struct verdict *verdict);
