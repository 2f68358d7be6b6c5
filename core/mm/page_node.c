/* SPDX-License-Identifier: MIT */
#include "core/mm/memory.h"
#include "core/mm/page_chunk.h"

struct page_node *page_node_from(const struct rb_root *root, uint64_t key)
{
	struct rb_node *rb = root->node;
	struct page_node *node, *found = NULL;

	while (rb) {
		node = page_node_of(rb);
		if (node->key < key) {
			rb = rb->right;
		} else {
			found = node;
			rb = rb->left;
		}
	}
	return found;
}

struct page_node *page_node_find(const struct rb_root *root, uint64_t key)
{
	struct rb_node *rb = root->node;
	struct page_node *node;

	while (rb) {
		node = page_node_of(rb);
		if (node->key == key)
			return node;
		rb = node->key < key ? rb->right : rb->left;
	}
	return NULL;
}

static struct page_node *add_node(struct rb_root *root, uint64_t key,
				  struct rb_node *parent, struct rb_node **link,
				  struct memory *memory)
{
	struct page_node *node = memory_take_page_node(memory);

	node->key = key;
	rb_link_node(&node->rb, parent, link);
	rb_insert(root, &node->rb, NULL);
	return node;
}

struct page_node *page_node_make(struct rb_root *root, uint64_t key,
				 struct memory *memory, bool *madep)
{
	struct rb_node **link = &root->node, *parent = NULL;
	struct page_node *node;

	*madep = false;
	while (*link) {
		parent = *link;
		node = page_node_of(parent);
		if (node->key == key)
			return node;
		link = key < node->key ? &parent->left : &parent->right;
	}
	*madep = true;
	return add_node(root, key, parent, link, memory);
}

/* Of two neighbours either the lower one has no right child, or the upper one
 * no left one. */
struct page_node *page_node_add(struct rb_root *root, struct page_node *prev,
				uint64_t key, struct memory *memory)
{
	struct rb_node *parent = &prev->rb, **link = &parent->right;

	while (*link) {
		parent = *link;
		link = &parent->left;
	}
	return add_node(root, key, parent, link, memory);
}
