/* SPDX-License-Identifier: MIT */
#pragma once
/* Words for the steps of exec. */
/* clang-format off */
#define STEP_TEXTS_EXEC(X) \
	X(EXEC_ASKED, \
	  "a program shall take over, with {argc} argument(s) and {envc} " \
	  "environment string(s)", \
	  "要执行新程序：{argc} 个参数，{envc} 个环境变量") \
	X(EXEC_NEW_MM, \
	  "a new mm is made, with one page of stack below {stack_top} for the " \
	  "strings", \
	  "新建 mm，并在 {stack_top} 之下先建一页栈，用来存放字符串") \
	X(EXEC_STRINGS_KEPT, \
	  "arguments and environment take {bytes} byte(s), no more than the " \
	  "{limit} allowed", \
	  "参数和环境变量共 {bytes} 字节，没有超过上限 {limit}") \
	X(EXEC_STRINGS_EXCEEDED, \
	  "arguments and environment take {bytes} byte(s), more than the " \
	  "{limit} allowed: {ret}, the old program runs on", \
	  "参数和环境变量共 {bytes} 字节，超过了上限 {limit}：{ret}，原程序继" \
	  "续运行") \
	X(EXEC_NO_FORMAT, \
	  "no loader knows such a file: {ret}, the old program runs on", \
	  "没有加载器认识这样的文件：{ret}，原程序继续运行") \
	X(EXEC_THREADS, \
	  "ends the process's {threads} other thread(s)", \
	  "结束进程的其他 {threads} 个线程") \
	X(EXEC_OLD_MM, \
	  "from here on there is no way back: the old mm with {areas} area(s) " \
	  "is let go of; its other users: {users}", \
	  "从这里起不能回头：放弃有 {areas} 个 VMA 的旧 mm；它的其他使用者：" \
	  "{users}") \
	X(EXEC_LAYOUT, \
	  "below a stack that may grow to {stack_limit}, less {random} at " \
	  "random, mappings go downwards from mmap_base {mmap_base}", \
	  "给最大 {stack_limit} 的栈留出空间，再减去随机量 {random}，映射从 " \
	  "mmap_base {mmap_base} 向下分配") \
	X(EXEC_LAYOUT_LEGACY, \
	  "the legacy layout: mappings go upwards from {mmap_base}, {random} " \
	  "of it at random", \
	  "传统布局：映射从 {mmap_base} 向上分配，其中随机量 {random}") \
	X(EXEC_STACK_TOP, \
	  "the stack ends at {stack_top}, which is {random} below the top at " \
	  "random", \
	  "栈顶是 {stack_top}，从最高处随机下移 {random}") \
	X(EXEC_STACK, \
	  "the stack shall be [{start}, {end}) with the flags {flags}: " \
	  "{strings} byte(s) of strings, and 128 KiB to begin with", \
	  "栈是 [{start}, {end})，标志 {flags}：存放 {strings} 字节的字符串，" \
	  "再预留 128 KiB") \
	X(EXEC_STACK_REFUSED, \
	  "{pages} page(s) of stack are more than the limits allow: {ret}", \
	  "栈要 {pages} 页，超过了限制：{ret}") \
	X(EXEC_PIE, \
	  "the program can be loaded anywhere: its base is {bias}, {random} " \
	  "of it at random (0x0: wherever mmap puts it)", \
	  "程序可以加载到任意位置：基址是 {bias}，其中随机量 {random}（0x0 表" \
	  "示由 mmap 决定）") \
	X(EXEC_PIE_ANYWHERE, \
	  "the program can be loaded anywhere and has no interpreter: {total} " \
	  "bytes go where mmap puts them", \
	  "程序可以加载到任意位置，又没有解释器：{total} 字节由 mmap 决定位置") \
	X(EXEC_TRIED, \
	  "a mapping was tried and taken back: rounded down to {alignment}, " \
	  "its place gives the base {bias}", \
	  "试着映射一次再取消：该位置按 {alignment} 向下对齐，得到基址 {bias}") \
	X(EXEC_TAKEN, \
	  "{len} bytes at {start} hold something already, which the first " \
	  "segment may not replace: {ret}", \
	  "{start} 处的 {len} 字节里已有映射，第一个段不能取代它：{ret}") \
	X(EXEC_SEGMENT, \
	  "segment {index}: {filesz} bytes of the file and {memsz} of memory " \
	  "at {vaddr}, prot {prot}", \
	  "第 {index} 段：文件中 {filesz} 字节，内存中 {memsz} 字节，地址 " \
	  "{vaddr}，prot {prot}") \
	X(EXEC_UNFIT, \
	  "segment {index} does not fit: {ret}", \
	  "第 {index} 段不合要求：{ret}") \
	X(EXEC_MAPS_WHOLE, \
	  "the first segment takes {size} bytes, but all {total} are mapped, " \
	  "so that there is room for the rest", \
	  "第一段只要 {size} 字节，但先映射全部 {total} 字节，为其余的段占好" \
	  "位置") \
	X(EXEC_CUTS, \
	  "what is not the first segment's is unmapped again: {len} bytes " \
	  "from {start} on", \
	  "再取消不属于第一段的部分：从 {start} 起 {len} 字节") \
	X(EXEC_PADDING, \
	  "[{start}, {end}), behind the file's bytes in their last page, is " \
	  "cleared", \
	  "把文件内容之后、同一页内的 [{start}, {end}) 清零") \
	X(EXEC_BSS, \
	  "[{start}, {end}) is the bss: anonymous memory", \
	  "[{start}, {end}) 是 bss：匿名内存") \
	X(EXEC_ENTRY, \
	  "the program starts at {entry}", \
	  "程序从 {entry} 开始执行") \
	X(EXEC_ENTRY_BEYOND, \
	  "the entry {entry} is beyond TASK_SIZE: {ret}", \
	  "入口 {entry} 超出了 TASK_SIZE：{ret}") \
	X(EXEC_VDSO_HINT, \
	  "vvar and vdso are wanted above the stack, between {stack_top} and " \
	  "{end}: {hint} is drawn", \
	  "希望把 vvar 和 vdso 放在栈之上，{stack_top} 与 {end} 之间：抽到 " \
	  "{hint}") \
	X(EXEC_SPECIAL, \
	  "the kernel's own pages are mapped at [{start}, {end}) with the " \
	  "flags {flags}", \
	  "把内核自己的页映射到 [{start}, {end})，标志 {flags}") \
	X(EXEC_TABLES, \
	  "the strings lie in [{arg_start}, {env_end}); argc, argv, envp and " \
	  "auxv go below them, after {random} byte(s) at random: start_stack " \
	  "is {start_stack}", \
	  "字符串在 [{arg_start}, {env_end})；随机空出 {random} 字节后，在其" \
	  "下放 argc、argv、envp 和 auxv：start_stack 是 {start_stack}") \
	X(EXEC_CODE, \
	  "the mm notes code [{start_code}, {end_code}) and data " \
	  "[{start_data}, {end_data})", \
	  "在 mm 里记下代码段 [{start_code}, {end_code}) 和数据段 " \
	  "[{start_data}, {end_data})") \
	X(EXEC_BRK, \
	  "the last segment ends at {end}: the heap begins behind it, at " \
	  "{brk}", \
	  "最后一段在 {end} 结束：堆从其后的 {brk} 开始") \
	X(EXEC_BRK_MOVED, \
	  "the program lies where mmap puts things: the heap moves away from " \
	  "there, to {brk}", \
	  "程序位于 mmap 区：把堆移开，移到 {brk}") \
	X(EXEC_BRK_RANDOM, \
	  "start_brk and brk are moved up by {random} at random, to {brk}", \
	  "start_brk 和 brk 随机上移 {random}，变为 {brk}") \
	X(EXEC_KILLED, \
	  "{ret}, and nothing is left to go back to: the process is killed", \
	  "{ret}，而且已无法回到原程序：进程被杀死")
/* clang-format on */
