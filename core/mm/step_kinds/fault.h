/* SPDX-License-Identifier: MIT */
#pragma once
/* Steps of page faults, stacks and population. */
/* clang-format off */
#define STEP_FN_FAULT STEP_FN("__do_page_fault", "do_user_addr_fault", \
			      "do_user_addr_fault", "do_user_addr_fault")
#define STEP_FN_PREPARE STEP_FN("anon_vma_prepare", "__anon_vma_prepare", \
				"__anon_vma_prepare", "__anon_vma_prepare")
#define STEP_FN_POPULATE STEP_FN("__mlock_vma_pages_range", \
				 "populate_vma_page_range", \
				 "populate_vma_page_range", \
				 "populate_vma_page_range")

#define STEP_KINDS_FAULT(X) \
	X(FAULT_TAKEN, "fault.taken", 2, STEP_FN_FAULT, "addr:x type:t") \
	X(FAULT_BEYOND, "fault.beyond", 1, STEP_ALL("bad_area_nosemaphore"), \
	  "addr:x") \
	X(FAULT_NO_AREA, "fault.no_area", 1, STEP_ALL("bad_area"), "addr:x") \
	X(FAULT_HOLE, "fault.hole", 3, STEP_ALL("bad_area"), \
	  "addr:x area:a start:x") \
	X(FAULT_FAR_BELOW_SP, "fault.far_below_sp", 2, \
	  STEP_FN("bad_area", NULL, NULL, NULL), "addr:x sp:x") \
	X(FAULT_FORBIDDEN, "fault.forbidden", 4, \
	  STEP_ALL("bad_area_access_error"), \
	  "addr:x area:a flags:f type:t") \
	X(FAULT_ZERO_PAGE, "fault.zero_page", 2, \
	  STEP_ALL("do_anonymous_page"), "addr:x area:a") \
	X(FAULT_ANON, "fault.anon", 2, STEP_ALL("do_anonymous_page"), \
	  "addr:x area:a") \
	X(FAULT_AROUND, "fault.around", 3, STEP_ALL("do_fault_around"), \
	  "addr:x start:x end:x") \
	X(FAULT_FILE, "fault.file", 3, STEP_ALL("do_read_fault"), \
	  "addr:x inode:n pgoff:n") \
	X(FAULT_COW, "fault.cow", 3, STEP_ALL("do_cow_fault"), \
	  "addr:x inode:n pgoff:n") \
	X(FAULT_SHARED, "fault.shared", 3, STEP_ALL("do_shared_fault"), \
	  "addr:x inode:n pgoff:n") \
	X(FAULT_PAST_END, "fault.past_end", 3, STEP_ALL("shmem_fault"), \
	  "addr:x pgoff:n pages:n") \
	X(FAULT_REUSED, "fault.reused", 1, STEP_ALL("do_wp_page"), "addr:x") \
	X(FAULT_COPIED, "fault.copied", 2, \
	  STEP_FN("do_wp_page", "wp_page_copy", "wp_page_copy", \
		  "wp_page_copy"), "addr:x area:a") \
	X(FAULT_THERE, "fault.there", 1, STEP_ALL("handle_mm_fault"), \
	  "addr:x") \
	X(STACK_NO_ROOM, "stack.no_room", 3, STEP_ALL("expand_downwards"), \
	  "area:a addr:x prev:a") \
	X(STACK_EXCEEDED, "stack.exceeded", 3, \
	  STEP_ALL("acct_stack_growth"), "area:a size:n limit:l") \
	X(STACK_GROWN, "stack.grown", 3, STEP_ALL("expand_downwards"), \
	  "area:a start:x pages:n") \
	X(STACK_GUARD, "stack.guard", 2, \
	  STEP_FN("check_stack_guard_page", NULL, NULL, NULL), \
	  "area:a addr:x") \
	X(ANON_VMA_NEW, "anon_vma.new", 2, STEP_FN_PREPARE, \
	  "area:a =anon_vma:v") \
	X(ANON_VMA_SHARED, "anon_vma.shared", 2, \
	  STEP_ALL("find_mergeable_anon_vma"), "area:a =anon_vma:v") \
	X(TABLES_PTE_MADE, "tables.pte_made", 2, STEP_ALL("__pte_alloc"), \
	  "addr:x end:x") \
	X(TABLES_PMD_MADE, "tables.pmd_made", 2, STEP_ALL("__pmd_alloc"), \
	  "addr:x end:x") \
	X(TABLES_PUD_MADE, "tables.pud_made", 2, STEP_ALL("__pud_alloc"), \
	  "addr:x end:x") \
	X(POPULATE_ASKED, "populate.asked", 2, STEP_ALL("__mm_populate"), \
	  "start:x end:x") \
	X(POPULATE_AREA, "populate.area", 3, STEP_FN_POPULATE, \
	  "area:a start:x end:x") \
	X(POPULATE_LATER, "populate.later", 1, \
	  STEP_FN(NULL, "populate_vma_page_range", \
		  "populate_vma_page_range", "populate_vma_page_range"), \
	  "area:a") \
	X(POPULATE_FORBIDDEN, "populate.forbidden", 2, \
	  STEP_ALL("__get_user_pages"), "area:a flags:f") \
	X(POPULATE_PAGES, "populate.pages", 4, \
	  STEP_ALL("__get_user_pages"), "area:a start:x end:x pages:n") \
	X(POPULATE_STOPPED, "populate.stopped", 2, \
	  STEP_ALL("__get_user_pages"), "area:a addr:x")
/* clang-format on */
