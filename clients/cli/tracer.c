/* SPDX-License-Identifier: MIT */
#include "clients/cli/tracer.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clients/cli/cli.h"
#include "clients/cli/proc.h"

enum {
	/* What is born before the program is executed is none of its. */
	OPTIONS_BEFORE_EXEC =
		PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL,
	OPTIONS = OPTIONS_BEFORE_EXEC | PTRACE_O_TRACECLONE |
		  PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK
};

/* Between the stop at a call's entry and the one at its end. */
enum tracee_phase {
	PHASE_RUNNING,
	PHASE_WAITING, /* stopped before a call, another one is being made */
	PHASE_CALLING,
	PHASE_STARTING, /* stopped at birth, before its parent told of it */
};

/* A process of the trace and its threads. */
struct group {
	pid_t pid;
	struct recorded_process *process;
	unsigned threads;
	bool unreadable; /* another architecture: not recorded from here on */
};

struct tracee {
	pid_t tid;
	struct group *group; /* NULL: its parent has not told of it yet */
	unsigned thread;     /* in the trace */
	enum tracee_phase phase;
	uint64_t number;
	uint64_t args[6];
	struct tracee *next;
};

struct tracer {
	struct recorder *recorder;
	struct tracee *tracees;
	struct tracee *caller; /* the one that is making a call */
	pid_t first;
	struct tracer_result *result;
};

__attribute__((format(printf, 2, 3))) static void
complain(struct tracer *tracer, const char *format, ...)
{
	va_list args;

	free(tracer->result->trouble);
	va_start(args, format);
	if (vasprintf(&tracer->result->trouble, format, args) < 0)
		cli_out_of_memory();
	va_end(args);
}

static struct tracee *tracee_find(const struct tracer *tracer, pid_t tid)
{
	struct tracee *tracee = tracer->tracees;

	while (tracee && tracee->tid != tid)
		tracee = tracee->next;
	return tracee;
}

/* In order of birth, which is the order in which those that wait go on. */
static struct tracee *tracee_new(struct tracer *tracer, pid_t tid)
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

static struct group *group_new(pid_t pid, struct recorded_process *process)
{
	struct group *group = calloc(1, sizeof(*group));

	if (!group)
		cli_out_of_memory();
	group->pid = pid;
	group->process = process;
	return group;
}

/* A tracee may be killed at any time: then its end is reported instead. */
static void go_on(pid_t tid, int signal)
{
	ptrace(PTRACE_SYSCALL, tid, NULL, (void *)(intptr_t)signal);
}

/* --------------------------------------------------------------- calls */

static bool makes_tasks(uint64_t number)
{
	return number == SYS_fork || number == SYS_vfork ||
	       number == SYS_clone || number == SYS_clone3;
}

static const struct call_form *memory_call(const struct tracee *tracee)
{
	static const struct {
		uint64_t number;
		const char *name;
	} names[] = {
		{ SYS_brk, "brk" },
		{ SYS_mmap, "mmap" },
		{ SYS_munmap, "munmap" },
		{ SYS_mprotect, "mprotect" },
		{ SYS_mremap, "mremap" },
		{ SYS_madvise, "madvise" },
		{ SYS_mlock, "mlock" },
		{ SYS_mlock2, "mlock2" },
		{ SYS_munlock, "munlock" },
		{ SYS_mlockall, "mlockall" },
		{ SYS_munlockall, "munlockall" },
		{ SYS_mincore, "mincore" },
		{ SYS_msync, "msync" },
		{ SYS_remap_file_pages, "remap_file_pages" },
		{ 462, "mseal" },
	};

	/* Without a key it is mprotect by another name. */
	if (tracee->number == SYS_pkey_mprotect)
		return (int)tracee->args[3] == -1 ? call_find("mprotect")
						  : NULL;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].number == tracee->number)
			return call_find(names[i].name);
	}
	return NULL;
}

static void call_begin(struct tracer *tracer, struct tracee *tracee)
{
	tracer->caller = tracee;
	tracee->phase = PHASE_CALLING;
	recorder_before(tracer->recorder, tracee->group->process);
	go_on(tracee->tid, 0);
}

/* The next of those that wait makes its call. */
static void call_done(struct tracer *tracer, struct tracee *tracee)
{
	struct tracee *next = tracer->tracees;

	tracee->phase = PHASE_RUNNING;
	if (tracer->caller != tracee)
		return;
	tracer->caller = NULL;
	while (next && next->phase != PHASE_WAITING)
		next = next->next;
	if (next)
		call_begin(tracer, next);
}

static void at_entry(struct tracer *tracer, struct tracee *tracee,
		     const struct __ptrace_syscall_info *info)
{
	struct group *group = tracee->group;

	if (info->arch != AUDIT_ARCH_X86_64 && !group->unreadable) {
		group->unreadable = true;
		complain(tracer,
			 "process %d runs a program of another architecture "
			 "than x86-64 (32 bit?): its calls are not recorded",
			 (int)group->pid);
	}
	tracee->number = info->entry.nr;
	memcpy(tracee->args, info->entry.args, sizeof(tracee->args));
	if (group->unreadable ||
	    (!memory_call(tracee) && !makes_tasks(tracee->number)))
		go_on(tracee->tid, 0);
	else if (tracer->caller)
		tracee->phase = PHASE_WAITING;
	else
		call_begin(tracer, tracee);
}

/* A signal interrupts the call, which is made again after the handler. */
static bool will_restart(int64_t ret)
{
	return ret <= -512 && ret >= -516;
}

static void at_exit(struct tracer *tracer, struct tracee *tracee,
		    const struct __ptrace_syscall_info *info)
{
	const struct call_form *form;

	if (tracee->phase == PHASE_CALLING) {
		form = memory_call(tracee);
		if (form && !will_restart(info->exit.rval))
			recorder_call(tracer->recorder, tracee->group->process,
				      tracee->thread, form, tracee->args,
				      info->exit.rval);
		call_done(tracer, tracee);
	}
	go_on(tracee->tid, 0);
}

static void at_call(struct tracer *tracer, struct tracee *tracee)
{
	struct __ptrace_syscall_info info = { 0 };

	if (ptrace(PTRACE_GET_SYSCALL_INFO, tracee->tid, sizeof(info), &info) <
	    0)
		go_on(tracee->tid, 0);
	else if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
		at_entry(tracer, tracee, &info);
	else
		at_exit(tracer, tracee, &info);
}

/* ----------------------------------------------- new and ended tracees */

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
	call_done(tracer, parent);
	go_on(parent->tid, 0);
	if (child->phase == PHASE_STARTING) {
		child->phase = PHASE_RUNNING;
		go_on(child->tid, 0);
	}
}

static void at_end(struct tracer *tracer, struct tracee *tracee, int status)
{
	struct group *group = tracee->group;

	if (tracee->tid == tracer->first)
		tracer->result->status = status;
	call_done(tracer, tracee);
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
		call_done(tracer, tracee);
		tracee->group->threads--;
		tracee_free(tracer, tracee);
	}
}

static bool at_exec(struct tracer *tracer, struct tracee *tracee)
{
	struct group *group = tracee->group;

	call_done(tracer, tracee);
	others_forget(tracer, tracee);
	tracee->thread = 0;
	group->unreadable = false;
	if (!group->process) {
		ptrace(PTRACE_SETOPTIONS, tracee->tid, NULL, (void *)OPTIONS);
		group->process = recorder_start(tracer->recorder, group->pid);
		if (!group->process) {
			complain(tracer, "%s",
				 recorder_trouble(tracer->recorder));
			return false;
		}
	} else {
		recorder_exec(tracer->recorder, group->process);
	}
	go_on(tracee->tid, 0);
	return true;
}

/* --------------------------------------------------------------- stops */

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
			go_on(tid, 0);
		return true;
	}
	if (signal == (SIGTRAP | 0x80))
		at_call(tracer, tracee);
	else
		go_on(tid, signal);
	return true;
}

static bool trace_all(struct tracer *tracer)
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
			at_end(tracer, tracee_find(tracer, tid), status);
		}
	}
	return true;
}

/* --------------------------------------------------------------- start */

const char *tracer_refusal(int err, int scope)
{
	if (err == EPERM && scope >= 3)
		return "ptrace is not permitted to anyone: "
		       "/proc/sys/kernel/yama/ptrace_scope is 3, and stays so "
		       "until the machine starts anew";
	if (err == EPERM && scope == 2)
		return "ptrace is not permitted: "
		       "/proc/sys/kernel/yama/ptrace_scope is 2, which wants "
		       "root (CAP_SYS_PTRACE)";
	if (err == EPERM || err == EACCES)
		return "ptrace is not permitted here: a seccomp filter (a "
		       "container's, as a rule) or a security module refuses "
		       "it, or another program traces this one already; in a "
		       "container, start it with the capability SYS_PTRACE";
	if (err == ENOSYS)
		return "ptrace does not exist here: a seccomp filter or "
		       "another kernel under the program hides it";
	return strerror(err);
}

static int ptrace_scope(void)
{
	FILE *file = fopen("/proc/sys/kernel/yama/ptrace_scope", "re");
	int scope = -1;

	if (file && fscanf(file, "%d", &scope) != 1)
		scope = -1;
	if (file)
		fclose(file);
	return scope;
}

/* Waits to be traced, executes, and tells on the pipe why that failed. */
_Noreturn static void become(char *const *argv, bool randomise, int go,
			     int failed)
{
	char byte;
	int err;

	if (!randomise)
		personality(ADDR_NO_RANDOMIZE);
	if (read(go, &byte, 1) == 1) {
		execvp(argv[0], argv);
		err = errno;
		if (write(failed, &err, sizeof(err)) < 0)
			_exit(CLI_UNUSABLE);
	}
	_exit(CLI_UNUSABLE);
}

static bool seize(struct tracer *tracer)
{
	struct tracee *tracee;

	if (ptrace(PTRACE_SEIZE, tracer->first, NULL,
		   (void *)OPTIONS_BEFORE_EXEC)) {
		int err = errno;

		complain(tracer, "%s", tracer_refusal(err, ptrace_scope()));
		return false;
	}
	tracee = tracee_new(tracer, tracer->first);
	tracee->group = group_new(tracer->first, NULL);
	tracee->group->threads = 1;
	return true;
}

static bool run(struct tracer *tracer, char *const *argv, int go, int failed)
{
	int err = 0;

	if (!seize(tracer)) {
		kill(tracer->first, SIGKILL);
		waitpid(tracer->first, NULL, 0);
		return false;
	}
	/* What the terminal interrupts is the program. */
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	if (write(go, "", 1) != 1 || !trace_all(tracer)) {
		kill(tracer->first, SIGKILL);
		return false;
	}
	if (read(failed, &err, sizeof(err)) == sizeof(err)) {
		complain(tracer, "'%s' cannot be executed: %s", argv[0],
			 strerror(err));
		return false;
	}
	if (!tracer->result->trouble && recorder_trouble(tracer->recorder))
		complain(tracer, "%s", recorder_trouble(tracer->recorder));
	return recorder_counts(tracer->recorder)->lines;
}

bool tracer_run(struct recorder *recorder, char *const *argv, bool randomise,
		struct tracer_result *result)
{
	struct tracer tracer = { .recorder = recorder, .result = result };
	int go[2], failed[2];
	bool done = false;

	*result = (struct tracer_result){ 0 };
	if (pipe2(go, O_CLOEXEC) || pipe2(failed, O_CLOEXEC)) {
		complain(&tracer, "no pipe: %s", strerror(errno));
		return false;
	}
	tracer.first = fork();
	if (!tracer.first) {
		close(go[1]);
		become(argv, randomise, go[0], failed[1]);
	}
	close(go[0]);
	close(failed[1]);
	if (tracer.first < 0)
		complain(&tracer, "no process: %s", strerror(errno));
	else
		done = run(&tracer, argv, go[1], failed[0]);
	close(go[1]);
	close(failed[0]);
	while (tracer.tracees)
		at_end(&tracer, tracer.tracees, 0);
	return done;
}
