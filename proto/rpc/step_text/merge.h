/* SPDX-License-Identifier: MIT */
#pragma once
/* Words for the steps of merging. */
/* clang-format off */
#define STEP_TEXTS_MERGE(X) \
	X(MERGE_ASKED, \
	  "can [{start}, {end}) with the flags {flags} merge with a " \
	  "neighbour, {prev} before or {next} behind?", \
	  "标志为 {flags} 的 [{start}, {end}) 能否与前面的{prev}或后面的" \
	  "{next}合并？") \
	X(MERGE_NEW, \
	  "can the new range [{start}, {end}) with the flags {flags} merge " \
	  "with a neighbour, {prev} before or {next} behind?", \
	  "标志为 {flags} 的新区间 [{start}, {end}) 能否与前面的{prev}或后面" \
	  "的{next}合并？") \
	X(MERGE_EXISTING, \
	  "can [{start}, {end}), which exists and gets the flags {flags}, " \
	  "merge with a neighbour, {prev} before or {next} behind?", \
	  "已有的 [{start}, {end}) 要改成标志 {flags}，能否与前面的{prev}或后" \
	  "面的{next}合并？") \
	X(MERGE_SPECIAL, \
	  "areas with such flags ({flags}, VM_SPECIAL) never merge", \
	  "带有这类标志（{flags}，VM_SPECIAL）的 VMA 从不合并") \
	X(MERGE_PREV_NONE, \
	  "nothing is mapped before {start}: no neighbour on that side", \
	  "{start} 之前没有 VMA，这一边没有可合并的") \
	X(MERGE_PREV_APART, \
	  "{prev} ends at {prev_end}, not at {start}: they do not touch", \
	  "{prev}在 {prev_end} 结束，而不是 {start}：两者不相邻") \
	X(MERGE_PREV_FLAGS, \
	  "{prev} has the flags {theirs}, not {ours}: it stays apart", \
	  "{prev}的标志是 {theirs}，不是 {ours}：不能合并") \
	X(MERGE_PREV_FILE, \
	  "{prev} maps inode {theirs}, not {ours} (0: no file): it stays " \
	  "apart", \
	  "{prev}映射的是 inode {theirs}，不是 {ours}（0 表示没有文件）：不能" \
	  "合并") \
	X(MERGE_PREV_ANON_VMA, \
	  "{prev} has {theirs}, not {ours}: their anonymous pages belong to " \
	  "different owners", \
	  "{prev}的是 {theirs}，不是 {ours}：匿名页分属不同的 anon_vma，不能" \
	  "合并") \
	X(MERGE_PREV_OFFSET, \
	  "behind {prev} comes page {expected} of what is mapped, not page " \
	  "{ours}", \
	  "紧接{prev}之后应该是第 {expected} 页，而不是第 {ours} 页：偏移不连" \
	  "续") \
	X(MERGE_PREV_FITS, \
	  "{prev}, which ends at {prev_end}, has the same flags, file, " \
	  "anon_vma and policy, and the next offset: it can be extended", \
	  "{prev}在 {prev_end} 结束，标志、文件、anon_vma 和内存策略都相同，" \
	  "偏移连续：可以向后扩展它") \
	X(MERGE_NEXT_NONE, \
	  "nothing is mapped behind {end}: no neighbour on that side", \
	  "{end} 之后没有 VMA，这一边没有可合并的") \
	X(MERGE_NEXT_APART, \
	  "{next} begins at {next_start}, not at {end}: they do not touch", \
	  "{next}从 {next_start} 开始，而不是 {end}：两者不相邻") \
	X(MERGE_NEXT_FLAGS, \
	  "{next} has the flags {theirs}, not {ours}: it stays apart", \
	  "{next}的标志是 {theirs}，不是 {ours}：不能合并") \
	X(MERGE_NEXT_FILE, \
	  "{next} maps inode {theirs}, not {ours} (0: no file): it stays " \
	  "apart", \
	  "{next}映射的是 inode {theirs}，不是 {ours}（0 表示没有文件）：不能" \
	  "合并") \
	X(MERGE_NEXT_ANON_VMA, \
	  "{next} has {theirs}, not {ours}: their anonymous pages belong to " \
	  "different owners", \
	  "{next}的是 {theirs}，不是 {ours}：匿名页分属不同的 anon_vma，不能" \
	  "合并") \
	X(MERGE_NEXT_OFFSET, \
	  "{next} begins with page {theirs} of what is mapped, but the range " \
	  "ends before page {expected}", \
	  "{next}从第 {theirs} 页开始，而这段范围之后应该是第 {expected} 页：" \
	  "偏移不连续") \
	X(MERGE_NEXT_FITS, \
	  "{next}, which begins at {next_start}, has the same flags, file, " \
	  "anon_vma and policy, and the next offset: it can be extended", \
	  "{next}从 {next_start} 开始，标志、文件、anon_vma 和内存策略都相" \
	  "同，偏移连续：可以向前扩展它") \
	X(MERGE_NOT_EACH_OTHER, \
	  "{prev} ({prev_anon}) and {next} ({next_anon}) both fit, but not " \
	  "each other: only the one before takes the range", \
	  "{prev}（{prev_anon}）和{next}（{next_anon}）都合适，但彼此不能合" \
	  "并：只与前一个合并") \
	X(MERGE_CASE1, \
	  "case 1: [{start}, {end}) fills the gap between {prev} and {next}; " \
	  "all become one area", \
	  "情况 1：[{start}, {end}) 正好填满{prev}与{next}之间的空隙，三者合" \
	  "为一个 VMA") \
	X(MERGE_CASE2, \
	  "case 2: {prev} grows upwards over [{start}, {end})", \
	  "情况 2：{prev}向上扩展，占据 [{start}, {end})") \
	X(MERGE_CASE3, \
	  "case 3: {next} grows downwards over [{start}, {end})", \
	  "情况 3：{next}向下扩展，占据 [{start}, {end})") \
	X(MERGE_CASE4, \
	  "case 4: [{start}, {end}) is the end of {prev} and goes to {next}: " \
	  "the border between them moves down", \
	  "情况 4：[{start}, {end}) 是{prev}的尾部，划给{next}：两者的边界下" \
	  "移") \
	X(MERGE_CASE5, \
	  "case 5: [{start}, {end}) is the beginning of {area} and goes to " \
	  "{prev}: the border between them moves up", \
	  "情况 5：[{start}, {end}) 是{area}的开头，划给{prev}：两者的边界上" \
	  "移") \
	X(MERGE_CASE6, \
	  "case 6: [{start}, {end}) is all of {area}: {prev} swallows it and " \
	  "{next}, too", \
	  "情况 6：[{start}, {end}) 就是整个{area}：{prev}把它和{next}一并吞" \
	  "并") \
	X(MERGE_CASE7, \
	  "case 7: [{start}, {end}) is all of {area}: {prev} swallows it", \
	  "情况 7：[{start}, {end}) 就是整个{area}：{prev}把它吞并") \
	X(MERGE_CASE8, \
	  "case 8: [{start}, {end}) is all of {area}: it becomes one with " \
	  "{next}", \
	  "情况 8：[{start}, {end}) 就是整个{area}：它与{next}合为一个") \
	X(MERGE_EXPANDS, \
	  "{area} expands to [{start}, {end})", \
	  "{area}扩展为 [{start}, {end})") \
	X(MERGE_BOTH, \
	  "[{start}, {end}) is all of {area}: {prev} swallows it and {next}, " \
	  "too", \
	  "[{start}, {end}) 就是整个{area}：{prev}把它和{next}一并吞并") \
	X(MERGE_LEFT, \
	  "[{start}, {end}) goes from {area} to {prev} on its left", \
	  "[{start}, {end}) 从{area}划给左边的{prev}") \
	X(MERGE_RIGHT, \
	  "[{start}, {end}) goes from {area} to {next} on its right", \
	  "[{start}, {end}) 从{area}划给右边的{next}") \
	X(MERGE_NOTHING, \
	  "no neighbour can be extended over [{start}, {end}): a new area is " \
	  "needed", \
	  "两边都无法合并：要为 [{start}, {end}) 新建一个 VMA")
/* clang-format on */
