/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "core/mm/assert.h"
#include "core/mm/memory.h"
#include "core/mm/mm.h"
#include "core/mm/page_table.h"
#include "core/mm/profile.h"
#include "core/mm/setup.h"
#include "core/mm/step.h"
#include "core/mm/vma.h"

/* Everything that a copy of all areas and pages may take. */
static int reserve_fork(struct mm_struct *mm)
{
	struct memory_need need = { 0 };
	const struct vm_area_struct *vma;

	for (vma = mm->mmap; vma; vma = vma->vm_next) {
		if (vma->vm_flags & VM_DONTCOPY)
			continue;
		need.areas++;
		need.anon_vmas += vma->anon_vma != NULL;
	}
	need.net_areas = need.areas;
	need.page_nodes = mm->nr_ptes + mm->nr_pmds + mm->nr_puds;
	need.page_chunks = mm_nr_page_chunks(mm);
	return memory_reserve(mm->machine->memory, &need);
}

/* What an mm passes on besides its areas and pages. */
static void copy_fields(struct mm_struct *mm, const struct mm_struct *old)
{
	mm->generation = old->generation + 1;
	mm->image = old->image;
	mm->next_vma_id = old->next_vma_id;
	mm->uid = old->uid;
	mm->rlimits = old->rlimits;
	mm->mmap_base = old->mmap_base;
	mm->mmap_legacy_base = old->mmap_legacy_base;
	mm->topdown = old->topdown;
	mm->randomize = old->randomize;
	mm->start_code = old->start_code;
	mm->end_code = old->end_code;
	mm->start_data = old->start_data;
	mm->end_data = old->end_data;
	mm->start_brk = old->start_brk;
	mm->brk = old->brk;
	mm->start_stack = old->start_stack;
	memcpy(mm->special_pages, old->special_pages,
	       sizeof(mm->special_pages));
	mm->arg_start = old->arg_start;
	mm->arg_end = old->arg_end;
	mm->env_start = old->env_start;
	mm->env_end = old->env_end;
}

/* With a tree of another kind the copy is stored there, and nothing else. */
static void link_copy(struct mm_struct *mm, struct vm_area_struct *vma)
{
	struct step_sink *steps;

	if (!steps_wanted(mm) || mm->machine->profile->has_rbtree) {
		vma_append(mm, vma);
		return;
	}
	steps = steps_hush(mm);
	vma_append(mm, vma);
	steps_resume(mm, steps);
	step(mm, FORK_STORED, vma->id, vma->vm_start, vma->vm_end);
}

static struct vm_area_struct *copy_area(struct mm_struct *mm,
					const struct vm_area_struct *old)
{
	struct vm_area_struct *vma = memory_take_area(mm->machine->memory);

	vma->id = old->id;
	vma->vm_start = old->vm_start;
	vma->vm_end = old->vm_end;
	vma->vm_flags = old->vm_flags & ~VM_LOCKED_MASK;
	vma->vm_pgoff = old->vm_pgoff;
	vma->vm_special = old->vm_special;
	vma->vm_file = old->vm_file ? vm_file_get(old->vm_file) : NULL;
	/* What is wiped starts anew: it belongs to nobody. */
	if (!(vma->vm_flags & VM_WIPEONFORK))
		anon_vma_fork(mm, vma, old);
	if (old->vm_flags & VM_LOCKED_MASK)
		step(mm, FORK_UNLOCKED, vma->id, vma->vm_flags);
	link_copy(mm, vma);
	vm_stat_count(mm, vma->vm_flags, vma->vm_file, (int64_t)vma_pages(vma));
	return vma;
}

int64_t dup_mm(struct task_struct *task, struct mm_struct *child)
{
	struct mm_struct *mm = task->mm;
	struct fork_tables tables = { NULL, { NULL, NULL } };
	const struct vm_area_struct *vma;

	if (reserve_fork(mm))
		return MM_HOST_REFUSED;
	step(mm, FORK_ASKED, mm->map_count);
	copy_fields(child, mm);
	for (vma = mm->mmap; vma; vma = vma->vm_next) {
		if (vma->vm_flags & VM_DONTCOPY) {
			step(mm, FORK_LEFT_OUT, vma->id, vma_pages(vma));
			continue;
		}
		if (vma->vm_flags & VM_ACCOUNT &&
		    !vm_enough_memory(mm, vma_pages(vma))) {
			step(mm, FORK_REFUSED, vma->id, STEP_ERRNO(MM_ENOMEM));
			exit_mmap(child);
			return -MM_ENOMEM;
		}
		step(mm, FORK_AREA, vma->id, vma->vm_start, vma->vm_end);
		copy_area(child, vma);
		if (vma->vm_flags & VM_WIPEONFORK)
			step(mm, FORK_WIPED, vma->id);
		else
			copy_page_range(child, mm, vma, &tables);
	}
	vma_append_end(child);
	child->hiwater_rss = get_mm_rss(child);
	child->hiwater_vm = child->total_vm;
	mm_debug_validate(mm);
	mm_debug_validate(child);
	return 0;
}
