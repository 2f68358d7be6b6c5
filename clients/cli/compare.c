/* SPDX-License-Identifier: MIT */
#include "clients/cli/compare.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli.h"
#include "clients/cli/json_number.h"
#include "clients/cli/maps.h"

static const char *const check_names[] = { "ret", "maps", "status",
					   "vmacache" };

enum {
	CHECKS = sizeof(check_names) / sizeof(check_names[0])
};

const char *compare_check_name(enum trace_check check)
{
	for (unsigned i = 0; i < CHECKS; i++) {
		if (check == 1u << i)
			return check_names[i];
	}
	return "?";
}

int compare_parse_checks(const char *list, unsigned *checksp, char *word,
			 size_t word_size)
{
	const char *end;

	*checksp = 0;
	for (;; list = end + 1) {
		unsigned i = 0;

		end = strchrnul(list, ',');
		while (i < CHECKS &&
		       (strlen(check_names[i]) != (size_t)(end - list) ||
			strncmp(check_names[i], list, (size_t)(end - list)) !=
				0))
			i++;
		if (i == CHECKS) {
			snprintf(word, word_size, "%.*s", (int)(end - list),
				 list);
			return -1;
		}
		*checksp |= 1u << i;
		if (!*end)
			return 0;
	}
}

static void row_add(struct comparison *comparison, enum trace_check check,
		    const char *label, char *expected, char *got)
{
	struct compare_row *rows;

	/* Grows at every power of two. */
	if (!(comparison->count & (comparison->count - 1))) {
		size_t room = comparison->count ? comparison->count * 2 : 1;

		rows = reallocarray(comparison->rows, room, sizeof(*rows));
		if (!rows)
			cli_out_of_memory();
		comparison->rows = rows;
	}
	comparison->rows[comparison->count] = (struct compare_row){
		.check = check,
		.label = label,
		.expected = expected,
		.got = got,
		.differs = !expected || !got || strcmp(expected, got) != 0,
	};
	comparison->compared |= check;
	if (comparison->rows[comparison->count].differs)
		comparison->differing |= check;
	comparison->count++;
}

void comparison_reset(struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->count; i++) {
		free(comparison->rows[i].expected);
		free(comparison->rows[i].got);
	}
	free(comparison->rows);
	*comparison = (struct comparison){ 0 };
}

static char *text_copy(const char *text)
{
	char *copy = strdup(text);

	if (!copy)
		cli_out_of_memory();
	return copy;
}

__attribute__((format(printf, 1, 2))) static char *
text_format(const char *format, ...)
{
	char *text;
	va_list args;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	if (len < 0)
		cli_out_of_memory();
	return text;
}

/* An address and its number are the same answer, however they are written. */
static char *ret_text(const json_t *ret)
{
	uint64_t number;
	char *text = NULL;
	size_t len;
	FILE *out;

	if (!ret)
		return text_copy("no answer");
	if (!json_u64(ret, &number))
		return text_copy(json_is_string(ret) ? json_string_value(ret)
						     : "?");
	if (!call_is_errno((int64_t)number))
		return number ? text_format("0x%" PRIx64, number)
			      : text_copy("0");
	out = open_memstream(&text, &len);
	if (!out)
		cli_out_of_memory();
	call_spell_result(out, ret);
	fclose(out);
	return text;
}

void compare_ret(struct comparison *comparison, const struct trace_step *step,
		 const json_t *result)
{
	bool call = step->op == TRACE_CALL;

	row_add(comparison, CHECK_RET, "ret", ret_text(step->ret),
		call ? ret_text(json_object_get(result, "ret"))
		     : text_copy(call_fault_signal(result)));
}

void compare_missing(struct comparison *comparison, const char *what,
		     const json_t *ret)
{
	row_add(comparison, CHECK_RET, "ret", text_copy(what), ret_text(ret));
}

static uint64_t line_start(const char *line)
{
	return strtoull(line, NULL, 16);
}

/* A line in the short form; as it came where it is not in /proc's. */
static char *brief_line(const json_t *lines, size_t index)
{
	const char *text = json_string_value(json_array_get(lines, index));
	char *brief = maps_shorten(text ? text : "?");

	return brief ? brief : text_copy(text ? text : "?");
}

/* Both lists are in address order: a merge aligns them. */
void compare_maps(struct comparison *comparison, const json_t *expected,
		  const json_t *got)
{
	size_t e = 0, g = 0;
	size_t e_count = json_array_size(expected),
	       g_count = json_array_size(got);

	while (e < e_count || g < g_count) {
		char *want = e < e_count ? brief_line(expected, e) : NULL;
		char *have = g < g_count ? brief_line(got, g) : NULL;

		if (have && (!want || line_start(have) < line_start(want))) {
			free(want);
			want = NULL;
		} else if (!have || line_start(want) < line_start(have)) {
			free(have);
			have = NULL;
		}
		e += want != NULL;
		g += have != NULL;
		row_add(comparison, CHECK_MAPS, "maps", want, have);
	}
	/* Two empty lists agree as well. */
	comparison->compared |= CHECK_MAPS;
}

/* An area, and a pattern that the next one must begin with to go on with it. */
struct extent {
	uint64_t start, end, offset;
	char rest[512]; /* permissions and name */
};

/* The next line with all that go on with it; false: there is none. */
static bool extent_next(const json_t *lines, size_t *indexp,
			struct extent *extent)
{
	bool begun = false;

	for (; *indexp < json_array_size(lines); ++*indexp) {
		char *line = brief_line(lines, *indexp);
		struct extent next = { 0 };
		char perms[5] = "", name[500] = "";
		int read = sscanf(
			line,
			"%" SCNx64 "-%" SCNx64 " %4s %" SCNx64 " %499[^\n]",
			&next.start, &next.end, perms, &next.offset, name);

		free(line);
		if (read < 4)
			return false;
		snprintf(next.rest, sizeof(next.rest), "%s %s", perms, name);
		if (!begun) {
			*extent = next;
			begun = true;
			continue;
		}
		if (next.start != extent->end ||
		    strcmp(next.rest, extent->rest) != 0 ||
		    (*name && next.offset != extent->offset + (next.start -
							       extent->start)))
			break;
		extent->end = next.end;
	}
	return begun;
}

bool compare_maps_extents(const json_t *expected, const json_t *got)
{
	struct extent want, have;
	size_t e = 0, g = 0;

	for (;;) {
		bool more = extent_next(expected, &e, &want);

		if (more != extent_next(got, &g, &have))
			return false;
		if (!more)
			return e == json_array_size(expected) &&
			       g == json_array_size(got);
		if (want.start != have.start || want.end != have.end ||
		    strcmp(want.rest, have.rest) != 0 ||
		    (want.rest[5] && want.offset != have.offset))
			return false;
	}
}

/* Which counters a release keeps late, or a recording lacks. */
static const struct {
	unsigned since_major;
	const char *left_out;
} status_exceptions[] = {
	{ 6, "VmHWM VmRSS RssAnon RssFile RssShmem VmPMD" },
	{ 5, "VmPMD" },
	{ 0, "RssAnon RssFile RssShmem" },
};

static bool status_compared(const struct trace *trace, const char *name)
{
	size_t i = 0;

	while (trace->major < status_exceptions[i].since_major)
		i++;
	return !strstr(status_exceptions[i].left_out, name);
}

void compare_status(struct comparison *comparison, const struct trace *trace,
		    const json_t *expected, const json_t *got)
{
	for (size_t i = 0; i < TRACE_STATUS_COLUMNS; i++) {
		const char *name = trace_status_names[i];

		if (!status_compared(trace, name))
			continue;
		row_add(comparison, CHECK_STATUS, name,
			text_format("%" JSON_INTEGER_FORMAT " kB",
				    json_integer_value(
					    json_array_get(expected, i))),
			text_format("%" JSON_INTEGER_FORMAT " kB",
				    json_integer_value(
					    json_object_get(got, name))));
	}
}

void compare_vmacache(struct comparison *comparison, const json_t *expected,
		      const json_t *got)
{
	static const char *const names[] = { "calls", "hits" };

	for (size_t i = 0; i < 2; i++) {
		const json_t *value = json_object_get(got, names[i]);

		row_add(comparison, CHECK_VMACACHE, names[i],
			text_format("%" JSON_INTEGER_FORMAT,
				    json_integer_value(
					    json_array_get(expected, i))),
			json_is_integer(value)
				? text_format("%" JSON_INTEGER_FORMAT,
					      json_integer_value(value))
				: text_copy("missing"));
	}
}
