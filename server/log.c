/* SPDX-License-Identifier: MIT */
#include "server/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	LINE_MAX_BYTES = 1024
};

static enum log_level wanted = LOG_INFO;

static const char *const names[] = {
	[LOG_ERROR] = "error",
	[LOG_WARN] = "warn ",
	[LOG_INFO] = "info ",
	[LOG_DEBUG] = "debug",
};

void log_set_level(enum log_level level)
{
	wanted = level;
}

static size_t print_prefix(char *line, size_t size, enum log_level level)
{
	struct timespec now;
	struct tm utc;
	size_t len;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	len = strftime(line, size, "%Y-%m-%dT%H:%M:%S", &utc);
	return len + (size_t)snprintf(line + len, size - len, ".%03ldZ %s ",
				      now.tv_nsec / 1000000, names[level]);
}

void log_line(enum log_level level, const char *format, ...)
{
	char line[LINE_MAX_BYTES];
	size_t len, room;
	va_list args;
	int n;

	if (level > wanted)
		return;
	len = print_prefix(line, sizeof(line), level);
	room = sizeof(line) - len - 1;
	va_start(args, format);
	n = vsnprintf(line + len, room, format, args);
	va_end(args);
	if (n > 0)
		len += (size_t)n < room ? (size_t)n : room - 1;
	line[len++] = '\n';
	/* A log that cannot be written has nowhere to say so. */
	if (write(STDERR_FILENO, line, len) < 0)
		return;
}
