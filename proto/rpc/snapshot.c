/* SPDX-License-Identifier: MIT */
#include "proto/rpc/snapshot.h"

#include <string.h>

#include "core/hot.h"
#include "core/mm/profile.h"
#include "core/world/proc.h"
#include "core/world/process.h"
#include "core/world/world.h"
#include "proto/rpc/diff.h"
#include "proto/rpc/snapshot_parts.h"
#include "proto/rpc/steps.h"

const char *const snapshot_part_names[PART_NR] = {
	[PART_MM] = "mm",
	[PART_VMAS] = "vmas",
	[PART_MAPS] = "maps",
	[PART_STATUS] = "status",
	[PART_VMACACHE] = "vmacache",
	[PART_RBTREE] = "rbtree",
	[PART_PAGETABLE] = "pagetable",
	[PART_STEPS] = "steps",
	[PART_DIFF] = "diff",
};

/* ------------------------------------------------------------------ mm */

static void put_count_if(struct json_writer *w, bool has, uint64_t value)
{
	if (has)
		json_writer_u64(w, value);
	else
		json_writer_null(w);
}

/* All of it fits, whatever the numbers are: names are shorter than numbers. */
#define MM_MEMBERS 19
#define MM_MAX     (MM_MEMBERS * 2 * (BUFFER_U64_MAX + 4))

#define mm_count(p, name, value)                                               \
	buffer_put_u64(json_put_literal(p, ",\"" name "\":"), value)

#define mm_count_if(p, name, has, value)                                       \
	put_u64_or_null(json_put_literal(p, ",\"" name "\":"), has, value)

#define mm_address(p, name, value)                                             \
	json_put_hex(json_put_literal(p, ",\"" name "\":"), value)

static char *put_u64_or_null(char *p, bool has, uint64_t value)
{
	return has ? buffer_put_u64(p, value) : json_put_literal(p, "null");
}

static uint64_t max_u64(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static char *put_mm_counts(char *p, const struct mm_struct *mm,
			   const struct kernel_profile *profile)
{
	const uint64_t rss = get_mm_rss(mm);

	p = json_put_literal(p, "{\"map_count\":");
	p = buffer_put_u64(p, mm->map_count);
	p = mm_count(p, "total_vm", mm->total_vm);
	p = mm_count(p, "locked_vm", mm->locked_vm);
	/* The release that brought data_vm dropped shared_vm. */
	p = mm_count_if(p, "shared_vm", !profile->has_data_vm, mm->shared_vm);
	p = mm_count_if(p, "data_vm", profile->has_data_vm, mm->data_vm);
	p = mm_count(p, "exec_vm", mm->exec_vm);
	p = mm_count(p, "stack_vm", mm->stack_vm);
	/* The kernel brings both marks up to date only before a decrease;
	 * whoever reads them looks at the present, too. */
	p = mm_count(p, "hiwater_vm", max_u64(mm->hiwater_vm, mm->total_vm));
	p = mm_count(p, "hiwater_rss", max_u64(mm->hiwater_rss, rss));
	p = mm_count(p, "rss", rss);
	/* Releases that do not print VmPMD count bytes of tables instead. */
	p = mm_count_if(p, "nr_ptes", profile->status_has_vmpmd, mm->nr_ptes);
	return mm_count_if(p, "nr_pmds", profile->status_has_vmpmd,
			   mm->nr_pmds);
}

static char *put_mm_places(char *p, const struct mm_struct *mm)
{
	p = mm_address(p, "start_brk", mm->start_brk);
	p = mm_address(p, "brk", mm->brk);
	p = mm_address(p, "start_stack", mm->start_stack);
	p = mm_address(p, "mmap_base", mm->mmap_base);
	_Static_assert(TASK_SIZE == 0x7ffffffff000, "is the same everywhere");
	return json_put_literal(p, ",\"task_size\":\"0x7ffffffff000\"");
}

HOT static void write_mm(struct json_writer *w, const struct snapshot *snapshot)
{
	const struct kernel_profile *profile = snapshot_profile(snapshot);
	const struct mm_struct *mm = process_mm(snapshot->process);
	char *p = json_writer_open(w, MM_MAX);

	if (!p)
		return;
	p = put_mm_counts(p, mm, profile);
	p = put_mm_places(p, mm);
	p = mm_count_if(p, "vmacache_seqnum", profile->has_vmacache,
			mm->vmacache_seqnum);
	p = mm_count(p, "seq", world_seq(snapshot->world));
	*p++ = '}';
	json_writer_close(w, p);
}

/* ---------------------------------------------------------------- maps */

/* Newlines would end the line: they are written in octal. */
static void append_name(struct buffer *out, const char *name, size_t len)
{
	const char *end = name + len;

	for (;;) {
		const char *nl = memchr(name, '\n', (size_t)(end - name));

		buffer_append(out, name, (size_t)((nl ? nl : end) - name));
		if (!nl)
			return;
		buffer_append_literal(out, "\\012");
		name = nl + 1;
	}
}

static void append_maps_line(struct buffer *out,
			     const struct snapshot *snapshot,
			     const struct vm_area_struct *vma)
{
	const char *name;
	size_t prefix_len, name_len;
	char *p = buffer_reserve(out, MAPS_LINE_MAX);

	if (!p)
		return;
	process_maps_line(snapshot->process, vma, p, &prefix_len, &name,
			  &name_len);
	buffer_commit(out, prefix_len);
	if (name)
		append_name(out, name, name_len);
}

/* What maps lists: the areas, and behind them what no mm has. */
static const struct vm_area_struct *next_line(const struct snapshot *snapshot,
					      const struct vm_area_struct *vma)
{
	const struct vm_area_struct *gate = process_gate_vma(snapshot->process);
	const struct vm_area_struct *next;

	if (vma && vma == gate)
		return NULL;
	next = vma ? vma->vm_next : process_mm(snapshot->process)->mmap;
	return next ? next : gate;
}

static bool write_maps(struct json_writer *w, struct snapshot_writing *writing,
		       uint64_t *units)
{
	const struct snapshot *snapshot = writing->snapshot;
	const struct vm_area_struct *vma = writing->vma;
	struct buffer *line = snapshot->scratch;

	if (!writing->is_open)
		json_writer_array(w);
	for (; *units; --*units) {
		vma = next_line(snapshot, vma);
		if (!vma || line->failed) {
			json_writer_array_end(w);
			return false;
		}
		buffer_rewind(line, 0);
		append_maps_line(line, snapshot, vma);
		if (!line->failed)
			json_writer_string(w, line->data, line->len);
	}
	writing->vma = vma;
	return true;
}

/* Twenty lines of an area take as long as so many areas of maps. */
#define SUMS_PRICE 8

/* An area of smaps, behind its line of maps; false: there are no units left. */
static bool append_sums(struct buffer *out, struct smaps *smaps,
			const struct vm_area_struct *vma, uint64_t *units)
{
	char *p = buffer_reserve(out, SMAPS_TEXT_MAX);
	size_t len;

	if (!p)
		return true;
	len = smaps_area_text_within(smaps, vma, p, units);
	buffer_commit(out, len);
	if (len)
		*units -= *units < SUMS_PRICE ? *units : SUMS_PRICE;
	return len;
}

bool snapshot_write_text(struct json_writer *w, struct snapshot_text *writing,
			 uint64_t units)
{
	const struct snapshot *snapshot = &writing->snapshot;
	struct buffer *text = snapshot->scratch;
	bool more = true;

	if (!writing->is_open)
		json_writer_string_begin(w);
	writing->is_open = true;
	buffer_rewind(text, 0);
	for (; units && !text->failed; units -= units != 0) {
		if (!writing->has_line) {
			writing->vma = next_line(snapshot, writing->vma);
			more = writing->vma;
			if (!more)
				break;
			append_maps_line(text, snapshot, writing->vma);
			buffer_append_byte(text, '\n');
			writing->has_line = writing->smaps;
		}
		if (!writing->smaps)
			continue;
		if (!append_sums(text, writing->smaps, writing->vma, &units))
			break;
		writing->has_line = false;
	}
	if (text->len)
		json_writer_string_part(w, text->data, text->len);
	if (more && !text->failed && !w->out->failed)
		return true;
	json_writer_string_end(w);
	return false;
}

/* -------------------------------------------------------------- status */

static void write_status(struct json_writer *w, const struct snapshot *snapshot)
{
	uint64_t values[STATUS_NR_FIELDS];
	int i;

	process_status(snapshot->process, values);
	json_writer_object(w);
	for (i = 0; i < STATUS_NR_FIELDS; i++) {
		const char *name = status_field_names[i];

		if (values[i] == UINT64_MAX)
			continue;
		json_writer_key_text(w, name, strlen(name));
		json_writer_u64(w, values[i]);
	}
	json_writer_object_end(w);
}

/* ------------------------------------------------------------ vmacache */

static void write_vmacache(struct json_writer *w,
			   const struct snapshot *snapshot)
{
	const struct vmacache *cache;
	int i;

	if (!snapshot_profile(snapshot)->has_vmacache || !snapshot->task) {
		json_writer_null(w);
		return;
	}
	cache = &snapshot->task->vmacache;
	json_writer_object(w);
	put_count(w, "seqnum", cache->seqnum);
	put_count(w, "find_calls", cache->find_calls);
	put_count(w, "find_hits", cache->find_hits);
	put_count(w, "full_flushes", cache->full_flushes);
	json_writer_key(w, "slots");
	json_writer_array(w);
	for (i = 0; i < VMACACHE_SIZE; i++)
		put_count_if(w, cache->slots[i], cache->ids[i]);
	json_writer_array_end(w);
	if (snapshot->outcome) {
		put_count(w, "calls", snapshot->outcome->vmacache_calls);
		put_count(w, "hits", snapshot->outcome->vmacache_hits);
	}
	json_writer_object_end(w);
}

/* --------------------------------------------------------------- steps */

static void write_steps(struct json_writer *w, const struct snapshot *snapshot)
{
	if (snapshot->steps) {
		step_list_write(w, snapshot->steps, snapshot_profile(snapshot),
				snapshot->lang, snapshot->scratch);
		return;
	}
	/* Nothing was called. */
	json_writer_array(w);
	json_writer_array_end(w);
}

/* ---------------------------------------------------------------- diff */

static void write_diff(struct json_writer *w, const struct snapshot *snapshot)
{
	diff_write(w, snapshot->before ? snapshot->before : snapshot, snapshot,
		   snapshot->lineage, snapshot->is_undoing);
}

/* ----------------------------------------------------------------- all */

/* With what stands around it, and bytes to be copied in vain. */
#define KEY_COPY 16

#define PART(name, ...)                                                        \
	{                                                                      \
		",\"" name "\":", sizeof(",\"" name "\":") - 1, __VA_ARGS__    \
	}

/*
 * Named as in snapshot_part_names. A part is written at once, or some units of
 * it: whether there are more.
 */
static const struct {
	char key[KEY_COPY + 1];
	uint8_t key_len;
	void (*write)(struct json_writer *w, const struct snapshot *snapshot);
	bool (*go_on)(struct json_writer *w, struct snapshot_writing *writing,
		      uint64_t *units);
} parts[PART_NR] = {
	[PART_MM] = PART("mm", write_mm, NULL),
	[PART_VMAS] = PART("vmas", NULL, snapshot_write_vmas),
	[PART_MAPS] = PART("maps", NULL, write_maps),
	[PART_STATUS] = PART("status", write_status, NULL),
	[PART_VMACACHE] = PART("vmacache", write_vmacache, NULL),
	[PART_RBTREE] = PART("rbtree", NULL, snapshot_write_rbtree),
	[PART_PAGETABLE] = PART("pagetable", NULL, snapshot_write_pagetable),
	[PART_STEPS] = PART("steps", write_steps, NULL),
	[PART_DIFF] = PART("diff", write_diff, NULL),
};

static void write_key(struct json_writer *w, int part)
{
	const size_t comma = !w->comma;
	char *p = buffer_reserve(w->out, KEY_COPY);

	if (p) {
		memcpy(p, parts[part].key + comma, KEY_COPY);
		buffer_commit(w->out, parts[part].key_len - comma);
	}
	w->comma = false;
}

static void write_at_once(struct json_writer *w,
			  const struct snapshot *snapshot, int part)
{
	struct snapshot_writing writing = { .snapshot = snapshot };
	uint64_t units = UINT64_MAX;

	parts[part].go_on(w, &writing, &units);
}

HOT void snapshot_write(struct json_writer *w, const struct snapshot *snapshot,
			unsigned want)
{
	int part;

	json_writer_object(w);
	for (; want && !w->out->failed; want &= want - 1) {
		part = __builtin_ctz(want);
		write_key(w, part);
		if (parts[part].write)
			parts[part].write(w, snapshot);
		else
			write_at_once(w, snapshot, part);
	}
	json_writer_object_end(w);
}

bool snapshot_is_long(const struct process *process, unsigned want,
		      unsigned most)
{
	const struct mm_struct *mm;

	if (!(want & PARTS_LONG) || !process || !process_is_alive(process))
		return false;
	mm = process_mm(process);
	return (uint64_t)mm->map_count + mm->nr_ptes > most;
}

bool snapshot_go_on(struct json_writer *w, struct snapshot_writing *writing,
		    uint64_t units)
{
	int part;

	while (writing->want && !w->out->failed) {
		part = __builtin_ctz(writing->want);
		if (!writing->is_open)
			write_key(w, part);
		if (parts[part].go_on(w, writing, &units)) {
			writing->is_open = true;
			return true;
		}
		writing->is_open = false;
		writing->vma = NULL;
		writing->want &= writing->want - 1;
	}
	return false;
}
