/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Lines for people, on stderr
 *
 * One line is one write, so that lines of several loops do not mix. What
 * clients send is never logged: bodies hold the names of processes, and
 * whoever has the name may use the process.
 */

enum log_level {
	LOG_ERROR, /* the server cannot do what it was asked */
	LOG_WARN,  /* it can, but somebody should look */
	LOG_INFO,  /* start, drain, stop */
	LOG_DEBUG, /* one line per connection */
};

/** log_set_level() - print @level and graver; call before there are threads */
void log_set_level(enum log_level level);

/** log_line() - print one line, if its level is wanted */
void log_line(enum log_level level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
