/* SPDX-License-Identifier: MIT */
/*
 * A life of all operations: repeated from its journal, and against refusals
 */
#include <stdlib.h>
#include <string.h>

#include "core/world/history.h"
#include "tests/core/world_fixture.h"
#include "tests/support/suite.h"

#define NO_FD ((uint64_t)-1)

static void begin_default(struct world_fixture *f)
{
	fixture_begin(f);
	CU_ASSERT_EQUAL_FATAL(fixture_make(f), WORLD_OK);
}

static const char file_name[] = "data.rw";

static const char program[] = "args 1 9 env 0 0\n"
			      "program dyn 1040 /bin/other\n"
			      "r-x 0 0 1234 1234 1000\n"
			      "rw- 2e00 3e00 214 5060 1000\n"
			      "interpreter dyn 40 /lib/ld.so\n"
			      "r-x 0 0 24321 24321 1000\n"
			      "rw- 25000 26000 100 3000 1000\n";

/* Every kind of operation, where each one has something to do. */
static const struct operation life[] = {
	{ .code = OP_FILE_OPEN,
	  .thread = 1,
	  .args = { 3, 20480, FILE_RW },
	  .text = file_name,
	  .text_len = 7 },
	{ .code = OP_FILE_OPEN,
	  .thread = 1,
	  .args = { 4, 4096, FILE_RO },
	  .text = file_name,
	  .text_len = 4 },
	{ .code = OP_FILE_OPEN,
	  .thread = 1,
	  .args = { 5, 4096, FILE_RO },
	  .text = file_name,
	  .text_len = 5 },
	{ .code = OP_BRK, .thread = 1, .args = { 0x680000 } },
	{ .code = OP_MMAP,
	  .thread = 1,
	  .args = { 0, 40960, 3, MAP_PRIVATE | MAP_ANONYMOUS, NO_FD, 0 } },
	{ .code = OP_MMAP,
	  .thread = 1,
	  .args = { 0, 20480, 3, MAP_SHARED, 3, 0 } },
	{ .code = OP_MMAP,
	  .thread = 1,
	  .args = { 0, 8192, 3, MAP_SHARED | MAP_ANONYMOUS, NO_FD, 0 } },
	{ .code = OP_MMAP,
	  .thread = 1,
	  .args = { 0, 40960, 3, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE,
		    NO_FD, 0 } },
	{ .code = OP_THREAD_NEW, .thread = 1 },
	{ .code = OP_ACCESS,
	  .thread = 2,
	  .args = { 0x601000, 0x40000, ACCESS_WRITE, UINT64_MAX } },
	{ .code = OP_ACCESS,
	  .thread = 1,
	  .args = { 0x7fffff000000, 1, ACCESS_WRITE, UINT64_MAX } },
	{ .code = OP_FIND_VMA, .thread = 2, .args = { 0x7ffff7000000 } },
	{ .code = OP_MUNMAP, .thread = 2, .args = { 0x7ffff7ff0000, 8192 } },
	{ .code = OP_MMAP,
	  .thread = 2,
	  .args = { 0x602000, 4096, 1, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
		    NO_FD, 0 } },
	{ .code = OP_BRK, .thread = 2, .args = { 0x610000 } },
	{ .code = OP_MPROTECT,
	  .thread = 1,
	  .args = { 0x603000, 8192, PROT_READ } },
	{ .code = OP_MADVISE,
	  .thread = 1,
	  .args = { 0x604000, 4096, MADV_DONTFORK } },
	{ .code = OP_MLOCK, .thread = 1, .args = { 0x605000, 8192 } },
	{ .code = OP_MLOCK2, .thread = 1, .args = { 0x605000, 8192, 0 } },
	{ .code = OP_MUNLOCK, .thread = 2, .args = { 0x606000, 4096 } },
	{ .code = OP_MSEAL, .thread = 1, .args = { 0x606000, 4096, 0 } },
	{ .code = OP_MREMAP,
	  .thread = 1,
	  .args = { 0x608000, 8192, 40960, MREMAP_MAYMOVE, 0 } },
	{ .code = OP_MINCORE, .thread = 1, .args = { 0x601000, 8192 } },
	{ .code = OP_MSYNC, .thread = 1, .args = { 0x601000, 4096, MS_SYNC } },
	{ .code = OP_REMAP_FILE_PAGES,
	  .thread = 1,
	  .args = { 0x7ffff7ff0000, 4096, 0, 1, 0 } },
	{ .code = OP_MLOCKALL, .thread = 1, .args = { MCL_FUTURE } },
	{ .code = OP_MUNLOCKALL, .thread = 1 },
	{ .code = OP_FORK, .thread = 2 },
	{ .code = OP_ACCESS,
	  .process = 1,
	  .thread = 1,
	  .args = { 0x601000, 0x1000, ACCESS_WRITE, UINT64_MAX } },
	{ .code = OP_FILE_TRUNCATE, .process = 1, .args = { 3, 4096 } },
	{ .code = OP_FORK,
	  .process = 1,
	  .thread = 1,
	  .args = { FORK_SHARE_MM } },
	{ .code = OP_BRK, .process = 2, .thread = 1, .args = { 0x620000 } },
	{ .code = OP_FORK, .process = 2, .thread = 1 },
	{ .code = OP_EXEC,
	  .process = 2,
	  .thread = 1,
	  .text = program,
	  .text_len = sizeof(program) - 1 },
	{ .code = OP_PROCESS_EXIT, .process = 1 },
	{ .code = OP_EXEC,
	  .thread = 2,
	  .text = program,
	  .text_len = sizeof(program) - 1 },
	{ .code = OP_THREAD_NEW, .thread = 1 },
	{ .code = OP_FILE_CLOSE, .thread = 1, .args = { 3 } },
	{ .code = OP_THREAD_EXIT, .thread = 1 },
	{ .code = OP_MUNMAP, .thread = 3, .args = { 0, 0x7ffffffff000 } },
	{ .code = OP_PROCESS_EXIT, .process = 3 },
	{ .code = OP_PROCESS_EXIT, .thread = 2 },
};

#define LIFE_LENGTH (sizeof(life) / sizeof(life[0]))

static void a_journal_replayed_makes_the_same_world(void)
{
	struct world_fixture original, copy;
	struct outcome outcomes[LIFE_LENGTH] = { 0 }, again = { 0 };
	struct journal_cursor cursor;
	struct operation op;
	char *dump, *dump_again;
	size_t i;

	begin_default(&original);
	for (i = 0; i < LIFE_LENGTH - 1; i++)
		CU_ASSERT_EQUAL_FATAL(
			world_apply(original.world, &life[i], &outcomes[i]),
			WORLD_OK);
	begin_default(&copy);
	world_journal_seek(original.world, &cursor, 1);
	for (i = 0; world_journal_next(original.world, &cursor, &op); i++) {
		CU_ASSERT_EQUAL(world_apply(copy.world, &op, &again), WORLD_OK);
		CU_ASSERT_EQUAL(again.seq, outcomes[i].seq);
		CU_ASSERT_EQUAL(again.ret, outcomes[i].ret);
		CU_ASSERT_EQUAL(again.thread, outcomes[i].thread);
		CU_ASSERT_EQUAL(again.process, outcomes[i].process);
	}
	CU_ASSERT_EQUAL(i, LIFE_LENGTH - 1);
	dump = fixture_dump(&original);
	dump_again = fixture_dump(&copy);
	CU_ASSERT_STRING_EQUAL(dump, dump_again);
	free(dump);
	free(dump_again);
	CU_ASSERT_PTR_NULL(fixture_end(&original));
	CU_ASSERT_PTR_NULL(fixture_end(&copy));
}

/*
 * Apply an operation, while the host refuses its first, second, ... request;
 * answer how often that was.
 */
static uint64_t apply_against_refusals(struct world_fixture *f,
				       const struct operation *op)
{
	enum world_status status = WORLD_REFUSED;
	char *before = fixture_dump(f), *after;
	struct outcome out = { 0 };
	uint64_t n;

	for (n = 0; status != WORLD_OK && n < 1000; n++) {
		fail_alloc_after(&f->host, n);
		status = world_apply(f->world, op, &out);
		fail_alloc_never(&f->host);
		if (status == WORLD_OK)
			break;
		CU_ASSERT_EQUAL(status, WORLD_REFUSED);
		CU_ASSERT_EQUAL(f->memory.refusal, REFUSAL_HOST_MEMORY);
		after = fixture_dump(f);
		CU_ASSERT_STRING_EQUAL(before, after);
		free(after);
	}
	CU_ASSERT_EQUAL(status, WORLD_OK);
	free(before);
	return n;
}

static void failing_host_changes_nothing(void)
{
	struct world_fixture f;
	uint64_t refusals = 0;
	size_t i;

	/* Nothing is kept in stock, so that every need becomes a request. */
	begin_default(&f);
	for (i = 0; i < LIFE_LENGTH; i++) {
		memory_deinit(&f.memory);
		refusals += apply_against_refusals(&f, &life[i]);
	}
	CU_ASSERT(refusals > LIFE_LENGTH);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void full_account_changes_nothing(void)
{
	static const uint64_t args[OP_MAX_ARGS] = {
		0, 4096, 1, MAP_PRIVATE | MAP_ANONYMOUS, NO_FD, 0
	};
	struct world_fixture f;
	struct outcome out;

	begin_default(&f);
	f.account.max_areas = f.account.areas;
	CU_ASSERT_EQUAL(fixture_apply(&f, OP_MMAP, args, &out), WORLD_REFUSED);
	CU_ASSERT_EQUAL(f.memory.refusal, REFUSAL_AREAS);
	CU_ASSERT_EQUAL(world_seq(f.world), 0);
	f.account.max_areas++;
	CU_ASSERT_EQUAL(fixture_apply(&f, OP_MMAP, args, &out), WORLD_OK);
	f.account.max_bytes = f.account.bytes;
	CU_ASSERT_EQUAL(fixture_apply(&f, OP_THREAD_NEW, NULL, &out),
			WORLD_REFUSED);
	CU_ASSERT_EQUAL(f.memory.refusal, REFUSAL_BYTES);
	CU_ASSERT_EQUAL(process_nr_threads(fixture_process(&f)), 1);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

CU_TestInfo test_replay[] = {
	{ "a journal replayed makes the same world",
	  a_journal_replayed_makes_the_same_world },
	{ "failing host changes nothing", failing_host_changes_nothing },
	{ "full account changes nothing", full_account_changes_nothing },
	CU_TEST_INFO_NULL,
};
