/* SPDX-License-Identifier: MIT */
#pragma once
/* Words for the steps of areas: made, split, linked, freed. */
/* clang-format off */
#define STEP_TEXTS_AREAS(X) \
	X(AREA_NEW, \
	  "a new vm_area_struct, {area}, is made for [{start}, {end}) with " \
	  "the flags {flags}", \
	  "新建一个 vm_area_struct，即{area}：[{start}, {end})，标志 {flags}") \
	X(AREA_FREED, \
	  "{area} ({pages} page(s)) is freed", \
	  "释放{area}（{pages} 页）的 vm_area_struct") \
	X(SPLIT_ABOVE, \
	  "{area} is split at {addr}: the part above becomes the new {new} " \
	  "[{new_start}, {new_end})", \
	  "在 {addr} 处拆分{area}：上面的部分成为新的{new} [{new_start}, " \
	  "{new_end})") \
	X(SPLIT_BELOW, \
	  "{area} is split at {addr}: the part below becomes the new {new} " \
	  "[{new_start}, {new_end})", \
	  "在 {addr} 处拆分{area}：下面的部分成为新的{new} [{new_start}, " \
	  "{new_end})") \
	X(SPLIT_AREAS_EXCEEDED, \
	  "splitting {area} takes one area more, but map_count is {map_count} " \
	  "and max_map_count {max}: {ret}", \
	  "拆分{area}会多出一个 VMA，但 map_count 是 {map_count}，" \
	  "max_map_count 是 {max}：{ret}") \
	X(SPLIT_WHOLE_ONLY, \
	  "{area} was installed by the kernel and cannot be split at {addr}: " \
	  "{ret}", \
	  "{area}是内核安装的，不能在 {addr} 处拆分：{ret}") \
	X(ADJUST_AREA, \
	  "the borders of {area} become [{start}, {end})", \
	  "{area}的边界改为 [{start}, {end})") \
	X(ADJUST_BORDER, \
	  "the border between {area} and {next} moves to {border}", \
	  "{area}与{next}的边界移到 {border}") \
	X(ADJUST_SWALLOWS, \
	  "{area} is extended to {end} and takes the place of {next}, which " \
	  "goes away", \
	  "{area}扩展到 {end}，取代{next}，{next}被删除") \
	X(ADJUST_ANON_VMA, \
	  "{area} takes over pages of {from}, and its {anon_vma} with them", \
	  "{area}要接管{from}的页，同时接管它的 {anon_vma}") \
	X(LIST_LINKED, \
	  "{area} is linked into the list between {prev} and {next}", \
	  "把{area}插入双向链表，位于{prev}与{next}之间") \
	X(LIST_UNLINKED, \
	  "the list loses {first} to {last}; {prev} and {next} are neighbours " \
	  "now", \
	  "从双向链表中摘除{first}到{last}，{prev}与{next}成为邻居") \
	X(TREE_ROOT, \
	  "{area} becomes the root of the tree", \
	  "{area}成为红黑树的根节点") \
	X(TREE_LINKED, \
	  "{area} is linked into the tree as a red leaf, the {side} child of " \
	  "{parent}", \
	  "把{area}作为红色叶子插入红黑树，是{parent}的{side}子节点") \
	X(TREE_RECOLOURED, \
	  "a red node's parent {parent} and uncle {uncle} are red, too: both " \
	  "become black, and {grandparent} red", \
	  "红节点的父节点{parent}和叔节点{uncle}也是红色：两者变黑，" \
	  "{grandparent}变红") \
	X(TREE_ROTATED, \
	  "a rotation to the {side}: {area} moves down, {up} takes its place", \
	  "向{side}旋转：{area}下移，{up}升到它的位置") \
	X(TREE_ERASED, \
	  "{area} is erased from the red-black tree", \
	  "把{area}从红黑树中删除") \
	X(TREE_REPLACED, \
	  "{area} has two children: its successor {successor} takes its place", \
	  "{area}有两个子节点：由后继{successor}顶替它的位置") \
	X(GAP_UPDATED, \
	  "the gap before {area} is {gap} bytes, the largest of its subtree " \
	  "{subtree_gap}; propagated over {nodes} node(s)", \
	  "{area}前面的空隙是 {gap} 字节，子树中最大的空隙是 {subtree_gap}，" \
	  "向上传播了 {nodes} 个节点") \
	X(GAP_HIGHEST, \
	  "no area follows: highest_vm_end is set to {highest_vm_end}", \
	  "后面没有别的 VMA：highest_vm_end 设为 {highest_vm_end}") \
	X(MAPLE_STORED, \
	  "{area} is stored in the maple tree at [{start}, {end})", \
	  "把{area}存入 maple tree 的 [{start}, {end})") \
	X(MAPLE_CLEARED, \
	  "[{start}, {end}) is cleared in the maple tree", \
	  "清空 maple tree 的 [{start}, {end})")
/* clang-format on */
