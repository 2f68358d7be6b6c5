/* SPDX-License-Identifier: MIT */
#include "tests/core/family.h"

#include <CUnit/CUnit.h>

struct mm_struct *family_mm(const struct family *family)
{
	return family->emu.task->mm;
}

/* The child goes on; its parent stays as it is to the end. */
static int64_t do_fork(struct family *family)
{
	struct mm_struct *child = &family->children[family->nr_children];
	struct task_struct *task = &family->tasks[family->nr_children];
	int64_t ret;

	if (family->nr_children == GENERATIONS)
		return 0;
	mm_init(child, &family->emu.machine);
	ret = dup_mm(family->emu.task, child);
	if (ret) {
		CU_ASSERT_EQUAL(child->map_count, 0);
		exit_mmap(child);
		return ret;
	}
	task->tid = 1;
	task->tgid = ++family->nr_children;
	mm_add_task(child, task, NULL);
	family->emu.task = task;
	return 0;
}

int64_t family_call(struct family *family, const struct call *call)
{
	struct task_struct *task = family->emu.task;
	struct access_outcome outcome;

	switch (call->verb) {
	case BRK:
		return sys_brk(task, call->addr);
	case MMAP:
		return sys_mmap(task, call->addr, call->len, call->prot,
				call->flags | MAP_ANONYMOUS, NULL, 0);
	case MMAP_FILE:
		return sys_mmap(task, call->addr, call->len, call->prot,
				call->flags, family->file, 0);
	case MUNMAP:
		return sys_munmap(task, call->addr, call->len);
	case MPROTECT:
		return sys_mprotect(task, call->addr, call->len, call->prot);
	case MREMAP:
		return sys_mremap(task, call->addr, call->len, call->prot,
				  call->flags, call->to);
	case MLOCK:
		return sys_mlock(task, call->addr, call->len);
	case MLOCK2:
		return sys_mlock2(task, call->addr, call->len, MLOCK_ONFAULT);
	case MUNLOCK:
		return sys_munlock(task, call->addr, call->len);
	case MLOCKALL:
		return sys_mlockall(task, call->flags);
	case MUNLOCKALL:
		return sys_munlockall(task);
	case MADVISE:
		return sys_madvise(task, call->addr, call->len,
				   (int32_t)call->flags);
	case REMAP_FILE_PAGES:
		return sys_remap_file_pages(task, call->addr, call->len, 0,
					    call->flags, 0);
	case MSEAL:
		return sys_mseal(task, call->addr, call->len, 0);
	case FORK:
		return do_fork(family);
	default:
		return mm_access(task, call->addr, call->len,
				 call->verb == WRITE ? ACCESS_WRITE
						     : ACCESS_READ,
				 UINT64_MAX, &outcome);
	}
}

void family_begin(struct family *family, const struct kernel_profile *profile)
{
	struct emulation_setup setup = emulation_defaults();

	setup.profile = profile;
	setup.rlimits.memlock = RLIM_INFINITY;
	emulation_begin(&family->emu, &setup);
	family->file = emulation_file(&family->emu, 32);
	family->nr_children = 0;
}

void family_end(struct family *family)
{
	struct mm_struct *child;

	while (family->nr_children) {
		child = &family->children[--family->nr_children];
		CU_ASSERT_PTR_NULL(validate_mm(child));
		mm_remove_task(&family->tasks[family->nr_children]);
		exit_mmap(child);
	}
	family->emu.task = &family->emu.threads[0];
	vm_file_put(family->file);
	CU_ASSERT_PTR_NULL(emulation_end(&family->emu));
}
