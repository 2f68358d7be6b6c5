/* SPDX-License-Identifier: MIT */
/*
 * The memory lines of /proc/PID/status (behaviours O14 to O17)
 */
#include <stdio.h>

#include "core/world/proc.h"
#include "core/world/world_types.h"

#define NOT_PRINTED UINT64_MAX

const char *const status_field_names[STATUS_NR_FIELDS] = {
	[STATUS_VMPEAK] = "VmPeak",   [STATUS_VMSIZE] = "VmSize",
	[STATUS_VMLCK] = "VmLck",     [STATUS_VMHWM] = "VmHWM",
	[STATUS_VMRSS] = "VmRSS",     [STATUS_RSSANON] = "RssAnon",
	[STATUS_RSSFILE] = "RssFile", [STATUS_RSSSHMEM] = "RssShmem",
	[STATUS_VMDATA] = "VmData",   [STATUS_VMSTK] = "VmStk",
	[STATUS_VMEXE] = "VmExe",     [STATUS_VMLIB] = "VmLib",
	[STATUS_VMPTE] = "VmPTE",     [STATUS_VMPMD] = "VmPMD",
};

static uint64_t kb(uint64_t pages)
{
	return pages << (PAGE_SHIFT - 10);
}

static uint64_t max(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/*
 * The program's text, in whole pages. Releases that count code by what may be
 * done there let it be no more than that.
 */
static uint64_t text_kb(const struct mm_struct *mm)
{
	uint64_t text =
		(PAGE_ALIGN(mm->end_code) - (mm->start_code & PAGE_MASK)) >> 10;

	if (mm->machine->profile->has_data_vm && text > kb(mm->exec_vm))
		return kb(mm->exec_vm);
	return text;
}

/* Resident pages of files that are in no file system: those of the vdso. */
static uint64_t special_file_pages(const struct mm_struct *mm)
{
	const struct vm_area_struct *vma;
	uint64_t pages = 0;

	for (vma = mm->mmap; vma; vma = vma->vm_next)
		if (vma->vm_special != VM_SPECIAL_NONE)
			pages += mm_file_pages(mm, vma);
	return pages;
}

/* All files are on a tmpfs, and what they have in memory is shared memory. */
static void rss_kinds(const struct mm_struct *mm, uint64_t *values)
{
	uint64_t special = special_file_pages(mm);

	values[STATUS_RSSANON] = kb(mm->rss_anon);
	values[STATUS_RSSFILE] = kb(special);
	values[STATUS_RSSSHMEM] = kb(mm->rss_file - special);
}

/* Before data_vm was counted: what is neither a file's nor the stack. */
static uint64_t data_pages(const struct mm_struct *mm)
{
	if (mm->machine->profile->has_data_vm)
		return mm->data_vm;
	return mm->total_vm - mm->shared_vm - mm->stack_vm;
}

void process_status(const struct process *process,
		    uint64_t values[STATUS_NR_FIELDS])
{
	const struct mm_struct *mm = process->mm;
	const struct kernel_profile *profile = mm->machine->profile;
	uint64_t tables = mm->nr_ptes;

	if (!profile->status_has_vmpmd)
		tables += mm->nr_pmds + mm->nr_puds;
	values[STATUS_VMPEAK] = kb(max(mm->hiwater_vm, mm->total_vm));
	values[STATUS_VMSIZE] = kb(mm->total_vm);
	values[STATUS_VMLCK] = kb(mm->locked_vm);
	values[STATUS_VMHWM] = kb(max(mm->hiwater_rss, get_mm_rss(mm)));
	values[STATUS_VMRSS] = kb(get_mm_rss(mm));
	values[STATUS_RSSANON] = NOT_PRINTED;
	values[STATUS_RSSFILE] = NOT_PRINTED;
	values[STATUS_RSSSHMEM] = NOT_PRINTED;
	if (profile->status_has_rss_kinds)
		rss_kinds(mm, values);
	values[STATUS_VMDATA] = kb(data_pages(mm));
	values[STATUS_VMSTK] = kb(mm->stack_vm);
	values[STATUS_VMEXE] = text_kb(mm);
	/* Wraps below zero as the kernel's does, when text was unmapped. */
	values[STATUS_VMLIB] = kb(mm->exec_vm) - text_kb(mm);
	values[STATUS_VMPTE] = kb(tables);
	values[STATUS_VMPMD] =
		profile->status_has_vmpmd ? kb(mm->nr_pmds) : NOT_PRINTED;
}

static size_t print_line(char *out, size_t room, const char *name,
			 uint64_t value)
{
	return (size_t)snprintf(out, room, "%s:\t%8llu kB\n", name,
				(unsigned long long)value);
}

size_t process_status_text(const struct process *process, char *out)
{
	uint64_t values[STATUS_NR_FIELDS];
	size_t len = 0;
	int i;

	process_status(process, values);
	for (i = 0; i < STATUS_NR_FIELDS; i++) {
		if (values[i] != NOT_PRINTED)
			len += print_line(out + len, STATUS_TEXT_MAX - len,
					  status_field_names[i], values[i]);
		if (i == STATUS_VMLCK)
			len += print_line(out + len, STATUS_TEXT_MAX - len,
					  "VmPin", 0);
	}
	len += print_line(out + len, STATUS_TEXT_MAX - len, "VmSwap", 0);
	if (process->mm->machine->profile->status_has_hugetlb)
		len += print_line(out + len, STATUS_TEXT_MAX - len,
				  "HugetlbPages", 0);
	return len;
}
