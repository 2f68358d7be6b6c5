/* SPDX-License-Identifier: MIT */
/*
 * Page tables come with the first page in what they map, and go when areas do
 */
#include <string.h>

#include "core/hot.h"
#include "core/mm/memory.h"
#include "core/mm/page_chunk.h"
#include "core/mm/step.h"

static uint32_t *table_count(struct mm_struct *mm, enum table_level level)
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
	uint64_t span = 1ULL << level_shift(level);

	addr &= ~(span - 1);
	if (level == LEVEL_PTE)
		step(mm, TABLES_PTE_MADE, addr, addr + span);
	else if (level == LEVEL_PMD)
		step(mm, TABLES_PMD_MADE, addr, addr + span);
	else
		step(mm, TABLES_PUD_MADE, addr, addr + span);
}

static void count_made(struct mm_struct *mm, enum table_level level,
		       uint64_t addr)
{
	++*table_count(mm, level);
	table_filter_add(mm, table_key(level, addr));
	mm->machine->nr_table_pages++;
	if (steps_wanted(mm))
		tell_made(mm, level, addr);
}

struct page_node *table_make(struct mm_struct *mm, enum table_level level,
			     uint64_t addr)
{
	struct page_node *table;
	bool made;

	table = page_node_make(&mm->page_tables, table_key(level, addr),
			       mm->machine->memory, &made);
	if (made)
		count_made(mm, level, addr);
	return table;
}

struct page_node *pte_table_make(struct mm_struct *mm,
				 struct page_cursor *cursor, uint64_t addr)
{
	const uint64_t key = table_key(LEVEL_PTE, addr);
	struct page_node *table;

	page_cursor_seek(cursor, &mm->page_tables, key);
	table = page_cursor_node(cursor, key);
	if (table)
		return table;
	count_made(mm, LEVEL_PTE, addr);
	table = memory_take_page_node(mm->machine->memory);
	page_cursor_add(cursor, &mm->page_tables, key, table);
	return table;
}

static void table_free(struct mm_struct *mm, enum table_level level,
		       struct page_node *table)
{
	if (level == LEVEL_PTE && table->chunks)
		table_zap(mm, table, 0, UINT64_MAX, true);
	rb_erase(&mm->page_tables, &table->rb, NULL);
	if (!--*table_count(mm, level))
		mm->table_filter[level] = 0;
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
	struct page_node *table = pte_table_find(mm, addr);

	if (table)
		return table;
	upper_tables_populate(mm, addr);
	return table_make(mm, LEVEL_PTE, addr);
}

/* Is there a page table below the same tables of the upper levels? */
static bool has_upper_tables(const struct page_node *table, uint64_t addr)
{
	return table && page_node_has_chunks(table) &&
	       table_base(LEVEL_PTE, table) >> PUD_SHIFT == addr >> PUD_SHIFT;
}

struct page_node *page_tables_populate_at(struct mm_struct *mm,
					  struct page_cursor *cursor,
					  uint64_t addr)
{
	if (!has_upper_tables(cursor->at, addr)) {
		upper_tables_populate(mm, addr);
		*cursor = (struct page_cursor){ NULL, NULL };
	}
	return pte_table_make(mm, cursor, addr);
}

void page_tables_need(uint64_t start, uint64_t end, struct memory_need *need)
{
	unsigned int level;

	for (level = LEVEL_PTE; level <= LEVEL_PUD; level++)
		need->page_nodes += ((end - 1) >> level_shift(level)) -
				    (start >> level_shift(level)) + 1;
	need->page_chunks +=
		((end - 1) >> CHUNK_SHIFT) - (start >> CHUNK_SHIFT) + 1;
}

static uint64_t nr_chunks(const struct page_node *table, uint64_t start,
			  uint64_t end)
{
	const uint64_t base = table_base(LEVEL_PTE, table);
	const struct page_chunk *chunk;
	uint64_t nr = 0;

	for (chunk = table->chunks; chunk; chunk = chunk->next)
		nr += chunk_overlap(base, chunk, start, end) != 0;
	return nr;
}

void page_tables_missing(const struct mm_struct *mm, uint64_t start,
			 uint64_t end, struct memory_need *need)
{
	const struct page_node *table;
	unsigned int level;
	uint64_t last;

	page_tables_need(start, end, need);
	for (level = LEVEL_PTE; level <= LEVEL_PUD; level++) {
		last = table_key(level, end - 1);
		table = page_node_from(&mm->page_tables,
				       table_key(level, start));
		for (; table && table->key <= last;
		     table = page_node_next(table)) {
			need->page_nodes--;
			if (level == LEVEL_PTE)
				need->page_chunks -=
					nr_chunks(table, start, end);
		}
	}
}

/* --------------------------------------------------- giving tables back */

static void tell_freed(const struct mm_struct *mm, enum table_level level,
		       const struct page_node *table)
{
	uint64_t addr = table_base(level, table);
	uint64_t end = addr + (1ULL << level_shift(level));

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
	uint64_t end = addr + (1ULL << level_shift(level));

	if (level == LEVEL_PMD)
		step(mm, TABLES_PMD_KEPT, addr, end, floor, ceiling);
	else
		step(mm, TABLES_PUD_KEPT, addr, end, floor, ceiling);
}

/* Is an area left below @floor or from @ceiling on (0: none is behind)? */
static inline bool neighbour_keeps(uint64_t base, uint64_t span, uint64_t end,
				   uint64_t floor, uint64_t ceiling)
{
	uint64_t top = base + span < end ? base + span : end;
	uint64_t limit = ceiling & ~(span - 1);

	return base < floor || (ceiling && (!limit || top > limit));
}

/* Mostly it is clear without a look that no table goes; @level is a constant. */
static inline bool level_stays(const struct mm_struct *mm,
			       enum table_level level, uint64_t start,
			       uint64_t end, uint64_t floor, uint64_t ceiling)
{
	const uint64_t span = 1ULL << level_shift(level);
	const uint64_t base = start & ~(span - 1);

	return tables_are_absent(mm, level, start, end) ||
	       (level != LEVEL_PTE && end - base <= span && !steps_wanted(mm) &&
		neighbour_keeps(base, span, end, floor, ceiling));
}

/* What was given up with page tables. */
struct dropped {
	uint64_t tables, anon, file;
};

static void drop_chunks(struct memory *memory, struct page_chunk *chunk,
			struct dropped *dropped)
{
	struct page_chunk *next;

	for (; chunk; chunk = next) {
		next = chunk->next;
		dropped->anon += nr_anon(chunk, chunk->present);
		dropped->file += nr_file(chunk, chunk->present);
		memory_give_page_chunk(memory, chunk);
	}
}

/*
 * All tables of a subtree with the entries in them, as deep as the tree. Each
 * is touched once, and what comes next is on its way into the cache by then.
 */
static void drop_subtree(struct memory *memory, struct rb_node *rb,
			 struct dropped *dropped)
{
	struct page_node *table;
	struct rb_node *right;

	for (; rb; rb = right) {
		table = page_node_of(rb);
		right = rb->right;
		__builtin_prefetch(right);
		if (page_node_has_chunks(table))
			__builtin_prefetch(table->chunks);
		drop_subtree(memory, rb->left, dropped);
		if (page_node_has_chunks(table))
			drop_chunks(memory, table->chunks, dropped);
		memory_give_page_node(memory, table);
		dropped->tables++;
	}
}

static struct dropped drop_tables(struct mm_struct *mm, struct rb_node *rb)
{
	struct dropped dropped = { 0 };

	drop_subtree(mm->machine->memory, rb, &dropped);
	mm->machine->nr_table_pages -= dropped.tables;
	mm->machine->nr_anon_pages -= dropped.anon;
	mm->rss_anon -= dropped.anon;
	mm->rss_file -= dropped.file;
	return dropped;
}

/* Page tables from @first to that of @last go at once. */
static void drop_range(struct mm_struct *mm, struct page_node *first,
		       uint64_t last)
{
	/* Those of the upper levels are behind all of them. */
	struct page_node *behind = page_node_from(&mm->page_tables, last + 1);
	struct rb_node *tree =
		rb_cut_out(&mm->page_tables, &first->rb, &behind->rb);

	mm->nr_ptes -= drop_tables(mm, tree).tables;
	if (!mm->nr_ptes)
		mm->table_filter[LEVEL_PTE] = 0;
}

/* So many are erased one by one before the rest is cut out. */
#define FEW_TABLES 16

/*
 * Free the tables of one level that map parts of [start, end). A table above
 * the lowest level goes only if no area is left in what it maps.
 */
static void free_level(struct mm_struct *mm, enum table_level level,
		       uint64_t start, uint64_t end, uint64_t floor,
		       uint64_t ceiling)
{
	unsigned int shift = level_shift(level);
	uint64_t span = 1ULL << shift, base;
	uint64_t last = table_key(level, end - 1);
	struct page_node *table, *next;
	unsigned int nr = 0;

	table = page_node_from(&mm->page_tables, table_key(level, start));
	for (; table && table->key <= last; table = next) {
		if (level == LEVEL_PTE && nr++ == FEW_TABLES &&
		    !steps_wanted(mm)) {
			drop_range(mm, table, last);
			return;
		}
		next = page_node_next(table);
		base = table_base(level, table);
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

HOT void free_pgd_range(struct mm_struct *mm, uint64_t start, uint64_t end,
			uint64_t floor, uint64_t ceiling)
{
	const uint64_t pmd_size = 1ULL << PMD_SHIFT;
	uint64_t from = start & ~(pmd_size - 1), to = end, limit = ceiling;
	bool none;

	/* Mostly nothing was touched, and the area before is not far. */
	if (!steps_wanted(mm) && tables_are_absent(mm, LEVEL_PTE, start, end) &&
	    floor > (start & ~((1ULL << PUD_SHIFT) - 1)) &&
	    (start ^ (end - 1)) >> PUD_SHIFT == 0)
		return;
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
	if (!level_stays(mm, LEVEL_PTE, start, end, floor, ceiling))
		free_level(mm, LEVEL_PTE, start, end, floor, ceiling);
	if (!level_stays(mm, LEVEL_PMD, start, end, floor, ceiling))
		free_level(mm, LEVEL_PMD, start, end, floor, ceiling);
	if (!level_stays(mm, LEVEL_PUD, start, end, floor, ceiling))
		free_level(mm, LEVEL_PUD, start, end, floor, ceiling);
}

void drop_page_tables(struct mm_struct *mm)
{
	drop_tables(mm, mm->page_tables.node);
	mm->page_tables.node = NULL;
	mm->nr_ptes = mm->nr_pmds = mm->nr_puds = 0;
	memset(mm->table_filter, 0, sizeof(mm->table_filter));
}
