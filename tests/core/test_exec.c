/* SPDX-License-Identifier: MIT */
/*
 * exec: what it leaves alone, how it fails, what it takes
 */
#include <stdlib.h>
#include <string.h>

#include "tests/core/exec_programs.h"
#include "tests/support/suite.h"

/* ------------------------------------------------------ what is left alone */

static void exec_ends_the_other_threads_and_keeps_files(void)
{
	const uint64_t close[OP_MAX_ARGS] = { 3 };
	const struct operation open = {
		.code = OP_FILE_OPEN,
		.args = { 3, 4096, FILE_RW },
		.text = "data",
		.text_len = 4,
	};
	const struct process *process;
	struct world_fixture f;
	struct outcome out;

	exec_begin(&f, "4.0");
	process = fixture_process(&f);
	CU_ASSERT_EQUAL(world_apply(f.world, &open, &out), WORLD_OK);
	fixture_apply(&f, OP_THREAD_NEW, NULL, &out);
	fixture_apply(&f, OP_THREAD_NEW, NULL, &out);
	CU_ASSERT_EQUAL(exec_as(&f, 3, pie, &out), WORLD_OK);
	CU_ASSERT_EQUAL(out.ret, 0);
	CU_ASSERT_EQUAL(out.thread, 1);
	CU_ASSERT(out.vmacache_calls > 0);
	CU_ASSERT(out.vmacache_hits < out.vmacache_calls);
	CU_ASSERT_EQUAL(process_nr_threads(process), 1);
	CU_ASSERT_PTR_NOT_NULL(process_task(process, 1));
	CU_ASSERT_PTR_NULL(process_task(process, 2));
	CU_ASSERT_PTR_NULL(process_task(process, 3));
	CU_ASSERT_EQUAL(fixture_mm(&f)->mm_users, 1);
	CU_ASSERT_EQUAL(fixture_mm(&f)->rlimits.stack, 8 << 20);
	CU_ASSERT_EQUAL(fixture_mm(&f)->uid, 1000);
	CU_ASSERT_EQUAL(fixture_mm(&f)->vmacache_seqnum,
			process_task(process, 1)->vmacache.seqnum);
	CU_ASSERT_EQUAL(fixture_apply(&f, OP_FILE_CLOSE, close, &out),
			WORLD_OK);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void exec_after_vfork_leaves_the_parents_memory(void)
{
	const uint64_t share[OP_MAX_ARGS] = { FORK_SHARE_MM };
	struct world_fixture f;
	struct operation op;
	struct outcome out;

	exec_begin(&f, "4.0");
	CU_ASSERT_EQUAL(fixture_apply(&f, OP_FORK, share, &out), WORLD_OK);
	op = (struct operation){
		.code = OP_EXEC,
		.process = 1,
		.thread = 1,
		.text = pie,
		.text_len = (uint32_t)strlen(pie),
	};
	CU_ASSERT_EQUAL(world_apply(f.world, &op, &out), WORLD_OK);
	CU_ASSERT_EQUAL(out.ret, 0);
	CU_ASSERT_EQUAL(fixture_mm(&f)->map_count, 5);
	CU_ASSERT_EQUAL(fixture_mm(&f)->mm_users, 1);
	CU_ASSERT_EQUAL(process_mm(world_process(f.world, 1))->map_count, 12);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

/* A program that is mapped already is the same file, and its page cache. */
static void the_same_path_is_the_same_file(void)
{
	const struct vm_file *file;
	struct world_fixture f;
	struct outcome out;

	exec_begin(&f, "4.0");
	CU_ASSERT_EQUAL(exec_text(&f, pie).ret, 0);
	file = fixture_area(&f, 0x7ffff7fca000)->vm_file;
	CU_ASSERT_EQUAL(fixture_apply(&f, OP_FORK, NULL, &out), WORLD_OK);
	CU_ASSERT_EQUAL(exec_text(&f, interpreted).ret, 0);
	CU_ASSERT_PTR_EQUAL(fixture_area(&f, 0x7ffff7fca000)->vm_file, file);
	CU_ASSERT_EQUAL(file->size, 0x31900 + 0x2810);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

/* ----------------------------------------------------------------- errors */

#define ONE_SEGMENT(line) "args 0 0 env 0 0\nprogram exec 401000 /p/x\n" line

struct error_row {
	const char *what, *profile, *program;
	int64_t ret;
	bool alive; /* the old program runs on */
};

static const struct error_row error_rows[] = {
	{ "no segments", "4.0", ONE_SEGMENT(""), -8, true },
	{ "arguments beyond a quarter of the stack's limit", "4.0",
	  "args 1 200000 env 0 0\nprogram exec 401000 /p/x\n"
	  "r-x 0 400000 1000 1000 1000\n",
	  -7, true },
	{ "beyond mmap_min_addr", "4.0",
	  ONE_SEGMENT("r-x 0 1000 1000 1000 1000\n"), -MM_EPERM, false },
	{ "a misaligned offset", "4.0",
	  ONE_SEGMENT("r-x 10 400000 1000 1000 1000\n"), -MM_EINVAL, false },
	{ "more in the file than in memory", "4.0",
	  ONE_SEGMENT("r-x 0 400000 2000 1000 1000\n"), -MM_EINVAL, false },
	{ "beyond user space", "4.0",
	  ONE_SEGMENT("r-x 0 7ffffffff000 1000 1000 1000\n"), -MM_ENOMEM,
	  false },
	{ "a bss beyond user space", "4.0",
	  ONE_SEGMENT("rw- 0 400000 1000 800000000000 1000\n"), -MM_EINVAL,
	  false },
	{ "a bss beyond user space, which comes first", "6.1",
	  ONE_SEGMENT("rw- 0 400000 1000 800000000000 1000\n"), -MM_ENOMEM,
	  false },
	{ "an entry beyond user space", "4.0",
	  "args 0 0 env 0 0\nprogram exec 7ffffffff000 /p/x\n"
	  "r-x 0 400000 1000 1000 1000\n",
	  -MM_EINVAL, false },
	{ "a segment over the stack", "6.12",
	  ONE_SEGMENT("r-x 0 7fffffffe000 1000 1000 1000\n"), -MM_EEXIST,
	  false },
	{ "padding that cannot be cleared", "4.0",
	  ONE_SEGMENT("r-x 0 400000 800 1800 1000\n"), -MM_EFAULT, false },
	{ "an interpreter without segments", "4.0",
	  ONE_SEGMENT("r-x 0 400000 1000 1000 1000\n"
		      "interpreter dyn 0 /ld.so\n"),
	  -MM_EINVAL, false },
};

static void errors_kill_once_there_is_no_way_back(void)
{
	const struct error_row *row;
	struct world_fixture f;
	size_t i;

	for (i = 0; i < sizeof(error_rows) / sizeof(error_rows[0]); i++) {
		row = &error_rows[i];
		exec_begin(&f, row->profile);
		if (exec_text(&f, row->program).ret != row->ret)
			CU_FAIL(row->what);
		CU_ASSERT_EQUAL(process_is_alive(fixture_process(&f)),
				row->alive);
		if (!row->alive)
			CU_ASSERT_EQUAL(world_machine(f.world)->committed_as,
					0);
		CU_ASSERT_PTR_NULL(fixture_end(&f));
	}
}

static void padding_of_a_constant_segment_is_no_error_any_more(void)
{
	struct world_fixture f;

	exec_begin(&f, "6.12");
	CU_ASSERT_EQUAL(
		exec_text(&f, ONE_SEGMENT("r-x 0 400000 800 1800 1\n")).ret, 0);
	CU_ASSERT_EQUAL(fixture_area(&f, 0x401000)->vm_flags &
				(VM_READ | VM_WRITE | VM_EXEC),
			VM_READ | VM_WRITE | VM_EXEC);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

/* What the old program had committed is there for the new one. */
static void the_old_memory_is_given_back_first(void)
{
	const uint64_t map[OP_MAX_ARGS] = {
		0, 400 << 10, 3, MAP_PRIVATE | MAP_ANONYMOUS, (uint64_t)-1, 0
	};
	struct world_fixture f;
	struct outcome out;

	fixture_begin(&f);
	f.setup.sysctl.overcommit_memory = 2;
	f.setup.sysctl_given = 1 << SYSCTL_OVERCOMMIT_MEMORY;
	f.setup.mem_total_kb = 1400;
	CU_ASSERT_EQUAL_FATAL(fixture_make(&f), WORLD_OK);
	CU_ASSERT_EQUAL(fixture_apply(&f, OP_MMAP, map, &out), WORLD_OK);
	CU_ASSERT(out.ret > 0);
	CU_ASSERT_EQUAL(fixture_apply(&f, OP_MMAP, map, &out), WORLD_OK);
	CU_ASSERT_EQUAL(out.ret, -MM_ENOMEM);
	CU_ASSERT_EQUAL(exec_text(&f, pie).ret, 0);
	CU_ASSERT_EQUAL(fixture_apply(&f, OP_MMAP, map, &out), WORLD_OK);
	CU_ASSERT(out.ret > 0);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

/* ------------------------------------------------------------------ seeds */

struct seed_row {
	const char *profile;
	uint64_t brk_room; /* how far from the bss the break may be */
	bool vdso_is_last; /* above the stack */
};

static const struct seed_row seed_rows[] = {
	{ "5.10", 32 << 20, true },
	{ "6.1", 1 << 30, true },
	{ "6.12", 1 << 30, false },
};

/* Fills @maps; what moves, moves within what real kernels were seen to do. */
static void exec_with_seed(const struct seed_row *row, uint64_t seed,
			   char *maps)
{
	const struct mm_struct *mm;
	struct world_fixture f;

	fixture_begin(&f);
	f.setup.profile =
		kernel_profile_find(row->profile, strlen(row->profile));
	f.setup.seed = seed;
	CU_ASSERT_EQUAL_FATAL(fixture_make(&f), WORLD_OK);
	CU_ASSERT_EQUAL(exec_text(&f, pie).ret, 0);
	mm = fixture_mm(&f);
	CU_ASSERT(mm->start_code >= 0x555555555000);
	CU_ASSERT(mm->start_code < 0x555555555000 + (1ULL << 40));
	CU_ASSERT(mm->start_brk > mm->end_data);
	CU_ASSERT(mm->start_brk < mm->end_data + row->brk_room + (1 << 20));
	CU_ASSERT(mm->mmap_base < 0x7ffff7fff000);
	CU_ASSERT(mm->start_stack < mm->arg_start);
	CU_ASSERT(mm->start_stack > mm->arg_start - 8192 - 1024);
	CU_ASSERT_EQUAL(mm->mmap_tail->vm_special == VM_SPECIAL_VDSO,
			row->vdso_is_last);
	strcpy(maps, short_maps(&f));
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void seeds_move_everything_and_repeat(void)
{
	char first[4096], again[4096];
	uint64_t seed;
	size_t i;

	for (i = 0; i < sizeof(seed_rows) / sizeof(seed_rows[0]); i++) {
		for (seed = 1; seed < 20; seed++) {
			exec_with_seed(&seed_rows[i], seed, first);
			exec_with_seed(&seed_rows[i], seed, again);
			CU_ASSERT_STRING_EQUAL(first, again);
		}
		exec_with_seed(&seed_rows[i], 20, again);
		CU_ASSERT_STRING_NOT_EQUAL(first, again);
	}
}

static void a_failing_host_leaves_the_old_program(void)
{
	struct world_fixture f;
	struct outcome out;
	char *before, *after;
	uint64_t n;

	fixture_begin(&f);
	f.setup.profile = kernel_profile_find("6.12", 4);
	f.setup.seed = 7;
	CU_ASSERT_EQUAL_FATAL(fixture_make(&f), WORLD_OK);
	before = fixture_dump(&f);
	for (n = 0; n < 1000; n++) {
		memory_deinit(&f.memory);
		fail_alloc_after(&f.host, n);
		if (exec_as(&f, 1, aligned_static_pie, &out) == WORLD_OK)
			break;
		fail_alloc_never(&f.host);
		after = fixture_dump(&f);
		CU_ASSERT_STRING_EQUAL(before, after);
		free(after);
	}
	fail_alloc_never(&f.host);
	CU_ASSERT(n > 20);
	CU_ASSERT(n < 1000);
	free(before);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

/* ------------------------------------------------------------------- text */

static const char *const texts[] = {
	static_program,
	static_pie,
	pie,
	interpreted,
	aligned_static_pie,
	aligned_pie,
	"args 1 2 env 0 0 stack rwx\nprogram exec 0 p\n",
};

static void descriptions_come_back_as_they_were(void)
{
	static struct exec_setup setup;
	static char again[EXEC_TEXT_MAX + 1];
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		CU_ASSERT_PTR_NULL_FATAL(
			exec_setup_read(texts[i], strlen(texts[i]), &setup));
		again[exec_setup_write(&setup, again)] = '\0';
		CU_ASSERT_STRING_EQUAL(again, texts[i]);
	}
	CU_ASSERT(setup.executable_stack);
}

/* Any description that is cut short or has a wrong byte is refused or read. */
static void cut_descriptions_are_refused(void)
{
	static struct exec_setup setup;
	size_t len;

	for (len = 0; len < strlen("args 1 9 env 1 4\nprogram dyn 1040 ");
	     len++)
		CU_ASSERT_PTR_NOT_NULL(exec_setup_read(pie, len, &setup));
}

static const char *const bad_texts[] = {
	"args 1 2 env 0\nprogram exec 0 p\n",
	"args 1 0 env 0 0\nprogram exec 0 p\n",
	"args 1 2000001 env 0 0\nprogram exec 0 p\n",
	"args 1 2 env 0 0 \nprogram exec 0 p\n",
	"args 1 2 env 0 0\nr-x 0 0 0 0 0\n",
	"args 1 2 env 0 0\nprogram elf 0 p\n",
	"args 1 2 env 0 0\nprogram exec 0 \n",
	"args 1 2 env 0 0\nprogram exec 10000000000000000 p\n",
	"args 1 2 env 0 0\nprogram exec 0 p\nrwx 0 0 0 0\n",
	"args 1 2 env 0 0\nprogram exec 0 p\nxwr 0 0 0 0 0\n",
	"args 1 2 env 0 0\nprogram exec 0 p\nprogram exec 0 p\n",
	"args 1 2 env 0 0\ninterpreter exec 0 p\n",
};

static void wrong_descriptions_are_refused(void)
{
	static struct exec_setup setup;
	size_t i;

	for (i = 0; i < sizeof(bad_texts) / sizeof(bad_texts[0]); i++)
		if (!exec_setup_read(bad_texts[i], strlen(bad_texts[i]),
				     &setup))
			CU_FAIL(bad_texts[i]);
}

CU_TestInfo test_exec[] = {
	{ "exec ends the other threads and keeps files",
	  exec_ends_the_other_threads_and_keeps_files },
	{ "exec after vfork leaves the parent's memory",
	  exec_after_vfork_leaves_the_parents_memory },
	{ "the same path is the same file", the_same_path_is_the_same_file },
	{ "errors kill once there is no way back",
	  errors_kill_once_there_is_no_way_back },
	{ "padding of a constant segment is no error any more",
	  padding_of_a_constant_segment_is_no_error_any_more },
	{ "the old memory is given back first",
	  the_old_memory_is_given_back_first },
	{ "seeds move everything and repeat",
	  seeds_move_everything_and_repeat },
	{ "a failing host leaves the old program",
	  a_failing_host_leaves_the_old_program },
	{ "descriptions come back as they were",
	  descriptions_come_back_as_they_were },
	{ "cut descriptions are refused", cut_descriptions_are_refused },
	{ "wrong descriptions are refused", wrong_descriptions_are_refused },
	CU_TEST_INFO_NULL,
};
