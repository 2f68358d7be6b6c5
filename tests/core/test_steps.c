/* SPDX-License-Identifier: MIT */
/* Who listens changes nothing: random calls, told and not told. */
#include <stdlib.h>
#include <string.h>

#include "core/mm/step.h"
#include "core/mm/told.h"
#include "tests/support/emulation.h"
#include "tests/support/mm_dump.h"
#include "tests/support/suite.h"

#define ROUNDS 3000
#define PLACE  0x40000000ULL

static uint64_t next_random(uint64_t *state)
{
	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	return *state >> 33;
}

struct heard {
	uint64_t steps;
	uint64_t kinds[STEP_NR_KINDS];
};

static void hear(void *ctx, const struct step *step)
{
	struct heard *heard = ctx;

	CU_ASSERT_TRUE_FATAL(step->kind < STEP_NR_KINDS);
	heard->steps++;
	heard->kinds[step->kind]++;
}

/* One call of those that draw on @random; both machines draw the same. */
static int64_t random_call(struct emulation *emu, uint64_t random)
{
	static const uint64_t prots[] = { PROT_READ, PROT_READ | PROT_WRITE };
	uint64_t addr = PLACE + (((random >> 8) & 63) << PAGE_SHIFT);
	uint64_t len = (1 + ((random >> 14) & 7)) << PAGE_SHIFT;
	uint64_t prot = prots[random >> 17 & 1];
	const uint64_t flags = MAP_PRIVATE | MAP_ANONYMOUS;
	struct access_outcome out;

	switch (random & 7) {
	case 0:
		return mm_call(emu->task, sys_mmap)(emu->task, addr, len, prot,
						    flags | MAP_FIXED, NULL, 0);
	case 1:
		return mm_call(emu->task, sys_mmap)(emu->task,
						    random >> 18 & 1 ? addr : 0,
						    len, prot, flags, NULL, 0);
	case 2:
		return mm_call(emu->task, sys_munmap)(emu->task, addr, len);
	case 3:
		return mm_call(emu->task, sys_mprotect)(emu->task, addr, len,
							prot);
	case 4:
		return mm_call(emu->task, sys_brk)(
			emu->task, EMULATION_BRK + (random >> 8 & 0xffff));
	case 5:
		mm_call(emu->task, mm_access)(emu->task, addr, 1, ACCESS_WRITE,
					      UINT64_MAX, &out);
		return out.fault;
	case 6:
		return mm_call(emu->task, sys_mremap)(emu->task, addr, len,
						      len + PAGE_SIZE,
						      MREMAP_MAYMOVE, 0);
	default:
		return mm_call(emu->task, sys_mlock)(emu->task, addr, len);
	}
}

static bool same_areas(const struct mm_struct *a, const struct mm_struct *b)
{
	const struct vm_area_struct *x = a->mmap, *y = b->mmap;

	for (; x && y; x = x->vm_next, y = y->vm_next)
		if (x->vm_start != y->vm_start || x->vm_end != y->vm_end ||
		    x->vm_flags != y->vm_flags || x->id != y->id ||
		    x->vm_gap != y->vm_gap ||
		    x->rb_subtree_gap != y->rb_subtree_gap ||
		    rb_is_black(&x->vm_rb) != rb_is_black(&y->vm_rb))
			return false;
	return !x && !y;
}

static bool same_state(const struct emulation *a, const struct emulation *b)
{
	const struct vmacache *x = &a->task->vmacache, *y = &b->task->vmacache;
	const struct mm_struct *m = &a->mm, *n = &b->mm;

	return same_areas(m, n) && x->find_calls == y->find_calls &&
	       x->find_hits == y->find_hits && x->seqnum == y->seqnum &&
	       !memcmp(x->ids, y->ids, sizeof(x->ids)) &&
	       m->total_vm == n->total_vm && m->locked_vm == n->locked_vm &&
	       m->rss_anon == n->rss_anon && m->nr_ptes == n->nr_ptes &&
	       m->highest_vm_end == n->highest_vm_end && m->brk == n->brk &&
	       a->machine.committed_as == b->machine.committed_as;
}

/* Nothing is told that the release does not have; calls are told. */
static void judge_heard(const struct heard *heard,
			const struct kernel_profile *profile)
{
	size_t i;

	for (i = 0; i < STEP_NR_KINDS; i++)
		if (heard->kinds[i])
			CU_ASSERT_PTR_NOT_NULL(
				step_kind_at(i)
					->functions[profile->kernel_release]);
	CU_ASSERT_TRUE(heard->kinds[STEP_BRK_SET] > 0);
	CU_ASSERT_TRUE(heard->kinds[STEP_SPLIT_ABOVE] > 0);
	CU_ASSERT_TRUE(heard->kinds[STEP_MERGE_PREV_FITS] > 0);
	CU_ASSERT_TRUE(heard->kinds[STEP_MERGE_NEXT_FITS] > 0);
	CU_ASSERT_TRUE(heard->kinds[STEP_TABLES_NONE] +
			       heard->kinds[STEP_TABLES_RANGE] >
		       0);
	if (profile->has_rbtree) {
		CU_ASSERT_TRUE(heard->kinds[STEP_TREE_ROTATED] > 0);
		CU_ASSERT_TRUE(heard->kinds[STEP_TREE_RECOLOURED] > 0);
		CU_ASSERT_TRUE(heard->kinds[STEP_GAP_PRUNED] > 0);
		CU_ASSERT_TRUE(heard->kinds[STEP_CACHE_HIT] > 0);
		CU_ASSERT_TRUE(heard->kinds[STEP_CACHE_STALE] > 0);
	} else {
		CU_ASSERT_TRUE(heard->kinds[STEP_MAPLE_STORED] > 0);
		CU_ASSERT_TRUE(heard->kinds[STEP_MAPLE_GAP] > 0);
	}
}

static char *fork_and_dump(struct emulation *emu)
{
	static struct mm_struct child;
	char *text;

	mm_init(&child, &emu->machine);
	CU_ASSERT_EQUAL(mm_call(emu->task, dup_mm)(emu->task, &child), 0);
	text = mm_dump(&child);
	exit_mmap(&child);
	return text;
}

/* The child's tree is the same, and so is what becomes of the parent. */
static void compare_forks(struct emulation *told, struct emulation *quiet,
			  struct step_sink *sink)
{
	char *one, *other;

	told->machine.steps = sink;
	one = fork_and_dump(told);
	told->machine.steps = NULL;
	other = fork_and_dump(quiet);
	CU_ASSERT_STRING_EQUAL(one, other);
	free(one);
	free(other);
	one = mm_dump(&told->mm);
	other = mm_dump(&quiet->mm);
	CU_ASSERT_STRING_EQUAL(one, other);
	free(one);
	free(other);
}

static void compare(const struct kernel_profile *profile)
{
	struct emulation_setup setup = emulation_defaults();
	struct heard heard = { 0 };
	struct step_sink sink = { .tell = hear, .ctx = &heard };
	struct emulation told, quiet;
	uint64_t state = 7, random, before;
	int64_t ret;
	int i;

	setup.profile = profile;
	emulation_begin(&told, &setup);
	emulation_begin(&quiet, &setup);
	for (i = 0; i < ROUNDS; i++) {
		random = next_random(&state);
		before = heard.steps;
		told.machine.steps = &sink;
		ret = random_call(&told, random);
		told.machine.steps = NULL;
		CU_ASSERT_EQUAL_FATAL(ret, random_call(&quiet, random));
		CU_ASSERT_TRUE_FATAL(same_state(&told, &quiet));
		if (i % 32 == 0)
			compare_forks(&told, &quiet, &sink);
		/* But for touching what is there, all calls have decisions. */
		if ((random & 7) != 5 || ret == ACCESS_FAULT_MINOR)
			CU_ASSERT_TRUE(heard.steps > before);
	}
	judge_heard(&heard, profile);
	CU_ASSERT_PTR_NULL(emulation_end(&told));
	CU_ASSERT_PTR_NULL(emulation_end(&quiet));
}

/* A mapping over one page of several, like what is there or unlike. */
static int64_t map_over(struct emulation *emu, uint64_t random)
{
	static const uint64_t prots[] = { PROT_NONE, PROT_READ,
					  PROT_READ | PROT_WRITE };
	static const uint64_t flags[] = {
		MAP_PRIVATE,
		MAP_PRIVATE | MAP_NORESERVE,
		MAP_PRIVATE | MAP_LOCKED,
		MAP_SHARED,
		MAP_PRIVATE | MAP_GROWSDOWN,
	};
	const uint64_t addr = PLACE + (random % 7 << PAGE_SHIFT);
	struct access_outcome out;

	if (random >> 4 & 1)
		return mm_call(emu->task, mm_access)(
			emu->task, addr, 1, ACCESS_WRITE, UINT64_MAX, &out);
	return mm_call(emu->task, sys_mmap)(
		emu->task, addr, PAGE_SIZE << (random >> 5 & 3) / 3,
		prots[(random >> 7) % 3],
		flags[(random >> 9) % 5] | MAP_FIXED | MAP_ANONYMOUS, NULL, 0);
}

/*
 * A new area may take over the place of an old one, which nobody is to notice,
 * nor that it does not after all: what may be committed is soon used up.
 */
static void compare_mappings_over_others(const struct kernel_profile *profile)
{
	struct emulation_setup setup = emulation_defaults();
	struct heard heard = { 0 };
	struct step_sink sink = { .tell = hear, .ctx = &heard };
	struct emulation told, quiet;
	uint64_t state = 11, random, refused = 0;
	char *one, *other;
	int64_t ret;
	int i;

	setup.profile = profile;
	setup.sysctl.overcommit_memory = 2;
	setup.sysctl.overcommit_kbytes = 20;
	setup.sysctl.admin_reserve_kbytes = 0;
	emulation_begin(&told, &setup);
	emulation_begin(&quiet, &setup);
	for (i = 0; i < ROUNDS; i++) {
		random = next_random(&state);
		told.machine.steps = &sink;
		ret = map_over(&told, random);
		told.machine.steps = NULL;
		CU_ASSERT_EQUAL_FATAL(ret, map_over(&quiet, random));
		refused += ret == -MM_ENOMEM;
		one = mm_dump(&told.mm);
		other = mm_dump(&quiet.mm);
		CU_ASSERT_STRING_EQUAL_FATAL(one, other);
		free(one);
		free(other);
	}
	CU_ASSERT_TRUE(refused > 50);
	CU_ASSERT_TRUE(refused < ROUNDS / 2);
	CU_ASSERT_PTR_NULL(emulation_end(&told));
	CU_ASSERT_PTR_NULL(emulation_end(&quiet));
}

static uint64_t told_of_shared_pages(uint64_t pages, struct heard *heard)
{
	struct step_sink sink = { .tell = hear, .ctx = heard };
	struct emulation emu;
	int64_t ret;

	emulation_begin(&emu, NULL);
	emu.machine.steps = &sink;
	ret = mm_call(emu.task, sys_mmap)(
		emu.task, PLACE, pages << PAGE_SHIFT, PROT_READ,
		MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, NULL, 0);
	CU_ASSERT_EQUAL(ret, PLACE);
	CU_ASSERT_EQUAL(emu.task->mm->rss_file, pages);
	emulation_end(&emu);
	return heard->steps;
}

/* A call may populate any number of pages: the first ones are told one by one, and
 * the rest as a whole, but for page tables. */
static void pages_of_files_are_told_up_to_a_number(void)
{
	struct heard few = { 0 }, some = { 0 }, many = { 0 };

	told_of_shared_pages(64, &few);
	CU_ASSERT_EQUAL(few.kinds[STEP_POPULATE_PAGES], 0);
	CU_ASSERT_TRUE(few.steps > 64);
	told_of_shared_pages(512, &some);
	CU_ASSERT_EQUAL(some.kinds[STEP_POPULATE_PAGES], 1);
	CU_ASSERT_EQUAL(some.steps, few.steps + 1);
	told_of_shared_pages(1024, &many);
	CU_ASSERT_EQUAL(many.kinds[STEP_POPULATE_PAGES], 1);
	CU_ASSERT_TRUE(many.steps < few.steps + 10);
}

static void who_listens_changes_nothing(void)
{
	const struct kernel_profile *profile;
	size_t i;

	for (i = 0; (profile = kernel_profile_at(i)); i++)
		compare(profile);
}

static void who_listens_to_mappings_over_others(void)
{
	const struct kernel_profile *profile;
	size_t i;

	for (i = 0; (profile = kernel_profile_at(i)); i++)
		compare_mappings_over_others(profile);
}

CU_TestInfo test_steps[] = {
	{ "who listens changes nothing", who_listens_changes_nothing },
	{ "who listens changes no mapping over others",
	  who_listens_to_mappings_over_others },
	{ "pages of files are told up to a number",
	  pages_of_files_are_told_up_to_a_number },
	CU_TEST_INFO_NULL,
};
