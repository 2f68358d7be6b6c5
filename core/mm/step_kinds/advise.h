/* SPDX-License-Identifier: MIT */
#pragma once
/* Steps of madvise, mincore, msync, remap_file_pages and mseal. */
/* clang-format off */
#define STEP_FN_MADVISE STEP_FN("sys_madvise", "do_madvise", "do_madvise", \
				"do_madvise")
#define STEP_FN_BEHAVIOR STEP_FN("madvise_vma", "madvise_vma", \
				 "madvise_vma_behavior", \
				 "madvise_vma_behavior")
#define STEP_FN_MSYNC STEP_FN("sys_msync", "__do_sys_msync", \
			      "__do_sys_msync", "__do_sys_msync")
#define STEP_FN_RFP STEP_FN("sys_remap_file_pages", \
			    "__do_sys_remap_file_pages", \
			    "__do_sys_remap_file_pages", \
			    "__do_sys_remap_file_pages")
#define STEP_FN_MINCORE STEP_FN("sys_mincore", "__do_sys_mincore", \
				"__do_sys_mincore", "__do_sys_mincore")
#define STEP_FN_MSEAL STEP_FN("sys_ni_syscall", "sys_ni_syscall", \
			      "sys_ni_syscall", "do_mseal")

#define STEP_KINDS_ADVISE(X) \
	X(MADVISE_ASKED, "madvise.asked", 3, STEP_FN_MADVISE, \
	  "start:x len:x advice:n") \
	X(MADVISE_BAD, "madvise.bad", 4, STEP_FN_MADVISE, \
	  "start:x len:x advice:n =ret:e") \
	X(MADVISE_EMPTY, "madvise.empty", 1, STEP_FN_MADVISE, "=ret:e") \
	X(MADVISE_HOLE, "madvise.hole", 2, STEP_FN_MADVISE, \
	  "start:x next:a") \
	X(MADVISE_END, "madvise.end", 2, STEP_FN_MADVISE, "addr:x =ret:e") \
	X(MADVISE_AREA, "madvise.area", 4, STEP_FN_BEHAVIOR, \
	  "area:a start:x end:x advice:n") \
	X(MADVISE_REFUSED, "madvise.refused", 4, STEP_FN_BEHAVIOR, \
	  "area:a flags:f advice:n =ret:e") \
	X(MADVISE_FLAGS, "madvise.flags", 3, STEP_FN_BEHAVIOR, \
	  "area:a old:f new:f") \
	X(MADVISE_ZAPPED, "madvise.zapped", 3, \
	  STEP_FN("zap_page_range", "zap_page_range", \
		  "zap_page_range_single", "zap_page_range_single"), \
	  "area:a start:x end:x") \
	X(MADVISE_PUNCHED, "madvise.punched", 3, \
	  STEP_ALL("madvise_remove"), "inode:n pgoff:n pages:n") \
	X(MINCORE_ASKED, "mincore.asked", 2, STEP_FN_MINCORE, \
	  "start:x len:x") \
	X(MINCORE_BAD, "mincore.bad", 3, STEP_FN_MINCORE, \
	  "start:x len:x =ret:e") \
	X(MINCORE_AREA, "mincore.area", 3, STEP_ALL("do_mincore"), \
	  "area:a start:x end:x") \
	X(MINCORE_HOLE, "mincore.hole", 2, STEP_ALL("do_mincore"), \
	  "addr:x =ret:e") \
	X(MSYNC_ASKED, "msync.asked", 3, STEP_FN_MSYNC, \
	  "start:x end:x flags:x") \
	X(MSYNC_BAD, "msync.bad", 3, STEP_FN_MSYNC, \
	  "start:x flags:x =ret:e") \
	X(MSYNC_AREA, "msync.area", 1, STEP_FN_MSYNC, "area:a") \
	X(MSYNC_BUSY, "msync.busy", 2, STEP_FN_MSYNC, "area:a =ret:e") \
	X(MSYNC_HOLE, "msync.hole", 2, STEP_FN_MSYNC, "addr:x =ret:e") \
	X(RFP_ASKED, "remap_file_pages.asked", 3, STEP_FN_RFP, \
	  "start:x size:x pgoff:n") \
	X(RFP_BAD, "remap_file_pages.bad", 2, STEP_FN_RFP, \
	  "start:x =ret:e") \
	X(RFP_IN_PLACE, "remap_file_pages.in_place", 2, STEP_FN_RFP, \
	  "area:a pgoff:n") \
	X(RFP_UNLOCKS, "remap_file_pages.unlocks", 3, \
	  STEP_FN("munlock_vma_pages_range", NULL, NULL, NULL), \
	  "area:a pages:n locked_vm:n") \
	X(MSEAL_ASKED, "mseal.asked", 2, STEP_FN_MSEAL, \
	  "start:x len:x") \
	X(MSEAL_REFUSED, "mseal.refused", 2, STEP_FN_MSEAL, \
	  "start:x =ret:e") \
	X(MSEAL_AREA, "mseal.area", 3, STEP_FN_6_12("mseal_fixup"), \
	  "area:a start:x end:x")
/* clang-format on */
