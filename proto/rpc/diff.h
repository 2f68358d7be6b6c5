/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What differs between two states of address spaces, area by area
 *
 * Areas are the same if they have the same id, so the two states should be of
 * one world, or of one and a branch of it; of strangers the answer is true, but
 * says little. Of two programs (an exec lies between the states), or where there
 * is no address space on one side, no area is the same: all are removed and
 * added.
 *
 * What an area was split off or merged into says the lineage of the operations
 * between the states. Without one the addresses do: the area that has, or had,
 * the same things behind the same addresses.
 */
#include "core/mm/memory.h"
#include "proto/rpc/diff_areas.h"
#include "proto/rpc/lineage.h"
#include "proto/rpc/snapshot.h"

/* A diff under way. */
struct diff {
	struct lineage *lineage; /* NULL, or not known: none */
	bool backwards;          /* the lineage leads from after to before */

	/* private */
	struct json_writer *w;
	struct memory *payer;
	const struct snapshot *before, *after;
	struct diff_areas old, new;
	size_t old_at, new_at;
	struct buffer text; /* of two values, one behind the other */
	bool strangers;     /* of two programs: ids mean nothing */
	bool is_at_nodes, has_tree;
};

/**
 * diff_begin() - begin an object with all that differs
 * @diff:   without a lineage; for diff_end()
 * @w:      where; failures stay in its buffer
 * @payer:  pays for the lists of areas; NULL: nobody does
 * @before: the state that was; its process may be NULL or have exited. Both
 *          scratches are unused. Both are kept until the end
 * @after:  the state that is, likewise
 *
 * The same state twice is a quick way to write that nothing differs.
 *
 * Return: false: no memory, with the refusal in @payer; there is nothing to end.
 * Cost:   O(n log n) for n areas at most, as diff_areas_list() says.
 */
bool diff_begin(struct diff *diff, struct json_writer *w, struct memory *payer,
		const struct snapshot *before, const struct snapshot *after);

/**
 * diff_go_on() - write what @nr areas and @nr nodes of the tree differ in
 * @w: to the same place
 *
 * Return: whether there is more to write. Cost: O(@nr), their texts.
 */
bool diff_go_on(struct diff *diff, struct json_writer *w, size_t nr);

/** diff_end() - free what it took, finished or not */
void diff_end(struct diff *diff);

/** diff_write() - write all of it at once
 * @lineage: NULL: none */
void diff_write(struct json_writer *w, const struct snapshot *before,
		const struct snapshot *after, struct lineage *lineage,
		bool backwards);
