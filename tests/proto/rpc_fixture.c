/* SPDX-License-Identifier: MIT */
#include "tests/proto/rpc_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/random_bytes.h"
#include "tests/support/suite.h"

static void next_random(void *ctx, void *out, size_t len)
{
	struct rpc_fixture *fx = ctx;

	random_bytes(&fx->random, out, len);
}

static uint64_t now(void *ctx)
{
	struct rpc_fixture *fx = ctx;

	return fx->now += fx->tick;
}

static bool has_room(void *ctx, struct rpc_subscriber *to)
{
	const struct rpc_fixture *fx = ctx;

	(void)to;
	return !fx->is_full;
}

static bool hear(void *ctx, struct rpc_subscriber *to, const char *head,
		 size_t head_len, struct rpc_note *note, bool at_last)
{
	struct rpc_fixture *fx = ctx;
	char *text;

	(void)at_last;
	if (!has_room(ctx, to))
		return false;
	fx->written += note != fx->note;
	fx->note = note;
	if (!fx->notes)
		return true;
	text = malloc(head_len + note->len);
	memcpy(text, head, head_len);
	memcpy(text + head_len, note->text, note->len);
	json_array_append_new(fx->notes,
			      json_loadb(text, head_len + note->len,
					 JSON_REJECT_DUPLICATES, NULL));
	free(text);
	return true;
}

static void begin(struct rpc_fixture *fx, unsigned nr,
		  const struct rpc_limits *limits, struct rpc_clients *clients)
{
	const struct rpc_host host = {
		.random = next_random,
		.now = now,
		.has_room = has_room,
		.notify = hear,
		.ctx = fx,
		.version = "1.2.3",
		.clients = clients,
	};
	unsigned i;

	*fx = (struct rpc_fixture){
		.nr = nr, .random = 1, .now = 5000, .answer_max = 64u << 20
	};
	for (i = 0; i < nr; i++)
		fx->services[i] = rpc_service_new(i, nr, limits, &host);
}

void fixture_init(struct rpc_fixture *fx, unsigned nr,
		  const struct rpc_limits *limits)
{
	begin(fx, nr, limits, NULL);
}

const struct rpc_quotas fixture_ample = {
	.processes = 1000, .threads = 1000, .areas = 1 << 20, .bytes = 1 << 30
};

void fixture_init_clients(struct rpc_fixture *fx, unsigned nr,
			  const struct rpc_quotas *quotas)
{
	const struct rpc_quotas most = rpc_limits_quotas(NULL);
	struct rpc_clients *clients = rpc_clients_new(&most, nr);
	uint32_t number;

	rpc_clients_add(clients, "ada", quotas, &number);
	rpc_clients_add(clients, "bob", quotas, &number);
	begin(fx, nr, NULL, clients);
	fx->clients = clients;
	fx->caller = (struct rpc_caller){ 1, RPC_STUDENT };
}

void fixture_deinit(struct rpc_fixture *fx)
{
	unsigned i;

	rpc_bodies_write(&fx->bodies);
	for (i = 0; i < fx->nr; i++)
		rpc_service_free(fx->services[i]);
	rpc_clients_free(fx->clients);
}

char *fixture_expand(const struct rpc_fixture *fx, const char *text)
{
	size_t size = strlen(text) + 1;
	const char *at;
	char *out, *p;

	for (at = text; *at; at++)
		if (*at == '@')
			size += PROCESS_NAME_LEN;
	out = p = malloc(size);
	for (; *text; text++) {
		if (*text == '\'')
			*p++ = '"';
		else if (*text == '@')
			p += sprintf(p, "%s", fx->process);
		else
			*p++ = *text;
	}
	*p = '\0';
	return out;
}

char *fixture_brk_batch(const struct rpc_fixture *fx, unsigned n,
			const char *want)
{
	char *text = malloc(128 * (size_t)n + 16), *p = text, *body;
	unsigned i;

	*p++ = '[';
	for (i = 0; i < n; i++)
		p += sprintf(p,
			     "%s{'jsonrpc':'2.0','id':%u,'method':'mm.brk',"
			     "'params':{'process':'@','addr':%u,'want':%s}}",
			     i ? "," : "", i, 0x601000 + i, want);
	strcpy(p, "]");
	body = fixture_expand(fx, text);
	free(text);
	return body;
}

/* A copy of exactly that size, so that whoever reads behind it is caught. */
static char *copy_of(const char *bytes, size_t len)
{
	char *copy = malloc(len ? len : 1);

	if (len)
		memcpy(copy, bytes, len);
	return copy;
}

/* What a host does once: the body was read into scratch memory. */
static void keep_body(struct rpc_job *job, char **bodyp)
{
	char *kept = copy_of(job->body, job->body_len);

	free(*bodyp);
	*bodyp = kept;
	job->body = kept;
}

char *fixture_bytes(struct rpc_fixture *fx, const char *body, size_t len)
{
	unsigned owner = fx->at;
	enum rpc_status status;
	struct buffer answer;
	struct rpc_job job;
	char *text = NULL, *read = copy_of(body, len);

	rpc_bodies_add(&fx->bodies, body, len, fx->process);
	buffer_init(&answer, fx->answer_max);
	/* Something of the connection's stands there already. */
	buffer_append_literal(&answer, "HEAD");
	rpc_job_init(&job, read, len, &answer);
	job.caller = fx->caller;
	job.subscriber = fx->subscriber;
	job.follows = true;
	fx->yields = fx->hops = 0;
	do {
		status = rpc_run(fx->services[owner], &job, &owner);
		if (status != RPC_DONE && !fx->yields && !fx->hops)
			keep_body(&job, &read);
		fx->yields += status == RPC_YIELD;
		fx->hops += status == RPC_ELSEWHERE;
	} while (status != RPC_DONE);

	if (answer.len > 4 && !memcmp(answer.data, "HEAD", 4))
		text = strndup(answer.data + 4, answer.len - 4);
	buffer_deinit(&answer);
	free(read);
	return text;
}

json_t *fixture_ask(struct rpc_fixture *fx, const char *text)
{
	char *body = fixture_expand(fx, text);
	char *answer = fixture_bytes(fx, body, strlen(body));
	json_t *value = NULL;

	if (answer) {
		value = json_loads(answer, JSON_REJECT_DUPLICATES, NULL);
		if (!value)
			fprintf(stderr, "no JSON: %s\n", answer);
	}
	free(answer);
	free(body);
	return value;
}

json_t *fixture_call(struct rpc_fixture *fx, const char *method,
		     const char *params)
{
	static const char format[] =
		"{'jsonrpc':'2.0','id':1,'method':'%s','params':%s}";
	size_t size = sizeof(format) + strlen(method) + strlen(params);
	char *text = malloc(size);
	json_t *answer;

	snprintf(text, size, format, method, params);
	answer = fixture_ask(fx, text);
	free(text);
	return answer;
}

json_t *fixture_result(struct rpc_fixture *fx, const char *method,
		       const char *params)
{
	json_t *answer = fixture_call(fx, method, params);
	json_t *result = json_incref(json_object_get(answer, "result"));

	if (!result)
		fprintf(stderr, "%s: %s\n", method,
			json_string_value(json_object_get(
				json_object_get(
					json_object_get(answer, "error"),
					"data"),
				"hint")));
	json_decref(answer);
	return result;
}

void fixture_begin(struct rpc_fixture *fx, const char *params)
{
	fixture_init(fx, 1, NULL);
	json_decref(fixture_create(fx, params));
}

void fixture_do(struct rpc_fixture *fx, const char *method, const char *params)
{
	json_t *result = fixture_result(fx, method, params);

	CU_ASSERT_PTR_NOT_NULL(result);
	json_decref(result);
}

void fixture_turn_to(struct rpc_fixture *fx, const char *process)
{
	const size_t len = process ? strnlen(process, PROCESS_NAME_LEN) : 0;

	if (len)
		memmove(fx->process, process, len);
	fx->process[len] = '\0';
}

json_t *fixture_create(struct rpc_fixture *fx, const char *params)
{
	json_t *result = fixture_result(fx, "process.create", params);
	const char *name =
		json_string_value(json_object_get(result, "process"));

	fixture_turn_to(fx, name);
	return result;
}

struct tenant *fixture_tenant(const struct rpc_fixture *fx, unsigned service)
{
	return tenants_seek(&fx->services[service]->tenants, fx->caller.client);
}

struct world *fixture_world(const struct rpc_fixture *fx, unsigned service)
{
	const struct process_table *table = &fx->services[service]->processes;
	uint32_t index;
	unsigned owner;

	if (process_table_find(table, fx->nr, fx->process, strlen(fx->process),
			       &index, &owner) != PROCESS_FOUND)
		return NULL;
	return process_table_slot(table, index)->world;
}

uint64_t fixture_seq(const struct rpc_fixture *fx)
{
	return world_seq(fixture_world(fx, 0));
}

bool is_error(const json_t *answer, int code, const char *key,
	      const char *param)
{
	const json_t *error = json_object_get(answer, "error");
	const json_t *data = json_object_get(error, "data");
	const char *has_key = json_string_value(json_object_get(data, "key"));
	const char *has_param =
		json_string_value(json_object_get(data, "param"));
	const char *hint = json_string_value(json_object_get(data, "hint"));
	const char *message =
		json_string_value(json_object_get(error, "message"));

	if (!json_object_get(answer, "result") && has_key && hint && *hint &&
	    message && *message &&
	    json_integer_value(json_object_get(error, "code")) == code &&
	    !strcmp(has_key, key) && !has_param == !param &&
	    (!param || !strcmp(has_param, param)))
		return true;
	fprintf(stderr, "wanted %d %s %s, got: ", code, key,
		param ? param : "-");
	json_dumpf(answer, stderr, JSON_ENCODE_ANY);
	fputc('\n', stderr);
	return false;
}

bool is_refused(struct rpc_fixture *fx, const char *method, const char *params,
		int code, const char *key, const char *param)
{
	json_t *answer = fixture_call(fx, method, params);
	bool is = is_error(answer, code, key, param);

	json_decref(answer);
	return is;
}

bool result_is(struct rpc_fixture *fx, const char *method, const char *params,
	       const char *wanted)
{
	json_t *result = fixture_result(fx, method, params);
	bool is = is_json(result, wanted);

	json_decref(result);
	return is;
}

json_t *result_member(const json_t *answer, const char *name)
{
	return json_object_get(json_object_get(answer, "result"), name);
}

json_t *error_member(const json_t *answer, const char *name)
{
	const json_t *error = json_object_get(answer, "error");

	return json_object_get(json_object_get(error, "data"), name);
}

bool is_json(const json_t *value, const char *text)
{
	const struct rpc_fixture nothing = { .process = "" };
	char *expanded = fixture_expand(&nothing, text);
	json_t *wanted = json_loads(expanded, JSON_DECODE_ANY, NULL);
	bool equal = wanted && json_equal(value, wanted);

	if (!equal) {
		fprintf(stderr, "wanted %s, got: ", expanded);
		json_dumpf(value, stderr, JSON_ENCODE_ANY);
		fputc('\n', stderr);
	}
	json_decref(wanted);
	free(expanded);
	return equal;
}
