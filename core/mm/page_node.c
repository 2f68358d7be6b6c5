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
	node = memory_take_page_node(memory);
	node->key = key;
	rb_link_node(&node->rb, parent, link);
	rb_insert(root, &node->rb, NULL);
	*madep = true;
	return node;
}
