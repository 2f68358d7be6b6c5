/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The calls of core/mm/mm.h that tell the machine's sink what they decide
 *
 * They answer and do the same. A machine without a sink must not come here.
 */
#include <stddef.h>

#include "core/mm/mm.h"
#include "core/mm/setup.h"

#define TOLD(call) extern __typeof__(call) told_##call
TOLD(sys_brk);
TOLD(sys_mmap);
TOLD(sys_munmap);
TOLD(sys_mprotect);
TOLD(sys_mremap);
TOLD(sys_mlock);
TOLD(sys_mlock2);
TOLD(sys_munlock);
TOLD(sys_mlockall);
TOLD(sys_munlockall);
TOLD(sys_madvise);
TOLD(sys_mincore);
TOLD(sys_msync);
TOLD(sys_remap_file_pages);
TOLD(sys_mseal);
TOLD(dup_mm);
TOLD(exit_mmap);
TOLD(mm_pick_layout);
TOLD(mm_access);
TOLD(find_vma);
#undef TOLD

/* machine_call(machine, f)(...): f, or its twin if anybody listens */
#define machine_call(machine, call)                                            \
	(__builtin_expect((machine)->steps != NULL, 0) ? told_##call : call)

/* mm_call(task, sys_brk)(task, brk): likewise */
#define mm_call(task, call) machine_call((task)->mm->machine, call)
