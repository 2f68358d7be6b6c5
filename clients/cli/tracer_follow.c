/* SPDX-License-Identifier: MIT */
/*
 * Threads and processes as they come and go, stop by stop
 */
#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "clients/cli/cli.h"
#include "clients/cli/tracer_types.h"

static struct tracee *tracee_find(const struct tracer *tracer, pid_t tid)
{
	struct tracee *tracee = tracer->tracees;

	while (tracee && tracee->tid != tid)
		tracee = tracee->next;
	return tracee;
}

/* In order of birth, which is the order in which those that wait go on. */
struct tracee *tracee_new(struct tracer *tracer, pid_t tid)
{
	struct tracee **link = &tracer->tracees;
	struct tracee *tracee = calloc(1, sizeof(*tracee));

	if (!tracee)
		cli_out_of_memory();
	tracee->tid = tid;
	while (*link)
		link = &(*link)->next;
	*link = tracee;
	return tracee;
}

static void tracee_free(struct tracer *tracer, struct tracee *tracee)
{
	struct tracee **link = &tracer->tracees;

	while (*link != tracee)
		link = &(*link)->next;
	*link = tracee->next;
	free(tracee);
}

struct group *group_new(pid_t pid, struct recorded_process *process)
{
	struct group *group = calloc(1, sizeof(*group));

	if (!group)
		cli_out_of_memory();
	group->pid = pid;
	group->process = process;
	return group;
}

/* A tracee may be killed at any time: then its end is reported instead. */
void tracee_go_on(pid_t tid, int signal)
{
	ptrace(PTRACE_SYSCALL, tid, NULL, (void *)(intptr_t)signal);
}

static uint64_t clone_flags(const struct tracee *tracee)
{
	uint64_t flags = 0;
	struct iovec here = { &flags, sizeof(flags) };
	struct iovec there = { (void *)(uintptr_t)tracee->args[0],
			       sizeof(flags) };

	switch (tracee->number) {
	case SYS_vfork:
		return CLONE_VM | CLONE_VFORK;
	case SYS_clone:
		return tracee->args[0];
	case SYS_clone3:
		/* The structure begins with its flags. */
		process_vm_readv(tracee->tid, &here, 1, &there, 1, 0);
		return flags;
	default:
		return 0;
	}
}

static void at_birth(struct tracer *tracer, struct tracee *parent)
{
	struct group *group = parent->group;
	uint64_t flags = clone_flags(parent);
	unsigned long tid = 0;
	struct tracee *child;

	ptrace(PTRACE_GETEVENTMSG, parent->tid, NULL, &tid);
	child = tracee_find(tracer, (pid_t)tid);
	if (!child)
		child = tracee_new(tracer, (pid_t)tid);
	if (flags & CLONE_THREAD) {
		child->group = group;
		child->thread = group->unreadable
					? 0
					: recorder_clone(tracer->recorder,
							 group->process,
							 parent->thread);
	} else {
		child->group =
			group_new((pid_t)tid,
				  recorder_fork(tracer->recorder,
						group->process, parent->thread,
						(pid_t)tid, flags & CLONE_VM));
		child->group->unreadable = group->unreadable;
	}
	child->group->threads++;
	/* The parent of a vfork stays in its call until the child is done. */
	tracee_call_done(tracer, parent);
	tracee_go_on(parent->tid, 0);
	if (child->phase == PHASE_STARTING) {
		child->phase = PHASE_RUNNING;
		tracee_go_on(child->tid, 0);
	}
}

void tracee_at_end(struct tracer *tracer, struct tracee *tracee, int status)
{
	struct group *group = tracee->group;

	if (tracee->tid == tracer->first)
		tracer->result->status = status;
	tracee_call_done(tracer, tracee);
	if (group && --group->threads) {
		if (tracee->thread && !group->unreadable)
			recorder_thread_exit(tracer->recorder, group->process,
					     tracee->thread);
	} else if (group) {
		if (group->process)
			recorder_exit(tracer->recorder, group->process);
		free(group);
	}
	tracee_free(tracer, tracee);
}

/* The thread that executes takes the process's id; the others are gone. */
static void others_forget(struct tracer *tracer, struct tracee *survivor)
{
	struct tracee *tracee = tracer->tracees, *next;

	for (; tracee; tracee = next) {
		next = tracee->next;
		if (tracee == survivor || tracee->group != survivor->group)
			continue;
		tracee_call_done(tracer, tracee);
		tracee->group->threads--;
		tracee_free(tracer, tracee);
	}
}

static bool at_exec(struct tracer *tracer, struct tracee *tracee)
{
	struct group *group = tracee->group;

	tracee_call_done(tracer, tracee);
	others_forget(tracer, tracee);
	tracee->thread = 0;
	group->unreadable = false;
	if (!group->process) {
		ptrace(PTRACE_SETOPTIONS, tracee->tid, NULL,
		       (void *)TRACER_OPTIONS);
		group->process = recorder_start(tracer->recorder, group->pid);
		if (!group->process) {
			tracer_complain(tracer, "%s",
					recorder_trouble(tracer->recorder));
			return false;
		}
	} else {
		recorder_exec(tracer->recorder, group->process);
	}
	tracee_go_on(tracee->tid, 0);
	return true;
}

static bool is_stop_signal(int signal)
{
	return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN ||
	       signal == SIGTTOU;
}

/* False: nothing more can be recorded. */
static bool at_stop(struct tracer *tracer, pid_t tid, int status)
{
	struct tracee *tracee = tracee_find(tracer, tid);
	int signal = WSTOPSIG(status);

	if (!tracee || !tracee->group) {
		/* The child may be reported before its birth is. */
		if (!tracee)
			tracee = tracee_new(tracer, tid);
		tracee->phase = PHASE_STARTING;
		return true;
	}
	switch (status >> 16) {
	case PTRACE_EVENT_EXEC:
		return at_exec(tracer, tracee);
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		at_birth(tracer, tracee);
		return true;
	case PTRACE_EVENT_STOP:
		if (is_stop_signal(signal))
			ptrace(PTRACE_LISTEN, tid, NULL, NULL);
		else
			tracee_go_on(tid, 0);
		return true;
	}
	if (signal == (SIGTRAP | 0x80))
		tracee_at_call(tracer, tracee);
	else
		tracee_go_on(tid, signal);
	return true;
}

bool tracer_follow(struct tracer *tracer)
{
	while (tracer->tracees) {
		int status;
		pid_t tid = waitpid(-1, &status, __WALL);

		if (tid < 0 && errno == EINTR)
			continue;
		if (tid < 0)
			break;
		if (WIFSTOPPED(status)) {
			if (!at_stop(tracer, tid, status))
				return false;
		} else if (tracee_find(tracer, tid)) {
			tracee_at_end(tracer, tracee_find(tracer, tid), status);
		}
	}
	return true;
}
