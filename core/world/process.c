/* SPDX-License-Identifier: MIT */
#include "core/world/world_types.h"

#include <string.h>

#include "core/mm/step.h"
#include "core/mm/told.h"

/* Worlds of more than one process are rare. */
static int reserve_process(struct world *world)
{
	uint32_t room = 2 * world->processes_room;
	struct process **processes;

	if (world->nr_processes < world->processes_room)
		return 0;
	if (!room)
		room = 1;
	processes = memory_alloc(world->memory, room * sizeof(*processes));
	if (!processes)
		return -1;
	if (world->nr_processes)
		memcpy(processes, world->processes,
		       world->nr_processes * sizeof(*processes));
	memory_free(world->memory, world->processes,
		    world->processes_room * sizeof(*processes));
	world->processes = processes;
	world->processes_room = room;
	return 0;
}

static bool may_own_another_process(struct memory *memory)
{
	if (account_admits(memory->account, REFUSAL_PROCESSES, 1))
		return true;
	memory->refusal = REFUSAL_PROCESSES;
	return false;
}

struct mm_struct *mm_new(struct world *world)
{
	struct mm_struct *mm = memory_alloc(world->memory, sizeof(*mm));

	if (mm)
		mm_init(mm, &world->machine);
	return mm;
}

void mm_put(struct mm_struct *mm)
{
	struct memory *memory = mm->machine->memory;

	if (mm->mm_users) {
		step_of(mm->machine, EXIT_SHARED, mm->mm_users);
		return;
	}
	machine_call(mm->machine, exit_mmap)(mm);
	memory_free(memory, mm, sizeof(*mm));
}

struct process *process_new(struct world *world, struct mm_struct *mm)
{
	struct memory *memory = world->memory;
	struct process *process;

	if (!may_own_another_process(memory) || reserve_process(world))
		return NULL;
	process = memory_alloc(memory, sizeof(*process));
	if (!process)
		return NULL;
	process->mm = mm ? mm : mm_new(world);
	if (!process->mm) {
		memory_free(memory, process, sizeof(*process));
		return NULL;
	}
	process->world = world;
	process->number = world->nr_processes;
	world->processes[world->nr_processes++] = process;
	memory->account->processes++;
	return process;
}

void process_discard(struct process *process)
{
	struct world *world = process->world;

	process_exit(process);
	world->nr_processes--;
	memory_free(world->memory, process, sizeof(*process));
}

static void thread_free(struct process *process, struct task_struct *task)
{
	mm_remove_task(task);
	process->nr_threads--;
	process->world->memory->account->threads--;
	memory_free(process->world->memory, task, sizeof(*task));
}

void process_end_threads(struct process *process)
{
	struct task_struct *task, *next;

	for (task = process->mm->tasks; task; task = next) {
		next = task->next;
		if (task->tgid == process->number)
			thread_free(process, task);
	}
}

/* Nobody will look at the machine any more: what is left can wait. */
static bool leaves_last(const struct process *process)
{
	const struct mm_struct *mm = process->mm;

	return process->world->ends_unseen && !mm->mm_users &&
	       mm->machine->mms == mm && !mm->next_mm && !mm->machine->steps;
}

void process_exit(struct process *process)
{
	struct memory *memory = process->world->memory;

	if (!process->mm)
		return;
	process_end_threads(process);
	if (leaves_last(process)) {
		process->world->remains = process->mm;
		process->mm->machine->mms = NULL;
	} else {
		mm_put(process->mm);
		descriptors_deinit(&process->descriptors, memory);
	}
	process->mm = NULL;
	memory->account->processes--;
}

struct task_struct *thread_new(struct process *process,
			       const struct task_struct *parent)
{
	struct memory *memory = process->world->memory;
	struct task_struct *task;

	if (!account_admits(memory->account, REFUSAL_THREADS, 1)) {
		memory->refusal = REFUSAL_THREADS;
		return NULL;
	}
	task = memory_alloc(memory, sizeof(*task));
	if (!task)
		return NULL;
	memory->account->threads++;
	task->tid = ++process->last_tid;
	task->tgid = process->number;
	process->nr_threads++;
	mm_add_task(process->mm, task, parent);
	return task;
}

void thread_exit(struct process *process, struct task_struct *task)
{
	thread_free(process, task);
	if (process->nr_threads)
		step_of(process->mm->machine, EXIT_SHARED,
			process->mm->mm_users);
	else
		process_exit(process);
}

struct task_struct *thread_find(const struct process *process, uint32_t tid)
{
	struct task_struct *task;

	for (task = process->mm ? process->mm->tasks : NULL; task;
	     task = task->next)
		if (task->tid == tid && task->tgid == process->number)
			return task;
	return NULL;
}

uint32_t process_name(const struct process *process)
{
	return process->name;
}

void process_set_name(struct process *process, uint32_t name)
{
	process->name = name;
}

bool process_is_alive(const struct process *process)
{
	return process->mm;
}

const struct mm_struct *process_mm(const struct process *process)
{
	return process->mm;
}

const struct task_struct *process_task(const struct process *process,
				       uint32_t tid)
{
	return thread_find(process, tid);
}

uint32_t process_nr_threads(const struct process *process)
{
	return process->nr_threads;
}

const struct vm_file *process_next_file(const struct process *process,
					int32_t *fdp)
{
	const struct descriptor *entry;

	entry = descriptors_next(&process->descriptors, *fdp);
	if (!entry)
		return NULL;
	*fdp = entry->fd;
	return entry->file;
}
