/* SPDX-License-Identifier: MIT */
#include "core/world/maps_survey.h"

#include <string.h>

enum world_status refuse_line(const struct creation *creation, size_t number,
			      const char *problem)
{
	return creation_refuse(creation->error, "maps", "line %zu: %s", number,
			       problem);
}

bool has_guard_page(const struct creation *creation)
{
	return creation->setup->profile->stack_guard_page;
}

/* Before a start_code that is given, the first text is that of the program. */
static bool is_program_text(const struct creation *creation,
			    const struct maps_line *line)
{
	const struct process_setup *setup = creation->setup;
	uint64_t start_code = setup->mm[MM_START_CODE];

	if (line->kind != MAPS_FILE)
		return false;
	if (setup->mm_given & 1U << MM_START_CODE)
		return line->start <= start_code && start_code < line->end;
	return (line->vm_flags & (VM_READ | VM_EXEC)) == (VM_READ | VM_EXEC);
}

bool is_same_file(const struct maps_line *a, const struct maps_line *b)
{
	if (b->kind != MAPS_FILE || a->name_len != b->name_len ||
	    memcmp(a->name, b->name, a->name_len))
		return false;
	return !a->has_inode || !b->has_inode ||
	       (a->inode == b->inode && a->dev_major == b->dev_major &&
		a->dev_minor == b->dev_minor);
}

static bool is_private_writable(const struct maps_line *line)
{
	return (line->vm_flags & (VM_WRITE | VM_SHARED)) == VM_WRITE;
}

static void survey_data(struct survey *survey, const struct maps_line *line)
{
	if (is_same_file(&survey->program, line)) {
		if (!survey->data_end)
			survey->data_start = line->start;
		survey->data_end = line->end;
		survey->data_limit = line->end;
	} else if (line->kind == MAPS_ANON && survey->data_end &&
		   survey->data_limit == line->start) {
		survey->data_limit = line->end;
	}
}

static const char *survey_stack(const struct creation *creation,
				struct survey *survey,
				const struct maps_line *line)
{
	if (survey->has_stack)
		return "a process has one [stack]";
	if (has_guard_page(creation) &&
	    line->start < survey->last_end + PAGE_SIZE)
		return "the page below [stack] must be free: its guard page is "
		       "there, which maps does not show";
	survey->has_stack = true;
	survey->stack_start = line->start;
	survey->stack_end = line->end;
	return NULL;
}

static const char *survey_line(const struct creation *creation,
			       struct survey *survey,
			       const struct maps_line *line)
{
	if (line->start < survey->last_end)
		return "it begins below the end of the line before; areas go "
		       "upwards and do not overlap";
	if (!survey->has_program && is_program_text(creation, line)) {
		survey->has_program = true;
		survey->program = *line;
	}
	if (survey->has_program && is_private_writable(line))
		survey_data(survey, line);
	if (line->kind == MAPS_HEAP) {
		if (!survey->heap_end)
			survey->heap_start = line->start;
		survey->heap_end = line->end;
	}
	if (line->kind == MAPS_STACK)
		return survey_stack(creation, survey, line);
	return NULL;
}

enum world_status survey_maps(const struct creation *creation,
			      struct survey *survey)
{
	const char *text = creation->setup->maps, *line_text, *problem;
	size_t len = creation->setup->maps_len, line_len, number = 1;
	struct maps_line line;

	for (; (line_text = maps_text_next(&text, &len, &line_len)); number++) {
		problem = maps_line_parse(line_text, line_len, &line);
		if (!problem)
			problem = survey_line(creation, survey, &line);
		if (problem)
			return refuse_line(creation, number, problem);
		survey->last_end = line.end;
	}
	return WORLD_OK;
}
