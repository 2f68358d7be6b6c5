/* SPDX-License-Identifier: MIT */
#pragma once
/* Steps of munmap, page tables and the TLB. */
/* clang-format off */
#define STEP_FN_MUNMAP STEP_FN("do_munmap", "__do_munmap", "do_mas_munmap", \
			       "do_vmi_munmap")
#define STEP_FN_ENDS STEP_FN("do_munmap", "__do_munmap", \
			     "do_mas_align_munmap", "vms_gather_munmap_vmas")

#define STEP_KINDS_MUNMAP(X) \
	X(MUNMAP_ASKED, "munmap.asked", 2, STEP_FN_MUNMAP, "start:x len:x") \
	X(MUNMAP_BAD_RANGE, "munmap.bad_range", 3, STEP_FN_MUNMAP, \
	  "start:x len:x =ret:e") \
	X(MUNMAP_EMPTY, "munmap.empty", 1, STEP_FN_MUNMAP, "=ret:e") \
	X(MUNMAP_NOTHING, "munmap.nothing", 3, STEP_FN_MUNMAP, \
	  "start:x end:x =ret:e") \
	X(MUNMAP_FIRST, "munmap.first", 3, STEP_FN_ENDS, \
	  "area:a area_start:x start:x") \
	X(MUNMAP_AREAS_KEPT, "munmap.areas_kept", 2, STEP_FN_ENDS, \
	  "map_count:n max:n") \
	X(MUNMAP_AREAS_EXCEEDED, "munmap.areas_exceeded", 4, STEP_FN_ENDS, \
	  "area:a map_count:n max:n =ret:e") \
	X(MUNMAP_SEALED, "munmap.sealed", 2, \
	  STEP_FN_6_12("vms_gather_munmap_vmas"), "area:a =ret:e") \
	X(MUNMAP_LAST, "munmap.last", 3, STEP_FN_ENDS, \
	  "area:a end:x area_end:x") \
	X(MUNMAP_GATHERED, "munmap.gathered", 3, \
	  STEP_FN(NULL, NULL, "do_mas_align_munmap", \
		  "vms_gather_munmap_vmas"), \
	  "area:a start:x end:x") \
	X(MUNMAP_COUNTED, "munmap.counted", 2, \
	  STEP_FN_6_12("vms_complete_munmap_vmas"), "pages:n total_vm:n") \
	X(MUNMAP_UNLOCKS, "munmap.unlocks", 3, \
	  STEP_FN("munlock_vma_pages_all", "munlock_vma_pages_all", \
		  "do_mas_align_munmap", "vms_complete_munmap_vmas"), \
	  "area:a pages:n locked_vm:n") \
	X(UNMAP_REGION, "unmap.region", 4, STEP_FN("unmap_region", \
	  "unmap_region", "unmap_region", "vms_clear_ptes"), \
	  "start:x end:x floor:x ceiling:x") \
	X(TLB_GATHERED, "tlb.gathered", 2, STEP_ALL("tlb_gather_mmu"), \
	  "start:x end:x") \
	X(UNMAP_PAGES, "unmap.pages", 4, STEP_ALL("unmap_single_vma"), \
	  "area:a start:x end:x pages:n") \
	X(TABLES_RANGE, "tables.range", 4, STEP_ALL("free_pgd_range"), \
	  "start:x end:x floor:x ceiling:x") \
	X(TABLES_NONE, "tables.none", 4, STEP_ALL("free_pgd_range"), \
	  "start:x end:x floor:x ceiling:x") \
	X(TABLES_PTE_FREED, "tables.pte_freed", 2, \
	  STEP_ALL("free_pte_range"), "addr:x end:x") \
	X(TABLES_PMD_FREED, "tables.pmd_freed", 2, \
	  STEP_ALL("free_pmd_range"), "addr:x end:x") \
	X(TABLES_PUD_FREED, "tables.pud_freed", 2, \
	  STEP_ALL("free_pud_range"), "addr:x end:x") \
	X(TABLES_PMD_KEPT, "tables.pmd_kept", 4, STEP_ALL("free_pmd_range"), \
	  "addr:x end:x floor:x ceiling:x") \
	X(TABLES_PUD_KEPT, "tables.pud_kept", 4, STEP_ALL("free_pud_range"), \
	  "addr:x end:x floor:x ceiling:x") \
	X(TLB_FLUSHED, "tlb.flushed", 2, STEP_ALL("tlb_finish_mmu"), \
	  "start:x end:x")
/* clang-format on */
