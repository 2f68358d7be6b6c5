/* SPDX-License-Identifier: MIT */
#include "core/mm/step.h"
#include "core/mm/told.h"
#include "core/world/world_types.h"

/* What a child has, but for its address space and its thread. */
static int inherit(struct process *child, const struct process *parent)
{
	child->vsyscall = parent->vsyscall;
	return descriptors_copy(&child->descriptors, &parent->descriptors,
				parent->world->memory);
}

int64_t process_fork(struct process *parent, struct task_struct *task,
		     uint64_t flags, struct process **childp)
{
	const bool shares_mm = flags & FORK_SHARE_MM;
	struct world *world = parent->world;
	struct process *child;
	int64_t ret = MM_HOST_REFUSED;

	child = process_new(world, shares_mm ? parent->mm : NULL);
	if (!child)
		return MM_HOST_REFUSED;
	if (inherit(child, parent) || !thread_new(child, task))
		goto out_discard;
	/* Last, since it changes the parent as well. */
	if (!shares_mm) {
		ret = mm_call(task, dup_mm)(task, child->mm);
		if (ret)
			goto out_discard;
	} else {
		step_of(&world->machine, FORK_SHARED, child->mm->mm_users);
	}
	step_of(&world->machine, CACHE_FLUSHED, child->mm->vmacache_seqnum);
	*childp = child;
	return 0;

out_discard:
	process_discard(child);
	return ret;
}
