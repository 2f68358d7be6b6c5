/* SPDX-License-Identifier: MIT */
#include "core/world/world_types.h"

#include <string.h>

/* One process more is one more pointer: worlds of more than one are rare. */
static int grow_processes(struct world *world)
{
	struct process **processes;
	size_t size = world->nr_processes * sizeof(*processes);

	processes = memory_alloc(world->memory, size + sizeof(*processes));
	if (!processes)
		return -1;
	if (size)
		memcpy(processes, world->processes, size);
	memory_free(world->memory, world->processes, size);
	world->processes = processes;
	return 0;
}

static bool may_own_another_process(struct memory *memory)
{
	const struct account *account = memory->account;

	if (account->processes < account->max_processes)
		return true;
	memory->refusal = REFUSAL_PROCESSES;
	return false;
}

struct process *process_new(struct world *world)
{
	struct memory *memory = world->memory;
	struct process *process;

	if (!may_own_another_process(memory))
		return NULL;
	process = memory_alloc(memory, sizeof(*process));
	if (!process)
		return NULL;
	process->mm = memory_alloc(memory, sizeof(*process->mm));
	if (!process->mm)
		goto out_process;
	if (grow_processes(world))
		goto out_mm;

	mm_init(process->mm, &world->machine);
	process->world = world;
	process->number = world->nr_processes;
	world->processes[world->nr_processes++] = process;
	memory->account->processes++;
	return process;

out_mm:
	memory_free(memory, process->mm, sizeof(*process->mm));
out_process:
	memory_free(memory, process, sizeof(*process));
	return NULL;
}

static void thread_free(struct process *process, struct task_struct *task)
{
	mm_remove_task(task);
	memory_free(process->world->memory, task, sizeof(*task));
}

void process_exit(struct process *process)
{
	struct memory *memory = process->world->memory;
	struct mm_struct *mm = process->mm;

	if (!mm)
		return;
	while (mm->tasks)
		thread_free(process, mm->tasks);
	exit_mmap(mm);
	memory_free(memory, mm, sizeof(*mm));
	process->mm = NULL;
	descriptors_deinit(&process->descriptors, memory);
	memory->account->processes--;
}

struct task_struct *thread_new(struct process *process,
			       const struct task_struct *parent)
{
	struct task_struct *task;

	task = memory_alloc(process->world->memory, sizeof(*task));
	if (!task)
		return NULL;
	task->tid = ++process->last_tid;
	mm_add_task(process->mm, task, parent);
	return task;
}

void thread_exit(struct process *process, struct task_struct *task)
{
	thread_free(process, task);
	if (!process->mm->tasks)
		process_exit(process);
}

struct task_struct *thread_find(const struct process *process, uint32_t tid)
{
	struct task_struct *task;

	for (task = process->mm ? process->mm->tasks : NULL; task;
	     task = task->next)
		if (task->tid == tid)
			return task;
	return NULL;
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
	return process->mm ? process->mm->mm_users : 0;
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
