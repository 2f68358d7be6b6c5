/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The methods: one table from which calls are dispatched, parameters judged,
 * and rpc.discover is answered
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/world/operation.h"
#include "proto/rpc/errors.h"
#include "proto/rpc/params.h"
#include "proto/rpc/process_table.h"

struct call;

/* Where parameters stand in their method's table, which is also their order by
 * position. The process, if there is one, comes first, or second where it may be
 * left out. */
enum process_create_param {
	CREATE_PROFILE,
	CREATE_MAPS,
	CREATE_MM,
	CREATE_RESIDENT,
	CREATE_VMACACHE,
	CREATE_RLIMITS,
	CREATE_SYSCTL,
	CREATE_MEM_TOTAL_KB,
	CREATE_COMMITTED_KB,
	CREATE_UID,
	CREATE_FILES,
	CREATE_SEED,
	CREATE_HISTORY,
	CREATE_WANT,
	CREATE_LANG,
};
enum file_open_param {
	OPEN_FD = 1,
	OPEN_NAME,
	OPEN_SIZE,
	OPEN_MODE
};
enum process_fork_param {
	FORK_VM = 2
};
enum process_exec_param {
	EXEC_PROGRAM = 1,
	EXEC_ARGV,
	EXEC_ENVP,
	EXEC_INTERPRETER
};
enum process_unshare_param {
	UNSHARE_SHARE = 1
};
enum process_list_param {
	LIST_CURSOR,
	LIST_LIMIT
};
enum file_truncate_param {
	TRUNCATE_FD = 1,
	TRUNCATE_SIZE
};
enum file_close_param {
	CLOSE_FD = 1
};
enum mm_access_param {
	ACCESS_ADDR = 1,
	ACCESS_TYPE,
	ACCESS_LENGTH,
	ACCESS_SP
};
enum history_list_param {
	LIST_FROM = 1,
	LIST_COUNT,
	LIST_ANSWERS
};
enum mm_explain_param {
	EXPLAIN_METHOD = 1,
	EXPLAIN_PARAMS
};
enum unsubscribe_param {
	UNSUBSCRIBE_NAME
};
enum history_diff_param {
	DIFF_FROM = 1,
	DIFF_TO,
	DIFF_OTHER
};
enum world_export_param {
	EXPORT_TITLE = 1,
	EXPORT_NOTES,
	EXPORT_POSITIONS,
	EXPORT_FORM
};
enum world_import_param {
	IMPORT_DOCUMENT
};
enum past_param {
	PAST_SEQ = 1
};
enum script_run_param {
	SCRIPT_SCRIPT,
	SCRIPT_OF_PROCESS,
	SCRIPT_CREATE,
	SCRIPT_STEPS,
	SCRIPT_EACH,
	SCRIPT_WANT = SCRIPT_EACH + 2
};
enum mm_find_vma_param {
	FIND_ADDR = 1
};

struct method {
	const char *name;
	bool (*run)(struct call *call); /* see struct call */
	enum op_code op;                /* of run_mm_call and run_mm_mincore */
	const struct param_def *params;
	uint8_t nr_params;
	bool needs_answer;  /* refused as a notification */
	bool is_about_past; /* its process may have exited since */
	bool takes_turns;   /* see struct call_work */
	bool is_looking; /* changes nothing of its process: a share will do */
	bool is_apart;   /* not for scripts: about no state of a process */
	uint8_t role;    /* the least that may call it: enum rpc_role */
	/* Is what the call is to do too much for a turn, so that its world must
	 * be kept still? Asked before it runs; NULL: no, but for its snapshot */
	bool (*is_long)(const struct call *call);
	/* Of a method without a process: where it runs. NULL: where it is */
	enum process_lookup (*place)(struct call *call, unsigned *ownerp);
	const char *summary; /* one sentence */
	const char *result;  /* JSON Schema of the result */
	uint64_t errors;     /* bits 1 << enum error_key, besides those that any
				call or its parameters may meet */
	/* An example: parameters by name and the result, as JSON. It holds for
	 * a process just made with EXAMPLE_SETUP. */
	const char *example_params, *example_result;
};

/* What the examples' process is made with, and what stands for its name. */
#define EXAMPLE_SETUP                                                          \
	"\"profile\":\"4.0\",\"files\":[{\"fd\":10,\"name\":\"data\","         \
	"\"size\":8192}]"
#define EXAMPLE_PROCESS "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

/* A JSON array: what may come without being asked for, over WebSocket. */
extern const char subscription_notifications[];

/** method_at() - the method of that number, in the order of the documents; NULL
 * past the last */
const struct method *method_at(size_t index);
