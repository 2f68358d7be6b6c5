/* SPDX-License-Identifier: MIT */
/*
 * What a call in strace's output means for the trace
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli.h"
#include "clients/cli/importer_types.h"

enum {
	PAGE = 4096,
	MAP_ANONYMOUS_FLAG = 0x20,
	MAP_32BIT_FLAG = 0x40,
	MAP_FIXED_FLAGS = 0x100010,
	MREMAP_DONTUNMAP_FLAG = 4,
};

#define PROT_GROWS 0x03000000ULL

static uint64_t page_up(uint64_t value)
{
	return (value + PAGE - 1) & ~(uint64_t)(PAGE - 1);
}

static json_t *hex(uint64_t number)
{
	char text[32];

	snprintf(text, sizeof(text), "0x%" PRIx64, number);
	return json_string(text);
}

/* ---------------------------------------------------------------- files */

static void fd_key(char *key, size_t size, int64_t fd)
{
	snprintf(key, size, "%d", (int)fd);
}

static void file_known(struct imported_process *process, int64_t fd,
		       json_t *file)
{
	char key[16];

	fd_key(key, sizeof(key), fd);
	json_object_set_new(process->files, key, file);
}

/* The last part of a quoted path, or of the <path> that -y adds. */
static json_t *base_name(const char *text)
{
	const char *end = text + strlen(text), *start;
	json_t *name = NULL;

	while (end > text && strchr("\">.", end[-1]))
		end--;
	for (start = end; start > text && !strchr("/\"<", start[-1]); start--)
		;
	if (start < end)
		name = json_stringn(start, (size_t)(end - start));
	return name ? name : json_string("file");
}

static const char *open_mode(const char *flags)
{
	if (strstr(flags, "O_RDWR"))
		return "rw";
	return strstr(flags, "O_WRONLY") ? "wo" : "ro";
}

/* "st_size=1234" among the arguments, or -1. */
static int64_t stat_size(const struct strace_line *line)
{
	for (size_t i = 0; i < line->nr_args; i++) {
		const char *size = strstr(line->args[i], "st_size=");

		if (size)
			return strtoll(size + strlen("st_size="), NULL, 10);
	}
	return -1;
}

static void size_known(struct imported_process *process, uint64_t fd,
		       int64_t size)
{
	json_t *file;
	char key[16];

	fd_key(key, sizeof(key), (int64_t)fd);
	file = json_object_get(process->files, key);
	if (file && size >= 0)
		json_object_set_new(file, "size", json_integer(size));
}

static void descriptor_copy(struct imported_process *process, uint64_t from,
			    int64_t to)
{
	char key[16];
	json_t *file;

	fd_key(key, sizeof(key), (int64_t)from);
	file = json_object_get(process->files, key);
	if (file)
		file_known(process, to, json_copy(file));
}

/* Calls that make or change descriptors; what is none of them is ignored. */
static void descriptor_call(struct imported_process *process,
			    const struct strace_line *line, int64_t ret)
{
	const char *name = line->name;
	uint64_t fd = 0;
	size_t path = !strcmp(name, "openat") || !strcmp(name, "openat2");

	if (!line->nr_args || ret < 0)
		return;
	if ((path || !strcmp(name, "open")) && line->nr_args > path + 1) {
		file_known(process, ret,
			   json_pack("{s:o, s:s}", "name",
				     base_name(line->args[path]), "mode",
				     open_mode(line->args[path + 1])));
		return;
	}
	if (!strcmp(name, "memfd_create") || !strcmp(name, "creat")) {
		file_known(process, ret,
			   json_pack("{s:o, s:s}", "name",
				     base_name(line->args[0]), "mode", "rw"));
		return;
	}
	if (!strace_number(line->args[0], &fd))
		return;
	if (!strncmp(name, "dup", 3) ||
	    (!strncmp(name, "fcntl", 5) && line->nr_args > 1 &&
	     !strncmp(line->args[1], "F_DUPFD", 7)))
		descriptor_copy(process, fd, ret);
	else if (!strcmp(name, "fstat") || !strcmp(name, "newfstatat"))
		size_known(process, fd, stat_size(line));
	else if (!strcmp(name, "ftruncate") && line->nr_args > 1)
		size_known(process, fd, strtoll(line->args[1], NULL, 0));
}

/* Before a file is mapped, the trace says what it is. */
static void file_tell(struct importer *importer,
		      const struct imported_task *task, const char *fd_text,
		      const uint64_t *args)
{
	struct imported_process *process = task->process;
	json_t *file, *told, *line;
	char key[16];

	fd_key(key, sizeof(key), (int64_t)(int32_t)args[4]);
	file = json_object_get(process->files, key);
	if (!file) {
		file = json_pack("{s:o, s:s}", "name",
				 strchr(fd_text, '<') ? base_name(fd_text)
						      : json_string("file"),
				 "mode", "rw");
		json_object_set_new(process->files, key, file);
	}
	/* Nobody said how long it is: as long as it takes. */
	if (!json_object_get(file, "size"))
		json_object_set_new(
			file, "size",
			json_integer((json_int_t)((args[5] + page_up(args[1])) &
						  INT64_MAX)));
	told = json_object_get(process->told, key);
	if (told && json_equal(told, file))
		return;
	if (told) {
		line = importer_line("close", task);
		json_object_del(line, "t");
		json_object_set_new(line, "fd", json_integer((int32_t)args[4]));
		json_array_append_new(importer->lines, line);
	}
	line = importer_line("open", task);
	json_object_del(line, "t");
	json_object_set_new(line, "fd", json_integer((int32_t)args[4]));
	json_object_update(line, file);
	json_array_append_new(importer->lines, line);
	json_object_set_new(process->told, key, json_copy(file));
}

/* --------------------------------------------------------- memory calls */

/* What must have been mapped, for the call to succeed, was there at exec. */
static void find_mapped(struct imported_process *process, uint64_t start,
			uint64_t length)
{
	uint64_t end = page_up(start + length);
	struct range gap;

	start &= ~(uint64_t)(PAGE - 1);
	if (end > (1ULL << 47) - PAGE || end <= start)
		return;
	while (ranges_next_gap(&process->mapped, start, end, &gap)) {
		ranges_add(&process->image->found, gap.start, gap.end);
		ranges_add(&process->mapped, gap.start, gap.end);
	}
}

static void mapped_add(struct imported_process *process, uint64_t start,
		       uint64_t length)
{
	if (length && start + page_up(length) > start)
		ranges_add(&process->mapped, start, start + page_up(length));
}

static void mapped_remove(struct imported_process *process, uint64_t start,
			  uint64_t length)
{
	if (length && start + page_up(length) > start)
		ranges_remove(&process->mapped, start, start + page_up(length));
}

/* The first that the kernel was free to place lies on top. */
static void place_learn(struct image *image, const uint64_t *args, uint64_t ret)
{
	if (!image->mmap_base && !args[0] &&
	    !(args[3] & (MAP_FIXED_FLAGS | MAP_32BIT_FLAG)))
		image->mmap_base = ret + page_up(args[1]);
}

static void brk_learn(struct imported_process *process, uint64_t ret)
{
	struct image *image = process->image;

	if (!image->start_brk)
		image->start_brk = ret;
	if (ret > image->start_brk) {
		mapped_remove(process, image->start_brk, 1ULL << 30);
		mapped_add(process, image->start_brk, ret - image->start_brk);
	}
}

static void effect(struct imported_process *process,
		   const struct call_form *form, const uint64_t *args,
		   int64_t ret)
{
	const char *name = form->name;

	if (!strcmp(name, "brk")) {
		brk_learn(process, (uint64_t)ret);
	} else if (call_is_errno(ret)) {
		return;
	} else if (!strcmp(name, "mmap")) {
		place_learn(process->image, args, (uint64_t)ret);
		mapped_add(process, (uint64_t)ret, args[1]);
	} else if (!strcmp(name, "munmap")) {
		mapped_remove(process, args[0], args[1]);
	} else if (!strcmp(name, "mremap")) {
		find_mapped(process, args[0], args[1] ? args[1] : 1);
		if (!(args[3] & MREMAP_DONTUNMAP_FLAG))
			mapped_remove(process, args[0], args[1]);
		mapped_add(process, (uint64_t)ret, args[2]);
	} else if (form->count >= 2 && form->args[0].kind == ARG_ADDR &&
		   !(form->args[2].kind == ARG_PROT && args[2] & PROT_GROWS)) {
		find_mapped(process, args[0], args[1]);
	}
}

static bool memory_args(struct importer *importer,
			const struct strace_line *line,
			const struct call_form *form, uint64_t *args)
{
	for (unsigned i = 0; i < form->count; i++) {
		args[i] = form->args[i].kind == ARG_FD ? UINT64_MAX : 0;
		if (i >= line->nr_args && i >= form->required)
			continue;
		if (i >= line->nr_args) {
			importer_complain(
				importer, "%s has %u arguments, and not %zu",
				form->name, form->count, line->nr_args);
			return false;
		}
		if (!strace_argument(line->args[i], form->args[i].kind,
				     &args[i])) {
			importer_complain(
				importer, "%s: '%.40s' is no %s that is known",
				form->name, line->args[i], form->args[i].name);
			return false;
		}
	}
	return true;
}

static void memory_call(struct importer *importer, struct imported_task *task,
			const struct strace_line *line,
			const struct call_form *form, int64_t ret)
{
	uint64_t args[CALL_ARGS_MAX];
	json_t *step, *list;

	if (!memory_args(importer, line, form, args))
		return;
	if (form->count > 4 && form->args[4].kind == ARG_FD &&
	    !(args[3] & MAP_ANONYMOUS_FLAG) && (int32_t)args[4] >= 0 &&
	    ret != -9)
		file_tell(importer, task, line->args[4], args);
	effect(task->process, form, args, ret);
	step = importer_line(form->name, task);
	list = json_array();
	for (unsigned i = 0; i < form->count; i++)
		json_array_append_new(list, hex(args[i]));
	json_object_set_new(step, "a", list);
	json_object_set_new(step, "r",
			    form->answers_address && !call_is_errno(ret)
				    ? hex((uint64_t)ret)
				    : json_integer(ret));
	if (call_file_system_chose(form, args, ret))
		json_object_set_new(step, "at", hex((uint64_t)ret));
	json_array_append_new(importer->lines, step);
	importer->calls++;
}

/* ------------------------------------------------------------ all calls */

static void exec_call(struct importer *importer, struct imported_task *task)
{
	/* The first one is where the trace begins. */
	if (!importer->calls && !task->process->number &&
	    importer->nr_processes == 1)
		return;
	importer_image(importer, task->process, importer_line("exec", task));
}

static void making_call(struct importer *importer, struct imported_task *task,
			const struct strace_line *line, int64_t tid)
{
	const char *flags = "";

	for (size_t i = 0; i < line->nr_args; i++) {
		if (strstr(line->args[i], "flags="))
			flags = line->args[i];
	}
	if (!strcmp(line->name, "vfork"))
		flags = "CLONE_VM";
	importer_child(importer, task, tid, flags);
}

void importer_call(struct importer *importer, struct imported_task *task,
		   struct strace_line *line)
{
	const struct call_form *form = call_find(line->name);
	int64_t ret;

	/* "?": the process ended in the call. */
	if (*line->ret == '?')
		return;
	if (!strace_answer(line->ret, &ret)) {
		if (form)
			importer_complain(importer, "%s: '%.40s' is no answer",
					  line->name, line->ret);
		return;
	}
	if (form)
		memory_call(importer, task, line, form, ret);
	else if (!strncmp(line->name, "execve", 6) && !ret)
		exec_call(importer, task);
	else if ((!strncmp(line->name, "clone", 5) ||
		  !strcmp(line->name, "fork") ||
		  !strcmp(line->name, "vfork")) &&
		 ret > 0)
		making_call(importer, task, line, ret);
	else
		descriptor_call(task->process, line, ret);
}
