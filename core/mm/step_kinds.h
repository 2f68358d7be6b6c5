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
 *                t kind of access
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
	STEP_KINDS_MUNMAP(X) STEP_KINDS_MMAP(X) \
	STEP_KINDS_FAULT(X) STEP_KINDS_PROTECT(X) STEP_KINDS_REMAP(X) \
	STEP_KINDS_OTHERS(X)

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
#define STEP_FN_DOWN STEP_ALL("arch_get_unmapped_area_topdown")
#define STEP_FN_UP   STEP_ALL("arch_get_unmapped_area")

#define STEP_KINDS_PLACE(X) \
	X(PLACE_ASKED, "place.asked", 2, STEP_ALL("get_unmapped_area"), \
	  "addr:x len:x") \
	X(PLACE_TOO_LONG, "place.too_long", 2, \
	  STEP_ALL("get_unmapped_area"), "len:x =ret:e") \
	X(PLACE_FIXED, "place.fixed", 1, STEP_FN_DOWN, "addr:x") \
	X(PLACE_FIXED_UP, "place.fixed_up", 1, STEP_FN_UP, "addr:x") \
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
	X(HINT_FREE, "hint.free", 3, STEP_FN_DOWN, "hint:x len:x next:a") \
	X(HINT_FREE_UP, "hint.free_up", 3, STEP_FN_UP, \
	  "hint:x len:x next:a") \
	X(HINT_TAKEN, "hint.taken", 4, STEP_FN_DOWN, \
	  "hint:x len:x next:a next_start:x") \
	X(HINT_TAKEN_UP, "hint.taken_up", 4, STEP_FN_UP, \
	  "hint:x len:x next:a next_start:x") \
	X(HINT_TOO_HIGH, "hint.too_high", 3, STEP_FN_DOWN, \
	  "hint:x len:x high:x") \
	X(HINT_TOO_HIGH_UP, "hint.too_high_up", 3, STEP_FN_UP, \
	  "hint:x len:x high:x") \
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

#define STEP_FN_MREMAP STEP_FN("sys_mremap", "__do_sys_mremap", \
			       "__do_sys_mremap", "__do_sys_mremap")

#define STEP_KINDS_REMAP(X) \
	X(MREMAP_ASKED, "mremap.asked", 5, STEP_FN_MREMAP, \
	  "addr:x old_len:x new_len:x flags:x new_addr:x") \
	X(MREMAP_BAD, "mremap.bad", 3, STEP_FN_MREMAP, \
	  "addr:x flags:x =ret:e") \
	X(MREMAP_BAD_TARGET, "mremap.bad_target", 3, \
	  STEP_ALL("mremap_to"), "new_addr:x new_len:x =ret:e") \
	X(MREMAP_SEALED, "mremap.sealed", 2, \
	  STEP_FN_6_12("__do_sys_mremap"), "area:a =ret:e") \
	X(MREMAP_NO_AREA, "mremap.no_area", 2, STEP_ALL("vma_to_resize"), \
	  "addr:x =ret:e") \
	X(MREMAP_UNFIT, "mremap.unfit", 3, STEP_ALL("vma_to_resize"), \
	  "area:a flags:f =ret:e") \
	X(MREMAP_CROSSES, "mremap.crosses", 4, STEP_ALL("vma_to_resize"), \
	  "area:a area_end:x old_len:x =ret:e") \
	X(MREMAP_RESIZES, "mremap.resizes", 3, STEP_ALL("vma_to_resize"), \
	  "area:a old_len:x new_len:x") \
	X(MREMAP_SHRINKS, "mremap.shrinks", 2, STEP_FN_MREMAP, \
	  "start:x len:x") \
	X(MREMAP_CLEARS, "mremap.clears", 2, STEP_ALL("mremap_to"), \
	  "new_addr:x new_len:x") \
	X(MREMAP_IN_PLACE, "mremap.in_place", 2, \
	  STEP_ALL("vma_expandable"), "area:a end:x") \
	X(MREMAP_NO_ROOM, "mremap.no_room", 4, STEP_ALL("vma_expandable"), \
	  "area:a end:x next:a next_start:x") \
	X(MREMAP_MAY_NOT_MOVE, "mremap.may_not_move", 2, STEP_FN_MREMAP, \
	  "area:a =ret:e") \
	X(MREMAP_AREAS_EXCEEDED, "mremap.areas_exceeded", 3, \
	  STEP_ALL("move_vma"), "map_count:n max:n =ret:e") \
	X(MREMAP_MOVES, "mremap.moves", 4, STEP_ALL("move_vma"), \
	  "area:a addr:x new_addr:x new_len:x") \
	X(MREMAP_COPIED, "mremap.copied", 3, STEP_ALL("copy_vma"), \
	  "area:a new:a start:x") \
	X(MREMAP_PAGES, "mremap.pages", 3, STEP_ALL("move_page_tables"), \
	  "addr:x new_addr:x len:x") \
	X(MREMAP_BACK, "mremap.back", 2, STEP_ALL("move_vma"), \
	  "new:a =ret:e") \
	X(MREMAP_KEPT, "mremap.kept", 2, \
	  STEP_FN(NULL, "move_vma", "move_vma", "move_vma"), \
	  "area:a new:a") \
	X(MREMAP_DONE, "mremap.done", 1, STEP_FN_MREMAP, "=addr:x") \
	X(MREMAP_REFUSED, "mremap.refused", 1, STEP_FN_MREMAP, "=ret:e")

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
#define STEP_FN_FORK STEP_FN("dup_mmap", "dup_mmap", "dup_mmap", "dup_mmap")

#define STEP_KINDS_OTHERS(X) \
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
	X(MSEAL_ASKED, "mseal.asked", 2, STEP_FN_MSEAL, \
	  "start:x len:x") \
	X(MSEAL_REFUSED, "mseal.refused", 2, STEP_FN_MSEAL, \
	  "start:x =ret:e") \
	X(MSEAL_AREA, "mseal.area", 3, STEP_FN_6_12("mseal_fixup"), \
	  "area:a start:x end:x") \
	X(FORK_ASKED, "fork.asked", 1, STEP_FN_FORK, "areas:n") \
	X(FORK_LEFT_OUT, "fork.left_out", 1, STEP_FN_FORK, "area:a") \
	X(FORK_REFUSED, "fork.refused", 2, STEP_FN_FORK, "area:a =ret:e") \
	X(FORK_AREA, "fork.area", 3, STEP_FN_FORK, \
	  "area:a start:x end:x") \
	X(FORK_PAGES, "fork.pages", 1, STEP_ALL("copy_page_range"), \
	  "area:a") \
	X(FORK_PAGES_LATER, "fork.pages_later", 1, \
	  STEP_ALL("copy_page_range"), "area:a") \
	X(FORK_WIPED, "fork.wiped", 1, \
	  STEP_FN(NULL, "dup_mmap", "dup_mmap", "dup_mmap"), "area:a")
/* clang-format on */
