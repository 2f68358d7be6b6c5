/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the emulated kernel can be seen deciding: one row a kind of step
 *
 * X(NAME, key, nr, functions, values)
 *
 *   key        what clients see; it never changes
 *   nr         how many values a step of this kind has
 *   functions  the kernel's function, by release: 4.0, 5.10, 6.1, 6.12. A release
 *              without one has no such step: what is reported there is not told
 *   values     their names and types, in order:
 *                x address, bytes or bits    n count     i signed count
 *                f vm_flags                  a area id   v anon_vma id
 *                l limit in bytes            s side      e 0 or -errno
 *              "=" marks the result and "#" the cost: nodes, slots or tables
 *              that were looked at.
 */
#define STEP_FN(v4_0, v5_10, v6_1, v6_12)                                      \
	{                                                                      \
		v4_0, v5_10, v6_1, v6_12                                       \
	}
#define STEP_ALL(fn) STEP_FN(fn, fn, fn, fn)
#define STEP_RB(fn)  STEP_FN(fn, fn, NULL, NULL)
#define STEP_MT(fn)  STEP_FN(NULL, NULL, fn, fn)

/* clang-format off */
#define STEP_KINDS(X) \
	STEP_KINDS_BRK(X) STEP_KINDS_FIND(X) STEP_KINDS_PLACE(X) \
	STEP_KINDS_LIMITS(X) STEP_KINDS_MERGE(X) STEP_KINDS_AREAS(X) \
	STEP_KINDS_MUNMAP(X) STEP_KINDS_MMAP(X)

#define STEP_FN_BRK STEP_FN("sys_brk", "__do_sys_brk", "__do_sys_brk", \
			    "__do_sys_brk")
#define STEP_FN_DO_BRK STEP_FN("do_brk", "do_brk_flags", "do_brk_flags", \
			       "do_brk_flags")

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
	X(BRK_EXTENDS, "brk.extends", 2, STEP_FN_DO_BRK, "addr:x end:x") \
	X(BRK_AREAS_KEPT, "brk.areas_kept", 2, STEP_FN_DO_BRK, \
	  "map_count:n max:n") \
	X(BRK_AREAS_EXCEEDED, "brk.areas_exceeded", 3, STEP_FN_DO_BRK, \
	  "map_count:n max:n =ret:e") \
	X(BRK_NOT_HEAP, "brk.not_heap", 2, STEP_MT("do_brk_flags"), \
	  "prev:a start_brk:x") \
	X(BRK_COUNTED, "brk.counted", 2, STEP_FN_DO_BRK, \
	  "pages:n total_vm:n") \
	X(BRK_LOCKED, "brk.locked", 2, STEP_FN_DO_BRK, \
	  "pages:n locked_vm:n") \
	X(BRK_SET, "brk.set", 2, STEP_FN_BRK, "old:x =ret:x") \
	X(BRK_REFUSED, "brk.refused", 2, STEP_FN_BRK, "brk:x =ret:x")

#define STEP_KINDS_FIND(X) \
	X(CACHE_STALE, "cache.stale", 2, STEP_RB("vmacache_valid"), \
	  "seqnum:n mm_seqnum:n") \
	X(CACHE_HIT, "cache.hit", 6, STEP_RB("vmacache_find"), \
	  "addr:x slot:n =area:a start:x end:x #slots:n") \
	X(CACHE_EMPTY, "cache.empty", 2, STEP_RB("vmacache_find"), \
	  "addr:x slot:n") \
	X(CACHE_OTHER, "cache.other", 5, STEP_RB("vmacache_find"), \
	  "addr:x slot:n area:a start:x end:x") \
	X(CACHE_MISS, "cache.miss", 2, STEP_RB("vmacache_find"), \
	  "addr:x #slots:n") \
	X(CACHE_UPDATED, "cache.updated", 3, STEP_RB("vmacache_update"), \
	  "addr:x slot:n area:a") \
	X(CACHE_INVALIDATED, "cache.invalidated", 1, \
	  STEP_RB("vmacache_invalidate"), "seqnum:n") \
	X(CACHE_FLUSHED_ALL, "cache.flushed_all", 1, \
	  STEP_RB("vmacache_flush_all"), "threads:n") \
	X(TREE_LEFT, "tree.left", 4, STEP_RB("find_vma"), \
	  "addr:x area:a start:x end:x") \
	X(TREE_RIGHT, "tree.right", 4, STEP_RB("find_vma"), \
	  "addr:x area:a start:x end:x") \
	X(TREE_HOLDS, "tree.holds", 4, STEP_RB("find_vma"), \
	  "addr:x area:a start:x end:x") \
	X(FIND_FOUND, "find.found", 3, STEP_RB("find_vma"), \
	  "addr:x =area:a #nodes:n") \
	X(FIND_ABOVE, "find.above", 4, STEP_RB("find_vma"), \
	  "addr:x =area:a start:x #nodes:n") \
	X(FIND_NONE, "find.none", 2, STEP_RB("find_vma"), "addr:x #nodes:n") \
	X(MAPLE_FOUND, "maple.found", 4, STEP_MT("mt_find"), \
	  "addr:x =area:a start:x end:x") \
	X(MAPLE_ABOVE, "maple.above", 3, STEP_MT("mt_find"), \
	  "addr:x =area:a start:x") \
	X(MAPLE_NONE, "maple.none", 1, STEP_MT("mt_find"), "addr:x") \
	X(LINKS_LEFT, "links.left", 3, STEP_RB("find_vma_links"), \
	  "end:x area:a start:x") \
	X(LINKS_RIGHT, "links.right", 3, STEP_RB("find_vma_links"), \
	  "addr:x area:a area_end:x") \
	X(LINKS_OVERLAP, "links.overlap", 5, STEP_RB("find_vma_links"), \
	  "addr:x end:x area:a start:x #nodes:n") \
	X(LINKS_PLACE, "links.place", 5, STEP_RB("find_vma_links"), \
	  "addr:x prev:a parent:a side:s #nodes:n") \
	X(MAPLE_NEIGHBOURS, "maple.neighbours", 3, STEP_MT("mas_prev"), \
	  "addr:x prev:a next:a")

#define STEP_FN_GAP STEP_RB("vm_unmapped_area")
#define STEP_FN_DOWN STEP_FN("arch_get_unmapped_area_topdown", \
			     "arch_get_unmapped_area_topdown", \
			     "arch_get_unmapped_area_topdown", \
			     "arch_get_unmapped_area_topdown")

#define STEP_KINDS_PLACE(X) \
	X(PLACE_ASKED, "place.asked", 2, STEP_ALL("get_unmapped_area"), \
	  "addr:x len:x") \
	X(PLACE_TOO_LONG, "place.too_long", 2, \
	  STEP_ALL("get_unmapped_area"), "len:x =ret:e") \
	X(PLACE_FIXED, "place.fixed", 1, STEP_ALL("arch_get_unmapped_area"), \
	  "addr:x") \
	X(PLACE_BEYOND, "place.beyond", 4, STEP_ALL("get_unmapped_area"), \
	  "addr:x len:x task_size:x =ret:e") \
	X(PLACE_MISALIGNED, "place.misaligned", 2, \
	  STEP_ALL("get_unmapped_area"), "addr:x =ret:e") \
	X(PLACE_TOO_LOW, "place.too_low", 3, \
	  STEP_ALL("security_mmap_addr"), "addr:x min:x =ret:e") \
	X(PLACE_CHOSEN, "place.chosen", 1, STEP_ALL("get_unmapped_area"), \
	  "=addr:x") \
	X(PLACE_NONE, "place.none", 2, STEP_ALL("get_unmapped_area"), \
	  "len:x =ret:e") \
	X(PLACE_HUGE, "place.huge", 2, \
	  STEP_FN(NULL, NULL, NULL, "thp_get_unmapped_area"), \
	  "len:x padded:x") \
	X(PLACE_ALIGNED, "place.aligned", 2, \
	  STEP_FN(NULL, NULL, NULL, "thp_get_unmapped_area"), \
	  "place:x =aligned:x") \
	X(HINT_FREE, "hint.free", 3, STEP_ALL("arch_get_unmapped_area"), \
	  "hint:x len:x next:a") \
	X(HINT_TAKEN, "hint.taken", 4, STEP_ALL("arch_get_unmapped_area"), \
	  "hint:x len:x next:a next_start:x") \
	X(HINT_TOO_HIGH, "hint.too_high", 3, \
	  STEP_ALL("arch_get_unmapped_area"), "hint:x len:x high:x") \
	X(GAP_SEARCH, "gap.search", 3, STEP_RB("unmapped_area_topdown"), \
	  "length:x low:x high:x") \
	X(GAP_SEARCH_UP, "gap.search_up", 3, STEP_RB("unmapped_area"), \
	  "length:x low:x high:x") \
	X(GAP_ABOVE_ALL, "gap.above_all", 3, STEP_FN_GAP, \
	  "highest_vm_end:x length:x high:x") \
	X(GAP_PRUNED, "gap.pruned", 3, STEP_FN_GAP, \
	  "area:a subtree_gap:x length:x") \
	X(GAP_REJECTED, "gap.rejected", 4, STEP_FN_GAP, \
	  "area:a start:x end:x length:x") \
	X(GAP_OUTSIDE, "gap.outside", 5, STEP_FN_GAP, \
	  "area:a start:x end:x low:x high:x") \
	X(GAP_FOUND, "gap.found", 4, STEP_FN_GAP, \
	  "area:a start:x end:x length:x") \
	X(GAP_NONE, "gap.none", 2, STEP_FN_GAP, "length:x =ret:e") \
	X(MAPLE_GAP, "maple.gap", 4, STEP_MT("mas_empty_area_rev"), \
	  "length:x low:x high:x =addr:x") \
	X(MAPLE_GAP_UP, "maple.gap_up", 4, STEP_MT("mas_empty_area"), \
	  "length:x low:x high:x =addr:x") \
	X(MAPLE_NO_GAP, "maple.no_gap", 4, STEP_MT("vm_unmapped_area"), \
	  "length:x low:x high:x =ret:e") \
	X(MAPLE_GUARD, "maple.guard", 3, STEP_MT("vm_unmapped_area"), \
	  "area:a guard_start:x end:x") \
	X(PLACE_BOTTOM_UP, "place.bottom_up", 1, STEP_FN_DOWN, "len:x")

#define STEP_FN_MEMLOCK STEP_FN("mlock_future_check", "mlock_future_check", \
				"mlock_future_check", "mlock_future_ok")

#define STEP_KINDS_LIMITS(X) \
	X(LIMIT_AS_KEPT, "limit.as_kept", 3, STEP_ALL("may_expand_vm"), \
	  "pages:n total_vm:n limit:l") \
	X(LIMIT_AS_EXCEEDED, "limit.as_exceeded", 3, \
	  STEP_ALL("may_expand_vm"), "pages:n total_vm:n limit:l") \
	X(LIMIT_DATA_EXCEEDED, "limit.data_exceeded", 3, \
	  STEP_FN(NULL, "may_expand_vm", "may_expand_vm", "may_expand_vm"), \
	  "pages:n data_vm:n limit:l") \
	X(LIMIT_MEMLOCK_KEPT, "limit.memlock_kept", 3, STEP_FN_MEMLOCK, \
	  "pages:n locked_vm:n limit:l") \
	X(LIMIT_MEMLOCK_EXCEEDED, "limit.memlock_exceeded", 3, \
	  STEP_FN_MEMLOCK, "pages:n locked_vm:n limit:l") \
	X(LIMIT_MAY_NOT_LOCK, "limit.may_not_lock", 1, \
	  STEP_ALL("can_do_mlock"), "=ret:e") \
	X(COMMIT_KEPT, "commit.kept", 2, STEP_ALL("__vm_enough_memory"), \
	  "pages:n committed:n") \
	X(COMMIT_REFUSED, "commit.refused", 3, \
	  STEP_ALL("__vm_enough_memory"), "pages:n committed:n mode:n") \
	X(COMMIT_RETURNED, "commit.returned", 2, \
	  STEP_ALL("vm_unacct_memory"), "pages:n committed:n") \
	X(ACCOUNT_TOTAL, "account.total", 2, STEP_ALL("vm_stat_account"), \
	  "pages:i total_vm:n")

#define STEP_FN_MERGE STEP_FN("vma_merge", "vma_merge", "vma_merge", NULL)
#define STEP_FN_LEFT  STEP_ALL("can_vma_merge_after")
#define STEP_FN_RIGHT STEP_ALL("can_vma_merge_before")
#define STEP_FN_6_12(fn) STEP_FN(NULL, NULL, NULL, fn)

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
	X(MERGE_PREV_OPS, "merge.prev_ops", 1, STEP_FN_LEFT, "prev:a") \
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
	X(MERGE_NEXT_OPS, "merge.next_ops", 1, STEP_FN_RIGHT, "next:a") \
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

#define STEP_FN_ADJUST STEP_FN("vma_adjust", "__vma_adjust", "__vma_adjust", \
			       "vma_complete")
#define STEP_FN_ALLOC STEP_FN("kmem_cache_zalloc", "vm_area_alloc", \
			      "vm_area_alloc", "vm_area_alloc")

#define STEP_KINDS_AREAS(X) \
	X(AREA_NEW, "area.new", 4, STEP_FN_ALLOC, \
	  "area:a start:x end:x flags:f") \
	X(AREA_FREED, "area.freed", 2, STEP_FN("remove_vma", "remove_vma", \
	  "remove_vma", "remove_vma"), "area:a pages:n") \
	X(SPLIT_ABOVE, "split.above", 5, STEP_ALL("__split_vma"), \
	  "area:a addr:x new:a new_start:x new_end:x") \
	X(SPLIT_BELOW, "split.below", 5, STEP_ALL("__split_vma"), \
	  "area:a addr:x new:a new_start:x new_end:x") \
	X(SPLIT_AREAS_EXCEEDED, "split.areas_exceeded", 4, \
	  STEP_ALL("split_vma"), "area:a map_count:n max:n =ret:e") \
	X(SPLIT_WHOLE_ONLY, "split.whole_only", 3, STEP_ALL("__split_vma"), \
	  "area:a addr:x =ret:e") \
	X(ADJUST_AREA, "adjust.area", 3, STEP_FN_ADJUST, \
	  "area:a start:x end:x") \
	X(ADJUST_BORDER, "adjust.border", 3, STEP_FN_ADJUST, \
	  "area:a next:a border:x") \
	X(ADJUST_SWALLOWS, "adjust.swallows", 3, STEP_FN_ADJUST, \
	  "area:a next:a end:x") \
	X(ADJUST_ANON_VMA, "adjust.anon_vma", 3, STEP_ALL("anon_vma_clone"), \
	  "area:a from:a anon_vma:v") \
	X(LIST_LINKED, "list.linked", 3, STEP_RB("__vma_link_list"), \
	  "area:a prev:a next:a") \
	X(LIST_UNLINKED, "list.unlinked", 4, \
	  STEP_FN("detach_vmas_to_be_unmapped", \
		  "detach_vmas_to_be_unmapped", NULL, NULL), \
	  "first:a last:a prev:a next:a") \
	X(TREE_LINKED, "tree.linked", 3, STEP_RB("__vma_link_rb"), \
	  "area:a parent:a side:s") \
	X(TREE_RECOLOURED, "tree.recoloured", 3, STEP_RB("__rb_insert"), \
	  "parent:a uncle:a grandparent:a") \
	X(TREE_ROTATED, "tree.rotated", 3, \
	  STEP_RB("__rb_rotate_set_parents"), "area:a side:s up:a") \
	X(TREE_ERASED, "tree.erased", 1, STEP_RB("vma_rb_erase"), "area:a") \
	X(TREE_REPLACED, "tree.replaced", 2, STEP_RB("__rb_erase_augmented"), \
	  "area:a successor:a") \
	X(GAP_UPDATED, "gap.updated", 4, STEP_RB("vma_gap_update"), \
	  "area:a gap:x =subtree_gap:x #nodes:n") \
	X(GAP_HIGHEST, "gap.highest", 1, STEP_RB("__vma_link_rb"), \
	  "highest_vm_end:x") \
	X(MAPLE_STORED, "maple.stored", 3, \
	  STEP_FN(NULL, NULL, "vma_mas_store", "vma_iter_store"), \
	  "area:a start:x end:x") \
	X(MAPLE_CLEARED, "maple.cleared", 2, \
	  STEP_FN(NULL, NULL, "mas_store_prealloc", "vma_iter_clear_gfp"), \
	  "start:x end:x")

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

#define STEP_FN_MMAP STEP_FN("do_mmap_pgoff", "do_mmap", "do_mmap", "do_mmap")
#define STEP_FN_SYS_MMAP STEP_FN("sys_mmap", "__do_sys_mmap", \
				 "__do_sys_mmap", "__do_sys_mmap")
#define STEP_FN_PGOFF STEP_FN("sys_mmap_pgoff", "ksys_mmap_pgoff", \
			      "ksys_mmap_pgoff", "ksys_mmap_pgoff")

#define STEP_KINDS_MMAP(X) \
	X(MMAP_ASKED, "mmap.asked", 4, STEP_FN_SYS_MMAP, \
	  "addr:x len:x prot:x flags:x") \
	X(MMAP_OFFSET_MISALIGNED, "mmap.offset_misaligned", 2, \
	  STEP_FN_SYS_MMAP, "offset:x =ret:e") \
	X(MMAP_NO_FILE, "mmap.no_file", 1, STEP_FN_PGOFF, "=ret:e") \
	X(MMAP_HUGETLB, "mmap.hugetlb", 1, STEP_FN_PGOFF, "=ret:e") \
	X(MMAP_NO_LENGTH, "mmap.no_length", 1, STEP_FN_MMAP, "=ret:e") \
	X(MMAP_HINT_ROUNDED, "mmap.hint_rounded", 2, \
	  STEP_ALL("round_hint_to_min"), "addr:x =hint:x") \
	X(MMAP_LENGTH_WRAPS, "mmap.length_wraps", 2, STEP_FN_MMAP, \
	  "len:x =ret:e") \
	X(MMAP_OFFSET_WRAPS, "mmap.offset_wraps", 3, STEP_FN_MMAP, \
	  "pgoff:n pages:n =ret:e") \
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
