/* SPDX-License-Identifier: MIT */
#pragma once
/* Steps of areas: made, split, linked, freed. */
/* clang-format off */
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
	X(ADJUST_AREA, "adjust.area", 4, STEP_FN_ADJUST, \
	  "area:a start:x end:x ^by:w") \
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
	X(TREE_ROOT, "tree.root", 1, STEP_RB("__vma_link_rb"), "area:a") \
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
	X(GAP_HIGHEST, "gap.highest", 2, STEP_RB("__vma_link_rb"), \
	  "highest_vm_end:x ^by:w") \
	X(MAPLE_STORED, "maple.stored", 3, \
	  STEP_FN(NULL, NULL, "vma_mas_store", "vma_iter_store"), \
	  "area:a start:x end:x") \
	X(MAPLE_CLEARED, "maple.cleared", 2, \
	  STEP_FN(NULL, NULL, "mas_store_prealloc", "vma_iter_clear_gfp"), \
	  "start:x end:x")
/* clang-format on */
