/* SPDX-License-Identifier: MIT */
/*
 * /proc/PID/smaps: lines of each release, shares of pages
 */
#include <stdio.h>
#include <string.h>

#include "core/world/proc.h"
#include "tests/core/exec_programs.h"
#include "tests/support/suite.h"

#define NO_FD ((uint64_t)-1)

/* What smaps prints of the area at @addr of a process; static. */
static const char *smaps_at(struct world_fixture *f, uint32_t number,
			    uint64_t addr)
{
	static char text[SMAPS_TEXT_MAX + 1];
	const struct process *process = world_process(f->world, number);
	const struct vm_area_struct *vma;
	struct smaps smaps;

	CU_ASSERT_EQUAL_FATAL(smaps_begin(process, &smaps), 0);
	for (vma = process_mm(process)->mmap; vma; vma = vma->vm_next)
		if (vma->vm_start <= addr && addr < vma->vm_end)
			break;
	CU_ASSERT_PTR_NOT_NULL_FATAL(vma);
	text[smaps_area_text(&smaps, vma, text)] = '\0';
	smaps_end(&smaps);
	return text;
}

/* The value of a line, in kB. */
static int value_of(const char *text, const char *name)
{
	const char *at;
	char line[32];
	int value = -1;

	snprintf(line, sizeof(line), "\n%s:", name);
	at = strstr(text, line);
	CU_ASSERT_PTR_NOT_NULL_FATAL(at);
	CU_ASSERT_EQUAL(sscanf(at + strlen(line), " %d kB\n", &value), 1);
	return value;
}

/* ------------------------------------------------------------------ lines */

struct text_row {
	const char *profile;
	uint64_t addr;
	const char *text;
};

/* The data of a PIE, one page of which exec has cleared the end of. */
static const struct text_row text_rows[] = {
	{ "4.0", 0x555555557000,
	  "Size:                  8 kB\n"
	  "Rss:                   4 kB\n"
	  "Pss:                   4 kB\n"
	  "Shared_Clean:          0 kB\n"
	  "Shared_Dirty:          0 kB\n"
	  "Private_Clean:         0 kB\n"
	  "Private_Dirty:         4 kB\n"
	  "Referenced:            4 kB\n"
	  "Anonymous:             4 kB\n"
	  "AnonHugePages:         0 kB\n"
	  "Swap:                  0 kB\n"
	  "KernelPageSize:        4 kB\n"
	  "MMUPageSize:           4 kB\n"
	  "Locked:                0 kB\n"
	  "VmFlags: rd wr mr mw me dw ac sd \n" },
	{ "5.10", 0x555555557000,
	  "Size:                  8 kB\n"
	  "KernelPageSize:        4 kB\n"
	  "MMUPageSize:           4 kB\n"
	  "Rss:                   4 kB\n"
	  "Pss:                   4 kB\n"
	  "Shared_Clean:          0 kB\n"
	  "Shared_Dirty:          0 kB\n"
	  "Private_Clean:         0 kB\n"
	  "Private_Dirty:         4 kB\n"
	  "Referenced:            4 kB\n"
	  "Anonymous:             4 kB\n"
	  "LazyFree:              0 kB\n"
	  "AnonHugePages:         0 kB\n"
	  "ShmemPmdMapped:        0 kB\n"
	  "FilePmdMapped:         0 kB\n"
	  "Shared_Hugetlb:        0 kB\n"
	  "Private_Hugetlb:       0 kB\n"
	  "Swap:                  0 kB\n"
	  "SwapPss:               0 kB\n"
	  "Locked:                0 kB\n"
	  "THPeligible:    0\n"
	  "VmFlags: rd wr mr mw me dw ac sd \n" },
	{ "6.1", 0x7ffff7fc4000,
	  "Size:                 16 kB\n"
	  "KernelPageSize:        4 kB\n"
	  "MMUPageSize:           4 kB\n"
	  "Rss:                   0 kB\n"
	  "Pss:                   0 kB\n"
	  "Pss_Dirty:             0 kB\n"
	  "Shared_Clean:          0 kB\n"
	  "Shared_Dirty:          0 kB\n"
	  "Private_Clean:         0 kB\n"
	  "Private_Dirty:         0 kB\n"
	  "Referenced:            0 kB\n"
	  "Anonymous:             0 kB\n"
	  "LazyFree:              0 kB\n"
	  "AnonHugePages:         0 kB\n"
	  "ShmemPmdMapped:        0 kB\n"
	  "FilePmdMapped:         0 kB\n"
	  "Shared_Hugetlb:        0 kB\n"
	  "Private_Hugetlb:       0 kB\n"
	  "Swap:                  0 kB\n"
	  "SwapPss:               0 kB\n"
	  "Locked:                0 kB\n"
	  "THPeligible:    0\n"
	  "VmFlags: rd mr pf io de dd sd \n" },
	{ "6.12", 0x555555557000,
	  "Size:                  8 kB\n"
	  "KernelPageSize:        4 kB\n"
	  "MMUPageSize:           4 kB\n"
	  "Rss:                   4 kB\n"
	  "Pss:                   4 kB\n"
	  "Pss_Dirty:             4 kB\n"
	  "Shared_Clean:          0 kB\n"
	  "Shared_Dirty:          0 kB\n"
	  "Private_Clean:         0 kB\n"
	  "Private_Dirty:         4 kB\n"
	  "Referenced:            4 kB\n"
	  "Anonymous:             4 kB\n"
	  "KSM:                   0 kB\n"
	  "LazyFree:              0 kB\n"
	  "AnonHugePages:         0 kB\n"
	  "ShmemPmdMapped:        0 kB\n"
	  "FilePmdMapped:         0 kB\n"
	  "Shared_Hugetlb:        0 kB\n"
	  "Private_Hugetlb:       0 kB\n"
	  "Swap:                  0 kB\n"
	  "SwapPss:               0 kB\n"
	  "Locked:                0 kB\n"
	  "THPeligible:           0\n"
	  "VmFlags: rd wr mr mw me ac sd \n" },
	{ "6.12", 0x7fffffffe000,
	  "Size:                132 kB\n"
	  "KernelPageSize:        4 kB\n"
	  "MMUPageSize:           4 kB\n"
	  "Rss:                   4 kB\n"
	  "Pss:                   4 kB\n"
	  "Pss_Dirty:             4 kB\n"
	  "Shared_Clean:          0 kB\n"
	  "Shared_Dirty:          0 kB\n"
	  "Private_Clean:         0 kB\n"
	  "Private_Dirty:         4 kB\n"
	  "Referenced:            4 kB\n"
	  "Anonymous:             4 kB\n"
	  "KSM:                   0 kB\n"
	  "LazyFree:              0 kB\n"
	  "AnonHugePages:         0 kB\n"
	  "ShmemPmdMapped:        0 kB\n"
	  "FilePmdMapped:         0 kB\n"
	  "Shared_Hugetlb:        0 kB\n"
	  "Private_Hugetlb:       0 kB\n"
	  "Swap:                  0 kB\n"
	  "SwapPss:               0 kB\n"
	  "Locked:                0 kB\n"
	  "THPeligible:           0\n"
	  "VmFlags: rd wr mr mw me gd ac \n" },
};

static void lines_are_those_of_the_release(void)
{
	struct world_fixture f;
	size_t i;

	for (i = 0; i < sizeof(text_rows) / sizeof(text_rows[0]); i++) {
		exec_begin(&f, text_rows[i].profile);
		CU_ASSERT_EQUAL(exec_text(&f, pie).ret, 0);
		CU_ASSERT_STRING_EQUAL(smaps_at(&f, 0, text_rows[i].addr),
				       text_rows[i].text);
		CU_ASSERT_PTR_NULL(fixture_end(&f));
	}
}

static void the_gate_has_no_pages(void)
{
	char text[SMAPS_TEXT_MAX + 1];
	const struct vm_area_struct *gate;
	struct world_fixture f;
	struct smaps smaps;

	fixture_begin(&f);
	CU_ASSERT_EQUAL_FATAL(
		fixture_make_of(&f, "ffffffffff600000-ffffffffff601000 --xp "
				    "0 [vsyscall]"),
		WORLD_OK);
	gate = process_gate_vma(fixture_process(&f));
	CU_ASSERT_PTR_NOT_NULL_FATAL(gate);
	CU_ASSERT_EQUAL(smaps_begin(fixture_process(&f), &smaps), 0);
	text[smaps_area_text(&smaps, gate, text)] = '\0';
	smaps_end(&smaps);
	CU_ASSERT_FALSE(
		strncmp(text, "Size:                  4 kB\nRss: ", 33));
	CU_ASSERT_EQUAL(value_of(text, "Rss"), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\nVmFlags: ex \n"));
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

/* ----------------------------------------------------------------- shares */

static void apply_as(struct world_fixture *f, uint32_t process,
		     enum op_code code, const uint64_t *args,
		     struct outcome *out)
{
	struct operation op = { .code = code, .process = process, .thread = 1 };

	if (args)
		memcpy(op.args, args, sizeof(op.args));
	CU_ASSERT_EQUAL_FATAL(world_apply(f->world, &op, out), WORLD_OK);
}

static void touch(struct world_fixture *f, uint32_t process, uint64_t addr,
		  uint64_t length, enum access_type type)
{
	const uint64_t args[OP_MAX_ARGS] = { addr, length, type, UINT64_MAX };
	struct outcome out;

	apply_as(f, process, OP_ACCESS, args, &out);
	CU_ASSERT(out.access.fault <= ACCESS_FAULT_MINOR);
}

static uint64_t map(struct world_fixture *f, uint64_t length, uint64_t flags,
		    uint64_t fd, uint64_t offset)
{
	const uint64_t args[OP_MAX_ARGS] = { 0, length, 3, flags, fd, offset };
	struct outcome out;

	apply_as(f, 0, OP_MMAP, args, &out);
	CU_ASSERT_FATAL(out.ret > 0);
	return (uint64_t)out.ret;
}

static void check(const char *text, int rss, int pss, int shared_clean,
		  int shared_dirty, int private_clean, int private_dirty)
{
	CU_ASSERT_EQUAL(value_of(text, "Rss"), rss);
	CU_ASSERT_EQUAL(value_of(text, "Pss"), pss);
	CU_ASSERT_EQUAL(value_of(text, "Shared_Clean"), shared_clean);
	CU_ASSERT_EQUAL(value_of(text, "Shared_Dirty"), shared_dirty);
	CU_ASSERT_EQUAL(value_of(text, "Private_Clean"), private_clean);
	CU_ASSERT_EQUAL(value_of(text, "Private_Dirty"), private_dirty);
}

static void forked_pages_are_shared_until_they_are_written(void)
{
	struct world_fixture f;
	struct outcome out;
	uint64_t addr;

	exec_begin(&f, "6.12");
	addr = map(&f, 16384, MAP_PRIVATE | MAP_ANONYMOUS, NO_FD, 0);
	touch(&f, 0, addr, 16384, ACCESS_WRITE);
	check(smaps_at(&f, 0, addr), 16, 16, 0, 0, 0, 16);
	apply_as(&f, 0, OP_FORK, NULL, &out);
	check(smaps_at(&f, 0, addr), 16, 8, 0, 16, 0, 0);
	check(smaps_at(&f, 1, addr), 16, 8, 0, 16, 0, 0);
	apply_as(&f, 1, OP_FORK, NULL, &out);
	check(smaps_at(&f, 0, addr), 16, 5, 0, 16, 0, 0);

	touch(&f, 1, addr, 8192, ACCESS_WRITE);
	check(smaps_at(&f, 1, addr), 16, 10, 0, 8, 0, 8);
	check(smaps_at(&f, 0, addr), 16, 6, 0, 16, 0, 0);
	CU_ASSERT_EQUAL(value_of(smaps_at(&f, 0, addr), "Anonymous"), 16);
	apply_as(&f, 1, OP_PROCESS_EXIT, NULL, &out);
	apply_as(&f, 2, OP_PROCESS_EXIT, NULL, &out);
	check(smaps_at(&f, 0, addr), 16, 16, 0, 0, 0, 16);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void open_file(struct world_fixture *f)
{
	const struct operation op = {
		.code = OP_FILE_OPEN,
		.args = { 3, 1 << 20, FILE_RW },
		.text = "data",
		.text_len = 4,
	};
	struct outcome out;

	CU_ASSERT_EQUAL_FATAL(world_apply(f->world, &op, &out), WORLD_OK);
}

/* Pages 70 to 73 of a file in one area, 72 to 75 in the other. */
static void pages_of_files_are_counted_in_all_areas(void)
{
	struct world_fixture f;
	uint64_t low, high;
	struct outcome out;

	exec_begin(&f, "6.12");
	open_file(&f);
	low = map(&f, 16384, MAP_SHARED, 3, 70 << PAGE_SHIFT);
	high = map(&f, 16384, MAP_SHARED, 3, 72 << PAGE_SHIFT);
	touch(&f, 0, low, 16384, ACCESS_WRITE);
	check(smaps_at(&f, 0, low), 16, 16, 0, 0, 0, 16);
	touch(&f, 0, high, 1, ACCESS_READ);
	touch(&f, 0, high + 8192, 1, ACCESS_READ);

	/* The window of the first read has brought page 73, too. */
	check(smaps_at(&f, 0, low), 16, 12, 0, 8, 0, 8);
	check(smaps_at(&f, 0, high), 12, 8, 0, 8, 4, 0);
	CU_ASSERT_EQUAL(value_of(smaps_at(&f, 0, high), "Anonymous"), 0);
	CU_ASSERT_EQUAL(value_of(smaps_at(&f, 0, high), "Referenced"), 12);

	apply_as(&f, 0, OP_FORK, NULL, &out);
	touch(&f, 1, high, 1, ACCESS_READ);
	check(smaps_at(&f, 0, low), 16, 10, 0, 8, 0, 8);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

/* A page of a file that was read first is written without a fault, so that only
 * its entry knows. */
static void moved_pages_stay_dirty(void)
{
	struct world_fixture f;
	struct outcome out;
	uint64_t from, to;

	exec_begin(&f, "6.12");
	open_file(&f);
	from = map(&f, 16384, MAP_SHARED, 3, 0);
	to = map(&f, 1 << 20, MAP_PRIVATE | MAP_ANONYMOUS, NO_FD, 0) + 0x5000;
	touch(&f, 0, from, 4096, ACCESS_READ);
	touch(&f, 0, from, 4096, ACCESS_WRITE);
	check(smaps_at(&f, 0, from), 4, 4, 0, 0, 0, 4);
	apply_as(&f, 0, OP_MREMAP,
		 (const uint64_t[OP_MAX_ARGS]){ from, 16384, 16384,
						MREMAP_MAYMOVE | MREMAP_FIXED,
						to },
		 &out);
	CU_ASSERT_EQUAL(out.ret, (int64_t)to);
	check(smaps_at(&f, 0, to), 4, 4, 0, 0, 0, 4);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void locked_pages_and_flags_are_named(void)
{
	uint64_t args[OP_MAX_ARGS] = { 0, 8192, 1 };
	struct world_fixture f;
	const char *text;
	struct outcome out;

	exec_begin(&f, "5.10");
	args[0] = map(&f, 8192, MAP_PRIVATE | MAP_ANONYMOUS, NO_FD, 0);
	touch(&f, 0, args[0], 1, ACCESS_WRITE);
	apply_as(&f, 0, OP_MLOCK2, args, &out);
	CU_ASSERT_EQUAL(out.ret, 0);
	text = smaps_at(&f, 0, args[0]);
	CU_ASSERT_EQUAL(value_of(text, "Locked"), 4);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, "\nVmFlags: rd wr mr mw me lo ?? ac sd \n"));
	CU_ASSERT_PTR_NULL(fixture_end(&f));

	exec_begin(&f, "6.12");
	args[0] = map(&f, 8192, MAP_PRIVATE | MAP_ANONYMOUS, NO_FD, 0);
	apply_as(&f, 0, OP_MLOCK2, args, &out);
	args[2] = 0;
	apply_as(&f, 0, OP_MSEAL, args, &out);
	CU_ASSERT_EQUAL(out.ret, 0);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(smaps_at(&f, 0, args[0]),
		       "\nVmFlags: rd wr mr mw me lo lf ac sd sl \n"));
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void a_failing_host_reads_nothing(void)
{
	struct world_fixture f;
	struct smaps smaps;

	exec_begin(&f, "6.12");
	open_file(&f);
	touch(&f, 0, map(&f, 4096, MAP_SHARED, 3, 0), 1, ACCESS_READ);
	fail_alloc_after(&f.host, 0);
	CU_ASSERT_EQUAL(smaps_begin(fixture_process(&f), &smaps), -1);
	CU_ASSERT_EQUAL(f.memory.refusal, REFUSAL_HOST_MEMORY);
	fail_alloc_never(&f.host);
	CU_ASSERT_EQUAL(smaps_begin(fixture_process(&f), &smaps), 0);
	smaps_end(&smaps);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

CU_TestInfo test_proc_smaps[] = {
	{ "lines are those of the release", lines_are_those_of_the_release },
	{ "the gate has no pages", the_gate_has_no_pages },
	{ "forked pages are shared until they are written",
	  forked_pages_are_shared_until_they_are_written },
	{ "pages of files are counted in all areas",
	  pages_of_files_are_counted_in_all_areas },
	{ "moved pages stay dirty", moved_pages_stay_dirty },
	{ "locked pages and flags are named",
	  locked_pages_and_flags_are_named },
	{ "a failing host reads nothing", a_failing_host_reads_nothing },
	CU_TEST_INFO_NULL,
};
