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
 */
#include "proto/rpc/snapshot.h"

/**
 * diff_write() - write an object with all that differs
 * @w:      where
 * @before: the state that was; its process may be NULL or have exited. Both
 *          scratches are unused
 * @after:  the state that is, likewise
 *
 * The same state twice is a quick way to write that nothing differs. Failures
 * stay in @w's buffer.
 *
 * Cost: O(n log n) for n areas, and the texts of all of them.
 */
void diff_write(struct json_writer *w, const struct snapshot *before,
		const struct snapshot *after);
