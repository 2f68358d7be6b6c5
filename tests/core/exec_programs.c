/* SPDX-License-Identifier: MIT */
#include "tests/core/exec_programs.h"

#include <stdio.h>
#include <string.h>

#include "core/world/proc.h"
#include "tests/support/suite.h"

#define INTERPRETER                                                            \
	"interpreter dyn 1ab70 /ld.so\n"                                       \
	"r-- 0 0 d58 d58 1000\n"                                               \
	"r-x 1000 1000 25111 25111 1000\n"                                     \
	"r-- 27000 27000 9c7c 9c7c 1000\n"                                     \
	"rw- 31900 31900 2810 29d8 1000\n"

const char static_program[] = "args 1 c env 1 4\n"
			      "program exec 4014f0 /p/s_static\n"
			      "r-- 0 400000 518 518 1000\n"
			      "r-x 1000 401000 77b01 77b01 1000\n"
			      "r-- 79000 479000 26f46 26f46 1000\n"
			      "rw- a06d8 4a06d8 5b98 101e8 1000\n";

const char static_pie[] = "args 1 9 env 1 4\n"
			  "program dyn 95b0 /p/s_pie\n"
			  "r-- 0 0 8020 8020 1000\n"
			  "r-x 9000 9000 78b41 78b41 1000\n"
			  "r-- 82000 82000 291ce 291ce 1000\n"
			  "rw- ab518 ac518 5d58 10368 1000\n";

const char pie[] = "args 1 9 env 1 4\n"
		   "program dyn 1040 /p/d_pie\n"
		   "r-- 0 0 5e0 5e0 1000\n"
		   "r-x 1000 1000 141 141 1000\n"
		   "r-- 2000 2000 dc dc 1000\n"
		   "rw- 2e00 3e00 214 5060 1000\n" INTERPRETER;

const char interpreted[] = "args 1 a env 1 4\n"
			   "program exec 401020 /p/d_exec\n"
			   "r-- 0 400000 498 498 1000\n"
			   "r-x 1000 401000 11d 11d 1000\n"
			   "r-- 2000 402000 a4 a4 1000\n"
			   "rw- 2e38 403e38 1dc 5028 1000\n" INTERPRETER;

const char aligned_static_pie[] = "args 1 9 env 1 4\n"
				  "program dyn 2005b0 /p/a_pie\n"
				  "r-- 0 0 8020 8020 200000\n"
				  "r-x 200000 200000 78b41 78b41 200000\n"
				  "r-- 400000 400000 291ce 291ce 200000\n"
				  "rw- 5fc518 7fc518 5d58 10368 200000\n";

const char aligned_pie[] = "args 1 9 env 1 4\n"
			   "program dyn 200040 /p/robss\n"
			   "r-- 0 0 5e0 5e0 200000\n"
			   "r-x 200000 200000 141 141 200000\n"
			   "r-- 400000 400000 dc dc 200000\n"
			   "rw- 5ffe00 7ffe00 214 5060 200000\n" INTERPRETER;

enum world_status exec_as(struct world_fixture *f, uint32_t thread,
			  const char *text, struct outcome *out)
{
	const struct operation op = {
		.code = OP_EXEC,
		.thread = thread,
		.text = text,
		.text_len = (uint32_t)strlen(text),
	};

	return world_apply(f->world, &op, out);
}

struct outcome exec_text(struct world_fixture *f, const char *text)
{
	struct outcome out;

	CU_ASSERT_EQUAL_FATAL(exec_as(f, 1, text, &out), WORLD_OK);
	return out;
}

void exec_begin(struct world_fixture *f, const char *profile)
{
	fixture_begin(f);
	f->setup.profile = kernel_profile_find(profile, strlen(profile));
	CU_ASSERT_PTR_NOT_NULL_FATAL(f->setup.profile);
	CU_ASSERT_EQUAL_FATAL(fixture_make(f), WORLD_OK);
}

const char *short_maps(struct world_fixture *f)
{
	static char text[4096];
	const struct vm_area_struct *vma;
	size_t len = 0, prefix_len, name_len;
	char prefix[MAPS_LINE_MAX];
	const char *name;

	for (vma = fixture_mm(f)->mmap; vma; vma = vma->vm_next) {
		process_maps_line(fixture_process(f), vma, prefix, &prefix_len,
				  &name, &name_len);
		len += (size_t)snprintf(
			text + len, sizeof(text) - len, "%.*s %llx%s%.*s\n",
			(int)(strchr(strchr(prefix, ' ') + 1, ' ') - prefix),
			prefix,
			vma->vm_file ? (unsigned long long)vma->vm_pgoff << 12
				     : 0ULL,
			name_len ? " " : "", (int)name_len, name ? name : "");
	}
	return text;
}
