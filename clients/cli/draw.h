/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Pictures of an address space, drawn from the parts of a snapshot
 */
#include <jansson.h>

#include "clients/cli/canvas.h"

/** draw_space() - totals, then a line per area and per gap; from `mm` and `vmas` */
void draw_space(const struct canvas *canvas, const json_t *snapshot);

/**
 * draw_area() - one area on one line
 * @mark:   what stands before it, such as '+'; ' ' for nothing
 * @colour: of the whole line, or PAINT_NONE
 */
void draw_area(const struct canvas *canvas, char mark, enum paint colour,
	       const json_t *vma);

/** draw_tree() - the rbtree on its side, lowest address on top; from `rbtree` and `vmas` */
void draw_tree(const struct canvas *canvas, const json_t *snapshot);

/** draw_cache() - a thread's slots and counters; from `vmacache` and `vmas` */
void draw_cache(const struct canvas *canvas, const json_t *snapshot);

/** draw_pagetable() - tables by level and what is resident; from `pagetable` */
void draw_pagetable(const struct canvas *canvas, const json_t *snapshot);
