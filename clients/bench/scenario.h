/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Scenarios: what the connections of a run say
 *
 * Every connection has a player. It is asked for one call at a time and writes
 * it together with what its answer must be, which it can because the server
 * runs the calls of one connection in their order. What it has to learn from
 * answers, names of processes and threads above all, it is told.
 *
 * A scenario is one file, scenario_*.c; the table in scenario.c names them all.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clients/bench/answer.h"
#include "clients/bench/bytes.h"
#include "clients/bench/expectation.h"

/* A run settles, is measured, and leaves the server as it was. */
enum phase {
	PHASE_SETTLE,
	PHASE_RUN,
	PHASE_LEAVE,
};

enum {
	PROCESS_NAME_MAX = 64,
};

struct bench_trace;

/**
 * struct stage - what the players of a run share
 * @want:    the parameter of that name, a JSON text
 * @wants:   whether it asks for a snapshot
 * @areas:   how many areas `call` adds to its processes
 * @keep:    `create` leaves its processes on the server
 * @players: how many there are
 * @server:  whom `replay` asks which releases there are, with @token or NULL
 * @trace:   of `replay`: the path of the file, and what was read from it
 * @process: of `threads`: the one process, empty until it is there
 */
struct stage {
	const char *want;
	bool wants;
	uint64_t areas;
	bool keep;
	bool unchecked;
	uint64_t seed;
	uint64_t players;
	const char *server;
	const char *token;
	const char *trace_path;
	struct bench_trace *trace;
	char process[PROCESS_NAME_MAX];
};

/**
 * struct player - one connection's part
 * @index:   counted from 0
 * @random:  state of its random numbers
 * @step:    how far it is; the scenario's own, as is state
 * @process: its process, empty while it has none
 */
struct player {
	const struct scenario *scenario;
	struct stage *stage;
	uint64_t index;
	uint64_t random;
	uint64_t step;
	uint64_t thread;
	char process[PROCESS_NAME_MAX];
	void *state;
};

/**
 * struct scenario - one kind of load
 * @fragile:    after an error its players do not know any more how their
 *              process stands, so they stop
 * @state_size: bytes of a player's state, zeroed before init
 * @open:       prepare the stage; optional. 0, or -1 with a message in @error
 * @close:      undo open; optional
 * @init:       prepare a player; optional
 * @next:       write the next call of a phase: append `"method":…,"params":…`
 *              to @text and fill @expect (id excepted). False: nothing to say
 *              until answers have come, or, with none outstanding, at all
 * @learn:      look at a right answer; optional
 * @deinit:     release what init obtained; optional
 */
struct scenario {
	const char *name;
	const char *summary;
	bool fragile;
	size_t state_size;
	int (*open)(struct stage *stage, char *error, size_t error_size);
	void (*close)(struct stage *stage);
	void (*init)(struct player *player);
	bool (*next)(struct player *player, enum phase phase,
		     struct bytes *text, struct expectation *expect);
	void (*learn)(struct player *player, const struct expectation *expect,
		      const struct answer *answer);
	void (*deinit)(struct player *player);
};

extern const struct scenario scenario_call;
extern const struct scenario scenario_walk;
extern const struct scenario scenario_replay;
extern const struct scenario scenario_threads;
extern const struct scenario scenario_create;

/* All of them, ended by NULL. */
extern const struct scenario *const scenarios[];

/** scenario_find() - the scenario of that name, or NULL */
const struct scenario *scenario_find(const char *name);

/** player_new() - a player; exits when memory is short */
struct player *player_new(const struct scenario *scenario, struct stage *stage,
			  uint64_t index);

/** player_free() - release a player; NULL is fine */
void player_free(struct player *player);

/** player_random() - a random number below @bound, which is not 0 */
uint64_t player_random(struct player *player, uint64_t bound);

/** process_name_set() - keep the process that an answer names */
void process_name_set(char name[PROCESS_NAME_MAX], struct span process);

/** say_method() - begin a call: its method and, open, its parameters with the process */
void say_method(struct bytes *text, const char *method, const char *process);

/** say_thread() - add the parameter `thread` */
void say_thread(struct bytes *text, uint64_t thread);

/** say_hex() - add a parameter that is an address */
void say_hex(struct bytes *text, const char *name, uint64_t value);

/** say_number() - add a parameter that is a number */
void say_number(struct bytes *text, const char *name, uint64_t value);

/** say_end() - add `want` and close the parameters */
void say_end(struct bytes *text, const char *want);

/** say_create() - process.create with no parameters but want: [] */
void say_create(struct bytes *text, struct expectation *expect);

/** say_exit() - process.exit */
void say_exit(struct bytes *text, const char *process,
	      struct expectation *expect);

/** say_map() - mmap of one private anonymous page with MAP_FIXED */
void say_map(struct bytes *text, const struct player *player, uint64_t addr,
	     const char *want, struct expectation *expect);

/** player_leave() - the next function of PHASE_LEAVE for players with one process */
bool player_leave(struct player *player, struct bytes *text,
		  struct expectation *expect);
