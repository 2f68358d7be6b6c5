/* SPDX-License-Identifier: MIT */
#include "core/mm/mm.h"

#include <string.h>

#include "core/mm/assert.h"
#include "core/mm/profile.h"
#include "core/mm/vmacache.h"

void mm_init(struct mm_struct *mm, struct machine *machine)
{
	memset(mm, 0, sizeof(*mm));
	mm->machine = machine;
	if (machine->profile->stack_guard_gap)
		mm->stack_guard_gap = (uint64_t)machine->sysctl.stack_guard_gap
				      << PAGE_SHIFT;
	mm->next_mm = machine->mms;
	machine->mms = mm;
}

void mm_add_task(struct mm_struct *mm, struct task_struct *task,
		 const struct task_struct *parent)
{
	task->mm = mm;
	task->next = mm->tasks;
	mm->tasks = task;
	mm->mm_users++;
	task->vmacache.seqnum =
		parent ? parent->vmacache.seqnum : mm->vmacache_seqnum;
	vmacache_flush(task);
}

void mm_remove_task(struct task_struct *task)
{
	struct mm_struct *mm = task->mm;
	struct task_struct **link = &mm->tasks;

	while (*link != task)
		link = &(*link)->next;
	*link = task->next;
	mm->mm_users--;
	task->mm = NULL;
}
