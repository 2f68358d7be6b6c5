/* SPDX-License-Identifier: MIT */
#include "clients/bench/connection.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "clients/bench/load.h"

enum {
	RECEIVE_ROOM = 256 * 1024,
	LATE_NS = 1000000,
};

int connection_open(struct connection *connection, struct load *load,
		    uint64_t index)
{
	struct epoll_event event = {
		.events = EPOLLIN,
		.data.ptr = connection,
	};
	const struct options *options = load->options;

	connection->requests =
		calloc(options->depth, sizeof(*connection->requests));
	connection->expects = calloc(options->depth * options->batch,
				     sizeof(*connection->expects));
	if (!connection->requests || !connection->expects)
		out_of_memory();
	connection->player = player_new(load->scenario, &load->stage, index);
	connection->fd = target_connect(&load->target);
	if (connection->fd < 0)
		return -1;
	return epoll_ctl(load->epoll, EPOLL_CTL_ADD, connection->fd, &event);
}

void connection_close(struct connection *connection)
{
	if (connection->fd >= 0)
		close(connection->fd);
	connection->fd = -1;
	bytes_deinit(&connection->in);
	bytes_deinit(&connection->out);
	free(connection->requests);
	free(connection->expects);
	connection->requests = NULL;
	connection->expects = NULL;
	connection->requests_count = 0;
}

void connection_fail(struct connection *connection, struct load *load,
		     const char *kind, const char *example)
{
	uint64_t lost = connection->requests_count;

	tally_error(&load->tally, kind, example, 1);
	if (lost)
		tally_error(&load->tally, "unanswered request",
			    "its connection failed", lost);
	load->outstanding -= lost;
	connection_close(connection);
}

bool connection_can_ask(const struct connection *connection,
			const struct load *load)
{
	return connection->fd >= 0 && !connection->blocked &&
	       connection->requests_count < load->options->depth &&
	       (!connection->stopped || load->phase == PHASE_LEAVE);
}

static struct expectation *expect_push(struct connection *connection,
				       const struct load *load)
{
	uint64_t room = load->options->depth * load->options->batch;
	uint64_t at = connection->expects_head + connection->expects_count++;

	return &connection->expects[at % room];
}

static struct expectation expect_pop(struct connection *connection,
				     const struct load *load)
{
	uint64_t room = load->options->depth * load->options->batch;
	struct expectation first =
		connection->expects[connection->expects_head];

	connection->expects_head = (connection->expects_head + 1) % room;
	connection->expects_count--;
	return first;
}

/* Writes one call behind what the body holds; false if there is none. */
static bool write_call(struct connection *connection, struct load *load,
		       bool is_first)
{
	struct bytes *body = &load->body;
	struct player *player = connection->player;
	struct expectation expect = { 0 };
	size_t len = body->len;

	if (!is_first)
		bytes_put(body, ",", 1);
	bytes_put_text(body, "{\"jsonrpc\":\"2.0\",\"id\":");
	bytes_put_number(body, load->next_id);
	bytes_put(body, ",", 1);
	if (!load->scenario->next(player, load->phase, body, &expect)) {
		body->len = len;
		return false;
	}
	bytes_put(body, "}", 1);
	expect.id = load->next_id++;
	*expect_push(connection, load) = expect;
	return true;
}

static uint64_t write_body(struct connection *connection, struct load *load)
{
	uint64_t batch = load->options->batch;
	uint64_t calls = 0;

	load->body.len = 0;
	if (batch == 1)
		return write_call(connection, load, true);
	bytes_put(&load->body, "[", 1);
	while (calls < batch && write_call(connection, load, !calls))
		calls++;
	bytes_put(&load->body, "]", 1);
	return calls;
}

bool connection_ask(struct connection *connection, struct load *load,
		    uint64_t due)
{
	uint64_t calls = write_body(connection, load);
	struct bytes *out = &connection->out;
	uint64_t at;

	if (!calls)
		return false;
	bytes_put(out, load->head.data, load->head.len);
	bytes_put_number(out, load->body.len);
	bytes_put(out, "\r\n\r\n", 4);
	bytes_put(out, load->body.data, load->body.len);
	at = connection->requests_head + connection->requests_count++;
	connection->requests[at % load->options->depth] = (struct request){
		.due = due,
		.sent = load->now,
		.calls = calls,
	};
	load->outstanding++;
	if (load->phase == PHASE_RUN) {
		load->asked++;
		load->tally.late += load->now > due + LATE_NS;
	}
	return true;
}

static void await(struct connection *connection, struct load *load,
		  bool blocked)
{
	struct epoll_event event = {
		.events = blocked ? EPOLLIN | EPOLLOUT : EPOLLIN,
		.data.ptr = connection,
	};

	if (connection->blocked == blocked)
		return;
	connection->blocked = blocked;
	epoll_ctl(load->epoll, EPOLL_CTL_MOD, connection->fd, &event);
}

static void fail_with_errno(struct connection *connection, struct load *load)
{
	int error = errno;

	connection_fail(connection, load,
			error == ECONNRESET || error == EPIPE
				? "connection reset"
				: "connection failed",
			strerror(error));
}

void connection_send(struct connection *connection, struct load *load)
{
	struct bytes *out = &connection->out;

	while (connection->sent < out->len) {
		ssize_t n = send(connection->fd, out->data + connection->sent,
				 out->len - connection->sent, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN) {
			await(connection, load, true);
			return;
		}
		if (n < 0) {
			fail_with_errno(connection, load);
			return;
		}
		connection->sent += (size_t)n;
		if (load->phase == PHASE_RUN)
			load->tally.sent_bytes += (uint64_t)n;
	}
	out->len = 0;
	connection->sent = 0;
	await(connection, load, false);
}

/* A player that does not know how its process stands says nothing sensible. */
static void stop_if_fragile(struct connection *connection, struct load *load)
{
	connection->stopped |= load->scenario->fragile;
}

static void count_verdict(struct load *load, enum verdict verdict,
			  const struct answer *answer, const char *why,
			  uint64_t calls)
{
	char kind[64];

	switch (verdict) {
	case VERDICT_RIGHT:
		break;
	case VERDICT_WRONG_ID:
		tally_error(&load->tally, "wrong id", why, calls);
		break;
	case VERDICT_WRONG:
		tally_error(&load->tally, "wrong answer", why, calls);
		break;
	case VERDICT_EMPTY:
		tally_error(&load->tally, "no answer in the response", why,
			    calls);
		break;
	case VERDICT_REFUSED:
		snprintf(kind, sizeof(kind), "refused: %.*s",
			 answer->error_key.len ? (int)answer->error_key.len : 6,
			 answer->error_key.len ? answer->error_key.at
					       : "no key");
		tally_error(&load->tally, kind, why, calls);
		break;
	}
}

static void judge_call(struct connection *connection, struct load *load,
		       const struct expectation *expect,
		       const struct answer *answer)
{
	char why[TALLY_TEXT];
	enum verdict verdict =
		expectation_judge(expect, answer, why, sizeof(why));

	if (verdict == VERDICT_RIGHT) {
		if (load->scenario->learn)
			load->scenario->learn(connection->player, expect,
					      answer);
		return;
	}
	count_verdict(load, verdict, answer, why, 1);
	stop_if_fragile(connection, load);
}

/* Every expectation is taken off the ring, whatever the body holds. */
static void judge_body(struct connection *connection, struct load *load,
		       uint64_t calls, const char *body, size_t len)
{
	struct answers answers;
	struct answer answer;
	uint64_t missing = 0;

	answers_open(&answers, body, len);
	for (uint64_t i = 0; i < calls; i++) {
		struct expectation expect = expect_pop(connection, load);

		if (!missing && answers_next(&answers, &answer))
			judge_call(connection, load, &expect, &answer);
		else
			missing++;
	}
	if (missing) {
		tally_error(&load->tally,
			    answers.is_broken ? "malformed JSON"
					      : "missing answer",
			    "", missing);
		stop_if_fragile(connection, load);
	} else if (answers_next(&answers, &answer)) {
		tally_error(&load->tally, "unasked answer", "", 1);
	} else if (answers.is_broken) {
		tally_error(&load->tally, "malformed JSON", "", 1);
	}
}

static void refuse_body(struct connection *connection, struct load *load,
			uint64_t calls, const char *body, size_t len)
{
	static const char key[] = "\"key\":\"";
	const char *at = memmem(body, len, key, sizeof(key) - 1);
	size_t word = 0;
	char kind[64];

	if (at) {
		at += sizeof(key) - 1;
		while (at + word < body + len && at[word] != '"')
			word++;
	}
	snprintf(kind, sizeof(kind), "HTTP %d%s%.*s",
		 connection->response.status, word ? " " : "", (int)word,
		 word ? at : "");
	tally_error(&load->tally, kind, "", calls);
	while (calls--)
		expect_pop(connection, load);
	stop_if_fragile(connection, load);
}

static void take_answer(struct connection *connection, struct load *load,
			const char *data)
{
	const struct response *response = &connection->response;
	const char *body = data + response->head_len;
	struct request request;

	request = connection->requests[connection->requests_head];
	connection->requests_head =
		(connection->requests_head + 1) % load->options->depth;
	connection->requests_count--;
	load->outstanding--;
	if (load->phase == PHASE_RUN) {
		load->tally.requests++;
		load->tally.calls += request.calls;
		histogram_add(&load->tally.latency, load->now - request.due);
		load->elapsed = load->now - load->started;
	}
	if (response->status != 200) {
		refuse_body(connection, load, request.calls, body,
			    response->body_len);
	} else if (load->stage.unchecked) {
		while (request.calls--)
			expect_pop(connection, load);
	} else {
		judge_body(connection, load, request.calls, body,
			   response->body_len);
	}
}

/* Takes all whole answers off @data; returns how many bytes they were. */
static size_t take_answers(struct connection *connection, struct load *load,
			   const char *data, size_t len)
{
	struct response *response = &connection->response;
	size_t used = 0;

	while (used < len) {
		enum response_state state =
			response_read(response, data + used, len - used);
		bool closes = response->closes;

		if (state == RESPONSE_PARTIAL)
			break;
		if (state == RESPONSE_BROKEN) {
			connection_fail(connection, load, "malformed response",
					response->trouble);
			break;
		}
		if (!connection->requests_count) {
			connection_fail(connection, load, "unasked response",
					"");
			break;
		}
		take_answer(connection, load, data + used);
		used += response->head_len + response->body_len;
		*response = (struct response){ 0 };
		if (closes) {
			connection_fail(connection, load, "connection closed",
					"the server said so");
			break;
		}
	}
	return used;
}

/* The bytes go where the rest of their answer lies, else into shared room. */
void connection_hear(struct connection *connection, struct load *load)
{
	struct bytes *in =
		connection->in.len ? &connection->in : &load->received;
	size_t used;
	ssize_t n;

	bytes_reserve(in, RECEIVE_ROOM);
	n = recv(connection->fd, in->data + in->len, in->room - in->len, 0);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0) {
		fail_with_errno(connection, load);
		return;
	}
	if (!n) {
		connection_fail(connection, load, "connection closed",
				"by the server");
		return;
	}
	load->now = load_clock();
	if (load->phase == PHASE_RUN)
		load->tally.received_bytes += (uint64_t)n;
	in->len += (size_t)n;
	used = take_answers(connection, load, in->data, in->len);
	if (connection->fd >= 0 && in == &load->received)
		bytes_put(&connection->in, in->data + used, in->len - used);
	else if (connection->fd >= 0)
		bytes_drop(in, used);
	load->received.len = 0;
}
