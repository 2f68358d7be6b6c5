/* SPDX-License-Identifier: MIT */
#pragma once
/* Steps of mmap. */
/* clang-format off */
#define STEP_FN_MMAP STEP_FN("do_mmap_pgoff", "do_mmap", "do_mmap", "do_mmap")
#define STEP_FN_SYS_MMAP STEP_FN("sys_mmap", "__do_sys_mmap", \
				 "__do_sys_mmap", "__do_sys_mmap")
#define STEP_FN_PGOFF STEP_FN("sys_mmap_pgoff", "ksys_mmap_pgoff", \
			      "ksys_mmap_pgoff", "ksys_mmap_pgoff")

#define STEP_KINDS_MMAP(X) \
	X(MMAP_ASKED, "mmap.asked", 5, STEP_FN_SYS_MMAP, \
	  "addr:x len:x prot:x flags:x ^by:w") \
	X(MMAP_OFFSET_MISALIGNED, "mmap.offset_misaligned", 2, \
	  STEP_FN_SYS_MMAP, "offset:x =ret:e") \
	X(MMAP_NO_FILE, "mmap.no_file", 1, STEP_FN_PGOFF, "=ret:e") \
	X(MMAP_HUGETLB, "mmap.hugetlb", 1, STEP_FN_PGOFF, "=ret:e") \
	X(MMAP_NO_LENGTH, "mmap.no_length", 1, STEP_FN_MMAP, "=ret:e") \
	X(MMAP_HINT_ROUNDED, "mmap.hint_rounded", 2, \
	  STEP_ALL("round_hint_to_min"), "addr:x =hint:x") \
	X(MMAP_LENGTH_WRAPS, "mmap.length_wraps", 2, STEP_FN_MMAP, \
	  "len:x =ret:e") \
	X(MMAP_AREAS_KEPT, "mmap.areas_kept", 2, STEP_FN_MMAP, \
	  "map_count:n max:n") \
	X(MMAP_AREAS_EXCEEDED, "mmap.areas_exceeded", 3, STEP_FN_MMAP, \
	  "map_count:n max:n =ret:e") \
	X(MMAP_EXISTS, "mmap.exists", 3, \
	  STEP_FN(NULL, "do_mmap", "do_mmap", "do_mmap"), \
	  "addr:x end:x =ret:e") \
	X(MMAP_FLAGS, "mmap.flags", 1, STEP_FN("calc_vm_prot_bits", \
	  "calc_vm_prot_bits", "calc_vm_prot_bits", "calc_vm_prot_bits"), \
	  "=flags:f") \
	X(MMAP_FILE_TOO_FAR, "mmap.file_too_far", 3, \
	  STEP_FN(NULL, "file_mmap_ok", "file_mmap_ok", "file_mmap_ok"), \
	  "pgoff:n pages:n =ret:e") \
	X(MMAP_UNKNOWN_FLAGS, "mmap.unknown_flags", 2, \
	  STEP_FN(NULL, "do_mmap", "do_mmap", "do_mmap"), "flags:x =ret:e") \
	X(MMAP_BAD_TYPE, "mmap.bad_type", 2, STEP_FN_MMAP, "flags:x =ret:e") \
	X(MMAP_NOT_WRITABLE, "mmap.not_writable", 2, STEP_FN_MMAP, \
	  "inode:n =ret:e") \
	X(MMAP_NOT_READABLE, "mmap.not_readable", 2, STEP_FN_MMAP, \
	  "inode:n =ret:e") \
	X(MMAP_GROWSDOWN, "mmap.growsdown", 1, STEP_FN_MMAP, "=ret:e") \
	X(MMAP_DROPPABLE, "mmap.droppable", 1, STEP_FN_6_12("do_mmap"), \
	  "=ret:e") \
	X(MMAP_REGION, "mmap.region", 3, STEP_ALL("mmap_region"), \
	  "addr:x end:x flags:f") \
	X(MMAP_COVERED, "mmap.covered", 2, STEP_ALL("mmap_region"), \
	  "addr:x end:x") \
	X(MMAP_NET_PAGES, "mmap.net_pages", 2, \
	  STEP_ALL("count_vma_pages_range"), "covered:n pages:n") \
	X(MMAP_OBJECT, "mmap.object", 2, STEP_ALL("shmem_zero_setup"), \
	  "area:a inode:n") \
	X(MMAP_LOCKED, "mmap.locked", 2, STEP_ALL("mmap_region"), \
	  "pages:n locked_vm:n") \
	X(MMAP_REFUSED, "mmap.refused", 2, STEP_ALL("mmap_region"), \
	  "addr:x =ret:e") \
	X(MMAP_DONE, "mmap.done", 2, STEP_ALL("mmap_region"), \
	  "end:x =addr:x")
/* clang-format on */
