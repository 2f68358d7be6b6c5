/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The ELF loader: from a program's description to an address space
 */
#include "core/mm/mm_types.h"
#include "core/world/exec.h"

/* Errors that exec alone has. */
#define EXEC_E2BIG   7
#define EXEC_ENOEXEC 8

/**
 * loader_judge() - what execve() refuses while there is still a way back
 * @setup: the program
 * @mm:    of the process: its release and limits
 *
 * Return: 0; -ENOEXEC: no segments; -E2BIG: arguments and environment take more
 *         than a quarter of RLIMIT_STACK, or, where a release limits them, more
 *         than 6 MiB.
 */
int64_t loader_judge(const struct exec_setup *setup,
		     const struct mm_struct *mm);

/**
 * loader_run() - map a program as the release's exec does
 * @task:    a thread of an mm that has limits and a layout, and no areas
 * @setup:   the program, judged
 * @program: its file
 * @interpreter: of the program, NULL: it has none
 *
 * In exec's order: stack, the program's segments, the interpreter's, vdso and
 * vvar, the tables on the stack. Draws from machine_random() if the mm is
 * randomised.
 *
 * Return: 0; MM_HOST_REFUSED; or the error for which the kernel kills the
 *         process, as there is nothing left to go back to:
 *   -EFAULT the stack fits neither RLIMIT_AS nor the commit limit; a bss that
 *           cannot be cleared;
 *   -EPERM  a segment below mmap_min_addr;
 *   -EEXIST the program's first segment is where the stack is;
 *   -ENOMEM a segment that does not fit;
 *   -EINVAL segments that are misaligned, wrap, have more bytes in the file
 *           than in memory, or end beyond TASK_SIZE; an entry beyond it; a PIE
 *           or interpreter without a segment.
 */
int64_t loader_run(struct task_struct *task, const struct exec_setup *setup,
		   struct vm_file *program, struct vm_file *interpreter);

/* What tells the machine's sink; see core/mm/told.h. */
extern __typeof__(loader_judge) told_loader_judge;
extern __typeof__(loader_run) told_loader_run;
