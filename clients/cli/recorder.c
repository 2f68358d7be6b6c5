/* SPDX-License-Identifier: MIT */
#include "clients/cli/recorder.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli.h"
#include "clients/cli/maps.h"
#include "clients/cli/proc.h"

#define USER_SPACE_END 0x7ffffffff000ULL

/* An address space, used by one process or, after vfork, by several. */
struct space {
	unsigned users;
	unsigned changes; /* counts them */
	char *maps;       /* as they were last seen */
	uint64_t brk;
	struct page_runs written; /* anonymous pages that were there then */
};

struct recorded_process {
	pid_t pid;
	unsigned number;
	struct space *space;
	unsigned told; /* the space's changes when its maps were last written */
	json_t *files; /* descriptors that the trace knows */
	json_t *limits;
	json_t *uid;
};

struct recorder {
	FILE *out;
	const char *profile;
	char *const *argv;
	struct recorder_counts counts;
	char *trouble;
};

__attribute__((format(printf, 2, 3))) static void
complain(struct recorder *recorder, const char *format, ...)
{
	va_list args;

	free(recorder->trouble);
	va_start(args, format);
	if (vasprintf(&recorder->trouble, format, args) < 0)
		cli_out_of_memory();
	va_end(args);
}

static void write_line(struct recorder *recorder, json_t *line)
{
	if (json_dumpf(line, recorder->out, JSON_COMPACT) ||
	    fputc('\n', recorder->out) == EOF)
		complain(recorder, "the trace cannot be written: %s",
			 strerror(errno));
	recorder->counts.lines++;
	json_decref(line);
}

static json_t *hex(uint64_t number)
{
	char text[32];

	snprintf(text, sizeof(text), "0x%" PRIx64, number);
	return json_string(text);
}

/* A line that begins with who did what; the first process and thread go unsaid. */
static json_t *line_new(const char *op, const struct recorded_process *process,
			unsigned thread)
{
	json_t *line = json_pack("{s:s}", "op", op);

	if (process->number)
		json_object_set_new(line, "p", json_integer(process->number));
	if (thread)
		json_object_set_new(line, "t", json_integer(thread));
	return line;
}

static json_t *maps_lines(const char *maps, bool brief)
{
	json_t *lines = json_array();

	while (*maps) {
		size_t len = strcspn(maps, "\n");
		char *text = brief ? maps_shorten(maps) : NULL;

		/* A name need not be UTF-8; then nobody can compare it. */
		if (json_array_append_new(lines,
					  text ? json_string(text)
					       : json_stringn(maps, len)))
			json_array_append_new(lines, json_string("?"));
		free(text);
		maps += len + !!maps[len];
	}
	return lines;
}

/* Adds the maps where the reader of the trace does not know them yet. */
static void maps_add(struct recorded_process *process, json_t *line)
{
	if (process->told == process->space->changes)
		return;
	json_object_set_new(line, "m", maps_lines(process->space->maps, true));
	process->told = process->space->changes;
}

static void space_put(struct space *space)
{
	if (--space->users)
		return;
	free(space->maps);
	page_runs_reset(&space->written);
	free(space);
}

static struct space *space_new(char *maps)
{
	struct space *space = calloc(1, sizeof(*space));

	if (!space)
		cli_out_of_memory();
	space->users = 1;
	space->maps = maps;
	return space;
}

/* Takes @maps. */
static void space_see(struct space *space, char *maps)
{
	if (!strcmp(space->maps, maps)) {
		free(maps);
		return;
	}
	free(space->maps);
	space->maps = maps;
	space->changes++;
}

static void written_see(struct recorded_process *process)
{
	struct space *space = process->space;

	page_runs_reset(&space->written);
	proc_pages(process->pid, 0, USER_SPACE_END, true, &space->written);
}

/* The maps, or NULL with a trouble; of a process being killed they are empty. */
static char *maps_read(struct recorder *recorder, pid_t pid)
{
	char *maps = proc_read(pid, "maps");

	if (!maps && errno != ESRCH && errno != ENOENT)
		complain(recorder,
			 "process %d does not let /proc/%d/maps be read (%s): "
			 "it cannot be recorded without root, as it is setuid, "
			 "or may be executed but not read, or has set "
			 "PR_SET_DUMPABLE to 0",
			 (int)pid, (int)pid, strerror(errno));
	if (maps && !*maps) {
		free(maps);
		maps = NULL;
	}
	return maps;
}

/* -------------------------------------------------------- whole images */

/* What process.create needs to make the process as it stands. */
static bool image_add(struct recorder *recorder,
		      struct recorded_process *process, json_t *line)
{
	struct space *space = process->space;
	json_t *mm = proc_mm(process->pid, space->maps);

	if (!mm) {
		complain(recorder, "process %d ended while it was looked at",
			 (int)process->pid);
		return false;
	}
	if (space->brk)
		json_object_set_new(mm, "brk", hex(space->brk));
	else
		json_u64(json_object_get(mm, "brk"), &space->brk);
	json_object_set_new(line, "maps", maps_lines(space->maps, false));
	json_object_set_new(line, "mm", mm);
	json_object_set_new(line, "resident",
			    proc_resident(process->pid, space->maps));
	json_object_set(line, "rlimits", process->limits);
	json_object_set(line, "uid", process->uid);
	json_object_set_new(line, "files", json_copy(process->files));
	process->told = space->changes;
	return true;
}

static void limits_see(struct recorded_process *process)
{
	json_decref(process->limits);
	json_decref(process->uid);
	process->limits = proc_limits(process->pid);
	process->uid = proc_uid(process->pid);
}

static struct recorded_process *process_new(struct recorder *recorder,
					    pid_t pid, struct space *space)
{
	struct recorded_process *process = calloc(1, sizeof(*process));

	if (!process)
		cli_out_of_memory();
	process->pid = pid;
	process->number = recorder->counts.processes++;
	process->space = space;
	process->files = json_object();
	limits_see(process);
	return process;
}

static void process_free(struct recorded_process *process)
{
	space_put(process->space);
	json_decref(process->files);
	json_decref(process->limits);
	json_decref(process->uid);
	free(process);
}

struct recorded_process *recorder_start(struct recorder *recorder, pid_t pid)
{
	char *maps = maps_read(recorder, pid);
	struct recorded_process *process;
	json_t *header, *argv;

	if (!maps)
		return NULL;
	process = process_new(recorder, pid, space_new(maps));
	header = json_object();
	proc_machine_add(header);
	argv = json_array();
	for (char *const *arg = recorder->argv; *arg; arg++)
		json_array_append_new(argv, json_string(*arg));
	json_object_set_new(header, "argv", argv);
	json_object_set_new(header, "mix", json_string("record"));
	json_object_set_new(header, "faults", json_false());
	if (recorder->profile)
		json_object_set_new(header, "profile",
				    json_string(recorder->profile));
	if (!image_add(recorder, process, header)) {
		json_decref(header);
		process_free(process);
		return NULL;
	}
	write_line(recorder, header);
	written_see(process);
	recorder->counts.threads = 1;
	return process;
}

static void write_image(struct recorder *recorder,
			struct recorded_process *process, const char *op,
			const char *why)
{
	json_t *line = line_new(op, process, 0);

	if (why)
		json_object_set_new(line, "why", json_string(why));
	if (image_add(recorder, process, line))
		write_line(recorder, line);
	else
		json_decref(line);
	written_see(process);
}

void recorder_exec(struct recorder *recorder, struct recorded_process *process)
{
	char *maps = maps_read(recorder, process->pid);

	if (!maps)
		return;
	space_put(process->space);
	process->space = space_new(maps);
	json_object_clear(process->files);
	limits_see(process);
	write_image(recorder, process, "exec", NULL);
}

/* ------------------------------------------------------- between calls */

static const struct maps_line *stack_line(const char *maps,
					  struct maps_line *line)
{
	while (maps_next_line(&maps, line)) {
		if (maps_name_is(line, "[stack]"))
			return line;
	}
	return NULL;
}

static bool stack_is_lower(const char *was, const char *now)
{
	struct maps_line before, after;

	return stack_line(was, &before) && stack_line(now, &after) &&
	       after.start < before.start && after.end == before.end;
}

/* Whether @now is @was but for a [stack] that begins lower. */
static bool only_stack_grew(const char *was, const char *now)
{
	if (!stack_is_lower(was, now))
		return false;
	for (;;) {
		struct maps_line a, b;
		bool more = maps_next_line(&was, &a);

		if (more != maps_next_line(&now, &b))
			return false;
		if (!more)
			return true;
		if (maps_name_is(&a, "[stack]") && maps_name_is(&b, "[stack]"))
			continue;
		if (a.start != b.start || a.end != b.end ||
		    strcmp(a.perms, b.perms) != 0 || a.offset != b.offset ||
		    a.name_len != b.name_len ||
		    memcmp(a.name, b.name, a.name_len) != 0)
			return false;
	}
}

static void write_touch(struct recorder *recorder,
			struct recorded_process *process, uint64_t addr)
{
	json_t *line = line_new("write", process, 0);

	json_object_set_new(line, "a", json_pack("[o]", hex(addr)));
	json_object_set_new(line, "r", json_integer(0));
	maps_add(process, line);
	write_line(recorder, line);
}

static bool limits_changed(struct recorded_process *process)
{
	json_t *limits = json_incref(process->limits);
	json_t *uid = json_incref(process->uid);
	bool changed;

	limits_see(process);
	changed = !json_equal(limits, process->limits) ||
		  !json_equal(uid, process->uid);
	json_decref(limits);
	json_decref(uid);
	return changed;
}

/*
 * Whether an area has an anon_vma decides what it merges with. It gets one with
 * its first written page, so that one is told.
 */
static void tell_first_writes(struct recorder *recorder,
			      struct recorded_process *process)
{
	struct space *space = process->space;
	struct page_runs before = space->written;
	const char *maps = space->maps;
	struct maps_line line;

	space->written = (struct page_runs){ 0 };
	written_see(process);
	while (maps_next_line(&maps, &line)) {
		const struct page_run *run =
			page_runs_find(&space->written, line.start, line.end);

		if (!run || line.perms[1] != 'w' || line.perms[3] != 'p' ||
		    page_runs_find(&before, line.start, line.end))
			continue;
		write_touch(recorder, process,
			    run->start > line.start ? run->start : line.start);
	}
	page_runs_reset(&before);
}

void recorder_before(struct recorder *recorder,
		     struct recorded_process *process)
{
	char *maps = maps_read(recorder, process->pid);
	struct space *space = process->space;
	struct maps_line stack;
	bool grew, changed;

	if (!maps)
		return;
	changed = strcmp(space->maps, maps) != 0;
	grew = changed && only_stack_grew(space->maps, maps);
	space_see(space, maps);
	if ((changed && !grew) || limits_changed(process)) {
		write_image(recorder, process, "image",
			    changed && !grew
				    ? "the maps changed without a call that is "
				      "recorded"
				    : "limits or user changed");
		return;
	}
	if (grew)
		write_touch(recorder, process,
			    stack_line(space->maps, &stack)->start);
	tell_first_writes(recorder, process);
}

/* --------------------------------------------------------------- calls */

enum {
	ANONYMOUS = 0x20,
	HUGETLB = 0x40000,
};

/* Tells what a descriptor is, unless the trace knows; false: no file with pages. */
static bool tell_file(struct recorder *recorder,
		      struct recorded_process *process, int fd)
{
	struct proc_file file;
	json_t *known, *told, *line;
	char key[16];

	if (!proc_file(process->pid, fd, &file))
		return true; /* EBADF there as here */
	if (!file.regular)
		return false;
	told = json_pack("{s:s, s:I, s:s, s:s, s:s, s:I}", "name", file.name,
			 "size", (json_int_t)file.size, "mode", file.mode,
			 "path", file.path, "dev", file.dev, "inode",
			 (json_int_t)file.inode);
	if (!told)
		return false; /* a name that is no UTF-8 */
	snprintf(key, sizeof(key), "%d", fd);
	known = json_object_get(process->files, key);
	if (known && json_equal(known, told)) {
		json_decref(told);
		return true;
	}
	if (known) {
		line = line_new("close", process, 0);
		json_object_set_new(line, "fd", json_integer(fd));
		write_line(recorder, line);
	}
	line = line_new("open", process, 0);
	json_object_set_new(line, "fd", json_integer(fd));
	json_object_update(line, told);
	write_line(recorder, line);
	json_object_set_new(process->files, key, told);
	return true;
}

/* What a real kernel has and an emulated machine does not: devices, huge pages. */
static bool call_is_foreign(struct recorder *recorder,
			    struct recorded_process *process,
			    const struct call_form *form, const uint64_t *args)
{
	if (strcmp(form->name, "mmap") != 0)
		return false;
	if (args[3] & HUGETLB)
		return true;
	return !(args[3] & ANONYMOUS) &&
	       !tell_file(recorder, process, (int)(uint32_t)args[4]);
}

static json_t *answer(const struct call_form *form, int64_t ret)
{
	if (form->answers_address && (ret >= 0 || ret < -4095))
		return hex((uint64_t)ret);
	return json_integer(ret);
}

static char *call_text(const struct call_form *form, const uint64_t *args)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		cli_out_of_memory();
	call_spell(out, form, args);
	if (fclose(out))
		cli_out_of_memory();
	return text;
}

void recorder_call(struct recorder *recorder, struct recorded_process *process,
		   unsigned thread, const struct call_form *form,
		   const uint64_t *args, int64_t ret)
{
	bool foreign = call_is_foreign(recorder, process, form, args);
	char *maps = maps_read(recorder, process->pid);
	struct space *space = process->space;
	json_t *line, *list;
	char *text;

	if (!strcmp(form->name, "brk"))
		space->brk = (uint64_t)ret;
	if (maps) {
		/* Another thread's fault: nobody saw which came first. */
		foreign |= stack_is_lower(space->maps, maps);
		space_see(space, maps);
	}
	if (foreign) {
		text = call_text(form, args);
		if (process->told != space->changes)
			write_image(recorder, process, "image", text);
		free(text);
		return;
	}
	line = line_new(form->name, process, thread);
	list = json_array();
	for (unsigned i = 0; i < form->count; i++)
		json_array_append_new(list, hex(args[i]));
	json_object_set_new(line, "a", list);
	json_object_set_new(line, "r", answer(form, ret));
	if (call_file_system_chose(form, args, ret))
		json_object_set_new(line, "at", hex((uint64_t)ret));
	maps_add(process, line);
	write_line(recorder, line);
	recorder->counts.calls++;
	written_see(process);
}

/* ------------------------------------------------- processes and threads */

struct recorded_process *recorder_fork(struct recorder *recorder,
				       struct recorded_process *process,
				       unsigned thread, pid_t pid,
				       bool share_mm)
{
	struct space *space = process->space;
	struct recorded_process *child;
	json_t *line;
	char *maps;

	if (share_mm) {
		space->users++;
	} else {
		maps = maps_read(recorder, pid);
		if (!maps) {
			maps = strdup(space->maps);
			if (!maps)
				cli_out_of_memory();
		}
		space = space_new(maps);
		space->brk = process->space->brk;
	}
	child = process_new(recorder, pid, space);
	json_decref(child->files);
	child->files = json_copy(process->files);
	child->told = space->changes;

	line = line_new("fork", process, thread);
	json_object_set_new(line, "new", json_integer(child->number));
	if (share_mm)
		json_object_set_new(line, "vm", json_true());
	json_object_set_new(line, "m", maps_lines(space->maps, true));
	write_line(recorder, line);
	if (!share_mm)
		written_see(child);
	return child;
}

unsigned recorder_clone(struct recorder *recorder,
			struct recorded_process *process, unsigned thread)
{
	json_t *line = line_new("clone", process, thread);
	unsigned number = recorder->counts.threads++;

	json_object_set_new(line, "new", json_integer(number));
	write_line(recorder, line);
	return number;
}

void recorder_thread_exit(struct recorder *recorder,
			  struct recorded_process *process, unsigned thread)
{
	write_line(recorder, line_new("exit", process, thread));
}

void recorder_exit(struct recorder *recorder, struct recorded_process *process)
{
	write_line(recorder, line_new("exit", process, 0));
	process_free(process);
}

/* --------------------------------------------------------- the recorder */

struct recorder *recorder_new(FILE *out, const char *profile, char *const *argv)
{
	struct recorder *recorder = calloc(1, sizeof(*recorder));

	if (!recorder)
		cli_out_of_memory();
	recorder->out = out;
	recorder->profile = profile;
	recorder->argv = argv;
	return recorder;
}

void recorder_free(struct recorder *recorder)
{
	if (!recorder)
		return;
	free(recorder->trouble);
	free(recorder);
}

const struct recorder_counts *recorder_counts(const struct recorder *recorder)
{
	return &recorder->counts;
}

const char *recorder_trouble(const struct recorder *recorder)
{
	return recorder->trouble;
}
