/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The names of one loop's processes
 *
 * A name is 32 letters and digits that nobody can guess: whoever has it may use
 * the process. It says where the process lives, so that any loop knows whom to
 * ask:
 *
 *	| loop 12 | slot 28 | generation 24 | random 96 |   bits, in base 32
 *
 * The generation tells a process that has gone from its slot's next tenant; a
 * slot whose generations are used up is not used again.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct world;

enum {
	PROCESS_NAME_LEN = 32,
	PROCESS_RANDOM_WORDS = 3,
	PROCESS_OWNERS_MAX = 1 << 12,
};

/* What a name stands for. */
struct process_slot {
	struct world *world; /* one of its owners; NULL: the slot is free */
	uint32_t number; /* in the world; of a free slot the next free one */
	uint32_t generation;
	uint32_t born;   /* seconds of the service's age */
	uint16_t client; /* whose it is: less than RPC_CLIENTS_MAX */
	bool is_share;   /* a second name, see shares.h */
	uint32_t random[PROCESS_RANDOM_WORDS];
	uint32_t shares; /* the first or next one's slot, and 1; 0: none */
};

struct process_table {
	struct process_slot **chunks;
	uint32_t nr_chunks, max_chunks;
	uint32_t used; /* slots that were ever used */
	uint32_t free; /* first free one, or SLOT_NONE */
	uint32_t live;
	unsigned owner;
	/* The name found last, and its slot, as the next one is mostly that
	 * again; SLOT_NONE: none. */
	char last[PROCESS_NAME_LEN];
	uint32_t last_slot;
};

/** process_table_init() - the table of loop @owner, empty; allocates nothing */
void process_table_init(struct process_table *table, unsigned owner);

/** process_table_deinit() - forget all names; the worlds are the caller's */
void process_table_deinit(struct process_table *table);

/**
 * process_table_add() - a slot for a new process
 * @random: its unguessable part
 * @indexp: out: the slot's number, for process_table_name()
 *
 * The caller sets world (at once), number, born and client.
 *
 * Return: the slot, with everything else 0; NULL: the host has no memory.
 * Cost:   48 bytes a live process, O(1).
 */
struct process_slot *
process_table_add(struct process_table *table,
		  const uint32_t random[PROCESS_RANDOM_WORDS],
		  uint32_t *indexp);

/** process_table_remove() - the name is gone from now on; world is the caller's
 * to release, before */
void process_table_remove(struct process_table *table, uint32_t index);

/** process_table_name() - write the name of a slot in use, without a NUL */
void process_table_name(const struct process_table *table, uint32_t index,
			char name[PROCESS_NAME_LEN]);

enum process_lookup {
	PROCESS_FOUND,
	PROCESS_UNKNOWN,   /* never given to anybody */
	PROCESS_GONE,      /* its slot has been given back */
	PROCESS_ELSEWHERE, /* of loop *ownerp, which knows more */
	PROCESS_READ_ONLY, /* a share, and the call is not one that looks */
};

/**
 * process_table_find() - what a name stands for
 * @owners: how many loops there are
 * @indexp: out, with PROCESS_FOUND: the slot's number
 * @ownerp: out, with PROCESS_ELSEWHERE: the loop
 *
 * Takes the same time however much of the unguessable part is right.
 */
enum process_lookup process_table_find(const struct process_table *table,
				       unsigned owners, const char *name,
				       size_t len, uint32_t *indexp,
				       unsigned *ownerp);

/** process_table_find_next() - process_table_find(), and quickly where it found
 * the same name before */
enum process_lookup process_table_find_next(struct process_table *table,
					    unsigned owners, const char *name,
					    size_t len, uint32_t *indexp,
					    unsigned *ownerp);

/** process_table_slot() - the slot of that number */
struct process_slot *process_table_slot(const struct process_table *table,
					uint32_t index);
