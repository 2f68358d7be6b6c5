/* SPDX-License-Identifier: MIT */
#include "clients/cli/tracer.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clients/cli/cli.h"
#include "clients/cli/tracer_types.h"

void tracer_complain(struct tracer *tracer, const char *format, ...)
{
	va_list args;

	free(tracer->result->trouble);
	va_start(args, format);
	if (vasprintf(&tracer->result->trouble, format, args) < 0)
		cli_out_of_memory();
	va_end(args);
}

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
		   (void *)TRACER_OPTIONS_BEFORE_EXEC)) {
		int err = errno;

		tracer_complain(tracer, "%s",
				tracer_refusal(err, ptrace_scope()));
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
	if (write(go, "", 1) != 1 || !tracer_follow(tracer)) {
		kill(tracer->first, SIGKILL);
		return false;
	}
	if (read(failed, &err, sizeof(err)) == sizeof(err)) {
		tracer_complain(tracer, "'%s' cannot be executed: %s", argv[0],
				strerror(err));
		return false;
	}
	if (!tracer->result->trouble && recorder_trouble(tracer->recorder))
		tracer_complain(tracer, "%s",
				recorder_trouble(tracer->recorder));
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
		tracer_complain(&tracer, "no pipe: %s", strerror(errno));
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
		tracer_complain(&tracer, "no process: %s", strerror(errno));
	else
		done = run(&tracer, argv, go[1], failed[0]);
	close(go[1]);
	close(failed[0]);
	while (tracer.tracees)
		tracee_at_end(&tracer, tracer.tracees, 0);
	return done;
}
