/* SPDX-License-Identifier: MIT */
#include "core/world/image_loader.h"

#include "core/mm/mm.h"
#include "core/mm/profile.h"
#include "core/mm/setup.h"
#include "core/mm/step.h"
#include "core/mm/vma.h"

/* Random bits of the base of a PIE. */
#define PIE_RANDOM_PAGES ((1ULL << 28) - 1)

struct image_load {
	struct task_struct *task;
	const struct kernel_profile *profile;
	const struct elf_image *image;
	struct vm_file *file;
	enum step_by by;     /* who loads, for who listens */
	bool bss_by_segment; /* a segment's bss comes with it */
};

/*
 * What of an image lies behind its bytes in the file. Where a segment's bss
 * does not come with it, it comes with the next one, or when all are mapped:
 * then it is what all segments together leave, to the address that they reach.
 */
struct image_bss {
	uint64_t start, end; /* addresses as in the file */
	uint64_t prot;       /* of the segment that reaches furthest */
};

static uint64_t page_start(uint64_t addr)
{
	return addr & PAGE_MASK;
}

static uint64_t page_offset(uint64_t addr)
{
	return addr & ~PAGE_MASK;
}

/*
 * Bytes from the first page of an image to its end: from the lowest segment to
 * the highest, or, for older releases, from the first one to the last.
 */
static uint64_t total_mapping_size(const struct kernel_profile *profile,
				   const struct elf_image *image)
{
	uint64_t start = 0, end = 0;
	uint32_t i;

	for (i = 0; i < image->nr_segments; i++) {
		const struct elf_segment *segment = &image->segments[i];
		uint64_t first = page_start(segment->vaddr);
		uint64_t last = segment->vaddr + segment->memsz;

		if (!i || (profile->image_spans_all && first < start))
			start = first;
		if (!profile->image_spans_all || last > end)
			end = last;
	}
	return image->nr_segments ? end - start : 0;
}

/* The largest p_align that is a power of two, a page at least. */
static uint64_t maximum_alignment(const struct elf_image *image)
{
	uint64_t alignment = PAGE_SIZE;
	uint32_t i;

	for (i = 0; i < image->nr_segments; i++) {
		uint64_t align = image->segments[i].align;

		if (align > alignment && !(align & (align - 1)))
			alignment = align;
	}
	return alignment;
}

/* ------------------------------------------------------------ one segment */

static int64_t unfit(const struct image_load *load, uint64_t index,
		     int64_t error)
{
	step(load->task->mm, EXEC_UNFIT, index, (uint64_t)error, load->by);
	return error;
}

/* A segment without bytes of the file is where it is to be, if that is a place. */
static int64_t map_nothing(const struct image_load *load,
			   const struct elf_segment *segment, uint64_t addr)
{
	return addr < TASK_SIZE
		       ? (int64_t)addr
		       : unfit(load,
			       (uint64_t)(segment - load->image->segments),
			       -MM_EINVAL);
}

/*
 * Map a segment's bytes of the file; answers where they are. The first mapping
 * of an image that can go anywhere is as long as all of it, and is cut again: so
 * there is room.
 */
static int64_t map_file(const struct image_load *load,
			const struct elf_segment *segment, uint64_t addr,
			uint64_t flags, uint64_t total)
{
	uint64_t in_page = page_offset(segment->vaddr), size, first;
	int64_t ret;

	size = PAGE_ALIGN(segment->filesz + in_page);
	if (!size)
		return map_nothing(load, segment, addr);
	if (load->profile->program_maps_deny_write)
		flags |= MAP_DENYWRITE;
	/* Nonsense about the whole is the kernel's mmap's to refuse. */
	first = total ? PAGE_ALIGN(total) : size;
	if (first != size)
		step(load->task->mm, EXEC_MAPS_WHOLE, size, first);
	step(load->task->mm, MMAP_ASKED, addr, first, segment->prot,
	     flags | MAP_PRIVATE, STEP_BY_VM_MMAP);
	ret = vm_mmap(load->task, addr, first, segment->prot,
		      flags | MAP_PRIVATE, load->file,
		      segment->offset - in_page);
	if (ret < 0 || first == size)
		return ret;
	step(load->task->mm, EXEC_CUTS, (uint64_t)ret + size, first - size);
	if (sys_munmap(load->task, (uint64_t)ret + size, first - size) ==
	    MM_HOST_REFUSED)
		return MM_HOST_REFUSED;
	return ret;
}

/*
 * Clear what lies between the file's bytes and the end of their last page;
 * -EFAULT: it is not there, or cannot be written.
 */
static int64_t clear_padding(const struct image_load *load, uint64_t start)
{
	struct access_outcome outcome;

	if (!page_offset(start))
		return 0;
	step(load->task->mm, EXEC_PADDING, start, PAGE_ALIGN(start));
	if (mm_access(load->task, start, 1, ACCESS_WRITE, UINT64_MAX, &outcome))
		return MM_HOST_REFUSED;
	return outcome.fault <= ACCESS_FAULT_MINOR ? 0 : -MM_EFAULT;
}

static int64_t map_bss(const struct image_load *load, uint64_t start,
		       uint64_t end, uint64_t prot)
{
	uint64_t flags = 0;

	start = PAGE_ALIGN(start);
	end = PAGE_ALIGN(end);
	if (end <= start)
		return 0;
	if (load->profile->bss_keeps_exec && prot & PROT_EXEC)
		flags = VM_EXEC;
	step(load->task->mm, EXEC_BSS, start, end,
	     load->by == STEP_BY_PROGRAM ? STEP_BY_PROGRAM_BSS
					 : STEP_BY_INTERPRETER_BSS);
	return vm_brk(load->task, start, end - start, flags);
}

/* The bss of a segment whose first page is at @addr; answers 0. */
static int64_t map_segment_bss(const struct image_load *load,
			       const struct elf_segment *segment, uint64_t addr)
{
	uint64_t start = addr, end;
	int64_t ret = 0;

	if (segment->memsz <= segment->filesz)
		return 0;
	addr += page_offset(segment->vaddr);
	end = addr + segment->memsz;
	if (segment->filesz) {
		start = addr + segment->filesz;
		ret = clear_padding(load, start);
	}
	/* Nobody minds where the segment cannot be written. */
	if (ret == -MM_EFAULT && !(segment->prot & PROT_WRITE))
		ret = 0;
	return ret ? ret : map_bss(load, start, end, segment->prot);
}

/* Map a segment at @addr, its first page; answers where it is. */
static int64_t map_segment(const struct image_load *load,
			   const struct elf_segment *segment, uint64_t addr,
			   uint64_t flags, uint64_t total)
{
	int64_t mapped, ret;

	if (segment->filesz || !load->bss_by_segment) {
		mapped = map_file(load, segment, addr, flags, total);
		if (mapped < 0 || !load->bss_by_segment)
			return mapped;
		addr = (uint64_t)mapped;
	}
	ret = map_segment_bss(load, segment, addr);
	return ret ? ret : map_nothing(load, segment, addr);
}

static void raise_to(uint64_t *mark, uint64_t value)
{
	if (*mark < value)
		*mark = value;
}

static void note_bss(struct image_bss *bss, const struct elf_segment *segment)
{
	uint64_t end = segment->vaddr + segment->memsz;

	raise_to(&bss->start, segment->vaddr + segment->filesz);
	if (bss->end >= end)
		return;
	bss->end = end;
	bss->prot = segment->prot;
}

/* What the segments of a program have left so far, before the next one. */
static int64_t map_bss_before(const struct image_load *load,
			      const struct image_bss *bss, uint64_t bias)
{
	int64_t ret;

	if (load->bss_by_segment || bss->end <= bss->start)
		return 0;
	ret = map_bss(load, bss->start + bias, bss->end + bias, bss->prot);
	if (!ret && clear_padding(load, bss->start + bias) == MM_HOST_REFUSED)
		ret = MM_HOST_REFUSED;
	return ret;
}

/* What all of them have left. */
static int64_t map_bss_behind(const struct image_load *load,
			      const struct image_bss *bss, uint64_t bias)
{
	int64_t ret;

	if (load->bss_by_segment || bss->end == bss->start)
		return 0;
	ret = map_bss(load, bss->start + bias, bss->end + bias, bss->prot);
	return ret ? ret : clear_padding(load, bss->start + bias);
}

/* An interpreter's is cleared first, by some releases even if there is none. */
static int64_t map_interpreter_bss(const struct image_load *load,
				   const struct image_bss *bss, uint64_t bias)
{
	bool none = bss->end <= bss->start;
	int64_t ret;

	if (load->bss_by_segment ||
	    (none && !load->profile->interpreter_is_padded))
		return 0;
	ret = clear_padding(load, bss->start + bias);
	return ret ? ret
		   : map_bss(load, bss->start + bias, bss->end + bias,
			     bss->prot);
}

/* Whether a segment that is mapped with @bias lies in user space. */
static bool fits_user_space(const struct elf_segment *segment, uint64_t bias)
{
	uint64_t start = segment->vaddr + bias;

	return start < TASK_SIZE && segment->filesz <= segment->memsz &&
	       segment->memsz <= TASK_SIZE &&
	       start <= TASK_SIZE - segment->memsz;
}

/* ---------------------------------------------------------------- program */

/* The first mapping of an image: where, how, how long. */
struct first_mapping {
	uint64_t bias, flags, total;
};

/*
 * Where a static PIE would go if it were mapped at once, rounded down to its
 * alignment: the kernel tries, and unmaps it again.
 */
static int64_t probe(const struct image_load *load, uint64_t total,
		     uint64_t alignment)
{
	const struct elf_segment *first = &load->image->segments[0];
	int64_t ret = map_segment(load, first, 0, 0, total);

	if (ret < 0)
		return ret;
	if (sys_munmap(load->task, (uint64_t)ret, PAGE_ALIGN(total)) ==
	    MM_HOST_REFUSED)
		return MM_HOST_REFUSED;
	ret &= (int64_t) ~(alignment - 1);
	step(load->task->mm, EXEC_TRIED, alignment, (uint64_t)ret);
	return ret;
}

/* A PIE near two thirds of user space. */
static void place_pie(const struct image_load *load,
		      struct first_mapping *first)
{
	struct mm_struct *mm = load->task->mm;
	uint64_t random = 0;

	first->bias = ELF_ET_DYN_BASE;

	if (!load->profile->pie_base_is_random) {
		if (mm->randomize)
			first->bias = 0;
		step(mm, EXEC_PIE, 0, first->bias);
		return;
	}
	first->flags = MAP_FIXED;
	if (mm->randomize)
		random = (machine_random(mm->machine) & PIE_RANDOM_PAGES)
			 << PAGE_SHIFT;
	first->bias += random;
	if (load->profile->pie_is_aligned)
		first->bias &= ~(maximum_alignment(load->image) - 1);
	step(mm, EXEC_PIE, random, first->bias);
}

/* A static PIE where mmap would put it. */
static int64_t place_static_pie(const struct image_load *load,
				struct first_mapping *first)
{
	uint64_t alignment = maximum_alignment(load->image);
	int64_t addr;

	first->bias = 0;
	step(load->task->mm, EXEC_PIE_ANYWHERE, first->total);
	if (!load->profile->static_pie_is_aligned || alignment == PAGE_SIZE)
		return 0;
	addr = probe(load, first->total, alignment);
	if (addr < 0)
		return addr;
	first->bias = (uint64_t)addr;
	first->flags = MAP_FIXED;
	return 0;
}

static int64_t place_program(const struct image_load *load,
			     bool has_interpreter, struct first_mapping *first)
{
	const struct elf_segment *segment = &load->image->segments[0];
	int64_t ret = 0;

	*first = (struct first_mapping){ 0 };
	if (load->image->type == ELF_EXEC) {
		first->flags = MAP_FIXED;
		return 0;
	}
	if (load->profile->pie_reserves_whole) {
		first->total = total_mapping_size(load->profile, load->image);
		if (!first->total)
			return unfit(load, 0, -MM_EINVAL);
	}
	if (has_interpreter || !load->profile->static_pie_in_mmap_area)
		place_pie(load, first);
	else
		ret = place_static_pie(load, first);
	/* 4.0 leaves a random PIE, and what it asks for, to mmap. */
	if (load->profile->pie_base_is_random || !load->task->mm->randomize)
		first->bias = page_start(first->bias - segment->vaddr);
	return ret;
}

/* What MAP_FIXED_NOREPLACE refuses. */
static bool is_taken(const struct image_load *load,
		     const struct first_mapping *first)
{
	const struct elf_segment *segment = &load->image->segments[0];
	uint64_t start = page_start(first->bias + segment->vaddr);
	uint64_t len = segment->filesz + page_offset(segment->vaddr);

	if (!load->profile->first_segment_replaces_nothing ||
	    !(first->flags & MAP_FIXED))
		return false;
	len = PAGE_ALIGN(first->total > len ? first->total : len);
	if (start + len <= start ||
	    !range_areas(load->task->mm, start, start + len))
		return false;
	step(load->task->mm, EXEC_TAKEN, start, len, STEP_ERRNO(MM_EEXIST));
	return true;
}

static void tell_segment(const struct image_load *load, uint32_t index)
{
	const struct elf_segment *segment = &load->image->segments[index];

	step(load->task->mm, EXEC_SEGMENT, index, segment->vaddr,
	     segment->filesz, segment->memsz, segment->prot, load->by);
}

/* Addresses as in the file; the bias comes at the end. */
static void note_segment(const struct image_load *load,
			 const struct elf_segment *segment,
			 struct image_place *place)
{
	bool is_text = segment->prot & PROT_EXEC;
	uint64_t bytes_end = segment->vaddr + segment->filesz;

	if ((is_text || !load->profile->start_code_is_executable) &&
	    segment->vaddr < place->start_code)
		place->start_code = segment->vaddr;
	if (is_text)
		raise_to(&place->end_code, bytes_end);
	raise_to(&place->start_data, segment->vaddr);
	raise_to(&place->end_data, bytes_end);
	raise_to(&place->end, segment->vaddr + segment->memsz);
}

static void add_bias(struct image_place *place)
{
	place->start_code += place->bias;
	place->end_code += place->bias;
	place->start_data += place->bias;
	place->end_data += place->bias;
	place->end += place->bias;
}

int64_t load_program(struct task_struct *task, const struct exec_setup *setup,
		     struct vm_file *file, struct image_place *place)
{
	const struct kernel_profile *profile = task->mm->machine->profile;
	const struct image_load load = {
		.task = task,
		.profile = profile,
		.image = &setup->program,
		.file = file,
		.by = STEP_BY_PROGRAM,
		.bss_by_segment = profile->program_bss_by_segment,
	};
	struct image_bss bss = { 0 };
	struct first_mapping how;
	uint32_t i;
	int64_t ret;

	ret = place_program(&load, setup->has_interpreter, &how);
	if (ret)
		return ret;
	if (is_taken(&load, &how))
		return -MM_EEXIST;
	*place = (struct image_place){ .start_code = UINT64_MAX };
	place->bias = how.bias;
	for (i = 0; i < load.image->nr_segments; i++) {
		const struct elf_segment *segment = &load.image->segments[i];
		uint64_t addr = page_start(place->bias + segment->vaddr);

		ret = map_bss_before(&load, &bss, place->bias);
		if (ret)
			return ret;
		if (steps_wanted(task->mm))
			tell_segment(&load, i);
		ret = map_segment(&load, segment, addr,
				  i ? MAP_FIXED : how.flags, i ? 0 : how.total);
		if (ret < 0)
			return ret;
		if (!fits_user_space(segment, 0))
			return unfit(&load, i, -MM_EINVAL);
		if (!i && load.image->type == ELF_DYN)
			place->bias += (uint64_t)ret - addr;
		note_segment(&load, segment, place);
		note_bss(&bss, segment);
	}
	add_bias(place);
	return map_bss_behind(&load, &bss, place->bias);
}

/* ------------------------------------------------------------ interpreter */

int64_t load_interpreter(struct task_struct *task,
			 const struct elf_image *image, struct vm_file *file,
			 uint64_t program_bias, struct image_place *place)
{
	const struct kernel_profile *profile = task->mm->machine->profile;
	const struct image_load load = {
		.task = task,
		.profile = profile,
		.image = image,
		.file = file,
		.by = STEP_BY_INTERPRETER,
		.bss_by_segment = profile->interpreter_bss_by_segment,
	};
	uint64_t total = total_mapping_size(profile, image), addr, bias = 0;
	bool fixed = image->type == ELF_EXEC;
	struct image_bss bss = { 0 };
	uint32_t i;
	int64_t ret;

	if (!total)
		return unfit(&load, 0, -MM_EINVAL);
	if (!fixed && program_bias)
		bias = -image->segments[0].vaddr;
	for (i = 0; i < image->nr_segments; i++) {
		const struct elf_segment *segment = &image->segments[i];

		addr = page_start(bias + segment->vaddr);
		if (steps_wanted(task->mm))
			tell_segment(&load, i);
		ret = map_segment(&load, segment, addr, fixed ? MAP_FIXED : 0,
				  i ? 0 : total);
		if (ret < 0)
			return ret;
		if (!fixed)
			bias = (uint64_t)ret - page_start(segment->vaddr);
		fixed = true;
		if (!fits_user_space(segment, bias))
			return unfit(&load, i, -MM_ENOMEM);
		note_bss(&bss, segment);
	}
	place->bias = bias;
	return map_interpreter_bss(&load, &bss, bias);
}
