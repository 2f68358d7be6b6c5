/* SPDX-License-Identifier: MIT */
/*
 * Whether a world that is exported and imported comes back the same
 */
#include <string.h>

#include "clients/cli/replay_types.h"

/* What a server says to a document that it should have taken. */
static json_t *other_world(void)
{
	return json_pack("{s:i, s:s, s:{s:s, s:s}}", "code", -32009, "message",
			 "Document refused", "data", "key", "document.hash",
			 "hint",
			 "the world that was imported is not the one that was "
			 "exported");
}

static void world_end(struct replay *replay, const json_t *imported)
{
	json_t *processes = json_object_get(imported, "processes");
	json_t *one, *answer;
	size_t i;

	json_array_foreach(processes, i, one) {
		rpc_client_call(replay->client, "process.exit",
				json_pack("{s:O}", "process",
					  json_object_get(one, "process")),
				&answer);
		json_decref(answer);
	}
}

/* @form: also what the answer's member is called. */
static enum rpc_outcome world_export(struct replay *replay, json_t *process,
				     const char *form, json_t **answerp)
{
	return rpc_client_call(
		replay->client, "world.export",
		json_pack("{s:O, s:s}", "process", process, "form", form),
		answerp);
}

/* The document makes an equal world, which makes an equal document. */
static enum rpc_outcome document_judge(struct replay *replay, const char *form,
				       const json_t *exported, json_t **answerp)
{
	json_t *document = json_object_get(exported, form), *imported;
	enum rpc_outcome outcome;

	outcome = rpc_client_call(
		replay->client, "world.import",
		json_pack("{s:O, s:[]}", "document", document, "want"),
		&imported);
	if (outcome != RPC_RESULT) {
		*answerp = imported;
		return outcome;
	}
	outcome = world_export(replay, json_object_get(imported, "process"),
			       form, answerp);
	if (outcome == RPC_RESULT && !json_equal(exported, *answerp)) {
		json_decref(*answerp);
		*answerp = other_world();
		outcome = RPC_REFUSED;
	}
	world_end(replay, imported);
	json_decref(imported);
	return outcome;
}

/* A link holds less than a document: of a long trace there is none. */
static bool is_no_link(const char *form, const json_t *refusal)
{
	const char *param = json_string_value(
		json_object_get(json_object_get(refusal, "data"), "param"));

	return !strcmp(form, "link") && param && !strcmp(param, "form");
}

static enum rpc_outcome reimport_as(struct replay *replay, json_t *process,
				    const char *form, json_t **answerp)
{
	enum rpc_outcome outcome;
	json_t *exported;

	outcome = world_export(replay, process, form, &exported);
	if (outcome != RPC_RESULT) {
		*answerp = exported;
		return is_no_link(form, exported) ? RPC_RESULT : outcome;
	}
	outcome = document_judge(replay, form, exported, answerp);
	json_decref(exported);
	return outcome;
}

/* The world of the first process that lives, out and in again. */
enum rpc_outcome replay_reimport(struct replay *replay, json_t **answerp)
{
	enum rpc_outcome outcome;
	json_t *process;
	unsigned i = 0;

	*answerp = NULL;
	while (i < replay->trace->processes && !replay->processes[i].id)
		i++;
	if (i == replay->trace->processes)
		return RPC_RESULT;
	process = json_string(replay->processes[i].id);
	outcome = reimport_as(replay, process, "document", answerp);
	if (outcome == RPC_RESULT) {
		json_decref(*answerp);
		outcome = reimport_as(replay, process, "link", answerp);
	}
	json_decref(process);
	return outcome;
}
