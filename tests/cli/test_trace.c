/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients/cli/trace.h"
#include "tests/cli/picture.h"
#include "tests/support/suite.h"

#define HEADER                                                                 \
	"{\"kernel\":\"5.10.223\",\"seed\":7,\"maps\":[\"400000-401000 r-xp "  \
	"0 x\"],\"uid\":0,"                                                    \
	"\"files\":{\"10\":{\"name\":\"d\",\"size\":1,\"mode\":\"rw\"}}}\n"
#define STATUS "[1,2,3,4,5,6,7,8,9,10,11,12,13,14]"

/* Loads a trace from a text; the error's text is in @error. */
static int load(struct trace *trace, const char *text, char *error, size_t size)
{
	char path[] = "/tmp/vmarium-trace-XXXXXX";
	int fd = mkstemp(path);
	int err;

	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_FATAL(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
	err = trace_load(trace, path, error, size);
	unlink(path);
	return err;
}

static void steps_are_read(void)
{
	struct trace trace;
	char error[256];

	CU_ASSERT_EQUAL_FATAL(
		load(&trace,
		     HEADER "{\"op\":\"brk\",\"a\":[\"0x5b0ac5\"],\"r\":"
			    "\"0x5b0ac5\",\"m\":[],\"v\":[1,0],"
			    "\"s\":" STATUS "}\n"
			    "{\"op\":\"clone\",\"t\":0,\"new\":1}\n"
			    "{\"op\":\"write\",\"a\":[\"0xffffffffffffffff\"],"
			    "\"r\":\"SIGSEGV/1\",\"t\":1}\n"
			    "{\"op\":\"fork\",\"p\":0,\"new\":1}\n"
			    "{\"op\":\"munmap\",\"a\":[\"0x1000\",\"0x2000\"],"
			    "\"r\":-22,\"p\":1}",
		     error, sizeof(error)),
		0);
	CU_ASSERT_EQUAL(trace.major, 5);
	CU_ASSERT_EQUAL(trace.minor, 10);
	CU_ASSERT_EQUAL_FATAL(trace.count, 5);
	CU_ASSERT_EQUAL(trace.threads, 2);
	CU_ASSERT_EQUAL(trace.processes, 2);
	CU_ASSERT_EQUAL(trace.steps[0].line, 2);
	CU_ASSERT_PTR_EQUAL(trace.steps[0].form, call_find("brk"));
	CU_ASSERT_EQUAL(trace.steps[0].args[0], 0x5b0ac5);
	CU_ASSERT_EQUAL(json_array_size(trace.steps[0].vmacache), 2);
	CU_ASSERT_EQUAL(trace.steps[1].op, TRACE_CLONE);
	CU_ASSERT_EQUAL(trace.steps[1].made, 1);
	CU_ASSERT_EQUAL(trace.steps[2].op, TRACE_WRITE);
	CU_ASSERT_EQUAL(trace.steps[2].args[0], UINT64_MAX);
	CU_ASSERT_EQUAL(trace.steps[2].thread, 1);
	CU_ASSERT_PTR_NULL(trace.steps[2].status);
	CU_ASSERT_EQUAL(trace.steps[3].op, TRACE_FORK);
	CU_ASSERT_EQUAL(trace.steps[4].process, 1);
	CU_ASSERT_EQUAL(trace.steps[4].args[1], 0x2000);
	trace_unload(&trace);
}

static void header_becomes_parameters(void)
{
	json_t *expected = json_from(
		"{'profile': '5.10', 'maps': ['400000-401000 r-xp 0 x'],"
		" 'uid': 0, 'files': [{'fd': 10, 'name': 'd', 'size': 1,"
		" 'mode': 'rw'}]}");
	struct trace trace;
	char error[256];
	json_t *params;

	CU_ASSERT_EQUAL_FATAL(load(&trace, HEADER, error, sizeof(error)), 0);
	params = trace_process_params(&trace, NULL, NULL);
	CU_ASSERT_TRUE(json_equal(params, expected));
	json_decref(params);
	params = trace_process_params(&trace, NULL, "4.0");
	CU_ASSERT_STRING_EQUAL(
		json_string_value(json_object_get(params, "profile")), "4.0");
	json_decref(params);
	json_decref(expected);
	trace_unload(&trace);
}

static void recordings_hold_more_than_calls(void)
{
	static const enum trace_op ops[] = {
		TRACE_OPEN,  TRACE_CALL, TRACE_CLOSE, TRACE_FORK,
		TRACE_IMAGE, TRACE_EXIT, TRACE_IMAGE, TRACE_EXIT,
	};
	json_t *expected = json_from("{'profile': '6.12', 'maps': ['1000-2000 "
				     "r-xp 0 y'], 'uid': 7, 'mem_total_kb': "
				     "9}");
	struct trace trace;
	char error[256];
	json_t *params;

	CU_ASSERT_EQUAL_FATAL(
		load(&trace,
		     "{\"arch\":\"x86_64\",\"faults\":false,\"maps\":[],"
		     "\"mem_total_kb\":9,\"uid\":3}\n"
		     "{\"op\":\"open\",\"fd\":3,\"name\":\"x\"}\n"
		     "{\"op\":\"brk\",\"a\":[\"0x0\"],\"r\":\"0x1\","
		     "\"at\":\"0x5\"}\n"
		     "{\"op\":\"close\",\"fd\":3}\n"
		     "{\"op\":\"fork\",\"new\":1,\"vm\":true}\n"
		     "{\"op\":\"exec\",\"p\":1,\"uid\":7,\"maps\":"
		     "[\"1000-2000 r-xp 0 y\"]}\n"
		     "{\"op\":\"exit\",\"p\":1}\n"
		     "{\"op\":\"image\",\"why\":\"w\",\"maps\":[]}\n"
		     "{\"op\":\"exit\"}\n",
		     error, sizeof(error)),
		0);
	CU_ASSERT_TRUE(trace.recorded);
	CU_ASSERT_EQUAL(trace.checks, CHECK_RET | CHECK_MAPS);
	CU_ASSERT_EQUAL(trace.major, 0);
	CU_ASSERT_EQUAL_FATAL(trace.count, sizeof(ops) / sizeof(ops[0]));
	for (size_t i = 0; i < trace.count; i++)
		CU_ASSERT_EQUAL(trace.steps[i].op, ops[i]);
	CU_ASSERT_EQUAL(trace.steps[0].args[0], 3);
	CU_ASSERT_STRING_EQUAL(json_string_value(trace.steps[1].at), "0x5");
	CU_ASSERT_TRUE(trace.steps[3].shares);
	CU_ASSERT_EQUAL(trace.steps[4].process, 1);
	params = trace_process_params(&trace, &trace.steps[4], "6.12");
	CU_ASSERT_TRUE(json_equal(params, expected));
	json_decref(params);
	json_decref(expected);
	trace_unload(&trace);
}

static void broken_traces_name_the_line(void)
{
	static const struct {
		const char *text, *error;
	} rows[] = {
		{ "", "the file is empty" },
		{ "hello\n", "line 1: cut or garbled: " },
		{ "[]\n", "line 1: a JSON object is wanted" },
		{ "{\"op\":\"brk\"}\n",
		  "line 1: not a trace's first line: 'kernel'" },
		{ "{\"kernel\":\"4.0.0\"}\n",
		  "line 1: not a trace's first line: there is no 'maps'" },
		{ "{\"kernel\":\"4.0\",\"maps\":[1]}\n",
		  "line 1: 'maps' must be an array of lines" },
		{ "{\"kernel\":\"4.0\",\"maps\":[],\"files\":[]}\n",
		  "line 1: 'files' must be" },
		{ "{\"kernel\":\"4.0\",\"maps\":[],\"files\":{\"3x\":{}}}\n",
		  "line 1: 'files' must be" },
		{ HEADER "\n", "line 2: cut or garbled: " },
		{ HEADER "{\"op\":\"brk\",\"a\":[\"0x1\"],\"r\":0}\n{\"op\":"
			 "\"brk\",\"a\":[\"0x",
		  "line 3: cut or garbled: " },
		{ HEADER
		  "{\"op\":\"brk\",\"op\":\"brk\",\"a\":[\"0x1\"],\"r\":0}\n",
		  "line 2: cut or garbled: duplicate" },
		{ HEADER "{\"a\":[\"0x1\"],\"r\":0}\n",
		  "line 2: there is no 'op'" },
		{ HEADER "{\"op\":\"frob\",\"a\":[],\"r\":0}\n",
		  "line 2: 'frob' is not a call this program knows" },
		{ HEADER "{\"op\":\"brk\",\"a\":[],\"r\":0}\n",
		  "line 2: 'a' must hold 1 arguments" },
		{ HEADER "{\"op\":\"brk\",\"a\":[\"x\"],\"r\":0}\n",
		  "line 2: argument 1 is not a 64 bit number" },
		{ HEADER "{\"op\":\"brk\",\"a\":[\"0x1\"]}\n",
		  "line 2: there is no 'r'" },
		{ HEADER
		  "{\"op\":\"brk\",\"a\":[\"0x1\"],\"r\":\"SIGSEGV/1\"}\n",
		  "line 2: 'r' must be an address" },
		{ HEADER "{\"op\":\"read\",\"a\":[\"0x1\"],\"r\":[]}\n",
		  "line 2: 'r' must be" },
		{ HEADER "{\"op\":\"brk\",\"a\":[\"0x1\"],\"r\":0,\"t\":1}\n",
		  "line 2: 't' must be one of the 1 made so far" },
		{ HEADER "{\"op\":\"brk\",\"a\":[\"0x1\"],\"r\":0,\"p\":-1}\n",
		  "line 2: 'p' must be" },
		{ HEADER "{\"op\":\"clone\",\"t\":0,\"new\":2}\n",
		  "line 2: 'new' must be 1" },
		{ HEADER "{\"op\":\"brk\",\"a\":[\"0x1\"],\"r\":0,\"s\":[1]}\n",
		  "line 2: 's' must hold 14 integers" },
		{ HEADER
		  "{\"op\":\"brk\",\"a\":[\"0x1\"],\"r\":0,\"v\":[1,\"0\"]}\n",
		  "line 2: 'v' must hold two integers" },
		{ HEADER "{\"op\":\"brk\",\"a\":[\"0x1\"],\"r\":0,\"m\":{}}\n",
		  "line 2: 'm' must be" },
		{ HEADER "{\"op\":\"open\",\"fd\":-1,\"name\":\"x\"}\n",
		  "line 2: 'fd' must be a descriptor" },
		{ HEADER "{\"op\":\"close\"}\n",
		  "line 2: 'fd' must be a descriptor" },
		{ HEADER "{\"op\":\"open\",\"fd\":3}\n",
		  "line 2: 'name' must be the file's name" },
		{ HEADER "{\"op\":\"exec\"}\n",
		  "line 2: 'maps' must be an array" },
		{ HEADER "{\"op\":\"image\",\"maps\":[],\"files\":[]}\n",
		  "line 2: 'files' must be an object" },
		{ "{\"kernel\":\"6.1\",\"arch\":\"aarch64\",\"maps\":[]}\n",
		  "line 1: recorded on aarch64" },
		{ "{\"kernel\":\"6.1\",\"checks\":[\"all\"],\"maps\":[]}\n",
		  "line 1: 'checks' must be an array" },
	};
	struct trace trace;
	char error[256];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int err = load(&trace, rows[i].text, error, sizeof(error));
		bool good = err && !strncmp(error, rows[i].error,
					    strlen(rows[i].error));

		if (!good)
			fprintf(stderr, "wanted '%s', got '%s'\n",
				rows[i].error, err ? error : "no error");
		CU_ASSERT_TRUE(good);
		trace_unload(&trace);
	}
}

static void trace_cut_anywhere_loses_steps_or_is_refused(void)
{
	static const char text[] =
		HEADER "{\"op\":\"brk\",\"a\":[\"0x1\"],\"r\":-12}\n"
		       "{\"op\":\"write\",\"a\":[\"0x1\"],\"r\":0}";
	struct trace trace;
	char error[256], cut[sizeof(text)];

	for (size_t len = 0; len < sizeof(text) - 1; len++) {
		bool whole =
			text[len] == '\n' || (len && text[len - 1] == '\n');
		int err;

		memcpy(cut, text, len);
		cut[len] = '\0';
		err = load(&trace, cut, error, sizeof(error));
		CU_ASSERT_EQUAL(!err, whole);
		CU_ASSERT_TRUE(err || trace.count < 2);
		trace_unload(&trace);
	}
}

static void missing_file_is_told(void)
{
	struct trace trace;
	char error[256];

	CU_ASSERT_EQUAL(
		trace_load(&trace, "/nonexistent/trace", error, sizeof(error)),
		-1);
	CU_ASSERT_STRING_EQUAL(error, "No such file or directory");
	trace_unload(&trace);
}

CU_TestInfo test_trace[] = {
	{ "steps are read", steps_are_read },
	{ "header becomes parameters", header_becomes_parameters },
	{ "recordings hold more than calls", recordings_hold_more_than_calls },
	{ "broken traces name the line", broken_traces_name_the_line },
	{ "trace cut anywhere loses steps or is refused",
	  trace_cut_anywhere_loses_steps_or_is_refused },
	{ "missing file is told", missing_file_is_told },
	CU_TEST_INFO_NULL,
};
