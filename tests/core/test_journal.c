/* SPDX-License-Identifier: MIT */
/*
 * The encoding of operations, and the journal that keeps them
 */
#include "core/world/journal.h"

#include <stdlib.h>
#include <string.h>

#include "core/world/operation_codec.h"
#include "tests/core/world_fixture.h"
#include "tests/support/suite.h"

/* What a seeded generator draws; the numbers repeat in every run. */
static uint64_t draw(uint64_t *state)
{
	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	return *state >> 33;
}

static void check_round_trip(const struct operation *op)
{
	uint8_t bytes[256];
	const uint8_t *end;
	struct operation back;
	size_t size = operation_encoded_size(op);
	int i;

	CU_ASSERT_FATAL(size <= sizeof(bytes));
	CU_ASSERT_PTR_EQUAL(operation_encode(op, bytes), bytes + size);
	end = operation_decode(bytes, &back);
	CU_ASSERT_PTR_EQUAL(end, bytes + size);
	CU_ASSERT_EQUAL(back.code, op->code);
	CU_ASSERT_EQUAL(back.process, op->process);
	CU_ASSERT_EQUAL(back.thread, op->thread);
	for (i = 0; i < OP_MAX_ARGS; i++)
		CU_ASSERT_EQUAL(back.args[i], op->args[i]);
	CU_ASSERT_EQUAL_FATAL(back.text_len, op->text_len);
	if (op->text_len)
		CU_ASSERT_FALSE(memcmp(back.text, op->text, op->text_len));
}

/* The arguments of a call, which are whole but for those that are an int. */
struct call_shape {
	enum op_code code;
	int nr_args;
	int int_arg; /* its index, -1: none */
};

static const struct call_shape calls[] = {
	{ OP_MPROTECT, 3, -1 },
	{ OP_MREMAP, 5, -1 },
	{ OP_MLOCK, 2, -1 },
	{ OP_MLOCK2, 3, 2 },
	{ OP_MUNLOCK, 2, -1 },
	{ OP_MLOCKALL, 1, 0 },
	{ OP_MUNLOCKALL, 0, -1 },
	{ OP_MADVISE, 3, 2 },
	{ OP_MINCORE, 2, -1 },
	{ OP_MSYNC, 3, 2 },
	{ OP_REMAP_FILE_PAGES, 5, -1 },
	{ OP_MSEAL, 3, -1 },
	{ OP_FORK, 1, -1 },
	{ OP_FILE_TRUNCATE, 2, 0 },
};

/* Each argument takes each value, next to another one. */
static void check_call(const struct call_shape *call, const uint64_t *values,
		       size_t nr_values)
{
	struct operation op = { .code = call->code, .thread = 2 };
	size_t i;
	int arg;

	for (i = 0; i < nr_values; i++) {
		for (arg = 0; arg < call->nr_args; arg++)
			op.args[arg] = values[(i + (size_t)arg) % nr_values];
		if (call->int_arg >= 0)
			op.args[call->int_arg] = i % 2 ? i : (uint64_t)-1 - i;
		check_round_trip(&op);
	}
}

static void every_operation_comes_back_as_it_was(void)
{
	static const uint64_t values[] = { 0,          1,          0x7f,
					   0x80,       0x1000,     0x3fff,
					   0x4000,     0x601234,   1ULL << 31,
					   1ULL << 32, 1ULL << 63, UINT64_MAX };
	const struct operation ops[] = {
		{ .code = OP_THREAD_NEW, .thread = 1 },
		{ .code = OP_THREAD_EXIT, .thread = UINT32_MAX },
		{ .code = OP_PROCESS_EXIT, .thread = 0, .process = UINT32_MAX },
		{ .code = OP_FILE_OPEN,
		  .thread = 1,
		  .args = { INT32_MAX, UINT64_MAX, FILE_WO },
		  .text = "a\0b",
		  .text_len = 3 },
		{ .code = OP_EXEC, .thread = 1, .text = "args", .text_len = 4 },
		{ .code = OP_FILE_CLOSE,
		  .thread = 3,
		  .process = 128,
		  .args = { 0 } },
		{ .code = OP_MMAP,
		  .thread = 1,
		  .args = { 0x7f0000000000, 0x1000, 3, 0x22, UINT64_MAX, 0 } },
	};
	struct operation op;
	size_t i;

	for (i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
		check_round_trip(&ops[i]);
	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		check_call(&calls[i], values, sizeof(values) / sizeof(*values));
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		op = (struct operation){ .code = OP_BRK,
					 .thread = 1,
					 .args = { values[i] } };
		check_round_trip(&op);
		op = (struct operation){ .code = OP_ACCESS,
					 .thread = 2,
					 .args = { values[i], values[i],
						   values[i], values[i] } };
		check_round_trip(&op);
		op = (struct operation){ .code = OP_MMAP,
					 .thread = 1,
					 .args = { values[i], values[i],
						   values[i], values[i], 7,
						   values[i] } };
		check_round_trip(&op);
	}
}

static void descriptors_are_cut_to_an_int(void)
{
	struct operation op = { .code = OP_MMAP, .thread = 1 }, back;
	uint8_t bytes[64];

	op.args[4] = 0xffffffffULL;
	operation_encode(&op, bytes);
	operation_decode(bytes, &back);
	CU_ASSERT_EQUAL(back.args[4], UINT64_MAX);
	op.args[4] = 0x10000000aULL;
	operation_encode(&op, bytes);
	operation_decode(bytes, &back);
	CU_ASSERT_EQUAL(back.args[4], 10);
}

static void usual_operations_are_short(void)
{
	const struct operation mmap = {
		.code = OP_MMAP,
		.thread = 1,
		.args = { 0, 8192, 3, 0x22, UINT64_MAX, 0 },
	};
	const struct operation munmap = { .code = OP_MUNMAP,
					  .thread = 1,
					  .args = { 0x7ffff7fe0000, 8192 } };
	const struct operation touch = {
		.code = OP_ACCESS,
		.thread = 1,
		.args = { 0x601000, 1, ACCESS_WRITE, UINT64_MAX },
	};

	CU_ASSERT_EQUAL(operation_encoded_size(&mmap), 8);
	CU_ASSERT_EQUAL(operation_encoded_size(&munmap), 8);
	CU_ASSERT_EQUAL(operation_encoded_size(&touch), 8);
}

/* --------------------------------------------------------------- journal */

/* The n-th of an endless list of operations of very different lengths. */
static struct operation nth_operation(uint64_t n)
{
	static char name[FILE_PATH_MAX];
	uint64_t state = n * 977 + 1;
	struct operation op = { .thread = 1 };

	memset(name, 'n', sizeof(name));
	op.code = draw(&state) % 50 ? OP_BRK : OP_FILE_OPEN;
	op.thread = 1 + (uint32_t)(n % 3);
	op.args[0] = op.code == OP_BRK ? draw(&state) << draw(&state) % 32 : n;
	if (op.code == OP_FILE_OPEN) {
		op.text = name;
		op.text_len = (uint32_t)(1 + draw(&state) % FILE_PATH_MAX);
	}
	return op;
}

/* The journal holds exactly the operations @first to @last. */
static void check_journal(const struct journal *journal, uint64_t first,
			  uint64_t last)
{
	struct journal_cursor cursor = { 0 };
	struct operation op, expected;
	uint64_t n;

	CU_ASSERT_EQUAL(journal->count, last - first + 1);
	for (n = first; n <= last; n++) {
		expected = nth_operation(n);
		CU_ASSERT_FATAL(journal_next(journal, &cursor, &op));
		CU_ASSERT_EQUAL(op.code, expected.code);
		CU_ASSERT_EQUAL(op.thread, expected.thread);
		CU_ASSERT_EQUAL(op.args[0], expected.args[0]);
		CU_ASSERT_EQUAL(op.text_len, expected.text_len);
	}
	CU_ASSERT_FALSE(journal_next(journal, &cursor, &op));
}

static void append(struct journal *journal, struct memory *memory, uint64_t n)
{
	struct operation op = nth_operation(n);

	CU_ASSERT_EQUAL_FATAL(journal_prepare(journal, memory, &op), WORLD_OK);
	journal_commit(journal);
}

/* Behind its @nr-th operation. */
static struct journal_cursor place_behind(const struct journal *journal,
					  uint64_t nr)
{
	struct journal_cursor cursor = { 0 };
	struct operation op;

	while (nr--)
		CU_ASSERT_FATAL(journal_next(journal, &cursor, &op));
	return cursor;
}

static void what_is_dropped_is_the_oldest_or_the_newest(void)
{
	static const uint64_t keeps[] = { 0, 1, 2, 7, 100, 1000, 2999, 3000 };
	struct journal_cursor place;
	struct world_fixture f;
	struct journal journal;
	uint64_t n, keep;
	size_t i;

	for (i = 0; i < sizeof(keeps) / sizeof(keeps[0]); i++) {
		keep = keeps[i];
		fixture_begin(&f);
		journal_init(&journal, HISTORY_MAX);
		CU_ASSERT_EQUAL(f.account.bytes, 0);
		for (n = 1; n <= 3000; n++)
			append(&journal, &f.memory, n);
		check_journal(&journal, 1, 3000);

		place = place_behind(&journal, 3000 - keep);
		journal_drop_before(&journal, &f.memory, &place, 3000 - keep);
		CU_ASSERT_EQUAL(f.account.bytes, journal.bytes);
		check_journal(&journal, 3001 - keep, 3000);
		place = place_behind(&journal, keep / 2);
		journal_drop_behind(&journal, &f.memory, &place,
				    keep - keep / 2);
		CU_ASSERT_EQUAL(f.account.bytes, journal.bytes);
		check_journal(&journal, 3001 - keep, 3000 - keep + keep / 2);

		for (n = 3001 - keep + keep / 2; n <= 3100; n++)
			append(&journal, &f.memory, n);
		check_journal(&journal, 3001 - keep, 3100);
		journal_deinit(&journal, &f.memory);
		CU_ASSERT_PTR_NULL(fixture_end(&f));
	}
}

static void folding_gives_memory_back(void)
{
	static const uint64_t args[OP_MAX_ARGS];
	struct world_fixture f;
	struct outcome out;
	uint64_t most = 0;
	int n;

	fixture_begin(&f);
	f.setup.history = 100;
	CU_ASSERT_EQUAL_FATAL(fixture_make_of(&f, ""), WORLD_OK);
	for (n = 0; n < 30000; n++) {
		fixture_apply(&f, OP_FIND_VMA, args, &out);
		if (most < world_journal_bytes(f.world))
			most = world_journal_bytes(f.world);
	}
	/* Two stretches of the journal, and the states before them. */
	CU_ASSERT(most > 200);
	CU_ASSERT(most <= 2 * JOURNAL_CHUNK + 4 * 2048);
	CU_ASSERT_EQUAL(f.account.journal_bytes, world_journal_bytes(f.world));
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void what_is_not_committed_never_happened(void)
{
	struct world_fixture f;
	struct journal journal;
	struct operation op;
	uint64_t n;

	fixture_begin(&f);
	journal_init(&journal, 50);
	for (n = 1; n <= 500; n++) {
		/* Long and short ones that do not happen, then the real one. */
		op = (struct operation){ .code = OP_FILE_OPEN,
					 .thread = 9,
					 .text = "failed",
					 .text_len = 6 };
		CU_ASSERT_EQUAL(journal_prepare(&journal, &f.memory, &op),
				WORLD_OK);
		op = nth_operation(n + 7);
		CU_ASSERT_EQUAL(journal_prepare(&journal, &f.memory, &op),
				WORLD_OK);
		op = nth_operation(n);
		CU_ASSERT_EQUAL(journal_prepare(&journal, &f.memory, &op),
				WORLD_OK);
		journal_commit(&journal);
		check_journal(&journal, 1, n);
	}
	journal_deinit(&journal, &f.memory);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void journal_of_nothing_takes_no_memory(void)
{
	struct operation op = { .code = OP_BRK, .thread = 1 };
	struct world_fixture f;
	struct journal journal;

	fixture_begin(&f);
	journal_init(&journal, 0);
	CU_ASSERT_EQUAL(journal_prepare(&journal, &f.memory, &op), WORLD_OK);
	journal_commit(&journal);
	CU_ASSERT_EQUAL(journal.count, 0);
	CU_ASSERT_EQUAL(f.account.bytes, 0);
	journal_deinit(&journal, &f.memory);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void full_history_refuses_the_next_operation(void)
{
	static const uint64_t args[OP_MAX_ARGS];
	struct world_fixture f;
	struct outcome out;
	uint64_t n, first, last;

	fixture_begin(&f);
	f.setup.history = HISTORY_ALL;
	CU_ASSERT_EQUAL_FATAL(fixture_make_of(&f, ""), WORLD_OK);
	for (n = 1; n <= HISTORY_MAX; n++)
		if (fixture_apply(&f, OP_FIND_VMA, args, &out) != WORLD_OK)
			break;
	CU_ASSERT_EQUAL(n, HISTORY_MAX + 1);
	CU_ASSERT_EQUAL(fixture_apply(&f, OP_FIND_VMA, args, &out),
			WORLD_HISTORY_FULL);
	CU_ASSERT_EQUAL(world_seq(f.world), HISTORY_MAX);
	world_history(f.world, &first, &last);
	CU_ASSERT_EQUAL(first, 1);
	CU_ASSERT_EQUAL(last, HISTORY_MAX);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void world_tells_which_operations_it_keeps(void)
{
	struct journal_cursor cursor;
	uint64_t args[OP_MAX_ARGS] = { 0 }, first, last, n;
	struct world_fixture f;
	struct operation op;
	struct outcome out;

	fixture_begin(&f);
	f.setup.history = 10;
	CU_ASSERT_EQUAL_FATAL(fixture_make(&f), WORLD_OK);
	world_history(f.world, &first, &last);
	CU_ASSERT_EQUAL(first, 1);
	CU_ASSERT_EQUAL(last, 0);
	for (n = 1; n <= 25; n++) {
		args[0] = n << PAGE_SHIFT;
		CU_ASSERT_EQUAL(fixture_apply(&f, OP_FIND_VMA, args, &out),
				WORLD_OK);
		CU_ASSERT_EQUAL(out.seq, n);
	}
	world_history(f.world, &first, &last);
	CU_ASSERT_EQUAL(first, 16);
	CU_ASSERT_EQUAL(last, 25);
	world_journal_seek(f.world, &cursor, first);
	for (n = 16; n <= 25; n++) {
		CU_ASSERT_FATAL(world_journal_next(f.world, &cursor, &op));
		CU_ASSERT_EQUAL(cursor.seq, n);
		CU_ASSERT_EQUAL(op.args[0], n << PAGE_SHIFT);
	}
	CU_ASSERT_FALSE(world_journal_next(f.world, &cursor, &op));
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

CU_TestInfo test_journal[] = {
	{ "every operation comes back as it was",
	  every_operation_comes_back_as_it_was },
	{ "descriptors are cut to an int", descriptors_are_cut_to_an_int },
	{ "usual operations are short", usual_operations_are_short },
	{ "what is dropped is the oldest or the newest",
	  what_is_dropped_is_the_oldest_or_the_newest },
	{ "folding gives memory back", folding_gives_memory_back },
	{ "what is not committed never happened",
	  what_is_not_committed_never_happened },
	{ "journal of nothing takes no memory",
	  journal_of_nothing_takes_no_memory },
	{ "full history refuses the next operation",
	  full_history_refuses_the_next_operation },
	{ "world tells which operations it keeps",
	  world_tells_which_operations_it_keeps },
	CU_TEST_INFO_NULL,
};
