/* SPDX-License-Identifier: MIT */
/*
 * First everything that the counts at the beginning ask for is obtained; then
 * the bytes are read into it, and at last judged. Until then nothing is a world
 * that could be ended as one: what fails is taken apart object by object.
 */
#include <string.h>

#include "core/mm/page_table.h"
#include "core/mm/vma.h"
#include "core/world/creation.h"
#include "core/world/past.h"
#include "core/world/state_codec.h"
#include "core/world/state_parts.h"

#define DEPTH_MAX 64 /* of a tree of 2^32 areas */

struct state_reader {
	const uint8_t *at, *end;
	struct state_draft draft;
	struct memory_need left; /* of what was obtained */
	uint64_t threads_left, links_left;
	/* Shared objects have the numbers in which they are met first. */
	uint64_t files_met, anon_vmas_met;
	uint64_t counts[STATE_NR_COUNTS];
};

/* ----------------------------------------------------------------- bytes */

static bool fail(struct state_reader *r, const char *wrong)
{
	if (!r->draft.wrong)
		r->draft.wrong = wrong;
	r->at = r->end;
	return false;
}

static bool is_wrong(const struct state_reader *r)
{
	return r->draft.wrong != NULL;
}

/* The next number, 0 once something is wrong. */
static uint64_t take(struct state_reader *r, uint64_t max)
{
	uint64_t value = 0;
	unsigned shift = 0;
	uint8_t byte;

	do {
		if (r->at == r->end) {
			fail(r, "it is cut");
			return 0;
		}
		byte = *r->at++;
		if (shift == 63 && byte > 1) {
			fail(r, "a number has more than 64 bits");
			return 0;
		}
		value |= (uint64_t)(byte & 0x7f) << shift;
		shift += 7;
	} while (byte & 0x80);
	if (!byte && shift > 7)
		fail(r, "a number is longer than it must be");
	else if (value > max)
		fail(r, "a number is beyond its bounds");
	return is_wrong(r) ? 0 : value;
}

/* How many come: each takes a byte at least, so that there is no asking for
 * more than what is there. */
static uint64_t take_count(struct state_reader *r)
{
	return take(r, (uint64_t)(r->end - r->at));
}

static void *obtain(struct state_reader *r, size_t size)
{
	void *object;

	if (is_wrong(r) || r->draft.refused)
		return NULL;
	object = memory_alloc(r->draft.memory, size);
	r->draft.refused = !object;
	return object;
}

/* ---------------------------------------------------------------- counts */

static bool take_machine(struct state_reader *r)
{
	struct world *world = r->draft.world;
	struct machine *machine = &world->machine;
	int i;

	if (take(r, UINT64_MAX) != STATE_VERSION)
		return fail(r, "it is of another version");
	world->seq = take(r, INT64_MAX);
	machine->committed_as = take(r, INT64_MAX);
	machine->next_anon_vma_id = (uint32_t)take(r, UINT32_MAX);
	machine->next_inode = take(r, UINT64_MAX);
	machine->nr_images = (uint32_t)take(r, UINT32_MAX);
	machine->random = take(r, UINT64_MAX);
	for (i = 0; i < STATE_NR_COUNTS; i++)
		r->counts[i] = take_count(r);
	if (!is_wrong(r) && (!r->counts[STATE_MMS] ||
			     r->counts[STATE_MMS] > r->counts[STATE_PROCESSES]))
		return fail(r, "there is no process, or not one an address "
			       "space");
	return !is_wrong(r);
}

static bool admits(struct state_reader *r, enum refusal which, uint64_t more)
{
	struct memory *memory = r->draft.memory;

	if (account_admits(memory->account, which, more))
		return true;
	memory->refusal = which;
	r->draft.refused = true;
	return false;
}

static bool obtain_all(struct state_reader *r)
{
	const uint64_t *counts = r->counts;
	struct state_draft *draft = &r->draft;

	r->left = (struct memory_need){
		.areas = counts[STATE_AREAS],
		.net_areas = counts[STATE_AREAS],
		.anon_vmas = counts[STATE_ANON_VMAS],
		.page_nodes = counts[STATE_NODES],
		.page_chunks = counts[STATE_CHUNKS],
	};
	r->threads_left = counts[STATE_THREADS];
	r->links_left = counts[STATE_CHAINS];
	draft->nr_files = (uint32_t)counts[STATE_FILES];
	draft->nr_anon_vmas = (uint32_t)counts[STATE_ANON_VMAS];
	draft->nr_mms = (uint32_t)counts[STATE_MMS];
	if (!admits(r, REFUSAL_PROCESSES, counts[STATE_MMS]) ||
	    !admits(r, REFUSAL_THREADS, counts[STATE_THREADS]))
		return false;
	if (memory_reserve(draft->memory, &r->left)) {
		r->draft.refused = true;
		return false;
	}
	draft->files = obtain(r, (counts[STATE_FILES] + 1) * sizeof(void *));
	draft->anon_vmas =
		obtain(r, (counts[STATE_ANON_VMAS] + 1) * sizeof(void *));
	draft->mms = obtain(r, (counts[STATE_MMS] + 1) * sizeof(void *));
	return !r->draft.refused;
}

/* One more of what was obtained, unless there are more than was said. */
static bool spend(struct state_reader *r, uint64_t *left)
{
	if (is_wrong(r))
		return false;
	if (!*left)
		return fail(r, "there is more in it than its counts say");
	--*left;
	return true;
}

/* --------------------------------------------------------------- objects */

/* The object that a number means, or NULL for 0. */
static void *take_object(struct state_reader *r, void *table, uint32_t nr)
{
	void *const *objects = table;
	const uint64_t number = take(r, nr);

	return number ? objects[number - 1] : NULL;
}

/* Likewise, and it is one that was met before or the next one. */
static void *meet_object(struct state_reader *r, void *table, uint32_t nr,
			 uint64_t *metp)
{
	void *const *objects = table;
	const uint64_t number = take(r, nr);

	if (number > *metp + 1)
		fail(r, "objects are not in the order in which they are met");
	else if (number > *metp)
		*metp = number;
	return number ? objects[number - 1] : NULL;
}

static struct vm_file *meet_file(struct state_reader *r)
{
	return meet_object(r, r->draft.files, r->draft.nr_files, &r->files_met);
}

static void take_cache(struct state_reader *r, struct vm_file *file)
{
	uint64_t nodes = take_count(r), key, next = 0;
	struct page_node *node;
	bool made;

	while (nodes-- && spend(r, &r->left.page_nodes)) {
		key = take(r, UINT64_MAX >> (PAGE_SHIFT + 6));
		if (!is_wrong(r) && key < next)
			fail(r, "a file's pages are out of order");
		if (is_wrong(r))
			return;
		next = key + 1;
		node = page_node_make(&file->cache, key, r->draft.memory,
				      &made);
		node->cached = take(r, UINT64_MAX);
		node->dirty = take(r, UINT64_MAX);
	}
}

static void take_file(struct state_reader *r, struct vm_file **filep)
{
	const uint64_t flags = take(r, FILE_FLAGS);
	const uint64_t size = take(r, INT64_MAX);
	const uint64_t committed = take(r, INT64_MAX >> PAGE_SHIFT);
	const uint64_t inode = take(r, UINT64_MAX);
	const uint64_t major = take(r, UINT16_MAX);
	const uint64_t minor = take(r, UINT16_MAX);
	const uint64_t path_len = take(r, FILE_PATH_MAX + 1);
	struct vm_file *file;

	if (!is_wrong(r) && path_len > (uint64_t)(r->end - r->at))
		fail(r, "it is cut");
	file = obtain(r, sizeof(*file) + path_len);
	if (!file)
		return;
	*filep = file;
	file->machine = &r->draft.world->machine;
	file->shmem = flags & FILE_SHMEM;
	file->writable = flags & FILE_WRITABLE;
	file->readable = flags & FILE_READABLE;
	file->noreserve = flags & FILE_NORESERVE;
	file->size = size;
	file->committed = committed;
	file->inode = inode;
	file->dev_major = (uint16_t)major;
	file->dev_minor = (uint16_t)minor;
	file->path_len = (uint32_t)path_len;
	memcpy(file->path, r->at, path_len);
	r->at += path_len;
	take_cache(r, file);
}

static void take_anon_vmas(struct state_reader *r)
{
	struct state_draft *draft = &r->draft;
	uint32_t i;

	/* All at once: a parent may come behind its child. */
	for (i = 0; i < draft->nr_anon_vmas; i++)
		draft->anon_vmas[i] = memory_take_anon_vma(draft->memory);
	for (i = 0; i < draft->nr_anon_vmas; i++) {
		draft->anon_vmas[i]->id = (uint32_t)take(r, UINT32_MAX);
		draft->anon_vmas[i]->parent =
			take_object(r, draft->anon_vmas, draft->nr_anon_vmas);
	}
}

/* --------------------------------------------------------- address spaces */

/* The tree as far as it has been read: a path from the root down. */
struct spine {
	struct vm_area_struct *areas[DEPTH_MAX];
	uint32_t depths[DEPTH_MAX];
	uint32_t nr;
};

static void set_child(struct vm_area_struct *parent, enum rb_side side,
		      struct vm_area_struct *child)
{
	const bool black = child && rb_is_black(&child->vm_rb);

	parent->vm_rb.child[side] = child ? &child->vm_rb : NULL;
	if (child)
		child->vm_rb.parent_color = (uintptr_t)&parent->vm_rb | black;
}

/* What lies below @depth is complete: the subtree that it is, or NULL. */
static struct vm_area_struct *fold_spine(struct state_reader *r,
					 struct spine *spine, uint32_t depth)
{
	struct vm_area_struct *below = NULL, *area;
	uint32_t below_depth = 0;

	while (spine->nr && spine->depths[spine->nr - 1] >= depth) {
		area = spine->areas[--spine->nr];
		if (below && below_depth != spine->depths[spine->nr] + 1)
			fail(r, "a tree has a hole");
		set_child(area, RB_RIGHT, below);
		area->rb_subtree_gap = vma_compute_subtree_gap(area);
		below = area;
		below_depth = spine->depths[spine->nr];
	}
	if (below && below_depth != depth)
		fail(r, "a tree has a hole");
	return below;
}

static void add_to_tree(struct state_reader *r, struct spine *spine,
			struct vm_area_struct *vma, uint32_t depth)
{
	struct vm_area_struct *left = fold_spine(r, spine, depth + 1);

	if (spine->nr && spine->depths[spine->nr - 1] >= depth)
		fail(r, "a tree has two nodes in one place");
	set_child(vma, RB_LEFT, left);
	/* A path has fewer nodes than its deepest one is deep. */
	if (is_wrong(r))
		return;
	spine->areas[spine->nr] = vma;
	spine->depths[spine->nr++] = depth;
}

/* Chains share their tails: behind an anon_vma all of them go on alike. */
static void take_chain(struct state_reader *r, struct vm_area_struct *vma)
{
	struct anon_vma **link = &vma->anon_vma_chain, *anon_vma;
	uint64_t links = take_count(r), met;
	bool known = false;

	while (links-- && spend(r, &r->links_left)) {
		met = r->anon_vmas_met;
		anon_vma =
			meet_object(r, r->draft.anon_vmas,
				    r->draft.nr_anon_vmas, &r->anon_vmas_met);
		if (!anon_vma)
			fail(r, "an area is linked to nothing");
		else if (known && *link != anon_vma)
			fail(r, "two chains part behind an anon_vma");
		if (is_wrong(r))
			return;
		*link = anon_vma;
		link = &anon_vma->inherited;
		known = r->anon_vmas_met == met;
	}
	if (known && *link)
		fail(r, "two chains part behind an anon_vma");
}

static void append_area(struct mm_struct *mm, struct vm_area_struct *vma)
{
	vma->vm_prev = mm->mmap_tail;
	if (mm->mmap_tail)
		mm->mmap_tail->vm_next = vma;
	else
		mm->mmap = vma;
	mm->mmap_tail = vma;
	mm->map_count++;
	mm->highest_vm_end = vma->vm_end;
}

static void take_area(struct state_reader *r, struct mm_struct *mm,
		      struct spine *spine)
{
	const uint64_t base = mm->highest_vm_end;
	struct vm_area_struct *vma;
	uint64_t gap, pages, place;

	if (!spend(r, &r->left.areas))
		return;
	gap = take(r, (TASK_SIZE - base) >> PAGE_SHIFT);
	pages = take(r, ((TASK_SIZE - base) >> PAGE_SHIFT) - gap);
	place = take(r, 2 * DEPTH_MAX - 1);
	if (!is_wrong(r) && !pages)
		fail(r, "an area is empty");
	vma = memory_take_area(r->draft.memory);
	vma->vm_start = base + (gap << PAGE_SHIFT);
	vma->vm_end = vma->vm_start + (pages << PAGE_SHIFT);
	vma->vm_rb.parent_color = place & 1;
	vma->id = (uint32_t)take(r, UINT32_MAX);
	vma->vm_flags = take(r, UINT64_MAX);
	vma->vm_pgoff = take(r, (UINT64_MAX >> PAGE_SHIFT) - pages);
	vma->vm_special = (uint8_t)take(r, VM_NR_SPECIAL - 1);
	append_area(mm, vma);
	vma->vm_file = meet_file(r);
	vma->anon_vma =
		take_object(r, r->draft.anon_vmas, r->draft.nr_anon_vmas);
	take_chain(r, vma);
	vma->vm_gap = vma_compute_gap(mm, vma);
	if (!is_wrong(r))
		add_to_tree(r, spine, vma, (uint32_t)(place >> 1));
}

static void take_areas(struct state_reader *r, struct mm_struct *mm)
{
	uint64_t areas = take_count(r);
	struct spine spine = { .nr = 0 };
	struct vm_area_struct *root;

	while (areas-- && !is_wrong(r))
		take_area(r, mm, &spine);
	if (is_wrong(r))
		return;
	root = fold_spine(r, &spine, 0);
	if (!root)
		return;
	root->vm_rb.parent_color &= 1;
	mm->mm_rb.node = &root->vm_rb;
}

static void take_chunks(struct state_reader *r, struct page_node *table)
{
	struct page_chunk **link = &table->chunks, *chunk;
	uint64_t chunks = take(r, 8);

	while (chunks-- && spend(r, &r->left.page_chunks)) {
		chunk = memory_take_page_chunk(r->draft.memory);
		*link = chunk;
		link = &chunk->next;
		chunk->index = (uint32_t)take(r, 7);
		chunk->present = take(r, UINT64_MAX);
		chunk->write = take(r, UINT64_MAX);
		chunk->dirty = take(r, UINT64_MAX);
		chunk->anon = take(r, UINT64_MAX);
		chunk->special = take(r, UINT64_MAX);
	}
}

static void take_tables(struct state_reader *r, struct mm_struct *mm)
{
	uint64_t tables = take_count(r), key, next = 0;
	struct page_node *table;
	bool made;

	while (tables-- && spend(r, &r->left.page_nodes)) {
		key = take(r, UINT64_MAX >> 8);
		key = (key & 3) << 56 | key >> 2;
		if (!is_wrong(r) && key < next)
			fail(r, "page tables are out of order");
		if (is_wrong(r))
			return;
		next = key + 1;
		table = page_node_make(&mm->page_tables, key, r->draft.memory,
				       &made);
		if (page_node_has_chunks(table))
			take_chunks(r, table);
	}
}

/* Slots that are valid are found later, when all areas are known. */
static void take_task(struct state_reader *r, struct mm_struct *mm,
		      struct task_struct ***linkp)
{
	struct task_struct *task;
	int i;

	if (!spend(r, &r->threads_left))
		return;
	task = obtain(r, sizeof(*task));
	if (!task)
		return;
	**linkp = task;
	*linkp = &task->next;
	task->mm = mm;
	mm->mm_users++;
	task->tgid = (uint32_t)take(r, UINT32_MAX);
	task->tid = (uint32_t)take(r, UINT32_MAX);
	task->vmacache.seqnum = take(r, UINT64_MAX);
	for (i = 0; i < VMACACHE_SIZE; i++)
		task->vmacache.ids[i] = (uint32_t)take(r, UINT32_MAX);
	task->vmacache.find_calls = take(r, UINT64_MAX);
	task->vmacache.find_hits = take(r, UINT64_MAX);
	task->vmacache.full_flushes = take(r, UINT64_MAX);
}

static void take_mm(struct state_reader *r, struct mm_struct **mmp)
{
	struct machine *machine = &r->draft.world->machine;
	struct mm_struct *mm = obtain(r, sizeof(*mm));
	struct task_struct **link;
	uint64_t tasks, value;
	size_t i;

	if (!mm)
		return;
	mm_init(mm, machine);
	machine->mms = mm->next_mm;
	mm->next_mm = NULL;
	*mmp = mm;
	for (i = 0; i < NR_STATE_FIELDS; i++) {
		value = take(r, state_fields[i].max);
		if (state_fields[i].is_page && value & ~PAGE_MASK)
			fail(r, "an address is within a page");
		state_field_set(mm, &state_fields[i], value);
	}
	for (i = 0; i < VM_NR_SPECIAL; i++)
		mm->special_pages[i] = (uint16_t)take(r, UINT16_MAX);
	take_areas(r, mm);
	take_tables(r, mm);
	tasks = take_count(r);
	link = &mm->tasks;
	while (tasks-- && !is_wrong(r) && !r->draft.refused)
		take_task(r, mm, &link);
}

/* -------------------------------------------------------------- processes */

static void take_descriptors(struct state_reader *r, struct process *process)
{
	struct descriptors *table = &process->descriptors;
	uint64_t nr = take(r, DESCRIPTORS_MAX);
	int64_t last = -1, fd;
	struct vm_file *file;

	if (nr > (uint64_t)(r->end - r->at))
		fail(r, "it is cut");
	if (is_wrong(r) || !nr)
		return;
	table->entries = obtain(r, nr * sizeof(*table->entries));
	if (!table->entries)
		return;
	table->room = (uint32_t)nr;
	while (nr--) {
		fd = (int64_t)take(r, INT32_MAX);
		file = meet_file(r);
		if (!is_wrong(r) && (fd <= last || !file))
			fail(r, "descriptors are out of order, or of no file");
		if (is_wrong(r))
			return;
		last = fd;
		table->entries[table->nr++] =
			(struct descriptor){ (int32_t)fd, file };
	}
}

static void take_process(struct state_reader *r)
{
	struct world *world = r->draft.world;
	struct process *process = obtain(r, sizeof(*process));

	if (!process)
		return;
	process->world = world;
	process->number = world->nr_processes;
	world->processes[world->nr_processes++] = process;
	process->mm = take_object(r, r->draft.mms, r->draft.nr_mms);
	process->last_tid = (uint32_t)take(r, UINT32_MAX);
	process->vsyscall = (enum vsyscall)take(r, VSYSCALL_EXEC);
	take_descriptors(r, process);
}

static void take_processes(struct state_reader *r)
{
	struct world *world = r->draft.world;
	const uint64_t nr = r->counts[STATE_PROCESSES];
	uint64_t i;

	world->processes = obtain(r, nr * sizeof(*world->processes));
	if (!world->processes)
		return;
	world->processes_room = (uint32_t)nr;
	for (i = 0; i < nr && !is_wrong(r) && !r->draft.refused; i++)
		take_process(r);
}

/* In the order in which the machine has them. */
static void link_mms(struct state_draft *draft)
{
	struct mm_struct **link = &draft->world->machine.mms;
	uint32_t i;

	for (i = 0; i < draft->nr_mms; i++) {
		*link = draft->mms[i];
		link = &draft->mms[i]->next_mm;
	}
}

static bool is_all_spent(struct state_reader *r)
{
	const struct memory_need *left = &r->left;

	if (is_wrong(r))
		return false;
	if (r->at != r->end)
		return fail(r, "there are bytes behind its end");
	if (left->areas || r->links_left || left->page_nodes ||
	    left->page_chunks || r->threads_left)
		return fail(r, "there is less in it than its counts say");
	return true;
}

static bool read_all(struct state_reader *r)
{
	struct state_draft *draft = &r->draft;
	uint32_t i;

	if (!take_machine(r) || !obtain_all(r))
		return false;
	for (i = 0; i < draft->nr_files && !is_wrong(r) && !r->draft.refused;
	     i++)
		take_file(r, &draft->files[i]);
	if (!is_wrong(r) && !r->draft.refused)
		take_anon_vmas(r);
	for (i = 0; i < draft->nr_mms && !is_wrong(r) && !r->draft.refused; i++)
		take_mm(r, &draft->mms[i]);
	if (!is_wrong(r) && !r->draft.refused)
		take_processes(r);
	if (r->draft.refused || !is_all_spent(r))
		return false;
	link_mms(draft);
	draft->wrong = state_judge(draft);
	return !draft->wrong && !draft->refused;
}

/* ------------------------------------------------------------ taking apart */

static void give_tree(struct memory *memory, struct rb_root *root,
		      bool has_chunks)
{
	struct page_chunk *chunk;
	struct page_node *node;
	struct rb_node *rb;

	while ((rb = root->node)) {
		node = rb_entry(rb, struct page_node, rb);
		while (has_chunks && page_node_has_chunks(node) &&
		       (chunk = node->chunks)) {
			node->chunks = chunk->next;
			memory_give_page_chunk(memory, chunk);
		}
		rb_erase(root, rb, NULL);
		memory_give_page_node(memory, node);
	}
}

static void give_areas(struct memory *memory, struct mm_struct *mm)
{
	struct vm_area_struct *vma;

	while ((vma = mm->mmap)) {
		mm->mmap = vma->vm_next;
		memory_give_area(memory, vma);
	}
}

static void give_mm(struct memory *memory, struct mm_struct *mm)
{
	struct task_struct *task;

	give_areas(memory, mm);
	give_tree(memory, &mm->page_tables, true);
	while ((task = mm->tasks)) {
		mm->tasks = task->next;
		memory_free(memory, task, sizeof(*task));
	}
	memory_free(memory, mm, sizeof(*mm));
}

static void give_processes(struct memory *memory, struct world *world)
{
	struct process *process;

	while (world->nr_processes) {
		process = world->processes[--world->nr_processes];
		memory_free(memory, process->descriptors.entries,
			    process->descriptors.room *
				    sizeof(struct descriptor));
		memory_free(memory, process, sizeof(*process));
	}
	memory_free(memory, world->processes,
		    world->processes_room * sizeof(*world->processes));
	world->processes = NULL;
	world->processes_room = 0;
}

/* What was read, object by object. */
static void abandon(struct state_draft *draft)
{
	struct memory *memory = draft->memory;
	struct vm_file *file;
	uint32_t i;

	give_processes(memory, draft->world);
	for (i = 0; draft->mms && i < draft->nr_mms && draft->mms[i]; i++)
		give_mm(memory, draft->mms[i]);
	for (i = 0; draft->files && i < draft->nr_files; i++) {
		file = draft->files[i];
		if (!file)
			break;
		give_tree(memory, &file->cache, false);
		memory_free(memory, file, sizeof(*file) + file->path_len);
	}
	for (i = 0; draft->anon_vmas && i < draft->nr_anon_vmas; i++)
		if (draft->anon_vmas[i])
			memory_give_anon_vma(memory, draft->anon_vmas[i]);
	draft->world->machine.mms = NULL;
}

static void free_tables(const struct state_draft *draft)
{
	struct memory *memory = draft->memory;

	memory_free(memory, draft->files,
		    (draft->nr_files + 1UL) * sizeof(void *));
	memory_free(memory, draft->anon_vmas,
		    (draft->nr_anon_vmas + 1UL) * sizeof(void *));
	memory_free(memory, draft->mms, (draft->nr_mms + 1UL) * sizeof(void *));
}

/* ---------------------------------------------------------------- a world */

/* From now on it ends as other worlds do. */
static void account(const struct state_reader *r)
{
	struct account *account = r->draft.memory->account;
	const struct world *world = r->draft.world;
	uint32_t i;

	for (i = 0; i < world->nr_processes; i++) {
		account->processes += world->processes[i]->mm != NULL;
		account->threads += world->processes[i]->nr_threads;
	}
}

enum world_status world_state_read(struct memory *memory,
				   const struct process_setup *setup,
				   const uint8_t *bytes, size_t len,
				   struct world **worldp,
				   struct creation_error *error)
{
	const struct journal_cursor before = { NULL, 0, 0 };
	struct state_reader r = { .at = bytes, .end = bytes + len };
	enum world_status status;

	status = world_shell(memory, setup, &r.draft.world, error);
	if (status != WORLD_OK)
		return status;
	r.draft.memory = memory;
	if (!read_all(&r)) {
		abandon(&r.draft);
		status = r.draft.refused ? WORLD_REFUSED
					 : creation_refuse(error, NULL, "%s",
							   r.draft.wrong);
	} else {
		account(&r);
		/* Without history there is nothing to go back to. */
		if (setup->history &&
		    past_add(r.draft.world, r.draft.world, &before))
			status = WORLD_REFUSED;
		past_schedule(r.draft.world);
	}
	free_tables(&r.draft);
	memory_trim(memory);
	if (status == WORLD_OK)
		*worldp = r.draft.world;
	else
		world_free(r.draft.world);
	return status;
}
