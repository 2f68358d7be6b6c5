/* SPDX-License-Identifier: MIT */
#include "core/mm/rbtree.h"

#include "core/mm/assert.h"
#include "core/mm/step.h"

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

static enum rb_side side_of(const struct rb_node *parent,
			    const struct rb_node *child)
{
	return parent->left == child ? RB_LEFT : RB_RIGHT;
}

/* Let @parent (NULL: the root) point to @new instead of @old. */
static void replace_child(struct rb_root *root, struct rb_node *parent,
			  struct rb_node *old, struct rb_node *new)
{
	if (parent)
		parent->child[side_of(parent, old)] = new;
	else
		root->node = new;
}

static void watch(const struct rb_augment *augment, enum rb_event event,
		  const struct rb_node *node, const struct rb_node *other,
		  enum rb_side side)
{
	if (MM_STEPS && augment && augment->watch)
		augment->watch(augment, event, node, other, side);
}

static enum rb_side other(enum rb_side side)
{
	return side == RB_LEFT ? RB_RIGHT : RB_LEFT;
}

/*
 * Rotate @node down to @side, here to the left:
 *
 *     node                 up
 *    /    \               /  \
 *   a      up    ->    node   c
 *         /  \        /    \
 *        b    c      a      b
 */
static void rotate(struct rb_root *root, struct rb_node *node,
		   enum rb_side side, const struct rb_augment *augment)
{
	struct rb_node *up = node->child[other(side)];
	struct rb_node *parent = rb_parent(node);
	struct rb_node *inner = up->child[side];

	watch(augment, RB_ROTATED, node, up, side);
	node->child[other(side)] = inner;
	if (inner)
		set_parent(inner, node);
	up->child[side] = node;
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
	enum rb_side side;

	while (is_red(parent = rb_parent(node))) {
		/* A red node has a parent: the root is black. */
		grandparent = rb_parent(parent);
		side = side_of(grandparent, parent);
		uncle = grandparent->child[other(side)];
		if (is_red(uncle)) {
			set_black(parent);
			set_black(uncle);
			set_red(grandparent);
			watch(augment, RB_RECOLOURED, parent, uncle, side);
			node = grandparent;
			continue;
		}
		/* An inner grandchild becomes an outer one first. */
		if (node == parent->child[other(side)]) {
			rotate(root, parent, side, augment);
			parent = node;
		}
		set_black(parent);
		set_red(grandparent);
		rotate(root, grandparent, other(side), augment);
		break;
	}
	set_black(root->node);
}

/*
 * A black node is missing below @parent on @side, where @node is (NULL: a
 * leaf). Each turn makes up for it, or moves the lack one level up.
 */
static void rebalance_after_erase(struct rb_root *root, struct rb_node *parent,
				  struct rb_node *node,
				  const struct rb_augment *augment)
{
	struct rb_node *sibling;
	enum rb_side side;

	while (parent && !is_red(node)) {
		side = side_of(parent, node);
		sibling = parent->child[other(side)];
		if (is_red(sibling)) {
			set_black(sibling);
			set_red(parent);
			rotate(root, parent, side, augment);
			sibling = parent->child[other(side)];
		}
		if (!is_red(sibling->left) && !is_red(sibling->right)) {
			set_red(sibling);
			node = parent;
			parent = rb_parent(node);
			continue;
		}
		/* A red inner nephew becomes an outer one. */
		if (!is_red(sibling->child[other(side)])) {
			set_black(sibling->child[side]);
			set_red(sibling);
			rotate(root, sibling, other(side), augment);
			sibling = parent->child[other(side)];
		}
		copy_color(sibling, parent);
		set_black(parent);
		set_black(sibling->child[other(side)]);
		rotate(root, parent, side, augment);
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
	watch(augment, RB_REPLACED, node, successor, RB_RIGHT);
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

/*
 * The outermost node of a tree on one side. A walk passes what lies inwards of the
 * way there next: if it is in no cache, it is on its way until then.
 */
static struct rb_node *outermost(struct rb_node *node, enum rb_side side)
{
	while (node) {
		__builtin_prefetch(node->child[other(side)]);
		if (!node->child[side])
			break;
		node = node->child[side];
	}
	return node;
}

/* The neighbour of a node on one side. */
static struct rb_node *neighbour(const struct rb_node *node, enum rb_side side)
{
	struct rb_node *up;

	if (node->child[side])
		return outermost(node->child[side], other(side));
	while ((up = rb_parent(node)) && node == up->child[side])
		node = up;
	return up;
}

struct rb_node *rb_first(const struct rb_root *root)
{
	return outermost(root->node, RB_LEFT);
}

struct rb_node *rb_last(const struct rb_root *root)
{
	return outermost(root->node, RB_RIGHT);
}

struct rb_node *rb_next(const struct rb_node *node)
{
	return neighbour(node, RB_RIGHT);
}

struct rb_node *rb_prev(const struct rb_node *node)
{
	return neighbour(node, RB_LEFT);
}

/* --------------------------------------------------------- cutting out */

static unsigned black_height(const struct rb_node *node)
{
	unsigned height = 0;

	for (; node; node = node->left)
		height += rb_is_black(node);
	return height;
}

/* A subtree that becomes a tree of its own. */
static struct rb_node *alone(struct rb_node *node)
{
	if (node)
		node->parent_color = 1;
	return node;
}

static void set_child(struct rb_node *node, enum rb_side side,
		      struct rb_node *child)
{
	node->child[side] = child;
	if (child)
		set_parent(child, node);
}

/*
 * One tree of two and of @mid, which comes between them. On the inner edge of the
 * higher one @mid takes the place of a subtree that is as high as the lower one,
 * and has both below it.
 */
static struct rb_node *join(struct rb_node *left, struct rb_node *mid,
			    struct rb_node *right)
{
	const unsigned heights[] = { black_height(left), black_height(right) };
	const enum rb_side low =
		heights[RB_LEFT] < heights[RB_RIGHT] ? RB_LEFT : RB_RIGHT;
	struct rb_root root = { low == RB_LEFT ? right : left };
	struct rb_node *equal = root.node, *parent = NULL;
	unsigned surplus = heights[other(low)] - heights[low];

	while (surplus || is_red(equal)) {
		surplus -= rb_is_black(equal);
		parent = equal;
		equal = equal->child[low];
	}
	set_child(mid, low, low == RB_LEFT ? left : right);
	set_child(mid, other(low), equal);
	/* Red, as its children are black. */
	mid->parent_color = (uintptr_t)parent;
	if (parent)
		parent->child[low] = mid;
	else
		root.node = mid;
	rb_insert(&root, mid, NULL);
	return root.node;
}

/* A tree becomes two: what comes before @node, and the rest. */
static void split_before(struct rb_node *node, struct rb_node *parts[2])
{
	struct rb_node *parent = rb_parent(node), *child = node, *above;

	parts[RB_LEFT] = alone(node->left);
	parts[RB_RIGHT] = join(NULL, node, alone(node->right));
	for (; parent; child = parent, parent = above) {
		above = rb_parent(parent);
		if (child == parent->right)
			parts[RB_LEFT] = join(alone(parent->left), parent,
					      parts[RB_LEFT]);
		else
			parts[RB_RIGHT] = join(parts[RB_RIGHT], parent,
					       alone(parent->right));
	}
}

struct rb_node *rb_cut_out(struct rb_root *root, struct rb_node *first,
			   struct rb_node *behind)
{
	struct rb_node *outer[2], *inner[2];

	split_before(first, outer);
	if (!behind) {
		root->node = outer[RB_LEFT];
		return outer[RB_RIGHT];
	}
	split_before(behind, inner);
	root->node = inner[RB_RIGHT];
	rb_erase(root, behind, NULL);
	root->node = join(outer[RB_LEFT], behind, root->node);
	return inner[RB_LEFT];
}

/* ------------------------------------------------------------- copying */

static void go_leftmost(struct rb_copying *copying, const struct rb_node *old)
{
	while (old->left) {
		old = old->left;
		copying->depth++;
	}
	mm_assert(copying->depth + 1 < RB_HEIGHT_MAX);
	copying->old = old;
}

void rb_copying_begin(struct rb_copying *copying, struct rb_root *to,
		      const struct rb_root *from)
{
	copying->to = to;
	copying->old = NULL;
	copying->depth = 0;
	if (from->node)
		go_leftmost(copying, from->node);
}

static void go_next(struct rb_copying *copying)
{
	const struct rb_node *old = copying->old, *parent;

	if (old->right) {
		copying->depth++;
		go_leftmost(copying, old->right);
		return;
	}
	while ((parent = rb_parent(old)) && old == parent->right) {
		old = parent;
		copying->depth--;
	}
	copying->old = parent;
	copying->depth--;
}

/* A left child waits for its parent; a right one has it already. Either stands
 * in twins one level off, as what came in between lies deeper. */
void rb_copying_add(struct rb_copying *copying, struct rb_node *node)
{
	const struct rb_node *old = copying->old, *parent = rb_parent(old);
	struct rb_node **twin = &copying->twins[copying->depth];

	*twin = node;
	node->parent_color = old->parent_color & 1;
	node->left = old->left ? twin[1] : NULL;
	node->right = NULL;
	if (node->left)
		set_parent(node->left, node);
	if (!parent) {
		copying->to->node = node;
	} else if (old == parent->right) {
		set_parent(node, twin[-1]);
		twin[-1]->right = node;
	}
	go_next(copying);
}
