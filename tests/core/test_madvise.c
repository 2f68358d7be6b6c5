/* SPDX-License-Identifier: MIT */
/* What advice changes and refuses: behaviours V5 to V25. */
#include <string.h>

#include "tests/support/emulation.h"
#include "tests/support/mm_picture.h"
#include "tests/support/suite.h"

static void pictures(void)
{
	static const struct picture rows[] = {
		{ "V21 random access splits",
		  "www",
		  { madvise_at(1, 1, MADV_RANDOM) },
		  "wjw",
		  0,
		  0 },
		{ "V21 and is taken back",
		  "www",
		  { madvise_at(1, 1, MADV_RANDOM),
		    madvise_at(0, 3, MADV_NORMAL) },
		  "www",
		  0,
		  0 },
		{ "V22 what is so already",
		  "jjj",
		  { madvise_at(1, 1, MADV_RANDOM) },
		  "jjj",
		  0,
		  0 },
		{ "V21 joins its neighbour",
		  "jjww",
		  { madvise_at(1, 2, MADV_RANDOM) },
		  "jjjw",
		  0,
		  0 },
		{ "V5 holes do not stop it",
		  "ww..ww",
		  { madvise_at(1, 5, MADV_RANDOM) },
		  "wj..jj",
		  -MM_ENOMEM,
		  0 },
		{ "V5 a hole in front",
		  "..ww",
		  { madvise_at(0, 3, MADV_RANDOM) },
		  "..jw",
		  -MM_ENOMEM,
		  0 },
		{ "V5 a hole behind",
		  "ww..",
		  { madvise_at(1, 3, MADV_RANDOM) },
		  "wj..",
		  -MM_ENOMEM,
		  0 },
		{ "V18 not for children",
		  "www",
		  { madvise_at(1, 1, MADV_DONTFORK) },
		  "wDw",
		  0,
		  0 },
		{ "V18 for children again",
		  "DDD",
		  { madvise_at(1, 1, MADV_DOFORK) },
		  "DwD",
		  0,
		  0 },
		{ "what the kernel installed is never dumped again",
		  "vvv",
		  { madvise_at(0, 3, MADV_DODUMP) },
		  "vvv",
		  -MM_EINVAL,
		  0 },
		{ "V11 locked memory keeps its pages",
		  "lll",
		  { madvise_at(1, 1, MADV_DONTNEED) },
		  "lll",
		  -MM_EINVAL,
		  0 },
		{ "V10 no permission is asked",
		  "nnn",
		  { madvise_at(1, 1, MADV_DONTNEED) },
		  "nnn",
		  0,
		  0 },
		{ "V12 nothing is removed from private memory",
		  "www",
		  { madvise_at(1, 1, MADV_REMOVE) },
		  "www",
		  -MM_EINVAL,
		  0 },
		{ "V2 unknown",
		  "www",
		  { madvise_at(0, 1, 77) },
		  "www",
		  -MM_EINVAL,
		  0 },
		{ "V3 no length",
		  "...",
		  { madvise_at(0, 0, MADV_RANDOM) },
		  "...",
		  0,
		  0 },
	};

	CU_ASSERT_EQUAL(picture_check_releases(rows, NR(rows)), 0);
}

static void removal_needs_permission(void)
{
	static const struct picture until_5_10[] = {
		{ "V12 to write now",
		  "RRR",
		  { madvise_at(1, 1, MADV_REMOVE) },
		  "RRR",
		  -MM_EACCES,
		  0 },
	};
	static const struct picture later[] = {
		{ "V12 to write ever",
		  "RRR",
		  { madvise_at(1, 1, MADV_REMOVE) },
		  "RRR",
		  0,
		  0 },
	};
	static const struct picture any[] = {
		{ "V12 not even ever",
		  "SSS",
		  { madvise_at(1, 1, MADV_REMOVE) },
		  "SSS",
		  -MM_EACCES,
		  0 },
	};

	CU_ASSERT_EQUAL(
		picture_check_release(until_5_10, NR(until_5_10), "4.0"), 0);
	CU_ASSERT_EQUAL(
		picture_check_release(until_5_10, NR(until_5_10), "5.10"), 0);
	CU_ASSERT_EQUAL(picture_check_release(later, NR(later), "6.1"), 0);
	CU_ASSERT_EQUAL(picture_check_release(later, NR(later), "6.12"), 0);
	CU_ASSERT_EQUAL(picture_check_releases(any, NR(any)), 0);
}

static void a_split_too_many(void)
{
	static const struct picture eagain[] = {
		{ "V23a at max_map_count",
		  "www",
		  { madvise_at(1, 1, MADV_RANDOM) },
		  "w|ww",
		  -MM_EAGAIN,
		  2 },
	};
	static const struct picture enomem[] = {
		{ "V23 at max_map_count",
		  "www",
		  { madvise_at(1, 1, MADV_RANDOM) },
		  "w|ww",
		  -MM_ENOMEM,
		  2 },
	};

	CU_ASSERT_EQUAL(picture_check_release(eagain, NR(eagain), "4.0"), 0);
	CU_ASSERT_EQUAL(picture_check_release(eagain, NR(eagain), "6.1"), 0);
	CU_ASSERT_EQUAL(picture_check_release(eagain, NR(eagain), "6.12"), 0);
	CU_ASSERT_EQUAL(picture_check_release(enomem, NR(enomem), "5.10"), 0);
}

/* Advice that came with a release, and was unknown before. */
static void new_advice(void)
{
	static const struct {
		const char *release;
		int32_t last; /* of those that follow one another, known */
		bool free;
	} rows[] = {
		{ "4.0", MADV_DODUMP, false },
		{ "5.10", MADV_PAGEOUT, true },
		{ "6.1", MADV_DONTNEED_LOCKED, true },
		{ "6.12", MADV_DONTNEED_LOCKED, true },
	};
	struct emulation_setup setup = emulation_defaults();
	struct emulation emu;
	int32_t advice;
	int64_t ret;
	size_t i;

	for (i = 0; i < NR(rows); i++) {
		setup.profile = kernel_profile_find(rows[i].release,
						    strlen(rows[i].release));
		emulation_begin(&emu, &setup);
		emulation_mmap(&emu, AT, 3, RW, MAP_FIXED);
		for (advice = MADV_DONTDUMP; advice <= MADV_DONTNEED_LOCKED;
		     advice++) {
			ret = sys_madvise(emu.task, AT, PAGES(3), advice);
			CU_ASSERT_EQUAL(
				ret, advice <= rows[i].last ? 0 : -MM_EINVAL);
		}
		ret = sys_madvise(emu.task, AT, PAGES(3), MADV_FREE);
		CU_ASSERT_EQUAL(ret, rows[i].free ? 0 : -MM_EINVAL);
		CU_ASSERT_PTR_NULL(emulation_end(&emu));
	}
}

static void v6_pages_go_and_come_back_as_zeroes(void)
{
	struct emulation emu;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, AT, 3, RW, MAP_FIXED);
	emulation_write(&emu, AT);
	emulation_write(&emu, AT + PAGES(1));
	CU_ASSERT_EQUAL(sys_madvise(emu.task, AT, PAGES(1), MADV_DONTNEED), 0);
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 1);
	CU_ASSERT_EQUAL(emulation_read(&emu, AT), ACCESS_FAULT_MINOR);
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 1);
	CU_ASSERT_EQUAL(emulation_read(&emu, AT + PAGES(1)), ACCESS_FAULT_NONE);
	CU_ASSERT_EQUAL(emu.mm.hiwater_rss, 2);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void v25_populated_as_asked(void)
{
	struct emulation_setup setup = emulation_defaults();
	struct emulation emu;
	struct task_struct *task;

	setup.profile = kernel_profile_find("6.1", 3);
	emulation_begin(&emu, &setup);
	task = emu.task;
	emulation_mmap(&emu, AT, 4, RW, MAP_FIXED);
	emulation_mmap(&emu, AT + PAGES(4), 4, PROT_READ, MAP_FIXED);
	CU_ASSERT_EQUAL(sys_madvise(task, AT, PAGES(8), MADV_POPULATE_READ), 0);
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 0);
	CU_ASSERT_EQUAL(emulation_read(&emu, AT + PAGES(7)), ACCESS_FAULT_NONE);
	CU_ASSERT_EQUAL(sys_madvise(task, AT, PAGES(2), MADV_POPULATE_WRITE),
			0);
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 2);
	CU_ASSERT_EQUAL(emulation_write(&emu, AT + PAGES(1)),
			ACCESS_FAULT_NONE);
	CU_ASSERT_EQUAL(
		sys_madvise(task, AT + PAGES(4), PAGES(1), MADV_POPULATE_WRITE),
		-MM_EINVAL);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

CU_TestInfo test_madvise[] = {
	{ "pictures", pictures },
	{ "removal needs permission", removal_needs_permission },
	{ "a split too many", a_split_too_many },
	{ "new advice", new_advice },
	{ "V6 pages go and come back as zeroes",
	  v6_pages_go_and_come_back_as_zeroes },
	{ "V25 populated as asked", v25_populated_as_asked },
	CU_TEST_INFO_NULL,
};
