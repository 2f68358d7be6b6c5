/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Where text for people goes: a stream that may know colours and line drawing
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct canvas {
	FILE *out;
	bool colour;
	bool utf8;
};

enum paint {
	PAINT_NONE,
	PAINT_DIM,
	PAINT_BOLD,
	PAINT_RED,
	PAINT_GREEN,
	PAINT_YELLOW,
};

/** canvas_init() - colour if @out is a terminal and $NO_COLOR is not set, line
 * drawing if the locale has it */
void canvas_init(struct canvas *canvas, FILE *out);

/** paint() - what begins a colour on this canvas, "" where there is none; PAINT_NONE ends it */
const char *paint(const struct canvas *canvas, enum paint colour);

/** ellipsis() - "…", or three dots */
const char *ellipsis(const struct canvas *canvas);

enum {
	SIZE_TEXT = 16
};

/**
 * size_text() - a number of bytes for people: "132 KiB", "127.9 TiB"
 *
 * One digit after the point, cut, not rounded: free space is never
 * overstated.
 *
 * Return: @text.
 */
const char *size_text(char text[SIZE_TEXT], uint64_t bytes);
