/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The emulated twin of a real process
 *
 * Created from how the real one stood before its first call, it answers the
 * same calls.
 */
#include "core/world/process_setup.h"
#include "tests/conformance/walk/call.h"
#include "tests/conformance/walk/tracee.h"
#include "tests/conformance/walk/view.h"

/* The machine that both live on, as the engine needs to know it. */
struct machine_state {
	struct sysctl sysctl;
	uint32_t sysctl_given; /* bits 1 << enum sysctl_field */
	uint64_t mem_total_kb;
	uint64_t committed_kb;
};

struct twin {
	const struct allocator *allocator;
	struct account account;
	struct memory memory;
	struct world *world;
};

/**
 * machine_read() - read the machine that runs us from /proc
 * @machine: out; what a release does not have is left to the engine's default
 *
 * Return: 0, or -1 with a sentence on standard error.
 */
int machine_read(struct machine_state *machine);

/**
 * twin_start() - make the emulated process
 * @twin:    to fill; must not move afterwards
 * @profile: the release
 * @machine: of the real process
 * @setup:   of the real process
 * @state:   of the real process
 *
 * Return: 0, or -1 with a sentence on standard error.
 */
int twin_start(struct twin *twin, const struct kernel_profile *profile,
	       const struct machine_state *machine,
	       const struct tracee_setup *setup,
	       const struct first_state *state);

/**
 * twin_apply() - make a call
 * @call:   of a process and a thread that exist
 * @answer: out
 *
 * Return: 0, or -1: the engine itself refused, as more pages than the machine
 *         has might be touched.
 */
int twin_apply(struct twin *twin, const struct call *call,
	       struct answer *answer);

/* What the emulated kernel shows of a process. */
void twin_view(const struct twin *twin, unsigned int number, struct view *view);

/* Where the emulated mmap begins to search. */
uint64_t twin_mmap_base(const struct twin *twin);

void twin_stop(struct twin *twin);
