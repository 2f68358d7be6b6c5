/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What differs between two states, as the service tells it
 */
#include <jansson.h>

#include "clients/cli/canvas.h"

/**
 * draw_diff() - draw a Diff, or say that nothing differs
 * @vmas: the areas of the second state, so that those that changed are shown as
 *        they are; NULL: they are named by their ids
 *
 * In address order: '+' areas that are new, '-' those that are gone, '~' those
 * that changed, each with what it was split from or merged into and the fields
 * that differ; then counters, look-up cache and tree.
 */
void draw_diff(const struct canvas *canvas, const json_t *diff,
	       const json_t *vmas);
