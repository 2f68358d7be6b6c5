/* SPDX-License-Identifier: MIT */
/*
 * Address spaces from the text of their maps: areas, flags, files
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/world/state_codec.h"
#include "tests/core/world_fixture.h"
#include "tests/support/suite.h"

static const struct vm_file *file_at(const struct world_fixture *f,
				     uint64_t addr)
{
	const struct vm_area_struct *vma = fixture_area(f, addr);

	return vma ? vma->vm_file : NULL;
}

static void full_text_is_printed_as_it_was_read(void)
{
	static const char text[] =
		"00400000-00452000 r-xp 00000000 08:02 173521                  "
		"           /usr/bin/dbus-daemon\n"
		"00651000-00652000 r--p 00051000 08:02 173521                  "
		"           /usr/bin/dbus-daemon\n"
		"00652000-00655000 rw-p 00052000 08:02 173521                  "
		"           /usr/bin/dbus-daemon\n"
		"00e03000-00e24000 rw-p 00000000 00:00 0                       "
		"           [heap]\n"
		"35b1800000-35b1820000 r-xp 00000000 08:02 135522              "
		"           /usr/lib64/ld 2.15.so (deleted)\n"
		"7f0000000000-7f0000002000 rw-s 00000000 00:04 4711            "
		"           /dev/zero (deleted)\n"
		"7f0000002000-7f0000003000 r--s 00003000 00:10 "
		"18446744073709551615       /tmp/line\\012break\n"
		"7f0000004000-7f0000005000 rw-p 00000000 00:00 0 \n"
		"7ffffffde000-7ffffffff000 rw-p 00000000 00:00 0               "
		"           [stack]\n"
		"ffffffffff600000-ffffffffff601000 r-xp 00000000 00:00 0       "
		"           [vsyscall]\n";
	struct world_fixture f;

	fixture_begin(&f);
	CU_ASSERT_EQUAL_FATAL(fixture_make_of(&f, text), WORLD_OK);
	CU_ASSERT_STRING_EQUAL(fixture_maps(&f), text);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

struct flags_row {
	const char *line, *codes;
};

static const struct flags_row flags_rows[] = {
	{ "1000-3000 rw-p 0", "rd wr mr mw me ac sd " },
	{ "1000-3000 r--p 0", "rd mr mw me sd " },
	{ "1000-3000 rwxp 0", "rd wr ex mr mw me ac sd " },
	{ "1000-3000 rw-p 0 [heap]", "rd wr mr mw me ac sd " },
	{ "1000-3000 rw-p 0 /file", "rd wr mr mw me ac sd " },
	{ "1000-3000 rw-s 0 /file", "rd wr sh mr mw me ms sd " },
	{ "1000-3000 r--s 0 /file", "rd sh mr mw me ms sd " },
	{ "1000-3000 rw-s 0 zero (deleted)", "rd wr sh mr mw me ms sd " },
	{ "1000-3000 r-xp 0 /program", "rd ex mr mw me dw sd " },
	{ "2000-3000 rw-p 0 [stack]", "rd wr mr mw me gd ac " },
	{ "1000-3000 r-xp 0 [vdso]", "rd ex mr mw me de sd " },
	{ "1000-3000 r--p 0 [vvar]", "rd mr pf io de dd sd " },
};

static void areas_have_the_flags_of_their_line(void)
{
	struct world_fixture f;
	size_t i;

	for (i = 0; i < sizeof(flags_rows) / sizeof(flags_rows[0]); i++) {
		fixture_begin(&f);
		CU_ASSERT_EQUAL_FATAL(fixture_make_of(&f, flags_rows[i].line),
				      WORLD_OK);
		CU_ASSERT_PTR_NOT_NULL_FATAL(fixture_mm(&f)->mmap);
		CU_ASSERT_STRING_EQUAL(fixture_flags(&f, fixture_mm(&f)->mmap),
				       flags_rows[i].codes);
		CU_ASSERT_PTR_NULL(fixture_end(&f));
	}
}

static void all_private_areas_of_the_program_deny_writing(void)
{
	struct world_fixture f;

	fixture_begin(&f);
	CU_ASSERT_EQUAL_FATAL(fixture_make_of(&f, "1000-2000 r--p 0 /bin/a\n"
						  "2000-3000 r-xp 1000 /bin/a\n"
						  "3000-4000 rw-p 2000 /bin/a\n"
						  "5000-6000 r-xp 0 /lib/b\n"),
			      WORLD_OK);
	CU_ASSERT(fixture_area(&f, 0x1000)->vm_flags & VM_DENYWRITE);
	CU_ASSERT(fixture_area(&f, 0x2000)->vm_flags & VM_DENYWRITE);
	CU_ASSERT(fixture_area(&f, 0x3000)->vm_flags & VM_DENYWRITE);
	CU_ASSERT_FALSE(fixture_area(&f, 0x5000)->vm_flags & VM_DENYWRITE);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void start_code_chooses_the_program(void)
{
	struct world_fixture f;

	fixture_begin(&f);
	f.setup.mm[MM_START_CODE] = 0x5800;
	f.setup.mm_given = 1U << MM_START_CODE;
	CU_ASSERT_EQUAL_FATAL(fixture_make_of(&f, "1000-2000 r-xp 0 /lib/a\n"
						  "5000-6000 r-xp 0 /bin/b\n"),
			      WORLD_OK);
	CU_ASSERT_FALSE(fixture_area(&f, 0x1000)->vm_flags & VM_DENYWRITE);
	CU_ASSERT(fixture_area(&f, 0x5000)->vm_flags & VM_DENYWRITE);
	CU_ASSERT_EQUAL(fixture_mm(&f)->end_code, 0x6000);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void one_path_is_one_file_as_long_as_its_mappings(void)
{
	const struct vm_file *file;
	struct world_fixture f;

	fixture_begin(&f);
	CU_ASSERT_EQUAL_FATAL(fixture_make_of(&f, "1000-2000 r--p 7000 /a\n"
						  "2000-4000 r--p 1000 /a\n"
						  "4000-5000 r--p 0 /b\n"),
			      WORLD_OK);
	file = file_at(&f, 0x1000);
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	CU_ASSERT_PTR_EQUAL(file_at(&f, 0x2000), file);
	CU_ASSERT_PTR_NOT_EQUAL(file_at(&f, 0x4000), file);
	CU_ASSERT_EQUAL(file->size, 0x8000);
	CU_ASSERT_EQUAL(file->inode, 1);
	CU_ASSERT_EQUAL(file_at(&f, 0x4000)->inode, 2);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void one_path_with_two_inodes_is_two_files(void)
{
	struct world_fixture f;

	fixture_begin(&f);
	CU_ASSERT_EQUAL_FATAL(fixture_make_of(&f,
					      "1000-2000 r--p 0 00:01 7 /a\n"
					      "2000-3000 r--p 0 00:01 8 /a\n"
					      "3000-4000 r--p 0 00:02 7 /a\n"
					      "4000-5000 r--p 0 00:01 7 /a\n"
					      "5000-6000 r--p 0 /a\n"),
			      WORLD_OK);
	CU_ASSERT_PTR_NOT_EQUAL(file_at(&f, 0x1000), file_at(&f, 0x2000));
	CU_ASSERT_PTR_NOT_EQUAL(file_at(&f, 0x1000), file_at(&f, 0x3000));
	CU_ASSERT_PTR_NOT_EQUAL(file_at(&f, 0x2000), file_at(&f, 0x3000));
	CU_ASSERT_PTR_EQUAL(file_at(&f, 0x1000), file_at(&f, 0x4000));
	CU_ASSERT_PTR_EQUAL(file_at(&f, 0x1000), file_at(&f, 0x5000));
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void numbers_belong_to_the_file_that_had_none(void)
{
	struct world_fixture f;

	fixture_begin(&f);
	CU_ASSERT_EQUAL_FATAL(
		fixture_make_of(&f, "1000-2000 r--p 0 /a\n"
				    "2000-3000 r--p 1000 08:03 9 /a\n"
				    "3000-4000 r--p 2000 08:03 9 /a\n"),
		WORLD_OK);
	CU_ASSERT_PTR_EQUAL(file_at(&f, 0x1000), file_at(&f, 0x2000));
	CU_ASSERT_PTR_EQUAL(file_at(&f, 0x1000), file_at(&f, 0x3000));
	CU_ASSERT_EQUAL(file_at(&f, 0x1000)->inode, 9);
	CU_ASSERT_EQUAL(file_at(&f, 0x1000)->dev_major, 8);
	CU_ASSERT_EQUAL(file_at(&f, 0x1000)->dev_minor, 3);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static const struct file_setup open_files[] = {
	{ .fd = 3,
	  .name = "data",
	  .name_len = 4,
	  .size = 100,
	  .mode = FILE_RO,
	  .path = "/tmp/data",
	  .path_len = 9 },
	{ .fd = 4, .name = "log", .name_len = 3, .mode = FILE_WO },
	{ .fd = 5,
	  .name = "all",
	  .name_len = 3,
	  .mode = FILE_RW,
	  .inode_given = true,
	  .inode = 77,
	  .dev_given = true,
	  .dev_minor = 9 },
};

static void lines_find_open_files_by_path_or_name(void)
{
	const struct vm_file *data, *all;
	struct world_fixture f;
	int32_t fd = 3;

	fixture_begin(&f);
	f.setup.files = open_files;
	f.setup.nr_files = 3;
	CU_ASSERT_EQUAL_FATAL(
		fixture_make_of(&f, "1000-2000 r--p 0 data\n"
				    "2000-4000 r--s 0 /tmp/data\n"
				    "4000-5000 rw-s 0 00:09 77 /all\n"
				    "5000-6000 r--p 0 00:09 78 /all\n"),
		WORLD_OK);
	data = process_next_file(fixture_process(&f), &fd);
	fd = 5;
	all = process_next_file(fixture_process(&f), &fd);
	CU_ASSERT_PTR_EQUAL(file_at(&f, 0x1000), data);
	CU_ASSERT_PTR_EQUAL(file_at(&f, 0x2000), data);
	CU_ASSERT_PTR_EQUAL(file_at(&f, 0x4000), all);
	CU_ASSERT_PTR_NOT_EQUAL(file_at(&f, 0x5000), all);
	/* A descriptor says the size; read-only it makes no writable area. */
	CU_ASSERT_EQUAL(data->size, 100);
	CU_ASSERT_STRING_EQUAL(fixture_flags(&f, fixture_area(&f, 0x2000)),
			       "rd mr me ms sd ");
	CU_ASSERT_PTR_NOT_NULL(
		strstr(fixture_maps(&f), "00002000-00004000 r--s "));
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void shared_memory_goes_on_where_its_line_does(void)
{
	const struct vm_file *first;
	struct world_fixture f;

	fixture_begin(&f);
	CU_ASSERT_EQUAL_FATAL(
		fixture_make_of(&f, "1000-3000 rw-s 0 zero (deleted)\n"
				    "3000-4000 r--s 2000 zero (deleted)\n"
				    "4000-5000 rw-s 0 zero (deleted)\n"
				    "6000-7000 rw-s 1000 zero (deleted)\n"),
		WORLD_OK);
	first = file_at(&f, 0x1000);
	CU_ASSERT_PTR_NOT_NULL_FATAL(first);
	CU_ASSERT(first->shmem);
	CU_ASSERT_PTR_EQUAL(file_at(&f, 0x3000), first);
	CU_ASSERT_PTR_NOT_EQUAL(file_at(&f, 0x4000), first);
	CU_ASSERT_PTR_NOT_EQUAL(file_at(&f, 0x6000), file_at(&f, 0x4000));
	CU_ASSERT_EQUAL(first->size, 0x3000);
	/* An object is committed as a whole: 3 pages, 1, and 2 of the last. */
	CU_ASSERT_EQUAL(first->committed, 3);
	CU_ASSERT_EQUAL(world_machine(f.world)->committed_as, 3 + 1 + 2);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void shared_memory_is_found_by_its_inode(void)
{
	struct world_fixture f;

	fixture_begin(&f);
	CU_ASSERT_EQUAL_FATAL(
		fixture_make_of(
			&f,
			"1000-2000 rw-s 0 00:04 5 /dev/zero (deleted)\n"
			"2000-3000 rw-s 1000 00:04 6 /dev/zero (deleted)\n"
			"5000-6000 r--s 1000 00:04 5 /dev/zero (deleted)\n"),
		WORLD_OK);
	CU_ASSERT_PTR_EQUAL(file_at(&f, 0x1000), file_at(&f, 0x5000));
	CU_ASSERT_PTR_NOT_EQUAL(file_at(&f, 0x1000), file_at(&f, 0x2000));
	CU_ASSERT_EQUAL(file_at(&f, 0x1000)->size, 0x2000);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

/* So many that what they say would pass all that can be counted. */
#define FAR_OBJECTS    4097ULL
#define FAR_LINE_BYTES 64

static char *far_objects(void)
{
	char *text = malloc(FAR_OBJECTS * FAR_LINE_BYTES);
	uint64_t i, start;
	int len = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	for (i = 0; i < FAR_OBJECTS; i++) {
		start = 0x10000 + 2 * i * PAGE_SIZE;
		len += snprintf(text + len, FAR_LINE_BYTES,
				"%llx-%llx rw-s 7fffffffffffe000 zero "
				"(deleted)\n",
				(unsigned long long)start,
				(unsigned long long)(start + PAGE_SIZE));
	}
	return text;
}

/* It was mapped as a whole once, and mremap lets areas grow beyond its end. */
static void shared_memory_is_no_larger_than_user_space(void)
{
	static const uint64_t most = TASK_SIZE >> PAGE_SHIFT;
	char *text = far_objects();
	struct state_text state;
	struct world *world;
	struct world_fixture f;

	fixture_begin(&f);
	CU_ASSERT_EQUAL_FATAL(fixture_make_of(&f, text), WORLD_OK);
	CU_ASSERT_EQUAL(file_at(&f, 0x10000)->size, TASK_SIZE);
	CU_ASSERT_EQUAL(world_machine(f.world)->committed_as,
			FAR_OBJECTS * most);
	/* What a creation makes, a state can say. */
	CU_ASSERT_EQUAL(world_state_write(&f.memory, f.world, &state), 0);
	CU_ASSERT_EQUAL_FATAL(world_state_read(&f.memory, &f.setup, state.bytes,
					       state.len, &world, &f.error),
			      WORLD_OK);
	world_free(world);
	state_text_free(&state);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
	free(text);
}

static void the_stack_begins_a_page_lower_than_shown(void)
{
	struct world_fixture f;

	fixture_begin(&f);
	CU_ASSERT_EQUAL_FATAL(fixture_make_of(&f, "8000-a000 rw-p 0 [stack]\n"),
			      WORLD_OK);
	CU_ASSERT_EQUAL(fixture_mm(&f)->mmap->vm_start, 0x7000);
	CU_ASSERT_EQUAL(fixture_mm(&f)->stack_vm, 3);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

struct refusal_row {
	const char *maps, *hint;
};

static const struct refusal_row refusal_rows[] = {
	{ "1000-2000 rw-p 0\n\n3000-4000 rw-p 0\n",
	  "line 2: expected START-END, two hexadecimal addresses without 0x" },
	{ "1000-3000 rw-p 0\n2000-4000 rw-p 0\n",
	  "line 2: it begins below the end of the line before; areas go "
	  "upwards and do not overlap" },
	{ "3000-4000 rw-p 0\n1000-2000 rw-p 0\n",
	  "line 2: it begins below the end of the line before; areas go "
	  "upwards and do not overlap" },
	{ "1000-2000 rw-p 0\n2000-3000 rw-p 0 [stack]\n",
	  "line 2: the page below [stack] must be free: its guard page is "
	  "there, which maps does not show" },
	{ "0-1000 rw-p 0 [stack]\n",
	  "line 1: the page below [stack] must be free: its guard page is "
	  "there, which maps does not show" },
	{ "2000-3000 rw-p 0 [stack]\n5000-6000 rw-p 0 [stack]\n",
	  "line 2: a process has one [stack]" },
	{ "1000-2000 r--p 0 log\n",
	  "line 1: its file is open for writing only, which cannot be mapped" },
	{ "1000-2000 r--p 0 data\n2000-3000 rw-s 0 /tmp/data\n",
	  "line 2: its file is open for reading only, so a shared area of it "
	  "cannot have w" },
};

static void bad_texts_are_refused_by_line(void)
{
	struct world_fixture f;
	size_t i;

	for (i = 0; i < sizeof(refusal_rows) / sizeof(refusal_rows[0]); i++) {
		fixture_begin(&f);
		f.setup.files = open_files;
		f.setup.nr_files = 3;
		CU_ASSERT_EQUAL(fixture_make_of(&f, refusal_rows[i].maps),
				WORLD_BAD_PARAM);
		CU_ASSERT_PTR_NOT_NULL_FATAL(f.error.param);
		CU_ASSERT_STRING_EQUAL(f.error.param, "maps");
		CU_ASSERT_STRING_EQUAL(f.error.hint, refusal_rows[i].hint);
		CU_ASSERT_PTR_NULL(fixture_end(&f));
	}
}

CU_TestInfo test_maps_import[] = {
	{ "full text is printed as it was read",
	  full_text_is_printed_as_it_was_read },
	{ "areas have the flags of their line",
	  areas_have_the_flags_of_their_line },
	{ "all private areas of the program deny writing",
	  all_private_areas_of_the_program_deny_writing },
	{ "start_code chooses the program", start_code_chooses_the_program },
	{ "one path is one file as long as its mappings",
	  one_path_is_one_file_as_long_as_its_mappings },
	{ "one path with two inodes is two files",
	  one_path_with_two_inodes_is_two_files },
	{ "numbers belong to the file that had none",
	  numbers_belong_to_the_file_that_had_none },
	{ "lines find open files by path or name",
	  lines_find_open_files_by_path_or_name },
	{ "shared memory goes on where its line does",
	  shared_memory_goes_on_where_its_line_does },
	{ "shared memory is found by its inode",
	  shared_memory_is_found_by_its_inode },
	{ "shared memory is no larger than user space",
	  shared_memory_is_no_larger_than_user_space },
	{ "the stack begins a page lower than shown",
	  the_stack_begins_a_page_lower_than_shown },
	{ "bad texts are refused by line", bad_texts_are_refused_by_line },
	CU_TEST_INFO_NULL,
};
