/* SPDX-License-Identifier: MIT */
/*
 * Both states are written as snapshots write them, and the texts compared member
 * by member: so whatever a snapshot shows can differ here.
 */
#include "proto/rpc/diff.h"

#include <stdlib.h>

#include "core/mm/vma.h"
#include "core/world/world.h"
#include "proto/json/reader.h"

/* By rising id. */
struct area_list {
	const struct vm_area_struct **areas;
	size_t nr;
};

struct diffing {
	struct json_writer *w;
	const struct snapshot *before, *after;
	struct area_list old, new;
	struct buffer text; /* of two values, one behind the other */
	bool strangers;     /* of two programs: ids mean nothing */
};

/* NULL: there was, or is, no address space. */
static const struct mm_struct *mm_of(const struct snapshot *snapshot)
{
	return snapshot->process ? process_mm(snapshot->process) : NULL;
}

static bool are_strangers(const struct snapshot *before,
			  const struct snapshot *after)
{
	const struct mm_struct *old = mm_of(before), *new = mm_of(after);

	return !old || !new || old->image != new->image;
}

static int compare_ids(const void *a, const void *b)
{
	const struct vm_area_struct *const *first = a, *const *second = b;

	return ((*first)->id > (*second)->id) - ((*first)->id < (*second)->id);
}

static bool list_areas(struct area_list *list, const struct snapshot *snapshot)
{
	const struct mm_struct *mm = mm_of(snapshot);
	const struct vm_area_struct *vma;

	list->nr = 0;
	list->areas =
		malloc(((mm ? mm->map_count : 0) + 1u) * sizeof(*list->areas));
	if (!list->areas)
		return false;
	for (vma = mm ? mm->mmap : NULL; vma; vma = vma->vm_next)
		list->areas[list->nr++] = vma;
	qsort(list->areas, list->nr, sizeof(*list->areas), compare_ids);
	return true;
}

/* ------------------------------------------------------------- members */

/* Texts that are not whole are no ground for an answer. The buffer forgets its
 * failure when it is used next; the answer's does not. */
static bool has_failed(const struct diffing *diff)
{
	if (diff->text.failed && !diff->w->out->failed)
		diff->w->out->failed = diff->text.failed;
	return diff->text.failed;
}

/* The two objects in diff->text, which have the same members, from where the
 * first and the second begin. False: they are the same. */
static bool differ(const struct diffing *diff, size_t second)
{
	const struct buffer *text = &diff->text;

	return second * 2 != text->len ||
	       memcmp(text->data, text->data + second, second) != 0;
}

/* "member":[before,after] of each that differs; @but: not this one. */
static void write_members(struct json_writer *w, struct json_reader *old,
			  struct json_reader *new, const char *but)
{
	struct json_value key, was, is;

	json_reader_enter(old);
	json_reader_enter(new);
	while (json_reader_member(old, &key) && json_reader_member(new, &key)) {
		json_reader_value(old, &was);
		json_reader_value(new, &is);
		if ((was.len == is.len && !memcmp(was.text, is.text, is.len)) ||
		    json_string_equals(&key, but, strlen(but)))
			continue;
		json_writer_key_text(w, key.text + 1, key.len - 2);
		json_writer_array(w);
		json_writer_raw(w, was.text, was.len);
		json_writer_raw(w, is.text, is.len);
		json_writer_array_end(w);
	}
}

static void write_text_members(const struct diffing *diff, size_t second,
			       const char *but)
{
	struct json_reader old, new;

	json_reader_init(&old, diff->text.data, second);
	json_reader_init(&new, diff->text.data + second,
			 diff->text.len - second);
	write_members(diff->w, &old, &new, but);
}

/* Behind {"part": */
static void enter_part(struct json_reader *r)
{
	struct json_value key;

	json_reader_enter(r);
	(void)json_reader_member(r, &key);
}

/* What differs in a part that is an object, or null where either state has no
 * such part. */
static void write_part(struct diffing *diff, enum snapshot_part part)
{
	struct json_writer w, *out = diff->w;
	struct json_reader old, new;
	size_t second;

	if (!mm_of(diff->before) || !mm_of(diff->after)) {
		json_writer_null(out);
		return;
	}
	buffer_rewind(&diff->text, 0);
	json_writer_init(&w, &diff->text);
	snapshot_write(&w, diff->before, 1u << part);
	second = diff->text.len;
	json_writer_init(&w, &diff->text);
	snapshot_write(&w, diff->after, 1u << part);
	if (has_failed(diff))
		return;
	json_reader_init(&old, diff->text.data, second);
	json_reader_init(&new, diff->text.data + second,
			 diff->text.len - second);
	enter_part(&old);
	enter_part(&new);
	if (json_reader_peek(&old) != JSON_KIND_OBJECT ||
	    json_reader_peek(&new) != JSON_KIND_OBJECT) {
		json_writer_null(out);
		return;
	}
	json_writer_object(out);
	write_members(out, &old, &new, "");
	json_writer_object_end(out);
}

/* --------------------------------------------------------------- areas */

static bool same_file(const struct vm_file *a, const struct vm_file *b)
{
	if (!a || !b)
		return a == b;
	return a->inode == b->inode && a->dev_major == b->dev_major &&
	       a->dev_minor == b->dev_minor;
}

/* Does @whole hold all of @part, with the same things behind the same
 * addresses? */
static bool holds(const struct vm_area_struct *whole,
		  const struct vm_area_struct *part)
{
	return whole->vm_start <= part->vm_start &&
	       part->vm_end <= whole->vm_end &&
	       same_file(whole->vm_file, part->vm_file) &&
	       whole->vm_pgoff + ((part->vm_start - whole->vm_start) >>
				  PAGE_SHIFT) ==
		       part->vm_pgoff;
}

/* The area of the other state that holds it; 0: none. */
static uint32_t holder(const struct diffing *diff, const struct snapshot *other,
		       const struct vm_area_struct *part)
{
	const struct vm_area_struct *whole =
		diff->strangers ? NULL
				: vma_at_or_after(mm_of(other), part->vm_start);

	return whole && holds(whole, part) ? whole->id : 0;
}

static void begin_area(struct json_writer *w, uint32_t id, const char *change)
{
	json_writer_object(w);
	json_writer_key(w, "id");
	json_writer_u64(w, id);
	json_writer_key(w, "change");
	json_writer_text(w, change);
}

static void write_relative(struct json_writer *w, const char *name, uint32_t id)
{
	if (!id)
		return;
	json_writer_key_text(w, name, strlen(name));
	json_writer_u64(w, id);
}

static void write_added(struct diffing *diff, const struct vm_area_struct *vma)
{
	struct json_writer *w = diff->w;

	begin_area(w, vma->id, "added");
	write_relative(w, "split_from", holder(diff, diff->before, vma));
	json_writer_key(w, "area");
	snapshot_write_vma(w, diff->after, vma);
	json_writer_object_end(w);
}

static void write_removed(struct diffing *diff,
			  const struct vm_area_struct *vma)
{
	struct json_writer *w = diff->w;

	begin_area(w, vma->id, "removed");
	write_relative(w, "merged_into", holder(diff, diff->after, vma));
	json_writer_key(w, "area");
	snapshot_write_vma(w, diff->before, vma);
	json_writer_object_end(w);
}

static void write_kept(struct diffing *diff, const struct vm_area_struct *old,
		       const struct vm_area_struct *new)
{
	const bool moved =
		old->vm_end <= new->vm_start || new->vm_end <= old->vm_start;
	struct json_writer w;
	size_t second;

	buffer_rewind(&diff->text, 0);
	json_writer_init(&w, &diff->text);
	snapshot_write_vma(&w, diff->before, old);
	second = diff->text.len;
	json_writer_init(&w, &diff->text);
	snapshot_write_vma(&w, diff->after, new);
	if (has_failed(diff) || !differ(diff, second))
		return;
	begin_area(diff->w, new->id, moved ? "moved" : "changed");
	json_writer_key(diff->w, "fields");
	json_writer_object(diff->w);
	write_text_members(diff, second, "id");
	json_writer_object_end(diff->w);
	json_writer_object_end(diff->w);
}

static void write_kept_node(struct diffing *diff,
			    const struct vm_area_struct *old,
			    const struct vm_area_struct *new)
{
	struct json_writer w;
	size_t second;

	buffer_rewind(&diff->text, 0);
	json_writer_init(&w, &diff->text);
	snapshot_write_node(&w, old);
	second = diff->text.len;
	json_writer_init(&w, &diff->text);
	snapshot_write_node(&w, new);
	if (has_failed(diff) || !differ(diff, second))
		return;
	json_writer_object(diff->w);
	json_writer_key(diff->w, "vma");
	json_writer_u64(diff->w, new->id);
	write_text_members(diff, second, "vma");
	json_writer_object_end(diff->w);
}

/* Walks both lists side by side; @lost and @found may be NULL. */
static void walk(struct diffing *diff,
		 void (*lost)(struct diffing *, const struct vm_area_struct *),
		 void (*found)(struct diffing *, const struct vm_area_struct *),
		 void (*kept)(struct diffing *, const struct vm_area_struct *,
			      const struct vm_area_struct *))
{
	const struct area_list *old = &diff->old, *new = &diff->new;
	size_t i = 0, j = 0;

	while ((i < old->nr || j < new->nr) && !diff->w->out->failed) {
		const struct vm_area_struct *a =
			i < old->nr ? old->areas[i] : NULL;
		const struct vm_area_struct *b =
			j < new->nr ? new->areas[j] : NULL;

		if (a && b && a->id == b->id && !diff->strangers) {
			kept(diff, a, b);
			i++;
			j++;
		} else if (a && (!b || a->id < b->id || diff->strangers)) {
			if (lost)
				lost(diff, a);
			i++;
		} else {
			if (found)
				found(diff, b);
			j++;
		}
	}
}

static uint32_t root_of(const struct snapshot *snapshot)
{
	const struct rb_node *root = mm_of(snapshot)->mm_rb.node;

	return root ? vma_of(root)->id : 0;
}

static void write_root(struct json_writer *w, uint32_t id)
{
	if (id)
		json_writer_u64(w, id);
	else
		json_writer_null(w);
}

static void write_tree(struct diffing *diff)
{
	struct json_writer *w = diff->w;
	uint32_t old, new;

	if (!mm_of(diff->before) || !mm_of(diff->after) ||
	    !world_machine(diff->after->world)->profile->has_rbtree) {
		json_writer_null(w);
		return;
	}
	old = root_of(diff->before);
	new = root_of(diff->after);
	json_writer_object(w);
	if (old != new) {
		json_writer_key(w, "root");
		json_writer_array(w);
		write_root(w, old);
		write_root(w, new);
		json_writer_array_end(w);
	}
	json_writer_key(w, "nodes");
	json_writer_array(w);
	walk(diff, NULL, NULL, write_kept_node);
	json_writer_array_end(w);
	json_writer_object_end(w);
}

static void write_all(struct diffing *diff)
{
	struct json_writer *w = diff->w;

	json_writer_object(w);
	json_writer_key(w, "areas");
	json_writer_array(w);
	walk(diff, write_removed, write_added, write_kept);
	json_writer_array_end(w);
	json_writer_key(w, "mm");
	write_part(diff, PART_MM);
	json_writer_key(w, "vmacache");
	write_part(diff, PART_VMACACHE);
	json_writer_key(w, "rbtree");
	write_tree(diff);
	json_writer_object_end(w);
}

void diff_write(struct json_writer *w, const struct snapshot *before,
		const struct snapshot *after)
{
	struct diffing diff = { .w = w, .before = before, .after = after };

	diff.strangers = are_strangers(before, after);
	buffer_init(&diff.text, w->out->max);
	if (before == after ||
	    (list_areas(&diff.old, before) && list_areas(&diff.new, after)))
		write_all(&diff);
	else
		w->out->failed = BUFFER_NO_MEMORY;
	free(diff.old.areas);
	free(diff.new.areas);
	buffer_deinit(&diff.text);
}
