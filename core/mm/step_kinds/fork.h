/* SPDX-License-Identifier: MIT */
#pragma once
/* Steps of fork. */
/* clang-format off */
#define STEP_FN_FORK STEP_FN("dup_mmap", "dup_mmap", "dup_mmap", "dup_mmap")

#define STEP_KINDS_FORK(X) \
	X(FORK_ASKED, "fork.asked", 1, STEP_FN_FORK, "areas:n") \
	X(FORK_SHARED, "fork.shared", 1, STEP_ALL("copy_mm"), "users:n") \
	X(FORK_LEFT_OUT, "fork.left_out", 2, STEP_FN_FORK, "area:a pages:n") \
	X(FORK_REFUSED, "fork.refused", 2, STEP_FN_FORK, "area:a =ret:e") \
	X(FORK_AREA, "fork.area", 3, STEP_FN_FORK, \
	  "area:a start:x end:x") \
	X(FORK_UNLOCKED, "fork.unlocked", 2, STEP_FN_FORK, \
	  "area:a flags:f") \
	X(FORK_STORED, "fork.stored", 3, \
	  STEP_FN(NULL, NULL, "mas_store", "vma_iter_bulk_store"), \
	  "area:a start:x end:x") \
	X(ANON_VMA_FORKED, "anon_vma.forked", 3, STEP_ALL("anon_vma_fork"), \
	  "area:a parent:v =anon_vma:v") \
	X(ANON_VMA_REUSED, "anon_vma.reused", 2, \
	  STEP_ALL("anon_vma_clone"), "area:a =anon_vma:v") \
	X(FORK_PAGES, "fork.pages", 1, STEP_ALL("copy_page_range"), \
	  "area:a") \
	X(FORK_PAGES_LATER, "fork.pages_later", 1, \
	  STEP_ALL("copy_page_range"), "area:a") \
	X(FORK_WIPED, "fork.wiped", 1, \
	  STEP_FN(NULL, "dup_mmap", "dup_mmap", "dup_mmap"), "area:a")
/* clang-format on */
