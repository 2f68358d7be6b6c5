/* SPDX-License-Identifier: MIT */
#include "tests/proto/snapshot_fixture.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/suite.h"

static const char everything[] =
	"'want':['mm','vmas','maps','status','vmacache','rbtree','pagetable']";

void snapshot_begin(struct rpc_fixture *fx)
{
	static const char *const calls[][2] = {
		{ "mm.brk", "['@','0x640000',1,[]]" },
		{ "mm.access", "['@','0x601000','write',20000,0,1,[]]" },
		{ "mm.munmap", "['@','0x610000',4096,1,[]]" },
		{ "mm.mmap", "['@','0x10000',65536,'PROT_READ|PROT_WRITE',"
			     "'MAP_SHARED|MAP_ANONYMOUS',-1,0,1,[]]" },
		{ "mm.mmap", "['@','0x30000',65536,'PROT_READ','MAP_SHARED',"
			     "3,'0x2000',1,[]]" },
		{ "mm.mmap", "['@','0x50000',65536,'PROT_WRITE|PROT_EXEC',"
			     "'MAP_PRIVATE',3,'0x1000',1,[]]" },
		{ "mm.access", "['@','0x10000','write',5000,0,1,[]]" },
		{ "mm.access", "['@','0x30000','read',1,0,1,[]]" },
		{ "mm.access", "['@','0x50000','write',1,0,1,[]]" },
		{ "mm.access", "['@','0x10000','read',1,0,1,[]]" },
		{ "mm.mmap", "['@',0,'0x200000','PROT_READ|PROT_WRITE',"
			     "'MAP_PRIVATE|MAP_ANONYMOUS|MAP_GROWSDOWN|"
			     "MAP_NORESERVE',-1,0,1,[]]" },
		{ "thread.create", "['@']" },
		{ "mm.find_vma", "['@','0x30000',2,[]]" },
	};
	size_t i;

	fixture_init(fx, 1, NULL);
	json_decref(fixture_create(
		fx, "{'files':[{'fd':3,'name':'d\\u00e4t\\na\\\\ \\u0022x',"
		    "'size':100000}],'vmacache':'stale'}"));
	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		json_decref(fixture_result(fx, calls[i][0], calls[i][1]));
}

json_t *snapshot_take(struct rpc_fixture *fx, unsigned thread)
{
	char params[300];
	json_t *result, *snapshot;

	snprintf(params, sizeof(params), "{'process':'@','thread':%u,%s}",
		 thread, everything);
	result = fixture_result(fx, "mm.snapshot", params);
	CU_ASSERT_EQUAL(json_object_size(result), 1);
	snapshot = json_incref(json_object_get(result, "snapshot"));
	json_decref(result);
	return snapshot;
}

const struct process *snapshot_process(const struct rpc_fixture *fx)
{
	return world_process(fixture_world(fx, 0), 0);
}

bool is_number(const json_t *object, const char *key, uint64_t wanted)
{
	const json_t *value = json_object_get(object, key);

	return json_is_integer(value) &&
	       (uint64_t)json_integer_value(value) == wanted;
}

bool is_hex(const json_t *value, uint64_t wanted)
{
	char text[32];

	snprintf(text, sizeof(text), "0x%llx", (unsigned long long)wanted);
	return json_is_string(value) && !strcmp(json_string_value(value), text);
}

bool is_hex_at(const json_t *object, const char *key, uint64_t wanted)
{
	return is_hex(json_object_get(object, key), wanted);
}

bool is_id_of(const json_t *value, const struct vm_area_struct *vma)
{
	if (!vma)
		return json_is_null(value);
	return json_is_integer(value) && json_integer_value(value) == vma->id;
}
