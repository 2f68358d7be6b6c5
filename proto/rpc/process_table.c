/* SPDX-License-Identifier: MIT */
#include "proto/rpc/process_table.h"

#include "core/hot.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Slots come in chunks, so that they never move and growing never copies. */
#define CHUNK_SHIFT 8
#define CHUNK_SLOTS (1u << CHUNK_SHIFT)

#define SLOT_NONE       UINT32_MAX
#define SLOT_BITS       28
#define GENERATION_BITS 24
#define GENERATION_END  (1u << GENERATION_BITS)

#define NAME_BYTES 20

static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";

struct name_parts {
	uint32_t owner, slot, generation;
	uint32_t random[PROCESS_RANDOM_WORDS];
};

static void put_u64(uint8_t *p, uint64_t value)
{
	int i;

	for (i = 7; i >= 0; i--, value >>= 8)
		p[i] = (uint8_t)value;
}

/* Five bytes are eight letters. */
static void name_encode(const struct name_parts *parts, char *name)
{
	uint8_t bytes[NAME_BYTES + 4];
	size_t i, j;

	put_u64(bytes, (uint64_t)parts->owner << (SLOT_BITS + GENERATION_BITS) |
			       (uint64_t)parts->slot << GENERATION_BITS |
			       parts->generation);
	put_u64(bytes + 8, (uint64_t)parts->random[0] << 32 | parts->random[1]);
	put_u64(bytes + 16, (uint64_t)parts->random[2] << 32);

	for (i = 0; i < NAME_BYTES; i += 5) {
		uint64_t group = 0;

		for (j = 0; j < 5; j++)
			group = group << 8 | bytes[i + j];
		for (j = 0; j < 8; j++)
			*name++ = letters[group >> (35 - 5 * j) & 31];
	}
}

/* One more than the letter stands for; 0: it is none. */
static const uint8_t letter_values[256] = {
	['a'] = 1,  ['b'] = 2,  ['c'] = 3,  ['d'] = 4,  ['e'] = 5,  ['f'] = 6,
	['g'] = 7,  ['h'] = 8,  ['i'] = 9,  ['j'] = 10, ['k'] = 11, ['l'] = 12,
	['m'] = 13, ['n'] = 14, ['o'] = 15, ['p'] = 16, ['q'] = 17, ['r'] = 18,
	['s'] = 19, ['t'] = 20, ['u'] = 21, ['v'] = 22, ['w'] = 23, ['x'] = 24,
	['y'] = 25, ['z'] = 26, ['2'] = 27, ['3'] = 28, ['4'] = 29, ['5'] = 30,
	['6'] = 31, ['7'] = 32,
};

/* Eight letters are 40 bits; false: not all are letters. */
static bool group_decode(const char *text, uint64_t *groupp)
{
	uint64_t group = 0;
	unsigned all = 0;
	int i;

#pragma GCC unroll 8
	for (i = 0; i < 8; i++) {
		unsigned value = letter_values[(unsigned char)text[i]] - 1u;

		all |= value; /* of no letter: all ones */
		group = group << 5 | value;
	}
	*groupp = group;
	return all < 32;
}

static bool name_decode(const char *name, size_t len, struct name_parts *parts)
{
	uint64_t groups[4], head;
	int i;

	if (len != PROCESS_NAME_LEN)
		return false;
	for (i = 0; i < 4; i++)
		if (!group_decode(name + 8 * i, &groups[i]))
			return false;
	/* 160 bits: 64 of them are the head, 96 are random. */
	head = groups[0] << 24 | groups[1] >> 16;
	parts->owner = (uint32_t)(head >> (SLOT_BITS + GENERATION_BITS));
	parts->slot = head >> GENERATION_BITS & ((1u << SLOT_BITS) - 1);
	parts->generation = head & (GENERATION_END - 1);
	parts->random[0] = (uint32_t)(groups[1] << 16 | groups[2] >> 24);
	parts->random[1] = (uint32_t)(groups[2] << 8 | groups[3] >> 32);
	parts->random[2] = (uint32_t)groups[3];
	return true;
}

void process_table_init(struct process_table *table, unsigned owner)
{
	*table = (struct process_table){
		.free = SLOT_NONE,
		.owner = owner,
		.last_slot = SLOT_NONE,
	};
}

void process_table_deinit(struct process_table *table)
{
	uint32_t i;

	for (i = 0; i < table->nr_chunks; i++)
		free(table->chunks[i]);
	free(table->chunks);
	process_table_init(table, table->owner);
}

struct process_slot *process_table_slot(const struct process_table *table,
					uint32_t index)
{
	return &table->chunks[index >> CHUNK_SHIFT][index & (CHUNK_SLOTS - 1)];
}

static bool process_table_grow(struct process_table *table)
{
	struct process_slot **chunks = table->chunks;
	uint32_t max = table->max_chunks ? 2 * table->max_chunks : 16;

	if (table->nr_chunks == 1u << (SLOT_BITS - CHUNK_SHIFT))
		return false;
	if (table->nr_chunks == table->max_chunks) {
		chunks = realloc(chunks, max * sizeof(*chunks));
		if (!chunks)
			return false;
		table->chunks = chunks;
		table->max_chunks = max;
	}
	chunks[table->nr_chunks] = calloc(CHUNK_SLOTS, sizeof(**chunks));
	if (!chunks[table->nr_chunks])
		return false;
	table->nr_chunks++;
	return true;
}

struct process_slot *
process_table_add(struct process_table *table,
		  const uint32_t random[PROCESS_RANDOM_WORDS], uint32_t *indexp)
{
	struct process_slot *slot;
	uint32_t index = table->free;

	if (index != SLOT_NONE) {
		slot = process_table_slot(table, index);
		table->free = slot->number;
	} else {
		if (table->used == table->nr_chunks << CHUNK_SHIFT &&
		    !process_table_grow(table))
			return NULL;
		index = table->used++;
		slot = process_table_slot(table, index);
	}
	*slot = (struct process_slot){ .generation = slot->generation };
	memcpy(slot->random, random, sizeof(slot->random));
	table->live++;
	*indexp = index;
	return slot;
}

void process_table_remove(struct process_table *table, uint32_t index)
{
	struct process_slot *slot = process_table_slot(table, index);

	*slot = (struct process_slot){ .generation = slot->generation + 1 };
	table->live--;
	if (index == table->last_slot)
		table->last_slot = SLOT_NONE;
	if (slot->generation == GENERATION_END)
		return;
	slot->number = table->free;
	table->free = index;
}

void process_table_name(const struct process_table *table, uint32_t index,
			char name[PROCESS_NAME_LEN])
{
	const struct process_slot *slot = process_table_slot(table, index);
	struct name_parts parts = {
		.owner = table->owner,
		.slot = index,
		.generation = slot->generation,
	};

	memcpy(parts.random, slot->random, sizeof(parts.random));
	name_encode(&parts, name);
}

HOT enum process_lookup process_table_find(const struct process_table *table,
					   unsigned owners, const char *name,
					   size_t len, uint32_t *indexp,
					   unsigned *ownerp)
{
	const struct process_slot *slot;
	struct name_parts parts;
	uint32_t difference = 0;
	int i;

	if (!name_decode(name, len, &parts) || parts.owner >= owners)
		return PROCESS_UNKNOWN;
	if (parts.owner != table->owner) {
		*ownerp = parts.owner;
		return PROCESS_ELSEWHERE;
	}
	if (parts.slot >= table->used)
		return PROCESS_UNKNOWN;

	slot = process_table_slot(table, parts.slot);
	if (parts.generation < slot->generation)
		return PROCESS_GONE;
	for (i = 0; i < PROCESS_RANDOM_WORDS; i++)
		difference |= parts.random[i] ^ slot->random[i];
	if (parts.generation > slot->generation || !slot->world || difference)
		return PROCESS_UNKNOWN;
	*indexp = parts.slot;
	return PROCESS_FOUND;
}

/* Is it that again? Looks at all of it, like process_table_find(). */
static bool is_last(const struct process_table *table, const char *name,
		    size_t len)
{
	uint64_t ours[PROCESS_NAME_LEN / 8], theirs[PROCESS_NAME_LEN / 8];

	if (len != PROCESS_NAME_LEN || table->last_slot == SLOT_NONE)
		return false;
	memcpy(ours, table->last, sizeof(ours));
	memcpy(theirs, name, sizeof(theirs));
	return !((ours[0] ^ theirs[0]) | (ours[1] ^ theirs[1]) |
		 (ours[2] ^ theirs[2]) | (ours[3] ^ theirs[3]));
}

enum process_lookup process_table_find_next(struct process_table *table,
					    unsigned owners, const char *name,
					    size_t len, uint32_t *indexp,
					    unsigned *ownerp)
{
	enum process_lookup found;

	if (is_last(table, name, len)) {
		*indexp = table->last_slot;
		return PROCESS_FOUND;
	}
	found = process_table_find(table, owners, name, len, indexp, ownerp);
	if (found == PROCESS_FOUND) {
		memcpy(table->last, name, PROCESS_NAME_LEN);
		table->last_slot = *indexp;
	}
	return found;
}
