/* SPDX-License-Identifier: MIT */
/*
 * Files, and the anon_vmas: what address spaces and processes share
 */
#include <string.h>

#include "core/mm/page_table.h"
#include "core/world/state_reader.h"

/* The counts say how many tables and nodes of caches there are together. */
static bool reserve_cache(struct state_reader *r, uint64_t nodes)
{
	const uint64_t most = r->left.page_nodes;
	const struct memory_need need = {
		.cache_nodes = nodes < most ? nodes : most,
	};

	if (!state_goes_on(r))
		return false;
	r->draft.refused = memory_reserve(r->draft.memory, &need);
	return !r->draft.refused;
}

static void take_cache(struct state_reader *r, struct vm_file *file)
{
	uint64_t nodes = state_take_count(r), key, next = 0;
	struct page_cursor cursor = { NULL, NULL };
	struct cache_node *node;

	if (!reserve_cache(r, nodes))
		return;
	while (nodes-- && state_spend(r, &r->left.page_nodes)) {
		key = state_take(r, UINT64_MAX >> (PAGE_SHIFT + 6));
		if (!state_is_wrong(r) && key < next)
			state_fail(r, "a file's pages are out of order");
		if (state_is_wrong(r))
			return;
		next = key + 1;
		node = memory_take_cache_node(r->draft.memory);
		page_cursor_seek(&cursor, &file->cache, key);
		page_cursor_add(&cursor, &file->cache, key, &node->page);
		node->page.cached = state_take(r, UINT64_MAX);
		node->dirty = state_take(r, UINT64_MAX);
	}
}

void state_take_file(struct state_reader *r, struct vm_file **filep)
{
	const uint64_t flags = state_take(r, FILE_FLAGS);
	const uint64_t size = state_take(r, INT64_MAX);
	const uint64_t committed = state_take(r, INT64_MAX >> PAGE_SHIFT);
	const uint64_t inode = state_take(r, UINT64_MAX);
	const uint64_t major = state_take(r, UINT16_MAX);
	const uint64_t minor = state_take(r, UINT16_MAX);
	const uint64_t path_len = state_take(r, FILE_PATH_MAX + 1);
	struct vm_file *file;

	if (!state_is_wrong(r) && path_len > (uint64_t)(r->end - r->at))
		state_fail(r, "it is cut");
	file = state_obtain(r, sizeof(*file) + path_len);
	if (!file)
		return;
	*filep = file;
	file->machine = &r->draft.world->machine;
	file->shmem = flags & FILE_SHMEM;
	file->writable = flags & FILE_WRITABLE;
	file->readable = flags & FILE_READABLE;
	file->noreserve = flags & FILE_NORESERVE;
	file->size = size;
	file->committed = committed;
	file->inode = inode;
	file->dev_major = (uint16_t)major;
	file->dev_minor = (uint16_t)minor;
	file->path_len = (uint32_t)path_len;
	memcpy(file->path, r->at, path_len);
	r->at += path_len;
	take_cache(r, file);
}

void state_take_anon_vmas(struct state_reader *r)
{
	struct state_draft *draft = &r->draft;
	uint32_t i;

	/* All at once: a parent may come behind its child. */
	for (i = 0; i < draft->nr_anon_vmas; i++)
		draft->anon_vmas[i] = memory_take_anon_vma(draft->memory);
	for (i = 0; i < draft->nr_anon_vmas; i++) {
		draft->anon_vmas[i]->id = (uint32_t)state_take(r, UINT32_MAX);
		draft->anon_vmas[i]->parent = state_take_object(
			r, draft->anon_vmas, draft->nr_anon_vmas);
	}
}
