/* SPDX-License-Identifier: MIT */
#pragma once
/* Words for the steps of mremap. */
/* clang-format off */
#define STEP_TEXTS_REMAP(X) \
	X(MREMAP_ASKED, \
	  "{old_len} bytes at {addr} shall become {new_len} bytes, with the " \
	  "flags {flags} and the new address {new_addr}", \
	  "把 {addr} 处的 {old_len} 字节改为 {new_len} 字节，flags {flags}，" \
	  "新地址 {new_addr}") \
	X(MREMAP_BAD, \
	  "{addr}, the lengths or the flags {flags} make no sense: {ret}", \
	  "{addr}、长度或 flags {flags} 不合要求：{ret}") \
	X(MREMAP_BAD_TARGET, \
	  "{new_len} bytes at {new_addr} are misaligned, beyond TASK_SIZE, or " \
	  "overlap the source: {ret}", \
	  "{new_addr} 处的 {new_len} 字节没有对齐、超出 TASK_SIZE，或者与来源" \
	  "重叠：{ret}") \
	X(MREMAP_SEALED, \
	  "{area} is sealed: {ret}", \
	  "{area}已被 mseal 封住：{ret}") \
	X(MREMAP_NO_AREA, \
	  "nothing is mapped at {addr}: {ret}", \
	  "{addr} 处没有映射：{ret}") \
	X(MREMAP_UNFIT, \
	  "{area} (flags {flags}) cannot be resized or moved that way: {ret}", \
	  "{area}（标志 {flags}）不能这样改变大小或移动：{ret}") \
	X(MREMAP_CROSSES, \
	  "{area} ends at {area_end}, before the {old_len} bytes do: {ret}", \
	  "{area}到 {area_end} 就结束了，不到 {old_len} 字节：{ret}") \
	X(MREMAP_RESIZES, \
	  "it is {area} whose {old_len} bytes shall become {new_len}", \
	  "要把{area}的 {old_len} 字节改为 {new_len} 字节") \
	X(MREMAP_SHRINKS, \
	  "the new length is not larger, so {len} bytes from {start} on are " \
	  "unmapped, and that is all", \
	  "新长度不大于旧长度，只要解除从 {start} 起 {len} 字节的映射") \
	X(MREMAP_CLEARS, \
	  "MREMAP_FIXED: what is in the {new_len} bytes at {new_addr} is " \
	  "unmapped first", \
	  "MREMAP_FIXED：先清掉 {new_addr} 处 {new_len} 字节里原有的映射") \
	X(MREMAP_IN_PLACE, \
	  "nothing lies between {area} and {end}: it can grow where it is", \
	  "{area}到 {end} 之间没有别的 VMA：可以原地扩大") \
	X(MREMAP_NO_ROOM, \
	  "{area} cannot reach {end} where it is: {next} begins at " \
	  "{next_start}", \
	  "{area}不能原地扩大到 {end}：{next}从 {next_start} 开始") \
	X(MREMAP_MAY_NOT_MOVE, \
	  "{area} would have to move, and MREMAP_MAYMOVE is not given: {ret}", \
	  "{area}必须移动，却没有给出 MREMAP_MAYMOVE：{ret}") \
	X(MREMAP_AREAS_EXCEEDED, \
	  "a move may take some areas more for a moment, but map_count is " \
	  "{map_count} and max_map_count {max}: {ret}", \
	  "移动可能暂时多出几个 VMA，但 map_count 是 {map_count}，离 " \
	  "max_map_count（{max}）太近：{ret}") \
	X(MREMAP_MOVES, \
	  "{area} moves from {addr} to {new_addr} and will be {new_len} bytes " \
	  "long", \
	  "{area}从 {addr} 移到 {new_addr}，长度变为 {new_len} 字节") \
	X(MREMAP_COPIED, \
	  "{new} takes over from {area} at {start}", \
	  "{new}在 {start} 处接替{area}") \
	X(MREMAP_PAGES, \
	  "the page table entries of {len} bytes move from {addr} to " \
	  "{new_addr}", \
	  "{len} 字节的页表项从 {addr} 搬到 {new_addr}") \
	X(MREMAP_BACK, \
	  "{new} may only exist whole: everything moves back: {ret}", \
	  "{new}只能整个存在，全部搬回原处：{ret}") \
	X(MREMAP_KEPT, \
	  "MREMAP_DONTUNMAP: {area} stays where it is, empty; the pages are " \
	  "in {new}", \
	  "MREMAP_DONTUNMAP：{area}留在原处但已空，页都在{new}里") \
	X(MREMAP_DONE, \
	  "{addr} is returned", \
	  "返回 {addr}") \
	X(MREMAP_REFUSED, \
	  "the mapping stays, or what is left of it: {ret}", \
	  "映射（或它剩下的部分）保持原样：{ret}")
/* clang-format on */
