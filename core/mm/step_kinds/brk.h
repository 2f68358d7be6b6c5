/* SPDX-License-Identifier: MIT */
#pragma once
/* Steps of brk. */
/* clang-format off */
#define STEP_FN_BRK STEP_FN("sys_brk", "__do_sys_brk", "__do_sys_brk", \
			    "__do_sys_brk")
#define STEP_FN_DO_BRK STEP_FN("do_brk", "do_brk_flags", "do_brk_flags", \
			       "do_brk_flags")
#define STEP_FN_VM_BRK STEP_FN("vm_brk", "vm_brk_flags", "vm_brk_flags", \
			       "vm_brk_flags")
#define STEP_FN_BRK_PREV STEP_FN(NULL, NULL, "mas_prev", "vma_prev_limit")

#define STEP_KINDS_BRK(X) \
	X(BRK_ASKED, "brk.asked", 2, STEP_FN_BRK, "brk:x old:x") \
	X(BRK_BELOW_START, "brk.below_start", 3, STEP_FN_BRK, \
	  "brk:x start_brk:x =ret:x") \
	X(BRK_DATA_KEPT, "brk.data_kept", 2, STEP_ALL("check_data_rlimit"), \
	  "needed:n limit:l") \
	X(BRK_DATA_EXCEEDED, "brk.data_exceeded", 3, \
	  STEP_ALL("check_data_rlimit"), "needed:n limit:l =ret:x") \
	X(BRK_SAME_PAGE, "brk.same_page", 2, STEP_FN_BRK, "page:x =ret:x") \
	X(BRK_SHRINKS, "brk.shrinks", 2, STEP_FN_BRK, "newbrk:x oldbrk:x") \
	X(BRK_NOT_MAPPED, "brk.not_mapped", 3, STEP_MT("__do_sys_brk"), \
	  "newbrk:x oldbrk:x =ret:x") \
	X(BRK_GROWS, "brk.grows", 2, STEP_FN_BRK, "oldbrk:x newbrk:x") \
	X(BRK_COLLIDES, "brk.collides", 5, \
	  STEP_FN("find_vma_intersection", "__do_sys_brk", "__do_sys_brk", \
		  "__do_sys_brk"), \
	  "start:x end:x area:a area_start:x =ret:x") \
	X(BRK_FREE, "brk.free", 2, \
	  STEP_FN("find_vma_intersection", "__do_sys_brk", "__do_sys_brk", \
		  "__do_sys_brk"), \
	  "start:x end:x") \
	X(BRK_VM, "brk.vm_brk", 3, STEP_FN_VM_BRK, "addr:x end:x flags:f") \
	X(BRK_COVERED, "brk.covered", 2, \
	  STEP_FN("do_brk", "munmap_vma_range", NULL, NULL), \
	  "start:x end:x") \
	X(BRK_EXTENDS, "brk.extends", 2, STEP_FN_DO_BRK, "addr:x end:x") \
	X(BRK_AREAS_KEPT, "brk.areas_kept", 2, STEP_FN_DO_BRK, \
	  "map_count:n max:n") \
	X(BRK_AREAS_EXCEEDED, "brk.areas_exceeded", 3, STEP_FN_DO_BRK, \
	  "map_count:n max:n =ret:e") \
	X(BRK_HEAP, "brk.heap", 2, STEP_FN_BRK_PREV, "prev:a prev_end:x") \
	X(BRK_NOT_HEAP, "brk.not_heap", 2, STEP_FN_BRK_PREV, \
	  "prev:a start_brk:x") \
	X(BRK_COUNTED, "brk.counted", 2, STEP_FN_DO_BRK, \
	  "pages:n total_vm:n") \
	X(BRK_LOCKED, "brk.locked", 2, STEP_FN_DO_BRK, \
	  "pages:n locked_vm:n") \
	X(BRK_SET, "brk.set", 2, STEP_FN_BRK, "old:x =ret:x") \
	X(BRK_REFUSED, "brk.refused", 2, STEP_FN_BRK, "brk:x =ret:x")
/* clang-format on */
