/* SPDX-License-Identifier: MIT */
#include "core/mm/assert.h"
#include "core/mm/memory.h"
#include "core/mm/profile.h"
#include "core/mm/step.h"
#include "core/mm/vma.h"

/* Adjacent areas that differ at most in permissions: mprotect may join them. */
static bool anon_vma_compatible(const struct vm_area_struct *low,
				const struct vm_area_struct *high)
{
	const uint64_t may_differ = VM_READ | VM_WRITE | VM_EXEC | VM_SOFTDIRTY;

	return low->vm_end == high->vm_start && low->vm_file == high->vm_file &&
	       !((low->vm_flags ^ high->vm_flags) & ~may_differ) &&
	       high->vm_pgoff == low->vm_pgoff + vma_pages(low);
}

bool anon_vma_chain_is_singular(const struct vm_area_struct *vma)
{
	return vma->anon_vma_chain && !vma->anon_vma_chain->inherited;
}

static struct anon_vma *reusable_anon_vma(const struct vm_area_struct *owner,
					  const struct vm_area_struct *low,
					  const struct vm_area_struct *high)
{
	if (!owner->anon_vma || !anon_vma_chain_is_singular(owner) ||
	    !anon_vma_compatible(low, high))
		return NULL;
	return owner->anon_vma;
}

/* The next area is asked before the previous one, as in the kernel. */
static struct anon_vma *
find_mergeable_anon_vma(const struct vm_area_struct *vma)
{
	struct anon_vma *anon_vma = NULL;

	if (vma->vm_next)
		anon_vma = reusable_anon_vma(vma->vm_next, vma, vma->vm_next);
	if (!anon_vma && vma->vm_prev)
		anon_vma = reusable_anon_vma(vma->vm_prev, vma->vm_prev, vma);
	return anon_vma;
}

static struct anon_vma *anon_vma_alloc(struct machine *machine)
{
	struct anon_vma *anon_vma = memory_take_anon_vma(machine->memory);

	anon_vma->parent = anon_vma;
	anon_vma->id = ++machine->next_anon_vma_id;
	return anon_vma;
}

void anon_vma_prepare(struct mm_struct *mm, struct vm_area_struct *vma)
{
	struct anon_vma *anon_vma = vma->anon_vma;

	if (anon_vma)
		return;
	anon_vma = find_mergeable_anon_vma(vma);
	if (!anon_vma) {
		anon_vma = anon_vma_alloc(mm->machine);
		anon_vma->num_children++;
		step(mm, ANON_VMA_NEW, vma->id, anon_vma->id);
	} else {
		step(mm, ANON_VMA_SHARED, vma->id, anon_vma->id);
	}
	vma->anon_vma = anon_vma;
	vma->anon_vma_chain = anon_vma;
	anon_vma->refs++;
	anon_vma->num_active_vmas++;
}

/* May a child's area take over an anon_vma that its ancestors left behind? */
static bool reusable_by_child(const struct machine *machine,
			      const struct anon_vma *anon_vma)
{
	if (machine->profile->anon_vma_reuse_counts_apart)
		return anon_vma->num_children < 2 &&
		       anon_vma->num_active_vmas == 0;
	return anon_vma->num_children + anon_vma->num_active_vmas < 2;
}

void anon_vma_clone(struct mm_struct *mm, struct vm_area_struct *to,
		    const struct vm_area_struct *from)
{
	struct anon_vma *anon_vma, *reusable = NULL;

	mm_debug_assert(!to->anon_vma_chain);
	to->anon_vma_chain = from->anon_vma_chain;
	for (anon_vma = to->anon_vma_chain; anon_vma;
	     anon_vma = anon_vma->inherited) {
		anon_vma->refs++;
		/* Of several it is the oldest. */
		if (!to->anon_vma && anon_vma != from->anon_vma &&
		    reusable_by_child(mm->machine, anon_vma))
			reusable = anon_vma;
	}
	if (reusable)
		to->anon_vma = reusable;
	if (to->anon_vma)
		to->anon_vma->num_active_vmas++;
}

void anon_vma_fork(struct mm_struct *mm, struct vm_area_struct *to,
		   const struct vm_area_struct *from)
{
	struct anon_vma *anon_vma;

	if (!from->anon_vma)
		return;
	anon_vma_clone(mm, to, from);
	if (to->anon_vma) {
		step(mm, ANON_VMA_REUSED, to->id, to->anon_vma->id);
		return;
	}
	anon_vma = anon_vma_alloc(mm->machine);
	anon_vma->parent = from->anon_vma;
	anon_vma->parent->num_children++;
	anon_vma->inherited = to->anon_vma_chain;
	anon_vma->num_active_vmas++;
	anon_vma->refs++;
	to->anon_vma = anon_vma;
	to->anon_vma_chain = anon_vma;
	step(mm, ANON_VMA_FORKED, to->id, from->anon_vma->id, anon_vma->id);
}

void anon_vma_unlink(struct mm_struct *mm, struct vm_area_struct *vma)
{
	struct anon_vma *anon_vma, *inherited;

	if (vma->anon_vma)
		vma->anon_vma->num_active_vmas--;
	/* Newest first: a child is gone before its parent is looked at. */
	for (anon_vma = vma->anon_vma_chain; anon_vma; anon_vma = inherited) {
		inherited = anon_vma->inherited;
		if (--anon_vma->refs)
			continue;
		anon_vma->parent->num_children--;
		memory_give_anon_vma(mm->machine->memory, anon_vma);
	}
	vma->anon_vma = NULL;
	vma->anon_vma_chain = NULL;
}
