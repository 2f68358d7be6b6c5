/* SPDX-License-Identifier: MIT */
#pragma once
/* Words for the steps of where a mapping goes. */
/* clang-format off */
#define STEP_TEXTS_PLACE(X) \
	X(PLACE_ASKED, \
	  "an unmapped range of {len} bytes is wanted; the address asked for " \
	  "is {addr}", \
	  "要找一段长 {len} 字节的未映射区间，指定的地址是 {addr}") \
	X(PLACE_TOO_LONG, \
	  "{len} bytes are more than TASK_SIZE: {ret}", \
	  "长度 {len} 超过 TASK_SIZE：{ret}") \
	X(PLACE_FIXED, \
	  "MAP_FIXED: the address is {addr}, whatever is there", \
	  "MAP_FIXED：地址就是 {addr}，不管那里有什么") \
	X(PLACE_FIXED_UP, \
	  "MAP_FIXED: the address is {addr}, whatever is there", \
	  "MAP_FIXED：地址就是 {addr}，不管那里有什么") \
	X(PLACE_BEYOND, \
	  "{len} bytes from {addr} would end beyond TASK_SIZE {task_size}: " \
	  "{ret}", \
	  "从 {addr} 起的 {len} 字节超出了 TASK_SIZE {task_size}：{ret}") \
	X(PLACE_MISALIGNED, \
	  "{addr} is not a multiple of the page size: {ret}", \
	  "{addr} 没有按页对齐：{ret}") \
	X(PLACE_TOO_LOW, \
	  "{addr} is below mmap_min_addr {min}, which takes a privilege: " \
	  "{ret}", \
	  "{addr} 低于 mmap_min_addr {min}，没有特权不能映射：{ret}") \
	X(PLACE_CHOSEN, \
	  "the address {addr} passes all checks", \
	  "地址 {addr} 通过了全部检查") \
	X(PLACE_NONE, \
	  "no place of {len} bytes was found: {ret}", \
	  "找不到 {len} 字节的位置：{ret}") \
	X(PLACE_HUGE, \
	  "{len} bytes are whole huge pages, so a place of {padded} bytes is " \
	  "looked for, in which they can be aligned", \
	  "{len} 字节正好是整数个大页，于是先找 {padded} 字节，以便在其中对齐") \
	X(PLACE_ALIGNED, \
	  "within the place at {place} the mapping begins at {aligned}, a " \
	  "multiple of 2 MiB", \
	  "在 {place} 处的空间里，映射从 2 MiB 对齐的 {aligned} 开始") \
	X(HINT_FREE, \
	  "{len} bytes at the hint {hint} are free, {next} being the next " \
	  "one: the hint is taken", \
	  "提示地址 {hint} 处的 {len} 字节是空闲的，后面是{next}：就用这个提" \
	  "示") \
	X(HINT_FREE_UP, \
	  "{len} bytes at the hint {hint} are free, {next} being the next " \
	  "one: the hint is taken", \
	  "提示地址 {hint} 处的 {len} 字节是空闲的，后面是{next}：就用这个提" \
	  "示") \
	X(HINT_TAKEN, \
	  "{len} bytes at the hint {hint} would reach into {next}, which " \
	  "begins at {next_start}: the hint is not taken", \
	  "提示地址 {hint} 处的 {len} 字节会碰到从 {next_start} 开始的" \
	  "{next}：这个提示不能用") \
	X(HINT_TAKEN_UP, \
	  "{len} bytes at the hint {hint} would reach into {next}, which " \
	  "begins at {next_start}: the hint is not taken", \
	  "提示地址 {hint} 处的 {len} 字节会碰到从 {next_start} 开始的" \
	  "{next}：这个提示不能用") \
	X(HINT_TOO_HIGH, \
	  "{len} bytes at the hint {hint} would reach beyond {high}: the hint " \
	  "is not taken", \
	  "提示地址 {hint} 处的 {len} 字节会超出 {high}：这个提示不能用") \
	X(HINT_TOO_HIGH_UP, \
	  "{len} bytes at the hint {hint} would reach beyond {high}: the hint " \
	  "is not taken", \
	  "提示地址 {hint} 处的 {len} 字节会超出 {high}：这个提示不能用") \
	X(GAP_SEARCH, \
	  "from the top down, the highest gap of {length} bytes within [{low}" \
	  ", {high}) is looked for, mmap_base being its end", \
	  "自顶向下，在 [{low}, {high}) 里找最高的一个不小于 {length} 字节的" \
	  "空隙，上界是 mmap_base") \
	X(GAP_SEARCH_UP, \
	  "from the bottom up, the lowest gap of {length} bytes within [{low}" \
	  ", {high}) is looked for", \
	  "自底向上，在 [{low}, {high}) 里找最低的一个不小于 {length} 字节的" \
	  "空隙") \
	X(GAP_ABOVE_ALL, \
	  "the last area ends at {highest_vm_end}, and {length} bytes fit " \
	  "above it below {high}", \
	  "最后一个 VMA 在 {highest_vm_end} 结束，它上面到 {high} 为止放得下 " \
	  "{length} 字节") \
	X(GAP_PRUNED, \
	  "the largest gap in the subtree of {area} is {subtree_gap} bytes, " \
	  "less than {length}: none of its nodes is visited", \
	  "以{area}为根的子树里最大的空隙只有 {subtree_gap} 字节，不到 " \
	  "{length}：整棵子树都不用看") \
	X(GAP_REJECTED, \
	  "the gap [{start}, {end}) before {area} is shorter than {length} " \
	  "bytes", \
	  "{area}前面的空隙 [{start}, {end}) 不到 {length} 字节") \
	X(GAP_OUTSIDE, \
	  "the gap [{start}, {end}) before {area} does not have enough within " \
	  "[{low}, {high})", \
	  "{area}前面的空隙 [{start}, {end}) 落在 [{low}, {high}) 之内的部分" \
	  "不够大") \
	X(GAP_FOUND, \
	  "the gap [{start}, {end}) before {area} holds {length} bytes: it is " \
	  "taken", \
	  "{area}前面的空隙 [{start}, {end}) 放得下 {length} 字节：就用它") \
	X(GAP_NONE, \
	  "no gap holds {length} bytes: {ret}", \
	  "没有一个空隙放得下 {length} 字节：{ret}") \
	X(MAPLE_GAP, \
	  "the maple tree's highest gap of {length} bytes within [{low}, " \
	  "{high}) gives the address {addr}", \
	  "在 maple tree 里反向找到 [{low}, {high}) 中最高的 {length} 字节空" \
	  "隙，得到地址 {addr}") \
	X(MAPLE_GAP_UP, \
	  "the maple tree's lowest gap of {length} bytes within [{low}, " \
	  "{high}) gives the address {addr}", \
	  "在 maple tree 里找到 [{low}, {high}) 中最低的 {length} 字节空隙，" \
	  "得到地址 {addr}") \
	X(MAPLE_NO_GAP, \
	  "the maple tree has no gap of {length} bytes within [{low}, {high}" \
	  "): {ret}", \
	  "maple tree 在 [{low}, {high}) 里没有 {length} 字节的空隙：{ret}") \
	X(MAPLE_GUARD, \
	  "{area} grows down and wants its guard gap from {guard_start} on, " \
	  "which lies below {end}: the search starts again beyond it", \
	  "{area}会向下生长，从 {guard_start} 起要留保护间隙，低于 {end}：避" \
	  "开它重新查找") \
	X(PLACE_BOTTOM_UP, \
	  "below mmap_base is no room for {len} bytes, so the search is made " \
	  "once more, bottom up", \
	  "mmap_base 以下放不下 {len} 字节，改为自底向上再找一遍")
/* clang-format on */
