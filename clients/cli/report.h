/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What a replay found, told to people or to programs
 */
#include "clients/cli/canvas.h"
#include "clients/cli/replay.h"

/**
 * struct report - the telling of one run over some files
 * @show: draw the final address spaces
 * @lost: there is no server (any more)
 */
struct report {
	struct canvas canvas;
	bool json;
	bool show;
	bool lost;
	const char *path;
	const struct replay_options *options;
	json_t *differences; /* of the file at hand, for programs */
	size_t files;
	size_t agreeing;
	size_t steps;
	size_t agreed;
};

/** report_begin() - prepare to tell on @out, as JSON or in words */
void report_begin(struct report *report, bool json, FILE *out);

/** report_file_begin() - the next trace; both pointers are kept until its end */
void report_file_begin(struct report *report, const char *path,
		       const struct replay_options *options);

/** report_unusable() - the file is no trace, for the reason in @error */
void report_unusable(struct report *report, const char *error);

/** report_difference() - a struct replay_reporter's; @ctx is the report */
void report_difference(void *ctx, const struct trace *trace,
		       const struct trace_step *step,
		       const struct comparison *comparison);

/** report_space() - a struct replay_reporter's; @ctx is the report */
void report_space(void *ctx, const json_t *snapshot);

/**
 * report_file_end() - how the trace went
 * @wrong: why the trace ends before its file does, or NULL
 */
void report_file_end(struct report *report, const struct rpc_client *client,
		     const struct trace *trace, enum replay_outcome outcome,
		     const struct replay_result *result, const char *wrong);

/** report_end() - the sum over all files */
void report_end(struct report *report);

/**
 * report_side_by_side() - draw a comparison, expected left and got right
 *
 * A row that differs is marked as sdiff does: '|' in both, '<' expected only,
 * '>' got only. Sections without a difference are named, not drawn.
 */
void report_side_by_side(const struct canvas *canvas,
			 const struct comparison *comparison);
