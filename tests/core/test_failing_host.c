/* SPDX-License-Identifier: MIT */
/*
 * The host runs out of memory, or the client's account is full, at every
 * request that a call makes: it answers MM_HOST_REFUSED, nothing has changed,
 * and the same call goes well later.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/emulation.h"
#include "tests/support/mm_dump.h"
#include "tests/support/suite.h"

#define AT       EMULATION_FREE
#define RW       (PROT_READ | PROT_WRITE)
#define PAGES(n) ((n)*PAGE_SIZE)

enum verb {
	BRK,
	MMAP,
	MMAP_FILE,
	MUNMAP,
	WRITE,
	READ
};

struct call {
	enum verb verb;
	uint64_t addr, len, prot, flags;
};

static int64_t make_call(struct emulation *emu, struct vm_file *file,
			 const struct call *call)
{
	struct access_outcome outcome;

	switch (call->verb) {
	case BRK:
		return sys_brk(emu->task, call->addr);
	case MMAP:
		return sys_mmap(emu->task, call->addr, call->len, call->prot,
				call->flags | MAP_ANONYMOUS, NULL, 0);
	case MMAP_FILE:
		return sys_mmap(emu->task, call->addr, call->len, call->prot,
				call->flags, file, 0);
	case MUNMAP:
		return sys_munmap(emu->task, call->addr, call->len);
	default:
		return mm_access(emu->task, call->addr, call->len,
				 call->verb == WRITE ? ACCESS_WRITE
						     : ACCESS_READ,
				 UINT64_MAX, &outcome);
	}
}

/* Fails the call at its first, second, ... request until it goes well. */
static uint64_t fail_everywhere(struct emulation *emu, struct vm_file *file,
				const struct call *call)
{
	char *before = mm_dump(&emu->mm), *after;
	uint64_t n;
	int64_t ret;

	/* Without a stock of spare objects, so that all must be asked for. */
	memory_deinit(&emu->memory);
	for (n = 0;; n++) {
		fail_alloc_after(&emu->host, n);
		ret = make_call(emu, file, call);
		CU_ASSERT_EQUAL(ret == MM_HOST_REFUSED,
				fail_alloc_has_failed(&emu->host));
		fail_alloc_never(&emu->host);
		if (ret != MM_HOST_REFUSED)
			break;
		CU_ASSERT_EQUAL(emu->memory.refusal, REFUSAL_HOST_MEMORY);
		after = mm_dump(&emu->mm);
		CU_ASSERT_STRING_EQUAL(before, after);
		free(after);
		/* What a reservation got before it failed stays, and is paid. */
		CU_ASSERT_EQUAL(emu->account.bytes, emu->host.live_bytes);
		CU_ASSERT_PTR_NULL(validate_mm(&emu->mm));
	}
	CU_ASSERT_PTR_NULL(validate_mm(&emu->mm));
	free(before);
	return n;
}

static const struct call session[] = {
	{ BRK, EMULATION_BRK + PAGES(3) + 5, 0, 0, 0 },
	{ WRITE, EMULATION_BRK, PAGES(3), 0, 0 },
	{ MMAP, AT, PAGES(64), RW, MAP_PRIVATE | MAP_FIXED },
	{ WRITE, AT + PAGES(1), PAGES(20), 0, 0 },
	{ MUNMAP, AT + PAGES(4), PAGES(2), 0, 0 },
	{ MUNMAP, AT + PAGES(10), PAGES(2), 0, 0 },
	{ MUNMAP, AT + PAGES(2), PAGES(20), 0, 0 },
	{ MMAP, AT + PAGES(30), PAGES(4), PROT_READ, MAP_PRIVATE | MAP_FIXED },
	{ MMAP, 0, PAGES(300), RW, MAP_PRIVATE | MAP_POPULATE },
	{ MMAP, AT, PAGES(1), RW, MAP_PRIVATE },
	{ MMAP, AT + PAGES(5), PAGES(1), RW, MAP_PRIVATE | MAP_32BIT },
	{ MMAP, AT + PAGES(600), PAGES(700), RW, MAP_PRIVATE | MAP_LOCKED },
	{ MMAP, 0, PAGES(8), RW, MAP_SHARED | MAP_POPULATE },
	{ MMAP, AT + PAGES(100), PAGES(8), RW, MAP_SHARED },
	{ WRITE, AT + PAGES(100), PAGES(3), 0, 0 },
	{ MUNMAP, AT + PAGES(101), PAGES(1), 0, 0 },
	{ MMAP_FILE, AT + PAGES(200), PAGES(16), RW, MAP_PRIVATE | MAP_FIXED },
	{ READ, AT + PAGES(200), PAGES(8), 0, 0 },
	{ WRITE, AT + PAGES(202), PAGES(8), 0, 0 },
	{ MMAP_FILE, AT + PAGES(210), PAGES(40), PROT_READ,
	  MAP_SHARED | MAP_FIXED | MAP_POPULATE },
	{ MMAP, AT + PAGES(400), PAGES(4), RW,
	  MAP_PRIVATE | MAP_FIXED | MAP_GROWSDOWN },
	{ WRITE, AT + PAGES(390), 1, 0, 0 },
	{ WRITE, AT + PAGES(385), PAGES(10), 0, 0 },
	{ MMAP, AT + PAGES(2), PAGES(500), RW,
	  MAP_PRIVATE | MAP_FIXED | MAP_LOCKED },
	{ BRK, EMULATION_BRK + PAGES(1), 0, 0, 0 },
	{ MMAP, 1ULL << 44, PAGES(1 << 10), PROT_READ,
	  MAP_PRIVATE | MAP_POPULATE },
	{ MUNMAP, 0, TASK_SIZE, 0, 0 },
};

#define SESSION_CALLS (sizeof(session) / sizeof(session[0]))

static void begin(struct emulation *emu, struct vm_file **file)
{
	struct emulation_setup setup = emulation_defaults();

	setup.rlimits.memlock = RLIM_INFINITY;
	emulation_begin(emu, &setup);
	*file = emulation_file(emu, 32);
}

static void a_session_that_fails_at_every_request(void)
{
	struct emulation emu;
	struct vm_file *file;
	uint64_t failures = 0;
	size_t i;

	begin(&emu, &file);
	for (i = 0; i < SESSION_CALLS; i++)
		failures += fail_everywhere(&emu, file, &session[i]);
	CU_ASSERT_TRUE(failures > SESSION_CALLS);
	CU_ASSERT_EQUAL(emu.mm.map_count, 0);
	vm_file_put(file);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static struct call random_call(unsigned int *random)
{
	static const uint64_t flags[] = {
		MAP_PRIVATE | MAP_FIXED,
		MAP_PRIVATE,
		MAP_SHARED | MAP_FIXED,
		MAP_PRIVATE | MAP_FIXED | MAP_POPULATE,
		MAP_PRIVATE | MAP_FIXED | MAP_GROWSDOWN,
		MAP_SHARED | MAP_FIXED | MAP_POPULATE,
		MAP_PRIVATE | MAP_FIXED | MAP_LOCKED,
		MAP_PRIVATE | MAP_32BIT,
	};
	struct call call;
	unsigned int r[6];
	int i;

	for (i = 0; i < 6; i++) {
		*random = *random * 1103515245 + 12345;
		r[i] = *random >> 8;
	}
	call.verb = r[0] % 6;
	/* Over two page tables' border, and far away now and then. */
	call.addr = AT + PAGES(480 + r[1] % 64);
	if (r[1] % 16 == 0)
		call.addr += (uint64_t)(r[1] % 7) << 39;
	if (call.verb == BRK)
		call.addr = EMULATION_BRK + r[1] % 200000;
	call.len = PAGES(1 + r[2] % 40);
	call.prot = r[3] % 3 ? RW : PROT_READ;
	call.flags = flags[r[4] % (sizeof(flags) / sizeof(flags[0]))];
	return call;
}

static void random_calls_that_fail_at_every_request(void)
{
	unsigned int random = 7;
	struct emulation emu;
	struct vm_file *file;
	uint64_t failures = 0;
	struct call call;
	int i;

	begin(&emu, &file);
	for (i = 0; i < 3000; i++) {
		call = random_call(&random);
		failures += fail_everywhere(&emu, file, &call);
	}
	CU_ASSERT_TRUE(failures > 1000);
	vm_file_put(file);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

/* The same, with the account at its limit instead of the host. */
static void a_session_with_an_account_that_grows_byte_by_byte(void)
{
	struct emulation emu;
	struct vm_file *file;
	uint64_t refused = 0;
	char *before, *after;
	size_t i;

	begin(&emu, &file);
	for (i = 0; i < SESSION_CALLS; i++) {
		before = mm_dump(&emu.mm);
		memory_deinit(&emu.memory);
		emu.account.max_bytes = emu.account.bytes;
		while (make_call(&emu, file, &session[i]) == MM_HOST_REFUSED) {
			CU_ASSERT_EQUAL(emu.memory.refusal, REFUSAL_BYTES);
			CU_ASSERT_TRUE(emu.account.bytes <=
				       emu.account.max_bytes);
			after = mm_dump(&emu.mm);
			CU_ASSERT_STRING_EQUAL(before, after);
			free(after);
			emu.account.max_bytes += 64;
			refused++;
		}
		free(before);
	}
	CU_ASSERT_TRUE(refused > SESSION_CALLS);
	vm_file_put(file);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void the_account_limits_areas(void)
{
	struct emulation emu;
	uint64_t i;

	emulation_begin(&emu, NULL);
	emu.account.max_areas = 4;
	for (i = 0; i < 4; i++)
		CU_ASSERT_EQUAL(emulation_mmap(&emu, AT + PAGES(8 * i), 4, RW,
					       MAP_FIXED),
				(int64_t)(AT + PAGES(8 * i)));
	CU_ASSERT_EQUAL(emu.account.areas, 4);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT + PAGES(64), 1, RW, MAP_FIXED),
			MM_HOST_REFUSED);
	CU_ASSERT_EQUAL(emu.memory.refusal, REFUSAL_AREAS);
	CU_ASSERT_EQUAL(emulation_munmap(&emu, AT + PAGES(1), 1),
			MM_HOST_REFUSED);
	CU_ASSERT_EQUAL(emu.memory.refusal, REFUSAL_AREAS);
	CU_ASSERT_EQUAL(emu.mm.map_count, 4);
	/* What needs no more areas goes on: ends, and whole areas. */
	CU_ASSERT_EQUAL(emulation_munmap(&emu, AT + PAGES(11), 1), 0);
	CU_ASSERT_EQUAL(emulation_munmap(&emu, AT, 4), 0);
	/* One is left, but a mapping inside another one needs two. */
	CU_ASSERT_EQUAL(
		emulation_mmap(&emu, AT + PAGES(9), 1, PROT_READ, MAP_FIXED),
		MM_HOST_REFUSED);
	CU_ASSERT_EQUAL(emu.memory.refusal, REFUSAL_AREAS);
	CU_ASSERT_EQUAL(emu.mm.map_count, 3);
	CU_ASSERT_EQUAL(emu.account.areas, 3);
	CU_ASSERT_EQUAL(emulation_munmap(&emu, AT + PAGES(9), 1), 0);
	CU_ASSERT_EQUAL(emu.account.areas, 4);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
	CU_ASSERT_EQUAL(emu.account.areas, 0);
}

/* A real kernel would look for a process to kill. */
static void a_machine_without_pages_refuses(void)
{
	struct emulation_setup setup = emulation_defaults();
	struct access_outcome outcome;
	struct emulation emu;
	char *before, *after;

	setup.mem_total_kb = 4 * 256;
	setup.sysctl.overcommit_memory = 1;
	emulation_begin(&emu, &setup);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT, 1000, RW, MAP_FIXED), AT);
	CU_ASSERT_EQUAL(mm_access(emu.task, AT, PAGES(100), ACCESS_WRITE,
				  UINT64_MAX, &outcome),
			0);
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 100);
	before = mm_dump(&emu.mm);
	CU_ASSERT_EQUAL(mm_access(emu.task, AT, PAGES(300), ACCESS_WRITE,
				  UINT64_MAX, &outcome),
			MM_HOST_REFUSED);
	CU_ASSERT_EQUAL(emu.memory.refusal, REFUSAL_MACHINE);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 300, RW, MAP_POPULATE),
			MM_HOST_REFUSED);
	CU_ASSERT_EQUAL(emu.memory.refusal, REFUSAL_MACHINE);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT, 300, RW, MAP_POPULATE),
			MM_HOST_REFUSED);
	after = mm_dump(&emu.mm);
	CU_ASSERT_STRING_EQUAL(before, after);
	free(before);
	free(after);
	CU_ASSERT_EQUAL(emulation_munmap(&emu, AT, 1000), 0);
	CU_ASSERT_EQUAL(
		emulation_mmap(&emu, AT, 200, RW, MAP_FIXED | MAP_POPULATE),
		AT);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void setting_up_may_fail_at_every_request(void)
{
	struct area_setup area = {
		.start = AT,
		.end = AT + PAGES(8),
		.vm_flags = VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE |
			    VM_MAYEXEC | VM_SHARED | VM_MAYSHARE,
	};
	struct emulation emu;
	char *before, *after;
	uint64_t n;

	emulation_begin(&emu, NULL);
	before = mm_dump(&emu.mm);
	for (n = 0;; n++) {
		fail_alloc_after(&emu.host, n);
		if (!mm_install_area(&emu.mm, &area))
			break;
		CU_ASSERT_EQUAL(emu.memory.refusal, REFUSAL_HOST_MEMORY);
		after = mm_dump(&emu.mm);
		CU_ASSERT_STRING_EQUAL(before, after);
		free(after);
	}
	CU_ASSERT_TRUE(n > 0);
	free(before);
	before = mm_dump(&emu.mm);
	for (n = 0;; n++) {
		fail_alloc_after(&emu.host, n);
		if (!mm_install_pages(&emu.mm, AT, AT + PAGES(8),
				      PAGE_KIND_FILE))
			break;
		after = mm_dump(&emu.mm);
		CU_ASSERT_STRING_EQUAL(before, after);
		free(after);
	}
	CU_ASSERT_TRUE(n > 0);
	CU_ASSERT_EQUAL(emu.mm.rss_file, 8);
	free(before);
	fail_alloc_never(&emu.host);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

CU_TestInfo test_failing_host[] = {
	{ "a session that fails at every request",
	  a_session_that_fails_at_every_request },
	{ "random calls that fail at every request",
	  random_calls_that_fail_at_every_request },
	{ "a session with an account that grows byte by byte",
	  a_session_with_an_account_that_grows_byte_by_byte },
	{ "the account limits areas", the_account_limits_areas },
	{ "a machine without pages refuses", a_machine_without_pages_refuses },
	{ "setting up may fail at every request",
	  setting_up_may_fail_at_every_request },
	CU_TEST_INFO_NULL,
};
