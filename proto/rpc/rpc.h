/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * JSON-RPC 2.0 over worlds: bytes in, bytes out
 *
 * No sockets, no clock, no threads. An rpc_service is one loop's share of the
 * service: the worlds that were created on this loop, the names of their
 * processes, the accounts they are charged to. It is used by one thread only;
 * services of different loops share nothing but the quotas of clients.
 *
 * A request body is a job. The server runs it until it is done, and takes it
 * to another loop whenever it meets a process that lives there:
 *
 *	rpc_job_init(&job, body, len, &answer);
 *	switch (rpc_run(service, &job, &owner)) {
 *	case RPC_DONE:      send the answer, or 204 if it is empty
 *	case RPC_YIELD:     let others have their turn, then run it again
 *	case RPC_ELSEWHERE: run it with the service of loop `owner`
 *	}
 *
 * The body is judged as a whole before anything runs. Calls of a batch run in
 * order and are answered in order, on whatever loops their processes live.
 * Notifications are not answered, whatever becomes of them; but process.create
 * or process.fork without an id is no request at all, and is answered as such.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/json/buffer.h"
#include "proto/rpc/clients.h"
#include "proto/rpc/retry_store.h"
#include "proto/rpc/still.h"

struct rpc_service;

/* All maxima of this layer; 0 takes the default. */
struct rpc_limits {
	size_t batch_calls;       /* calls in one batch: 1000 */
	size_t answer_bytes;      /* of one job: 32 MiB */
	unsigned depth;           /* arrays and objects inside another: 32 */
	uint64_t processes;       /* of the anonymous client: 1,100,000 */
	uint64_t threads;         /* 4 Mi */
	uint64_t areas;           /* 64 Mi */
	uint64_t bytes;           /* 8 GiB */
	uint64_t rate;            /* calls a second: any number */
	uint64_t call_bytes;      /* that one call may allocate: 128 MiB */
	uint64_t world_bytes;     /* that one world may hold: 32 MiB */
	unsigned shares;          /* of one process: 16 */
	unsigned steps;           /* in one call's answer: 10,000 */
	unsigned copied_areas;    /* of a world that one call copies: 200,000 */
	unsigned told_areas;      /* for subscribers who want diff: 4,000 */
	unsigned watchers;        /* subscriptions to one world: 4,096; half of
				     them by shares */
	unsigned reads_per_slice; /* areas and page tables of one long call,
				     before rpc_run yields: 4096 */
	unsigned calls_per_slice; /* of a batch, before rpc_run yields: 128 */
	uint64_t script_steps;    /* of one script: 10,000 */
	unsigned script_ms;       /* that it may take: 1000 */
	unsigned idle_ms; /* a world without calls ends after it; 0: never */
	/* What idempotency keys keep, of each client: 10000 results, 16 MiB,
	 * 64 KiB of one, an hour. */
	struct retry_limits retry;
};

struct subscription;
struct held_call;

/*
 * A connection that can bring notifications, and so may subscribe. The host
 * embeds it, and names it in the connection's jobs.
 */
struct rpc_subscriber {
	unsigned max;                /* subscriptions at one time */
	atomic_uint live;            /* of them */
	struct subscription **lists; /* by loop, for that loop alone */
};

/** rpc_subscriber_init() - without subscriptions, of which it may have @max,
 * in @owners loops; false: no memory */
bool rpc_subscriber_init(struct rpc_subscriber *subscriber, unsigned owners,
			 unsigned max);

/** rpc_subscriber_deinit() - free it; it has gone from all services */
void rpc_subscriber_deinit(struct rpc_subscriber *subscriber);

/** rpc_subscriber_gone() - end its subscriptions in @service, in silence; no job
 * of its connection is under way */
void rpc_subscriber_gone(struct rpc_service *service,
			 struct rpc_subscriber *subscriber);

/** rpc_subscriber_catch_up() - it has room again: tell it what it missed in
 * @service */
void rpc_subscriber_catch_up(struct rpc_service *service,
			     struct rpc_subscriber *subscriber);

/* The part of a notification that several may share, behind its head. */
struct rpc_note {
	atomic_uint holders;
	size_t len;
	char text[];
};

enum {
	RPC_NOTE_HEAD_MAX = 160
};

/** rpc_note_put() - let go of a note; from any thread */
void rpc_note_put(struct rpc_note *note);

/*
 * Memory in pieces of @size bytes, each at a multiple of that; NULL: none left. A
 * piece that unmap() cannot take back now (false) stays the caller's.
 */
struct slab_host {
	void *(*map)(size_t size);
	bool (*unmap)(void *slab, size_t size);
};

/* What the host provides. */
struct rpc_host {
	/* Fills @out with unpredictable bytes; must not fail. */
	void (*random)(void *ctx, void *out, size_t len);
	void *ctx;
	const char *version; /* of the program; kept */
	/* Milliseconds since any start, never going back. NULL: processes have
	 * no age. */
	uint64_t (*now)(void *ctx);
	/* Nanoseconds likewise. NULL: nothing is timed. */
	uint64_t (*clock)(void *ctx);
	/* May more be told to @to? If not, the host calls
	 * rpc_subscriber_catch_up() when there is room. */
	bool (*has_room)(void *ctx, struct rpc_subscriber *to);
	/* Sends a notification: @head, and @note behind it, which the host holds
	 * on its own account. @at_last: whatever room there is. False: it could
	 * not, and will call rpc_subscriber_catch_up(). */
	bool (*notify)(void *ctx, struct rpc_subscriber *to, const char *head,
		       size_t head_len, struct rpc_note *note, bool at_last);
	/* Call rpc_service_reap() from now on; in a turn of the service. NULL:
	 * the host calls it now and then anyway. */
	void (*wants_reaping)(void *ctx);
	/* Who may own what, shared by the services of all loops and kept. NULL:
	 * there is only the anonymous client, whose limits hold for this
	 * service alone. */
	struct rpc_clients *clients;
	/* Where the memory of worlds comes from, kept. NULL: aligned_alloc(). */
	const struct slab_host *slabs;
};

/** rpc_limits_quotas() - what @limits say of one client, defaults filled in */
struct rpc_quotas rpc_limits_quotas(const struct rpc_limits *limits);

/**
 * rpc_service_new() - one loop's share of the service
 * @owner:  this loop's number, from 0
 * @owners: how many loops there are, 1 to 4096: process_table.h
 * @limits: copied; NULL: all defaults
 * @host:   copied
 *
 * Return: the service, to be released with rpc_service_free(); NULL if the host
 *         has no memory.
 */
struct rpc_service *rpc_service_new(unsigned owner, unsigned owners,
				    const struct rpc_limits *limits,
				    const struct rpc_host *host);

/**
 * rpc_service_free() - end all worlds and give everything back
 * @service: may be NULL
 *
 * Cost: O(what the worlds hold).
 */
void rpc_service_free(struct rpc_service *service);

/**
 * rpc_service_drain() - make no more processes
 *
 * From now on process.create is refused with `shutdown`; all other calls go on,
 * so that accepted requests can finish.
 */
void rpc_service_drain(struct rpc_service *service);

/* What a caller may do: each role includes those before it. */
enum rpc_role {
	RPC_ANONYMOUS, /* no token came with the request */
	RPC_STUDENT,
	RPC_TEACHER,
	RPC_OPERATOR,
};

/*
 * Whoever sent a request. Clients are told apart by number: worlds and what
 * they take are charged to the one that made them. 0 is the anonymous client,
 * which all callers without a token share.
 */
struct rpc_caller {
	uint32_t client;
	enum rpc_role role;
};

enum {
	RPC_METHODS_MAX = 64, /* and one more number, of unknown names */
};

/* A set of methods, a bit each by number. */
struct rpc_methods {
	uint64_t bits[RPC_METHODS_MAX / 64 + 1];
};

/** rpc_method_name() - the method's name, "unknown" for RPC_METHODS_MAX, NULL:
 * there is none of that number */
const char *rpc_method_name(unsigned number);

/**
 * rpc_service_sweep() - let time go on, end worlds that are idle too long, and
 * forget results that are too old for a retry
 *
 * To be called about once a second. A bounded number of names is looked at and
 * of worlds ended, so that large tables take several sweeps.
 *
 * Return: how many names are gone.
 */
unsigned rpc_service_sweep(struct rpc_service *service);

/**
 * rpc_service_reap() - give back a part of what worlds that have ended took, and of
 * what calls have given up
 *
 * A large world is given back in parts, so that nobody waits for it. Whoever
 * owned it pays for what is left, but is not refused anything for its sake: then
 * as much is given back as the call needs. To be called in turns with other work
 * after host->wants_reaping(), as long as there is more.
 *
 * Return: whether there is more.
 * Cost:   O(1), some 100 us at most.
 */
bool rpc_service_reap(struct rpc_service *service);

/*
 * One request body being worked through. Plain data, embedded by the server in
 * its own job; may move between threads between two calls of rpc_run().
 */
struct rpc_job {
	const char *body; /* borrowed until the job is done */
	size_t body_len;
	struct buffer *answer;    /* borrowed; the answer is appended. After the
				     first rpc_run() the host may move it */
	struct rpc_caller caller; /* set by whoever knows, after rpc_job_init():
				     anonymous until then */
	struct rpc_subscriber *subscriber; /* likewise; NULL: none */
	/* The body that was last begun on this service was the same sender's: they
	 * may resemble each other. Set by whoever knows, false until then. */
	bool follows;

	/* private to rpc_run() */
	size_t cursor;       /* in body: what has been done */
	size_t answer_start; /* in answer: where this job's begins */
	uint64_t index;      /* stamp of the index that has the next call */
	unsigned ahead;      /* calls that were last fetched into one */
	unsigned fetched;    /* of these, not yet done */
	unsigned calls;      /* not yet done */
	uint8_t state;
	bool had_turn;            /* the body stays where it is from now on */
	uint8_t cut;              /* which calls of it still begin: job_cut */
	struct held_call *held;   /* goes on in the next turn; NULL: none */
	struct still_place place; /* where it waits for a world, if it does */
	unsigned retry_after;     /* seconds; not 0: the calls are too many */

	/* What became of it, by host->clock. */
	uint64_t began, ended; /* its first rpc_run(), and its last one's end */
	uint64_t turn;         /* nanoseconds of the last rpc_run() alone */
	unsigned answered;     /* calls, notifications among them */
	unsigned errors;       /* of these, or 1: the body as a whole */
	struct rpc_methods methods; /* that were called */
};

enum rpc_status {
	RPC_DONE,      /* the whole answer has been appended */
	RPC_ELSEWHERE, /* go on with the service of loop *ownerp */
	RPC_YIELD,     /* go on here, after other work had its turn */
};

/**
 * rpc_job_init() - a request body that nobody has looked at yet
 * @body:   need not end with a NUL; may be NULL if it is empty
 * @answer: may hold bytes already (a response head); they are left alone
 */
void rpc_job_init(struct rpc_job *job, const char *body, size_t body_len,
		  struct buffer *answer);

/**
 * rpc_run() - work on a job
 * @service: of the loop that runs this
 * @job:     initialised, and not done
 * @ownerp:  out, with RPC_ELSEWHERE: the loop to go on with
 *
 * Before RPC_ELSEWHERE the call in question has had no effect, and may have done a
 * part of its work already (history.diff of two loops' processes). With RPC_DONE
 * the answer is empty if there is nothing to say: notifications only.
 *
 * No job adds more than limits->answer_bytes, nor more than the answer's own
 * maximum allows. A call whose answer does not fit is answered with
 * response.too_large, and data.carried_out says whether it ran and data.seq
 * which operation it was; later calls of the batch do not run and are
 * answered with the same error.
 *
 * If the host has no memory even for the answer that says so, answer->failed
 * is set with RPC_DONE, and what has been appended is to be thrown away.
 *
 * A call that takes several turns, or waits for a world that is kept still, does so
 * from the second one on, when the host has put the body where it stays. A job must be run
 * until it is done, or rpc_job_abandon() has said that it is: it may hold much.
 *
 * Cost: the calls, of which at most limits->calls_per_slice run in one go.
 */
enum rpc_status rpc_run(struct rpc_service *service, struct rpc_job *job,
			unsigned *ownerp);

/**
 * rpc_job_curtail() - run no further call of @job, and let its answer not grow
 *
 * For a host that runs short of memory, between two rpc_run(). The next one
 * answers the calls that have not run with an error (overload) that says so. Of
 * a call that has begun and is to change something yet, this changes nothing;
 * of another one the answer is lost, and the same error says whether the call was
 * carried out.
 */
void rpc_job_curtail(struct rpc_job *job);

/* Why nobody waits for a job's answer any more. */
enum rpc_abandoning {
	RPC_CLIENT_GONE, /* what it has asked to be changed is changed */
	RPC_HOST_ENDS,   /* nothing is done any more */
};

/**
 * rpc_job_abandon() - nobody waits for the answer to @job, which is not done
 * @service: of the loop that would run it next
 *
 * Between two rpc_run(), before each one that is left. What only serves the answer
 * is given up: calls that look, or that make a world, whose names the answer would
 * tell; and of a call that has been carried out what it has yet to tell. Worlds that
 * were kept still for it are so no longer.
 *
 * If the client is gone, all other calls are carried out, as it may have relied on
 * that, and their results kept for a retry. If the host ends, no call begins, and one
 * that is under way has changed nothing yet, and changes nothing.
 *
 * Return: true: the job is done, and its answer is to be thrown away; or false: go
 *         on with rpc_run().
 * Cost:   of giving up a call, what its copies of worlds hold.
 */
bool rpc_job_abandon(struct rpc_service *service, struct rpc_job *job,
		     enum rpc_abandoning why);

/**
 * rpc_discover() - append the OpenRPC document, as rpc.discover answers it
 * @out:     looked at by the caller for failure
 * @version: of the program
 */
void rpc_discover(struct buffer *out, const char *version);
