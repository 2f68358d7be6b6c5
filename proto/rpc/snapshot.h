/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Snapshots of an address space, straight from the structures to the answer
 */
#include <stdbool.h>
#include <stdint.h>

#include "proto/json/writer.h"
#include "proto/rpc/step_text.h"

struct lineage;
struct mm_struct;
struct outcome;
struct page_node;
struct process;
struct smaps;
struct step_list;
struct task_struct;
struct vm_area_struct;
struct world;

/* Parts that a client may want; the values are bits of a set: 1 << part. */
enum snapshot_part {
	PART_MM,
	PART_VMAS,
	PART_MAPS,
	PART_STATUS,
	PART_VMACACHE,
	PART_RBTREE,
	PART_PAGETABLE,
	PART_STEPS,
	PART_DIFF,
	PART_NR,
};

#define PARTS_DEFAULT (1u << PART_MM | 1u << PART_VMAS)
/* What may be long, and can be written in turns. */
#define PARTS_LONG                                                             \
	(1u << PART_VMAS | 1u << PART_MAPS | 1u << PART_RBTREE |               \
	 1u << PART_PAGETABLE)
/* What a call did, rather than what is: told to its caller alone. */
#define PARTS_OF_CALL (1u << PART_STEPS | 1u << PART_DIFF)

/* By enum snapshot_part. */
extern const char *const snapshot_part_names[PART_NR];

struct snapshot {
	const struct world *world;
	const struct process *process;  /* alive */
	const struct task_struct *task; /* the calling thread; NULL: it ended */
	const struct outcome *outcome;  /* of an emulated call, or NULL */
	struct buffer *scratch;         /* for texts; emptied here */
	const struct step_list *steps;  /* of that call, NULL: none */
	enum lang lang;                 /* of the steps' sentences */
	/* The state that the diff is to; NULL: nothing has changed. */
	const struct snapshot *before;
	struct lineage *lineage; /* of the operations between them, or NULL */
	bool is_undoing;         /* they lead from here to before */
};

/**
 * snapshot_write() - write an object with the parts in @want, each whole
 * @want: bits 1 << enum snapshot_part
 *
 * Failures stay in the writer's buffer; if @scratch has failed, the texts are
 * incomplete.
 *
 * Cost: O(areas + page tables), about as many bytes as /proc would print.
 */
void snapshot_write(struct json_writer *w, const struct snapshot *snapshot,
		    unsigned want);

/** snapshot_is_long() - have the parts in @want more than @most areas and page
 * tables?
 * @process: NULL, or one that has exited: no */
bool snapshot_is_long(const struct process *process, unsigned want,
		      unsigned most);

/* Long parts on their way: areas and page tables do not change meanwhile. */
struct snapshot_writing {
	const struct snapshot *snapshot; /* the caller's */
	unsigned
		want; /* what is to be written; the lowest has begun, if is_open */
	bool is_open;
	const struct vm_area_struct *vma; /* written last, or to be written */
	const struct page_node *table;    /* how far it is with its pages, */
	uint64_t pages;
	uint64_t next, addr, end; /* and with those that are present */
};

/**
 * snapshot_go_on() - write more members of an object that is open
 * @writing: the snapshot and which of PARTS_LONG, the rest zero; kept by the
 *           caller until all are written
 * @units:   areas and page tables to look at
 *
 * Return: whether there are more. Once the buffer has failed there are none.
 */
bool snapshot_go_on(struct json_writer *w, struct snapshot_writing *writing,
		    uint64_t units);

/** snapshot_write_vma() - write one area as in the part vmas; NULL writes
 * null */
void snapshot_write_vma(struct json_writer *w, const struct snapshot *snapshot,
			const struct vm_area_struct *vma);

/** snapshot_same_vma() - whether snapshot_write_vma() would write the same of
 * @vma in @snapshot and of @other_vma in @other; costs less than to write it */
bool snapshot_same_vma(const struct snapshot *snapshot,
		       const struct vm_area_struct *vma,
		       const struct snapshot *other,
		       const struct vm_area_struct *other_vma);

/** snapshot_write_node() - write an area's node as in the part rbtree */
void snapshot_write_node(struct json_writer *w,
			 const struct vm_area_struct *vma);

/** snapshot_same_node() - whether snapshot_write_node() would write the same */
bool snapshot_same_node(const struct vm_area_struct *vma,
			const struct vm_area_struct *other);

/* /proc/PID/maps or smaps on its way: the world does not change meanwhile. */
struct snapshot_text {
	struct snapshot snapshot;
	struct smaps *smaps; /* has begun; NULL: it is maps */
	const struct vm_area_struct *vma;
	bool is_open, has_line;
};

/**
 * snapshot_write_text() - write more of /proc/PID/maps or smaps, as one string
 * @writing: the snapshot and smaps, the rest zero; kept until all is written
 * @units:   areas to look at, those of smaps for eight, and what
 *           smaps_area_text_within() counts
 *
 * Return: whether there is more. Once a buffer has failed there is none.
 */
bool snapshot_write_text(struct json_writer *w, struct snapshot_text *writing,
			 uint64_t units);
