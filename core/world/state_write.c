/* SPDX-License-Identifier: MIT */
/*
 * The counterpart of state_reader.h and its sources, in the same order
 */
#include <string.h>

#include "core/mm/page_table.h"
#include "core/mm/vma.h"
#include "core/world/state_codec.h"
#include "core/world/state_parts.h"
#include "core/world/world_survey.h"

#define FIRST_ROOM 4096

/* A state under way. */
struct state_writer {
	struct state_text *text;
	size_t room;
	bool failed;
	const struct world_survey *survey;
};

/* ----------------------------------------------------------------- bytes */

static bool grow(struct state_writer *w, size_t need)
{
	struct state_text *text = w->text;
	size_t room = w->room ? 2 * w->room : FIRST_ROOM;
	uint8_t *bytes;

	if (w->failed)
		return false;
	while (room - text->len < need)
		room *= 2;
	bytes = memory_alloc(text->memory, room);
	if (!bytes) {
		w->failed = true;
		return false;
	}
	if (text->len)
		memcpy(bytes, text->bytes, text->len);
	memory_free(text->memory, text->bytes, w->room);
	text->bytes = bytes;
	w->room = room;
	return true;
}

static void put_bytes(struct state_writer *w, const char *bytes, size_t len)
{
	if (w->room - w->text->len < len && !grow(w, len))
		return;
	if (len)
		memcpy(w->text->bytes + w->text->len, bytes, len);
	w->text->len += len;
}

static void put(struct state_writer *w, uint64_t value)
{
	uint8_t *at;

	if (w->room - w->text->len < VARINT_MAX && !grow(w, VARINT_MAX))
		return;
	at = w->text->bytes + w->text->len;
	for (; value > 0x7f; value >>= 7)
		*at++ = (uint8_t)(value | 0x80);
	*at++ = (uint8_t)value;
	w->text->len = (size_t)(at - w->text->bytes);
}

/* Keep no more room than there are bytes. */
static int fit(struct state_writer *w)
{
	struct state_text *text = w->text;
	uint8_t *bytes;

	if (w->failed || !(bytes = memory_alloc(text->memory, text->len))) {
		memory_free(text->memory, text->bytes, w->room);
		text->bytes = NULL;
		text->len = 0;
		return -1;
	}
	memcpy(bytes, text->bytes, text->len);
	memory_free(text->memory, text->bytes, w->room);
	text->bytes = bytes;
	return 0;
}

/* The number of a shared object plus 1, 0: none. */
static void put_number(struct state_writer *w, const struct pointer_map *map,
		       const void *object)
{
	put(w, object ? pointer_map_number(map, object) + 1ULL : 0);
}

/* --------------------------------------------------------------- objects */

static uint64_t count_threads(const struct world *world)
{
	uint64_t threads = 0;
	uint32_t i;

	for (i = 0; i < world->nr_processes; i++)
		threads += world->processes[i]->nr_threads;
	return threads;
}

static void put_machine(struct state_writer *w, const struct world *world)
{
	const struct machine *machine = &world->machine;
	const struct memory_need *need = &w->survey->need;

	put(w, STATE_VERSION);
	put(w, world->seq);
	put(w, machine->committed_as);
	put(w, machine->next_anon_vma_id);
	put(w, machine->next_inode);
	put(w, machine->nr_images);
	put(w, machine->random);
	put(w, w->survey->files.nr);
	put(w, w->survey->anon_vmas.nr);
	put(w, w->survey->mms.nr);
	put(w, world->nr_processes);
	put(w, count_threads(world));
	put(w, need->areas);
	put(w, w->survey->links);
	put(w, need->page_nodes + need->cache_nodes);
	put(w, need->page_chunks);
}

static void put_file(struct state_writer *w, const struct vm_file *file)
{
	const struct cache_node *node;
	uint64_t nodes = 0;
	struct rb_node *rb;

	put(w, (file->shmem ? FILE_SHMEM : 0) |
		       (file->writable ? FILE_WRITABLE : 0) |
		       (file->readable ? FILE_READABLE : 0) |
		       (file->noreserve ? FILE_NORESERVE : 0));
	put(w, file->size);
	put(w, file->committed);
	put(w, file->inode);
	put(w, file->dev_major);
	put(w, file->dev_minor);
	put(w, file->path_len);
	put_bytes(w, file->path, file->path_len);
	for (rb = rb_first(&file->cache); rb; rb = rb_next(rb))
		nodes++;
	put(w, nodes);
	for (rb = rb_first(&file->cache); rb; rb = rb_next(rb)) {
		node = rb_entry(rb, struct cache_node, page.rb);
		put(w, node->page.key);
		put(w, node->page.cached);
		put(w, node->dirty);
	}
}

static void put_anon_vma(struct state_writer *w,
			 const struct anon_vma *anon_vma)
{
	put(w, anon_vma->id);
	put_number(w, &w->survey->anon_vmas, anon_vma->parent);
}

static uint32_t depth_of(const struct rb_node *node)
{
	uint32_t depth = 0;

	while ((node = rb_parent(node)))
		depth++;
	return depth;
}

static void put_area(struct state_writer *w, const struct vm_area_struct *vma)
{
	const struct world_survey *survey = w->survey;
	const struct vm_area_struct *prev = vma->vm_prev;
	const struct anon_vma *anon_vma;
	uint64_t links = 0;

	put(w, (vma->vm_start - (prev ? prev->vm_end : 0)) >> PAGE_SHIFT);
	put(w, vma_pages(vma));
	put(w, depth_of(&vma->vm_rb) << 1 | rb_is_black(&vma->vm_rb));
	put(w, vma->id);
	put(w, vma->vm_flags);
	put(w, vma->vm_pgoff);
	put(w, vma->vm_special);
	put_number(w, &survey->files, vma->vm_file);
	put_number(w, &survey->anon_vmas, vma->anon_vma);
	for (anon_vma = vma->anon_vma_chain; anon_vma;
	     anon_vma = anon_vma->inherited)
		links++;
	put(w, links);
	for (anon_vma = vma->anon_vma_chain; anon_vma;
	     anon_vma = anon_vma->inherited)
		put_number(w, &survey->anon_vmas, anon_vma);
}

static void put_table(struct state_writer *w, const struct page_node *table)
{
	const struct page_chunk *chunk;
	uint64_t chunks = 0;

	/* The level goes to the end, where it costs no bytes. */
	put(w, (table->key & TABLE_INDEX_MASK) << 2 | table->key >> 56);
	if (!page_node_has_chunks(table))
		return;
	for (chunk = table->chunks; chunk; chunk = chunk->next)
		chunks++;
	put(w, chunks);
	for (chunk = table->chunks; chunk; chunk = chunk->next) {
		put(w, chunk->index);
		put(w, chunk->present);
		put(w, chunk->write);
		put(w, chunk->dirty);
		put(w, chunk->anon);
		put(w, chunk->special);
	}
}

static void put_task(struct state_writer *w, const struct task_struct *task)
{
	const struct vmacache *cache = &task->vmacache;
	int i;

	put(w, task->tgid);
	put(w, task->tid);
	put(w, cache->seqnum);
	for (i = 0; i < VMACACHE_SIZE; i++)
		put(w, cache->slots[i] ? cache->ids[i] : 0);
	put(w, cache->find_calls);
	put(w, cache->find_hits);
	put(w, cache->full_flushes);
}

static void put_mm(struct state_writer *w, const struct mm_struct *mm)
{
	const struct vm_area_struct *vma;
	const struct task_struct *task;
	uint64_t tables = 0;
	struct rb_node *rb;
	size_t i;

	for (i = 0; i < NR_STATE_FIELDS; i++)
		put(w, state_field_get(mm, &state_fields[i]));
	for (i = 0; i < VM_NR_SPECIAL; i++)
		put(w, mm->special_pages[i]);
	put(w, mm->map_count);
	for (vma = mm->mmap; vma; vma = vma->vm_next)
		put_area(w, vma);
	for (rb = rb_first(&mm->page_tables); rb; rb = rb_next(rb))
		tables++;
	put(w, tables);
	for (rb = rb_first(&mm->page_tables); rb; rb = rb_next(rb))
		put_table(w, rb_entry(rb, struct page_node, rb));
	put(w, mm->mm_users);
	for (task = mm->tasks; task; task = task->next)
		put_task(w, task);
}

static void put_process(struct state_writer *w, const struct process *process)
{
	const struct descriptors *table = &process->descriptors;
	uint32_t i;

	put_number(w, &w->survey->mms, process->mm);
	put(w, process->last_tid);
	put(w, process->vsyscall);
	put(w, table->nr);
	for (i = 0; i < table->nr; i++) {
		put(w, (uint32_t)table->entries[i].fd);
		put_number(w, &w->survey->files, table->entries[i].file);
	}
}

int world_state_write(struct memory *memory, const struct world *world,
		      struct state_text *text)
{
	struct world_survey survey;
	struct state_writer w = { .text = text, .survey = &survey };
	uint32_t i;

	*text = (struct state_text){ .memory = memory };
	if (world_survey_begin(memory, world, &survey))
		return -1;
	put_machine(&w, world);
	for (i = 0; i < survey.files.nr; i++)
		put_file(&w, survey.files.pairs[i].from);
	for (i = 0; i < survey.anon_vmas.nr; i++)
		put_anon_vma(&w, survey.anon_vmas.pairs[i].from);
	for (i = 0; i < survey.mms.nr; i++)
		put_mm(&w, survey.mms.pairs[i].from);
	for (i = 0; i < world->nr_processes; i++)
		put_process(&w, world->processes[i]);
	world_survey_end(&survey);
	return fit(&w);
}

void state_text_free(struct state_text *text)
{
	if (text->bytes)
		memory_free(text->memory, text->bytes, text->len);
	text->bytes = NULL;
	text->len = 0;
}
