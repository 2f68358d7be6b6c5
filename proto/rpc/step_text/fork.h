/* SPDX-License-Identifier: MIT */
#pragma once
/* Words for the steps of fork. */
/* clang-format off */
#define STEP_TEXTS_FORK(X) \
	X(FORK_ASKED, \
	  "copies the parent's {areas} area(s), one by one", \
	  "逐个复制父进程的 {areas} 个 VMA") \
	X(FORK_SHARED, \
	  "CLONE_VM: nothing is copied, the address space has {users} users " \
	  "now", \
	  "CLONE_VM：什么也不复制，地址空间现在有 {users} 个使用者") \
	X(FORK_LEFT_OUT, \
	  "{area} was advised MADV_DONTFORK: the child has it not, nor its " \
	  "{pages} page(s)", \
	  "{area}被建议过 MADV_DONTFORK：不复制，子进程少 {pages} 页") \
	X(FORK_REFUSED, \
	  "the copy of {area} cannot be committed: {ret}", \
	  "无法承诺{area}的副本：{ret}") \
	X(FORK_AREA, \
	  "{area} [{start}, {end}) is copied", \
	  "复制{area} [{start}, {end})") \
	X(FORK_UNLOCKED, \
	  "locks are not inherited: the copy of {area} has the flags {flags}", \
	  "锁定不会继承：{area}的副本的标志是 {flags}") \
	X(FORK_STORED, \
	  "the copy of {area} is stored in the child's maple tree at [{start}" \
	  ", {end})", \
	  "把{area}的副本存入子进程 maple tree 的 [{start}, {end})") \
	X(ANON_VMA_FORKED, \
	  "the copy of {area} belongs to {parent}, too, and gets {anon_vma} " \
	  "for pages of its own", \
	  "{area}的副本也属于 {parent}，并新建 {anon_vma} 管理自己的页") \
	X(ANON_VMA_REUSED, \
	  "the copy of {area} takes over {anon_vma}, which nobody else uses " \
	  "any more", \
	  "{area}的副本接管已无人使用的 {anon_vma}") \
	X(FORK_PAGES, \
	  "the page table entries of {area} are copied; private pages become " \
	  "read-only on both sides, for copy on write", \
	  "复制{area}的页表项，双方的私有页都变为只读，以便写时复制") \
	X(FORK_PAGES_LATER, \
	  "{area} has no anonymous pages: its entries are not copied, the " \
	  "child faults them in", \
	  "{area}没有匿名页：不复制页表项，子进程缺页时再填充") \
	X(FORK_WIPED, \
	  "{area} is wiped on fork: the child's copy begins empty", \
	  "{area}在 fork 时清空：子进程的副本没有页")
/* clang-format on */
