/* SPDX-License-Identifier: MIT */
/*
 * Entries at another place: moved by mremap, copied by fork
 */
#include "core/mm/assert.h"
#include "core/mm/memory.h"
#include "core/mm/page_chunk.h"
#include "core/mm/profile.h"
#include "core/mm/step.h"

/* The entries of some pages of a chunk, as its own bits say. */
struct entries {
	uint64_t present, write, dirty, anon, special;
};

static struct entries entries_of(const struct page_chunk *chunk, uint64_t mask)
{
	mask &= chunk->present;
	return (struct entries){ mask, mask & chunk->write, mask & chunk->dirty,
				 mask & chunk->anon, mask & chunk->special };
}

/* Let entries be where none were. */
static void put_entries(struct page_node *table, uint32_t index,
			const struct entries *entries, struct memory *memory)
{
	struct page_chunk *chunk = chunk_make(table, index, memory);

	mm_debug_assert(!(chunk->present & entries->present));
	chunk->present |= entries->present;
	chunk->write |= entries->write;
	chunk->dirty |= entries->dirty;
	chunk->anon |= entries->anon;
	chunk->special |= entries->special;
}

/* The same for pages that were not mapped before, and so are counted. */
static void map_entries(struct mm_struct *mm, struct page_node *table,
			uint32_t index, const struct entries *entries)
{
	uint64_t counted = entries->present & ~entries->special;
	uint64_t anon = count_bits(counted & entries->anon);

	put_entries(table, index, entries, mm->machine->memory);
	mm->rss_anon += anon;
	mm->machine->nr_anon_pages += anon;
	mm->rss_file += count_bits(counted & ~entries->anon);
}

static struct entries shift_up(const struct entries *entries, unsigned int by)
{
	return (struct entries){ entries->present << by, entries->write << by,
				 entries->dirty << by, entries->anon << by,
				 entries->special << by };
}

static struct entries shift_down(const struct entries *entries, unsigned int by)
{
	return (struct entries){ entries->present >> by, entries->write >> by,
				 entries->dirty >> by, entries->anon >> by,
				 entries->special >> by };
}

/* Where the pages of one table go: into one table, or into two. */
struct move_target {
	uint64_t addr;
	struct page_node *tables[2];
};

/* Also an empty table makes tables at the new place. */
static void make_target_tables(struct mm_struct *mm, struct page_node *table,
			       uint64_t len, struct move_target *target)
{
	const uint64_t first = target->addr >> PMD_SHIFT;
	const uint64_t last = (target->addr + len - 1) >> PMD_SHIFT;
	uint64_t key;

	for (key = first; key <= last; key++)
		target->tables[key - first] =
			key == table->key
				? table
				: page_tables_populate(mm, key << PMD_SHIFT);
}

static void put_part(const struct move_target *target, uint64_t to,
		     const struct entries *entries, struct memory *memory)
{
	const uint64_t nth = (to >> PMD_SHIFT) - (target->addr >> PMD_SHIFT);

	if (entries->present)
		put_entries(target->tables[nth], chunk_index(to), entries,
			    memory);
}

/* Put entries from @to on, bit 0 being the page there, in one chunk or two. */
static void put_entries_at(const struct move_target *target, uint64_t to,
			   const struct entries *entries, struct memory *memory)
{
	const unsigned int low = to >> PAGE_SHIFT & 63;
	struct entries part = shift_up(entries, low);

	put_part(target, to, &part, memory);
	if (!low)
		return;
	part = shift_down(entries, 64 - low);
	put_part(target, to + (1ULL << CHUNK_SHIFT), &part, memory);
}

static struct entries take_entries(struct page_chunk *chunk, uint64_t mask)
{
	struct entries entries = entries_of(chunk, mask);

	chunk->present &= ~mask;
	chunk->write &= ~mask;
	chunk->dirty &= ~mask;
	chunk->anon &= ~mask;
	chunk->special &= ~mask;
	return entries;
}

/*
 * Move the entries that @table has of [start, end). It may be the target's table
 * as well: what is put there lies outside the range, and is passed over.
 */
static void move_entries(struct page_node *table, uint64_t start, uint64_t end,
			 const struct move_target *target,
			 struct memory *memory)
{
	const uint64_t base = table->key << PMD_SHIFT;
	struct page_chunk **link = &table->chunks, *chunk;
	struct entries entries;
	unsigned int first;
	uint64_t addr;

	while ((chunk = *link)) {
		entries = take_entries(chunk,
				       chunk_overlap(base, chunk, start, end));
		if (!entries.present) {
			link = &chunk->next;
			continue;
		}
		first = (unsigned int)__builtin_ctzll(entries.present);
		addr = base + ((uint64_t)chunk->index << CHUNK_SHIFT) +
		       ((uint64_t)first << PAGE_SHIFT);
		entries = shift_down(&entries, first);
		if (chunk->present) {
			link = &chunk->next;
		} else {
			*link = chunk->next;
			memory_give_page_chunk(memory, chunk);
		}
		put_entries_at(target, target->addr + (addr - start), &entries,
			       memory);
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
	const uint64_t end = old_addr + len;
	struct move_target target;
	struct page_node *table;
	uint64_t from, stop;

	step(mm, MREMAP_PAGES, old_addr, new_addr, len);
	if (mm->machine->profile->mremap_makes_pud_tables)
		make_pud_tables(mm, old_addr, new_addr, len);
	if (!len || tables_are_absent(mm, LEVEL_PTE, old_addr, end))
		return;
	table = page_node_from(&mm->page_tables,
			       table_key(LEVEL_PTE, old_addr));
	for (; table && table->key <= table_key(LEVEL_PTE, end - 1);
	     table = page_node_next(table)) {
		from = table->key << PMD_SHIFT;
		stop = from + (1ULL << PMD_SHIFT);
		if (from < old_addr)
			from = old_addr;
		if (stop > end)
			stop = end;
		target.addr = new_addr + (from - old_addr);
		make_target_tables(mm, table, stop - from, &target);
		move_entries(table, from, stop, &target, mm->machine->memory);
		if (stop == end)
			break;
	}
}

/*
 * The child's entries of one area in one table, where it has none yet; those
 * that it has in common with the parent from now on are @protect'ed.
 */
static void share_entries(struct mm_struct *dst, struct page_node *from,
			  struct page_node *to,
			  const struct vm_area_struct *vma, bool protect)
{
	const uint64_t base = from->key << PMD_SHIFT;
	struct page_chunk *chunk = from->chunks;
	struct entries entries;
	uint64_t mask;

	if (vma->vm_start > base)
		while (chunk && chunk->index < chunk_index(vma->vm_start))
			chunk = chunk->next;
	for (; chunk; chunk = chunk->next) {
		if (base + ((uint64_t)chunk->index << CHUNK_SHIFT) >=
		    vma->vm_end)
			break;
		mask = chunk_overlap(base, chunk, vma->vm_start, vma->vm_end);
		if (protect)
			chunk->write &= ~mask;
		entries = entries_of(chunk, mask);
		/* Nothing was written through the child's yet. */
		entries.dirty = 0;
		if (entries.present)
			map_entries(dst, to, chunk->index, &entries);
	}
}

/* Who gets what at a fork. */
struct copying {
	struct mm_struct *dst;
	const struct mm_struct *src;
	const struct vm_area_struct *vma;
	struct fork_tables *tables;
	bool protect;
};

static void copy_pte_table(const struct copying *copying,
			   struct page_node *table, uint64_t addr)
{
	struct fork_tables *tables = copying->tables;

	tables->from = table;
	share_entries(copying->dst, table,
		      pte_table_make(copying->dst, &tables->to, addr),
		      copying->vma, copying->protect);
}

/* The parent's first table at or above @addr: mostly it is at hand. */
static struct page_node *first_table(const struct copying *copying,
				     enum table_level level, uint64_t addr)
{
	const uint64_t key = table_key(level, addr);
	struct page_node *last = copying->tables->from, *next;

	if (level == LEVEL_PTE && last) {
		if (last->key == key)
			return last;
		/* Those of the upper levels come behind. */
		next = page_node_next(last);
		if (next->key >= key)
			return next;
	}
	return page_node_from(&copying->src->page_tables, key);
}

/*
 * The tables of @level in [start, end), each with all below it before the next
 * one. Upper tables are copied also where no page table hangs below.
 */
static void copy_tables(const struct copying *copying, enum table_level level,
			uint64_t start, uint64_t end)
{
	const uint64_t span = 1ULL << level_shift(level);
	const uint64_t last = table_key(level, end - 1);
	struct page_node *table = first_table(copying, level, start);
	uint64_t base, from, stop;

	for (; table && table->key <= last; table = page_node_next(table)) {
		base = table_base(level, table);
		from = base < start ? start : base;
		stop = end - base < span ? end : base + span;
		if (level == LEVEL_PTE) {
			copy_pte_table(copying, table, from);
			continue;
		}
		table_make(copying->dst, level, from);
		copying->tables->to = (struct page_cursor){ NULL, NULL };
		copy_tables(copying, level - 1, from, stop);
	}
}

/* Do those of the last page table that was copied lead to the whole area? */
static bool has_upper_tables(const struct fork_tables *tables,
			     const struct vm_area_struct *vma)
{
	uint64_t base;

	if (!tables->from)
		return false;
	base = table_base(LEVEL_PTE, tables->from);
	return (base ^ vma->vm_start) >> PUD_SHIFT == 0 &&
	       (base ^ (vma->vm_end - 1)) >> PUD_SHIFT == 0;
}

void copy_page_range(struct mm_struct *dst, struct mm_struct *src,
		     const struct vm_area_struct *vma,
		     struct fork_tables *tables)
{
	const uint64_t may_write = VM_SHARED | VM_MAYWRITE;
	const struct copying copying = {
		.dst = dst,
		.src = src,
		.vma = vma,
		.tables = tables,
		.protect = (vma->vm_flags & may_write) == VM_MAYWRITE,
	};

	/* Copied later, at the next touch, if that finds the same page. */
	if (!(vma->vm_flags & (VM_PFNMAP | VM_MIXEDMAP)) && !vma->anon_vma) {
		step(src, FORK_PAGES_LATER, vma->id);
		return;
	}
	step(src, FORK_PAGES, vma->id);
	/* Mostly the upper tables are those of the area before, and copied. */
	copy_tables(&copying,
		    has_upper_tables(tables, vma) ? LEVEL_PTE : LEVEL_PUD,
		    vma->vm_start, vma->vm_end);
}
