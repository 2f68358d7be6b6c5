/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * One run of a script, between the method and the language
 *
 * methods_script.c begins and ends it, script_host.c carries its calls out and
 * tells of its statements.
 */
#include "proto/json/buffer.h"
#include "proto/rpc/errors.h"
#include "proto/rpc/slice.h"
#include "proto/script/script.h"

struct json_value;
struct method;

/* A process that the script made, and the name that waits for it. */
struct newborn {
	uint32_t index, number;
};

struct script_job {
	struct call_work work; /* first */
	struct call *call;     /* script.run itself, as of this turn */
	struct script *script;
	struct script_host host;
	struct script_fault fault;
	struct rpc_error error; /* of the call that could not be carried out */

	struct side_memory side; /* of the draft */
	struct world *draft;     /* or the new world; NULL: not there yet */
	bool is_new;
	struct buffer names; /* struct newborn, one after another */

	struct buffer params, result; /* of the call that ran last */
	const struct method *method;  /* that it was */
	struct world *world;        /* that the draft is of; NULL: a new one */
	struct world_digest before; /* as it was, if there is another turn */
	struct json_mark begin;     /* of the result */
	bool has_run;               /* its end is all that is left */
	unsigned turns;
	struct slice slice;    /* of this turn */
	uint64_t spent, since; /* nanoseconds: of earlier turns, and when this
				  one began */
	uint64_t calls, steps;
	unsigned passed, failed;
	unsigned each; /* parts that every call shows */
};

/* script.run's part of a run, see struct script_host; their ctx is a struct
 * script_job. What they refuse is in its error. */
extern const struct script_host script_host;

/** script_clock() - nanoseconds since any start, 0 without a clock */
uint64_t script_clock(const struct rpc_service *service);

/** script_newborns() - the processes that the script made, and how many */
const struct newborn *script_newborns(const struct script_job *job,
				      size_t *nrp);

/**
 * script_make_world() - make the script's own process
 * @params: of process.create, an object
 *
 * Return: false, with the job's error set.
 */
bool script_make_world(struct script_job *job, const struct json_value *params);

/** script_answer_failed() - say that an answer is too large, or that there is no
 * memory for it; false */
bool script_answer_failed(struct script_job *job, const struct buffer *answer);
