/* SPDX-License-Identifier: MIT */
#pragma once
/* Steps of look-ups: the cache, the tree, the insertion point. */
/* clang-format off */
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
	X(CACHE_FLUSHED, "cache.flushed", 1, STEP_RB("vmacache_flush"), \
	  "seqnum:n") \
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
	X(MAPLE_FOUND, "maple.found", 5, STEP_MT("mt_find"), \
	  "addr:x =area:a start:x end:x ^by:w") \
	X(MAPLE_ABOVE, "maple.above", 4, STEP_MT("mt_find"), \
	  "addr:x =area:a start:x ^by:w") \
	X(MAPLE_NONE, "maple.none", 2, STEP_MT("mt_find"), \
	  "addr:x ^by:w") \
	X(LINKS_LEFT, "links.left", 3, STEP_RB("find_vma_links"), \
	  "end:x area:a start:x") \
	X(LINKS_RIGHT, "links.right", 3, STEP_RB("find_vma_links"), \
	  "addr:x area:a area_end:x") \
	X(LINKS_OVERLAP, "links.overlap", 5, STEP_RB("find_vma_links"), \
	  "addr:x end:x area:a start:x #nodes:n") \
	X(LINKS_ROOT, "links.root", 1, STEP_RB("find_vma_links"), "addr:x") \
	X(LINKS_PLACE, "links.place", 5, STEP_RB("find_vma_links"), \
	  "addr:x prev:a parent:a side:s #nodes:n") \
	X(MAPLE_NEIGHBOURS, "maple.neighbours", 3, STEP_MT("mas_prev"), \
	  "addr:x prev:a next:a")
/* clang-format on */
