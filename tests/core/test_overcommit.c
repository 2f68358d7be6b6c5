/* SPDX-License-Identifier: MIT */
/* How much may be committed: behaviours L26 to L30, to the page. */
#include "tests/support/emulation.h"
#include "tests/support/suite.h"

#define TOTAL       (1 << 18) /* pages: 1 GiB */
#define KB_PER_PAGE 4

static struct emulation_setup machine_of(uint64_t mode, uint32_t uid)
{
	struct emulation_setup setup = emulation_defaults();

	setup.mem_total_kb = TOTAL * KB_PER_PAGE;
	setup.sysctl.overcommit_memory = mode;
	setup.sysctl.admin_reserve_kbytes = 100 * KB_PER_PAGE;
	setup.sysctl.user_reserve_kbytes = 0;
	setup.uid = uid;
	return setup;
}

/* The last size that is allowed is @pages. */
static void check_limit(const struct emulation_setup *setup, uint64_t pages)
{
	struct emulation emu;

	emulation_begin(&emu, setup);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT, pages + 1, RW, MAP_FIXED),
			-MM_ENOMEM);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 0);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT, pages, RW, MAP_FIXED), AT);
	CU_ASSERT_EQUAL(emu.machine.committed_as, pages);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));

	emulation_begin(&emu, setup);
	CU_ASSERT_EQUAL(sys_brk(emu.task, EMULATION_BRK + PAGES(pages + 1)),
			EMULATION_BRK);
	CU_ASSERT_EQUAL(sys_brk(emu.task, EMULATION_BRK + PAGES(pages)),
			(int64_t)(EMULATION_BRK + PAGES(pages)));
	CU_ASSERT_PTR_NULL(emulation_end(&emu));

	emulation_begin(&emu, setup);
	CU_ASSERT_EQUAL(sys_mmap(emu.task, AT, PAGES(pages + 1), PROT_READ,
				 MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, NULL,
				 0),
			-MM_ENOMEM);
	CU_ASSERT_EQUAL(emu.mm.map_count, 0);
	CU_ASSERT_EQUAL(sys_mmap(emu.task, AT, PAGES(pages), PROT_READ,
				 MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, NULL,
				 0),
			AT);
	CU_ASSERT_EQUAL(emu.machine.committed_as, pages);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void l26_mode_0_one_request_must_fit_free_memory(void)
{
	struct emulation_setup setup = machine_of(0, 0);
	struct emulation emu;

	check_limit(&setup, TOTAL - 1);
	setup = machine_of(0, 1000);
	check_limit(&setup, TOTAL - 100 - 1);

	/* One by one, more than there is. */
	emulation_begin(&emu, &setup);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT, TOTAL / 2, RW, MAP_FIXED), AT);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT + PAGES(TOTAL), TOTAL / 2, RW,
				       MAP_FIXED),
			AT + PAGES(TOTAL));
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT + PAGES(2 * TOTAL), TOTAL / 2,
				       RW, MAP_FIXED),
			AT + PAGES(2 * TOTAL));
	/* What is in use is not free. */
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, TOTAL - 101, RW, 0) > 0, true);
	emulation_write(&emu, AT);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, TOTAL - 101, RW, 0),
			-MM_ENOMEM);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, TOTAL - 102, RW, 0) > 0, true);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void l27_mode_1_anything_goes(void)
{
	struct emulation_setup setup = machine_of(1, 1000);
	struct emulation emu;

	emulation_begin(&emu, &setup);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT, 100ULL * TOTAL, RW, MAP_FIXED),
			AT);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 100ULL * TOTAL);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void l28_mode_2_the_sum_must_keep_the_limit(void)
{
	struct emulation_setup setup = machine_of(2, 0);

	/* Less than the limit: the last page of it is never given. */
	check_limit(&setup, TOTAL / 2 - 1);
	setup = machine_of(2, 1000);
	check_limit(&setup, TOTAL / 2 - 100 - 1);
	setup.sysctl.overcommit_ratio = 33;
	check_limit(&setup, TOTAL * 33ULL / 100 - 100 - 1);
	setup.sysctl.overcommit_ratio = 150;
	check_limit(&setup, TOTAL * 3 / 2 - 100 - 1);
	/* The value in kB wins, and parts of pages are nothing. */
	setup.sysctl.overcommit_kbytes = 5000 * KB_PER_PAGE + 3;
	check_limit(&setup, 5000 - 100 - 1);
	setup.sysctl.admin_reserve_kbytes = 7;
	check_limit(&setup, 5000 - 1 - 1);
}

static void l28_what_is_committed_adds_up(void)
{
	struct emulation_setup setup = machine_of(2, 0);
	struct emulation emu;

	setup.sysctl.overcommit_kbytes = 100 * KB_PER_PAGE;
	emulation_begin(&emu, &setup);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT, 60, RW, MAP_FIXED), AT);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 40, RW, 0), -MM_ENOMEM);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 39, RW, 0) > 0, true);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 1, RW, 0), -MM_ENOMEM);
	CU_ASSERT_EQUAL(sys_brk(emu.task, EMULATION_BRK + 1), EMULATION_BRK);
	/* What is not accounted needs no room. */
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 1, PROT_READ, 0) > 0, true);
	/* What MAP_FIXED takes away counts as gone. */
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT, 61, RW, MAP_FIXED),
			-MM_ENOMEM);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT, 60, RW, MAP_FIXED), AT);
	/* And what munmap takes away, too. */
	CU_ASSERT_EQUAL(emulation_munmap(&emu, AT, 10), 0);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 89);
	CU_ASSERT_EQUAL(sys_brk(emu.task, EMULATION_BRK + PAGES(10)),
			(int64_t)(EMULATION_BRK + PAGES(10)));
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void l28_a_thirty_second_of_a_process_is_kept_free(void)
{
	struct emulation_setup setup = machine_of(2, 0);
	struct emulation emu;

	setup.sysctl.overcommit_kbytes = 100 * KB_PER_PAGE;
	setup.sysctl.user_reserve_kbytes = 10 * KB_PER_PAGE;
	emulation_begin(&emu, &setup);
	/* total_vm counts before the request, and not what is replaced. */
	emulation_mmap(&emu, AT, 5 * 32 + 31, PROT_NONE, MAP_FIXED);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 95, RW, 0), -MM_ENOMEM);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 94, RW, 0) > 0, true);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));

	/* Never more than user_reserve_kbytes. */
	emulation_begin(&emu, &setup);
	emulation_mmap(&emu, AT, 50 * 32, PROT_NONE, MAP_FIXED);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 90, RW, 0), -MM_ENOMEM);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 89, RW, 0) > 0, true);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void reserves_may_leave_nothing(void)
{
	struct emulation_setup setup = machine_of(2, 1000);
	struct emulation emu;

	setup.sysctl.overcommit_kbytes = 50 * KB_PER_PAGE;
	emulation_begin(&emu, &setup);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 1, RW, 0), -MM_ENOMEM);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 1, PROT_READ, 0) > 0, true);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));

	setup = machine_of(0, 1000);
	setup.mem_total_kb = 50 * KB_PER_PAGE;
	emulation_begin(&emu, &setup);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 1, RW, 0), -MM_ENOMEM);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void l29_noreserve(void)
{
	struct emulation_setup setup = machine_of(0, 0);
	struct emulation emu;

	emulation_begin(&emu, &setup);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT, 10 * TOTAL, RW,
				       MAP_FIXED | MAP_NORESERVE),
			AT);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 0);
	CU_ASSERT_TRUE(emu.mm.mmap->vm_flags & VM_NORESERVE);
	/* L30 */
	CU_ASSERT_EQUAL(emulation_write(&emu, AT + PAGES(5)),
			ACCESS_FAULT_MINOR);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 0);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));

	setup = machine_of(2, 0);
	emulation_begin(&emu, &setup);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT, 10 * TOTAL, RW,
				       MAP_FIXED | MAP_NORESERVE),
			-MM_ENOMEM);
	CU_ASSERT_EQUAL(
		emulation_mmap(&emu, AT, 10, RW, MAP_FIXED | MAP_NORESERVE),
		AT);
	CU_ASSERT_FALSE(emu.mm.mmap->vm_flags & VM_NORESERVE);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 10);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

/* Pages of files on a tmpfs, and of shared memory without reservation. */
static void pages_that_are_committed_as_they_come(void)
{
	struct emulation_setup setup = machine_of(2, 0);
	struct emulation emu;
	struct vm_file *file;

	setup.sysctl.overcommit_kbytes = 5 * KB_PER_PAGE;
	emulation_begin(&emu, &setup);
	file = emulation_file(&emu, 8);
	sys_mmap(emu.task, AT, PAGES(8), RW, MAP_SHARED | MAP_FIXED, file, 0);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 0);
	CU_ASSERT_EQUAL(emulation_write(&emu, AT), ACCESS_FAULT_MINOR);
	CU_ASSERT_EQUAL(emulation_write(&emu, AT + PAGES(1)),
			ACCESS_FAULT_MINOR);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 2);
	emulation_write(&emu, AT + PAGES(2));
	emulation_write(&emu, AT + PAGES(3));
	/* No room is no memory, and that is a SIGBUS. */
	CU_ASSERT_EQUAL(emulation_write(&emu, AT + PAGES(4)),
			ACCESS_FAULT_SIGBUS);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 4);
	/* They stay until the file goes. */
	emulation_munmap(&emu, AT, 8);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 4);
	vm_file_put(file);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 0);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));

	setup = machine_of(0, 0);
	emulation_begin(&emu, &setup);
	sys_mmap(emu.task, AT, PAGES(8), RW,
		 MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, NULL,
		 0);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 0);
	emulation_write(&emu, AT);
	emulation_write(&emu, AT + PAGES(1));
	CU_ASSERT_EQUAL(emu.machine.committed_as, 2);
	emulation_munmap(&emu, AT, 8);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 0);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

/* Seen on a real 4.0: what goes in a call is given back when it returns. */
static void l28_a_shared_object_is_given_back_after_the_call(void)
{
	struct emulation_setup setup = machine_of(2, 1000);
	const uint64_t half = TOTAL * 50 / 100, pages = half / 2;
	struct emulation emu;

	emulation_begin(&emu, &setup);
	CU_ASSERT_EQUAL(sys_mmap(emu.task, AT, PAGES(pages), PROT_READ,
				 MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, NULL,
				 0),
			AT);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT, pages, RW, MAP_FIXED),
			-MM_ENOMEM);
	CU_ASSERT_EQUAL(emu.mm.map_count, 0);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 0);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT, pages, RW, MAP_FIXED), AT);
	CU_ASSERT_EQUAL(emu.machine.committed_as, pages);

	/* What is private is given back as it goes. */
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT, pages, RW, MAP_FIXED), AT);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

CU_TestInfo test_overcommit[] = {
	{ "L26 mode 0: one request must fit free memory",
	  l26_mode_0_one_request_must_fit_free_memory },
	{ "L27 mode 1: anything goes", l27_mode_1_anything_goes },
	{ "L28 mode 2: the sum must keep the limit",
	  l28_mode_2_the_sum_must_keep_the_limit },
	{ "L28 what is committed adds up", l28_what_is_committed_adds_up },
	{ "L28 a thirty-second of a process is kept free",
	  l28_a_thirty_second_of_a_process_is_kept_free },
	{ "reserves may leave nothing", reserves_may_leave_nothing },
	{ "L28 a shared object is given back after the call",
	  l28_a_shared_object_is_given_back_after_the_call },
	{ "L29 L30 NORESERVE", l29_noreserve },
	{ "pages that are committed as they come",
	  pages_that_are_committed_as_they_come },
	CU_TEST_INFO_NULL,
};
