/* SPDX-License-Identifier: MIT */
#include "tests/support/kernel_pairs.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
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

/* Answers the hole in the middle. */
static char *lay_out(unsigned int areas)
{
	size_t pages = areas + PAIR_HOLE, half = areas / 2, i;
	char *start, *page;

	start = mmap(NULL, pages * PAGE, PROT_NONE, PRIVATE | MAP_NORESERVE, -1,
		     0);
	require(start != MAP_FAILED, "mmap");
	for (i = 0; i < areas; i += 2) {
		page = start + (i < half ? i : i + PAIR_HOLE) * PAGE;
		require(!mprotect(page, PAGE, PROT_READ), "mprotect");
	}
	require(!munmap(start + half * PAGE, PAIR_HOLE * PAGE), "munmap");
	return start + half * PAGE;
}

static void run_mmap(unsigned int n, char *at, int flags)
{
	char *page;

	while (n--) {
		page = mmap(at, PAGE, PROT_READ | PROT_WRITE, PRIVATE | flags,
			    -1, 0);
		require(page != MAP_FAILED && !munmap(page, PAGE), "mmap");
	}
}

static void run_brk(unsigned int n)
{
	unsigned long start = (unsigned long)syscall(SYS_brk, 0);

	while (n--) {
		syscall(SYS_brk, start + PAGE);
		syscall(SYS_brk, start);
	}
}

static double run(const struct order *order, char *hole)
{
	double start = nanoseconds();

	switch (order->pair) {
	case PAIR_MMAP:
		run_mmap(order->n, NULL, 0);
		break;
	case PAIR_BRK:
		run_brk(order->n);
		break;
	default:
		run_mmap(order->n, hole + PAIR_HOLE / 2 * PAGE, MAP_FIXED);
		break;
	}
	return (nanoseconds() - start) / order->n;
}

_Noreturn static void serve(int orders, int answers, unsigned int areas)
{
	char *hole = lay_out(areas);
	struct order order;
	double ns;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (read(orders, &order, sizeof(order)) == sizeof(order)) {
		ns = run(&order, hole);
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
