/* SPDX-License-Identifier: MIT */
/*
 * What a call costs from body to answer, and an area in a snapshot
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
	ROUNDS = 15,
	CALLS = 20000,
	AREAS = 30000,
	BODY_MAX = 512,
	BATCH = 100,
	HEAD = 64 /* bytes of an answer that tell what it is */
};

struct bench {
	struct rpc_service *service;
	struct buffer answer;
	char process[PROCESS_NAME_LEN + 1];
};

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* Names need not be hard to guess here. */
static void fill_random(void *ctx, void *out, size_t len)
{
	(void)ctx;
	memset(out, 0x5a, len);
}

static void ask(struct bench *bench, const char *body, size_t len)
{
	struct rpc_job job;
	unsigned owner;

	buffer_rewind(&bench->answer, 0);
	rpc_job_init(&job, body, len, &bench->answer);
	while (rpc_run(bench->service, &job, &owner) == RPC_YIELD)
		;
	len = bench->answer.len < HEAD ? bench->answer.len : HEAD;
	if (!bench->answer.failed &&
	    !memmem(bench->answer.data, len, "\"error\"", 7))
		return;
	fprintf(stderr, "%s\nfailed: %.*s\n", body, (int)bench->answer.len,
		bench->answer.data);
	exit(1);
}

static size_t compose(const struct bench *bench, const char *method,
		      const char *params, char body[BODY_MAX])
{
	return (size_t)snprintf(
		body, BODY_MAX,
		"{\"jsonrpc\":\"2.0\",\"id\":12345,\"method\":\"%s\","
		"\"params\":{\"process\":\"%s\"%s}}",
		method, bench->process, params);
}

static void call(struct bench *bench, const char *method, const char *params)
{
	char body[BODY_MAX];

	ask(bench, body, compose(bench, method, params, body));
}

static void begin(struct bench *bench)
{
	static const char create[] =
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"process.create\","
		"\"params\":{\"want\":[]}}";
	static const char key[] = "\"process\":\"";
	const struct rpc_host host = { .random = fill_random, .version = "" };
	const char *name;

	bench->service = rpc_service_new(0, 1, NULL, &host);
	if (!bench->service)
		exit(1);
	buffer_init(&bench->answer, 32u << 20);
	ask(bench, create, sizeof(create) - 1);
	name = memmem(bench->answer.data, bench->answer.len, key,
		      sizeof(key) - 1);
	memcpy(bench->process, name + sizeof(key) - 1, PROCESS_NAME_LEN);
}

static void end(struct bench *bench)
{
	buffer_deinit(&bench->answer);
	rpc_service_free(bench->service);
}

/* Nanoseconds of one of @times requests that are alike. */
static double best_request(struct bench *bench, const char *body, size_t len,
			   unsigned times)
{
	double best = 1e18, start, took;
	unsigned round, i;

	for (round = 0; round < ROUNDS; round++) {
		start = now_ns();
		for (i = 0; i < times; i++)
			ask(bench, body, len);
		took = (now_ns() - start) / times;
		if (took < best)
			best = took;
	}
	return best;
}

static double best_of(struct bench *bench, const char *method,
		      const char *params, unsigned times)
{
	char body[BODY_MAX];
	const size_t len = compose(bench, method, params, body);

	return best_request(bench, body, len, times);
}

/* Nanoseconds of one call among BATCH in a request. */
static double best_in_batch(struct bench *bench, const char *method,
			    const char *params, unsigned times)
{
	static char batch[BATCH * BODY_MAX];
	char body[BODY_MAX];
	const size_t len = compose(bench, method, params, body);
	size_t at = 0;
	int i;

	for (i = 0; i < BATCH; i++) {
		batch[at++] = i ? ',' : '[';
		memcpy(batch + at, body, len);
		at += len;
	}
	batch[at++] = ']';
	return best_request(bench, batch, at, times / BATCH) / BATCH;
}

/* Every second area may be written, so that none merge. */
static void fill(struct bench *bench)
{
	char params[160];
	int i;

	for (i = 0; i < AREAS; i++) {
		snprintf(params, sizeof(params),
			 ",\"addr\":\"0x%llx\",\"length\":4096,\"prot\":%d,"
			 "\"flags\":50,\"want\":[]",
			 0x10000000ULL + ((unsigned long long)i << 12),
			 i % 2 ? 3 : 1);
		call(bench, "mm.mmap", params);
	}
}

int main(void)
{
	static const struct {
		const char *what, *method, *params;
	} calls[] = {
		{ "mm.brk", "mm.brk", ",\"addr\":\"0x602000\",\"want\":[]" },
		{ "mm.brk, with a snapshot", "mm.brk",
		  ",\"addr\":\"0x602000\"" },
		{ "mm.mmap over the same page", "mm.mmap",
		  ",\"addr\":268435456,\"length\":4096,\"prot\":3,"
		  "\"flags\":50,\"want\":[]" },
		{ "mm.mmap, refused", "mm.mmap",
		  ",\"addr\":\"0x7ffff7ff9000\",\"length\":8192,"
		  "\"prot\":\"PROT_READ|PROT_WRITE\","
		  "\"flags\":\"MAP_PRIVATE|MAP_ANONYMOUS\",\"fd\":-1,"
		  "\"offset\":1,\"want\":[]" },
		{ "mm.snapshot of nothing", "mm.snapshot", ",\"want\":[]" },
	};
	static const char *const parts[] = { "vmas", "maps", "rbtree" };
	struct bench bench = { .service = NULL };
	size_t i;

	begin(&bench);
	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		printf("%-28s %8.1f ns a call %8.1f in a batch\n",
		       calls[i].what,
		       best_of(&bench, calls[i].method, calls[i].params, CALLS),
		       best_in_batch(&bench, calls[i].method, calls[i].params,
				     CALLS));
	fill(&bench);
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		char params[64];

		snprintf(params, sizeof(params), ",\"want\":[\"%s\"]",
			 parts[i]);
		printf("%-28s %8.1f ns an area\n", parts[i],
		       best_of(&bench, "mm.snapshot", params, 5) / AREAS);
	}
	end(&bench);
	return 0;
}
