/* SPDX-License-Identifier: MIT */
/*
 * One number for all state that answers depend on
 *
 * Shared objects are hashed once, where the survey lists them, and referred to
 * by their number there. What only the host sees is left out: addresses, free
 * lists, and where a stale slot points.
 */
#include <stddef.h>
#include <string.h>

#include "core/mm/page_table.h"
#include "core/mm/vma.h"
#include "core/world/world_survey.h"

struct hashing {
	const struct world_survey *survey;
	uint64_t a, b;
};

static uint64_t rotate(uint64_t value, unsigned int bits)
{
	return value << bits | value >> (64 - bits);
}

/* Each step can be undone by whoever knows the word: nothing gets lost. */
static void put(struct hashing *hash, uint64_t word)
{
	hash->a ^= word * 0x9e3779b97f4a7c15ULL;
	hash->a = (rotate(hash->a, 29) + hash->b) * 0xbf58476d1ce4e5b9ULL;
	hash->b ^= rotate(word, 32) * 0x94d049bb133111ebULL;
	hash->b = (rotate(hash->b, 37) + hash->a) * 0xd6e8feb86659fd93ULL;
}

static void put_all(struct hashing *hash, const uint64_t *words, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		put(hash, words[i]);
}

#define PUT_ALL(hash, ...)                                                     \
	put_all(hash, (const uint64_t[]){ __VA_ARGS__ },                       \
		sizeof((const uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t))

static void put_text(struct hashing *hash, const char *text, size_t len)
{
	size_t i;

	put(hash, len);
	for (i = 0; i < len; i++)
		put(hash, (uint8_t)text[i]);
}

/* The number of a shared object plus 1, 0: none. */
static uint64_t number_of(const struct pointer_map *map, const void *object)
{
	return object ? pointer_map_number(map, object) + 1ULL : 0;
}

/* ------------------------------------------------------- shared objects */

static void hash_machine(struct hashing *hash, const struct machine *machine)
{
	const struct sysctl *sysctl = &machine->sysctl;

	put_text(hash, machine->profile->name, strlen(machine->profile->name));
	PUT_ALL(hash, sysctl->max_map_count, sysctl->mmap_min_addr,
		sysctl->overcommit_memory, sysctl->overcommit_ratio,
		sysctl->overcommit_kbytes, sysctl->admin_reserve_kbytes,
		sysctl->user_reserve_kbytes, sysctl->legacy_va_layout,
		sysctl->stack_guard_gap, machine->totalram_pages,
		machine->committed_as, machine->nr_anon_pages,
		machine->nr_cache_pages, machine->nr_table_pages,
		machine->next_anon_vma_id, machine->next_inode,
		machine->random);
}

static void hash_file(struct hashing *hash, const struct vm_file *file)
{
	const struct cache_node *node;
	struct rb_node *rb;

	PUT_ALL(hash, file->refs, file->shmem, file->writable, file->readable,
		file->noreserve, file->size, file->committed, file->nr_cached,
		file->inode, file->dev_major, file->dev_minor);
	put_text(hash, file->path, file->path_len);
	for (rb = rb_first(&file->cache); rb; rb = rb_next(rb)) {
		node = rb_entry(rb, struct cache_node, page.rb);
		PUT_ALL(hash, node->page.key, node->page.cached, node->dirty);
	}
}

static void hash_anon_vma(struct hashing *hash, const struct anon_vma *anon_vma)
{
	PUT_ALL(hash, anon_vma->id, anon_vma->refs, anon_vma->num_children,
		anon_vma->num_active_vmas,
		number_of(&hash->survey->anon_vmas, anon_vma->parent));
}

/* ------------------------------------------------------- address spaces */

static uint32_t id_of(const struct rb_node *node)
{
	return node ? vma_of(node)->id : 0;
}

static void hash_area(struct hashing *hash, const struct vm_area_struct *vma)
{
	const struct world_survey *survey = hash->survey;
	const struct anon_vma *anon_vma;

	PUT_ALL(hash, vma->id, vma->vm_start, vma->vm_end, vma->vm_flags,
		vma->vm_pgoff, vma->vm_special, vma->vm_gap,
		vma->rb_subtree_gap, id_of(vma->vm_rb.left),
		id_of(vma->vm_rb.right), rb_is_black(&vma->vm_rb),
		number_of(&survey->files, vma->vm_file),
		number_of(&survey->anon_vmas, vma->anon_vma));
	for (anon_vma = vma->anon_vma_chain; anon_vma;
	     anon_vma = anon_vma->inherited)
		put(hash, number_of(&survey->anon_vmas, anon_vma));
	put(hash, 0);
}

static void hash_tables(struct hashing *hash, const struct mm_struct *mm)
{
	const struct page_chunk *chunk;
	const struct page_node *table;
	struct rb_node *rb;

	for (rb = rb_first(&mm->page_tables); rb; rb = rb_next(rb)) {
		table = rb_entry(rb, struct page_node, rb);
		put(hash, table->key);
		if (!page_node_has_chunks(table))
			continue;
		for (chunk = table->chunks; chunk; chunk = chunk->next)
			PUT_ALL(hash, chunk->index, chunk->present,
				chunk->write, chunk->dirty, chunk->anon,
				chunk->special);
	}
}

static void hash_task(struct hashing *hash, const struct task_struct *task)
{
	const struct vmacache *cache = &task->vmacache;
	int i;

	PUT_ALL(hash, task->tgid, task->tid, cache->seqnum, cache->find_calls,
		cache->find_hits, cache->full_flushes);
	for (i = 0; i < VMACACHE_SIZE; i++)
		put(hash, cache->slots[i] ? cache->ids[i] : 0);
}

static void hash_numbers(struct hashing *hash, const struct mm_struct *mm)
{
	PUT_ALL(hash, mm->generation, mm->map_count, mm->next_vma_id,
		mm->vmacache_seqnum, mm->mm_users, mm->uid, mm->rlimits.as,
		mm->rlimits.data, mm->rlimits.stack, mm->rlimits.memlock,
		mm->mmap_base, mm->mmap_legacy_base, mm->stack_guard_gap,
		mm->topdown, mm->randomize, mm->def_flags, mm->highest_vm_end);
	PUT_ALL(hash, mm->total_vm, mm->locked_vm, mm->exec_vm, mm->stack_vm,
		mm->stale_locked_vm, mm->shared_vm, mm->data_vm, mm->hiwater_vm,
		mm->hiwater_rss, mm->rss_anon, mm->rss_file, mm->nr_ptes,
		mm->nr_pmds, mm->nr_puds);
	PUT_ALL(hash, mm->start_code, mm->end_code, mm->start_data,
		mm->end_data, mm->start_brk, mm->brk, mm->start_stack,
		mm->arg_start, mm->arg_end, mm->env_start, mm->env_end);
}

static void hash_mm(struct hashing *hash, const struct mm_struct *mm)
{
	const struct vm_area_struct *vma;
	const struct task_struct *task;
	int i;

	hash_numbers(hash, mm);
	for (i = 0; i < VM_NR_SPECIAL; i++)
		put(hash, mm->special_pages[i]);
	put(hash, id_of(mm->mm_rb.node));
	for (vma = mm->mmap; vma; vma = vma->vm_next)
		hash_area(hash, vma);
	hash_tables(hash, mm);
	for (task = mm->tasks; task; task = task->next)
		hash_task(hash, task);
}

/* ------------------------------------------------------------ processes */

static void hash_process(struct hashing *hash, const struct process *process)
{
	const struct descriptors *table = &process->descriptors;
	const struct world_survey *survey = hash->survey;
	uint32_t i;

	PUT_ALL(hash, number_of(&survey->mms, process->mm), process->last_tid,
		process->nr_threads, process->vsyscall, table->nr);
	for (i = 0; i < table->nr; i++)
		PUT_ALL(hash, (uint64_t)table->entries[i].fd,
			number_of(&survey->files, table->entries[i].file));
}

int world_hash(struct memory *memory, const struct world *world,
	       struct world_digest *digest)
{
	struct world_survey survey;
	struct hashing hash = { .survey = &survey };
	uint32_t i;

	if (world_survey_begin(memory, world, &survey))
		return -1;
	PUT_ALL(&hash, world->seq, world->seed, world->nr_processes,
		survey.mms.nr, survey.files.nr, survey.anon_vmas.nr);
	hash_machine(&hash, &world->machine);
	for (i = 0; i < survey.files.nr; i++)
		hash_file(&hash, survey.files.pairs[i].from);
	for (i = 0; i < survey.anon_vmas.nr; i++)
		hash_anon_vma(&hash, survey.anon_vmas.pairs[i].from);
	for (i = 0; i < survey.mms.nr; i++)
		hash_mm(&hash, survey.mms.pairs[i].from);
	for (i = 0; i < world->nr_processes; i++)
		hash_process(&hash, world->processes[i]);
	/* The last words have been through every bit, too. */
	for (i = 0; i < 4; i++)
		put(&hash, i);
	digest->words[0] = hash.a;
	digest->words[1] = hash.b;
	world_survey_end(&survey);
	return 0;
}
