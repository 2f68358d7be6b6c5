/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What became of areas while operations ran: which were split off which others,
 * and which were merged into which
 *
 * Two states do not say so: an area that was unmapped and mapped anew looks as if
 * it had been renamed. So the engine is listened to where it decides.
 */
#include <stdbool.h>
#include <stdint.h>

#include "core/mm/step.h"
#include "core/world/history.h"
#include "core/world/operation.h"
#include "proto/json/buffer.h"

enum {
	/* Between states that are farther apart addresses must do. */
	LINEAGE_MAX = HISTORY_DEFAULT,
};

struct lineage {
	struct step_sink sink;
	struct step_sink *next; /* told as well; NULL: nobody */
	struct buffer splits, merges;
	bool is_open;      /* there is something, or nothing happened */
	bool is_sorted;    /* merges, by area */
	bool is_elsewhere; /* what comes is of another address space */
};

/** lineage_init() - nothing is known yet; nothing is allocated */
void lineage_init(struct lineage *lineage);

/** lineage_move() - let @to, not yet initialised, have what @from knows, which
 * listens to nothing and forgets it */
void lineage_move(struct lineage *to, struct lineage *from);

/** lineage_deinit() - free it */
void lineage_deinit(struct lineage *lineage);

/**
 * lineage_begin() - forget all, and listen
 * @next: is told as well; NULL: nobody
 *
 * Return: whom the engine shall tell, with world_watch().
 */
struct step_sink *lineage_begin(struct lineage *lineage,
				struct step_sink *next);

/** lineage_end() - forget all; nothing is known then */
void lineage_end(struct lineage *lineage);

/**
 * lineage_apply() - carry out an operation, and listen if it is about
 * @number: a process
 * @world:  with it; nobody is told of what happens there but @lineage
 *
 * Return: as world_apply().
 */
enum world_status lineage_apply(struct lineage *lineage, struct world *world,
				uint32_t number, const struct operation *op);

/** lineage_is_known() - has it heard all, and kept it? */
bool lineage_is_known(const struct lineage *lineage);

/* The area that @id was split off when it was made; 0: it was not. O(log n) */
uint32_t lineage_split_from(const struct lineage *lineage, uint32_t id);

/* The area that took @id over at its end; 0: none did. O(log n) */
uint32_t lineage_merged_into(struct lineage *lineage, uint32_t id);
