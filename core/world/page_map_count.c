/* SPDX-License-Identifier: MIT */
#include "core/world/page_map_count.h"

#include "core/mm/memory.h"
#include "core/mm/page_table.h"
#include "core/mm/vma.h"

/* Steps that are being collected; without room they are only counted. */
struct collection {
	struct page_map_count *counts;
	uint64_t nr;
	struct page_map_count last;
};

const void *mapped_object(const struct mm_struct *mm,
			  const struct vm_area_struct *vma)
{
	if (vma->vm_file)
		return vma->vm_file;
	return vma->vm_special == VM_SPECIAL_VDSO ? mm->machine : NULL;
}

uint64_t mapped_page(const struct vm_area_struct *vma, uint64_t addr)
{
	return vma->vm_pgoff + ((addr - vma->vm_start) >> PAGE_SHIFT);
}

/* Whether another area than @vma may have its pages, too. */
static bool may_be_shared(const struct mm_struct *mm,
			  const struct vm_area_struct *vma)
{
	if (vma->vm_file)
		return vma->vm_file->refs > 1;
	return vma->vm_special == VM_SPECIAL_VDSO && mm->machine->mms->next_mm;
}

static void add_step(struct collection *collection, const void *object,
		     uint64_t pgoff, int64_t mapped)
{
	const struct page_map_count last = collection->last;

	/* A run that goes on in the next chunk is one. */
	if (mapped > 0 && last.mapped < 0 && last.object == object &&
	    last.pgoff == pgoff) {
		collection->last.mapped = 0;
		collection->nr--;
		return;
	}
	collection->last = (struct page_map_count){ object, pgoff, mapped };
	if (collection->counts)
		collection->counts[collection->nr] = collection->last;
	collection->nr++;
}

/* One run of bits of a chunk: up by one at its start, down at its end. */
static void add_runs(struct collection *collection, const void *object,
		     uint64_t pgoff, uint64_t bits)
{
	unsigned int at = 0, len;

	while (at < 64 && bits >> at) {
		at += (unsigned int)__builtin_ctzll(bits >> at);
		len = ~(bits >> at)
			      ? (unsigned int)__builtin_ctzll(~(bits >> at))
			      : 64;
		add_step(collection, object, pgoff + at, 1);
		add_step(collection, object, pgoff + at + len, -1);
		at += len;
	}
}

static void collect_area(struct collection *collection, struct mm_struct *mm,
			 const struct vm_area_struct *vma)
{
	const void *object = mapped_object(mm, vma);
	uint64_t addr = vma->vm_start, end, bits;
	const struct page_chunk *chunk;
	struct page_run run;

	for (; addr < vma->vm_end; addr = end) {
		end = (addr | ((1ULL << CHUNK_SHIFT) - 1)) + 1;
		run = page_run_of(mm, addr,
				  end < vma->vm_end ? end : vma->vm_end);
		chunk = run.table ? page_run_chunk(&run) : NULL;
		if (!chunk) {
			/* Nothing in this table: on to the next one. */
			if (!run.table)
				end = mm_next_table(mm, addr);
			continue;
		}
		bits = chunk->present & ~chunk->anon & ~chunk->special &
		       run.mask;
		add_runs(collection, object, mapped_page(vma, addr),
			 bits >> (addr >> PAGE_SHIFT & 63));
	}
}

static void collect(struct collection *collection,
		    const struct machine *machine)
{
	const struct vm_area_struct *vma;
	struct mm_struct *mm;

	for (mm = machine->mms; mm; mm = mm->next_mm)
		for (vma = mm->mmap; vma; vma = vma->vm_next)
			if (may_be_shared(mm, vma))
				collect_area(collection, mm, vma);
}

/* ---------------------------------------------------------------- sorting */

static bool is_before(const struct page_map_count *a,
		      const struct page_map_count *b)
{
	if (a->object != b->object)
		return (uintptr_t)a->object < (uintptr_t)b->object;
	return a->pgoff < b->pgoff;
}

/* Let an entry sink in a heap of @nr whose largest one is on top. */
static void sink(struct page_map_count *counts, uint64_t at, uint64_t nr)
{
	const struct page_map_count entry = counts[at];
	uint64_t child;

	while ((child = 2 * at + 1) < nr) {
		if (child + 1 < nr &&
		    is_before(&counts[child], &counts[child + 1]))
			child++;
		if (!is_before(&entry, &counts[child]))
			break;
		counts[at] = counts[child];
		at = child;
	}
	counts[at] = entry;
}

/* Heapsort: no choice of mappings makes it slow. */
static void sort(struct page_map_count *counts, uint64_t nr)
{
	struct page_map_count last;
	uint64_t i;

	for (i = nr / 2; i > 0; i--)
		sink(counts, i - 1, nr);
	for (i = nr; i > 1; i--) {
		last = counts[i - 1];
		counts[i - 1] = counts[0];
		counts[0] = last;
		sink(counts, 0, i - 1);
	}
}

/* From ups and downs to what holds from each page on. */
static void sum_up(struct page_map_count *counts, uint64_t nr)
{
	uint64_t i;

	for (i = 1; i < nr; i++)
		counts[i].mapped += counts[i - 1].mapped;
}

int count_page_maps(const struct machine *machine,
		    struct page_map_count **countsp, uint64_t *nrp)
{
	struct collection collection = { 0 };

	*countsp = NULL;
	*nrp = 0;
	collect(&collection, machine);
	if (!collection.nr)
		return 0;
	*countsp = memory_alloc(machine->memory,
				collection.nr * sizeof(**countsp));
	if (!*countsp)
		return -1;
	collection = (struct collection){ .counts = *countsp };
	collect(&collection, machine);
	*nrp = collection.nr;
	sort(*countsp, *nrp);
	sum_up(*countsp, *nrp);
	return 0;
}

const struct page_map_count *
page_map_count_find(const struct page_map_count *counts, uint64_t nr,
		    const void *object, uint64_t pgoff)
{
	const struct page_map_count key = { .object = object, .pgoff = pgoff };
	uint64_t low = 0, high = nr, middle;

	/* The first step behind the page; the one before it holds. */
	while (low < high) {
		middle = low + (high - low) / 2;
		if (is_before(&key, &counts[middle]))
			high = middle;
		else
			low = middle + 1;
	}
	if (!low || counts[low - 1].object != object)
		return NULL;
	return &counts[low - 1];
}
