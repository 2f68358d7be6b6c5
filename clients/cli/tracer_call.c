/* SPDX-License-Identifier: MIT */
/*
 * Calls, one at a time: who makes one while another is being made waits
 */
#include <linux/audit.h>
#include <string.h>
#include <sys/syscall.h>

#include "clients/cli/tracer_types.h"

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
	tracee_go_on(tracee->tid, 0);
}

/* The next of those that wait makes its call. */
void tracee_call_done(struct tracer *tracer, struct tracee *tracee)
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
		tracer_complain(
			tracer,
			"process %d runs a program of another architecture "
			"than x86-64 (32 bit?): its calls are not recorded",
			(int)group->pid);
	}
	tracee->number = info->entry.nr;
	memcpy(tracee->args, info->entry.args, sizeof(tracee->args));
	if (group->unreadable ||
	    (!memory_call(tracee) && !makes_tasks(tracee->number)))
		tracee_go_on(tracee->tid, 0);
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
		tracee_call_done(tracer, tracee);
	}
	tracee_go_on(tracee->tid, 0);
}

void tracee_at_call(struct tracer *tracer, struct tracee *tracee)
{
	struct __ptrace_syscall_info info = { 0 };

	if (ptrace(PTRACE_GET_SYSCALL_INFO, tracee->tid, sizeof(info), &info) <
	    0)
		tracee_go_on(tracee->tid, 0);
	else if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
		at_entry(tracer, tracee, &info);
	else
		at_exit(tracer, tracee, &info);
}
