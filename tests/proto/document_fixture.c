/* SPDX-License-Identifier: MIT */
#include "tests/proto/document_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"

json_t *document_export(struct rpc_fixture *fx, const char *params)
{
	json_t *result = fixture_result(fx, "world.export", params);
	json_t *document = json_object_get(result, "document");

	if (!document)
		document = json_object_get(result, "link");
	json_incref(document);
	json_decref(result);
	CU_ASSERT_PTR_NOT_NULL_FATAL(document);
	return document;
}

json_t *document_import(struct rpc_fixture *fx, const json_t *document,
			const char *more)
{
	static const char format[] =
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"world.import\","
		"\"params\":{\"want\":[],\"document\":%s%s}}";
	char *text = json_dumps(document, JSON_COMPACT | JSON_ENCODE_ANY);
	char *rest = fixture_expand(fx, more);
	size_t size = sizeof(format) + strlen(text) + strlen(rest);
	char *body = malloc(size), *answer;
	json_t *value;

	snprintf(body, size, format, text, rest);
	answer = fixture_bytes(fx, body, strlen(body));
	value = json_loads(answer, JSON_REJECT_DUPLICATES, NULL);
	free(answer);
	free(body);
	free(rest);
	free(text);
	return value;
}

void document_turn_to(struct rpc_fixture *fx, const json_t *answer)
{
	const char *name = json_string_value(result_member(answer, "process"));

	CU_ASSERT_PTR_NOT_NULL_FATAL(name);
	fixture_turn_to(fx, name);
}

json_t *document_small(struct rpc_fixture *fx)
{
	fixture_init(fx, 1, NULL);
	json_decref(fixture_create(fx, "{'uid':0,'want':[]}"));
	json_decref(fixture_result(fx, "mm.brk", "['@','0x603000']"));
	json_decref(
		fixture_result(fx, "mm.access", "['@','0x602000','write']"));
	json_decref(fixture_result(fx, "file.open", "['@',3,'a\\u00e4\\n']"));
	json_decref(fixture_result(fx, "mm.find_vma", "['@','0x602000']"));
	return document_export(fx, "['@','A heap','grows',{'x':1}]");
}

/* A fixed sequence, of the quality that such calls need. */
static unsigned next(unsigned *state, unsigned below)
{
	*state = *state * 1103515245u + 12345u;
	return (*state >> 16) % below;
}

void document_exercise(struct rpc_fixture *fx, unsigned nr)
{
	unsigned state = 1, page, i;
	char params[200];
	const char *method;

	for (i = 0; i < nr; i++) {
		page = 0x10000 + next(&state, 4) * 0x100 + next(&state, 16);
		switch (next(&state, 6)) {
		case 0:
		case 1:
			method = "mm.mmap";
			snprintf(params, sizeof(params),
				 "{'process':'@','addr':%u,'length':%u,"
				 "'prot':3,'flags':34,'want':[]}",
				 page << 12, (1 + next(&state, 12)) << 12);
			break;
		case 2:
			method = "mm.munmap";
			snprintf(params, sizeof(params),
				 "{'process':'@','addr':%u,'length':%u,"
				 "'want':[]}",
				 page << 12, (1 + next(&state, 4)) << 12);
			break;
		case 3:
			method = "mm.mprotect";
			snprintf(params, sizeof(params),
				 "{'process':'@','addr':%u,'length':%u,"
				 "'prot':1,'want':[]}",
				 page << 12, (1 + next(&state, 4)) << 12);
			break;
		case 4:
			method = "mm.brk";
			snprintf(params, sizeof(params),
				 "{'process':'@','addr':%u,'want':[]}",
				 0x603000 + (next(&state, 32) << 12));
			break;
		default:
			method = "mm.access";
			snprintf(params, sizeof(params),
				 "{'process':'@','addr':%u,'type':'write',"
				 "'want':[]}",
				 (page << 12) + next(&state, 4096));
			break;
		}
		json_decref(fixture_result(fx, method, params));
	}
}

struct account document_account(const struct rpc_fixture *fx)
{
	return fx->services[0]->tenants.all[0]->account;
}
