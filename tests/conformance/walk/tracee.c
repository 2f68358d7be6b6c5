/* SPDX-License-Identifier: MIT */
#include "tests/conformance/walk/tracee.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/conformance/walk/program.h"

#define CLONE_THREAD_FLAGS                                                     \
	(0x100 /* VM */ | 0x200 /* FS */ | 0x400 /* FILES */ |                 \
	 0x800 /* SIGHAND */ | 0x10000 /* THREAD */ | 0x40000 /* SYSVSEM */)

#define PAGE 4096ULL

#define SYS_MSEAL 462 /* newer than the C library's headers */

/* What the child exits with if it may not be led. */
#define EXIT_FORBIDDEN 77

#define PROC_TEXT_MAX (1 << 19)

static const long call_numbers[CALL_NR_KINDS] = {
	[CALL_BRK] = SYS_brk,
	[CALL_MMAP] = SYS_mmap,
	[CALL_MUNMAP] = SYS_munmap,
	[CALL_MPROTECT] = SYS_mprotect,
	[CALL_MREMAP] = SYS_mremap,
	[CALL_MLOCK] = SYS_mlock,
	[CALL_MLOCK2] = SYS_mlock2,
	[CALL_MUNLOCK] = SYS_munlock,
	[CALL_MLOCKALL] = SYS_mlockall,
	[CALL_MUNLOCKALL] = SYS_munlockall,
	[CALL_MADVISE] = SYS_madvise,
	[CALL_MSYNC] = SYS_msync,
	[CALL_REMAP_FILE_PAGES] = SYS_remap_file_pages,
	[CALL_MSEAL] = SYS_MSEAL,
	[CALL_MINCORE] = SYS_mincore,
	[CALL_FTRUNCATE] = SYS_ftruncate,
	[CALL_CLONE] = SYS_clone,
	[CALL_FORK] = SYS_fork,
};

static int complain(const char *what)
{
	fprintf(stderr, "vmarium-walk: %s: %s\n", what, strerror(errno));
	return -1;
}

/* ------------------------------------------------------------- the child */

static void require(bool is_fine, const char *what)
{
	if (is_fine)
		return;
	complain(what);
	_exit(127);
}

static void limit(int resource, uint64_t value)
{
	const struct rlimit rlimit = { value, value };

	require(!setrlimit(resource, &rlimit), "cannot set a limit");
}

/* mincore tells strangers nothing about files that they may not write. */
static void open_data(int fd, const char *name, off_t size, int mode)
{
	char path[64];
	int file = memfd_create(name, MFD_CLOEXEC), opened;

	require(file >= 0 && !ftruncate(file, size) &&
			!fchmod(file, mode == O_RDONLY ? 0444 : 0666),
		"cannot make a data file");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	opened = open(path, mode | O_CLOEXEC);
	require(opened >= 0 && dup2(opened, fd) == fd, "cannot open a file");
}

_Noreturn static void become_tracee(const struct tracee_setup *setup,
				    int program)
{
	static char name[] = "tracee";
	char *argv[] = { name, NULL }, *envp[] = { NULL };
	char path[64];

	/* Out of the way of the data files. */
	program = fcntl(program, F_DUPFD_CLOEXEC, FD_RO + 1);
	require(program >= 0, "cannot keep the program");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", program);
	open_data(FD_RW, "data.rw", DATA_RW_SIZE, O_RDWR);
	open_data(FD_RO, "data.ro", DATA_RO_SIZE, O_RDONLY);
	require(personality(ADDR_NO_RANDOMIZE) != -1, "personality");
	/* Huge pages come and go as the machine likes. */
	if (getppid() != 1) /* to 4.0, that is a flag of areas */
		prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_STACK, setup->limits.stack);
	limit(RLIMIT_DATA, setup->limits.data);
	limit(RLIMIT_MEMLOCK, setup->limits.memlock);
	limit(RLIMIT_AS, setup->limits.as);
	if (geteuid() != setup->uid)
		require(!setresgid(setup->uid, setup->uid, setup->uid) &&
				!setresuid(setup->uid, setup->uid, setup->uid),
			"cannot change the user");
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL)) {
		complain("ptrace is refused");
		_exit(EXIT_FORBIDDEN);
	}
	/* Not execveat: without a path, 5.10 finds no such file. */
	execve(path, argv, envp);
	require(false, "cannot execute the program");
	_exit(127);
}

/* ------------------------------------------------------------ the leader */

static void *as_data(uint64_t value)
{
	return (void *)(uintptr_t)value; /* ptrace's way to take a number */
}

/* Wait until @pid stops; its signal, or -1: it died. */
static int wait_stop(pid_t pid, int *eventp)
{
	int status;

	if (waitpid(pid, &status, __WALL) != pid || !WIFSTOPPED(status))
		return -1;
	if (eventp)
		*eventp = status >> 16;
	return WSTOPSIG(status);
}

static int run_on(pid_t pid, int *eventp)
{
	if (ptrace(PTRACE_CONT, pid, NULL, NULL))
		return -1;
	return wait_stop(pid, eventp);
}

static int set_regs(const struct tracee *tracee, pid_t pid,
		    enum program_entry entry, const struct call *call)
{
	const uint64_t *args = call->args;
	struct user_regs_struct regs = {
		.rip = entry,
		.orig_rax = (uint64_t)-1,
		.cs = 0x33,
		.ss = 0x2b,
		.eflags = 0x202,
	};

	if (entry == PROGRAM_SYSCALL) {
		regs.rsp = tracee->start_stack;
		regs.rax = (uint64_t)call_numbers[call->kind];
		regs.rdi =
			call->kind == CALL_CLONE ? CLONE_THREAD_FLAGS : args[0];
		regs.rsi = args[1];
		regs.rdx =
			call->kind == CALL_MINCORE ? VECTOR_ADDRESS : args[2];
		regs.r10 = args[3];
		regs.r8 = args[4];
		regs.r9 = args[5];
	} else {
		regs.rsp = TOUCH_SP;
		regs.rbx = args[0];
	}
	return (int)ptrace(PTRACE_SETREGS, pid, NULL, &regs);
}

static int read_answer(pid_t pid, int signal, struct answer *answer)
{
	siginfo_t info;
	long rax;

	*answer = (struct answer){ 0 };
	if (signal != SIGTRAP) {
		if (ptrace(PTRACE_GETSIGINFO, pid, NULL, &info))
			return -1;
		answer->signal = signal;
		answer->code = info.si_code;
		return 0;
	}
	errno = 0;
	rax = ptrace(PTRACE_PEEKUSER, pid,
		     as_data(offsetof(struct user_regs_struct, rax)), NULL);
	if (errno)
		return -1;
	answer->ret = rax;
	return 0;
}

static int open_proc(pid_t pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* What mincore wrote: the lowest bits of its bytes. */
static int read_vector(pid_t pid, uint64_t len, uint64_t *vector)
{
	uint8_t bytes[VECTOR_SIZE];
	size_t pages = (len + PAGE - 1) / PAGE, i;
	int memory = open_proc(pid, "mem");
	ssize_t got;

	if (pages > VECTOR_SIZE)
		pages = VECTOR_SIZE;
	got = pread(memory, bytes, pages, (off_t)VECTOR_ADDRESS);
	close(memory);
	if (got != (ssize_t)pages)
		return -1;
	for (i = 0; i < pages; i++)
		*vector |= (uint64_t)(bytes[i] & 1) << i;
	return 0;
}

/* The newcomer executes one instruction, the breakpoint. */
static int welcome(struct tracee *tracee, const struct call *call, pid_t pid)
{
	struct tracee_process *process;

	if (wait_stop(pid, NULL) < 0 || run_on(pid, NULL) < 0)
		return -1;
	if (call->kind == CALL_CLONE) {
		process = &tracee->processes[call->process];
		process->threads[process->nr_threads++] = pid;
		return 0;
	}
	process = &tracee->processes[tracee->nr_processes++];
	*process = (struct tracee_process){ { pid }, 1, -1, -1, -1 };
	return 0;
}

int tracee_apply(struct tracee *tracee, const struct call *call,
		 struct answer *answer)
{
	pid_t pid = tracee->processes[call->process].threads[call->thread];
	enum program_entry entry = call->kind == CALL_READ    ? PROGRAM_LOAD
				   : call->kind == CALL_WRITE ? PROGRAM_STORE
							      : PROGRAM_SYSCALL;
	unsigned long newcomer = 0;
	int signal, event;

	if (set_regs(tracee, pid, entry, call))
		return -1;
	signal = run_on(pid, &event);
	if (event && signal == SIGTRAP) {
		if (ptrace(PTRACE_GETEVENTMSG, pid, NULL, &newcomer))
			return -1;
		signal = run_on(pid, NULL);
	}
	if (signal < 0)
		return -1;
	if (entry != PROGRAM_SYSCALL && signal == SIGTRAP) {
		*answer = (struct answer){ 0 };
		return 0;
	}
	if (read_answer(pid, signal, answer))
		return -1;
	if (call->kind == CALL_MINCORE && !answer->ret)
		return read_vector(pid, call->args[1], &answer->vector);
	if (!newcomer)
		return 0;
	answer->ret = 0;
	return welcome(tracee, call, (pid_t)newcomer);
}

/* Maps come in pieces of a page or less. */
static ssize_t read_proc(int fd, char *text, size_t size)
{
	size_t len = 0;
	ssize_t got;

	do {
		got = pread(fd, text + len, size - len, (off_t)len);
		if (got < 0)
			return -1;
		len += (size_t)got;
	} while (got && len < size);
	return (ssize_t)len;
}

int tracee_view(struct tracee *tracee, unsigned int number, struct view *view)
{
	static char text[PROC_TEXT_MAX];
	struct tracee_process *process = &tracee->processes[number];
	ssize_t len;

	if (process->maps < 0) {
		process->maps = open_proc(process->threads[0], "maps");
		process->status = open_proc(process->threads[0], "status");
		process->rollup =
			open_proc(process->threads[0], "smaps_rollup");
	}
	len = read_proc(process->maps, text, sizeof(text));
	if (len <= 0)
		return -1;
	view_parse_maps(view, text, (size_t)len);
	len = pread(process->status, text, sizeof(text), 0);
	if (len <= 0)
		return -1;
	view_parse_status(view, text, (size_t)len);
	len = pread(process->rollup, text, sizeof(text) - 1, 0);
	text[len > 0 ? len : 0] = '\0';
	view_parse_rollup(view, text, len > 0 ? (size_t)len : 0);
	return 0;
}

void tracee_stop(struct tracee *tracee)
{
	unsigned int i;

	while (tracee->nr_processes) {
		struct tracee_process *process =
			&tracee->processes[--tracee->nr_processes];

		kill(process->threads[0], SIGKILL);
		for (i = process->nr_threads; i--;)
			while (waitpid(process->threads[i], NULL, __WALL) < 0 &&
			       errno == EINTR)
				;
		if (process->maps >= 0) {
			close(process->maps);
			close(process->status);
			close(process->rollup);
		}
	}
}

/* ------------------------------------------------------- the first state */

/* Fields of /proc/PID/stat are counted from 1. */
#define STAT_MAX_FIELDS 64

static int read_stat(pid_t pid, struct first_mm *mm)
{
	uint64_t values[STAT_MAX_FIELDS] = { 0 };
	char text[2048], *at;
	int fd = open_proc(pid, "stat"), i;
	ssize_t len;

	len = fd < 0 ? -1 : pread(fd, text, sizeof(text) - 1, 0);
	if (fd >= 0)
		close(fd);
	if (len <= 0)
		return complain("cannot read /proc/PID/stat");
	text[len] = '\0';
	at = strrchr(text,
		     ')'); /* the name ends field 2, a letter is field 3 */
	for (i = 4, at += 4; i < STAT_MAX_FIELDS && *at; i++)
		values[i] = strtoull(at, &at, 10);
	mm->start_code = values[26];
	mm->end_code = values[27];
	mm->start_stack = values[28];
	mm->start_data = values[45];
	mm->end_data = values[46];
	mm->start_brk = values[47];
	mm->arg_start = values[48];
	mm->arg_end = values[49];
	mm->env_start = values[50];
	mm->env_end = values[51];
	return 0;
}

static void read_resident(int pagemap, const struct area *area,
			  struct first_state *state)
{
	bool is_file = area->name[0] && area->name[0] != '[';
	uint64_t at, entry;
	struct first_pages *last;

	for (at = area->start; at < area->end; at += PAGE) {
		if (pread(pagemap, &entry, sizeof(entry),
			  (off_t)(at / PAGE * sizeof(entry))) !=
			    sizeof(entry) ||
		    !(entry >> 63))
			continue;
		last = state->nr_resident
			       ? &state->resident[state->nr_resident - 1]
			       : NULL;
		if (last && last->end == at && at != area->start) {
			last->end += PAGE;
			continue;
		}
		if (state->nr_resident == TRACEE_MAX_RESIDENT)
			return;
		state->resident[state->nr_resident++] = (struct first_pages){
			at,
			at + PAGE,
			!strncmp(area->name, "[vvar", 5) ? PAGES_PFN
			: !strcmp(area->name, "[vdso]")  ? PAGES_FILE
			: is_file                        ? PAGES_FILE
							 : PAGES_ANON,
		};
	}
}

static int read_first_state(struct tracee *tracee, struct first_state *state)
{
	pid_t pid = tracee->processes[0].threads[0];
	const struct view *view = &state->view;
	FILE *maps;
	size_t i;
	int pagemap;

	if (tracee_view(tracee, 0, &state->view) || read_stat(pid, &state->mm))
		return -1;
	pagemap = open_proc(pid, "pagemap");
	maps = fmemopen(state->maps, sizeof(state->maps), "w");
	if (pagemap < 0 || !maps)
		return complain("cannot read the first state");
	for (i = 0; i < view->nr_areas; i++) {
		area_print(maps, &view->areas[i]);
		fputc('\n', maps);
		read_resident(pagemap, &view->areas[i], state);
	}
	state->maps_len = (size_t)ftell(maps);
	fclose(maps);
	close(pagemap);
	return 0;
}

static int ask(struct tracee *tracee, enum call_kind kind, uint64_t *valuep,
	       const uint64_t args[CALL_MAX_ARGS])
{
	struct call call = { .kind = kind };
	struct answer answer;

	if (args)
		memcpy(call.args, args, sizeof(call.args));
	if (tracee_apply(tracee, &call, &answer) || answer.signal ||
	    answer.ret < 0)
		return complain("the process does not answer");
	*valuep = (uint64_t)answer.ret;
	return 0;
}

static int warm_up(struct tracee *tracee, struct first_state *state)
{
	uint64_t page[CALL_MAX_ARGS] = {
		0, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, UINT64_MAX, 0
	};
	uint64_t ignored;

	if (ask(tracee, CALL_MMAP, &page[0], page) ||
	    ask(tracee, CALL_MUNMAP, &ignored, page))
		return -1;
	return ask(tracee, CALL_BRK, &state->mm.brk, NULL);
}

int tracee_start(struct tracee *tracee, const struct tracee_setup *setup,
		 struct first_state *state)
{
	struct tracee_process *process = &tracee->processes[0];
	struct user_regs_struct regs;
	int program = program_open(), status = 0;
	pid_t pid;

	memset(state, 0, sizeof(*state));
	memset(tracee, 0, sizeof(*tracee));
	if (program < 0)
		return complain("cannot write the program");
	fflush(NULL);
	pid = fork();
	if (pid < 0)
		return complain("cannot fork");
	if (!pid)
		become_tracee(setup, program);
	close(program);
	*process = (struct tracee_process){ { pid }, 1, -1, -1, -1 };
	tracee->nr_processes = 1;
	if (waitpid(pid, &status, __WALL) == pid && WIFEXITED(status)) {
		tracee->nr_processes = 0;
		return WEXITSTATUS(status) == EXIT_FORBIDDEN ? TRACEE_FORBIDDEN
							     : -1;
	}
	if (!WIFSTOPPED(status) || WSTOPSIG(status) != SIGTRAP ||
	    ptrace(PTRACE_SETOPTIONS, pid, NULL,
		   as_data(PTRACE_O_EXITKILL | PTRACE_O_TRACEFORK |
			   PTRACE_O_TRACECLONE)) ||
	    ptrace(PTRACE_GETREGS, pid, NULL, &regs)) {
		complain("cannot lead a process by ptrace");
		tracee_stop(tracee);
		return -1;
	}
	tracee->start_stack = regs.rsp;
	if (warm_up(tracee, state) || read_first_state(tracee, state)) {
		tracee_stop(tracee);
		return -1;
	}
	return 0;
}
