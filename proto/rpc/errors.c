/* SPDX-License-Identifier: MIT */
#include "proto/rpc/errors.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const struct error_kind error_kinds[ERROR_NR_KEYS] = {
	[ERROR_NONE] = { "", 0, "", "" },
	[ERROR_PARSE] = { "parse", -32700, "Parse error",
			  "The body is not strict JSON. Nothing has run." },
	[ERROR_REQUEST] = { "request", -32600, "Invalid Request",
			    "JSON, but no JSON-RPC 2.0 call or batch." },
	[ERROR_METHOD] = { "method", -32601, "Method not found",
			   "There is no method of that name." },
	[ERROR_PARAMS_COUNT] = { "params.count", -32602, "Invalid params",
				 "More parameters by position than the method "
				 "has." },
	[ERROR_PARAMS_MISSING] = { "params.missing", -32602, "Invalid params",
				   "A required parameter is not given." },
	[ERROR_PARAMS_RANGE] = { "params.range", -32602, "Invalid params",
				 "A number is out of its bounds." },
	[ERROR_PARAMS_TYPE] = { "params.type", -32602, "Invalid params",
				"A parameter is of the wrong JSON type." },
	[ERROR_PARAMS_UNKNOWN] = { "params.unknown", -32602, "Invalid params",
				   "The method has no parameter of that "
				   "name." },
	[ERROR_PARAMS_VALUE] = { "params.value", -32602, "Invalid params",
				 "A parameter's value makes no sense." },
	[ERROR_INTERNAL] = { "internal", -32603, "Internal error",
			     "The server has no memory left, or is at "
			     "fault." },
	[ERROR_PROCESS_UNKNOWN] = { "process.unknown", -32001,
				    "Unknown process or thread",
				    "No process was ever given that name." },
	[ERROR_THREAD_UNKNOWN] = { "thread.unknown", -32001,
				   "Unknown process or thread",
				   "The process has no such thread." },
	[ERROR_PROCESS_GONE] = { "process.gone", -32002, "Process gone",
				 "The process has exited." },
	[ERROR_QUOTA_PROCESSES] = { "quota.processes", -32003, "Quota exceeded",
				    "The client has as many processes as it "
				    "may." },
	[ERROR_QUOTA_THREADS] = { "quota.threads", -32003, "Quota exceeded",
				  "The client has as many threads as it "
				  "may." },
	[ERROR_QUOTA_AREAS] = { "quota.areas", -32003, "Quota exceeded",
				"The client has as many areas as it may." },
	[ERROR_QUOTA_BYTES] = { "quota.bytes", -32003, "Quota exceeded",
				"The client takes as much of the server's "
				"memory as it may." },
	[ERROR_QUOTA_MACHINE] = { "quota.machine", -32003, "Quota exceeded",
				  "The world's emulated machine has no free "
				  "page." },
	[ERROR_QUOTA_RATE] = { "quota.rate", -32003, "Quota exceeded",
			       "The client calls more often than it may; the "
			       "call has not run." },
	[ERROR_QUOTA_CALL] = { "quota.call", -32003, "Quota exceeded",
			       "The call is too much work for one, during "
			       "which nobody else has a turn." },
	[ERROR_QUOTA_WORLD] = { "quota.world", -32003, "Quota exceeded",
				"The world would hold more than one may; no "
				"call about it is to take long." },
	[ERROR_OVERLOAD] = { "overload", -32004, "Overloaded",
			     "Answers under way take all memory that the "
			     "server has for them." },
	[ERROR_SHUTDOWN] = { "shutdown", -32005, "Shutting down",
			     "The server makes no more processes." },
	[ERROR_RESPONSE_TOO_LARGE] = { "response.too_large", -32006,
				       "Response too large",
				       "The answer is larger than the server "
				       "sends." },
	[ERROR_AUTH_REQUIRED] = { "auth.required", -32007,
				  "Authentication required",
				  "The method needs a token." },
	[ERROR_AUTH_FORBIDDEN] = { "auth.forbidden", -32007,
				   "Authentication required",
				   "The token's role is too small for the "
				   "method." },
	[ERROR_HISTORY_FULL] = { "history.full", -32008, "History unavailable",
				 "All operations were to be kept, and there is "
				 "no room for one more." },
	[ERROR_HISTORY_FOLDED] = { "history.folded", -32008,
				   "History unavailable",
				   "The operation is older than what is "
				   "kept." },
	[ERROR_HISTORY_FUTURE] = { "history.future", -32008,
				   "History unavailable",
				   "There has been no such operation yet." },
	[ERROR_IDEMPOTENCY_CONFLICT] = { "idempotency.conflict", -32602,
					 "Invalid params",
					 "The key belongs to an earlier, "
					 "different call. This one did not "
					 "run." },
	[ERROR_IDEMPOTENCY_LOST] = { "idempotency.lost", -32006,
				     "Response too large",
				     "A retry of a call that was carried out, "
				     "but whose result was too large to be "
				     "kept." },
	[ERROR_QUOTA_SUBSCRIPTIONS] = { "quota.subscriptions", -32003,
					"Quota exceeded",
					"The connection has as many "
					"subscriptions as it may, or the "
					"process and its relatives have." },
	[ERROR_SUBSCRIPTION_TRANSPORT] = { "subscription.transport", -32600,
					   "Invalid Request",
					   "Subscriptions need a WebSocket." },
	[ERROR_DOCUMENT_VERSION] = { "document.version", -32009,
				     "Document refused",
				     "The document is of a version that this "
				     "server does not read." },
	[ERROR_DOCUMENT_HASH] = { "document.hash", -32009, "Document refused",
				  "The document's operations do not lead to "
				  "what it recorded." },
	[ERROR_SHARE_READONLY] = { "share.readonly", -32010, "Read-only share",
				   "A share was named, with which one may look "
				   "at a process, but not change it." },
	[ERROR_QUOTA_SHARES] = { "quota.shares", -32003, "Quota exceeded",
				 "The process has as many shares as it "
				 "may." },
	[ERROR_SCRIPT_SYNTAX] = { "script.syntax", -32011, "Script refused",
				  "The text is no script. Nothing has run." },
	[ERROR_SCRIPT_FAILED] = { "script.failed", -32011, "Script refused",
				  "A line of the script needs a value that "
				  "there is not. Nothing has changed." },
	[ERROR_SCRIPT_LIMIT] = { "script.limit", -32011, "Script refused",
				 "The script takes more steps, time or memory "
				 "than it may. Nothing has changed." },
};

bool error_set(struct rpc_error *error, enum error_key key, const char *param,
	       const char *format, ...)
{
	va_list args;

	error->key = key;
	error->retry_after = 0;
	error->is_lost_answer = false;
	error->line = error->column = 0;
	snprintf(error->param, sizeof(error->param), "%s", param ? param : "");
	va_start(args, format);
	vsnprintf(error->hint, sizeof(error->hint), format, args);
	va_end(args);
	return false;
}

bool error_no_memory(struct rpc_error *error)
{
	return error_set(error, ERROR_INTERNAL, NULL,
			 "the server has no memory left for this call; "
			 "nothing has changed, so try again later");
}

void error_write(struct json_writer *w, const struct rpc_error *error)
{
	const struct error_kind *kind = &error_kinds[error->key];

	json_writer_object(w);
	json_writer_key(w, "code");
	json_writer_i64(w, kind->code);
	json_writer_key(w, "message");
	json_writer_text(w, kind->message);
	json_writer_key(w, "data");
	json_writer_object(w);
	json_writer_key(w, "key");
	json_writer_text(w, kind->key);
	json_writer_key(w, "hint");
	json_writer_text(w, error->hint);
	if (error->param[0]) {
		json_writer_key(w, "param");
		json_writer_text(w, error->param);
	}
	if (error->line) {
		json_writer_key(w, "line");
		json_writer_u64(w, error->line);
		json_writer_key(w, "column");
		json_writer_u64(w, error->column);
	}
	if (error->retry_after) {
		json_writer_key(w, "retry_after");
		json_writer_u64(w, error->retry_after);
	}
	if (error->is_lost_answer) {
		json_writer_key(w, "carried_out");
		json_writer_bool(w, error->carried_out);
		if (error->carried_out && error->seq) {
			json_writer_key(w, "seq");
			json_writer_u64(w, error->seq);
		}
	}
	json_writer_object_end(w);
	json_writer_object_end(w);
}
