/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Lines of /proc/PID/maps, as clients read them
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct maps_line - what a line says
 * @perms:    "rw-p", NUL terminated
 * @name:     points into the line; empty if the area has none
 * @name_len: without the newline
 */
struct maps_line {
	uint64_t start;
	uint64_t end;
	char perms[5];
	uint64_t offset;
	unsigned dev_major;
	unsigned dev_minor;
	uint64_t inode;
	const char *name;
	size_t name_len;
};

/**
 * maps_line_read() - understand one line
 * @text: the line; what follows a newline is not looked at
 * @line: filled, if it is one
 *
 * Return: whether the line is one of /proc/PID/maps, wholly.
 */
bool maps_line_read(const char *text, struct maps_line *line);

/**
 * maps_next_line() - walk a text line by line
 * @textp: moved behind the line
 *
 * Lines that are none of maps are passed over.
 *
 * Return: false at the end.
 */
bool maps_next_line(const char **textp, struct maps_line *line);

/** maps_name_is() - whether the area is called @name */
bool maps_name_is(const struct maps_line *line, const char *name);

/** maps_base_name() - the name without its folder, @lenp bytes of it */
const char *maps_base_name(const struct maps_line *line, size_t *lenp);

/**
 * maps_shorten() - a line of /proc/PID/maps in the traces' form
 *
 * "00400000-00401000 r-xp 00000000 00:01 7    /bin/x" becomes
 * "400000-401000 r-xp 0 x".
 *
 * Return: a new string, or NULL if @line is no such line.
 */
char *maps_shorten(const char *line);
