/* SPDX-License-Identifier: MIT */
#pragma once
/* Steps of where a mapping goes. */
/* clang-format off */
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
/* clang-format on */
