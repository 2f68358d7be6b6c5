/* SPDX-License-Identifier: MIT */
/* What mmap refuses, in which order, and what it makes: behaviours M1 to M38,
 * and the limits among L1 to L40. */
#include <stdio.h>

#include "tests/support/emulation.h"
#include "tests/support/suite.h"

#define ANON        (MAP_PRIVATE | MAP_ANONYMOUS)
#define SHARED_ANON (MAP_SHARED | MAP_ANONYMOUS)

static void arguments_are_judged(void)
{
	static const struct {
		const char *rule;
		uint64_t addr, len, prot, flags, offset;
		int64_t ret;
	} rows[] = {
		{ "M1", 0, 0, PROT_READ, ANON, 0, -MM_EINVAL },
		{ "M2", 0, -PAGE_SIZE + 1, PROT_READ, ANON, 0, -MM_ENOMEM },
		{ "M2 all ones", 0, UINT64_MAX, PROT_READ, ANON, 0,
		  -MM_ENOMEM },
		{ "M4", AT, PAGE_SIZE, PROT_READ, MAP_ANONYMOUS, 0,
		  -MM_EINVAL },
		{ "M5", AT, PAGE_SIZE, PROT_READ, ANON | MAP_SHARED, 0,
		  -MM_EINVAL },
		{ "type 4", AT, PAGE_SIZE, PROT_READ, MAP_ANONYMOUS | 4, 0,
		  -MM_EINVAL },
		{ "M7 an unknown flag", AT, PAGE_SIZE, PROT_READ,
		  ANON | 0x400 | MAP_FIXED, 0, AT },
		{ "an unknown prot bit", AT, PAGE_SIZE, PROT_READ | 0x40,
		  ANON | MAP_FIXED, 0, AT },
		{ "M8", AT + 1, PAGE_SIZE, PROT_READ, ANON | MAP_FIXED, 0,
		  -MM_EINVAL },
		{ "M9", AT + 1, PAGE_SIZE, PROT_READ, ANON, 0, AT },
		{ "M10", 0x30000000, PAGE_SIZE, PROT_READ, ANON | MAP_FIXED, 0,
		  0x30000000 },
		{ "M11", 0x300000000000, PAGE_SIZE, PROT_READ, ANON | MAP_FIXED,
		  0, 0x300000000000 },
		{ "M12 the last page", 0x7fffffffe000, PAGE_SIZE, PROT_READ,
		  ANON | MAP_FIXED, 0, 0x7fffffffe000 },
		{ "M12 the first one too many", 0x7ffffffff000, PAGE_SIZE,
		  PROT_READ, ANON | MAP_FIXED, 0, -MM_ENOMEM },
		{ "M12 beyond, unaligned", 0x7ffffffff001, PAGE_SIZE, PROT_READ,
		  ANON | MAP_FIXED, 0, -MM_ENOMEM },
		/* In the last page an address looks like an error of its own. */
		{ "M12 the last address", UINT64_MAX, PAGE_SIZE, PROT_READ,
		  ANON | MAP_FIXED, 0, -1 },
		{ "M12 the first that looks so", -4095, PAGE_SIZE, PROT_READ,
		  ANON | MAP_FIXED, 0, -4095 },
		{ "M12 the last that does not", -4096, PAGE_SIZE, PROT_READ,
		  ANON | MAP_FIXED, 0, -MM_ENOMEM },
		{ "M13", 0xf000, PAGE_SIZE, PROT_READ, ANON | MAP_FIXED, 0,
		  -MM_EPERM },
		{ "M13 address 0", 0, PAGE_SIZE, PROT_READ, ANON | MAP_FIXED, 0,
		  -MM_EPERM },
		{ "M13 the first allowed", 0x10000, PAGE_SIZE, PROT_READ,
		  ANON | MAP_FIXED, 0, 0x10000 },
		{ "M14", 0x1000, PAGE_SIZE, PROT_READ, ANON, 0, 0x10000 },
		{ "M28", AT, PAGE_SIZE, PROT_READ, ANON, 1, -MM_EINVAL },
		{ "M28 before M1", 0, 0, PROT_READ, ANON, 0x800, -MM_EINVAL },
		{ "M17 M18 no file", AT, PAGE_SIZE, PROT_READ, MAP_PRIVATE, 0,
		  -MM_EBADF },
		{ "M17 before M1", 0, 0, PROT_READ, MAP_PRIVATE, 0, -MM_EBADF },
		{ "M28 before M17", 0, 0, PROT_READ, MAP_PRIVATE, 1,
		  -MM_EINVAL },
		{ "M32 shared", AT, PAGE_SIZE, RW, SHARED_ANON | MAP_GROWSDOWN,
		  0, -MM_EINVAL },
		{ "M33", AT, PAGE_SIZE, RW, ANON | MAP_STACK | MAP_FIXED, 0,
		  AT },
		{ "M36 one page too long", 0, TASK_SIZE + PAGE_SIZE, PROT_NONE,
		  ANON, 0, -MM_ENOMEM },
		{ "ignored flags", AT, PAGE_SIZE, RW,
		  ANON | MAP_DENYWRITE | MAP_EXECUTABLE | MAP_FIXED, 0, AT },
		{ "no huge pages", AT, PAGE_SIZE, RW, ANON | MAP_HUGETLB, 0,
		  -MM_EINVAL },
		{ "huge pages before M1", AT, 0, RW, ANON | MAP_HUGETLB, 0,
		  -MM_EINVAL },
		{ "M8 before M4", AT + 1, PAGE_SIZE, RW,
		  MAP_ANONYMOUS | MAP_FIXED, 0, -MM_EINVAL },
		{ "M13 before M4", 0, PAGE_SIZE, RW, MAP_ANONYMOUS | MAP_FIXED,
		  0, -MM_EPERM },
		{ "M3", AT, 128, PROT_READ, ANON | MAP_FIXED, 0, AT },
	};
	struct emulation emu;
	int64_t ret;
	size_t i;

	for (i = 0; i < NR(rows); i++) {
		emulation_begin(&emu, NULL);
		ret = sys_mmap(emu.task, rows[i].addr, rows[i].len,
			       rows[i].prot, rows[i].flags, NULL,
			       rows[i].offset);
		if (ret != rows[i].ret)
			fprintf(stderr, "%s: %#llx\n", rows[i].rule,
				(unsigned long long)ret);
		CU_ASSERT_EQUAL(ret, rows[i].ret);
		CU_ASSERT_EQUAL(emu.mm.map_count, rows[i].ret > 0);
		CU_ASSERT_PTR_NULL(emulation_end(&emu));
	}
}

static void m3_a_part_of_a_page_is_a_page(void)
{
	struct emulation emu;

	emulation_begin(&emu, NULL);
	sys_mmap(emu.task, AT, 128, PROT_READ, ANON | MAP_FIXED, NULL, 0);
	CU_ASSERT_EQUAL(vma_pages(emu.mm.mmap), 1);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void files_must_be_open_for_it(void)
{
	static const struct {
		const char *rule;
		bool readable, writable;
		uint64_t prot, flags;
		int64_t ret;
	} rows[] = {
		{ "M20", false, true, PROT_READ, MAP_PRIVATE, -MM_EACCES },
		{ "M20", false, true, PROT_NONE, MAP_PRIVATE, -MM_EACCES },
		{ "M20", false, true, PROT_WRITE, MAP_SHARED, -MM_EACCES },
		{ "M21", true, false, RW, MAP_SHARED, -MM_EACCES },
		{ "M21", true, false, PROT_WRITE, MAP_SHARED, -MM_EACCES },
		{ "M22", true, false, RW, MAP_PRIVATE, AT },
		{ "M23", true, false, PROT_READ, MAP_SHARED, AT },
		{ "both", true, true, RW, MAP_SHARED, AT },
		{ "M32 a file", true, true, RW, MAP_PRIVATE | MAP_GROWSDOWN,
		  -MM_EINVAL },
		{ "M32 a shared file", true, true, RW,
		  MAP_SHARED | MAP_GROWSDOWN, -MM_EINVAL },
		{ "M20 before M32", false, true, RW,
		  MAP_PRIVATE | MAP_GROWSDOWN, -MM_EACCES },
		{ "no type", true, true, RW, 0, -MM_EINVAL },
		{ "both types", true, true, RW, MAP_SHARED | MAP_PRIVATE,
		  -MM_EINVAL },
		{ "no huge pages", true, true, RW, MAP_PRIVATE | MAP_HUGETLB,
		  -MM_EINVAL },
	};
	struct emulation emu;
	struct vm_file *file;
	size_t i;

	for (i = 0; i < NR(rows); i++) {
		emulation_begin(&emu, NULL);
		file = emulation_file(&emu, 4);
		file->readable = rows[i].readable;
		file->writable = rows[i].writable;
		CU_ASSERT_EQUAL(sys_mmap(emu.task, AT, PAGE_SIZE, rows[i].prot,
					 rows[i].flags | MAP_FIXED, file, 0),
				rows[i].ret);
		CU_ASSERT_EQUAL(file->refs, rows[i].ret > 0 ? 2 : 1);
		vm_file_put(file);
		CU_ASSERT_PTR_NULL(emulation_end(&emu));
	}
}

static uint64_t flags_of(uint64_t prot, uint64_t flags, bool with_file,
			 bool is_writable)
{
	struct emulation emu;
	struct vm_file *file;
	uint64_t vm_flags = 0;

	emulation_begin(&emu, NULL);
	file = emulation_file(&emu, 4);
	file->writable = is_writable;
	if (!with_file)
		flags |= MAP_ANONYMOUS;
	if (sys_mmap(emu.task, AT, PAGE_SIZE, prot, flags | MAP_FIXED,
		     with_file ? file : NULL, 0) == AT)
		vm_flags = emulation_area(&emu, AT)->vm_flags;
	vm_file_put(file);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
	return vm_flags & ~VM_SOFTDIRTY;
}

static void areas_get_the_kernels_flags(void)
{
	const uint64_t may = VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;
	const uint64_t shared = VM_SHARED | VM_MAYSHARE;

	/* L36: prot and type. */
	CU_ASSERT_EQUAL(flags_of(PROT_NONE, MAP_PRIVATE, false, true), may);
	CU_ASSERT_EQUAL(flags_of(PROT_READ, MAP_PRIVATE, false, true),
			may | VM_READ);
	CU_ASSERT_EQUAL(flags_of(PROT_WRITE, MAP_PRIVATE, false, true),
			may | VM_WRITE | VM_ACCOUNT);
	CU_ASSERT_EQUAL(flags_of(RW | PROT_EXEC, MAP_PRIVATE, false, true),
			may | VM_READ | VM_WRITE | VM_EXEC | VM_ACCOUNT);
	CU_ASSERT_EQUAL(flags_of(RW, MAP_SHARED, false, true),
			may | shared | VM_READ | VM_WRITE);
	CU_ASSERT_EQUAL(flags_of(RW, MAP_SHARED, true, true),
			may | shared | VM_READ | VM_WRITE);
	CU_ASSERT_EQUAL(flags_of(RW, MAP_PRIVATE, true, false),
			may | VM_READ | VM_WRITE | VM_ACCOUNT);
	/* M23: neither sh nor mw. */
	CU_ASSERT_EQUAL(flags_of(PROT_READ, MAP_SHARED, true, false),
			VM_MAYREAD | VM_MAYEXEC | VM_MAYSHARE | VM_READ);
	CU_ASSERT_EQUAL(flags_of(RW, MAP_PRIVATE | MAP_LOCKED, false, true),
			may | VM_READ | VM_WRITE | VM_ACCOUNT | VM_LOCKED);
	CU_ASSERT_EQUAL(flags_of(RW, MAP_PRIVATE | MAP_GROWSDOWN, false, true),
			may | VM_READ | VM_WRITE | VM_ACCOUNT | VM_GROWSDOWN);
	/* L29 */
	CU_ASSERT_EQUAL(flags_of(RW, MAP_PRIVATE | MAP_NORESERVE, false, true),
			may | VM_READ | VM_WRITE | VM_NORESERVE);
	CU_ASSERT_EQUAL(
		flags_of(PROT_READ, MAP_SHARED | MAP_NORESERVE, true, true),
		may | shared | VM_READ | VM_NORESERVE);
	CU_ASSERT_EQUAL(flags_of(RW,
				 MAP_PRIVATE | MAP_DENYWRITE | MAP_EXECUTABLE |
					 MAP_STACK | MAP_NONBLOCK,
				 true, true),
			may | VM_READ | VM_WRITE | VM_ACCOUNT);
}

static void m29_no_offset_is_too_far(void)
{
	const uint64_t last = UINT64_MAX & PAGE_MASK;
	struct emulation emu;
	struct vm_file *file;

	emulation_begin(&emu, NULL);
	file = emulation_file(&emu, 4);
	CU_ASSERT_EQUAL(sys_mmap(emu.task, AT, PAGE_SIZE, PROT_READ,
				 MAP_SHARED | MAP_FIXED, file, last),
			AT);
	CU_ASSERT_EQUAL(emu.mm.mmap->vm_pgoff, last >> PAGE_SHIFT);
	CU_ASSERT_EQUAL(emulation_read(&emu, AT), ACCESS_FAULT_SIGBUS);
	CU_ASSERT_EQUAL(sys_mmap(emu.task, AT, 4 * PAGE_SIZE, PROT_READ,
				 MAP_SHARED | MAP_FIXED, file, last),
			AT);
	vm_file_put(file);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void m37_m38_anonymous_memory_ignores_file_and_offset(void)
{
	struct emulation emu;
	struct vm_file *file;

	emulation_begin(&emu, NULL);
	file = emulation_file(&emu, 4);
	file->readable = false;
	CU_ASSERT_EQUAL(sys_mmap(emu.task, AT, PAGE_SIZE, RW, ANON | MAP_FIXED,
				 file, 0x5000),
			AT);
	CU_ASSERT_PTR_NULL(emu.mm.mmap->vm_file);
	CU_ASSERT_EQUAL(emu.mm.mmap->vm_pgoff, AT >> PAGE_SHIFT);
	CU_ASSERT_EQUAL(sys_mmap(emu.task, AT, PAGE_SIZE, RW,
				 SHARED_ANON | MAP_FIXED, file, 0x5000),
			AT);
	CU_ASSERT_PTR_NOT_EQUAL(emu.mm.mmap->vm_file, file);
	CU_ASSERT_EQUAL(emu.mm.mmap->vm_pgoff, 0);
	vm_file_put(file);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void m13_root_may_map_address_zero(void)
{
	struct emulation_setup setup = emulation_defaults();
	struct emulation emu;

	setup.uid = 0;
	emulation_begin(&emu, &setup);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 1, RW, MAP_FIXED), 0);
	CU_ASSERT_EQUAL(emu.mm.map_count, 1);
	CU_ASSERT_EQUAL(emulation_write(&emu, 0), ACCESS_FAULT_MINOR);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

/* Pages mapped one by one into holes until the kernel refuses. */
static void l23_max_map_count_is_passed_by_one(void)
{
	struct emulation_setup setup = emulation_defaults();
	struct emulation emu;
	uint64_t i;

	setup.sysctl.max_map_count = 20;
	emulation_begin(&emu, &setup);
	for (i = 0; i < 21; i++)
		CU_ASSERT_EQUAL(sys_mmap(emu.task, 0, PAGE_SIZE, RW,
					 SHARED_ANON, NULL, 0) > 0,
				true);
	CU_ASSERT_EQUAL(emu.mm.map_count, 21);
	CU_ASSERT_EQUAL(
		sys_mmap(emu.task, 0, PAGE_SIZE, RW, SHARED_ANON, NULL, 0),
		-MM_ENOMEM);
	/* Not even what would merge, or replace. */
	CU_ASSERT_EQUAL(
		emulation_mmap(&emu, emu.mm.mmap->vm_start, 1, RW, MAP_FIXED),
		-MM_ENOMEM);
	CU_ASSERT_EQUAL(emu.mm.map_count, 21);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void a_fixed_mapping_may_need_a_split_that_is_refused(void)
{
	struct emulation_setup setup = emulation_defaults();
	struct emulation emu;

	setup.sysctl.max_map_count = 1;
	emulation_begin(&emu, &setup);
	emulation_mmap(&emu, AT, 4, RW, MAP_FIXED);
	CU_ASSERT_EQUAL(
		emulation_mmap(&emu, AT + PAGE_SIZE, 1, PROT_READ, MAP_FIXED),
		-MM_ENOMEM);
	CU_ASSERT_EQUAL(vma_pages(emu.mm.mmap), 4);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void l19_l20_rlimit_as_to_the_page(void)
{
	struct emulation_setup setup = emulation_defaults();
	struct emulation emu;

	setup.rlimits.as = 10 * PAGE_SIZE + PAGE_SIZE - 1;
	emulation_begin(&emu, &setup);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT, 11, PROT_NONE, MAP_FIXED),
			-MM_ENOMEM);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT, 10, PROT_NONE, MAP_FIXED), AT);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 1, PROT_NONE, 0), -MM_ENOMEM);
	/* What is replaced does not count. */
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT + 4 * PAGE_SIZE, 6, PROT_READ,
				       MAP_FIXED),
			AT + 4 * PAGE_SIZE);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT + 4 * PAGE_SIZE, 7, PROT_READ,
				       MAP_FIXED),
			-MM_ENOMEM);
	CU_ASSERT_EQUAL(emu.mm.total_vm, 10);
	CU_ASSERT_EQUAL(emu.mm.map_count, 2);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void l21_rlimit_data_says_nothing_about_mmap(void)
{
	struct emulation_setup setup = emulation_defaults();
	struct emulation emu;

	setup.rlimits.data = 0;
	emulation_begin(&emu, &setup);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT, 512, RW, MAP_FIXED), AT);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void l31_l32_locked_mappings(void)
{
	struct emulation_setup setup = emulation_defaults();
	const uint64_t locked = MAP_LOCKED | MAP_FIXED;
	struct emulation emu;

	setup.rlimits.memlock = 4 * PAGE_SIZE + 1;
	emulation_begin(&emu, &setup);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT, 5, RW, locked), -MM_EAGAIN);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT, 4, RW, locked), AT);
	CU_ASSERT_EQUAL(emu.mm.locked_vm, 4);
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 4);
	/* What it would replace counts none the less. */
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT, 1, RW, locked), -MM_EAGAIN);
	emu.mm.rlimits.memlock = 0;
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT, 1, RW, locked), -MM_EPERM);
	/* Less than a page is not nothing. */
	emu.mm.rlimits.memlock = 1;
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT, 1, RW, locked), -MM_EAGAIN);
	/* The address is judged before, the type after. */
	emu.mm.rlimits.memlock = 0;
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT + 1, 1, RW, locked),
			-MM_EINVAL);
	CU_ASSERT_EQUAL(sys_mmap(emu.task, AT, PAGE_SIZE, RW,
				 MAP_ANONYMOUS | locked, NULL, 0),
			-MM_EPERM);
	emu.mm.uid = 0;
	CU_ASSERT_EQUAL(
		emulation_mmap(&emu, AT + 64 * PAGE_SIZE, 64, RW, locked),
		AT + 64 * PAGE_SIZE);
	CU_ASSERT_EQUAL(emu.mm.locked_vm, 68);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

/* mlockall(MCL_FUTURE) is def_flags: no EPERM then, but the limit holds. */
static void future_mappings_may_be_locked(void)
{
	struct emulation_setup setup = emulation_defaults();
	struct emulation emu;

	setup.rlimits.memlock = 2 * PAGE_SIZE;
	emulation_begin(&emu, &setup);
	emu.mm.def_flags = VM_LOCKED;
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT, 3, RW, MAP_FIXED), -MM_EAGAIN);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT, 2, RW, MAP_FIXED), AT);
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 2);
	emu.mm.rlimits.memlock = 0;
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 1, RW, 0), -MM_EAGAIN);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void l33_l34_l35_populate(void)
{
	struct emulation emu;
	struct vm_file *file;

	emulation_begin(&emu, NULL);
	file = emulation_file(&emu, 2);
	/* L33: written, not read: no zero page. */
	emulation_mmap(&emu, AT, 4, RW, MAP_FIXED | MAP_POPULATE);
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 4);
	emulation_mmap(&emu, AT, 4, PROT_NONE, MAP_FIXED | MAP_POPULATE);
	CU_ASSERT_EQUAL(get_mm_rss(&emu.mm), 0);
	CU_ASSERT_EQUAL(emu.mm.nr_ptes, 0);
	/* Read-only memory gets the zero page, which does not count. */
	emulation_mmap(&emu, AT, 4, PROT_READ, MAP_FIXED | MAP_POPULATE);
	CU_ASSERT_EQUAL(get_mm_rss(&emu.mm), 0);
	CU_ASSERT_EQUAL(emu.mm.nr_ptes, 1);
	/* L35 */
	emulation_mmap(&emu, AT, 4, RW,
		       MAP_FIXED | MAP_POPULATE | MAP_NONBLOCK);
	CU_ASSERT_EQUAL(get_mm_rss(&emu.mm), 0);
	/* L34 */
	CU_ASSERT_EQUAL(sys_mmap(emu.task, AT, 4 * PAGE_SIZE, PROT_READ,
				 MAP_SHARED | MAP_FIXED | MAP_POPULATE, file,
				 0),
			AT);
	CU_ASSERT_EQUAL(emu.mm.rss_file, 2);
	/* Shared memory is populated by reading, whatever its protection. */
	sys_mmap(emu.task, AT, 3 * PAGE_SIZE, RW,
		 SHARED_ANON | MAP_FIXED | MAP_POPULATE, NULL, 0);
	CU_ASSERT_EQUAL(emu.mm.rss_file, 3);
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 0);
	vm_file_put(file);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void l9_the_removal_stays_when_the_rest_fails(void)
{
	struct emulation_setup setup = emulation_defaults();
	struct emulation emu;

	setup.sysctl.overcommit_memory = 2;
	setup.sysctl.overcommit_kbytes = 8192 + 64;
	emulation_begin(&emu, &setup);
	emulation_mmap(&emu, AT, 8, RW, MAP_FIXED);
	CU_ASSERT_EQUAL(
		emulation_mmap(&emu, AT + 4 * PAGE_SIZE, 64, RW, MAP_FIXED),
		-MM_ENOMEM);
	CU_ASSERT_EQUAL(emu.mm.total_vm, 4);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 4);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

CU_TestInfo test_mmap[] = {
	{ "M1-M14 M17 M28 M32 M33 M36 arguments are judged",
	  arguments_are_judged },
	{ "M3 a part of a page is a page", m3_a_part_of_a_page_is_a_page },
	{ "M20-M23 M32 files must be open for it", files_must_be_open_for_it },
	{ "M23 L29 L36 areas get the kernel's flags",
	  areas_get_the_kernels_flags },
	{ "M29 M31 no offset is too far", m29_no_offset_is_too_far },
	{ "M37 M38 anonymous memory ignores file and offset",
	  m37_m38_anonymous_memory_ignores_file_and_offset },
	{ "M13 root may map address zero", m13_root_may_map_address_zero },
	{ "L23 max_map_count is passed by one",
	  l23_max_map_count_is_passed_by_one },
	{ "a fixed mapping may need a split that is refused",
	  a_fixed_mapping_may_need_a_split_that_is_refused },
	{ "L19 L20 RLIMIT_AS to the page", l19_l20_rlimit_as_to_the_page },
	{ "L21 RLIMIT_DATA says nothing about mmap",
	  l21_rlimit_data_says_nothing_about_mmap },
	{ "L31 L32 locked mappings", l31_l32_locked_mappings },
	{ "K19 future mappings may be locked", future_mappings_may_be_locked },
	{ "L33 L34 L35 populate", l33_l34_l35_populate },
	{ "L9 the removal stays when the rest fails",
	  l9_the_removal_stays_when_the_rest_fails },
	CU_TEST_INFO_NULL,
};
