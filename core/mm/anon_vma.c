/* SPDX-License-Identifier: MIT */
#include "core/mm/memory.h"
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
	/* Without fork an area has one anon_vma or none. */
	return vma->anon_vma;
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

void anon_vma_prepare(struct mm_struct *mm, struct vm_area_struct *vma)
{
	struct anon_vma *anon_vma = vma->anon_vma;

	if (anon_vma)
		return;
	anon_vma = find_mergeable_anon_vma(vma);
	if (!anon_vma) {
		anon_vma = memory_take_anon_vma(mm->machine->memory);
		anon_vma->id = ++mm->machine->next_anon_vma_id;
	}
	anon_vma->refs++;
	vma->anon_vma = anon_vma;
}

void anon_vma_clone(struct vm_area_struct *to,
		    const struct vm_area_struct *from)
{
	to->anon_vma = from->anon_vma;
	to->anon_vma->refs++;
}

void anon_vma_unlink(struct mm_struct *mm, struct vm_area_struct *vma)
{
	struct anon_vma *anon_vma = vma->anon_vma;

	if (anon_vma && --anon_vma->refs == 0)
		memory_give_anon_vma(mm->machine->memory, anon_vma);
	vma->anon_vma = NULL;
}
