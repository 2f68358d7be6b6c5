/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A job that is worked on a turn at a time, so that others can come in between
 */
#include "tests/proto/rpc_fixture.h"

struct slow_job {
	struct rpc_job job;
	struct buffer answer;
	char *body;
	unsigned at; /* the service of its next turn */
};

/* @body: as fixture_expand() takes it */
void slow_job_init(struct rpc_fixture *fx, struct slow_job *slow,
		   const char *body);

/* One turn, the first one on fx->at's service; true: it needs more. */
bool slow_job_turn(struct rpc_fixture *fx, struct slow_job *slow);

/* All turns that are left: how many. *answerp: out, the caller's. */
unsigned slow_job_end(struct rpc_fixture *fx, struct slow_job *slow,
		      json_t **answerp);

/* Likewise; the answer alone. */
json_t *slow_job_answer(struct rpc_fixture *fx, struct slow_job *slow);

/* A job whose call is under way: its body is where it stays, its handler has run,
 * and it keeps the world still. */
void slow_job_begin_held(struct rpc_fixture *fx, struct slow_job *slow,
			 const char *body);

/* A job that waits in its world's line, and has not begun. */
void slow_job_begin_waiting(struct rpc_fixture *fx, struct slow_job *slow,
			    const char *body);

/* Free a job that is done, if slow_job_end() did not. */
void slow_job_deinit(struct slow_job *slow);

/* The world that slow calls are about. */
enum {
	SLOW_OPERATIONS = 1000, /* all of them kept */
	SLOW_SLICE = 64,        /* operations a turn */
	/* Turns that are left where a way is short: for the body, for what is
	 * nearest, for each slice of the rest, and for copies of small states. */
	SLOW_STAGES = 6
};

/* A fixture with turns of SLOW_SLICE, and in it that world, which is @'s. */
void slow_world_init(struct rpc_fixture *fx);

/* So many areas of two pages each, present, for @: none merge. */
void slow_areas_make(struct rpc_fixture *fx, unsigned areas);

/* Turns of SLOW_READS areas and page tables. */
enum {
	SLOW_READS = 16
};
extern const struct rpc_limits slow_reads;

/* A fixture of one loop, in it a process made with @params, for @, and so many of
 * these areas. */
void slow_areas_init(struct rpc_fixture *fx, const struct rpc_limits *limits,
		     const char *params, unsigned areas);

/* A host's clock: with every look more goes by than a slice may take. */
uint64_t slow_clock(void *ctx);

/* A call on the world of slow_world_init(). */
struct slow_call {
	const char *body;
	const char *members[2]; /* of its result, to be looked at, or NULL */
	unsigned slices;        /* whole ones that it takes */
};

/* Asserts that it answers the same whatever becomes of the world after its first
 * slice: it changes, is undone, or ends. */
void slow_call_is_of_the_world_as_it_was(const struct slow_call *call);

/* Asserts that it ends well if its client's last process ends after its first
 * slice, and that all that the client is charged for goes with it. */
void slow_call_outlives_all_that_its_client_owns(const struct slow_call *call);
