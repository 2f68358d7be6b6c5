/* SPDX-License-Identifier: MIT */
/*
 * Pages are faulted in a chunk at a time, and one by one where somebody
 * listens: two worlds that differ in nothing else stay the same
 */
#include <stdio.h>
#include <string.h>

#include "core/mm/step.h"
#include "core/world/process.h"
#include "tests/core/world_fixture.h"
#include "tests/support/digest.h"
#include "tests/support/suite.h"

#define PAGES(n) ((uint64_t)(n)*PAGE_SIZE)
#define SEEDS    96
#define CALLS    160

/* Over the borders of three page tables, and of those above them. */
#define PLACE     0x7ffff00000ULL
#define NR_PAGES  1100
#define MAX_ALIVE 4
#define NR_FILES  3

/* One of two equal worlds: one is listened to. */
struct twin {
	struct world_fixture f;
	struct outcome out;
	uint8_t vec[NR_PAGES];
};

struct draw {
	uint64_t seed, state;
};

static uint64_t below(struct draw *draw, uint64_t bound)
{
	draw->state =
		draw->state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (draw->state >> 33) % bound;
}

static void hear(void *ctx, const struct step *step)
{
	uint64_t *heard = ctx;

	(void)step;
	++*heard;
}

static void make_twin(struct twin *twin)
{
	static const struct file_setup files[NR_FILES] = {
		{ .fd = 3,
		  .size = 700 * 4096,
		  .mode = FILE_RW,
		  .name = "long",
		  .name_len = 4 },
		{ .fd = 4,
		  .size = 150 * 4096 + 1,
		  .mode = FILE_RW,
		  .name = "short",
		  .name_len = 5 },
		{ .fd = 5,
		  .size = 333 * 4096,
		  .mode = FILE_RO,
		  .name = "const",
		  .name_len = 5 },
	};

	twin->f.setup.maps = "";
	twin->f.setup.files = files;
	twin->f.setup.nr_files = NR_FILES;
	CU_ASSERT_EQUAL_FATAL(fixture_make(&twin->f), WORLD_OK);
}

static void begin_twin(struct twin *twin, struct draw draw)
{
	struct process_setup *setup = &twin->f.setup;

	fixture_begin(&twin->f);
	setup->profile = kernel_profile_at(below(&draw, 4));
	setup->uid = below(&draw, 2) ? 1000 : 0;
	setup->rlimits.memlock = RLIM_INFINITY;
	setup->rlimits_given = 1 << RLIMIT_MEMLOCK;
	setup->sysctl.overcommit_memory = (uint32_t)below(&draw, 3);
	setup->sysctl.overcommit_kbytes = 4 * (200 + below(&draw, 3000));
	setup->sysctl.admin_reserve_kbytes = 4 * below(&draw, 1000);
	setup->sysctl.user_reserve_kbytes = 0;
	setup->sysctl_given = 1 << SYSCTL_OVERCOMMIT_MEMORY |
			      1 << SYSCTL_OVERCOMMIT_KBYTES |
			      1 << SYSCTL_ADMIN_RESERVE_KBYTES |
			      1 << SYSCTL_USER_RESERVE_KBYTES;
	setup->mem_total_kb = 4 * (1000 + below(&draw, 2500));
	make_twin(twin);
}

static uint64_t some_pages(struct draw *draw)
{
	static const uint64_t longest[] = { 3, 20, 70, 300 };

	return PAGES(1 + below(draw, longest[below(draw, 4)]));
}

static uint64_t some_prot(struct draw *draw)
{
	static const uint64_t prots[] = {
		PROT_READ | PROT_WRITE,
		PROT_READ | PROT_WRITE,
		PROT_READ,
		PROT_READ | PROT_EXEC,
		PROT_WRITE,
		PROT_NONE,
	};

	return prots[below(draw, 6)];
}

static void draw_mmap(struct draw *draw, struct operation *op)
{
	static const uint64_t flags[] = {
		MAP_SHARED,
		MAP_SHARED | MAP_POPULATE,
		MAP_PRIVATE,
		MAP_PRIVATE | MAP_POPULATE,
		MAP_SHARED | MAP_ANONYMOUS,
		MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE,
		MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE | MAP_POPULATE,
		MAP_PRIVATE | MAP_ANONYMOUS,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_POPULATE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN,
	};

	op->code = OP_MMAP;
	op->args[2] = some_prot(draw);
	op->args[3] = flags[below(draw, 10)] | MAP_FIXED;
	op->args[4] = 3 + below(draw, NR_FILES);
	op->args[5] = PAGES(below(draw, 4) * below(draw, 60));
}

static void draw_madvise(struct draw *draw, struct operation *op)
{
	static const uint64_t advice[] = { MADV_POPULATE_READ,
					   MADV_POPULATE_WRITE, MADV_DONTNEED,
					   MADV_REMOVE };

	op->code = OP_MADVISE;
	op->args[2] = advice[below(draw, 4)];
}

static void draw_access(struct draw *draw, struct operation *op)
{
	op->code = OP_ACCESS;
	op->args[0] += below(draw, PAGE_SIZE);
	op->args[2] = below(draw, 3);
	op->args[3] = UINT64_MAX;
}

static void draw_mremap(struct draw *draw, struct operation *op)
{
	op->code = OP_MREMAP;
	op->args[2] = some_pages(draw);
	op->args[3] = MREMAP_MAYMOVE;
	op->args[4] = 0;
}

static void draw_locking(struct draw *draw, struct operation *op)
{
	static const enum op_code codes[] = { OP_MLOCK, OP_MLOCK2, OP_MUNLOCK,
					      OP_MLOCKALL, OP_MUNLOCKALL };

	op->code = codes[below(draw, 5)];
	op->args[2] = below(draw, 2);
	if (op->code == OP_MLOCKALL)
		op->args[0] = 1 + below(draw, 3);
}

static void draw_file(struct draw *draw, struct operation *op)
{
	op->code = OP_FILE_TRUNCATE;
	op->args[0] = 3 + below(draw, NR_FILES);
	op->args[1] = below(draw, PAGES(800));
}

static void draw_relative(struct draw *draw, struct operation *op,
			  uint64_t alive)
{
	op->code = alive < MAX_ALIVE ? OP_FORK : OP_PROCESS_EXIT;
	op->args[0] =
		op->code == OP_FORK && !below(draw, 4) ? FORK_SHARE_MM : 0;
}

static struct process *some_process(struct draw *draw,
				    const struct world *world, uint32_t *number,
				    uint64_t *alive)
{
	struct process *process, *found = NULL;
	uint32_t i;

	*alive = 0;
	for (i = 0; (process = world_process(world, i)); i++) {
		if (!process_is_alive(process) || below(draw, ++*alive))
			continue;
		found = process;
		*number = i;
	}
	return found;
}

static void draw_call(struct draw *draw, const struct world *world,
		      struct operation *op)
{
	uint64_t alive;

	memset(op, 0, sizeof(*op));
	some_process(draw, world, &op->process, &alive);
	op->thread = 1;
	op->args[0] = PLACE + PAGES(below(draw, NR_PAGES));
	op->args[1] = some_pages(draw);
	switch (below(draw, 16)) {
	case 0:
	case 1:
	case 2:
	case 3:
		draw_mmap(draw, op);
		break;
	case 4:
	case 5:
	case 6:
		draw_madvise(draw, op);
		break;
	case 7:
	case 8:
	case 9:
		draw_access(draw, op);
		break;
	case 10:
		op->code = OP_MPROTECT;
		op->args[2] = some_prot(draw);
		break;
	case 11:
		draw_mremap(draw, op);
		break;
	case 12:
		draw_locking(draw, op);
		break;
	case 13:
		draw_file(draw, op);
		break;
	case 14:
		draw_relative(draw, op, alive);
		break;
	default:
		op->code = OP_MINCORE;
		break;
	}
}

static enum world_status apply(struct twin *twin, const struct operation *op)
{
	memset(twin->vec, 7, sizeof(twin->vec));
	twin->out = (struct outcome){ .vec = twin->vec,
				      .vec_size = sizeof(twin->vec) };
	return world_apply(twin->f.world, op, &twin->out);
}

static bool same_outcome(const struct outcome *a, const struct outcome *b)
{
	return a->ret == b->ret && a->access.fault == b->access.fault &&
	       a->access.code == b->access.code &&
	       a->access.address == b->access.address &&
	       a->vmacache_calls == b->vmacache_calls &&
	       a->vmacache_hits == b->vmacache_hits;
}

static bool same(struct twin *told, struct twin *quiet)
{
	struct memory *memory = &quiet->f.memory;

	return same_outcome(&told->out, &quiet->out) &&
	       !memcmp(told->vec, quiet->vec, sizeof(told->vec)) &&
	       digest_is(digest_of(memory, told->f.world),
			 digest_of(memory, quiet->f.world));
}

/* What happened on the way; without these the walk would prove nothing. */
struct seen {
	uint64_t sigbus, told, refused;
};

static void walk(struct draw draw, struct seen *seen)
{
	static struct twin told, quiet;
	struct step_sink sink = { .tell = hear, .ctx = &seen->told };
	enum world_status status;
	struct operation op;
	unsigned int i;

	begin_twin(&told, draw);
	begin_twin(&quiet, draw);
	world_watch(told.f.world, &sink);
	for (i = 0; i < CALLS; i++) {
		draw_call(&draw, quiet.f.world, &op);
		status = apply(&told, &op);
		CU_ASSERT_EQUAL_FATAL(status, apply(&quiet, &op));
		if (!same(&told, &quiet)) {
			fprintf(stderr,
				"seed %llu: call %u, of kind %d, differs\n",
				(unsigned long long)draw.seed, i, op.code);
			CU_FAIL_FATAL("a chunk at once is not the same");
		}
		seen->refused += status != WORLD_OK;
		seen->sigbus += quiet.out.access.fault == ACCESS_FAULT_SIGBUS;
	}
	CU_ASSERT_PTR_NULL(fixture_end(&told.f));
	CU_ASSERT_PTR_NULL(fixture_end(&quiet.f));
}

static void a_chunk_at_once_is_page_by_page(void)
{
	struct seen seen = { 0 };
	struct draw draw;
	uint64_t seed;

	for (seed = 1; seed <= SEEDS; seed++) {
		draw = (struct draw){ seed, seed };
		walk(draw, &seen);
	}
	CU_ASSERT_TRUE(seen.told > 1000);
	CU_ASSERT_TRUE(seen.refused > 10);
	CU_ASSERT_TRUE(seen.sigbus > 10);
}

/* Each copy of a page and each page that is cached leaves less for the next. */
static void begin_near_limit(struct twin *twin, uint64_t free_pages)
{
	const uint64_t pages = 4096;
	struct process_setup *setup = &twin->f.setup;

	fixture_begin(&twin->f);
	setup->uid = 1000;
	setup->mem_total_kb = 4 * pages;
	setup->sysctl.admin_reserve_kbytes = 4 * (pages - free_pages);
	setup->sysctl_given = 1 << SYSCTL_ADMIN_RESERVE_KBYTES;
	make_twin(twin);
}

static void the_limit_is_met_at_the_same_page(void)
{
	const struct operation map = {
		.code = OP_MMAP,
		.thread = 1,
		.args = { PLACE + PAGES(20), PAGES(100), PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_FIXED | MAP_POPULATE, 3, 0 },
	};
	static struct twin told, quiet;
	uint64_t free_pages, heard = 0, cached;
	struct step_sink sink = { .tell = hear, .ctx = &heard };

	for (free_pages = 0; free_pages < 300; free_pages += 3) {
		begin_near_limit(&told, free_pages);
		begin_near_limit(&quiet, free_pages);
		world_watch(told.f.world, &sink);
		CU_ASSERT_EQUAL(apply(&told, &map), WORLD_OK);
		CU_ASSERT_EQUAL(apply(&quiet, &map), WORLD_OK);
		CU_ASSERT_TRUE(same(&told, &quiet));
		cached = world_machine(quiet.f.world)->nr_cache_pages;
		CU_ASSERT_EQUAL(cached == 100, free_pages > 200);
		CU_ASSERT_PTR_NULL(fixture_end(&told.f));
		CU_ASSERT_PTR_NULL(fixture_end(&quiet.f));
	}
}

CU_TestInfo test_fault_chunk[] = {
	{ "a chunk at once is page by page", a_chunk_at_once_is_page_by_page },
	{ "the limit is met at the same page",
	  the_limit_is_met_at_the_same_page },
	CU_TEST_INFO_NULL,
};
