/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The line that shows a person that the run goes on
 *
 * On stderr, and only if that is a terminal and --quiet was not given.
 */
struct load;

/** progress_show() - write the line anew */
void progress_show(const struct load *load);

/** progress_clear() - take the line away */
void progress_clear(const struct load *load);
