/* SPDX-License-Identifier: MIT */
#include "core/hot.h"
#include "core/mm/mm.h"
#include "core/mm/profile.h"
#include "core/mm/step.h"
#include "core/mm/vma.h"

/* Private memory that can be written and is no stack. */
static bool is_data_mapping(uint64_t vm_flags)
{
	return (vm_flags & (VM_WRITE | VM_SHARED | VM_GROWSDOWN)) == VM_WRITE;
}

/* Until 4.4 files were counted, later what may be done with an area. */
HOT void vm_stat_count(struct mm_struct *mm, uint64_t vm_flags,
		       const struct vm_file *file, int64_t pages)
{
	const uint64_t count = (uint64_t)pages;
	bool exec = (vm_flags & (VM_EXEC | VM_WRITE)) == VM_EXEC;

	mm->total_vm += count;
	if (mm->machine->profile->has_data_vm) {
		if (exec && !(vm_flags & VM_GROWSDOWN))
			mm->exec_vm += count;
		else if (vm_flags & VM_GROWSDOWN)
			mm->stack_vm += count;
		else if (is_data_mapping(vm_flags))
			mm->data_vm += count;
		return;
	}
	if (file) {
		mm->shared_vm += count;
		if (exec)
			mm->exec_vm += count;
	} else if (vm_flags & VM_GROWSDOWN) {
		mm->stack_vm += count;
	}
}

void vm_stat_account(struct mm_struct *mm, uint64_t vm_flags,
		     const struct vm_file *file, int64_t pages)
{
	vm_stat_count(mm, vm_flags, file, pages);
	step(mm, ACCOUNT_TOTAL, (uint64_t)pages, mm->total_vm);
}

void update_hiwater_vm(struct mm_struct *mm)
{
	if (mm->hiwater_vm < mm->total_vm)
		mm->hiwater_vm = mm->total_vm;
}

void update_hiwater_rss(struct mm_struct *mm)
{
	if (mm->hiwater_rss < get_mm_rss(mm))
		mm->hiwater_rss = get_mm_rss(mm);
}

bool may_expand_vm(const struct mm_struct *mm, uint64_t vm_flags,
		   uint64_t pages)
{
	if (mm->total_vm + pages > mm->rlimits.as >> PAGE_SHIFT) {
		step(mm, LIMIT_AS_EXCEEDED, pages, mm->total_vm,
		     mm->rlimits.as);
		return false;
	}
	step(mm, LIMIT_AS_KEPT, pages, mm->total_vm, mm->rlimits.as);
	if (!mm->machine->profile->data_limit_covers_mmap ||
	    !is_data_mapping(vm_flags))
		return true;
	/*
	 * A soft limit of 0 lets everything up to the hard limit pass, and
	 * both limits are one here: it is refused.
	 */
	if (mm->data_vm + pages <= mm->rlimits.data >> PAGE_SHIFT)
		return true;
	step(mm, LIMIT_DATA_EXCEEDED, pages, mm->data_vm, mm->rlimits.data);
	return false;
}

bool can_do_mlock(const struct mm_struct *mm)
{
	if (capable(mm) || mm->rlimits.memlock != 0)
		return true;
	step(mm, LIMIT_MAY_NOT_LOCK, STEP_ERRNO(MM_EPERM));
	return false;
}

bool mlock_future_check(const struct mm_struct *mm, uint64_t vm_flags,
			uint64_t len)
{
	if (!(vm_flags & VM_LOCKED) || capable(mm))
		return true;
	if (mm->locked_vm + (len >> PAGE_SHIFT) <= mm->rlimits.memlock >>
	    PAGE_SHIFT) {
		step(mm, LIMIT_MEMLOCK_KEPT, len >> PAGE_SHIFT, mm->locked_vm,
		     mm->rlimits.memlock);
		return true;
	}
	step(mm, LIMIT_MEMLOCK_EXCEEDED, len >> PAGE_SHIFT, mm->locked_vm,
	     mm->rlimits.memlock);
	return false;
}

bool security_mmap_addr(const struct mm_struct *mm, uint64_t addr)
{
	if (addr >= mm->machine->sysctl.mmap_min_addr || capable(mm))
		return true;
	step(mm, PLACE_TOO_LOW, addr, mm->machine->sysctl.mmap_min_addr,
	     STEP_ERRNO(MM_EPERM));
	return false;
}

void vm_acct_memory(struct machine *machine, uint64_t pages)
{
	machine->committed_as += pages;
}

void vm_unacct_memory(struct machine *machine, uint64_t pages)
{
	machine->committed_as -= pages;
	if (MM_STEPS && machine->steps && pages) {
		const uint64_t values[] = { pages, machine->committed_as };

		step_tell(machine, STEP_COMMIT_RETURNED, values, 2);
	}
}

uint64_t machine_free_pages(const struct machine *machine)
{
	uint64_t used = machine->nr_anon_pages + machine->nr_cache_pages +
			machine->nr_table_pages;

	return used < machine->totalram_pages ? machine->totalram_pages - used
					      : 0;
}

static uint64_t kb_to_pages(uint64_t kb)
{
	return kb >> (PAGE_SHIFT - 10);
}

/* Heuristic overcommit: one request may not exceed what is free, or there. */
HOT static bool guess_enough(const struct mm_struct *mm, uint64_t pages)
{
	const struct machine *machine = mm->machine;
	uint64_t used = machine->nr_anon_pages + machine->nr_cache_pages;
	int64_t free = (int64_t)machine->totalram_pages - (int64_t)used;

	if (machine->profile->overcommit_guess_by_total)
		return pages <= machine->totalram_pages;
	if (!capable(mm))
		free -= (int64_t)kb_to_pages(
			machine->sysctl.admin_reserve_kbytes);
	return free > 0 && (uint64_t)free > pages;
}

/* Strict overcommit; what is asked for is part of committed_as already. */
static bool limit_kept(const struct mm_struct *mm)
{
	const struct machine *machine = mm->machine;
	const struct sysctl *sysctl = &machine->sysctl;
	uint64_t reserve = kb_to_pages(sysctl->user_reserve_kbytes);
	int64_t allowed;

	if (sysctl->overcommit_kbytes)
		allowed = (int64_t)kb_to_pages(sysctl->overcommit_kbytes);
	else
		allowed = (int64_t)(machine->totalram_pages *
				    sysctl->overcommit_ratio / 100);
	if (!capable(mm))
		allowed -= (int64_t)kb_to_pages(sysctl->admin_reserve_kbytes);
	if (reserve > mm->total_vm / 32)
		reserve = mm->total_vm / 32;
	allowed -= (int64_t)reserve;
	return (int64_t)machine->committed_as < allowed;
}

HOT bool vm_enough_memory(const struct mm_struct *mm, uint64_t pages)
{
	struct machine *machine = mm->machine;
	bool enough;

	vm_acct_memory(machine, pages);
	switch (machine->sysctl.overcommit_memory) {
	case 1:
		enough = true;
		break;
	case 2:
		enough = limit_kept(mm);
		break;
	default:
		enough = guess_enough(mm, pages);
		break;
	}
	if (enough) {
		step(mm, COMMIT_KEPT, pages, machine->committed_as);
		return true;
	}
	machine->committed_as -= pages;
	step(mm, COMMIT_REFUSED, pages, machine->committed_as,
	     machine->sysctl.overcommit_memory);
	return false;
}
