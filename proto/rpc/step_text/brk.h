/* SPDX-License-Identifier: MIT */
#pragma once
/* Words for the steps of brk. */
/* clang-format off */
#define STEP_TEXTS_BRK(X) \
	X(BRK_ASKED, \
	  "brk({brk}) is called; mm->brk is {old}", \
	  "调用 brk({brk})，当前 mm->brk 是 {old}") \
	X(BRK_BELOW_START, \
	  "{brk} lies below start_brk {start_brk}, where the heap begins: the " \
	  "old break {ret} is returned", \
	  "{brk} 低于堆的起始地址 start_brk {start_brk}，返回原来的 brk {ret}") \
	X(BRK_DATA_KEPT, \
	  "data segment and heap would take {needed} byte(s), which " \
	  "RLIMIT_DATA ({limit}) allows", \
	  "数据段加上 brk 区域共 {needed} 字节，没有超过 RLIMIT_DATA" \
	  "（{limit}）") \
	X(BRK_DATA_EXCEEDED, \
	  "data segment and heap would take {needed} byte(s), more than " \
	  "RLIMIT_DATA ({limit}): the old break {ret} is returned", \
	  "数据段加上 brk 区域共 {needed} 字节，超过了 RLIMIT_DATA" \
	  "（{limit}），返回原来的 brk {ret}") \
	X(BRK_SAME_PAGE, \
	  "rounded up to a page, old and new break are both {page}: no area " \
	  "changes, only mm->brk becomes {ret}", \
	  "按页对齐后新旧 brk 都是 {page}：不用改动任何 VMA，只把 mm->brk 更" \
	  "新为 {ret}") \
	X(BRK_SHRINKS, \
	  "{newbrk} is below the old break: the heap shrinks, and [{newbrk}, " \
	  "{oldbrk}) is released", \
	  "新的 brk 比 mm->brk 低，是释放内存：要释放 [{newbrk}, {oldbrk})") \
	X(BRK_NOT_MAPPED, \
	  "nothing is mapped in [{newbrk}, {oldbrk}): there is no heap to " \
	  "shrink, and the old break {ret} is returned", \
	  "[{newbrk}, {oldbrk}) 里没有任何映射，没有堆可以释放，返回原来的 " \
	  "brk {ret}") \
	X(BRK_GROWS, \
	  "the new break is above mm->brk: the heap shall grow over [{oldbrk}" \
	  ", {newbrk})", \
	  "新的 brk 比 mm->brk 高，是申请内存：堆要扩大，新增 [{oldbrk}, " \
	  "{newbrk})") \
	X(BRK_COLLIDES, \
	  "{area}, which begins at {area_start}, intersects [{start}, {end}), " \
	  "the new part of the heap and one page: the old break {ret} is " \
	  "returned", \
	  "[{start}, {end})（堆新增的部分再加一页）与从 {area_start} 开始的" \
	  "{area}重合，直接退出，返回原来的 brk {ret}") \
	X(BRK_FREE, \
	  "no area intersects [{start}, {end}), the new part of the heap and " \
	  "one page: the heap may grow", \
	  "[{start}, {end})（堆新增的部分再加一页）没有与任何已存在的 VMA 重" \
	  "合，可以扩大堆") \
	X(BRK_VM, \
	  "the kernel itself asks for [{addr}, {end}), as brk would for a " \
	  "heap, with {flags}; mm->brk stays as it is", \
	  "内核自己要映射 [{addr}, {end})，做法与 brk 扩大堆相同，权限为 " \
	  "{flags}；mm->brk 不变") \
	X(BRK_COVERED, \
	  "something is mapped in [{start}, {end}): it is unmapped first", \
	  "[{start}, {end}) 里已有映射，先把它们取消") \
	X(BRK_EXTENDS, \
	  "[{addr}, {end}) shall be mapped: anonymous memory, no file is " \
	  "involved", \
	  "要映射 [{addr}, {end})：只处理匿名映射，与文件无关") \
	X(BRK_AREAS_KEPT, \
	  "map_count is {map_count}, not above max_map_count ({max})", \
	  "map_count 是 {map_count}，没有超过 max_map_count（{max}）") \
	X(BRK_AREAS_EXCEEDED, \
	  "map_count is {map_count}, above max_map_count ({max}): {ret}", \
	  "map_count 是 {map_count}，超过了 max_map_count（{max}）：{ret}") \
	X(BRK_HEAP, \
	  "{prev}, which ends at {prev_end}, reaches above start_brk: it is " \
	  "the heap, and may be extended", \
	  "{prev}在 {prev_end} 结束，越过了 start_brk：它就是堆，可以直接扩展") \
	X(BRK_NOT_HEAP, \
	  "{prev} does not reach above start_brk {start_brk}: it is not the " \
	  "heap, which therefore cannot be extended", \
	  "{prev}没有越过 start_brk {start_brk}，不是堆，不能直接扩展它") \
	X(BRK_COUNTED, \
	  "total_vm grows by {pages} page(s) to {total_vm}", \
	  "total_vm 增加 {pages} 页，变为 {total_vm}") \
	X(BRK_LOCKED, \
	  "def_flags say VM_LOCKED: locked_vm grows by {pages} page(s) to " \
	  "{locked_vm}", \
	  "def_flags 带有 VM_LOCKED，locked_vm 增加 {pages} 页，变为 " \
	  "{locked_vm}") \
	X(BRK_SET, \
	  "mm->brk is updated from {old} to {ret}, which the call returns", \
	  "更新 mm->brk：从 {old} 变为 {ret}，这也是返回值") \
	X(BRK_REFUSED, \
	  "mm->brk cannot become {brk}: it stays {ret}, which is returned", \
	  "mm->brk 不能变为 {brk}，保持 {ret} 并返回它")
/* clang-format on */
