/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside a world: for core/world alone
 *
 * A world owns its machine, journal and processes. A process owns its mm, its
 * threads (through mm->tasks) and one reference to the file of each open
 * descriptor, until it exits; then it stays as a name.
 */
#include "core/world/descriptors.h"
#include "core/world/journal.h"
#include "core/world/world.h"

enum vsyscall {
	VSYSCALL_HIDDEN,
	VSYSCALL_READ_EXEC, /* r-xp */
	VSYSCALL_EXEC,      /* --xp */
};

struct process {
	struct world *world;
	struct mm_struct *mm; /* NULL: exited */
	struct descriptors descriptors;
	uint32_t number;
	uint32_t last_tid; /* the highest ever */
	enum vsyscall vsyscall;
};

struct world {
	struct memory *memory;
	struct machine machine;
	struct journal journal;
	struct process **processes;
	uint32_t nr_processes;
	uint64_t seq;
	uint64_t seed;
};

/**
 * process_new() - add a process with an empty mm and no thread to a world
 * @world: gets it, as the last of its processes
 *
 * Return: the process, or NULL with world->memory->refusal set.
 */
struct process *process_new(struct world *world);

/**
 * process_exit() - end all threads, give back the mm and close the descriptors
 * @process: may have exited already
 */
void process_exit(struct process *process);

/**
 * thread_new() - add a thread
 * @process: alive
 * @parent:  the thread that clones, NULL for the first
 *
 * Return: the thread, or NULL with the refusal set.
 */
struct task_struct *thread_new(struct process *process,
			       const struct task_struct *parent);

/**
 * thread_exit() - end a thread, and with the last one the process
 * @process: alive
 * @task:    one of its threads; freed
 */
void thread_exit(struct process *process, struct task_struct *task);

/* The thread of that tid, or NULL. */
struct task_struct *thread_find(const struct process *process, uint32_t tid);
