/* SPDX-License-Identifier: MIT */
/*
 * Programs lie where real kernels put them
 *
 * They were run on Linux 5.10, 6.1 and 6.12 without randomisation, and stopped
 * before their first instruction. The rows of these releases are what maps and
 * stat then had (on a 5.10 whose vdso has two pages; here it has one). Those of
 * 4.0 follow from its differences.
 */
#include "tests/core/exec_programs.h"
#include "tests/support/suite.h"

struct layout_row {
	const char *profile, *program, *maps;
	uint64_t start_code, end_code, start_data, end_data, start_brk;
	uint64_t start_stack, rss; /* bytes, pages */
};

static const struct layout_row layout_rows[] = {
	{ "4.0", static_program,
	  "00400000-00401000 r--p 0 /p/s_static\n"
	  "00401000-00479000 r-xp 1000 /p/s_static\n"
	  "00479000-004a0000 r--p 79000 /p/s_static\n"
	  "004a0000-004a7000 rw-p a0000 /p/s_static\n"
	  "004a7000-004b1000 rw-p 0 [heap]\n"
	  "7ffff7ffb000-7ffff7ffd000 r--p 0 [vvar]\n"
	  "7ffff7ffd000-7ffff7fff000 r-xp 0 [vdso]\n"
	  "7ffffffde000-7ffffffff000 rw-p 0 [stack]\n",
	  0x400000, 0x478b01, 0x4a06d8, 0x4a6270, 0x4b1000, 0x7fffffffee60, 2 },
	{ "4.0", static_pie,
	  "555555554000-55555555d000 r--p 0 /p/s_pie\n"
	  "55555555d000-5555555d6000 r-xp 9000 /p/s_pie\n"
	  "5555555d6000-555555600000 r--p 82000 /p/s_pie\n"
	  "555555600000-555555607000 rw-p ab000 /p/s_pie\n"
	  "555555607000-555555611000 rw-p 0 [heap]\n"
	  "7ffff7ffb000-7ffff7ffd000 r--p 0 [vvar]\n"
	  "7ffff7ffd000-7ffff7fff000 r-xp 0 [vdso]\n"
	  "7ffffffde000-7ffffffff000 rw-p 0 [stack]\n",
	  0x555555554000, 0x5555555d5b41, 0x555555600518, 0x555555606270,
	  0x555555611000, 0x7fffffffee70, 2 },
	{ "4.0", pie,
	  "555555554000-555555555000 r--p 0 /p/d_pie\n"
	  "555555555000-555555556000 r-xp 1000 /p/d_pie\n"
	  "555555556000-555555557000 r--p 2000 /p/d_pie\n"
	  "555555557000-555555559000 rw-p 2000 /p/d_pie\n"
	  "555555559000-55555555d000 rw-p 0 [heap]\n"
	  "7ffff7fc6000-7ffff7fc8000 r--p 0 [vvar]\n"
	  "7ffff7fc8000-7ffff7fca000 r-xp 0 [vdso]\n"
	  "7ffff7fca000-7ffff7fcb000 r--p 0 /ld.so\n"
	  "7ffff7fcb000-7ffff7ff1000 r-xp 1000 /ld.so\n"
	  "7ffff7ff1000-7ffff7ffb000 r--p 27000 /ld.so\n"
	  "7ffff7ffb000-7ffff7fff000 rw-p 31000 /ld.so\n"
	  "7ffffffde000-7ffffffff000 rw-p 0 [stack]\n",
	  0x555555554000, 0x555555555141, 0x555555557e00, 0x555555558014,
	  0x55555555d000, 0x7fffffffee70, 3 },
	{ "4.0", interpreted,
	  "00400000-00401000 r--p 0 /p/d_exec\n"
	  "00401000-00402000 r-xp 1000 /p/d_exec\n"
	  "00402000-00403000 r--p 2000 /p/d_exec\n"
	  "00403000-00405000 rw-p 2000 /p/d_exec\n"
	  "00405000-00409000 rw-p 0 [heap]\n"
	  "7ffff7fc6000-7ffff7fc8000 r--p 0 [vvar]\n"
	  "7ffff7fc8000-7ffff7fca000 r-xp 0 [vdso]\n"
	  "7ffff7fca000-7ffff7fcb000 r--p 0 /ld.so\n"
	  "7ffff7fcb000-7ffff7ff1000 r-xp 1000 /ld.so\n"
	  "7ffff7ff1000-7ffff7ffb000 r--p 27000 /ld.so\n"
	  "7ffff7ffb000-7ffff7fff000 rw-p 31000 /ld.so\n"
	  "7ffffffde000-7ffffffff000 rw-p 0 [stack]\n",
	  0x400000, 0x40111d, 0x403e38, 0x404014, 0x409000, 0x7fffffffee70, 3 },
	{ "5.10", static_pie,
	  "7ffff7f3d000-7ffff7f41000 r--p 0 [vvar]\n"
	  "7ffff7f41000-7ffff7f42000 r-xp 0 [vdso]\n"
	  "7ffff7f42000-7ffff7f4b000 r--p 0 /p/s_pie\n"
	  "7ffff7f4b000-7ffff7fc4000 r-xp 9000 /p/s_pie\n"
	  "7ffff7fc4000-7ffff7fee000 r--p 82000 /p/s_pie\n"
	  "7ffff7fee000-7ffff7ff5000 rw-p ab000 /p/s_pie\n"
	  "7ffff7ff5000-7ffff7fff000 rw-p 0 [heap]\n"
	  "7ffffffde000-7ffffffff000 rw-p 0 [stack]\n",
	  0x7ffff7f4b000, 0x7ffff7fc3b41, 0x7ffff7fee518, 0x7ffff7ff4270,
	  0x7ffff7fff000, 0x7fffffffee60, 2 },
	{ "5.10", aligned_static_pie,
	  "7ffff77f2000-7ffff77fb000 r--p 0 /p/a_pie\n"
	  "7ffff79f2000-7ffff7a6b000 r-xp 200000 /p/a_pie\n"
	  "7ffff7bf2000-7ffff7c1c000 r--p 400000 /p/a_pie\n"
	  "7ffff7fe9000-7ffff7fed000 r--p 0 [vvar]\n"
	  "7ffff7fed000-7ffff7fee000 r-xp 0 [vdso]\n"
	  "7ffff7fee000-7ffff7ff5000 rw-p 5fc000 /p/a_pie\n"
	  "7ffff7ff5000-7ffff7fff000 rw-p 0 [heap]\n"
	  "7ffffffde000-7ffffffff000 rw-p 0 [stack]\n",
	  0x7ffff79f2000, 0x7ffff7a6ab41, 0x7ffff7fee518, 0x7ffff7ff4270,
	  0x7ffff7fff000, 0x7fffffffee60, 2 },
	{ "5.10", aligned_pie,
	  "555555400000-555555401000 r--p 0 /p/robss\n"
	  "555555600000-555555601000 r-xp 200000 /p/robss\n"
	  "555555800000-555555801000 r--p 400000 /p/robss\n"
	  "555555bff000-555555c01000 rw-p 5ff000 /p/robss\n"
	  "555555c01000-555555c05000 rw-p 0 [heap]\n"
	  "7ffff7fc5000-7ffff7fc9000 r--p 0 [vvar]\n"
	  "7ffff7fc9000-7ffff7fca000 r-xp 0 [vdso]\n"
	  "7ffff7fca000-7ffff7fcb000 r--p 0 /ld.so\n"
	  "7ffff7fcb000-7ffff7ff1000 r-xp 1000 /ld.so\n"
	  "7ffff7ff1000-7ffff7ffb000 r--p 27000 /ld.so\n"
	  "7ffff7ffb000-7ffff7fff000 rw-p 31000 /ld.so\n"
	  "7ffffffde000-7ffffffff000 rw-p 0 [stack]\n",
	  0x555555600000, 0x555555600141, 0x555555bffe00, 0x555555c00014,
	  0x555555c05000, 0x7fffffffee60, 3 },
	{ "6.1", interpreted,
	  "00400000-00401000 r--p 0 /p/d_exec\n"
	  "00401000-00402000 r-xp 1000 /p/d_exec\n"
	  "00402000-00403000 r--p 2000 /p/d_exec\n"
	  "00403000-00405000 rw-p 2000 /p/d_exec\n"
	  "00405000-00409000 rw-p 0 [heap]\n"
	  "7ffff7fc4000-7ffff7fc8000 r--p 0 [vvar]\n"
	  "7ffff7fc8000-7ffff7fca000 r-xp 0 [vdso]\n"
	  "7ffff7fca000-7ffff7fcb000 r--p 0 /ld.so\n"
	  "7ffff7fcb000-7ffff7ff1000 r-xp 1000 /ld.so\n"
	  "7ffff7ff1000-7ffff7ffb000 r--p 27000 /ld.so\n"
	  "7ffff7ffb000-7ffff7fff000 rw-p 31000 /ld.so\n"
	  "7ffffffde000-7ffffffff000 rw-p 0 [stack]\n",
	  0x401000, 0x40111d, 0x403e38, 0x404014, 0x409000, 0x7fffffffee50, 3 },
	{ "6.1", aligned_static_pie,
	  "7ffff7600000-7ffff7609000 r--p 0 /p/a_pie\n"
	  "7ffff7800000-7ffff7879000 r-xp 200000 /p/a_pie\n"
	  "7ffff7a00000-7ffff7a2a000 r--p 400000 /p/a_pie\n"
	  "7ffff7dfc000-7ffff7e03000 rw-p 5fc000 /p/a_pie\n"
	  "7ffff7e03000-7ffff7e0d000 rw-p 0\n"
	  "7ffff7ff9000-7ffff7ffd000 r--p 0 [vvar]\n"
	  "7ffff7ffd000-7ffff7fff000 r-xp 0 [vdso]\n"
	  "7ffffffde000-7ffffffff000 rw-p 0 [stack]\n",
	  0x7ffff7800000, 0x7ffff7878b41, 0x7ffff7dfc518, 0x7ffff7e02270,
	  0x555555555000, 0x7fffffffee50, 2 },
	{ "6.12", static_program,
	  "00400000-00401000 r--p 0 /p/s_static\n"
	  "00401000-00479000 r-xp 1000 /p/s_static\n"
	  "00479000-004a0000 r--p 79000 /p/s_static\n"
	  "004a0000-004a7000 rw-p a0000 /p/s_static\n"
	  "004a7000-004b1000 rw-p 0\n"
	  "7ffff7ff9000-7ffff7ffd000 r--p 0 [vvar]\n"
	  "7ffff7ffd000-7ffff7fff000 r-xp 0 [vdso]\n"
	  "7ffffffde000-7ffffffff000 rw-p 0 [stack]\n",
	  0x401000, 0x478b01, 0x4a06d8, 0x4a6270, 0x4b1000, 0x7fffffffee20, 2 },
	{ "6.12", static_pie,
	  "7ffff7f3c000-7ffff7f40000 r--p 0 [vvar]\n"
	  "7ffff7f40000-7ffff7f42000 r-xp 0 [vdso]\n"
	  "7ffff7f42000-7ffff7f4b000 r--p 0 /p/s_pie\n"
	  "7ffff7f4b000-7ffff7fc4000 r-xp 9000 /p/s_pie\n"
	  "7ffff7fc4000-7ffff7fee000 r--p 82000 /p/s_pie\n"
	  "7ffff7fee000-7ffff7ff5000 rw-p ab000 /p/s_pie\n"
	  "7ffff7ff5000-7ffff7fff000 rw-p 0\n"
	  "7ffffffde000-7ffffffff000 rw-p 0 [stack]\n",
	  0x7ffff7f4b000, 0x7ffff7fc3b41, 0x7ffff7fee518, 0x7ffff7ff4270,
	  0x555555555000, 0x7fffffffee30, 2 },
	{ "6.12", pie,
	  "555555554000-555555555000 r--p 0 /p/d_pie\n"
	  "555555555000-555555556000 r-xp 1000 /p/d_pie\n"
	  "555555556000-555555557000 r--p 2000 /p/d_pie\n"
	  "555555557000-555555559000 rw-p 2000 /p/d_pie\n"
	  "555555559000-55555555d000 rw-p 0\n"
	  "7ffff7fc4000-7ffff7fc8000 r--p 0 [vvar]\n"
	  "7ffff7fc8000-7ffff7fca000 r-xp 0 [vdso]\n"
	  "7ffff7fca000-7ffff7fcb000 r--p 0 /ld.so\n"
	  "7ffff7fcb000-7ffff7ff1000 r-xp 1000 /ld.so\n"
	  "7ffff7ff1000-7ffff7ffb000 r--p 27000 /ld.so\n"
	  "7ffff7ffb000-7ffff7fff000 rw-p 31000 /ld.so\n"
	  "7ffffffde000-7ffffffff000 rw-p 0 [stack]\n",
	  0x555555555000, 0x555555555141, 0x555555557e00, 0x555555558014,
	  0x55555555d000, 0x7fffffffee30, 3 },
};

static void check_layout(const struct layout_row *row)
{
	const struct mm_struct *mm;
	struct world_fixture f;

	exec_begin(&f, row->profile);
	CU_ASSERT_EQUAL(exec_text(&f, row->program).ret, 0);
	CU_ASSERT_STRING_EQUAL(short_maps(&f), row->maps);
	mm = fixture_mm(&f);
	CU_ASSERT_EQUAL(mm->start_code, row->start_code);
	CU_ASSERT_EQUAL(mm->end_code, row->end_code);
	CU_ASSERT_EQUAL(mm->start_data, row->start_data);
	CU_ASSERT_EQUAL(mm->end_data, row->end_data);
	CU_ASSERT_EQUAL(mm->start_brk, row->start_brk);
	CU_ASSERT_EQUAL(mm->brk, row->start_brk);
	CU_ASSERT_EQUAL(mm->start_stack, row->start_stack);
	CU_ASSERT_EQUAL(get_mm_rss(mm), row->rss);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void programs_lie_where_a_kernel_put_them(void)
{
	size_t i;

	for (i = 0; i < sizeof(layout_rows) / sizeof(layout_rows[0]); i++)
		check_layout(&layout_rows[i]);
}

CU_TestInfo test_loader[] = {
	{ "programs lie where a kernel put them",
	  programs_lie_where_a_kernel_put_them },
	CU_TEST_INFO_NULL,
};
