/* SPDX-License-Identifier: MIT */
/*
 * Both states are written as snapshots write them, and the texts compared member
 * by member: so whatever a snapshot shows can differ here. Of most areas and
 * nodes snapshots say beforehand that they would write the same.
 */
#include "proto/rpc/diff.h"

#include "core/mm/vma.h"
#include "core/world/process.h"
#include "core/world/world.h"
#include "proto/json/reader.h"

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

/* ------------------------------------------------------------- members */

/* Texts that are not whole are no ground for an answer. The buffer forgets its
 * failure when it is used next; the answer's does not. */
static bool has_failed(const struct diff *diff)
{
	if (diff->text.failed && !diff->w->out->failed)
		diff->w->out->failed = diff->text.failed;
	return diff->text.failed;
}

/* The two objects in diff->text, which have the same members, from where the
 * first and the second begin. False: they are the same. */
static bool differ(const struct diff *diff, size_t second)
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

static void write_text_members(const struct diff *diff, size_t second,
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
static void write_part(struct diff *diff, enum snapshot_part part)
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
static uint32_t holder(const struct snapshot *other,
		       const struct vm_area_struct *part)
{
	const struct vm_area_struct *whole =
		vma_at_or_after(mm_of(other), part->vm_start);

	return whole && holds(whole, part) ? whole->id : 0;
}

/* The area of the earlier state that one of the later is a piece of. What it
 * was split off may itself have been made in between. */
static uint32_t whole_of(const struct diff *diff,
			 const struct diff_areas *earlier, uint32_t id)
{
	while (id && !diff_areas_has(earlier, id))
		id = lineage_split_from(diff->lineage, id);
	return id;
}

/* The area of the later state that one of the earlier is a part of. */
static uint32_t heir_of(const struct diff *diff, const struct diff_areas *later,
			uint32_t id)
{
	while (id && !diff_areas_has(later, id))
		id = lineage_merged_into(diff->lineage, id);
	return id;
}

/* The area of @other, the state without @vma, that it was split off or merged
 * into; 0: none. */
static uint32_t relative(const struct diff *diff, const struct diff_areas *list,
			 const struct snapshot *other,
			 const struct vm_area_struct *vma)
{
	const bool is_earlier = (other == diff->before) != diff->backwards;

	if (diff->strangers)
		return 0;
	if (!diff->lineage || !lineage_is_known(diff->lineage))
		return holder(other, vma);
	return is_earlier ? whole_of(diff, list, vma->id)
			  : heir_of(diff, list, vma->id);
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

static void write_added(struct diff *diff, const struct vm_area_struct *vma)
{
	struct json_writer *w = diff->w;

	begin_area(w, vma->id, "added");
	write_relative(w, "split_from",
		       relative(diff, &diff->old, diff->before, vma));
	json_writer_key(w, "area");
	snapshot_write_vma(w, diff->after, vma);
	json_writer_object_end(w);
}

static void write_removed(struct diff *diff, const struct vm_area_struct *vma)
{
	struct json_writer *w = diff->w;

	begin_area(w, vma->id, "removed");
	write_relative(w, "merged_into",
		       relative(diff, &diff->new, diff->after, vma));
	json_writer_key(w, "area");
	snapshot_write_vma(w, diff->before, vma);
	json_writer_object_end(w);
}

static void write_kept(struct diff *diff, const struct vm_area_struct *old,
		       const struct vm_area_struct *new)
{
	const bool moved =
		old->vm_end <= new->vm_start || new->vm_end <= old->vm_start;
	struct json_writer w;
	size_t second;

	if (snapshot_same_vma(diff->before, old, diff->after, new))
		return;
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

static void write_kept_node(struct diff *diff, const struct vm_area_struct *old,
			    const struct vm_area_struct *new)
{
	struct json_writer w;
	size_t second;

	if (snapshot_same_node(old, new))
		return;
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

/* Walks both lists side by side from where it stands, past @nr areas at most;
 * @lost and @found may be NULL. Whether there are more. */
static bool walk(struct diff *diff, size_t nr,
		 void (*lost)(struct diff *, const struct vm_area_struct *),
		 void (*found)(struct diff *, const struct vm_area_struct *),
		 void (*kept)(struct diff *, const struct vm_area_struct *,
			      const struct vm_area_struct *))
{
	const struct diff_areas *old = &diff->old, *new = &diff->new;
	size_t *i = &diff->old_at, *j = &diff->new_at;

	while ((*i < old->nr || *j < new->nr) && !diff->w->out->failed) {
		const struct vm_area_struct *a =
			*i < old->nr ? old->areas[*i] : NULL;
		const struct vm_area_struct *b =
			*j < new->nr ? new->areas[*j] : NULL;

		if (!nr--)
			return true;
		if (a && b && a->id == b->id && !diff->strangers) {
			kept(diff, a, b);
			++*i;
			++*j;
		} else if (a && (!b || a->id < b->id || diff->strangers)) {
			if (lost)
				lost(diff, a);
			++*i;
		} else {
			if (found)
				found(diff, b);
			++*j;
		}
	}
	*i = *j = 0;
	return false;
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

static void begin_tree(struct diff *diff)
{
	const uint32_t old = root_of(diff->before), new = root_of(diff->after);
	struct json_writer *w = diff->w;

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
}

/* Behind the areas: all that is no list, up to the nodes of the tree. */
static void write_parts(struct diff *diff)
{
	struct json_writer *w = diff->w;

	json_writer_array_end(w);
	json_writer_key(w, "mm");
	write_part(diff, PART_MM);
	json_writer_key(w, "vmacache");
	write_part(diff, PART_VMACACHE);
	json_writer_key(w, "rbtree");
	diff->has_tree = mm_of(diff->before) && mm_of(diff->after) &&
			 world_machine(diff->after->world)->profile->has_rbtree;
	if (diff->has_tree)
		begin_tree(diff);
	else
		json_writer_null(w);
}

static bool write_areas(struct diff *diff, size_t nr)
{
	if (walk(diff, nr, write_removed, write_added, write_kept))
		return true;
	write_parts(diff);
	diff->is_at_nodes = true;
	return false;
}

bool diff_go_on(struct diff *diff, struct json_writer *w, size_t nr)
{
	diff->w = w;
	if (!diff->is_at_nodes && write_areas(diff, nr))
		return true;
	if (diff->has_tree) {
		if (walk(diff, nr, NULL, NULL, write_kept_node))
			return true;
		json_writer_array_end(w);
		json_writer_object_end(w);
	}
	json_writer_object_end(w);
	return false;
}

bool diff_begin(struct diff *diff, struct json_writer *w, struct memory *payer,
		const struct snapshot *before, const struct snapshot *after)
{
	*diff = (struct diff){
		.payer = payer,
		.before = before,
		.after = after,
		.strangers = are_strangers(before, after),
	};
	buffer_init(&diff->text, w->out->max);
	if (before != after &&
	    (!diff_areas_list(&diff->old, payer, mm_of(before)) ||
	     !diff_areas_list(&diff->new, payer, mm_of(after)))) {
		diff_end(diff);
		return false;
	}
	json_writer_object(w);
	json_writer_key(w, "areas");
	json_writer_array(w);
	return true;
}

void diff_end(struct diff *diff)
{
	diff_areas_free(&diff->old, diff->payer);
	diff_areas_free(&diff->new, diff->payer);
	buffer_deinit(&diff->text);
}

void diff_write(struct json_writer *w, const struct snapshot *before,
		const struct snapshot *after, struct lineage *lineage,
		bool backwards)
{
	struct diff diff;

	if (!diff_begin(&diff, w, NULL, before, after)) {
		w->out->failed = BUFFER_NO_MEMORY;
		return;
	}
	diff.lineage = lineage;
	diff.backwards = backwards;
	while (diff_go_on(&diff, w, SIZE_MAX))
		;
	diff_end(&diff);
}
