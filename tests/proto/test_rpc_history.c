/* SPDX-License-Identifier: MIT */
/*
 * The journal of a world as a client reads it
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

static void call(struct rpc_fixture *fx, const char *method, const char *params)
{
	json_t *result = fixture_result(fx, method, params);

	CU_ASSERT_PTR_NOT_NULL(result);
	json_decref(result);
}

static void begin(struct rpc_fixture *fx, const char *setup)
{
	fixture_init(fx, 1, NULL);
	json_decref(fixture_create(fx, setup));
}

static void calls_are_listed_as_they_can_be_sent(void)
{
	struct rpc_fixture fx;

	begin(&fx, "{}");
	call(&fx, "mm.mmap", "['@','0x10000000',4096,3,'0x32',-1,0]");
	call(&fx, "mm.access", "['@','0x10000000','write']");
	call(&fx, "file.open", "['@',5,'a',4096,'ro']");
	call(&fx, "process.fork", "['@']");
	call(&fx, "mm.madvise", "['@','0x10000000',4096,4]");
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

static void pages_follow_each_other(void)
{
	struct rpc_fixture fx;
	int i;

	begin(&fx, "{}");
	for (i = 0; i < 3; i++)
		call(&fx, "mm.brk", "['@',0]");
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

	begin(&fx, "{'history':2}");
	for (i = 0; i < 5; i++)
		call(&fx, "mm.brk", "['@',0]");
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
	{ "pages follow each other", pages_follow_each_other },
	{ "past and future are refused", past_and_future_are_refused },
	CU_TEST_INFO_NULL,
};
