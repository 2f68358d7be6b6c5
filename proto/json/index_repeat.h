/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside proto/json: what repeats the row before
 *
 * The calls of a batch resemble each other: mostly the members stand in the same
 * order, and many have the same value. What repeats the row before byte for byte
 * has been judged with it.
 *
 *	"id":41,"method":"mm.brk","params":{"process":"a","addr":4096}   before
 *	"id":42,"method":"mm.brk","params":{"process":"a","addr":8192}   @p's
 *	        ^ p                                            ^ j->same_end
 *
 * The model of a member is the one in its place in the row before, in an object
 * of the same name.
 */
#include "proto/json/index.h"
#include "proto/json/judge.h"

/* How far a text is compared with that of the row before, at most. */
#define SAME_LOOK 256

/** repeat_look() - look how far the text at @p repeats what was at @was */
static inline void repeat_look(struct judge *j, const char *p, const char *was)
{
	const uintptr_t shift = (uintptr_t)p - (uintptr_t)was;
	ptrdiff_t most = SAME_LOOK;

	if (shift == j->shift && p < j->same_end)
		return;
	if (j->end - p < most)
		most = j->end - p;
	if (j->was_end - was < most)
		most = j->was_end - was;
	j->shift = shift;
	j->same_end = scan_same(p, was, p + most);
}

/** repeat_member() - take the member that repeats @model, if it does, and all
 * that is in it; NULL: look at it
 * @item: has its name's place */
static inline const char *repeat_member(struct judge *j, const char *p,
					const struct json_item *model,
					struct json_item *item)
{
	const uint32_t name = item->name;
	/* What ends it is compared too, or a number could go on. */
	const char *next = p + (json_item_behind(model) - model->name);

	if (next >= j->same_end)
		return NULL;
	*item = *model;
	item->name = name;
	item->at = name + (model->at - model->name);
	item->inside = model->inside - (int32_t)(item - model);
	item->span = 1;
	item->repeats = true;
	j->items = item + 1;
	return next;
}

/** repeat_name() - take the name of @model, if that is repeated at @p, and the
 * space behind its colon; NULL: look at it */
static inline const char *repeat_name(const struct judge *j, const char *p,
				      const struct json_item *model,
				      struct json_item *item)
{
	const char *next = p + model->head;

	if (next >= j->same_end)
		return NULL;
	item->key = model->key;
	item->head = model->head;
	return next + (*next == ' ');
}
