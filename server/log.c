/* SPDX-License-Identifier: MIT */
#include "server/log.h"

#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	TEXT_MAX = 1024,
	END_ROOM = 16, /* for: ,"cut":1} and the end of the line */
};

static enum log_level wanted = LOG_INFO;
static bool as_json;
static unsigned rate;

/* Of what follows, and of writing. Held for one write at most. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static time_t second;
static unsigned in_second; /* lines */
static uint64_t lost, lost_untold;

static const char *const names[] = {
	[LOG_ERROR] = "error",
	[LOG_WARN] = "warn",
	[LOG_INFO] = "info",
	[LOG_DEBUG] = "debug",
};

void log_set_level(enum log_level level)
{
	wanted = level;
}

void log_set_form(bool json, unsigned lines_per_second)
{
	as_json = json;
	rate = lines_per_second;
}

bool log_wants(enum log_level level)
{
	return level <= wanted;
}

uint64_t log_lost(void)
{
	uint64_t value;

	pthread_mutex_lock(&lock);
	value = lost;
	pthread_mutex_unlock(&lock);
	return value;
}

/* Adds bytes, or marks the record as cut. */
static void append(struct log_record *record, const char *bytes, size_t len)
{
	if (record->cut ||
	    len > sizeof(record->line) - END_ROOM - record->len) {
		record->cut = true;
		return;
	}
	memcpy(record->line + record->len, bytes, len);
	record->len += len;
}

static void append_text(struct log_record *record, const char *text)
{
	append(record, text, strlen(text));
}

static void append_quoted(struct log_record *record, const char *text,
			  size_t len)
{
	char escaped[8];
	size_t i;

	append_text(record, "\"");
	for (i = 0; i < len; i++) {
		unsigned char byte = (unsigned char)text[i];

		if (byte == '"' || byte == '\\')
			append_text(record, "\\");
		if (byte >= 0x20 && byte < 0x7f) {
			append(record, text + i, 1);
			continue;
		}
		/* Our own words are ASCII; nothing else is worth a decoder. */
		snprintf(escaped, sizeof(escaped), "\\u%04x",
			 byte < 0x80 ? byte : 0xfffdu);
		append_text(record, escaped);
	}
	append_text(record, "\"");
}

static bool is_plain(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (text[i] <= ' ' || text[i] > '~' || strchr("\"\\=", text[i]))
			return false;
	return len > 0;
}

/* Adds the name of a value, and goes back to @mark if the rest does not fit. */
static size_t begin_value(struct log_record *record, const char *name)
{
	const size_t mark = record->len;

	append_text(record, as_json ? ",\"" : " ");
	append_text(record, name);
	append_text(record, as_json ? "\":" : "=");
	return mark;
}

static void end_value(struct log_record *record, size_t mark)
{
	if (record->cut)
		record->len = mark;
}

void log_begin(struct log_record *record, enum log_level level, const char *msg)
{
	char start[64], text[32];
	struct timespec now;
	struct tm utc;

	record->level = level;
	record->len = 0;
	record->cut = false;
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(start, sizeof(start),
		 as_json ? "{\"time\":\"%s.%03ldZ\",\"level\":\"%s\",\"msg\":"
			 : "%s.%03ldZ %-5s ",
		 text, now.tv_nsec / 1000000, names[level]);
	append_text(record, start);
	if (as_json)
		append_quoted(record, msg, strlen(msg));
	else
		append_text(record, msg);
}

void log_text(struct log_record *record, const char *name, const char *text,
	      size_t len)
{
	size_t mark = begin_value(record, name);

	if (as_json || !is_plain(text, len))
		append_quoted(record, text, len);
	else
		append(record, text, len);
	end_value(record, mark);
}

void log_number(struct log_record *record, const char *name, uint64_t number)
{
	size_t mark = begin_value(record, name);
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRIu64, number);
	append_text(record, digits);
	end_value(record, mark);
}

void log_seconds(struct log_record *record, const char *name, uint64_t ns)
{
	size_t mark = begin_value(record, name);
	char digits[32];

	snprintf(digits, sizeof(digits), "%" PRIu64 ".%06" PRIu64,
		 ns / 1000000000, ns % 1000000000 / 1000);
	append_text(record, digits);
	end_value(record, mark);
}

static void finish(struct log_record *record)
{
	const char *end = record->cut ? " cut=1\n" : "\n";

	if (as_json)
		end = record->cut ? ",\"cut\":1}\n" : "}\n";
	record->cut = false;
	memcpy(record->line + record->len, end, strlen(end));
	record->len += strlen(end);
}

/* A pipe that is ready takes PIPE_BUF bytes without waiting, which is more than
 * a line. A log that cannot be written has nowhere to say so. */
static bool write_line(const struct log_record *record)
{
	struct pollfd out = { .fd = STDERR_FILENO, .events = POLLOUT };

	_Static_assert(LOG_LINE_MAX <= 4096, "a line fits PIPE_BUF");
	return poll(&out, 1, 0) == 1 &&
	       write(STDERR_FILENO, record->line, record->len) > 0;
}

static void tell_lost(void)
{
	struct log_record record;

	if (!lost_untold)
		return;
	log_begin(&record, LOG_WARN, "lines of the log were lost");
	log_number(&record, "lines", lost_untold);
	finish(&record);
	if (write_line(&record))
		lost_untold = 0;
}

static bool is_within_rate(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec != second) {
		second = now.tv_sec;
		in_second = 0;
	}
	return !rate || in_second++ < rate;
}

static void print(struct log_record *record, bool is_limited)
{
	bool written = false;

	finish(record);
	pthread_mutex_lock(&lock);
	if (!is_limited || is_within_rate()) {
		tell_lost();
		written = write_line(record);
	}
	lost += !written;
	lost_untold += !written;
	pthread_mutex_unlock(&lock);
}

void log_end(struct log_record *record)
{
	print(record, true);
}

void log_line(enum log_level level, const char *format, ...)
{
	struct log_record record;
	char text[TEXT_MAX];
	va_list args;

	if (!log_wants(level))
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	log_begin(&record, level, text);
	print(&record, level == LOG_WARN || level == LOG_DEBUG);
}
