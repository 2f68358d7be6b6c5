/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Sets of addresses, kept as ranges in order
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct range {
	uint64_t start;
	uint64_t end;
};

struct ranges {
	struct range *list;
	size_t count;
};

/** ranges_add() - put [start, end) in */
void ranges_add(struct ranges *ranges, uint64_t start, uint64_t end);

/** ranges_remove() - take [start, end) out */
void ranges_remove(struct ranges *ranges, uint64_t start, uint64_t end);

/**
 * ranges_next_gap() - the first part of [start, end) that is not in the set
 *
 * Return: whether there is one, in *@gap.
 */
bool ranges_next_gap(const struct ranges *ranges, uint64_t start, uint64_t end,
		     struct range *gap);

/** ranges_copy() - a set of its own with the same addresses */
struct ranges ranges_copy(const struct ranges *ranges);

/** ranges_reset() - empty the set and free what it holds */
void ranges_reset(struct ranges *ranges);
