/* SPDX-License-Identifier: MIT */
#pragma once
/* Words for the steps of page faults, stacks and population. */
/* clang-format off */
#define STEP_TEXTS_FAULT(X) \
	X(FAULT_TAKEN, \
	  "a page fault: {addr} is touched ({type}), and the processor finds " \
	  "no entry that allows it", \
	  "缺页异常：以{type}方式访问 {addr}，处理器找不到允许这样做的页表项") \
	X(FAULT_BEYOND, \
	  "{addr} is not in user space: SIGSEGV", \
	  "{addr} 不在用户空间：SIGSEGV") \
	X(FAULT_NO_AREA, \
	  "no area ends above {addr}: SIGSEGV, SEGV_MAPERR", \
	  "没有结尾高于 {addr} 的 VMA：SIGSEGV，SEGV_MAPERR") \
	X(FAULT_HOLE, \
	  "{addr} lies in the hole before {area}, which begins at {start} and " \
	  "does not grow down: SIGSEGV, SEGV_MAPERR", \
	  "{addr} 在从 {start} 开始的{area}之前的空洞里，而它不会向下生长：" \
	  "SIGSEGV，SEGV_MAPERR") \
	X(FAULT_FAR_BELOW_SP, \
	  "{addr} is too far below the stack pointer {sp} to be a push: " \
	  "SIGSEGV, SEGV_MAPERR", \
	  "{addr} 比栈指针 {sp} 低得太多，不像是压栈：SIGSEGV，SEGV_MAPERR") \
	X(FAULT_FORBIDDEN, \
	  "{area} with the flags {flags} does not allow this access ({type}) " \
	  "to {addr}: SIGSEGV, SEGV_ACCERR", \
	  "标志为 {flags} 的{area}不允许以{type}方式访问 {addr}：" \
	  "SIGSEGV，SEGV_ACCERR") \
	X(FAULT_ZERO_PAGE, \
	  "{addr} in {area} is only read: the shared zero page is mapped " \
	  "there", \
	  "只是读{area}里的 {addr}：映射共享的零页") \
	X(FAULT_ANON, \
	  "{addr} in {area} is written: it gets a fresh page of its own, all " \
	  "zeros", \
	  "要写{area}里的 {addr}：分配一个清零的新页") \
	X(FAULT_AROUND, \
	  "cached pages around {addr}, in [{start}, {end}), are mapped along " \
	  "with it", \
	  "把 {addr} 周围 [{start}, {end}) 里已在页缓存中的页一并映射") \
	X(FAULT_FILE, \
	  "{addr} is read: page {pgoff} of inode {inode} is mapped", \
	  "读 {addr}：映射 inode {inode} 的第 {pgoff} 页") \
	X(FAULT_COW, \
	  "{addr} is written in a private mapping: page {pgoff} of inode " \
	  "{inode} is copied at once", \
	  "写私有文件映射中的 {addr}：立即复制 inode {inode} 的第 {pgoff} 页") \
	X(FAULT_SHARED, \
	  "{addr} is written in a shared mapping: page {pgoff} of inode " \
	  "{inode} is mapped and gets dirty", \
	  "写共享映射中的 {addr}：映射 inode {inode} 的第 {pgoff} 页并标脏") \
	X(FAULT_PAST_END, \
	  "{addr} is page {pgoff} of a file that has {pages} page(s): SIGBUS", \
	  "{addr} 对应文件的第 {pgoff} 页，而文件只有 {pages} 页：SIGBUS") \
	X(FAULT_REUSED, \
	  "the page at {addr} has no other user that must not see the change: " \
	  "it becomes writable as it is", \
	  "{addr} 处的页没有别的使用者受影响：原页直接改为可写") \
	X(FAULT_COPIED, \
	  "the page at {addr} is shared: {area} gets a copy of its own, copy " \
	  "on write", \
	  "{addr} 处的页是共享的：写时复制，{area}得到自己的副本") \
	X(FAULT_THERE, \
	  "the page at {addr} is there by now: nothing is to be done", \
	  "{addr} 处的页已经在了：不用做什么") \
	X(STACK_NO_ROOM, \
	  "{area} cannot grow down to {addr}: {prev} is too close below it", \
	  "{area}不能向下生长到 {addr}：下方的{prev}离得太近") \
	X(STACK_EXCEEDED, \
	  "{area} would be {size} bytes, more than RLIMIT_STACK ({limit})", \
	  "{area}会达到 {size} 字节，超过 RLIMIT_STACK（{limit}）") \
	X(STACK_GROWN, \
	  "{area} grows down by {pages} page(s) and begins at {start} now", \
	  "{area}向下生长 {pages} 页，现在从 {start} 开始") \
	X(STACK_GUARD, \
	  "{addr} is the hidden guard page of {area}: the stack must grow by " \
	  "one page more", \
	  "{addr} 是{area}隐藏的保护页：栈还要再向下长一页") \
	X(ANON_VMA_NEW, \
	  "{area} gets its first anonymous page, and {anon_vma} to keep track " \
	  "of it", \
	  "{area}第一次有匿名页，为它新建 {anon_vma}") \
	X(ANON_VMA_SHARED, \
	  "{area} gets its first anonymous page and shares {anon_vma} with a " \
	  "neighbour, so that both can merge later", \
	  "{area}第一次有匿名页，与邻居共用 {anon_vma}，以后还能合并") \
	X(TABLES_PTE_MADE, \
	  "a page table is made for [{addr}, {end})", \
	  "为 [{addr}, {end}) 建立页表（PTE 级）") \
	X(TABLES_PMD_MADE, \
	  "a page middle directory is made for [{addr}, {end})", \
	  "为 [{addr}, {end}) 建立页中间目录（PMD 级）") \
	X(TABLES_PUD_MADE, \
	  "a page upper directory is made for [{addr}, {end})", \
	  "为 [{addr}, {end}) 建立页上级目录（PUD 级）") \
	X(POPULATE_ASKED, \
	  "the pages of [{start}, {end}) shall be present now, not when they " \
	  "are touched", \
	  "[{start}, {end}) 的页要立即就位，而不是等到访问时") \
	X(POPULATE_AREA, \
	  "in {area}, [{start}, {end}) is to be populated", \
	  "在{area}中填充 [{start}, {end})") \
	X(POPULATE_LATER, \
	  "{area} is locked on fault: its pages come when they are touched", \
	  "{area}是访问时才锁定的：它的页等访问时再来") \
	X(POPULATE_FORBIDDEN, \
	  "{area} with the flags {flags} allows no access at all, so no page " \
	  "can be had", \
	  "标志为 {flags} 的{area}不允许任何访问，得不到页") \
	X(POPULATE_PAGES, \
	  "{area} gets {pages} page(s) in [{start}, {end})", \
	  "为{area}的 [{start}, {end}) 填充 {pages} 页") \
	X(POPULATE_STOPPED, \
	  "the page of {area} at {addr} cannot be had: population stops there", \
	  "{area}在 {addr} 处的页得不到：填充到此为止")
/* clang-format on */
