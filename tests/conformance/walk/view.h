/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What can be seen of a process: its maps and its counters
 *
 * Areas are compared as recorded runs have them: range, permissions, offset,
 * and the name without its folder; device and inode belong to the machine.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The values of /proc/PID/status that are looked at. */
enum counter {
	COUNTER_VMPEAK,
	COUNTER_VMSIZE,
	COUNTER_VMLCK,
	COUNTER_VMHWM,
	COUNTER_VMRSS,
	COUNTER_RSSANON,
	COUNTER_RSSFILE,
	COUNTER_RSSSHMEM,
	COUNTER_VMDATA,
	COUNTER_VMSTK,
	COUNTER_VMEXE,
	COUNTER_VMLIB,
	COUNTER_VMPTE,
	COUNTER_VMPMD,
	NR_COUNTERS,
};

/* "VmPeak" and so on, by enum counter. */
extern const char *const counter_names[NR_COUNTERS];

#define VIEW_MAX_AREAS 4096
#define AREA_NAME_MAX  24

struct area {
	uint64_t start, end, offset;
	char perms[5];
	char name[AREA_NAME_MAX];
};

struct view {
	size_t nr_areas;
	struct area areas[VIEW_MAX_AREAS];
	uint64_t counters[NR_COUNTERS]; /* kB; 0: the release has none */
	/*
	 * kB that page tables hold: exact, while the counters of a machine with
	 * several processors lag behind. UINT64_MAX: not known.
	 */
	uint64_t resident, anonymous;
};

/**
 * area_parse() - read one line of maps
 * @line: from its start
 * @len:  without the newline
 * @area: out
 *
 * Return: false: it is no such line, or one that is no area of the process, as
 *         [vsyscall].
 */
bool area_parse(const char *line, size_t len, struct area *area);

/**
 * view_parse_maps() - read a text of maps
 * @view: its areas are replaced
 *
 * Areas beyond VIEW_MAX_AREAS are left out.
 */
void view_parse_maps(struct view *view, const char *text, size_t len);

/* Replace the counters by those in a text of status. */
void view_parse_status(struct view *view, const char *text, size_t len);

/* Replace what page tables hold by a text of smaps_rollup. */
void view_parse_rollup(struct view *view, const char *text, size_t len);

bool areas_equal(const struct area *a, const struct area *b);
bool view_maps_equal(const struct view *a, const struct view *b);

/**
 * view_maps_same_pages() - do two views differ only in where areas are parted?
 *
 * Return: true if each page has the same permissions, object and offset in both.
 */
bool view_maps_same_pages(const struct view *a, const struct view *b);

/* "start-end perms offset name", as recorded runs have it. */
void area_print(FILE *out, const struct area *area);

/* The areas of @a alone with a -, those of @b alone with a +. */
void view_print_maps_difference(FILE *out, const struct view *a,
				const struct view *b);
