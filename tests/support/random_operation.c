/* SPDX-License-Identifier: MIT */
#include "tests/support/random_operation.h"

#include <stdio.h>
#include <string.h>

#include "core/world/process.h"

#define PAGES(n) ((uint64_t)(n)*PAGE_SIZE)
/* Over the border of two page tables. */
#define WINDOW (0x200000000ULL + PAGES(480))

void random_walk_init(struct random_walk *walk, uint64_t seed)
{
	*walk = (struct random_walk){ .state = seed, .max_alive = 8 };
}

static uint64_t below(struct random_walk *walk, uint64_t bound)
{
	walk->state =
		walk->state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (walk->state >> 33) % bound;
}

static bool one_in(struct random_walk *walk, uint64_t n)
{
	return below(walk, n) == 0;
}

/* Some living process, and how many there are. */
static struct process *some_process(struct random_walk *walk,
				    const struct world *world, uint32_t *alivep)
{
	struct process *process, *found = NULL;
	uint32_t i;

	*alivep = 0;
	for (i = 0; (process = world_process(world, i)); i++) {
		if (!process_is_alive(process))
			continue;
		++*alivep;
		if (one_in(walk, *alivep))
			found = process;
	}
	return found;
}

static uint32_t some_thread(struct random_walk *walk,
			    const struct process *process)
{
	uint32_t seen = 0, found = 1, tid;

	for (tid = 1; seen < process_nr_threads(process); tid++) {
		if (!process_task(process, tid))
			continue;
		if (one_in(walk, ++seen))
			found = tid;
	}
	return found;
}

static uint32_t number_of(const struct world *world,
			  const struct process *process)
{
	uint32_t i = 0;

	while (world_process(world, i) != process)
		i++;
	return i;
}

static uint64_t some_address(struct random_walk *walk)
{
	if (one_in(walk, 16))
		return WINDOW + (below(walk, 7) << 39);
	return WINDOW + PAGES(below(walk, 64));
}

static uint64_t some_prot(struct random_walk *walk)
{
	static const uint64_t prots[] = { PROT_READ | PROT_WRITE,
					  PROT_READ | PROT_WRITE, PROT_READ,
					  PROT_NONE };

	return prots[below(walk, 4)];
}

static void draw_mmap(struct random_walk *walk, struct operation *op)
{
	static const uint64_t flags[] = {
		MAP_PRIVATE | MAP_FIXED,
		MAP_PRIVATE | MAP_FIXED,
		MAP_PRIVATE,
		MAP_SHARED | MAP_FIXED,
		MAP_PRIVATE | MAP_FIXED | MAP_POPULATE,
		MAP_PRIVATE | MAP_FIXED | MAP_GROWSDOWN,
		MAP_SHARED | MAP_FIXED | MAP_POPULATE,
		MAP_PRIVATE | MAP_32BIT,
	};

	op->args[0] = some_address(walk);
	op->args[1] = PAGES(1 + below(walk, 40));
	op->args[2] = some_prot(walk);
	op->args[3] = flags[below(walk, 8)];
	op->args[4] = 3 + below(walk, 4);
	op->args[5] = PAGES(below(walk, 8));
	if (!one_in(walk, 3))
		op->args[3] |= MAP_ANONYMOUS;
}

static void draw_mremap(struct random_walk *walk, struct operation *op)
{
	static const uint64_t flags[] = { 0, MREMAP_MAYMOVE,
					  MREMAP_MAYMOVE | MREMAP_FIXED,
					  MREMAP_MAYMOVE | MREMAP_DONTUNMAP };

	op->args[0] = some_address(walk);
	op->args[1] = PAGES(1 + below(walk, 8));
	op->args[2] =
		one_in(walk, 2) ? op->args[1] : PAGES(1 + below(walk, 40));
	op->args[3] = flags[below(walk, 4)];
	op->args[4] = some_address(walk);
}

static void draw_open(struct random_walk *walk, struct operation *op)
{
	op->args[0] = 3 + below(walk, 4);
	op->args[1] = PAGES(below(walk, 60));
	op->args[2] = FILE_RW;
	snprintf(walk->name, sizeof(walk->name), "file%u",
		 (unsigned int)below(walk, 100));
	op->text = walk->name;
	op->text_len = (uint32_t)strlen(walk->name);
}

static void draw_arguments(struct random_walk *walk, struct operation *op)
{
	op->args[0] = some_address(walk);
	op->args[1] = PAGES(1 + below(walk, 40));
	switch (op->code) {
	case OP_BRK:
		op->args[0] = 0x601000 + below(walk, 400000);
		break;
	case OP_MMAP:
		draw_mmap(walk, op);
		break;
	case OP_MREMAP:
		draw_mremap(walk, op);
		break;
	case OP_ACCESS:
		op->args[2] = below(walk, 3);
		op->args[3] = UINT64_MAX;
		break;
	case OP_MPROTECT:
		op->args[2] = some_prot(walk);
		break;
	case OP_MLOCK2:
	case OP_MSYNC:
		op->args[2] = below(walk, 2);
		break;
	case OP_MLOCKALL:
		op->args[0] = 1 + below(walk, 3);
		break;
	case OP_MADVISE:
		op->args[2] = below(walk, MADV_DONTNEED_LOCKED + 1);
		break;
	case OP_REMAP_FILE_PAGES:
		op->args[2] = 0;
		op->args[3] = below(walk, 16);
		op->args[4] = 0;
		break;
	case OP_FILE_OPEN:
		draw_open(walk, op);
		break;
	case OP_FILE_CLOSE:
	case OP_FILE_TRUNCATE:
		op->args[0] = 3 + below(walk, 4);
		break;
	default:
		break;
	}
}

/* Calls that change areas come often, those that end things seldom. */
static enum op_code draw_code(struct random_walk *walk, uint32_t alive)
{
	static const enum op_code often[] = { OP_MMAP,     OP_MUNMAP,
					      OP_ACCESS,   OP_ACCESS,
					      OP_MPROTECT, OP_FIND_VMA,
					      OP_MREMAP,   OP_MADVISE };
	static const enum op_code seldom[] = {
		OP_BRK,        OP_MLOCK,        OP_MLOCK2,
		OP_MUNLOCK,    OP_MUNLOCKALL,   OP_MINCORE,
		OP_MSYNC,      OP_FILE_OPEN,    OP_FILE_CLOSE,
		OP_THREAD_NEW, OP_THREAD_EXIT,  OP_REMAP_FILE_PAGES,
		OP_FORK,       OP_FILE_TRUNCATE
	};
	enum op_code code = OP_PROCESS_EXIT;

	if (!one_in(walk, 3))
		return often[below(walk, sizeof(often) / sizeof(often[0]))];
	if (!one_in(walk, 16))
		code = seldom[below(walk, sizeof(seldom) / sizeof(seldom[0]))];
	if (code == OP_FORK && alive >= walk->max_alive)
		return OP_PROCESS_EXIT;
	/* One stays, with a thread. */
	if ((code == OP_PROCESS_EXIT || code == OP_THREAD_EXIT) && alive < 2)
		return OP_FORK;
	return code;
}

void random_operation(struct random_walk *walk, const struct world *world,
		      struct operation *op)
{
	struct process *process;
	uint32_t alive;

	process = some_process(walk, world, &alive);
	*op = (struct operation){
		.process = number_of(world, process),
		.thread = some_thread(walk, process),
		.code = draw_code(walk, alive),
	};
	if (op->code == OP_FORK)
		op->args[0] = one_in(walk, 4) ? FORK_SHARE_MM : 0;
	else
		draw_arguments(walk, op);
}

int random_walk_run(struct random_walk *walk, struct world *world,
		    unsigned int steps)
{
	struct operation op;
	struct outcome out;
	unsigned int i;

	for (i = 0; i < steps; i++) {
		random_operation(walk, world, &op);
		out.vec = NULL;
		out.vec_size = 0;
		if (world_apply(world, &op, &out) == WORLD_REFUSED)
			return -1;
	}
	return 0;
}
