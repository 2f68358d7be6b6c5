/* SPDX-License-Identifier: MIT */
#include "core/world/creation.h"

static struct vm_area_struct *area_of(struct rb_node *node)
{
	return rb_entry(node, struct vm_area_struct, vm_rb);
}

/* The area that holds @addr, without asking any thread's cache; or NULL. */
static const struct vm_area_struct *area_at(const struct mm_struct *mm,
					    uint64_t addr)
{
	struct rb_node *node = mm->mm_rb.node;
	const struct vm_area_struct *vma;

	while (node) {
		vma = area_of(node);
		if (addr < vma->vm_start)
			node = node->left;
		else if (addr >= vma->vm_end)
			node = node->right;
		else
			return vma;
	}
	return NULL;
}

static bool is_private_anon(const struct vm_area_struct *vma)
{
	return !vma->vm_file && !vma->vm_special &&
	       !(vma->vm_flags & VM_MAYSHARE);
}

static enum page_kind kind_in_area(enum resident_kind kind,
				   const struct vm_area_struct *vma)
{
	switch (kind) {
	case RESIDENT_ANON:
		return PAGE_KIND_ANON;
	case RESIDENT_FILE:
		return PAGE_KIND_FILE;
	case RESIDENT_ZERO:
		return PAGE_KIND_ZERO;
	case RESIDENT_PFN:
		return PAGE_KIND_PFN;
	default:
		break;
	}
	if (vma->vm_flags & VM_PFNMAP)
		return PAGE_KIND_PFN;
	return is_private_anon(vma) ? PAGE_KIND_ANON : PAGE_KIND_FILE;
}

/* NULL, or why pages up to @end of an area cannot be of a kind. */
static const char *judge_kind(const struct vm_area_struct *vma, uint64_t end,
			      enum page_kind kind)
{
	const struct vm_file *file = vma->vm_file;
	uint64_t end_offset =
		end - vma->vm_start + (vma->vm_pgoff << PAGE_SHIFT);

	if (vma->vm_flags & VM_PFNMAP && kind != PAGE_KIND_PFN)
		return "pages of [vvar] are of the kind pfn";
	switch (kind) {
	case PAGE_KIND_PFN:
		if (!(vma->vm_flags & VM_PFNMAP))
			return "only [vvar] has pages of the kind pfn";
		break;
	case PAGE_KIND_ZERO:
		if (!is_private_anon(vma))
			return "only private anonymous areas have zero pages";
		break;
	case PAGE_KIND_ANON:
		if (vma->vm_flags & VM_MAYSHARE)
			return "shared areas have no anon pages";
		break;
	case PAGE_KIND_FILE:
		if (is_private_anon(vma))
			return "there is no file behind it";
		if (file && end_offset > PAGE_ALIGN(file->size))
			return "it goes beyond the end of the file";
		break;
	}
	return NULL;
}

int install_absent_pages(struct mm_struct *mm, uint64_t start, uint64_t end,
			 enum page_kind kind)
{
	uint64_t present, present_end;

	while (start < end) {
		present = start;
		if (!mm_next_resident(mm, &present, &present_end) ||
		    present > end)
			present = end;
		if (present > start &&
		    mm_install_pages(mm, start, present, kind))
			return -1;
		if (present == end)
			break;
		start = present_end;
	}
	return 0;
}

static enum world_status refuse_entry(const struct creation *creation,
				      size_t index, uint64_t addr,
				      const char *problem)
{
	return creation_refuse(creation->error, "resident",
			       "entry %zu: at 0x%llx %s", index,
			       (unsigned long long)addr, problem);
}

static enum world_status import_entry(struct creation *creation, size_t index)
{
	const struct resident_setup *entry = &creation->setup->resident[index];
	uint64_t addr = entry->start, end;
	const struct vm_area_struct *vma;
	const char *problem;
	enum page_kind kind;

	for (; addr < entry->end; addr = end) {
		vma = area_at(creation->mm, addr);
		if (!vma)
			return refuse_entry(creation, index, addr,
					    "there is no area");
		end = vma->vm_end < entry->end ? vma->vm_end : entry->end;
		kind = kind_in_area(entry->kind, vma);
		problem = judge_kind(vma, end, kind);
		if (problem)
			return refuse_entry(creation, index, addr, problem);
		if (install_absent_pages(creation->mm, addr, end, kind))
			return WORLD_REFUSED;
	}
	return WORLD_OK;
}

/* Shape and sum of the entries, before the first one takes any memory. */
static enum world_status judge_entries(const struct creation *creation)
{
	const struct process_setup *setup = creation->setup;
	uint64_t limit = creation->world->machine.totalram_pages;
	uint64_t pages = 0;
	size_t i;

	if (limit > RESIDENT_PAGES_MAX)
		limit = RESIDENT_PAGES_MAX;
	for (i = 0; i < setup->nr_resident; i++) {
		const struct resident_setup *entry = &setup->resident[i];

		if ((entry->start | entry->end) & ~PAGE_MASK)
			return creation_refuse(creation->error, "resident",
					       "entry %zu: its addresses must "
					       "be multiples of 4096",
					       i);
		if (entry->start >= entry->end || entry->end > TASK_SIZE)
			return creation_refuse(creation->error, "resident",
					       "entry %zu: it must end above "
					       "its start and not above 0x%llx",
					       i, TASK_SIZE);
		pages += (entry->end - entry->start) >> PAGE_SHIFT;
		if (pages > limit)
			return creation_refuse(
				creation->error, "resident",
				"entry %zu: that makes %llu pages; at most "
				"%llu can be resident",
				i, (unsigned long long)pages,
				(unsigned long long)limit);
	}
	return WORLD_OK;
}

enum world_status resident_import(struct creation *creation)
{
	enum world_status status = judge_entries(creation);
	size_t i;

	for (i = 0; i < creation->setup->nr_resident && status == WORLD_OK; i++)
		status = import_entry(creation, i);
	return status;
}
