/* SPDX-License-Identifier: MIT */
#include "core/mm/page_table.h"

#include "core/mm/assert.h"
#include "core/mm/memory.h"
#include "core/mm/mm.h"
#include "core/mm/profile.h"
#include "core/mm/step.h"

/* -------------------------------------------------------- trees of nodes */

static struct page_node *node_of(const struct rb_node *rb)
{
	return rb_entry(rb, struct page_node, rb);
}

struct page_node *page_node_from(const struct rb_root *root, uint64_t key)
{
	struct rb_node *rb = root->node;
	struct page_node *node, *found = NULL;

	while (rb) {
		node = node_of(rb);
		if (node->key < key) {
			rb = rb->right;
		} else {
			found = node;
			rb = rb->left;
		}
	}
	return found;
}

struct page_node *page_node_find(const struct rb_root *root, uint64_t key)
{
	struct page_node *node = page_node_from(root, key);

	return node && node->key == key ? node : NULL;
}

struct page_node *page_node_make(struct rb_root *root, uint64_t key,
				 struct memory *memory, bool *madep)
{
	struct rb_node **link = &root->node, *parent = NULL;
	struct page_node *node;

	*madep = false;
	while (*link) {
		parent = *link;
		node = node_of(parent);
		if (node->key == key)
			return node;
		link = key < node->key ? &parent->left : &parent->right;
	}
	node = memory_take_page_node(memory);
	node->key = key;
	rb_link_node(&node->rb, parent, link);
	rb_insert(root, &node->rb, NULL);
	*madep = true;
	return node;
}

/* ---------------------------------------------------------------- tables */

static const unsigned int level_shift[] = {
	[LEVEL_PTE] = PMD_SHIFT,
	[LEVEL_PMD] = PUD_SHIFT,
	[LEVEL_PUD] = PGDIR_SHIFT,
};

/* Tables of all levels share a tree; the level is the key's high part. */
static uint64_t table_key(enum table_level level, uint64_t addr)
{
	return (uint64_t)level << 56 | addr >> level_shift[level];
}

static uint64_t *table_count(struct mm_struct *mm, enum table_level level)
{
	switch (level) {
	case LEVEL_PTE:
		return &mm->nr_ptes;
	case LEVEL_PMD:
		return &mm->nr_pmds;
	default:
		return &mm->nr_puds;
	}
}

static void tell_made(const struct mm_struct *mm, enum table_level level,
		      uint64_t addr)
{
	uint64_t span = 1ULL << level_shift[level];

	addr &= ~(span - 1);
	if (level == LEVEL_PTE)
		step(mm, TABLES_PTE_MADE, addr, addr + span);
	else if (level == LEVEL_PMD)
		step(mm, TABLES_PMD_MADE, addr, addr + span);
	else
		step(mm, TABLES_PUD_MADE, addr, addr + span);
}

static struct page_node *table_make(struct mm_struct *mm,
				    enum table_level level, uint64_t addr)
{
	struct page_node *table;
	bool made;

	table = page_node_make(&mm->page_tables, table_key(level, addr),
			       mm->machine->memory, &made);
	if (made) {
		++*table_count(mm, level);
		mm->machine->nr_table_pages++;
		if (steps_wanted(mm))
			tell_made(mm, level, addr);
	}
	return table;
}

static void table_free(struct mm_struct *mm, enum table_level level,
		       struct page_node *table)
{
	mm_debug_assert(level != LEVEL_PTE || !table->chunks);
	rb_erase(&mm->page_tables, &table->rb, NULL);
	--*table_count(mm, level);
	mm->machine->nr_table_pages--;
	memory_give_page_node(mm->machine->memory, table);
}

void upper_tables_populate(struct mm_struct *mm, uint64_t addr)
{
	table_make(mm, LEVEL_PUD, addr);
	table_make(mm, LEVEL_PMD, addr);
}

struct page_node *page_tables_populate(struct mm_struct *mm, uint64_t addr)
{
	struct page_node *table =
		page_node_find(&mm->page_tables, table_key(LEVEL_PTE, addr));

	if (table)
		return table;
	upper_tables_populate(mm, addr);
	return table_make(mm, LEVEL_PTE, addr);
}

void page_tables_need(uint64_t start, uint64_t end, struct memory_need *need)
{
	unsigned int level;

	for (level = LEVEL_PTE; level <= LEVEL_PUD; level++)
		need->page_nodes += ((end - 1) >> level_shift[level]) -
				    (start >> level_shift[level]) + 1;
	need->page_chunks +=
		((end - 1) >> CHUNK_SHIFT) - (start >> CHUNK_SHIFT) + 1;
}

/* ----------------------------------------------------------------- pages */

static uint64_t chunk_index(uint64_t addr)
{
	return addr >> CHUNK_SHIFT & 7;
}

/* Bits of the pages of [start, end) in the chunk of start. */
static uint64_t chunk_mask(uint64_t start, uint64_t end)
{
	uint64_t low = start >> PAGE_SHIFT & 63;
	uint64_t pages = (end - start + PAGE_SIZE - 1) >> PAGE_SHIFT;
	uint64_t mask = pages >= 64 ? UINT64_MAX : (1ULL << pages) - 1;

	return mask << low;
}

static struct page_chunk *chunk_find(const struct page_node *table,
				     uint64_t index)
{
	struct page_chunk *chunk = table ? table->chunks : NULL;

	while (chunk && chunk->index < index)
		chunk = chunk->next;
	return chunk && chunk->index == index ? chunk : NULL;
}

static struct page_chunk *chunk_make(struct page_node *table, uint64_t index,
				     struct memory *memory)
{
	struct page_chunk **link = &table->chunks, *chunk;

	while (*link && (*link)->index < index)
		link = &(*link)->next;
	if (*link && (*link)->index == index)
		return *link;
	chunk = memory_take_page_chunk(memory);
	chunk->index = index;
	chunk->next = *link;
	*link = chunk;
	return chunk;
}

struct page_run page_run_of(struct mm_struct *mm, uint64_t start, uint64_t end)
{
	return (struct page_run){
		.table = page_node_find(&mm->page_tables,
					table_key(LEVEL_PTE, start)),
		.chunk = chunk_index(start),
		.mask = chunk_mask(start, end),
	};
}

const struct page_chunk *page_run_chunk(const struct page_run *run)
{
	return chunk_find(run->table, run->chunk);
}

static const struct page_chunk *chunk_at(const struct mm_struct *mm,
					 uint64_t addr)
{
	return chunk_find(
		page_node_find(&mm->page_tables, table_key(LEVEL_PTE, addr)),
		chunk_index(addr));
}

bool page_is_present(const struct mm_struct *mm, uint64_t addr)
{
	const struct page_chunk *chunk = chunk_at(mm, addr);

	return chunk && chunk->present >> (addr >> PAGE_SHIFT & 63) & 1;
}

bool page_is_writable(const struct mm_struct *mm, uint64_t addr)
{
	const struct page_chunk *chunk = chunk_at(mm, addr);

	return chunk && chunk->write >> (addr >> PAGE_SHIFT & 63) & 1;
}

void page_set_dirty(struct mm_struct *mm, uint64_t addr)
{
	struct page_node *table =
		page_node_find(&mm->page_tables, table_key(LEVEL_PTE, addr));
	struct page_chunk *chunk = chunk_find(table, chunk_index(addr));

	chunk->dirty |= 1ULL << (addr >> PAGE_SHIFT & 63);
}

static uint64_t nr_anon(const struct page_chunk *chunk, uint64_t mask)
{
	return (uint64_t)__builtin_popcountll(mask & chunk->anon &
					      ~chunk->special);
}

static uint64_t nr_file(const struct page_chunk *chunk, uint64_t mask)
{
	return (uint64_t)__builtin_popcountll(mask & ~chunk->anon &
					      ~chunk->special);
}

/* Forget pages that are present; what they were leaves the counters. */
static void unmap_pages(struct mm_struct *mm, struct page_chunk *chunk,
			uint64_t mask)
{
	uint64_t anon;

	mask &= chunk->present;
	anon = nr_anon(chunk, mask);
	mm->rss_anon -= anon;
	mm->machine->nr_anon_pages -= anon;
	mm->rss_file -= nr_file(chunk, mask);
	chunk->present &= ~mask;
	chunk->write &= ~mask;
	chunk->dirty &= ~mask;
	chunk->anon &= ~mask;
	chunk->special &= ~mask;
}

void page_run_map(struct mm_struct *mm, const struct page_run *run,
		  enum page_kind kind, bool write)
{
	struct page_chunk *chunk =
		chunk_make(run->table, run->chunk, mm->machine->memory);
	uint64_t anon;

	unmap_pages(mm, chunk, run->mask);
	chunk->present |= run->mask;
	if (write)
		chunk->write |= run->mask;
	if (kind == PAGE_KIND_ANON || kind == PAGE_KIND_ZERO)
		chunk->anon |= run->mask;
	if (kind == PAGE_KIND_PFN || kind == PAGE_KIND_ZERO)
		chunk->special |= run->mask;
	anon = nr_anon(chunk, run->mask);
	mm->rss_anon += anon;
	mm->machine->nr_anon_pages += anon;
	mm->rss_file += nr_file(chunk, run->mask);
}

void page_run_make_writable(const struct page_run *run)
{
	chunk_find(run->table, run->chunk)->write |= run->mask;
}

/*
 * Unmap what [start, end) has in one table, and drop emptied chunks. Unless
 * @cows, anonymous pages stay.
 */
static void zap_table(struct mm_struct *mm, struct page_node *table,
		      uint64_t start, uint64_t end, bool cows)
{
	uint64_t base = table->key << PMD_SHIFT, from, to, mask;
	struct page_chunk **link = &table->chunks, *chunk;

	while ((chunk = *link)) {
		from = base + (chunk->index << CHUNK_SHIFT);
		to = from + (1ULL << CHUNK_SHIFT);
		if (from >= end)
			break;
		if (to > start) {
			mask = chunk_mask(from > start ? from : start,
					  to < end ? to : end);
			unmap_pages(mm, chunk,
				    cows ? mask : mask & ~chunk->anon);
		}
		if (chunk->present) {
			link = &chunk->next;
			continue;
		}
		*link = chunk->next;
		memory_give_page_chunk(mm->machine->memory, chunk);
	}
}

static struct page_node *next_table(const struct page_node *table)
{
	struct rb_node *next = rb_next(&table->rb);

	return next ? node_of(next) : NULL;
}

void zap_file_pages(struct mm_struct *mm, uint64_t start, uint64_t end,
		    bool cows)
{
	uint64_t last = table_key(LEVEL_PTE, end - 1);
	struct page_node *table;

	if (!mm->nr_ptes)
		return;
	table = page_node_from(&mm->page_tables, table_key(LEVEL_PTE, start));
	for (; table && table->key <= last; table = next_table(table))
		zap_table(mm, table, start, end, cows);
}

void zap_page_range(struct mm_struct *mm, uint64_t start, uint64_t end)
{
	zap_file_pages(mm, start, end, true);
}

/* --------------------------------------------- changing and moving pages */

void change_protection(struct mm_struct *mm, uint64_t start, uint64_t end,
		       bool write)
{
	uint64_t last = table_key(LEVEL_PTE, end - 1), base, from, to, mask;
	struct page_chunk *chunk;
	struct page_node *table;

	if (!mm->nr_ptes)
		return;
	table = page_node_from(&mm->page_tables, table_key(LEVEL_PTE, start));
	for (; table && table->key <= last; table = next_table(table)) {
		base = table->key << PMD_SHIFT;
		for (chunk = table->chunks; chunk; chunk = chunk->next) {
			from = base + (chunk->index << CHUNK_SHIFT);
			to = from + (1ULL << CHUNK_SHIFT);
			if (to <= start || from >= end)
				continue;
			mask = chunk_mask(from > start ? from : start,
					  to < end ? to : end);
			if (write)
				chunk->write |=
					mask & chunk->present & ~chunk->special;
			else
				chunk->write &= ~mask;
		}
	}
}

/* Map the pages that @mask has bits for, bit 0 being the page at @base. */
static void map_bits(struct mm_struct *mm, uint64_t base, uint64_t mask,
		     enum page_kind kind, bool write)
{
	const uint64_t span = 1ULL << CHUNK_SHIFT;
	unsigned int low = base >> PAGE_SHIFT & 63;
	struct page_run run;

	if (mask << low) {
		run = page_run_of(mm, base, base + PAGE_SIZE);
		run.mask = mask << low;
		page_run_map(mm, &run, kind, write);
	}
	if (low && mask >> (64 - low)) {
		base = (base & ~(span - 1)) + span;
		run = page_run_of(mm, base, base + PAGE_SIZE);
		run.mask = mask >> (64 - low);
		page_run_map(mm, &run, kind, write);
	}
}

/* Copy the entries of [start, end), which one chunk holds, to @to of @dst. */
static void copy_chunk(struct mm_struct *dst, const struct page_chunk *chunk,
		       uint64_t start, uint64_t end, uint64_t to)
{
	const uint64_t kinds[] = {
		[PAGE_KIND_ANON] = chunk->anon & ~chunk->special,
		[PAGE_KIND_FILE] = ~chunk->anon & ~chunk->special,
		[PAGE_KIND_ZERO] = chunk->anon & chunk->special,
		[PAGE_KIND_PFN] = ~chunk->anon & chunk->special,
	};
	uint64_t present = chunk->present & chunk_mask(start, end);
	unsigned int low = start >> PAGE_SHIFT & 63;
	unsigned int kind;
	uint64_t mask;

	for (kind = PAGE_KIND_ANON; kind <= PAGE_KIND_PFN; kind++) {
		mask = present & kinds[kind];
		if (mask & chunk->write)
			map_bits(dst, to, (mask & chunk->write) >> low, kind,
				 true);
		if (mask & ~chunk->write)
			map_bits(dst, to, (mask & ~chunk->write) >> low, kind,
				 false);
	}
}

/* The entries that @table has of [start, end) also appear at @to of @dst. */
static void copy_table(struct mm_struct *dst, const struct page_node *table,
		       uint64_t start, uint64_t end, uint64_t to)
{
	uint64_t base = table->key << PMD_SHIFT, from, stop;
	const struct page_chunk *chunk;

	for (chunk = table->chunks; chunk; chunk = chunk->next) {
		from = base + (chunk->index << CHUNK_SHIFT);
		stop = from + (1ULL << CHUNK_SHIFT);
		if (from < start)
			from = start;
		if (stop > end)
			stop = end;
		if (from < stop)
			copy_chunk(dst, chunk, from, stop, to + (from - start));
	}
}

/* Some releases make the tables above before they know what is below. */
static void make_pud_tables(struct mm_struct *mm, uint64_t old_addr,
			    uint64_t new_addr, uint64_t len)
{
	const uint64_t span = 1ULL << PUD_SHIFT;
	uint64_t end = old_addr + len, addr, next;

	for (addr = old_addr; addr < end; addr = next) {
		next = (addr | (span - 1)) + 1;
		if (next > end)
			next = end;
		if (!page_node_find(&mm->page_tables,
				    table_key(LEVEL_PMD, addr)))
			continue;
		table_make(mm, LEVEL_PUD, new_addr + (addr - old_addr));
		table_make(mm, LEVEL_PUD, new_addr + (next - 1 - old_addr));
	}
}

void move_page_tables(struct mm_struct *mm, uint64_t old_addr,
		      uint64_t new_addr, uint64_t len)
{
	uint64_t end = old_addr + len, from, stop, to, addr;
	struct page_node *table;

	step(mm, MREMAP_PAGES, old_addr, new_addr, len);
	if (mm->machine->profile->mremap_makes_pud_tables)
		make_pud_tables(mm, old_addr, new_addr, len);
	table = page_node_from(&mm->page_tables,
			       table_key(LEVEL_PTE, old_addr));
	while (table && table->key <= table_key(LEVEL_PTE, end - 1)) {
		from = table->key << PMD_SHIFT;
		stop = from + (1ULL << PMD_SHIFT);
		if (from < old_addr)
			from = old_addr;
		if (stop > end)
			stop = end;
		/* Also an empty table makes tables at the new place. */
		to = new_addr + (from - old_addr);
		for (addr = to; addr < to + (stop - from);
		     addr = (addr | ((1ULL << PMD_SHIFT) - 1)) + 1)
			page_tables_populate(mm, addr);
		copy_table(mm, table, from, stop, to);
		zap_table(mm, table, from, stop, true);
		table = page_node_from(&mm->page_tables, table->key + 1);
	}
}

/* Upper tables are copied also where no page table hangs below. */
static void copy_upper_tables(struct mm_struct *dst,
			      const struct mm_struct *src,
			      const struct vm_area_struct *vma)
{
	unsigned int level;

	for (level = LEVEL_PMD; level <= LEVEL_PUD; level++) {
		uint64_t last = table_key(level, vma->vm_end - 1);
		const struct page_node *table = page_node_from(
			&src->page_tables, table_key(level, vma->vm_start));

		for (; table && table->key <= last; table = next_table(table))
			table_make(dst, level,
				   (table->key - table_key(level, 0))
					   << level_shift[level]);
	}
}

void copy_page_range(struct mm_struct *dst, struct mm_struct *src,
		     const struct vm_area_struct *vma)
{
	const uint64_t may_write = VM_SHARED | VM_MAYWRITE;
	uint64_t last = table_key(LEVEL_PTE, vma->vm_end - 1), from, stop;
	struct page_node *table;

	/* Copied later, at the next touch, if that finds the same page. */
	if (!(vma->vm_flags & (VM_PFNMAP | VM_MIXEDMAP)) && !vma->anon_vma) {
		step(src, FORK_PAGES_LATER, vma->id);
		return;
	}
	step(src, FORK_PAGES, vma->id);
	if ((vma->vm_flags & may_write) == VM_MAYWRITE)
		change_protection(src, vma->vm_start, vma->vm_end, false);
	copy_upper_tables(dst, src, vma);
	table = page_node_from(&src->page_tables,
			       table_key(LEVEL_PTE, vma->vm_start));
	for (; table && table->key <= last; table = next_table(table)) {
		from = table->key << PMD_SHIFT;
		stop = from + (1ULL << PMD_SHIFT);
		if (from < vma->vm_start)
			from = vma->vm_start;
		if (stop > vma->vm_end)
			stop = vma->vm_end;
		page_tables_populate(dst, from);
		copy_table(dst, table, from, stop, from);
	}
}

/* --------------------------------------------------- giving tables back */

static uint64_t table_base(enum table_level level,
			   const struct page_node *table)
{
	return (table->key - table_key(level, 0)) << level_shift[level];
}

static void tell_freed(const struct mm_struct *mm, enum table_level level,
		       const struct page_node *table)
{
	uint64_t addr = table_base(level, table);
	uint64_t end = addr + (1ULL << level_shift[level]);

	if (level == LEVEL_PTE)
		step(mm, TABLES_PTE_FREED, addr, end);
	else if (level == LEVEL_PMD)
		step(mm, TABLES_PMD_FREED, addr, end);
	else
		step(mm, TABLES_PUD_FREED, addr, end);
}

static void tell_kept(const struct mm_struct *mm, enum table_level level,
		      const struct page_node *table, uint64_t floor,
		      uint64_t ceiling)
{
	uint64_t addr = table_base(level, table);
	uint64_t end = addr + (1ULL << level_shift[level]);

	if (level == LEVEL_PMD)
		step(mm, TABLES_PMD_KEPT, addr, end, floor, ceiling);
	else
		step(mm, TABLES_PUD_KEPT, addr, end, floor, ceiling);
}

/*
 * Free the tables of one level that map parts of [start, end). A table above
 * the lowest level goes only if no area is left in what it maps: none below
 * @floor or from @ceiling on (0: no area behind).
 */
static bool neighbour_keeps(uint64_t base, uint64_t span, uint64_t end,
			    uint64_t floor, uint64_t ceiling)
{
	uint64_t top = base + span < end ? base + span : end;
	uint64_t limit = ceiling & ~(span - 1);

	return base < floor || (ceiling && (!limit || top > limit));
}

static void free_level(struct mm_struct *mm, enum table_level level,
		       uint64_t start, uint64_t end, uint64_t floor,
		       uint64_t ceiling)
{
	unsigned int shift = level_shift[level];
	uint64_t span = 1ULL << shift, base = start & ~(span - 1);
	uint64_t last = table_key(level, end - 1);
	struct page_node *table, *next;

	/* Mostly one table is meant, and need not be looked for to be kept. */
	if (level != LEVEL_PTE && end - base <= span && !steps_wanted(mm) &&
	    neighbour_keeps(base, span, end, floor, ceiling))
		return;
	table = page_node_from(&mm->page_tables, table_key(level, start));
	for (; table && table->key <= last; table = next) {
		next = next_table(table);
		base = (table->key - table_key(level, 0)) << shift;
		if (level != LEVEL_PTE &&
		    neighbour_keeps(base, span, end, floor, ceiling)) {
			if (steps_wanted(mm))
				tell_kept(mm, level, table, floor, ceiling);
			continue;
		}
		if (steps_wanted(mm))
			tell_freed(mm, level, table);
		table_free(mm, level, table);
	}
}

static void free_pgd_range(struct mm_struct *mm, uint64_t start, uint64_t end,
			   uint64_t floor, uint64_t ceiling)
{
	const uint64_t pmd_size = 1ULL << PMD_SHIFT;
	uint64_t from = start & ~(pmd_size - 1), to = end, limit = ceiling;
	bool none;

	if (from < floor)
		from += pmd_size;
	none = ceiling && ceiling < pmd_size;
	if (limit)
		limit &= ~(pmd_size - 1);
	if (to - 1 > limit - 1)
		to -= pmd_size;
	if (none || from > to - 1) {
		step(mm, TABLES_NONE, start, end, floor, ceiling);
		return;
	}
	step(mm, TABLES_RANGE, start, end, floor, ceiling);
	start = from;
	end = to;
	ceiling = limit;
	free_level(mm, LEVEL_PTE, start, end, floor, ceiling);
	free_level(mm, LEVEL_PMD, start, end, floor, ceiling);
	free_level(mm, LEVEL_PUD, start, end, floor, ceiling);
}

void free_pgtables(struct mm_struct *mm, struct vm_area_struct *vma,
		   uint64_t floor, uint64_t ceiling)
{
	struct vm_area_struct *last;
	uint64_t start;

	if (!mm->page_tables.node && !steps_wanted(mm))
		return;
	for (; vma; vma = last->vm_next) {
		start = vma->vm_start;
		last = vma;
		while (last->vm_next &&
		       last->vm_next->vm_start <=
			       last->vm_end + (1ULL << PMD_SHIFT))
			last = last->vm_next;
		free_pgd_range(mm, start, last->vm_end, floor,
			       last->vm_next ? last->vm_next->vm_start
					     : ceiling);
	}
}

/* --------------------------------------------------------------- reading */

struct counted_pages {
	uint64_t anon, file;
};

static struct counted_pages count_pages(const struct mm_struct *mm,
					uint64_t start, uint64_t end)
{
	uint64_t last = table_key(LEVEL_PTE, end - 1), base, from, to, mask;
	struct counted_pages pages = { 0, 0 };
	const struct page_chunk *chunk;
	const struct page_node *table;

	if (!mm->nr_ptes)
		return pages;
	table = page_node_from(&mm->page_tables, table_key(LEVEL_PTE, start));
	for (; table && table->key <= last; table = next_table(table)) {
		base = table->key << PMD_SHIFT;
		for (chunk = table->chunks; chunk; chunk = chunk->next) {
			from = base + (chunk->index << CHUNK_SHIFT);
			to = from + (1ULL << CHUNK_SHIFT);
			if (from < start)
				from = start;
			if (to > end)
				to = end;
			if (from >= to)
				continue;
			mask = chunk_mask(from, to) & chunk->present;
			pages.anon += nr_anon(chunk, mask);
			pages.file += nr_file(chunk, mask);
		}
	}
	return pages;
}

uint64_t mm_resident_pages(const struct mm_struct *mm,
			   const struct vm_area_struct *vma)
{
	struct counted_pages pages =
		count_pages(mm, vma->vm_start, vma->vm_end);

	return pages.anon + pages.file;
}

uint64_t mm_file_pages(const struct mm_struct *mm,
		       const struct vm_area_struct *vma)
{
	return count_pages(mm, vma->vm_start, vma->vm_end).file;
}

uint64_t mm_anon_pages(const struct mm_struct *mm, uint64_t start, uint64_t end)
{
	return count_pages(mm, start, end).anon;
}

/* The first present page at or above @addr, or UINT64_MAX. */
static uint64_t next_present(const struct mm_struct *mm, uint64_t addr)
{
	const struct page_node *table =
		page_node_from(&mm->page_tables, table_key(LEVEL_PTE, addr));
	const struct page_chunk *chunk;
	uint64_t base, bits;

	for (; table && table->key < table_key(LEVEL_PMD, 0);
	     table = next_table(table)) {
		for (chunk = table->chunks; chunk; chunk = chunk->next) {
			base = (table->key << PMD_SHIFT) +
			       (chunk->index << CHUNK_SHIFT);
			bits = chunk->present;
			if (base + (1ULL << CHUNK_SHIFT) <= addr)
				continue;
			if (base < addr)
				bits &= UINT64_MAX << (addr >> PAGE_SHIFT & 63);
			if (bits)
				return base + ((uint64_t)__builtin_ctzll(bits)
					       << PAGE_SHIFT);
		}
	}
	return UINT64_MAX;
}

bool mm_next_resident(const struct mm_struct *mm, uint64_t *addrp,
		      uint64_t *endp)
{
	const struct page_chunk *chunk;
	uint64_t start = next_present(mm, *addrp), end = start, bits;

	if (start == UINT64_MAX)
		return false;
	while ((chunk = chunk_at(mm, end))) {
		/* Ones from here on, to the end of the chunk at most. */
		bits = ~(chunk->present >> (end >> PAGE_SHIFT & 63));
		if (!bits) {
			end += 64 * PAGE_SIZE;
			continue;
		}
		if (bits & 1)
			break;
		end += (uint64_t)__builtin_ctzll(bits) << PAGE_SHIFT;
		if (end & ((1ULL << CHUNK_SHIFT) - 1))
			break;
	}
	*addrp = start;
	*endp = end;
	return true;
}

uint64_t mm_missing_pages(const struct mm_struct *mm, uint64_t start,
			  uint64_t end)
{
	uint64_t missing = (end - start) >> PAGE_SHIFT, from = start, to;

	while (mm_next_resident(mm, &from, &to) && from < end) {
		missing -= ((to < end ? to : end) - from) >> PAGE_SHIFT;
		from = to;
	}
	return missing;
}

bool mm_next_dirty(const struct mm_struct *mm, uint64_t *addrp, uint64_t *endp)
{
	const struct page_chunk *chunk;
	uint64_t bit;

	while (mm_next_resident(mm, addrp, endp)) {
		chunk = chunk_at(mm, *addrp);
		bit = *addrp >> PAGE_SHIFT & 63;
		if (chunk->dirty >> bit & 1) {
			*endp = *addrp + PAGE_SIZE;
			return true;
		}
		*addrp += PAGE_SIZE;
	}
	return false;
}
