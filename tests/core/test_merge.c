/* SPDX-License-Identifier: MIT */
/* When a new mapping becomes part of its neighbours: behaviours J1 to J18. */
#include "core/mm/mm.h"
#include "tests/support/emulation.h"
#include "tests/support/mm_picture.h"
#include "tests/support/suite.h"

static void neighbours_that_agree_become_one(void)
{
	static const struct picture rows[] = {
		{ "J1 case 1: between two: one area is left",
		  "ww..ww",
		  { mmap_at(2, 2, 'w') },
		  "wwwwww",
		  0,
		  0 },
		{ "J2 case 2: the one before grows",
		  "ww....",
		  { mmap_at(2, 2, 'w') },
		  "wwww..",
		  0,
		  0 },
		{ "J2 case 3: the one after grows downwards",
		  "....ww",
		  { mmap_at(2, 2, 'w') },
		  "..wwww",
		  0,
		  0 },
		{ "J3 not adjacent: apart",
		  "ww...ww",
		  { mmap_at(3, 1, 'w') },
		  "ww.w.ww",
		  0,
		  0 },
		{ "case 2: the one after differs",
		  "ww.r",
		  { mmap_at(2, 1, 'w') },
		  "wwwr",
		  0,
		  0 },
		{ "case 3: the one before differs",
		  "rr.w",
		  { mmap_at(2, 1, 'w') },
		  "rrww",
		  0,
		  0 },
		{ "both differ: apart",
		  "rr.x",
		  { mmap_at(2, 1, 'w') },
		  "rrwx",
		  0,
		  0 },
		{ "areas that were apart stay apart",
		  "ww|ww|ww..",
		  { mmap_at(6, 1, 'w') },
		  "ww|ww|www.",
		  0,
		  0 },
		{ "MAP_FIXED over the middle of an equal area",
		  "wwwwww",
		  { mmap_at(2, 2, 'w') },
		  "wwwwww",
		  0,
		  0 },
		{ "L8 MAP_FIXED over the middle of another area",
		  "wwwwww",
		  { mmap_at(2, 2, 'r') },
		  "wwrrww",
		  0,
		  0 },
		{ "L9 MAP_FIXED over several areas",
		  "wwrrxx.ww",
		  { mmap_at(1, 7, 'w') },
		  "wwwwwwwww",
		  0,
		  0 },
		{ "read-only areas merge",
		  "rr.rr",
		  { mmap_at(2, 1, 'r') },
		  "rrrrr",
		  0,
		  0 },
		{ "PROT_NONE areas merge",
		  "nn.nn",
		  { mmap_at(2, 1, 'n') },
		  "nnnnn",
		  0,
		  0 },
		{ "executable areas merge",
		  "xx.xx",
		  { mmap_at(2, 1, 'x') },
		  "xxxxx",
		  0,
		  0 },
		{ "locked areas merge",
		  "ll.ll",
		  { mmap_at(2, 1, 'l') },
		  "lllll",
		  0,
		  0 },
		{ "areas that grow down merge",
		  "..gg.gg",
		  { mmap_at(4, 1, 'g') },
		  "..ggggg",
		  0,
		  0 },
		{ "NORESERVE areas merge",
		  "NN.NN",
		  { mmap_at(2, 1, 'N') },
		  "NNNNN",
		  0,
		  0 },
	};

	CU_ASSERT_EQUAL(picture_check_all(rows, NR(rows)), 0);
}

static void what_differs_stays_apart(void)
{
	static const struct picture rows[] = {
		{ "J10 protection",
		  "ww.",
		  { mmap_at(2, 1, 'r') },
		  "wwr",
		  0,
		  0 },
		{ "J10 locked", "ww.", { mmap_at(2, 1, 'l') }, "wwl", 0, 0 },
		{ "J10 NORESERVE", "ww.", { mmap_at(2, 1, 'N') }, "wwN", 0, 0 },
		{ "J10 GROWSDOWN", "ww.", { mmap_at(2, 1, 'g') }, "wwg", 0, 0 },
		{ "shared anonymous: each an object of its own",
		  "WW.",
		  { mmap_at(2, 1, 'W') },
		  "WW|W",
		  0,
		  0 },
		{ "shared anonymous read-only likewise",
		  ".RR",
		  { mmap_at(0, 1, 'R') },
		  "R|RR",
		  0,
		  0 },
		{ "private next to shared",
		  "WW.W",
		  { mmap_at(2, 1, 'w') },
		  "WWwW",
		  0,
		  0 },
		{ "J4 special areas never merge",
		  "vv.vv",
		  { mmap_at(2, 1, 'x') },
		  "vvxvv",
		  0,
		  0 },
		{ "J4 raw memory never merges",
		  "ii.",
		  { mmap_at(2, 1, 'r') },
		  "iir",
		  0,
		  0 },
	};

	CU_ASSERT_EQUAL(picture_check_all(rows, NR(rows)), 0);
}

static void files_merge_where_offsets_go_on(void)
{
	static const struct picture rows[] = {
		{ "J1 offsets meet on both sides",
		  "ff..ff",
		  { mmap_at(2, 2, 'f') },
		  "ffffff",
		  0,
		  0 },
		{ "J2 offsets meet before",
		  "ff..",
		  { mmap_at(2, 2, 'f') },
		  "ffff",
		  0,
		  0 },
		{ "J2 offsets meet after, vm_pgoff falls",
		  "..ff",
		  { mmap_at(0, 2, 'f') },
		  "ffff",
		  0,
		  0 },
		{ "J10 a jump in the offset",
		  "ff..",
		  { mmap_at(2, 2, 'd') },
		  "ffdd",
		  0,
		  0 },
		{ "J10 a jump on both sides",
		  "ff..ff",
		  { mmap_at(2, 2, 'd') },
		  "ffddff",
		  0,
		  0 },
		{ "J10 another file",
		  "ff.ff",
		  { mmap_at(2, 1, 'q') },
		  "ffqff",
		  0,
		  0 },
		{ "J10 shared next to private",
		  "ff.",
		  { mmap_at(2, 1, 'F') },
		  "ffF",
		  0,
		  0 },
		{ "J10 anonymous next to a file",
		  "ff.",
		  { mmap_at(2, 1, 'r') },
		  "ffr",
		  0,
		  0 },
		{ "shared file areas merge",
		  "FF.FF",
		  { mmap_at(2, 1, 'F') },
		  "FFFFF",
		  0,
		  0 },
		{ "shared areas of a read-only file merge",
		  "SS.",
		  { mmap_at(2, 1, 'S') },
		  "SSS",
		  0,
		  0 },
		{ "one over the middle of itself",
		  "ffffff",
		  { mmap_at(2, 2, 'f') },
		  "ffffff",
		  0,
		  0 },
	};

	CU_ASSERT_EQUAL(picture_check_all(rows, NR(rows)), 0);
}

static void anon_vma_decides(void)
{
	static const struct picture rows[] = {
		{ "J11 untouched joins touched before",
		  "aa..",
		  { mmap_at(2, 2, 'w') },
		  "aaaa",
		  0,
		  0 },
		{ "J11 untouched joins touched after",
		  "..aa",
		  { mmap_at(0, 2, 'w') },
		  "aaaa",
		  0,
		  0 },
		{ "J1 one anon_vma on both sides: one area",
		  "aa.aa",
		  { mmap_at(2, 1, 'w') },
		  "aaaaa",
		  0,
		  0 },
		{ "J7 two different anon_vmas: only with the one before",
		  "aa.bb",
		  { mmap_at(2, 1, 'w') },
		  "aaabb",
		  0,
		  0 },
		{ "J8 touched before, untouched after: all one",
		  "aa.ww",
		  { mmap_at(2, 1, 'w') },
		  "aaaaa",
		  0,
		  0 },
		{ "J8 untouched before takes over the anon_vma after",
		  "ww.aa",
		  { mmap_at(2, 1, 'w') },
		  "aaaaa",
		  0,
		  0 },
		{ "both ends of one area share its anon_vma",
		  "aaaa",
		  { munmap_at(1, 2) },
		  "a..a",
		  0,
		  0 },
		{ "a hole filled again makes one area",
		  "aaaa",
		  { munmap_at(1, 2), mmap_at(1, 2, 'w') },
		  "aaaa",
		  0,
		  0 },
		{ "a touch takes the anon_vma of the area after",
		  "wwaa",
		  { write_at(1) },
		  "aa|aa",
		  ACCESS_FAULT_MINOR,
		  0 },
		{ "a touch takes the anon_vma of the area before",
		  "aaww",
		  { write_at(2) },
		  "aa|aa",
		  ACCESS_FAULT_MINOR,
		  0 },
		{ "the area after is asked first",
		  "aawbb",
		  { write_at(2) },
		  "aab|bb",
		  ACCESS_FAULT_MINOR,
		  0 },
		{ "not across a hole",
		  "aa.ww",
		  { write_at(3) },
		  "aa.bb",
		  ACCESS_FAULT_MINOR,
		  0 },
		{ "reading gives no anon_vma",
		  "ww",
		  { read_at(0) },
		  "ww",
		  ACCESS_FAULT_MINOR,
		  0 },
		{ "touched apart, then filled: different for good",
		  "w.w",
		  { write_at(0), write_at(2), mmap_at(1, 1, 'w') },
		  "aab",
		  0,
		  0 },
	};

	CU_ASSERT_EQUAL(picture_check_all(rows, NR(rows)), 0);
}

/* Protection may differ between areas that share an anon_vma. */
static void a_writable_neighbour_lends_its_anon_vma_to_other_protections(void)
{
	const uint64_t at = EMULATION_FREE;
	const uint64_t rwx = PROT_READ | PROT_WRITE | PROT_EXEC;
	struct emulation emu;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, at, 2, PROT_READ | PROT_WRITE, MAP_FIXED);
	emulation_mmap(&emu, at + 2 * PAGE_SIZE, 2, rwx, MAP_FIXED);
	emulation_mmap(&emu, at + 4 * PAGE_SIZE, 2, PROT_READ | PROT_WRITE,
		       MAP_FIXED | MAP_NORESERVE);
	emulation_write(&emu, at);
	emulation_write(&emu, at + 2 * PAGE_SIZE);
	emulation_write(&emu, at + 4 * PAGE_SIZE);
	CU_ASSERT_EQUAL(emu.mm.map_count, 3);
	CU_ASSERT_PTR_NOT_NULL(emulation_area(&emu, at)->anon_vma);
	CU_ASSERT_PTR_EQUAL(emulation_area(&emu, at)->anon_vma,
			    emulation_area(&emu, at + 2 * PAGE_SIZE)->anon_vma);
	/* Other flags may not differ. */
	CU_ASSERT_PTR_NOT_EQUAL(
		emulation_area(&emu, at)->anon_vma,
		emulation_area(&emu, at + 4 * PAGE_SIZE)->anon_vma);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void j9_two_pairs_and_their_offsets(void)
{
	const uint64_t rw = PROT_READ | PROT_WRITE;
	const struct vm_area_struct *vma;
	struct emulation emu;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, 0x300000, 3, rw, MAP_FIXED);
	emulation_mmap(&emu, 0x250000, 3, rw, MAP_FIXED);
	emulation_mmap(&emu, 0x303000, 3, rw, MAP_FIXED);
	emulation_mmap(&emu, 0x24d000, 3, rw, MAP_FIXED);
	CU_ASSERT_EQUAL(emu.mm.map_count, 2);
	vma = emu.mm.mmap;
	CU_ASSERT_EQUAL(vma->vm_start, 0x24d000);
	CU_ASSERT_EQUAL(vma->vm_end, 0x253000);
	CU_ASSERT_EQUAL(vma->vm_pgoff, 0x24d);
	CU_ASSERT_EQUAL(vma->vm_next->vm_start, 0x300000);
	CU_ASSERT_EQUAL(vma->vm_next->vm_end, 0x306000);
	CU_ASSERT_EQUAL(vma->vm_next->vm_pgoff, 0x300);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

/* Which of the areas survives is seen by its id. */
static void the_area_before_survives_a_merge(void)
{
	const uint64_t at = EMULATION_FREE, rw = PROT_READ | PROT_WRITE;
	struct emulation emu;
	uint32_t before, after;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, at, 1, rw, MAP_FIXED);
	emulation_mmap(&emu, at + 2 * PAGE_SIZE, 1, rw, MAP_FIXED);
	before = emulation_area(&emu, at)->id;
	after = emulation_area(&emu, at + 2 * PAGE_SIZE)->id;
	CU_ASSERT_NOT_EQUAL(before, after);
	emulation_mmap(&emu, at + PAGE_SIZE, 1, rw, MAP_FIXED);
	CU_ASSERT_EQUAL(emulation_area(&emu, at + 2 * PAGE_SIZE)->id, before);

	emulation_munmap(&emu, at, 3);
	emulation_mmap(&emu, at + 2 * PAGE_SIZE, 1, rw, MAP_FIXED);
	after = emulation_area(&emu, at + 2 * PAGE_SIZE)->id;
	emulation_mmap(&emu, at + PAGE_SIZE, 1, rw, MAP_FIXED);
	CU_ASSERT_EQUAL(emulation_area(&emu, at + PAGE_SIZE)->id, after);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

/* VM_SOFTDIRTY is left out of the comparison, and set on what grew. */
static void j10_soft_dirty_does_not_count(void)
{
	const uint64_t at = EMULATION_FREE;
	struct area_setup area = {
		.start = at,
		.end = at + PAGE_SIZE,
		.vm_flags = VM_READ | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC,
	};
	struct emulation emu;

	emulation_begin(&emu, NULL);
	CU_ASSERT_EQUAL(mm_install_area(&emu.mm, &area), 0);
	emulation_mmap(&emu, at + PAGE_SIZE, 1, PROT_READ, MAP_FIXED);
	CU_ASSERT_EQUAL(emu.mm.map_count, 1);
	CU_ASSERT_TRUE(emu.mm.mmap->vm_flags & VM_SOFTDIRTY);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void j18_a_mapping_joins_the_heap(void)
{
	struct emulation emu;
	uint64_t end = EMULATION_BRK + 2 * PAGE_SIZE;

	emulation_begin(&emu, NULL);
	CU_ASSERT_EQUAL(sys_brk(emu.task, end), (int64_t)end);
	emulation_mmap(&emu, end, 1, PROT_READ | PROT_WRITE, MAP_FIXED);
	CU_ASSERT_EQUAL(emu.mm.map_count, 1);
	CU_ASSERT_EQUAL(emu.mm.mmap->vm_end, end + PAGE_SIZE);
	CU_ASSERT_EQUAL(emu.mm.brk, end);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

CU_TestInfo test_merge[] = {
	{ "J1-J3 neighbours that agree become one",
	  neighbours_that_agree_become_one },
	{ "J4 J10 what differs stays apart", what_differs_stays_apart },
	{ "J10 files merge where offsets go on",
	  files_merge_where_offsets_go_on },
	{ "J7 J8 J11 anon_vma decides", anon_vma_decides },
	{ "a writable neighbour lends its anon_vma to other protections",
	  a_writable_neighbour_lends_its_anon_vma_to_other_protections },
	{ "J9 two pairs and their offsets", j9_two_pairs_and_their_offsets },
	{ "the area before survives a merge",
	  the_area_before_survives_a_merge },
	{ "J10 soft dirty does not count", j10_soft_dirty_does_not_count },
	{ "J18 a mapping joins the heap", j18_a_mapping_joins_the_heap },
	CU_TEST_INFO_NULL,
};
