/* SPDX-License-Identifier: MIT */
/* Tables of each level: when they appear, and when munmap takes them away. */
#include "core/mm/page_cache.h"
#include "core/mm/page_table.h"
#include "tests/support/emulation.h"
#include "tests/support/suite.h"

#define TWO_MIB (2ULL << 20)
#define GIB     (1ULL << 30)

static bool tables_are(const struct emulation *emu, uint64_t ptes,
		       uint64_t pmds, uint64_t puds)
{
	return emu->mm.nr_ptes == ptes && emu->mm.nr_pmds == pmds &&
	       emu->mm.nr_puds == puds;
}

static void every_two_mib_have_a_table_of_their_own(void)
{
	struct emulation emu;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, AT, 4096, RW, MAP_FIXED);
	CU_ASSERT_TRUE(tables_are(&emu, 0, 0, 0));
	emulation_write(&emu, AT);
	CU_ASSERT_TRUE(tables_are(&emu, 1, 1, 1));
	emulation_write(&emu, AT + TWO_MIB - 1);
	CU_ASSERT_TRUE(tables_are(&emu, 1, 1, 1));
	emulation_read(&emu, AT + TWO_MIB);
	CU_ASSERT_TRUE(tables_are(&emu, 2, 1, 1));
	emulation_write(&emu, AT + 7 * TWO_MIB);
	CU_ASSERT_TRUE(tables_are(&emu, 3, 1, 1));
	CU_ASSERT_EQUAL(emu.machine.nr_table_pages >= 5, true);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void upper_levels_cover_a_gib_and_512_gib(void)
{
	struct emulation emu;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, AT, 1, RW, MAP_FIXED);
	emulation_mmap(&emu, AT + GIB, 1, RW, MAP_FIXED);
	emulation_mmap(&emu, AT + 1024 * GIB, 1, RW, MAP_FIXED);
	emulation_write(&emu, AT);
	emulation_write(&emu, AT + GIB);
	CU_ASSERT_TRUE(tables_are(&emu, 2, 2, 1));
	emulation_write(&emu, AT + 1024 * GIB);
	CU_ASSERT_TRUE(tables_are(&emu, 3, 3, 2));
	emulation_munmap(&emu, AT + GIB, 1);
	CU_ASSERT_TRUE(tables_are(&emu, 2, 2, 2));
	emulation_munmap(&emu, AT, 1);
	CU_ASSERT_TRUE(tables_are(&emu, 1, 1, 1));
	emulation_munmap(&emu, AT + 1024 * GIB, 1);
	CU_ASSERT_TRUE(tables_are(&emu, 0, 0, 0));
	CU_ASSERT_EQUAL(emu.machine.nr_table_pages, 0);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

/* Floor and ceiling: a neighbour in the same 2 MiB keeps the table. */
static void a_neighbour_keeps_the_table(void)
{
	struct emulation emu;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, AT, 1024, RW, MAP_FIXED);
	emulation_write(&emu, AT);
	emulation_write(&emu, AT + TWO_MIB);
	/* All but the last page of the first table. */
	emulation_munmap(&emu, AT, 511);
	CU_ASSERT_TRUE(tables_are(&emu, 2, 1, 1));
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 1);
	emulation_munmap(&emu, AT + PAGES(511), 1);
	CU_ASSERT_TRUE(tables_are(&emu, 1, 1, 1));
	/* Below: all but the first page of the second one. */
	emulation_munmap(&emu, AT + TWO_MIB + PAGES(1), 511);
	CU_ASSERT_TRUE(tables_are(&emu, 1, 1, 1));
	emulation_munmap(&emu, AT + TWO_MIB, 1);
	CU_ASSERT_TRUE(tables_are(&emu, 0, 0, 0));
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

/* An area that was never touched keeps it as well as any other. */
static void an_untouched_neighbour_counts(void)
{
	struct emulation emu;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, AT, 1, RW, MAP_FIXED);
	emulation_mmap(&emu, AT + PAGES(8), 1, PROT_NONE, MAP_FIXED);
	emulation_write(&emu, AT);
	emulation_munmap(&emu, AT, 1);
	CU_ASSERT_TRUE(tables_are(&emu, 1, 1, 1));
	emulation_munmap(&emu, AT + PAGES(8), 1);
	CU_ASSERT_TRUE(tables_are(&emu, 0, 0, 0));
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void the_lowest_and_the_highest_page(void)
{
	struct emulation_setup setup = emulation_defaults();
	struct emulation emu;

	setup.uid = 0;
	emulation_begin(&emu, &setup);
	emulation_mmap(&emu, 0, 1, RW, MAP_FIXED);
	emulation_mmap(&emu, TASK_SIZE - PAGES(1), 1, RW, MAP_FIXED);
	emulation_write(&emu, 0);
	emulation_write(&emu, TASK_SIZE - 1);
	CU_ASSERT_TRUE(tables_are(&emu, 2, 2, 2));
	emulation_munmap(&emu, 0, TASK_SIZE >> PAGE_SHIFT);
	CU_ASSERT_TRUE(tables_are(&emu, 0, 0, 0));
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void resident_ranges_are_maximal(void)
{
	struct emulation emu;
	uint64_t start = 0, end;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, AT, 2048, RW, MAP_FIXED);
	emulation_write(&emu, AT + PAGES(3));
	emulation_read(&emu, AT + PAGES(4));
	emulation_write(&emu, AT + TWO_MIB - 1);
	emulation_write(&emu, AT + TWO_MIB);
	CU_ASSERT_TRUE(mm_next_resident(&emu.mm, &start, &end));
	CU_ASSERT_EQUAL(start, AT + PAGES(3));
	CU_ASSERT_EQUAL(end, AT + PAGES(5));
	/* From the middle of a range, what is left of it. */
	start = AT + PAGES(4);
	CU_ASSERT_TRUE(mm_next_resident(&emu.mm, &start, &end));
	CU_ASSERT_EQUAL(start, AT + PAGES(4));
	start = end;
	/* Across two tables. */
	CU_ASSERT_TRUE(mm_next_resident(&emu.mm, &start, &end));
	CU_ASSERT_EQUAL(start, AT + TWO_MIB - PAGES(1));
	CU_ASSERT_EQUAL(end, AT + TWO_MIB + PAGES(1));
	start = end;
	CU_ASSERT_FALSE(mm_next_resident(&emu.mm, &start, &end));
	CU_ASSERT_EQUAL(mm_resident_pages(&emu.mm, emu.mm.mmap), 3);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

/* All pages are there, and some are dirty: the file learns of the range's. */
static void dirty_pages_of_a_range(void)
{
	static const unsigned int dirty[] = { 0,   1,   5,   63,   64,
					      127, 511, 512, 1030, 1100 };
	const uint64_t from = AT + PAGES(1), to = AT + PAGES(1100);
	struct vm_file *file;
	struct emulation emu;
	uint64_t page;
	size_t i;

	emulation_begin(&emu, NULL);
	sys_mmap(emu.task, AT, PAGES(2048), RW,
		 MAP_FIXED | MAP_SHARED | MAP_ANONYMOUS, NULL, 0);
	file = emu.mm.mmap->vm_file;
	for (page = 0; page < 2048; page++)
		emulation_read(&emu, AT + PAGES(page));
	for (i = 0; i < sizeof(dirty) / sizeof(dirty[0]); i++)
		emulation_write(&emu, AT + PAGES(dirty[i]));
	CU_ASSERT_EQUAL(sys_madvise(emu.task, from, to - from, MADV_DONTNEED),
			0);
	/* But for the first and the last, which lie outside. */
	for (page = 0, i = 1; page < 2048; page++) {
		if (page_cache_dirty(file, page))
			continue;
		CU_ASSERT_TRUE_FATAL(i < sizeof(dirty) / sizeof(dirty[0]) - 1);
		CU_ASSERT_EQUAL(page, dirty[i++]);
	}
	CU_ASSERT_EQUAL(i, sizeof(dirty) / sizeof(dirty[0]) - 1);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

/* An area's own pages, with tables that it shares with its neighbours. */
static void resident_pages_of_an_area(void)
{
	struct emulation emu;
	int i;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, AT + PAGES(500), 100, RW, MAP_FIXED);
	emulation_mmap(&emu, AT + PAGES(600), 100, RW | PROT_EXEC, MAP_FIXED);
	for (i = 500; i < 700; i += 3)
		emulation_write(&emu, AT + PAGES(i));
	CU_ASSERT_EQUAL(mm_resident_pages(&emu.mm, emu.mm.mmap), 34);
	CU_ASSERT_EQUAL(mm_resident_pages(&emu.mm, emu.mm.mmap->vm_next), 33);
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 67);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

/* Of the area, counted on from *@tablep, @some tables at a time. */
static uint64_t count_on(const struct vm_area_struct *vma,
			 const struct page_node **tablep, uint64_t some)
{
	uint64_t pages = 0, tables = some;

	while (!mm_resident_pages_next(vma, tablep, &pages, &tables)) {
		CU_ASSERT_EQUAL(tables, 0);
		tables = some;
	}
	return pages;
}

/* Below the first area and above the last there are no tables. Of the others
 * one has none, one shares its only table, and one has three. */
static void resident_pages_of_area_after_area(void)
{
	static const int starts[] = { -600, 3, 500, 600, 1600, 2600 };
	const struct vm_area_struct *vma;
	const struct page_node *table;
	struct emulation emu;
	uint64_t some, pages;
	size_t i;

	emulation_begin(&emu, NULL);
	CU_ASSERT_PTR_NULL(mm_first_table(&emu.mm));
	for (i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		emulation_mmap(&emu, AT + PAGES(starts[i]),
			       starts[i] == 600 ? 1000 : 20,
			       i % 2 ? RW : RW | PROT_EXEC, MAP_FIXED);
	for (i = 500; i < 1620; i += 7)
		if (i < 520 || i >= 600)
			emulation_write(&emu, AT + PAGES(i));
	for (some = 1; some < 5; some++) {
		table = mm_first_table(&emu.mm);
		pages = 0;
		for (vma = emu.mm.mmap; vma; vma = vma->vm_next) {
			CU_ASSERT_EQUAL(count_on(vma, &table, some),
					mm_resident_pages(&emu.mm, vma));
			pages += mm_resident_pages(&emu.mm, vma);
		}
		CU_ASSERT_EQUAL(pages, emu.mm.rss_anon);
	}
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

enum {
	TABLES = 100,
	FIRST = 10, /* of those that lose pages, and keep some */
	LAST = 70,  /* the other one */
};

/* Is the low page of the table at @i still mapped, or the high one? */
static bool stays(int i, bool is_high)
{
	return i < FIRST || i > LAST || (i == (is_high ? LAST : FIRST));
}

/* A page low and a page high in each of many tables; the middle is unmapped. */
static void many_tables_go_with_their_pages(void)
{
	const uint64_t high = TWO_MIB - PAGE_SIZE;
	struct emulation emu;
	struct vm_file *file;
	uint64_t at;
	int i;

	emulation_begin(&emu, NULL);
	file = emulation_file(&emu, 512);
	emulation_mmap(&emu, AT, TABLES * 512, RW, MAP_FIXED | MAP_NORESERVE);
	for (i = 0; i < TABLES; i++) {
		at = AT + i * TWO_MIB;
		if (i % 10 == 5)
			CU_ASSERT_EQUAL(sys_mmap(emu.task, at + high, PAGE_SIZE,
						 RW, MAP_SHARED | MAP_FIXED,
						 file, PAGES(i)),
					(int64_t)(at + high));
		emulation_write(&emu, at);
		emulation_write(&emu, at + high);
	}
	CU_ASSERT_TRUE(tables_are(&emu, TABLES, 1, 1));
	CU_ASSERT_EQUAL(emu.mm.rss_file, TABLES / 10);
	emulation_munmap(&emu, AT + FIRST * TWO_MIB + PAGES(256),
			 (LAST - FIRST) * 512);
	CU_ASSERT_TRUE(tables_are(&emu, TABLES - (LAST - FIRST - 1), 1, 1));
	CU_ASSERT_EQUAL(emu.mm.rss_file, (TABLES - (LAST - FIRST)) / 10);
	CU_ASSERT_EQUAL(get_mm_rss(&emu.mm), 2 * (TABLES - (LAST - FIRST)));
	CU_ASSERT_EQUAL(emu.machine.nr_anon_pages, emu.mm.rss_anon);
	CU_ASSERT_EQUAL(emu.machine.nr_table_pages, emu.mm.nr_ptes + 2);
	for (i = 0; i < TABLES; i++) {
		at = AT + i * TWO_MIB;
		CU_ASSERT_EQUAL(page_is_present(&emu.mm, at), stays(i, false));
		CU_ASSERT_EQUAL(page_is_present(&emu.mm, at + high),
				stays(i, true));
	}
	emulation_munmap(&emu, AT, TABLES * 512);
	CU_ASSERT_TRUE(tables_are(&emu, 0, 0, 0));
	CU_ASSERT_EQUAL(get_mm_rss(&emu.mm), 0);
	CU_ASSERT_EQUAL(emu.machine.nr_table_pages, 0);
	vm_file_put(file);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

CU_TestInfo test_page_table[] = {
	{ "every two MiB have a table of their own",
	  every_two_mib_have_a_table_of_their_own },
	{ "upper levels cover a GiB and 512 GiB",
	  upper_levels_cover_a_gib_and_512_gib },
	{ "many tables go with their pages", many_tables_go_with_their_pages },
	{ "a neighbour keeps the table", a_neighbour_keeps_the_table },
	{ "an untouched neighbour counts", an_untouched_neighbour_counts },
	{ "the lowest and the highest page", the_lowest_and_the_highest_page },
	{ "resident ranges are maximal", resident_ranges_are_maximal },
	{ "dirty pages of a range", dirty_pages_of_a_range },
	{ "resident pages of an area", resident_pages_of_an_area },
	{ "resident pages of area after area",
	  resident_pages_of_area_after_area },
	CU_TEST_INFO_NULL,
};
