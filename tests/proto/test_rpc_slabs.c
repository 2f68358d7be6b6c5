/* SPDX-License-Identifier: MIT */
#include "proto/rpc/slabs.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/rpc/rpc.h"
#include "tests/support/random_bytes.h"
#include "tests/support/suite.h"

enum {
	SMALL = 120,
	OBJECTS = 4000, /* several slabs of small ones */
};

static unsigned mapped, to_refuse;
static bool keeps; /* what is to be given back */

static void *map(size_t size)
{
	if (to_refuse)
		return NULL;
	mapped++;
	return aligned_alloc(size, size);
}

static bool unmap(void *slab, size_t size)
{
	(void)size;
	if (keeps)
		return false;
	mapped--;
	free(slab);
	return true;
}

static const struct slab_host host = { map, unmap };

/* Slabs, whatever watches the objects otherwise. */
static struct allocator start(struct slabs *slabs)
{
	mapped = 0;
	to_refuse = 0;
	slabs_init(slabs, &host);
	slabs->object_max = SLAB_OBJECT_MAX;
	return slabs_allocator(slabs);
}

static void objects_of_a_size_lie_side_by_side(void)
{
	struct slabs slabs;
	const struct allocator allocator = start(&slabs);
	char *first = allocator.alloc(allocator.ctx, SMALL);
	char *second = allocator.alloc(allocator.ctx, SMALL - 7);
	char *other = allocator.alloc(allocator.ctx, SMALL - 8);

	CU_ASSERT_PTR_EQUAL(second, first + SMALL);
	CU_ASSERT_EQUAL(mapped, 2);
	CU_ASSERT_NOT_EQUAL((uintptr_t)other / SLAB_BYTES,
			    (uintptr_t)first / SLAB_BYTES);
	allocator.free(allocator.ctx, first, SMALL);
	CU_ASSERT_PTR_EQUAL(allocator.alloc(allocator.ctx, SMALL), first);

	allocator.free(allocator.ctx, first, SMALL);
	allocator.free(allocator.ctx, second, SMALL - 7);
	allocator.free(allocator.ctx, other, SMALL - 8);
	slabs_deinit(&slabs);
	CU_ASSERT_EQUAL(mapped, 0);
}

static void slabs_go_back_but_for_the_spare_ones(void)
{
	static void *objects[OBJECTS];
	struct slabs slabs;
	const struct allocator allocator = start(&slabs);
	unsigned most, i;

	for (i = 0; i < OBJECTS; i++)
		objects[i] = allocator.alloc(allocator.ctx, SMALL);
	most = mapped;
	CU_ASSERT_EQUAL(most, OBJECTS / ((SLAB_BYTES - SLAB_UNIT) / SMALL) + 1);
	/* Every second one first: no slab is empty then. */
	for (i = 0; i < OBJECTS; i += 2)
		allocator.free(allocator.ctx, objects[i], SMALL);
	CU_ASSERT_EQUAL(mapped, most);
	for (i = 1; i < OBJECTS; i += 2)
		allocator.free(allocator.ctx, objects[i], SMALL);
	CU_ASSERT_EQUAL(mapped, SLAB_SPARES);

	/* A spare one serves any size. */
	objects[0] = allocator.alloc(allocator.ctx, SLAB_OBJECT_MAX);
	CU_ASSERT_EQUAL(mapped, SLAB_SPARES);
	allocator.free(allocator.ctx, objects[0], SLAB_OBJECT_MAX);
	slabs_deinit(&slabs);
	CU_ASSERT_EQUAL(mapped, 0);
}

/* Then they serve again, however many they are. */
static void slabs_that_the_host_does_not_take(void)
{
	static void *objects[OBJECTS];
	struct slabs slabs;
	const struct allocator allocator = start(&slabs);
	unsigned round, most = 0, i;

	keeps = true;
	for (round = 0; round < 2; round++) {
		for (i = 0; i < OBJECTS; i++)
			objects[i] = allocator.alloc(allocator.ctx, SMALL);
		CU_ASSERT_TRUE(!most || mapped == most);
		most = mapped;
		for (i = 0; i < OBJECTS; i++)
			allocator.free(allocator.ctx, objects[i], SMALL);
		CU_ASSERT_EQUAL(mapped, most);
	}
	keeps = false;
	slabs_deinit(&slabs);
	CU_ASSERT_EQUAL(mapped, 0);
}

static void large_ones_are_none_of_the_slabs(void)
{
	struct slabs slabs;
	const struct allocator allocator = start(&slabs);
	void *object = allocator.alloc(allocator.ctx, SLAB_OBJECT_MAX + 1);

	CU_ASSERT_EQUAL(mapped, 0);
	allocator.free(allocator.ctx, object, SLAB_OBJECT_MAX + 1);
	slabs_deinit(&slabs);
}

static void a_host_without_memory(void)
{
	struct slabs slabs;
	const struct allocator allocator = start(&slabs);
	void *object;

	to_refuse = 1;
	CU_ASSERT_PTR_NULL(allocator.alloc(allocator.ctx, SMALL));
	to_refuse = 0;
	object = allocator.alloc(allocator.ctx, SMALL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(object);
	to_refuse = 1;
	allocator.free(allocator.ctx, object, SMALL);
	slabs_deinit(&slabs);
	CU_ASSERT_EQUAL(mapped, 0);
}

struct object {
	unsigned char *bytes;
	size_t size;
	unsigned char mark;
};

static bool is_intact(const struct object *object)
{
	size_t i;

	for (i = 0; i < object->size; i++)
		if (object->bytes[i] != object->mark)
			return false;
	return true;
}

/* Objects come and go, and each keeps what was written into it. */
static void no_two_objects_overlap(void)
{
	static struct object objects[OBJECTS];
	struct slabs slabs;
	const struct allocator allocator = start(&slabs);
	uint32_t state = 1, draw[3];
	struct object *object;
	bool intact = true;
	unsigned i;

	memset(objects, 0, sizeof(objects));
	for (i = 0; i < 20 * OBJECTS; i++) {
		random_bytes(&state, draw, sizeof(draw));
		object = &objects[draw[0] % OBJECTS];
		if (object->bytes) {
			intact = intact && is_intact(object);
			allocator.free(allocator.ctx, object->bytes,
				       object->size);
			object->bytes = NULL;
			continue;
		}
		object->size = draw[1] % 600 + 1;
		object->mark = (unsigned char)draw[2];
		object->bytes = allocator.alloc(allocator.ctx, object->size);
		CU_ASSERT_PTR_NOT_NULL_FATAL(object->bytes);
		memset(object->bytes, object->mark, object->size);
	}
	for (object = objects; object < objects + OBJECTS; object++) {
		if (!object->bytes)
			continue;
		intact = intact && is_intact(object);
		allocator.free(allocator.ctx, object->bytes, object->size);
	}
	CU_ASSERT_TRUE(intact);
	slabs_deinit(&slabs);
	CU_ASSERT_EQUAL(mapped, 0);
}

CU_TestInfo test_rpc_slabs[] = {
	{ "objects of a size lie side by side",
	  objects_of_a_size_lie_side_by_side },
	{ "slabs go back but for the spare ones",
	  slabs_go_back_but_for_the_spare_ones },
	{ "slabs that the host does not take",
	  slabs_that_the_host_does_not_take },
	{ "large ones are none of the slabs",
	  large_ones_are_none_of_the_slabs },
	{ "a host without memory", a_host_without_memory },
	{ "no two objects overlap", no_two_objects_overlap },
	CU_TEST_INFO_NULL,
};
