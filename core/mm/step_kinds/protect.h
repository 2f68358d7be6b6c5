/* SPDX-License-Identifier: MIT */
#pragma once
/* Steps of mprotect and mlock. */
/* clang-format off */
#define STEP_FN_MPROTECT STEP_FN("sys_mprotect", "do_mprotect_pkey", \
				 "do_mprotect_pkey", "do_mprotect_pkey")
#define STEP_FN_MLOCK STEP_FN("do_mlock", "apply_vma_lock_flags", \
			      "apply_vma_lock_flags", "apply_vma_lock_flags")
#define STEP_FN_SYS_MLOCK STEP_FN("sys_mlock", "do_mlock", "do_mlock", \
				  "do_mlock")

#define STEP_KINDS_PROTECT(X) \
	X(MPROTECT_ASKED, "mprotect.asked", 3, STEP_FN_MPROTECT, \
	  "start:x len:x prot:x") \
	X(MPROTECT_BAD, "mprotect.bad", 4, STEP_FN_MPROTECT, \
	  "start:x len:x prot:x =ret:e") \
	X(MPROTECT_EMPTY, "mprotect.empty", 1, STEP_FN_MPROTECT, "=ret:e") \
	X(MPROTECT_NO_AREA, "mprotect.no_area", 2, STEP_FN_MPROTECT, \
	  "start:x =ret:e") \
	X(MPROTECT_NO_STACK, "mprotect.no_stack", 2, STEP_FN_MPROTECT, \
	  "area:a =ret:e") \
	X(MPROTECT_DENIED, "mprotect.denied", 3, STEP_FN_MPROTECT, \
	  "area:a flags:f =ret:e") \
	X(MPROTECT_HOLE, "mprotect.hole", 2, STEP_FN_MPROTECT, \
	  "addr:x =ret:e") \
	X(MPROTECT_AREA, "mprotect.area", 5, STEP_ALL("mprotect_fixup"), \
	  "area:a start:x end:x old:f new:f") \
	X(MPROTECT_SAME, "mprotect.same", 2, STEP_ALL("mprotect_fixup"), \
	  "area:a flags:f") \
	X(MPROTECT_SEALED, "mprotect.sealed", 2, \
	  STEP_FN_6_12("mprotect_fixup"), "area:a =ret:e") \
	X(MPROTECT_REFUSED, "mprotect.refused", 3, \
	  STEP_ALL("mprotect_fixup"), "area:a pages:n =ret:e") \
	X(MPROTECT_FLAGS, "mprotect.flags", 2, STEP_ALL("mprotect_fixup"), \
	  "area:a flags:f") \
	X(MPROTECT_PAGES, "mprotect.pages", 2, \
	  STEP_ALL("change_protection"), "start:x end:x") \
	X(MLOCK_ASKED, "mlock.asked", 3, STEP_FN_SYS_MLOCK, \
	  "start:x len:x flags:f") \
	X(MUNLOCK_ASKED, "munlock.asked", 2, \
	  STEP_FN("sys_munlock", "__do_sys_munlock", "__do_sys_munlock", \
		  "__do_sys_munlock"), "start:x len:x") \
	X(MLOCKALL_ASKED, "mlockall.asked", 1, \
	  STEP_FN("sys_mlockall", "__do_sys_mlockall", "__do_sys_mlockall", \
		  "__do_sys_mlockall"), "flags:x") \
	X(MUNLOCKALL_ASKED, "munlockall.asked", 1, \
	  STEP_FN("sys_munlockall", "__do_sys_munlockall", \
		  "__do_sys_munlockall", "__do_sys_munlockall"), "areas:n") \
	X(MLOCKALL_REFUSED, "mlockall.refused", 2, \
	  STEP_FN("sys_mlockall", "__do_sys_mlockall", "__do_sys_mlockall", \
		  "__do_sys_mlockall"), "flags:x =ret:e") \
	X(MLOCKALL_FUTURE, "mlockall.future", 1, \
	  STEP_FN("do_mlockall", "apply_mlockall_flags", \
		  "apply_mlockall_flags", "apply_mlockall_flags"), \
	  "def_flags:f") \
	X(MLOCK_NO_CALL, "mlock.no_call", 2, \
	  STEP_FN("sys_ni_syscall", "__do_sys_mlock2", "__do_sys_mlock2", \
		  "__do_sys_mlock2"), \
	  "flags:x =ret:e") \
	X(MLOCK_OVERLAP, "mlock.overlap", 1, \
	  STEP_FN(NULL, "count_mm_mlocked_page_nr", \
		  "count_mm_mlocked_page_nr", "count_mm_mlocked_page_nr"), \
	  "=pages:n") \
	X(MLOCK_LIMIT_KEPT, "mlock.limit_kept", 2, STEP_FN_SYS_MLOCK, \
	  "locked:n limit:l") \
	X(MLOCK_LIMIT_EXCEEDED, "mlock.limit_exceeded", 3, \
	  STEP_FN_SYS_MLOCK, "locked:n limit:l =ret:e") \
	X(MLOCK_WRAPS, "mlock.wraps", 3, STEP_FN_MLOCK, \
	  "start:x len:x =ret:e") \
	X(MLOCK_HOLE, "mlock.hole", 2, STEP_FN_MLOCK, "addr:x =ret:e") \
	X(MLOCK_AREA, "mlock.area", 5, STEP_ALL("mlock_fixup"), \
	  "area:a start:x end:x old:f new:f") \
	X(MLOCK_SKIPPED, "mlock.skipped", 2, STEP_ALL("mlock_fixup"), \
	  "area:a flags:f") \
	X(MLOCK_COUNTED, "mlock.counted", 2, STEP_ALL("mlock_fixup"), \
	  "area:a locked_vm:n")
/* clang-format on */
