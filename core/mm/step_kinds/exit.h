/* SPDX-License-Identifier: MIT */
#pragma once
/* Steps of whoever lets go of an address space. */
/* clang-format off */
#define STEP_FN_GATHER STEP_FN("tlb_gather_mmu", "tlb_gather_mmu", \
			       "tlb_gather_mmu_fullmm", "tlb_gather_mmu_fullmm")

#define STEP_KINDS_EXIT(X) \
	X(EXIT_SHARED, "exit.shared", 1, STEP_ALL("mmput"), "users:n") \
	X(EXIT_MM, "exit.mm", 2, STEP_ALL("exit_mmap"), "areas:n pages:n") \
	X(EXIT_UNLOCKS, "exit.unlocks", 2, \
	  STEP_RB("munlock_vma_pages_all"), "area:a pages:n") \
	X(EXIT_GATHERS, "exit.gathers", 1, STEP_FN_GATHER, "pages:n")
/* clang-format on */
