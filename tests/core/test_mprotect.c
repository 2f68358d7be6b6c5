/* SPDX-License-Identifier: MIT */
/* What mprotect splits, joins and commits: behaviours P9 to P17. */
#include "tests/support/emulation.h"
#include "tests/support/mm_picture.h"
#include "tests/support/suite.h"

static void pictures(void)
{
	static const struct picture rows[] = {
		{ "P12 the middle splits in three",
		  "rrr",
		  { mprotect_at(1, 1, 'x') },
		  "rxr",
		  0,
		  0 },
		{ "P12 and back is one again",
		  "rrr",
		  { mprotect_at(1, 1, 'x'), mprotect_at(1, 1, 'r') },
		  "rrr",
		  0,
		  0 },
		{ "a head", "rrr", { mprotect_at(0, 1, 'n') }, "nrr", 0, 0 },
		{ "a tail", "rrr", { mprotect_at(2, 1, 'n') }, "rrn", 0, 0 },
		{ "the whole joins both neighbours",
		  "rrxxrr",
		  { mprotect_at(2, 2, 'r') },
		  "rrrrrr",
		  0,
		  0 },
		{ "the border moves up",
		  "rrxx",
		  { mprotect_at(2, 1, 'r') },
		  "rrrx",
		  0,
		  0 },
		{ "the border moves down",
		  "rrxx",
		  { mprotect_at(1, 1, 'x') },
		  "rxxx",
		  0,
		  0 },
		{ "two kinds become one",
		  "nnrrxx",
		  { mprotect_at(0, 6, 'r') },
		  "rrrrrr",
		  0,
		  0 },
		{ "parts of three become one in between",
		  "nnnrrxxx",
		  { mprotect_at(1, 6, 'r') },
		  "nrrrrrrx",
		  0,
		  0 },
		{ "P9 up to the hole",
		  "rr..rr",
		  { mprotect_at(0, 6, 'x') },
		  "xx..rr",
		  -MM_ENOMEM,
		  0 },
		{ "P3 a hole in front changes nothing",
		  "..rr",
		  { mprotect_at(1, 3, 'x') },
		  "..rr",
		  -MM_ENOMEM,
		  0 },
		{ "nothing to change",
		  "rrr",
		  { mprotect_at(1, 1, 'r') },
		  "rrr",
		  0,
		  0 },
		{ "P5 a file that is open for reading",
		  "SSS",
		  { mprotect_at(1, 1, 'w') },
		  "SSS",
		  -MM_EACCES,
		  0 },
		{ "P9 up to the area that refuses",
		  "FFSS",
		  { mprotect_at(1, 2, 'w') },
		  "FFSS",
		  -MM_EACCES,
		  0 },
		{ "P17 a split at max_map_count",
		  "rrr",
		  { mprotect_at(0, 1, 'x') },
		  "rrr",
		  -MM_ENOMEM,
		  1 },
		{ "P17 the first of two splits stays",
		  "rrr",
		  { mprotect_at(1, 1, 'x') },
		  "r|rr",
		  -MM_ENOMEM,
		  2 },
		{ "P17 a border may move at max_map_count",
		  "rrxx",
		  { mprotect_at(1, 1, 'x') },
		  "rxxx",
		  0,
		  2 },
		{ "shared memory stays one object",
		  "WWW",
		  { mprotect_at(1, 1, 'r'), mprotect_at(1, 1, 'w') },
		  "WWW",
		  0,
		  0 },
		{ "the file goes on where it is split",
		  "ffff",
		  { mprotect_at(1, 2, 'n'), mprotect_at(1, 2, 'r') },
		  "ffff",
		  0,
		  0 },
	};

	CU_ASSERT_EQUAL(picture_check_releases(rows, NR(rows)), 0);
}

/* Memory that nobody touched is committed as long as it was ever writable. */
static void what_was_writable_stays_committed(void)
{
	static const struct picture until_6_1[] = {
		{ "P14 untouched",
		  "www",
		  { mprotect_at(1, 1, 'r') },
		  "whw",
		  0,
		  0 },
		{ "P14 touched",
		  "aaa",
		  { mprotect_at(1, 1, 'r'), mprotect_at(1, 1, 'w') },
		  "aaa",
		  0,
		  0 },
		{ "P14 and back",
		  "www",
		  { mprotect_at(1, 1, 'r'), mprotect_at(1, 1, 'w') },
		  "www",
		  0,
		  0 },
		{ "never writable is another area",
		  "rrwww",
		  { mprotect_at(2, 1, 'r') },
		  "rrhww",
		  0,
		  0 },
	};
	static const struct picture later[] = {
		{ "P14 untouched",
		  "www",
		  { mprotect_at(1, 1, 'r') },
		  "wrw",
		  0,
		  0 },
		{ "P14 and back",
		  "www",
		  { mprotect_at(1, 1, 'r'), mprotect_at(1, 1, 'w') },
		  "www",
		  0,
		  0 },
	};

	CU_ASSERT_EQUAL(picture_check_release(until_6_1, NR(until_6_1), "4.0"),
			0);
	CU_ASSERT_EQUAL(picture_check_release(until_6_1, NR(until_6_1), "5.10"),
			0);
	CU_ASSERT_EQUAL(picture_check_release(until_6_1, NR(until_6_1), "6.1"),
			0);
	CU_ASSERT_EQUAL(picture_check_release(later, NR(later), "6.12"), 0);
}

static void p14_memory_is_committed_once(void)
{
	struct emulation emu;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, AT, 4, PROT_READ, MAP_FIXED);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 0);
	CU_ASSERT_EQUAL(sys_mprotect(emu.task, AT, PAGES(2), RW), 0);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 2);
	CU_ASSERT_EQUAL(sys_mprotect(emu.task, AT, PAGES(2), PROT_READ), 0);
	CU_ASSERT_EQUAL(sys_mprotect(emu.task, AT, PAGES(4), RW), 0);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 4);
	emulation_munmap(&emu, AT, 4);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 0);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void p15_the_commit_limit_is_exact(void)
{
	struct emulation_setup setup = emulation_defaults();
	struct emulation emu;

	setup.sysctl.overcommit_memory = 2;
	setup.sysctl.overcommit_kbytes = 4 * 11;
	setup.uid = 0;
	setup.sysctl.user_reserve_kbytes = 0;
	emulation_begin(&emu, &setup);
	emulation_mmap(&emu, AT, 20, PROT_READ, MAP_FIXED);
	CU_ASSERT_EQUAL(sys_mprotect(emu.task, AT, PAGES(11), RW), -MM_ENOMEM);
	CU_ASSERT_EQUAL(emu.mm.map_count, 1);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 0);
	CU_ASSERT_EQUAL(sys_mprotect(emu.task, AT, PAGES(10), RW), 0);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 10);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

/* Pages stay, but each is asked about when it is written next. */
static void p10_pages_survive_prot_none(void)
{
	struct emulation emu;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, AT, 2, RW, MAP_FIXED);
	emulation_write(&emu, AT);
	CU_ASSERT_EQUAL(sys_mprotect(emu.task, AT, PAGES(2), PROT_NONE), 0);
	CU_ASSERT_EQUAL(emulation_touch(&emu, AT, ACCESS_READ).code,
			SEGV_ACCERR);
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 1);
	CU_ASSERT_EQUAL(sys_mprotect(emu.task, AT, PAGES(2), RW), 0);
	CU_ASSERT_EQUAL(emulation_read(&emu, AT), ACCESS_FAULT_NONE);
	CU_ASSERT_EQUAL(emulation_write(&emu, AT), ACCESS_FAULT_MINOR);
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 1);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

/* A locked stack that becomes writable is populated from its start on. */
static void a_stack_is_reserved_for_as_a_whole(void)
{
	struct emulation_setup setup = emulation_defaults();
	const uint64_t pages = 20000;
	struct emulation emu;
	size_t i;

	for (i = 0; (setup.profile = kernel_profile_at(i)); i++) {
		setup.uid = 0;
		emulation_begin(&emu, &setup);
		emulation_mmap(&emu, AT, pages, PROT_NONE,
			       MAP_FIXED | MAP_GROWSDOWN);
		CU_ASSERT_EQUAL(sys_mlock(emu.task, AT, PAGES(pages)),
				-MM_ENOMEM);
		memory_trim(&emu.memory);
		CU_ASSERT_EQUAL(sys_mprotect(emu.task, AT + PAGES(pages - 1),
					     PAGE_SIZE, RW | PROT_GROWSDOWN),
				0);
		CU_ASSERT_EQUAL(emu.mm.rss_anon,
				setup.profile->mprotect_populates_locked ? pages
									 : 0);
		CU_ASSERT_PTR_NULL(emulation_end(&emu));
	}
}

CU_TestInfo test_mprotect[] = {
	{ "pictures", pictures },
	{ "what was writable stays committed",
	  what_was_writable_stays_committed },
	{ "P14 memory is committed once", p14_memory_is_committed_once },
	{ "P15 the commit limit is exact", p15_the_commit_limit_is_exact },
	{ "P10 pages survive PROT_NONE", p10_pages_survive_prot_none },
	{ "a stack is reserved for as a whole",
	  a_stack_is_reserved_for_as_a_whole },
	CU_TEST_INFO_NULL,
};
