/* SPDX-License-Identifier: MIT */
#pragma once
/* Steps of files that lose pages. */
/* clang-format off */
#define STEP_KINDS_FILE(X) \
	X(FILE_RESIZED, "file.resized", 3, STEP_ALL("shmem_setattr"), \
	  "inode:n old:n size:n") \
	X(FILE_UNMAPPED, "file.unmapped", 3, \
	  STEP_ALL("unmap_mapping_range_vma"), "area:a start:x end:x") \
	X(FILE_DROPPED, "file.dropped", 3, \
	  STEP_ALL("shmem_truncate_range"), "inode:n pgoff:n pages:n")
/* clang-format on */
