/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Intrusive red-black trees, optionally augmented
 *
 * The shape after each insertion and removal is the one that the kernel's trees
 * take: removal of a node with two children puts its in-order successor in its
 * place. An augmented tree keeps a summary of each subtree in its root; it passes
 * the functions that bring summaries up to date (struct rb_augment).
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rb_node {
	uintptr_t parent_color; /* address of the parent, bit 0: black */
	union {
		struct {
			struct rb_node *left;
			struct rb_node *right;
		};
		struct rb_node *child[2]; /* by enum rb_side */
	};
};

enum rb_side {
	RB_LEFT,
	RB_RIGHT
};

struct rb_root {
	struct rb_node *node;
};

enum rb_event {
	RB_RECOLOURED,
	RB_ROTATED,
	RB_REPLACED,
};

/* How an augmented tree keeps the summaries of its nodes. */
struct rb_augment {
	/* Recompute one node's summary from itself and its children. */
	void (*update)(struct rb_node *node);
	/*
	 * The same, and go on upwards as long as summaries change. @node may be
	 * NULL.
	 */
	void (*propagate)(struct rb_node *node);
	/*
	 * NULL, or who is told how the tree is kept balanced: before @node
	 * rotates to @side around @other, after @node, a parent, became black
	 * together with @other, the uncle, or where @other, the successor,
	 * takes the place of @node.
	 */
	void (*watch)(const struct rb_augment *augment, enum rb_event event,
		      const struct rb_node *node, const struct rb_node *other,
		      enum rb_side side);
};

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
 * @root:    the tree
 * @node:    just linked; the summaries from it to the root are right already
 * @augment: of augmented trees, else NULL
 *
 * Cost: O(log n), at most two rotations.
 */
void rb_insert(struct rb_root *root, struct rb_node *node,
	       const struct rb_augment *augment);

/**
 * rb_append() - rb_link_node() and rb_insert() behind the last node
 * @root:   the tree
 * @last:   its last node, NULL if it is empty
 * @node:   new
 * @closed: called for each node that has left the tree's right edge; what is
 *          below it stays as it is, however many nodes are appended
 *
 * The summaries of the nodes on the right edge are the caller's to bring up to
 * date, when all nodes are there.
 *
 * Cost: amortised O(1).
 */
static inline void rb_append(struct rb_root *root, struct rb_node *last,
			     struct rb_node *node,
			     void (*closed)(struct rb_node *node))
{
	struct rb_node *parent = last, *grandparent, *above, *uncle;

	rb_link_node(node, last, last ? &last->right : &root->node);
	/* Nodes and parents are right children all the way up. */
	while (parent && !rb_is_black(parent)) {
		grandparent = rb_parent(parent);
		uncle = grandparent->left;
		if (!uncle || rb_is_black(uncle)) {
			above = rb_parent(grandparent);
			grandparent->right = parent->left;
			if (parent->left)
				parent->left->parent_color =
					(uintptr_t)grandparent |
					rb_is_black(parent->left);
			parent->left = grandparent;
			parent->parent_color = (uintptr_t)above | 1;
			grandparent->parent_color = (uintptr_t)parent;
			if (above)
				above->right = parent;
			else
				root->node = parent;
			closed(grandparent);
			return;
		}
		parent->parent_color |= 1;
		uncle->parent_color |= 1;
		grandparent->parent_color &= ~(uintptr_t)1;
		node = grandparent;
		parent = rb_parent(node);
	}
	root->node->parent_color |= 1;
}

/**
 * rb_erase() - take a node out
 * @root:    the tree
 * @node:    in the tree; its own fields are stale afterwards
 * @augment: of augmented trees, else NULL; all summaries are right afterwards
 *
 * Cost: O(log n), at most three rotations.
 */
void rb_erase(struct rb_root *root, struct rb_node *node,
	      const struct rb_augment *augment);

/**
 * rb_cut_out() - take many neighbours out at once
 * @root:   the tree, which is not augmented
 * @first:  of those that go
 * @behind: after @first, the next that stays; NULL: none does
 *
 * Return: the root of a tree of those that went.
 * Cost:   O(log n) squared, however many go; erased one by one the few cost less.
 */
struct rb_node *rb_cut_out(struct rb_root *root, struct rb_node *first,
			   struct rb_node *behind);

/* In-order walk; NULL at the end or for an empty tree. O(log n). */
struct rb_node *rb_first(const struct rb_root *root);
struct rb_node *rb_last(const struct rb_root *root);
struct rb_node *rb_next(const struct rb_node *node);
struct rb_node *rb_prev(const struct rb_node *node);

enum {
	RB_HEIGHT_MAX = 64, /* of less than 2^31 nodes */
};

/*
 * A copy of a tree under way: it gets the shape and the colours of the other one,
 * node by node in order, so that one may stop anywhere in between.
 */
struct rb_copying {
	const struct rb_node *old; /* whose twin comes next; NULL: done */
	struct rb_root *to;
	unsigned depth;                       /* of old */
	struct rb_node *twins[RB_HEIGHT_MAX]; /* the last one of each depth */
};

/**
 * rb_copying_begin() - nothing is copied yet
 * @to:   empty, stays where it is
 * @from: neither it nor its nodes change until the end
 *
 * Cost: O(log n).
 */
void rb_copying_begin(struct rb_copying *copying, struct rb_root *to,
		      const struct rb_root *from);

/**
 * rb_copying_add() - let a node stand for copying->old, and go to the next one
 * @node: its summary is the caller's to copy; its links are set here
 *
 * Until the last node @to is no tree that can be searched. Cost: amortized O(1).
 */
void rb_copying_add(struct rb_copying *copying, struct rb_node *node);
