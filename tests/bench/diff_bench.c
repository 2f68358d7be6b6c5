/* SPDX-License-Identifier: MIT */
/*
 * What history.diff of two large processes costs, and its longest turn: of one
 * loop, and of two
 *
 * Each figure is the best of several rounds: the least disturbed one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "proto/rpc/process_table.h"
#include "proto/rpc/rpc.h"

enum {
	LOOPS = 2,
	ROUNDS = 9,
	AREAS = 60000,
	BODY_MAX = 512
};

struct bench {
	struct rpc_service *services[LOOPS];
	struct buffer answer;
	char process[PROCESS_NAME_LEN + 1];
	double all,
		longest; /* milliseconds of the last request, and of a turn */
	unsigned turns;
};

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Names need not be hard to guess here. */
static void fill_random(void *ctx, void *out, size_t len)
{
	(void)ctx;
	memset(out, 0x5a, len);
}

static void ask(struct bench *bench, unsigned owner, const char *body)
{
	enum rpc_status status;
	struct rpc_job job;
	double start, turn;

	buffer_rewind(&bench->answer, 0);
	rpc_job_init(&job, body, strlen(body), &bench->answer);
	bench->all = bench->longest = 0;
	bench->turns = 0;
	do {
		start = now_ms();
		status = rpc_run(bench->services[owner], &job, &owner);
		turn = now_ms() - start;
		bench->all += turn;
		bench->longest = turn > bench->longest ? turn : bench->longest;
		bench->turns++;
	} while (status != RPC_DONE);
	if (!bench->answer.failed &&
	    memmem(bench->answer.data, bench->answer.len, "\"result\"", 8))
		return;
	fprintf(stderr, "%s\nfailed: %.*s\n", body, (int)bench->answer.len,
		bench->answer.data);
	exit(1);
}

/* Every other page is an area of its own, and has been written to. */
static void create(struct bench *bench, unsigned owner)
{
	static const char key[] = "\"process\":\"";
	const char *name;
	char body[BODY_MAX];
	unsigned i;

	ask(bench, owner,
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"process.create\","
	    "\"params\":{\"want\":[]}}");
	name = memmem(bench->answer.data, bench->answer.len, key,
		      sizeof(key) - 1);
	memcpy(bench->process, name + sizeof(key) - 1, PROCESS_NAME_LEN);
	for (i = 0; i < AREAS; i++) {
		snprintf(body, sizeof(body),
			 "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"mm.mmap\","
			 "\"params\":{\"process\":\"%s\",\"addr\":%u,"
			 "\"length\":4096,\"prot\":3,\"flags\":"
			 "\"MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS|MAP_POPULATE\","
			 "\"want\":[]}}",
			 bench->process, 0x10000000 + i * 8192);
		ask(bench, owner, body);
	}
}

static void print_diff(struct bench *bench, const char *name, const char *first,
		       const char *second)
{
	double all = 1e9, longest = 1e9;
	char body[BODY_MAX];
	int round;

	snprintf(body, sizeof(body),
		 "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"history.diff\","
		 "\"params\":{\"process\":\"%s\",\"other\":\"%s\","
		 "\"from\":%d}}",
		 first, second, AREAS);
	for (round = 0; round < ROUNDS; round++) {
		ask(bench, 0, body);
		all = bench->all < all ? bench->all : all;
		longest = bench->longest < longest ? bench->longest : longest;
	}
	printf("%-10s %8.1f ms in %3u turns, the longest %6.1f ms\n", name, all,
	       bench->turns, longest);
}

int main(void)
{
	const struct rpc_host host = { .random = fill_random, .version = "0" };
	struct bench bench = { .all = 0 };
	char names[3][PROCESS_NAME_LEN + 1];
	unsigned i;

	buffer_init(&bench.answer, 64u << 20);
	for (i = 0; i < LOOPS; i++) {
		bench.services[i] = rpc_service_new(i, LOOPS, NULL, &host);
		if (!bench.services[i])
			exit(1);
	}
	for (i = 0; i < 3; i++) {
		create(&bench, i == 2);
		memcpy(names[i], bench.process, sizeof(names[i]));
	}
	printf("%d areas each, of\n", AREAS);
	print_diff(&bench, "one loop", names[0], names[1]);
	print_diff(&bench, "two loops", names[0], names[2]);
	for (i = 0; i < LOOPS; i++)
		rpc_service_free(bench.services[i]);
	buffer_deinit(&bench.answer);
	return 0;
}
