/* SPDX-License-Identifier: MIT */
/*
 * Recorded processes: their address spaces, images, children and threads
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli.h"
#include "clients/cli/json_number.h"
#include "clients/cli/recorder_types.h"

#define USER_SPACE_END 0x7ffffffff000ULL

static void space_put(struct recorded_space *space)
{
	if (--space->users)
		return;
	free(space->maps);
	page_runs_reset(&space->written);
	free(space);
}

static struct recorded_space *space_new(char *maps)
{
	struct recorded_space *space = calloc(1, sizeof(*space));

	if (!space)
		cli_out_of_memory();
	space->users = 1;
	space->maps = maps;
	return space;
}

void recorded_space_see(struct recorded_space *space, char *maps)
{
	if (!strcmp(space->maps, maps)) {
		free(maps);
		return;
	}
	free(space->maps);
	space->maps = maps;
	space->changes++;
}

void recorded_process_see_writes(struct recorded_process *process)
{
	struct recorded_space *space = process->space;

	page_runs_reset(&space->written);
	proc_pages(process->pid, 0, USER_SPACE_END, true, &space->written);
}

char *recorder_read_maps(struct recorder *recorder, pid_t pid)
{
	char *maps = proc_read(pid, "maps");

	if (!maps && errno != ESRCH && errno != ENOENT)
		recorder_complain(
			recorder,
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
	struct recorded_space *space = process->space;
	json_t *mm = proc_mm(process->pid, space->maps);

	if (!mm) {
		recorder_complain(recorder,
				  "process %d ended while it was looked at",
				  (int)process->pid);
		return false;
	}
	if (space->brk)
		json_object_set_new(mm, "brk", recorder_hex(space->brk));
	else
		json_u64(json_object_get(mm, "brk"), &space->brk);
	json_object_set_new(line, "maps",
			    recorder_maps_lines(space->maps, false));
	json_object_set_new(line, "mm", mm);
	json_object_set_new(line, "resident",
			    proc_resident(process->pid, space->maps));
	json_object_set(line, "rlimits", process->limits);
	json_object_set(line, "uid", process->uid);
	json_object_set_new(line, "files", json_copy(process->files));
	process->told = space->changes;
	return true;
}

void recorded_process_see_limits(struct recorded_process *process)
{
	json_decref(process->limits);
	json_decref(process->uid);
	process->limits = proc_limits(process->pid);
	process->uid = proc_uid(process->pid);
}

static struct recorded_process *
process_new(struct recorder *recorder, pid_t pid, struct recorded_space *space)
{
	struct recorded_process *process = calloc(1, sizeof(*process));

	if (!process)
		cli_out_of_memory();
	process->pid = pid;
	process->number = recorder->counts.processes++;
	process->space = space;
	process->files = json_object();
	recorded_process_see_limits(process);
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
	char *maps = recorder_read_maps(recorder, pid);
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
	recorder_write(recorder, header);
	recorded_process_see_writes(process);
	recorder->counts.threads = 1;
	return process;
}

void recorder_write_image(struct recorder *recorder,
			  struct recorded_process *process, const char *op,
			  const char *why)
{
	json_t *line = recorder_line(op, process, 0);

	if (why)
		json_object_set_new(line, "why", json_string(why));
	if (image_add(recorder, process, line))
		recorder_write(recorder, line);
	else
		json_decref(line);
	recorded_process_see_writes(process);
}

void recorder_exec(struct recorder *recorder, struct recorded_process *process)
{
	char *maps = recorder_read_maps(recorder, process->pid);

	if (!maps)
		return;
	space_put(process->space);
	process->space = space_new(maps);
	json_object_clear(process->files);
	recorded_process_see_limits(process);
	recorder_write_image(recorder, process, "exec", NULL);
}

/* ------------------------------------------------- processes and threads */

struct recorded_process *recorder_fork(struct recorder *recorder,
				       struct recorded_process *process,
				       unsigned thread, pid_t pid,
				       bool share_mm)
{
	struct recorded_space *space = process->space;
	struct recorded_process *child;
	json_t *line;
	char *maps;

	if (share_mm) {
		space->users++;
	} else {
		maps = recorder_read_maps(recorder, pid);
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

	line = recorder_line("fork", process, thread);
	json_object_set_new(line, "new", json_integer(child->number));
	if (share_mm)
		json_object_set_new(line, "vm", json_true());
	json_object_set_new(line, "m", recorder_maps_lines(space->maps, true));
	recorder_write(recorder, line);
	if (!share_mm)
		recorded_process_see_writes(child);
	return child;
}

unsigned recorder_clone(struct recorder *recorder,
			struct recorded_process *process, unsigned thread)
{
	json_t *line = recorder_line("clone", process, thread);
	unsigned number = recorder->counts.threads++;

	json_object_set_new(line, "new", json_integer(number));
	recorder_write(recorder, line);
	return number;
}

void recorder_thread_exit(struct recorder *recorder,
			  struct recorded_process *process, unsigned thread)
{
	recorder_write(recorder, recorder_line("exit", process, thread));
}

void recorder_exit(struct recorder *recorder, struct recorded_process *process)
{
	recorder_write(recorder, recorder_line("exit", process, 0));
	process_free(process);
}
