/* SPDX-License-Identifier: MIT */
/* The tree's rules after every insertion and removal, and its summaries. */
#include <stdlib.h>

#include "core/mm/rbtree.h"
#include "tests/support/suite.h"

#define NODES 300

struct item {
	struct rb_node node;
	uint64_t key;
	uint64_t largest; /* value in the subtree */
	uint64_t value;
	bool in_tree;
};

static struct item *item_of(const struct rb_node *node)
{
	return rb_entry((uintptr_t)node, struct item, node);
}

static uint64_t largest_below(const struct item *item)
{
	const struct rb_node *children[] = { item->node.left,
					     item->node.right };
	uint64_t largest = item->value;
	int i;

	for (i = 0; i < 2; i++)
		if (children[i] && item_of(children[i])->largest > largest)
			largest = item_of(children[i])->largest;
	return largest;
}

static void update(struct rb_node *node)
{
	item_of(node)->largest = largest_below(item_of(node));
}

static void propagate(struct rb_node *node)
{
	uint64_t before;

	for (; node; node = rb_parent(node)) {
		before = item_of(node)->largest;
		update(node);
		if (item_of(node)->largest == before)
			break;
	}
}

static const struct rb_augment augment = { update, propagate, NULL };

static void insert(struct rb_root *root, struct item *item)
{
	struct rb_node **link = &root->node, *parent = NULL;

	while (*link) {
		parent = *link;
		link = item->key < item_of(parent)->key ? &parent->left
							: &parent->right;
	}
	item->largest = item->value;
	rb_link_node(&item->node, parent, link);
	propagate(parent);
	rb_insert(root, &item->node, &augment);
	item->in_tree = true;
}

/* Black nodes on the way to each leaf, or -1 if a rule is broken. */
static int black_height(const struct rb_node *node,
			const struct rb_node *parent)
{
	int left, right;

	if (!node)
		return 0;
	if (rb_parent(node) != parent)
		return -1;
	if (!rb_is_black(node) && (!parent || !rb_is_black(parent)))
		return -1;
	if (item_of(node)->largest != largest_below(item_of(node)))
		return -1;
	left = black_height(node->left, node);
	right = black_height(node->right, node);
	if (left < 0 || left != right)
		return -1;
	return left + rb_is_black(node);
}

static size_t count_in_order(const struct rb_root *root)
{
	const struct rb_node *node, *before = NULL;
	size_t n = 0;

	for (node = rb_first(root); node; node = rb_next(node)) {
		if (before && item_of(before)->key >= item_of(node)->key)
			return SIZE_MAX;
		if (rb_prev(node) != before)
			return SIZE_MAX;
		before = node;
		n++;
	}
	return rb_last(root) == before ? n : SIZE_MAX;
}

static void empty_tree(void)
{
	struct rb_root root = { NULL };

	CU_ASSERT_PTR_NULL(rb_first(&root));
	CU_ASSERT_PTR_NULL(rb_last(&root));
	CU_ASSERT_EQUAL(count_in_order(&root), 0);
}

static void random_insertions_and_removals_keep_the_rules(void)
{
	static struct item items[NODES];
	struct rb_root root = { NULL };
	unsigned int random = 1;
	size_t in_tree = 0;
	struct item *item;
	int i;

	for (i = 0; i < NODES; i++)
		items[i] = (struct item){ .key = i };
	for (i = 0; i < 20 * NODES; i++) {
		random = random * 1103515245 + 12345;
		item = &items[(random >> 8) % NODES];
		if (item->in_tree) {
			rb_erase(&root, &item->node, &augment);
			item->in_tree = false;
			in_tree--;
		} else {
			item->value = random >> 16;
			insert(&root, item);
			in_tree++;
		}
		CU_ASSERT_TRUE(black_height(root.node, NULL) >= 0);
		CU_ASSERT_EQUAL(count_in_order(&root), in_tree);
	}
}

static void in_order_and_reversed(void)
{
	static struct item items[NODES];
	struct rb_root root = { NULL };
	int i;

	for (i = 0; i < NODES; i++) {
		items[i] = (struct item){ .key = i, .value = i };
		insert(&root, &items[i]);
		CU_ASSERT_TRUE(black_height(root.node, NULL) >= 0);
	}
	/* 300 nodes: 2 log2(301) is 16.5. */
	CU_ASSERT_TRUE(black_height(root.node, NULL) <= 8);
	CU_ASSERT_EQUAL(item_of(root.node)->largest, NODES - 1);
	for (i = NODES - 1; i >= 0; i--) {
		rb_erase(&root, &items[i].node, &augment);
		CU_ASSERT_TRUE(black_height(root.node, NULL) >= 0);
		if (i)
			CU_ASSERT_EQUAL(item_of(root.node)->largest,
					(uint64_t)i - 1);
	}
	CU_ASSERT_PTR_NULL(root.node);
}

/* Without summaries nothing but the links is touched. */
static void trees_need_no_summaries(void)
{
	static struct item items[NODES];
	struct rb_root root = { NULL };
	struct rb_node **link, *parent;
	int i;

	for (i = 0; i < NODES; i++) {
		items[i] = (struct item){ .key = i, .largest = 1, .value = 1 };
		parent = rb_last(&root);
		link = parent ? &parent->right : &root.node;
		rb_link_node(&items[i].node, parent, link);
		rb_insert(&root, &items[i].node, NULL);
		CU_ASSERT_TRUE(black_height(root.node, NULL) >= 0);
	}
	for (i = 0; i < NODES; i += 2)
		rb_erase(&root, &items[i].node, NULL);
	CU_ASSERT_TRUE(black_height(root.node, NULL) >= 0);
	CU_ASSERT_EQUAL(count_in_order(&root), NODES / 2);
}

/* The successor takes the place of a node with two children. */
static void the_successor_takes_the_place(void)
{
	static struct item items[7];
	struct rb_root root = { NULL };
	static const int order[] = { 3, 1, 5, 0, 2, 4, 6 };
	int i;

	for (i = 0; i < 7; i++) {
		items[order[i]] = (struct item){ .key = order[i] };
		insert(&root, &items[order[i]]);
	}
	CU_ASSERT_PTR_EQUAL(root.node, &items[3].node);
	rb_erase(&root, &items[3].node, &augment);
	CU_ASSERT_PTR_EQUAL(root.node, &items[4].node);
	CU_ASSERT_PTR_EQUAL(root.node->left, &items[1].node);
	CU_ASSERT_PTR_EQUAL(root.node->right, &items[5].node);
	CU_ASSERT_TRUE(black_height(root.node, NULL) >= 0);
}

static void forget(struct rb_node *node)
{
	item_of(node)->largest = 0;
}

/* Nothing changes below a node that was told of, and all are told of but those
 * on the right edge. */
static void appending_is_inserting_behind_the_last(void)
{
	static struct item inserted[NODES], appended[NODES];
	struct rb_root one = { NULL }, other = { NULL };
	struct rb_node *last = NULL, *node;
	int i, n;

	for (n = 0; n < NODES; n++) {
		inserted[n] = (struct item){ .key = n, .value = n * 7919 % 97 };
		appended[n] = inserted[n];
		insert(&one, &inserted[n]);
		forget(&appended[n].node);
		rb_append(&other, last, &appended[n].node, update);
		last = &appended[n].node;
		CU_ASSERT_EQUAL(item_of(one.node)->key,
				item_of(other.node)->key);
		for (i = 0; i <= n; i++)
			CU_ASSERT_EQUAL(rb_is_black(&inserted[i].node),
					rb_is_black(&appended[i].node));
	}
	for (node = last; node; node = rb_parent(node))
		update(node);
	CU_ASSERT_TRUE(black_height(other.node, NULL) >= 0);
	CU_ASSERT_EQUAL(count_in_order(&other), NODES);
	for (i = 0; i < NODES; i++)
		CU_ASSERT_EQUAL(inserted[i].largest, appended[i].largest);
}

/* Of @size nodes those from @first on and before @behind are cut out. */
static void cut_out(int size, int first, int behind)
{
	static struct item items[NODES];
	struct rb_root root = { NULL }, cut = { NULL };
	struct rb_node *next = behind < size ? &items[behind].node : NULL;
	int i, key;

	for (i = 0; i < size; i++) {
		key = i * 7919 % size;
		items[key] = (struct item){ .key = key };
		insert(&root, &items[key]);
	}
	cut.node = rb_cut_out(&root, &items[first].node, next);
	CU_ASSERT_TRUE(black_height(root.node, NULL) >= 0);
	CU_ASSERT_TRUE(black_height(cut.node, NULL) > 0);
	CU_ASSERT_EQUAL(count_in_order(&root), size - (behind - first));
	CU_ASSERT_EQUAL(count_in_order(&cut), behind - first);
	CU_ASSERT_PTR_EQUAL(rb_first(&cut), &items[first].node);
	CU_ASSERT_PTR_EQUAL(rb_last(&cut), &items[behind - 1].node);
	if (next)
		CU_ASSERT_PTR_EQUAL(rb_prev(next),
				    first ? &items[first - 1].node : NULL);
}

static void what_is_cut_out_is_a_tree_and_so_is_the_rest(void)
{
	int size, first, behind;

	for (size = 1; size <= 32; size++)
		for (first = 0; first < size; first++)
			for (behind = first + 1; behind <= size; behind++)
				cut_out(size, first, behind);
	for (first = 0; first < NODES; first += 23)
		for (behind = first + 1; behind <= NODES; behind += 29)
			cut_out(NODES, first, behind);
}

CU_TestInfo test_rbtree[] = {
	{ "empty tree", empty_tree },
	{ "random insertions and removals keep the rules",
	  random_insertions_and_removals_keep_the_rules },
	{ "in order and reversed", in_order_and_reversed },
	{ "trees need no summaries", trees_need_no_summaries },
	{ "appending is inserting behind the last",
	  appending_is_inserting_behind_the_last },
	{ "what is cut out is a tree, and so is the rest",
	  what_is_cut_out_is_a_tree_and_so_is_the_rest },
	{ "the successor takes the place", the_successor_takes_the_place },
	CU_TEST_INFO_NULL,
};
