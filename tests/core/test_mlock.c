/* SPDX-License-Identifier: MIT */
/* What mlock and munlock split, join and count: behaviours K3 to K20. */
#include <string.h>

#include "tests/support/emulation.h"
#include "tests/support/mm_picture.h"
#include "tests/support/suite.h"

static void pictures(void)
{
	static const struct picture rows[] = {
		{ "K4 no length", "www", { mlock_at(1, 0) }, "www", 0, 0 },
		{ "K4 no length, nothing mapped",
		  "...",
		  { mlock_at(1, 0) },
		  "...",
		  0,
		  0 },
		{ "K3 a hole in front",
		  "..ww",
		  { mlock_at(0, 3) },
		  "..ww",
		  -MM_ENOMEM,
		  0 },
		{ "K14 never locked",
		  "www",
		  { munlock_at(0, 3) },
		  "www",
		  0,
		  0 },
		{ "K14 up to a hole",
		  "ww.",
		  { munlock_at(0, 3) },
		  "ww.",
		  -MM_ENOMEM,
		  0 },
		{ "what the kernel installed is passed over",
		  "vvv",
		  { mlock_at(1, 1) },
		  "vvv",
		  0,
		  0 },
		{ "unlocking splits",
		  "lll",
		  { munlock_at(1, 1) },
		  "lwl",
		  0,
		  0 },
		{ "the ends", "lll", { munlock_at(0, 1) }, "wll", 0, 0 },
		{ "a split at max_map_count",
		  "lll",
		  { munlock_at(1, 1) },
		  "l|ll",
		  -MM_ENOMEM,
		  2 },
	};

	CU_ASSERT_EQUAL(picture_check_releases(rows, NR(rows)), 0);
}

/* Locking makes pages, and pages an anon_vma: what is there is drawn a, b, c. */
static void k15_three_areas_and_one_again(void)
{
	struct emulation emu;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, AT, 3, RW, MAP_FIXED);
	CU_ASSERT_EQUAL(sys_mlock(emu.task, AT, PAGES(3)), 0);
	CU_ASSERT_EQUAL(emu.mm.map_count, 1);
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 3);
	CU_ASSERT_EQUAL(sys_munlock(emu.task, AT + PAGES(1), PAGES(1)), 0);
	CU_ASSERT_EQUAL(emu.mm.map_count, 3);
	CU_ASSERT_EQUAL(emu.mm.locked_vm, 2);
	CU_ASSERT_EQUAL(sys_munlock(emu.task, AT, PAGES(3)), 0);
	CU_ASSERT_EQUAL(emu.mm.map_count, 1);
	CU_ASSERT_EQUAL(emu.mm.locked_vm, 0);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void k7_prot_none_is_marked_all_the_same(void)
{
	struct emulation emu;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, AT, 3, PROT_NONE, MAP_FIXED);
	CU_ASSERT_EQUAL(sys_mlock(emu.task, AT, PAGES(3)), -MM_ENOMEM);
	CU_ASSERT_TRUE(emulation_area(&emu, AT)->vm_flags & VM_LOCKED);
	CU_ASSERT_EQUAL(emu.mm.locked_vm, 3);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

/* The last page that RLIMIT_MEMLOCK allows, and the first that it does not. */
static void k13_what_is_locked_counts_once_from_4_9_on(void)
{
	static const struct {
		const char *release;
		int64_t again;
	} rows[] = {
		{ "4.0", -MM_ENOMEM },
		{ "5.10", 0 },
		{ "6.1", 0 },
		{ "6.12", 0 },
	};
	struct emulation_setup setup = emulation_defaults();
	struct emulation emu;
	size_t i;

	setup.rlimits.memlock = PAGES(4);
	for (i = 0; i < NR(rows); i++) {
		setup.profile = kernel_profile_find(rows[i].release,
						    strlen(rows[i].release));
		emulation_begin(&emu, &setup);
		emulation_mmap(&emu, AT, 8, RW, MAP_FIXED);
		CU_ASSERT_EQUAL(sys_mlock(emu.task, AT, PAGES(5)), -MM_ENOMEM);
		CU_ASSERT_EQUAL(emu.mm.locked_vm, 0);
		CU_ASSERT_EQUAL(sys_mlock(emu.task, AT, PAGES(4)), 0);
		CU_ASSERT_EQUAL(sys_mlock(emu.task, AT, PAGES(2)),
				rows[i].again);
		CU_ASSERT_EQUAL(sys_mlock(emu.task, AT + PAGES(1), PAGES(4)),
				-MM_ENOMEM);
		CU_ASSERT_EQUAL(emu.mm.locked_vm, 4);
		CU_ASSERT_PTR_NULL(emulation_end(&emu));
	}
}

static void lock_on_fault(void)
{
	static const struct picture until_4_3[] = {
		{ "not in this release",
		  "www",
		  { lock_on_fault_at(1, 1) },
		  "www",
		  -MM_ENOSYS,
		  0 },
	};
	static const struct picture later[] = {
		{ "K11 nothing is made present",
		  "www",
		  { lock_on_fault_at(1, 1) },
		  "wow",
		  0,
		  0 },
		{ "K11 nor of PROT_NONE",
		  "nwn",
		  { lock_on_fault_at(1, 1) },
		  "non",
		  0,
		  0 },
		{ "and unlocked again",
		  "www",
		  { lock_on_fault_at(1, 1), munlock_at(0, 3) },
		  "www",
		  0,
		  0 },
	};

	CU_ASSERT_EQUAL(picture_check_release(until_4_3, NR(until_4_3), "4.0"),
			0);
	CU_ASSERT_EQUAL(picture_check_release(later, NR(later), "5.10"), 0);
	CU_ASSERT_EQUAL(picture_check_release(later, NR(later), "6.1"), 0);
	CU_ASSERT_EQUAL(picture_check_release(later, NR(later), "6.12"), 0);
}

/*
 * A part is locked again, and so merged with the rest: the first page that is read
 * maps 15 along, of which the last ones are in the rest and in another chunk.
 */
static void what_is_mapped_along_is_reserved_for(void)
{
	const uint64_t start = AT + PAGES(62), pages = 64;
	struct emulation_setup setup = emulation_defaults();
	struct emulation emu;
	struct vm_file *file;

	setup.profile = kernel_profile_at(3);
	setup.uid = 0;
	emulation_begin(&emu, &setup);
	file = emulation_file(&emu, pages);
	CU_ASSERT_EQUAL(sys_mmap(emu.task, start, PAGES(pages), RW,
				 MAP_SHARED | MAP_FIXED | MAP_LOCKED, file, 0),
			(int64_t)start);
	CU_ASSERT_EQUAL(sys_munlock(emu.task, start, PAGES(2)), 0);
	CU_ASSERT_EQUAL(sys_madvise(emu.task, start, PAGES(pages),
				    MADV_DONTNEED_LOCKED),
			0);
	CU_ASSERT_EQUAL(emu.mm.rss_file, 0);
	/* Nothing in stock: all must have been reserved. */
	memory_deinit(&emu.memory);
	CU_ASSERT_EQUAL(sys_mlock(emu.task, start, PAGES(2)), 0);
	CU_ASSERT_EQUAL(emu.mm.rss_file, 16);
	vm_file_put(file);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

CU_TestInfo test_mlock[] = {
	{ "pictures", pictures },
	{ "K15 three areas and one again", k15_three_areas_and_one_again },
	{ "K7 PROT_NONE is marked all the same",
	  k7_prot_none_is_marked_all_the_same },
	{ "K13 what is locked counts once from 4.9 on",
	  k13_what_is_locked_counts_once_from_4_9_on },
	{ "lock on fault", lock_on_fault },
	{ "what is mapped along is reserved for",
	  what_is_mapped_along_is_reserved_for },
	CU_TEST_INFO_NULL,
};
