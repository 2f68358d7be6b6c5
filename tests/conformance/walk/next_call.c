/* SPDX-License-Identifier: MIT */
#include "tests/conformance/walk/next_call.h"

#include <string.h>

#define PAGE_SHIFT 12
#define PAGE_SIZE  (1ULL << PAGE_SHIFT)
#define PAGE_MASK  (~(PAGE_SIZE - 1))

/* splitmix64: one addition and three mixing steps. */
static uint64_t dice_roll(struct dice *dice, uint64_t sides)
{
	uint64_t x = dice->state += 0x9e3779b97f4a7c15ULL;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return (x ^ x >> 31) % sides;
}

/* Everything that the next call is thought up from. */
struct thinking {
	const struct mix *mix;
	struct dice *dice;
	const struct view *view;
};

static uint64_t roll(const struct thinking *at, uint64_t sides)
{
	return dice_roll(at->dice, sides);
}

static bool happens(const struct thinking *at, unsigned int percent)
{
	return roll(at, 100) < percent;
}

#define PICK(at, list) ((list)[roll(at, sizeof(list) / sizeof((list)[0]))])

/* Pages of a length that something may be made present in. */
static uint64_t few_pages(const struct thinking *at)
{
	if (happens(at, 80))
		return 1 + roll(at, 6);
	return 1 + roll(at, 40);
}

static uint64_t pages(const struct thinking *at)
{
	if (at->mix->big && happens(at, 45))
		return 1 + roll(at, 1ULL << (3 + roll(at, 16)));
	/* Where alignment to huge pages, or page tables, matter. */
	if (at->mix->big && happens(at, 10))
		return 512 * (1 + roll(at, 4)) + roll(at, 2);
	return few_pages(at);
}

static uint64_t odd_length(const struct thinking *at)
{
	static const uint64_t lengths[] = {
		0,
		1,
		0xfff,
		1ULL << 46,
		1ULL << 47,
		UINT64_MAX,
		UINT64_MAX - 0xfff,
		UINT64_MAX - 0x1fff,
	};

	return PICK(at, lengths);
}

static uint64_t length(const struct thinking *at)
{
	uint64_t len = pages(at) << PAGE_SHIFT;

	if (happens(at, 3))
		return odd_length(at);
	return happens(at, 5) ? len - roll(at, PAGE_SIZE) : len;
}

/* Areas that a call may be about. */
static const struct area *some_area(const struct thinking *at)
{
	return &at->view->areas[roll(at, at->view->nr_areas)];
}

/* Of a stack that is nothing but its hidden guard page no page shows. */
static uint64_t area_pages(const struct area *area)
{
	return area->end > area->start ? (area->end - area->start) >> PAGE_SHIFT
				       : 1;
}

static uint64_t known_address(const struct thinking *at)
{
	const struct area *area = some_area(at);
	uint64_t nr_pages = area_pages(area);
	uint64_t inside = roll(at, nr_pages < 16 ? nr_pages : 16);

	switch (roll(at, 8)) {
	case 0:
	case 1:
	case 2:
		return area->start;
	case 3:
	case 4:
		return area->start + (roll(at, nr_pages) << PAGE_SHIFT);
	case 5:
		return area->end - ((inside + 1) << PAGE_SHIFT);
	case 6:
		return area->end + (roll(at, 3) << PAGE_SHIFT);
	default:
		return area->start - ((1 + roll(at, 8)) << PAGE_SHIFT);
	}
}

static uint64_t address(const struct thinking *at)
{
	static const uint64_t edges[] = {
		0,
		0x1000,
		0x10000,
		0x7fffffffe000,
		0x7ffffffff000,
		0x800000000000,
		UINT64_MAX & PAGE_MASK,
	};
	uint64_t chance = roll(at, 100);

	if (chance < 75)
		return known_address(at);
	if (chance < 80)
		return 0x401000 + (roll(at, 64) << PAGE_SHIFT);
	if (chance < 88)
		return 0x7ffff7fff000 - ((1 + roll(at, 128)) << PAGE_SHIFT);
	if (chance < 93)
		return 0x200000000000 + (roll(at, 16) << PAGE_SHIFT);
	if (chance < 95)
		return (1 + roll(at, (1ULL << 35) - 2)) << PAGE_SHIFT;
	if (chance < 97)
		return PICK(at, edges);
	return known_address(at) + roll(at, PAGE_SIZE);
}

/* Non-canonical addresses fault in ways that are no page faults. */
static uint64_t touched_address(const struct thinking *at)
{
	const struct area *area = some_area(at);
	uint64_t where;

	if (happens(at, 80))
		where = area->start +
			(roll(at, area_pages(area)) << PAGE_SHIFT);
	else
		where = address(at);
	where += roll(at, PAGE_SIZE);
	return where >> 47 ? where & (PAGE_SIZE - 1) : where;
}

static uint64_t prot(const struct thinking *at)
{
	static const uint8_t prots[] = { 3, 3, 3, 3, 1, 5, 7, 2, 4, 0 };

	return PICK(at, prots);
}

static uint64_t mmap_flags(const struct thinking *at)
{
	static const uint32_t plain[] = {
		0x22, 0x22, 0x22, 0x22,     0x22,     0x22,     0x22,
		0x21, 0x21, 0x02, 0x02,     0x32,     0x32,     0x01,
		0x31, 0x12, 0x11, 0x100022, 0x100021, 0x100002,
	};
	static const uint32_t odd[] = { 0x20, 0x23, 0x03, 0x30, 0x33, 0x00 };
	static const uint32_t extra[] = { 0x100,   0x2000, 0x4000, 0x8000,
					  0x20000, 0x40,   0x8000 };
	uint64_t flags = happens(at, 3) ? PICK(at, odd) : PICK(at, plain);

	if (at->mix->flags && happens(at, 35))
		flags |= PICK(at, extra);
	if (at->mix->flags && happens(at, 5))
		flags |= PICK(at, extra);
	return flags;
}

static void think_mmap(const struct thinking *at, struct call *call)
{
	static const uint8_t fds[] = { FD_RW, FD_RW, FD_RW, FD_RO, FD_RO, 77 };
	uint64_t *args = call->args;

	args[3] = mmap_flags(at);
	args[0] = args[3] & 0x10 || happens(at, 40) ? address(at) : 0;
	args[1] = length(at);
	/* A big area that is made present is real memory. */
	if (at->mix->big && args[3] & 0xa000)
		args[1] = few_pages(at) << PAGE_SHIFT;
	args[2] = prot(at);
	args[4] = args[3] & 0x20 ? UINT64_MAX : PICK(at, fds);
	args[5] = args[3] & 0x20 ? 0 : roll(at, 8) << PAGE_SHIFT;
	if (happens(at, 1))
		args[5] = roll(at, 2) ? 0x800 : UINT64_MAX & PAGE_MASK;
}

static void think_brk(const struct thinking *at, struct call *call)
{
	const uint64_t start = 0x401000;

	if (happens(at, 5))
		call->args[0] = address(at);
	else if (at->mix->big && happens(at, 30))
		call->args[0] = start + (pages(at) << PAGE_SHIFT);
	else
		call->args[0] = start + (roll(at, 64) << PAGE_SHIFT);
	if (happens(at, 40))
		call->args[0] += roll(at, PAGE_SIZE);
}

/* From the start of an area to its end, or a range near it. */
static void think_range(const struct thinking *at, struct call *call)
{
	const struct area *area = some_area(at);

	if (happens(at, 15)) {
		call->args[0] = area->start;
		call->args[1] = area->end - area->start;
		return;
	}
	call->args[0] = address(at);
	call->args[1] = length(at);
}

/* A range that may be made present: never a big one. */
static void think_few(const struct thinking *at, struct call *call)
{
	call->args[0] = address(at);
	call->args[1] =
		happens(at, 3) ? odd_length(at) : few_pages(at) << PAGE_SHIFT;
	if (at->mix->big && call->args[1] > 64 * PAGE_SIZE)
		call->args[1] = PAGE_SIZE;
}

/*
 * Linux 5.10 marks the area behind the one whose middle MREMAP_DONTUNMAP moves.
 * Where none is behind, it crashes.
 */
static bool in_last_area(const struct view *view, uint64_t addr)
{
	const struct area *last = NULL;
	size_t i;

	for (i = 0; i < view->nr_areas; i++)
		if (!(view->areas[i].start >> 47)) /* not vsyscall */
			last = &view->areas[i];
	return last && addr >= last->start && addr < last->end;
}

static void think_mremap(const struct thinking *at, struct call *call)
{
	const uint64_t dontunmap = 4;
	static const uint8_t flags[] = { 1, 1, 1, 1, 0, 0, 0, 3,
					 3, 3, 5, 7, 2, 4, 6, 8 };
	const struct area *area = some_area(at);
	uint64_t *args = call->args;

	args[0] = happens(at, 50) ? area->start : address(at);
	args[1] = happens(at, 40) ? area->end - area->start : length(at);
	args[2] = happens(at, 25) ? args[1] : length(at);
	if (happens(at, 3))
		args[1] = 0;
	args[3] = happens(at, 10) ? PICK(at, flags) : flags[roll(at, 10)];
	if (in_last_area(at->view, args[0]))
		args[3] &= ~dontunmap;
	args[4] = happens(at, 70) ? address(at) : 0;
}

static void think_madvise(const struct thinking *at, struct call *call)
{
	static const uint8_t advices[] = {
		0,  1,  2,  3,  4,  4,  4,  8,  8,  9,  10, 10, 11, 12,
		13, 14, 15, 16, 17, 18, 18, 19, 20, 22, 23, 24, 77,
	};

	think_range(at, call);
	call->args[2] = PICK(at, advices);
	if (at->mix->big && call->args[2] >= 20)
		call->args[2] = 4;
}

static void think(const struct thinking *at, struct call *call)
{
	uint64_t *args = call->args;

	switch (call->kind) {
	case CALL_BRK:
		think_brk(at, call);
		break;
	case CALL_MMAP:
		think_mmap(at, call);
		break;
	case CALL_MREMAP:
		think_mremap(at, call);
		break;
	case CALL_MLOCK:
		think_few(at, call);
		break;
	case CALL_MLOCK2:
		think_few(at, call);
		args[2] = happens(at, 10) ? 2 : roll(at, 2);
		break;
	case CALL_MLOCKALL:
		args[0] = happens(at, 10) ? 8 * roll(at, 2) : 1 + roll(at, 3);
		break;
	case CALL_MADVISE:
		think_madvise(at, call);
		break;
	case CALL_MPROTECT:
		think_range(at, call);
		args[2] = prot(at);
		if (happens(at, 3))
			args[2] |= roll(at, 4) ? 0x1000000 : 0x2000000;
		break;
	case CALL_MSYNC:
		think_range(at, call);
		args[2] = roll(at, 8);
		break;
	case CALL_REMAP_FILE_PAGES:
		think_few(at, call);
		args[2] = happens(at, 5);
		args[3] = roll(at, 8);
		args[4] = happens(at, 20) ? 0x10000 : 0;
		break;
	case CALL_MSEAL:
		think_few(at, call);
		args[2] = happens(at, 5);
		break;
	case CALL_MINCORE:
		think_few(at, call);
		if (args[1] > VECTOR_SIZE * PAGE_SIZE)
			args[1] = PAGE_SIZE;
		break;
	case CALL_FTRUNCATE:
		args[0] = happens(at, 10) ? FD_RO : FD_RW;
		args[1] = roll(at, 9 * PAGE_SIZE);
		break;
	case CALL_READ:
	case CALL_WRITE:
		args[0] = touched_address(at);
		break;
	case CALL_MUNMAP:
	case CALL_MUNLOCK:
		think_range(at, call);
		break;
	default:
		break;
	}
}

static bool hits_code(uint64_t start, uint64_t len)
{
	return start < CODE_END && start + len > CODE_START &&
	       start + len > start;
}

/* Would the call change the only page that the program needs? */
static bool is_suicide(const struct call *call)
{
	const uint64_t *args = call->args;

	switch (call->kind) {
	case CALL_MMAP:
		return args[3] & 0x10 && hits_code(args[0], args[1]);
	case CALL_MREMAP:
		/* What is cut off may begin behind the end of all addresses. */
		return hits_code(args[0], args[1] ? args[1] : 1) ||
		       hits_code(args[0], args[2]) ||
		       (args[2] < args[1] &&
			hits_code(args[0] + args[2], args[1] - args[2])) ||
		       (args[3] & 2 && hits_code(args[4], args[2]));
	case CALL_MUNMAP:
	case CALL_MPROTECT:
	case CALL_MADVISE:
	case CALL_MLOCK:
	case CALL_MLOCK2:
	case CALL_MUNLOCK:
	case CALL_MSYNC:
	case CALL_REMAP_FILE_PAGES:
	case CALL_MSEAL:
		return hits_code(args[0], args[1]);
	default:
		return false;
	}
}

static enum call_kind pick_kind(const struct thinking *at)
{
	unsigned int sum = 0, kind;
	uint64_t rest;

	for (kind = 0; kind < CALL_NR_KINDS; kind++)
		sum += at->mix->weights[kind];
	rest = roll(at, sum);
	for (kind = 0; rest >= at->mix->weights[kind]; kind++)
		rest -= at->mix->weights[kind];
	return (enum call_kind)kind;
}

static bool is_possible(const struct tracee *tracee, const struct call *call)
{
	if (call->kind == CALL_FORK)
		return tracee->nr_processes < WALK_MAX_PROCESSES;
	if (call->kind == CALL_CLONE)
		return tracee->processes[0].nr_threads < WALK_MAX_THREADS &&
		       tracee->nr_processes == 1;
	return !is_suicide(call);
}

void next_call(const struct mix *mix, struct dice *dice,
	       const struct tracee *tracee, const struct view *const *views,
	       struct call *call)
{
	struct thinking at = { mix, dice, NULL };

	do {
		memset(call, 0, sizeof(*call));
		call->process = (unsigned int)roll(&at, tracee->nr_processes);
		call->thread = (unsigned int)roll(
			&at, tracee->processes[call->process].nr_threads);
		at.view = views[call->process];
		call->kind = pick_kind(&at);
		think(&at, call);
	} while (!is_possible(tracee, call));
}
