/* SPDX-License-Identifier: MIT */
/*
 * The memory lines of /proc/PID/status
 */
#include <stdio.h>
#include <string.h>

#include "tests/core/world_fixture.h"
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

CU_TestInfo test_proc_status[] = {
	{ "counters follow each call", counters_follow_each_call },
	{ "libraries wrap below zero without text",
	  libraries_wrap_below_zero_without_text },
	{ "the text of the largest process fits",
	  the_text_of_the_largest_process_fits },
	{ "every field has its name", every_field_has_its_name },
	CU_TEST_INFO_NULL,
};
