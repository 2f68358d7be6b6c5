/* SPDX-License-Identifier: MIT */
/*
 * What is there of trees: the areas', and that of the page tables
 */
#include "core/mm/mm.h"
#include "core/mm/profile.h"
#include "core/world/process.h"
#include "proto/rpc/snapshot_parts.h"

/* -------------------------------------------------------------- rbtree */

/* 0: there is none. */
static uint32_t node_id(const struct rb_node *node)
{
	return node ? rb_entry(node, struct vm_area_struct, vm_rb)->id : 0;
}

static char *put_node_id(char *p, const struct rb_node *node)
{
	if (!node)
		return json_put_literal(p, "null");
	return buffer_put_u64(p, node_id(node));
}

#define NODE_MAX (96 + 4 * BUFFER_U64_MAX + JSON_HEX_MAX)

static char *put_node(char *p, const struct vm_area_struct *vma)
{
	p = json_put_literal(p, "{\"vma\":");
	p = buffer_put_u64(p, vma->id);
	p = json_put_literal(p, ",\"left\":");
	p = put_node_id(p, vma->vm_rb.left);
	p = json_put_literal(p, ",\"right\":");
	p = put_node_id(p, vma->vm_rb.right);
	p = json_put_literal(p, ",\"parent\":");
	p = put_node_id(p, rb_parent(&vma->vm_rb));
	if (rb_is_black(&vma->vm_rb))
		p = json_put_literal(p, ",\"color\":\"black\"");
	else
		p = json_put_literal(p, ",\"color\":\"red\"");
	p = json_put_literal(p, ",\"subtree_gap\":");
	p = json_put_hex(p, vma->rb_subtree_gap);
	*p++ = '}';
	return p;
}

void snapshot_write_node(struct json_writer *w,
			 const struct vm_area_struct *vma)
{
	char *p = json_writer_open(w, NODE_MAX);

	if (p)
		json_writer_close(w, put_node(p, vma));
}

bool snapshot_same_node(const struct vm_area_struct *vma,
			const struct vm_area_struct *other)
{
	const struct rb_node *a = &vma->vm_rb, *b = &other->vm_rb;

	return vma->id == other->id &&
	       vma->rb_subtree_gap == other->rb_subtree_gap &&
	       rb_is_black(a) == rb_is_black(b) &&
	       node_id(a->left) == node_id(b->left) &&
	       node_id(a->right) == node_id(b->right) &&
	       node_id(rb_parent(a)) == node_id(rb_parent(b));
}

static void begin_rbtree(struct json_writer *w, const struct mm_struct *mm)
{
	char *p;

	json_writer_object(w);
	json_writer_key(w, "root");
	p = json_writer_open(w, BUFFER_U64_MAX);
	if (p)
		json_writer_close(w, put_node_id(p, mm->mm_rb.node));
	json_writer_key(w, "nodes");
	json_writer_array(w);
}

bool snapshot_write_rbtree(struct json_writer *w,
			   struct snapshot_writing *writing, uint64_t *units)
{
	const struct snapshot *snapshot = writing->snapshot;
	const struct mm_struct *mm = process_mm(snapshot->process);

	if (!snapshot_profile(snapshot)->has_rbtree) {
		json_writer_null(w);
		return false;
	}
	if (!writing->is_open) {
		begin_rbtree(w, mm);
		writing->vma = mm->mmap;
	}
	for (; writing->vma && !w->out->failed;
	     writing->vma = writing->vma->vm_next) {
		if (!*units)
			return true;
		--*units;
		snapshot_write_node(w, writing->vma);
	}
	json_writer_array_end(w);
	json_writer_object_end(w);
	return false;
}

/* ----------------------------------------------------------- pagetable */

static void write_range(struct json_writer *w, uint64_t start, uint64_t end)
{
	json_writer_array(w);
	json_writer_hex(w, start);
	json_writer_hex(w, end);
	json_writer_array_end(w);
}

/* A range is held back in addr and end until it is known where it ends. */
static bool write_resident(struct json_writer *w,
			   struct snapshot_writing *writing, uint64_t *units)
{
	const struct mm_struct *mm = process_mm(writing->snapshot->process);
	uint64_t from = writing->next, end;

	while (from != UINT64_MAX && !w->out->failed) {
		if (!*units) {
			writing->next = from;
			return true;
		}
		if (!mm_next_resident_within(mm, &from, &end, units))
			continue;
		if (from != writing->end) {
			if (writing->end)
				write_range(w, writing->addr, writing->end);
			writing->addr = from;
		}
		from = writing->end = end;
	}
	if (writing->end)
		write_range(w, writing->addr, writing->end);
	return false;
}

static void begin_pagetable(struct json_writer *w, const struct mm_struct *mm)
{
	json_writer_object(w);
	put_count(w, "pgd", 1);
	/* With 47-bit addresses this level is folded into the one above. */
	put_count(w, "p4d", 0);
	put_count(w, "pud", mm->nr_puds);
	put_count(w, "pmd", mm->nr_pmds);
	put_count(w, "pte", mm->nr_ptes);
	json_writer_key(w, "resident");
	json_writer_array(w);
}

bool snapshot_write_pagetable(struct json_writer *w,
			      struct snapshot_writing *writing, uint64_t *units)
{
	const struct mm_struct *mm = process_mm(writing->snapshot->process);

	if (!writing->is_open) {
		begin_pagetable(w, mm);
		writing->next = writing->addr = writing->end = 0;
	}
	if (write_resident(w, writing, units))
		return true;
	json_writer_array_end(w);
	json_writer_object_end(w);
	return false;
}
