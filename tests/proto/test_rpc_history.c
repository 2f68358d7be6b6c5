/* SPDX-License-Identifier: MIT */
/*
 * history.list: the journal of a world as a client reads it
 */
#include <stdio.h>

#include "tests/proto/rpc_fixture.h"
#include "tests/support/suite.h"

static void check_result(struct rpc_fixture *fx, const char *params,
			 const char *wanted)
{
	json_t *result = fixture_result(fx, "history.list", params);

	CU_ASSERT_TRUE(is_json(result, wanted));
	json_decref(result);
}

static void check_error(struct rpc_fixture *fx, const char *params,
			const char *key)
{
	json_t *answer = fixture_call(fx, "history.list", params);

	CU_ASSERT_TRUE(is_error(answer, -32008, key, "from"));
	json_decref(answer);
}

static void calls_are_listed_as_they_can_be_sent(void)
{
	struct rpc_fixture fx;

	fixture_begin(&fx, "{}");
	fixture_do(&fx, "mm.mmap", "['@','0x10000000',4096,3,'0x32',-1,0]");
	fixture_do(&fx, "mm.access", "['@','0x10000000','write']");
	fixture_do(&fx, "file.open", "['@',5,'a',4096,'ro']");
	fixture_do(&fx, "process.fork", "['@']");
	fixture_do(&fx, "mm.madvise", "['@','0x10000000',4096,4]");
	check_result(
		&fx, "['@']",
		"{'operations':["
		"{'seq':1,'number':0,'thread':1,'method':'mm.mmap','params':{"
		"'addr':'0x10000000','length':'0x1000','prot':'0x3',"
		"'flags':'0x32','fd':-1,'offset':'0x0'}},"
		"{'seq':2,'number':0,'thread':1,'method':'mm.access','params':{"
		"'addr':'0x10000000','length':'0x1','type':'write'}},"
		"{'seq':3,'number':0,'thread':1,'method':'file.open','params':{"
		"'fd':5,'size':'0x1000','mode':'ro','name':'a'}},"
		"{'seq':4,'number':0,'thread':1,'method':'process.fork',"
		"'params':{'vm':false}},"
		"{'seq':5,'number':0,'thread':1,'method':'mm.madvise',"
		"'params':{'addr':'0x10000000','length':'0x1000',"
		"'advice':4}}],"
		"'next':null,'history':{'first':1,'last':5}}");
	fixture_deinit(&fx);
}

static json_t *answers_from(struct rpc_fixture *fx, unsigned from)
{
	json_t *answers = json_array(), *result, *one;
	char params[64];
	size_t i;

	snprintf(params, sizeof(params), "['@',%u,1000,true]", from);
	result = fixture_result(fx, "history.list", params);
	json_array_foreach(json_object_get(result, "operations"), i, one)
		json_array_append(answers, json_object_get(one, "answer"));
	json_decref(result);
	return answers;
}

/* They are not kept, but found again; also where history begins late. */
static void answers_come_if_they_are_wanted(void)
{
	struct rpc_fixture fx;
	json_t *answers;
	unsigned i;

	fixture_begin(&fx, "{'history':1000}");
	fixture_do(&fx, "mm.mmap", "['@',0,4096,3,'0x22',-1,0]");
	fixture_do(&fx, "mm.access", "['@','0x600000','write']");
	fixture_do(&fx, "mm.access", "['@',0,'write']");
	fixture_do(&fx, "process.fork", "['@']");
	fixture_do(&fx, "mm.munmap", "['@',1,1]");
	fixture_do(&fx, "mm.find_vma", "['@','0x400000']");
	fixture_do(&fx, "mm.mincore", "['@','0x400000',4096]");
	answers = answers_from(&fx, 1);
	CU_ASSERT(is_json(answers, "['0x7ffff7ffa000','minor','SIGSEGV',2,-22,"
				   "'0x400000',0]"));
	json_decref(answers);
	answers = answers_from(&fx, 5);
	CU_ASSERT(is_json(answers, "[-22,'0x400000',0]"));
	json_decref(answers);
	answers = answers_from(&fx, 8);
	CU_ASSERT(is_json(answers, "[]"));
	json_decref(answers);
	for (i = 0; i < 2500; i++)
		fixture_do(&fx, "mm.access", "['@',0,'read']");
	answers = answers_from(&fx, 2006);
	CU_ASSERT_EQUAL(json_array_size(answers), 502);
	CU_ASSERT(is_json(json_array_get(answers, 0), "'SIGSEGV'"));
	json_decref(answers);
	CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.worlds, 1);
	fixture_deinit(&fx);
}

/* An address is one, however low or high; beyond the errnos there is none. */
static void an_answer_is_that_of_the_call(void)
{
	static const char *const calls[][3] = {
		{ "mm.brk", "['@',0]", "'0x601000'" },
		{ "mm.mmap", "['@','0x10000',4096,3,'0x32',-1,0]",
		  "'0x10000'" },
		{ "mm.mmap", "['@',0,0,3,'0x22',-1,0]", "-22" },
		{ "mm.mremap", "['@','0xfffffffffffff000',4096,4096,0]",
		  "'0xfffffffffffff000'" },
		{ "mm.mremap", "['@','0x8000000000000000',4096,4096,0]",
		  "'0x8000000000000000'" },
		{ "mm.mremap", "['@','0xfffffffffffff001',4096,4096,0]",
		  "-22" },
		{ "mm.mremap", "['@',0,4096,4096,0]", "'0x0'" },
		{ "mm.munmap", "['@',0,4096]", "0" },
	};
	const size_t nr = sizeof(calls) / sizeof(calls[0]);
	struct rpc_fixture fx;
	json_t *result, *answers;
	size_t i;

	fixture_begin(&fx, "{}");
	for (i = 0; i < nr; i++) {
		result = fixture_result(&fx, calls[i][0], calls[i][1]);
		CU_ASSERT(is_json(json_object_get(result, "ret"), calls[i][2]));
		json_decref(result);
	}
	answers = answers_from(&fx, 1);
	for (i = 0; i < nr; i++)
		CU_ASSERT(is_json(json_array_get(answers, i), calls[i][2]));
	json_decref(answers);
	fixture_deinit(&fx);
}

static void pages_follow_each_other(void)
{
	struct rpc_fixture fx;
	int i;

	fixture_begin(&fx, "{}");
	for (i = 0; i < 3; i++)
		fixture_do(&fx, "mm.brk", "['@',0]");
	check_result(&fx, "['@',1,2]",
		     "{'operations':["
		     "{'seq':1,'number':0,'thread':1,'method':'mm.brk',"
		     "'params':{'addr':'0x0'}},"
		     "{'seq':2,'number':0,'thread':1,'method':'mm.brk',"
		     "'params':{'addr':'0x0'}}],"
		     "'next':3,'history':{'first':1,'last':3}}");
	check_result(&fx, "['@',3,2]",
		     "{'operations':["
		     "{'seq':3,'number':0,'thread':1,'method':'mm.brk',"
		     "'params':{'addr':'0x0'}}],"
		     "'next':null,'history':{'first':1,'last':3}}");
	check_result(&fx, "['@',4]",
		     "{'operations':[],'next':null,"
		     "'history':{'first':1,'last':3}}");
	fixture_deinit(&fx);
}

static void past_and_future_are_refused(void)
{
	struct rpc_fixture fx;
	int i;

	fixture_begin(&fx, "{'history':2}");
	for (i = 0; i < 5; i++)
		fixture_do(&fx, "mm.brk", "['@',0]");
	check_error(&fx, "['@',3]", "history.folded");
	check_error(&fx, "['@',7]", "history.future");
	check_result(&fx, "['@',5]",
		     "{'operations':["
		     "{'seq':5,'number':0,'thread':1,'method':'mm.brk',"
		     "'params':{'addr':'0x0'}}],"
		     "'next':null,'history':{'first':4,'last':5}}");
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_history[] = {
	{ "calls are listed as they can be sent",
	  calls_are_listed_as_they_can_be_sent },
	{ "answers come if they are wanted", answers_come_if_they_are_wanted },
	{ "an answer is that of the call", an_answer_is_that_of_the_call },
	{ "pages follow each other", pages_follow_each_other },
	{ "past and future are refused", past_and_future_are_refused },
	CU_TEST_INFO_NULL,
};
