/* SPDX-License-Identifier: MIT */
/*
 * What a call, and what happened before it, means for the trace
 */
#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli.h"
#include "clients/cli/maps.h"
#include "clients/cli/recorder_types.h"

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
	json_t *line = recorder_line("write", process, 0);

	json_object_set_new(line, "a", json_pack("[o]", recorder_hex(addr)));
	json_object_set_new(line, "r", json_integer(0));
	recorder_add_maps(process, line);
	recorder_write(recorder, line);
}

static bool limits_changed(struct recorded_process *process)
{
	json_t *limits = json_incref(process->limits);
	json_t *uid = json_incref(process->uid);
	bool changed;

	recorded_process_see_limits(process);
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
	struct recorded_space *space = process->space;
	struct page_runs before = space->written;
	const char *maps = space->maps;
	struct maps_line line;

	space->written = (struct page_runs){ 0 };
	recorded_process_see_writes(process);
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
	char *maps = recorder_read_maps(recorder, process->pid);
	struct recorded_space *space = process->space;
	struct maps_line stack;
	bool grew, changed;

	if (!maps)
		return;
	changed = strcmp(space->maps, maps) != 0;
	grew = changed && only_stack_grew(space->maps, maps);
	recorded_space_see(space, maps);
	if ((changed && !grew) || limits_changed(process)) {
		recorder_write_image(
			recorder, process, "image",
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
		line = recorder_line("close", process, 0);
		json_object_set_new(line, "fd", json_integer(fd));
		recorder_write(recorder, line);
	}
	line = recorder_line("open", process, 0);
	json_object_set_new(line, "fd", json_integer(fd));
	json_object_update(line, told);
	recorder_write(recorder, line);
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
	if (form->answers_address && !call_is_errno(ret))
		return recorder_hex((uint64_t)ret);
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
	char *maps = recorder_read_maps(recorder, process->pid);
	struct recorded_space *space = process->space;
	json_t *line, *list;
	char *text;

	if (!strcmp(form->name, "brk"))
		space->brk = (uint64_t)ret;
	if (maps) {
		/* Another thread's fault: nobody saw which came first. */
		foreign |= stack_is_lower(space->maps, maps);
		recorded_space_see(space, maps);
	}
	if (foreign) {
		text = call_text(form, args);
		if (process->told != space->changes)
			recorder_write_image(recorder, process, "image", text);
		free(text);
		return;
	}
	line = recorder_line(form->name, process, thread);
	list = json_array();
	for (unsigned i = 0; i < form->count; i++)
		json_array_append_new(list, recorder_hex(args[i]));
	json_object_set_new(line, "a", list);
	json_object_set_new(line, "r", answer(form, ret));
	if (call_file_system_chose(form, args, ret))
		json_object_set_new(line, "at", recorder_hex((uint64_t)ret));
	recorder_add_maps(process, line);
	recorder_write(recorder, line);
	recorder->counts.calls++;
	recorded_process_see_writes(process);
}
