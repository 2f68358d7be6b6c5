/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Scripts that a service is asked to run
 */
#include "tests/proto/rpc_fixture.h"
#include "tests/support/digest.h"

/* The further parameters of a script for @, whose state need not be shown. */
#define ON ",'process':'@','want':[]"

/* A fixture with a process, which is @. */
void script_fixture_init(struct rpc_fixture *fx,
			 const struct rpc_limits *limits);

/* The answer; @script: as it stands in JSON; @more: members, with a comma before
 * them. */
json_t *script_answer(struct rpc_fixture *fx, const char *script,
		      const char *more);

/* Its result; NULL, and the answer is shown: it is an error. */
json_t *script_result(struct rpc_fixture *fx, const char *script,
		      const char *more);

/* A number of a result, or of an error's data. */
json_int_t answer_count(const json_t *result, const char *key);

/* A member of the line that ran as the @i-th. */
const json_t *answer_line(const json_t *result, size_t i, const char *key);

/* The world of @, as it is now. */
struct world_digest script_digest(const struct rpc_fixture *fx);
