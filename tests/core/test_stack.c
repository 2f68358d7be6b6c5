/* SPDX-License-Identifier: MIT */
/* Areas that grow down, and 4.0's hidden guard page: behaviours G1 to G8. */
#include "tests/support/emulation.h"
#include "tests/support/mm_picture.h"
#include "tests/support/suite.h"

#define MINOR   ACCESS_FAULT_MINOR
#define SIGSEGV ACCESS_FAULT_SIGSEGV

static void pictures(void)
{
	static const struct picture rows[] = {
		{ "a touch above the guard page does not grow it",
		  "....gg",
		  { write_at(5) },
		  "....gg",
		  MINOR,
		  0 },
		{ "a touch of the guard page makes another one",
		  "....gg",
		  { write_at(4) },
		  "...ggg",
		  MINOR,
		  0 },
		{ "reading does, too",
		  "....gg",
		  { read_at(4) },
		  "...ggg",
		  MINOR,
		  0 },
		{ "a touch below grows to it, and one page further",
		  "....gg",
		  { write_at(2) },
		  ".ggggg",
		  MINOR,
		  0 },
		{ "only the first touch of the guard page",
		  "....gg",
		  { write_at(4), write_at(4) },
		  "...ggg",
		  ACCESS_FAULT_NONE,
		  0 },
		{ "not across another area",
		  ".r..gg",
		  { write_at(0) },
		  ".r..gg",
		  SIGSEGV,
		  0 },
		{ "not until it would touch another area",
		  ".r..gg",
		  { write_at(2) },
		  ".r..gg",
		  SIGSEGV,
		  0 },
		{ "it grows as long as the guard page has room",
		  ".r..gg",
		  { write_at(4) },
		  ".r.ggg",
		  MINOR,
		  0 },
		{ "the guard page may touch another area",
		  ".r..gg",
		  { write_at(3) },
		  ".rgggg",
		  MINOR,
		  0 },
		{ "and is then the end of it",
		  ".r..gg",
		  { write_at(3), write_at(2) },
		  ".rgggg",
		  SIGSEGV,
		  0 },
		{ "no page in between at all",
		  ".rgg",
		  { write_at(2) },
		  ".rgg",
		  SIGSEGV,
		  0 },
		{ "G4 two stacks may touch",
		  ".gg|gg",
		  { write_at(3) },
		  ".gg|gg",
		  MINOR,
		  0 },
		{ "G4 a stack may grow down to another one",
		  ".gg.gg",
		  { write_at(3) },
		  ".gg|ggg",
		  MINOR,
		  0 },
		{ "areas that do not grow are not asked",
		  "..ww",
		  { write_at(1) },
		  "..ww",
		  SIGSEGV,
		  0 },
	};

	CU_ASSERT_EQUAL(picture_check_all(rows, NR(rows)), 0);
}

static void growth_is_counted(void)
{
	const struct vm_area_struct *vma;
	struct emulation emu;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, AT, 2, RW, MAP_FIXED | MAP_GROWSDOWN);
	CU_ASSERT_EQUAL(emulation_write(&emu, AT - PAGES(3)), MINOR);
	vma = emu.mm.mmap;
	CU_ASSERT_EQUAL(vma->vm_start, AT - PAGES(4));
	CU_ASSERT_EQUAL(vma->vm_pgoff, (AT >> PAGE_SHIFT) - 4);
	CU_ASSERT_EQUAL(emu.mm.total_vm, 6);
	CU_ASSERT_EQUAL(emu.mm.stack_vm, 6);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 6);
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 1);
	CU_ASSERT_EQUAL(emu.mm.map_count, 1);
	CU_ASSERT_EQUAL(emu.mm.vmacache_seqnum, 0);
	emulation_munmap(&emu, vma->vm_start, 6);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 0);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

/* What grew is committed; only areas with VM_ACCOUNT ever give it back. */
static void growth_without_account_is_never_given_back(void)
{
	struct emulation emu;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, AT, 2, RW,
		       MAP_FIXED | MAP_GROWSDOWN | MAP_NORESERVE);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 0);
	CU_ASSERT_EQUAL(emulation_write(&emu, AT), MINOR);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 1);
	emulation_munmap(&emu, AT - PAGES(1), 3);
	CU_ASSERT_EQUAL(emu.mm.map_count, 0);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 1);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void g5_rlimit_stack_to_the_page(void)
{
	struct emulation_setup setup = emulation_defaults();
	struct emulation emu;

	/* The guard page is not counted. */
	setup.rlimits.stack = PAGES(10);
	emulation_begin(&emu, &setup);
	emulation_mmap(&emu, AT, 2, RW, MAP_FIXED | MAP_GROWSDOWN);
	CU_ASSERT_EQUAL(emulation_write(&emu, AT - PAGES(10)), SIGSEGV);
	CU_ASSERT_EQUAL(emulation_write(&emu, AT - PAGES(8)), MINOR);
	CU_ASSERT_EQUAL(vma_pages(emu.mm.mmap), 11);
	CU_ASSERT_EQUAL(emulation_write(&emu, AT - PAGES(9)), SIGSEGV);
	CU_ASSERT_EQUAL(emulation_write(&emu, AT - PAGES(7)), MINOR);
	CU_ASSERT_EQUAL(vma_pages(emu.mm.mmap), 11);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

/* The area grows to the page, but there is no room for the guard any more. */
static void g5_growth_may_stay_though_the_touch_fails(void)
{
	struct emulation_setup setup = emulation_defaults();
	struct emulation emu;

	setup.rlimits.stack = PAGES(10);
	emulation_begin(&emu, &setup);
	emulation_mmap(&emu, AT, 2, RW, MAP_FIXED | MAP_GROWSDOWN);
	CU_ASSERT_EQUAL(emulation_write(&emu, AT - PAGES(9)), SIGSEGV);
	CU_ASSERT_EQUAL(vma_pages(emu.mm.mmap), 11);
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 0);
	CU_ASSERT_EQUAL(emu.mm.nr_ptes, 1);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void g6_g7_other_limits_of_growth(void)
{
	struct emulation_setup setup = emulation_defaults();
	struct emulation emu;

	setup.rlimits.as = PAGES(5);
	emulation_begin(&emu, &setup);
	emulation_mmap(&emu, AT, 2, RW, MAP_FIXED | MAP_GROWSDOWN);
	CU_ASSERT_EQUAL(emulation_write(&emu, AT - PAGES(4)), SIGSEGV);
	CU_ASSERT_EQUAL(vma_pages(emu.mm.mmap), 2);
	/* A refused growth leaves an anon_vma behind. */
	CU_ASSERT_PTR_NOT_NULL(emu.mm.mmap->anon_vma);
	CU_ASSERT_EQUAL(emulation_write(&emu, AT - PAGES(2)), MINOR);
	CU_ASSERT_EQUAL(emu.mm.total_vm, 5);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));

	setup = emulation_defaults();
	setup.rlimits.memlock = PAGES(5);
	emulation_begin(&emu, &setup);
	emulation_mmap(&emu, AT, 2, RW, MAP_FIXED | MAP_GROWSDOWN | MAP_LOCKED);
	CU_ASSERT_EQUAL(emulation_write(&emu, AT - PAGES(4)), SIGSEGV);
	CU_ASSERT_EQUAL(emulation_write(&emu, AT - PAGES(2)), MINOR);
	CU_ASSERT_EQUAL(emu.mm.locked_vm, 5);
	emu.mm.uid = 0;
	CU_ASSERT_EQUAL(emulation_write(&emu, AT - PAGES(4)), MINOR);
	CU_ASSERT_EQUAL(emu.mm.locked_vm, 7);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));

	setup = emulation_defaults();
	setup.sysctl.overcommit_memory = 2;
	setup.sysctl.overcommit_kbytes = 8192 + 6 * 4;
	emulation_begin(&emu, &setup);
	emulation_mmap(&emu, AT, 2, RW, MAP_FIXED | MAP_GROWSDOWN);
	CU_ASSERT_EQUAL(emulation_write(&emu, AT - PAGES(4)), SIGSEGV);
	CU_ASSERT_EQUAL(emulation_write(&emu, AT - PAGES(2)), MINOR);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 5);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));

	/* G7 */
	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, 0x12000, 1, RW, MAP_FIXED | MAP_GROWSDOWN);
	CU_ASSERT_EQUAL(emulation_write(&emu, 0xf000), SIGSEGV);
	CU_ASSERT_EQUAL(emulation_write(&emu, 0x11000), MINOR);
	CU_ASSERT_EQUAL(emu.mm.mmap->vm_start, 0x10000);
	CU_ASSERT_EQUAL(emulation_write(&emu, 0x10000), SIGSEGV);
	emu.mm.uid = 0;
	CU_ASSERT_EQUAL(emulation_write(&emu, 0x10000), MINOR);
	CU_ASSERT_EQUAL(emu.mm.mmap->vm_start, 0xf000);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static enum access_fault touch_with(struct emulation *emu, uint64_t addr,
				    uint64_t sp)
{
	struct access_outcome outcome;

	CU_ASSERT_EQUAL(
		mm_access(emu->task, addr, 1, ACCESS_WRITE, sp, &outcome), 0);
	return outcome.fault;
}

static void g8_far_below_the_stack_pointer_is_refused(void)
{
	const uint64_t far = 65536 + 256;
	struct emulation emu;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, AT, 2, RW, MAP_FIXED | MAP_GROWSDOWN);
	CU_ASSERT_EQUAL(
		touch_with(&emu, AT - PAGES(2), AT - PAGES(2) + far + 1),
		SIGSEGV);
	CU_ASSERT_EQUAL(vma_pages(emu.mm.mmap), 2);
	CU_ASSERT_PTR_NULL(emu.mm.mmap->anon_vma);
	CU_ASSERT_EQUAL(touch_with(&emu, AT - PAGES(2), AT - PAGES(2) + far),
			MINOR);
	/* Inside the area nobody looks at it. */
	CU_ASSERT_EQUAL(touch_with(&emu, AT, AT + PAGES(1000)), MINOR);
	/* A stack pointer below is none of the kernel's business. */
	CU_ASSERT_EQUAL(touch_with(&emu, AT - PAGES(6), 0x10000), MINOR);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

/* The kernel itself leaves the guard page alone, and grows nothing. */
static void population_leaves_the_guard_page_out(void)
{
	struct emulation emu;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, AT, 4, RW,
		       MAP_FIXED | MAP_GROWSDOWN | MAP_POPULATE);
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 3);
	CU_ASSERT_EQUAL(vma_pages(emu.mm.mmap), 4);
	/* With another stack right below it is no guard page. */
	emulation_mmap(&emu, AT + PAGES(4), 2, RW | PROT_EXEC,
		       MAP_FIXED | MAP_GROWSDOWN | MAP_POPULATE);
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 5);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void an_area_at_zero_cannot_grow(void)
{
	struct emulation_setup setup = emulation_defaults();
	struct emulation emu;

	setup.uid = 0;
	emulation_begin(&emu, &setup);
	emulation_mmap(&emu, PAGES(1), 1, RW, MAP_FIXED | MAP_GROWSDOWN);
	CU_ASSERT_EQUAL(emulation_write(&emu, PAGES(1)), MINOR);
	CU_ASSERT_EQUAL(emu.mm.mmap->vm_start, 0);
	CU_ASSERT_EQUAL(emu.mm.mmap->vm_pgoff, 0);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

CU_TestInfo test_stack[] = {
	{ "G1 G4 D1 pictures", pictures },
	{ "growth is counted", growth_is_counted },
	{ "growth without account is never given back",
	  growth_without_account_is_never_given_back },
	{ "G5 RLIMIT_STACK to the page", g5_rlimit_stack_to_the_page },
	{ "G5 growth may stay though the touch fails",
	  g5_growth_may_stay_though_the_touch_fails },
	{ "G6 G7 other limits of growth", g6_g7_other_limits_of_growth },
	{ "G8 far below the stack pointer is refused",
	  g8_far_below_the_stack_pointer_is_refused },
	{ "population leaves the guard page out",
	  population_leaves_the_guard_page_out },
	{ "an area at zero cannot grow", an_area_at_zero_cannot_grow },
	CU_TEST_INFO_NULL,
};
