/* SPDX-License-Identifier: MIT */
#include "proto/rpc/snapshot.h"

#include <string.h>

#include "core/world/world.h"
#include "proto/rpc/diff.h"
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

static const struct kernel_profile *
snapshot_profile(const struct snapshot *snapshot)
{
	return world_machine(snapshot->world)->profile;
}

/* ------------------------------------------------------------------ mm */

#define put_count(w, name, value)                                              \
	do {                                                                   \
		json_writer_key(w, name);                                      \
		json_writer_u64(w, value);                                     \
	} while (0)

#define put_address(w, name, value)                                            \
	do {                                                                   \
		json_writer_key(w, name);                                      \
		json_writer_hex(w, value);                                     \
	} while (0)

static void put_count_if(struct json_writer *w, bool has, uint64_t value)
{
	if (has)
		json_writer_u64(w, value);
	else
		json_writer_null(w);
}

static uint64_t max_u64(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static void write_mm(struct json_writer *w, const struct snapshot *snapshot)
{
	const struct kernel_profile *profile = snapshot_profile(snapshot);
	const struct mm_struct *mm = process_mm(snapshot->process);
	uint64_t rss = get_mm_rss(mm);

	json_writer_object(w);
	put_count(w, "map_count", mm->map_count);
	put_count(w, "total_vm", mm->total_vm);
	put_count(w, "locked_vm", mm->locked_vm);
	/* The release that brought data_vm dropped shared_vm. */
	json_writer_key(w, "shared_vm");
	put_count_if(w, !profile->has_data_vm, mm->shared_vm);
	json_writer_key(w, "data_vm");
	put_count_if(w, profile->has_data_vm, mm->data_vm);
	put_count(w, "exec_vm", mm->exec_vm);
	put_count(w, "stack_vm", mm->stack_vm);
	/* The kernel brings both marks up to date only before a decrease;
	 * whoever reads them looks at the present, too. */
	put_count(w, "hiwater_vm", max_u64(mm->hiwater_vm, mm->total_vm));
	put_count(w, "hiwater_rss", max_u64(mm->hiwater_rss, rss));
	put_count(w, "rss", rss);
	/* Releases that do not print VmPMD count bytes of tables instead. */
	json_writer_key(w, "nr_ptes");
	put_count_if(w, profile->status_has_vmpmd, mm->nr_ptes);
	json_writer_key(w, "nr_pmds");
	put_count_if(w, profile->status_has_vmpmd, mm->nr_pmds);
	put_address(w, "start_brk", mm->start_brk);
	put_address(w, "brk", mm->brk);
	put_address(w, "start_stack", mm->start_stack);
	put_address(w, "mmap_base", mm->mmap_base);
	put_address(w, "task_size", TASK_SIZE);
	json_writer_key(w, "vmacache_seqnum");
	put_count_if(w, profile->has_vmacache, mm->vmacache_seqnum);
	put_count(w, "seq", world_seq(snapshot->world));
	json_writer_object_end(w);
}

/* ---------------------------------------------------------------- vmas */

#define FLAGS_TEXT_MAX (2 + 5 * VMA_FLAG_CODES_MAX)
/* {"id":…,"start":…,"end":…,"perms":"rwxp","flags":[…],"offset":…,"name": */
#define VMA_HEAD_MAX (80 + BUFFER_U64_MAX + 3 * JSON_HEX_MAX + FLAGS_TEXT_MAX)
/* null,"anon_vma":…,"rss":…} */
#define VMA_TAIL_MAX (36 + 2 * BUFFER_U64_MAX)

/* Areas are many and their flags alike: eight texts are kept. */
#define FLAGS_MEMO_BITS 3

struct flags_memo {
	uint64_t vm_flags;
	size_t len; /* 0: nothing is kept here */
	char text[FLAGS_TEXT_MAX];
};

struct vma_writing {
	const struct snapshot *snapshot;
	struct flags_memo memos[1 << FLAGS_MEMO_BITS];
};

static void vma_writing_init(struct vma_writing *writing,
			     const struct snapshot *snapshot)
{
	size_t i;

	writing->snapshot = snapshot;
	for (i = 0; i < 1 << FLAGS_MEMO_BITS; i++)
		writing->memos[i].len = 0;
}

static char *put_perms(char *p, uint64_t vm_flags)
{
	*p++ = vm_flags & VM_READ ? 'r' : '-';
	*p++ = vm_flags & VM_WRITE ? 'w' : '-';
	*p++ = vm_flags & VM_EXEC ? 'x' : '-';
	*p++ = vm_flags & VM_MAYSHARE ? 's' : 'p';
	return p;
}

static void flags_memo_fill(struct flags_memo *memo,
			    const struct kernel_profile *profile,
			    uint64_t vm_flags)
{
	const char *codes[VMA_FLAG_CODES_MAX];
	size_t nr = vma_flag_codes(profile, vm_flags, codes);
	char *p = memo->text;
	size_t i;

	*p++ = '[';
	for (i = 0; i < nr; i++) {
		*p++ = '"';
		*p++ = codes[i][0];
		*p++ = codes[i][1];
		*p++ = '"';
		*p++ = ',';
	}
	if (nr)
		p--;
	*p++ = ']';
	memo->vm_flags = vm_flags;
	memo->len = (size_t)(p - memo->text);
}

static char *put_flag_codes(char *p, struct vma_writing *writing,
			    uint64_t vm_flags)
{
	uint64_t hash = vm_flags * 0x9e3779b97f4a7c15 >> (64 - FLAGS_MEMO_BITS);
	struct flags_memo *memo = &writing->memos[hash];

	if (!memo->len || memo->vm_flags != vm_flags)
		flags_memo_fill(memo, snapshot_profile(writing->snapshot),
				vm_flags);
	/* All of it, as a copy of constant length is a few moves. */
	memcpy(p, memo->text, FLAGS_TEXT_MAX);
	return p + memo->len;
}

static char *put_vma_head(char *p, struct vma_writing *writing,
			  const struct vm_area_struct *vma)
{
	/* As maps does: the offset of what has a file. */
	uint64_t offset = vma->vm_file ? vma->vm_pgoff << PAGE_SHIFT : 0;

	p = json_put_literal(p, "{\"id\":");
	p = buffer_put_u64(p, vma->id);
	p = json_put_literal(p, ",\"start\":");
	p = json_put_hex(p, vma->vm_start);
	p = json_put_literal(p, ",\"end\":");
	p = json_put_hex(p, vma->vm_end);
	p = json_put_literal(p, ",\"perms\":\"");
	p = put_perms(p, vma->vm_flags);
	p = json_put_literal(p, "\",\"flags\":");
	p = put_flag_codes(p, writing, vma->vm_flags);
	p = json_put_literal(p, ",\"offset\":");
	p = json_put_hex(p, offset);
	return json_put_literal(p, ",\"name\":");
}

static char *put_vma_tail(char *p, const struct vma_writing *writing,
			  const struct vm_area_struct *vma)
{
	const struct mm_struct *mm = process_mm(writing->snapshot->process);

	p = json_put_literal(p, ",\"anon_vma\":");
	if (vma->anon_vma)
		p = buffer_put_u64(p, vma->anon_vma->id);
	else
		p = json_put_literal(p, "null");
	p = json_put_literal(p, ",\"rss\":");
	p = buffer_put_u64(p, mm_resident_pages(mm, vma));
	*p++ = '}';
	return p;
}

/* Most areas have no name, and their room is asked for once. */
static void write_vma(struct json_writer *w, struct vma_writing *writing,
		      const struct vm_area_struct *vma)
{
	size_t len;
	const char *name =
		process_area_name(writing->snapshot->process, vma, &len);
	char *p = json_writer_open(w, VMA_HEAD_MAX + VMA_TAIL_MAX);

	if (!p)
		return;
	p = put_vma_head(p, writing, vma);
	if (name) {
		json_writer_close(w, p);
		w->comma = false;
		json_writer_string(w, name, len);
		w->comma = false;
		p = json_writer_open(w, VMA_TAIL_MAX);
		if (!p)
			return;
	} else {
		p = json_put_literal(p, "null");
	}
	json_writer_close(w, put_vma_tail(p, writing, vma));
}

void snapshot_write_vma(struct json_writer *w, const struct snapshot *snapshot,
			const struct vm_area_struct *vma)
{
	struct vma_writing writing;

	if (!vma) {
		json_writer_null(w);
		return;
	}
	vma_writing_init(&writing, snapshot);
	write_vma(w, &writing, vma);
}

static void write_vmas(struct json_writer *w, const struct snapshot *snapshot)
{
	const struct vm_area_struct *vma;
	struct vma_writing writing;

	vma_writing_init(&writing, snapshot);
	json_writer_array(w);
	for (vma = process_mm(snapshot->process)->mmap; vma; vma = vma->vm_next)
		write_vma(w, &writing, vma);
	json_writer_array_end(w);
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

static void write_maps(struct json_writer *w, const struct snapshot *snapshot)
{
	struct buffer *line = snapshot->scratch;
	const struct vm_area_struct *vma = NULL;

	json_writer_array(w);
	for (;;) {
		vma = next_line(snapshot, vma);
		if (!vma || line->failed)
			break;
		buffer_rewind(line, 0);
		append_maps_line(line, snapshot, vma);
		if (!line->failed)
			json_writer_string(w, line->data, line->len);
	}
	json_writer_array_end(w);
}

void snapshot_write_maps_text(struct json_writer *w,
			      const struct snapshot *snapshot)
{
	struct buffer *text = snapshot->scratch;
	const struct vm_area_struct *vma = NULL;

	buffer_rewind(text, 0);
	while ((vma = next_line(snapshot, vma))) {
		append_maps_line(text, snapshot, vma);
		buffer_append_byte(text, '\n');
	}
	json_writer_string(w, text->len ? text->data : "", text->len);
}

void snapshot_write_smaps_text(struct json_writer *w,
			       const struct snapshot *snapshot,
			       const struct smaps *smaps)
{
	struct buffer *text = snapshot->scratch;
	const struct vm_area_struct *vma = NULL;
	char *p;

	buffer_rewind(text, 0);
	while ((vma = next_line(snapshot, vma))) {
		append_maps_line(text, snapshot, vma);
		buffer_append_byte(text, '\n');
		p = buffer_reserve(text, SMAPS_TEXT_MAX);
		if (!p)
			break;
		buffer_commit(text, smaps_area_text(smaps, vma, p));
	}
	json_writer_string(w, text->len ? text->data : "", text->len);
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

/* -------------------------------------------------------------- rbtree */

static char *put_node_id(char *p, struct rb_node *node)
{
	if (!node)
		return json_put_literal(p, "null");
	return buffer_put_u64(p,
			      rb_entry(node, struct vm_area_struct, vm_rb)->id);
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

static void write_rbtree(struct json_writer *w, const struct snapshot *snapshot)
{
	const struct mm_struct *mm = process_mm(snapshot->process);
	const struct vm_area_struct *vma;
	char *p;

	if (!snapshot_profile(snapshot)->has_rbtree) {
		json_writer_null(w);
		return;
	}
	json_writer_object(w);
	json_writer_key(w, "root");
	p = json_writer_open(w, BUFFER_U64_MAX);
	if (p)
		json_writer_close(w, put_node_id(p, mm->mm_rb.node));
	json_writer_key(w, "nodes");
	json_writer_array(w);
	for (vma = mm->mmap; vma; vma = vma->vm_next) {
		if (w->out->failed)
			break;
		snapshot_write_node(w, vma);
	}
	json_writer_array_end(w);
	json_writer_object_end(w);
}

/* ----------------------------------------------------------- pagetable */

static void write_resident(struct json_writer *w, const struct mm_struct *mm)
{
	uint64_t addr = 0, end;

	json_writer_array(w);
	while (mm_next_resident(mm, &addr, &end)) {
		json_writer_array(w);
		json_writer_hex(w, addr);
		json_writer_hex(w, end);
		json_writer_array_end(w);
		if (w->out->failed)
			break;
		addr = end;
	}
	json_writer_array_end(w);
}

static void write_pagetable(struct json_writer *w,
			    const struct snapshot *snapshot)
{
	const struct mm_struct *mm = process_mm(snapshot->process);

	json_writer_object(w);
	put_count(w, "pgd", 1);
	/* With 47-bit addresses this level is folded into the one above. */
	put_count(w, "p4d", 0);
	put_count(w, "pud", mm->nr_puds);
	put_count(w, "pmd", mm->nr_pmds);
	put_count(w, "pte", mm->nr_ptes);
	json_writer_key(w, "resident");
	write_resident(w, mm);
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
	diff_write(w, snapshot->before ? snapshot->before : snapshot, snapshot);
}

/* ----------------------------------------------------------------- all */

void snapshot_write(struct json_writer *w, const struct snapshot *snapshot,
		    unsigned want)
{
	static void (*const parts[PART_NR])(struct json_writer *,
					    const struct snapshot *) = {
		[PART_MM] = write_mm,
		[PART_VMAS] = write_vmas,
		[PART_MAPS] = write_maps,
		[PART_STATUS] = write_status,
		[PART_VMACACHE] = write_vmacache,
		[PART_RBTREE] = write_rbtree,
		[PART_PAGETABLE] = write_pagetable,
		[PART_STEPS] = write_steps,
		[PART_DIFF] = write_diff,
	};
	int part;

	json_writer_object(w);
	for (part = 0; part < PART_NR; part++) {
		const char *name = snapshot_part_names[part];

		if (!(want & 1u << part) || w->out->failed)
			continue;
		json_writer_key_text(w, name, strlen(name));
		parts[part](w, snapshot);
	}
	json_writer_object_end(w);
}
