/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What a call changed: two snapshots of one process, compared
 */
#include <jansson.h>

#include "clients/cli/canvas.h"

/**
 * changes_draw() - draw how @after differs from @before, nothing if it does not
 *
 * In address order: '+' areas that are new, '-' those that are gone, '~' those
 * that changed, with what they were; then the counters of `mm` that moved, and
 * how often the vmacache was asked. Areas are told apart by their ids, which
 * last as long as they do.
 */
void changes_draw(const struct canvas *canvas, const json_t *before,
		  const json_t *after);
