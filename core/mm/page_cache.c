/* SPDX-License-Identifier: MIT */
#include "core/mm/page_cache.h"

#include <string.h>

#include "core/mm/memory.h"
#include "core/mm/page_chunk.h"
#include "core/mm/setup.h"
#include "core/mm/step.h"
#include "core/mm/vma.h"

struct vm_file *vm_file_new(struct machine *machine, const char *path,
			    uint32_t path_len)
{
	struct vm_file *file =
		memory_alloc(machine->memory, sizeof(*file) + path_len);

	if (!file)
		return NULL;
	file->refs = 1;
	file->machine = machine;
	file->noreserve = true;
	file->path_len = path_len;
	memcpy(file->path, path, path_len);
	return file;
}

struct vm_file *vm_file_get(struct vm_file *file)
{
	file->refs++;
	return file;
}

void hold_committed_pages(struct machine *machine)
{
	machine->holds_pages = true;
}

void release_committed_pages(struct machine *machine)
{
	machine->holds_pages = false;
	vm_unacct_memory(machine, machine->held_pages);
	machine->held_pages = 0;
}

static void uncommit(struct machine *machine, uint64_t pages)
{
	if (machine->holds_pages)
		machine->held_pages += pages;
	else
		vm_unacct_memory(machine, pages);
}

/* Of a subtree, as deep as it is: nobody looks at the tree again. */
static void give_nodes(struct memory *memory, struct rb_node *rb)
{
	struct rb_node *right;

	for (; rb; rb = right) {
		right = rb->right;
		__builtin_prefetch(right);
		give_nodes(memory, rb->left);
		memory_give_cache_node(memory, cache_node_of(page_node_of(rb)));
	}
}

static void drop_cache(struct vm_file *file)
{
	struct machine *machine = file->machine;

	give_nodes(machine->memory, file->cache.node);
	file->cache.node = NULL;
	machine->nr_cache_pages -= file->nr_cached;
	if (file->noreserve)
		uncommit(machine, file->nr_cached);
}

void vm_file_put(struct vm_file *file)
{
	struct machine *machine = file->machine;

	if (--file->refs)
		return;
	drop_cache(file);
	uncommit(machine, file->committed);
	memory_free(machine->memory, file, sizeof(*file) + file->path_len);
}

struct vm_file *shmem_zero_setup(struct machine *machine, uint64_t pages,
				 bool noreserve)
{
	static const char path[] = "/dev/zero (deleted)";
	struct vm_file *file = vm_file_new(machine, path, sizeof(path) - 1);

	if (!file)
		return NULL;
	file->shmem = true;
	file->readable = true;
	file->writable = true;
	file->noreserve = noreserve;
	file->size = pages << PAGE_SHIFT;
	file->committed = noreserve ? 0 : pages;
	file->inode = ++machine->next_inode;
	file->dev_minor = 4;
	return file;
}

uint64_t vm_file_pages(const struct vm_file *file)
{
	return (file->size >> PAGE_SHIFT) + !!(file->size & ~PAGE_MASK);
}

bool page_cache_has(const struct vm_file *file, uint64_t pgoff)
{
	const struct page_node *node = page_node_find(&file->cache, pgoff >> 6);

	return node && node->cached >> (pgoff & 63) & 1;
}

/* The two nodes that hold the 64 pages from @pgoff on; NULL: nothing is. */
struct node_pair {
	struct cache_node *low, *high;
};

static struct node_pair nodes_of(const struct vm_file *file,
				 struct page_cursor *cursor, uint64_t pgoff)
{
	const uint64_t key = pgoff >> 6;
	struct node_pair pair = { NULL, NULL };

	page_cursor_seek(cursor, &file->cache, key);
	pair.low = cache_node_of(page_cursor_node(cursor, key));
	if (pgoff & 63 && cursor->next && cursor->next->key == key + 1)
		pair.high = cache_node_of(cursor->next);
	return pair;
}

/* 64 bits from @pgoff on, of what two nodes have. */
static uint64_t join(uint64_t pgoff, uint64_t low, uint64_t high)
{
	const unsigned int by = pgoff & 63;

	return by ? low >> by | high << (64 - by) : low;
}

uint64_t page_cache_bits(const struct vm_file *file, struct page_cursor *cursor,
			 uint64_t pgoff)
{
	const struct node_pair pair = nodes_of(file, cursor, pgoff);

	return join(pgoff, pair.low ? pair.low->page.cached : 0,
		    pair.high ? pair.high->page.cached : 0);
}

uint64_t page_cache_known_dirty(const struct vm_file *file, uint64_t pgoff)
{
	struct page_cursor cursor = { NULL, NULL };
	const struct node_pair pair = nodes_of(file, &cursor, pgoff);

	return join(pgoff, pair.low ? pair.low->dirty : 0,
		    pair.high ? pair.high->dirty : 0);
}

uint64_t page_cache_missing(const struct vm_file *file, uint64_t first,
			    uint64_t end)
{
	const uint64_t pages = vm_file_pages(file);
	const struct page_node *node;
	uint64_t last, nr;

	if (end > pages)
		end = pages;
	if (first >= end)
		return 0;
	last = (end - 1) >> 6;
	nr = last - (first >> 6) + 1;
	node = page_node_from(&file->cache, first >> 6);
	for (; node && node->key <= last; node = page_node_next(node))
		nr--;
	return nr;
}

static void add_to_node(struct vm_file *file, struct page_cursor *cursor,
			uint64_t key, uint64_t bits)
{
	struct page_node *node;

	if (!bits)
		return;
	page_cursor_seek(cursor, &file->cache, key);
	node = page_cursor_node(cursor, key);
	if (!node) {
		node = &memory_take_cache_node(file->machine->memory)->page;
		page_cursor_add(cursor, &file->cache, key, node);
	}
	node->cached |= bits;
}

/* Let absent pages be cached; bit 0 is @pgoff. */
static void add_pages(struct vm_file *file, struct page_cursor *cursor,
		      uint64_t pgoff, uint64_t bits)
{
	const unsigned int low = pgoff & 63;
	const uint64_t nr = count_bits(bits);

	add_to_node(file, cursor, pgoff >> 6, bits << low);
	if (low)
		add_to_node(file, cursor, (pgoff >> 6) + 1, bits >> (64 - low));
	file->nr_cached += nr;
	file->machine->nr_cache_pages += nr;
}

bool page_cache_get(const struct mm_struct *mm, struct vm_file *file,
		    uint64_t pgoff)
{
	struct page_cursor cursor = { NULL, NULL };

	if (pgoff >= vm_file_pages(file))
		return false;
	if (page_cache_has(file, pgoff))
		return true;
	if (file->noreserve && !vm_enough_memory(mm, 1))
		return false;
	add_pages(file, &cursor, pgoff, 1);
	return true;
}

/*
 * Commit as many pages, if they are so far from any limit that it does not
 * matter whether they are asked for one by one, and copied meanwhile.
 */
static bool commit_easily(const struct mm_struct *mm, uint64_t pages)
{
	const uint64_t copies = 64;

	if (!vm_enough_memory(mm, pages + copies))
		return false;
	mm->machine->committed_as -= copies;
	return true;
}

uint64_t page_cache_get_run(const struct mm_struct *mm, struct vm_file *file,
			    struct page_cursor *cursor, uint64_t pgoff,
			    uint64_t pages)
{
	const uint64_t size = vm_file_pages(file);
	const uint64_t left = size > pgoff ? size - pgoff : 0;
	uint64_t nr = 64, absent;

	if (left < 64 && pages >> left) {
		nr = left + (uint64_t)__builtin_ctzll(pages >> left);
		pages &= (1ULL << left) - 1;
	}
	if (!pages)
		return nr;
	absent = pages & ~page_cache_bits(file, cursor, pgoff);
	if (!absent)
		return nr;
	if (file->noreserve && !commit_easily(mm, count_bits(absent)))
		return (uint64_t)__builtin_ctzll(absent);
	add_pages(file, cursor, pgoff, absent);
	return nr;
}

uint64_t page_cache_dirty_bits(struct vm_file *file, struct page_cursor *cursor,
			       uint64_t pgoff, uint64_t pages)
{
	const struct node_pair pair = nodes_of(file, cursor, pgoff);
	const unsigned int low = pgoff & 63;
	uint64_t clean = 0;

	if (pair.low) {
		clean |= pages & ~(pair.low->dirty >> low);
		clean &= UINT64_MAX >> low;
		pair.low->dirty |= pages << low;
	}
	if (pair.high) {
		clean |= pages & ~(pair.high->dirty << (64 - low)) &
			 UINT64_MAX << (64 - low);
		pair.high->dirty |= pages >> (64 - low);
	}
	return clean;
}

bool page_cache_dirty(struct vm_file *file, uint64_t pgoff)
{
	struct page_cursor cursor = { NULL, NULL };

	return page_cache_dirty_bits(file, &cursor, pgoff, 1);
}

/* Of the chunk at @base. */
static void collect_chunk(const struct vm_area_struct *vma,
			  struct page_cursor *cursor, uint64_t base,
			  uint64_t dirty)
{
	const unsigned int first = (unsigned int)__builtin_ctzll(dirty);
	const uint64_t addr = base + ((uint64_t)first << PAGE_SHIFT);

	page_cache_dirty_bits(vma->vm_file, cursor,
			      vma->vm_pgoff +
				      ((addr - vma->vm_start) >> PAGE_SHIFT),
			      dirty >> first);
}

void page_cache_collect_shared(const struct mm_struct *mm,
			       const struct vm_area_struct *vma, uint64_t start,
			       uint64_t end)
{
	const uint64_t last = table_key(LEVEL_PTE, end - 1);
	struct page_cursor cursor = { NULL, NULL };
	const struct page_chunk *chunk;
	const struct page_node *table;
	uint64_t base, dirty;

	if (!mm->nr_ptes || tables_are_absent(mm, LEVEL_PTE, start, end))
		return;
	table = page_node_from(&mm->page_tables, table_key(LEVEL_PTE, start));
	for (; table && table->key <= last; table = page_node_next(table)) {
		base = table->key << PMD_SHIFT;
		for (chunk = table->chunks; chunk; chunk = chunk->next) {
			dirty = chunk_overlap(base, chunk, start, end) &
				chunk->present & chunk->dirty;
			if (dirty)
				collect_chunk(vma, &cursor,
					      base + ((uint64_t)chunk->index
						      << CHUNK_SHIFT),
					      dirty);
		}
	}
}

/* Forget the cached pages [first, end) of a file. */
static void drop_cached(struct vm_file *file, uint64_t first, uint64_t end)
{
	struct machine *machine = file->machine;
	struct page_node *node = page_node_from(&file->cache, first >> 6);
	uint64_t base, mask, dropped, cached = file->nr_cached;
	struct rb_node *next;

	for (; node && node->key << 6 < end;
	     node = next ? rb_entry(next, struct page_node, rb) : NULL) {
		next = rb_next(&node->rb);
		base = node->key << 6;
		mask = UINT64_MAX;
		if (base < first)
			mask &= UINT64_MAX << (first - base);
		if (base + 64 > end)
			mask &= UINT64_MAX >> (base + 64 - end);
		dropped = count_bits(node->cached & mask);
		node->cached &= ~mask;
		cache_node_of(node)->dirty &= ~mask;
		file->nr_cached -= dropped;
		machine->nr_cache_pages -= dropped;
		if (file->noreserve)
			vm_unacct_memory(machine, dropped);
		if (node->cached)
			continue;
		rb_erase(&file->cache, &node->rb, NULL);
		memory_give_cache_node(machine->memory, cache_node_of(node));
	}
	step_of(machine, FILE_DROPPED, file->inode, first,
		cached - file->nr_cached);
}

/*
 * Unmap the pages [first, end) of a file wherever they are mapped; with @cows
 * also the private copies that were made of them.
 */
static void unmap_mapping_range(struct vm_file *file, uint64_t first,
				uint64_t end, bool cows)
{
	struct vm_area_struct *vma;
	struct mm_struct *mm;
	uint64_t from, to;

	for (mm = file->machine->mms; mm; mm = mm->next_mm) {
		for (vma = mm->mmap; vma; vma = vma->vm_next) {
			if (vma->vm_file != file)
				continue;
			from = first > vma->vm_pgoff ? first - vma->vm_pgoff
						     : 0;
			to = end > vma->vm_pgoff ? end - vma->vm_pgoff : 0;
			if (to > vma_pages(vma))
				to = vma_pages(vma);
			if (from >= to)
				continue;
			update_hiwater_rss(mm);
			step_of(mm->machine, FILE_UNMAPPED, vma->id,
				vma->vm_start + (from << PAGE_SHIFT),
				vma->vm_start + (to << PAGE_SHIFT));
			zap_file_pages(mm, vma->vm_start + (from << PAGE_SHIFT),
				       vma->vm_start + (to << PAGE_SHIFT),
				       cows);
		}
	}
}

void page_cache_punch(struct vm_file *file, uint64_t first, uint64_t end)
{
	unmap_mapping_range(file, first, end, false);
	drop_cached(file, first, end);
}

void vm_file_truncate(struct vm_file *file, uint64_t size)
{
	bool shrinks = size < file->size;

	step_of(file->machine, FILE_RESIZED, file->inode, file->size, size);
	file->size = size;
	if (!shrinks)
		return;
	unmap_mapping_range(file, vm_file_pages(file), UINT64_MAX, true);
	drop_cached(file, vm_file_pages(file), UINT64_MAX);
}
