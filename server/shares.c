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

struct share *shares_find(struct shares *shares, uint32_t client)
{
	if (!client)
		return &shares->anonymous;
	return client < shares->room ? shares->all[client] : NULL;
}

struct share *shares_get(struct shares *shares, uint32_t client)
{
	struct share *share = shares_find(shares, client);

	if (share)
		return share;
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

void spare_push(struct shares *shares, struct spare_list *list,
		struct spare *spare)
{
	spare->list = list;
	spare->number = ++shares->lined_up;
	spare->next = NULL;
	spare->prev = list->last;
	if (list->last)
		list->last->next = spare;
	else
		list->first = spare;
	list->last = spare;
}

void spare_take(struct spare *spare)
{
	if (!spare->list)
		return;
	if (spare->prev)
		spare->prev->next = spare->next;
	else
		spare->list->first = spare->next;
	if (spare->next)
		spare->next->prev = spare->prev;
	else
		spare->list->last = spare->prev;
	spare->list = NULL;
}

uint64_t shares_idle_since(const void *ctx, uint32_t client)
{
	const struct shares *shares = ctx;
	const struct share *share = &shares->anonymous;

	if (client)
		share = client < shares->room ? shares->all[client] : NULL;
	return share && share->spares[SPARE_IDLE].first
		       ? share->spares[SPARE_IDLE].first->number
		       : UINT64_MAX;
}
