/* SPDX-License-Identifier: MIT */
/*
 * Areas whose ids come in any order are listed by id
 */
#include <stdlib.h>

#include "core/mm/memory.h"
#include "core/mm/mm_types.h"
#include "proto/rpc/diff_areas.h"
#include "tests/support/suite.h"

enum {
	MOST = 300
};

/* Areas in this order; what is asked for is their list. */
static bool are_listed(const uint32_t *ids, size_t nr)
{
	static struct vm_area_struct areas[MOST];
	struct mm_struct mm = { .map_count = (int)nr };
	struct diff_areas list = { .nr = 0 };
	bool right;
	size_t i;

	for (i = 0; i < nr; i++) {
		areas[i].id = ids[i];
		areas[i].vm_next = i + 1 < nr ? &areas[i + 1] : NULL;
	}
	mm.mmap = nr ? areas : NULL;
	CU_ASSERT_FATAL(diff_areas_list(&list, NULL, &mm));
	right = list.nr == nr && !diff_areas_has(&list, 0) &&
		!diff_areas_has(&list, UINT32_MAX);
	for (i = 0; i < nr && right; i++)
		right = diff_areas_has(&list, ids[i]) &&
			(!i || list.areas[i - 1]->id <= list.areas[i]->id);
	diff_areas_free(&list, NULL);
	return right && !list.areas && !list.nr;
}

/* Ids rise and fall in turn, @run of them at a time; 0: they rise. */
static bool runs_are_listed(size_t nr, size_t run)
{
	uint32_t ids[MOST];
	size_t i;

	for (i = 0; i < nr; i++)
		ids[i] = (uint32_t)(run && i / run % 2 ? 2 * (nr - i) + 1
						       : 2 * i + 2);
	return are_listed(ids, nr);
}

static void runs_of_any_length(void)
{
	size_t nr, run;

	for (nr = 0; nr < 40; nr++)
		for (run = 0; run <= nr; run++)
			CU_ASSERT(runs_are_listed(nr, run));
}

static void falling_ids(void)
{
	uint32_t ids[MOST];
	size_t i;

	for (i = 0; i < MOST; i++)
		ids[i] = (uint32_t)(MOST - i);
	CU_ASSERT(are_listed(ids, MOST));
}

static void ids_in_no_order(void)
{
	uint32_t ids[MOST], random = 2463534242, swap;
	size_t nr, i, other;

	for (nr = 1; nr <= MOST; nr++) {
		for (i = 0; i < nr; i++)
			ids[i] = (uint32_t)i + 1;
		for (i = nr - 1; i; i--) {
			random ^= random << 13;
			random ^= random >> 17;
			random ^= random << 5;
			other = random % (i + 1);
			swap = ids[i];
			ids[i] = ids[other];
			ids[other] = swap;
		}
		CU_ASSERT(are_listed(ids, nr));
	}
}

/* After 4,294,967,295 areas ids begin again. */
static void ids_that_came_twice(void)
{
	static const uint32_t ids[] = { 7, 7, 5, 9, 9, 9, 5, 5, 1, 1, 7 };
	size_t nr;

	for (nr = 1; nr <= sizeof(ids) / sizeof(ids[0]); nr++)
		CU_ASSERT(are_listed(ids, nr));
}

static void no_address_space_has_no_areas(void)
{
	struct diff_areas list = { .nr = 0 };

	CU_ASSERT_FATAL(diff_areas_list(&list, NULL, NULL));
	CU_ASSERT_EQUAL(list.nr, 0);
	CU_ASSERT_FALSE(diff_areas_has(&list, 1));
	diff_areas_free(&list, NULL);
}

CU_TestInfo test_diff_areas[] = {
	{ "runs of any length", runs_of_any_length },
	{ "falling ids", falling_ids },
	{ "ids in no order", ids_in_no_order },
	{ "ids that came twice", ids_that_came_twice },
	{ "no address space has no areas", no_address_space_has_no_areas },
	CU_TEST_INFO_NULL,
};
