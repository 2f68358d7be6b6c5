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

static void add_node(struct rb_root *root, uint64_t key, struct rb_node *parent,
		     struct rb_node **link, struct page_node *node)
{
	node->key = key;
	rb_link_node(&node->rb, parent, link);
	rb_insert(root, &node->rb, NULL);
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
	node = memory_take_page_node(memory);
	add_node(root, key, parent, link, node);
	return node;
}

static void descend(struct page_cursor *cursor, const struct rb_root *root,
		    uint64_t key)
{
	struct rb_node *rb = root->node;
	struct page_node *node;

	*cursor = (struct page_cursor){ NULL, NULL };
	while (rb) {
		node = page_node_of(rb);
		if (node->key <= key) {
			cursor->at = node;
			rb = rb->right;
		} else {
			cursor->next = node;
			rb = rb->left;
		}
	}
}

void page_cursor_move(struct page_cursor *cursor, const struct rb_root *root,
		      uint64_t key)
{
	/* Mostly it is the next one's. */
	if (cursor->next && cursor->next->key <= key) {
		cursor->at = cursor->next;
		cursor->next = page_node_next(cursor->at);
		if (page_cursor_is_at(cursor, key))
			return;
	}
	descend(cursor, root, key);
}

/* Of two neighbours either the lower one has no right child, or the upper one
 * no left one. */
void page_cursor_add(struct page_cursor *cursor, struct rb_root *root,
		     uint64_t key, struct page_node *node)
{
	struct rb_node *parent = NULL, **link = &root->node;

	if (cursor->at && !cursor->at->rb.right) {
		parent = &cursor->at->rb;
		link = &parent->right;
	} else if (cursor->next) {
		parent = &cursor->next->rb;
		link = &parent->left;
	}
	add_node(root, key, parent, link, node);
	cursor->at = node;
}
