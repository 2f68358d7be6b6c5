/* SPDX-License-Identifier: MIT */
/*
 * A service whose host runs out of memory, at every request for some in turn
 *
 * Each call of a session is made with its first request for memory refused,
 * then its second, and so on until it meets no refusal. Whatever happens: the
 * answer is JSON, and if it says that nothing has changed, nothing has.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/world/world.h"
#include "tests/proto/rpc_fixture.h"
#include "tests/support/fail_malloc.h"
#include "tests/support/suite.h"

#define ALL "['mm','vmas','maps','status','vmacache','rbtree','pagetable']"
#define ALL_AND_STEPS                                                          \
	"['mm','vmas','maps','status','vmacache','rbtree','pagetable','steps'" \
	"]"
#define WANT ",'want':" ALL_AND_STEPS
/* With a copy of the world before. */
#define WANT_DIFF ",'want':['mm','steps','diff']"
#define AREA      "'process':'@','addr':'0x10000000','length':65536"

/* Whose name a turn answers, '@' or '%' in all that follow. */
enum maker {
	MAKES_NOBODY,
	MAKES_PARENT = '@',
	MAKES_CHILD = '%'
};

struct turn {
	const char *method, *params;
	enum maker maker;
};

static const struct turn session[] = {
	{ "process.create",
	  "{'profile':'6.12','history':'all','seed':5,'mem_total_kb':65536,"
	  "'maps':['400000-401000 r-xp 0 tracee',"
	  "'600000-602000 rw-p 0 [heap]','7ffff7ffb000-7ffff7ffd000 r--p 0 "
	  "[vvar]','7ffffffde000-7ffffffff000 rw-p 0 [stack]'],"
	  "'resident':[['0x400000','0x401000','file'],"
	  "['0x7fffffffe000','0x7ffffffff000','anon']],"
	  "'files':[{'fd':3,'name':'a','size':99999}],'want':" ALL "}",
	  MAKES_PARENT },
	{ "file.open",
	  "{'process':'@','fd':10,'name':'\\u00e4','size':65536,'mode':'rw'}",
	  0 },
	{ "mm.mmap",
	  "{" AREA ",'prot':3,'flags':'MAP_PRIVATE|MAP_ANONYMOUS'" WANT "}",
	  0 },
	{ "mm.mmap",
	  "{'process':'@','addr':'0x20000000','length':65536,'prot':3,"
	  "'flags':'MAP_SHARED|MAP_FIXED|MAP_POPULATE','fd':10,'offset':0,"
	  "'idempotency_key':'k'" WANT "}",
	  0 },
	{ "mm.brk", "{'process':'@','addr':'0x640000'" WANT ",'lang':'zh'}",
	  0 },
	{ "mm.access",
	  "{'process':'@','addr':'0x10001000','type':'write','length':"
	  "20000" WANT "}",
	  0 },
	{ "mm.access",
	  "{'process':'@','addr':'0x30001000','type':'read'" WANT "}", 0 },
	{ "process.fork", "{'process':'@'" WANT "}", MAKES_CHILD },
	{ "mm.access",
	  "{'process':'@','addr':'0x10001000','type':'write'" WANT "}", 0 },
	{ "thread.create", "{'process':'@'}", 0 },
	{ "mm.mprotect",
	  "{'process':'@','addr':'0x10004000','length':4096,'prot':1" WANT "}",
	  0 },
	{ "mm.madvise",
	  "{'process':'@','addr':'0x10005000','length':4096,"
	  "'advice':'MADV_DONTFORK'" WANT "}",
	  0 },
	{ "mm.madvise",
	  "{" AREA ",'advice':'MADV_POPULATE_READ','thread':2" WANT "}", 0 },
	{ "mm.mlock",
	  "{'process':'@','addr':'0x10006000','length':4096" WANT "}", 0 },
	{ "mm.mlock2",
	  "{'process':'@','addr':'0x10008000','length':4096,"
	  "'flags':'MLOCK_ONFAULT'" WANT "}",
	  0 },
	{ "mm.munlock",
	  "{'process':'@','addr':'0x10006000','length':4096" WANT "}", 0 },
	{ "mm.mincore", "{'process':'@','addr':'0x10000000','length':4096}",
	  0 },
	{ "mm.msync",
	  "{'process':'@','addr':'0x20000000','length':4096,"
	  "'flags':'MS_SYNC'" WANT "}",
	  0 },
	{ "mm.remap_file_pages",
	  "{'process':'@','addr':'0x20001000','size':4096,'prot':0,"
	  "'pgoff':3,'flags':0" WANT "}",
	  0 },
	{ "mm.mremap",
	  "{'process':'@','old_address':'0x10004000','old_size':4096,"
	  "'new_size':40960,'flags':'MREMAP_MAYMOVE|MREMAP_FIXED',"
	  "'new_address':'0x40004000'" WANT "}",
	  0 },
	{ "mm.mseal",
	  "{'process':'@','addr':'0x40004000','length':4096,'flags':0" WANT "}",
	  0 },
	{ "script.run",
	  "{'process':'@','script':'p = mmap(0, 8K, rw, private)\\n"
	  "repeat 2 {\\nexpect access(p, write) == none\\n}\\n"
	  "c = fork()\\nin c: munmap(p, 4K)\\nin c: m = maps()\\n"
	  "in c: exit()\\ns = snapshot()\\nexpect s.map_count > 3\\n"
	  "mmap(0, 1M, rw, shared)\\n'" WANT "}",
	  0 },
	{ "script.run",
	  "{'script':'create(\\\"6.1\\\", history=0)\\nc = fork()\\n"
	  "brk(0)\\nin c: exit()\\nexit()','want':[]}",
	  0 },
	{ "mm.mlockall", "{'process':'@','flags':'MCL_CURRENT'" WANT "}", 0 },
	{ "mm.munlockall", "{'process':'@'" WANT "}", 0 },
	{ "mm.munmap",
	  "{'process':'@','addr':'0x10009000','length':4096" WANT_DIFF "}", 0 },
	{ "file.truncate", "{'process':'@','fd':10,'size':4096}", 0 },
	{ "file.close", "{'process':'@','fd':10" WANT_DIFF "}", 0 },
	{ "mm.find_vma", "{'process':'@','addr':'0x10001000'" WANT "}", 0 },
	{ "mm.snapshot", "{'process':'@','want':" ALL "}", 0 },
	{ "mm.maps", "{'process':'@'}", 0 },
	{ "mm.smaps", "{'process':'@'}", 0 },
	{ "mm.status", "{'process':'%'}", 0 },
	{ "process.share", "{'process':'@'}", 0 },
	{ "process.share", "{'process':'@','idempotency_key':'s'}", 0 },
	{ "process.get", "{'process':'@'}", 0 },
	{ "history.list", "{'process':'@'}", 0 },
	{ "history.diff", "{'process':'@','from':2}", 0 },
	{ "history.diff", "{'process':'@','from':5,'to':5}", 0 },
	{ "history.diff", "{'process':'@','from':9,'to':3,'other':'@'}", 0 },
	{ "history.at", "{'process':'@','seq':2" WANT "}", 0 },
	{ "history.at", "{'process':'@','seq':20" WANT_DIFF "}", 0 },
	{ "world.export", "{'process':'@'}", 0 },
	{ "world.export", "{'process':'@','form':'link'}", 0 },
	{ "profile.list", "{}", 0 },
	{ "rpc.discover", "{}", 0 },
	{ "thread.exit", "{'process':'@','thread':2}", 0 },
	{ "process.exec",
	  "{'process':'@','program':{'path':'/bin/x','type':'dyn','entry':64,"
	  "'headers':[{'type':'PT_INTERP'},{'flags':5,'offset':0,'vaddr':0,"
	  "'filesz':4096,'memsz':4096}]},'interpreter':{'path':'/ld.so',"
	  "'type':'dyn','entry':0,'headers':[{'flags':5,'offset':0,"
	  "'vaddr':0,'filesz':4096,'memsz':4096}]},'argv':['x','-y'],"
	  "'envp':{'count':3,'bytes':99}" WANT "}",
	  0 },
	{ "process.exit", "{'process':'@'" WANT_DIFF "}", 0 },
	{ "process.share", "{'process':'%'}", 0 },
	{ "process.unshare", "{'process':'%'}", 0 },
	{ "process.share", "{'process':'%'}", 0 },
	{ "process.exit", "{'process':'%'}", 0 },
	{ "world.import",
	  "{'document':{'vmarium':1,'engine':7,'created':{'seed':3},"
	  "'operations':[{'method':'mm.brk','params':{'addr':'0x0'},"
	  "'answer':0},{'method':'file.open','params':{'fd':3,'size':'0x0',"
	  "'mode':'rw','name':'a'},'answer':0},{'method':'thread.create',"
	  "'params':{},'answer':2}],'hash':''},"
	  "'idempotency_key':'i'}",
	  MAKES_CHILD },
	{ "process.exit", "{'process':'%'}", 0 },
};

enum {
	TURNS = sizeof(session) / sizeof(session[0]),
	REFUSALS_MAX = 5000, /* of one call; more means that it never ends */
	ROOM_KEPT = 1024     /* bytes of tables that grew for a refused call */
};

struct play {
	struct rpc_fixture fx;
	char child[PROCESS_NAME_LEN + 1];
	unsigned refused, unchanged, told, silent; /* how calls ended */
};

static void play_begin(struct play *play)
{
	fixture_init(&play->fx, 1, NULL);
	play->child[0] = '\0';
}

/* Everything that is charged, when nothing lives. */
static void play_end(struct play *play)
{
	const struct rpc_service *service = play->fx.services[0];
	struct tenant *tenant = fixture_tenant(&play->fx, 0);
	const struct account *account = &tenant->account;

	retry_store_deinit(&tenant->retries, &tenant->memory);
	memory_deinit(&tenant->memory);
	CU_ASSERT_EQUAL(account->bytes, 0);
	CU_ASSERT_EQUAL(account->areas, 0);
	CU_ASSERT_EQUAL(account->processes, 0);
	CU_ASSERT_EQUAL(account->worlds, 0);
	CU_ASSERT_EQUAL(account->journal_bytes, 0);
	CU_ASSERT_EQUAL(service->processes.live, 0);
	fixture_deinit(&play->fx);
}

/* The text with names and double quotes in their places, to be freed. */
static char *expand(const struct play *play, const char *text)
{
	struct rpc_fixture child = { .process = "" };
	char *halfway = strdup(text), *body;
	char *p;

	memcpy(child.process, play->child, sizeof(child.process));
	if (strchr(text, '%')) {
		for (p = halfway; *p; p++)
			if (*p == '%')
				*p = '@';
		body = fixture_expand(&child, halfway);
	} else {
		body = fixture_expand(&play->fx, halfway);
	}
	free(halfway);
	return body;
}

static char *body_of(const struct play *play, const struct turn *turn)
{
	static const char format[] =
		"{'jsonrpc':'2.0','id':1,'method':'%s','params':%s}";
	size_t size =
		sizeof(format) + strlen(turn->method) + strlen(turn->params);
	char *text = malloc(size), *body;

	snprintf(text, size, format, turn->method, turn->params);
	body = expand(play, text);
	free(text);
	return body;
}

/* The answer while the host refuses request n; *refusedp: there was one. */
static char *run_without_memory(struct play *play, const char *body, uint64_t n,
				unsigned mode, bool *refusedp)
{
	struct buffer answer;
	struct rpc_job job;
	char *text = NULL;
	unsigned owner;

	buffer_init(&answer, 64u << 20);
	rpc_job_init(&job, body, strlen(body), &answer);
	fail_malloc_at(n, mode | FAIL_HERE);
	while (rpc_run(play->fx.services[0], &job, &owner) != RPC_DONE)
		;
	*refusedp = fail_malloc_never();
	if (!answer.failed)
		text = strndup(answer.data ? answer.data : "", answer.len);
	else
		CU_ASSERT_TRUE(*refusedp);
	buffer_deinit(&answer);
	return text;
}

static void append_answer(struct play *play, struct buffer *out,
			  const char *method, const char *name,
			  const char *rest)
{
	char text[512];
	char *body, *answer;

	snprintf(text, sizeof(text),
		 "{'jsonrpc':'2.0','id':1,'method':'%s','params':{"
		 "'process':'%s'%s}}",
		 method, name, rest);
	body = fixture_expand(&play->fx, text);
	answer = fixture_bytes(&play->fx, body, strlen(body));
	buffer_append_text(out, answer);
	buffer_append_byte(out, '\n');
	free(answer);
	free(body);
}

static void append_number(struct buffer *out, uint64_t number)
{
	buffer_append_u64(out, number);
	buffer_append_byte(out, ' ');
}

/* All that can be seen of all processes, and how many there are of what. */
static char *picture(struct play *play)
{
	struct rpc_service *service = play->fx.services[0];
	struct tenant *tenant = fixture_tenant(&play->fx, 0);
	const struct account *account = &tenant->account;
	char name[PROCESS_NAME_LEN + 1] = "";
	struct world_digest digest;
	struct buffer out;
	size_t len;
	uint32_t i;

	buffer_init(&out, SIZE_MAX);
	for (i = 0; i < service->processes.used; i++) {
		struct world *world =
			process_table_slot(&service->processes, i)->world;

		if (!world)
			continue;
		process_table_name(&service->processes, i, name);
		append_answer(play, &out, "mm.snapshot", name, ",'want':" ALL);
		append_answer(play, &out, "history.list", name, "");
		CU_ASSERT_FATAL(!world_hash(&tenant->memory, world, &digest));
		append_number(&out, digest.words[0]);
		append_number(&out, digest.words[1]);
	}
	append_number(&out, account->processes);
	append_number(&out, account->areas);
	append_number(&out, account->worlds);
	append_number(&out, service->processes.live);
	append_number(&out, tenant->retries.count);
	buffer_append_byte(&out, '\0');
	return buffer_take(&out, &len);
}

static uint64_t bytes_in_use(const struct play *play)
{
	struct tenant *tenant = fixture_tenant(&play->fx, 0);

	memory_deinit(&tenant->memory); /* the stock */
	return tenant->account.bytes;
}

static void take_name(struct play *play, const struct turn *turn,
		      const char *answer)
{
	const char *name = strstr(answer, "\"process\":\"");
	char *to = turn->maker == MAKES_PARENT ? play->fx.process : play->child;

	if (turn->maker && name)
		snprintf(to, PROCESS_NAME_LEN + 1, "%.32s", name + 11);
}

/* Begins anew and plays what comes before turn @end. */
static void play_again(struct play *play, size_t end)
{
	size_t i;

	fixture_deinit(&play->fx);
	play_begin(play);
	for (i = 0; i < end; i++) {
		char *body = body_of(play, &session[i]);
		char *answer = fixture_bytes(&play->fx, body, strlen(body));

		take_name(play, &session[i], answer);
		free(answer);
		free(body);
	}
}

/* True: the state may be another one now, and the call said so. */
static bool judge(struct play *play, const struct turn *turn, uint64_t n,
		  const char *answer, const char *before)
{
	json_t *value, *error, *data, *carried;
	bool changed = true;
	char *after;

	play->refused++;
	if (!answer) {
		/* Even for a refusal there was no room. */
		play->silent++;
		return true;
	}
	value = json_loads(answer, JSON_REJECT_DUPLICATES, NULL);
	error = json_object_get(value, "error");
	data = json_object_get(error, "data");
	carried = json_object_get(data, "carried_out");
	CU_ASSERT_PTR_NOT_NULL(value);
	if (error && !json_is_true(carried)) {
		CU_ASSERT(is_error(value, -32603, "internal", NULL));
		after = picture(play);
		if (strcmp(before, after)) {
			fprintf(stderr, "%s, request %llu: %s\n%s\n%s\n",
				turn->method, (unsigned long long)n, answer,
				before, after);
			CU_FAIL("a refused call changed something");
		}
		free(after);
		changed = false;
		play->unchanged++;
	} else if (error) {
		play->told++;
	}
	json_decref(value);
	return changed;
}

/* Makes the call of turn @i until it meets no refusal. */
static void fail_everywhere(struct play *play, size_t i, unsigned mode)
{
	const struct turn *turn = &session[i];
	const uint64_t bytes = bytes_in_use(play);
	bool refused = true;
	uint64_t n;

	for (n = 0; refused && n < REFUSALS_MAX; n++) {
		char *before = picture(play);
		char *body = body_of(play, turn);
		char *answer =
			run_without_memory(play, body, n, mode, &refused);

		if (!refused) {
			if (!answer || !strstr(answer, "\"result\":"))
				fprintf(stderr, "%s: %s\n", body, answer);
			CU_ASSERT(answer && strstr(answer, "\"result\":"));
		} else if (judge(play, turn, n, answer, before)) {
			play_again(play, i);
		}
		free(answer);
		free(body);
		free(before);
		if (refused)
			CU_ASSERT(bytes_in_use(play) <= bytes + ROOM_KEPT);
	}
	CU_ASSERT_FALSE(refused);
}

static void session_with(unsigned mode)
{
	struct play play = { .refused = 0 };
	size_t i;

	play_begin(&play);
	for (i = 0; i < TURNS; i++) {
		fail_everywhere(&play, i, mode);
		play_again(&play, i + 1);
	}
	CU_ASSERT_TRUE(play.refused > 3 * TURNS);
	CU_ASSERT_TRUE(play.unchanged > TURNS);
	/* One refusal leaves memory enough to say what has become of the call. */
	if (mode == FAIL_ONCE)
		CU_ASSERT_EQUAL(play.silent, 0);
	play_end(&play);
}

static void one_request_is_refused(void)
{
	session_with(FAIL_ONCE);
}

static void all_requests_are_refused_from_one_on(void)
{
	session_with(FAIL_ALL);
}

/* Four operations, each of which counts. */
static const char batch[] =
	"[{'jsonrpc':'2.0','id':1,'method':'mm.mmap','params':{" AREA
	",'prot':3,'flags':'MAP_PRIVATE|MAP_ANONYMOUS'" WANT "}},"
	"{'jsonrpc':'2.0','id':2,'method':'mm.access','params':{" AREA
	",'type':'write'" WANT "}},"
	"{'jsonrpc':'2.0','id':3,'method':'process.fork','params':{"
	"'process':'@'" WANT "}},"
	"{'jsonrpc':'2.0','id':4,'method':'mm.munmap','params':{" AREA WANT
	"}}]";

/*
 * How many calls the answer to the batch says to have been carried out. A child
 * whose name was lost with the answer may have exited: one operation more.
 */
static uint64_t carried_out(const char *answer, uint64_t *exitsp)
{
	json_t *value = json_loads(answer, JSON_REJECT_DUPLICATES, NULL);
	json_t *error, *data, *element;
	uint64_t count = 0;
	size_t i;

	*exitsp = 0;
	/* Refused as a whole, before its first call. */
	if (json_is_object(value)) {
		CU_ASSERT(is_error(value, -32603, "internal", NULL));
		json_decref(value);
		return 0;
	}
	CU_ASSERT_EQUAL(json_array_size(value), 4);
	json_array_foreach(value, i, element) {
		error = json_object_get(element, "error");
		data = json_object_get(error, "data");
		CU_ASSERT_EQUAL(
			json_integer_value(json_object_get(element, "id")),
			(json_int_t)i + 1);
		if (error)
			CU_ASSERT(is_error(element, -32603, "internal", NULL));
		if (error &&
		    !json_is_true(json_object_get(data, "carried_out")))
			continue;
		count++;
		if (error && i == 2)
			*exitsp = 1;
	}
	json_decref(value);
	return count;
}

static void batch_with(unsigned mode)
{
	struct play play = { .refused = 0 };
	struct world *world;
	bool refused = true;
	uint64_t n, seq, done, said, exits;

	play_begin(&play);
	for (n = 0; refused && n < REFUSALS_MAX; n++) {
		char *body, *answer;

		play_again(&play, 2);
		world = fixture_world(&play.fx, 0);
		seq = world_seq(world);
		body = expand(&play, batch);
		answer = run_without_memory(&play, body, n, mode, &refused);
		if (answer) {
			done = world_seq(world) - seq;
			said = carried_out(answer, &exits);
			CU_ASSERT(done >= said && done <= said + exits);
		}
		if (!refused)
			CU_ASSERT_EQUAL(world_seq(world) - seq, 4);
		free(answer);
		free(body);
	}
	CU_ASSERT_FALSE(refused);
	CU_ASSERT_TRUE(n > 30);
	fixture_deinit(&play.fx);
}

static void batches_say_which_calls_ran(void)
{
	batch_with(FAIL_ONCE);
	batch_with(FAIL_ALL);
}

CU_TestInfo test_rpc_faults[] = {
	{ "one request is refused", one_request_is_refused },
	{ "all requests are refused from one on",
	  all_requests_are_refused_from_one_on },
	{ "batches say which calls ran", batches_say_which_calls_ran },
	CU_TEST_INFO_NULL,
};
