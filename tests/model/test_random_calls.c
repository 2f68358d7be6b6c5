/* SPDX-License-Identifier: MIT */
/*
 * The engine against the page model
 *
 * VMARIUM_MODEL_SEED=N plays that seed alone, VMARIUM_MODEL_STEPS=N that many
 * steps of each seed.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/model/random_run.h"
#include "tests/support/suite.h"

#define SEEDS 12
#define STEPS 20000

static uint64_t number_from(const char *variable, uint64_t otherwise)
{
	const char *text = getenv(variable);

	return text ? strtoull(text, NULL, 0) : otherwise;
}

static void engine_and_model_agree(void)
{
	uint64_t only = number_from("VMARIUM_MODEL_SEED", 0);
	uint64_t first = only ? only : 1, last = only ? only : SEEDS, seed;
	struct random_run run = {
		.steps = number_from("VMARIUM_MODEL_STEPS", STEPS),
	};
	bool agree;

	for (seed = first; seed <= last; seed++) {
		run.seed = seed;
		agree = random_run(&run);
		printf("seed %" PRIu64 ": %" PRIu64 " steps, %" PRIu64
		       " areas made or removed\n",
		       seed, run.done, run.succeeded);
		if (!agree)
			fprintf(stderr, "seed %" PRIu64 ": %s\n", seed,
				run.why);
		CU_ASSERT_TRUE(agree);
		/* Refusals alone would prove little. */
		CU_ASSERT_TRUE(run.succeeded > run.done / 100);
	}
}

CU_TestInfo test_random_calls[] = {
	{ "engine and model agree", engine_and_model_agree },
	CU_TEST_INFO_NULL,
};
