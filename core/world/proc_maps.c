/* SPDX-License-Identifier: MIT */
/*
 * /proc/PID/maps (behaviours O1 to O6)
 */
#include <string.h>

#include "core/hot.h"
#include "core/world/maps_text.h"
#include "core/world/proc.h"
#include "core/world/world_types.h"

/* Where names begin; a longer line gets one blank before its name. */
#define NAME_COLUMN 73

static bool ends_at_growing_stack(const struct vm_area_struct *vma)
{
	const struct vm_area_struct *prev = vma->vm_prev;

	return prev && prev->vm_end == vma->vm_start &&
	       prev->vm_flags & VM_GROWSDOWN;
}

/* The lowest page of a stack is its guard, unless the area is only a part. */
static uint64_t shown_start(const struct process *process,
			    const struct vm_area_struct *vma)
{
	if (process->world->machine.profile->stack_guard_page &&
	    vma->vm_flags & VM_GROWSDOWN && !ends_at_growing_stack(vma))
		return vma->vm_start + PAGE_SIZE;
	return vma->vm_start;
}

static inline bool is_heap(const struct process *process,
			   const struct vm_area_struct *vma)
{
	const struct mm_struct *mm = process->mm;

	if (process->world->machine.profile->heap_label_strict)
		return vma->vm_start < mm->brk && vma->vm_end > mm->start_brk;
	return vma->vm_start <= mm->brk && vma->vm_end >= mm->start_brk;
}

struct name {
	const char *text; /* NULL: none */
	size_t len;
};

#define NAME(text)                                                             \
	{                                                                      \
		text, sizeof(text) - 1                                         \
	}

/* Of what the kernel maps by itself. */
static const struct name special_names[VM_NR_SPECIAL] = {
	[VM_SPECIAL_VDSO] = NAME("[vdso]"),
	[VM_SPECIAL_VVAR] = NAME("[vvar]"),
	[VM_SPECIAL_VVAR_VCLOCK] = NAME("[vvar_vclock]"),
	[VM_SPECIAL_VSYSCALL] = NAME("[vsyscall]"),
};

/* Between calls every thread's stack pointer is start_stack. */
static inline struct name name_of(const struct process *process,
				  const struct vm_area_struct *vma)
{
	const struct mm_struct *mm = process->mm;
	const struct vm_file *file = vma->vm_file;

	if (file)
		return (struct name){ file->path, file->path_len };
	if (vma->vm_special)
		return special_names[vma->vm_special];
	if (is_heap(process, vma))
		return (struct name)NAME("[heap]");
	if (vma->vm_start <= mm->start_stack && vma->vm_end >= mm->start_stack)
		return (struct name)NAME("[stack]");
	return (struct name){ NULL, 0 };
}

HOT const char *process_area_name(const struct process *process,
				  const struct vm_area_struct *vma,
				  size_t *name_len)
{
	const struct name name = name_of(process, vma);

	*name_len = name.len;
	return name.text;
}

/* At least @width digits. printf() would take five times as long. */
static char *put_hex(char *p, uint64_t value, int width)
{
	int shift = 60;

	while (shift >= 4 * width && !(value >> shift))
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		*p++ = "0123456789abcdef"[value >> shift & 15];
	return p;
}

static char *put_decimal(char *p, uint64_t value)
{
	char digits[20];
	int n = 0;

	do
		digits[n++] = (char)('0' + value % 10);
	while (value /= 10);
	while (n)
		*p++ = digits[--n];
	return p;
}

static char *put_range(char *p, const struct process *process,
		       const struct vm_area_struct *vma)
{
	p = put_hex(p, shown_start(process, vma), 8);
	*p++ = '-';
	p = put_hex(p, vma->vm_end, 8);
	*p++ = ' ';
	*p++ = vma->vm_flags & VM_READ ? 'r' : '-';
	*p++ = vma->vm_flags & VM_WRITE ? 'w' : '-';
	*p++ = vma->vm_flags & VM_EXEC ? 'x' : '-';
	*p++ = vma->vm_flags & VM_MAYSHARE ? 's' : 'p';
	*p++ = ' ';
	return p;
}

static char *put_object(char *p, const struct vm_area_struct *vma)
{
	static const char none[] = "00000000 00:00 0 ";
	const struct vm_file *file = vma->vm_file;

	if (!file) {
		memcpy(p, none, sizeof(none) - 1);
		return p + sizeof(none) - 1;
	}
	p = put_hex(p, vma->vm_pgoff << PAGE_SHIFT, 8);
	*p++ = ' ';
	p = put_hex(p, file->dev_major, 2);
	*p++ = ':';
	p = put_hex(p, file->dev_minor, 2);
	*p++ = ' ';
	p = put_decimal(p, file->inode);
	*p++ = ' ';
	return p;
}

void process_maps_line(const struct process *process,
		       const struct vm_area_struct *vma, char *prefix,
		       size_t *prefix_len, const char **name, size_t *name_len)
{
	char *p = put_object(put_range(prefix, process, vma), vma);

	*name = process_area_name(process, vma, name_len);
	if (*name) {
		do
			*p++ = ' ';
		while (p < prefix + NAME_COLUMN);
	}
	*prefix_len = (size_t)(p - prefix);
}

const struct vm_area_struct *process_gate_vma(const struct process *process)
{
	static const struct vm_area_struct read_exec = {
		.vm_start = VSYSCALL_START,
		.vm_end = VSYSCALL_END,
		.vm_flags = VM_READ | VM_EXEC,
		.vm_special = VM_SPECIAL_VSYSCALL,
	};
	static const struct vm_area_struct exec_only = {
		.vm_start = VSYSCALL_START,
		.vm_end = VSYSCALL_END,
		.vm_flags = VM_EXEC,
		.vm_special = VM_SPECIAL_VSYSCALL,
	};

	switch (process->vsyscall) {
	case VSYSCALL_READ_EXEC:
		return &read_exec;
	case VSYSCALL_EXEC:
		return &exec_only;
	case VSYSCALL_HIDDEN:
		break;
	}
	return NULL;
}
