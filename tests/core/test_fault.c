/* SPDX-License-Identifier: MIT */
/* What a touch does: behaviours F1 to F11, anon and file pages, and tables. */
#include "tests/support/emulation.h"
#include "tests/support/suite.h"

#define NONE    ACCESS_FAULT_NONE
#define MINOR   ACCESS_FAULT_MINOR
#define SIGSEGV ACCESS_FAULT_SIGSEGV
#define SIGBUS  ACCESS_FAULT_SIGBUS

static void map_file(struct emulation *emu, struct vm_file *file,
		     uint64_t pages, uint64_t prot, uint64_t flags,
		     uint64_t first_page)
{
	CU_ASSERT_EQUAL(sys_mmap(emu->task, AT, PAGES(pages), prot,
				 flags | MAP_FIXED, file, PAGES(first_page)),
			AT);
}

static void anonymous_memory_comes_when_touched(void)
{
	struct emulation emu;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, AT, 4, RW, MAP_FIXED);
	CU_ASSERT_EQUAL(get_mm_rss(&emu.mm), 0);
	CU_ASSERT_EQUAL(emulation_write(&emu, AT + 5), MINOR);
	CU_ASSERT_EQUAL(emulation_write(&emu, AT + 6), NONE);
	CU_ASSERT_EQUAL(emulation_read(&emu, AT + 7), NONE);
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 1);
	CU_ASSERT_EQUAL(emu.machine.nr_anon_pages, 1);
	CU_ASSERT_PTR_NOT_NULL(emu.mm.mmap->anon_vma);
	CU_ASSERT_EQUAL(mm_resident_pages(&emu.mm, emu.mm.mmap), 1);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void reading_maps_the_zero_page(void)
{
	struct emulation emu;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, AT, 4, RW, MAP_FIXED);
	CU_ASSERT_EQUAL(emulation_read(&emu, AT), MINOR);
	CU_ASSERT_EQUAL(emulation_read(&emu, AT), NONE);
	CU_ASSERT_EQUAL(get_mm_rss(&emu.mm), 0);
	CU_ASSERT_EQUAL(mm_resident_pages(&emu.mm, emu.mm.mmap), 0);
	CU_ASSERT_PTR_NULL(emu.mm.mmap->anon_vma);
	CU_ASSERT_EQUAL(emu.mm.nr_ptes, 1);
	/* Copy on write. */
	CU_ASSERT_EQUAL(emulation_write(&emu, AT), MINOR);
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 1);
	CU_ASSERT_PTR_NOT_NULL(emu.mm.mmap->anon_vma);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void f7_to_f11_protection_and_holes(void)
{
	static const struct {
		uint64_t prot;
		enum access_type type;
		enum access_fault fault;
		enum access_code code;
	} rows[] = {
		{ PROT_NONE, ACCESS_READ, SIGSEGV, SEGV_ACCERR },
		{ PROT_NONE, ACCESS_WRITE, SIGSEGV, SEGV_ACCERR },
		{ PROT_NONE, ACCESS_EXEC, SIGSEGV, SEGV_ACCERR },
		{ PROT_READ, ACCESS_READ, MINOR, ACCESS_CODE_NONE },
		{ PROT_READ, ACCESS_WRITE, SIGSEGV, SEGV_ACCERR },
		{ PROT_READ, ACCESS_EXEC, SIGSEGV, SEGV_ACCERR },
		{ PROT_WRITE, ACCESS_READ, MINOR, ACCESS_CODE_NONE },
		{ PROT_WRITE, ACCESS_WRITE, MINOR, ACCESS_CODE_NONE },
		{ PROT_EXEC, ACCESS_READ, MINOR, ACCESS_CODE_NONE },
		{ PROT_EXEC, ACCESS_WRITE, SIGSEGV, SEGV_ACCERR },
		{ PROT_EXEC, ACCESS_EXEC, MINOR, ACCESS_CODE_NONE },
	};
	struct access_outcome outcome;
	struct emulation emu;
	size_t i;

	emulation_begin(&emu, NULL);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		emulation_mmap(&emu, AT, 1, rows[i].prot, MAP_FIXED);
		outcome = emulation_touch(&emu, AT + 17, rows[i].type);
		CU_ASSERT_EQUAL(outcome.fault, rows[i].fault);
		CU_ASSERT_EQUAL(outcome.code, rows[i].code);
		if (rows[i].fault == SIGSEGV)
			CU_ASSERT_EQUAL(outcome.address, AT + 17);
		/* The second touch of what went well needs no fault. */
		if (rows[i].fault == MINOR)
			CU_ASSERT_EQUAL(
				emulation_touch(&emu, AT, rows[i].type).fault,
				NONE);
	}
	/* F9 */
	outcome = emulation_touch(&emu, AT + PAGES(1), ACCESS_READ);
	CU_ASSERT_EQUAL(outcome.fault, SIGSEGV);
	CU_ASSERT_EQUAL(outcome.code, SEGV_MAPERR);
	outcome = emulation_touch(&emu, AT - 1, ACCESS_WRITE);
	CU_ASSERT_EQUAL(outcome.code, SEGV_MAPERR);
	outcome = emulation_touch(&emu, TASK_SIZE, ACCESS_READ);
	CU_ASSERT_EQUAL(outcome.fault, SIGSEGV);
	CU_ASSERT_EQUAL(outcome.code, SEGV_MAPERR);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

/* Its page is not there yet: the fault that brings it comes first. */
static void f11_executing_data_brings_the_page_before_the_signal(void)
{
	struct emulation emu;
	uint64_t calls;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, AT, 1, RW, MAP_FIXED);
	emulation_read(&emu, AT - PAGES(8));
	calls = emu.task->vmacache.find_calls;
	CU_ASSERT_EQUAL(emulation_touch(&emu, AT, ACCESS_EXEC).code,
			SEGV_ACCERR);
	CU_ASSERT_EQUAL(emu.task->vmacache.find_calls, calls + 2);
	CU_ASSERT_EQUAL(emu.mm.nr_ptes, 1);
	CU_ASSERT_EQUAL(emulation_touch(&emu, AT, ACCESS_EXEC).code,
			SEGV_ACCERR);
	CU_ASSERT_EQUAL(emu.task->vmacache.find_calls, calls + 3);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void a_range_is_touched_until_the_first_signal(void)
{
	struct access_outcome outcome;
	struct emulation emu;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, AT, 3, RW, MAP_FIXED);
	CU_ASSERT_EQUAL(mm_access(emu.task, AT + 100, PAGES(5), ACCESS_WRITE,
				  UINT64_MAX, &outcome),
			0);
	CU_ASSERT_EQUAL(outcome.fault, SIGSEGV);
	CU_ASSERT_EQUAL(outcome.code, SEGV_MAPERR);
	CU_ASSERT_EQUAL(outcome.address, AT + PAGES(3));
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 3);
	CU_ASSERT_EQUAL(mm_access(emu.task, AT + 100, PAGES(2), ACCESS_READ,
				  UINT64_MAX, &outcome),
			0);
	CU_ASSERT_EQUAL(outcome.fault, NONE);
	/* The last byte alone lies in the next page. */
	emulation_mmap(&emu, AT, 3, RW, MAP_FIXED);
	mm_access(emu.task, AT + 1, PAGES(1), ACCESS_WRITE, UINT64_MAX,
		  &outcome);
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 2);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void f1_f3_sigbus_past_the_end_of_a_file(void)
{
	struct access_outcome outcome;
	struct emulation emu;
	struct vm_file *file;

	emulation_begin(&emu, NULL);
	file = emulation_file(&emu, 1);
	file->size = PAGE_SIZE / 2;
	map_file(&emu, file, 2, PROT_READ, MAP_SHARED, 0);
	CU_ASSERT_EQUAL(emulation_read(&emu, AT + PAGE_SIZE - 1), MINOR);
	outcome = emulation_touch(&emu, AT + PAGE_SIZE, ACCESS_READ);
	CU_ASSERT_EQUAL(outcome.fault, SIGBUS);
	CU_ASSERT_EQUAL(outcome.code, BUS_ADRERR);
	/* F3 */
	map_file(&emu, file, 2, RW, MAP_PRIVATE, 1);
	CU_ASSERT_EQUAL(emulation_read(&emu, AT), SIGBUS);
	CU_ASSERT_PTR_NULL(emu.mm.mmap->anon_vma);
	/* Who wants to write a copy has an anon_vma before the file is asked;
	 * and the page table is there, too. */
	CU_ASSERT_EQUAL(emulation_write(&emu, AT), SIGBUS);
	CU_ASSERT_PTR_NOT_NULL(emu.mm.mmap->anon_vma);
	CU_ASSERT_EQUAL(emu.mm.nr_ptes, 1);
	CU_ASSERT_EQUAL(get_mm_rss(&emu.mm), 0);
	vm_file_put(file);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void private_file_pages_are_copied_when_written(void)
{
	struct emulation emu;
	struct vm_file *file;

	emulation_begin(&emu, NULL);
	file = emulation_file(&emu, 8);
	map_file(&emu, file, 8, RW, MAP_PRIVATE, 0);
	CU_ASSERT_EQUAL(emulation_read(&emu, AT), MINOR);
	CU_ASSERT_EQUAL(emu.mm.rss_file, 1);
	CU_ASSERT_EQUAL(emulation_write(&emu, AT), MINOR);
	CU_ASSERT_EQUAL(emu.mm.rss_file, 0);
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 1);
	CU_ASSERT_EQUAL(emulation_write(&emu, AT), NONE);
	/* Written at once: the file's page is cached all the same. */
	CU_ASSERT_EQUAL(emulation_write(&emu, AT + PAGES(1)), MINOR);
	CU_ASSERT_EQUAL(emu.mm.rss_file, 0);
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 2);
	CU_ASSERT_EQUAL(file->nr_cached, 2);
	CU_ASSERT_EQUAL(emu.machine.nr_cache_pages, 2);
	/* Cached pages stay when the mapping goes. */
	emulation_munmap(&emu, AT, 8);
	CU_ASSERT_EQUAL(file->nr_cached, 2);
	vm_file_put(file);
	CU_ASSERT_EQUAL(emu.machine.nr_cache_pages, 0);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void shared_pages_are_written_in_place(void)
{
	struct emulation emu;
	struct vm_file *file;

	emulation_begin(&emu, NULL);
	file = emulation_file(&emu, 8);
	map_file(&emu, file, 8, RW, MAP_SHARED, 0);
	CU_ASSERT_EQUAL(emulation_read(&emu, AT), MINOR);
	/* On a tmpfs nobody wants to know of the first write. */
	CU_ASSERT_EQUAL(emulation_write(&emu, AT), NONE);
	CU_ASSERT_EQUAL(emulation_write(&emu, AT + PAGES(1)), MINOR);
	CU_ASSERT_EQUAL(emu.mm.rss_file, 2);
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 0);
	CU_ASSERT_PTR_NULL(emu.mm.mmap->anon_vma);
	vm_file_put(file);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

/* Pages that reading the first one of an area at that page maps. */
static uint64_t read_around(struct emulation *emu, struct vm_file *file,
			    uint64_t page)
{
	uint64_t addr = AT + PAGES(page), before, pages;

	sys_munmap(emu->task, AT, PAGES(1024));
	before = emu->mm.rss_file;
	sys_mmap(emu->task, addr, PAGES(64), PROT_READ, MAP_SHARED | MAP_FIXED,
		 file, 0);
	CU_ASSERT_EQUAL(emulation_read(emu, addr), MINOR);
	pages = emu->mm.rss_file - before;
	CU_ASSERT_EQUAL(mm_resident_pages(&emu->mm, emulation_area(emu, addr)),
			pages);
	CU_ASSERT_EQUAL(emulation_read(emu, addr + PAGES(pages) - 1), NONE);
	return pages;
}

static void reading_maps_what_is_cached_around(void)
{
	struct emulation emu;
	struct vm_file *file;
	int i;

	emulation_begin(&emu, NULL);
	file = emulation_file(&emu, 64);
	map_file(&emu, file, 64, RW, MAP_SHARED, 0);
	for (i = 0; i < 40; i += 2)
		emulation_write(&emu, AT + PAGES(i));
	CU_ASSERT_EQUAL(file->nr_cached, 20);
	CU_ASSERT_EQUAL(emu.mm.rss_file, 20);

	/* The 16 aligned pages: 16 to 31, of which eight are cached. */
	map_file(&emu, file, 64, PROT_READ, MAP_SHARED, 0);
	CU_ASSERT_EQUAL(emulation_read(&emu, AT + PAGES(20)), MINOR);
	CU_ASSERT_EQUAL(emu.mm.rss_file, 8);
	CU_ASSERT_EQUAL(emulation_read(&emu, AT + PAGES(30)), NONE);
	/* A page that is not: it comes alone if all others are there. */
	CU_ASSERT_EQUAL(emulation_read(&emu, AT + PAGES(17)), MINOR);
	CU_ASSERT_EQUAL(emu.mm.rss_file, 9);
	CU_ASSERT_EQUAL(emulation_read(&emu, AT + PAGES(35)), MINOR);
	CU_ASSERT_EQUAL(emu.mm.rss_file, 14);

	/* Not beyond the area's ends. */
	map_file(&emu, file, 64, PROT_NONE, MAP_SHARED, 0);
	sys_mmap(emu.task, AT + PAGES(18), PAGES(4), PROT_READ,
		 MAP_SHARED | MAP_FIXED, file, PAGES(18));
	CU_ASSERT_EQUAL(emulation_read(&emu, AT + PAGES(20)), MINOR);
	CU_ASSERT_EQUAL(emu.mm.rss_file, 2);

	/* It begins with the area, and is 16 pages long then, too. */
	map_file(&emu, file, 18, PROT_NONE, MAP_SHARED, 0);
	sys_mmap(emu.task, AT + PAGES(18), PAGES(46), PROT_READ,
		 MAP_SHARED | MAP_FIXED, file, PAGES(18));
	CU_ASSERT_EQUAL(emulation_read(&emu, AT + PAGES(20)), MINOR);
	CU_ASSERT_EQUAL(emu.mm.rss_file, 8);

	/* Wherever it begins; but it ends with the page table. */
	map_file(&emu, file, 64, RW, MAP_SHARED | MAP_POPULATE, 0);
	CU_ASSERT_EQUAL(file->nr_cached, 64);
	CU_ASSERT_EQUAL(read_around(&emu, file, 60), 16);
	CU_ASSERT_EQUAL(read_around(&emu, file, 511 - 3), 4);
	CU_ASSERT_EQUAL(read_around(&emu, file, 512), 16);
	emulation_munmap(&emu, AT, 1024);

	/* A write maps its page alone. */
	map_file(&emu, file, 64, RW, MAP_SHARED, 0);
	CU_ASSERT_EQUAL(emulation_write(&emu, AT + PAGES(20)), MINOR);
	CU_ASSERT_EQUAL(emu.mm.rss_file, 1);

	/* The window lies in memory, not in the file. */
	map_file(&emu, file, 63, PROT_READ, MAP_SHARED, 1);
	CU_ASSERT_EQUAL(emulation_read(&emu, AT + PAGES(15)), MINOR);
	CU_ASSERT_EQUAL(emulation_area(&emu, AT)->vm_pgoff, 1);
	CU_ASSERT_EQUAL(mm_resident_pages(&emu.mm, emulation_area(&emu, AT)),
			16);
	CU_ASSERT_EQUAL(emulation_read(&emu, AT), NONE);
	CU_ASSERT_EQUAL(emulation_read(&emu, AT + PAGES(16)), MINOR);
	vm_file_put(file);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void shared_anonymous_memory_is_a_file(void)
{
	struct emulation emu;

	emulation_begin(&emu, NULL);
	sys_mmap(emu.task, AT, PAGES(4), RW,
		 MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, NULL, 0);
	CU_ASSERT_EQUAL(emu.mm.shared_vm, 4);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 4);
	CU_ASSERT_EQUAL(emulation_write(&emu, AT), MINOR);
	CU_ASSERT_EQUAL(emulation_read(&emu, AT + PAGES(1)), MINOR);
	CU_ASSERT_EQUAL(emu.mm.rss_file, 2);
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 0);
	/* Pages of a part that goes stay with the object until its end. */
	emulation_munmap(&emu, AT, 1);
	CU_ASSERT_EQUAL(emu.mm.rss_file, 1);
	CU_ASSERT_EQUAL(emu.machine.nr_cache_pages, 2);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 4);
	emulation_munmap(&emu, AT, 4);
	CU_ASSERT_EQUAL(emu.machine.nr_cache_pages, 0);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 0);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void installed_pages_behave_as_touched_ones(void)
{
	struct area_setup area = {
		.start = AT,
		.end = AT + PAGES(4),
		.vm_flags = VM_READ | VM_MAYREAD | VM_IO | VM_PFNMAP |
			    VM_DONTEXPAND | VM_DONTDUMP,
		.special = VM_SPECIAL_VVAR,
	};
	struct emulation emu;

	emulation_begin(&emu, NULL);
	CU_ASSERT_EQUAL(mm_install_area(&emu.mm, &area), 0);
	CU_ASSERT_EQUAL(
		mm_install_pages(&emu.mm, AT, AT + PAGES(2), PAGE_KIND_PFN), 0);
	CU_ASSERT_EQUAL(get_mm_rss(&emu.mm), 0);
	CU_ASSERT_EQUAL(emu.mm.nr_ptes, 1);
	CU_ASSERT_EQUAL(emulation_read(&emu, AT), NONE);
	emulation_mmap(&emu, AT + PAGES(8), 4, RW, MAP_FIXED);
	mm_install_pages(&emu.mm, AT + PAGES(8), AT + PAGES(10),
			 PAGE_KIND_ANON);
	mm_install_pages(&emu.mm, AT + PAGES(10), AT + PAGES(11),
			 PAGE_KIND_ZERO);
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 2);
	CU_ASSERT_PTR_NOT_NULL(emulation_area(&emu, AT + PAGES(8))->anon_vma);
	CU_ASSERT_EQUAL(emulation_write(&emu, AT + PAGES(9)), NONE);
	CU_ASSERT_EQUAL(emulation_read(&emu, AT + PAGES(10)), NONE);
	CU_ASSERT_EQUAL(emulation_write(&emu, AT + PAGES(10)), MINOR);
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 3);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

CU_TestInfo test_fault[] = {
	{ "anonymous memory comes when touched",
	  anonymous_memory_comes_when_touched },
	{ "reading maps the zero page", reading_maps_the_zero_page },
	{ "F7-F11 protection and holes", f7_to_f11_protection_and_holes },
	{ "F11 executing data brings the page before the signal",
	  f11_executing_data_brings_the_page_before_the_signal },
	{ "a range is touched until the first signal",
	  a_range_is_touched_until_the_first_signal },
	{ "F1 F3 SIGBUS past the end of a file",
	  f1_f3_sigbus_past_the_end_of_a_file },
	{ "private file pages are copied when written",
	  private_file_pages_are_copied_when_written },
	{ "shared pages are written in place",
	  shared_pages_are_written_in_place },
	{ "reading maps what is cached around",
	  reading_maps_what_is_cached_around },
	{ "shared anonymous memory is a file",
	  shared_anonymous_memory_is_a_file },
	{ "installed pages behave as touched ones",
	  installed_pages_behave_as_touched_ones },
	CU_TEST_INFO_NULL,
};
