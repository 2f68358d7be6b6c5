/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Intrusive red-black trees, optionally augmented
 *
 * The shape after each insertion and removal is the one that the kernel's trees
 * take: removal of a node with two children puts its in-order successor in its
 * place. An augmented tree passes an update function: it recomputes a node's
 * summary from the node and its children.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rb_node {
	uintptr_t parent_color; /* address of the parent, bit 0: black */
	struct rb_node *left;
	struct rb_node *right;
};

struct rb_root {
	struct rb_node *node;
};

/* Recompute the summary of @node; answer whether it changed. */
typedef bool rb_update_fn(struct rb_node *node);

#define rb_entry(ptr, type, member)                                            \
	((type *)((uintptr_t)(ptr)-offsetof(type, member)))

static inline struct rb_node *rb_parent(const struct rb_node *node)
{
	return (struct rb_node *)(node->parent_color & ~(uintptr_t)1);
}

static inline bool rb_is_black(const struct rb_node *node)
{
	return node->parent_color & 1;
}

/**
 * rb_link_node() - put a node where a search ended
 * @node:   new; red afterwards
 * @parent: last node of the search, NULL if the tree is empty
 * @link:   the empty child pointer of @parent, or the root's
 *
 * To be followed by rb_insert().
 */
static inline void rb_link_node(struct rb_node *node, struct rb_node *parent,
				struct rb_node **link)
{
	node->parent_color = (uintptr_t)parent;
	node->left = NULL;
	node->right = NULL;
	*link = node;
}

/**
 * rb_insert() - rebalance after rb_link_node()
 * @root:   the tree
 * @node:   just linked
 * @update: of augmented trees, else NULL; summaries on the way to the root are
 *          brought up to date, too
 *
 * Cost: O(log n), at most two rotations.
 */
void rb_insert(struct rb_root *root, struct rb_node *node,
	       rb_update_fn *update);

/**
 * rb_erase() - take a node out
 * @root:   the tree
 * @node:   in the tree; its own fields are stale afterwards
 * @update: as for rb_insert()
 *
 * Cost: O(log n), at most three rotations.
 */
void rb_erase(struct rb_root *root, struct rb_node *node, rb_update_fn *update);

/**
 * rb_propagate() - bring summaries up to date from a node upwards
 * @node:   where something changed, may be NULL
 * @update: its tree's
 *
 * Stops as soon as a summary stays as it was.
 */
static inline void rb_propagate(struct rb_node *node, rb_update_fn *update)
{
	while (node && update(node))
		node = rb_parent(node);
}

/* In-order walk; NULL at the end or for an empty tree. O(log n). */
struct rb_node *rb_first(const struct rb_root *root);
struct rb_node *rb_last(const struct rb_root *root);
struct rb_node *rb_next(const struct rb_node *node);
struct rb_node *rb_prev(const struct rb_node *node);
