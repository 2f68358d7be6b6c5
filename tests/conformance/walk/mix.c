/* SPDX-License-Identifier: MIT */
#include "tests/conformance/walk/mix.h"

#include <string.h>

#define UNLIMITED UINT64_MAX
#define KiB       1024ULL
#define MiB       (1024 * KiB)

#define CORE_WEIGHTS                                                           \
	[CALL_BRK] = 13, [CALL_MMAP] = 36, [CALL_MUNMAP] = 25,                 \
	[CALL_READ] = 10, [CALL_WRITE] = 16

/* Nothing of any size is locked. */
#define BIG_WEIGHTS                                                            \
	[CALL_BRK] = 18, [CALL_MMAP] = 42, [CALL_MUNMAP] = 26,                 \
	[CALL_MPROTECT] = 29, [CALL_MREMAP] = 22, [CALL_MLOCK] = 6,            \
	[CALL_MLOCK2] = 3, [CALL_MUNLOCK] = 6, [CALL_MUNLOCKALL] = 1,          \
	[CALL_MADVISE] = 14, [CALL_MSYNC] = 6, [CALL_REMAP_FILE_PAGES] = 2,    \
	[CALL_FTRUNCATE] = 2, [CALL_MINCORE] = 3, [CALL_READ] = 14,            \
	[CALL_WRITE] = 22

#define FULL_WEIGHTS BIG_WEIGHTS, [CALL_MLOCKALL] = 1, [CALL_MSEAL] = 1

/* All that a walk can make present fits in here. */
#define MODEST                                                                 \
	{                                                                      \
		.as = 256 * MiB, .data = UNLIMITED, .stack = 8 * MiB,          \
		.memlock = 8 * MiB                                             \
	}
#define SPARSE                                                                 \
	{                                                                      \
		.as = UNLIMITED, .data = UNLIMITED, .stack = 8 * MiB,          \
		.memlock = 8 * MiB                                             \
	}

static const struct mix mixes[] = {
	{
		.name = "core",
		.weights = { CORE_WEIGHTS },
		.overcommit_memory = -1,
		.max_map_count = -1,
		.limits = SPARSE,
	},
	{
		.name = "flags",
		.weights = { CORE_WEIGHTS },
		.flags = true,
		.overcommit_memory = -1,
		.max_map_count = -1,
		.limits = MODEST,
	},
	{
		.name = "threads",
		.weights = { CORE_WEIGHTS, [CALL_CLONE] = 1 },
		.overcommit_memory = -1,
		.max_map_count = -1,
		.limits = SPARSE,
	},
	{
		.name = "full",
		.weights = { FULL_WEIGHTS },
		.flags = true,
		.overcommit_memory = -1,
		.max_map_count = -1,
		.limits = MODEST,
	},
	{
		.name = "fork",
		.weights = { FULL_WEIGHTS, [CALL_FORK] = 4 },
		.flags = true,
		.overcommit_memory = -1,
		.max_map_count = -1,
		.limits = MODEST,
	},
	{
		.name = "big",
		.weights = { BIG_WEIGHTS },
		.flags = true,
		.big = true,
		.nobody = true, /* RLIMIT_MEMLOCK bounds what is locked */
		.overcommit_memory = 1,
		.max_map_count = -1,
		.limits = SPARSE,
	},
	{
		.name = "limits",
		.weights = { FULL_WEIGHTS },
		.flags = true,
		.nobody = true,
		.overcommit_memory = -1,
		.max_map_count = 30,
		.limits = { .as = 2 * MiB,
			    .data = 512 * KiB,
			    .stack = 256 * KiB,
			    .memlock = 64 * KiB },
	},
	{
		.name = "commit",
		.weights = { BIG_WEIGHTS },
		.flags = true,
		.big = true,
		.nobody = true, /* RLIMIT_MEMLOCK bounds what is locked */
		.overcommit_memory = 2,
		.max_map_count = -1,
		.limits = SPARSE,
	},
};

#define NR_MIXES (sizeof(mixes) / sizeof(mixes[0]))

const struct mix *mix_find(const char *name)
{
	size_t i;

	for (i = 0; i < NR_MIXES; i++)
		if (!strcmp(mixes[i].name, name))
			return &mixes[i];
	return NULL;
}

const struct mix *mix_at(size_t index)
{
	return index < NR_MIXES ? &mixes[index] : NULL;
}
