/* SPDX-License-Identifier: MIT */
#include "core/mm/rbtree.h"

/*
 * The algorithm is the textbook's (Cormen et al., chapter 13), with NULL for
 * the sentinel: NULL counts as black.
 */

static bool is_red(const struct rb_node *node)
{
	return node && !rb_is_black(node);
}

static void set_parent(struct rb_node *node, struct rb_node *parent)
{
	node->parent_color = (uintptr_t)parent | (node->parent_color & 1);
}

static void set_black(struct rb_node *node)
{
	node->parent_color |= 1;
}

static void set_red(struct rb_node *node)
{
	node->parent_color &= ~(uintptr_t)1;
}

static void copy_color(struct rb_node *to, const struct rb_node *from)
{
	to->parent_color =
		(to->parent_color & ~(uintptr_t)1) | (from->parent_color & 1);
}

/* Let @parent (NULL: the root) point to @new instead of @old. */
static void replace_child(struct rb_root *root, struct rb_node *parent,
			  struct rb_node *old, struct rb_node *new)
{
	if (!parent)
		root->node = new;
	else if (parent->left == old)
		parent->left = new;
	else
		parent->right = new;
}

/*
 *     node                 up
 *    /    \               /  \
 *   a      up    ->    node   c
 *         /  \        /    \
 *        b    c      a      b
 */
static void rotate_left(struct rb_root *root, struct rb_node *node,
			const struct rb_augment *augment)
{
	struct rb_node *up = node->right;
	struct rb_node *parent = rb_parent(node);

	node->right = up->left;
	if (up->left)
		set_parent(up->left, node);
	up->left = node;
	set_parent(up, parent);
	set_parent(node, up);
	replace_child(root, parent, node, up);
	if (augment) {
		augment->update(node);
		augment->update(up);
	}
}

/* The mirror image. */
static void rotate_right(struct rb_root *root, struct rb_node *node,
			 const struct rb_augment *augment)
{
	struct rb_node *up = node->left;
	struct rb_node *parent = rb_parent(node);

	node->left = up->right;
	if (up->right)
		set_parent(up->right, node);
	up->right = node;
	set_parent(up, parent);
	set_parent(node, up);
	replace_child(root, parent, node, up);
	if (augment) {
		augment->update(node);
		augment->update(up);
	}
}

void rb_insert(struct rb_root *root, struct rb_node *node,
	       const struct rb_augment *augment)
{
	struct rb_node *parent, *grandparent, *uncle;

	while (is_red(parent = rb_parent(node))) {
		/* A red node has a parent: the root is black. */
		grandparent = rb_parent(parent);
		uncle = parent == grandparent->left ? grandparent->right
						    : grandparent->left;
		if (is_red(uncle)) {
			set_black(parent);
			set_black(uncle);
			set_red(grandparent);
			node = grandparent;
		} else if (parent == grandparent->left) {
			if (node == parent->right) {
				rotate_left(root, parent, augment);
				parent = node;
			}
			set_black(parent);
			set_red(grandparent);
			rotate_right(root, grandparent, augment);
			break;
		} else {
			if (node == parent->left) {
				rotate_right(root, parent, augment);
				parent = node;
			}
			set_black(parent);
			set_red(grandparent);
			rotate_left(root, grandparent, augment);
			break;
		}
	}
	set_black(root->node);
}

/* A black node is missing below @parent on the side of @node (may be NULL). */
static void rebalance_after_erase(struct rb_root *root, struct rb_node *parent,
				  struct rb_node *node,
				  const struct rb_augment *augment)
{
	struct rb_node *sibling;

	while (parent && !is_red(node)) {
		if (node == parent->left) {
			sibling = parent->right;
			if (is_red(sibling)) {
				set_black(sibling);
				set_red(parent);
				rotate_left(root, parent, augment);
				sibling = parent->right;
			}
			if (!is_red(sibling->left) && !is_red(sibling->right)) {
				set_red(sibling);
				node = parent;
				parent = rb_parent(node);
				continue;
			}
			if (!is_red(sibling->right)) {
				set_black(sibling->left);
				set_red(sibling);
				rotate_right(root, sibling, augment);
				sibling = parent->right;
			}
			copy_color(sibling, parent);
			set_black(parent);
			set_black(sibling->right);
			rotate_left(root, parent, augment);
		} else {
			sibling = parent->left;
			if (is_red(sibling)) {
				set_black(sibling);
				set_red(parent);
				rotate_right(root, parent, augment);
				sibling = parent->left;
			}
			if (!is_red(sibling->left) && !is_red(sibling->right)) {
				set_red(sibling);
				node = parent;
				parent = rb_parent(node);
				continue;
			}
			if (!is_red(sibling->left)) {
				set_black(sibling->right);
				set_red(sibling);
				rotate_left(root, sibling, augment);
				sibling = parent->left;
			}
			copy_color(sibling, parent);
			set_black(parent);
			set_black(sibling->left);
			rotate_right(root, parent, augment);
		}
		return;
	}
	if (node)
		set_black(node);
}

/*
 * Put the in-order successor of @node, which has two children, in its place.
 * Answers where the successor came from: the parent of the hole that it left,
 * and through @childp what hangs there now.
 */
static struct rb_node *replace_by_successor(struct rb_root *root,
					    struct rb_node *node,
					    struct rb_node **childp,
					    const struct rb_augment *augment)
{
	struct rb_node *successor = node->right, *hole;

	while (successor->left)
		successor = successor->left;
	*childp = successor->right;

	hole = rb_parent(successor);
	if (hole == node) {
		hole = successor;
	} else {
		hole->left = successor->right;
		if (successor->right)
			set_parent(successor->right, hole);
		successor->right = node->right;
		set_parent(node->right, successor);
	}
	successor->left = node->left;
	set_parent(node->left, successor);
	replace_child(root, rb_parent(node), node, successor);
	successor->parent_color = node->parent_color;

	if (augment) {
		if (hole != successor)
			augment->propagate(hole);
		/*
		 * The successor's summary was that of another place: whether it
		 * changed says nothing about the nodes above.
		 */
		augment->update(successor);
		augment->propagate(rb_parent(successor));
	}
	return hole;
}

void rb_erase(struct rb_root *root, struct rb_node *node,
	      const struct rb_augment *augment)
{
	struct rb_node *child, *hole, *successor;
	bool lost_black;

	if (node->left && node->right) {
		successor = rb_next(node);
		lost_black = rb_is_black(successor);
		hole = replace_by_successor(root, node, &child, augment);
	} else {
		lost_black = rb_is_black(node);
		child = node->left ? node->left : node->right;
		hole = rb_parent(node);
		replace_child(root, hole, node, child);
		if (child)
			set_parent(child, hole);
		if (augment)
			augment->propagate(hole);
	}
	if (lost_black)
		rebalance_after_erase(root, hole, child, augment);
}

struct rb_node *rb_first(const struct rb_root *root)
{
	struct rb_node *node = root->node;

	while (node && node->left)
		node = node->left;
	return node;
}

struct rb_node *rb_last(const struct rb_root *root)
{
	struct rb_node *node = root->node;

	while (node && node->right)
		node = node->right;
	return node;
}

struct rb_node *rb_next(const struct rb_node *node)
{
	struct rb_node *next = node->right;

	if (next) {
		while (next->left)
			next = next->left;
		return next;
	}
	while ((next = rb_parent(node)) && node == next->right)
		node = next;
	return next;
}

struct rb_node *rb_prev(const struct rb_node *node)
{
	struct rb_node *prev = node->left;

	if (prev) {
		while (prev->right)
			prev = prev->right;
		return prev;
	}
	while ((prev = rb_parent(node)) && node == prev->left)
		node = prev;
	return prev;
}
