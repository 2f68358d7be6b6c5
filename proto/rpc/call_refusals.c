/* SPDX-License-Identifier: MIT */
/*
 * Why the host refused a call, and what to do about it
 */
#include <inttypes.h>

#include "core/hot.h"
#include "core/world/history.h"
#include "proto/rpc/service.h"

bool refusal_error(const struct call *call, struct rpc_error *error)
{
	const struct client *client = call->tenant->client;

	switch (call->tenant->memory.refusal) {
	case REFUSAL_PROCESSES:
		return error_set(error, ERROR_QUOTA_PROCESSES, NULL,
				 "%" PRIu64 " processes are alive, and no more "
				 "than %" PRIu64 " may be; end one with "
				 "process.exit",
				 client_leased(client, CLIENT_PROCESSES),
				 client_quota(client, CLIENT_PROCESSES));
	case REFUSAL_THREADS:
		return error_set(error, ERROR_QUOTA_THREADS, NULL,
				 "%" PRIu64 " threads are alive, and no more "
				 "than %" PRIu64 " may be; end one with "
				 "thread.exit or process.exit",
				 client_leased(client, CLIENT_THREADS),
				 client_quota(client, CLIENT_THREADS));
	case REFUSAL_AREAS:
		return error_set(error, ERROR_QUOTA_AREAS, NULL,
				 "%" PRIu64 " areas are mapped, and the call "
				 "needs more than the %" PRIu64 " that may be; "
				 "unmap some or end a process",
				 client_leased(client, CLIENT_AREAS),
				 client_quota(client, CLIENT_AREAS));
	case REFUSAL_BYTES:
		return error_set(error, ERROR_QUOTA_BYTES, NULL,
				 "%" PRIu64 " bytes of the server's memory are "
				 "in use, and the call needs more than the "
				 "%" PRIu64 " that may be; unmap some areas or "
				 "end a process",
				 client_leased(client, CLIENT_BYTES),
				 client_quota(client, CLIENT_BYTES));
	case REFUSAL_CALL:
		return error_set(error, ERROR_QUOTA_CALL, NULL,
				 "the call needs more than the %" PRIu64
				 " bytes of memory that one call may allocate, "
				 "during which nobody else has a turn; nothing "
				 "has changed, so do it in parts",
				 call->tenant->account.max_call_bytes);
	case REFUSAL_WORLD:
		return error_set(
			error, ERROR_QUOTA_WORLD, NULL,
			"the world would hold more than the %" PRIu64
			" bytes that one may of processes, areas, page "
			"tables and cached pages (process.get says how many "
			"it holds); nothing has changed. Unmap areas, end a "
			"process, or use another world",
			call->tenant->account.max_world_bytes);
	case REFUSAL_MACHINE:
		return error_set(error, ERROR_QUOTA_MACHINE, NULL,
				 "the emulated machine has no free page left; "
				 "unmap some, or create the process with a "
				 "larger mem_total_kb");
	default:
		return error_no_memory(error);
	}
}

HOT bool call_status(struct call *call, enum world_status status)
{
	struct rpc_error *error = &call->error;

	switch (status) {
	case WORLD_OK:
		return true;
	case WORLD_REFUSED:
		return refusal_error(call, error);
	case WORLD_THREAD_UNKNOWN:
		return error_set(error, ERROR_THREAD_UNKNOWN, "thread",
				 "the process has no thread %" PRIu32
				 "; thread.create makes one and answers its "
				 "number",
				 call->thread);
	case WORLD_PROCESS_GONE:
		return error_set(error, ERROR_PROCESS_GONE, "process",
				 "the process has exited");
	case WORLD_FD_TAKEN:
		return error_set(error, ERROR_PARAMS_VALUE, "fd",
				 "the descriptor is open already; close it "
				 "first or take another number");
	case WORLD_FD_UNKNOWN:
		return error_set(error, ERROR_PARAMS_VALUE, "fd",
				 "the descriptor is not open");
	case WORLD_FD_LIMIT:
		return error_set(error, ERROR_PARAMS_VALUE, "fd",
				 "%d descriptors are open, and no more may be; "
				 "close one",
				 DESCRIPTORS_MAX);
	case WORLD_HISTORY_FULL:
		return error_set(error, ERROR_HISTORY_FULL, NULL,
				 "the world keeps all of its history, and "
				 "%d operations is all that it can keep; "
				 "create one with a number as history",
				 HISTORY_MAX);
	case WORLD_BAD_PARAM:
		break;
	}
	return error_set(error, ERROR_INTERNAL, NULL,
			 "the engine does not take this call; nothing has "
			 "changed");
}

bool call_counts_as(struct call *call, uint64_t nr, const char *does,
		    const char *things)
{
	const struct rpc_service *service = call->service;
	const struct rpc_host *host = &service->host;
	struct client *client =
		clients_at(service->tenants.clients, call->caller.client);
	const uint64_t most = service->limits.batch_calls;
	uint64_t wait;

	if (!client_is_timed(client) || !host->now || !nr)
		return true;
	/* The request itself has been one. */
	wait = client_spend(client, (nr < most ? nr : most) - 1, most,
			    host->now(host->ctx));
	if (!wait)
		return true;
	wait = (wait + 999) / 1000;
	error_set(&call->error, ERROR_QUOTA_RATE, NULL,
		  "%s %" PRIu64 " %s, which is more than this client may now; "
		  "nothing has changed, so send it again in %" PRIu64 " s",
		  does, nr, things, wait);
	call->error.retry_after = (unsigned)wait;
	return false;
}
