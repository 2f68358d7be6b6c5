/* SPDX-License-Identifier: MIT */
#include "proto/rpc/process_table.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"

static const uint32_t some_random[PROCESS_RANDOM_WORDS] = { 1, 2, 0xfedcba98 };

/* A world is only a pointer to the table. */
static struct world *a_world(void)
{
	static char worlds[1];

	return (struct world *)(void *)worlds;
}

static uint32_t add(struct process_table *table, char *name)
{
	struct process_slot *slot;
	uint32_t index = 0;

	slot = process_table_add(table, some_random, &index);
	CU_ASSERT_PTR_NOT_NULL_FATAL(slot);
	slot->world = a_world();
	process_table_name(table, index, name);
	return index;
}

/* Also as the one that was found last, which it then is or is not. */
static enum process_lookup find(struct process_table *table, const char *name,
				uint32_t *indexp)
{
	enum process_lookup found, next, again;
	uint32_t index = UINT32_MAX, other = UINT32_MAX;
	unsigned owner;

	next = process_table_find_next(table, 8, name, PROCESS_NAME_LEN, &index,
				       &owner);
	again = process_table_find_next(table, 8, name, PROCESS_NAME_LEN,
					&other, &owner);
	found = process_table_find(table, 8, name, PROCESS_NAME_LEN, indexp,
				   &owner);
	CU_ASSERT_EQUAL(next, found);
	CU_ASSERT_EQUAL(again, found);
	CU_ASSERT(found != PROCESS_FOUND ||
		  (index == *indexp && other == *indexp));
	return found;
}

static void names_lead_back(void)
{
	enum {
		N = 1000
	};
	char(*names)[PROCESS_NAME_LEN] = malloc(N * PROCESS_NAME_LEN);
	struct process_table table;
	uint32_t i, index;

	process_table_init(&table, 5);
	for (i = 0; i < N; i++)
		add(&table, names[i]);
	CU_ASSERT_EQUAL(table.live, N);
	for (i = 0; i < N; i++) {
		CU_ASSERT_EQUAL(find(&table, names[i], &index), PROCESS_FOUND);
		CU_ASSERT_EQUAL(index, i);
		CU_ASSERT(!i || memcmp(names[i], names[i - 1],
				       PROCESS_NAME_LEN) != 0);
	}
	process_table_deinit(&table);
	free(names);
}

static void names_tell_their_loop(void)
{
	char name[PROCESS_NAME_LEN];
	struct process_table here, there;
	uint32_t index;
	unsigned owner = 0;

	process_table_init(&here, 0);
	process_table_init(&there, PROCESS_OWNERS_MAX - 1);
	add(&there, name);
	CU_ASSERT_EQUAL(process_table_find(&here, PROCESS_OWNERS_MAX, name,
					   sizeof(name), &index, &owner),
			PROCESS_ELSEWHERE);
	CU_ASSERT_EQUAL(owner, PROCESS_OWNERS_MAX - 1);
	CU_ASSERT_EQUAL(process_table_find(&here, PROCESS_OWNERS_MAX - 1, name,
					   sizeof(name), &index, &owner),
			PROCESS_UNKNOWN);
	process_table_deinit(&here);
	process_table_deinit(&there);
}

static void removed_names_are_gone_also_when_the_slot_is_used_again(void)
{
	char old[PROCESS_NAME_LEN], new[PROCESS_NAME_LEN];
	struct process_table table;
	uint32_t index, again;

	process_table_init(&table, 1);
	index = add(&table, old);
	CU_ASSERT_EQUAL(find(&table, old, &again), PROCESS_FOUND);
	process_table_remove(&table, index);
	CU_ASSERT_EQUAL(table.live, 0);
	CU_ASSERT_EQUAL(find(&table, old, &again), PROCESS_GONE);
	CU_ASSERT_EQUAL(add(&table, new), index);
	CU_ASSERT_EQUAL(find(&table, old, &again), PROCESS_GONE);
	CU_ASSERT_EQUAL(find(&table, new, &again), PROCESS_FOUND);
	process_table_deinit(&table);
}

static void any_other_letter_is_another_name(void)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567AZ01-";
	char name[PROCESS_NAME_LEN], other[PROCESS_NAME_LEN];
	struct process_table table;
	uint32_t index;
	size_t i, j;

	process_table_init(&table, 3);
	add(&table, name);
	CU_ASSERT_EQUAL(find(&table, name, &index), PROCESS_FOUND);
	for (i = 0; i < PROCESS_NAME_LEN; i++) {
		for (j = 0; j < sizeof(letters); j++) {
			memcpy(other, name, sizeof(name));
			other[i] = letters[j];
			if (other[i] == name[i])
				continue;
			CU_ASSERT_NOT_EQUAL(find(&table, other, &index),
					    PROCESS_FOUND);
		}
	}
	for (i = 0; i < PROCESS_NAME_LEN; i++) {
		unsigned owner;

		CU_ASSERT_EQUAL(
			process_table_find(&table, 8, name, i, &index, &owner),
			PROCESS_UNKNOWN);
	}
	process_table_deinit(&table);
}

/* After 2^24 tenants a slot is full of history. */
static void used_up_slots_are_left_alone(void)
{
	char name[PROCESS_NAME_LEN];
	struct process_table table;
	uint32_t index, again;

	process_table_init(&table, 0);
	index = add(&table, name);
	process_table_slot(&table, index)->generation = (1u << 24) - 1;
	process_table_name(&table, index, name);
	CU_ASSERT_EQUAL(find(&table, name, &again), PROCESS_FOUND);
	process_table_remove(&table, index);
	CU_ASSERT_EQUAL(find(&table, name, &again), PROCESS_GONE);
	CU_ASSERT_NOT_EQUAL(add(&table, name), index);
	process_table_deinit(&table);
}

static void slots_are_small(void)
{
	CU_ASSERT(sizeof(struct process_slot) <= 48);
}

CU_TestInfo test_rpc_process_table[] = {
	{ "names lead back", names_lead_back },
	{ "names tell their loop", names_tell_their_loop },
	{ "removed names are gone, also when the slot is used again",
	  removed_names_are_gone_also_when_the_slot_is_used_again },
	{ "any other letter is another name",
	  any_other_letter_is_another_name },
	{ "used up slots are left alone", used_up_slots_are_left_alone },
	{ "slots are small", slots_are_small },
	CU_TEST_INFO_NULL,
};
