/* SPDX-License-Identifier: MIT */
#pragma once
/* Steps of mremap. */
/* clang-format off */
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
/* clang-format on */
