/* SPDX-License-Identifier: MIT */
/*
 * A trace is read and judged, line by line
 */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/compare.h"
#include "clients/cli/json_number.h"
#include "clients/cli/trace.h"

/* A reader's place in the file, and where it may complain. */
struct trace_reader {
	struct trace *trace;
	unsigned line;
	char *error;
	size_t error_size;
};

__attribute__((format(printf, 2, 3))) static int
complain(struct trace_reader *reader, const char *format, ...)
{
	int len = 0;
	va_list args;

	if (reader->line)
		len = snprintf(reader->error, reader->error_size,
			       "line %u: ", reader->line);
	va_start(args, format);
	vsnprintf(reader->error + len, reader->error_size - (size_t)len, format,
		  args);
	va_end(args);
	return -1;
}

static bool all_strings(const json_t *array)
{
	size_t i;
	json_t *item;

	json_array_foreach(array, i, item) {
		if (!json_is_string(item))
			return false;
	}
	return json_is_array(array);
}

static bool integers(const json_t *array, size_t count)
{
	size_t i;
	json_t *item;

	json_array_foreach(array, i, item) {
		if (!json_is_integer(item))
			return false;
	}
	return json_array_size(array) == count;
}

/* What the header and a step alike may say about the state. */
static int read_state(struct trace_reader *reader, const json_t *line,
		      const char *maps_key, struct trace_step *step)
{
	step->maps = json_object_get(line, maps_key);
	step->status = json_object_get(line, "s");
	step->vmacache = json_object_get(line, "v");
	if (step->maps && !all_strings(step->maps))
		return complain(reader,
				"'%s' must be an array of lines of maps",
				maps_key);
	if (step->status && !integers(step->status, TRACE_STATUS_COLUMNS))
		return complain(reader, "'s' must hold %d integers",
				TRACE_STATUS_COLUMNS);
	if (step->vmacache && !integers(step->vmacache, 2))
		return complain(reader,
				"'v' must hold two integers, calls and hits");
	return 0;
}

static bool files_good(json_t *files)
{
	const char *fd;
	json_t *file;

	json_object_foreach(files, fd, file) {
		if (!*fd || strlen(fd) > 9 || fd[strspn(fd, "0123456789")] ||
		    !json_is_object(file))
			return false;
	}
	return !files || json_is_object(files);
}

/* What a replay can compare; 0: the line says something else. */
static unsigned header_checks(const json_t *line, bool recorded)
{
	const json_t *names = json_object_get(line, "checks");
	unsigned checks = 0, check;
	char word[16];
	size_t i;
	json_t *name;

	if (!names)
		return recorded ? CHECK_RET | CHECK_MAPS : CHECK_ALL;
	json_array_foreach(names, i, name) {
		if (!json_is_string(name) ||
		    compare_parse_checks(json_string_value(name), &check, word,
					 sizeof(word)))
			return 0;
		checks |= check;
	}
	return checks;
}

static int read_header(struct trace_reader *reader, const json_t *line)
{
	struct trace *trace = reader->trace;
	const char *kernel = json_string_value(json_object_get(line, "kernel"));
	const char *arch = json_string_value(json_object_get(line, "arch"));
	bool recorded = json_is_false(json_object_get(line, "faults"));
	struct trace_step state;

	/* What was not recorded here may be of any kernel. */
	if ((kernel || !recorded) &&
	    (!kernel ||
	     sscanf(kernel, "%u.%u", &trace->major, &trace->minor) != 2))
		return complain(
			reader,
			"not a trace's first line: 'kernel' must be a release "
			"such as \"4.0.0\"");
	if (arch && strcmp(arch, "x86_64") != 0)
		return complain(reader,
				"recorded on %s; only x86_64 is emulated",
				arch);
	if (!json_object_get(line, "maps"))
		return complain(reader,
				"not a trace's first line: there is no 'maps'");
	trace->recorded = recorded;
	trace->checks = header_checks(line, recorded);
	if (!trace->checks)
		return complain(reader, "'checks' must be an array of ret, "
					"maps, status and vmacache");
	if (!files_good(json_object_get(line, "files")))
		return complain(
			reader,
			"'files' must be an object with a file for each fd");
	return read_state(reader, line, "maps", &state);
}

/* Processes and threads are numbered in the order they are made. */
static int read_number(struct trace_reader *reader, const json_t *line,
		       const char *key, unsigned known, unsigned *numberp)
{
	const json_t *value = json_object_get(line, key);

	*numberp = 0;
	if (!value)
		return 0;
	if (!json_is_integer(value) || json_integer_value(value) < 0 ||
	    json_integer_value(value) >= known)
		return complain(reader,
				"'%s' must be one of the %u made so far", key,
				known);
	*numberp = (unsigned)json_integer_value(value);
	return 0;
}

static int read_made(struct trace_reader *reader, const json_t *line,
		     unsigned *countp, unsigned *madep)
{
	const json_t *value = json_object_get(line, "new");

	if (!json_is_integer(value) || json_integer_value(value) != *countp)
		return complain(reader, "'new' must be %u, the next one",
				*countp);
	*madep = (*countp)++;
	return 0;
}

static int read_args(struct trace_reader *reader, const json_t *line,
		     unsigned count, uint64_t *args)
{
	const json_t *array = json_object_get(line, "a");

	if (json_array_size(array) != count)
		return complain(reader, "'a' must hold %u arguments", count);
	for (unsigned i = 0; i < count; i++) {
		if (!json_u64(json_array_get(array, i), &args[i]))
			return complain(reader,
					"argument %u is not a 64 bit number",
					i + 1);
	}
	return 0;
}

static int read_ret(struct trace_reader *reader, const json_t *line,
		    struct trace_step *step)
{
	uint64_t number;

	step->ret = json_object_get(line, "r");
	if (!step->ret)
		return complain(reader, "there is no 'r', the answer");
	if (json_u64(step->ret, &number))
		return 0;
	if (json_is_string(step->ret) && step->op != TRACE_CALL)
		return 0;
	return complain(
		reader,
		"'r' must be an address, 0, a negative errno or a signal");
}

/* What is neither a call nor a touch. Its op stays TRACE_CALL if it is wrong. */
static bool read_happening(struct trace_reader *reader, const json_t *line,
			   const char *op, struct trace_step *step)
{
	static const struct {
		const char *name;
		enum trace_op op;
	} names[] = {
		{ "open", TRACE_OPEN },  { "close", TRACE_CLOSE },
		{ "exec", TRACE_IMAGE }, { "image", TRACE_IMAGE },
		{ "exit", TRACE_EXIT },
	};
	const json_t *fd = json_object_get(line, "fd");
	size_t i = 0;

	while (i < sizeof(names) / sizeof(names[0]) &&
	       strcmp(names[i].name, op) != 0)
		i++;
	if (i == sizeof(names) / sizeof(names[0]))
		return false;
	if ((names[i].op == TRACE_OPEN || names[i].op == TRACE_CLOSE) &&
	    (!json_is_integer(fd) || json_integer_value(fd) < 0)) {
		complain(reader, "'fd' must be a descriptor");
		return true;
	}
	if (names[i].op == TRACE_OPEN &&
	    !json_is_string(json_object_get(line, "name"))) {
		complain(reader, "'name' must be the file's name");
		return true;
	}
	if (names[i].op == TRACE_IMAGE &&
	    !all_strings(json_object_get(line, "maps"))) {
		complain(reader, "'maps' must be an array of lines of maps");
		return true;
	}
	if (names[i].op == TRACE_IMAGE &&
	    !files_good(json_object_get(line, "files"))) {
		complain(reader, "'files' must be an object with a file for "
				 "each fd");
		return true;
	}
	step->op = names[i].op;
	step->args[0] = (uint64_t)json_integer_value(fd);
	if (step->op == TRACE_IMAGE)
		step->maps = json_object_get(line, "maps");
	return true;
}

static int read_step(struct trace_reader *reader, const json_t *line,
		     struct trace_step *step)
{
	struct trace *trace = reader->trace;
	const char *op = json_string_value(json_object_get(line, "op"));

	*step = (struct trace_step){ .line = reader->line, .source = line };
	if (!op)
		return complain(reader, "there is no 'op'");
	if (read_number(reader, line, "p", trace->processes, &step->process) ||
	    read_number(reader, line, "t", trace->threads, &step->thread) ||
	    read_state(reader, line, "m", step))
		return -1;

	if (!strcmp(op, "clone")) {
		step->op = TRACE_CLONE;
		return read_made(reader, line, &trace->threads, &step->made);
	}
	if (!strcmp(op, "fork")) {
		step->op = TRACE_FORK;
		step->shares = json_is_true(json_object_get(line, "vm"));
		return read_made(reader, line, &trace->processes, &step->made);
	}
	if (!strcmp(op, "read") || !strcmp(op, "write")) {
		step->op = *op == 'r' ? TRACE_READ : TRACE_WRITE;
		return read_args(reader, line, 1, step->args) ||
		       read_ret(reader, line, step);
	}
	if (read_happening(reader, line, op, step))
		return step->op == TRACE_CALL ? -1 : 0;
	step->op = TRACE_CALL;
	step->at = json_object_get(line, "at");
	step->form = call_find(op);
	if (!step->form)
		return complain(reader, "'%s' is not a call this program knows",
				op);
	return read_args(reader, line, step->form->count, step->args) ||
	       read_ret(reader, line, step);
}

static int read_line(struct trace_reader *reader, const char *text, size_t len)
{
	struct trace *trace = reader->trace;
	struct trace_step *steps;
	json_error_t error;
	json_t *line;

	line = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
	if (!line)
		return complain(reader, "cut or garbled: %s", error.text);
	if (json_array_append_new(trace->lines, line))
		return complain(reader, "memory is short");
	if (!json_is_object(line))
		return complain(reader, "a JSON object is wanted");
	if (reader->line == 1) {
		if (read_header(reader, line))
			return -1;
		trace->header = line;
		return 0;
	}
	/* Grows at every power of two. */
	if (!(trace->count & (trace->count - 1))) {
		steps = reallocarray(trace->steps,
				     trace->count ? trace->count * 2 : 1,
				     sizeof(*steps));
		if (!steps)
			return complain(reader, "memory is short");
		trace->steps = steps;
	}
	if (read_step(reader, line, &trace->steps[trace->count]))
		return -1;
	trace->count++;
	return 0;
}

int trace_read(struct trace *trace, FILE *file, char *error, size_t error_size)
{
	struct trace_reader reader = { .trace = trace,
				       .error = error,
				       .error_size = error_size };
	char *text = NULL;
	size_t room = 0;
	ssize_t len;
	int err = 0;

	*trace = (struct trace){ .lines = json_array(),
				 .processes = 1,
				 .threads = 1 };
	while (!err && (len = getline(&text, &room, file)) > 0) {
		reader.line++;
		err = read_line(&reader, text, (size_t)len);
	}
	if (!err && ferror(file))
		err = complain(&reader, "%s", strerror(errno));
	else if (!err && !reader.line)
		err = complain(&reader, "the file is empty");
	free(text);
	return err;
}
