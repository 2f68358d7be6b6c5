/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "clients/cli/maps.h"
#include "tests/support/suite.h"

static void every_column_is_read(void)
{
	struct maps_line line;

	CU_ASSERT_FATAL(maps_line_read(
		"7f00-8f00 rw-s 0001a000 fe:1f 77   /a b/c (deleted)\nnext",
		&line));
	CU_ASSERT_EQUAL(line.start, 0x7f00);
	CU_ASSERT_EQUAL(line.end, 0x8f00);
	CU_ASSERT_STRING_EQUAL(line.perms, "rw-s");
	CU_ASSERT_EQUAL(line.offset, 0x1a000);
	CU_ASSERT_EQUAL(line.dev_major, 0xfe);
	CU_ASSERT_EQUAL(line.dev_minor, 0x1f);
	CU_ASSERT_EQUAL(line.inode, 77);
	CU_ASSERT(maps_name_is(&line, "/a b/c (deleted)"));
	CU_ASSERT_FALSE(maps_name_is(&line, "/a b/c"));
}

static void an_area_may_have_no_name(void)
{
	struct maps_line line;

	CU_ASSERT_FATAL(maps_line_read("1000-2000 ---p 0 00:00 0 ", &line));
	CU_ASSERT_EQUAL(line.name_len, 0);
	CU_ASSERT(maps_line_read("1000-2000 ---p 0 00:00 0", &line));
	CU_ASSERT_EQUAL(line.name_len, 0);
}

static void other_lines_are_refused(void)
{
	static const char *const texts[] = {
		"",
		"1000-2000",
		"2000-1000 r--p 0 00:00 0",
		"1000-2000 r--p 0",
		"1000-2000 rwx 0 00:00 0",
		"1000-2000 wr-p 0 00:00 0",
		"1000-2000 r--p 0 00:00",
		"1000-2000 r--p 0 0000 0",
		"1000-2000 r--p 0 00:00 x",
		"1000-2000 r--p 0 00:00 7x",
		"1000-2000 r--p 0 libx.so (deleted)",
		"-1000-2000 r--p 0 00:00 0",
		"0x1000-2000 r--p 0 00:00 0",
	};
	struct maps_line line;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (maps_line_read(texts[i], &line))
			CU_FAIL(texts[i]);
	}
}

static void lines_that_are_none_are_passed_over(void)
{
	const char *text = "1000-2000 r--p 0 00:00 0 \nhello\n"
			   "3000-4000 r--p 0 00:00 0 [heap]";
	struct maps_line line;

	CU_ASSERT(maps_next_line(&text, &line));
	CU_ASSERT_EQUAL(line.start, 0x1000);
	CU_ASSERT(maps_next_line(&text, &line));
	CU_ASSERT(maps_name_is(&line, "[heap]"));
	CU_ASSERT_FALSE(maps_next_line(&text, &line));
}

static void folders_are_cut_from_paths_alone(void)
{
	static const struct {
		const char *line;
		const char *base;
	} rows[] = {
		{ "1000-2000 r--p 0 00:01 7 /usr/lib/libc.so.6", "libc.so.6" },
		{ "1000-2000 r--p 0 00:01 7 /memfd:x (deleted)",
		  "memfd:x (deleted)" },
		{ "1000-2000 r--p 0 00:00 0 [anon:a/b]", "[anon:a/b]" },
		{ "1000-2000 r--p 0 00:00 0 ", "" },
	};
	struct maps_line line;
	size_t len;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *base;

		CU_ASSERT_FATAL(maps_line_read(rows[i].line, &line));
		base = maps_base_name(&line, &len);
		CU_ASSERT_EQUAL(len, strlen(rows[i].base));
		CU_ASSERT(!strncmp(base, rows[i].base, len));
	}
}

CU_TestInfo test_maps[] = {
	{ "every column is read", every_column_is_read },
	{ "an area may have no name", an_area_may_have_no_name },
	{ "other lines are refused", other_lines_are_refused },
	{ "lines that are none are passed over",
	  lines_that_are_none_are_passed_over },
	{ "folders are cut from paths alone",
	  folders_are_cut_from_paths_alone },
	CU_TEST_INFO_NULL,
};
