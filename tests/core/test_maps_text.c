/* SPDX-License-Identifier: MIT */
/*
 * Reading lines of /proc/PID/maps
 */
#include "core/world/maps_text.h"

#include <string.h>

#include "core/mm/mm_types.h"
#include "tests/support/suite.h"

struct accepted_row {
	const char *text;
	uint64_t start, end, vm_flags, offset;
	enum maps_kind kind;
	const char *name; /* of files */
	bool has_inode;
	uint16_t dev_major, dev_minor;
	uint64_t inode;
};

#define R VM_READ
#define W VM_WRITE
#define X VM_EXEC
#define S VM_SHARED

static const struct accepted_row accepted_rows[] = {
	{ "00400000-00401000 r-xp 00000000 08:01 1234                       "
	  "/bin/cat",
	  0x400000, 0x401000, R | X, 0, MAPS_FILE, "/bin/cat", true, 8, 1,
	  1234 },
	{ "400000-401000 r-xp 0 tracee", 0x400000, 0x401000, R | X, 0,
	  MAPS_FILE, "tracee", false, 0, 0, 0 },
	{ "1000-2000 rw-p 00000000 00:00 0 ", 0x1000, 0x2000, R | W, 0,
	  MAPS_ANON, NULL, true, 0, 0, 0 },
	{ "1000-2000 rw-p 00000000 00:00 0", 0x1000, 0x2000, R | W, 0,
	  MAPS_ANON, NULL, true, 0, 0, 0 },
	{ "1000-2000 ---p 0", 0x1000, 0x2000, 0, 0, MAPS_ANON, NULL, false, 0,
	  0, 0 },
	{ "0-7ffffffff000 rwxp 0", 0, TASK_SIZE, R | W | X, 0, MAPS_ANON, NULL,
	  false, 0, 0, 0 },
	{ "1000-2000 rw-p 0 [heap]", 0x1000, 0x2000, R | W, 0, MAPS_HEAP, NULL,
	  false, 0, 0, 0 },
	{ "1000-2000 rw-p 0 [stack]", 0x1000, 0x2000, R | W, 0, MAPS_STACK,
	  NULL, false, 0, 0, 0 },
	{ "1000-2000 rw-p 0 [stack:42]", 0x1000, 0x2000, R | W, 0, MAPS_ANON,
	  NULL, false, 0, 0, 0 },
	{ "1000-2000 r-xp 0 [vdso]", 0x1000, 0x2000, R | X, 0, MAPS_VDSO, NULL,
	  false, 0, 0, 0 },
	{ "1000-2000 r--p 0 [vvar]", 0x1000, 0x2000, R, 0, MAPS_VVAR, NULL,
	  false, 0, 0, 0 },
	{ "1000-2000 r--p 0 [vvar_vclock]", 0x1000, 0x2000, R, 0,
	  MAPS_VVAR_VCLOCK, NULL, false, 0, 0, 0 },
	{ "ffffffffff600000-ffffffffff601000 r-xp 00000000 00:00 0             "
	  "     [vsyscall]",
	  VSYSCALL_START, VSYSCALL_END, R | X, 0, MAPS_VSYSCALL, NULL, true, 0,
	  0, 0 },
	{ "1000-3000 rw-s 00002000 00:04 77 /dev/zero (deleted)", 0x1000,
	  0x3000, R | W | S, 0x2000, MAPS_SHMEM, NULL, true, 0, 4, 77 },
	{ "1000-3000 rw-s 0 zero (deleted)", 0x1000, 0x3000, R | W | S, 0,
	  MAPS_SHMEM, NULL, false, 0, 0, 0 },
	{ "1000-3000 rw-p 0 /dev/zero (deleted)", 0x1000, 0x3000, R | W, 0,
	  MAPS_FILE, "/dev/zero (deleted)", false, 0, 0, 0 },
	{ "1000-3000 rw-s 1000 00:0f 3 /a path (with) blanks", 0x1000, 0x3000,
	  R | W | S, 0x1000, MAPS_FILE, "/a path (with) blanks", true, 0, 15,
	  3 },
	{ "1000-3000 r--p 0 00:0f /not an inode", 0x1000, 0x3000, R, 0,
	  MAPS_FILE, "00:0f /not an inode", false, 0, 0, 0 },
	{ "1000-3000 r--p 0 /a\\012b", 0x1000, 0x3000, R, 0, MAPS_FILE,
	  "/a\\012b", false, 0, 0, 0 },
	{ "1000-3000\tr--p\t0\t/tabs", 0x1000, 0x3000, R, 0, MAPS_FILE, "/tabs",
	  false, 0, 0, 0 },
};

static void good_lines_are_read(void)
{
	const struct accepted_row *row;
	struct maps_line line;
	size_t i;

	for (i = 0; i < sizeof(accepted_rows) / sizeof(*row); i++) {
		row = &accepted_rows[i];
		CU_ASSERT_PTR_NULL_FATAL(
			maps_line_parse(row->text, strlen(row->text), &line));
		CU_ASSERT_EQUAL(line.start, row->start);
		CU_ASSERT_EQUAL(line.end, row->end);
		CU_ASSERT_EQUAL(line.vm_flags, row->vm_flags);
		CU_ASSERT_EQUAL(line.offset, row->offset);
		CU_ASSERT_EQUAL(line.kind, row->kind);
		CU_ASSERT_EQUAL(line.has_inode, row->has_inode);
		CU_ASSERT_EQUAL(line.dev_major, row->dev_major);
		CU_ASSERT_EQUAL(line.dev_minor, row->dev_minor);
		CU_ASSERT_EQUAL(line.inode, row->inode);
		if (!row->name)
			continue;
		CU_ASSERT_EQUAL_FATAL(line.name_len, strlen(row->name));
		CU_ASSERT_FALSE(memcmp(line.name, row->name, line.name_len));
	}
}

struct rejected_row {
	const char *text, *problem;
};

#define NO_RANGE "expected START-END, two hexadecimal addresses without 0x"
#define NO_PERMS                                                               \
	"expected four permission letters after the addresses, such as rw-p"
#define NO_OFFSET                                                              \
	"expected the offset after the permissions, in hexadecimal without 0x"
#define NO_FILE                                                                \
	"a shared area needs its file; without one it is called "              \
	"/dev/zero (deleted)"
#define BAD_BRACKET                                                            \
	"of the names in brackets only [heap], [stack], [stack:TID], [vdso], " \
	"[vvar], [vvar_vclock] and [vsyscall] are known"
#define BAD_VSYSCALL                                                           \
	"[vsyscall] is ffffffffff600000-ffffffffff601000, r-xp or --xp"

static const struct rejected_row rejected_rows[] = {
	{ "", NO_RANGE },
	{ " 1000-2000 rw-p 0", NO_RANGE },
	{ "1000", NO_RANGE },
	{ "1000 2000 rw-p 0", NO_RANGE },
	{ "0x1000-0x2000 rw-p 0", NO_RANGE },
	{ "1000-2000rw-p 0", NO_RANGE },
	{ "-2000 rw-p 0", NO_RANGE },
	{ "10000000000001000-20000000000001000 rw-p 0", NO_RANGE },
	{ "1001-2000 rw-p 0",
	  "START and END must be multiples of the page size, 1000 in "
	  "hexadecimal" },
	{ "1000-2800 rw-p 0",
	  "START and END must be multiples of the page size, 1000 in "
	  "hexadecimal" },
	{ "2000-2000 rw-p 0", "END must be above START" },
	{ "3000-2000 rw-p 0", "END must be above START" },
	{ "1000-2000", NO_PERMS },
	{ "1000-2000 rwp 0", NO_PERMS },
	{ "1000-2000 wr-p 0", NO_PERMS },
	{ "1000-2000 rw-q 0", NO_PERMS },
	{ "1000-2000 rw-pp 0", NO_PERMS },
	{ "1000-2000 rw-p", NO_OFFSET },
	{ "1000-2000 rw-p /file", NO_OFFSET },
	{ "1000-2000 rw-p 0x0 /file", NO_OFFSET },
	{ "1000-2000 rw-p 1 /file",
	  "the offset must be a multiple of the page size, 1000 in "
	  "hexadecimal" },
	{ "1000-2000 rw-p 7ffffffffffff000 /file",
	  "the offset is beyond what a file can have" },
	{ "1000-2000 rw-p 1000", "an area without a file has offset 0" },
	{ "1000-2000 rw-p 0 08:01 5",
	  "an area with an inode needs the path of its file" },
	{ "1000-2000 rw-s 0", NO_FILE },
	{ "1000-2000 rw-s 0 [heap]", NO_FILE },
	{ "7fffffffe000-800000000000 rw-p 0",
	  "END is beyond 7ffffffff000, where user space ends" },
	{ "1000-2000 rw-p 0 [anon:test]", BAD_BRACKET },
	{ "1000-2000 rw-p 0 [stack", BAD_BRACKET },
	{ "1000-2000 r-xp 0 [vsyscall]", BAD_VSYSCALL },
	{ "ffffffffff600000-ffffffffff601000 rwxp 0 [vsyscall]", BAD_VSYSCALL },
	{ "ffffffffff600000-ffffffffff602000 r-xp 0 [vsyscall]", BAD_VSYSCALL },
};

static void bad_lines_are_refused_with_a_reason(void)
{
	const struct rejected_row *row;
	struct maps_line line;
	const char *problem;
	size_t i;

	for (i = 0; i < sizeof(rejected_rows) / sizeof(*row); i++) {
		row = &rejected_rows[i];
		problem = maps_line_parse(row->text, strlen(row->text), &line);
		CU_ASSERT_PTR_NOT_NULL_FATAL(problem);
		CU_ASSERT_STRING_EQUAL(problem, row->problem);
	}
}

static void names_have_no_zero_byte_and_an_end(void)
{
	static const char zero[] = "1000-2000 r--p 0 /a\0b";
	char text[5000] = "1000-2000 r--p 0 /";
	const size_t before = strlen(text) - 1;
	struct maps_line line;

	CU_ASSERT_STRING_EQUAL(maps_line_parse(zero, sizeof(zero) - 1, &line),
			       "a name cannot hold a zero byte");
	memset(text + before + 1, 'x', sizeof(text) - before - 1);
	CU_ASSERT_PTR_NULL(maps_line_parse(text, before + 4095, &line));
	CU_ASSERT_STRING_EQUAL(maps_line_parse(text, before + 4096, &line),
			       "the path is longer than 4095 bytes");
}

static void every_prefix_of_a_line_is_safe_to_read(void)
{
	static const char text[] =
		"00400000-00401000 r-xp 00000000 08:01 1234 /bin/cat";
	char copy[sizeof(text)];
	struct maps_line line;
	size_t len;

	/* The byte behind the line must not count, whatever it is. */
	for (len = 0; len < sizeof(text); len++) {
		memset(copy, '7', sizeof(copy));
		memcpy(copy, text, len);
		if (!maps_line_parse(copy, len, &line) && line.name)
			CU_ASSERT(line.name + line.name_len <= copy + len);
	}
	CU_ASSERT_STRING_EQUAL(maps_line_parse("1000-20007", 9, &line),
			       NO_PERMS);
}

static void texts_are_cut_into_lines(void)
{
	static const char text[] = "one\n\nthree\nfour";
	static const char *const lines[] = { "one", "", "three", "four" };
	size_t len = sizeof(text) - 1, line_len, i;
	const char *at = text, *line;

	for (i = 0; i < 4; i++) {
		line = maps_text_next(&at, &len, &line_len);
		CU_ASSERT_PTR_NOT_NULL_FATAL(line);
		CU_ASSERT_EQUAL_FATAL(line_len, strlen(lines[i]));
		CU_ASSERT_FALSE(memcmp(line, lines[i], line_len));
	}
	CU_ASSERT_PTR_NULL(maps_text_next(&at, &len, &line_len));
	at = "one\n";
	len = 4;
	CU_ASSERT_PTR_NOT_NULL(maps_text_next(&at, &len, &line_len));
	CU_ASSERT_PTR_NULL(maps_text_next(&at, &len, &line_len));
}

static void newlines_are_unescaped_and_nothing_else(void)
{
	static const char name[] = "/a\\012b\\040\\01\\012";
	static const char expected[] = "/a\nb\\040\\01\n";
	char out[sizeof(name)];
	size_t len = maps_unescape(name, sizeof(name) - 1, out);

	CU_ASSERT_EQUAL_FATAL(len, sizeof(expected) - 1);
	CU_ASSERT_FALSE(memcmp(out, expected, len));
}

CU_TestInfo test_maps_text[] = {
	{ "good lines are read", good_lines_are_read },
	{ "bad lines are refused with a reason",
	  bad_lines_are_refused_with_a_reason },
	{ "names have no zero byte and an end",
	  names_have_no_zero_byte_and_an_end },
	{ "every prefix of a line is safe to read",
	  every_prefix_of_a_line_is_safe_to_read },
	{ "texts are cut into lines", texts_are_cut_into_lines },
	{ "newlines are unescaped and nothing else",
	  newlines_are_unescaped_and_nothing_else },
	CU_TEST_INFO_NULL,
};
