/* SPDX-License-Identifier: MIT */
/*
 * The catalogue: a sentence a kind of step, in English and in Chinese
 *
 * {name} stands for the value of that name in core/mm/step_kinds.h, and {fn} for
 * the release's function. Areas, anon_vmas and limits bring their own words:
 * {prev} reads "area 7", or "no area".
 */
#include "proto/rpc/step_text.h"

#include <stddef.h>

#include "core/mm/step.h"

/* clang-format off */
static const struct step_text texts[STEP_NR_KINDS] = {
	[STEP_BRK_ASKED] = {
		"brk({brk}) is called while the break is {old}",
		"调用 brk({brk})，此时的 brk 是 {old}" },
	[STEP_BRK_BELOW_START] = {
		"{brk} lies below start_brk {start_brk}: the heap cannot "
		"begin before its start, so the old break {ret} is "
		"returned",
		"{brk} 低于堆的起点 start_brk {start_brk}，堆不能缩到起点"
		"之前，返回旧的 brk {ret}" },
	[STEP_BRK_DATA_KEPT] = {
		"data segment and heap would take {needed} bytes, and "
		"RLIMIT_DATA ({limit}) allows that",
		"数据段加上堆一共需要 {needed} 字节，RLIMIT_DATA（{limit}）"
		"允许" },
	[STEP_BRK_DATA_EXCEEDED] = {
		"data segment and heap would take {needed} bytes, more "
		"than RLIMIT_DATA ({limit}): the old break {ret} is "
		"returned",
		"数据段加上堆一共需要 {needed} 字节，超过了 RLIMIT_DATA（"
		"{limit}），返回旧的 brk {ret}" },
	[STEP_BRK_SAME_PAGE] = {
		"rounded up to a page, old and new break are both {page}: "
		"no area changes, only mm->brk becomes {ret}",
		"按页向上取整后，新旧 brk 都是 {page}：不需要改动任何区域，"
		"只把 mm->brk 设为 {ret}" },
	[STEP_BRK_SHRINKS] = {
		"the new break is lower, so the heap shrinks: do_munmap "
		"gives back [{newbrk}, {oldbrk})",
		"新的 brk 比旧的低，是收缩堆：由 do_munmap 释放 [{newbrk}, "
		"{oldbrk})" },
	[STEP_BRK_NOT_MAPPED] = {
		"nothing is mapped in [{newbrk}, {oldbrk}), so there is "
		"no heap to shrink; the old break {ret} is returned",
		"[{newbrk}, {oldbrk}) 里没有任何映射，没有堆可以收缩，返"
		"回旧的 brk {ret}" },
	[STEP_BRK_GROWS] = {
		"the new break is higher, so the heap shall grow over ["
		"{oldbrk}, {newbrk})",
		"新的 brk 比旧的高，是扩大堆：要新增的范围是 [{oldbrk}, "
		"{newbrk})" },
	[STEP_BRK_COLLIDES] = {
		"in [{start}, {end}), the new heap and one spare page, "
		"begins {area} at {area_start}: the heap would run into "
		"it, so the old break {ret} is returned",
		"{fn} 在 [{start}, {end})（新的堆再加一页空隙）里遇到从 "
		"{area_start} 开始的{area}，新的堆会撞上它，返回旧的 brk "
		"{ret}" },
	[STEP_BRK_FREE] = {
		"no area begins in [{start}, {end}), the new heap and "
		"one spare page: the heap may grow",
		"{fn} 确认 [{start}, {end})（新的堆再加一页空隙）里没有别"
		"的区域，堆可以扩大" },
	[STEP_BRK_EXTENDS] = {
		"an anonymous mapping for [{addr}, {end}) begins; no "
		"file is involved",
		"为 [{addr}, {end}) 建立匿名映射，与文件无关" },
	[STEP_BRK_AREAS_KEPT] = {
		"the process has {map_count} areas, not more than "
		"max_map_count ({max})",
		"进程现有 {map_count} 个区域，没有超过 max_map_count（"
		"{max}）" },
	[STEP_BRK_AREAS_EXCEEDED] = {
		"the process has {map_count} areas, more than "
		"max_map_count ({max}): {ret}",
		"进程现有 {map_count} 个区域，超过了 max_map_count（{max}）："
		"{ret}" },
	[STEP_BRK_NOT_HEAP] = {
		"{prev} does not reach above start_brk {start_brk}, so "
		"it is not the heap, and the new part does not join it",
		"{prev}没有越过 start_brk {start_brk}，不属于堆，新的部分"
		"不与它合并" },
	[STEP_BRK_COUNTED] = {
		"total_vm grows by {pages} page(s) to {total_vm}",
		"total_vm 增加 {pages} 页，变为 {total_vm}" },
	[STEP_BRK_LOCKED] = {
		"the heap is locked, so {pages} page(s) more count as "
		"locked: locked_vm is {locked_vm}",
		"堆是锁定的，locked_vm 增加 {pages} 页，变为 {locked_vm}" },
	[STEP_BRK_SET] = {
		"mm->brk moves from {old} to {ret}, which is also what "
		"the call returns",
		"mm->brk 从 {old} 改为 {ret}，这也就是返回值" },
	[STEP_BRK_REFUSED] = {
		"the break cannot become {brk}, so it stays, and {ret} "
		"is returned",
		"无法把 brk 改为 {brk}，它保持不变，返回 {ret}" },

	[STEP_CACHE_STALE] = {
		"the thread's sequence number {seqnum} is not the mm's "
		"{mm_seqnum}: an area went away since, so all slots are "
		"emptied",
		"线程的 vmacache_seqnum 是 {seqnum}，mm 的是 {mm_seqnum}，"
		"两者不一致：期间有区域消失了，缓存整个作废并清空" },
	[STEP_CACHE_HIT] = {
		"slot {slot} holds {area}, and [{start}, {end}) contains "
		"{addr}: found without walking the tree, after {slots} "
		"slot(s)",
		"第 {slot} 个槽里的{area} [{start}, {end}) 包含 {addr}："
		"命中，不用遍历红黑树，共看了 {slots} 个槽" },
	[STEP_CACHE_EMPTY] = {
		"slot {slot} is empty, so it cannot tell who has {addr}",
		"第 {slot} 个槽是空的，不知道 {addr} 属于谁" },
	[STEP_CACHE_OTHER] = {
		"slot {slot} holds {area}, but [{start}, {end}) does not "
		"contain {addr}",
		"第 {slot} 个槽里是{area}，但 [{start}, {end}) 不包含 "
		"{addr}" },
	[STEP_CACHE_MISS] = {
		"none of {slots} slots knows {addr}: the tree must be "
		"walked",
		"{slots} 个槽都不认识 {addr}：未命中，要遍历红黑树" },
	[STEP_CACHE_UPDATED] = {
		"{area} is remembered in slot {slot}, which the address "
		"{addr} chose",
		"把{area}记入第 {slot} 个槽，槽号由地址 {addr} 决定" },
	[STEP_CACHE_INVALIDATED] = {
		"an area goes away, so the mm's sequence number becomes "
		"{seqnum}, and every thread's cache is stale",
		"有区域要消失，mm 的 vmacache_seqnum 加到 {seqnum}，所有"
		"线程的缓存随之失效" },
	[STEP_CACHE_FLUSHED_ALL] = {
		"the sequence number wrapped around, so the caches of "
		"{threads} thread(s) are flushed",
		"序号回绕到零，{threads} 个线程的缓存都要清空" },
	[STEP_TREE_LEFT] = {
		"{area} [{start}, {end}) ends above {addr} but begins "
		"above it, too: it is remembered, and the walk goes left",
		"{area} [{start}, {end}) 的结尾高于 {addr}，起点也高于它："
		"先记下它，再往左走" },
	[STEP_TREE_RIGHT] = {
		"{area} [{start}, {end}) ends at or below {addr}: the "
		"walk goes right",
		"{area} [{start}, {end}) 的结尾不高于 {addr}：往右走" },
	[STEP_TREE_HOLDS] = {
		"{area} [{start}, {end}) contains {addr}: the walk ends "
		"here",
		"{area} [{start}, {end}) 包含 {addr}：就停在这里" },
	[STEP_FIND_FOUND] = {
		"{addr} lies in {area}; {nodes} node(s) were visited",
		"{addr} 落在{area}里，一共访问了 {nodes} 个节点" },
	[STEP_FIND_ABOVE] = {
		"{addr} is not mapped; the first area that ends above it "
		"is {area}, which begins at {start}; {nodes} node(s) "
		"were visited",
		"{addr} 没有映射，结尾高于它的第一个区域是从 {start} 开始"
		"的{area}，一共访问了 {nodes} 个节点" },
	[STEP_FIND_NONE] = {
		"no area ends above {addr}; {nodes} node(s) were visited",
		"没有结尾高于 {addr} 的区域，一共访问了 {nodes} 个节点" },
	[STEP_MAPLE_FOUND] = {
		"the maple tree has {area} [{start}, {end}) at {addr}",
		"maple tree 在 {addr} 处查到{area} [{start}, {end})" },
	[STEP_MAPLE_ABOVE] = {
		"the maple tree has nothing at {addr}; the next entry "
		"above is {area}, which begins at {start}",
		"maple tree 在 {addr} 处没有内容，往上的第一项是从 "
		"{start} 开始的{area}" },
	[STEP_MAPLE_NONE] = {
		"the maple tree has nothing at {addr} or above it",
		"maple tree 在 {addr} 及以上没有任何内容" },
	[STEP_LINKS_LEFT] = {
		"{area} begins at {start}, not below {end}: the place is "
		"on its left",
		"{area}从 {start} 开始，不低于 {end}：插入点在它左边" },
	[STEP_LINKS_RIGHT] = {
		"{area} ends at {area_end}, not above {addr}: the place "
		"is on its right, and it is the one before, so far",
		"{area}在 {area_end} 结束，不高于 {addr}：插入点在它右边，"
		"暂时把它当作前一个区域" },
	[STEP_LINKS_OVERLAP] = {
		"{area}, which begins at {start}, overlaps [{addr}, {end}): "
		"it must be unmapped first; {nodes} node(s) were visited",
		"从 {start} 开始的{area}与 [{addr}, {end}) 重叠，要先把它"
		"解除映射，一共访问了 {nodes} 个节点" },
	[STEP_LINKS_PLACE] = {
		"an area at {addr} belongs behind {prev} in the list, "
		"and in the tree below {parent} on the {side}; {nodes} "
		"node(s) were visited",
		"{addr} 处的新区域在链表里排在{prev}之后，在红黑树里挂在"
		"{parent}的{side}边，一共访问了 {nodes} 个节点" },
	[STEP_MAPLE_NEIGHBOURS] = {
		"around {addr} the maple tree has {prev} before and "
		"{next} behind",
		"在 maple tree 里，{addr} 的前面是{prev}，后面是{next}" },

	[STEP_PLACE_ASKED] = {
		"a place of {len} bytes is looked for, {addr} being the "
		"address that was asked for",
		"要找一段 {len} 字节的地址空间，要求的地址是 {addr}" },
	[STEP_PLACE_TOO_LONG] = {
		"{len} bytes are more than TASK_SIZE, which no place can "
		"hold: {ret}",
		"{len} 字节比 TASK_SIZE 还大，哪里也放不下：{ret}" },
	[STEP_PLACE_FIXED] = {
		"MAP_FIXED: the address is {addr}, whatever is there",
		"MAP_FIXED：地址就是 {addr}，不管那里有什么" },
	[STEP_PLACE_FIXED_UP] = {
		"MAP_FIXED: the address is {addr}, whatever is there",
		"MAP_FIXED：地址就是 {addr}，不管那里有什么" },
	[STEP_PLACE_BEYOND] = {
		"{len} bytes from {addr} reach beyond TASK_SIZE "
		"{task_size}: {ret}",
		"从 {addr} 起的 {len} 字节会超出 TASK_SIZE {task_size}："
		"{ret}" },
	[STEP_PLACE_MISALIGNED] = {
		"{addr} is not a multiple of the page size: {ret}",
		"{addr} 没有按页对齐：{ret}" },
	[STEP_PLACE_TOO_LOW] = {
		"{addr} is below mmap_min_addr {min}, which takes a "
		"privilege: {ret}",
		"{addr} 低于 mmap_min_addr {min}，没有特权不能映射：{ret}" },
	[STEP_PLACE_CHOSEN] = {
		"the place passes all checks: the address is {addr}",
		"这个位置通过了所有检查：地址是 {addr}" },
	[STEP_PLACE_NONE] = {
		"no place of {len} bytes was found: {ret}",
		"找不到 {len} 字节的位置：{ret}" },
	[STEP_PLACE_HUGE] = {
		"{len} bytes are whole huge pages, so a place of {padded}"
		" bytes is looked for, in which they can be aligned",
		"{len} 字节正好是整数个大页，于是先找 {padded} 字节，以便"
		"在其中对齐" },
	[STEP_PLACE_ALIGNED] = {
		"within the place at {place} the mapping begins at "
		"{aligned}, a multiple of 2 MiB",
		"在 {place} 处的空间里，映射从 2 MiB 对齐的 {aligned} 开"
		"始" },
	[STEP_HINT_FREE] = {
		"{len} bytes at the hint {hint} are free, {next} being "
		"the next one: the hint is taken",
		"提示地址 {hint} 处的 {len} 字节是空闲的，后面是{next}："
		"就用这个提示" },
	[STEP_HINT_FREE_UP] = {
		"{len} bytes at the hint {hint} are free, {next} being "
		"the next one: the hint is taken",
		"提示地址 {hint} 处的 {len} 字节是空闲的，后面是{next}："
		"就用这个提示" },
	[STEP_HINT_TAKEN] = {
		"{len} bytes at the hint {hint} would reach into {next}, "
		"which begins at {next_start}: the hint is not taken",
		"提示地址 {hint} 处的 {len} 字节会碰到从 {next_start} 开"
		"始的{next}：这个提示不能用" },
	[STEP_HINT_TAKEN_UP] = {
		"{len} bytes at the hint {hint} would reach into {next}, "
		"which begins at {next_start}: the hint is not taken",
		"提示地址 {hint} 处的 {len} 字节会碰到从 {next_start} 开"
		"始的{next}：这个提示不能用" },
	[STEP_HINT_TOO_HIGH] = {
		"{len} bytes at the hint {hint} would reach beyond {high}: "
		"the hint is not taken",
		"提示地址 {hint} 处的 {len} 字节会超出 {high}：这个提示不"
		"能用" },
	[STEP_HINT_TOO_HIGH_UP] = {
		"{len} bytes at the hint {hint} would reach beyond {high}: "
		"the hint is not taken",
		"提示地址 {hint} 处的 {len} 字节会超出 {high}：这个提示不"
		"能用" },
	[STEP_GAP_SEARCH] = {
		"from the top down, the highest gap of {length} bytes "
		"within [{low}, {high}) is looked for, mmap_base being "
		"its end",
		"自顶向下，在 [{low}, {high}) 里找最高的一个不小于 "
		"{length} 字节的空隙，上界是 mmap_base" },
	[STEP_GAP_SEARCH_UP] = {
		"from the bottom up, the lowest gap of {length} bytes "
		"within [{low}, {high}) is looked for",
		"自底向上，在 [{low}, {high}) 里找最低的一个不小于 "
		"{length} 字节的空隙" },
	[STEP_GAP_ABOVE_ALL] = {
		"the last area ends at {highest_vm_end}, and {length} "
		"bytes fit above it below {high}",
		"最后一个区域在 {highest_vm_end} 结束，它上面到 {high} 为"
		"止放得下 {length} 字节" },
	[STEP_GAP_PRUNED] = {
		"the largest gap in the subtree of {area} is "
		"{subtree_gap} bytes, less than {length}: none of its "
		"nodes is visited",
		"以{area}为根的子树里最大的空隙只有 {subtree_gap} 字节，"
		"不到 {length}：整棵子树都不用看" },
	[STEP_GAP_REJECTED] = {
		"the gap [{start}, {end}) before {area} is shorter than "
		"{length} bytes",
		"{area}前面的空隙 [{start}, {end}) 不到 {length} 字节" },
	[STEP_GAP_OUTSIDE] = {
		"the gap [{start}, {end}) before {area} does not have "
		"enough within [{low}, {high})",
		"{area}前面的空隙 [{start}, {end}) 落在 [{low}, {high}) "
		"之内的部分不够大" },
	[STEP_GAP_FOUND] = {
		"the gap [{start}, {end}) before {area} holds {length} "
		"bytes: it is taken",
		"{area}前面的空隙 [{start}, {end}) 放得下 {length} 字节："
		"就用它" },
	[STEP_GAP_NONE] = {
		"no gap holds {length} bytes: {ret}",
		"没有一个空隙放得下 {length} 字节：{ret}" },
	[STEP_MAPLE_GAP] = {
		"the maple tree's highest gap of {length} bytes within ["
		"{low}, {high}) gives the address {addr}",
		"在 maple tree 里反向找到 [{low}, {high}) 中最高的 "
		"{length} 字节空隙，得到地址 {addr}" },
	[STEP_MAPLE_GAP_UP] = {
		"the maple tree's lowest gap of {length} bytes within ["
		"{low}, {high}) gives the address {addr}",
		"在 maple tree 里找到 [{low}, {high}) 中最低的 {length} "
		"字节空隙，得到地址 {addr}" },
	[STEP_MAPLE_NO_GAP] = {
		"the maple tree has no gap of {length} bytes within ["
		"{low}, {high}): {ret}",
		"maple tree 在 [{low}, {high}) 里没有 {length} 字节的空隙："
		"{ret}" },
	[STEP_MAPLE_GUARD] = {
		"{area} grows down and wants its guard gap from "
		"{guard_start} on, which lies below {end}: the search "
		"starts again beyond it",
		"{area}会向下生长，从 {guard_start} 起要留保护间隙，低于 "
		"{end}：避开它重新查找" },
	[STEP_PLACE_BOTTOM_UP] = {
		"below mmap_base is no room for {len} bytes, so the "
		"search is made once more, bottom up",
		"mmap_base 以下放不下 {len} 字节，改为自底向上再找一遍" },

	[STEP_LIMIT_AS_KEPT] = {
		"{pages} page(s) beside the {total_vm} there are keep "
		"RLIMIT_AS ({limit})",
		"在已有的 {total_vm} 页之外再加 {pages} 页，没有超过 "
		"RLIMIT_AS（{limit}）" },
	[STEP_LIMIT_AS_EXCEEDED] = {
		"{pages} page(s) beside the {total_vm} there are would "
		"exceed RLIMIT_AS ({limit})",
		"在已有的 {total_vm} 页之外再加 {pages} 页，会超过 "
		"RLIMIT_AS（{limit}）" },
	[STEP_LIMIT_DATA_EXCEEDED] = {
		"{pages} page(s) of private writable memory beside the "
		"{data_vm} there are would exceed RLIMIT_DATA ({limit})",
		"在已有的 {data_vm} 页私有可写内存之外再加 {pages} 页，会"
		"超过 RLIMIT_DATA（{limit}）" },
	[STEP_LIMIT_MEMLOCK_KEPT] = {
		"{pages} locked pages beside the {locked_vm} there are "
		"keep RLIMIT_MEMLOCK ({limit})",
		"在已锁定的 {locked_vm} 页之外再锁 {pages} 页，没有超过 "
		"RLIMIT_MEMLOCK（{limit}）" },
	[STEP_LIMIT_MEMLOCK_EXCEEDED] = {
		"{pages} locked pages beside the {locked_vm} there are "
		"would exceed RLIMIT_MEMLOCK ({limit})",
		"在已锁定的 {locked_vm} 页之外再锁 {pages} 页，会超过 "
		"RLIMIT_MEMLOCK（{limit}）" },
	[STEP_LIMIT_MAY_NOT_LOCK] = {
		"RLIMIT_MEMLOCK is 0 and the process has no "
		"CAP_IPC_LOCK, so it may lock nothing: {ret}",
		"RLIMIT_MEMLOCK 是 0，进程又没有 CAP_IPC_LOCK，什么都不许"
		"锁：{ret}" },
	[STEP_COMMIT_KEPT] = {
		"{pages} page(s) are committed; the machine has now "
		"promised {committed}",
		"承诺 {pages} 页内存，整台机器共承诺了 {committed} 页" },
	[STEP_COMMIT_REFUSED] = {
		"overcommit_memory {mode} does not let {pages} page(s) "
		"be promised beside the {committed} there are",
		"按 overcommit_memory {mode} 的规则，在已承诺的 "
		"{committed} 页之外不能再承诺 {pages} 页" },
	[STEP_COMMIT_RETURNED] = {
		"{pages} page(s) need not be kept any more; the machine "
		"has now promised {committed}",
		"收回对 {pages} 页的承诺，整台机器还承诺着 {committed} 页" },
	[STEP_ACCOUNT_TOTAL] = {
		"the statistics change by {pages} page(s): total_vm is "
		"{total_vm}",
		"统计数据变化 {pages} 页，total_vm 变为 {total_vm}" },

	[STEP_MERGE_ASKED] = {
		"can [{start}, {end}) with the flags {flags} join a "
		"neighbour, {prev} before or {next} behind?",
		"标志为 {flags} 的 [{start}, {end}) 能不能与前面的{prev}"
		"或后面的{next}合并？" },
	[STEP_MERGE_NEW] = {
		"can the new range [{start}, {end}) with the flags "
		"{flags} join a neighbour, {prev} before or {next} behind"
		"?",
		"标志为 {flags} 的新范围 [{start}, {end}) 能不能与前面的"
		"{prev}或后面的{next}合并？" },
	[STEP_MERGE_EXISTING] = {
		"can [{start}, {end}), which exists and gets the flags "
		"{flags}, join a neighbour, {prev} before or {next} "
		"behind?",
		"已有的 [{start}, {end}) 要改成标志 {flags}，能不能与前面"
		"的{prev}或后面的{next}合并？" },
	[STEP_MERGE_SPECIAL] = {
		"areas with such flags ({flags}) never merge",
		"带有这类标志（{flags}）的区域从不合并" },
	[STEP_MERGE_PREV_NONE] = {
		"nothing is mapped before {start}, so there is nobody to "
		"join on that side",
		"{start} 之前没有区域，那一边无可合并" },
	[STEP_MERGE_PREV_APART] = {
		"{prev} ends at {prev_end}, which is not {start}: they "
		"do not touch",
		"{prev}在 {prev_end} 结束，不是 {start}：两者不相邻" },
	[STEP_MERGE_PREV_FLAGS] = {
		"{prev} has the flags {theirs}, not {ours}: it stays "
		"apart",
		"{prev}的标志是 {theirs}，不是 {ours}：不能合并" },
	[STEP_MERGE_PREV_FILE] = {
		"{prev} maps inode {theirs}, not {ours} (0: no file): it "
		"stays apart",
		"{prev}映射的是 inode {theirs}，不是 {ours}（0 表示没有文"
		"件）：不能合并" },
	[STEP_MERGE_PREV_OPS] = {
		"{prev} was installed by the kernel itself and has "
		"operations of its own: it stays apart",
		"{prev}是内核自己安装的，有自己的 vm_ops：不能合并" },
	[STEP_MERGE_PREV_ANON_VMA] = {
		"{prev} has {theirs}, not {ours}: their anonymous pages "
		"belong to different owners",
		"{prev}的是 {theirs}，不是 {ours}：匿名页分属不同的 "
		"anon_vma，不能合并" },
	[STEP_MERGE_PREV_OFFSET] = {
		"behind {prev} comes page {expected} of what is mapped, "
		"not page {ours}",
		"紧接{prev}之后应该是第 {expected} 页，而不是第 {ours} 页："
		"偏移不连续" },
	[STEP_MERGE_PREV_FITS] = {
		"{prev}, which ends at {prev_end}, agrees in flags, "
		"file, offset, anon_vma and policy: it can take the "
		"range over",
		"{prev}在 {prev_end} 结束，标志、文件、偏移、anon_vma 和"
		"内存策略都一致：可以向后合并" },
	[STEP_MERGE_NEXT_NONE] = {
		"nothing is mapped behind {end}, so there is nobody to "
		"join on that side",
		"{end} 之后没有区域，那一边无可合并" },
	[STEP_MERGE_NEXT_APART] = {
		"{next} begins at {next_start}, which is not {end}: they "
		"do not touch",
		"{next}从 {next_start} 开始，不是 {end}：两者不相邻" },
	[STEP_MERGE_NEXT_FLAGS] = {
		"{next} has the flags {theirs}, not {ours}: it stays "
		"apart",
		"{next}的标志是 {theirs}，不是 {ours}：不能合并" },
	[STEP_MERGE_NEXT_FILE] = {
		"{next} maps inode {theirs}, not {ours} (0: no file): it "
		"stays apart",
		"{next}映射的是 inode {theirs}，不是 {ours}（0 表示没有文"
		"件）：不能合并" },
	[STEP_MERGE_NEXT_OPS] = {
		"{next} was installed by the kernel itself and has "
		"operations of its own: it stays apart",
		"{next}是内核自己安装的，有自己的 vm_ops：不能合并" },
	[STEP_MERGE_NEXT_ANON_VMA] = {
		"{next} has {theirs}, not {ours}: their anonymous pages "
		"belong to different owners",
		"{next}的是 {theirs}，不是 {ours}：匿名页分属不同的 "
		"anon_vma，不能合并" },
	[STEP_MERGE_NEXT_OFFSET] = {
		"{next} begins with page {theirs} of what is mapped, but "
		"the range ends before page {expected}",
		"{next}从第 {theirs} 页开始，而这段范围之后应该是第 "
		"{expected} 页：偏移不连续" },
	[STEP_MERGE_NEXT_FITS] = {
		"{next}, which begins at {next_start}, agrees in flags, "
		"file, offset, anon_vma and policy: it can take the "
		"range over",
		"{next}从 {next_start} 开始，标志、文件、偏移、anon_vma "
		"和内存策略都一致：可以向前合并" },
	[STEP_MERGE_NOT_EACH_OTHER] = {
		"{prev} ({prev_anon}) and {next} ({next_anon}) both fit, "
		"but not each other: only the one before takes the range",
		"{prev}（{prev_anon}）和{next}（{next_anon}）都合适，但彼"
		"此不能合并：只与前一个合并" },
	[STEP_MERGE_CASE1] = {
		"case 1: [{start}, {end}) fills the gap between {prev} "
		"and {next}, and all become one area",
		"情况 1：[{start}, {end}) 正好填满{prev}与{next}之间的空"
		"隙，三者合为一个区域" },
	[STEP_MERGE_CASE2] = {
		"case 2: {prev} grows upwards over [{start}, {end})",
		"情况 2：{prev}向上扩展，占据 [{start}, {end})" },
	[STEP_MERGE_CASE3] = {
		"case 3: {next} grows downwards over [{start}, {end})",
		"情况 3：{next}向下扩展，占据 [{start}, {end})" },
	[STEP_MERGE_CASE4] = {
		"case 4: [{start}, {end}) is the end of {prev} and goes "
		"to {next}: the border between them moves down",
		"情况 4：[{start}, {end}) 是{prev}的尾部，划给{next}：两"
		"者的边界下移" },
	[STEP_MERGE_CASE5] = {
		"case 5: [{start}, {end}) is the beginning of {area} and "
		"goes to {prev}: the border between them moves up",
		"情况 5：[{start}, {end}) 是{area}的开头，划给{prev}：两"
		"者的边界上移" },
	[STEP_MERGE_CASE6] = {
		"case 6: [{start}, {end}) is all of {area}: {prev} "
		"swallows it and {next}, too",
		"情况 6：[{start}, {end}) 就是整个{area}：{prev}把它和"
		"{next}一并吞并" },
	[STEP_MERGE_CASE7] = {
		"case 7: [{start}, {end}) is all of {area}: {prev} "
		"swallows it",
		"情况 7：[{start}, {end}) 就是整个{area}：{prev}把它吞并" },
	[STEP_MERGE_CASE8] = {
		"case 8: [{start}, {end}) is all of {area}: it becomes "
		"one with {next}",
		"情况 8：[{start}, {end}) 就是整个{area}：它与{next}合为"
		"一个" },
	[STEP_MERGE_EXPANDS] = {
		"{area} expands to [{start}, {end})",
		"{area}扩展为 [{start}, {end})" },
	[STEP_MERGE_BOTH] = {
		"[{start}, {end}) is all of {area}: {prev} swallows it "
		"and {next}, too",
		"[{start}, {end}) 就是整个{area}：{prev}把它和{next}一并"
		"吞并" },
	[STEP_MERGE_LEFT] = {
		"[{start}, {end}) goes from {area} to {prev} on its left",
		"[{start}, {end}) 从{area}划给左边的{prev}" },
	[STEP_MERGE_RIGHT] = {
		"[{start}, {end}) goes from {area} to {next} on its right",
		"[{start}, {end}) 从{area}划给右边的{next}" },
	[STEP_MERGE_NOTHING] = {
		"no neighbour can take [{start}, {end}) over: it needs "
		"an area of its own",
		"两边都不能合并：[{start}, {end}) 需要有自己的区域" },

	[STEP_AREA_NEW] = {
		"a new vm_area_struct, {area}, is made for [{start}, "
		"{end}) with the flags {flags}",
		"分配新的 vm_area_struct：{area}，范围 [{start}, {end})，"
		"标志 {flags}" },
	[STEP_AREA_FREED] = {
		"{area} with its {pages} page(s) is freed",
		"释放{area}及其 {pages} 页" },
	[STEP_SPLIT_ABOVE] = {
		"{area} is cut at {addr}; the part above becomes the new "
		"{new} [{new_start}, {new_end})",
		"在 {addr} 处切开{area}，上面的部分成为新的{new} ["
		"{new_start}, {new_end})" },
	[STEP_SPLIT_BELOW] = {
		"{area} is cut at {addr}; the part below becomes the new "
		"{new} [{new_start}, {new_end})",
		"在 {addr} 处切开{area}，下面的部分成为新的{new} ["
		"{new_start}, {new_end})" },
	[STEP_SPLIT_AREAS_EXCEEDED] = {
		"cutting {area} would need one more area than the "
		"{map_count} there are, and max_map_count is {max}: {ret}",
		"切开{area}要多出一个区域，而现有 {map_count} 个，"
		"max_map_count 是 {max}：{ret}" },
	[STEP_SPLIT_WHOLE_ONLY] = {
		"{area} was installed by the kernel and cannot be cut at "
		"{addr}: {ret}",
		"{area}是内核安装的，不能在 {addr} 处切开：{ret}" },
	[STEP_ADJUST_AREA] = {
		"the borders of {area} become [{start}, {end})",
		"{area}的边界改为 [{start}, {end})" },
	[STEP_ADJUST_BORDER] = {
		"the border between {area} and {next} moves to {border}",
		"{area}与{next}的边界移到 {border}" },
	[STEP_ADJUST_SWALLOWS] = {
		"{area} takes the place of {next} up to {end}, and {next}"
		" goes away",
		"{area}一直扩展到 {end}，取代{next}，{next}消失" },
	[STEP_ADJUST_ANON_VMA] = {
		"{area} takes over pages of {from}, and its {anon_vma} "
		"with them",
		"{area}接管{from}的页，同时接管它的 {anon_vma}" },
	[STEP_LIST_LINKED] = {
		"{area} enters the list between {prev} and {next}",
		"把{area}插入链表，位于{prev}与{next}之间" },
	[STEP_LIST_UNLINKED] = {
		"the areas from {first} to {last} leave the list; {prev} "
		"and {next} are neighbours now",
		"从{first}到{last}的区域脱离链表，{prev}与{next}成为邻居" },
	[STEP_TREE_LINKED] = {
		"{area} becomes a red leaf of the tree, below {parent} "
		"on the {side}",
		"{area}作为红色叶子挂入红黑树，位于{parent}的{side}边" },
	[STEP_TREE_RECOLOURED] = {
		"parent ({parent}) and uncle ({uncle}) of a red node are "
		"red, too: both become black, and {grandparent} red",
		"红节点的父节点（{parent}）和叔节点（{uncle}）也是红的："
		"两者变黑，{grandparent}变红" },
	[STEP_TREE_ROTATED] = {
		"{area} rotates down to the {side}, and {up} takes its "
		"place",
		"{area}向{side}旋转下去，{up}升到它的位置" },
	[STEP_TREE_ERASED] = {
		"{area} leaves the red-black tree",
		"{area}离开红黑树" },
	[STEP_TREE_REPLACED] = {
		"{area} has two children, so its successor, {successor}, "
		"takes its place",
		"{area}有两个子节点，由它的后继{successor}顶替它的位置" },
	[STEP_GAP_UPDATED] = {
		"the gap before {area} is {gap} bytes and the largest of "
		"its subtree {subtree_gap}; that was passed upwards over "
		"{nodes} node(s)",
		"{area}前面的空隙是 {gap} 字节，其子树最大空隙为 "
		"{subtree_gap}，沿树向上更新了 {nodes} 个节点" },
	[STEP_GAP_HIGHEST] = {
		"it is the last area: highest_vm_end becomes "
		"{highest_vm_end}",
		"它是最后一个区域，highest_vm_end 改为 {highest_vm_end}" },
	[STEP_MAPLE_STORED] = {
		"the maple tree gets {area} at [{start}, {end})",
		"把{area}写入 maple tree 的 [{start}, {end})" },
	[STEP_MAPLE_CLEARED] = {
		"the maple tree is emptied over [{start}, {end})",
		"清空 maple tree 的 [{start}, {end})" },

	[STEP_MUNMAP_ASKED] = {
		"{len} bytes from {start} on shall be unmapped",
		"要解除从 {start} 起 {len} 字节的映射" },
	[STEP_MUNMAP_BAD_RANGE] = {
		"{start} is not page aligned, or {len} bytes from there "
		"reach beyond TASK_SIZE: {ret}",
		"{start} 没有按页对齐，或者从它起的 {len} 字节超出了 "
		"TASK_SIZE：{ret}" },
	[STEP_MUNMAP_EMPTY] = {
		"no page is left of the length: {ret}",
		"长度取整后一页也没有：{ret}" },
	[STEP_MUNMAP_NOTHING] = {
		"no area lies in [{start}, {end}): nothing is to be "
		"done, which is a success ({ret})",
		"[{start}, {end}) 里没有区域，什么也不用做，算作成功（"
		"{ret}）" },
	[STEP_MUNMAP_FIRST] = {
		"the range begins at {start}, inside {area}, which "
		"begins at {area_start}: its lower part must be kept, so "
		"it is cut",
		"范围的起点 {start} 落在从 {area_start} 开始的{area}中间，"
		"前半部分要保留，先在这里切开" },
	[STEP_MUNMAP_AREAS_KEPT] = {
		"a hole in the middle leaves one area more: {map_count} "
		"are below max_map_count ({max})",
		"在中间挖洞会多出一个区域：现有 {map_count} 个，低于 "
		"max_map_count（{max}）" },
	[STEP_MUNMAP_AREAS_EXCEEDED] = {
		"a hole in {area} would leave one area more, but there "
		"are {map_count}, and max_map_count is {max}: {ret}",
		"在{area}中间挖洞会多出一个区域，但现有 {map_count} 个，"
		"max_map_count 是 {max}：{ret}" },
	[STEP_MUNMAP_SEALED] = {
		"{area} is sealed and cannot be unmapped: {ret}",
		"{area}已被 mseal 封住，不能解除映射：{ret}" },
	[STEP_MUNMAP_LAST] = {
		"the range ends at {end}, inside {area}, which ends at "
		"{area_end}: its upper part must be kept, so it is cut",
		"范围的终点 {end} 落在到 {area_end} 为止的{area}中间，后"
		"半部分要保留，在这里切开" },
	[STEP_MUNMAP_UNLOCKS] = {
		"{area} is locked: its {pages} page(s) are unlocked "
		"first, which leaves locked_vm at {locked_vm}",
		"{area}是锁定的，先解锁它的 {pages} 页，locked_vm 变为 "
		"{locked_vm}" },
	[STEP_UNMAP_REGION] = {
		"the pages of [{start}, {end}) go, and their tables as "
		"far as nothing below {floor} or from {ceiling} on needs "
		"them",
		"释放 [{start}, {end}) 的页，页表只能释放到不影响 {floor}"
		" 以下和 {ceiling} 以上的邻居为止" },
	[STEP_TLB_GATHERED] = {
		"what must leave the TLB is gathered for [{start}, {end})",
		"开始收集 [{start}, {end}) 里需要从 TLB 刷掉的内容" },
	[STEP_UNMAP_PAGES] = {
		"{area} [{start}, {end}): {pages} resident page(s) leave "
		"the page tables",
		"{area} [{start}, {end})：从页表里清除 {pages} 个驻留页" },
	[STEP_TABLES_RANGE] = {
		"the emptied page tables of [{start}, {end}) are freed "
		"between floor {floor} and ceiling {ceiling} (0: none)",
		"回收 [{start}, {end}) 里已清空的页表，下界 floor {floor}，"
		"上界 ceiling {ceiling}（0 表示没有）" },
	[STEP_TABLES_NONE] = {
		"the 2 MiB around [{start}, {end}) also serve what is "
		"below floor {floor} or from ceiling {ceiling} on: no "
		"page table is freed",
		"[{start}, {end}) 所在的 2 MiB 还与 floor {floor} 以下或 "
		"ceiling {ceiling} 以上的邻居共用，不释放任何页表" },
	[STEP_TABLES_PTE_FREED] = {
		"the page table of [{addr}, {end}) is freed",
		"释放 [{addr}, {end}) 的页表（PTE 级）" },
	[STEP_TABLES_PMD_FREED] = {
		"the page middle directory of [{addr}, {end}) is freed",
		"释放 [{addr}, {end}) 的页中间目录（PMD 级）" },
	[STEP_TABLES_PUD_FREED] = {
		"the page upper directory of [{addr}, {end}) is freed",
		"释放 [{addr}, {end}) 的页上级目录（PUD 级）" },
	[STEP_TABLES_PMD_KEPT] = {
		"the page middle directory of [{addr}, {end}) reaches "
		"below floor {floor} or above ceiling {ceiling}: it stays",
		"[{addr}, {end}) 的页中间目录（PMD 级）越过了 floor "
		"{floor} 或 ceiling {ceiling}：保留" },
	[STEP_TABLES_PUD_KEPT] = {
		"the page upper directory of [{addr}, {end}) reaches "
		"below floor {floor} or above ceiling {ceiling}: it stays",
		"[{addr}, {end}) 的页上级目录（PUD 级）越过了 floor "
		"{floor} 或 ceiling {ceiling}：保留" },
	[STEP_TLB_FLUSHED] = {
		"the TLB is flushed for [{start}, {end}), and the pages "
		"go back to the machine",
		"刷新 [{start}, {end}) 的 TLB，把页框还给系统" },

	[STEP_MMAP_ASKED] = {
		"mmap of {len} bytes is called with the address {addr}, "
		"prot {prot} and flags {flags}",
		"调用 mmap：地址 {addr}，长度 {len} 字节，prot {prot}，"
		"flags {flags}" },
	[STEP_MMAP_OFFSET_MISALIGNED] = {
		"the offset {offset} is not a multiple of the page size: "
		"{ret}",
		"偏移 {offset} 没有按页对齐：{ret}" },
	[STEP_MMAP_NO_FILE] = {
		"the mapping is not anonymous, and no open file belongs "
		"to the descriptor: {ret}",
		"不是匿名映射，而描述符没有对应的打开文件：{ret}" },
	[STEP_MMAP_HUGETLB] = {
		"MAP_HUGETLB finds no huge page here, or a file that is "
		"not on a hugetlbfs: {ret}",
		"MAP_HUGETLB：这里没有可用的大页，或者文件不在 hugetlbfs "
		"上：{ret}" },
	[STEP_MMAP_NO_LENGTH] = {
		"a mapping of no bytes is refused: {ret}",
		"长度为零的映射被拒绝：{ret}" },
	[STEP_MMAP_HINT_ROUNDED] = {
		"the hint {addr} becomes {hint}: a whole page, and not "
		"below mmap_min_addr",
		"提示地址 {addr} 调整为 {hint}：按页取整，并且不低于 "
		"mmap_min_addr" },
	[STEP_MMAP_LENGTH_WRAPS] = {
		"{len} bytes, rounded up to pages, wrap around to 0: "
		"{ret}",
		"{len} 字节按页向上取整后回绕成了零：{ret}" },
	[STEP_MMAP_OFFSET_WRAPS] = {
		"{pages} page(s) from page {pgoff} on reach beyond the "
		"last offset there is: {ret}",
		"从第 {pgoff} 页起的 {pages} 页超出了偏移的表示范围："
		"{ret}" },
	[STEP_MMAP_AREAS_KEPT] = {
		"the process has {map_count} areas, not more than "
		"max_map_count ({max})",
		"进程现有 {map_count} 个区域，没有超过 max_map_count（"
		"{max}）" },
	[STEP_MMAP_AREAS_EXCEEDED] = {
		"the process has {map_count} areas, more than "
		"max_map_count ({max}): {ret}",
		"进程现有 {map_count} 个区域，超过了 max_map_count（{max}）："
		"{ret}" },
	[STEP_MMAP_EXISTS] = {
		"MAP_FIXED_NOREPLACE, and something is mapped in [{addr}, "
		"{end}) already: {ret}",
		"MAP_FIXED_NOREPLACE：[{addr}, {end}) 里已有映射：{ret}" },
	[STEP_MMAP_FLAGS] = {
		"prot and flags make the area's vm_flags {flags}",
		"由 prot 和 flags 得出 vm_flags：{flags}" },
	[STEP_MMAP_FILE_TOO_FAR] = {
		"{pages} page(s) from page {pgoff} on reach beyond what "
		"any file can have: {ret}",
		"从第 {pgoff} 页起的 {pages} 页超出了文件的最大长度："
		"{ret}" },
	[STEP_MMAP_UNKNOWN_FLAGS] = {
		"MAP_SHARED_VALIDATE takes no flags that it does not "
		"know, as {flags}: {ret}",
		"MAP_SHARED_VALIDATE 不接受不认识的标志 {flags}：{ret}" },
	[STEP_MMAP_BAD_TYPE] = {
		"flags {flags} say neither MAP_PRIVATE nor MAP_SHARED, "
		"or both: {ret}",
		"flags {flags} 既不是 MAP_PRIVATE 也不是 MAP_SHARED，或者"
		"两者都有：{ret}" },
	[STEP_MMAP_NOT_WRITABLE] = {
		"inode {inode} was not opened for writing, but shall be "
		"shared and written: {ret}",
		"inode {inode} 没有以可写方式打开，却要共享可写映射："
		"{ret}" },
	[STEP_MMAP_NOT_READABLE] = {
		"inode {inode} was not opened for reading, which every "
		"mapping needs: {ret}",
		"inode {inode} 没有以可读方式打开，而任何映射都需要读："
		"{ret}" },
	[STEP_MMAP_GROWSDOWN] = {
		"MAP_GROWSDOWN is for private anonymous memory alone: "
		"{ret}",
		"MAP_GROWSDOWN 只能用于私有匿名内存：{ret}" },
	[STEP_MMAP_DROPPABLE] = {
		"MAP_DROPPABLE goes neither with MAP_LOCKED nor with "
		"MAP_GROWSDOWN: {ret}",
		"MAP_DROPPABLE 不能与 MAP_LOCKED 或 MAP_GROWSDOWN 同用："
		"{ret}" },
	[STEP_MMAP_REGION] = {
		"all checks are passed: [{addr}, {end}) is mapped with "
		"the flags {flags}",
		"检查全部通过，开始映射 [{addr}, {end})，标志 {flags}" },
	[STEP_MMAP_COVERED] = {
		"something is mapped in [{addr}, {end}): it is unmapped, "
		"then the place is looked for again",
		"[{addr}, {end}) 里已有映射：先用 do_munmap 清掉，再重新"
		"找插入点" },
	[STEP_MMAP_NET_PAGES] = {
		"{covered} page(s) of the range are mapped and will be "
		"replaced, so {pages} page(s) are new",
		"范围内有 {covered} 页已映射、将被取代，真正新增的是 "
		"{pages} 页" },
	[STEP_MMAP_OBJECT] = {
		"shared anonymous memory gets an object of its own, "
		"inode {inode}, for {area}",
		"共享匿名内存有自己的 shmem 对象 inode {inode}，供{area}"
		"使用" },
	[STEP_MMAP_LOCKED] = {
		"{pages} page(s) more count as locked: locked_vm is "
		"{locked_vm}",
		"locked_vm 增加 {pages} 页，变为 {locked_vm}" },
	[STEP_MMAP_REFUSED] = {
		"the mapping at {addr} cannot be made: {ret}",
		"无法在 {addr} 建立映射：{ret}" },
	[STEP_MMAP_DONE] = {
		"[{addr}, {end}) is mapped; {addr} is returned",
		"[{addr}, {end}) 映射完成，返回 {addr}" },

	[STEP_FAULT_TAKEN] = {
		"a page fault: {addr} is touched ({type}), and the "
		"processor finds no entry that allows it",
		"缺页异常：以{type}方式访问 {addr}，处理器找不到允许这样"
		"做的页表项" },
	[STEP_FAULT_BEYOND] = {
		"{addr} is not in user space: SIGSEGV",
		"{addr} 不在用户空间：SIGSEGV" },
	[STEP_FAULT_NO_AREA] = {
		"no area ends above {addr}: SIGSEGV, SEGV_MAPERR",
		"没有结尾高于 {addr} 的区域：SIGSEGV，SEGV_MAPERR" },
	[STEP_FAULT_HOLE] = {
		"{addr} lies in the hole before {area}, which begins at "
		"{start} and does not grow down: SIGSEGV, SEGV_MAPERR",
		"{addr} 在从 {start} 开始的{area}之前的空洞里，而它不会向"
		"下生长：SIGSEGV，SEGV_MAPERR" },
	[STEP_FAULT_FAR_BELOW_SP] = {
		"{addr} is too far below the stack pointer {sp} to be a "
		"push: SIGSEGV, SEGV_MAPERR",
		"{addr} 比栈指针 {sp} 低得太多，不像是压栈：SIGSEGV，"
		"SEGV_MAPERR" },
	[STEP_FAULT_FORBIDDEN] = {
		"{area} with the flags {flags} does not allow this "
		"access ({type}) to {addr}: SIGSEGV, SEGV_ACCERR",
		"标志为 {flags} 的{area}不允许以{type}方式访问 {addr}："
		"SIGSEGV，SEGV_ACCERR" },
	[STEP_FAULT_ZERO_PAGE] = {
		"{addr} in {area} is only read: the shared zero page is "
		"mapped there",
		"只是读{area}里的 {addr}：映射共享的零页" },
	[STEP_FAULT_ANON] = {
		"{addr} in {area} is written: it gets a fresh page of "
		"its own, all zeros",
		"要写{area}里的 {addr}：分配一个清零的新页" },
	[STEP_FAULT_AROUND] = {
		"cached pages around {addr}, in [{start}, {end}), are "
		"mapped along with it",
		"把 {addr} 周围 [{start}, {end}) 里已在页缓存中的页一并映"
		"射" },
	[STEP_FAULT_FILE] = {
		"{addr} is read: page {pgoff} of inode {inode} is mapped",
		"读 {addr}：映射 inode {inode} 的第 {pgoff} 页" },
	[STEP_FAULT_COW] = {
		"{addr} is written in a private mapping: page {pgoff} of "
		"inode {inode} is copied at once",
		"写私有文件映射中的 {addr}：立即复制 inode {inode} 的第 "
		"{pgoff} 页" },
	[STEP_FAULT_SHARED] = {
		"{addr} is written in a shared mapping: page {pgoff} of "
		"inode {inode} is mapped and gets dirty",
		"写共享映射中的 {addr}：映射 inode {inode} 的第 {pgoff} "
		"页并标脏" },
	[STEP_FAULT_PAST_END] = {
		"{addr} is page {pgoff} of a file that has {pages} "
		"page(s): SIGBUS",
		"{addr} 对应文件的第 {pgoff} 页，而文件只有 {pages} 页："
		"SIGBUS" },
	[STEP_FAULT_REUSED] = {
		"the page at {addr} has no other user that must not see "
		"the change: it becomes writable as it is",
		"{addr} 处的页没有别的使用者受影响：原页直接改为可写" },
	[STEP_FAULT_COPIED] = {
		"the page at {addr} is shared: {area} gets a copy of its "
		"own, copy on write",
		"{addr} 处的页是共享的：写时复制，{area}得到自己的副本" },
	[STEP_FAULT_THERE] = {
		"the page at {addr} is there by now: nothing is to be "
		"done",
		"{addr} 处的页已经在了：不用做什么" },
	[STEP_STACK_NO_ROOM] = {
		"{area} cannot grow down to {addr}: {prev} is too close "
		"below it",
		"{area}不能向下生长到 {addr}：下方的{prev}离得太近" },
	[STEP_STACK_EXCEEDED] = {
		"{area} would be {size} bytes, more than RLIMIT_STACK ("
		"{limit})",
		"{area}会达到 {size} 字节，超过 RLIMIT_STACK（{limit}）" },
	[STEP_STACK_GROWN] = {
		"{area} grows down by {pages} page(s) and begins at "
		"{start} now",
		"{area}向下生长 {pages} 页，现在从 {start} 开始" },
	[STEP_STACK_GUARD] = {
		"{addr} is the hidden guard page of {area}: the stack "
		"must grow by one page more",
		"{addr} 是{area}隐藏的保护页：栈还要再向下长一页" },
	[STEP_ANON_VMA_NEW] = {
		"{area} gets its first anonymous page, and {anon_vma} to "
		"keep track of it",
		"{area}第一次有匿名页，为它新建 {anon_vma}" },
	[STEP_ANON_VMA_SHARED] = {
		"{area} gets its first anonymous page and shares "
		"{anon_vma} with a neighbour, so that both can merge "
		"later",
		"{area}第一次有匿名页，与邻居共用 {anon_vma}，以后还能合"
		"并" },
	[STEP_TABLES_PTE_MADE] = {
		"a page table is made for [{addr}, {end})",
		"为 [{addr}, {end}) 建立页表（PTE 级）" },
	[STEP_TABLES_PMD_MADE] = {
		"a page middle directory is made for [{addr}, {end})",
		"为 [{addr}, {end}) 建立页中间目录（PMD 级）" },
	[STEP_TABLES_PUD_MADE] = {
		"a page upper directory is made for [{addr}, {end})",
		"为 [{addr}, {end}) 建立页上级目录（PUD 级）" },
	[STEP_POPULATE_ASKED] = {
		"the pages of [{start}, {end}) shall be present now, not "
		"when they are touched",
		"[{start}, {end}) 的页要立即就位，而不是等到访问时" },
	[STEP_POPULATE_AREA] = {
		"in {area}, [{start}, {end}) is to be populated",
		"在{area}中填充 [{start}, {end})" },
	[STEP_POPULATE_LATER] = {
		"{area} is locked on fault: its pages come when they are "
		"touched",
		"{area}是访问时才锁定的：它的页等访问时再来" },
	[STEP_POPULATE_FORBIDDEN] = {
		"{area} with the flags {flags} allows no access at all, "
		"so no page can be had",
		"标志为 {flags} 的{area}不允许任何访问，得不到页" },
	[STEP_POPULATE_PAGES] = {
		"{pages} page(s) of {area} in [{start}, {end}) are made "
		"present",
		"让{area}中 [{start}, {end}) 的 {pages} 页就位" },
	[STEP_POPULATE_STOPPED] = {
		"the page of {area} at {addr} cannot be had: population "
		"stops there",
		"{area}在 {addr} 处的页得不到：填充到此为止" },
	[STEP_MPROTECT_ASKED] = {
		"{len} bytes from {start} on shall get prot {prot}",
		"从 {start} 起 {len} 字节的保护要改为 prot {prot}" },
	[STEP_MPROTECT_BAD] = {
		"{start}, {len} bytes or prot {prot} make no sense: {ret}",
		"起点 {start}、长度 {len} 或 prot {prot} 不合要求：{ret}" },
	[STEP_MPROTECT_EMPTY] = {
		"there is nothing to change in no bytes: {ret}",
		"长度为零，没有可改的：{ret}" },
	[STEP_MPROTECT_NO_AREA] = {
		"nothing is mapped at {start}: {ret}",
		"{start} 处没有映射：{ret}" },
	[STEP_MPROTECT_NO_STACK] = {
		"{area} does not grow that way: {ret}",
		"{area}不是朝那个方向生长的：{ret}" },
	[STEP_MPROTECT_DENIED] = {
		"{area} (flags {flags}) may never be accessed that way, "
		"its VM_MAY flags say: {ret}",
		"{area}（标志 {flags}）的 VM_MAY 标志不允许这样的访问："
		"{ret}" },
	[STEP_MPROTECT_HOLE] = {
		"nothing is mapped at {addr}; what was changed before "
		"stays changed: {ret}",
		"{addr} 处没有映射，之前改过的保持不变：{ret}" },
	[STEP_MPROTECT_AREA] = {
		"in {area}, [{start}, {end}) goes from the flags {old} "
		"to {new}",
		"{area}中的 [{start}, {end}) 从标志 {old} 改为 {new}" },
	[STEP_MPROTECT_SAME] = {
		"{area} has the flags {flags} already: nothing is to be "
		"done",
		"{area}的标志本来就是 {flags}：不用改" },
	[STEP_MPROTECT_SEALED] = {
		"{area} is sealed: {ret}",
		"{area}已被 mseal 封住：{ret}" },
	[STEP_MPROTECT_REFUSED] = {
		"{pages} page(s) of {area} may not become writable: {ret}",
		"{area}的 {pages} 页不能变为可写：{ret}" },
	[STEP_MPROTECT_FLAGS] = {
		"{area} has the flags {flags} now",
		"{area}的标志现在是 {flags}" },
	[STEP_MPROTECT_PAGES] = {
		"the page table entries of [{start}, {end}) follow",
		"[{start}, {end}) 的页表项随之修改" },
	[STEP_MLOCK_ASKED] = {
		"{len} bytes from {start} on shall be locked ({flags})",
		"要锁定从 {start} 起的 {len} 字节（{flags}）" },
	[STEP_MUNLOCK_ASKED] = {
		"{len} bytes from {start} on shall be unlocked",
		"要解锁从 {start} 起的 {len} 字节" },
	[STEP_MLOCKALL_ASKED] = {
		"all memory shall be locked, as the flags {flags} say",
		"按 flags {flags} 锁定全部内存" },
	[STEP_MUNLOCKALL_ASKED] = {
		"all {areas} area(s) shall be unlocked, and those to "
		"come not be locked",
		"解锁全部 {areas} 个区域，以后的也不再锁定" },
	[STEP_MLOCKALL_REFUSED] = {
		"the flags {flags} are none, unknown ones, or "
		"MCL_ONFAULT alone: {ret}",
		"flags {flags} 为空、有未知标志，或者只有 MCL_ONFAULT："
		"{ret}" },
	[STEP_MLOCKALL_FUTURE] = {
		"areas to come get the flags {def_flags}",
		"以后的区域默认带有标志 {def_flags}" },
	[STEP_MLOCK_NO_CALL] = {
		"the release has no such call, or it does not know the "
		"flags {flags}: {ret}",
		"这个版本没有这个调用，或者不认识 flags {flags}：{ret}" },
	[STEP_MLOCK_OVERLAP] = {
		"{pages} page(s) of the range are locked already and do "
		"not count again",
		"范围内已有 {pages} 页是锁定的，不再重复计算" },
	[STEP_MLOCK_LIMIT_KEPT] = {
		"{locked} locked page(s) keep RLIMIT_MEMLOCK ({limit}), "
		"or the process is privileged",
		"锁定总共 {locked} 页，没有超过 RLIMIT_MEMLOCK（{limit}），"
		"或者进程有特权" },
	[STEP_MLOCK_LIMIT_EXCEEDED] = {
		"{locked} locked page(s) would exceed RLIMIT_MEMLOCK ("
		"{limit}): {ret}",
		"锁定总共 {locked} 页会超过 RLIMIT_MEMLOCK（{limit}）："
		"{ret}" },
	[STEP_MLOCK_WRAPS] = {
		"{len} bytes from {start} on wrap around: {ret}",
		"从 {start} 起的 {len} 字节回绕了：{ret}" },
	[STEP_MLOCK_HOLE] = {
		"nothing is mapped at {addr}: {ret}",
		"{addr} 处没有映射：{ret}" },
	[STEP_MLOCK_AREA] = {
		"in {area}, [{start}, {end}) goes from the flags {old} "
		"to {new}",
		"{area}中的 [{start}, {end}) 从标志 {old} 改为 {new}" },
	[STEP_MLOCK_SKIPPED] = {
		"{area} (flags {flags}) is so already, or cannot be "
		"locked: it is passed over",
		"{area}（标志 {flags}）已经如此，或者不能锁定：跳过" },
	[STEP_MLOCK_COUNTED] = {
		"{area} is counted: locked_vm is {locked_vm}",
		"计入{area}后，locked_vm 是 {locked_vm}" },
	[STEP_MREMAP_ASKED] = {
		"{old_len} bytes at {addr} shall become {new_len} bytes, "
		"with the flags {flags} and the new address {new_addr}",
		"把 {addr} 处的 {old_len} 字节改为 {new_len} 字节，flags "
		"{flags}，新地址 {new_addr}" },
	[STEP_MREMAP_BAD] = {
		"{addr}, the lengths or the flags {flags} make no sense: "
		"{ret}",
		"{addr}、长度或 flags {flags} 不合要求：{ret}" },
	[STEP_MREMAP_BAD_TARGET] = {
		"{new_len} bytes at {new_addr} are misaligned, beyond "
		"TASK_SIZE, or overlap the source: {ret}",
		"{new_addr} 处的 {new_len} 字节没有对齐、超出 TASK_SIZE，"
		"或者与来源重叠：{ret}" },
	[STEP_MREMAP_SEALED] = {
		"{area} is sealed: {ret}",
		"{area}已被 mseal 封住：{ret}" },
	[STEP_MREMAP_NO_AREA] = {
		"nothing is mapped at {addr}: {ret}",
		"{addr} 处没有映射：{ret}" },
	[STEP_MREMAP_UNFIT] = {
		"{area} (flags {flags}) cannot be resized or moved that "
		"way: {ret}",
		"{area}（标志 {flags}）不能这样改变大小或移动：{ret}" },
	[STEP_MREMAP_CROSSES] = {
		"{area} ends at {area_end}, before the {old_len} bytes "
		"do: {ret}",
		"{area}到 {area_end} 就结束了，不到 {old_len} 字节：{ret}" },
	[STEP_MREMAP_RESIZES] = {
		"it is {area} whose {old_len} bytes shall become "
		"{new_len}",
		"要把{area}的 {old_len} 字节改为 {new_len} 字节" },
	[STEP_MREMAP_SHRINKS] = {
		"the new length is not larger, so {len} bytes from "
		"{start} on are unmapped, and that is all",
		"新长度不大于旧长度，只要解除从 {start} 起 {len} 字节的映"
		"射" },
	[STEP_MREMAP_CLEARS] = {
		"MREMAP_FIXED: what is in the {new_len} bytes at "
		"{new_addr} is unmapped first",
		"MREMAP_FIXED：先清掉 {new_addr} 处 {new_len} 字节里原有"
		"的映射" },
	[STEP_MREMAP_IN_PLACE] = {
		"nothing lies between {area} and {end}: it can grow "
		"where it is",
		"{area}到 {end} 之间没有别的区域：可以原地扩大" },
	[STEP_MREMAP_NO_ROOM] = {
		"{area} cannot reach {end} where it is: {next} begins at "
		"{next_start}",
		"{area}不能原地扩大到 {end}：{next}从 {next_start} 开始" },
	[STEP_MREMAP_MAY_NOT_MOVE] = {
		"{area} would have to move, and MREMAP_MAYMOVE is not "
		"given: {ret}",
		"{area}必须移动，却没有给出 MREMAP_MAYMOVE：{ret}" },
	[STEP_MREMAP_AREAS_EXCEEDED] = {
		"a move may need more areas for a moment than {map_count}"
		" leave below max_map_count ({max}): {ret}",
		"移动可能暂时多出几个区域，而现有 {map_count} 个，离 "
		"max_map_count（{max}）太近：{ret}" },
	[STEP_MREMAP_MOVES] = {
		"{area} moves from {addr} to {new_addr} and will be "
		"{new_len} bytes long",
		"{area}从 {addr} 移到 {new_addr}，长度变为 {new_len} 字节" },
	[STEP_MREMAP_COPIED] = {
		"{new} takes over from {area} at {start}",
		"{new}在 {start} 处接替{area}" },
	[STEP_MREMAP_PAGES] = {
		"the page table entries of {len} bytes move from {addr} "
		"to {new_addr}",
		"{len} 字节的页表项从 {addr} 搬到 {new_addr}" },
	[STEP_MREMAP_BACK] = {
		"{new} may only exist whole: everything moves back: {ret}",
		"{new}只能整个存在，全部搬回原处：{ret}" },
	[STEP_MREMAP_KEPT] = {
		"MREMAP_DONTUNMAP: {area} stays where it is, empty; the "
		"pages are in {new}",
		"MREMAP_DONTUNMAP：{area}留在原处但已空，页都在{new}里" },
	[STEP_MREMAP_DONE] = {
		"{addr} is returned",
		"返回 {addr}" },
	[STEP_MREMAP_REFUSED] = {
		"the mapping stays, or what is left of it: {ret}",
		"映射（或它剩下的部分）保持原样：{ret}" },
	[STEP_MADVISE_ASKED] = {
		"advice {advice} is given for {len} bytes from {start} on",
		"对从 {start} 起的 {len} 字节给出建议 {advice}" },
	[STEP_MADVISE_BAD] = {
		"{start}, {len} bytes or the advice {advice} make no "
		"sense in this release: {ret}",
		"起点 {start}、长度 {len} 或建议 {advice} 在这个版本里不"
		"合要求：{ret}" },
	[STEP_MADVISE_EMPTY] = {
		"there is nothing to advise on in no bytes: {ret}",
		"长度为零，没有可建议的：{ret}" },
	[STEP_MADVISE_HOLE] = {
		"nothing is mapped at {start}; the call goes on with "
		"{next}, if it may, and answers ENOMEM at the end",
		"{start} 处没有映射：允许的话从{next}继续，最后返回 "
		"ENOMEM" },
	[STEP_MADVISE_END] = {
		"nothing is mapped at {addr} or above: {ret}",
		"{addr} 及以上没有映射：{ret}" },
	[STEP_MADVISE_AREA] = {
		"in {area}, [{start}, {end}) gets the advice {advice}",
		"{area}中的 [{start}, {end}) 得到建议 {advice}" },
	[STEP_MADVISE_REFUSED] = {
		"{area} (flags {flags}) does not take the advice {advice}: "
		"{ret}",
		"{area}（标志 {flags}）不接受建议 {advice}：{ret}" },
	[STEP_MADVISE_FLAGS] = {
		"the advice makes the flags of {area} {new}, from {old}",
		"这个建议使{area}的标志从 {old} 变为 {new}" },
	[STEP_MADVISE_ZAPPED] = {
		"the pages of {area} in [{start}, {end}) are dropped; "
		"the area stays",
		"丢弃{area}中 [{start}, {end}) 的页，区域保留" },
	[STEP_MADVISE_PUNCHED] = {
		"a hole of {pages} page(s) is punched into inode {inode} "
		"from page {pgoff} on",
		"在 inode {inode} 中从第 {pgoff} 页起打一个 {pages} 页的"
		"洞" },
	[STEP_MINCORE_ASKED] = {
		"which pages of {len} bytes from {start} on are in memory"
		"?",
		"从 {start} 起的 {len} 字节里，哪些页在内存中？" },
	[STEP_MINCORE_BAD] = {
		"{start} is misaligned, or {len} bytes from there reach "
		"beyond TASK_SIZE: {ret}",
		"{start} 没有对齐，或者从它起的 {len} 字节超出 TASK_SIZE："
		"{ret}" },
	[STEP_MINCORE_AREA] = {
		"the pages of {area} in [{start}, {end}) are looked up",
		"查看{area}中 [{start}, {end}) 的页" },
	[STEP_MINCORE_HOLE] = {
		"nothing is mapped at {addr}: {ret}",
		"{addr} 处没有映射：{ret}" },
	[STEP_MSYNC_ASKED] = {
		"[{start}, {end}) shall be written back, flags {flags}",
		"要写回 [{start}, {end})，flags {flags}" },
	[STEP_MSYNC_BAD] = {
		"{start} or the flags {flags} make no sense: {ret}",
		"起点 {start} 或 flags {flags} 不合要求：{ret}" },
	[STEP_MSYNC_AREA] = {
		"{area} is written back if it is a shared file",
		"如果{area}是共享文件映射，就写回" },
	[STEP_MSYNC_BUSY] = {
		"{area} is locked and cannot be invalidated: {ret}",
		"{area}是锁定的，不能使其失效：{ret}" },
	[STEP_MSYNC_HOLE] = {
		"nothing is mapped at {addr}, which the answer will say: "
		"{ret}",
		"{addr} 处没有映射，最后会返回：{ret}" },
	[STEP_RFP_ASKED] = {
		"{size} bytes at {start} shall show the file from page "
		"{pgoff} on",
		"{start} 处的 {size} 字节要改为映射文件从第 {pgoff} 页起"
		"的内容" },
	[STEP_RFP_BAD] = {
		"at {start} is no shared area that holds the range, or "
		"the request makes no sense: {ret}",
		"{start} 处没有包含该范围的共享区域，或者请求不合要求："
		"{ret}" },
	[STEP_RFP_IN_PLACE] = {
		"{area} shows page {pgoff} there already: nothing is to "
		"be done",
		"{area}在那里本来就是第 {pgoff} 页：不用做什么" },
	[STEP_MSEAL_ASKED] = {
		"{len} bytes from {start} on shall be sealed for good",
		"从 {start} 起的 {len} 字节要永久封住" },
	[STEP_MSEAL_REFUSED] = {
		"the range at {start} cannot be sealed: {ret}",
		"{start} 处的范围不能封住：{ret}" },
	[STEP_MSEAL_AREA] = {
		"{area} is sealed over [{start}, {end})",
		"{area}的 [{start}, {end}) 已封住" },
	[STEP_FORK_ASKED] = {
		"the {areas} area(s) of the parent are copied, one by one",
		"逐个复制父进程的 {areas} 个区域" },
	[STEP_FORK_LEFT_OUT] = {
		"{area} was advised MADV_DONTFORK: it stays behind",
		"{area}被建议过 MADV_DONTFORK：不复制" },
	[STEP_FORK_REFUSED] = {
		"the copy of {area} cannot be committed: {ret}",
		"无法承诺{area}的副本：{ret}" },
	[STEP_FORK_AREA] = {
		"{area} [{start}, {end}) is copied",
		"复制{area} [{start}, {end})" },
	[STEP_FORK_PAGES] = {
		"the page table entries of {area} are copied; private "
		"pages become read only on both sides, for copy on write",
		"复制{area}的页表项，私有页在双方都变为只读，以便写时复制" },
	[STEP_FORK_PAGES_LATER] = {
		"{area} has no anonymous pages: its entries are not "
		"copied but faulted in again",
		"{area}没有匿名页：页表项不复制，等缺页时再填" },
	[STEP_FORK_WIPED] = {
		"{area} is wiped on fork: the child's copy has no pages",
		"{area}在 fork 时清空：子进程的副本没有页" },
};
/* clang-format on */

const char *const step_lang_words[] = { "en", "zh", NULL };

const struct step_text *step_text_at(size_t kind)
{
	return kind < STEP_NR_KINDS ? &texts[kind] : NULL;
}
