/* SPDX-License-Identifier: MIT */
/*
 * What a script owns is freed with it: its tree in one go, and what its names
 * stand for
 */
#include <string.h>

#include "proto/script/script_tree.h"

struct arena_block {
	struct arena_block *next;
	size_t size, used;
	_Alignas(16) char data[];
};

#define BLOCK_SIZE 4096

void *script_alloc(struct script *script, size_t size)
{
	struct arena_block *block = script->blocks;
	size_t room;
	void *place;

	size = (size + 15) & ~(size_t)15;
	if (!block || block->size - block->used < size) {
		room = size > BLOCK_SIZE / 4 ? size : BLOCK_SIZE;
		block = memory_alloc(script->memory, sizeof(*block) + room);
		if (!block)
			return NULL;
		block->size = room;
		block->used = 0;
		block->next = script->blocks;
		script->blocks = block;
	}
	place = block->data + block->used;
	block->used += size;
	return memset(place, 0, size);
}

void script_free(struct script *script)
{
	struct memory *memory;
	struct arena_block *block;

	if (!script)
		return;
	script_drop_values(script);
	memory = script->memory;
	while ((block = script->blocks)) {
		script->blocks = block->next;
		memory_free(memory, block, sizeof(*block) + block->size);
	}
	memory_free(memory, script, sizeof(*script));
}
