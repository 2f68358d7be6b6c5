/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the files of the importer share
 */
#include <stdint.h>

#include "clients/cli/calls.h"
#include "clients/cli/importer.h"
#include "clients/cli/ranges.h"
#include "clients/cli/strace_line.h"

/* How a process stood behind its execve, as far as its calls show it. */
struct image {
	struct image *next;
	json_t *line; /* the first, or an exec's; completed at the end */
	struct ranges found;
	uint64_t mmap_base;
	uint64_t start_brk;
};

struct imported_process {
	struct imported_process *next;
	unsigned number;
	struct image *image;
	struct ranges mapped; /* what its calls mapped, or found */
	json_t *files;        /* by descriptor: what open() said */
	json_t *told;         /* by descriptor: what the trace says */
};

struct imported_task {
	struct imported_task *next;
	int64_t tid;
	unsigned thread;
	struct imported_process
		*process; /* NULL: nobody knows where it is from */
	char *unfinished;
	bool child_known; /* of an unfinished clone: its child has been heard of */
};

struct importer {
	const char *profile;
	unsigned line;
	bool reads_maps, reads_strace;
	json_t *lines;
	json_t *complaints;
	json_t *maps;
	struct image *images;
	struct imported_process *processes;
	struct imported_task *tasks;
	int64_t first_tid;
	char *interrupted; /* a line's beginning, cut off by a remark */
	unsigned nr_processes, nr_threads;
	size_t calls;
};

/** importer_complain() - "line 7: ..." */
void importer_complain(struct importer *importer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** importer_task() - the one of number @tid, as strace says it, or 0: it named
 * nobody. Its process is NULL if nobody was seen to make it, which is complained
 * of. */
struct imported_task *importer_task(struct importer *importer, int64_t tid);

/** importer_line() - the beginning of a line that says who did what; a first
 * process or thread goes unsaid */
json_t *importer_line(const char *op, const struct imported_task *task);

/** importer_call() - a call with its answer, as strace prints them */
void importer_call(struct importer *importer, struct imported_task *task,
		   struct strace_line *line);

/** importer_child() - @task has made process or thread @tid, with these clone flags */
void importer_child(struct importer *importer, struct imported_task *task,
		    int64_t tid, const char *flags);

/** importer_image() - a new image for @process, whose line goes on the trace's end */
void importer_image(struct importer *importer, struct imported_process *process,
		    json_t *line);

/** strace_number() - NULL, 0x7f00, 4096, 0600, -1, 3</etc/passwd> */
bool strace_number(const char *text, uint64_t *numberp);

/** strace_argument() - an argument of that kind, flags by name among them */
bool strace_argument(const char *text, enum arg_kind kind, uint64_t *valuep);

/**
 * strace_answer() - what stands behind "="
 *
 * Return: false: "?", no answer.
 */
bool strace_answer(const char *text, int64_t *retp);
