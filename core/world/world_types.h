/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside a world: for core/world alone
 *
 * A world owns its machine, journal and processes. A process owns its threads
 * (those in mm->tasks whose tgid is its number) and one reference to the file of
 * each open descriptor, until it exits; then it stays as a name. Processes can
 * share an mm: it goes with the last of its threads.
 */
#include "core/world/descriptors.h"
#include "core/world/exec.h"
#include "core/world/journal.h"
#include "core/world/process_setup.h"

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
	uint32_t last_tid;   /* the highest ever */
	uint32_t nr_threads; /* alive */
	enum vsyscall vsyscall;
	uint32_t name; /* its user's, see process_name() */
};

struct world {
	struct memory *memory;
	struct machine machine;
	struct journal journal;
	struct process **processes;
	uint32_t nr_processes, processes_room;
	uint32_t nr_owners; /* besides the first */
	uint32_t touched;   /* the owner's mark, see world_touch() */
	bool ends_unseen;   /* see world_ends_unseen() */
	uint32_t origin_len;
	uint64_t seq;
	uint64_t seed;
	uint64_t held; /* bytes, see world_held() */
	uint64_t due;  /* the seq at which past_update() has work */
	union {
		void *note; /* the owner's, see world_set_note() */
		struct world *next_ended; /* of no owner: in a world_queue */
	};
	struct past *past;         /* NULL: nothing kept but the journal */
	struct mm_struct *remains; /* of the last process, or NULL */
	char *origin; /* what the creator wrote, not NUL terminated */
};

/* The area that a stale slot of a copied look-up cache remembers: gone. It holds no
 * address. */
extern struct vm_area_struct world_gone_area;

/**
 * world_shell() - a world of a setup with nothing in it
 * @setup:  the machine and the history are as it says
 * @shellp: out: for world_free() once it has processes, or none
 * @error:  out, with WORLD_BAD_PARAM
 *
 * Return: WORLD_OK, WORLD_BAD_PARAM or WORLD_REFUSED.
 */
enum world_status world_shell(struct memory *memory,
			      const struct process_setup *setup,
			      struct world **shellp,
			      struct creation_error *error);

/**
 * world_bound() - let the world's memory obey what the world may still hold
 *
 * world_unbound() ends that, and counts what the world has taken or given back
 * in between, which was nobody else's.
 *
 * Return: for world_unbound().
 */
static inline uint64_t world_bound(const struct world *world)
{
	struct memory *memory = world->memory;
	const uint64_t max = memory->account->max_world_bytes;

	if (!max)
		memory_bound(memory, UINT64_MAX);
	else
		memory_bound(memory, world->held < max ? max - world->held : 0);
	return memory->taken;
}

static inline void world_unbound(struct world *world, uint64_t taken)
{
	memory_bound(world->memory, UINT64_MAX);
	world->held += world->memory->taken - taken;
}

/**
 * world_release() - end all processes and give back all but journal and past
 * @world: has no process afterwards
 */
void world_release(struct world *world);

/**
 * world_reap() - give back a part of a world, and at last the world
 * @world: in use by nobody but world_reap() from now on
 * @left:  as mm_reap() takes it
 *
 * Return: true: nothing is left. False: *@left is 0.
 */
bool world_reap(struct world *world, uint64_t *left);

/**
 * process_new() - add a process without a thread to a world
 * @world: gets it, as the last of its processes
 * @mm:    of another process, to share it; NULL: an empty one of its own
 *
 * Return: the process, or NULL with world->memory->refusal set.
 */
struct process *process_new(struct world *world, struct mm_struct *mm);

/**
 * process_fork() - add a copy of a process to its world
 * @parent:  alive
 * @task:    its thread that forks
 * @flags:   enum fork_flags
 * @childp:  out: the child, with one thread
 *
 * Return: 0, -ENOMEM: beyond the commit limit; or MM_HOST_REFUSED. There is no
 *         child unless it is 0.
 */
int64_t process_fork(struct process *parent, struct task_struct *task,
		     uint64_t flags, struct process **childp);

/**
 * process_exec() - replace a process by a program
 * @process: alive
 * @task:    its thread that calls; the only one afterwards, with tid 1
 * @setup:   the program
 *
 * Files keep their descriptors. An error beyond -E2BIG and -ENOEXEC has killed
 * the process, as in the kernel.
 *
 * Return: 0, -errno (see loader_judge() and loader_run()), or MM_HOST_REFUSED
 *         with nothing changed.
 */
int64_t process_exec(struct process *process, struct task_struct *task,
		     const struct exec_setup *setup);

/**
 * process_exit() - end all threads, let go of the mm and close the descriptors
 * @process: may have exited already
 */
void process_exit(struct process *process);

/* An empty mm on the world's machine, or NULL with the refusal set. */
struct mm_struct *mm_new(struct world *world);

/* Let go of an mm, which ends with its last thread. */
void mm_put(struct mm_struct *mm);

/* End all threads of a process that is alive; its mm stays. */
void process_end_threads(struct process *process);

/* Take the last process back out of its world, as if it had never been. */
void process_discard(struct process *process);

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
