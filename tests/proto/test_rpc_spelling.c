/* SPDX-License-Identifier: MIT */
/*
 * One request in many spellings: the answers are equal to the last byte
 */
#include <stdlib.h>
#include <string.h>

#include "tests/proto/rpc_fixture.h"
#include "tests/support/suite.h"

/* A day in the life of a process; every method that has one is in it. */
static const struct {
	const char *method, *params;
} script[] = {
	{ "mm.brk", "{'process':'@','addr':'0x623000','want':['mm']}" },
	{ "mm.brk", "{'process':'@','addr':0}" },
	{ "mm.mmap", "{'process':'@','addr':0,'length':'0x5000','prot':3,"
		     "'flags':'MAP_PRIVATE|MAP_ANONYMOUS'}" },
	{ "file.open", "{'process':'@','fd':7,'name':'a \\u00e4','size':9000,"
		       "'mode':'ro'}" },
	{ "mm.mmap", "{'process':'@','addr':'0x10000000','length':8192,"
		     "'prot':'PROT_READ','flags':'MAP_SHARED|MAP_FIXED',"
		     "'fd':7,'offset':'0x1000','want':['maps','status']}" },
	{ "mm.mmap", "{'process':'@','addr':0,'length':4096,'prot':2,"
		     "'flags':1,'fd':7}" },
	{ "mm.munmap", "{'process':'@','addr':'0x10001000','length':4096,"
		       "'thread':1,'want':['rbtree','vmacache']}" },
	{ "thread.create", "{'process':'@','thread':1}" },
	{ "mm.access", "{'process':'@','addr':'0x10000010','type':'read',"
		       "'length':10,'sp':'0x7fffffffe000','thread':2,"
		       "'want':['pagetable']}" },
	{ "mm.access", "{'process':'@','addr':'0x10000010','type':'write'}" },
	{ "mm.mprotect", "{'process':'@','addr':'0x10000000','length':1,"
			 "'prot':'PROT_NONE'}" },
	{ "mm.mremap", "{'process':'@','old_address':'0x10001000','old_size':0,"
		       "'new_size':4096,'flags':'MREMAP_MAYMOVE',"
		       "'new_address':0,'thread':2,'want':['maps']}" },
	{ "mm.mlock", "{'process':'@','addr':'0x600010','length':1}" },
	{ "mm.mlock2", "{'process':'@','addr':'0x600010','length':1,"
		       "'flags':'MLOCK_ONFAULT'}" },
	{ "mm.munlock", "{'process':'@','addr':'0x600010','length':1}" },
	{ "mm.mlockall", "{'process':'@','flags':'MCL_CURRENT'}" },
	{ "mm.munlockall", "{'process':'@','thread':2}" },
	{ "mm.madvise", "{'process':'@','addr':'0x600000','length':4096,"
			"'advice':'MADV_DONTFORK'}" },
	{ "mm.mincore", "{'process':'@','addr':'0x400000','length':4096}" },
	{ "mm.msync", "{'process':'@','addr':'0x400000','length':4096,"
		      "'flags':'MS_ASYNC'}" },
	{ "mm.remap_file_pages", "{'process':'@','addr':'0x400000','size':4096,"
				 "'prot':0,'pgoff':1,'flags':0}" },
	{ "mm.mseal",
	  "{'process':'@','addr':'0x400000','length':4096,'flags':0}" },
	{ "process.fork", "{'process':'@','thread':2,'vm':true}" },
	{ "script.run", "{'process':'@','script':'c = fork()\\nin c: exit()',"
			"'create':{},'steps':9,'each':['mm'],'thread':2,"
			"'want':['maps']}" },
	{ "profile.list", "{}" },
	{ "mm.find_vma", "{'process':'@','addr':'0x10000000','thread':2}" },
	{ "mm.snapshot", "{'process':'@','thread':2,'want':['vmacache']}" },
	{ "mm.maps", "{'process':'@'}" },
	{ "mm.status", "{'process':'@','want':[]}" },
	{ "mm.smaps", "{'process':'@','thread':2,'want':[]}" },
	{ "process.get", "{'process':'@'}" },
	{ "file.truncate", "{'process':'@','fd':7,'size':0}" },
	{ "process.exec",
	  "{'process':'@','program':{'path':'/bin/x','type':'exec','entry':0,"
	  "'headers':[{'flags':'PF_R|PF_X','offset':0,'vaddr':'0x400000',"
	  "'filesz':4096,'memsz':4096}]},'argv':['x','\\u00e4'],"
	  "'envp':['A=b'],'interpreter':{'path':'/lib/ld.so','type':'dyn',"
	  "'entry':0,'headers':[{'flags':5,'offset':0,'vaddr':0,"
	  "'filesz':4096,'memsz':4096}]},'thread':2,'want':['vmas']}" },
	{ "thread.create", "{'process':'@'}" },
	{ "file.close", "{'process':'@','fd':7}" },
	{ "thread.exit", "{'process':'@','thread':1}" },
	{ "mm.brk", "{'process':'@','addr':1}" },
	{ "process.exit", "{'process':'@'}" },
	{ "process.get", "{'process':'@'}" },
};

enum {
	SCRIPT_LEN = sizeof(script) / sizeof(script[0])
};

static const struct method *method_of(const char *name)
{
	const struct method *method;
	size_t i;

	for (i = 0; (method = method_at(i)); i++)
		if (!strcmp(method->name, name))
			break;
	return method;
}

/* Members last to first, in arrays too deep for order to matter none. */
static json_t *reversed(json_t *value)
{
	json_t *out, *member;
	const char *key;
	const char *keys[32];
	size_t n = 0;

	if (!json_is_object(value))
		return json_incref(value);
	json_object_foreach(value, key, member)
		keys[n++] = key;
	out = json_object();
	while (n--)
		json_object_set_new(out, keys[n],
				    reversed(json_object_get(value, keys[n])));
	return out;
}

/* Parameters by name as they are given by position; gaps get the default. */
static json_t *by_position(const struct method *method, const json_t *params)
{
	json_t *out = json_array();
	unsigned i, last = 0;

	for (i = 0; i < method->nr_params; i++)
		if (json_object_get(params, method->params[i].name))
			last = i;
	for (i = 0; i <= last && json_object_size(params); i++) {
		const struct param_def *def = &method->params[i];
		json_t *value = json_object_get(params, def->name);

		if (value)
			json_array_append(out, value);
		else if (def->preset)
			json_array_append_new(
				out,
				json_loads(def->preset, JSON_DECODE_ANY, NULL));
		else
			CU_FAIL("a gap without a default");
	}
	return out;
}

enum spelling {
	AS_WRITTEN,
	SPACED_OUT,
	REVERSED,
	BY_POSITION,
	NR_SPELLINGS
};

static char *spell(const struct rpc_fixture *fx, size_t i, enum spelling how)
{
	char *text = fixture_expand(fx, script[i].params);
	json_t *params = json_loads(text, 0, NULL), *request, *turned;
	char *body;

	free(text);
	if (how == BY_POSITION) {
		json_t *list = by_position(method_of(script[i].method), params);

		json_decref(params);
		params = list;
	}
	request =
		json_pack("{sssisssosn}", "jsonrpc", "2.0", "id", (int)i,
			  "method", script[i].method, "params", params, "gone");
	json_object_del(request, "gone");
	if (how == REVERSED) {
		turned = reversed(request);
		body = json_dumps(turned, JSON_COMPACT);
		json_decref(turned);
	} else {
		body = json_dumps(request, how == SPACED_OUT ? JSON_INDENT(3)
							     : JSON_COMPACT);
	}
	json_decref(request);
	return body;
}

static void run_script(enum spelling how, char *answers[SCRIPT_LEN])
{
	struct rpc_fixture fx;
	size_t i;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	for (i = 0; i < SCRIPT_LEN; i++) {
		char *body = spell(&fx, i, how);

		answers[i] = fixture_bytes(&fx, body, strlen(body));
		CU_ASSERT_PTR_NOT_NULL_FATAL(answers[i]);
		free(body);
	}
	fixture_deinit(&fx);
}

static void spelling_changes_nothing(void)
{
	char *wanted[SCRIPT_LEN], *answers[SCRIPT_LEN];
	enum spelling how;
	size_t i;

	run_script(AS_WRITTEN, wanted);
	for (i = 0; i < SCRIPT_LEN; i++) {
		/* All but the last, and the thread that has ended, work. */
		bool fails = i == SCRIPT_LEN - 1 || i == SCRIPT_LEN - 3;

		CU_ASSERT_EQUAL(!!strstr(wanted[i], "\"error\""), fails);
	}
	for (how = SPACED_OUT; how < NR_SPELLINGS; how++) {
		run_script(how, answers);
		for (i = 0; i < SCRIPT_LEN; i++) {
			CU_ASSERT_STRING_EQUAL(answers[i], wanted[i]);
			free(answers[i]);
		}
	}
	for (i = 0; i < SCRIPT_LEN; i++)
		free(wanted[i]);
}

static void escaped_words_are_the_same_words(void)
{
	struct rpc_fixture fx;
	json_t *result;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	result = fixture_result(&fx, "mm.\\u0062rk",
				"{'proc\\u0065ss':'@','add\\u0072':"
				"'\\u0030x602000','w\\u0061nt':['m\\u006d']}");
	CU_ASSERT(is_json(json_object_get(result, "ret"), "'0x602000'"));
	CU_ASSERT_EQUAL(json_object_size(json_object_get(result, "snapshot")),
			1);
	json_decref(result);
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_spelling[] = {
	{ "spelling changes nothing", spelling_changes_nothing },
	{ "escaped words are the same words",
	  escaped_words_are_the_same_words },
	CU_TEST_INFO_NULL,
};
