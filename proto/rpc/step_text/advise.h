/* SPDX-License-Identifier: MIT */
#pragma once
/* Words for the steps of madvise, mincore, msync, remap_file_pages and mseal. */
/* clang-format off */
#define STEP_TEXTS_ADVISE(X) \
	X(MADVISE_ASKED, \
	  "advice {advice} is given for {len} bytes from {start} on", \
	  "对从 {start} 起的 {len} 字节给出建议 {advice}") \
	X(MADVISE_BAD, \
	  "{start}, {len} bytes or the advice {advice} make no sense in this " \
	  "release: {ret}", \
	  "起点 {start}、长度 {len} 或建议 {advice} 在这个版本里不合要求：" \
	  "{ret}") \
	X(MADVISE_EMPTY, \
	  "there is nothing to advise on in no bytes: {ret}", \
	  "长度为零，没有可建议的：{ret}") \
	X(MADVISE_HOLE, \
	  "nothing is mapped at {start}; the call goes on with {next}, if it " \
	  "may, and answers ENOMEM at the end", \
	  "{start} 处没有映射：允许的话从{next}继续，最后返回 ENOMEM") \
	X(MADVISE_END, \
	  "nothing is mapped at {addr} or above: {ret}", \
	  "{addr} 及以上没有映射：{ret}") \
	X(MADVISE_AREA, \
	  "in {area}, [{start}, {end}) gets the advice {advice}", \
	  "{area}中的 [{start}, {end}) 得到建议 {advice}") \
	X(MADVISE_REFUSED, \
	  "{area} (flags {flags}) does not take the advice {advice}: {ret}", \
	  "{area}（标志 {flags}）不接受建议 {advice}：{ret}") \
	X(MADVISE_FLAGS, \
	  "the advice makes the flags of {area} {new}, from {old}", \
	  "这个建议使{area}的标志从 {old} 变为 {new}") \
	X(MADVISE_ZAPPED, \
	  "the pages of {area} in [{start}, {end}) are dropped; the area " \
	  "stays", \
	  "丢弃{area}中 [{start}, {end}) 的页，VMA 保留") \
	X(MADVISE_PUNCHED, \
	  "a hole of {pages} page(s) is punched into inode {inode} from page " \
	  "{pgoff} on", \
	  "在 inode {inode} 中从第 {pgoff} 页起打一个 {pages} 页的洞") \
	X(MINCORE_ASKED, \
	  "which pages of {len} bytes from {start} on are in memory?", \
	  "从 {start} 起的 {len} 字节里，哪些页在内存中？") \
	X(MINCORE_BAD, \
	  "{start} is misaligned, or {len} bytes from there reach beyond " \
	  "TASK_SIZE: {ret}", \
	  "{start} 没有对齐，或者从它起的 {len} 字节超出 TASK_SIZE：{ret}") \
	X(MINCORE_AREA, \
	  "the pages of {area} in [{start}, {end}) are looked up", \
	  "查看{area}中 [{start}, {end}) 的页") \
	X(MINCORE_HOLE, \
	  "nothing is mapped at {addr}: {ret}", \
	  "{addr} 处没有映射：{ret}") \
	X(MSYNC_ASKED, \
	  "[{start}, {end}) shall be written back, flags {flags}", \
	  "要写回 [{start}, {end})，flags {flags}") \
	X(MSYNC_BAD, \
	  "{start} or the flags {flags} make no sense: {ret}", \
	  "起点 {start} 或 flags {flags} 不合要求：{ret}") \
	X(MSYNC_AREA, \
	  "{area} is written back if it is a shared file", \
	  "如果{area}是共享文件映射，就写回") \
	X(MSYNC_BUSY, \
	  "{area} is locked and cannot be invalidated: {ret}", \
	  "{area}是锁定的，不能使其失效：{ret}") \
	X(MSYNC_HOLE, \
	  "nothing is mapped at {addr}, which the answer will say: {ret}", \
	  "{addr} 处没有映射，最后会返回：{ret}") \
	X(RFP_ASKED, \
	  "{size} bytes at {start} shall show the file from page {pgoff} on", \
	  "{start} 处的 {size} 字节要改为映射文件从第 {pgoff} 页起的内容") \
	X(RFP_BAD, \
	  "at {start} is no shared area that holds the range, or the request " \
	  "makes no sense: {ret}", \
	  "{start} 处没有包含该范围的共享 VMA，或者请求不合要求：{ret}") \
	X(RFP_IN_PLACE, \
	  "{area} shows page {pgoff} there already: nothing is to be done", \
	  "{area}在那里本来就是第 {pgoff} 页：不用做什么") \
	X(RFP_UNLOCKS, \
	  "all {pages} page(s) of {area} are unlocked, not only those that " \
	  "are replaced; locked_vm stays {locked_vm}", \
	  "{area}的全部 {pages} 页都被解锁，不只是要替换的部分；locked_vm 仍是 " \
	  "{locked_vm}") \
	X(MSEAL_ASKED, \
	  "{len} bytes from {start} on shall be sealed for good", \
	  "从 {start} 起的 {len} 字节要永久封住") \
	X(MSEAL_REFUSED, \
	  "the range at {start} cannot be sealed: {ret}", \
	  "{start} 处的范围不能封住：{ret}") \
	X(MSEAL_AREA, \
	  "{area} is sealed over [{start}, {end})", \
	  "{area}的 [{start}, {end}) 已封住")
/* clang-format on */
