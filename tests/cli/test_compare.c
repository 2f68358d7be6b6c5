/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "clients/cli/compare.h"
#include "clients/cli/maps.h"
#include "clients/cli/report.h"
#include "tests/cli/picture.h"
#include "tests/support/suite.h"

static void maps_lines_are_shortened(void)
{
	static const struct {
		const char *line, *text;
	} rows[] = {
		{ "00400000-00401000 r-xp 00000000 00:01 7                     "
		  "     /bin/x",
		  "400000-401000 r-xp 0 x" },
		{ "7ffff7fdf000-7ffff7fe5000 rw-s 00002000 00:05 99 /dev/zero "
		  "(deleted)",
		  "7ffff7fdf000-7ffff7fe5000 rw-s 2000 zero (deleted)" },
		{ "7ffff7fea000-7ffff7ffb000 rw-p 00000000 00:00 0 ",
		  "7ffff7fea000-7ffff7ffb000 rw-p 0" },
		{ "7ffff7fea000-7ffff7ffb000 rw-p 00000000 00:00 0",
		  "7ffff7fea000-7ffff7ffb000 rw-p 0" },
		{ "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0   "
		  "[vsyscall]",
		  "ffffffffff600000-ffffffffff601000 --xp 0 [vsyscall]" },
		{ "1000-2000 rw-p 0 00:00 0  [anon:a/b]",
		  "1000-2000 rw-p 0 [anon:a/b]" },
		{ "1000-2000 rw-p 0 00:00 0  tracee",
		  "1000-2000 rw-p 0 tracee" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *text = maps_shorten(rows[i].line);

		CU_ASSERT_PTR_NOT_NULL_FATAL(text);
		CU_ASSERT_STRING_EQUAL(text, rows[i].text);
		free(text);
	}
	CU_ASSERT_PTR_NULL(maps_shorten("400000-401000 r-xp 0"));
	CU_ASSERT_PTR_NULL(maps_shorten("hello"));
}

static void answers_agree_by_their_number(void)
{
	static const struct {
		const char *recorded, *result;
		enum trace_op op;
		bool agree;
	} rows[] = {
		{ "'0x5b0ac5'", "{'ret': '0x5b0ac5'}", TRACE_CALL, true },
		{ "'0x5b0ac5'", "{'ret': '0x5b0ac6'}", TRACE_CALL, false },
		{ "0", "{'ret': 0}", TRACE_CALL, true },
		{ "0", "{'ret': '0x0'}", TRACE_CALL, true },
		{ "-12", "{'ret': -12, 'errno': 'ENOMEM'}", TRACE_CALL, true },
		{ "-12", "{'ret': -22}", TRACE_CALL, false },
		{ "0", "{}", TRACE_CALL, false },
		{ "0", "{'fault': 'minor'}", TRACE_READ, true },
		{ "'SIGSEGV/1'",
		  "{'fault': 'SIGSEGV', 'si_code': 'SEGV_MAPERR'}", TRACE_READ,
		  true },
		{ "'SIGSEGV/1'",
		  "{'fault': 'SIGSEGV', 'si_code': 'SEGV_ACCERR'}", TRACE_WRITE,
		  false },
		{ "0", "{'fault': 'SIGBUS', 'si_code': 'BUS_ADRERR'}",
		  TRACE_WRITE, false },
		{ "0", "{}", TRACE_WRITE, false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *ret = json_from(rows[i].recorded),
		       *result = json_from(rows[i].result);
		struct trace_step step = { .op = rows[i].op, .ret = ret };
		struct comparison comparison = { 0 };

		compare_ret(&comparison, &step, result);
		CU_ASSERT_EQUAL(comparison.compared, CHECK_RET);
		CU_ASSERT_EQUAL(!comparison.differing, rows[i].agree);
		comparison_reset(&comparison);
		json_decref(ret);
		json_decref(result);
	}
}

static unsigned status_differing(unsigned major, const char *expected,
				 const char *got)
{
	const struct trace trace = { .major = major };
	json_t *want = json_from(expected), *have = json_from(got);
	struct comparison comparison = { 0 };
	unsigned differing = 0;

	compare_status(&comparison, &trace, want, have);
	for (size_t i = 0; i < comparison.count; i++)
		differing += comparison.rows[i].differs;
	comparison_reset(&comparison);
	json_decref(want);
	json_decref(have);
	return differing;
}

static void status_columns_depend_on_the_release(void)
{
	const char *ones = "[1,1,1,1,1,1,1,1,1,1,1,1,1,1]";

	/* A server that says nothing differs in every column compared. */
	CU_ASSERT_EQUAL(status_differing(4, ones, "{}"), 11);
	CU_ASSERT_EQUAL(status_differing(5, ones, "{}"), 13);
	CU_ASSERT_EQUAL(status_differing(6, ones, "{}"), 8);
	CU_ASSERT_EQUAL(
		status_differing(4, "[0,0,0,0,0,0,0,0,0,0,0,0,0,0]", "{}"), 0);
	CU_ASSERT_EQUAL(
		status_differing(4, "[160,0,0,0,0,0,0,0,0,0,0,0,0,8]",
				 "{'VmPeak': 160, 'VmPMD': 8, 'RssAnon': 9}"),
		0);
}

static void differences_stand_side_by_side(void)
{
	json_t *ret = json_from("'0x5000'"),
	       *result = json_from("{'ret': -12}");
	json_t *maps = json_from("['1000-2000 rw-p 0', '3000-4000 rw-p 0', "
				 "'8000-9000 r--p 0 x']");
	json_t *got = json_from(
		"['1000-2000 rw-p 0 00:00 0', '5000-6000 rw-p 0 00:00 0',"
		" '8000-9000 rw-p 0 00:01 7 /a/x']");
	json_t *v = json_from("[2, 1]"),
	       *cache = json_from("{'calls': 2, 'hits': 1}");
	struct trace_step step = { .op = TRACE_CALL, .ret = ret };
	struct comparison comparison = { 0 };
	struct picture picture;

	compare_ret(&comparison, &step, result);
	compare_maps(&comparison, maps, got);
	compare_vmacache(&comparison, v, cache);
	CU_ASSERT_EQUAL(comparison.compared,
			CHECK_RET | CHECK_MAPS | CHECK_VMACACHE);
	CU_ASSERT_EQUAL(comparison.differing, CHECK_RET | CHECK_MAPS);
	picture_begin(&picture);
	report_side_by_side(&picture.canvas, &comparison);
	CU_ASSERT_TRUE(picture_is(
		&picture,
		"            expected             got\n"
		"  ret       0x5000             | -1 ENOMEM (Cannot allocate "
		"memory)\n"
		"  maps      1000-2000 rw-p 0     1000-2000 rw-p 0\n"
		"            3000-4000 rw-p 0   < \n"
		"                               > 5000-6000 rw-p 0\n"
		"            8000-9000 r--p 0 x | 8000-9000 rw-p 0 x\n"
		"  the same: vmacache\n"));
	comparison_reset(&comparison);
	json_decref(ret);
	json_decref(result);
	json_decref(maps);
	json_decref(got);
	json_decref(v);
	json_decref(cache);
}

static void extents_forgive_merges_alone(void)
{
	static const struct {
		const char *expected, *got;
		bool same;
	} rows[] = {
		{ "[]", "[]", true },
		{ "['1000-3000 rw-p 0']",
		  "['1000-2000 rw-p 0', '2000-3000 rw-p 0']", true },
		{ "['1000-2000 rw-p 0', '2000-3000 rw-p 0']",
		  "['00001000-00003000 rw-p 00000000 00:00 0 ']", true },
		{ "['1000-3000 rw-p 0 a']",
		  "['1000-2000 rw-p 0 a', '2000-3000 rw-p 1000 a']", true },
		{ "['1000-3000 rw-p 0 a']",
		  "['1000-2000 rw-p 0 a', '2000-3000 rw-p 0 a']", false },
		{ "['1000-2000 rw-p 0 a']", "['1000-2000 rw-p 1000 a']",
		  false },
		{ "['1000-3000 rw-p 0']",
		  "['1000-2000 rw-p 0', '2000-3000 r--p 0']", false },
		{ "['1000-3000 rw-p 0']", "['1000-2000 rw-p 0']", false },
		{ "['1000-2000 rw-p 0']", "[]", false },
		{ "[]", "['1000-2000 rw-p 0']", false },
		{ "['1000-2000 rw-p 0 a']", "['1000-2000 rw-p 0 b']", false },
		{ "['1000-2000 rw-p 0', 'hello']",
		  "['1000-2000 rw-p 0', '2000-3000 rw-p 0']", false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *expected = json_from(rows[i].expected);
		json_t *got = json_from(rows[i].got);

		if (compare_maps_extents(expected, got) != rows[i].same)
			CU_FAIL(rows[i].got);
		json_decref(expected);
		json_decref(got);
	}
}

static void missing_counters_differ(void)
{
	json_t *v = json_from("[0, 0]"), *cache = json_from("{}");
	struct comparison comparison = { 0 };

	compare_vmacache(&comparison, v, cache);
	CU_ASSERT_EQUAL(comparison.differing, CHECK_VMACACHE);
	comparison_reset(&comparison);
	json_decref(v);
	json_decref(cache);
}

static void check_lists_are_read(void)
{
	unsigned checks;
	char word[16];

	CU_ASSERT_EQUAL(
		compare_parse_checks("ret", &checks, word, sizeof(word)), 0);
	CU_ASSERT_EQUAL(checks, CHECK_RET);
	CU_ASSERT_EQUAL(compare_parse_checks("vmacache,maps", &checks, word,
					     sizeof(word)),
			0);
	CU_ASSERT_EQUAL(checks, CHECK_MAPS | CHECK_VMACACHE);
	CU_ASSERT_EQUAL(compare_parse_checks("ret,map,status", &checks, word,
					     sizeof(word)),
			-1);
	CU_ASSERT_STRING_EQUAL(word, "map");
	CU_ASSERT_EQUAL(
		compare_parse_checks("ret,", &checks, word, sizeof(word)), -1);
	CU_ASSERT_STRING_EQUAL(word, "");
}

CU_TestInfo test_compare[] = {
	{ "maps lines are shortened", maps_lines_are_shortened },
	{ "answers agree by their number", answers_agree_by_their_number },
	{ "status columns depend on the release",
	  status_columns_depend_on_the_release },
	{ "differences stand side by side", differences_stand_side_by_side },
	{ "extents forgive merges alone", extents_forgive_merges_alone },
	{ "missing counters differ", missing_counters_differ },
	{ "check lists are read", check_lists_are_read },
	CU_TEST_INFO_NULL,
};
