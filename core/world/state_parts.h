/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside the codec of states: what its two directions have in common
 */
#include <stddef.h>

#include "core/world/world_types.h"

enum {
	VARINT_MAX = 10, /* bytes of any number */
	FILE_SHMEM = 1,
	FILE_WRITABLE = 2,
	FILE_READABLE = 4,
	FILE_NORESERVE = 8,
	FILE_FLAGS = 15,
};

/* Numbers that objects were given so far: as many again are left to give. */
#define NUMBER_MAX (UINT32_MAX >> 1)

/* Where a program ends, a page that later releases leave free, and up to a GiB
 * that randomisation adds. No release minds if user space ends before. */
#define BRK_MAX (TASK_SIZE + PAGE_SIZE + (1ULL << 30))

/* Of a page table's key: which one it is among those of its level. */
#define TABLE_INDEX_MASK ((1ULL << 56) - 1)

/* A number of an address space that stands by itself. */
struct state_field {
	uint16_t offset; /* in struct mm_struct */
	uint8_t size;    /* bytes there: 1, 4 or 8 */
	bool is_page;    /* a multiple of the page size */
	uint64_t max;
};

#define NR_STATE_FIELDS 28

extern const struct state_field state_fields[NR_STATE_FIELDS];

/* The number, or give it another value, which is not above field->max. O(1). */
uint64_t state_field_get(const struct mm_struct *mm,
			 const struct state_field *field);
/* Likewise. */
void state_field_set(struct mm_struct *mm, const struct state_field *field,
		     uint64_t value);

/* A state as it is being read; everything of it is linked and nothing judged. */
struct state_draft {
	struct memory *memory;
	struct world *world;
	struct vm_file **files;
	struct anon_vma **anon_vmas;
	struct mm_struct **mms;
	uint32_t nr_files, nr_anon_vmas, nr_mms; /* rooms of these */
	const char *wrong;
	bool refused; /* by the host */
};

/**
 * state_judge() - does a draft hold what operations rely on?
 *
 * Counts what follows from the rest: references, counters, what the machine has.
 *
 * Return: NULL, or what is wrong; or draft->refused is set.
 */
const char *state_judge(struct state_draft *draft);

/* Objects that a state tells the number of, in this order. */
enum state_count {
	STATE_FILES,
	STATE_ANON_VMAS,
	STATE_MMS,
	STATE_PROCESSES,
	STATE_THREADS,
	STATE_AREAS,
	STATE_CHAINS,
	STATE_NODES,
	STATE_CHUNKS,
	STATE_NR_COUNTS,
};
