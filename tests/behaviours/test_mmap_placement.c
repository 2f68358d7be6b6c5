/* SPDX-License-Identifier: MIT */
/* Where mappings go, what they replace, and what limits them. */
#include <string.h>

#include "tests/behaviours/scene.h"

#define NOREPLACE MAP_FIXED_NOREPLACE

/* mmap of anonymous memory at a hint, or with MAP_FIXED_NOREPLACE. */
static int64_t map_hint(struct scene *s, int64_t page, uint64_t pages,
			uint64_t flags)
{
	return sys_mmap(s->task, at(page), bytes(pages), RW, ANON | flags, NULL,
			0);
}

static int64_t placed(const struct scene *s, uint64_t pages)
{
	return (int64_t)(s->mm->mmap_base - bytes(pages));
}

BEHAVIOUR(l1)
{
	answers(s, map_hint(s, 0, 2, NOREPLACE), at(0));
	draws(s, "ww");
}

BEHAVIOUR(l2)
{
	bool known = since(s, "5.10");

	map(s, 2, 3, PROT_READ);
	answers(s, map_hint(s, 2, 3, NOREPLACE),
		known ? -MM_EEXIST : placed(s, 3));
	answers(s, map_hint(s, 3, 1, NOREPLACE),
		known ? -MM_EEXIST : placed(s, 4));
	answers(s, map_hint(s, 1, 5, NOREPLACE),
		known ? -MM_EEXIST : placed(s, 9));
	draws(s, "..rrr");
}

BEHAVIOUR(l3)
{
	bool known = since(s, "5.10");

	map(s, 2, 3, PROT_READ);
	answers(s, map_hint(s, 1, 2, NOREPLACE),
		known ? -MM_EEXIST : placed(s, 2));
	answers(s, map_hint(s, 4, 2, NOREPLACE),
		known ? -MM_EEXIST : placed(s, 4));
	draws(s, "..rrr");
}

BEHAVIOUR(l4)
{
	map(s, 2, 1, PROT_READ);
	answers(s, map_hint(s, 1, 1, NOREPLACE), at(1));
	answers(s, map_hint(s, 3, 1, NOREPLACE), at(3));
	draws(s, ".w|r|w");
}

BEHAVIOUR(l5)
{
	bool known = since(s, "5.10");

	map(s, 0, 1, PROT_READ);
	answers(s, map_hint(s, 0, 1, NOREPLACE | MAP_FIXED),
		known ? -MM_EEXIST : (int64_t)at(0));
	draws(s, known ? "r" : "w");
}

BEHAVIOUR(l6)
{
	answers(s,
		sys_mmap(s->task, at(0) + 1, PAGE_SIZE, RW, ANON | NOREPLACE,
			 NULL, 0),
		since(s, "5.10") ? -MM_EINVAL : (int64_t)at(0));
}

BEHAVIOUR(l7)
{
	map(s, 0, 1, PROT_READ);
	/* Another free place, as for any hint, where the flag is not known. */
	answers(s, map_hint(s, 0, 1, NOREPLACE),
		is_release(s, "4.0") ? placed(s, 1) : -MM_EEXIST);
}

BEHAVIOUR(l8)
{
	map(s, 0, 3, RW);
	answers(s, map(s, 1, 1, PROT_READ), at(1));
	draws(s, "w|r|w");
	answers(s, map(s, 1, 1, RW), at(1));
	draws(s, "www");
}

BEHAVIOUR(l9)
{
	struct sysctl *sysctl = &s->emu.machine.sysctl;

	map(s, 0, 2, PROT_READ);
	map(s, 2, 1, RX);
	map(s, 4, 2, PROT_READ);
	answers(s, map(s, 1, 4, RW), at(1));
	draws(s, "r|wwww|r");
	unmap(s, 1, 4);
	map(s, 1, 4, PROT_READ);
	/* If nothing can be committed, what was covered may be gone. */
	sysctl->overcommit_memory = 2;
	sysctl->overcommit_kbytes = 4;
	answers(s, map(s, 1, 4, RW), -MM_ENOMEM);
	if (since(s, "6.12"))
		holds(s, can_read(s, 1) && can_read(s, 4));
	else
		draws(s, "r....r");
}

BEHAVIOUR(l10)
{
	answers(s, map_anywhere(s, 1, RW, ANON), placed(s, 1));
	answers(s, map_anywhere(s, 2, RW, ANON), placed(s, 3));
	answers(s, s->mm->map_count, 1);
}

BEHAVIOUR(l11)
{
	s->mm->uid = 0;
	s->mm->mmap_base = at(0);
	sys_mmap(s->task, PAGE_SIZE, at(0) - PAGE_SIZE, PROT_NONE,
		 ANON | MAP_FIXED, NULL, 0);
	answers(s, map_anywhere(s, 1, RW, ANON), s->mm->mmap_legacy_base);
	answers(s, s->mm->mmap_legacy_base, PAGE_ALIGN(TASK_SIZE / 3));
}

BEHAVIOUR(l12)
{
	bool gap = since(s, "5.10");
	uint64_t low = s->mm->mmap_legacy_base, stack = low + bytes(258);

	s->mm->topdown = false;
	sys_mmap(s->task, stack, bytes(2), RW, ANON | MAP_GROWSDOWN | MAP_FIXED,
		 NULL, 0);
	answers(s, map_anywhere(s, 3, RW, ANON), gap ? stack + bytes(2) : low);
	answers(s, map_anywhere(s, 2, PROT_READ, ANON),
		gap ? low : low + bytes(3));
}

BEHAVIOUR(l13)
{
	bool gap = since(s, "5.10");

	map_as(s, 300, 2, RW, ANON | MAP_GROWSDOWN);
	answers(s, map_hint(s, 43, 2, 0), gap ? placed(s, 2) : (int64_t)at(43));
	answers(s, map_hint(s, 41, 2, 0), at(41));
}

BEHAVIOUR(l14)
{
	map_as(s, 30, 2, RW, ANON | MAP_GROWSDOWN);
	answers(s, map(s, 28, 1, RW), at(28));
	draws(s, "............................w.ww");
}

BEHAVIOUR(l15)
{
	answers(s, map_anywhere(s, 2, RW, ANON | MAP_32BIT), 0x40000000);
	answers(s, map_anywhere(s, 2, PROT_READ, ANON | MAP_32BIT),
		0x40000000 + bytes(2));
	s->mm->randomize = true;
	holds(s, (uint64_t)map_anywhere(s, 1, RX, ANON | MAP_32BIT) <
			 0x42000000 + bytes(6));
}

BEHAVIOUR(l16)
{
	answers(s, map_as(s, 0, 1, RW, ANON | MAP_32BIT), at(0));
}

BEHAVIOUR(l17)
{
	const uint64_t window = 1ULL << 30;

	answers(s,
		sys_mmap(s->task, 0, window, PROT_NONE, ANON | MAP_32BIT, NULL,
			 0),
		window);
	answers(s, map_anywhere(s, 1, RW, ANON | MAP_32BIT), -MM_ENOMEM);
}

BEHAVIOUR(l18)
{
	const uint64_t huge = 2 << 20;
	int64_t addr = map_anywhere(s, 1024, RW, ANON);

	if (is_release(s, "6.12"))
		answers(s, (uint64_t)addr % huge, 0);
	else
		answers(s, addr, placed(s, 1024));
	unmap(s, (addr - (int64_t)SCENE_BASE) / (int64_t)PAGE_SIZE, 1024);
	answers(s, map_anywhere(s, 1025, RW, ANON), placed(s, 1025));
}

BEHAVIOUR(l19)
{
	const uint64_t mib = 1 << 20;

	s->mm->rlimits.as = 220 * mib;
	answers(s,
		sys_mmap(s->task, at(0), 200 * mib, PROT_NONE, ANON, NULL, 0),
		at(0));
	sys_munmap(s->task, at(0), 200 * mib);
	s->mm->rlimits.as = 20 * mib;
	answers(s,
		sys_mmap(s->task, at(0), 200 * mib, PROT_NONE, ANON, NULL, 0),
		-MM_ENOMEM);
}

BEHAVIOUR(l20)
{
	map(s, 0, 3, RW);
	s->mm->rlimits.as = bytes(4);
	answers(s, map(s, 1, 3, PROT_READ), at(1));
	draws(s, "w|rrr");
	answers(s, map(s, 1, 4, RW), -MM_ENOMEM);
	answers(s, map(s, 1, 3, RW), at(1));
}

BEHAVIOUR(l21)
{
	bool limited = since(s, "5.10");

	s->mm->rlimits.data = bytes(2);
	answers(s, map(s, 0, 4, RW), limited ? -MM_ENOMEM : (int64_t)at(0));
	answers(s, map(s, 0, 2, RW), at(0));
	answers(s, map(s, 10, 4, PROT_READ), at(10));
	answers(s, map_as(s, 20, 4, RW, SHMEM), at(20));
	answers(s, protect(s, 10, 4, RW), limited ? -MM_ENOMEM : 0);
}

BEHAVIOUR(l23)
{
	int page = 0;

	s->emu.machine.sysctl.max_map_count = 5;
	while (page < 20 && map_as(s, page, 1, RW, SHMEM) == (int64_t)at(page))
		page++;
	answers(s, page, 6);
	answers(s, map_as(s, 20, 1, RW, SHMEM), -MM_ENOMEM);
	answers(s, s->mm->map_count, 6);
}

WORLD_BEHAVIOUR(l24)
{
	uint64_t args[OP_MAX_ARGS] = { 0x100000, PAGE_SIZE, RW,
				       SHMEM | MAP_FIXED };
	struct outcome out = { 0 };
	const char *p;
	int lines = 0;

	f->setup.sysctl.max_map_count = 4;
	f->setup.sysctl_given = 1U << SYSCTL_MAX_MAP_COUNT;
	world_answers(f,
		      fixture_make_of(f, "ffffffffff600000-ffffffffff601000 "
					 "r-xp 00000000 00:00 0 [vsyscall]\n"),
		      WORLD_OK);
	for (; out.ret >= 0; args[0] += PAGE_SIZE)
		fixture_apply(f, OP_MMAP, args, &out);
	for (p = fixture_maps(f); (p = strchr(p, '\n')); p++)
		lines++;
	/* One too many, and one that does not count. */
	world_answers(f, lines, 6);
}

WORLD_BEHAVIOUR(l25)
{
	world_answers(f, fixture_make(f), WORLD_OK);
	world_answers(f, world_machine(f->world)->sysctl.max_map_count, 65530);
}

BEHAVIOUR(l26)
{
	const uint64_t total = s->emu.machine.totalram_pages;

	answers(s, map(s, 0, total / 2, RW), at(0));
	unmap(s, 0, total / 2);
	/* Only single requests are judged. */
	if (since(s, "5.10")) {
		answers(s, map(s, 0, total, RW), at(0));
		unmap(s, 0, total);
		answers(s, map(s, 0, total + 1, RW), -MM_ENOMEM);
	} else {
		answers(s, map(s, 0, total, RW), -MM_ENOMEM);
	}
	answers(s, map(s, 0, 2 * total, RW), -MM_ENOMEM);
}

BEHAVIOUR(l27)
{
	const uint64_t total = s->emu.machine.totalram_pages;

	s->emu.machine.sysctl.overcommit_memory = 1;
	answers(s, map(s, 0, total / 2, RW), at(0));
	answers(s, map(s, 0, total, RW), at(0));
	answers(s, map(s, 0, 2 * total, RW), at(0));
}

BEHAVIOUR(l28)
{
	struct sysctl *sysctl = &s->emu.machine.sysctl;

	sysctl->overcommit_memory = 2;
	sysctl->overcommit_ratio = 50;
	sysctl->admin_reserve_kbytes = 0;
	sysctl->user_reserve_kbytes = 0;
	s->emu.machine.totalram_pages = 200;
	answers(s, map(s, 0, 50, RW), at(0));
	answers(s, map(s, 100, 50, RW), -MM_ENOMEM);
	answers(s, map(s, 100, 49, RW), at(100));
	/* Kilobytes, if given, instead of the ratio. */
	sysctl->overcommit_kbytes = 800;
	answers(s, map(s, 200, 101, RW), -MM_ENOMEM);
	answers(s, map(s, 200, 100, RW), at(200));
}

BEHAVIOUR(l29)
{
	answers(s, map_as(s, 0, 4, RW, ANON | MAP_NORESERVE), at(0));
	answers(s, flags_of(s, 0) & (VM_NORESERVE | VM_ACCOUNT), VM_NORESERVE);
	answers(s, s->emu.machine.committed_as, 0);
	s->emu.machine.sysctl.overcommit_memory = 2;
	answers(s, map_as(s, 8, 4, RW, ANON | MAP_NORESERVE), at(8));
	answers(s, flags_of(s, 8) & (VM_NORESERVE | VM_ACCOUNT), VM_ACCOUNT);
	answers(s, s->emu.machine.committed_as, 4);
}

BEHAVIOUR(l30)
{
	map_as(s, 0, 20, RW, ANON | MAP_NORESERVE);
	fill(s, 0, 20);
	answers(s, s->mm->rss_anon, 20);
}

BEHAVIOUR(l31)
{
	s->mm->rlimits.memlock = 0;
	answers(s, map_as(s, 0, 1, RW, ANON | MAP_LOCKED), -MM_EPERM);
	s->mm->rlimits.memlock = bytes(2);
	answers(s, map_as(s, 0, 3, RW, ANON | MAP_LOCKED), -MM_EAGAIN);
	answers(s, map_as(s, 0, 2, RW, ANON | MAP_LOCKED), at(0));
}

BEHAVIOUR(l32)
{
	map_as(s, 0, 3, RW, ANON | MAP_LOCKED);
	answers(s, s->mm->locked_vm, 3);
	answers(s, s->mm->rss_anon, 3);
}

BEHAVIOUR(l33)
{
	map_as(s, 0, 3, RW, ANON | MAP_POPULATE);
	answers(s, s->mm->rss_anon, 3);
	map_as(s, 10, 3, PROT_NONE, ANON | MAP_POPULATE);
	answers(s, get_mm_rss(s->mm), 3);
}

BEHAVIOUR(l34)
{
	answers(s,
		map_file(s, 0, SCENE_FILE + 3, PROT_READ,
			 MAP_SHARED | MAP_POPULATE, 0),
		at(0));
	answers(s, s->mm->rss_file, SCENE_FILE);
}

BEHAVIOUR(l35)
{
	map_as(s, 0, 3, RW, ANON | MAP_POPULATE | MAP_NONBLOCK);
	answers(s, get_mm_rss(s->mm), 0);
}

WORLD_BEHAVIOUR(l36)
{
	const uint64_t kinds[] = { ANON, SHMEM };
	const char *letters = "rwx";
	uint64_t args[OP_MAX_ARGS] = { 0 };
	struct outcome out;
	char perms[] = "---p ";
	uint64_t prot, kind;
	int i;

	world_answers(f, fixture_make_of(f, ""), WORLD_OK);
	for (prot = 0; prot < 7; prot++) {
		for (kind = 0; kind < 2; kind++) {
			args[0] = 0x100000;
			args[1] = PAGE_SIZE;
			args[2] = prot;
			args[3] = kinds[kind] | MAP_FIXED;
			fixture_apply(f, OP_MMAP, args, &out);
			for (i = 0; i < 3; i++)
				perms[i] = prot >> i & 1 ? letters[i] : '-';
			perms[3] = kind ? 's' : 'p';
			world_holds(f,
				    !strncmp(fixture_maps(f) + 18, perms, 5));
		}
	}
}

BEHAVIOUR(l38)
{
	const uint64_t gib = 1 << 30;
	uint64_t padding = since(s, "5.10") ? s->mm->stack_guard_gap : 0;

	/* At least 128 MiB, whatever the limit. */
	answers(s, s->mm->mmap_base, TASK_SIZE - (128 << 20));
	s->mm->rlimits.stack = gib;
	mm_pick_layout(s->mm);
	answers(s, s->mm->mmap_base, TASK_SIZE - gib - padding);
	/* At most five sixths. */
	s->mm->rlimits.stack = TASK_SIZE;
	mm_pick_layout(s->mm);
	answers(s, s->mm->mmap_base, PAGE_ALIGN(TASK_SIZE - TASK_SIZE / 6 * 5));
	s->mm->rlimits.stack = gib;
	s->mm->randomize = true;
	mm_pick_layout(s->mm);
	holds(s, s->mm->mmap_base < TASK_SIZE - gib - padding);
}

BEHAVIOUR(l39)
{
	s->mm->rlimits.stack = RLIM_INFINITY;
	mm_pick_layout(s->mm);
	answers(s, s->mm->topdown, !is_release(s, "4.0"));
	if (is_release(s, "4.0"))
		answers(s, map_anywhere(s, 1, RW, ANON),
			s->mm->mmap_legacy_base);
}

BEHAVIOUR(l40)
{
	s->emu.machine.sysctl.legacy_va_layout = 1;
	mm_pick_layout(s->mm);
	answers(s, s->mm->mmap_base, PAGE_ALIGN(TASK_SIZE / 3));
	answers(s, map_anywhere(s, 1, RW, ANON), PAGE_ALIGN(TASK_SIZE / 3));
	answers(s, map_anywhere(s, 1, RW, ANON),
		PAGE_ALIGN(TASK_SIZE / 3) + PAGE_SIZE);
	s->mm->randomize = true;
	mm_pick_layout(s->mm);
	holds(s, s->mm->mmap_base > PAGE_ALIGN(TASK_SIZE / 3));
}

CU_TestInfo test_mmap_placement[] = {
	{ "L1 MAP_FIXED_NOREPLACE on a free range", l1 },
	{ "L2 D10 MAP_FIXED_NOREPLACE on what is mapped", l2 },
	{ "L3 MAP_FIXED_NOREPLACE on a part of it", l3 },
	{ "L4 MAP_FIXED_NOREPLACE beside it", l4 },
	{ "L5 MAP_FIXED_NOREPLACE with MAP_FIXED", l5 },
	{ "L6 MAP_FIXED_NOREPLACE is not rounded", l6 },
	{ "L7 MAP_FIXED_NOREPLACE was a hint", l7 },
	{ "L8 MAP_FIXED in the middle", l8 },
	{ "L9 MAP_FIXED over several areas", l9 },
	{ "L10 downwards, and merged", l10 },
	{ "L11 no room below mmap_base", l11 },
	{ "L12 bottom-up around a guard gap", l12 },
	{ "L13 a hint into a guard gap", l13 },
	{ "L14 MAP_FIXED into a guard gap", l14 },
	{ "L15 MAP_32BIT", l15 },
	{ "L16 MAP_32BIT with MAP_FIXED", l16 },
	{ "L17 MAP_32BIT without room", l17 },
	{ "L18 D30 multiples of a huge page", l18 },
	{ "L19 RLIMIT_AS", l19 },
	{ "L20 D51 RLIMIT_AS counts the net growth", l20 },
	{ "L21 D3 RLIMIT_DATA and mappings", l21 },
	{ "L23 one area more than max_map_count", l23 },
	{ "L24 [vsyscall] does not count", l24 },
	{ "L25 the default of max_map_count", l25 },
	{ "L26 D32 overcommit by guess", l26 },
	{ "L27 overcommit always", l27 },
	{ "L28 overcommit never", l28 },
	{ "L29 MAP_NORESERVE", l29 },
	{ "L30 MAP_NORESERVE, touched", l30 },
	{ "L31 MAP_LOCKED and RLIMIT_MEMLOCK", l31 },
	{ "L32 MAP_LOCKED", l32 },
	{ "L33 MAP_POPULATE", l33 },
	{ "L34 MAP_POPULATE beyond the file", l34 },
	{ "L35 MAP_POPULATE with MAP_NONBLOCK", l35 },
	{ "L36 permissions in maps", l36 },
	{ "L38 D16 where mmap begins", l38 },
	{ "L39 D15 an infinite stack", l39 },
	{ "L40 the legacy layout", l40 },
	CU_TEST_INFO_NULL,
};
