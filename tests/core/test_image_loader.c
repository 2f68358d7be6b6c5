/* SPDX-License-Identifier: MIT */
/*
 * Programs whose segments are laid out oddly
 *
 * Found among random ones that Linux 4.0, 5.10, 6.1 and 6.12 were asked to run:
 * what is here is what their maps had before the first instruction.
 */
#include <string.h>

#include "tests/core/exec_programs.h"
#include "tests/support/suite.h"

/* A bss in the middle, and a last segment that is nothing else, amid a page. */
static const char two_bss[] = "args 1 1 env 0 0\n"
			      "program exec 400400 /p\n"
			      "r-x 0 400000 400 400 1000\n"
			      "r-- 1000 401000 1000 3345 1000\n"
			      "rwx 2ff0 405ff0 0 1000 1000\n";

/* The last segment of the file is the first one in memory, with a bss. */
static const char upside_down[] = "args 1 1 env 0 0\n"
				  "program exec 400400 /p\n"
				  "rw- 7000 60a000 10 10 1000\n"
				  "rw- 4ff0 606ff0 2000 2200 1000\n"
				  "rw- 1800 604800 2000 2000 1000\n"
				  "rwx 0 400000 1000 3345 1000\n";

/* A bss behind what cannot be written, and one amid an interpreter. */
static const char read_only_bss[] = "args 1 1 env 0 0\n"
				    "program exec 400400 /p\n"
				    "r-- 0 400000 1800 5800 1000\n"
				    "interpreter dyn 400 /i\n"
				    "r-x 0 0 1000 1000 1000\n"
				    "rwx 1000 1000 100 1100 1000\n"
				    "r-x 2000 3000 2000 2000 1000\n";

/* From the first segment's start to the last one's end is less than nothing. */
static const char backwards[] = "args 1 1 env 0 0\n"
				"program dyn 400 /p\n"
				"r-x 2000 2000 1000 2000 1000\n"
				"r-x 0 0 1800 1a00 1000\n";

/* maps: but for the stack and the kernel's own areas; NULL: nothing runs */
static const struct image_row {
	const char *profile, *program, *maps;
} rows[] = {
	{ "4.0", two_bss,
	  "00400000-00401000 r-xp 0 /p\n"
	  "00401000-00402000 r--p 1000 /p\n"
	  "00402000-00405000 rw-p 0\n"
	  "00405000-00406000 rwxp 2000 /p\n"
	  "00406000-00407000 rw-p 0 [heap]\n" },
	{ "5.10", two_bss,
	  "00400000-00401000 r-xp 0 /p\n"
	  "00401000-00402000 r--p 1000 /p\n"
	  "00402000-00405000 rw-p 0\n"
	  "00405000-00406000 rwxp 2000 /p\n"
	  "00406000-00407000 rwxp 0 [heap]\n" },
	{ "6.1", two_bss,
	  "00400000-00401000 r-xp 0 /p\n"
	  "00401000-00402000 r--p 1000 /p\n"
	  "00402000-00405000 rw-p 0\n"
	  "00405000-00407000 rwxp 0 [heap]\n" },
	{ "6.12", two_bss,
	  "00400000-00401000 r-xp 0 /p\n"
	  "00401000-00402000 r--p 1000 /p\n"
	  "00402000-00405000 rw-p 0\n"
	  "00405000-00407000 rwxp 0\n" },
	{ "4.0", upside_down,
	  "00400000-00401000 rwxp 0 /p\n"
	  "00604000-00607000 rw-p 1000 /p\n"
	  "00607000-00609000 rw-p 5000 /p\n"
	  "0060a000-0060b000 rw-p 7000 /p\n" },
	{ "5.10", upside_down,
	  "00400000-00401000 rwxp 0 /p\n"
	  "00604000-00607000 rw-p 1000 /p\n"
	  "00607000-00609000 rw-p 5000 /p\n"
	  "0060a000-0060b000 rw-p 7000 /p\n" },
	{ "6.1", upside_down,
	  "00400000-00401000 rwxp 0 /p\n"
	  "00401000-00404000 rwxp 0\n"
	  "00604000-00607000 rw-p 1000 /p\n"
	  "00607000-00609000 rw-p 5000 /p\n"
	  "00609000-0060a000 rw-p 0\n"
	  "0060a000-0060b000 rw-p 7000 /p\n" },
	{ "6.12", upside_down,
	  "00400000-00401000 rwxp 0 /p\n"
	  "00401000-00404000 rwxp 0\n"
	  "00604000-00607000 rw-p 1000 /p\n"
	  "00607000-00609000 rw-p 5000 /p\n"
	  "00609000-0060a000 rw-p 0\n"
	  "0060a000-0060b000 rw-p 7000 /p\n" },
	{ "4.0", read_only_bss, NULL },
	{ "5.10", read_only_bss, NULL },
	{ "6.1", read_only_bss,
	  "00400000-00402000 r--p 0 /p\n"
	  "00402000-00406000 rw-p 0 [heap]\n"
	  "7ffff7ffa000-7ffff7ffb000 r-xp 0 /i\n"
	  "7ffff7ffb000-7ffff7ffc000 rwxp 1000 /i\n"
	  "7ffff7ffd000-7ffff7fff000 r-xp 2000 /i\n" },
	{ "6.12", read_only_bss,
	  "00400000-00402000 r--p 0 /p\n"
	  "00402000-00406000 rw-p 0\n"
	  "7ffff7ffa000-7ffff7ffb000 r-xp 0 /i\n"
	  "7ffff7ffb000-7ffff7ffc000 rwxp 1000 /i\n"
	  "7ffff7ffc000-7ffff7ffd000 rwxp 0\n"
	  "7ffff7ffd000-7ffff7fff000 r-xp 2000 /i\n" },
	{ "5.10", backwards, NULL },
};

/* The lines of @maps that are about the program. */
static const char *of_program(const char *maps)
{
	static char text[4096];
	size_t len = 0, line_len;
	const char *name;

	for (; *maps; maps += line_len) {
		line_len = strcspn(maps, "\n") + 1;
		name = memchr(maps, '[', line_len);
		if (name && strncmp(name, "[heap]", 6) != 0)
			continue;
		memcpy(text + len, maps, line_len);
		len += line_len;
	}
	text[len] = '\0';
	return text;
}

static void odd_programs_lie_where_kernels_put_them(void)
{
	struct world_fixture f;
	struct outcome out;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		exec_begin(&f, rows[i].profile);
		out = exec_text(&f, rows[i].program);
		CU_ASSERT_EQUAL(out.ret < 0, !rows[i].maps);
		if (!out.ret && rows[i].maps)
			CU_ASSERT_STRING_EQUAL(of_program(short_maps(&f)),
					       rows[i].maps);
		CU_ASSERT_PTR_NULL(fixture_end(&f));
	}
}

/* A segment of a program that has been moved, so that it is at no address. */
static void segments_without_bytes_need_a_place(void)
{
	static const char nothing[] = "args 1 1 env 0 0\n"
				      "program dyn 700000000000 /p\n"
				      "r-x 0 700000000000 1000 1000 1000\n"
				      "rw- 0 0 0 0 1000\n";
	static const char bss[] = "args 1 1 env 0 0\n"
				  "program dyn 700000000000 /p\n"
				  "r-x 0 700000000000 1000 1000 1000\n"
				  "rw- 0 0 0 1000 1000\n";
	static const char above[] = "args 1 1 env 0 0\n"
				    "program dyn 0 /p\n"
				    "r-x 0 0 1000 1000 1000\n"
				    "rw- 0 7fffffffe000 0 0 1000\n";
	static const struct {
		const char *profile, *program;
		int64_t ret;
	} cases[] = {
		{ "4.0", nothing, -MM_EINVAL }, { "4.0", bss, -MM_EINVAL },
		{ "4.0", above, -MM_EINVAL },   { "6.1", nothing, -MM_EINVAL },
		{ "6.1", bss, -MM_ENOMEM },     { "6.12", nothing, -MM_EINVAL },
		{ "6.12", bss, -MM_ENOMEM },
	};
	struct world_fixture f;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		exec_begin(&f, cases[i].profile);
		CU_ASSERT_EQUAL(exec_text(&f, cases[i].program).ret,
				cases[i].ret);
		CU_ASSERT_PTR_NULL(fixture_end(&f));
	}
}

static void an_interpreter_without_bss_is_padded_or_not(void)
{
	/* Its last page cannot be written. */
	static const char text[] = "args 1 1 env 0 0\n"
				   "program exec 400400 /p\n"
				   "r-x 0 400000 400 400 1000\n"
				   "interpreter dyn 400 /i\n"
				   "r-x 0 0 1800 1800 1000\n";
	static const struct {
		const char *profile;
		bool runs;
	} releases[] = {
		{ "4.0", true },
		{ "5.10", false },
		{ "6.1", false },
		{ "6.12", true },
	};
	struct world_fixture f;
	size_t i;

	for (i = 0; i < sizeof(releases) / sizeof(releases[0]); i++) {
		exec_begin(&f, releases[i].profile);
		CU_ASSERT_EQUAL(exec_text(&f, text).ret,
				releases[i].runs ? 0 : -MM_EFAULT);
		CU_ASSERT_PTR_NULL(fixture_end(&f));
	}
}

CU_TestInfo test_image_loader[] = {
	{ "odd programs", odd_programs_lie_where_kernels_put_them },
	{ "segments without bytes", segments_without_bytes_need_a_place },
	{ "interpreter's padding",
	  an_interpreter_without_bss_is_padded_or_not },
	CU_TEST_INFO_NULL,
};
