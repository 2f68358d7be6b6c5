/* SPDX-License-Identifier: MIT */
/*
 * The small program that a process runs when nobody says which
 */
#include <string.h>

#include "core/world/proc.h"
#include "tests/core/world_fixture.h"
#include "tests/support/suite.h"

static void default_program_has_these_maps(void)
{
	struct world_fixture f;

	fixture_begin(&f);
	CU_ASSERT_EQUAL_FATAL(fixture_make(&f), WORLD_OK);
	CU_ASSERT_STRING_EQUAL(fixture_maps(&f),
			       "00400000-00401000 r-xp 00000000 00:01 1        "
			       "                          /bin/vmarium\n"
			       "00600000-00601000 rw-p 00000000 00:01 1        "
			       "                          /bin/vmarium\n"
			       "7ffff7ffb000-7ffff7ffd000 r--p 00000000 00:00 "
			       "0                          [vvar]\n"
			       "7ffff7ffd000-7ffff7fff000 r-xp 00000000 00:00 "
			       "0                          [vdso]\n"
			       "7ffffffde000-7ffffffff000 rw-p 00000000 00:00 "
			       "0                          [stack]\n");
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void default_program_has_this_status(void)
{
	struct world_fixture f;
	char text[STATUS_TEXT_MAX + 1];

	fixture_begin(&f);
	CU_ASSERT_EQUAL_FATAL(fixture_make(&f), WORLD_OK);
	text[process_status_text(fixture_process(&f), text)] = '\0';
	CU_ASSERT_STRING_EQUAL(text, "VmPeak:\t     160 kB\n"
				     "VmSize:\t     160 kB\n"
				     "VmLck:\t       0 kB\n"
				     "VmPin:\t       0 kB\n"
				     "VmHWM:\t       8 kB\n"
				     "VmRSS:\t       8 kB\n"
				     "VmData:\t      16 kB\n"
				     "VmStk:\t     136 kB\n"
				     "VmExe:\t       4 kB\n"
				     "VmLib:\t       0 kB\n"
				     "VmPTE:\t      12 kB\n"
				     "VmPMD:\t       8 kB\n"
				     "VmSwap:\t       0 kB\n");
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void default_program_enters_the_tree_as_exec_loads_it(void)
{
	static const uint64_t starts[] = { 0x7ffffffdd000, 0x400000, 0x600000,
					   0x7ffff7ffd000, 0x7ffff7ffb000 };
	const struct vm_area_struct *vma;
	struct world_fixture f;
	size_t i;

	fixture_begin(&f);
	CU_ASSERT_EQUAL_FATAL(fixture_make(&f), WORLD_OK);
	for (i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		vma = fixture_area(&f, starts[i]);
		CU_ASSERT_PTR_NOT_NULL_FATAL(vma);
		CU_ASSERT_EQUAL(vma->vm_start, starts[i]);
		CU_ASSERT_EQUAL(vma->id, i + 1);
	}
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

struct release_row {
	const char *profile;
	uint64_t vvar, vdso, stack; /* first addresses, as maps shows them */
	uint64_t memlock;
	uint64_t committed; /* pages */
};

static const struct release_row release_rows[] = {
	{ "4.0", 0x7ffff7ffb000, 0x7ffff7ffd000, 0x7ffffffdd000, 64 << 10, 36 },
	{ "5.10", 0x7ffff7ffa000, 0x7ffff7ffe000, 0x7ffffffde000, 64 << 10,
	  35 },
	{ "6.1", 0x7ffff7ff9000, 0x7ffff7ffd000, 0x7ffffffde000, 8 << 20, 35 },
	{ "6.12", 0x7ffff7ff9000, 0x7ffff7ffd000, 0x7ffffffde000, 8 << 20, 35 },
};

static void default_program_lies_as_the_release_has_it(void)
{
	const struct release_row *row;
	const struct mm_struct *mm;
	struct world_fixture f;
	size_t i;

	for (i = 0; i < sizeof(release_rows) / sizeof(release_rows[0]); i++) {
		row = &release_rows[i];
		fixture_begin(&f);
		f.setup.profile =
			kernel_profile_find(row->profile, strlen(row->profile));
		CU_ASSERT_EQUAL_FATAL(fixture_make(&f), WORLD_OK);
		mm = fixture_mm(&f);
		CU_ASSERT_EQUAL(mm->mmap_tail->vm_start, row->stack);
		CU_ASSERT_EQUAL(mm->mmap_tail->vm_end, TASK_SIZE);
		CU_ASSERT_EQUAL(mm->mmap_tail->vm_prev->vm_start, row->vdso);
		CU_ASSERT_EQUAL(mm->mmap_tail->vm_prev->vm_end, 0x7ffff7fff000);
		CU_ASSERT_EQUAL(mm->mmap_tail->vm_prev->vm_prev->vm_start,
				row->vvar);
		CU_ASSERT_EQUAL(mm->rlimits.memlock, row->memlock);
		CU_ASSERT_EQUAL(world_machine(f.world)->committed_as,
				row->committed);
		CU_ASSERT_EQUAL(mm->rss_anon, 1);
		CU_ASSERT_EQUAL(mm->rss_file, 1);
		CU_ASSERT_PTR_NULL(fixture_end(&f));
	}
}

static void default_program_has_the_fields_that_exec_leaves(void)
{
	const struct mm_struct *mm;
	struct world_fixture f;

	fixture_begin(&f);
	CU_ASSERT_EQUAL_FATAL(fixture_make(&f), WORLD_OK);
	mm = fixture_mm(&f);
	CU_ASSERT_EQUAL(mm->start_brk, 0x601000);
	CU_ASSERT_EQUAL(mm->brk, 0x601000);
	CU_ASSERT_EQUAL(mm->mmap_base, 0x7ffff7fff000);
	CU_ASSERT_EQUAL(mm->start_code, 0x400000);
	CU_ASSERT(mm->start_stack > 0x7fffffffe000);
	CU_ASSERT_EQUAL(mm->start_stack % 16, 0);
	CU_ASSERT(mm->start_stack < mm->arg_start);
	/* "/bin/vmarium" and its zero byte; below the path, above nothing. */
	CU_ASSERT_EQUAL(mm->arg_end - mm->arg_start, 13);
	CU_ASSERT_EQUAL(mm->env_start, mm->env_end);
	CU_ASSERT_EQUAL(mm->env_end + 13 + 8, 0x7ffffffff000);
	CU_ASSERT_EQUAL(mm->uid, 1000);
	CU_ASSERT_EQUAL(mm->rlimits.as, RLIM_INFINITY);
	CU_ASSERT_EQUAL(mm->rlimits.data, RLIM_INFINITY);
	CU_ASSERT_EQUAL(mm->rlimits.stack, 8 << 20);
	CU_ASSERT_EQUAL(mm->rlimits.memlock, 64 << 10);
	/* Stack and data are private and writable, text is one cached page. */
	CU_ASSERT_EQUAL(world_machine(f.world)->committed_as, 34 + 1 + 1);
	CU_ASSERT_EQUAL(world_machine(f.world)->sysctl.max_map_count, 65530);
	CU_ASSERT_EQUAL(world_machine(f.world)->sysctl.admin_reserve_kbytes,
			8192);
	CU_ASSERT_EQUAL(world_machine(f.world)->sysctl.user_reserve_kbytes,
			131072);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void default_world_stays_below_three_kib(void)
{
	struct world_fixture f;
	struct world *first;
	uint64_t bytes;

	/* The first world also fills the stock of the free lists. */
	fixture_begin(&f);
	CU_ASSERT_EQUAL_FATAL(fixture_make(&f), WORLD_OK);
	first = f.world;
	bytes = f.account.bytes;
	CU_ASSERT_EQUAL_FATAL(fixture_make(&f), WORLD_OK);
	CU_ASSERT(f.account.bytes - bytes < 3 << 10);
	CU_ASSERT_EQUAL(f.account.processes, 2);
	CU_ASSERT_EQUAL(f.account.areas, 10);
	world_free(first);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

CU_TestInfo test_default_program[] = {
	{ "default program has these maps", default_program_has_these_maps },
	{ "default program has this status", default_program_has_this_status },
	{ "default program enters the tree as exec loads it",
	  default_program_enters_the_tree_as_exec_loads_it },
	{ "default program lies as the release has it",
	  default_program_lies_as_the_release_has_it },
	{ "default program has the fields that exec leaves",
	  default_program_has_the_fields_that_exec_leaves },
	{ "default world stays below three KiB",
	  default_world_stays_below_three_kib },
	CU_TEST_INFO_NULL,
};
