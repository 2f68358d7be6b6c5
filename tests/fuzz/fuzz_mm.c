/* SPDX-License-Identifier: MIT */
/*
 * Any bytes are calls: the engine keeps its invariants and leaks nothing
 *
 * The first bytes choose release and settings. Then follow calls: one byte for
 * the call, one for process, thread and whether the host fails meanwhile, then
 * the arguments. Small arguments are one byte, for a place near others; 0xff
 * introduces all eight bytes of a number.
 *
 * A call that the host refuses must have changed nothing, in no process.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/demand.h"
#include "tests/support/emulation.h"
#include "tests/support/mm_dump.h"

#define MAX_CALLS     512
#define MAX_PROCESSES 4
#define MAX_VECTOR    256

/* Without threads: does not exist. */
struct process {
	struct mm_struct mm;
	struct task_struct threads[2];
	unsigned int nr_threads;
};

/* The machine's first process, what was forked, and the file of all. */
struct world {
	struct emulation emu;
	struct process children[MAX_PROCESSES - 1];
	struct vm_file *file;
};

struct input {
	const uint8_t *data;
	size_t size;
};

static uint64_t take_byte(struct input *input)
{
	if (!input->size)
		return 0;
	input->size--;
	return *input->data++;
}

static uint64_t take_number(struct input *input)
{
	uint64_t number = 0;
	int i;

	for (i = 0; i < 8; i++)
		number = number << 8 | take_byte(input);
	return number;
}

/* A page of one of four places, or any number at all. */
static uint64_t take_address(struct input *input, const struct mm_struct *mm)
{
	const uint64_t places[] = { EMULATION_FREE, EMULATION_BRK,
				    mm->mmap_base - (64 << PAGE_SHIFT), 0 };
	uint64_t byte = take_byte(input);

	if (byte == 0xff)
		return take_number(input);
	return places[byte >> 6] + ((byte & 63) << PAGE_SHIFT);
}

static uint64_t take_length(struct input *input)
{
	uint64_t byte = take_byte(input);

	return byte == 0xff ? take_number(input) : byte << PAGE_SHIFT;
}

static const struct kernel_profile *take_profile(struct input *input)
{
	size_t nr = 0;

	while (kernel_profile_at(nr))
		nr++;
	return kernel_profile_at(take_byte(input) % nr);
}

static struct emulation_setup take_settings(struct input *input)
{
	struct emulation_setup setup = emulation_defaults();
	uint64_t bits = take_byte(input);

	setup.profile = take_profile(input);
	setup.uid = bits & 1 ? 0 : 1000;
	setup.sysctl.overcommit_memory = (bits >> 1 & 3) % 3;
	setup.sysctl.legacy_va_layout = bits >> 3 & 1;
	if (bits & 16)
		setup.sysctl.max_map_count = take_byte(input);
	if (bits & 32)
		setup.rlimits.as = take_byte(input) << (PAGE_SHIFT + 2);
	if (bits & 64)
		setup.rlimits.memlock = take_byte(input) << PAGE_SHIFT;
	if (bits & 128)
		setup.mem_total_kb = 1024 + take_byte(input) * 16;
	return setup;
}

static int64_t call_mmap(struct input *input, struct task_struct *task,
			 struct vm_file *file)
{
	uint64_t addr = take_address(input, task->mm);
	uint64_t len = take_length(input), bits = take_byte(input);
	uint64_t flags = take_byte(input);

	/* The low byte as it is, the others by one bit each. */
	flags |= (bits & 0xf8) << 8;
	if (bits & 4)
		flags ^= MAP_FIXED | MAP_ANONYMOUS;
	if (bits & 2)
		flags |= MAP_FIXED_NOREPLACE;
	return sys_mmap(task, addr, len, take_byte(input), flags, file,
			take_length(input));
}

static int64_t call_access(struct input *input, struct task_struct *task)
{
	uint64_t addr = take_address(input, task->mm);
	uint64_t bits = take_byte(input);
	struct access_outcome outcome;

	return mm_access(
		task, addr, 1 + ((bits >> 2) << PAGE_SHIFT), (bits & 3) % 3,
		bits & 2 ? UINT64_MAX : addr + take_length(input), &outcome);
}

static int64_t call_mremap(struct input *input, struct task_struct *task)
{
	uint64_t addr = take_address(input, task->mm);
	uint64_t old_len = take_length(input), new_len = take_length(input);
	uint64_t flags = take_byte(input) & 15;

	return sys_mremap(task, addr, old_len, new_len, flags,
			  take_address(input, task->mm));
}

static int64_t call_mincore(struct input *input, struct task_struct *task)
{
	uint64_t addr = take_address(input, task->mm);
	uint8_t vector[MAX_VECTOR];

	return sys_mincore(task, addr, take_byte(input) << PAGE_SHIFT, vector);
}

static int64_t call_remap_file_pages(struct input *input,
				     struct task_struct *task)
{
	uint64_t addr = take_address(input, task->mm);
	uint64_t len = take_length(input), pgoff = take_byte(input);

	return sys_remap_file_pages(task, addr, len, 0, pgoff,
				    take_byte(input) << 9);
}

static int64_t call_fork(struct world *world, struct task_struct *task)
{
	struct process *child = NULL;
	int64_t ret;
	int i;

	for (i = 0; i < MAX_PROCESSES - 1 && !child; i++)
		if (!world->children[i].nr_threads)
			child = &world->children[i];
	if (!child)
		return 0;
	mm_init(&child->mm, &world->emu.machine);
	ret = dup_mm(task, &child->mm);
	if (ret) {
		exit_mmap(&child->mm);
		return ret;
	}
	memset(child->threads, 0, sizeof(child->threads));
	child->threads[0].tid = 1;
	mm_add_task(&child->mm, &child->threads[0], NULL);
	child->nr_threads = 1;
	return 0;
}

static void call_clone(struct world *world, struct process *child,
		       struct task_struct *task)
{
	struct task_struct *thread;

	if (!child) {
		if (world->emu.nr_threads < EMULATION_THREADS)
			emulation_clone(&world->emu, task);
		return;
	}
	if (child->nr_threads == 2)
		return;
	thread = &child->threads[child->nr_threads++];
	thread->tid = child->nr_threads;
	mm_add_task(&child->mm, thread, task);
}

static void end_process(struct process *process)
{
	if (!process || !process->nr_threads)
		return;
	while (process->mm.tasks)
		mm_remove_task(process->mm.tasks);
	exit_mmap(&process->mm);
	process->nr_threads = 0;
}

/* Calls with a range, and at most something about it. */
static int64_t call_on_range(struct input *input, struct task_struct *task,
			     uint64_t verb)
{
	uint64_t addr = take_address(input, task->mm);
	uint64_t len = take_length(input);

	switch (verb) {
	case 3:
		return sys_munmap(task, addr, len);
	case 4:
	case 5:
		return sys_mprotect(task, addr, len,
				    take_byte(input) | take_byte(input) << 24);
	case 6:
		return sys_mlock(task, addr, len);
	case 7:
		return sys_munlock(task, addr, len);
	case 8:
		return sys_mlock2(task, addr, len,
				  (int32_t)take_byte(input) & 3);
	case 9:
	case 10:
		return sys_madvise(task, addr, len, (int32_t)take_byte(input));
	case 11:
		return sys_msync(task, addr, len,
				 (int32_t)take_byte(input) & 15);
	default:
		return sys_mseal(task, addr, len, take_byte(input) >> 7);
	}
}

/* Calls of a process, or of the machine that it runs on. */
static int64_t make_call(struct input *input, struct world *world,
			 struct process *child, struct task_struct *task,
			 uint64_t verb)
{
	switch (verb) {
	case 0:
		return sys_brk(task, take_address(input, task->mm) +
					     take_byte(input));
	case 1:
	case 2:
		return call_mmap(input, task, world->file);
	case 13:
	case 14:
		return call_mremap(input, task);
	case 15:
		return sys_mlockall(task, take_byte(input) & 7);
	case 16:
		return sys_munlockall(task);
	case 17:
		return call_mincore(input, task);
	case 18:
		return call_remap_file_pages(input, task);
	case 19:
		return call_fork(world, task);
	case 20:
		call_clone(world, child, task);
		return 0;
	case 21:
		end_process(child);
		return 0;
	case 22:
		vm_file_truncate(world->file, take_byte(input) << 10);
		return 0;
	case 23:
		find_vma(task, take_address(input, task->mm));
		return 0;
	default:
		return verb < 13 ? call_on_range(input, task, verb)
				 : call_access(input, task);
	}
}

/* All that there is to say about all processes. */
static char *dump_world(const struct world *world)
{
	const struct mm_struct *mm;
	char *all = NULL, *text;
	size_t size;
	FILE *out = open_memstream(&all, &size);

	if (!out)
		abort();
	for (mm = world->emu.machine.mms; mm; mm = mm->next_mm) {
		text = mm_dump(mm);
		fputs(text, out);
		free(text);
	}
	if (fclose(out))
		abort();
	return all;
}

static void require(const char *wrong)
{
	if (!wrong)
		return;
	fprintf(stderr, "%s\n", wrong);
	abort();
}

/* The host refuses from the n-th request on; then nothing has changed. */
static void make_failing_call(struct input *input, struct world *world,
			      struct process *child, struct task_struct *task,
			      uint64_t verb)
{
	struct emulation *emu = &world->emu;
	char *before = dump_world(world), *after;
	uint64_t allowed = take_byte(input) % 32;

	/* Without a stock of spare objects, so that all must be asked for. */
	memory_deinit(&emu->memory);
	fail_alloc_after(&emu->host, allowed);
	if (make_call(input, world, child, task, verb) == MM_HOST_REFUSED) {
		after = dump_world(world);
		if (strcmp(before, after)) {
			fprintf(stderr, "before:\n%safter:\n%s", before, after);
			require("a refused call changed something");
		}
		free(after);
	}
	fail_alloc_never(&emu->host);
	free(before);
}

static void take_call(struct input *input, struct world *world)
{
	uint64_t verb = take_byte(input) % 28, who = take_byte(input);
	struct emulation *emu = &world->emu;
	struct process *child = NULL;
	struct task_struct *task;

	if (who & 3)
		child = &world->children[(who & 3) - 1];
	if (child && !child->nr_threads)
		child = NULL;
	task = child ? &child->threads[(who >> 2) % child->nr_threads]
		     : &emu->threads[(who >> 2 & 15) % emu->nr_threads];
	if (who & 0xc0)
		make_call(input, world, child, task, verb);
	else
		make_failing_call(input, world, child, task, verb);
}

static void validate_all(const struct world *world)
{
	const struct mm_struct *mm;

	for (mm = world->emu.machine.mms; mm; mm = mm->next_mm)
		require(validate_mm(mm));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct world world;
	struct input input = { data, size };
	struct emulation_setup setup = take_settings(&input);
	struct account *account = &world.emu.account;
	int calls = 0, i;

	emulation_begin(&world.emu, &setup);
	/* Accounts and hosts have limits, too. */
	account->max_bytes = 1 << 20;
	account->max_areas = 200;
	world.file = emulation_file(&world.emu, 48);
	while (input.size && calls++ < MAX_CALLS) {
		take_call(&input, &world);
		validate_all(&world);
		if (account->areas > account->max_areas)
			require("more areas than the account may have");
		if (account->bytes != world.emu.host.live_bytes)
			require("the account does not pay what it has");
	}
	for (i = 0; i < MAX_PROCESSES - 1; i++)
		end_process(&world.children[i]);
	vm_file_put(world.file);
	require(emulation_end(&world.emu));
	return 0;
}
