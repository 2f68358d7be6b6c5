/* SPDX-License-Identifier: MIT */
#pragma once
/* Steps of exec. */
/* clang-format off */
#define STEP_FN_EXECVE STEP_ALL("do_execveat_common")
#define STEP_FN_STRINGS STEP_FN("get_arg_page", "bprm_stack_limits", \
				"bprm_stack_limits", "bprm_stack_limits")
#define STEP_FN_ELF STEP_ALL("load_elf_binary")

#define STEP_KINDS_EXEC(X) \
	X(EXEC_ASKED, "exec.asked", 2, STEP_FN_EXECVE, "argc:n envc:n") \
	X(EXEC_NEW_MM, "exec.new_mm", 1, STEP_ALL("bprm_mm_init"), \
	  "stack_top:x") \
	X(EXEC_STRINGS_KEPT, "exec.strings_kept", 2, STEP_FN_STRINGS, \
	  "bytes:n limit:n") \
	X(EXEC_STRINGS_EXCEEDED, "exec.strings_exceeded", 3, \
	  STEP_FN_STRINGS, "bytes:n limit:n =ret:e") \
	X(EXEC_NO_FORMAT, "exec.no_format", 1, \
	  STEP_ALL("search_binary_handler"), "=ret:e") \
	X(EXEC_THREADS, "exec.threads", 1, STEP_ALL("de_thread"), \
	  "threads:n") \
	X(EXEC_OLD_MM, "exec.old_mm", 2, STEP_ALL("exec_mmap"), \
	  "areas:n users:n") \
	X(EXEC_LAYOUT, "exec.layout", 3, \
	  STEP_ALL("arch_pick_mmap_layout"), \
	  "stack_limit:l random:x =mmap_base:x") \
	X(EXEC_LAYOUT_LEGACY, "exec.layout_legacy", 2, \
	  STEP_ALL("arch_pick_mmap_layout"), "random:x =mmap_base:x") \
	X(EXEC_STACK_TOP, "exec.stack_top", 2, \
	  STEP_ALL("randomize_stack_top"), "random:x =stack_top:x") \
	X(EXEC_STACK, "exec.stack", 4, STEP_ALL("setup_arg_pages"), \
	  "start:x end:x strings:n flags:f") \
	X(EXEC_STACK_REFUSED, "exec.stack_refused", 2, \
	  STEP_ALL("setup_arg_pages"), "pages:n =ret:e") \
	X(EXEC_PIE, "exec.pie", 2, STEP_FN_ELF, "random:x =bias:x") \
	X(EXEC_PIE_ANYWHERE, "exec.pie_anywhere", 1, STEP_FN_ELF, \
	  "total:x") \
	X(EXEC_TRIED, "exec.tried", 2, \
	  STEP_FN_6_12("load_elf_binary"), "alignment:x =bias:x") \
	X(EXEC_TAKEN, "exec.taken", 3, STEP_ALL("elf_map"), \
	  "start:x len:x =ret:e") \
	X(EXEC_SEGMENT, "exec.segment", 6, STEP_FN_ELF, \
	  "index:n vaddr:x filesz:x memsz:x prot:x ^by:w") \
	X(EXEC_UNFIT, "exec.unfit", 3, STEP_FN_ELF, \
	  "index:n =ret:e ^by:w") \
	X(EXEC_MAPS_WHOLE, "exec.maps_whole", 2, STEP_ALL("elf_map"), \
	  "size:x total:x") \
	X(EXEC_CUTS, "exec.cuts", 2, STEP_ALL("elf_map"), "start:x len:x") \
	X(EXEC_PADDING, "exec.padding", 2, STEP_ALL("padzero"), \
	  "start:x end:x") \
	X(EXEC_BSS, "exec.bss", 3, STEP_FN_BSS, "start:x end:x ^by:w") \
	X(EXEC_ENTRY, "exec.entry", 1, STEP_FN_ELF, "=entry:x") \
	X(EXEC_ENTRY_BEYOND, "exec.entry_beyond", 2, STEP_FN_ELF, \
	  "entry:x =ret:e") \
	X(EXEC_VDSO_HINT, "exec.vdso_hint", 3, STEP_ALL("vdso_addr"), \
	  "stack_top:x end:x =hint:x") \
	X(EXEC_SPECIAL, "exec.special", 3, \
	  STEP_ALL("_install_special_mapping"), "start:x end:x flags:f") \
	X(EXEC_TABLES, "exec.tables", 4, STEP_ALL("create_elf_tables"), \
	  "arg_start:x env_end:x random:x =start_stack:x") \
	X(EXEC_CODE, "exec.code", 4, STEP_FN_ELF, \
	  "start_code:x end_code:x start_data:x end_data:x") \
	X(EXEC_BRK, "exec.brk", 2, \
	  STEP_FN("set_brk", "set_brk", "load_elf_binary", \
		  "load_elf_binary"), \
	  "end:x =brk:x") \
	X(EXEC_BRK_MOVED, "exec.brk_moved", 1, \
	  STEP_FN(NULL, "load_elf_binary", "load_elf_binary", \
		  "load_elf_binary"), "=brk:x") \
	X(EXEC_BRK_RANDOM, "exec.brk_random", 2, \
	  STEP_ALL("arch_randomize_brk"), "random:x =brk:x") \
	X(EXEC_KILLED, "exec.killed", 1, \
	  STEP_FN("do_execveat_common", "bprm_execve", "bprm_execve", \
		  "bprm_execve"), "=ret:e")
/* clang-format on */
