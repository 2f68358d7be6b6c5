/* SPDX-License-Identifier: MIT */
/* Where programs are loaded, and when they are not. */
#include <stdio.h>
#include <string.h>

#include "tests/behaviours/scene.h"

#define EEXIST 17
#define E2BIG  7

/* Replaces the process by a program; answers what execve does. */
static int64_t exec_program(struct world_fixture *f, const char *text)
{
	const struct operation op = {
		.code = OP_EXEC,
		.thread = 1,
		.text = text,
		.text_len = (uint32_t)strlen(text),
	};
	struct outcome out;

	world_answers(f, world_apply(f->world, &op, &out), WORLD_OK);
	return out.ret;
}

WORLD_BEHAVIOUR(l37)
{
	static const char pie[] = "args 1 e env 1 4\n"
				  "program dyn 1040 /bin/pie\n"
				  "r-x 0 0 1000 1000 1000\n"
				  "rw- 1000 1000 1000 1000 1000\n"
				  "interpreter dyn 100 /ld.so\n"
				  "r-x 0 0 1000 1000 1000\n";
	uint64_t base;

	world_answers(f, fixture_make(f), WORLD_OK);
	world_answers(f, exec_program(f, pie), 0);
	base = fixture_mm(f)->mmap->vm_start;
	world_answers(f, base, TASK_SIZE / 3 * 2 & PAGE_MASK);
}

WORLD_BEHAVIOUR(d11)
{
	/* Linked to where the stack is. */
	static const char program[] = "args 1 e env 1 4\n"
				      "program exec 400000 /bin/static\n"
				      "r-x 0 7fffffffd000 1000 1000 1000\n"
				      "rw- 1000 600000 1000 1000 1000\n";
	bool replaces = !world_since(f, "6.1");

	world_answers(f, fixture_make(f), WORLD_OK);
	world_answers(f, exec_program(f, program), replaces ? 0 : -EEXIST);
}

WORLD_BEHAVIOUR(d44)
{
	const uint64_t mib = 1 << 20;
	bool limited = world_since(f, "5.10");
	char text[256];

	f->setup.rlimits.stack = 64 * mib;
	f->setup.rlimits_given = 1U << RLIMIT_STACK;
	world_answers(f, fixture_make(f), WORLD_OK);
	/* A quarter of RLIMIT_STACK, but not more than 6 MiB. */
	snprintf(text, sizeof(text),
		 "args 1 %llx env 1 4\n"
		 "program exec 400000 /bin/static\n"
		 "r-x 0 400000 1000 1000 1000\n",
		 (unsigned long long)(7 * mib));
	world_answers(f, exec_program(f, text), limited ? -E2BIG : 0);
	snprintf(text, sizeof(text),
		 "args 1 %llx env 1 4\n"
		 "program exec 400000 /bin/static\n"
		 "r-x 0 400000 1000 1000 1000\n",
		 (unsigned long long)(5 * mib));
	world_answers(f, exec_program(f, text), 0);
}

CU_TestInfo test_exec[] = {
	{ "L37 where a PIE goes", l37 },
	{ "D11 a program linked to the stack", d11 },
	{ "D44 the limit of arguments", d44 },
	CU_TEST_INFO_NULL,
};
