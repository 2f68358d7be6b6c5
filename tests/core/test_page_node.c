/* SPDX-License-Identifier: MIT */
/* Cursors in trees of nodes, beside an array that says which keys are there. */
#include <string.h>

#include "core/mm/memory.h"
#include "core/mm/page_chunk.h"
#include "tests/support/emulation.h"
#include "tests/support/suite.h"

#define KEYS  200
#define SEEDS 300
#define NONE  UINT64_MAX

struct keys {
	struct emulation emu;
	struct rb_root root;
	bool has[KEYS];
};

static uint64_t key_or_none(const struct page_node *node)
{
	return node ? node->key : NONE;
}

static uint64_t last_up_to(const struct keys *keys, uint64_t key)
{
	while (!keys->has[key])
		if (!key--)
			return NONE;
	return key;
}

static uint64_t first_above(const struct keys *keys, uint64_t key)
{
	while (++key < KEYS)
		if (keys->has[key])
			return key;
	return NONE;
}

static void begin(struct keys *keys)
{
	const struct memory_need need = { .page_nodes = KEYS };

	memset(keys, 0, sizeof(*keys));
	emulation_begin(&keys->emu, NULL);
	CU_ASSERT_EQUAL_FATAL(memory_reserve(&keys->emu.memory, &need), 0);
}

static void end(struct keys *keys)
{
	struct rb_node *rb;

	while ((rb = rb_first(&keys->root))) {
		rb_erase(&keys->root, rb, NULL);
		memory_give_page_node(&keys->emu.memory, page_node_of(rb));
	}
	CU_ASSERT_PTR_NULL(emulation_end(&keys->emu));
}

static void add_without_cursor(struct keys *keys, uint64_t key)
{
	bool made;

	page_node_make(&keys->root, key, &keys->emu.memory, &made);
	CU_ASSERT_EQUAL(made, !keys->has[key]);
	keys->has[key] = true;
}

/* Wherever the cursor was before. */
static void check_seek(struct keys *keys, struct page_cursor *cursor,
		       uint64_t key)
{
	page_cursor_seek(cursor, &keys->root, key);
	CU_ASSERT_EQUAL(key_or_none(cursor->at), last_up_to(keys, key));
	CU_ASSERT_EQUAL(key_or_none(cursor->next), first_above(keys, key));
	CU_ASSERT_EQUAL(page_cursor_node(cursor, key) != NULL, keys->has[key]);
}

static void add_at_cursor(struct keys *keys, struct page_cursor *cursor,
			  uint64_t key)
{
	struct page_node *node = memory_take_page_node(&keys->emu.memory);

	page_cursor_add(cursor, &keys->root, key, node);
	keys->has[key] = true;
	CU_ASSERT_PTR_EQUAL(page_node_find(&keys->root, key), node);
	CU_ASSERT_PTR_EQUAL(page_cursor_node(cursor, key), node);
	CU_ASSERT_EQUAL(key_or_none(cursor->next), first_above(keys, key));
}

/* Mostly upwards, by steps of which some are short, and now and then anywhere. */
static uint64_t some_key(uint64_t *state, uint64_t last)
{
	uint64_t drawn;

	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	drawn = *state >> 33;
	if (drawn % 16 == 0 || last + 8 >= KEYS)
		return drawn / 16 % KEYS;
	return last + drawn / 16 % 8;
}

static void a_cursor_is_where_a_search_would_be(void)
{
	static struct keys keys;
	struct page_cursor cursor;
	uint64_t seed, state, key, i;

	for (seed = 1; seed <= SEEDS; seed++) {
		state = seed;
		begin(&keys);
		for (i = 0; i < seed % 60; i++)
			add_without_cursor(&keys, some_key(&state, KEYS));
		cursor = (struct page_cursor){ NULL, NULL };
		for (key = 0, i = 0; i < 60; i++) {
			key = some_key(&state, key);
			check_seek(&keys, &cursor, key);
			if (!keys.has[key] && some_key(&state, KEYS) % 2)
				add_at_cursor(&keys, &cursor, key);
		}
		end(&keys);
	}
}

static void an_empty_tree_takes_a_first_node(void)
{
	static struct keys keys;
	struct page_cursor cursor = { NULL, NULL };

	begin(&keys);
	check_seek(&keys, &cursor, 7);
	add_at_cursor(&keys, &cursor, 7);
	check_seek(&keys, &cursor, 3);
	add_at_cursor(&keys, &cursor, 3);
	check_seek(&keys, &cursor, 7);
	end(&keys);
}

CU_TestInfo test_page_node[] = {
	{ "a cursor is where a search would be",
	  a_cursor_is_where_a_search_would_be },
	{ "an empty tree takes a first node",
	  an_empty_tree_takes_a_first_node },
	CU_TEST_INFO_NULL,
};
