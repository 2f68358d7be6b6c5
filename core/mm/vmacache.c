/* SPDX-License-Identifier: MIT */
#include "core/mm/vmacache.h"

#include <string.h>

#include "core/hot.h"
#include "core/mm/profile.h"
#include "core/mm/step.h"

static unsigned int slot_of(const struct task_struct *task, uint64_t addr)
{
	bool by_pmd = task->mm->machine->profile->vmacache_by_pmd;

	return (addr >> (by_pmd ? 21 : PAGE_SHIFT)) & (VMACACHE_SIZE - 1);
}

void vmacache_flush(struct task_struct *task)
{
	memset(task->vmacache.slots, 0, sizeof(task->vmacache.slots));
	memset(task->vmacache.ids, 0, sizeof(task->vmacache.ids));
}

/* Is what the slots hold current? If not, they start afresh, empty. */
static bool vmacache_valid(struct task_struct *task)
{
	if (task->vmacache.seqnum == task->mm->vmacache_seqnum)
		return true;
	step(task->mm, CACHE_STALE, task->vmacache.seqnum,
	     task->mm->vmacache_seqnum);
	task->vmacache.seqnum = task->mm->vmacache_seqnum;
	vmacache_flush(task);
	return false;
}

static bool holds(const struct vm_area_struct *vma, uint64_t addr)
{
	return vma && vma->vm_start <= addr && addr < vma->vm_end;
}

/* One slot at most holds it, or several the same area: any order will do. */
HOT static struct vm_area_struct *look(const struct vmacache *cache,
				       uint64_t addr)
{
	struct vm_area_struct *const *slots = cache->slots;

	_Static_assert(VMACACHE_SIZE == 4, "slots");
	if (holds(slots[0], addr))
		return slots[0];
	if (holds(slots[1], addr))
		return slots[1];
	if (holds(slots[2], addr))
		return slots[2];
	return holds(slots[3], addr) ? slots[3] : NULL;
}

/* The same in the kernel's order, slot by slot. */
static struct vm_area_struct *look_and_tell(const struct task_struct *task,
					    uint64_t addr)
{
	bool by_pmd = task->mm->machine->profile->vmacache_by_pmd;
	unsigned int slot = by_pmd ? slot_of(task, addr) : 0, i;
	struct vm_area_struct *vma;

	for (i = 0; i < VMACACHE_SIZE; i++) {
		vma = task->vmacache.slots[slot];
		if (holds(vma, addr)) {
			step(task->mm, CACHE_HIT, addr, slot, vma->id,
			     vma->vm_start, vma->vm_end, i + 1);
			return vma;
		}
		if (vma)
			step(task->mm, CACHE_OTHER, addr, slot, vma->id,
			     vma->vm_start, vma->vm_end);
		else
			step(task->mm, CACHE_EMPTY, addr, slot);
		slot = (slot + 1) & (VMACACHE_SIZE - 1);
	}
	step(task->mm, CACHE_MISS, addr, VMACACHE_SIZE);
	return NULL;
}

HOT struct vm_area_struct *vmacache_find(struct task_struct *task,
					 uint64_t addr)
{
	const struct kernel_profile *profile = task->mm->machine->profile;
	struct vmacache *cache = &task->vmacache;
	struct vm_area_struct *vma;
	bool valid;

	if (!profile->has_vmacache)
		return NULL;
	valid = vmacache_valid(task);
	if (valid || profile->vmacache_counts_stale)
		cache->find_calls++;
	if (!valid)
		return NULL;

	vma = steps_wanted(task->mm) ? look_and_tell(task, addr)
				     : look(cache, addr);
	if (vma)
		cache->find_hits++;
	return vma;
}

void vmacache_find_again(struct task_struct *task, uint64_t nr)
{
	if (!task->mm->machine->profile->has_vmacache)
		return;
	task->vmacache.find_calls += nr;
	task->vmacache.find_hits += nr;
}

void vmacache_update(struct task_struct *task, uint64_t addr,
		     struct vm_area_struct *vma)
{
	unsigned int slot;

	if (!task->mm->machine->profile->has_vmacache)
		return;
	slot = slot_of(task, addr);
	task->vmacache.slots[slot] = vma;
	task->vmacache.ids[slot] = vma->id;
	step(task->mm, CACHE_UPDATED, addr, slot, vma->id);
}

/*
 * The number wrapped: a thread that slept through all its values would take
 * its slots for current. A lone thread cannot: it is the one that counted.
 */
static void vmacache_flush_all(struct task_struct *task)
{
	struct task_struct *other;

	task->vmacache.full_flushes++;
	step(task->mm, CACHE_FLUSHED_ALL, task->mm->mm_users);
	if (task->mm->mm_users == 1)
		return;
	for (other = task->mm->tasks; other; other = other->next)
		vmacache_flush(other);
}

HOT void vmacache_invalidate(struct task_struct *task)
{
	const struct kernel_profile *profile = task->mm->machine->profile;
	struct mm_struct *mm = task->mm;

	if (!profile->has_vmacache)
		return;
	mm->vmacache_seqnum++;
	step(mm, CACHE_INVALIDATED, mm->vmacache_seqnum);
	if (profile->vmacache_seqnum_is_32bit &&
	    mm->vmacache_seqnum > UINT32_MAX) {
		mm->vmacache_seqnum = 0;
		vmacache_flush_all(task);
	}
}
