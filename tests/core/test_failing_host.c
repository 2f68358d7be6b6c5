/* SPDX-License-Identifier: MIT */
/*
 * The host runs out of memory, or the client's account is full, at every
 * request that a call makes: it answers MM_HOST_REFUSED, nothing has changed,
 * and the same call goes well later.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/core/family.h"
#include "tests/support/mm_dump.h"
#include "tests/support/suite.h"

/* Fails the call at its first, second, ... request until it goes well. */
static uint64_t fail_everywhere(struct family *family, const struct call *call)
{
	struct emulation *emu = &family->emu;
	char *before = mm_dump(family_mm(family)), *after;
	uint64_t n;
	int64_t ret;

	/* Without a stock of spare objects, so that all must be asked for. */
	memory_deinit(&emu->memory);
	for (n = 0;; n++) {
		fail_alloc_after(&emu->host, n);
		ret = family_call(family, call);
		CU_ASSERT_EQUAL(ret == MM_HOST_REFUSED,
				fail_alloc_has_failed(&emu->host));
		fail_alloc_never(&emu->host);
		if (ret != MM_HOST_REFUSED)
			break;
		CU_ASSERT_EQUAL(emu->memory.refusal, REFUSAL_HOST_MEMORY);
		after = mm_dump(family_mm(family));
		CU_ASSERT_STRING_EQUAL(before, after);
		free(after);
		/* What a reservation got before it failed stays, and is paid. */
		CU_ASSERT_EQUAL(emu->account.bytes, emu->host.live_bytes);
		CU_ASSERT_PTR_NULL(validate_mm(family_mm(family)));
	}
	CU_ASSERT_PTR_NULL(validate_mm(family_mm(family)));
	free(before);
	return n;
}

static const struct call session[] = {
	{ BRK, EMULATION_BRK + PAGES(3) + 5, 0, 0, 0, 0 },
	{ WRITE, EMULATION_BRK, PAGES(3), 0, 0, 0 },
	{ MMAP, AT, PAGES(64), RW, MAP_PRIVATE | MAP_FIXED, 0 },
	{ WRITE, AT + PAGES(1), PAGES(20), 0, 0, 0 },
	{ MUNMAP, AT + PAGES(4), PAGES(2), 0, 0, 0 },
	{ MUNMAP, AT + PAGES(10), PAGES(2), 0, 0, 0 },
	{ MUNMAP, AT + PAGES(2), PAGES(20), 0, 0, 0 },
	{ MMAP, AT + PAGES(30), PAGES(4), PROT_READ, MAP_PRIVATE | MAP_FIXED,
	  0 },
	{ MMAP, 0, PAGES(300), RW, MAP_PRIVATE | MAP_POPULATE, 0 },
	{ MMAP, AT, PAGES(1), RW, MAP_PRIVATE, 0 },
	{ MMAP, AT + PAGES(5), PAGES(1), RW, MAP_PRIVATE | MAP_32BIT, 0 },
	{ MMAP, AT + PAGES(600), PAGES(700), RW, MAP_PRIVATE | MAP_LOCKED, 0 },
	{ MMAP, 0, PAGES(8), RW, MAP_SHARED | MAP_POPULATE, 0 },
	{ MMAP, AT + PAGES(100), PAGES(8), RW, MAP_SHARED, 0 },
	{ WRITE, AT + PAGES(100), PAGES(3), 0, 0, 0 },
	{ MUNMAP, AT + PAGES(101), PAGES(1), 0, 0, 0 },
	{ MMAP_FILE, AT + PAGES(200), PAGES(16), RW, MAP_PRIVATE | MAP_FIXED,
	  0 },
	{ READ, AT + PAGES(200), PAGES(8), 0, 0, 0 },
	{ WRITE, AT + PAGES(202), PAGES(8), 0, 0, 0 },
	{ MMAP_FILE, AT + PAGES(210), PAGES(40), PROT_READ,
	  MAP_SHARED | MAP_FIXED | MAP_POPULATE, 0 },
	{ MMAP, AT + PAGES(400), PAGES(4), RW,
	  MAP_PRIVATE | MAP_FIXED | MAP_GROWSDOWN, 0 },
	{ WRITE, AT + PAGES(390), 1, 0, 0, 0 },
	{ WRITE, AT + PAGES(385), PAGES(10), 0, 0, 0 },
	{ MMAP, AT + PAGES(2), PAGES(500), RW,
	  MAP_PRIVATE | MAP_FIXED | MAP_LOCKED, 0 },
	{ BRK, EMULATION_BRK + PAGES(1), 0, 0, 0, 0 },
	{ MMAP, 1ULL << 44, PAGES(1 << 10), PROT_READ,
	  MAP_PRIVATE | MAP_POPULATE, 0 },
	/* What a fork leaves to a child, and the child to its own. */
	{ FORK, 0, 0, 0, 0, 0 },
	{ WRITE, AT + PAGES(600), PAGES(80), 0, 0, 0 },
	{ MPROTECT, AT + PAGES(610), PAGES(10), PROT_READ, 0, 0 },
	{ MPROTECT, AT + PAGES(605), PAGES(10), PROT_NONE, 0, 0 },
	{ MPROTECT, AT + PAGES(600), PAGES(30), RW, 0, 0 },
	{ FORK, 0, 0, 0, 0, 0 },
	{ WRITE, AT + PAGES(602), PAGES(60), 0, 0, 0 },
	{ MADVISE, AT + PAGES(606), PAGES(2), 0, MADV_DONTFORK, 0 },
	{ MADVISE, AT + PAGES(606), PAGES(2), 0, MADV_DOFORK, 0 },
	{ MADVISE, AT + PAGES(604), PAGES(7), 0, MADV_RANDOM, 0 },
	{ MADVISE, AT + PAGES(640), PAGES(2), 0, MADV_WIPEONFORK, 0 },
	{ MADVISE, AT + PAGES(600), PAGES(300), 0, MADV_POPULATE_WRITE, 0 },
	{ MADVISE, AT + PAGES(200), PAGES(9), 0, MADV_POPULATE_READ, 0 },
	{ MADVISE, AT + PAGES(590), PAGES(90), 0, MADV_DONTNEED, 0 },
	{ MLOCK, AT + PAGES(620), PAGES(100), 0, 0, 0 },
	{ MLOCK, AT + PAGES(201), PAGES(4), 0, 0, 0 },
	{ MLOCK2, AT + PAGES(622), PAGES(9), 0, 0, 0 },
	{ MUNLOCK, AT + PAGES(630), PAGES(7), 0, 0, 0 },
	{ MPROTECT, AT + PAGES(615), PAGES(400), PROT_READ, 0, 0 },
	{ MPROTECT, AT + PAGES(617), PAGES(300), RW, 0, 0 },
	{ FORK, 0, 0, 0, 0, 0 },
	{ MLOCK, AT + PAGES(700), PAGES(20), 0, 0, 0 },
	{ MREMAP, AT + PAGES(710), PAGES(20), PAGES(50),
	  MREMAP_MAYMOVE | MREMAP_FIXED, AT + PAGES(2000) },
	{ MREMAP, AT + PAGES(2010), PAGES(20), PAGES(5),
	  MREMAP_MAYMOVE | MREMAP_FIXED, AT + PAGES(603) },
	{ MREMAP, AT + PAGES(605), PAGES(3), PAGES(900), MREMAP_MAYMOVE, 0 },
	{ MREMAP, AT + PAGES(800), PAGES(30), PAGES(9), 0, 0 },
	{ MREMAP, AT + PAGES(612), PAGES(2), PAGES(2),
	  MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0 },
	{ MREMAP, AT + PAGES(101), 0, PAGES(3), MREMAP_MAYMOVE, 0 },
	{ REMAP_FILE_PAGES, AT + PAGES(212), PAGES(4), 0, 3, 0 },
	{ MLOCKALL, 0, 0, 0, MCL_CURRENT, 0 },
	{ MUNLOCKALL, 0, 0, 0, 0, 0 },
	{ MLOCKALL, 0, 0, 0, MCL_FUTURE, 0 },
	{ BRK, EMULATION_BRK + PAGES(90), 0, 0, 0, 0 },
	{ MUNLOCKALL, 0, 0, 0, 0, 0 },
	{ MADVISE, AT + PAGES(100), PAGES(2), 0, MADV_REMOVE, 0 },
	{ FORK, 0, 0, 0, 0, 0 },
	{ MUNMAP, 0, TASK_SIZE, 0, 0, 0 },
	{ MMAP, AT, PAGES(9), RW, MAP_PRIVATE | MAP_FIXED, 0 },
	{ MSEAL, AT + PAGES(3), PAGES(3), 0, 0, 0 },
};

#define SESSION_CALLS (sizeof(session) / sizeof(session[0]))

static void a_session_that_fails_at_every_request(void)
{
	static struct family family;
	const struct kernel_profile *profile;
	uint64_t failures;
	size_t i, call;

	for (i = 0; (profile = kernel_profile_at(i)); i++) {
		family_begin(&family, profile);
		failures = 0;
		for (call = 0; call < SESSION_CALLS; call++)
			failures += fail_everywhere(&family, &session[call]);
		CU_ASSERT_TRUE(failures > 3 * SESSION_CALLS);
		CU_ASSERT_EQUAL(family_mm(&family)->map_count,
				profile->has_mseal ? 3 : 1);
		family_end(&family);
	}
	CU_ASSERT_TRUE(i >= 4);
}

/* As many areas, anon_vmas and runs of pages as are allocated in blocks. */
static void a_large_fork_that_fails_at_every_request(void)
{
	const struct call fork = { FORK, 0, 0, 0, 0, 0 };
	static struct family family;
	struct call map = {
		MMAP, AT, PAGES(1), RW, MAP_PRIVATE | MAP_FIXED, 0
	};
	struct call write = { WRITE, AT, 1, 0, 0, 0 };
	uint64_t failures;
	unsigned int i;

	family_begin(&family, kernel_profile_at(0));
	for (i = 0; i < 50; i++) {
		map.addr = write.addr = AT + i * PAGES(100);
		CU_ASSERT_EQUAL(family_call(&family, &map), (int64_t)map.addr);
		family_call(&family, &write);
	}
	failures = fail_everywhere(&family, &fork);
	CU_ASSERT_TRUE(failures > 4);
	CU_ASSERT_EQUAL(family_mm(&family)->rss_anon, 50);
	/* The child's child inherits from both. */
	failures = fail_everywhere(&family, &fork);
	CU_ASSERT_TRUE(failures > 4);
	CU_ASSERT_EQUAL(family_mm(&family)->mmap->anon_vma->refs, 1);
	family_end(&family);
}

static uint64_t random_flags(enum verb verb, unsigned int random)
{
	static const uint64_t mmap_flags[] = {
		MAP_PRIVATE | MAP_FIXED,
		MAP_PRIVATE,
		MAP_SHARED | MAP_FIXED,
		MAP_PRIVATE | MAP_FIXED | MAP_POPULATE,
		MAP_PRIVATE | MAP_FIXED | MAP_GROWSDOWN,
		MAP_SHARED | MAP_FIXED | MAP_POPULATE,
		MAP_PRIVATE | MAP_FIXED | MAP_LOCKED,
		MAP_PRIVATE | MAP_32BIT,
	};
	static const uint64_t mremap_flags[] = {
		0,
		MREMAP_MAYMOVE,
		MREMAP_MAYMOVE | MREMAP_FIXED,
		MREMAP_MAYMOVE | MREMAP_DONTUNMAP,
	};

	switch (verb) {
	case MREMAP:
		return mremap_flags[random % 4];
	case MLOCKALL:
		return 1 + random % 3;
	case MADVISE:
		return random % (MADV_DONTNEED_LOCKED + 1);
	case REMAP_FILE_PAGES:
		return random % 16;
	default:
		return mmap_flags[random % 8];
	}
}

static struct call random_call(unsigned int *random)
{
	struct call call;
	unsigned int r[6];
	int i;

	for (i = 0; i < 6; i++) {
		*random = *random * 1103515245 + 12345;
		r[i] = *random >> 8;
	}
	call.verb = r[0] % NR_VERBS;
	/* Sealed for ever, and locked for ever: once in a while will do. */
	if ((call.verb == MSEAL || call.verb == MLOCKALL) && r[0] % 512 >= 64)
		call.verb = MUNMAP;
	/* Over two page tables' border, and far away now and then. */
	call.addr = AT + PAGES(480 + r[1] % 64);
	if (r[1] % 16 == 0)
		call.addr += (uint64_t)(r[1] % 7) << 39;
	if (call.verb == BRK)
		call.addr = EMULATION_BRK + r[1] % 200000;
	call.len = PAGES(1 + r[2] % 40);
	call.prot = r[3] % 3 ? RW : PROT_READ;
	call.flags = random_flags(call.verb, r[4]);
	call.to = AT + PAGES(470 + r[5] % 90);
	if (call.verb == MREMAP)
		call.prot = PAGES(1 + r[3] % 40);
	return call;
}

static void random_calls_that_fail_at_every_request(void)
{
	static struct family family;
	const struct kernel_profile *profile;
	unsigned int random = 7;
	uint64_t failures;
	struct call call;
	size_t i;
	int n;

	for (i = 0; (profile = kernel_profile_at(i)); i++) {
		family_begin(&family, profile);
		failures = 0;
		for (n = 0; n < 400; n++) {
			call = random_call(&random);
			failures += fail_everywhere(&family, &call);
		}
		CU_ASSERT_TRUE(failures > 1000);
		family_end(&family);
	}
}

/* The same, with the account at its limit instead of the host. */
static void a_session_with_an_account_that_grows_byte_by_byte(void)
{
	static struct family family;
	struct account *account = &family.emu.account;
	uint64_t refused = 0;
	char *before, *after;
	size_t i;

	family_begin(&family, kernel_profile_at(0));
	for (i = 0; i < SESSION_CALLS; i++) {
		before = mm_dump(family_mm(&family));
		memory_deinit(&family.emu.memory);
		account->max_bytes = account->bytes;
		while (family_call(&family, &session[i]) == MM_HOST_REFUSED) {
			CU_ASSERT_EQUAL(family.emu.memory.refusal,
					REFUSAL_BYTES);
			CU_ASSERT_TRUE(account->bytes <= account->max_bytes);
			after = mm_dump(family_mm(&family));
			CU_ASSERT_STRING_EQUAL(before, after);
			free(after);
			account->max_bytes += 64;
			refused++;
		}
		free(before);
	}
	CU_ASSERT_TRUE(refused > SESSION_CALLS);
	family_end(&family);
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
	{ "a large fork that fails at every request",
	  a_large_fork_that_fails_at_every_request },
	{ "random calls that fail at every request",
	  random_calls_that_fail_at_every_request },
	{ "a session with an account that grows byte by byte",
	  a_session_with_an_account_that_grows_byte_by_byte },
	{ "setting up may fail at every request",
	  setting_up_may_fail_at_every_request },
	CU_TEST_INFO_NULL,
};
