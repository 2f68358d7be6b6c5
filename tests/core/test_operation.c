/* SPDX-License-Identifier: MIT */
/*
 * world_apply(): every operation, every refusal
 */
#include <stdlib.h>
#include <string.h>

#include "core/world/history.h"
#include "tests/core/world_fixture.h"
#include "tests/support/suite.h"

#define NO_FD ((uint64_t)-1)

static struct outcome apply(struct world_fixture *f, enum op_code code,
			    const uint64_t *args)
{
	struct outcome out;

	CU_ASSERT_EQUAL_FATAL(fixture_apply(f, code, args, &out), WORLD_OK);
	return out;
}

static enum world_status open_file(struct world_fixture *f, int32_t fd,
				   const char *name, enum file_mode mode)
{
	const struct operation op = {
		.code = OP_FILE_OPEN,
		.thread = 1,
		.args = { (uint64_t)fd, 8192, mode },
		.text = name,
		.text_len = (uint32_t)strlen(name),
	};
	struct outcome out;

	return world_apply(f->world, &op, &out);
}

static void begin_default(struct world_fixture *f)
{
	fixture_begin(f);
	CU_ASSERT_EQUAL_FATAL(fixture_make(f), WORLD_OK);
}

static void emulated_refusals_are_answers(void)
{
	static const uint64_t misaligned[OP_MAX_ARGS] = { 1, 4096 };
	static const uint64_t no_file[OP_MAX_ARGS] = { 0,         4096,
						       PROT_READ, MAP_PRIVATE,
						       3,         0 };
	struct world_fixture f;

	begin_default(&f);
	CU_ASSERT_EQUAL(apply(&f, OP_MUNMAP, misaligned).ret, -MM_EINVAL);
	CU_ASSERT_EQUAL(apply(&f, OP_MMAP, no_file).ret, -MM_EBADF);
	CU_ASSERT_EQUAL(world_seq(f.world), 2);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void descriptors_name_files_for_mmap(void)
{
	uint64_t args[OP_MAX_ARGS] = { 0,          8192, PROT_READ | PROT_WRITE,
				       MAP_SHARED, 7,    4096 };
	const uint64_t close[OP_MAX_ARGS] = { 7 };
	const struct vm_area_struct *vma;
	struct world_fixture f;
	uint64_t addr;

	begin_default(&f);
	CU_ASSERT_EQUAL(open_file(&f, 7, "data", FILE_RW), WORLD_OK);
	CU_ASSERT_EQUAL(open_file(&f, 7, "other", FILE_RW), WORLD_FD_TAKEN);
	addr = (uint64_t)apply(&f, OP_MMAP, args).ret;
	vma = fixture_area(&f, addr);
	CU_ASSERT_PTR_NOT_NULL_FATAL(vma);
	CU_ASSERT_PTR_NOT_NULL_FATAL(vma->vm_file);
	CU_ASSERT_FALSE(memcmp(vma->vm_file->path, "/data", 5));
	CU_ASSERT_EQUAL(vma->vm_pgoff, 1);

	/* An int, whatever comes in the upper half; anonymous needs none. */
	args[4] = 0x500000007;
	CU_ASSERT(apply(&f, OP_MMAP, args).ret > 0);
	args[3] = MAP_PRIVATE | MAP_ANONYMOUS;
	addr = (uint64_t)apply(&f, OP_MMAP, args).ret;
	CU_ASSERT_PTR_NULL(fixture_area(&f, addr)->vm_file);

	/* The area keeps the file that the descriptor lets go of. */
	apply(&f, OP_FILE_CLOSE, close);
	args[3] = MAP_SHARED;
	CU_ASSERT_EQUAL(apply(&f, OP_MMAP, args).ret, -MM_EBADF);
	CU_ASSERT_PTR_NOT_NULL(strstr(fixture_maps(&f), "/data"));
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void accesses_say_what_happened(void)
{
	static const uint64_t write[OP_MAX_ARGS] = { 0x7fffffffd000, 1,
						     ACCESS_WRITE, UINT64_MAX };
	static const uint64_t hole[OP_MAX_ARGS] = { 0x123000, 1, ACCESS_READ,
						    UINT64_MAX };
	static const uint64_t text[OP_MAX_ARGS] = { 0x400000, 1, ACCESS_WRITE,
						    UINT64_MAX };
	struct world_fixture f;
	struct outcome out;

	begin_default(&f);
	out = apply(&f, OP_ACCESS, write);
	CU_ASSERT_EQUAL(out.access.fault, ACCESS_FAULT_MINOR);
	CU_ASSERT_EQUAL(out.vmacache_calls, 1);
	CU_ASSERT_EQUAL(out.vmacache_hits, 0);
	CU_ASSERT_EQUAL(apply(&f, OP_ACCESS, write).access.fault,
			ACCESS_FAULT_NONE);
	out = apply(&f, OP_ACCESS, hole);
	CU_ASSERT_EQUAL(out.access.fault, ACCESS_FAULT_SIGSEGV);
	CU_ASSERT_EQUAL(out.access.code, SEGV_MAPERR);
	CU_ASSERT_EQUAL(apply(&f, OP_ACCESS, text).access.code, SEGV_ACCERR);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void lookups_go_through_the_threads_cache(void)
{
	static const uint64_t addr[OP_MAX_ARGS] = { 0x400123 };
	static const uint64_t above[OP_MAX_ARGS] = { TASK_SIZE };
	struct world_fixture f;
	struct outcome out;

	begin_default(&f);
	out = apply(&f, OP_FIND_VMA, addr);
	CU_ASSERT_PTR_EQUAL(out.vma, fixture_area(&f, 0x400000));
	CU_ASSERT_EQUAL(out.vmacache_calls, 1);
	CU_ASSERT_EQUAL(out.vmacache_hits, 0);
	out = apply(&f, OP_FIND_VMA, addr);
	CU_ASSERT_PTR_EQUAL(out.vma, fixture_area(&f, 0x400000));
	CU_ASSERT_EQUAL(out.vmacache_calls, 1);
	CU_ASSERT_EQUAL(out.vmacache_hits, 1);
	CU_ASSERT_EQUAL(apply(&f, OP_FIND_VMA, addr).vmacache_hits, 1);
	CU_ASSERT_PTR_NULL(apply(&f, OP_FIND_VMA, above).vma);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void threads_are_numbered_upwards_and_never_again(void)
{
	struct operation op = { .code = OP_THREAD_EXIT, .thread = 3 };
	struct world_fixture f;
	struct outcome out;

	begin_default(&f);
	CU_ASSERT_EQUAL(apply(&f, OP_THREAD_NEW, NULL).thread, 2);
	CU_ASSERT_EQUAL(apply(&f, OP_THREAD_NEW, NULL).thread, 3);
	CU_ASSERT_EQUAL(world_apply(f.world, &op, &out), WORLD_OK);
	CU_ASSERT_EQUAL(apply(&f, OP_THREAD_NEW, NULL).thread, 4);
	CU_ASSERT_EQUAL(process_nr_threads(fixture_process(&f)), 3);
	CU_ASSERT_PTR_NULL(process_task(fixture_process(&f), 3));
	CU_ASSERT_PTR_NOT_NULL(process_task(fixture_process(&f), 4));
	CU_ASSERT_EQUAL(world_apply(f.world, &op, &out), WORLD_THREAD_UNKNOWN);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void last_thread_takes_the_process_along(void)
{
	struct operation op = { .code = OP_THREAD_EXIT, .thread = 2 };
	struct world_fixture f;
	struct outcome out;

	begin_default(&f);
	CU_ASSERT_EQUAL(open_file(&f, 3, "data", FILE_RO), WORLD_OK);
	apply(&f, OP_THREAD_NEW, NULL);
	apply(&f, OP_THREAD_EXIT, NULL);
	CU_ASSERT(process_is_alive(fixture_process(&f)));
	CU_ASSERT_EQUAL(f.account.processes, 1);
	CU_ASSERT_EQUAL(world_apply(f.world, &op, &out), WORLD_OK);

	CU_ASSERT_FALSE(process_is_alive(fixture_process(&f)));
	CU_ASSERT_PTR_NULL(process_mm(fixture_process(&f)));
	CU_ASSERT_EQUAL(process_nr_threads(fixture_process(&f)), 0);
	CU_ASSERT_EQUAL(f.account.processes, 0);
	CU_ASSERT_EQUAL(f.account.areas, 0);
	CU_ASSERT_EQUAL(world_machine(f.world)->committed_as, 0);
	CU_ASSERT_EQUAL(world_apply(f.world, &op, &out), WORLD_PROCESS_GONE);
	CU_ASSERT_EQUAL(world_seq(f.world), 4);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void process_exit_needs_no_living_thread_of_that_number(void)
{
	struct operation op = { .code = OP_PROCESS_EXIT, .thread = 0 };
	struct world_fixture f;
	struct outcome out;

	begin_default(&f);
	CU_ASSERT_EQUAL(world_apply(f.world, &op, &out), WORLD_OK);
	CU_ASSERT_EQUAL(out.ret, 0);
	CU_ASSERT_EQUAL(world_apply(f.world, &op, &out), WORLD_PROCESS_GONE);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

struct refusal_row {
	struct operation op;
	enum world_status status;
};

static const struct refusal_row refusal_rows[] = {
	{ { .code = 0, .thread = 1 }, WORLD_BAD_PARAM },
	{ { .code = OP_NR_CODES, .thread = 1 }, WORLD_BAD_PARAM },
	{ { .code = OP_BRK, .thread = 2 }, WORLD_THREAD_UNKNOWN },
	{ { .code = OP_BRK, .thread = 0 }, WORLD_THREAD_UNKNOWN },
	{ { .code = OP_BRK, .thread = 1, .process = 1 }, WORLD_PROCESS_GONE },
	{ { .code = OP_ACCESS, .thread = 1, .args = { 0, 0, 0, 0 } },
	  WORLD_BAD_PARAM },
	{ { .code = OP_ACCESS,
	    .thread = 1,
	    .args = { 0, ACCESS_MAX_LENGTH + 1, 0, 0 } },
	  WORLD_BAD_PARAM },
	{ { .code = OP_ACCESS, .thread = 1, .args = { 0, 1, 3, 0 } },
	  WORLD_BAD_PARAM },
	{ { .code = OP_FILE_CLOSE, .thread = 1, .args = { 5 } },
	  WORLD_FD_UNKNOWN },
	{ { .code = OP_MADVISE, .thread = 2 }, WORLD_THREAD_UNKNOWN },
	{ { .code = OP_FORK, .thread = 1, .args = { 2 } }, WORLD_BAD_PARAM },
	{ { .code = OP_FORK, .thread = 2 }, WORLD_THREAD_UNKNOWN },
	{ { .code = OP_FILE_TRUNCATE, .process = 1 }, WORLD_PROCESS_GONE },
	{ { .code = OP_EXEC, .thread = 1, .text = "", .text_len = 0 },
	  WORLD_BAD_PARAM },
	{ { .code = OP_EXEC, .thread = 1, .text = "args", .text_len = 4 },
	  WORLD_BAD_PARAM },
	{ { .code = OP_FILE_OPEN, .thread = 1, .args = { 5, 0, 0 } },
	  WORLD_BAD_PARAM },
	{ { .code = OP_FILE_OPEN,
	    .thread = 1,
	    .args = { 5, 0, 3 },
	    .text = "a",
	    .text_len = 1 },
	  WORLD_BAD_PARAM },
	{ { .code = OP_FILE_OPEN,
	    .thread = 1,
	    .args = { UINT64_MAX, 0, 0 },
	    .text = "a",
	    .text_len = 1 },
	  WORLD_BAD_PARAM },
	{ { .code = OP_FILE_OPEN,
	    .thread = 1,
	    .args = { 5, UINT64_MAX, 0 },
	    .text = "a",
	    .text_len = 1 },
	  WORLD_BAD_PARAM },
};

static void refused_operations_change_nothing(void)
{
	struct world_fixture f;
	struct outcome out;
	char *before, *after;
	size_t i;

	begin_default(&f);
	before = fixture_dump(&f);
	for (i = 0; i < sizeof(refusal_rows) / sizeof(refusal_rows[0]); i++)
		CU_ASSERT_EQUAL(world_apply(f.world, &refusal_rows[i].op, &out),
				refusal_rows[i].status);
	after = fixture_dump(&f);
	CU_ASSERT_STRING_EQUAL(before, after);
	free(before);
	free(after);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void descriptors_have_a_limit(void)
{
	struct world_fixture f;
	int32_t fd;

	begin_default(&f);
	for (fd = DESCRIPTORS_MAX; fd > 0; fd--)
		if (open_file(&f, fd, "data", FILE_RO) != WORLD_OK)
			break;
	CU_ASSERT_EQUAL(fd, 0);
	CU_ASSERT_EQUAL(open_file(&f, 0, "data", FILE_RO), WORLD_FD_LIMIT);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

CU_TestInfo test_operation[] = {
	{ "emulated refusals are answers", emulated_refusals_are_answers },
	{ "descriptors name files for mmap", descriptors_name_files_for_mmap },
	{ "accesses say what happened", accesses_say_what_happened },
	{ "look-ups go through the thread's cache",
	  lookups_go_through_the_threads_cache },
	{ "threads are numbered upwards and never again",
	  threads_are_numbered_upwards_and_never_again },
	{ "last thread takes the process along",
	  last_thread_takes_the_process_along },
	{ "process exit needs no living thread of that number",
	  process_exit_needs_no_living_thread_of_that_number },
	{ "refused operations change nothing",
	  refused_operations_change_nothing },
	{ "descriptors have a limit", descriptors_have_a_limit },
	CU_TEST_INFO_NULL,
};
