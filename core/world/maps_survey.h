/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The first reading of a text of maps
 *
 * Judges every line, and finds out what later lines decide about earlier ones:
 * which file is the program, and where its break and its stack are.
 */
#include "core/world/creation.h"
#include "core/world/maps_text.h"

struct survey {
	bool has_program, has_stack;
	struct maps_line program; /* the line of its text */
	uint64_t data_start, data_end;
	uint64_t data_limit; /* of the zeroed memory behind the data */
	uint64_t heap_start, heap_end;
	uint64_t stack_start, stack_end; /* without the guard page */
	uint64_t last_end;               /* of the line before */
};

/**
 * survey_maps() - read the text and judge it
 * @creation: whose setup has the text
 * @survey:   out, zeroed by the caller
 *
 * Return: WORLD_OK or WORLD_BAD_PARAM.
 */
enum world_status survey_maps(const struct creation *creation,
			      struct survey *survey);

/* Whether @b is of the file of @a, as far as both say which. */
bool is_same_file(const struct maps_line *a, const struct maps_line *b);

/* Whether the lowest page of a stack is there and not shown. */
bool has_guard_page(const struct creation *creation);

/* Refuse a line, numbered from 1, for what is wrong with it. */
enum world_status refuse_line(const struct creation *creation, size_t number,
			      const char *problem);
