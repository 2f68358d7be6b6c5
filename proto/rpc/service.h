/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside proto/rpc: a service, and one call that it carries out
 */
#include "core/mm/memory.h"
#include "core/world/process_setup.h"
#include "proto/json/writer.h"
#include "proto/rpc/before.h"
#include "proto/rpc/errors.h"
#include "proto/rpc/expiry.h"
#include "proto/rpc/method_index.h"
#include "proto/rpc/method_table.h"
#include "proto/rpc/params.h"
#include "proto/rpc/process_table.h"
#include "proto/rpc/retry_store.h"
#include "proto/rpc/rpc.h"
#include "proto/rpc/shares.h"
#include "proto/rpc/siphash.h"
#include "proto/rpc/slabs.h"
#include "proto/rpc/snapshot.h"
#include "proto/rpc/stats.h"
#include "proto/rpc/still.h"
#include "proto/rpc/subscription.h"
#include "proto/rpc/steps.h"
#include "proto/rpc/tenants.h"

enum {
	ROUTE_MAX = 8,
	RETRY_EXPIRE_PER_CALL = 4,  /* old records that a keyed call drops */
	RETRY_SWEEP_TENANTS = 4096, /* that a sweep looks at */
	RETRY_SWEEP_RECORDS = 1024, /* that it drops */
};

struct call;

/*
 * What a call keeps that takes several turns of its loop. Its handler (of a
 * method with takes_turns) sets call->work, does a part and answers true; from
 * then on go_on() is called once a turn, until it has let the work go with
 * drop() and answers as a handler does. Between two turns other calls run, which
 * may end the call's process: only the first turn looks at it. The call's values
 * and what it has written stay.
 *
 * A method that seldom needs more than one turn has no takes_turns; where it does,
 * its handler asks call_can_be_held() before anything else. One whose world must
 * not change meanwhile says so with is_long (struct method); it runs when it may
 * keep the world still, with call->is_long (work.h). Long parts of snapshots are
 * written so for every method, and no handler knows of it (late.h).
 */
struct call_work {
	bool (*go_on)(struct call *call);
	/* Give all back, the work itself included, and set call->work to NULL. */
	void (*drop)(struct call *call);
	/* Of a call with a key: the next turn is the last. Only then is it asked
	 * whether a retry has been answered in the meantime. */
	bool is_ending;
	/*
	 * Set by go_on(): the next turn is on another loop, where go_on() finds
	 * the call bound to that one's service, without process and tenant. By
	 * then the work holds nothing of this loop's. A call with a key stays.
	 */
	bool is_leaving;
	unsigned owner; /* of that loop */
	/* Of what work_new() made: who pays, for how much, and the world that it
	 * keeps still, for what; NULL: none. */
	struct memory *payer;
	size_t size;
	struct world *still;
	enum still_wish wish;
};

/*
 * One call. A method's handler reads values and process, and writes its result
 * as one JSON value to w; or it answers false, with error set and nothing
 * changed.
 */
struct call {
	struct rpc_service *service;
	const struct method_entry *entry; /* NULL: of no method */
	const struct method *method;      /* entry's */
	struct rpc_caller caller;
	/* Who pays: the owner of the process, or the caller that makes one or
	 * looks at one by a share. NULL: nobody yet. */
	struct tenant *tenant;
	struct param_value values[PARAMS_MAX]; /* by index in method->params */
	struct json_writer w;

	/* of methods whose first parameter is a process */
	uint32_t slot; /* in service->processes */
	struct world *world;
	struct process *process;
	uint32_t number; /* of process, in world */
	uint32_t thread;
	bool is_guest; /* it came by a share */
	unsigned want;
	enum lang lang;

	/* of calls with an idempotency key */
	const struct json_value *retry_key;  /* NULL: without one */
	const struct retry_record *repeated; /* this is a retry of that */
	struct retry_record *record;         /* of this call, NULL: none */
	struct tenant *keeper; /* the caller's, whose both are; NULL: none */
	size_t snapshot_start, snapshot_end; /* in the answer; 0: none */

	/* tried in a copy of its world that will be thrown away */
	bool is_supposed;
	/* carried out in a draft of its world, by a script */
	bool is_drafted;

	/* It reads or makes so much that its handler may keep the world still
	 * and set work: see still.h. */
	bool is_long;
	unsigned late; /* parts of the snapshot that come last: see late.h */
	struct late_diff
		*late_diff;        /* and what is kept for the diff, or NULL */
	struct json_mark late_at;  /* where they go in what is written */
	struct still_place *place; /* of the job */
	struct call_work *work;    /* NULL: it is done when its handler is */
	bool has_fixed_body;       /* nothing of it moves any more */
	bool is_waiting;           /* for that: see call_can_be_held() */

	/* set by handlers that change something */
	bool is_carried_out;
	uint64_t seq; /* of the operation, 0: none */
	/* Or a share of one: in slot; its name must reach the client. */
	bool is_process_created;
	bool is_world_created; /* of that process; so must all its names */

	/* of calls over a connection that can be notified */
	struct rpc_subscriber *subscriber; /* NULL: it cannot */
	struct subscription *subscription; /* made by this call, or NULL */

	struct rpc_error error;
};

/* What is known from the call before: the calls of a batch resemble each other. */
struct call_memo {
	const struct method_entry *entry;
	uint64_t row; /* that had a name of this method: json_index.number */
	struct params_memo params;
};

struct rpc_service {
	unsigned owner, owners;
	struct rpc_limits limits;
	struct rpc_host host;
	uint64_t started;        /* host.now() at the start */
	uint32_t seconds;        /* of its age, as of the last sweep */
	uint32_t sweep_at;       /* the slot that the next sweep begins with */
	uint32_t retry_sweep_at; /* and the tenant, for retries */
	char route[ROUTE_MAX];
	bool draining;
	struct slabs slabs;
	struct allocator allocator;      /* of the worlds: slabs */
	struct rpc_clients *own_clients; /* NULL: the host's are used */
	struct tenants tenants;
	struct process_table processes;
	struct method_index methods;
	struct siphash_key hash_key;
	struct json_index index; /* of what is left of a job's calls */
	struct call call; /* that runs: the next one may be found to have its
			     values */
	struct call_memo memo;
	struct buffer scratch;  /* texts on their way into an answer */
	struct buffer arena;    /* what process.create unpacks */
	struct step_list steps; /* of the call that runs */
	struct before before;   /* likewise */
	struct subscription_table subscriptions;
	struct rpc_stats stats;
	uint64_t slice_bytes; /* allocated by the calls of this turn */
	bool slice_is_heavy;  /* one of them was about a large world */
	unsigned untimed;     /* calls of batches until one is timed */
	uint32_t dice;        /* for how many those are */
};

/** call_find_method() - set call->entry and call->method, or false */
bool call_find_method(struct call *call, const struct json_item *name);

/** call_read_params() - set values, thread and want, and go behind the
 * parameters, or false; NULL: none */
bool call_read_params(struct call *call, const struct json_item *params);

/** call_process_value() - the name of the process that it is about; NULL: of none */
const struct json_value *call_process_value(const struct call *call);

/** call_find_process() - set slot, world, process and number, if the method
 * has a process; error is set if it is unknown or gone */
enum process_lookup call_find_process(struct call *call, unsigned *ownerp);

/** call_forget_process() - end the process or the share in call->slot, or the
 * world if the call made one, as nobody will learn the name */
void call_forget_process(struct call *call);

/** call_process_ended() - the call's process has exited: with the last one its
 * world ends */
void call_process_ended(struct call *call);

/* Calls with an idempotency key: retry.c. */

/** retry_is_elsewhere() - does another loop keep what the key stands for? */
bool retry_is_elsewhere(const struct call *call, unsigned *ownerp);

/**
 * retry_begin() - look for an earlier call with the same key
 *
 * Sets repeated if this is a retry, whatever has become of the process since;
 * or record, with room for the result; or error.
 */
void retry_begin(struct call *call);

/**
 * retry_keep() - keep the result in call->record
 * @start: where in @answer the result begins; it is the last thing there
 *
 * What is too large is kept without its snapshot; if even that cannot be kept,
 * a retry will be told so.
 */
void retry_keep(struct call *call, const struct buffer *answer, size_t start);

/** retry_forget() - the call has changed nothing: a retry may run */
void retry_forget(struct call *call);

/** retry_sweep() - drop records that are too old, also of clients that send
 * nothing any more. A bounded number at once */
void retry_sweep(struct rpc_service *service);

/** refusal_error() - say why the host refused; false */
bool refusal_error(const struct call *call, struct rpc_error *error);

/** call_status() - true for WORLD_OK; else say why not */
bool call_status(struct call *call, enum world_status status);

/** call_apply() - carry out an operation of the call's process and thread, or
 * false */
bool call_apply(struct call *call, struct operation *op,
		struct outcome *outcome);

/* Names of processes: names.c. They last as long as their world, so that a
 * process that has exited has its name again when the exit is undone. */

/** name_reserve() - take a name that may yet be given back, or false with the
 * refusal in the tenant's memory */
bool name_reserve(struct call *call, uint32_t *indexp);

/** name_give() - let a name stand for a process of a world, which it owns from
 * now on as well */
void name_give(struct rpc_service *service, uint32_t index, struct world *world,
	       uint32_t number);

/** name_drop() - forget a name; with its last one a world ends */
void name_drop(struct rpc_service *service, uint32_t index);

/** names_drop_all() - forget all names of a world, which ends with them; how
 * many of its processes lived */
unsigned names_drop_all(struct rpc_service *service, struct world *world);

/** service_end_world() - end a world, or one owner's share of it; NULL: none.
 * What is large goes in turns, see rpc_service_reap() */
void service_end_world(struct rpc_service *service, struct world *world);

/** service_trim() - give back what a tenant's call has given up, in turns if it is
 * much */
void service_trim(struct rpc_service *service, struct tenant *tenant);

/** name_write() - write it as a JSON string */
void name_write(const struct call *call, struct json_writer *w, uint32_t index);

/**
 * call_show_world() - name all processes of a new world and begin the result
 * @world:  the names are its owners from now on
 * @number: the process that the call is about from now on, which is alive and
 *          has call->thread
 *
 * call_end_world() ends the result, with the snapshot.
 *
 * Return: false with the error set, and the world ended.
 */
bool call_show_world(struct call *call, struct world *world, uint32_t number);
void call_end_world(struct call *call);

/** call_create() - make a world of process.create's parameters in an object, or
 * false */
bool call_create(struct call *call, const struct json_value *params,
		 struct world **worldp);

/** call_resume() - likewise, but what it begins with is a state's bytes, which
 * world_state_write() wrote; blames param "document" */
bool call_resume(struct call *call, const struct json_value *params,
		 const uint8_t *bytes, size_t len, struct world **worldp);

/** call_turn_to() - go on about the process of a name that is to be answered */
void call_turn_to(struct call *call, uint32_t index);

/** call_pays() - let the caller pay for what is made, or false */
bool call_pays(struct call *call);

/** call_takes_processes() - false, with the error set, while shutting down */
bool call_takes_processes(struct call *call);

/**
 * call_counts_as() - let the call pass as so many calls of its client, by its rate
 * @nr:     more than a full batch counts as one
 * @does:   what is said of them in the refusal: "the script makes"
 * @things: "calls"
 *
 * Return: true, or false with quota.rate and how long to wait.
 */
bool call_counts_as(struct call *call, uint64_t nr, const char *does,
		    const char *things);

/** service_age() - seconds since the start, 0 without a clock */
uint32_t service_age(const struct rpc_service *service);

/** call_origin() - make the call's world anew, as it was created but without
 * history, or false
 * @memory: pays for it */
bool call_origin(struct call *call, struct memory *memory,
		 struct world **worldp);

/** call_restore() - make a world of a state that world_state_write() wrote of one
 * created like that, without history; or false
 * @memory:  pays for it
 * @created: process.create's parameters as world_origin() kept them */
bool call_restore(struct call *call, struct memory *memory,
		  const struct json_value *created, const uint8_t *bytes,
		  size_t len, struct world **worldp);

/**
 * call_can_be_held() - may the handler set call->work?
 *
 * Return: true; or false, not before the job's second turn: the handler answers
 *         false as well, without an error and with nothing done, and is called
 *         once more then.
 */
bool call_can_be_held(struct call *call);

/** write_history_kept() - write the member history: the operations that a world
 * keeps, or kept when the call began */
void write_history_kept(struct json_writer *w, uint64_t first, uint64_t last);

/** write_history() - write the member history if operations have been folded
 * away, or @always */
void write_history(struct call *call, bool always);

/** write_snapshot() - write the member snapshot if anything is wanted
 * @outcome: of an emulated call, or NULL */
void write_snapshot(struct call *call, const struct outcome *outcome);

/** write_last_snapshot() - likewise, after an operation that may have ended the
 * process: then there is no state, and only what the operation did is written */
void write_last_snapshot(struct call *call, const struct outcome *outcome);

/** call_knows_thread() - has the process the call's thread? Else false */
bool call_knows_thread(struct call *call);

/** call_end_look() - end the result of a call that only looks */
void call_end_look(struct call *call);

/** write_ret() - write the member ret and, if it is negative, errno */
void write_ret(struct json_writer *w, int64_t ret);

/** write_call_ret() - write the ret of an emulated call, which may be an address,
 * and its errno */
void write_call_ret(struct json_writer *w, enum op_code code, int64_t ret);

/* By enum access_fault and access_code, whose first has no name. */
enum {
	ACCESS_FAULTS = 4,
	ACCESS_CODES = 4
};
extern const char *const fault_names[ACCESS_FAULTS];
extern const char *const fault_code_names[ACCESS_CODES];

/** write_fault() - write the members fault, si_code and si_addr */
void write_fault(struct json_writer *w, const struct access_outcome *access);

/* Handlers, by file. */
bool run_subscribe(struct call *call); /* subscription.c */
bool run_unsubscribe(struct call *call);
bool run_process_create(struct call *call); /* methods_process.c */
bool run_process_get(struct call *call);
bool run_process_fork(struct call *call);
bool run_process_list(struct call *call); /* methods_list.c */
enum process_lookup place_process_list(struct call *call, unsigned *ownerp);
bool run_process_exec(struct call *call);  /* methods_exec.c */
bool run_process_share(struct call *call); /* shares.c */
bool run_process_unshare(struct call *call);
bool run_process_exit(struct call *call); /* methods_thread.c */
bool run_thread_create(struct call *call);
bool run_thread_exit(struct call *call);
bool run_file_open(struct call *call);
bool run_file_truncate(struct call *call);
bool run_file_close(struct call *call);
bool run_mm_call(struct call *call); /* methods_mm.c */
bool run_mm_mincore(struct call *call);
bool run_mm_access(struct call *call);
bool run_mm_find_vma(struct call *call);
bool run_mm_snapshot(struct call *call); /* methods_inspect.c */
bool run_mm_status(struct call *call);
bool run_mm_maps(struct call *call); /* methods_maps.c */
bool run_mm_smaps(struct call *call);
bool maps_is_long(const struct call *call);
bool smaps_is_long(const struct call *call);
bool run_history_list(struct call *call); /* methods_history.c */
bool list_is_long(const struct call *call);
bool run_history_at(struct call *call); /* methods_at.c */
bool at_is_long(const struct call *call);
bool run_history_diff(struct call *call);   /* methods_diff.c */
bool run_history_rewind(struct call *call); /* methods_past.c */
bool run_world_branch(struct call *call);
bool rewind_is_long(const struct call *call);
bool branch_is_long(const struct call *call);
bool run_world_export(struct call *call); /* methods_export.c */
bool run_world_import(struct call *call); /* methods_import.c */
bool run_profile_list(struct call *call);
bool run_mm_explain(struct call *call); /* methods_explain.c */
bool explain_is_long(const struct call *call);
bool run_script_run(struct call *call); /* methods_script.c */
bool run_discover(struct call *call);

/**
 * process_setup_read() - process.create's parameters as a setup
 * @setup: out; points into the body and into service->arena
 *
 * Return: true, or false with call->error set.
 */
bool process_setup_read(struct call *call, struct process_setup *setup);
