/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the files of the recorder share
 */
#include "clients/cli/proc.h"
#include "clients/cli/recorder.h"

/* An address space, used by one process or, after vfork, by several. */
struct recorded_space {
	unsigned users;
	unsigned changes; /* counts them */
	char *maps;       /* as they were last seen */
	uint64_t brk;
	struct page_runs written; /* anonymous pages that were there then */
};

struct recorded_process {
	pid_t pid;
	unsigned number;
	struct recorded_space *space;
	unsigned told; /* the space's changes when its maps were last written */
	json_t *files; /* descriptors that the trace knows */
	json_t *limits;
	json_t *uid;
};

struct recorder {
	FILE *out;
	const char *profile;
	char *const *argv;
	struct recorder_counts counts;
	char *trouble;
};

/** recorder_complain() - what recorder_trouble() says from here on */
void recorder_complain(struct recorder *recorder, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** recorder_line() - a line that says who did what; a first process or thread goes unsaid */
json_t *recorder_line(const char *op, const struct recorded_process *process,
		      unsigned thread);

/** recorder_write() - put a line into the trace; @line is taken */
void recorder_write(struct recorder *recorder, json_t *line);

/** recorder_hex() - a number as traces hold it */
json_t *recorder_hex(uint64_t number);

/** recorder_maps_lines() - maps as an array, in the traces' short form or whole */
json_t *recorder_maps_lines(const char *maps, bool brief);

/** recorder_add_maps() - add the maps where the trace's reader does not know them */
void recorder_add_maps(struct recorded_process *process, json_t *line);

/** recorder_read_maps() - the maps of a process, or NULL, with a trouble if it lives */
char *recorder_read_maps(struct recorder *recorder, pid_t pid);

/** recorded_space_see() - these are the maps now; @maps is taken */
void recorded_space_see(struct recorded_space *space, char *maps);

/** recorded_process_see_writes() - look which pages have been written */
void recorded_process_see_writes(struct recorded_process *process);

/** recorded_process_see_limits() - look at the limits and the user */
void recorded_process_see_limits(struct recorded_process *process);

/** recorder_write_image() - write the process as it stands: exec, or image because of @why */
void recorder_write_image(struct recorder *recorder,
			  struct recorded_process *process, const char *op,
			  const char *why);
