/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * One world, and the host that pays for it
 *
 *	struct world_fixture f;
 *
 *	fixture_begin(&f);
 *	f.setup.maps = ...;
 *	CU_ASSERT_EQUAL(fixture_make(&f), WORLD_OK);
 *	CU_ASSERT_STRING_EQUAL(fixture_maps(&f), "...");
 *	CU_ASSERT_PTR_NULL(fixture_end(&f));
 */
#include "core/world/operation.h"
#include "core/world/process_setup.h"
#include "tests/support/fail_alloc.h"

struct world_fixture {
	struct fail_alloc host;
	struct account account;
	struct memory memory;
	struct process_setup setup;
	struct creation_error error;
	struct world *world; /* NULL until fixture_make() succeeds */
	char text[8192];     /* of the last text that was asked for */
};

/* No world, a host and an account without limits, the default setup. */
void fixture_begin(struct world_fixture *f);

/* Make the world of f->setup. */
enum world_status fixture_make(struct world_fixture *f);

/* Set maps, and the default setup's world is of these lines. */
enum world_status fixture_make_of(struct world_fixture *f, const char *maps);

/**
 * fixture_end() - validate, free everything, and look for leaks
 * @f: afterwards dead
 *
 * Return: NULL, or what was wrong.
 */
const char *fixture_end(struct world_fixture *f);

/* The first process, its address space and its first thread. */
struct process *fixture_process(const struct world_fixture *f);
const struct mm_struct *fixture_mm(const struct world_fixture *f);

/* The area that holds @addr, or NULL. */
const struct vm_area_struct *fixture_area(const struct world_fixture *f,
					  uint64_t addr);

/* The whole text of /proc/PID/maps. */
const char *fixture_maps(struct world_fixture *f);

/* Codes of vm_flags, each with a blank behind it. */
const char *fixture_flags(struct world_fixture *f,
			  const struct vm_area_struct *vma);

/**
 * fixture_dump() - all state of the world, as text
 *
 * Return: text, the caller frees it.
 */
char *fixture_dump(const struct world_fixture *f);

/* Apply an operation of the first process and thread. */
enum world_status fixture_apply(struct world_fixture *f, enum op_code code,
				const uint64_t *args, struct outcome *out);
