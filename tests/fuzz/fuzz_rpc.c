/* SPDX-License-Identifier: MIT */
/*
 * Request bodies, one a line, to a process that is there
 *
 * '@' stands for the name of a process made beforehand. Whatever comes in: the
 * job ends, its answer is JSON no longer than allowed, and it is the same
 * whether a loop runs the batch in one go or hands it on after every call, and
 * whether all bodies come from one sender or each from another. It also ends if
 * after some turns nobody waits for it any more.
 */
#include <string.h>

#include "tests/fuzz/host.h"

enum {
	ANSWER_MAX = 20000,
	JOBS_MAX = 8,
	TURNS = 5
};

static void begin(struct host *host, unsigned calls_per_slice)
{
	const struct rpc_limits limits = {
		.answer_bytes = ANSWER_MAX,
		.calls_per_slice = calls_per_slice,
		.bytes = 8u << 20,
		.areas = 5000,
	};

	host_init(host, &limits);
	host_create(host);
}

static void run(const struct host *host, const struct buffer *body,
		struct buffer *answer)
{
	host_run(host, body->data, body->len, answer);
	demand_of_answer(answer->len <= ANSWER_MAX, "too long", answer);
}

/* The body with the process's name for each '@'. */
static void expand(const struct host *host, const char *text, size_t len,
		   struct buffer *body)
{
	for (; len; text++, len--) {
		if (*text == '@')
			buffer_append_text(body, host->process);
		else
			buffer_append_byte(body, *text);
	}
}

static void compare(const struct host *one, const struct host *other,
		    const char *text, size_t len)
{
	struct buffer body, a, b;

	buffer_init(&body, 1u << 20);
	buffer_init(&a, 2 * ANSWER_MAX);
	buffer_init(&b, 2 * ANSWER_MAX);
	expand(one, text, len, &body);
	run(one, &body, &a);
	run(other, &body, &b);
	demand_of_answer(a.len == b.len &&
				 (!a.len || !memcmp(a.data, b.data, a.len)),
			 "turns or senders change the answer", &a);
	buffer_deinit(&body);
	buffer_deinit(&a);
	buffer_deinit(&b);
}

/* After as many turns, and for the reason, that its text happens to say. */
static void abandon(const struct host *host, const char *text, size_t len)
{
	struct buffer body;
	unsigned dice = 0;
	size_t i;

	for (i = 0; i < len; i++)
		dice = 31 * dice + (unsigned char)text[i];
	buffer_init(&body, 1u << 20);
	expand(host, text, len, &body);
	host_abandon(host, body.data, body.len, dice / 2 % TURNS,
		     dice % 2 ? RPC_HOST_ENDS : RPC_CLIENT_GONE);
	buffer_deinit(&body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct host one, other, third;
	int jobs;

	begin(&one, 64);
	begin(&other, 1);
	other.is_one_sender = false;
	begin(&third, 1);
	for (jobs = 0; size && jobs < JOBS_MAX; jobs++) {
		const char *nl = memchr(text, '\n', size);
		size_t len = nl ? (size_t)(nl - text) : size;

		compare(&one, &other, text, len);
		abandon(&third, text, len);
		len += nl != NULL;
		text += len;
		size -= len;
	}
	host_deinit(&one);
	host_deinit(&other);
	host_deinit(&third);
	return 0;
}
