/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Services in a test: JSON-RPC in, jansson values out
 *
 * Texts are written with ' for " and @ for the process made last, so that they
 * can be read: fixture_call(&fx, "mm.brk", "{'process':'@','addr':'0x602000'}").
 */
#include <jansson.h>
#include <stdbool.h>

#include "proto/rpc/rpc.h"
#include "proto/rpc/service.h"
#include "tests/proto/rpc_bodies.h"

enum {
	FIXTURE_SERVICES_MAX = 3
};

struct rpc_fixture {
	struct rpc_service *services[FIXTURE_SERVICES_MAX];
	unsigned nr;
	unsigned at;       /* the service that takes the next request */
	uint32_t random;   /* state; equal fixtures make equal names */
	uint64_t now;      /* milliseconds */
	uint64_t tick;     /* that go by with every look at the clock */
	size_t answer_max; /* of the answer's buffer */
	char process[PROCESS_NAME_LEN + 1];
	unsigned yields, hops; /* of the last request */
	struct rpc_bodies bodies;
	struct rpc_caller caller;
	struct rpc_clients *clients; /* of all services; NULL: each its own */
	struct rpc_subscriber *subscriber; /* whose requests come; NULL: none */
	bool is_full;  /* there is no room to tell it anything */
	json_t *notes; /* what it was told, an array; NULL: not heard */
	const struct rpc_note *note; /* the last one */
	unsigned written;            /* that differ from the one before */
};

/** fixture_init() - @nr loops with these limits, NULL for the defaults */
void fixture_init(struct rpc_fixture *fx, unsigned nr,
		  const struct rpc_limits *limits);

/** fixture_init_clients() - likewise, with clients that the loops share: 1 and
 * 2 may own what @quotas say */
void fixture_init_clients(struct rpc_fixture *fx, unsigned nr,
			  const struct rpc_quotas *quotas);
extern const struct rpc_quotas fixture_ample; /* enough for any test */
void fixture_deinit(struct rpc_fixture *fx);

/* The text of a call on the process @; @params: further ones, each behind a comma. */
#define FIXTURE_CALL(id, method, params)                                       \
	"{'jsonrpc':'2.0','id':" id ",'method':'" method                       \
	"','params':{'process':'@'" params "}}"

/** fixture_expand() - @text with " for ' and the process for @; to be freed */
char *fixture_expand(const struct rpc_fixture *fx, const char *text);

/** fixture_brk_batch() - a batch of @n calls of mm.brk with ids from 0, which want
 * @want; to be freed */
char *fixture_brk_batch(const struct rpc_fixture *fx, unsigned n,
			const char *want);

/** fixture_bytes() - the raw answer to raw bytes, ended with a NUL, to be
 * freed; NULL: no answer */
char *fixture_bytes(struct rpc_fixture *fx, const char *body, size_t len);

/** fixture_ask() - the answer to a body as a new reference; NULL: no answer */
json_t *fixture_ask(struct rpc_fixture *fx, const char *text);

/** fixture_call() - the whole answer to a call with id 1, a new reference */
json_t *fixture_call(struct rpc_fixture *fx, const char *method,
		     const char *params);

/** fixture_result() - its result, a new reference; NULL if it is an error */
json_t *fixture_result(struct rpc_fixture *fx, const char *method,
		       const char *params);

/** fixture_create() - make a process, which @ stands for from now on; its
 * result */
json_t *fixture_create(struct rpc_fixture *fx, const char *params);

/** fixture_begin() - a fixture of one loop with a process, made with @params */
void fixture_begin(struct rpc_fixture *fx, const char *params);

/** fixture_do() - assert that a call comes to a result, whatever it is */
void fixture_do(struct rpc_fixture *fx, const char *method, const char *params);

/** fixture_turn_to() - @ is that process from now on; NULL: none */
void fixture_turn_to(struct rpc_fixture *fx, const char *process);

/** fixture_tenant() - what the caller owns on a service; NULL: nothing */
struct tenant *fixture_tenant(const struct rpc_fixture *fx, unsigned service);

/** fixture_world() - the world of the process made last, on its service */
struct world *fixture_world(const struct rpc_fixture *fx, unsigned service);

/* The operations that the world of fixture_world(fx, 0) has seen. */
uint64_t fixture_seq(const struct rpc_fixture *fx);

/** is_error() - is it an error answer with this code, key and parameter (NULL:
 * none), and a hint? */
bool is_error(const json_t *answer, int code, const char *key,
	      const char *param);

/** is_refused() - is that what a call is answered with? */
bool is_refused(struct rpc_fixture *fx, const char *method, const char *params,
		int code, const char *key, const char *param);

/** result_is() - does a call come to that result, which is written as above? */
bool result_is(struct rpc_fixture *fx, const char *method, const char *params,
	       const char *wanted);

/** result_member() - of a whole answer */
json_t *result_member(const json_t *answer, const char *name);

/** error_member() - likewise, of the data of its error */
json_t *error_member(const json_t *answer, const char *name);

/** is_json() - does it equal @text, which is written as above? */
bool is_json(const json_t *value, const char *text);
