/* SPDX-License-Identifier: MIT */
/*
 * Areas and nodes that are said to be written the same, against what is written:
 * each is compared with copies in which one thing is otherwise
 */
#include <string.h>

#include "tests/proto/snapshot_fixture.h"
#include "tests/support/suite.h"

struct shown {
	struct snapshot snapshot;
	const struct vm_area_struct *vma;
};

static struct shown shown_in(const struct snapshot *snapshot,
			     const struct vm_area_struct *vma)
{
	return (struct shown){ *snapshot, vma };
}

static struct snapshot snapshot_of(const struct rpc_fixture *fx,
				   uint32_t process)
{
	const struct world *world = fixture_world(fx, 0);

	return (struct snapshot){
		.world = world,
		.process = world_process(world, process),
	};
}

/* What each writes at @out. */
typedef void write_fn(struct json_writer *w, const struct shown *one);

static void write_area(struct json_writer *w, const struct shown *one)
{
	snapshot_write_vma(w, &one->snapshot, one->vma);
}

static void write_node(struct json_writer *w, const struct shown *one)
{
	snapshot_write_node(w, one->vma);
}

static bool are_written_the_same(write_fn *write, const struct shown *one,
				 const struct shown *other)
{
	struct json_writer w;
	struct buffer out;
	size_t half;
	bool same;

	buffer_init(&out, 4000);
	json_writer_init(&w, &out);
	write(&w, one);
	half = out.len;
	json_writer_init(&w, &out);
	write(&w, other);
	CU_ASSERT_FATAL(!out.failed);
	same = out.len == 2 * half && !memcmp(out.data, out.data + half, half);
	buffer_deinit(&out);
	return same;
}

/* Return: whether they are the same. */
static bool compare(const struct shown *one, const struct shown *other)
{
	const bool same = snapshot_same_vma(&one->snapshot, one->vma,
					    &other->snapshot, other->vma);

	CU_ASSERT_EQUAL(same, are_written_the_same(write_area, one, other));
	CU_ASSERT_EQUAL(snapshot_same_node(one->vma, other->vma),
			are_written_the_same(write_node, one, other));
	return same;
}

/* Makes one thing of @vma otherwise, with the help of a @neighbour's. False:
 * there are no more. */
static bool change(struct vm_area_struct *vma,
		   const struct vm_area_struct *neighbour, unsigned which)
{
	static struct vm_file no_file = { .path_len = 0 };
	struct rb_node *rb = &vma->vm_rb, other = neighbour->vm_rb;

	switch (which) {
	case 0:
		vma->id += 1000;
		return true;
	case 1:
		vma->vm_start -= PAGE_SIZE;
		return true;
	case 2:
		vma->vm_end += PAGE_SIZE;
		return true;
	case 3:
		vma->vm_flags ^= VM_WRITE;
		return true;
	case 4:
		vma->vm_pgoff++;
		return true;
	case 5:
		vma->vm_file = vma->vm_file ? NULL : &no_file;
		return true;
	case 6:
		vma->vm_file = neighbour->vm_file;
		return true;
	case 7:
		vma->anon_vma = neighbour->anon_vma;
		return true;
	case 8:
		vma->vm_special ^= VM_SPECIAL_VDSO;
		return true;
	case 9:
		rb->left = other.left;
		return true;
	case 10:
		rb->right = other.right;
		return true;
	case 11:
		rb->parent_color ^= 1;
		return true;
	case 12:
		rb->parent_color = other.parent_color;
		return true;
	case 13:
		vma->rb_subtree_gap++;
		return true;
	default:
		return false;
	}
}

static void change_one_thing_at_a_time(const struct snapshot *snapshot,
				       const struct vm_area_struct *vma,
				       const struct vm_area_struct *neighbour)
{
	const struct shown one = shown_in(snapshot, vma);
	struct vm_area_struct copy = *vma;
	struct shown other = shown_in(snapshot, &copy);
	unsigned which;

	CU_ASSERT(compare(&one, &other));
	for (which = 0; change(&copy, neighbour, which); which++) {
		compare(&one, &other);
		compare(&other, &one);
		copy = *vma;
	}
}

static void what_is_otherwise_is_seen(void)
{
	const struct vm_area_struct *vma, *neighbour;
	struct snapshot snapshot;
	struct rpc_fixture fx;

	snapshot_begin(&fx);
	snapshot = snapshot_of(&fx, 0);
	for (vma = process_mm(snapshot.process)->mmap; vma; vma = vma->vm_next)
		for (neighbour = process_mm(snapshot.process)->mmap; neighbour;
		     neighbour = neighbour->vm_next)
			change_one_thing_at_a_time(&snapshot, vma, neighbour);
	fixture_deinit(&fx);
}

/* A fork has the same areas, and here other pages and another heap. */
static void what_processes_differ_in_is_seen(void)
{
	const struct vm_area_struct *vma, *child_vma;
	struct snapshot parent, child;
	struct rpc_fixture fx;
	struct shown one, other;
	unsigned differ = 0;

	snapshot_begin(&fx);
	json_decref(fixture_result(&fx, "process.fork", "['@']"));
	fixture_do(&fx, "mm.access", "['@','0x52000','write']");
	fixture_do(&fx, "mm.brk", "['@','0x648000']");
	parent = snapshot_of(&fx, 0);
	child = snapshot_of(&fx, 1);
	child_vma = process_mm(child.process)->mmap;
	for (vma = process_mm(parent.process)->mmap; vma && child_vma;
	     vma = vma->vm_next, child_vma = child_vma->vm_next) {
		one = shown_in(&parent, vma);
		other = shown_in(&child, child_vma);
		differ += !compare(&one, &other);
	}
	CU_ASSERT(!vma && !child_vma);
	CU_ASSERT(differ >= 2);
	fixture_deinit(&fx);
}

static void what_releases_spell_otherwise_is_seen(void)
{
	struct vm_area_struct vma = { .vm_start = 0x10000, .vm_end = 0x20000 };
	struct rpc_fixture old, new;
	struct snapshot snapshots[2];
	struct shown one, other;

	fixture_init(&old, 1, NULL);
	fixture_init(&new, 1, NULL);
	json_decref(fixture_create(&old, "{'profile':'4.0'}"));
	json_decref(fixture_create(&new, "{'profile':'6.12'}"));
	snapshots[0] = snapshot_of(&old, 0);
	snapshots[1] = snapshot_of(&new, 0);
	vma.vm_flags = VM_LOCKONFAULT;
	one = shown_in(&snapshots[0], &vma);
	other = shown_in(&snapshots[1], &vma);
	CU_ASSERT_FALSE(compare(&one, &other));
	fixture_deinit(&old);
	fixture_deinit(&new);
}

CU_TestInfo test_rpc_snapshot_same[] = {
	{ "what is otherwise is seen", what_is_otherwise_is_seen },
	{ "what processes differ in is seen",
	  what_processes_differ_in_is_seen },
	{ "what releases spell otherwise is seen",
	  what_releases_spell_otherwise_is_seen },
	CU_TEST_INFO_NULL,
};
