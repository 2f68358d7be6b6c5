/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Lines on stderr, for people or, as JSON, for programs
 *
 *	2026-01-31T12:00:00.000Z info  request status=200 method=mm.brk
 *	{"time":"2026-01-31T12:00:00.000Z","level":"info","msg":"request",
 *	 "status":200,"method":"mm.brk"}                   (on one line)
 *
 * One line is one write, so that lines of several loops do not mix. Nobody
 * waits for a reader that does not read: such lines are lost, and so are those
 * beyond the rate that was set; the next line that goes out is preceded by one
 * that says how many.
 *
 * What clients send is never logged, but for ids that they mean to be: bodies
 * hold the names of processes, and whoever has the name may use the process.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum log_level {
	LOG_ERROR, /* the server cannot do what it was asked */
	LOG_WARN,  /* it can, but somebody should look */
	LOG_INFO,  /* start, drain, stop; requests, if asked for */
	LOG_DEBUG, /* one line per request */
};

enum {
	LOG_LINE_MAX = 2048
};

/** log_set_level() - print @level and graver; call before there are threads */
void log_set_level(enum log_level level);

/** log_set_form() - as JSON or not, and how many lines a second there may be
 * of those that clients can cause, 0: any number; likewise */
void log_set_form(bool json, unsigned lines_per_second);

/** log_wants() - would a line of @level be printed? */
bool log_wants(enum log_level level);

/** log_lost() - lines that were not printed for want of time, so far */
uint64_t log_lost(void);

/** log_line() - print one line, if its level is wanted */
void log_line(enum log_level level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A line with named values; one that has no room for all says cut=1. */
struct log_record {
	enum log_level level;
	size_t len;
	bool cut;
	char line[LOG_LINE_MAX];
};

/** log_begin() - begin a line, whatever its level; counts towards the rate */
void log_begin(struct log_record *record, enum log_level level,
	       const char *msg);

/** log_text() - a text; @name needs no escapes */
void log_text(struct log_record *record, const char *name, const char *text,
	      size_t len);

/** log_number() - a number */
void log_number(struct log_record *record, const char *name, uint64_t number);

/** log_seconds() - @ns as a number of seconds, to the microsecond */
void log_seconds(struct log_record *record, const char *name, uint64_t ns);

/** log_end() - print it */
void log_end(struct log_record *record);
