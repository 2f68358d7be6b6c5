/* SPDX-License-Identifier: MIT */
/*
 * What the host refuses is an error of the service, and changes nothing
 */
#include <stdlib.h>
#include <string.h>

#include "tests/proto/rpc_fixture.h"
#include "tests/support/suite.h"

static void quota_of_processes(void)
{
	const struct rpc_limits limits = { .processes = 2 };
	struct rpc_fixture fx;

	fixture_init(&fx, 1, &limits);
	json_decref(fixture_create(&fx, "{}"));
	json_decref(fixture_create(&fx, "{}"));
	CU_ASSERT(is_refused(&fx, "process.create", "{}", -32003,
			     "quota.processes", NULL));
	json_decref(fixture_result(&fx, "process.exit", "['@']"));
	json_decref(fixture_create(&fx, "{}"));
	fixture_deinit(&fx);
}

static void quota_of_areas(void)
{
	const struct rpc_limits limits = { .areas = 6 };
	struct rpc_fixture fx;
	char *before, *after;
	static const char ask[] =
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"mm.snapshot\","
		"\"params\":[\"@\"]}";
	char *body;

	fixture_init(&fx, 1, &limits);
	json_decref(fixture_create(&fx, "{}"));
	CU_ASSERT(is_refused(&fx, "process.create", "{}", -32003, "quota.areas",
			     NULL));
	json_decref(fixture_result(&fx, "mm.mmap",
				   "['@','0x10000',4096,1,34,-1,0,1,[]]"));
	body = fixture_expand(&fx, ask);
	before = fixture_bytes(&fx, body, strlen(body));
	CU_ASSERT(is_refused(&fx, "mm.mmap",
			     "['@','0x20000',4096,1,34,-1,0,1,[]]", -32003,
			     "quota.areas", NULL));
	/* Not an emulated ENOMEM: nothing has happened at all. */
	after = fixture_bytes(&fx, body, strlen(body));
	CU_ASSERT_STRING_EQUAL(before, after);
	free(before);
	free(after);
	free(body);
	fixture_deinit(&fx);
}

static void quota_of_bytes(void)
{
	const struct rpc_limits limits = { .bytes = 200000 };
	struct rpc_fixture fx;
	json_t *answer;
	int i;

	fixture_init(&fx, 1, &limits);
	for (i = 0; i < 1000; i++) {
		answer = fixture_call(&fx, "process.create", "{}");
		if (json_object_get(answer, "error"))
			break;
		json_decref(answer);
	}
	CU_ASSERT(i > 10 && i < 1000);
	CU_ASSERT(is_error(answer, -32003, "quota.bytes", NULL));
	json_decref(answer);
	CU_ASSERT(fx.services[0]->tenants.all[0]->account.bytes <=
		  limits.bytes);
	CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.processes,
			(unsigned)i);
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, (unsigned)i);
	fixture_deinit(&fx);
}

/* Whatever one call works through, freed again or not. */
static void one_call_is_bounded(void)
{
	const struct rpc_limits limits = { .call_bytes = 256 << 10 };
	struct rpc_fixture fx;
	char params[100];
	unsigned i;

	fixture_init(&fx, 1, &limits);
	json_decref(fixture_create(
		&fx, "{'want':[],'sysctl':{'overcommit_memory':1}}"));
	CU_ASSERT(is_refused(&fx, "mm.mmap",
			     "['@','0x100000000000','0xc0000000',3,"
			     "'MAP_PRIVATE|MAP_ANONYMOUS|MAP_POPULATE',-1,0,1,"
			     "[]]",
			     -32003, "quota.call", NULL));
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 0);
	/* In parts it is done; each call has all of its own. */
	json_decref(fixture_result(
		&fx, "mm.mmap",
		"['@','0x100000000000','0xc0000000',3,34,-1,0,1,[]]"));
	for (i = 0; i < 12; i++) {
		snprintf(params, sizeof(params),
			 "['@','0x100%02x0000000','write','0x10000000',0,1,[]]",
			 i);
		json_decref(fixture_result(&fx, "mm.access", params));
	}
	/* But what is as large cannot be copied in one. */
	CU_ASSERT(is_refused(&fx, "process.fork", "['@']", -32003, "quota.call",
			     NULL));
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 1);
	json_decref(fixture_result(&fx, "process.exit", "['@']"));
	while (rpc_service_reap(fx.services[0]))
		;
	CU_ASSERT(fixture_tenant(&fx, 0)->account.bytes < 20000);
	fixture_deinit(&fx);
}

static json_int_t world_says(struct rpc_fixture *fx, const char *what)
{
	json_t *result = fixture_result(fx, "process.get", "['@']");
	json_t *world = json_object_get(result, "world");
	const json_int_t value =
		json_integer_value(json_object_get(world, what));

	json_decref(result);
	return value;
}

/* Whoever looks sees the refusal come. */
static void what_a_world_holds_is_shown(void)
{
	const struct rpc_limits limits = { .world_bytes = 64 << 10 };
	struct rpc_fixture fx;
	json_int_t before, each;

	fixture_init(&fx, 1, &limits);
	json_decref(fixture_create(&fx, "{}"));
	CU_ASSERT_EQUAL(world_says(&fx, "limit"), 64 << 10);
	before = world_says(&fx, "held");
	json_decref(fixture_result(&fx, "thread.create", "['@']"));
	each = world_says(&fx, "held") - before;
	CU_ASSERT(each > 0);
	while (world_says(&fx, "held") + each <= 64 << 10)
		json_decref(fixture_result(&fx, "thread.create", "['@']"));
	CU_ASSERT(is_refused(&fx, "thread.create", "['@']", -32003,
			     "quota.world", NULL));
	CU_ASSERT(world_says(&fx, "held") <= 64 << 10);
	fixture_deinit(&fx);
}

/* Of a world's present state, however it would come to hold more. */
static void one_world_is_bounded(void)
{
	const struct rpc_limits limits = { .world_bytes = 64 << 10 };
	const struct {
		const char *method, *params;
	} refused[] = {
		{ "mm.mmap", "['@','0x100000000000','0x12000000',3,"
			     "'MAP_PRIVATE|MAP_ANONYMOUS|MAP_POPULATE',-1,0,1,"
			     "[]]" },
		{ "process.create",
		  "{'maps':['100000000000-100012000000 rw-p 0'],"
		  "'resident':[['0x100000000000',"
		  "'0x100012000000']]}" },
		{ "mm.explain", "['@','mm.mmap',{'addr':'0x100000000000',"
				"'length':'0x12000000','prot':3,'flags':"
				"'MAP_PRIVATE|MAP_ANONYMOUS|MAP_POPULATE'}]" },
		{ "script.run",
		  "['mm.mmap(0x100000000000, 0x12000000, 3, "
		  "MAP_PRIVATE|MAP_ANONYMOUS|MAP_POPULATE)','@']" },
	};
	struct rpc_fixture fx;
	unsigned i;

	fixture_init(&fx, 1, &limits);
	json_decref(fixture_create(&fx, "{}"));
	for (i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		CU_ASSERT(is_refused(&fx, refused[i].method, refused[i].params,
				     -32003, "quota.world", NULL));
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 0);
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 1);
	/* Others have all of their own. */
	json_decref(fixture_create(
		&fx, "{'maps':['100000000000-100008000000 rw-p 0'],'resident':"
		     "[['0x100000000000','0x100008000000']]}"));
	fixture_deinit(&fx);
}

/* What a process was created with is kept, so it is charged, too. */
static void creation_text_is_charged(void)
{
	const struct rpc_limits limits = { .bytes = 20000 };
	const char *head = "{'resident':[";
	struct rpc_fixture fx;
	char text[30000];
	size_t len = strlen(head);

	fixture_init(&fx, 1, &limits);
	memset(text, ' ', sizeof(text));
	memcpy(text, head, len);
	strcpy(text + 25000, "]}");
	CU_ASSERT(is_refused(&fx, "process.create", text, -32003, "quota.bytes",
			     NULL));
	CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.processes, 0);
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 0);
	strcpy(text + 5000, "]}");
	json_decref(fixture_create(&fx, text));
	CU_ASSERT(fx.services[0]->tenants.all[0]->account.bytes > 5000);
	fixture_deinit(&fx);
}

/* Whatever the host refuses at whichever allocation: an error that says so,
 * nothing changed, and the same call works afterwards. */
struct failing_host {
	int left; /* allocations that still succeed; < 0: all */
};

static void *failing_alloc(void *ctx, size_t size)
{
	struct failing_host *host = ctx;

	if (!host->left)
		return NULL;
	if (host->left > 0)
		host->left--;
	return malloc(size);
}

static void failing_free(void *ctx, void *ptr, size_t size)
{
	(void)ctx;
	(void)size;
	free(ptr);
}

static void host_without_memory_is_never_an_emulated_errno(void)
{
	static const char *const calls[][2] = {
		{ "process.create", "{'uid':0}" },
		{ "mm.mmap", "['@',0,4096,3,34,-1,0,1,[]]" },
		{ "mm.access", "['@','0x600000','write',1,0,1,[]]" },
		{ "thread.create", "['@']" },
		{ "file.open", "['@',5,'x',4096]" },
		{ "mm.munmap", "['@','0x7ffff7ffb000',4096,1,[]]" },
		{ "mm.mprotect", "['@','0x600000',4096,1,1,[]]" },
		{ "mm.mremap", "['@','0x600000',4096,8192,1,0,1,[]]" },
		{ "mm.mlock", "['@','0x600000',4096,1,[]]" },
		{ "mm.madvise", "['@','0x600000',4096,10,1,[]]" },
		{ "process.fork", "['@',1,false,[]]" },
		{ "process.fork", "['@',1,true,[]]" },
		{ "file.truncate", "['@',5,1]" },
		{ "mm.smaps", "['@',1,[]]" },
		{ "process.exec",
		  "{'process':'@','program':{'path':'/bin/x','type':'exec',"
		  "'entry':0,'headers':[{'flags':5,'offset':0,'vaddr':"
		  "'0x400000','filesz':4096,'memsz':4096},{'flags':6,"
		  "'offset':4096,'vaddr':'0x600000','filesz':4096,"
		  "'memsz':9000}]},'want':[]}" },
	};
	struct failing_host host = { .left = -1 };
	struct rpc_fixture fx;
	size_t i;
	int n;

	fixture_init(&fx, 1, NULL);
	fx.services[0]->allocator = (struct allocator){ .alloc = failing_alloc,
							.free = failing_free,
							.ctx = &host };
	json_decref(fixture_create(&fx, "{}"));
	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		for (n = 0;; n++) {
			json_t *answer;
			bool works;

			host.left = n;
			answer = fixture_call(&fx, calls[i][0], calls[i][1]);
			host.left = -1;
			works = json_object_get(answer, "result");
			if (!works)
				CU_ASSERT(is_error(answer, -32603, "internal",
						   NULL));
			json_decref(answer);
			if (works)
				break;
		}
	}
	fixture_deinit(&fx);
}

static void machine_without_free_pages(void)
{
	struct rpc_fixture fx;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(
		&fx, "{'mem_total_kb':1024,'sysctl':{'overcommit_memory':1}}"));
	json_decref(fixture_result(&fx, "mm.mmap",
				   "['@','0x10000000','0x400000',3,34,-1,0,1,"
				   "[]]"));
	CU_ASSERT(is_refused(&fx, "mm.access",
			     "['@','0x10000000','write','0x400000']", -32003,
			     "quota.machine", NULL));
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 1);
	fixture_deinit(&fx);
}

/* Every reason that core may have, also those that take a million calls. */
static void every_status_has_its_error(void)
{
	static const struct {
		enum world_status status;
		enum error_key key;
	} rows[] = {
		{ WORLD_BAD_PARAM, ERROR_INTERNAL },
		{ WORLD_THREAD_UNKNOWN, ERROR_THREAD_UNKNOWN },
		{ WORLD_PROCESS_GONE, ERROR_PROCESS_GONE },
		{ WORLD_FD_TAKEN, ERROR_PARAMS_VALUE },
		{ WORLD_FD_UNKNOWN, ERROR_PARAMS_VALUE },
		{ WORLD_FD_LIMIT, ERROR_PARAMS_VALUE },
		{ WORLD_HISTORY_FULL, ERROR_HISTORY_FULL },
	};
	struct call call = { .thread = 7 };
	size_t i;

	CU_ASSERT(call_status(&call, WORLD_OK));
	CU_ASSERT_EQUAL(call.error.key, ERROR_NONE);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CU_ASSERT(!call_status(&call, rows[i].status));
		CU_ASSERT_EQUAL(call.error.key, rows[i].key);
		CU_ASSERT(call.error.hint[0]);
	}
}

CU_TestInfo test_rpc_quotas[] = {
	{ "quota of processes", quota_of_processes },
	{ "quota of areas", quota_of_areas },
	{ "quota of bytes", quota_of_bytes },
	{ "one call is bounded", one_call_is_bounded },
	{ "what a world holds is shown", what_a_world_holds_is_shown },
	{ "one world is bounded", one_world_is_bounded },
	{ "creation text is charged", creation_text_is_charged },
	{ "host without memory is never an emulated errno",
	  host_without_memory_is_never_an_emulated_errno },
	{ "machine without free pages", machine_without_free_pages },
	{ "every status has its error", every_status_has_its_error },
	CU_TEST_INFO_NULL,
};
