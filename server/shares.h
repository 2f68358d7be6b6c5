/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What each client has of one loop: turns, memory, and connections
 *
 * Tasks that are ready wait in a queue of their client's; the clients take
 * turns, a task at a time, so that whoever has a thousand waiting holds up
 * nobody else by more than one of them.
 *
 *	client 0   task task task
 *	client 7   task                  -> 0, 7, 9, 0, 9, 0
 *	client 9   task task
 *
 * Most requests never wait: they are carried out as they come in. Of that a
 * client has a share in each turn of the loop, by calls and by time; when it
 * has been used up, or tasks of the client's wait already, a request goes behind
 * them. All this is only where clients are told apart, by tokens; without them
 * there is client 0 alone.
 *
 * Connections stand in line to make room for others, by what they do and then
 * by how long it has been since something came of it. Which client has most is
 * in server/census.h; conn_room.c has them make room.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;

struct task {
	struct task *next;
	void (*run)(struct loop *loop, struct task *task);
	uint32_t client; /* on whose behalf; 0: nobody's, or the anonymous */
};

struct task_queue {
	struct task *first, *last;
};

struct spare_list {
	struct spare *first, *last;
};

/* A place in line: to be embedded in a connection. */
struct spare {
	struct spare *prev, *next;
	struct spare_list *list; /* NULL: it stands in none */
	uint64_t number;         /* in the order of lining up */
};

/* What a connection does, by who is to make room first. */
enum spare_kind {
	SPARE_IDLE,    /* nothing, and its client loses nothing */
	SPARE_WAITING, /* it waits for its client, in the middle of something */
	SPARE_BUSY,    /* a call is under way, that is to be finished */
	SPARE_KINDS
};

struct share {
	uint32_t client;
	/* Bytes of its connections in the loop's pending; and of notifications
	 * that wait for them. From any thread. */
	atomic_size_t pending, queued;
	/* Its connections that are not on their way out. */
	struct spare_list spares[SPARE_KINDS];

	/* private */
	struct share *next; /* in the order of turns */
	struct task_queue ready;
	uint64_t turn;  /* of the loop, that the rest is about */
	uint64_t calls; /* carried out as they came in */
	uint64_t ns;    /* which took so long */
};

struct shares {
	struct share anonymous;
	size_t ready; /* tasks, of all clients */
	uint64_t turn;
	/* Connections of all clients that have had their last answer, and wait
	 * for their clients. */
	struct spare_list leaving;

	/* private */
	struct share **all; /* by client's number; [0] is not used */
	uint32_t room;
	struct share *first, *last; /* who has tasks, in the order of turns */
	uint64_t lined_up;          /* the last number of a spare */
};

enum {
	SHARE_SLICES = 16, /* calls a turn, in slices of a batch */
	SHARE_NS = 2000000 /* and time for them */
};

/** shares_deinit() - free all shares; there are no tasks and connections */
void shares_deinit(struct shares *shares);

/** shares_get() - the share of a client; without memory, the anonymous one's.
 * It stays until shares_deinit() */
struct share *shares_get(struct shares *shares, uint32_t client);

/** shares_find() - the share of a client, or NULL if it has none yet */
struct share *shares_find(struct shares *shares, uint32_t client);

/** task_queue_push() - behind the others */
void task_queue_push(struct task_queue *queue, struct task *task);

/** task_queue_pop() - the first one; NULL: there is none */
struct task *task_queue_pop(struct task_queue *queue);

/** shares_push() - @task waits for a turn of its client's. O(1) */
void shares_push(struct shares *shares, struct task *task);

/** shares_pop() - the task whose turn it is; NULL: none waits. O(1) */
struct task *shares_pop(struct shares *shares);

/** shares_next_turn() - the loop begins another turn, with whole shares */
static inline void shares_next_turn(struct shares *shares)
{
	shares->turn++;
}

/**
 * share_is_used() - is a request to wait, rather than be carried out at once?
 * @slice: calls of a batch in one go
 */
bool share_is_used(const struct shares *shares, const struct share *share,
		   unsigned slice);

/** share_use() - @calls have been carried out as they came in, in @ns */
void share_use(const struct shares *shares, struct share *share, uint64_t calls,
	       uint64_t ns);

/** spare_push() - @spare, which stands in no line, is the last one of @list from
 * now on, which is one of @shares'. O(1) */
void spare_push(struct shares *shares, struct spare_list *list,
		struct spare *spare);

/** spare_take() - @spare stands in line no longer; nothing if it did not. O(1) */
void spare_take(struct spare *spare);

/** shares_idle_since() - the number of the client's connection that is idle here for
 * longest; UINT64_MAX: none is. @shares: struct shares, as census_most() hands it
 * on */
uint64_t shares_idle_since(const void *shares, uint32_t client);

/**
 * share_is_too_large() - is it this client that is to have no more memory?
 * @held:  by it
 * @all:   by all clients
 * @limit: of all; nobody has more beyond it
 *
 * From half the limit on, whoever holds more than a sixteenth of it makes way,
 * so that there is room left for the others.
 */
static inline bool share_is_too_large(size_t held, size_t all, uint64_t limit)
{
	return all > limit / 2 && held > limit / 16;
}
