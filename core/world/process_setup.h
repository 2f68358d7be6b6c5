/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What a world is created from
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/mm/profile.h"
#include "core/mm/setup.h"
#include "core/world/process.h"
#include "core/world/world.h"

/* Pages that may be resident at the start: 4 GiB of them. */
#define RESIDENT_PAGES_MAX (1ULL << 20)

/* The fields of an mm that a creation may set: bits of mm_given. */
enum mm_field {
	MM_START_CODE,
	MM_END_CODE,
	MM_START_DATA,
	MM_END_DATA,
	MM_START_BRK,
	MM_BRK,
	MM_START_STACK,
	MM_MMAP_BASE,
	MM_ARG_START,
	MM_ARG_END,
	MM_ENV_START,
	MM_ENV_END,
	MM_HIWATER_VM,
	MM_HIWATER_RSS,
	MM_NR_FIELDS,
};

enum resident_kind {
	RESIDENT_DEFAULT, /* anon in private anonymous areas, else file */
	RESIDENT_ANON,
	RESIDENT_FILE,
	RESIDENT_ZERO,
	RESIDENT_PFN,
};

struct resident_setup {
	uint64_t start, end; /* bytes, page aligned */
	enum resident_kind kind;
};

struct file_setup {
	int32_t fd;
	uint64_t size; /* bytes */
	enum file_mode mode;
	const char *name; /* not NUL terminated */
	uint32_t name_len;
	const char *path; /* NULL: "/" and the name */
	uint32_t path_len;
	bool dev_given, inode_given;
	uint16_t dev_major, dev_minor; /* default 0:1 */
	uint64_t inode;                /* default: counted from 1 */
};

/* Bits of process_setup.sysctl_given. */
enum sysctl_field {
	SYSCTL_MAX_MAP_COUNT,
	SYSCTL_MMAP_MIN_ADDR,
	SYSCTL_OVERCOMMIT_MEMORY,
	SYSCTL_OVERCOMMIT_RATIO,
	SYSCTL_OVERCOMMIT_KBYTES,
	SYSCTL_ADMIN_RESERVE_KBYTES,
	SYSCTL_USER_RESERVE_KBYTES,
	SYSCTL_LEGACY_VA_LAYOUT,
	SYSCTL_STACK_GUARD_GAP,
};

/* Bits of process_setup.rlimits_given. */
enum rlimit_field {
	RLIMIT_AS,
	RLIMIT_DATA,
	RLIMIT_STACK,
	RLIMIT_MEMLOCK
};

/* How a process is made anew. Filled by process_setup_init() with defaults. */
struct process_setup {
	const struct kernel_profile *profile;
	/*
	 * Lines of /proc/PID/maps, or "start-end perms offset name"; an empty
	 * text is an empty address space, NULL is what the loader makes.
	 */
	const char *maps;
	size_t maps_len;
	uint64_t mm[MM_NR_FIELDS]; /* by enum mm_field; valid if given */
	uint32_t mm_given;         /* bits 1 << enum mm_field */
	const struct resident_setup *resident;
	size_t nr_resident;
	bool vmacache_stale;
	struct rlimits rlimits;
	uint32_t rlimits_given;
	struct sysctl sysctl;
	uint32_t sysctl_given;
	uint64_t mem_total_kb;
	uint64_t committed_kb; /* machine-wide, this process's included */
	bool committed_given;
	uint32_t uid;
	const struct file_setup *files;
	size_t nr_files;
	uint64_t seed;
	uint64_t history; /* operations kept, or HISTORY_ALL */
	/* Any text from which the creator can make the world anew; kept with
	 * the world, and never read here. */
	const char *origin;
	uint32_t origin_len;
};

/* What is wrong with a process_setup, for people. */
struct creation_error {
	const char *param; /* static: "maps", "resident", "mm", "files", ... */
	char hint[200];    /* names the line or entry, and what to do */
};

/**
 * process_setup_init() - the defaults of a creation
 * @setup: to fill; the profile is the default one, nothing is given
 */
void process_setup_init(struct process_setup *setup);

/** sysctl_set() - set one of the machine's settings; @value: that process.create
 * takes */
void sysctl_set(struct sysctl *sysctl, enum sysctl_field field, uint64_t value);

/**
 * world_new() - make a world with one process, which has one thread
 * @memory: kept; pays for everything
 * @setup:  what to make; not kept
 * @worldp: out: the world, owned by the caller; untouched on error
 * @error:  out: what is wrong, with WORLD_BAD_PARAM
 *
 * The first process is world_process(world, 0). How @setup is read:
 *   - lines of maps that name the same path (and device and inode, where they
 *     are given) map the same file, and if an entry of files has that path or
 *     name, that one; a file that only maps knows is as long as its mappings
 *     need. A line of shared anonymous memory without an inode begins an object
 *     of its own, unless it goes on where the line before ends, in address and
 *     in offset;
 *   - fields of mm that are missing are what the loader would have set: the
 *     program is the file of the first r-x line, its break begins at [heap] or
 *     behind its data, its stack pointer is near the end of [stack];
 *   - pages listed twice in resident, or present anyway, are present once.
 *
 * Return: WORLD_OK; WORLD_BAD_PARAM: overlapping areas, a line that is no maps
 *         line, a page outside the areas, a descriptor given twice, ...;
 *         WORLD_REFUSED. On error everything has been given back.
 * Cost:   O(bytes of maps + areas log areas + resident pages / 64).
 */
enum world_status world_new(struct memory *memory,
			    const struct process_setup *setup,
			    struct world **worldp,
			    struct creation_error *error);
