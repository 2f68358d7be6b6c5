/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The processes of a world, as others may look at them
 *
 * A process stays after its exit, as a name without an address space, so that
 * its number always means the same one.
 */
#include <stdbool.h>
#include <stdint.h>

struct mm_struct;
struct process;
struct task_struct;
struct vm_file;

/*
 * A number that its user gave to the process, 0 at first. It belongs to the
 * process's number in its world, whatever is undone; copies have none.
 */
uint32_t process_name(const struct process *process);
void process_set_name(struct process *process, uint32_t name);

/* Whether the process has not exited. */
bool process_is_alive(const struct process *process);
/* The address space; NULL after the exit. */
const struct mm_struct *process_mm(const struct process *process);
/* The thread of that tid, or NULL. */
const struct task_struct *process_task(const struct process *process,
				       uint32_t tid);
/* Living threads. */
uint32_t process_nr_threads(const struct process *process);

/* Descriptors that a process may hold, as Linux's default hard limit. */
#define DESCRIPTORS_MAX 4096

/* The longest path or name of a file, in bytes; none of them is zero. */
#define FILE_PATH_MAX 4095

enum file_mode {
	FILE_RO,
	FILE_RW,
	FILE_WO
};

/**
 * process_next_file() - walk the open descriptors upwards
 * @process: whose
 * @fdp:     in: the lowest descriptor of interest; out: the one found
 *
 * Return: its file, or NULL: none is that high.
 * Cost:   O(log descriptors).
 */
const struct vm_file *process_next_file(const struct process *process,
					int32_t *fdp);
