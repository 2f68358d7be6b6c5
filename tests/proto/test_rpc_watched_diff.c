/* SPDX-License-Identifier: MIT */
/*
 * Subscribers that want to see what each operation changes
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/proto/document_fixture.h"
#include "tests/support/fail_malloc.h"
#include "tests/support/suite.h"

static const struct rpc_quotas ample = {
	.processes = 1000, .threads = 1000, .areas = 1 << 20, .bytes = 1 << 30
};

/* A process, and who is told what happens to it. */
struct watched {
	struct rpc_fixture fx;
	struct rpc_subscriber subscriber;
};

static void begin_with(struct watched *watched, const char *setup)
{
	struct rpc_fixture *fx = &watched->fx;

	CU_ASSERT_FATAL(rpc_subscriber_init(&watched->subscriber, 1, 100));
	json_decref(fixture_create(fx, setup));
	fx->subscriber = &watched->subscriber;
	fx->notes = json_array();
}

static void begin(struct watched *watched)
{
	fixture_init_clients(&watched->fx, 1, &ample);
	begin_with(watched, "{'history':'all','want':[]}");
}

static void end(struct watched *watched)
{
	struct rpc_fixture *fx = &watched->fx;

	rpc_subscriber_gone(fx->services[0], &watched->subscriber);
	CU_ASSERT_EQUAL(fx->services[0]->subscriptions.nr_diffs, 0);
	json_decref(fx->notes);
	rpc_subscriber_deinit(&watched->subscriber);
	fixture_deinit(fx);
}

static void subscribe(struct watched *watched, const char *want)
{
	char params[120];

	snprintf(params, sizeof(params), "{'process':'@','want':[%s]}", want);
	json_decref(fixture_result(&watched->fx, "subscribe", params));
}

static const json_t *note(const struct watched *watched, size_t number)
{
	return json_array_get(watched->fx.notes, number);
}

static const json_t *shown(const json_t *told)
{
	return json_object_get(json_object_get(told, "params"), "snapshot");
}

/* Its snapshot's. */
static const json_t *diff_of(const json_t *told)
{
	return json_object_get(shown(told), "diff");
}

/* All that has been told, which is forgotten. */
static json_t *hear(struct watched *watched)
{
	json_t *notes = watched->fx.notes;

	watched->fx.notes = json_array();
	return notes;
}

static void grow(struct watched *watched, unsigned to)
{
	char params[100];

	snprintf(params, sizeof(params), "{'process':'@','addr':%u,'want':[]}",
		 to);
	json_decref(fixture_result(&watched->fx, "mm.brk", params));
}

/* Calls of all kinds, by name and further parameters. */
static const char *const calls[][2] = {
	{ "mm.brk", "'addr':'0x610000'" },
	{ "mm.mmap", "'addr':'0x20000000','length':65536,'prot':3,'flags':50" },
	{ "mm.mmap", "'addr':'0x20010000','length':65536,'prot':1,'flags':50" },
	{ "mm.access", "'addr':'0x20001000','type':'write','length':9000" },
	{ "mm.mprotect", "'addr':'0x20002000','length':8192,'prot':1" },
	{ "mm.mprotect", "'addr':'0x20002000','length':8192,'prot':3" },
	{ "mm.munmap", "'addr':'0x20004000','length':4096" },
	{ "mm.munmap", "'addr':1,'length':1" },
	{ "mm.mremap",
	  "'old_address':'0x20006000','old_size':4096,'new_size':8192,"
	  "'flags':'MREMAP_MAYMOVE'" },
	{ "mm.find_vma", "'addr':'0x20002000'" },
	{ "thread.create", "'idempotency_key':'t'" },
	{ "file.open", "'fd':9,'name':'f','size':65536,'mode':'rw'" },
	{ "mm.mmap",
	  "'addr':'0x30000000','length':65536,'prot':3,'flags':32785,"
	  "'fd':9,'offset':0" },
	{ "file.truncate", "'fd':9,'size':4096" },
	{ "process.exec",
	  "'program':{'path':'/bin/x','type':'exec','entry':4198400,'headers':"
	  "[{'flags':5,'offset':0,'vaddr':4194304,'filesz':8192,'memsz':8192}]"
	  "}" },
	{ "mm.brk", "'addr':'0x0'" },
};

enum {
	CALLS = sizeof(calls) / sizeof(calls[0])
};

static json_t *do_call(struct watched *watched, size_t i, const char *want)
{
	char params[300];

	snprintf(params, sizeof(params), "{'process':'@',%s,'want':[%s]}",
		 calls[i][1], want);
	return fixture_call(&watched->fx, calls[i][0], params);
}

/* Whether the caller wants to see it as well or not. */
static void what_is_told_is_what_the_caller_would_see(void)
{
	struct watched seen, unseen;
	json_t *answer, *other;
	const json_t *diff;
	size_t i;

	begin(&seen);
	begin(&unseen);
	subscribe(&seen, "'diff'");
	subscribe(&unseen, "'mm','diff'");
	for (i = 0; i < CALLS; i++) {
		answer = do_call(&seen, i, "'diff'");
		other = do_call(&unseen, i, "");
		diff = json_object_get(
			json_object_get(json_object_get(answer, "result"),
					"snapshot"),
			"diff");
		CU_ASSERT_PTR_NOT_NULL(diff);
		CU_ASSERT(json_equal(diff, diff_of(note(&seen, i))));
		CU_ASSERT(json_equal(diff, diff_of(note(&unseen, i))));
		CU_ASSERT_PTR_NOT_NULL(
			json_object_get(shown(note(&unseen, i)), "mm"));
		json_decref(answer);
		json_decref(other);
	}
	end(&seen);
	end(&unseen);
}

/* A relative shares the memory, and a stranger of the same world does not. */
static void relatives_are_told_of_their_own_state(void)
{
	struct watched watched;
	struct rpc_fixture *fx = &watched.fx;
	json_t *vm, *notes;

	begin(&watched);
	subscribe(&watched, "'diff'");
	vm = fixture_result(fx, "process.fork", "{'process':'@','vm':true}");
	snprintf(fx->process, sizeof(fx->process), "%s",
		 json_string_value(json_object_get(vm, "process")));
	json_decref(vm);
	json_decref(hear(&watched));
	grow(&watched, 0x610000);
	notes = hear(&watched);
	CU_ASSERT_EQUAL(json_array_size(notes), 1);
	CU_ASSERT(is_json(
		json_object_get(
			json_object_get(diff_of(json_array_get(notes, 0)),
					"mm"),
			"brk"),
		"['0x601000','0x610000']"));
	CU_ASSERT_EQUAL(json_array_size(json_object_get(
				diff_of(json_array_get(notes, 0)), "areas")),
			1);
	json_decref(notes);
	end(&watched);
}

/* It would say something of a time that nobody was told of. */
static void where_the_state_before_is_not_known_it_is_left_out(void)
{
	struct watched watched;
	struct rpc_fixture *fx = &watched.fx;
	json_t *notes, *value;
	size_t i;

	begin(&watched);
	subscribe(&watched, "'diff','mm'");
	fx->is_full = true;
	grow(&watched, 0x610000);
	fx->is_full = false;
	rpc_subscriber_catch_up(fx->services[0], &watched.subscriber);
	json_decref(fixture_result(fx, "history.rewind",
				   "{'process':'@','seq':0,'want':['diff']}"));
	json_decref(fixture_result(
		fx, "script.run",
		"{'process':'@','script':'brk(0)','want':['diff']}"));
	notes = hear(&watched);
	CU_ASSERT_EQUAL(json_array_size(notes), 3);
	json_array_foreach(notes, i, value) {
		CU_ASSERT_PTR_NULL(diff_of(value));
		CU_ASSERT_PTR_NOT_NULL(json_object_get(shown(value), "mm"));
	}
	json_decref(notes);
	grow(&watched, 0x620000);
	CU_ASSERT_PTR_NOT_NULL(diff_of(note(&watched, 0)));
	json_decref(fixture_result(fx, "process.exit", "['@']"));
	CU_ASSERT_PTR_NULL(shown(note(&watched, 1)));
	end(&watched);
}

/* Nobody copies a world for whom there is no room, or who wants other things. */
static void nothing_is_copied_for_nobody(void)
{
	struct watched watched;
	const struct account *account;
	uint64_t plain;

	begin(&watched);
	account = &fixture_tenant(&watched.fx, 0)->account;
	grow(&watched, 0x610000);
	subscribe(&watched, "'mm'");
	grow(&watched, 0x611000);
	plain = watched.fx.services[0]->slice_bytes;
	subscribe(&watched, "'diff'");
	watched.fx.is_full = true;
	grow(&watched, 0x612000);
	CU_ASSERT(watched.fx.services[0]->slice_bytes <= plain);
	watched.fx.is_full = false;
	rpc_subscriber_catch_up(watched.fx.services[0], &watched.subscriber);
	grow(&watched, 0x613000);
	CU_ASSERT(watched.fx.services[0]->slice_bytes > plain + 1000);
	CU_ASSERT_EQUAL(account->call_bytes, 0);
	end(&watched);
}

static void a_world_of_many_areas_is_not_copied(void)
{
	const struct rpc_limits limits = { .told_areas = 4 };
	struct watched watched;
	json_t *result;

	fixture_init(&watched.fx, 1, &limits);
	begin_with(&watched, "{'want':[]}");
	subscribe(&watched, "'diff','mm'");
	grow(&watched, 0x610000);
	CU_ASSERT_PTR_NULL(diff_of(note(&watched, 0)));
	CU_ASSERT_PTR_NOT_NULL(json_object_get(shown(note(&watched, 0)), "mm"));
	/* Whoever asks for it himself has it, and so has everybody. */
	result = fixture_result(&watched.fx, "mm.brk",
				"{'process':'@','addr':'0x611000',"
				"'want':['diff']}");
	CU_ASSERT_PTR_NOT_NULL(
		json_object_get(json_object_get(result, "snapshot"), "diff"));
	json_decref(result);
	CU_ASSERT_PTR_NOT_NULL(diff_of(note(&watched, 1)));
	end(&watched);
}

/* Who looks by a share pays for what it looks at, and only then. */
static void who_has_a_share_pays(void)
{
	struct client *clients[2];
	struct watched watched;
	struct rpc_fixture *fx = &watched.fx;
	uint64_t owned, paid;
	char process[PROCESS_NAME_LEN + 1];
	json_t *share;

	begin(&watched);
	clients[0] = clients_at(fx->clients, 1);
	clients[1] = clients_at(fx->clients, 2);
	memcpy(process, fx->process, sizeof(process));
	share = fixture_result(fx, "process.share", "['@']");
	snprintf(fx->process, sizeof(fx->process), "%s",
		 json_string_value(json_object_get(share, "share")));
	json_decref(share);
	fx->caller.client = 2;
	subscribe(&watched, "'diff'");
	fx->caller.client = 1;
	memcpy(fx->process, process, sizeof(process));
	grow(&watched, 0x610000);
	CU_ASSERT_PTR_NOT_NULL(diff_of(note(&watched, 0)));
	owned = client_leased(clients[0], CLIENT_BYTES);
	paid = client_leased(clients[1], CLIENT_BYTES);
	grow(&watched, 0x601000);
	grow(&watched, 0x610000);
	CU_ASSERT_EQUAL(client_leased(clients[0], CLIENT_BYTES), owned);
	CU_ASSERT_EQUAL(client_leased(clients[1], CLIENT_BYTES), paid);
	rpc_subscriber_gone(fx->services[0], &watched.subscriber);
	end(&watched);
}

/* From now on the owner may have that much more, and not a byte of it in hand. */
static void leave_bytes(struct rpc_fixture *fx, uint64_t left)
{
	static const struct rpc_quotas none = {
		.processes = 1000, .threads = 1000, .areas = 1 << 20, .bytes = 1
	};
	struct tenant *tenant = fixture_tenant(fx, 0);
	uint32_t number;

	rpc_clients_add(fx->clients, "ada", &ample, &number);
	memory_deinit(&tenant->memory);
	client_return(tenant->client, CLIENT_BYTES, tenant->account.max_bytes);
	tenant->account.max_bytes = tenant->account.bytes + left;
	client_lease(tenant->client, CLIENT_BYTES, tenant->account.max_bytes,
		     0);
	rpc_clients_add(fx->clients, "ada", &none, &number);
}

/* Whatever its owner may still have: what others see makes no difference to what
 * a call does. */
static void a_call_is_not_refused_for_what_is_shown(void)
{
	unsigned refused = 0, unseen = 0, seen = 0, left;
	struct watched plain, watched;
	json_t *answer, *other;

	begin(&plain);
	begin(&watched);
	subscribe(&plain, "'mm'");
	subscribe(&watched, "'diff','mm'");
	for (left = 0; seen < 3; left += 64) {
		leave_bytes(&plain.fx, left);
		leave_bytes(&watched.fx, left);
		answer = do_call(&plain, 1, "");
		other = do_call(&watched, 1, "");
		CU_ASSERT(json_equal(answer, other));
		refused += json_object_get(answer, "error") != NULL;
		if (json_array_size(watched.fx.notes)) {
			seen += diff_of(note(&watched, 0)) != NULL;
			unseen += !diff_of(note(&watched, 0));
		}
		json_decref(hear(&plain));
		json_decref(hear(&watched));
		json_decref(answer);
		json_decref(other);
	}
	CU_ASSERT(refused && unseen);
	end(&plain);
	end(&watched);
}

/* A mapping over what is there, with request @n refused; NULL: it was silent. */
static json_t *fail_in_call(struct rpc_fixture *fx, uint64_t n, bool *refusedp)
{
	char *body = fixture_expand(
		fx, "{'jsonrpc':'2.0','id':1,'method':'mm.mmap','params':{"
		    "'process':'@','addr':'0x20000000','length':65536,"
		    "'prot':3,'flags':50,'want':[]}}");
	enum rpc_status status;
	struct buffer answer;
	struct rpc_job job;
	unsigned owner = 0;
	json_t *value;

	buffer_init(&answer, 1u << 20);
	rpc_job_init(&job, body, strlen(body), &answer);
	job.caller = fx->caller;
	fail_malloc_at(n, FAIL_ONCE | FAIL_HERE);
	do
		status = rpc_run(fx->services[0], &job, &owner);
	while (status != RPC_DONE);
	*refusedp = fail_malloc_never();
	value = json_loadb(answer.data, answer.len, 0, NULL);
	buffer_deinit(&answer);
	free(body);
	return value;
}

/* Each request for memory in turn: the call is carried out, or refused without an
 * effect, and nothing is left of what was shown. */
static void without_memory_nothing_is_left(void)
{
	struct watched watched;
	struct rpc_fixture *fx = &watched.fx;
	struct account *account;
	bool refused = true;
	unsigned carried_out = 0;
	uint64_t n, seq, bytes;
	json_t *answer, *carried;

	begin(&watched);
	account = &fixture_tenant(fx, 0)->account;
	subscribe(&watched, "'diff'");
	grow(&watched, 0x610000);
	memory_deinit(&fixture_tenant(fx, 0)->memory);
	for (n = 0; refused && n < 1000; n++) {
		seq = world_seq(fixture_world(fx, 0));
		bytes = account->bytes;
		answer = fail_in_call(fx, n, &refused);
		CU_ASSERT_PTR_NULL(fx->services[0]->before.copy);
		if (json_object_get(answer, "error")) {
			CU_ASSERT(is_error(answer, -32603, "internal", NULL));
			/* Even the answer may lack it. */
			carried = json_object_get(
				json_object_get(
					json_object_get(answer, "error"),
					"data"),
				"carried_out");
			CU_ASSERT_EQUAL(world_seq(fixture_world(fx, 0)),
					seq + json_is_true(carried));
		} else {
			carried_out += refused;
		}
		memory_deinit(&fixture_tenant(fx, 0)->memory);
		CU_ASSERT(account->bytes <= bytes + 1024);
		json_decref(hear(&watched));
		json_decref(answer);
	}
	CU_ASSERT(!refused && carried_out > 10);
	end(&watched);
}

CU_TestInfo test_rpc_watched_diff[] = {
	{ "what is told is what the caller would see",
	  what_is_told_is_what_the_caller_would_see },
	{ "relatives are told of their own state",
	  relatives_are_told_of_their_own_state },
	{ "where the state before is not known it is left out",
	  where_the_state_before_is_not_known_it_is_left_out },
	{ "nothing is copied for nobody", nothing_is_copied_for_nobody },
	{ "a world of many areas is not copied",
	  a_world_of_many_areas_is_not_copied },
	{ "who has a share pays", who_has_a_share_pays },
	{ "a call is not refused for what is shown",
	  a_call_is_not_refused_for_what_is_shown },
	{ "without memory nothing is left", without_memory_nothing_is_left },
	CU_TEST_INFO_NULL,
};
