/* SPDX-License-Identifier: MIT */
/*
 * What history.diff of two large processes costs, and its longest turn: of one
 * loop, and of two; and what a call costs that somebody watches
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
	WATCHED_ROUNDS = 40,
	AREAS = 60000,
	BODY_MAX = 512
};

struct bench {
	struct rpc_service *services[LOOPS];
	struct buffer answer;
	char process[PROCESS_NAME_LEN + 1];
	struct rpc_subscriber *subscriber; /* whose requests come */
	double all,
		longest; /* milliseconds of the last request, and of a turn */
	unsigned turns;
};

/* Of this process: others may run beside it. */
static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Names need not be hard to guess here. */
static void fill_random(void *ctx, void *out, size_t len)
{
	(void)ctx;
	memset(out, 0x5a, len);
}

static bool has_room(void *ctx, struct rpc_subscriber *to)
{
	(void)ctx;
	return to;
}

static bool notify(void *ctx, struct rpc_subscriber *to, const char *head,
		   size_t head_len, struct rpc_note *note, bool at_last)
{
	(void)ctx;
	(void)head;
	(void)head_len;
	(void)note;
	(void)at_last;
	return to;
}

static void ask(struct bench *bench, unsigned owner, const char *body)
{
	enum rpc_status status;
	struct rpc_job job;
	double start, turn;

	buffer_rewind(&bench->answer, 0);
	rpc_job_init(&job, body, strlen(body), &bench->answer);
	job.subscriber = bench->subscriber;
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
static void create(struct bench *bench, unsigned owner, unsigned areas)
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
	for (i = 0; i < areas; i++) {
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

/* A break that goes up and down, and who is told. */
static void print_watched(struct bench *bench, unsigned areas)
{
	static const char *const wants[] = { "", "\"mm\"", "\"diff\"" };
	struct rpc_subscriber subscriber;
	char body[BODY_MAX];
	double best;
	unsigned i, round;

	create(bench, 0, areas);
	for (i = 0; i < 3; i++) {
		if (!rpc_subscriber_init(&subscriber, LOOPS, 1))
			exit(1);
		bench->subscriber = &subscriber;
		snprintf(body, sizeof(body),
			 "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":"
			 "\"subscribe\",\"params\":{\"process\":\"%s\","
			 "\"want\":[%s]}}",
			 bench->process, wants[i]);
		ask(bench, 0, body);
		for (round = 0, best = 1e9; round < WATCHED_ROUNDS; round++) {
			snprintf(body, sizeof(body),
				 "{\"jsonrpc\":\"2.0\",\"id\":1,"
				 "\"method\":\"mm.brk\",\"params\":{"
				 "\"process\":\"%s\",\"addr\":%u,"
				 "\"want\":[]}}",
				 bench->process, 0x602000 + round % 2 * 4096);
			ask(bench, 0, body);
			best = bench->all < best ? bench->all : best;
		}
		printf("%-10u %-8s %9.1f us\n", areas, wants[i], best * 1e3);
		rpc_subscriber_gone(bench->services[0], &subscriber);
		rpc_subscriber_deinit(&subscriber);
		bench->subscriber = NULL;
	}
}

int main(void)
{
	const struct rpc_host host = { .random = fill_random,
				       .has_room = has_room,
				       .notify = notify,
				       .version = "0" };
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
		create(&bench, i == 2, AREAS);
		memcpy(names[i], bench.process, sizeof(names[i]));
	}
	printf("%d areas each, of\n", AREAS);
	print_diff(&bench, "one loop", names[0], names[1]);
	print_diff(&bench, "two loops", names[0], names[2]);
	printf("a call that is watched, by areas and what is wanted\n");
	for (i = 10; i <= AREAS; i = i < 1000 ? i * 10 : i * AREAS / 1000)
		print_watched(&bench, i);
	for (i = 0; i < LOOPS; i++)
		rpc_service_free(bench.services[i]);
	buffer_deinit(&bench.answer);
	return 0;
}
