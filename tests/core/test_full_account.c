/* SPDX-License-Identifier: MIT */
/*
 * Accounts, and emulated machines, that are full: what needs more is refused,
 * what does not goes on.
 */
#include <stdlib.h>

#include "tests/core/family.h"
#include "tests/support/mm_dump.h"
#include "tests/support/suite.h"

static void the_account_limits_areas(void)
{
	struct emulation emu;
	uint64_t i;

	emulation_begin(&emu, NULL);
	emu.account.max_areas = 4;
	for (i = 0; i < 4; i++)
		CU_ASSERT_EQUAL(emulation_mmap(&emu, AT + PAGES(8 * i), 4, RW,
					       MAP_FIXED),
				(int64_t)(AT + PAGES(8 * i)));
	CU_ASSERT_EQUAL(emu.account.areas, 4);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT + PAGES(64), 1, RW, MAP_FIXED),
			MM_HOST_REFUSED);
	CU_ASSERT_EQUAL(emu.memory.refusal, REFUSAL_AREAS);
	CU_ASSERT_EQUAL(emulation_munmap(&emu, AT + PAGES(1), 1),
			MM_HOST_REFUSED);
	CU_ASSERT_EQUAL(emu.memory.refusal, REFUSAL_AREAS);
	CU_ASSERT_EQUAL(emu.mm.map_count, 4);
	/* What needs no more areas goes on: ends, and whole areas. */
	CU_ASSERT_EQUAL(emulation_munmap(&emu, AT + PAGES(11), 1), 0);
	CU_ASSERT_EQUAL(emulation_munmap(&emu, AT, 4), 0);
	/* One is left, but a mapping inside another one needs two. */
	CU_ASSERT_EQUAL(
		emulation_mmap(&emu, AT + PAGES(9), 1, PROT_READ, MAP_FIXED),
		MM_HOST_REFUSED);
	CU_ASSERT_EQUAL(emu.memory.refusal, REFUSAL_AREAS);
	CU_ASSERT_EQUAL(emu.mm.map_count, 3);
	CU_ASSERT_EQUAL(emu.account.areas, 3);
	CU_ASSERT_EQUAL(emulation_munmap(&emu, AT + PAGES(9), 1), 0);
	CU_ASSERT_EQUAL(emu.account.areas, 4);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
	CU_ASSERT_EQUAL(emu.account.areas, 0);
}

/* With two areas of three pages and no room for a third, or for a fourth. */
static const struct {
	const char *name;
	struct call call;
	uint64_t more; /* areas that it leaves beyond the two */
} splits[] = {
	{ "mprotect", { MPROTECT, AT + PAGES(1), PAGES(1), 0, 0, 0 }, 2 },
	{ "mprotect, end", { MPROTECT, AT + PAGES(1), PAGES(2), 0, 0, 0 }, 1 },
	{ "mlock", { MLOCK, AT + PAGES(1), PAGES(1), 0, 0, 0 }, 2 },
	{ "mlock, end", { MLOCK, AT + PAGES(2), PAGES(1), 0, 0, 0 }, 1 },
	{ "mlock2", { MLOCK2, AT + PAGES(1), PAGES(1), 0, 0, 0 }, 2 },
	{ "madvise",
	  { MADVISE, AT + PAGES(1), PAGES(1), 0, MADV_RANDOM, 0 },
	  2 },
	{ "mseal", { MSEAL, AT + PAGES(1), PAGES(1), 0, 0, 0 }, 2 },
	{ "mremap, middle",
	  { MREMAP, AT + PAGES(1), PAGES(1), PAGES(1),
	    MREMAP_MAYMOVE | MREMAP_FIXED, AT + PAGES(20) },
	  2 },
	{ "mremap into the middle",
	  { MREMAP, AT + PAGES(8), PAGES(1), PAGES(1),
	    MREMAP_MAYMOVE | MREMAP_FIXED, AT + PAGES(1) },
	  2 },
	{ "mremap, shrinking", { MREMAP, AT, PAGES(2), PAGES(1), 0, 0 }, 1 },
};

static void no_call_passes_the_account(void)
{
	static struct family family;
	const struct kernel_profile *profile = kernel_profile_find("6.12", 4);
	struct account *account = &family.emu.account;
	uint64_t room;
	int64_t ret;
	size_t i;

	for (i = 0; i < sizeof(splits) / sizeof(splits[0]); i++) {
		for (room = 0; room <= splits[i].more; room++) {
			family_begin(&family, profile);
			emulation_mmap(&family.emu, AT, 3, RW, MAP_FIXED);
			emulation_mmap(&family.emu, AT + PAGES(6), 3, PROT_READ,
				       MAP_FIXED);
			account->max_areas = 2 + room;
			ret = family_call(&family, &splits[i].call);
			if ((ret == MM_HOST_REFUSED) !=
				    (room < splits[i].more) ||
			    account->areas > account->max_areas)
				CU_FAIL(splits[i].name);
			if (room == splits[i].more)
				CU_ASSERT_EQUAL(account->areas, 2 + room);
			family_end(&family);
		}
	}
}

/* Advice that is not kept in flags, and whole areas, need no room. */
static void a_full_account_changes_what_it_has(void)
{
	static struct family family;
	struct task_struct *task;

	family_begin(&family, kernel_profile_find("6.12", 4));
	task = family.emu.task;
	emulation_mmap(&family.emu, AT, 3, RW, MAP_FIXED);
	family.emu.account.max_areas = 1;
	CU_ASSERT_EQUAL(
		sys_madvise(task, AT + PAGES(1), PAGES(1), MADV_DONTNEED), 0);
	CU_ASSERT_EQUAL(
		sys_madvise(task, AT + PAGES(1), PAGES(1), MADV_POPULATE_WRITE),
		0);
	CU_ASSERT_EQUAL(sys_madvise(task, AT, PAGES(3), MADV_RANDOM), 0);
	CU_ASSERT_EQUAL(sys_mprotect(task, AT, PAGES(3), PROT_READ), 0);
	CU_ASSERT_EQUAL(sys_mlock(task, AT, PAGES(3)), 0);
	CU_ASSERT_EQUAL(sys_munlockall(task), 0);
	CU_ASSERT_EQUAL(sys_mremap(task, AT, PAGES(3), PAGES(2), 0, 0),
			(int64_t)AT);
	CU_ASSERT_EQUAL(sys_mseal(task, AT, PAGES(2), 0), 0);
	CU_ASSERT_EQUAL(family.emu.account.areas, 1);
	family_end(&family);
}

/* A real kernel would look for a process to kill. */
static void a_machine_without_pages_refuses(void)
{
	struct emulation_setup setup = emulation_defaults();
	struct access_outcome outcome;
	struct emulation emu;
	char *before, *after;

	setup.mem_total_kb = 4 * 256;
	setup.sysctl.overcommit_memory = 1;
	emulation_begin(&emu, &setup);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT, 1000, RW, MAP_FIXED), AT);
	CU_ASSERT_EQUAL(mm_access(emu.task, AT, PAGES(100), ACCESS_WRITE,
				  UINT64_MAX, &outcome),
			0);
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 100);
	before = mm_dump(&emu.mm);
	CU_ASSERT_EQUAL(mm_access(emu.task, AT, PAGES(300), ACCESS_WRITE,
				  UINT64_MAX, &outcome),
			MM_HOST_REFUSED);
	CU_ASSERT_EQUAL(emu.memory.refusal, REFUSAL_MACHINE);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 300, RW, MAP_POPULATE),
			MM_HOST_REFUSED);
	CU_ASSERT_EQUAL(emu.memory.refusal, REFUSAL_MACHINE);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT, 300, RW, MAP_POPULATE),
			MM_HOST_REFUSED);
	after = mm_dump(&emu.mm);
	CU_ASSERT_STRING_EQUAL(before, after);
	free(before);
	free(after);
	CU_ASSERT_EQUAL(emulation_munmap(&emu, AT, 1000), 0);
	CU_ASSERT_EQUAL(
		emulation_mmap(&emu, AT, 200, RW, MAP_FIXED | MAP_POPULATE),
		AT);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

/* What will be needed is counted by page, not by what might be at worst. */
static void a_machine_gives_its_last_page(void)
{
	struct emulation_setup setup = emulation_defaults();
	struct access_outcome outcome;
	struct emulation emu;
	uint64_t free;

	setup.mem_total_kb = 4 * 256;
	setup.sysctl.overcommit_memory = 1;
	emulation_begin(&emu, &setup);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT, 1000, RW, MAP_FIXED), AT);
	/* Three tables, and the zero page for all that is only read. */
	CU_ASSERT_EQUAL(mm_access(emu.task, AT, PAGES(400), ACCESS_READ,
				  UINT64_MAX, &outcome),
			0);
	CU_ASSERT_EQUAL(emu.machine.nr_anon_pages, 0);
	CU_ASSERT_EQUAL(mm_access(emu.task, AT, PAGES(400), ACCESS_WRITE,
				  UINT64_MAX, &outcome),
			MM_HOST_REFUSED);
	CU_ASSERT_EQUAL(emu.memory.refusal, REFUSAL_MACHINE);
	free = emu.machine.totalram_pages - emu.machine.nr_table_pages;
	/* Tables that are there already are asked for once more. */
	CU_ASSERT_EQUAL(mm_access(emu.task, AT, PAGES(free - 3), ACCESS_WRITE,
				  UINT64_MAX, &outcome),
			0);
	CU_ASSERT_EQUAL(emu.mm.rss_anon, free - 3);
	CU_ASSERT_EQUAL(mm_access(emu.task, AT, PAGES(free), ACCESS_WRITE,
				  UINT64_MAX, &outcome),
			MM_HOST_REFUSED);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

/* What the limits let through is reserved for, also where they say no first. */
static void populated_mappings_are_reserved_for(void)
{
	static const struct {
		uint64_t covered, flags;
	} rows[] = {
		{ 0, MAP_SHARED | MAP_NORESERVE },
		{ 300, MAP_SHARED },
		{ 300, MAP_PRIVATE },
		{ 300, MAP_PRIVATE | MAP_NORESERVE },
	};
	struct emulation_setup setup = emulation_defaults();
	const struct kernel_profile *profile;
	struct emulation emu;
	size_t i, row;
	int64_t ret;

	/* Guesses refuse more than is free; more than half is. */
	setup.mem_total_kb = 4 * 512;
	setup.sysctl.admin_reserve_kbytes = 4 * 400;
	for (i = 0; (profile = kernel_profile_at(i)); i++) {
		for (row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
			setup.profile = profile;
			emulation_begin(&emu, &setup);
			if (rows[row].covered)
				emulation_mmap(&emu, AT, rows[row].covered, RW,
					       MAP_FIXED | MAP_NORESERVE);
			ret = sys_mmap(emu.task, AT, PAGES(300), RW,
				       rows[row].flags | MAP_FIXED |
					       MAP_ANONYMOUS | MAP_POPULATE,
				       NULL, 0);
			CU_ASSERT_TRUE(ret == (int64_t)AT || ret == -MM_ENOMEM);
			/* Shared pages are committed until it is enough. */
			CU_ASSERT_EQUAL(get_mm_rss(&emu.mm) > 0,
					ret == (int64_t)AT);
			CU_ASSERT_PTR_NULL(emulation_end(&emu));
		}
	}
}

CU_TestInfo test_full_account[] = {
	{ "the account limits areas", the_account_limits_areas },
	{ "no call passes the account", no_call_passes_the_account },
	{ "a full account changes what it has",
	  a_full_account_changes_what_it_has },
	{ "a machine without pages refuses", a_machine_without_pages_refuses },
	{ "a machine gives its last page", a_machine_gives_its_last_page },
	{ "populated mappings are reserved for",
	  populated_mappings_are_reserved_for },
	CU_TEST_INFO_NULL,
};
