/* SPDX-License-Identifier: MIT */
#include "tests/proto/slow_job.h"

#include <stdlib.h>
#include <string.h>

void slow_job_init(struct rpc_fixture *fx, struct slow_job *slow,
		   const char *body)
{
	slow->at = fx->at;
	slow->body = fixture_expand(fx, body);
	buffer_init(&slow->answer, 64u << 20);
	rpc_job_init(&slow->job, slow->body, strlen(slow->body), &slow->answer);
}

bool slow_job_turn(struct rpc_fixture *fx, struct slow_job *slow)
{
	return rpc_run(fx->services[slow->at], &slow->job, &slow->at) !=
	       RPC_DONE;
}

unsigned slow_job_end(struct rpc_fixture *fx, struct slow_job *slow,
		      json_t **answerp)
{
	unsigned turns = 1;

	while (slow_job_turn(fx, slow))
		turns++;
	*answerp = json_loadb(slow->answer.data, slow->answer.len, 0, NULL);
	slow_job_deinit(slow);
	return turns;
}

void slow_job_deinit(struct slow_job *slow)
{
	buffer_deinit(&slow->answer);
	free(slow->body);
}
