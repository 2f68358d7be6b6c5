/* SPDX-License-Identifier: MIT */
#include "core/mm/setup.h"

#include <string.h>

#include "core/mm/assert.h"
#include "core/mm/fault.h"
#include "core/mm/memory.h"
#include "core/mm/page_cache.h"
#include "core/mm/page_table.h"
#include "core/mm/profile.h"
#include "core/mm/step.h"
#include "core/mm/vma.h"

void machine_init(struct machine *machine, const struct kernel_profile *profile,
		  struct memory *memory, const struct sysctl *sysctl,
		  uint64_t mem_total_kb, uint64_t seed)
{
	memset(machine, 0, sizeof(*machine));
	machine->profile = profile;
	machine->memory = memory;
	machine->sysctl = *sysctl;
	machine->totalram_pages = mem_total_kb >> (PAGE_SHIFT - 10);
	machine->random = seed;
}

/* SplitMix64 (Steele, Lea and Flood, 2014). */
uint64_t machine_random(struct machine *machine)
{
	uint64_t z = machine->random += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

/* The object of an area that is shared and anonymous. */
static struct vm_file *install_shmem(struct mm_struct *mm,
				     const struct area_setup *setup)
{
	uint64_t pages = (setup->end - setup->start) >> PAGE_SHIFT;
	struct vm_file *file =
		shmem_zero_setup(mm->machine, pages + setup->pgoff,
				 setup->vm_flags & VM_NORESERVE);

	if (file)
		vm_acct_memory(mm->machine, file->committed);
	return file;
}

int mm_install_area(struct mm_struct *mm, const struct area_setup *setup)
{
	const struct memory_need need = { .areas = 1, .net_areas = 1 };
	bool shmem = setup->vm_flags & VM_SHARED && !setup->file;
	uint64_t pages = (setup->end - setup->start) >> PAGE_SHIFT;
	struct memory *memory = mm->machine->memory;
	struct vm_file *file = setup->file;
	struct vm_area_struct *vma;
	struct vma_links links;
	bool room;

	if (memory_reserve(memory, &need))
		return -1;
	if (shmem && !(file = install_shmem(mm, setup)))
		return -1;
	if (file && !shmem)
		vm_file_get(file);

	vma = memory_take_area(memory);
	vma->id = ++mm->next_vma_id;
	step(mm, AREA_NEW, vma->id, setup->start, setup->end, setup->vm_flags);
	room = find_vma_links(mm, setup->start, setup->end, &links);
	mm_assert(room);
	vma->vm_start = setup->start;
	vma->vm_end = setup->end;
	vma->vm_flags = setup->vm_flags;
	if (file || (setup->special != VM_SPECIAL_NONE &&
		     !mm->machine->profile->vvar_mapped_at_exec))
		vma->vm_pgoff = setup->pgoff;
	else
		vma->vm_pgoff = setup->start >> PAGE_SHIFT;
	vma->vm_file = file;
	vma->vm_special = (uint8_t)setup->special;
	mm->special_pages[setup->special] = (uint16_t)pages;
	vma_link(mm, vma, &links);

	if (setup->vm_flags & VM_ACCOUNT)
		vm_acct_memory(mm->machine, pages);
	vm_stat_account(mm, setup->vm_flags, file, (int64_t)pages);
	if (setup->vm_flags & VM_LOCKED)
		mm->locked_vm += pages;
	return 0;
}

/* Have pages of a file cached, as far as it is that long; up to 64 of them. */
static void cache_pages(struct mm_struct *mm, struct vm_file *file,
			uint64_t pgoff, uint64_t nr)
{
	uint64_t left = UINT64_MAX >> (64 - nr), got;
	struct page_cursor cursor = { NULL, NULL };

	while (left) {
		got = page_cache_get_run(mm, file, &cursor, pgoff, left);
		if (got == 64)
			break;
		page_cache_get(mm, file, pgoff + got);
		cursor = (struct page_cursor){ NULL, NULL };
		left &= ~((2ULL << got) - 1);
	}
}

/* Pages of one chunk. */
static void install_pages(struct mm_struct *mm, struct vm_area_struct *vma,
			  uint64_t start, uint64_t end, enum page_kind kind)
{
	bool write = vma->vm_flags & VM_WRITE;
	struct page_run run;

	switch (kind) {
	case PAGE_KIND_ANON:
		anon_vma_prepare(mm, vma);
		break;
	case PAGE_KIND_FILE:
		write = write && vma->vm_flags & VM_SHARED;
		if (vma->vm_file)
			cache_pages(mm, vma->vm_file, file_page(vma, start),
				    (end - start) >> PAGE_SHIFT);
		break;
	default:
		write = false;
		break;
	}
	page_tables_populate(mm, start);
	run = page_run_of(mm, start, end);
	page_run_map(mm, &run, kind, write);
}

/* The area that holds @addr, which must be mapped; no cache is asked. */
static struct vm_area_struct *area_at(const struct mm_struct *mm, uint64_t addr)
{
	struct vm_area_struct *vma = vma_of(mm->mm_rb.node);

	while (addr < vma->vm_start || addr >= vma->vm_end)
		vma = vma_of(addr < vma->vm_start ? vma->vm_rb.left
						  : vma->vm_rb.right);
	return vma;
}

int mm_install_pages(struct mm_struct *mm, uint64_t start, uint64_t end,
		     enum page_kind kind)
{
	const uint64_t pages = (end - start) >> PAGE_SHIFT;
	const uint64_t areas = pages < mm->map_count ? pages : mm->map_count;
	struct memory_need need = { 0 };
	struct vm_area_struct *vma;
	uint64_t stop;

	fault_need(start, end, areas, &need);
	need.cache_nodes += page_cache_need(pages, areas);
	if (memory_reserve(mm->machine->memory, &need))
		return -1;
	vma = area_at(mm, start);
	for (; start < end; start = stop) {
		if (start >= vma->vm_end)
			vma = vma->vm_next;
		stop = (start | ((1ULL << CHUNK_SHIFT) - 1)) + 1;
		if (stop > end)
			stop = end;
		if (stop > vma->vm_end)
			stop = vma->vm_end;
		install_pages(mm, vma, start, stop, kind);
	}
	return 0;
}

/* Random bits of the stack's top, in pages, that mmap_base must leave room. */
#define STACK_RANDOM_PAGES 0x3fffffULL
#define MMAP_RANDOM_BITS   28

/* Where the search begins, and how random it is. */
static void tell_layout(const struct mm_struct *mm, uint64_t random,
			uint64_t legacy_random)
{
	if (mm->topdown)
		step(mm, EXEC_LAYOUT, mm->rlimits.stack, random, mm->mmap_base);
	else
		step(mm, EXEC_LAYOUT_LEGACY, legacy_random, mm->mmap_base);
}

static uint64_t mmap_rnd(struct mm_struct *mm)
{
	if (!mm->randomize)
		return 0;
	return (machine_random(mm->machine) & ((1ULL << MMAP_RANDOM_BITS) - 1))
	       << PAGE_SHIFT;
}

/* Later releases add the room to the limit, not to the least gap. */
static uint64_t gap_with_padding(const struct mm_struct *mm, uint64_t gap,
				 uint64_t *min_gapp)
{
	uint64_t padding = mm->stack_guard_gap;

	if (mm->randomize) {
		padding += STACK_RANDOM_PAGES << PAGE_SHIFT;
		*min_gapp -= STACK_RANDOM_PAGES << PAGE_SHIFT;
	}
	return gap + padding > gap ? gap + padding : gap;
}

void mm_pick_layout(struct mm_struct *mm)
{
	const uint64_t max_gap = TASK_SIZE / 6 * 5;
	uint64_t min_gap = 128 << 20, gap = mm->rlimits.stack;
	uint64_t random, legacy_random;

	if (mm->randomize)
		min_gap += STACK_RANDOM_PAGES << PAGE_SHIFT;
	if (mm->machine->profile->mmap_base_counts_guard_gap)
		gap = gap_with_padding(mm, gap, &min_gap);
	if (gap < min_gap)
		gap = min_gap;
	else if (gap > max_gap)
		gap = max_gap;
	legacy_random = mmap_rnd(mm);
	random = mmap_rnd(mm);
	mm->mmap_legacy_base = PAGE_ALIGN(TASK_SIZE / 3) + legacy_random;
	mm->mmap_base = PAGE_ALIGN(TASK_SIZE - gap - random);
	mm->topdown = !mm->machine->sysctl.legacy_va_layout &&
		      !(mm->machine->profile->infinite_stack_is_legacy &&
			mm->rlimits.stack == RLIM_INFINITY);
	if (!mm->topdown)
		mm->mmap_base = mm->mmap_legacy_base;
	tell_layout(mm, random, legacy_random);
}
