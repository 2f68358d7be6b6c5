/* SPDX-License-Identifier: MIT */
/*
 * Calls with an idempotency key: answered once, however often they are sent
 *
 * A key stands for one request of a client on one process, or, where there is
 * no process yet, for one request of a client. So the same key always meets the
 * same loop: the one that owns the process, or the one that the key itself
 * names. There the record is the caller's, whoever owns the process.
 */
#include <string.h>

#include "proto/rpc/service.h"
#include "proto/rpc/siphash.h"

static uint64_t now(const struct rpc_service *service)
{
	return service->host.now ? service->host.now(service->host.ctx) : 0;
}

static void append_text(struct retry_request *request, size_t max,
			const struct json_value *string)
{
	char *at = request->text + request->len;
	size_t len = 0;
	const char *text = json_string_text(string, at, max, &len);

	if (!text || len > max)
		return; /* judged before: it is neither */
	memmove(at, text, len);
	request->len += len;
}

/* Parameters are compared as they were sent, in whatever order. */
static uint64_t fingerprint(const struct call *call)
{
	const struct method *method = call->method;
	struct siphash_key key = call->service->hash_key;
	const unsigned key_at = call->entry->retry_key;
	unsigned i;

	key.half[1] ^= siphash(&key, method->name, strlen(method->name));
	for (i = 0; i < method->nr_params; i++) {
		const struct param_value *value = &call->values[i];

		if (!value->given || i == key_at)
			continue;
		key.half[1] ^= i + 1;
		key.half[1] = siphash(&key, value->raw.text, value->raw.len);
	}
	return key.half[1];
}

static void identify(const struct call *call, struct retry_request *request)
{
	request->text[0] = call_process_value(call) ? 'p' : 'c';
	request->len = 1;
	if (call_process_value(call))
		append_text(request, PROCESS_NAME_LEN,
			    call_process_value(call));
	append_text(request, RETRY_KEY_MAX, call->retry_key);
	request->hash =
		siphash(&call->service->hash_key, request->text, request->len);
	request->print = fingerprint(call);
}

bool retry_is_elsewhere(const struct call *call, unsigned *ownerp)
{
	/* Loops do not share their keys for hashing. */
	static const struct siphash_key common;
	struct retry_request request = { .len = 0 };

	if (call_process_value(call))
		return false;
	append_text(&request, RETRY_KEY_MAX, call->retry_key);
	*ownerp = (unsigned)(siphash(&common, request.text, request.len) %
			     call->service->owners);
	return *ownerp != call->service->owner;
}

static bool refuse_conflict(struct call *call)
{
	return error_set(&call->error, ERROR_IDEMPOTENCY_CONFLICT,
			 "idempotency_key",
			 "the key belongs to an earlier call with another "
			 "method or other parameters, and this one did not "
			 "run; a retry repeats the call as it was, a new call "
			 "takes a new key");
}

static bool refuse_lost(struct call *call, const struct retry_record *record)
{
	error_set(&call->error, ERROR_IDEMPOTENCY_LOST, "idempotency_key",
		  "the call was carried out when it was sent first, and not "
		  "again, but its result was too large to be kept; look at "
		  "the process to see what it did");
	call->error.is_lost_answer = true;
	call->error.carried_out = true;
	call->error.seq = record->seq;
	return false;
}

/* The record of an earlier call like this one, unless it is too old; NULL. */
static struct retry_record *find_record(const struct call *call,
					const struct retry_request *request,
					uint64_t time)
{
	const struct retry_limits *limits = &call->service->limits.retry;
	struct tenant *keeper = call->keeper;
	struct retry_record *record;

	retry_store_expire(&keeper->retries, &keeper->memory, limits, time,
			   RETRY_EXPIRE_PER_CALL);
	record = retry_store_find(&keeper->retries, request);
	if (!record || time - record->born < limits->age)
		return record;
	retry_store_drop(&keeper->retries, &keeper->memory, record);
	return NULL;
}

static void repeat(struct call *call, const struct retry_record *record,
		   const struct retry_request *request)
{
	call->error.key = ERROR_NONE;
	if (record->print != request->print)
		refuse_conflict(call);
	else if (!record->result)
		refuse_lost(call, record);
	else
		call->repeated = record;
}

/* The caller pays for its records; false: with the error set. */
static bool begin_record(struct call *call, const struct retry_request *request,
			 uint64_t time)
{
	struct rpc_service *service = call->service;
	struct tenant *keeper =
		tenants_get(&service->tenants, call->caller.client);

	if (!keeper)
		return error_no_memory(&call->error);
	call->keeper = keeper;
	call->record = retry_store_add(&keeper->retries, &keeper->memory,
				       &service->limits.retry, request, time);
	if (call->record)
		return true;
	call->tenant = keeper;
	return refusal_error(call, &call->error);
}

void retry_begin(struct call *call)
{
	struct rpc_service *service = call->service;
	const uint64_t time = now(service);
	struct retry_record *record = NULL;
	struct retry_request request;

	/* Never was there a call on it. */
	if (call->error.key == ERROR_PROCESS_UNKNOWN)
		return;
	identify(call, &request);
	call->keeper = tenants_seek(&service->tenants, call->caller.client);
	if (call->keeper)
		record = find_record(call, &request, time);
	if (record)
		repeat(call, record, &request);
	else if (!call->error.key)
		begin_record(call, &request, time);
}

/* Where the result is without its snapshot. */
struct cut {
	const char *head, *tail;
	size_t head_len, tail_len;
};

static struct cut cut_snapshot(const struct call *call,
			       const struct buffer *answer, size_t start)
{
	struct cut cut = {
		.head = answer->data + start,
		.head_len = answer->len - start,
		.tail = answer->data + answer->len,
	};

	if (call->snapshot_end) {
		cut.head_len = call->snapshot_start - start;
		cut.tail = answer->data + call->snapshot_end;
		cut.tail_len = answer->len - call->snapshot_end;
	}
	return cut;
}

void retry_keep(struct call *call, const struct buffer *answer, size_t start)
{
	const struct rpc_service *service = call->service;
	const struct retry_limits *limits = &service->limits.retry;
	struct tenant *keeper = call->keeper;
	struct retry_record *record = call->record;
	struct cut cut;

	record->seq = call->seq;
	if (answer->failed)
		return;
	/* A snapshot that is not complete yet is as one that is too large. */
	if (!service->scratch.failed && !call->late &&
	    retry_store_keep(&keeper->retries, &keeper->memory, limits, record,
			     answer->data + start, answer->len - start,
			     answer->data, 0))
		return;
	cut = cut_snapshot(call, answer, start);
	retry_store_keep(&keeper->retries, &keeper->memory, limits, record,
			 cut.head, cut.head_len, cut.tail, cut.tail_len);
}

void retry_forget(struct call *call)
{
	retry_store_drop(&call->keeper->retries, &call->keeper->memory,
			 call->record);
	call->record = NULL;
}

void retry_sweep(struct rpc_service *service)
{
	struct tenants *tenants = &service->tenants;
	const uint64_t time = now(service);
	unsigned looked, dropped = 0;

	for (looked = 0;
	     looked < RETRY_SWEEP_TENANTS && looked < tenants->room &&
	     dropped < RETRY_SWEEP_RECORDS;
	     looked++) {
		struct tenant *tenant;
		size_t before;

		if (service->retry_sweep_at >= tenants->room)
			service->retry_sweep_at = 0;
		tenant = tenants->all[service->retry_sweep_at++];
		if (!tenant)
			continue;
		before = tenant->retries.count;
		retry_store_expire(&tenant->retries, &tenant->memory,
				   &service->limits.retry, time,
				   RETRY_SWEEP_RECORDS - dropped);
		dropped += (unsigned)(before - tenant->retries.count);
		tenants_settle(tenants, tenant);
	}
}
