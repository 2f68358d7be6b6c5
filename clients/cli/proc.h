/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What /proc tells of a stopped process of this machine
 */
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/** proc_read() - the text of /proc/PID/NAME, the caller's to free; NULL with errno */
char *proc_read(pid_t pid, const char *name);

/** proc_status_number() - the number behind "NAME:" in a text such as /proc/PID/status, or -1 */
int64_t proc_status_number(const char *text, const char *name);

/**
 * struct page_run - neighbouring pages of one kind that are present, or swapped
 * @anon: neither of a file nor the zero page: their area has an anon_vma
 */
struct page_run {
	uint64_t start;
	uint64_t end;
	bool anon;
};

struct page_runs {
	struct page_run *runs;
	size_t count;
};

/**
 * proc_pages() - the present pages in [start, end), added to @runs
 * @anon_only: leave the others out
 *
 * Uses PAGEMAP_SCAN where the kernel has it (6.7). Elsewhere it reads the table
 * page by page, cannot tell the zero page from others, and passes over ranges
 * of more than a gigabyte.
 */
void proc_pages(pid_t pid, uint64_t start, uint64_t end, bool anon_only,
		struct page_runs *runs);

/** page_runs_reset() - forget all */
void page_runs_reset(struct page_runs *runs);

/** page_runs_find() - the first anonymous run that meets [start, end), or NULL */
const struct page_run *page_runs_find(const struct page_runs *runs,
				      uint64_t start, uint64_t end);

/**
 * proc_mm() - process.create's `mm` of a process that has just been executed
 * @maps: its maps
 *
 * No file tells mmap_base. It is where the highest mapping below the stack
 * ends, which is the interpreter's or the vdso's; of a program without either
 * it is worked out from the limit of the stack, which is right as long as
 * addresses are not randomised.
 *
 * Return: a new object, or NULL if the process does not let itself be read.
 */
json_t *proc_mm(pid_t pid, const char *maps);

/** proc_limits() - process.create's `rlimits`, a new object */
json_t *proc_limits(pid_t pid);

/** proc_uid() - process.create's `uid`: 0 for whoever has a capability */
json_t *proc_uid(pid_t pid);

/** proc_resident() - process.create's `resident`, a new array */
json_t *proc_resident(pid_t pid, const char *maps);

/** proc_machine_add() - add sysctl, mem_total_kb, committed_kb, kernel, arch */
void proc_machine_add(json_t *header);

/**
 * struct proc_file - an open file
 * @regular: it is a file that has pages, and not a device, a pipe, a socket
 */
struct proc_file {
	char path[4096];
	const char *name;
	uint64_t size;
	const char *mode; /* "ro", "rw", "wo" */
	char dev[32];
	uint64_t inode;
	bool regular;
};

/** proc_file() - what descriptor @fd of a process is; false: it is not open */
bool proc_file(pid_t pid, int fd, struct proc_file *file);
