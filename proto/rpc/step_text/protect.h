/* SPDX-License-Identifier: MIT */
#pragma once
/* Words for the steps of mprotect and mlock. */
/* clang-format off */
#define STEP_TEXTS_PROTECT(X) \
	X(MPROTECT_ASKED, \
	  "{len} bytes from {start} on shall get prot {prot}", \
	  "从 {start} 起 {len} 字节的保护要改为 prot {prot}") \
	X(MPROTECT_BAD, \
	  "{start}, {len} bytes or prot {prot} make no sense: {ret}", \
	  "起点 {start}、长度 {len} 或 prot {prot} 不合要求：{ret}") \
	X(MPROTECT_EMPTY, \
	  "there is nothing to change in no bytes: {ret}", \
	  "长度为零，没有可改的：{ret}") \
	X(MPROTECT_NO_AREA, \
	  "nothing is mapped at {start}: {ret}", \
	  "{start} 处没有映射：{ret}") \
	X(MPROTECT_NO_STACK, \
	  "{area} does not grow that way: {ret}", \
	  "{area}不是朝那个方向生长的：{ret}") \
	X(MPROTECT_DENIED, \
	  "{area} (flags {flags}) may never be accessed that way, its VM_MAY " \
	  "flags say: {ret}", \
	  "{area}（标志 {flags}）的 VM_MAY 标志不允许这样的访问：{ret}") \
	X(MPROTECT_HOLE, \
	  "nothing is mapped at {addr}; what was changed before stays " \
	  "changed: {ret}", \
	  "{addr} 处没有映射，之前改过的保持不变：{ret}") \
	X(MPROTECT_AREA, \
	  "in {area}, [{start}, {end}) goes from the flags {old} to {new}", \
	  "{area}中的 [{start}, {end}) 从标志 {old} 改为 {new}") \
	X(MPROTECT_SAME, \
	  "{area} has the flags {flags} already: nothing is to be done", \
	  "{area}的标志本来就是 {flags}：不用改") \
	X(MPROTECT_SEALED, \
	  "{area} is sealed: {ret}", \
	  "{area}已被 mseal 封住：{ret}") \
	X(MPROTECT_REFUSED, \
	  "{pages} page(s) of {area} may not become writable: {ret}", \
	  "{area}的 {pages} 页不能变为可写：{ret}") \
	X(MPROTECT_FLAGS, \
	  "{area} has the flags {flags} now", \
	  "{area}的标志现在是 {flags}") \
	X(MPROTECT_PAGES, \
	  "the page table entries of [{start}, {end}) follow", \
	  "[{start}, {end}) 的页表项随之修改") \
	X(MLOCK_ASKED, \
	  "{len} bytes from {start} on shall be locked ({flags})", \
	  "要锁定从 {start} 起的 {len} 字节（{flags}）") \
	X(MUNLOCK_ASKED, \
	  "{len} bytes from {start} on shall be unlocked", \
	  "要解锁从 {start} 起的 {len} 字节") \
	X(MLOCKALL_ASKED, \
	  "all memory shall be locked, as the flags {flags} say", \
	  "按 flags {flags} 锁定全部内存") \
	X(MUNLOCKALL_ASKED, \
	  "all {areas} area(s) shall be unlocked, and later ones not be " \
	  "locked", \
	  "解锁全部 {areas} 个 VMA，以后的 VMA 也不再锁定") \
	X(MLOCKALL_REFUSED, \
	  "the flags {flags} are none, unknown ones, or MCL_ONFAULT alone: " \
	  "{ret}", \
	  "flags {flags} 为空、有未知标志，或者只有 MCL_ONFAULT：{ret}") \
	X(MLOCKALL_FUTURE, \
	  "areas to come get the flags {def_flags}", \
	  "以后的 VMA 默认带有标志 {def_flags}") \
	X(MLOCK_NO_CALL, \
	  "the release has no such call, or it does not know the flags " \
	  "{flags}: {ret}", \
	  "这个版本没有这个调用，或者不认识 flags {flags}：{ret}") \
	X(MLOCK_OVERLAP, \
	  "the range has {pages} locked page(s) already, which do not count " \
	  "again", \
	  "区间内已有 {pages} 页是锁定的，不再重复计算") \
	X(MLOCK_LIMIT_KEPT, \
	  "{locked} locked page(s) in all keep RLIMIT_MEMLOCK ({limit}), or " \
	  "the process is privileged", \
	  "总共锁定 {locked} 页，没有超过 RLIMIT_MEMLOCK（{limit}），或者进程" \
	  "有特权") \
	X(MLOCK_LIMIT_EXCEEDED, \
	  "{locked} locked page(s) in all would exceed RLIMIT_MEMLOCK " \
	  "({limit}): {ret}", \
	  "总共锁定 {locked} 页，会超过 RLIMIT_MEMLOCK（{limit}）：{ret}") \
	X(MLOCK_WRAPS, \
	  "{len} bytes from {start} on wrap around: {ret}", \
	  "从 {start} 起的 {len} 字节回绕了：{ret}") \
	X(MLOCK_HOLE, \
	  "nothing is mapped at {addr}: {ret}", \
	  "{addr} 处没有映射：{ret}") \
	X(MLOCK_AREA, \
	  "in {area}, [{start}, {end}) goes from the flags {old} to {new}", \
	  "{area}中的 [{start}, {end}) 从标志 {old} 改为 {new}") \
	X(MLOCK_SKIPPED, \
	  "{area} (flags {flags}) is so already, or cannot be locked: it is " \
	  "passed over", \
	  "{area}（标志 {flags}）已经如此，或者不能锁定：跳过") \
	X(MLOCK_COUNTED, \
	  "{area} is counted: locked_vm is {locked_vm}", \
	  "计入{area}后，locked_vm 是 {locked_vm}")
/* clang-format on */
