/* SPDX-License-Identifier: MIT */
/*
 * The engine beside the kernel that runs us: engine_bench [ROUNDS]
 *
 * Pairs of calls with 10, 1,000 and 30,000 areas present, in nanoseconds a
 * pair: medians of rounds in which both take turns. Both lay out the same
 * areas; the engine runs alone, without journal or server. But for fork it costs
 * more with more areas only as its tree gets deeper, which the last table shows.
 *
 * A page fault is what touching adds to mmap and munmap. Fork is dup_mm() and
 * exit_mmap() beside what fork and exit cost more than vfork and exit, so that
 * making a process counts on neither side.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/emulation.h"
#include "tests/support/kernel_pairs.h"

#define MAX_ROUNDS 99

static const unsigned int sizes[] = { 10, 1000, 30000 };
#define NR_SIZES (sizeof(sizes) / sizeof(sizes[0]))

struct pair_of_calls {
	const char *name;
	double (*run)(struct emulation *emu, uint64_t hole, int n);
	int engine, kernel; /* pairs a round */
	bool by_area;       /* costs as much as there are areas: fewer pairs */
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
		if (emulation_mmap(emu, page, 1,
				   i % 2 ? PROT_NONE : PROT_READ | PROT_WRITE,
				   MAP_FIXED | MAP_NORESERVE) < 0)
			refuse("mmap");
	}
	if (emu->mm.map_count < areas)
		refuse("laying out");
	return start + (half << PAGE_SHIFT);
}

static void map_and_unmap(struct emulation *emu, uint64_t addr, uint64_t flags,
			  int n)
{
	int64_t ret;

	while (n--) {
		ret = emulation_mmap(emu, addr, 1, PROT_READ | PROT_WRITE,
				     flags);
		if (ret < 0 || emulation_munmap(emu, (uint64_t)ret, 1))
			refuse("mmap");
	}
}

static double run_mmap(struct emulation *emu, uint64_t hole, int n)
{
	double start = nanoseconds();

	(void)hole;
	map_and_unmap(emu, 0, 0, n);
	return nanoseconds() - start;
}

static double run_fixed(struct emulation *emu, uint64_t hole, int n)
{
	double start = nanoseconds();

	map_and_unmap(emu, hole + (PAIR_PLACE << PAGE_SHIFT), MAP_FIXED, n);
	return nanoseconds() - start;
}

static double run_brk(struct emulation *emu, uint64_t hole, int n)
{
	uint64_t low = emu->mm.brk, high = low + PAGE_SIZE;
	double start = nanoseconds();

	(void)hole;
	while (n--)
		if (sys_brk(emu->task, high) != (int64_t)high ||
		    sys_brk(emu->task, low) != (int64_t)low)
			refuse("brk");
	return nanoseconds() - start;
}

static void write_page(struct emulation *emu, uint64_t addr)
{
	if (emulation_write(emu, addr) > ACCESS_FAULT_MINOR)
		refuse("writing");
}

/* New memory within the hole, all of it written to. */
static uint64_t map_place(struct emulation *emu, uint64_t hole, uint64_t pages)
{
	uint64_t place = hole + (PAIR_PLACE << PAGE_SHIFT), page;

	if (emulation_mmap(emu, place, pages, PROT_READ | PROT_WRITE,
			   MAP_FIXED) < 0)
		refuse("mmap");
	for (page = 0; page < pages; page++)
		write_page(emu, place + (page << PAGE_SHIFT));
	return place;
}

static double run_mprotect(struct emulation *emu, uint64_t hole, int n)
{
	uint64_t place = map_place(emu, hole, 3), middle = place + PAGE_SIZE;
	double start = nanoseconds();

	while (n--)
		if (sys_mprotect(emu->task, middle, PAGE_SIZE, PROT_READ) ||
		    sys_mprotect(emu->task, middle, PAGE_SIZE,
				 PROT_READ | PROT_WRITE))
			refuse("mprotect");
	start = nanoseconds() - start;
	if (emulation_munmap(emu, place, 3))
		refuse("munmap");
	return start;
}

static double run_mremap(struct emulation *emu, uint64_t hole, int n)
{
	const uint64_t flags = MREMAP_MAYMOVE | MREMAP_FIXED;
	uint64_t other = hole + (PAIR_OTHER_PLACE << PAGE_SHIFT);
	uint64_t place = map_place(emu, hole, 1);
	double start = nanoseconds();

	while (n--)
		if (sys_mremap(emu->task, place, PAGE_SIZE, PAGE_SIZE, flags,
			       other) != (int64_t)other ||
		    sys_mremap(emu->task, other, PAGE_SIZE, PAGE_SIZE, flags,
			       place) != (int64_t)place)
			refuse("mremap");
	start = nanoseconds() - start;
	if (emulation_munmap(emu, place, 1))
		refuse("munmap");
	return start;
}

static double run_fault(struct emulation *emu, uint64_t hole, int n)
{
	double start = nanoseconds(), end;
	int i;

	for (i = 0; i < n; i++)
		if (emulation_munmap(emu, map_place(emu, hole, 1), 1))
			refuse("munmap");
	end = nanoseconds();
	return end - start - run_fixed(emu, hole, n);
}

static double run_fork(struct emulation *emu, uint64_t hole, int n)
{
	double start = nanoseconds();
	static struct mm_struct child;

	(void)hole;
	while (n--) {
		mm_init(&child, &emu->machine);
		if (dup_mm(emu->task, &child))
			refuse("fork");
		exit_mmap(&child);
	}
	return nanoseconds() - start;
}

static double run_fork_touched(struct emulation *emu, uint64_t hole, int n)
{
	struct vm_area_struct *vma;

	for (vma = emu->mm.mmap; vma; vma = vma->vm_next)
		if (vma->vm_flags & VM_WRITE)
			write_page(emu, vma->vm_start);
	return run_fork(emu, hole, n);
}

static const struct pair_of_calls pairs[NR_PAIRS] = {
	[PAIR_MMAP] = { "mmap + munmap", run_mmap, 100000, 20000, false },
	[PAIR_BRK] = { "brk up + down", run_brk, 100000, 20000, false },
	[PAIR_FIXED] = { "MAP_FIXED + munmap", run_fixed, 100000, 20000,
			 false },
	[PAIR_MPROTECT] = { "mprotect split + merge", run_mprotect, 50000,
			    10000, false },
	[PAIR_MREMAP] = { "mremap there + back", run_mremap, 50000, 10000,
			  false },
	[PAIR_FAULT] = { "page fault", run_fault, 50000, 10000, false },
	[PAIR_FORK] = { "fork + exit", run_fork, 500000, 50000, true },
	[PAIR_FORK_TOUCHED] = { "fork + exit, touched", run_fork_touched,
				200000, 50000, true },
};

/* Pairs a round: what is done for each area makes a pair longer. */
static int pairs_of(enum pair pair, int n, unsigned int areas)
{
	if (!pairs[pair].by_area)
		return n;
	n /= (int)areas + 100;
	return n > 0 ? n : 1;
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
	int pair, round, depth, n, real_n;

	kernel_pairs_start(&real, areas);
	emulation_begin(&emu, NULL);
	hole = lay_out(&emu, areas);
	depth = depth_of(emu.mm.mm_rb.node);
	for (pair = 0; pair < NR_PAIRS; pair++) {
		n = pairs_of(pair, pairs[pair].engine, areas);
		real_n = pairs_of(pair, pairs[pair].kernel, areas);
		for (round = 0; round < rounds; round++) {
			engine[round] = pairs[pair].run(&emu, hole, n) / n;
			kernel[round] = kernel_pairs_round(
				&real, pair, (unsigned int)real_n);
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
	printf("%-7s %-22s %10s %10s %7s\n", "areas", "pair", "engine ns",
	       "kernel ns", "ratio");
	for (i = 0; i < NR_SIZES; i++) {
		depths[i] = measure(sizes[i], rounds, results[i]);
		for (pair = 0; pair < NR_PAIRS; pair++)
			printf("%-7u %-22s %10.1f %10.1f %6.1fx\n", sizes[i],
			       pairs[pair].name, results[i][pair].engine,
			       results[i][pair].kernel,
			       results[i][pair].kernel /
				       results[i][pair].engine);
	}
	printf("\n%-22s %9s %9s %9s   growth from %u to %u areas\n", "", "10",
	       "1000", "30000", sizes[0], sizes[NR_SIZES - 1]);
	for (pair = 0; pair < NR_PAIRS; pair++)
		printf("%-22s %9.1f %9.1f %9.1f   %.2fx\n", pairs[pair].name,
		       results[0][pair].engine, results[1][pair].engine,
		       results[2][pair].engine,
		       results[2][pair].engine / results[0][pair].engine);
	printf("%-22s %9d %9d %9d   %.2fx\n", "depth of the tree", depths[0],
	       depths[1], depths[2], (double)depths[2] / depths[0]);
	return 0;
}
