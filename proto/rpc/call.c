/* SPDX-License-Identifier: MIT */
/*
 * What a call asks for: its method, its parameters, its process
 */
#include "core/hot.h"
#include "proto/rpc/service.h"

COLD static bool refuse_method(struct call *call, const struct json_value *name,
			       const char *text, size_t len)
{
	const char *nearest = text ? method_nearest(text, len) : NULL;
	struct param_quote quote;

	return error_set(&call->error, ERROR_METHOD, NULL,
			 "there is no method \"%s\" in this version%s%s; "
			 "rpc.discover describes all there are",
			 param_quote(&quote, name),
			 nearest ? ", perhaps you mean " : "",
			 nearest ? nearest : "");
}

static bool find_entry(struct call *call, const struct json_value *name)
{
	char scratch[64];
	const char *text = NULL;
	size_t len = 0;

	if (name->len <= sizeof(scratch))
		text = json_string_text(name, scratch, sizeof(scratch), &len);
	if (text)
		call->entry = method_find(&call->service->methods, text, len);
	return call->entry || refuse_method(call, name, text, len);
}

bool call_find_method(struct call *call, const struct json_item *name)
{
	const struct json_index *index = &call->service->index;
	struct call_memo *memo = &call->service->memo;
	struct json_value text;

	if (name->repeats && memo->row == index->before) {
		call->entry = memo->entry;
	} else {
		text = json_item_value(json_row_text(index, index->row), name);
		if (!find_entry(call, &text))
			return false;
		memo->entry = call->entry;
	}
	memo->row = index->number;
	call->method = call->entry->method;
	return true;
}

/* What most methods take is put where handlers need not search for it. */
static void take_common_params(struct call *call)
{
	const struct method_entry *entry = call->entry;
	const struct param_value *values = call->values;

	call->thread = 1;
	call->want = 0;
	call->lang = LANG_NONE;
	call->retry_key = NULL;
	if (entry->thread != METHOD_PARAM_NONE)
		call->thread = (uint32_t)values[entry->thread].number;
	if (entry->want != METHOD_PARAM_NONE)
		call->want = (unsigned)values[entry->want].number;
	if (entry->lang != METHOD_PARAM_NONE)
		call->lang = (enum lang)values[entry->lang].number;
	if (entry->retry_key != METHOD_PARAM_NONE &&
	    values[entry->retry_key].given)
		call->retry_key = &values[entry->retry_key].raw;
}

static bool refuse_role(struct call *call)
{
	const char *name = call->method->name;

	if (call->caller.role == RPC_ANONYMOUS)
		return error_set(&call->error, ERROR_AUTH_REQUIRED, NULL,
				 "%s shows what belongs to a token, and no "
				 "token came with this call; send one as "
				 "Authorization: Bearer TOKEN",
				 name);
	return error_set(&call->error, ERROR_AUTH_FORBIDDEN, NULL,
			 "%s takes a token of a higher role than that of this "
			 "call",
			 name);
}

bool call_read_params(struct call *call, const struct json_item *params)
{
	const struct method *method = call->method;
	const struct json_index *index = &call->service->index;

	if (method->role > call->caller.role)
		return refuse_role(call);
	if (!params_read(method->name, &call->entry->params, index,
			 json_row_text(index, index->row), params,
			 &call->service->memo.params, call->values,
			 &call->error))
		return false;
	take_common_params(call);
	return true;
}

/* The process in call->slot, unless its world has been idle for too long, or it
 * has exited and the method is not about the past. */
static enum process_lookup use_process(struct call *call)
{
	const struct process_slot *slot =
		process_table_slot(&call->service->processes, call->slot);
	struct process *process = world_process(slot->world, slot->number);

	if (expiry_is_due(call->service, slot->world))
		return PROCESS_GONE;
	if (!process_is_alive(process) && !call->method->is_about_past)
		return PROCESS_GONE;
	if (slot->is_share && !call->method->is_looking)
		return PROCESS_READ_ONLY;
	expiry_touch(call->service, slot->world);
	if (slot->is_share) {
		call_pays(call); /* so that no owner lacks what viewers take */
		call->is_guest = true;
	} else {
		call->tenant =
			tenants_find(&call->service->tenants, slot->client);
	}
	call->world = slot->world;
	call->number = slot->number;
	call->process = process;
	return PROCESS_FOUND;
}

const struct json_value *call_process_value(const struct call *call)
{
	const struct method *method = call->method;
	unsigned i;

	/* Where it may be left out, what may not comes first. */
	for (i = 0; i < method->nr_params && i < 2; i++)
		if (method->params[i].kind == PARAM_PROCESS)
			return call->values[i].given ? &call->values[i].raw
						     : NULL;
	return NULL;
}

HOT enum process_lookup call_find_process(struct call *call, unsigned *ownerp)
{
	struct rpc_service *service = call->service;
	const struct json_value *raw = call_process_value(call);
	char scratch[PROCESS_NAME_LEN];
	enum process_lookup found;
	const char *name;
	size_t len = 0;

	call->world = NULL;
	call->process = NULL;
	if (!raw)
		return call->method->place ? call->method->place(call, ownerp)
					   : PROCESS_FOUND;

	name = json_string_text(raw, scratch, sizeof(scratch), &len);
	found = process_table_find_next(&service->processes, service->owners,
					name ? name : "", name ? len : 0,
					&call->slot, ownerp);
	if (found == PROCESS_FOUND)
		found = use_process(call);
	switch (found) {
	case PROCESS_FOUND:
	case PROCESS_ELSEWHERE:
		break;
	case PROCESS_UNKNOWN:
		error_set(&call->error, ERROR_PROCESS_UNKNOWN, "process",
			  "no process has this name; process.create makes one "
			  "and answers its name");
		break;
	case PROCESS_READ_ONLY:
		error_set(&call->error, ERROR_SHARE_READONLY, "process",
			  "this is the share of a process, with which one may "
			  "look at it, but not call %s; world.branch makes a "
			  "copy of one's own",
			  call->method->name);
		break;
	case PROCESS_GONE:
		error_set(
			&call->error, ERROR_PROCESS_GONE, "process",
			"the process has exited%s; process.create makes a new "
			"one",
			service->limits.idle_ms
				? ", or nobody used it for longer than "
				  "process.create promised in expires_in"
				: "");
		break;
	}
	return found;
}
