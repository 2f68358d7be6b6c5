/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Random calls, made in the engine and in the page model
 */
#include <stdbool.h>
#include <stdint.h>

#define RANDOM_RUN_WHY 1024

struct random_run {
	uint64_t seed; /* chooses the settings, too */
	uint64_t steps;
	uint64_t done;            /* out: steps that agreed */
	uint64_t succeeded;       /* out: of them, calls that changed areas */
	char why[RANDOM_RUN_WHY]; /* out: the call that differs, and how */
};

/**
 * random_run() - play one seed
 * @run: seed and steps; results
 *
 * validate_mm() and a comparison of everything follow each step.
 *
 * Return: whether engine and model agreed to the end, and nothing leaked.
 */
bool random_run(struct random_run *run);
