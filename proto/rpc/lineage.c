/* SPDX-License-Identifier: MIT */
#include "proto/rpc/lineage.h"

#include <stdlib.h>

#include "core/mm/mm_types.h"
#include "core/world/process.h"

/* Of each kind; what is more is not known, rather than kept. */
#define PAIRS_BYTES_MAX (4u << 20)

/* An area is split off once and swallowed once, and ids are not used again. */
struct pair {
	uint32_t id, other;
};

static void add(struct buffer *pairs, uint64_t id, uint64_t other)
{
	const struct pair pair = { (uint32_t)id, (uint32_t)other };

	buffer_append(pairs, &pair, sizeof(pair));
}

static void hear(void *ctx, const struct step *step)
{
	const uint64_t *values = step->values;
	struct lineage *lineage = ctx;

	if (lineage->next)
		lineage->next->tell(lineage->next->ctx, step);
	if (lineage->is_elsewhere)
		return;
	if (step->kind == STEP_SPLIT_ABOVE || step->kind == STEP_SPLIT_BELOW)
		add(&lineage->splits, values[2], values[0]);
	else if (step->kind == STEP_ADJUST_SWALLOWS)
		add(&lineage->merges, values[1], values[0]);
	else if (step->kind == STEP_EXEC_NEW_MM)
		lineage->is_elsewhere = true;
}

static uint64_t count(void *ctx)
{
	const struct lineage *lineage = ctx;
	const struct step_sink *next = lineage->next;

	return next && next->told ? next->told(next->ctx) : 0;
}

/* The order is nothing to us, but to whoever is told as well. */
static void move(void *ctx, uint64_t from, uint64_t to)
{
	const struct lineage *lineage = ctx;
	const struct step_sink *next = lineage->next;

	if (next && next->move)
		next->move(next->ctx, from, to);
}

void lineage_init(struct lineage *lineage)
{
	*lineage = (struct lineage){ .sink = { hear, lineage, count, move } };
	buffer_init(&lineage->splits, PAIRS_BYTES_MAX);
	buffer_init(&lineage->merges, PAIRS_BYTES_MAX);
}

void lineage_move(struct lineage *to, struct lineage *from)
{
	*to = *from;
	to->sink.ctx = to;
	to->next = NULL;
	lineage_init(from);
}

void lineage_deinit(struct lineage *lineage)
{
	buffer_deinit(&lineage->splits);
	buffer_deinit(&lineage->merges);
}

struct step_sink *lineage_begin(struct lineage *lineage, struct step_sink *next)
{
	lineage_end(lineage);
	lineage->next = next;
	lineage->is_open = true;
	return &lineage->sink;
}

void lineage_end(struct lineage *lineage)
{
	buffer_reset(&lineage->splits, 0);
	buffer_reset(&lineage->merges, 0);
	lineage->next = NULL;
	lineage->is_open = lineage->is_sorted = lineage->is_elsewhere = false;
}

static const struct mm_struct *mm_of(const struct world *world, uint32_t number)
{
	const struct process *process = world_process(world, number);

	return process ? process_mm(process) : NULL;
}

enum world_status lineage_apply(struct lineage *lineage, struct world *world,
				uint32_t number, const struct operation *op)
{
	enum world_status status;
	struct outcome out = { .vec = NULL };

	/* Processes that share an address space change it for each other. */
	lineage->is_elsewhere =
		mm_of(world, op->process) != mm_of(world, number);
	world_watch(world, &lineage->sink);
	status = world_apply(world, op, &out);
	world_watch(world, NULL);
	return status;
}

bool lineage_is_known(const struct lineage *lineage)
{
	return lineage->is_open && !lineage->splits.failed &&
	       !lineage->merges.failed;
}

static int compare(const void *a, const void *b)
{
	const struct pair *one = a, *other = b;

	return (one->id > other->id) - (one->id < other->id);
}

static uint32_t find(const struct buffer *pairs, uint32_t id)
{
	const struct pair key = { .id = id }, *found = NULL;

	if (pairs->len)
		found = bsearch(&key, pairs->data, pairs->len / sizeof(key),
				sizeof(key), compare);
	return found ? found->other : 0;
}

/* Newer areas have higher ids: they were heard of in order. */
uint32_t lineage_split_from(const struct lineage *lineage, uint32_t id)
{
	return find(&lineage->splits, id);
}

uint32_t lineage_merged_into(struct lineage *lineage, uint32_t id)
{
	struct buffer *merges = &lineage->merges;

	if (!lineage->is_sorted && merges->len)
		qsort(merges->data, merges->len / sizeof(struct pair),
		      sizeof(struct pair), compare);
	lineage->is_sorted = true;
	return find(merges, id);
}
