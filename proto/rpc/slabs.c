/* SPDX-License-Identifier: MIT */
#include "proto/rpc/slabs.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include "core/mm/assert.h"
#include "proto/rpc/rpc.h"

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define EACH_ALONE 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define EACH_ALONE 1
#endif
#ifndef EACH_ALONE
#define EACH_ALONE 0
#endif

/* An object that was given back. */
struct free_object {
	struct free_object *next;
};

struct slab {
	struct slab *prev, *next; /* of its size, with room; or a spare */
	struct free_object *free;
	uint32_t used;  /* objects in use */
	uint32_t fresh; /* where what was never used begins */
};

/* What is to lie at a multiple of 16 has a size that is one, and so it does. */
_Static_assert(sizeof(struct slab) % _Alignof(max_align_t) == 0,
	       "objects begin behind it");

/* ------------------------------------------------------------- malloc() */

static void *plain_alloc(void *ctx, size_t size)
{
	(void)ctx;
	return malloc(size);
}

static void plain_free(void *ctx, void *ptr, size_t size)
{
	(void)ctx;
	(void)size;
	free(ptr);
}

struct allocator plain_allocator(void)
{
	return (struct allocator){ .alloc = plain_alloc, .free = plain_free };
}

static void *plain_map(size_t size)
{
	return aligned_alloc(size, size);
}

static bool plain_unmap(void *slab, size_t size)
{
	(void)size;
	free(slab);
	return true;
}

/* ---------------------------------------------------------------- slabs */

static size_t units_of(size_t size)
{
	return (size + SLAB_UNIT - 1) / SLAB_UNIT;
}

static struct slab *slab_of(void *object)
{
	return (struct slab *)((uintptr_t)object &
			       ~(uintptr_t)(SLAB_BYTES - 1));
}

static bool is_full(const struct slab *slab, size_t units)
{
	return !slab->free && slab->fresh + units * SLAB_UNIT > SLAB_BYTES;
}

static void push(struct slab **list, struct slab *slab)
{
	slab->prev = NULL;
	slab->next = *list;
	if (slab->next)
		slab->next->prev = slab;
	*list = slab;
}

static void take_out(struct slab **list, struct slab *slab)
{
	if (slab->prev)
		slab->prev->next = slab->next;
	else
		*list = slab->next;
	if (slab->next)
		slab->next->prev = slab->prev;
}

static struct slab *add_slab(struct slabs *slabs, size_t units)
{
	struct slab *slab = slabs->spares;

	if (slab) {
		take_out(&slabs->spares, slab);
		slabs->nr_spares--;
	} else {
		slab = slabs->host->map(SLAB_BYTES);
		if (!slab)
			return NULL;
	}
	*slab = (struct slab){ .fresh = sizeof(*slab) };
	push(&slabs->with_room[units], slab);
	return slab;
}

static void retire_slab(struct slabs *slabs, struct slab *slab)
{
	if (slabs->nr_spares >= SLAB_SPARES &&
	    slabs->host->unmap(slab, SLAB_BYTES))
		return;
	push(&slabs->spares, slab);
	slabs->nr_spares++;
}

static void *slabs_alloc(void *ctx, size_t size)
{
	const size_t units = units_of(size);
	struct slabs *slabs = ctx;
	struct slab *slab;
	void *object;

	if (size > slabs->object_max)
		return malloc(size);
	slab = slabs->with_room[units];
	if (!slab) {
		slab = add_slab(slabs, units);
		if (!slab)
			return NULL;
	}
	object = slab->free;
	if (object) {
		slab->free = slab->free->next;
	} else {
		object = (char *)slab + slab->fresh;
		slab->fresh += (uint32_t)(units * SLAB_UNIT);
	}
	slab->used++;
	if (is_full(slab, units))
		take_out(&slabs->with_room[units], slab);
	return object;
}

static void slabs_free(void *ctx, void *ptr, size_t size)
{
	const size_t units = units_of(size);
	struct free_object *object = ptr;
	struct slabs *slabs = ctx;
	struct slab *slab;

	if (size > slabs->object_max) {
		free(ptr);
		return;
	}
	slab = slab_of(ptr);
	if (is_full(slab, units))
		push(&slabs->with_room[units], slab);
	object->next = slab->free;
	slab->free = object;
	if (--slab->used)
		return;
	take_out(&slabs->with_room[units], slab);
	retire_slab(slabs, slab);
}

void slabs_init(struct slabs *slabs, const struct slab_host *host)
{
	static const struct slab_host plain = { plain_map, plain_unmap };

	*slabs = (struct slabs){
		.host = host ? host : &plain,
		.object_max = EACH_ALONE ? 0 : SLAB_OBJECT_MAX,
	};
}

void slabs_deinit(struct slabs *slabs)
{
	struct slab *slab;
	size_t i;

	for (i = 0; i < SLAB_SIZES; i++)
		mm_assert(!slabs->with_room[i]);
	while ((slab = slabs->spares)) {
		slabs->spares = slab->next;
		slabs->host->unmap(slab, SLAB_BYTES);
	}
}

struct allocator slabs_allocator(struct slabs *slabs)
{
	return (struct allocator){ .alloc = slabs_alloc,
				   .free = slabs_free,
				   .ctx = slabs };
}
