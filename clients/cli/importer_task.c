/* SPDX-License-Identifier: MIT */
/*
 * Which process and which thread a line is about
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli.h"
#include "clients/cli/importer_types.h"

void importer_image(struct importer *importer, struct imported_process *process,
		    json_t *line)
{
	struct image *image = calloc(1, sizeof(*image));

	if (!image)
		cli_out_of_memory();
	image->next = importer->images;
	importer->images = image;
	image->line = line;
	json_array_append_new(importer->lines, line);
	process->image = image;
	ranges_reset(&process->mapped);
	json_object_clear(process->told);
}

static struct imported_process *process_new(struct importer *importer)
{
	struct imported_process *process = calloc(1, sizeof(*process));

	if (!process)
		cli_out_of_memory();
	process->next = importer->processes;
	importer->processes = process;
	process->number = importer->nr_processes++;
	process->files = json_object();
	process->told = json_object();
	return process;
}

static struct imported_task *task_new(struct importer *importer, int64_t tid)
{
	struct imported_task *task = calloc(1, sizeof(*task));

	if (!task)
		cli_out_of_memory();
	task->next = importer->tasks;
	importer->tasks = task;
	task->tid = tid;
	return task;
}

static struct imported_task *task_find(struct importer *importer, int64_t tid)
{
	struct imported_task *task = importer->tasks;

	while (task && task->tid != tid)
		task = task->next;
	return task;
}

static void first_process(struct importer *importer, struct imported_task *task)
{
	json_t *header = json_object();

	if (importer->profile)
		json_object_set_new(header, "profile",
				    json_string(importer->profile));
	json_object_set_new(header, "mix", json_string("strace"));
	json_object_set_new(header, "faults", json_false());
	json_object_set_new(header, "checks", json_pack("[s]", "ret"));
	task->process = process_new(importer);
	importer->nr_threads = 1;
	importer_image(importer, task->process, header);
}

json_t *importer_line(const char *op, const struct imported_task *task)
{
	json_t *line = json_pack("{s:s}", "op", op);

	if (task->process->number)
		json_object_set_new(line, "p",
				    json_integer(task->process->number));
	if (task->thread)
		json_object_set_new(line, "t", json_integer(task->thread));
	return line;
}

void importer_child(struct importer *importer, struct imported_task *task,
		    int64_t tid, const char *flags)
{
	struct imported_process *parent = task->process;
	struct imported_task *child = task_find(importer, tid);
	json_t *line;

	if (child && child->process)
		return;
	if (!child)
		child = task_new(importer, tid);
	if (strstr(flags, "CLONE_THREAD")) {
		child->process = parent;
		child->thread = importer->nr_threads++;
		line = importer_line("clone", task);
		json_object_set_new(line, "new", json_integer(child->thread));
	} else {
		child->process = process_new(importer);
		child->process->image = parent->image;
		child->process->mapped = ranges_copy(&parent->mapped);
		json_object_update(child->process->files, parent->files);
		json_object_update(child->process->told, parent->told);
		line = importer_line("fork", task);
		json_object_set_new(line, "new",
				    json_integer(child->process->number));
		if (strstr(flags, "CLONE_VM"))
			json_object_set_new(line, "vm", json_true());
	}
	json_array_append_new(importer->lines, line);
}

/* A child may be heard of before the call that makes it has ended. */
static bool parent_guess(struct importer *importer, int64_t tid)
{
	struct imported_task *task = importer->tasks, *maker = NULL;

	for (; task; task = task->next) {
		const char *text = task->unfinished;

		if (text && task->process && !task->child_known &&
		    (!strncmp(text, "clone", 5) || !strncmp(text, "fork(", 5) ||
		     !strncmp(text, "vfork(", 6)))
			maker = task;
	}
	if (!maker)
		return false;
	maker->child_known = true;
	importer_child(importer, maker, tid,
		       *maker->unfinished == 'v' ? "CLONE_VM"
						 : maker->unfinished);
	return true;
}

struct imported_task *importer_task(struct importer *importer, int64_t tid)
{
	struct imported_task *task = task_find(importer, tid);

	/* strace names nobody until there is a second one. */
	if (!task && importer->nr_processes == 1 && !tid)
		task = task_find(importer, importer->first_tid);
	if (!task && importer->nr_processes && parent_guess(importer, tid))
		task = task_find(importer, tid);
	if (!task && (task = task_find(importer, 0)))
		task->tid = importer->first_tid = tid;
	if (task)
		return task;
	task = task_new(importer, tid);
	if (!importer->nr_processes) {
		importer->first_tid = tid;
		first_process(importer, task);
	} else {
		importer_complain(importer,
				  "process %" PRId64 " was not seen to be "
				  "made: its calls are left out",
				  tid);
	}
	return task;
}
