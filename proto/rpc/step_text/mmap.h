/* SPDX-License-Identifier: MIT */
#pragma once
/* Words for the steps of mmap. */
/* clang-format off */
#define STEP_TEXTS_MMAP(X) \
	X(MMAP_ASKED, \
	  "mmap of {len} bytes is called with the address {addr}, prot {prot} " \
	  "and flags {flags}", \
	  "调用 mmap：地址 {addr}，长度 {len} 字节，prot {prot}，flags " \
	  "{flags}") \
	X(MMAP_OFFSET_MISALIGNED, \
	  "the offset {offset} is not a multiple of the page size: {ret}", \
	  "偏移 {offset} 没有按页对齐：{ret}") \
	X(MMAP_NO_FILE, \
	  "the mapping is not anonymous, and no open file belongs to the " \
	  "descriptor: {ret}", \
	  "不是匿名映射，而描述符没有对应的打开文件：{ret}") \
	X(MMAP_HUGETLB, \
	  "MAP_HUGETLB finds no huge page here, or a file that is not on a " \
	  "hugetlbfs: {ret}", \
	  "MAP_HUGETLB：这里没有可用的大页，或者文件不在 hugetlbfs 上：{ret}") \
	X(MMAP_NO_LENGTH, \
	  "a mapping of no bytes is refused: {ret}", \
	  "长度为零的映射被拒绝：{ret}") \
	X(MMAP_HINT_ROUNDED, \
	  "the hint {addr} becomes {hint}: a whole page, and not below " \
	  "mmap_min_addr", \
	  "提示地址 {addr} 调整为 {hint}：按页取整，并且不低于 mmap_min_addr") \
	X(MMAP_LENGTH_WRAPS, \
	  "{len} bytes, rounded up to pages, wrap around to 0: {ret}", \
	  "{len} 字节按页向上取整后回绕成了零：{ret}") \
	X(MMAP_AREAS_KEPT, \
	  "map_count is {map_count}, not above max_map_count ({max})", \
	  "map_count 是 {map_count}，没有超过 max_map_count（{max}）") \
	X(MMAP_AREAS_EXCEEDED, \
	  "map_count is {map_count}, above max_map_count ({max}): {ret}", \
	  "map_count 是 {map_count}，超过了 max_map_count（{max}）：{ret}") \
	X(MMAP_EXISTS, \
	  "MAP_FIXED_NOREPLACE, and something is mapped in [{addr}, {end}) " \
	  "already: {ret}", \
	  "MAP_FIXED_NOREPLACE：[{addr}, {end}) 里已有映射：{ret}") \
	X(MMAP_FLAGS, \
	  "prot and flags make the area's vm_flags {flags}", \
	  "由 prot 和 flags 得出 vm_flags：{flags}") \
	X(MMAP_FILE_TOO_FAR, \
	  "from page {pgoff} on, {pages} page(s) would reach beyond what any " \
	  "file can have: {ret}", \
	  "从第 {pgoff} 页起的 {pages} 页超出了文件的最大长度：{ret}") \
	X(MMAP_UNKNOWN_FLAGS, \
	  "MAP_SHARED_VALIDATE takes no flags that it does not know, as " \
	  "{flags}: {ret}", \
	  "MAP_SHARED_VALIDATE 不接受不认识的标志 {flags}：{ret}") \
	X(MMAP_BAD_TYPE, \
	  "flags {flags} say neither MAP_PRIVATE nor MAP_SHARED, or both: " \
	  "{ret}", \
	  "flags {flags} 既不是 MAP_PRIVATE 也不是 MAP_SHARED，或者两者都有：" \
	  "{ret}") \
	X(MMAP_NOT_WRITABLE, \
	  "inode {inode} was not opened for writing, but shall be shared and " \
	  "written: {ret}", \
	  "inode {inode} 没有以可写方式打开，却要共享可写映射：{ret}") \
	X(MMAP_NOT_READABLE, \
	  "inode {inode} was not opened for reading, which every mapping " \
	  "needs: {ret}", \
	  "inode {inode} 没有以可读方式打开，而任何映射都需要读：{ret}") \
	X(MMAP_GROWSDOWN, \
	  "MAP_GROWSDOWN is for private anonymous memory alone: {ret}", \
	  "MAP_GROWSDOWN 只能用于私有匿名内存：{ret}") \
	X(MMAP_DROPPABLE, \
	  "MAP_DROPPABLE goes neither with MAP_LOCKED nor with MAP_GROWSDOWN: " \
	  "{ret}", \
	  "MAP_DROPPABLE 不能与 MAP_LOCKED 或 MAP_GROWSDOWN 同用：{ret}") \
	X(MMAP_REGION, \
	  "all checks are passed: [{addr}, {end}) is mapped with the flags " \
	  "{flags}", \
	  "检查全部通过，开始映射 [{addr}, {end})，标志 {flags}") \
	X(MMAP_COVERED, \
	  "something is mapped in [{addr}, {end}): it is unmapped, then the " \
	  "insertion point is looked for again", \
	  "[{addr}, {end}) 里已有映射：先用 do_munmap 清除，再重新查找插入点") \
	X(MMAP_NET_PAGES, \
	  "the range holds {covered} mapped page(s), which will be replaced: " \
	  "the net growth is {pages} page(s)", \
	  "区间内有 {covered} 页已映射、将被取代，净增 {pages} 页") \
	X(MMAP_OBJECT, \
	  "shared anonymous memory gets an object of its own, inode {inode}, " \
	  "for {area}", \
	  "共享匿名内存有自己的 shmem 对象 inode {inode}，供{area}使用") \
	X(MMAP_LOCKED, \
	  "locked_vm grows by {pages} page(s) to {locked_vm}", \
	  "locked_vm 增加 {pages} 页，变为 {locked_vm}") \
	X(MMAP_REFUSED, \
	  "the mapping at {addr} cannot be made: {ret}", \
	  "无法在 {addr} 建立映射：{ret}") \
	X(MMAP_DONE, \
	  "[{addr}, {end}) is mapped; {addr} is returned", \
	  "[{addr}, {end}) 映射完成，返回 {addr}")
/* clang-format on */
