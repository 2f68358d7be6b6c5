/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "clients/cli/importer_types.h"
#include "clients/cli/strace_line.h"
#include "tests/support/suite.h"

static void a_call_is_taken_apart(void)
{
	char text[] = "[pid  12] 17:00:01.25 mmap(NULL, 8192 /* two */, "
		      "PROT_READ|PROT_WRITE, {a, [b, \"c,)\"]}) = 0x7f00 <0.1>";
	struct strace_line line;

	strace_line_read(text, &line);
	CU_ASSERT_EQUAL_FATAL(line.kind, STRACE_CALL);
	CU_ASSERT_EQUAL(line.tid, 12);
	CU_ASSERT_STRING_EQUAL(line.name, "mmap");
	CU_ASSERT_EQUAL_FATAL(line.nr_args, 4);
	CU_ASSERT_STRING_EQUAL(line.args[0], "NULL");
	CU_ASSERT_STRING_EQUAL(line.args[1], "8192");
	CU_ASSERT_STRING_EQUAL(line.args[2], "PROT_READ|PROT_WRITE");
	CU_ASSERT_STRING_EQUAL(line.args[3], "{a, [b, \"c,)\"]}");
	CU_ASSERT_STRING_EQUAL(line.ret, "0x7f00 <0.1>");
}

static void kinds_are_told_apart(void)
{
	static const struct {
		const char *text;
		enum strace_kind kind;
	} rows[] = {
		{ "munlockall() = 0", STRACE_CALL },
		{ "5 munlockall( <unfinished ...>", STRACE_UNFINISHED },
		{ "5 <... munlockall resumed>) = 0", STRACE_RESUMED },
		{ "+++ exited with 0 +++", STRACE_ENDED },
		{ "[pid 5] +++ killed by SIGKILL +++", STRACE_ENDED },
		{ "--- SIGSEGV {si_signo=SIGSEGV} ---", STRACE_NOTHING },
		{ "strace: Process 5 attached", STRACE_NOTHING },
		{ "", STRACE_NOTHING },
		{ "12 ", STRACE_NOTHING },
		{ "hello", STRACE_WRONG },
		{ "f(\"x) = 0", STRACE_WRONG },
		{ "f(/* x) = 0", STRACE_WRONG },
		{ "f(1, 2) 0", STRACE_WRONG },
		{ "f(1, 2) = ", STRACE_WRONG },
		{ "f(1,2,3,4,5,6,7,8,9) = 0", STRACE_WRONG },
		{ "<... munlockall", STRACE_WRONG },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct strace_line line;
		char text[80];

		snprintf(text, sizeof(text), "%s", rows[i].text);
		strace_line_read(text, &line);
		if (line.kind != rows[i].kind ||
		    (line.kind == STRACE_WRONG) != (line.wrong != NULL))
			CU_FAIL(rows[i].text);
	}
}

static void values_are_read(void)
{
	static const struct {
		enum arg_kind kind;
		const char *text;
		uint64_t value;
	} rows[] = {
		{ ARG_ADDR, "NULL", 0 },
		{ ARG_ADDR, "0x7fff00001000", 0x7fff00001000 },
		{ ARG_FD, "-1", UINT64_MAX },
		{ ARG_FD, "3</etc/passwd>", 3 },
		{ ARG_LENGTH, "010", 8 },
		{ ARG_PROT, "PROT_NONE", 0 },
		{ ARG_PROT, "PROT_READ|PROT_EXEC", 5 },
		{ ARG_MAP_FLAGS, "MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS", 0x32 },
		{ ARG_MAP_FLAGS, "MAP_SHARED_VALIDATE|0x80000", 0x80003 },
		{ ARG_MAP_FLAGS, "MAP_PRIVATE|21<<MAP_HUGE_SHIFT", 0x54000002 },
		{ ARG_ADVICE, "MADV_DONTNEED", 4 },
		{ ARG_MREMAP_FLAGS, "MREMAP_MAYMOVE|MREMAP_FIXED", 3 },
		{ ARG_MLOCKALL_FLAGS, "MCL_CURRENT|MCL_FUTURE", 3 },
	};
	uint64_t value;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!strace_argument(rows[i].text, rows[i].kind, &value) ||
		    value != rows[i].value)
			CU_FAIL(rows[i].text);
	}
	CU_ASSERT_FALSE(strace_argument("PROT_READ|", ARG_PROT, &value));
	CU_ASSERT_FALSE(strace_argument("12x", ARG_LENGTH, &value));
	CU_ASSERT_FALSE(
		strace_argument("0x10000000000000000", ARG_ADDR, &value));
}

static void answers_are_read(void)
{
	int64_t ret = 1;

	CU_ASSERT(strace_answer("0", &ret) && ret == 0);
	CU_ASSERT(strace_answer("0x7f0000 <0.01>", &ret) && ret == 0x7f0000);
	CU_ASSERT(strace_answer("-1 ENOMEM (Cannot allocate memory)", &ret) &&
		  ret == -12);
	CU_ASSERT(strace_answer("-1 EINVAL", &ret) && ret == -22);
	CU_ASSERT_FALSE(strace_answer("?", &ret));
	CU_ASSERT_FALSE(strace_answer("-1 EFROB", &ret));
	CU_ASSERT_FALSE(strace_answer("-1 EWHATEVERTHISMAYBE", &ret));
}

CU_TestInfo test_strace_line[] = {
	{ "a call is taken apart", a_call_is_taken_apart },
	{ "kinds are told apart", kinds_are_told_apart },
	{ "values are read", values_are_read },
	{ "answers are read", answers_are_read },
	CU_TEST_INFO_NULL,
};
