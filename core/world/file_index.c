/* SPDX-License-Identifier: MIT */
#include "core/world/file_index.h"

#include <string.h>

#include "core/mm/setup.h"

void file_index_init(struct file_index *index, struct memory *memory)
{
	index->memory = memory;
	index->root.node = NULL;
}

static struct file_entry *entry_of(struct rb_node *node)
{
	return rb_entry(node, struct file_entry, node);
}

void file_index_deinit(struct file_index *index)
{
	struct file_entry *entry;

	while (index->root.node) {
		entry = entry_of(index->root.node);
		rb_erase(&index->root, &entry->node, NULL);
		vm_file_put(entry->file);
		memory_free(index->memory, entry, sizeof(*entry));
	}
}

static int compare_numbers(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static int compare_keys(const struct file_key *a, const struct file_key *b)
{
	int order = compare_numbers(a->path_len, b->path_len);

	if (!order)
		order = memcmp(a->path, b->path, a->path_len);
	if (!order)
		order = compare_numbers(a->has_inode, b->has_inode);
	if (order || !a->has_inode)
		return order;
	order = compare_numbers(a->inode, b->inode);
	if (!order)
		order = compare_numbers(a->dev_major, b->dev_major);
	if (!order)
		order = compare_numbers(a->dev_minor, b->dev_minor);
	return order;
}

/* The link that holds @key, or the empty one where it belongs. */
static struct rb_node **find_link(struct rb_root *root,
				  const struct file_key *key,
				  struct rb_node **parentp)
{
	struct rb_node **link = &root->node;
	int order;

	*parentp = NULL;
	while (*link) {
		order = compare_keys(key, &entry_of(*link)->key);
		if (!order)
			break;
		*parentp = *link;
		link = order < 0 ? &(*link)->left : &(*link)->right;
	}
	return link;
}

struct file_entry *file_index_find(const struct file_index *index,
				   const struct file_key *key)
{
	struct rb_root root = index->root;
	struct rb_node *parent, *node;

	node = *find_link(&root, key, &parent);
	return node ? entry_of(node) : NULL;
}

struct file_entry *file_index_add(struct file_index *index,
				  const struct file_entry *entry)
{
	struct rb_node *parent, **link;
	struct file_entry *added;

	link = find_link(&index->root, &entry->key, &parent);
	if (*link)
		return entry_of(*link);
	added = memory_alloc(index->memory, sizeof(*added));
	if (!added)
		return NULL;
	*added = *entry;
	vm_file_get(added->file);
	rb_link_node(&added->node, parent, link);
	rb_insert(&index->root, &added->node, NULL);
	return added;
}
