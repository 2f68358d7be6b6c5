/* SPDX-License-Identifier: MIT */
#include "tests/support/kernel_pairs.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE    4096UL
#define PRIVATE (MAP_PRIVATE | MAP_ANONYMOUS)

struct order {
	enum pair pair;
	unsigned int n;
};

static void require(int is_fine, const char *what)
{
	if (is_fine)
		return;
	perror(what);
	_exit(2);
}

double nanoseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

struct layout {
	char *start, *hole;
	unsigned int areas;
};

static char *area_of(const struct layout *layout, unsigned int i)
{
	unsigned int half = layout->areas / 2;

	return layout->start + (i < half ? i : i + PAIR_HOLE) * PAGE;
}

static struct layout lay_out(unsigned int areas)
{
	size_t pages = areas + PAIR_HOLE;
	struct layout layout = { .areas = areas };
	unsigned int i;

	layout.start = mmap(NULL, pages * PAGE, PROT_NONE,
			    PRIVATE | MAP_NORESERVE, -1, 0);
	require(layout.start != MAP_FAILED, "mmap");
	layout.hole = layout.start + areas / 2 * PAGE;
	for (i = 0; i < areas; i += 2)
		require(!mprotect(area_of(&layout, i), PAGE,
				  PROT_READ | PROT_WRITE),
			"mprotect");
	require(!munmap(layout.hole, PAIR_HOLE * PAGE), "munmap");
	return layout;
}

static void touch_all(const struct layout *layout)
{
	unsigned int i;

	for (i = 0; i < layout->areas; i += 2)
		*(volatile char *)area_of(layout, i) = 1;
}

static void run_mmap(unsigned int n, const struct layout *layout)
{
	char *page;

	(void)layout;
	while (n--) {
		page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, PRIVATE, -1, 0);
		require(page != MAP_FAILED && !munmap(page, PAGE), "mmap");
	}
}

static void run_brk(unsigned int n, const struct layout *layout)
{
	unsigned long start = (unsigned long)syscall(SYS_brk, 0);

	(void)layout;
	while (n--) {
		syscall(SYS_brk, start + PAGE);
		syscall(SYS_brk, start);
	}
}

static char *map_place(const struct layout *layout, size_t pages)
{
	char *place = mmap(layout->hole + PAIR_PLACE * PAGE, pages * PAGE,
			   PROT_READ | PROT_WRITE, PRIVATE | MAP_FIXED, -1, 0);

	require(place != MAP_FAILED, "mmap");
	return place;
}

static void run_fixed(unsigned int n, const struct layout *layout)
{
	while (n--)
		require(!munmap(map_place(layout, 1), PAGE), "munmap");
}

static void run_fault(unsigned int n, const struct layout *layout)
{
	char *page;

	while (n--) {
		page = map_place(layout, 1);
		*(volatile char *)page = 1;
		require(!munmap(page, PAGE), "munmap");
	}
}

static void run_mprotect(unsigned int n, const struct layout *layout)
{
	char *place = map_place(layout, 3);

	memset(place, 1, 3 * PAGE);
	while (n--)
		require(!mprotect(place + PAGE, PAGE, PROT_READ) &&
				!mprotect(place + PAGE, PAGE,
					  PROT_READ | PROT_WRITE),
			"mprotect");
	require(!munmap(place, 3 * PAGE), "munmap");
}

static void run_mremap(unsigned int n, const struct layout *layout)
{
	char *other = layout->hole + PAIR_OTHER_PLACE * PAGE;
	char *place = map_place(layout, 1);
	const int flags = MREMAP_MAYMOVE | MREMAP_FIXED;

	*(volatile char *)place = 1;
	while (n--)
		require(mremap(place, PAGE, PAGE, flags, other) == other &&
				mremap(other, PAGE, PAGE, flags, place) ==
					place,
			"mremap");
	require(!munmap(place, PAGE), "munmap");
}

static void run_fork(unsigned int n, const struct layout *layout)
{
	int pid;

	(void)layout;
	while (n--) {
		pid = (int)syscall(SYS_fork);
		if (!pid)
			_exit(0);
		require(pid > 0 && waitpid(pid, NULL, 0) == pid, "fork");
	}
}

static void run_vfork(unsigned int n, const struct layout *layout)
{
	int pid;

	(void)layout;
	while (n--) {
		pid = vfork();
		if (!pid)
			_exit(0);
		require(pid > 0 && waitpid(pid, NULL, 0) == pid, "vfork");
	}
}

/* How each pair is run, and what else that is and is taken off. */
static const struct {
	void (*run)(unsigned int n, const struct layout *layout);
	void (*rest)(unsigned int n, const struct layout *layout);
} pairs[NR_PAIRS] = {
	[PAIR_MMAP] = { run_mmap, NULL },
	[PAIR_BRK] = { run_brk, NULL },
	[PAIR_FIXED] = { run_fixed, NULL },
	[PAIR_MPROTECT] = { run_mprotect, NULL },
	[PAIR_MREMAP] = { run_mremap, NULL },
	[PAIR_FAULT] = { run_fault, run_fixed },
	[PAIR_FORK] = { run_fork, run_vfork },
	[PAIR_FORK_TOUCHED] = { run_fork, run_vfork },
};

static double run(const struct order *order, const struct layout *layout)
{
	double start, end;

	if (order->pair == PAIR_FORK_TOUCHED)
		touch_all(layout);
	start = nanoseconds();
	pairs[order->pair].run(order->n, layout);
	end = nanoseconds();
	if (pairs[order->pair].rest) {
		pairs[order->pair].rest(order->n, layout);
		end -= nanoseconds() - end;
	}
	return (end - start) / order->n;
}

_Noreturn static void serve(int orders, int answers, unsigned int areas)
{
	struct layout layout = lay_out(areas);
	struct order order;
	double ns;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (read(orders, &order, sizeof(order)) == sizeof(order)) {
		ns = run(&order, &layout);
		require(write(answers, &ns, sizeof(ns)) == sizeof(ns), "write");
	}
	_exit(0);
}

void kernel_pairs_start(struct kernel_pairs *kernel, unsigned int areas)
{
	int orders[2], answers[2];

	require(!pipe(orders) && !pipe(answers), "pipe");
	fflush(NULL);
	kernel->pid = fork();
	require(kernel->pid >= 0, "fork");
	if (!kernel->pid) {
		close(orders[1]);
		close(answers[0]);
		serve(orders[0], answers[1], areas);
	}
	close(orders[0]);
	close(answers[1]);
	kernel->orders = orders[1];
	kernel->answers = answers[0];
}

double kernel_pairs_round(const struct kernel_pairs *kernel, enum pair pair,
			  unsigned int n)
{
	struct order order = { pair, n };
	double ns;

	require(write(kernel->orders, &order, sizeof(order)) == sizeof(order),
		"write");
	require(read(kernel->answers, &ns, sizeof(ns)) == sizeof(ns), "read");
	return ns;
}

void kernel_pairs_stop(const struct kernel_pairs *kernel)
{
	close(kernel->orders);
	close(kernel->answers);
	waitpid(kernel->pid, NULL, 0);
}
