/* SPDX-License-Identifier: MIT */
#include "tests/proto/script_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"

struct world_digest script_digest(const struct rpc_fixture *fx)
{
	const struct world *world = fixture_world(fx, 0);

	CU_ASSERT_PTR_NOT_NULL_FATAL(world);
	return digest_of(world_memory(world), world);
}

void script_fixture_init(struct rpc_fixture *fx,
			 const struct rpc_limits *limits)
{
	fixture_init(fx, 1, limits);
	json_decref(fixture_create(fx, "{}"));
}

/* The answer; @more: members, with a comma before them. */
json_t *script_answer(struct rpc_fixture *fx, const char *script,
		      const char *more)
{
	char *params = malloc(strlen(script) + strlen(more) + 64);
	json_t *answer;

	sprintf(params, "{'script':'%s'%s}", script, more);
	answer = fixture_call(fx, "script.run", params);
	free(params);
	return answer;
}

json_t *script_result(struct rpc_fixture *fx, const char *script,
		      const char *more)
{
	json_t *answer = script_answer(fx, script, more);
	json_t *result = json_incref(json_object_get(answer, "result"));

	if (!result)
		fprintf(stderr, "%s\n", json_dumps(answer, 0));
	json_decref(answer);
	return result;
}

json_int_t answer_count(const json_t *result, const char *key)
{
	return json_integer_value(json_object_get(result, key));
}

const json_t *answer_line(const json_t *result, size_t i, const char *key)
{
	return json_object_get(
		json_array_get(json_object_get(result, "lines"), i), key);
}
