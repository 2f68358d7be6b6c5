/* SPDX-License-Identifier: MIT */
/*
 * What one world holds: counted exactly, whoever shares its memory, and bounded
 */
#include "core/world/rewind.h"
#include "core/world/world_types.h"
#include "tests/core/world_fixture.h"
#include "tests/support/digest.h"
#include "tests/support/random_operation.h"
#include "tests/support/suite.h"

#define STEPS 1500
#define AT    0x200000000ULL
#define PAGE  4096ULL
#define RW    (PROT_READ | PROT_WRITE)
#define ANON  (MAP_PRIVATE | MAP_ANONYMOUS)

static void begin(struct world_fixture *f, uint64_t seed, uint64_t max)
{
	fixture_begin(f);
	f->account.max_world_bytes = max;
	f->setup.profile = kernel_profile_at(seed % 4);
	f->setup.history = 40;
	CU_ASSERT_EQUAL_FATAL(fixture_make(f), WORLD_OK);
}

/* -------------------------------------------------------------- counting */

/* One has its memory to itself, its twin shares free lists with a third. */
static void others_do_not_count(void)
{
	struct world_fixture alone, shared;
	struct random_walk walk, twin, other;
	struct world *third = NULL;
	uint64_t seed;
	unsigned i;

	for (seed = 1; seed <= 4; seed++) {
		begin(&alone, seed, 0);
		begin(&shared, seed, 0);
		CU_ASSERT_EQUAL_FATAL(world_new(&shared.memory, &shared.setup,
						&third, &shared.error),
				      WORLD_OK);
		random_walk_init(&walk, seed);
		random_walk_init(&twin, seed);
		random_walk_init(&other, seed + 100);
		for (i = 0; i < STEPS; i++) {
			random_walk_run(&walk, alone.world, 1);
			random_walk_run(&twin, shared.world, 1);
			random_walk_run(&other, third, 1);
			CU_ASSERT_EQUAL_FATAL(world_held(alone.world),
					      world_held(shared.world));
		}
		CU_ASSERT(world_held(third) != world_held(shared.world));
		world_free(third);
		CU_ASSERT_PTR_NULL(fixture_end(&alone));
		CU_ASSERT_PTR_NULL(fixture_end(&shared));
	}
}

static void look_back(struct world_fixture *f, uint64_t seq,
		      struct side_memory *side, struct world **statep)
{
	struct process_setup setup = f->setup;
	struct creation_error error;
	struct world *origin = NULL;

	side_memory_init(side, &f->memory);
	setup.history = 0;
	if (world_needs_origin(f->world, seq))
		CU_ASSERT_EQUAL_FATAL(
			world_new(&side->memory, &setup, &origin, &error),
			WORLD_OK);
	CU_ASSERT_EQUAL_FATAL(world_at(side, f->world, seq, origin, statep),
			      WORLD_OK);
}

/* What is taken over is counted where it goes; the room of a list may differ. */
static void it_follows_rewinds_branches_and_drafts(void)
{
	const uint64_t slack = 64 * sizeof(void *);
	struct world *state, *branch, *draft;
	struct random_walk walk;
	struct side_memory side;
	struct world_fixture f;
	uint64_t before;

	begin(&f, 1, 0);
	random_walk_init(&walk, 5);
	random_walk_run(&walk, f.world, 30);
	before = world_held(f.world);
	random_walk_run(&walk, f.world, 10);
	look_back(&f, 30, &side, &state);
	CU_ASSERT_EQUAL(world_branch(&f.memory, f.world, state, &branch),
			WORLD_OK);
	side_memory_deinit(&side);
	CU_ASSERT(world_held(branch) <= before + slack);
	CU_ASSERT(before <= world_held(branch) + slack);
	look_back(&f, 30, &side, &state);
	CU_ASSERT_EQUAL(world_rewind(f.world, state), WORLD_OK);
	side_memory_deinit(&side);
	CU_ASSERT_EQUAL(world_held(f.world), world_held(branch));
	side_memory_init(&side, &f.memory);
	CU_ASSERT_EQUAL(world_draft(&side, f.world, &draft), WORLD_OK);
	random_walk_run(&walk, draft, 50);
	before = world_held(draft);
	CU_ASSERT_EQUAL(world_adopt(f.world, draft), WORLD_OK);
	side_memory_deinit(&side);
	CU_ASSERT_EQUAL(world_held(f.world), before);
	world_free(branch);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

/* -------------------------------------------------------------- bounding */

/* Whatever happens: no more than that is held, and a refusal changes nothing. */
static void a_walk_stays_within_the_bound(void)
{
	struct random_walk walk;
	struct world_digest digest;
	struct world_fixture f;
	enum world_status status;
	struct operation op;
	struct outcome out;
	unsigned i, refused = 0;
	uint64_t seed;

	for (seed = 1; seed <= 4; seed++) {
		begin(&f, seed, 0x5800);
		random_walk_init(&walk, seed);
		for (i = 0; i < STEPS; i++) {
			random_operation(&walk, f.world, &op);
			digest = digest_of(&f.memory, f.world);
			out.vec = NULL;
			out.vec_size = 0;
			status = world_apply(f.world, &op, &out);
			CU_ASSERT(world_held(f.world) <= 0x5800);
			if (status != WORLD_REFUSED)
				continue;
			CU_ASSERT_EQUAL(f.memory.refusal, REFUSAL_WORLD);
			CU_ASSERT(digest_is(digest_of(&f.memory, f.world),
					    digest));
			refused++;
		}
		CU_ASSERT_PTR_NULL(fixture_end(&f));
	}
	CU_ASSERT(refused > 100);
}

/* An area of its own, without a page table. */
#define FAR (2 * AT)

/* Areas of four pages, every second one touched, and threads, until no byte is
 * left that one of them could take. */
static void fill(struct world_fixture *f)
{
	const uint64_t max = f->account.max_world_bytes;
	uint64_t args[OP_MAX_ARGS] = { 0,          4 * PAGE,
				       RW,         ANON | MAP_FIXED,
				       UINT64_MAX, 0 };
	uint64_t touch[OP_MAX_ARGS] = { 0, 1, ACCESS_WRITE, UINT64_MAX };
	const uint64_t none[OP_MAX_ARGS] = { 0 };
	struct outcome out;
	unsigned i;

	args[0] = FAR;
	CU_ASSERT_EQUAL(fixture_apply(f, OP_MMAP, args, &out), WORLD_OK);
	for (i = 0;; i++) {
		args[0] = touch[0] = AT + i * 8 * PAGE;
		if (fixture_apply(f, OP_MMAP, args, &out) != WORLD_OK)
			break;
		if (i % 2 == 0)
			fixture_apply(f, OP_ACCESS, touch, &out);
	}
	CU_ASSERT_EQUAL(f->memory.refusal, REFUSAL_WORLD);
	CU_ASSERT(i > 50);
	while (fixture_apply(f, OP_THREAD_NEW, none, &out) == WORLD_OK)
		;
	CU_ASSERT_EQUAL(f->memory.refusal, REFUSAL_WORLD);
	CU_ASSERT(world_held(f->world) <= max);
	CU_ASSERT(world_held(f->world) + AREA_BYTES > max);
}

struct
try {
	const char *name;
	enum op_code code;
	uint64_t args[OP_MAX_ARGS];
};

static const struct try growing[] = {
	{ "mmap", OP_MMAP, { 0, PAGE, RW, ANON, UINT64_MAX, 0 } },
	{ "munmap, hole", OP_MUNMAP, { AT + PAGE, PAGE } },
	{ "mmap, hole",
	  OP_MMAP,
	  { AT + PAGE, PAGE, PROT_READ, ANON | MAP_FIXED, UINT64_MAX, 0 } },
	{ "mprotect, middle", OP_MPROTECT, { AT + PAGE, PAGE, PROT_READ } },
	{ "mlock, middle", OP_MLOCK, { AT + PAGE, PAGE } },
	{ "madvise, middle", OP_MADVISE, { AT + PAGE, PAGE, MADV_RANDOM } },
	{ "mremap, hole", OP_MREMAP, { AT + PAGE, PAGE, PAGE, 3, AT / 2 } },
	{ "access", OP_ACCESS, { FAR, 1, ACCESS_WRITE, UINT64_MAX } },
	{ "mlock", OP_MLOCK, { FAR, PAGE } },
	{ "fork", OP_FORK, { 0 } },
	{ "thread", OP_THREAD_NEW, { 0 } },
};

static const struct try shrinking[] = {
	{ "find_vma", OP_FIND_VMA, { AT } },
	{ "mincore", OP_MINCORE, { AT, 4 * PAGE } },
	{ "msync", OP_MSYNC, { AT, 4 * PAGE, 4 } },
	{ "munmap, end", OP_MUNMAP, { AT + 3 * PAGE, PAGE } },
	{ "brk", OP_BRK, { 0 } },
	{ "mprotect, whole", OP_MPROTECT, { AT, 3 * PAGE, PROT_READ } },
	{ "access to what is there",
	  OP_ACCESS,
	  { AT, PAGE, ACCESS_WRITE, UINT64_MAX } },
	{ "mremap, smaller", OP_MREMAP, { AT, 3 * PAGE, 2 * PAGE, 0, 0 } },
	{ "madvise, dontneed",
	  OP_MADVISE,
	  { AT + 16 * PAGE, 4 * PAGE, MADV_DONTNEED } },
	{ "munmap, whole", OP_MUNMAP, { AT, 64 * PAGE } },
};

static void try_growing(struct world_fixture *f, const struct try *t)
{
	const struct world_digest digest = digest_of(&f->memory, f->world);
	const uint64_t seq = world_seq(f->world);
	struct outcome out;

	f->memory.refusal = REFUSAL_NONE;
	if (fixture_apply(f, t->code, t->args, &out) != WORLD_REFUSED ||
	    f->memory.refusal != REFUSAL_WORLD) {
		fprintf(stderr, "%s is not refused\n", t->name);
		CU_FAIL("a call grows beyond the bound");
	}
	/* The room of a list may have grown. */
	CU_ASSERT(world_held(f->world) <= f->account.max_world_bytes);
	CU_ASSERT_EQUAL(world_seq(f->world), seq);
	CU_ASSERT(digest_is(digest_of(&f->memory, f->world), digest));
}

static void a_full_world_can_shrink(void)
{
	struct world_fixture f;
	struct outcome out;
	uint64_t seed, held;
	size_t i;

	for (seed = 0; seed < 4; seed++) {
		begin(&f, seed, 0x8000);
		fill(&f);
		for (i = 0; i < sizeof(growing) / sizeof(*growing); i++)
			try_growing(&f, &growing[i]);
		for (i = 0; i < sizeof(shrinking) / sizeof(*shrinking); i++) {
			held = world_held(f.world);
			out.vec = NULL;
			out.vec_size = 0;
			if (fixture_apply(&f, shrinking[i].code,
					  shrinking[i].args,
					  &out) != WORLD_OK ||
			    out.ret < 0) {
				fprintf(stderr, "%s is refused\n",
					shrinking[i].name);
				CU_FAIL("a call that shrinks is refused");
			}
			CU_ASSERT(world_held(f.world) <= held);
		}
		/* What is given back can be taken again. */
		CU_ASSERT_EQUAL(fixture_apply(&f, growing[0].code,
					      growing[0].args, &out),
				WORLD_OK);
		CU_ASSERT_EQUAL(fixture_apply(&f, OP_PROCESS_EXIT,
					      growing[8].args, &out),
				WORLD_OK);
		CU_ASSERT_PTR_NULL(fixture_end(&f));
	}
}

/* Most of what the world may hold, and what makes use of it. */
#define DENSE (3584 * PAGE)

static const struct try using[] = {
	{ "mlock", OP_MLOCK, { AT, DENSE } },
	{ "munlock", OP_MUNLOCK, { AT, DENSE } },
	{ "mlock2", OP_MLOCK2, { AT + PAGE, DENSE - 2 * PAGE, 0 } },
	{ "mlockall", OP_MLOCKALL, { 3 } },
	{ "munlockall", OP_MUNLOCKALL, { 0 } },
	{ "read", OP_ACCESS, { AT, DENSE, ACCESS_READ, UINT64_MAX } },
	{ "write", OP_ACCESS, { AT, DENSE, ACCESS_WRITE, UINT64_MAX } },
	{ "populate", OP_MADVISE, { AT, DENSE, MADV_POPULATE_WRITE } },
	{ "make read only", OP_MPROTECT, { AT, DENSE, PROT_READ } },
	{ "lock it again", OP_MLOCKALL, { 1 } },
	{ "make writable", OP_MPROTECT, { AT, DENSE, RW } },
};

/* The chunks and, if there is a file behind it, what it has in its cache. */
static uint64_t dense_bytes(uint64_t flags)
{
	const uint64_t chunks = DENSE / PAGE / 64;

	return chunks *
	       (PAGE_CHUNK_BYTES + (flags & MAP_SHARED ? PAGE_NODE_BYTES : 0));
}

static void use(uint64_t flags)
{
	const uint64_t map[OP_MAX_ARGS] = {
		AT,         DENSE, RW, flags | MAP_ANONYMOUS | MAP_POPULATE,
		UINT64_MAX, 0
	};
	struct world_fixture f;
	struct outcome out;
	size_t i;

	fixture_begin(&f);
	f.setup.profile = kernel_profile_at(3);
	f.setup.rlimits.memlock = RLIM_INFINITY;
	f.setup.rlimits_given = 1 << RLIMIT_MEMLOCK;
	CU_ASSERT_EQUAL_FATAL(fixture_make(&f), WORLD_OK);
	/* Besides an area, and tables at AT and anywhere else. */
	f.account.max_world_bytes =
		world_held(f.world) + dense_bytes(flags) + 0x1000;
	CU_ASSERT_EQUAL_FATAL(fixture_apply(&f, OP_MMAP, map, &out), WORLD_OK);
	for (i = 0; i < sizeof(using) / sizeof(*using); i++) {
		if (fixture_apply(&f, using[i].code, using[i].args, &out) ==
			    WORLD_OK &&
		    out.ret >= 0)
			continue;
		fprintf(stderr, "%s is refused\n", using[i].name);
		CU_FAIL("what is there takes room again");
	}
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void what_is_there_takes_no_room(void)
{
	use(MAP_SHARED | MAP_FIXED);
	use(MAP_PRIVATE | MAP_FIXED);
}

/* An area and its object together, however little room there is. */
static void a_shared_mapping_obeys(void)
{
	const uint64_t args[OP_MAX_ARGS] = {
		AT,         PAGE, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED,
		UINT64_MAX, 0
	};
	struct world_digest digest;
	struct world_fixture f;
	enum world_status status;
	struct outcome out;
	uint64_t held, more;
	unsigned done = 0;

	for (more = 0; more < 400; more += 4) {
		begin(&f, 1, 0);
		held = world_held(f.world);
		f.account.max_world_bytes = held + more;
		digest = digest_of(&f.memory, f.world);
		status = fixture_apply(&f, OP_MMAP, args, &out);
		CU_ASSERT(world_held(f.world) <= held + more);
		if (status == WORLD_OK)
			done++;
		else
			CU_ASSERT(digest_is(digest_of(&f.memory, f.world),
					    digest));
		CU_ASSERT_PTR_NULL(fixture_end(&f));
	}
	CU_ASSERT(done > 0);
	CU_ASSERT(done < 100);
}

static void a_creation_obeys(void)
{
	struct world_fixture f;

	fixture_begin(&f);
	f.account.max_world_bytes = 1000;
	CU_ASSERT_EQUAL(fixture_make(&f), WORLD_REFUSED);
	CU_ASSERT_EQUAL(f.memory.refusal, REFUSAL_WORLD);
	CU_ASSERT_EQUAL(f.account.worlds, 0);
	f.account.max_world_bytes = 10000;
	CU_ASSERT_EQUAL(fixture_make(&f), WORLD_OK);
	CU_ASSERT(world_held(f.world) > 1000);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

/* A page that is resident needs no room for what all the areas might. */
static void resident_pages_need_what_they_are(void)
{
	enum {
		AREAS = 500,
		LINE_BYTES = 32
	};
	static const struct resident_setup page = { .start = 0x10000,
						    .end = 0x11000 };
	static char maps[AREAS * LINE_BYTES];
	struct world_fixture f;
	uint64_t held;
	int i, len = 0;

	for (i = 0; i < AREAS; i++)
		len += snprintf(maps + len, LINE_BYTES, "%x-%x rw-p 0\n",
				0x10000 + i * 0x2000, 0x11000 + i * 0x2000);
	fixture_begin(&f);
	CU_ASSERT_EQUAL_FATAL(fixture_make_of(&f, maps), WORLD_OK);
	held = world_held(f.world);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
	fixture_begin(&f);
	f.account.max_world_bytes = held + 0x1000;
	f.setup.resident = &page;
	f.setup.nr_resident = 1;
	CU_ASSERT_EQUAL_FATAL(fixture_make_of(&f, maps), WORLD_OK);
	CU_ASSERT(world_held(f.world) > held);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

/* A draft becomes the world, so it has the world's bound; a look back has none. */
static void drafts_obey_and_looks_do_not(void)
{
	struct world_fixture f;
	struct side_memory side;
	struct operation op = { .code = OP_FORK, .thread = 1 };
	struct outcome out;
	struct world *draft, *state;

	begin(&f, 1, 0x8000);
	fill(&f);
	side_memory_init(&side, &f.memory);
	CU_ASSERT_EQUAL(world_draft(&side, f.world, &draft), WORLD_OK);
	CU_ASSERT_EQUAL(world_apply(draft, &op, &out), WORLD_REFUSED);
	CU_ASSERT_EQUAL(side.memory.refusal, REFUSAL_WORLD);
	world_free(draft);
	side_memory_deinit(&side);
	look_back(&f, world_seq(f.world), &side, &state);
	CU_ASSERT_EQUAL(world_apply(state, &op, &out), WORLD_OK);
	world_free(state);
	side_memory_deinit(&side);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

CU_TestInfo test_world_bound[] = {
	{ "others_do_not_count", others_do_not_count },
	{ "it_follows_rewinds_branches_and_drafts",
	  it_follows_rewinds_branches_and_drafts },
	{ "a_walk_stays_within_the_bound", a_walk_stays_within_the_bound },
	{ "a_full_world_can_shrink", a_full_world_can_shrink },
	{ "what_is_there_takes_no_room", what_is_there_takes_no_room },
	{ "a_shared_mapping_obeys", a_shared_mapping_obeys },
	{ "a_creation_obeys", a_creation_obeys },
	{ "resident_pages_need_what_they_are",
	  resident_pages_need_what_they_are },
	{ "drafts_obey_and_looks_do_not", drafts_obey_and_looks_do_not },
	CU_TEST_INFO_NULL,
};
