/* SPDX-License-Identifier: MIT */
#pragma once
/* Words for the steps of look-ups: the cache, the tree, the insertion point. */
/* clang-format off */
#define STEP_TEXTS_FIND(X) \
	X(CACHE_STALE, \
	  "the thread's vmacache_seqnum {seqnum} differs from the mm's " \
	  "{mm_seqnum}: the whole cache is invalid and is emptied", \
	  "线程的 vmacache_seqnum 是 {seqnum}，mm 的是 {mm_seqnum}，不一致：" \
	  "整个 vmacache 无效，清空") \
	X(CACHE_HIT, \
	  "slot {slot} holds {area}, and [{start}, {end}) contains {addr}: a " \
	  "hit after {slots} slot(s), the tree is not walked", \
	  "第 {slot} 个槽里是{area}，[{start}, {end}) 包含 {addr}：看了 " \
	  "{slots} 个槽后命中，不用遍历红黑树") \
	X(CACHE_EMPTY, \
	  "slot {slot} is empty: no answer for {addr}", \
	  "第 {slot} 个槽是空的：找不到 {addr}") \
	X(CACHE_OTHER, \
	  "slot {slot} holds {area}, but [{start}, {end}) does not contain " \
	  "{addr}", \
	  "第 {slot} 个槽里是{area}，但 [{start}, {end}) 不包含 {addr}") \
	X(CACHE_MISS, \
	  "none of the {slots} slots has {addr}: a miss, the red-black tree " \
	  "must be walked", \
	  "{slots} 个槽里都没有 {addr}：未命中，要遍历红黑树") \
	X(CACHE_UPDATED, \
	  "the cache is updated: {area} goes into slot {slot}, which the " \
	  "address {addr} selects", \
	  "更新 vmacache：把{area}放进第 {slot} 个槽，槽号由地址 {addr} 决定") \
	X(CACHE_INVALIDATED, \
	  "an area goes away, so the mm's vmacache_seqnum becomes {seqnum}: " \
	  "the caches of all threads are invalid", \
	  "有 VMA 被删除，mm 的 vmacache_seqnum 变为 {seqnum}：所有线程的 " \
	  "vmacache 都无效了") \
	X(CACHE_FLUSHED, \
	  "the thread starts with an empty cache, at the mm's vmacache_seqnum " \
	  "{seqnum}", \
	  "线程的 vmacache 从空开始，vmacache_seqnum 是 {seqnum}") \
	X(CACHE_FLUSHED_ALL, \
	  "vmacache_seqnum wrapped around to 0: the caches of all {threads} " \
	  "thread(s) are flushed", \
	  "vmacache_seqnum 回绕为 0：清空全部 {threads} 个线程的 vmacache") \
	X(TREE_LEFT, \
	  "{area} [{start}, {end}) lies above {addr}: it is the best " \
	  "candidate yet, and the walk goes left", \
	  "{area} [{start}, {end}) 在 {addr} 之上：先记下它，再往左子树走") \
	X(TREE_RIGHT, \
	  "{area} [{start}, {end}) ends at or below {addr}: the walk goes " \
	  "right", \
	  "{area} [{start}, {end}) 的结束地址不高于 {addr}：往右子树走") \
	X(TREE_HOLDS, \
	  "{area} [{start}, {end}) contains {addr}: the walk ends", \
	  "{area} [{start}, {end}) 包含 {addr}：遍历结束") \
	X(FIND_FOUND, \
	  "{addr} lies in {area}; visited {nodes} node(s)", \
	  "{addr} 落在{area}里，共访问 {nodes} 个节点") \
	X(FIND_ABOVE, \
	  "{addr} is not mapped; the first area that ends above it is {area}, " \
	  "which begins at {start}; visited {nodes} node(s)", \
	  "{addr} 没有映射；结束地址高于它的第一个 VMA 是{area}，从 {start} " \
	  "开始，共访问 {nodes} 个节点") \
	X(FIND_NONE, \
	  "no area ends above {addr}; visited {nodes} node(s)", \
	  "没有结束地址高于 {addr} 的 VMA，共访问 {nodes} 个节点") \
	X(MAPLE_FOUND, \
	  "the maple tree has {area} [{start}, {end}) at {addr}", \
	  "maple tree 在 {addr} 处是{area} [{start}, {end})") \
	X(MAPLE_ABOVE, \
	  "the maple tree has nothing at {addr}; the next entry above is " \
	  "{area}, which begins at {start}", \
	  "maple tree 在 {addr} 处是空的，往上的下一项是从 {start} 开始的" \
	  "{area}") \
	X(MAPLE_NONE, \
	  "the maple tree has nothing at {addr} or above", \
	  "maple tree 在 {addr} 及以上都是空的") \
	X(LINKS_LEFT, \
	  "{area} begins at {start}, not below {end}: the insertion point is " \
	  "on its left", \
	  "{area}从 {start} 开始，不低于 {end}：插入点在它的左子树") \
	X(LINKS_RIGHT, \
	  "{area} ends at {area_end}, not above {addr}: the insertion point " \
	  "is on its right, and it is prev so far", \
	  "{area}在 {area_end} 结束，不高于 {addr}：插入点在它的右子树，暂时" \
	  "把它记为 prev") \
	X(LINKS_OVERLAP, \
	  "{area}, which begins at {start}, overlaps [{addr}, {end}): it must " \
	  "be unmapped first; visited {nodes} node(s)", \
	  "从 {start} 开始的{area}与 [{addr}, {end}) 重叠，要先用 do_munmap " \
	  "清除，共访问 {nodes} 个节点") \
	X(LINKS_ROOT, \
	  "the tree is empty: an area at {addr} becomes its root", \
	  "红黑树是空的：{addr} 处的 VMA 成为根节点") \
	X(LINKS_PLACE, \
	  "the insertion point for {addr}: in the list behind {prev}, in the " \
	  "tree as the {side} child of {parent}; visited {nodes} node(s)", \
	  "找到 {addr} 的插入点：在链表里排在{prev}之后，在红黑树里是{parent}" \
	  "的{side}子节点，共访问 {nodes} 个节点") \
	X(MAPLE_NEIGHBOURS, \
	  "the maple tree has {prev} before {addr} and {next} behind it", \
	  "在 maple tree 里，{addr} 之前是{prev}，之后是{next}")
/* clang-format on */
