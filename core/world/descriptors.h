/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The open files of a process, by descriptor
 *
 * A sorted array; each entry owns one reference to its file.
 */
#include <stdint.h>

#include "core/mm/memory.h"
#include "core/mm/mm_types.h"

struct descriptor {
	int32_t fd;
	struct vm_file *file;
};

struct descriptors {
	struct descriptor *entries; /* by rising fd */
	uint32_t nr, room;
};

/**
 * descriptors_reserve() - make sure that the next add cannot fail
 * @table:  where
 * @memory: pays
 *
 * Return: 0, or -1 with memory->refusal set.
 */
int descriptors_reserve(struct descriptors *table, struct memory *memory);

/**
 * descriptors_add() - open a descriptor
 * @table: has room, and not @fd
 * @fd:    to open
 * @file:  its reference goes to the table
 *
 * Cost: O(descriptors above @fd).
 */
void descriptors_add(struct descriptors *table, int32_t fd,
		     struct vm_file *file);

/* The file of a descriptor, or NULL: not open. O(log descriptors). */
struct vm_file *descriptors_find(const struct descriptors *table, int32_t fd);

/* The lowest descriptor that is not below @fd; NULL: there is none. */
const struct descriptor *descriptors_next(const struct descriptors *table,
					  int32_t fd);

/* Close a descriptor that is open, and let go of its file. */
void descriptors_remove(struct descriptors *table, int32_t fd);

/**
 * descriptors_copy() - what a child inherits
 * @table:  empty; gets the same descriptors of the same files
 * @parent: unchanged
 * @memory: pays
 *
 * Return: 0, or -1 with memory->refusal set.
 */
int descriptors_copy(struct descriptors *table,
		     const struct descriptors *parent, struct memory *memory);

/* Close all and give the table back. */
void descriptors_deinit(struct descriptors *table, struct memory *memory);
