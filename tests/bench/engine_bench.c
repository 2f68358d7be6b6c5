/* SPDX-License-Identifier: MIT */
/*
 * The engine beside the kernel that runs us: engine_bench [ROUNDS]
 *
 * Pairs of calls with 10, 1,000 and 30,000 areas present, in nanoseconds a
 * pair: medians of rounds in which both take turns. Both lay out the same
 * areas; the engine runs alone, without journal or server. It costs more with
 * more areas only as its tree gets deeper, which the last table shows.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/emulation.h"
#include "tests/support/kernel_pairs.h"

#define ENGINE_PAIRS 100000
#define KERNEL_PAIRS 20000
#define MAX_ROUNDS   99

static const unsigned int sizes[] = { 10, 1000, 30000 };
#define NR_SIZES (sizeof(sizes) / sizeof(sizes[0]))

static const char *const pair_names[NR_PAIRS] = {
	"mmap + munmap",
	"brk up + down",
	"MAP_FIXED + munmap",
};

struct result {
	double engine, kernel; /* ns a pair */
};

static void refuse(const char *what)
{
	fprintf(stderr, "%s failed in the engine\n", what);
	exit(2);
}

/* As the kernel's side does it; without mprotect, page by page. */
static uint64_t lay_out(struct emulation *emu, unsigned int areas)
{
	uint64_t pages = areas + PAIR_HOLE, half = areas / 2, start, page, i;

	start = emu->mm.mmap_base - (pages << PAGE_SHIFT);
	for (i = 0; i < areas; i++) {
		page = start + ((i < half ? i : i + PAIR_HOLE) << PAGE_SHIFT);
		if (emulation_mmap(emu, page, 1, i % 2 ? PROT_NONE : PROT_READ,
				   MAP_FIXED | MAP_NORESERVE) < 0)
			refuse("mmap");
	}
	if (emu->mm.map_count < areas)
		refuse("laying out");
	return start + (half << PAGE_SHIFT);
}

static void run_mmap(struct emulation *emu, uint64_t addr, uint64_t flags)
{
	int64_t ret;
	int i;

	for (i = 0; i < ENGINE_PAIRS; i++) {
		ret = sys_mmap(emu->task, addr, PAGE_SIZE,
			       PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | flags, NULL, 0);
		if (ret < 0 || sys_munmap(emu->task, (uint64_t)ret, PAGE_SIZE))
			refuse("mmap");
	}
}

static void run_brk(struct emulation *emu)
{
	uint64_t start = emu->mm.brk;
	int i;

	for (i = 0; i < ENGINE_PAIRS; i++)
		if (sys_brk(emu->task, start + PAGE_SIZE) !=
			    (int64_t)(start + PAGE_SIZE) ||
		    sys_brk(emu->task, start) != (int64_t)start)
			refuse("brk");
}

static double engine_round(struct emulation *emu, enum pair pair, uint64_t hole)
{
	double start = nanoseconds();

	switch (pair) {
	case PAIR_MMAP:
		run_mmap(emu, 0, 0);
		break;
	case PAIR_BRK:
		run_brk(emu);
		break;
	default:
		run_mmap(emu, hole + (PAIR_HOLE / 2 << PAGE_SHIFT), MAP_FIXED);
		break;
	}
	return (nanoseconds() - start) / ENGINE_PAIRS;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, int nr)
{
	qsort(values, nr, sizeof(*values), compare);
	return values[nr / 2];
}

static int depth_of(const struct rb_node *node)
{
	int left, right;

	if (!node)
		return 0;
	left = depth_of(node->left);
	right = depth_of(node->right);
	return 1 + (left > right ? left : right);
}

/* Answers the depth of the engine's tree. */
static int measure(unsigned int areas, int rounds, struct result *results)
{
	static struct emulation emu;
	double engine[MAX_ROUNDS], kernel[MAX_ROUNDS];
	struct kernel_pairs real;
	uint64_t hole;
	int pair, round, depth;

	kernel_pairs_start(&real, areas);
	emulation_begin(&emu, NULL);
	hole = lay_out(&emu, areas);
	depth = depth_of(emu.mm.mm_rb.node);
	for (pair = 0; pair < NR_PAIRS; pair++) {
		for (round = 0; round < rounds; round++) {
			engine[round] = engine_round(&emu, pair, hole);
			kernel[round] =
				kernel_pairs_round(&real, pair, KERNEL_PAIRS);
		}
		results[pair].engine = median(engine, rounds);
		results[pair].kernel = median(kernel, rounds);
	}
	kernel_pairs_stop(&real);
	if (emulation_end(&emu))
		refuse("the end");
	return depth;
}

int main(int argc, char **argv)
{
	struct result results[NR_SIZES][NR_PAIRS];
	int rounds = argc > 1 ? atoi(argv[1]) : 9, depths[NR_SIZES];
	size_t i, pair;

	if (rounds < 1 || rounds > MAX_ROUNDS) {
		fprintf(stderr, "usage: %s [ROUNDS], 1 to %d\n", argv[0],
			MAX_ROUNDS);
		return 2;
	}
	printf("%-7s %-20s %10s %10s %7s\n", "areas", "pair", "engine ns",
	       "kernel ns", "ratio");
	for (i = 0; i < NR_SIZES; i++) {
		depths[i] = measure(sizes[i], rounds, results[i]);
		for (pair = 0; pair < NR_PAIRS; pair++)
			printf("%-7u %-20s %10.1f %10.1f %6.1fx\n", sizes[i],
			       pair_names[pair], results[i][pair].engine,
			       results[i][pair].kernel,
			       results[i][pair].kernel /
				       results[i][pair].engine);
	}
	printf("\n%-20s %6s %6s %6s   growth from %u to %u areas\n", "", "10",
	       "1000", "30000", sizes[0], sizes[NR_SIZES - 1]);
	for (pair = 0; pair < NR_PAIRS; pair++)
		printf("%-20s %6.1f %6.1f %6.1f   %.2fx\n", pair_names[pair],
		       results[0][pair].engine, results[1][pair].engine,
		       results[2][pair].engine,
		       results[2][pair].engine / results[0][pair].engine);
	printf("%-20s %6d %6d %6d   %.2fx\n", "depth of the tree", depths[0],
	       depths[1], depths[2], (double)depths[2] / depths[0]);
	return 0;
}
