/* SPDX-License-Identifier: MIT */
/*
 * Families of processes: fork, sharing an address space, files in common
 */
#include <string.h>

#include "tests/core/world_fixture.h"
#include "tests/support/suite.h"

#define NO_FD ((uint64_t)-1)

/* The default program's data, and its stack's top page. */
#define DATA      0x600000ULL
#define STACK_TOP 0x7fffffffe000ULL

static void begin(struct world_fixture *f)
{
	fixture_begin(f);
	CU_ASSERT_EQUAL_FATAL(fixture_make(f), WORLD_OK);
}

static struct outcome apply_as(struct world_fixture *f, uint32_t process,
			       enum op_code code, const uint64_t *args)
{
	struct operation op = { .code = code, .process = process, .thread = 1 };
	struct outcome out;

	if (args)
		memcpy(op.args, args, sizeof(op.args));
	CU_ASSERT_EQUAL_FATAL(world_apply(f->world, &op, &out), WORLD_OK);
	return out;
}

static uint32_t fork_of(struct world_fixture *f, uint32_t process,
			uint64_t flags)
{
	const uint64_t args[OP_MAX_ARGS] = { flags };
	struct outcome out = apply_as(f, process, OP_FORK, args);

	CU_ASSERT_EQUAL_FATAL(out.ret, (int64_t)out.process + 1);
	return out.process;
}

static void exit_of(struct world_fixture *f, uint32_t process)
{
	apply_as(f, process, OP_PROCESS_EXIT, NULL);
}

static const struct mm_struct *mm_of(const struct world_fixture *f,
				     uint32_t process)
{
	return process_mm(world_process(f->world, process));
}

static enum access_fault touch(struct world_fixture *f, uint32_t process,
			       uint64_t addr, enum access_type type)
{
	const uint64_t args[OP_MAX_ARGS] = { addr, 1, type, UINT64_MAX };

	return apply_as(f, process, OP_ACCESS, args).access.fault;
}

static uint64_t map(struct world_fixture *f, uint32_t process, uint64_t flags,
		    uint64_t fd)
{
	const uint64_t args[OP_MAX_ARGS] = {
		0, 16384, PROT_READ | PROT_WRITE, flags, fd, 0
	};

	return (uint64_t)apply_as(f, process, OP_MMAP, args).ret;
}

static void open_file(struct world_fixture *f, int32_t fd, enum file_mode mode)
{
	const struct operation op = {
		.code = OP_FILE_OPEN,
		.args = { (uint64_t)fd, 16384, mode },
		.text = "data",
		.text_len = 4,
	};
	struct outcome out;

	CU_ASSERT_EQUAL_FATAL(world_apply(f->world, &op, &out), WORLD_OK);
}

/* ------------------------------------------------------------------- fork */

static void a_child_has_areas_pages_and_files_of_its_own(void)
{
	const uint64_t unmap[OP_MAX_ARGS] = { DATA, 4096 };
	const uint64_t close[OP_MAX_ARGS] = { 3 };
	const struct process *process;
	struct world_fixture f;
	uint32_t child;
	int32_t fd = 0;

	begin(&f);
	open_file(&f, 3, FILE_RW);
	child = fork_of(&f, 0, 0);
	CU_ASSERT_EQUAL(child, 1);
	process = world_process(f.world, child);
	CU_ASSERT_EQUAL(process_nr_threads(process), 1);
	CU_ASSERT_PTR_NOT_EQUAL(mm_of(&f, child), mm_of(&f, 0));
	CU_ASSERT_EQUAL(mm_of(&f, child)->map_count, 5);
	CU_ASSERT_EQUAL(mm_of(&f, child)->uid, 1000);
	CU_ASSERT_EQUAL(mm_of(&f, child)->rlimits.stack, 8 << 20);
	CU_ASSERT_EQUAL(mm_of(&f, child)->start_brk, mm_of(&f, 0)->start_brk);
	CU_ASSERT_PTR_NOT_NULL(process_next_file(process, &fd));
	CU_ASSERT_EQUAL(f.account.processes, 2);

	apply_as(&f, child, OP_MUNMAP, unmap);
	CU_ASSERT_EQUAL(mm_of(&f, child)->map_count, 4);
	CU_ASSERT_EQUAL(mm_of(&f, 0)->map_count, 5);
	apply_as(&f, child, OP_FILE_CLOSE, close);
	fd = 0;
	CU_ASSERT_PTR_NOT_NULL(process_next_file(fixture_process(&f), &fd));
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void private_pages_are_copied_on_write_on_both_sides(void)
{
	struct world_fixture f;
	uint32_t child;

	begin(&f);
	CU_ASSERT_EQUAL(touch(&f, 0, DATA, ACCESS_WRITE), ACCESS_FAULT_MINOR);
	child = fork_of(&f, 0, 0);
	CU_ASSERT_EQUAL(touch(&f, child, DATA, ACCESS_READ), ACCESS_FAULT_NONE);
	CU_ASSERT_EQUAL(touch(&f, 0, DATA, ACCESS_WRITE), ACCESS_FAULT_MINOR);
	CU_ASSERT_EQUAL(touch(&f, 0, DATA, ACCESS_WRITE), ACCESS_FAULT_NONE);
	CU_ASSERT_EQUAL(touch(&f, child, DATA, ACCESS_WRITE),
			ACCESS_FAULT_MINOR);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

/* Each order in which a process, its child and its grandchild can end. */
static void families_end_in_any_order(void)
{
	static const uint32_t orders[][3] = {
		{ 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
		{ 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 },
	};
	struct world_fixture f;
	size_t i, j;

	for (i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		begin(&f);
		open_file(&f, 3, FILE_RW);
		map(&f, 0, MAP_SHARED, 3);
		map(&f, 0, MAP_SHARED | MAP_ANONYMOUS, NO_FD);
		touch(&f, 0, DATA, ACCESS_WRITE);
		CU_ASSERT_EQUAL(fork_of(&f, 0, 0), 1);
		touch(&f, 1, DATA, ACCESS_WRITE);
		CU_ASSERT_EQUAL(fork_of(&f, 1, 0), 2);
		touch(&f, 2, STACK_TOP, ACCESS_WRITE);
		for (j = 0; j < 3; j++) {
			CU_ASSERT(process_is_alive(
				world_process(f.world, orders[i][j])));
			exit_of(&f, orders[i][j]);
			CU_ASSERT_EQUAL(f.account.processes, 2 - j);
		}
		CU_ASSERT_EQUAL(f.account.areas, 0);
		CU_ASSERT_PTR_NULL(world_machine(f.world)->mms);
		CU_ASSERT_EQUAL(world_machine(f.world)->committed_as, 0);
		CU_ASSERT_EQUAL(world_machine(f.world)->nr_anon_pages, 0);
		CU_ASSERT_EQUAL(world_machine(f.world)->nr_cache_pages, 0);
		CU_ASSERT_EQUAL(world_machine(f.world)->nr_table_pages, 0);
		CU_ASSERT_PTR_NULL(fixture_end(&f));
	}
}

static void beyond_the_commit_limit_there_is_no_child(void)
{
	struct operation op = { .code = OP_FORK, .thread = 1 };
	struct world_fixture f;
	uint64_t committed;
	struct outcome out;

	fixture_begin(&f);
	f.setup.sysctl.overcommit_memory = 2;
	f.setup.sysctl_given = 1 << SYSCTL_OVERCOMMIT_MEMORY;
	f.setup.mem_total_kb = 1024;
	CU_ASSERT_EQUAL_FATAL(fixture_make(&f), WORLD_OK);
	map(&f, 0, MAP_PRIVATE | MAP_ANONYMOUS, NO_FD);
	committed = world_machine(f.world)->committed_as;
	do {
		CU_ASSERT_EQUAL_FATAL(world_apply(f.world, &op, &out),
				      WORLD_OK);
		if (out.ret > 0)
			committed = world_machine(f.world)->committed_as;
	} while (out.ret > 0);
	CU_ASSERT_EQUAL(out.ret, -MM_ENOMEM);
	CU_ASSERT_EQUAL(world_machine(f.world)->committed_as, committed);
	CU_ASSERT_PTR_NULL(
		world_process(f.world, (uint32_t)f.account.processes));
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void a_full_account_has_no_child(void)
{
	struct operation op = { .code = OP_FORK, .thread = 1 };
	struct world_fixture f;
	struct outcome out;

	begin(&f);
	f.account.max_processes = 1;
	CU_ASSERT_EQUAL(world_apply(f.world, &op, &out), WORLD_REFUSED);
	CU_ASSERT_EQUAL(f.memory.refusal, REFUSAL_PROCESSES);
	f.account.max_processes = 2;
	f.account.max_areas = f.account.areas + 4;
	CU_ASSERT_EQUAL(world_apply(f.world, &op, &out), WORLD_REFUSED);
	CU_ASSERT_EQUAL(f.memory.refusal, REFUSAL_AREAS);
	CU_ASSERT_EQUAL(f.account.processes, 1);
	CU_ASSERT_PTR_NULL(world_process(f.world, 1));
	f.account.max_areas++;
	f.account.max_threads = 1;
	CU_ASSERT_EQUAL(world_apply(f.world, &op, &out), WORLD_REFUSED);
	CU_ASSERT_EQUAL(f.memory.refusal, REFUSAL_THREADS);
	CU_ASSERT_EQUAL(f.account.threads, 1);
	f.account.max_threads = 2;
	CU_ASSERT_EQUAL(world_apply(f.world, &op, &out), WORLD_OK);
	CU_ASSERT_EQUAL(out.process, 1);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void a_host_that_refuses_leaves_the_parent_as_it_was(void)
{
	struct operation op = { .code = OP_FORK, .thread = 1 };
	struct world_digest before, after;
	enum world_status status;
	struct world_fixture f;
	struct outcome out;
	uint64_t n;

	begin(&f);
	touch(&f, 0, DATA, ACCESS_WRITE);
	CU_ASSERT_EQUAL(world_hash(&f.memory, f.world, &before), 0);
	for (n = 0;; n++) {
		memory_deinit(&f.memory);
		fail_alloc_after(&f.host, n);
		status = world_apply(f.world, &op, &out);
		fail_alloc_never(&f.host);
		if (status == WORLD_OK)
			break;
		CU_ASSERT_EQUAL_FATAL(status, WORLD_REFUSED);
		CU_ASSERT_EQUAL(world_hash(&f.memory, f.world, &after), 0);
		CU_ASSERT_EQUAL(before.words[0], after.words[0]);
		CU_ASSERT_EQUAL(before.words[1], after.words[1]);
	}
	CU_ASSERT_TRUE(n > 10);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

/* ------------------------------------------------------- sharing an mm */

static void vfork_shares_the_address_space_until_the_last_one_ends(void)
{
	const uint64_t brk[OP_MAX_ARGS] = { 0x680000 };
	struct operation op = { .code = OP_THREAD_NEW,
				.process = 1,
				.thread = 1 };
	struct world_fixture f;
	struct outcome out;

	begin(&f);
	CU_ASSERT_EQUAL(fork_of(&f, 0, FORK_SHARE_MM), 1);
	CU_ASSERT_PTR_EQUAL(mm_of(&f, 1), mm_of(&f, 0));
	CU_ASSERT_EQUAL(mm_of(&f, 0)->mm_users, 2);
	CU_ASSERT_EQUAL(f.account.processes, 2);
	apply_as(&f, 1, OP_BRK, brk);
	CU_ASSERT_EQUAL(mm_of(&f, 0)->brk, 0x680000);

	/* Threads are numbered, and found, process by process. */
	CU_ASSERT_EQUAL(world_apply(f.world, &op, &out), WORLD_OK);
	CU_ASSERT_EQUAL(out.thread, 2);
	CU_ASSERT_EQUAL(process_nr_threads(world_process(f.world, 1)), 2);
	CU_ASSERT_EQUAL(f.account.threads, 3);
	CU_ASSERT_EQUAL(process_nr_threads(fixture_process(&f)), 1);
	CU_ASSERT_PTR_NULL(process_task(fixture_process(&f), 2));
	CU_ASSERT_PTR_NOT_EQUAL(process_task(fixture_process(&f), 1),
				process_task(world_process(f.world, 1), 1));

	exit_of(&f, 0);
	CU_ASSERT_PTR_NULL(mm_of(&f, 0));
	CU_ASSERT_EQUAL(mm_of(&f, 1)->mm_users, 2);
	CU_ASSERT_EQUAL(mm_of(&f, 1)->map_count, 6);
	exit_of(&f, 1);
	CU_ASSERT_EQUAL(f.account.areas, 0);
	CU_ASSERT_EQUAL(f.account.threads, 0);
	CU_ASSERT_PTR_NULL(world_machine(f.world)->mms);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

/* ------------------------------------------------------------- truncation */

static int64_t truncate_file(struct world_fixture *f, uint32_t process,
			     uint64_t fd, uint64_t size)
{
	const uint64_t args[OP_MAX_ARGS] = { fd, size };

	return apply_as(f, process, OP_FILE_TRUNCATE, args).ret;
}

static void truncation_takes_pages_from_all_processes(void)
{
	struct world_fixture f;
	uint64_t shared, private;

	begin(&f);
	open_file(&f, 3, FILE_RW);
	shared = map(&f, 0, MAP_SHARED, 3);
	private = map(&f, 0, MAP_PRIVATE, 3);
	touch(&f, 0, shared + 8192, ACCESS_WRITE);
	touch(&f, 0, private + 8192, ACCESS_WRITE);
	CU_ASSERT_EQUAL(fork_of(&f, 0, 0), 1);
	CU_ASSERT_EQUAL(touch(&f, 1, shared + 8192, ACCESS_WRITE),
			ACCESS_FAULT_MINOR);

	CU_ASSERT_EQUAL(truncate_file(&f, 1, 3, 4097), 0);
	CU_ASSERT_EQUAL(touch(&f, 0, shared + 8192, ACCESS_READ),
			ACCESS_FAULT_SIGBUS);
	CU_ASSERT_EQUAL(touch(&f, 0, private + 8192, ACCESS_READ),
			ACCESS_FAULT_SIGBUS);
	CU_ASSERT_EQUAL(touch(&f, 1, private + 8192, ACCESS_READ),
			ACCESS_FAULT_SIGBUS);
	CU_ASSERT_EQUAL(touch(&f, 1, shared + 4096, ACCESS_READ),
			ACCESS_FAULT_MINOR);

	CU_ASSERT_EQUAL(truncate_file(&f, 0, 3, 16384), 0);
	CU_ASSERT_EQUAL(touch(&f, 1, shared + 8192, ACCESS_READ),
			ACCESS_FAULT_MINOR);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void truncation_is_refused_as_ftruncate_refuses(void)
{
	struct world_fixture f;

	begin(&f);
	open_file(&f, 3, FILE_RW);
	open_file(&f, 4, FILE_RO);
	CU_ASSERT_EQUAL(truncate_file(&f, 0, 5, 0), -MM_EBADF);
	CU_ASSERT_EQUAL(truncate_file(&f, 0, 4, 0), -MM_EINVAL);
	CU_ASSERT_EQUAL(truncate_file(&f, 0, 3, 1ULL << 63), -MM_EINVAL);
	CU_ASSERT_EQUAL(truncate_file(&f, 0, 0x700000003, INT64_MAX), 0);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

/* ---------------------------------------------------------------- mincore */

static enum world_status mincore(struct world_fixture *f, uint64_t addr,
				 uint8_t *vec, uint64_t room,
				 struct outcome *out)
{
	const struct operation op = { .code = OP_MINCORE,
				      .thread = 1,
				      .args = { addr, 8192 } };

	*out = (struct outcome){ .vec = vec, .vec_size = room };
	return world_apply(f->world, &op, out);
}

static void mincore_fills_the_callers_bytes(void)
{
	uint8_t vec[4] = { 7, 7, 7, 7 };
	struct world_fixture f;
	struct outcome out;

	begin(&f);
	CU_ASSERT_EQUAL(mincore(&f, STACK_TOP - 4096, vec, 4, &out), WORLD_OK);
	CU_ASSERT_EQUAL(out.ret, 0);
	CU_ASSERT_EQUAL(out.vec_size, 2);
	CU_ASSERT_EQUAL(vec[0], 0);
	CU_ASSERT_EQUAL(vec[1], 1);
	CU_ASSERT_EQUAL(vec[2], 7);

	/* Without room the answer is the same, and nothing is written. */
	vec[0] = 7;
	CU_ASSERT_EQUAL(mincore(&f, STACK_TOP - 4096, vec, 1, &out), WORLD_OK);
	CU_ASSERT_EQUAL(out.ret, 0);
	CU_ASSERT_EQUAL(out.vec_size, 0);
	CU_ASSERT_EQUAL(vec[0], 7);
	CU_ASSERT_EQUAL(mincore(&f, 0, NULL, 0, &out), WORLD_OK);
	CU_ASSERT_EQUAL(out.ret, -MM_ENOMEM);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

/* ------------------------------------------------------- types of arguments */

struct cut_row {
	const char *what;
	enum op_code code;
	uint64_t args[OP_MAX_ARGS];
	int64_t ret;
};

/* The upper half of an int is not looked at, that of a long is. */
static const struct cut_row cut_rows[] = {
	{ "advice", OP_MADVISE, { DATA, 4096, 1ULL << 32 | MADV_RANDOM }, 0 },
	{ "msync flags", OP_MSYNC, { DATA, 4096, 1ULL << 32 | MS_ASYNC }, 0 },
	{ "mlockall flags", OP_MLOCKALL, { 1ULL << 32 | MCL_FUTURE }, 0 },
	{ "mlock2 flags", OP_MLOCK2, { DATA, 4096, 1ULL << 32 }, 0 },
	{ "mremap flags",
	  OP_MREMAP,
	  { DATA, 4096, 4096, 1ULL << 32 },
	  -MM_EINVAL },
	{ "prot", OP_MPROTECT, { DATA, 4096, 1ULL << 32 }, -MM_EINVAL },
	{ "mseal flags", OP_MSEAL, { DATA, 4096, 1ULL << 32 }, -MM_EINVAL },
};

static void arguments_are_cut_to_their_types(void)
{
	const struct cut_row *row;
	struct world_fixture f;
	size_t i;

	fixture_begin(&f);
	f.setup.profile = kernel_profile_find("6.12", 4);
	CU_ASSERT_EQUAL_FATAL(fixture_make(&f), WORLD_OK);
	for (i = 0; i < sizeof(cut_rows) / sizeof(cut_rows[0]); i++) {
		row = &cut_rows[i];
		if (apply_as(&f, 0, row->code, row->args).ret != row->ret)
			CU_FAIL(row->what);
	}
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

CU_TestInfo test_fork[] = {
	{ "a child has areas, pages and files of its own",
	  a_child_has_areas_pages_and_files_of_its_own },
	{ "private pages are copied on write on both sides",
	  private_pages_are_copied_on_write_on_both_sides },
	{ "families end in any order", families_end_in_any_order },
	{ "beyond the commit limit there is no child",
	  beyond_the_commit_limit_there_is_no_child },
	{ "a full account has no child", a_full_account_has_no_child },
	{ "a host that refuses leaves the parent as it was",
	  a_host_that_refuses_leaves_the_parent_as_it_was },
	{ "vfork shares the address space until the last one ends",
	  vfork_shares_the_address_space_until_the_last_one_ends },
	{ "truncation takes pages from all processes",
	  truncation_takes_pages_from_all_processes },
	{ "truncation is refused as ftruncate refuses",
	  truncation_is_refused_as_ftruncate_refuses },
	{ "mincore fills the caller's bytes", mincore_fills_the_callers_bytes },
	{ "arguments are cut to their types",
	  arguments_are_cut_to_their_types },
	CU_TEST_INFO_NULL,
};
