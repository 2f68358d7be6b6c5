/* SPDX-License-Identifier: MIT */
#pragma once
/* Steps of merging. */
/* clang-format off */
#define STEP_FN_MERGE STEP_FN("vma_merge", "vma_merge", "vma_merge", NULL)
#define STEP_FN_LEFT  STEP_ALL("can_vma_merge_after")
#define STEP_FN_RIGHT STEP_ALL("can_vma_merge_before")

#define STEP_KINDS_MERGE(X) \
	X(MERGE_ASKED, "merge.asked", 5, STEP_FN_MERGE, \
	  "start:x end:x flags:f prev:a next:a") \
	X(MERGE_NEW, "merge.new", 5, STEP_FN_6_12("vma_merge_new_range"), \
	  "start:x end:x flags:f prev:a next:a") \
	X(MERGE_EXISTING, "merge.existing", 5, \
	  STEP_FN_6_12("vma_merge_existing_range"), \
	  "start:x end:x flags:f prev:a next:a") \
	X(MERGE_SPECIAL, "merge.special", 1, \
	  STEP_FN("vma_merge", "vma_merge", "vma_merge", \
		  "vma_merge_new_range"), "flags:f") \
	X(MERGE_PREV_NONE, "merge.prev_none", 1, \
	  STEP_FN("vma_merge", "vma_merge", "vma_merge", \
		  "vma_merge_new_range"), "start:x") \
	X(MERGE_PREV_APART, "merge.prev_apart", 3, STEP_FN_LEFT, \
	  "prev:a prev_end:x start:x") \
	X(MERGE_PREV_FLAGS, "merge.prev_flags", 3, STEP_FN_LEFT, \
	  "prev:a theirs:f ours:f") \
	X(MERGE_PREV_FILE, "merge.prev_file", 3, STEP_FN_LEFT, \
	  "prev:a theirs:n ours:n") \
	X(MERGE_PREV_ANON_VMA, "merge.prev_anon_vma", 3, STEP_FN_LEFT, \
	  "prev:a theirs:v ours:v") \
	X(MERGE_PREV_OFFSET, "merge.prev_offset", 3, STEP_FN_LEFT, \
	  "prev:a expected:n ours:n") \
	X(MERGE_PREV_FITS, "merge.prev_fits", 2, STEP_FN_LEFT, \
	  "prev:a prev_end:x") \
	X(MERGE_NEXT_NONE, "merge.next_none", 1, \
	  STEP_FN("vma_merge", "vma_merge", "vma_merge", \
		  "vma_merge_new_range"), "end:x") \
	X(MERGE_NEXT_APART, "merge.next_apart", 3, STEP_FN_RIGHT, \
	  "next:a next_start:x end:x") \
	X(MERGE_NEXT_FLAGS, "merge.next_flags", 3, STEP_FN_RIGHT, \
	  "next:a theirs:f ours:f") \
	X(MERGE_NEXT_FILE, "merge.next_file", 3, STEP_FN_RIGHT, \
	  "next:a theirs:n ours:n") \
	X(MERGE_NEXT_ANON_VMA, "merge.next_anon_vma", 3, STEP_FN_RIGHT, \
	  "next:a theirs:v ours:v") \
	X(MERGE_NEXT_OFFSET, "merge.next_offset", 3, STEP_FN_RIGHT, \
	  "next:a theirs:n expected:n") \
	X(MERGE_NEXT_FITS, "merge.next_fits", 2, STEP_FN_RIGHT, \
	  "next:a next_start:x") \
	X(MERGE_NOT_EACH_OTHER, "merge.not_each_other", 4, \
	  STEP_ALL("is_mergeable_anon_vma"), \
	  "prev:a next:a prev_anon:v next_anon:v") \
	X(MERGE_CASE1, "merge.case1", 4, STEP_FN_MERGE, \
	  "prev:a next:a start:x end:x") \
	X(MERGE_CASE2, "merge.case2", 3, STEP_FN_MERGE, \
	  "prev:a start:x end:x") \
	X(MERGE_CASE3, "merge.case3", 3, STEP_FN_MERGE, \
	  "next:a start:x end:x") \
	X(MERGE_CASE4, "merge.case4", 4, STEP_FN_MERGE, \
	  "prev:a next:a start:x end:x") \
	X(MERGE_CASE5, "merge.case5", 4, STEP_FN_MERGE, \
	  "prev:a area:a start:x end:x") \
	X(MERGE_CASE6, "merge.case6", 5, STEP_FN_MERGE, \
	  "prev:a area:a next:a start:x end:x") \
	X(MERGE_CASE7, "merge.case7", 4, STEP_FN_MERGE, \
	  "prev:a area:a start:x end:x") \
	X(MERGE_CASE8, "merge.case8", 4, STEP_FN_MERGE, \
	  "area:a next:a start:x end:x") \
	X(MERGE_EXPANDS, "merge.expands", 3, \
	  STEP_FN(NULL, NULL, "vma_expand", "vma_expand"), \
	  "area:a start:x end:x") \
	X(MERGE_BOTH, "merge.both", 5, \
	  STEP_FN_6_12("vma_merge_existing_range"), \
	  "prev:a area:a next:a start:x end:x") \
	X(MERGE_LEFT, "merge.left", 4, \
	  STEP_FN_6_12("vma_merge_existing_range"), \
	  "prev:a area:a start:x end:x") \
	X(MERGE_RIGHT, "merge.right", 4, \
	  STEP_FN_6_12("vma_merge_existing_range"), \
	  "area:a next:a start:x end:x") \
	X(MERGE_NOTHING, "merge.nothing", 2, \
	  STEP_FN("vma_merge", "vma_merge", "vma_merge", \
		  "vma_merge_new_range"), "start:x end:x")
/* clang-format on */
