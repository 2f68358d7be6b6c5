/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the emulated kernel can be seen deciding: one row a kind of step
 *
 * X(NAME, key, nr, functions, values)
 *
 *   key        what clients see; it never changes
 *   nr         how many values a step of this kind has
 *   functions  the kernel's function, by release: 4.0, 5.10, 6.1, 6.12. A release
 *              without one has no such step: what is reported there is not told
 *   values     their names and types, in order:
 *                x address, bytes or bits    n count     i signed count
 *                f vm_flags                  a area id   v anon_vma id
 *                l limit in bytes            s side      e 0 or -errno
 *                t kind of access
 *              "=" marks the result and "#" the cost: nodes, slots or tables
 *              that were looked at. "^by:w" is no value for clients: it says
 *              which of STEP_BYS the function is, where that depends on who
 *              calls.
 */
#define STEP_FN(v4_0, v5_10, v6_1, v6_12)                                      \
	{                                                                      \
		v4_0, v5_10, v6_1, v6_12                                       \
	}
#define STEP_ALL(fn)     STEP_FN(fn, fn, fn, fn)
#define STEP_RB(fn)      STEP_FN(fn, fn, NULL, NULL)
#define STEP_MT(fn)      STEP_FN(NULL, NULL, fn, fn)
#define STEP_FN_6_12(fn) STEP_FN(NULL, NULL, NULL, fn)

/* clang-format off */
#define STEP_FN_ADJUST STEP_FN("vma_adjust", "__vma_adjust", "__vma_adjust", \
			       "commit_merge")

#define STEP_FN_BSS STEP_FN("set_brk", "set_brk", "elf_load", "elf_load")

/* X(NAME, functions): what "^by" can be */
#define STEP_BYS(X) \
	X(SYS_MMAP, STEP_FN("sys_mmap", "__do_sys_mmap", "__do_sys_mmap", \
			    "__do_sys_mmap")) \
	X(VM_MMAP, STEP_ALL("vm_mmap")) \
	X(PROGRAM, STEP_ALL("load_elf_binary")) \
	X(INTERPRETER, STEP_ALL("load_elf_interp")) \
	X(PROGRAM_BSS, STEP_FN_BSS) \
	X(INTERPRETER_BSS, STEP_FN("load_elf_interp", "load_elf_interp", \
				   "load_elf_interp", "elf_load")) \
	X(FIND, STEP_MT("mt_find")) \
	X(ITERATE, STEP_FN(NULL, NULL, "mas_find", "vma_find")) \
	X(LOOK_UP, STEP_MT("mtree_load")) \
	X(WALK, STEP_FN(NULL, NULL, "mas_walk", "vma_iter_load")) \
	X(SPLIT, STEP_FN("vma_adjust", "__vma_adjust", "__vma_adjust", \
			 "__split_vma")) \
	X(EXPAND, STEP_FN("vma_adjust", "__vma_adjust", "vma_expand", \
			  "vma_expand")) \
	X(MERGE, STEP_FN_ADJUST) \
	X(BRK, STEP_FN(NULL, NULL, "do_brk_flags", "vma_expand")) \
	X(LINK, STEP_RB("__vma_link_rb")) \
	X(ADJUST, STEP_FN_ADJUST) \
	X(DETACH, STEP_RB("detach_vmas_to_be_unmapped"))
/* clang-format on */

#include "core/mm/step_kinds/brk.h"
#include "core/mm/step_kinds/find.h"
#include "core/mm/step_kinds/place.h"
#include "core/mm/step_kinds/limits.h"
#include "core/mm/step_kinds/merge.h"
#include "core/mm/step_kinds/areas.h"
#include "core/mm/step_kinds/munmap.h"
#include "core/mm/step_kinds/mmap.h"
#include "core/mm/step_kinds/fault.h"
#include "core/mm/step_kinds/protect.h"
#include "core/mm/step_kinds/remap.h"
#include "core/mm/step_kinds/advise.h"
#include "core/mm/step_kinds/fork.h"
#include "core/mm/step_kinds/exec.h"
#include "core/mm/step_kinds/exit.h"
#include "core/mm/step_kinds/file.h"

/* clang-format off */
#define STEP_KINDS(X) \
	STEP_KINDS_BRK(X) STEP_KINDS_FIND(X) STEP_KINDS_PLACE(X) \
	STEP_KINDS_LIMITS(X) STEP_KINDS_MERGE(X) STEP_KINDS_AREAS(X) \
	STEP_KINDS_MUNMAP(X) STEP_KINDS_MMAP(X) STEP_KINDS_FAULT(X) \
	STEP_KINDS_PROTECT(X) STEP_KINDS_REMAP(X) STEP_KINDS_ADVISE(X) \
	STEP_KINDS_FORK(X) STEP_KINDS_EXEC(X) STEP_KINDS_EXIT(X) \
	STEP_KINDS_FILE(X)
/* clang-format on */
