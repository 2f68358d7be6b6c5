/* SPDX-License-Identifier: MIT */
/*
 * The memory lines of /proc/PID/status
 */
#include <stdio.h>
#include <string.h>

#include "core/world/proc.h"
#include "tests/core/exec_programs.h"
#include "tests/support/suite.h"

#define NO_FD ((uint64_t)-1)

static uint64_t status_of(const struct world_fixture *f,
			  enum status_field field)
{
	uint64_t values[STATUS_NR_FIELDS];

	process_status(fixture_process(f), values);
	return values[field];
}

static void counters_follow_each_call(void)
{
	static const uint64_t mmap[OP_MAX_ARGS] = {
		0x10000000,
		8 << PAGE_SHIFT,
		PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED,
		NO_FD,
		0,
	};
	static const uint64_t munmap[OP_MAX_ARGS] = { 0x10000000,
						      8 << PAGE_SHIFT };
	struct world_fixture f;
	struct outcome out;

	fixture_begin(&f);
	CU_ASSERT_EQUAL_FATAL(fixture_make(&f), WORLD_OK);
	CU_ASSERT_EQUAL(fixture_apply(&f, OP_MMAP, mmap, &out), WORLD_OK);
	CU_ASSERT_EQUAL(out.ret, 0x10000000);
	CU_ASSERT_EQUAL(status_of(&f, STATUS_VMSIZE), 192);
	CU_ASSERT_EQUAL(status_of(&f, STATUS_VMLCK), 32);
	CU_ASSERT_EQUAL(status_of(&f, STATUS_VMRSS), 40);
	CU_ASSERT_EQUAL(status_of(&f, STATUS_VMDATA), 48);
	CU_ASSERT_EQUAL(status_of(&f, STATUS_VMPTE), 16);
	CU_ASSERT_EQUAL(fixture_apply(&f, OP_MUNMAP, munmap, &out), WORLD_OK);
	CU_ASSERT_EQUAL(status_of(&f, STATUS_VMSIZE), 160);
	CU_ASSERT_EQUAL(status_of(&f, STATUS_VMPEAK), 192);
	CU_ASSERT_EQUAL(status_of(&f, STATUS_VMLCK), 0);
	CU_ASSERT_EQUAL(status_of(&f, STATUS_VMRSS), 8);
	CU_ASSERT_EQUAL(status_of(&f, STATUS_VMHWM), 40);
	CU_ASSERT_EQUAL(status_of(&f, STATUS_VMPTE), 12);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void libraries_wrap_below_zero_without_text(void)
{
	static const uint64_t munmap[OP_MAX_ARGS] = { 0x400000, PAGE_SIZE };
	char text[STATUS_TEXT_MAX + 1];
	struct world_fixture f;
	struct outcome out;

	fixture_begin(&f);
	CU_ASSERT_EQUAL_FATAL(fixture_make(&f), WORLD_OK);
	CU_ASSERT_EQUAL(fixture_apply(&f, OP_MUNMAP, munmap, &out), WORLD_OK);
	text[process_status_text(fixture_process(&f), text)] = '\0';
	CU_ASSERT_PTR_NOT_NULL(strstr(text,
				      "VmExe:\t       4 kB\n"
				      "VmLib:\t18446744073709551612 kB\n"));
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void the_text_of_the_largest_process_fits(void)
{
	char text[STATUS_TEXT_MAX];
	struct world_fixture f;

	fixture_begin(&f);
	f.setup.mm[MM_HIWATER_VM] = TASK_SIZE >> PAGE_SHIFT;
	f.setup.mm[MM_HIWATER_RSS] = TASK_SIZE >> PAGE_SHIFT;
	f.setup.mm_given = 1U << MM_HIWATER_VM | 1U << MM_HIWATER_RSS;
	CU_ASSERT_EQUAL_FATAL(fixture_make_of(&f, "0-7ffffffff000 rw-p 0\n"),
			      WORLD_OK);
	CU_ASSERT(process_status_text(fixture_process(&f), text) <
		  STATUS_TEXT_MAX / 2);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void every_field_has_its_name(void)
{
	int i, j;

	for (i = 0; i < STATUS_NR_FIELDS; i++) {
		CU_ASSERT_PTR_NOT_NULL_FATAL(status_field_names[i]);
		for (j = 0; j < i; j++)
			CU_ASSERT_STRING_NOT_EQUAL(status_field_names[i],
						   status_field_names[j]);
	}
}

struct release_row {
	const char *profile, *text;
};

/* A PIE before its first instruction; the last row is what Linux printed. */
static const struct release_row release_rows[] = {
	{ "4.0", "VmPeak:\t     400 kB\n"
		 "VmSize:\t     400 kB\n"
		 "VmLck:\t       0 kB\n"
		 "VmPin:\t       0 kB\n"
		 "VmHWM:\t      12 kB\n"
		 "VmRSS:\t      12 kB\n"
		 "VmData:\t      32 kB\n"
		 "VmStk:\t     136 kB\n"
		 "VmExe:\t       8 kB\n"
		 "VmLib:\t     148 kB\n"
		 "VmPTE:\t      12 kB\n"
		 "VmPMD:\t       8 kB\n"
		 "VmSwap:\t       0 kB\n" },
	{ "5.10", "VmPeak:\t     400 kB\n"
		  "VmSize:\t     400 kB\n"
		  "VmLck:\t       0 kB\n"
		  "VmPin:\t       0 kB\n"
		  "VmHWM:\t      12 kB\n"
		  "VmRSS:\t      12 kB\n"
		  "RssAnon:\t      12 kB\n"
		  "RssFile:\t       0 kB\n"
		  "RssShmem:\t       0 kB\n"
		  "VmData:\t      40 kB\n"
		  "VmStk:\t     132 kB\n"
		  "VmExe:\t       4 kB\n"
		  "VmLib:\t     156 kB\n"
		  "VmPTE:\t      28 kB\n"
		  "VmSwap:\t       0 kB\n" },
	{ "6.12", "VmPeak:\t     404 kB\n"
		  "VmSize:\t     404 kB\n"
		  "VmLck:\t       0 kB\n"
		  "VmPin:\t       0 kB\n"
		  "VmHWM:\t      12 kB\n"
		  "VmRSS:\t      12 kB\n"
		  "RssAnon:\t      12 kB\n"
		  "RssFile:\t       0 kB\n"
		  "RssShmem:\t       0 kB\n"
		  "VmData:\t      40 kB\n"
		  "VmStk:\t     132 kB\n"
		  "VmExe:\t       4 kB\n"
		  "VmLib:\t     160 kB\n"
		  "VmPTE:\t      28 kB\n"
		  "VmSwap:\t       0 kB\n"
		  "HugetlbPages:\t       0 kB\n" },
};

static void lines_are_those_of_the_release(void)
{
	char text[STATUS_TEXT_MAX + 1];
	struct world_fixture f;
	size_t i;

	for (i = 0; i < sizeof(release_rows) / sizeof(release_rows[0]); i++) {
		exec_begin(&f, release_rows[i].profile);
		CU_ASSERT_EQUAL(exec_text(&f, pie).ret, 0);
		text[process_status_text(fixture_process(&f), text)] = '\0';
		CU_ASSERT_STRING_EQUAL(text, release_rows[i].text);
		CU_ASSERT_PTR_NULL(fixture_end(&f));
	}
}

CU_TestInfo test_proc_status[] = {
	{ "lines are those of the release", lines_are_those_of_the_release },
	{ "counters follow each call", counters_follow_each_call },
	{ "libraries wrap below zero without text",
	  libraries_wrap_below_zero_without_text },
	{ "the text of the largest process fits",
	  the_text_of_the_largest_process_fits },
	{ "every field has its name", every_field_has_its_name },
	CU_TEST_INFO_NULL,
};
