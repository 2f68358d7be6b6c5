/* SPDX-License-Identifier: MIT */
/* What munmap removes, splits, counts and refuses: behaviours U1 to U15. */
#include "tests/support/emulation.h"
#include "tests/support/mm_picture.h"
#include "tests/support/suite.h"

static void pictures(void)
{
	static const struct picture rows[] = {
		{ "U1 a whole mapping",
		  "..ww..",
		  { munmap_at(2, 2) },
		  "......",
		  0,
		  0 },
		{ "U7 the tail", "www", { munmap_at(1, 2) }, "w..", 0, 0 },
		{ "the head", "www", { munmap_at(0, 2) }, "..w", 0, 0 },
		{ "U8 the middle splits in two",
		  "rrrr..ww",
		  { munmap_at(1, 2) },
		  "r..r..ww",
		  0,
		  0 },
		{ "U6 nothing mapped",
		  "ww....ww",
		  { munmap_at(2, 4) },
		  "ww....ww",
		  0,
		  0 },
		{ "U6 nothing mapped at all",
		  "....",
		  { munmap_at(0, 4) },
		  "....",
		  0,
		  0 },
		{ "many areas, whole ones",
		  "rwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrw"
		  "rrrr",
		  { munmap_at(2, 56) },
		  "rw........................................................"
		  "rwrrrr",
		  0,
		  0 },
		{ "many areas, the last one cut",
		  "rwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrw"
		  "rrrr",
		  { munmap_at(1, 61) },
		  "r..........................................................."
		  "..rr",
		  0,
		  0 },
		{ "many areas up to the last",
		  "rwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrw"
		  "rrrr",
		  { munmap_at(3, 61) },
		  "rwr........................................................."
		  "....",
		  0,
		  0 },
		{ "all of many areas",
		  "rwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrwrw"
		  "rrrr",
		  { munmap_at(0, 64) },
		  "............................................................"
		  "....",
		  0,
		  0 },
		{ "U9 two areas and the hole between",
		  "ww..rr",
		  { munmap_at(0, 6) },
		  "......",
		  0,
		  0 },
		{ "U9 parts of two areas and the hole",
		  "www..rrr",
		  { munmap_at(1, 6) },
		  "w......r",
		  0,
		  0 },
		{ "U9 the areas in between go whole",
		  "ww|ww|ww",
		  { munmap_at(1, 4) },
		  "w....w",
		  0,
		  0 },
		{ "a hole in front of the range's first area",
		  "...www",
		  { munmap_at(1, 3) },
		  "....ww",
		  0,
		  0 },
		{ "a hole behind the range's last area",
		  "www...",
		  { munmap_at(2, 3) },
		  "ww....",
		  0,
		  0 },
		{ "U8 the offset of a file goes on",
		  "fffffff",
		  { munmap_at(3, 1) },
		  "fff.fff",
		  0,
		  0 },
		{ "shared memory stays one object",
		  "WWWW",
		  { munmap_at(1, 2) },
		  "W..W",
		  0,
		  0 },
		{ "special areas can be split, too",
		  "vvv",
		  { munmap_at(1, 1) },
		  "v.v",
		  0,
		  0 },
		{ "U10 the middle at max_map_count",
		  "wwww.r",
		  { munmap_at(1, 2) },
		  "wwww.r",
		  -MM_ENOMEM,
		  2 },
		{ "U10 one below max_map_count",
		  "wwww.r",
		  { munmap_at(1, 2) },
		  "w..w.r",
		  0,
		  3 },
		{ "U10 above max_map_count",
		  "wwww.r",
		  { munmap_at(1, 2) },
		  "wwww.r",
		  -MM_ENOMEM,
		  1 },
		{ "U11 an end at max_map_count",
		  "wwww.r",
		  { munmap_at(2, 2) },
		  "ww...r",
		  0,
		  2 },
		{ "U11 a beginning at max_map_count",
		  "wwww.r",
		  { munmap_at(0, 2) },
		  "..ww.r",
		  0,
		  2 },
		{ "U11 ends of two areas at max_map_count",
		  "wwww.rr",
		  { munmap_at(2, 4) },
		  "ww....r",
		  0,
		  2 },
	};

	CU_ASSERT_EQUAL(picture_check_all(rows, NR(rows)), 0);
}

static void arguments_are_judged(void)
{
	static const struct {
		const char *rule;
		uint64_t addr, len;
		int64_t ret;
	} rows[] = {
		{ "U2 length 0", EMULATION_FREE, 0, -MM_EINVAL },
		{ "U3 unaligned address", EMULATION_FREE + 1, PAGE_SIZE,
		  -MM_EINVAL },
		{ "U3 unaligned by a byte less", EMULATION_FREE + PAGE_SIZE - 1,
		  PAGE_SIZE, -MM_EINVAL },
		{ "U4 length rounds to 0", EMULATION_FREE, -PAGE_SIZE + 1,
		  -MM_EINVAL },
		{ "U4 length all ones", 0, UINT64_MAX, -MM_EINVAL },
		{ "U5 past TASK_SIZE", TASK_SIZE + PAGE_SIZE, PAGE_SIZE,
		  -MM_EINVAL },
		{ "U5 at TASK_SIZE", TASK_SIZE, PAGE_SIZE, -MM_EINVAL },
		{ "U5 nothing at TASK_SIZE", TASK_SIZE, 0, -MM_EINVAL },
		{ "U5 a byte beyond TASK_SIZE", TASK_SIZE - PAGE_SIZE,
		  PAGE_SIZE + 1, -MM_EINVAL },
		{ "U5 the last page", TASK_SIZE - PAGE_SIZE, PAGE_SIZE, 0 },
		{ "U5 everything", 0, TASK_SIZE, 0 },
		{ "U5 everything and a byte", 0, TASK_SIZE + 1, -MM_EINVAL },
		{ "U5 far beyond", UINT64_MAX & PAGE_MASK, PAGE_SIZE,
		  -MM_EINVAL },
	};
	struct emulation emu;
	size_t i;

	emulation_begin(&emu, NULL);
	for (i = 0; i < NR(rows); i++)
		CU_ASSERT_EQUAL(sys_munmap(emu.task, rows[i].addr, rows[i].len),
				rows[i].ret);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void u3_length_is_rounded_up(void)
{
	struct emulation emu;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, EMULATION_FREE, 3, PROT_READ, MAP_FIXED);
	CU_ASSERT_EQUAL(sys_munmap(emu.task, EMULATION_FREE, PAGE_SIZE + 1), 0);
	CU_ASSERT_EQUAL(emu.mm.mmap->vm_start, EMULATION_FREE + 2 * PAGE_SIZE);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void u8_the_upper_part_is_the_new_area(void)
{
	struct emulation emu;
	const struct vm_area_struct *upper;
	uint32_t id;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, EMULATION_FREE, 3, PROT_READ, MAP_FIXED);
	id = emu.mm.mmap->id;
	emulation_munmap(&emu, EMULATION_FREE + PAGE_SIZE, 1);
	CU_ASSERT_EQUAL(emu.mm.map_count, 2);
	CU_ASSERT_EQUAL(emu.mm.mmap->id, id);
	upper = emu.mm.mmap->vm_next;
	CU_ASSERT_NOT_EQUAL(upper->id, id);
	CU_ASSERT_EQUAL(upper->vm_pgoff, (EMULATION_FREE >> PAGE_SHIFT) + 2);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void u9_what_remains_keeps_its_identity(void)
{
	const uint64_t at = EMULATION_FREE;
	uint32_t low, high;
	struct emulation emu;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, at, 2, PROT_READ, MAP_FIXED);
	emulation_mmap(&emu, at + 2 * PAGE_SIZE, 2, PROT_NONE, MAP_FIXED);
	low = emu.mm.mmap->id;
	high = emu.mm.mmap->vm_next->id;
	emulation_munmap(&emu, at + PAGE_SIZE, 2);
	CU_ASSERT_EQUAL(emu.mm.mmap->id, low);
	CU_ASSERT_EQUAL(emu.mm.mmap->vm_next->id, high);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void u12_locked_pages_are_given_back(void)
{
	struct emulation emu;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, EMULATION_FREE, 8, PROT_READ | PROT_WRITE,
		       MAP_FIXED | MAP_LOCKED);
	CU_ASSERT_EQUAL(emu.mm.locked_vm, 8);
	emulation_munmap(&emu, EMULATION_FREE + PAGE_SIZE, 3);
	CU_ASSERT_EQUAL(emu.mm.locked_vm, 5);
	emulation_munmap(&emu, EMULATION_FREE, 16);
	CU_ASSERT_EQUAL(emu.mm.locked_vm, 0);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void u15_only_removal_moves_the_sequence_number(void)
{
	const uint64_t at = EMULATION_FREE, rw = PROT_READ | PROT_WRITE;
	struct emulation emu;
	uint64_t seqnum;

	emulation_begin(&emu, NULL);
	seqnum = emu.mm.vmacache_seqnum;
	emulation_mmap(&emu, at, 4, rw, MAP_FIXED);
	emulation_mmap(&emu, at + 4 * PAGE_SIZE, 1, rw, MAP_FIXED);
	CU_ASSERT_EQUAL(emu.mm.vmacache_seqnum, seqnum);
	emulation_munmap(&emu, at + 8 * PAGE_SIZE, 1);
	CU_ASSERT_EQUAL(emu.mm.vmacache_seqnum, seqnum);
	/* One call is one removal, however many areas go. */
	emulation_munmap(&emu, at + PAGE_SIZE, 1);
	CU_ASSERT_EQUAL(emu.mm.vmacache_seqnum, seqnum + 1);
	emulation_munmap(&emu, at, 8);
	CU_ASSERT_EQUAL(emu.mm.vmacache_seqnum, seqnum + 2);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void counters_follow(void)
{
	const uint64_t at = EMULATION_FREE, rw = PROT_READ | PROT_WRITE;
	struct emulation emu;
	struct vm_file *file;

	emulation_begin(&emu, NULL);
	file = emulation_file(&emu, 16);
	emulation_mmap(&emu, at, 4, rw, MAP_FIXED);
	sys_mmap(emu.task, at + 8 * PAGE_SIZE, 4 * PAGE_SIZE,
		 PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED, file, 0);
	emulation_mmap(&emu, at + 32 * PAGE_SIZE, 4, rw,
		       MAP_FIXED | MAP_GROWSDOWN);
	CU_ASSERT_EQUAL(emu.mm.total_vm, 12);
	CU_ASSERT_EQUAL(emu.mm.shared_vm, 4);
	CU_ASSERT_EQUAL(emu.mm.exec_vm, 4);
	CU_ASSERT_EQUAL(emu.mm.stack_vm, 4);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 8);
	emulation_write(&emu, at);
	emulation_write(&emu, at + PAGE_SIZE);
	emulation_munmap(&emu, at, 1);
	CU_ASSERT_EQUAL(get_mm_rss(&emu.mm), 1);
	CU_ASSERT_EQUAL(emu.machine.nr_anon_pages, 1);
	emulation_munmap(&emu, at, 64);
	CU_ASSERT_EQUAL(emu.mm.total_vm, 0);
	CU_ASSERT_EQUAL(emu.mm.shared_vm, 0);
	CU_ASSERT_EQUAL(emu.mm.exec_vm, 0);
	CU_ASSERT_EQUAL(emu.mm.stack_vm, 0);
	CU_ASSERT_EQUAL(get_mm_rss(&emu.mm), 0);
	CU_ASSERT_EQUAL(emu.mm.hiwater_vm, 12);
	CU_ASSERT_EQUAL(emu.mm.hiwater_rss, 2);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 0);
	CU_ASSERT_EQUAL(emu.mm.highest_vm_end, 0);
	vm_file_put(file);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void mappings_keep_a_closed_file(void)
{
	struct emulation emu;
	struct vm_file *file;

	emulation_begin(&emu, NULL);
	file = emulation_file(&emu, 16);
	sys_mmap(emu.task, EMULATION_FREE, 4 * PAGE_SIZE, PROT_READ,
		 MAP_SHARED | MAP_FIXED, file, 0);
	emulation_read(&emu, EMULATION_FREE);
	vm_file_put(file);
	emulation_munmap(&emu, EMULATION_FREE + PAGE_SIZE, 1);
	CU_ASSERT_EQUAL(emu.machine.nr_cache_pages, 1);
	emulation_munmap(&emu, EMULATION_FREE, 4);
	CU_ASSERT_EQUAL(emu.machine.nr_cache_pages, 0);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 0);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

CU_TestInfo test_munmap[] = {
	{ "U1 U6-U11 pictures", pictures },
	{ "U2-U5 arguments are judged", arguments_are_judged },
	{ "U3 length is rounded up", u3_length_is_rounded_up },
	{ "U8 the upper part is the new area",
	  u8_the_upper_part_is_the_new_area },
	{ "U9 what remains keeps its identity",
	  u9_what_remains_keeps_its_identity },
	{ "U12 locked pages are given back", u12_locked_pages_are_given_back },
	{ "U15 only removal moves the sequence number",
	  u15_only_removal_moves_the_sequence_number },
	{ "counters follow", counters_follow },
	{ "mappings keep a closed file", mappings_keep_a_closed_file },
	CU_TEST_INFO_NULL,
};
