/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A mapping on its way: judged, given a place, linked
 *
 * Internal to the files of mmap and remap_file_pages.
 */
#include "core/mm/unmapped_area.h"
#include "core/mm/vma.h"

/* A mapping that is asked for, and what became known of it. */
struct mapping {
	uint64_t addr, len; /* bytes, page aligned once judged */
	uint64_t vm_flags;
	struct vm_file *file;
	uint64_t pgoff;
	bool populate;
	struct unmapped_place place;
	struct vm_file *shmem; /* the new object of a shared anonymous one */
	/* What was there, emptied: the new area takes over its place. */
	struct vm_area_struct *reborn;
};

/* Private writable memory is committed at once, unless told otherwise. */
static inline bool accountable_mapping(uint64_t vm_flags)
{
	return (vm_flags & (VM_NORESERVE | VM_SHARED | VM_WRITE)) == VM_WRITE;
}

/* What its neighbours are asked to take over; @prev: the area before it. */
static inline struct merge_request mapping_request(const struct mapping *map,
						   struct vm_area_struct *prev)
{
	return (struct merge_request){
		.prev = prev,
		.start = map->addr,
		.end = map->addr + map->len,
		.vm_flags = map->vm_flags,
		.file = map->file,
		.pgoff = map->pgoff,
	};
}

/**
 * judge_mapping() - all checks that need no memory, and where it goes
 * @map:   in: addr, len, file and pgoff as asked for; out: ready for
 *         reserve_mapping()
 * @prot:  PROT_*
 * @flags: MAP_*, without MAP_HUGETLB
 *
 * Nothing but the vmacache, and the machine's random numbers, changes.
 *
 * Return: 0, or what sys_mmap() answers.
 */
int64_t judge_mapping(struct task_struct *task, struct mapping *map,
		      uint64_t prot, uint64_t flags);

/**
 * reserve_mapping() - obtain all that the mapping may take from the host
 * @map: judged; out: shmem, if it needs an object of its own
 *
 * Return: 0, or -1 with memory->refusal set.
 */
int reserve_mapping(struct mm_struct *mm, struct mapping *map);

/**
 * make_room() - clear the place of a mapping, and commit its memory
 * @map:   judged and reserved; out: vm_flags with VM_ACCOUNT if committed, and
 *         reborn
 * @links: out: where the area is to be linked, unless it is reborn
 *
 * Return: 0, or what sys_mmap() answers. What was covered may be gone even then,
 *         or cut, as the release has it (L9).
 */
int64_t make_room(struct task_struct *task, struct mapping *map,
		  struct vma_links *links);

/**
 * mmap_region() - let a judged and reserved mapping be there
 * @map: shmem is NULL afterwards if the area has it
 *
 * Return: its address, or what sys_mmap() answers.
 */
int64_t mmap_region(struct task_struct *task, struct mapping *map);
