/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Small programs, as exec_setup_write() describes them, and exec of them
 *
 * The segments are those that gcc and ld of Debian 12 make.
 */
#include "core/world/exec.h"
#include "tests/core/world_fixture.h"

extern const char static_program[];
extern const char static_pie[];
extern const char pie[];
extern const char interpreted[];
extern const char aligned_static_pie[];
extern const char aligned_pie[];

/* Apply exec of a description to the first process. */
enum world_status exec_as(struct world_fixture *f, uint32_t thread,
			  const char *text, struct outcome *out);

/* The same by the first thread; it must be applied. */
struct outcome exec_text(struct world_fixture *f, const char *text);

/* A world of the default setup, of the release of that name. */
void exec_begin(struct world_fixture *f, const char *profile);

/* "start-end perms offset name" of each area, a line each; static. */
const char *short_maps(struct world_fixture *f);
