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

/* Free a job that is done, if slow_job_end() did not. */
void slow_job_deinit(struct slow_job *slow);
