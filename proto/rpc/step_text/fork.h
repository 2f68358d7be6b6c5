/* SPDX-License-Identifier: MIT */
#pragma once
/* Words for the steps of fork. */
/* clang-format off */
#define STEP_TEXTS_FORK(X) \
	X(FORK_ASKED, \
	  "the {areas} area(s) of the parent are copied one by one", \
	  "逐个复制父进程的 {areas} 个 VMA") \
	X(FORK_LEFT_OUT, \
	  "{area} was advised MADV_DONTFORK: it stays behind", \
	  "{area}被建议过 MADV_DONTFORK：不复制") \
	X(FORK_REFUSED, \
	  "the copy of {area} cannot be committed: {ret}", \
	  "无法承诺{area}的副本：{ret}") \
	X(FORK_AREA, \
	  "{area} [{start}, {end}) is copied", \
	  "复制{area} [{start}, {end})") \
	X(FORK_PAGES, \
	  "the page table entries of {area} are copied; private pages become " \
	  "read only on both sides, for copy on write", \
	  "复制{area}的页表项，私有页在双方都变为只读，以便写时复制") \
	X(FORK_PAGES_LATER, \
	  "{area} has no anonymous pages: its entries are not copied but " \
	  "faulted in again", \
	  "{area}没有匿名页：页表项不复制，等缺页时再填") \
	X(FORK_WIPED, \
	  "{area} is wiped on fork: the child's copy has no pages", \
	  "{area}在 fork 时清空：子进程的副本没有页")
/* clang-format on */
