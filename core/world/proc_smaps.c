/* SPDX-License-Identifier: MIT */
/*
 * /proc/PID/smaps (behaviours O8 to O13)
 */
#include <stdio.h>
#include <string.h>

#include "core/mm/page_cache.h"
#include "core/mm/page_chunk.h"
#include "core/mm/page_table.h"
#include "core/mm/profile.h"
#include "core/mm/vma.h"
#include "core/world/page_map_count.h"
#include "core/world/proc.h"
#include "core/world/world_types.h"

/* Binary places that a share of a page is summed up with. */
#define PSS_SHIFT 12

#define PAGES_PER_CHUNK 64

int smaps_begin(const struct process *process, struct smaps *smaps)
{
	const struct mm_struct *mm = process->mm->machine->mms;

	*smaps = (struct smaps){ .process = process };
	for (; mm; mm = mm->next_mm)
		smaps->nr_mms++;
	return count_page_maps(process->mm->machine, &smaps->counts,
			       &smaps->nr_counts);
}

void smaps_end(struct smaps *smaps)
{
	memory_free(smaps->process->world->memory, smaps->counts,
		    smaps->nr_counts * sizeof(*smaps->counts));
	smaps->counts = NULL;
	smaps->nr_counts = 0;
}

/* ---------------------------------------------------------------- summing */

/* Add pages that all have the same number of mappings. */
static void add_pages(struct smaps_sums *sums, uint64_t pages, int64_t mapped,
		      bool dirty)
{
	const uint64_t bytes = pages << PAGE_SHIFT;
	uint64_t pss = bytes << PSS_SHIFT;

	sums->resident += bytes;
	if (mapped >= 2) {
		pss = pages * ((PAGE_SIZE << PSS_SHIFT) / (uint64_t)mapped);
		*(dirty ? &sums->shared_dirty : &sums->shared_clean) += bytes;
	} else {
		*(dirty ? &sums->private_dirty : &sums->private_clean) += bytes;
	}
	sums->pss += pss;
	if (dirty)
		sums->pss_dirty += pss;
}

/* How many pages from @pgoff on have as many mappings as that one, up to 64. */
static uint64_t alike(const struct smaps *smaps, const void *object,
		      uint64_t pgoff, int64_t *mappedp)
{
	const struct page_map_count *end = smaps->counts + smaps->nr_counts;
	const struct page_map_count *count = page_map_count_find(
		smaps->counts, smaps->nr_counts, object, pgoff);

	/* What nothing else maps is not counted. */
	*mappedp = count ? count->mapped : 1;
	if (!count || ++count == end || count->object != object ||
	    count->pgoff - pgoff > PAGES_PER_CHUNK)
		return PAGES_PER_CHUNK;
	return count->pgoff - pgoff;
}

/* Pages of one chunk that are a file's: bit 0 is the one at @addr. */
static void add_file_pages(const struct smaps *smaps,
			   const struct vm_area_struct *vma, uint64_t addr,
			   uint64_t bits, uint64_t written,
			   struct smaps_sums *sums)
{
	const void *object = mapped_object(smaps->process->mm, vma);
	const uint64_t pgoff = mapped_page(vma, addr);
	const uint64_t known =
		vma->vm_file ? page_cache_known_dirty(vma->vm_file, pgoff) : 0;
	/* A page is dirty if it was written here, or is known to be. */
	const uint64_t dirty = written | known;
	unsigned int first;
	uint64_t end, some;
	int64_t mapped;

	while (bits) {
		first = (unsigned int)__builtin_ctzll(bits);
		end = first + alike(smaps, object, pgoff + first, &mapped);
		some = end < PAGES_PER_CHUNK ? bits & ((1ULL << end) - 1)
					     : bits;
		add_pages(sums, count_bits(some & ~dirty), mapped, false);
		add_pages(sums, count_bits(some & dirty), mapped, true);
		bits &= ~some;
	}
}

/* Whether one of two areas was forked from the other, or both from a third. */
static bool are_related(const struct vm_area_struct *a,
			const struct vm_area_struct *b)
{
	const struct anon_vma *of_a, *of_b;

	for (of_a = a->anon_vma_chain; of_a; of_a = of_a->inherited)
		for (of_b = b->anon_vma_chain; of_b; of_b = of_b->inherited)
			if (of_a == of_b)
				return true;
	return false;
}

static uint64_t anonymous_bits(const struct page_chunk *chunk)
{
	return chunk->present & chunk->anon & ~chunk->special;
}

/* Which of the pages @bits at @addr another mm still shares after a fork. */
static uint64_t shared_with(struct mm_struct *other,
			    const struct vm_area_struct *vma, uint64_t addr,
			    uint64_t bits)
{
	struct page_run run = page_run_of(other, addr, addr + PAGE_SIZE);
	const struct page_chunk *chunk =
		run.table ? page_run_chunk(&run) : NULL;
	const struct vm_area_struct *its;

	if (!chunk || !(bits & anonymous_bits(chunk) & ~chunk->write))
		return 0;
	its = vma_at_or_after(other, addr);
	if (!its || its->vm_start >= vma->vm_end || !are_related(vma, its))
		return 0;
	return bits & anonymous_bits(chunk) & ~chunk->write;
}

/* Pages of one chunk that are anonymous: dirty from their first write on. */
static void add_anonymous(const struct smaps *smaps,
			  const struct vm_area_struct *vma, uint64_t addr,
			  const struct page_chunk *chunk, uint64_t bits,
			  struct smaps_sums *sums)
{
	struct mm_struct *mm = smaps->process->mm, *other;
	uint8_t mapped[PAGES_PER_CHUNK];
	uint64_t shared;
	unsigned int at;

	memset(mapped, 1, sizeof(mapped));
	for (other = mm->machine->mms; other; other = other->next_mm) {
		if (other == mm || !vma->anon_vma_chain)
			continue;
		shared = shared_with(other, vma, addr, bits & ~chunk->write);
		for (; shared; shared &= shared - 1) {
			at = (unsigned int)__builtin_ctzll(shared);
			if (mapped[at] < UINT8_MAX)
				mapped[at]++;
		}
	}
	for (; bits; bits &= bits - 1) {
		at = (unsigned int)__builtin_ctzll(bits);
		add_pages(sums, 1, mapped[at], true);
		sums->anonymous += PAGE_SIZE;
	}
}

static void add_chunk(const struct smaps *smaps,
		      const struct vm_area_struct *vma, uint64_t addr,
		      const struct page_run *run, struct smaps_sums *sums)
{
	const unsigned int low = addr >> PAGE_SHIFT & (PAGES_PER_CHUNK - 1);
	const struct page_chunk *chunk = page_run_chunk(run);
	uint64_t bits;

	if (!chunk)
		return;
	bits = anonymous_bits(chunk) & run->mask;
	if (bits)
		add_anonymous(smaps, vma, addr, chunk, bits, sums);
	bits = chunk->present & ~chunk->anon & ~chunk->special & run->mask;
	if (bits)
		add_file_pages(smaps, vma, addr, bits >> low,
			       chunk->dirty >> low, sums);
}

/* Whether all of the area has been added, from *@addrp on: a unit is a chunk of
 * pages, compared with those of one process. */
static bool add_area(const struct smaps *smaps,
		     const struct vm_area_struct *vma, uint64_t *addrp,
		     struct smaps_sums *sums, uint64_t *units)
{
	uint64_t addr = *addrp, end;
	struct page_run run;

	for (; addr < vma->vm_end && *units; addr = end) {
		end = (addr | ((1ULL << CHUNK_SHIFT) - 1)) + 1;
		run = page_run_of(smaps->process->mm, addr,
				  end < vma->vm_end ? end : vma->vm_end);
		if (run.table)
			add_chunk(smaps, vma, addr, &run, sums);
		else
			end = mm_next_table(smaps->process->mm, addr);
		*units -= *units < smaps->nr_mms ? *units : smaps->nr_mms;
	}
	*addrp = addr;
	return addr >= vma->vm_end;
}

/* --------------------------------------------------------------- printing */

/* Lines of the releases, in one order for those with the wide form. */
enum smaps_line {
	SIZE,
	KERNEL_PAGE_SIZE,
	MMU_PAGE_SIZE,
	RSS,
	PSS,
	PSS_DIRTY,
	SHARED_CLEAN,
	SHARED_DIRTY,
	PRIVATE_CLEAN,
	PRIVATE_DIRTY,
	REFERENCED,
	ANONYMOUS,
	KSM,
	LAZY_FREE,
	ANON_HUGE_PAGES,
	SHMEM_PMD_MAPPED,
	FILE_PMD_MAPPED,
	SHARED_HUGETLB,
	PRIVATE_HUGETLB,
	SWAP,
	SWAP_PSS,
	LOCKED,
	NR_LINES
};

static const char *const line_names[NR_LINES] = {
	[SIZE] = "Size:",
	[KERNEL_PAGE_SIZE] = "KernelPageSize:",
	[MMU_PAGE_SIZE] = "MMUPageSize:",
	[RSS] = "Rss:",
	[PSS] = "Pss:",
	[PSS_DIRTY] = "Pss_Dirty:",
	[SHARED_CLEAN] = "Shared_Clean:",
	[SHARED_DIRTY] = "Shared_Dirty:",
	[PRIVATE_CLEAN] = "Private_Clean:",
	[PRIVATE_DIRTY] = "Private_Dirty:",
	[REFERENCED] = "Referenced:",
	[ANONYMOUS] = "Anonymous:",
	[KSM] = "KSM:",
	[LAZY_FREE] = "LazyFree:",
	[ANON_HUGE_PAGES] = "AnonHugePages:",
	[SHMEM_PMD_MAPPED] = "ShmemPmdMapped:",
	[FILE_PMD_MAPPED] = "FilePmdMapped:",
	[SHARED_HUGETLB] = "Shared_Hugetlb:",
	[PRIVATE_HUGETLB] = "Private_Hugetlb:",
	[SWAP] = "Swap:",
	[SWAP_PSS] = "SwapPss:",
	[LOCKED] = "Locked:",
};

static const uint8_t narrow_order[] = {
	SIZE,          RSS,
	PSS,           SHARED_CLEAN,
	SHARED_DIRTY,  PRIVATE_CLEAN,
	PRIVATE_DIRTY, REFERENCED,
	ANONYMOUS,     ANON_HUGE_PAGES,
	SWAP,          KERNEL_PAGE_SIZE,
	MMU_PAGE_SIZE, LOCKED,
};

static size_t print_value(char *out, size_t room, enum smaps_line line,
			  const uint64_t values[NR_LINES])
{
	return (size_t)snprintf(out, room, "%-16s%8llu kB\n", line_names[line],
				(unsigned long long)values[line]);
}

static bool has_line(const struct kernel_profile *profile, enum smaps_line line)
{
	if (line == PSS_DIRTY)
		return profile->smaps_has_pss_dirty;
	return line != KSM || profile->smaps_has_ksm;
}

static size_t print_values(const struct kernel_profile *profile, char *out,
			   const uint64_t values[NR_LINES])
{
	size_t len = 0, i;

	if (!profile->smaps_is_wide) {
		for (i = 0; i < sizeof(narrow_order); i++)
			len += print_value(out + len, SMAPS_TEXT_MAX - len,
					   narrow_order[i], values);
		return len;
	}
	for (i = 0; i < NR_LINES; i++)
		if (has_line(profile, i))
			len += print_value(out + len, SMAPS_TEXT_MAX - len, i,
					   values);
	return len + (size_t)snprintf(out + len, SMAPS_TEXT_MAX - len,
				      "%-16s%*d\n", "THPeligible:",
				      profile->smaps_thp_is_padded ? 8 : 1, 0);
}

static size_t print_flags(const struct kernel_profile *profile,
			  uint64_t vm_flags, char *out, size_t room)
{
	const char *codes[VMA_FLAG_CODES_MAX];
	size_t nr = vma_flag_codes(profile, vm_flags, codes), len, i;

	len = (size_t)snprintf(out, room, "VmFlags: ");
	for (i = 0; i < nr; i++)
		len += (size_t)snprintf(out + len, room - len, "%s ", codes[i]);
	return len + (size_t)snprintf(out + len, room - len, "\n");
}

static uint64_t pss_kb(uint64_t pss)
{
	return pss >> (10 + PSS_SHIFT);
}

static size_t print_area(const struct smaps *smaps,
			 const struct vm_area_struct *vma,
			 const struct smaps_sums *sums, char *out)
{
	const struct mm_struct *mm = smaps->process->mm;
	const struct kernel_profile *profile = mm->machine->profile;
	uint64_t values[NR_LINES] = { 0 };
	size_t len;

	values[SIZE] = vma_pages(vma) << (PAGE_SHIFT - 10);
	values[KERNEL_PAGE_SIZE] = PAGE_SIZE >> 10;
	values[MMU_PAGE_SIZE] = PAGE_SIZE >> 10;
	values[RSS] = sums->resident >> 10;
	values[PSS] = pss_kb(sums->pss);
	values[PSS_DIRTY] = pss_kb(sums->pss_dirty);
	values[SHARED_CLEAN] = sums->shared_clean >> 10;
	values[SHARED_DIRTY] = sums->shared_dirty >> 10;
	values[PRIVATE_CLEAN] = sums->private_clean >> 10;
	values[PRIVATE_DIRTY] = sums->private_dirty >> 10;
	values[REFERENCED] = sums->resident >> 10;
	values[ANONYMOUS] = sums->anonymous >> 10;
	if (vma->vm_flags & VM_LOCKED)
		values[LOCKED] = pss_kb(sums->pss);
	len = print_values(profile, out, values);
	return len + print_flags(profile, vma->vm_flags, out + len,
				 SMAPS_TEXT_MAX - len);
}

size_t smaps_area_text(struct smaps *smaps, const struct vm_area_struct *vma,
		       char *out)
{
	uint64_t units = UINT64_MAX;

	return smaps_area_text_within(smaps, vma, out, &units);
}

size_t smaps_area_text_within(struct smaps *smaps,
			      const struct vm_area_struct *vma, char *out,
			      uint64_t *units)
{
	if (smaps->vma != vma) {
		smaps->vma = vma;
		smaps->addr = vma->vm_start;
		smaps->sums = (struct smaps_sums){ 0 };
	}
	/* What no mm has has no pages either. */
	if (vma->vm_start < TASK_SIZE &&
	    !add_area(smaps, vma, &smaps->addr, &smaps->sums, units))
		return 0;
	smaps->vma = NULL;
	return print_area(smaps, vma, &smaps->sums, out);
}
