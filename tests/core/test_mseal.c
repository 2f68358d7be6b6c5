/* SPDX-License-Identifier: MIT */
/* What mseal splits, and what sealed areas refuse. */
#include "tests/support/mm_picture.h"
#include "tests/support/suite.h"

#include "core/mm/mm.h"

static void pictures(void)
{
	static const struct picture before[] = {
		{ "no such call",
		  "www",
		  { mseal_at(1, 1) },
		  "www",
		  -MM_ENOSYS,
		  0 },
	};
	static const struct picture rows[] = {
		{ "the middle", "www", { mseal_at(1, 1) }, "wzw", 0, 0 },
		{ "the whole", "www", { mseal_at(0, 3) }, "zzz", 0, 0 },
		{ "what is sealed joins",
		  "www",
		  { mseal_at(1, 1), mseal_at(0, 3) },
		  "zzz",
		  0,
		  0 },
		{ "no length", "...", { mseal_at(0, 0) }, "...", 0, 0 },
		{ "nothing before a hole",
		  "ww..ww",
		  { mseal_at(0, 6) },
		  "ww..ww",
		  -MM_ENOMEM,
		  0 },
		{ "nothing behind a hole",
		  "..ww",
		  { mseal_at(0, 4) },
		  "..ww",
		  -MM_ENOMEM,
		  0 },
		{ "not unmapped",
		  "wzw",
		  { munmap_at(1, 1) },
		  "wzw",
		  -MM_EPERM,
		  0 },
		{ "nor with its neighbours",
		  "wzw",
		  { munmap_at(0, 3) },
		  "wzw",
		  -MM_EPERM,
		  0 },
		{ "not mapped over",
		  "wzw",
		  { mmap_at(1, 1, 'r') },
		  "wzw",
		  -MM_EPERM,
		  0 },
		{ "not protected",
		  "zzz",
		  { mprotect_at(1, 1, 'r') },
		  "zzz",
		  -MM_EPERM,
		  0 },
		{ "not moved",
		  "zz....",
		  { move_to(0, 2, 3, 2) },
		  "zz....",
		  -MM_EPERM,
		  0 },
		{ "nothing moved over it",
		  "ww.zz.",
		  { move_to(0, 2, 3, 2) },
		  "ww.zz.",
		  -MM_EPERM,
		  0 },
		{ "not resized",
		  "zz..",
		  { resize_at(0, 2, 3) },
		  "zz..",
		  -MM_EPERM,
		  0 },
		{ "not shrunk",
		  "zz..",
		  { resize_at(0, 2, 1) },
		  "zz..",
		  -MM_EPERM,
		  0 },
		{ "what can be written can be thrown away",
		  "zzz",
		  { madvise_at(1, 1, MADV_DONTNEED) },
		  "zzz",
		  0,
		  0 },
		{ "a split at max_map_count",
		  "www",
		  { mseal_at(1, 1) },
		  "w|ww",
		  -MM_ENOMEM,
		  2 },
	};

	CU_ASSERT_EQUAL(picture_check_release(before, NR(before), "4.0"), 0);
	CU_ASSERT_EQUAL(picture_check_release(before, NR(before), "5.10"), 0);
	CU_ASSERT_EQUAL(picture_check_release(before, NR(before), "6.1"), 0);
	CU_ASSERT_EQUAL(picture_check_release(rows, NR(rows), "6.12"), 0);
}

CU_TestInfo test_mseal[] = {
	{ "pictures", pictures },
	CU_TEST_INFO_NULL,
};
