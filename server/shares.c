/* SPDX-License-Identifier: MIT */
#include "server/shares.h"

#include <stdlib.h>

void task_queue_push(struct task_queue *queue, struct task *task)
{
	task->next = NULL;
	if (queue->first)
		queue->last->next = task;
	else
		queue->first = task;
	queue->last = task;
}

struct task *task_queue_pop(struct task_queue *queue)
{
	struct task *task = queue->first;

	if (task)
		queue->first = task->next;
	return task;
}

static bool make_room(struct shares *shares, uint32_t client)
{
	uint32_t i, room = shares->room ? shares->room : 8;
	struct share **all;

	while (room <= client)
		room *= 2;
	all = realloc(shares->all, room * sizeof(struct share *));
	if (!all)
		return false;
	for (i = shares->room; i < room; i++)
		all[i] = NULL;
	shares->all = all;
	shares->room = room;
	return true;
}

struct share *shares_get(struct shares *shares, uint32_t client)
{
	struct share *share;

	if (!client)
		return &shares->anonymous;
	if (client < shares->room && shares->all[client])
		return shares->all[client];
	if (client >= shares->room && !make_room(shares, client))
		return &shares->anonymous;
	share = calloc(1, sizeof(*share));
	if (!share)
		return &shares->anonymous;
	share->client = client;
	shares->all[client] = share;
	return share;
}

void shares_deinit(struct shares *shares)
{
	uint32_t i;

	for (i = 0; i < shares->room; i++)
		free(shares->all[i]);
	free(shares->all);
}

/* Behind the others who have tasks. */
static void queue_up(struct shares *shares, struct share *share)
{
	share->next = NULL;
	if (shares->first)
		shares->last->next = share;
	else
		shares->first = share;
	shares->last = share;
}

void shares_push(struct shares *shares, struct task *task)
{
	struct share *share = shares_get(shares, task->client);
	const bool is_in_order = share->ready.first;

	task_queue_push(&share->ready, task);
	shares->ready++;
	if (!is_in_order)
		queue_up(shares, share);
}

struct task *shares_pop(struct shares *shares)
{
	struct share *share = shares->first;
	struct task *task;

	if (!share)
		return NULL;
	shares->first = share->next;
	task = task_queue_pop(&share->ready);
	shares->ready--;
	if (share->ready.first)
		queue_up(shares, share);
	return task;
}

bool share_is_used(const struct shares *shares, const struct share *share,
		   unsigned slice)
{
	if (share->ready.first)
		return true;
	return share->turn == shares->turn &&
	       (share->calls >= (uint64_t)SHARE_SLICES * slice ||
		share->ns >= SHARE_NS);
}

void share_use(const struct shares *shares, struct share *share, uint64_t calls,
	       uint64_t ns)
{
	if (share->turn != shares->turn) {
		share->turn = shares->turn;
		share->calls = 0;
		share->ns = 0;
	}
	share->calls += calls;
	share->ns += ns;
}

void share_idle(struct shares *shares, struct share *share, struct idler *idler)
{
	idler->number = ++shares->idled;
	idler->next = NULL;
	idler->prev = share->idle_last;
	if (idler->prev)
		idler->prev->next = idler;
	else
		share->idle_first = idler;
	share->idle_last = idler;
}

void share_end_idle(struct share *share, struct idler *idler)
{
	if (!idler->number)
		return;
	idler->number = 0;
	if (idler->prev)
		idler->prev->next = idler->next;
	else
		share->idle_first = idler->next;
	if (idler->next)
		idler->next->prev = idler->prev;
	else
		share->idle_last = idler->prev;
}

/* Is it rather @share than @other that makes room? */
static bool is_before(const struct share *share, const struct share *other)
{
	if (!share->idle_first || !other->idle_first)
		return share->idle_first;
	if (share->conns != other->conns)
		return share->conns > other->conns;
	return share->idle_first->number < other->idle_first->number;
}

struct idler *shares_spare(const struct shares *shares)
{
	const struct share *most = &shares->anonymous;
	uint32_t i;

	for (i = 0; i < shares->room; i++)
		if (shares->all[i] && is_before(shares->all[i], most))
			most = shares->all[i];
	return most->idle_first;
}
