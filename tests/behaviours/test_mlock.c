/* SPDX-License-Identifier: MIT */
/* Locked memory. */
#include <stdio.h>
#include <string.h>

#include "core/world/proc.h"
#include "tests/behaviours/scene.h"

static int64_t lock_bytes(struct scene *s, uint64_t addr, uint64_t len)
{
	return sys_mlock(s->task, addr, len);
}

static int64_t lock_on_fault(struct scene *s, int64_t page, uint64_t pages)
{
	return sys_mlock2(s->task, at(page), bytes(pages), MLOCK_ONFAULT);
}

BEHAVIOUR(k1)
{
	const uint64_t lengths[] = { 1, 1024, 1 << 20, 10 << 20 };
	int i;

	s->mm->rlimits.memlock = 16 << 20;
	map(s, 0, 2560, RW);
	for (i = 0; i < 4; i++) {
		answers(s, lock_bytes(s, at(0), lengths[i]), 0);
		answers(s, s->mm->locked_vm,
			(lengths[i] + PAGE_SIZE - 1) / PAGE_SIZE);
		unlock(s, 0, 2560);
	}
}

BEHAVIOUR(k2)
{
	map(s, 0, 4, RW);
	answers(s, lock_bytes(s, at(0) + 0x800, 2 * PAGE_SIZE), 0);
	answers(s, s->mm->locked_vm, 3);
	unlock(s, 0, 4);
	answers(s, lock_bytes(s, at(0) + 0x800, 2 * PAGE_SIZE - 0x800), 0);
	answers(s, s->mm->locked_vm, 2);
}

BEHAVIOUR(k3)
{
	map(s, 0, 1, RW);
	map(s, 2, 1, RW);
	answers(s, lock(s, 0, 3), -MM_ENOMEM);
	answers(s, s->mm->locked_vm, 1);
	answers(s, unlock(s, 0, 3), -MM_ENOMEM);
	answers(s, s->mm->locked_vm, 0);
}

BEHAVIOUR(k4)
{
	answers(s, lock(s, 0, 0), 0);
	answers(s, unlock(s, 0, 0), 0);
}

BEHAVIOUR(k5)
{
	map(s, 0, 3, RW);
	s->mm->rlimits.memlock = bytes(2);
	answers(s, lock(s, 0, 3), -MM_ENOMEM);
	answers(s, lock(s, 0, 2), 0);
	s->mm->uid = 0;
	answers(s, lock(s, 0, 3), 0);
}

BEHAVIOUR(k6)
{
	s->mm->rlimits.memlock = 0;
	answers(s, lock(s, 0, 1), -MM_EPERM);
}

BEHAVIOUR(k7)
{
	map(s, 0, 2, PROT_NONE);
	answers(s, lock(s, 0, 2), -MM_ENOMEM);
	holds(s, flags_of(s, 0) & VM_LOCKED);
	answers(s, s->mm->locked_vm, 2);
}

BEHAVIOUR(k8)
{
	map_file(s, 0, 2, PROT_WRITE, MAP_SHARED, 0);
	answers(s, lock(s, 0, 2), 0);
	answers(s, s->mm->rss_file, 2);
}

/* "Rss:                   8 kB" and so on. */
static uint64_t smaps_value(struct world_fixture *f, uint64_t addr,
			    const char *name)
{
	unsigned long long value = UINT64_MAX;
	char text[SMAPS_TEXT_MAX + 2] = "\n", key[32];
	struct smaps smaps;
	const char *line;
	size_t len;

	world_answers(f, smaps_begin(fixture_process(f), &smaps), 0);
	len = smaps_area_text(&smaps, fixture_area(f, addr), text + 1);
	smaps_end(&smaps);
	text[len + 1] = '\0';
	snprintf(key, sizeof(key), "\n%s:", name);
	line = strstr(text, key);
	if (line)
		sscanf(line + strlen(key), "%llu", &value);
	return value;
}

WORLD_BEHAVIOUR(k9)
{
	const uint64_t args[OP_MAX_ARGS] = { 0x100000, 2 * PAGE_SIZE };
	struct outcome out;

	world_answers(f, fixture_make_of(f, "100000-102000 rw-p 0\n"),
		      WORLD_OK);
	world_answers(f, fixture_apply(f, OP_MLOCK, args, &out), WORLD_OK);
	world_answers(f, out.ret, 0);
	world_answers(f, smaps_value(f, 0x100000, "Rss"), 8);
	world_answers(f, smaps_value(f, 0x100000, "Locked"), 8);
}

BEHAVIOUR(k10)
{
	map(s, 0, 1, RW);
	answers(s, sys_mlock2(s->task, at(0), PAGE_SIZE, 2),
		since(s, "5.10") ? -MM_EINVAL : -MM_ENOSYS);
	answers(s, sys_mlock2(s->task, at(0), PAGE_SIZE, 0),
		is_release(s, "4.0") ? -MM_ENOSYS : 0);
}

BEHAVIOUR(k11)
{
	if (!since(s, "5.10"))
		return;
	map(s, 0, 3, RW);
	fill(s, 1, 1);
	answers(s, lock_on_fault(s, 0, 3), 0);
	answers(s, s->mm->locked_vm, 3);
	answers(s, present(s, 0, 3), 1);
	holds(s, flags_of(s, 0) & VM_LOCKONFAULT);
}

BEHAVIOUR(k12)
{
	if (!since(s, "5.10"))
		return;
	map(s, 0, 3, RW);
	lock_on_fault(s, 0, 3);
	answers(s, lock(s, 1, 1), 0);
	answers(s, s->mm->locked_vm, 3);
	answers(s, present(s, 0, 3), 1);
}

BEHAVIOUR(k13)
{
	bool once = since(s, "5.10");

	map(s, 0, 4, RW);
	s->mm->rlimits.memlock = bytes(3);
	answers(s, lock(s, 0, 2), 0);
	answers(s, lock(s, 0, 3), once ? 0 : -MM_ENOMEM);
	answers(s, s->mm->locked_vm, once ? 3 : 2);
	answers(s, lock(s, 0, 4), -MM_ENOMEM);
}

BEHAVIOUR(k14)
{
	map(s, 0, 2, RW);
	answers(s, unlock(s, 0, 2), 0);
	answers(s, s->mm->locked_vm, 0);
}

BEHAVIOUR(k15)
{
	map(s, 0, 3, RW);
	lock(s, 0, 3);
	answers(s, unlock(s, 1, 1), 0);
	draws(s, "w|w|w");
	answers(s, unlock(s, 0, 3), 0);
	draws(s, "www");
}

BEHAVIOUR(k16)
{
	answers(s, sys_mlockall(s->task, 0), -MM_EINVAL);
	answers(s, sys_mlockall(s->task, 8), -MM_EINVAL);
	answers(s, sys_mlockall(s->task, MCL_CURRENT | 8), -MM_EINVAL);
}

BEHAVIOUR(k17)
{
	/* 4.0 does not know the flag; accepting it was over by 5.3. */
	answers(s, sys_mlockall(s->task, MCL_ONFAULT), -MM_EINVAL);
	answers(s, sys_mlockall(s->task, MCL_FUTURE | MCL_ONFAULT),
		is_release(s, "4.0") ? -MM_EINVAL : 0);
}

BEHAVIOUR(k18)
{
	map(s, 0, 4, RW);
	s->mm->rlimits.memlock = bytes(3);
	answers(s, sys_mlockall(s->task, MCL_CURRENT), -MM_ENOMEM);
	s->mm->rlimits.memlock = 0;
	answers(s, sys_mlockall(s->task, MCL_CURRENT), -MM_EPERM);
	s->mm->rlimits.memlock = bytes(4);
	answers(s, sys_mlockall(s->task, MCL_CURRENT), 0);
	answers(s, s->mm->locked_vm, 4);
}

BEHAVIOUR(k19)
{
	map(s, 0, 1, RW);
	answers(s, sys_mlockall(s->task, MCL_FUTURE), 0);
	map(s, 4, 2, RW);
	answers(s, flags_of(s, 0) & VM_LOCKED, 0);
	answers(s, s->mm->locked_vm, 2);
	answers(s, present(s, 4, 2), 2);
	answers(s, sys_munlockall(s->task), 0);
	map(s, 8, 2, RW);
	answers(s, s->mm->locked_vm, 0);
}

BEHAVIOUR(k20)
{
	if (!since(s, "5.10"))
		return;
	map(s, 0, 2, RW);
	answers(s, sys_mlockall(s->task, MCL_CURRENT | MCL_ONFAULT), 0);
	answers(s, flags_of(s, 0) & VM_LOCKED_MASK, VM_LOCKED_MASK);
	answers(s, present(s, 0, 2), 0);
	answers(s, sys_munlockall(s->task), 0);
	answers(s, flags_of(s, 0) & VM_LOCKED_MASK, 0);
}

BEHAVIOUR(k21)
{
	map(s, 0, 2, RW);
	lock(s, 0, 2);
	answers(s, fork_child(s), 0);
	answers(s, s->child_mm.locked_vm, 0);
	answers(s, child_area(s, 0)->vm_flags & VM_LOCKED, 0);
	answers(s, s->mm->locked_vm, 2);
}

WORLD_BEHAVIOUR(k22)
{
	static const char maps[] =
		"7ffffffde000-7ffffffff000 rw-p 00000000 00:00 0          "
		"                [stack]\n";
	const uint64_t args[OP_MAX_ARGS] = { 0x7ffffffe0000, 0x1f000 };
	/* Its last page is in use, as in any process. */
	const struct resident_setup used = { .start = 0x7fffffffe000,
					     .end = 0x7ffffffff000 };
	struct outcome out;
	char before[sizeof(f->text)];
	int i;

	f->setup.resident = &used;
	f->setup.nr_resident = 1;
	f->setup.rlimits.memlock = 1 << 20;
	f->setup.rlimits_given = 1U << RLIMIT_MEMLOCK;
	world_answers(f, fixture_make_of(f, maps), WORLD_OK);
	snprintf(before, sizeof(before), "%s", fixture_maps(f));
	for (i = 0; i < 5; i++) {
		fixture_apply(f, OP_MLOCK, args, &out);
		world_answers(f, out.ret, 0);
		fixture_apply(f, OP_MUNLOCK, args, &out);
		world_answers(f, out.ret, 0);
		world_holds(f, !strcmp(fixture_maps(f), before));
	}
}

BEHAVIOUR(k23)
{
	map(s, 0, 2, RW);
	map(s, 4, 2, PROT_READ);
	lock(s, 0, 2);
	lock(s, 4, 2);
	answers(s, sys_munlockall(s->task), 0);
	answers(s, s->mm->locked_vm, 0);
	answers(s, flags_of(s, 0) & VM_LOCKED, 0);
	answers(s, flags_of(s, 4) & VM_LOCKED, 0);
}

BEHAVIOUR(k24)
{
	map(s, 0, 2, RW);
	lock(s, 0, 2);
	answers(s, advise(s, 0, 2, MADV_DONTNEED), -MM_EINVAL);
	answers(s, present(s, 0, 2), 2);
}

WORLD_BEHAVIOUR(k25)
{
	bool late = world_since(f, "6.1");

	world_answers(f, fixture_make(f), WORLD_OK);
	world_answers(f, fixture_mm(f)->rlimits.memlock,
		      late ? 8 << 20 : 64 << 10);
}

CU_TestInfo test_mlock[] = {
	{ "K1 lengths are rounded", k1 },
	{ "K2 the range is widened", k2 },
	{ "K3 up to a hole", k3 },
	{ "K4 no length", k4 },
	{ "K5 RLIMIT_MEMLOCK", k5 },
	{ "K6 RLIMIT_MEMLOCK of 0", k6 },
	{ "K7 PROT_NONE is locked, but not there", k7 },
	{ "K8 what can only be written", k8 },
	{ "K9 Rss and Locked", k9 },
	{ "K10 D4 mlock2", k10 },
	{ "K11 MLOCK_ONFAULT", k11 },
	{ "K12 D5 MLOCK_ONFAULT, then mlock", k12 },
	{ "K13 an overlap near the limit", k13 },
	{ "K14 munlock of what is not locked", k14 },
	{ "K15 munlock of the middle", k15 },
	{ "K16 flags of mlockall", k16 },
	{ "K17 D6 MCL_ONFAULT alone", k17 },
	{ "K18 mlockall and RLIMIT_MEMLOCK", k18 },
	{ "K19 MCL_FUTURE", k19 },
	{ "K20 MCL_ONFAULT", k20 },
	{ "K21 a child has nothing locked", k21 },
	{ "K22 locking the stack", k22 },
	{ "K23 munlockall", k23 },
	{ "K24 MADV_DONTNEED of locked pages", k24 },
	{ "K25 D7 the default of RLIMIT_MEMLOCK", k25 },
	CU_TEST_INFO_NULL,
};
