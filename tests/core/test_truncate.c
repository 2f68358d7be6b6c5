/* SPDX-License-Identifier: MIT */
/* What happens to mappings when their file gets shorter: behaviour F4. */
#include "tests/support/emulation.h"
#include "tests/support/suite.h"

#define OTHER (AT + PAGES(512))

/* A file of eight pages, shared at AT and private at OTHER, all touched. */
static struct vm_file *begin(struct emulation *emu)
{
	struct vm_file *file;
	uint64_t page;

	emulation_begin(emu, NULL);
	file = emulation_file(emu, 8);
	sys_mmap(emu->task, AT, PAGES(8), RW, MAP_SHARED | MAP_FIXED, file, 0);
	sys_mmap(emu->task, OTHER, PAGES(8), RW, MAP_PRIVATE | MAP_FIXED, file,
		 0);
	for (page = 0; page < 8; page++) {
		emulation_write(emu, AT + PAGES(page));
		emulation_write(emu, OTHER + PAGES(page));
	}
	CU_ASSERT_EQUAL(emu->mm.rss_file, 8);
	CU_ASSERT_EQUAL(emu->mm.rss_anon, 8);
	return file;
}

static void end(struct emulation *emu, struct vm_file *file)
{
	vm_file_put(file);
	CU_ASSERT_PTR_NULL(emulation_end(emu));
}

static void f4_pages_beyond_the_end_go(void)
{
	struct emulation emu;
	struct vm_file *file = begin(&emu);

	vm_file_truncate(file, PAGES(3));
	CU_ASSERT_EQUAL(file->nr_cached, 3);
	CU_ASSERT_EQUAL(emu.machine.nr_cache_pages, 3);
	CU_ASSERT_EQUAL(emu.mm.rss_file, 3);
	/* Private copies, too. */
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 3);
	CU_ASSERT_EQUAL(emu.machine.nr_anon_pages, 3);
	/* The areas stay as long as they were. */
	CU_ASSERT_EQUAL(emu.mm.total_vm, 16);
	end(&emu, file);
}

static void touching_beyond_the_end_is_a_bus_error(void)
{
	struct emulation emu;
	struct vm_file *file = begin(&emu);
	const uint64_t starts[] = { AT, OTHER };
	int i;

	vm_file_truncate(file, PAGES(3));
	for (i = 0; i < 2; i++) {
		CU_ASSERT_EQUAL(emulation_read(&emu, starts[i] + PAGES(2)),
				ACCESS_FAULT_NONE);
		CU_ASSERT_EQUAL(emulation_read(&emu, starts[i] + PAGES(3)),
				ACCESS_FAULT_SIGBUS);
		CU_ASSERT_EQUAL(emulation_write(&emu, starts[i] + PAGES(7)),
				ACCESS_FAULT_SIGBUS);
	}
	end(&emu, file);
}

static void a_page_that_begins_before_the_end_stays(void)
{
	struct emulation emu;
	struct vm_file *file = begin(&emu);

	vm_file_truncate(file, PAGES(3) + 1);
	CU_ASSERT_EQUAL(file->nr_cached, 4);
	CU_ASSERT_EQUAL(emulation_read(&emu, AT + PAGES(4) - 1),
			ACCESS_FAULT_NONE);
	CU_ASSERT_EQUAL(emulation_read(&emu, AT + PAGES(4)),
			ACCESS_FAULT_SIGBUS);
	end(&emu, file);
}

static void a_file_that_grows_again_has_new_pages(void)
{
	struct emulation emu;
	struct vm_file *file = begin(&emu);

	vm_file_truncate(file, 0);
	CU_ASSERT_EQUAL(get_mm_rss(&emu.mm), 0);
	vm_file_truncate(file, PAGES(8));
	CU_ASSERT_EQUAL(get_mm_rss(&emu.mm), 0);
	CU_ASSERT_EQUAL(file->nr_cached, 0);
	CU_ASSERT_EQUAL(emulation_read(&emu, AT + PAGES(7)),
			ACCESS_FAULT_MINOR);
	CU_ASSERT_EQUAL(emulation_write(&emu, OTHER + PAGES(7)),
			ACCESS_FAULT_MINOR);
	CU_ASSERT_EQUAL(file->nr_cached, 1);
	end(&emu, file);
}

static void only_what_is_mapped_of_it_goes(void)
{
	struct emulation emu;
	struct vm_file *file = begin(&emu), *copy = emulation_file(&emu, 8);
	const uint64_t elsewhere = OTHER + PAGES(512);

	/* The file from its sixth page on, and another file. */
	sys_mmap(emu.task, elsewhere, PAGES(2), RW, MAP_SHARED | MAP_FIXED,
		 file, PAGES(5));
	sys_mmap(emu.task, elsewhere + PAGES(2), PAGES(2), RW,
		 MAP_SHARED | MAP_FIXED, copy, PAGES(5));
	emulation_write(&emu, elsewhere);
	emulation_write(&emu, elsewhere + PAGES(1));
	emulation_write(&emu, elsewhere + PAGES(2));
	CU_ASSERT_EQUAL(emu.mm.rss_file, 11);
	vm_file_truncate(file, PAGES(6));
	CU_ASSERT_EQUAL(emulation_read(&emu, elsewhere), ACCESS_FAULT_NONE);
	CU_ASSERT_EQUAL(emulation_read(&emu, elsewhere + PAGES(1)),
			ACCESS_FAULT_SIGBUS);
	CU_ASSERT_EQUAL(emulation_read(&emu, elsewhere + PAGES(2)),
			ACCESS_FAULT_NONE);
	CU_ASSERT_EQUAL(emu.mm.rss_file, 8);
	vm_file_put(copy);
	end(&emu, file);
}

CU_TestInfo test_truncate[] = {
	{ "F4 pages beyond the end go", f4_pages_beyond_the_end_go },
	{ "touching beyond the end is a bus error",
	  touching_beyond_the_end_is_a_bus_error },
	{ "a page that begins before the end stays",
	  a_page_that_begins_before_the_end_stays },
	{ "a file that grows again has new pages",
	  a_file_that_grows_again_has_new_pages },
	{ "only what is mapped of it goes", only_what_is_mapped_of_it_goes },
	CU_TEST_INFO_NULL,
};
