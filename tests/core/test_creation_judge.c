/* SPDX-License-Identifier: MIT */
/*
 * Creations that are refused
 */
#include <string.h>

#include "core/world/history.h"
#include "tests/core/world_fixture.h"
#include "tests/support/suite.h"

/* -------------------------------------------------------------- refusals */

static const struct file_setup same_fd[] = {
	{ .fd = 3, .name = "a", .name_len = 1 },
	{ .fd = 3, .name = "b", .name_len = 1 },
};
static const struct file_setup no_name[] = { { .fd = 3, .name = "" } };

static const struct file_setup zero_in_path[] = {
	{ .fd = 3, .name = "a", .name_len = 1, .path = "/a\0b", .path_len = 4 }
};
static const struct file_setup negative_fd[] = {
	{ .fd = -1, .name = "a", .name_len = 1 }
};
static const struct file_setup huge_file[] = {
	{ .fd = 0, .name = "a", .name_len = 1, .size = 1ULL << 63 }
};

static const struct resident_setup hole[] = { { 0x1000, 0x2000, 0 } };
static const struct resident_setup odd[] = { { 0x400001, 0x401000, 0 } };
static const struct resident_setup empty[] = { { 0x400000, 0x400000, 0 } };
static const struct resident_setup past[] = { { 0x400000, 0x402000, 0 } };
static const struct resident_setup too_many[] = {
	{ 0x400000, 0x400000 + ((RESIDENT_PAGES_MAX + 1) << 12), 0 }
};
static const struct resident_setup anon_vvar[] = {
	{ 0x7ffff7ffb000, 0x7ffff7ffc000, RESIDENT_ANON }
};
static const struct resident_setup file_stack[] = {
	{ 0x7fffffff0000, 0x7fffffff1000, RESIDENT_FILE }
};
static const struct resident_setup zero_text[] = { { 0x400000, 0x401000,
						     RESIDENT_ZERO } };
static const struct resident_setup pfn_text[] = { { 0x400000, 0x401000,
						    RESIDENT_PFN } };

static void set_field(struct process_setup *setup, enum mm_field field,
		      uint64_t value)
{
	setup->mm[field] = value;
	setup->mm_given |= 1U << field;
}

static void brk_below_start(struct process_setup *setup)
{
	set_field(setup, MM_START_BRK, 0x900000);
	set_field(setup, MM_BRK, 0x8ff000);
}

static void brk_beyond_user_space(struct process_setup *setup)
{
	set_field(setup, MM_BRK, 0x800000000000);
}

static void odd_mmap_base(struct process_setup *setup)
{
	set_field(setup, MM_MMAP_BASE, 0x7ffff7fff001);
}

static void too_little_committed(struct process_setup *setup)
{
	setup->committed_kb = 100;
	setup->committed_given = true;
}

static void too_much_committed(struct process_setup *setup)
{
	setup->committed_kb = UINT64_MAX;
	setup->committed_given = true;
}

static void overcommit_three(struct process_setup *setup)
{
	setup->sysctl.overcommit_memory = 3;
	setup->sysctl_given = 1U << SYSCTL_OVERCOMMIT_MEMORY;
}

static void no_memory_at_all(struct process_setup *setup)
{
	setup->mem_total_kb = 0;
}

static void endless_history(struct process_setup *setup)
{
	setup->history = HISTORY_MAX + 1;
}

struct refusal_row {
	const char *param, *hint;
	void (*spoil)(struct process_setup *setup);
	const struct file_setup *files;
	size_t nr_files;
	const struct resident_setup *resident;
};

static const struct refusal_row refusal_rows[] = {
	{ "mm", "start_brk is 0x900000, above brk, which is 0x8ff000",
	  brk_below_start, NULL, 0, NULL },
	{ "mm", "brk is 0x800000000000; it goes up to 0x7ffffffff000",
	  brk_beyond_user_space, NULL, 0, NULL },
	{ "mm", "mmap_base must be a multiple of 4096", odd_mmap_base, NULL, 0,
	  NULL },
	{ "committed_kb", "100, but this process alone has committed 144",
	  too_little_committed, NULL, 0, NULL },
	{ "committed_kb",
	  "18446744073709551615; it goes up to 1125899906842624",
	  too_much_committed, NULL, 0, NULL },
	{ "sysctl", "overcommit_memory is 3; it goes from 0 to 2",
	  overcommit_three, NULL, 0, NULL },
	{ "mem_total_kb", "0; it goes from 1024 to 68719476736",
	  no_memory_at_all, NULL, 0, NULL },
	{ "history",
	  "1000001 operations; at most 1000000 are kept, or \"all\" until that "
	  "many are there",
	  endless_history, NULL, 0, NULL },
	{ "files", "descriptor 3 is there twice", NULL, same_fd, 2, NULL },
	{ "files", "entry 0: name must have 1 to 4095 bytes, none of them zero",
	  NULL, no_name, 1, NULL },
	{ "files", "entry 0: path must have 1 to 4095 bytes, none of them zero",
	  NULL, zero_in_path, 1, NULL },
	{ "files", "entry 0: fd must not be negative", NULL, negative_fd, 1,
	  NULL },
	{ "files",
	  "entry 0: size is beyond what a file can have, 2^63 - 1 bytes", NULL,
	  huge_file, 1, NULL },
	{ "files", "there are 4097; a process can open 4096", NULL, no_name,
	  DESCRIPTORS_MAX + 1, NULL },
	{ "resident", "entry 0: at 0x1000 there is no area", NULL, NULL, 0,
	  hole },
	{ "resident",
	  "entry 0: at 0x400000 only private anonymous areas have zero pages",
	  NULL, NULL, 0, zero_text },
	{ "resident", "entry 0: its addresses must be multiples of 4096", NULL,
	  NULL, 0, odd },
	{ "resident",
	  "entry 0: it must end above its start and not above 0x7ffffffff000",
	  NULL, NULL, 0, empty },
	{ "resident", "entry 0: at 0x401000 there is no area", NULL, NULL, 0,
	  past },
	{ "resident",
	  "entry 0: that makes 1048577 pages; at most 1048576 can be resident",
	  NULL, NULL, 0, too_many },
	{ "resident",
	  "entry 0: at 0x7ffff7ffb000 pages of [vvar] are of the kind pfn",
	  NULL, NULL, 0, anon_vvar },
	{ "resident", "entry 0: at 0x7fffffff0000 there is no file behind it",
	  NULL, NULL, 0, file_stack },
	{ "resident",
	  "entry 0: at 0x400000 only [vvar] has pages of the kind pfn", NULL,
	  NULL, 0, pfn_text },
};

static void bad_setups_are_refused_with_a_hint(void)
{
	const struct refusal_row *row;
	struct world_fixture f;
	size_t i;

	for (i = 0; i < sizeof(refusal_rows) / sizeof(refusal_rows[0]); i++) {
		row = &refusal_rows[i];
		fixture_begin(&f);
		f.setup.files = row->files;
		f.setup.nr_files = row->nr_files;
		f.setup.resident = row->resident;
		f.setup.nr_resident = row->resident ? 1 : 0;
		if (row->spoil)
			row->spoil(&f.setup);
		CU_ASSERT_EQUAL(fixture_make(&f), WORLD_BAD_PARAM);
		CU_ASSERT_PTR_NULL(f.world);
		CU_ASSERT_PTR_NOT_NULL_FATAL(f.error.param);
		CU_ASSERT_STRING_EQUAL(f.error.param, row->param);
		CU_ASSERT_STRING_EQUAL(f.error.hint, row->hint);
		CU_ASSERT_PTR_NULL(fixture_end(&f));
	}
}

static void account_limits_refuse_and_take_nothing(void)
{
	static const enum refusal reasons[] = { REFUSAL_PROCESSES,
						REFUSAL_AREAS, REFUSAL_BYTES };
	struct world_fixture f;
	size_t i;

	for (i = 0; i < 3; i++) {
		fixture_begin(&f);
		if (reasons[i] == REFUSAL_PROCESSES)
			f.account.max_processes = 0;
		if (reasons[i] == REFUSAL_AREAS)
			f.account.max_areas = 4;
		if (reasons[i] == REFUSAL_BYTES)
			f.account.max_bytes = 1500;
		CU_ASSERT_EQUAL(fixture_make(&f), WORLD_REFUSED);
		CU_ASSERT_EQUAL(f.memory.refusal, reasons[i]);
		CU_ASSERT_EQUAL(f.account.processes, 0);
		CU_ASSERT_EQUAL(f.account.areas, 0);
		CU_ASSERT_PTR_NULL(fixture_end(&f));
	}
}

static void resident_pages_must_fit_their_area(void)
{
	static const struct resident_setup shared[] = { { 0x1000, 0x2000,
							  RESIDENT_ANON } };
	static const struct resident_setup beyond[] = { { 0x1000, 0x4000,
							  RESIDENT_FILE } };
	static const struct file_setup file[] = {
		{ .fd = 0,
		  .name = "a",
		  .name_len = 1,
		  .size = 4097,
		  .mode = FILE_RW },
	};
	static const char *const hints[] = {
		"entry 0: at 0x1000 shared areas have no anon pages",
		"entry 0: at 0x1000 it goes beyond the end of the file",
	};
	struct world_fixture f;
	int i;

	for (i = 0; i < 2; i++) {
		fixture_begin(&f);
		f.setup.files = file;
		f.setup.nr_files = 1;
		f.setup.resident = i ? beyond : shared;
		f.setup.nr_resident = 1;
		CU_ASSERT_EQUAL(fixture_make_of(&f, "1000-5000 rw-s 0 a\n"),
				WORLD_BAD_PARAM);
		CU_ASSERT_STRING_EQUAL(f.error.hint, hints[i]);
		CU_ASSERT_PTR_NULL(fixture_end(&f));
	}
}

CU_TestInfo test_creation_judge[] = {
	{ "bad setups are refused with a hint",
	  bad_setups_are_refused_with_a_hint },
	{ "resident pages must fit their area",
	  resident_pages_must_fit_their_area },
	{ "account limits refuse and take nothing",
	  account_limits_refuse_and_take_nothing },
	CU_TEST_INFO_NULL,
};
