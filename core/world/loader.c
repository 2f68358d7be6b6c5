/* SPDX-License-Identifier: MIT */
/*
 * What a release's ELF loader makes of a program
 *
 *	400000        ET_EXEC: where it is linked to, and the break behind it
 *	555555554000  PIE: two thirds of TASK_SIZE
 *	  mmap_base   interpreter, or static PIE where that is mmap's matter;
 *	              vvar and vdso, as there is no room above the stack
 *	  stack       128 KiB below what exec itself has touched
 *	7ffffffff000  TASK_SIZE
 *
 * A seed moves the stack, mmap_base, PIEs and the break, and vvar and vdso go
 * above the stack.
 */
#include "core/world/loader.h"

#include "core/mm/mm.h"
#include "core/mm/profile.h"
#include "core/mm/setup.h"
#include "core/mm/step.h"
#include "core/mm/unmapped_area.h"
#include "core/mm/vma.h"
#include "core/world/image_loader.h"
#include "core/world/program_stack.h"

#define STACK_EXPAND_BYTES (128ULL << 10)
#define ARGUMENTS_MAX      (6ULL << 20)
#define PMD_BYTES          (2ULL << 20)

/* Randomisation: pages below the top, bytes below the strings. */
#define STACK_RANDOM_PAGES 0x3fffffULL
#define STACK_RANDOM_BYTES 8192

/* One program being loaded. */
struct load {
	struct task_struct *task;
	struct mm_struct *mm;
	const struct kernel_profile *profile;
	const struct exec_setup *setup;
	struct program_strings strings;
	uint64_t stack_end;
	uint64_t strings_start; /* lowest byte of the strings */
	struct image_place place;
};

/* ---------------------------------------------------------------- judging */

static struct program_strings strings_of(const struct exec_setup *setup)
{
	return (struct program_strings){
		.argc = setup->argc,
		.arg_bytes = setup->arg_bytes,
		.envc = setup->envc,
		.env_bytes = setup->env_bytes,
		.path_len = setup->program.path_len,
	};
}

int64_t loader_judge(const struct exec_setup *setup, const struct mm_struct *mm)
{
	const struct program_strings strings = strings_of(setup);
	uint64_t bytes = program_strings_size(&strings);
	uint64_t limit = mm->rlimits.stack / 4;

	if (mm->machine->profile->arguments_have_limit && limit > ARGUMENTS_MAX)
		limit = ARGUMENTS_MAX;
	/* One page of them is always allowed. */
	if (limit < PAGE_SIZE)
		limit = PAGE_SIZE;
	if (bytes > limit) {
		step(mm, EXEC_STRINGS_EXCEEDED, bytes, limit,
		     STEP_ERRNO(EXEC_E2BIG));
		return -EXEC_E2BIG;
	}
	step(mm, EXEC_STRINGS_KEPT, bytes, limit);
	if (setup->program.nr_segments)
		return 0;
	step(mm, EXEC_NO_FORMAT, STEP_ERRNO(EXEC_ENOEXEC));
	return -EXEC_ENOEXEC;
}

/* ------------------------------------------------------------------ stack */

/*
 * The stack gets 128 KiB below what the strings take, or what RLIMIT_STACK
 * allows. Where the lowest page is a guard, touching has grown it by one more.
 */
static uint64_t stack_bytes(const struct load *load)
{
	uint64_t limit = load->mm->rlimits.stack & PAGE_MASK;
	uint64_t touched = PAGE_ALIGN(program_strings_size(&load->strings));

	if (load->profile->stack_guard_page)
		touched += PAGE_SIZE;
	if (touched + STACK_EXPAND_BYTES <= limit)
		return touched + STACK_EXPAND_BYTES;
	return limit > touched ? limit : touched;
}

static int install(struct load *load, uint64_t start, uint64_t bytes,
		   uint64_t vm_flags, enum vm_special special)
{
	const struct area_setup area = {
		.start = start,
		.end = start + bytes,
		.vm_flags = vm_flags,
		.special = special,
	};

	if (special != VM_SPECIAL_NONE)
		step(load->mm, EXEC_SPECIAL, start, area.end, vm_flags);
	return mm_install_area(load->mm, &area);
}

static void place_stack(struct load *load)
{
	struct mm_struct *mm = load->mm;
	uint64_t random = 0;

	if (mm->randomize)
		random = (machine_random(mm->machine) & STACK_RANDOM_PAGES)
			 << PAGE_SHIFT;
	load->stack_end = TASK_SIZE - random;
	step(mm, EXEC_STACK_TOP, random, load->stack_end);
}

/* The limits that growing it meets; what is committed is so with the area. */
static bool stack_may_be(struct mm_struct *mm, uint64_t flags, uint64_t pages)
{
	struct step_sink *steps;

	if (!may_expand_vm(mm, flags, pages) || !vm_enough_memory(mm, pages)) {
		step(mm, EXEC_STACK_REFUSED, pages, STEP_ERRNO(MM_EFAULT));
		return false;
	}
	steps = steps_hush(mm);
	vm_unacct_memory(mm->machine, pages);
	steps_resume(mm, steps);
	return true;
}

static int64_t load_stack(struct load *load)
{
	struct mm_struct *mm = load->mm;
	/* The one area that exec leaves without VM_SOFTDIRTY. */
	uint64_t bytes = stack_bytes(load), flags = VM_STACK_FLAGS;

	place_stack(load);
	load->strings_start =
		load->stack_end - program_strings_size(&load->strings);
	if (load->setup->executable_stack)
		flags |= VM_EXEC;

	step(mm, EXEC_STACK, load->stack_end - bytes, load->stack_end,
	     program_strings_size(&load->strings), flags);
	if (!stack_may_be(mm, flags, bytes >> PAGE_SHIFT))
		return -MM_EFAULT;
	if (install(load, load->stack_end - bytes, bytes, flags,
		    VM_SPECIAL_NONE) ||
	    mm_install_pages(mm, load->strings_start & PAGE_MASK,
			     load->stack_end, PAGE_KIND_ANON))
		return MM_HOST_REFUSED;
	return 0;
}

/* Write argc to the last auxv below the strings, as a program would. */
static int64_t write_tables(struct load *load)
{
	struct mm_struct *mm = load->mm;
	struct access_outcome outcome;
	uint64_t shift = 0;

	if (mm->randomize)
		shift = machine_random(mm->machine) % STACK_RANDOM_BYTES;
	place_program_strings(mm, load->stack_end, &load->strings, shift);
	step(mm, EXEC_TABLES, mm->arg_start, mm->env_end, shift,
	     mm->start_stack);
	if (mm_access(load->task, mm->start_stack,
		      mm->arg_start - mm->start_stack, ACCESS_WRITE, UINT64_MAX,
		      &outcome))
		return MM_HOST_REFUSED;
	return outcome.fault > ACCESS_FAULT_MINOR ? -MM_EFAULT : 0;
}

/* ---------------------------------------------------------- vdso and vvar */

/*
 * Many releases would have them above the stack, in the same 2 MiB. Without
 * randomisation user space ends there, and they go where any mapping goes.
 */
static uint64_t vdso_hint(struct load *load, uint64_t bytes)
{
	uint64_t start = PAGE_ALIGN(load->strings_start);
	uint64_t end = (start + bytes + PMD_BYTES - 1) & ~(PMD_BYTES - 1);
	uint64_t places, hint = start;

	if (!load->profile->vdso_above_stack)
		return 0;
	end = (end < TASK_SIZE ? end : TASK_SIZE) - bytes;
	if (end > start) {
		places = ((end - start) >> PAGE_SHIFT) + 1;
		hint += machine_random(load->mm->machine) % places
			<< PAGE_SHIFT;
	}
	step(load->mm, EXEC_VDSO_HINT, start, end > start ? end : start, hint);
	return hint;
}

static int64_t load_vdso(struct load *load)
{
	const uint64_t vvar_bytes = load->profile->vvar_pages * PAGE_SIZE;
	const uint64_t vdso_bytes = load->profile->vdso_pages * PAGE_SIZE;
	const uint64_t bytes = vvar_bytes + vdso_bytes;
	struct unmapped_place place;
	int64_t addr;
	uint64_t vvar;

	addr = get_unmapped_area(load->task, vdso_hint(load, bytes), bytes, 0,
				 &place);
	if (addr < 0)
		return addr;
	vvar = (uint64_t)addr;
	if (install(load, vvar + vvar_bytes, vdso_bytes,
		    VM_READ | VM_EXEC | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC |
			    VM_DONTEXPAND | VM_SOFTDIRTY,
		    VM_SPECIAL_VDSO) ||
	    install(load, vvar, vvar_bytes,
		    VM_READ | VM_MAYREAD | VM_IO | VM_PFNMAP | VM_DONTEXPAND |
			    VM_DONTDUMP | VM_SOFTDIRTY,
		    VM_SPECIAL_VVAR))
		return MM_HOST_REFUSED;
	if (!load->profile->vvar_mapped_at_exec)
		return 0;
	return mm_install_pages(load->mm, vvar, vvar + vvar_bytes,
				PAGE_KIND_PFN)
		       ? MM_HOST_REFUSED
		       : 0;
}

/* ------------------------------------------------------------------ break */

static bool is_static_pie(const struct load *load)
{
	return load->setup->program.type == ELF_DYN &&
	       !load->setup->has_interpreter;
}

static void place_break(struct load *load)
{
	const struct kernel_profile *profile = load->profile;
	struct mm_struct *mm = load->mm;
	uint64_t brk = PAGE_ALIGN(load->place.end);
	uint64_t random;
	bool moves = is_static_pie(load) &&
		     (profile->static_pie_brk_moves ||
		      (mm->randomize && profile->static_pie_random_brk_moves));

	step(mm, EXEC_BRK, load->place.end, brk);
	if (moves) {
		brk = PAGE_ALIGN(ELF_ET_DYN_BASE);
		step(mm, EXEC_BRK_MOVED, brk);
	} else if (mm->randomize && profile->random_brk_leaves_gap) {
		brk += PAGE_SIZE;
	}
	if (mm->randomize) {
		random = PAGE_ALIGN(machine_random(mm->machine) %
				    profile->brk_random_bytes);
		brk += random;
		step(mm, EXEC_BRK_RANDOM, random, brk);
	}
	mm->start_brk = brk;
	mm->brk = brk;
}

static int64_t load_images(struct load *load, struct vm_file *program,
			   struct vm_file *interpreter)
{
	const struct exec_setup *setup = load->setup;
	uint64_t entry;
	int64_t ret;

	ret = load_program(load->task, setup, program, &load->place);
	if (ret)
		return ret;
	entry = setup->program.entry + load->place.bias;
	if (interpreter) {
		struct image_place place;

		ret = load_interpreter(load->task, &setup->interpreter,
				       interpreter, load->place.bias, &place);
		if (ret)
			return ret;
		entry = setup->interpreter.entry + place.bias;
	}
	if (entry >= TASK_SIZE) {
		step(load->mm, EXEC_ENTRY_BEYOND, entry, STEP_ERRNO(MM_EINVAL));
		return -MM_EINVAL;
	}
	step(load->mm, EXEC_ENTRY, entry);
	return 0;
}

int64_t loader_run(struct task_struct *task, const struct exec_setup *setup,
		   struct vm_file *program, struct vm_file *interpreter)
{
	struct load load = {
		.task = task,
		.mm = task->mm,
		.profile = task->mm->machine->profile,
		.setup = setup,
		.strings = strings_of(setup),
	};
	int64_t ret = load_stack(&load);

	if (!ret)
		ret = load_images(&load, program, interpreter);
	if (!ret)
		ret = load_vdso(&load);
	if (!ret)
		ret = write_tables(&load);
	if (ret)
		return ret;
	task->mm->start_code = load.place.start_code;
	task->mm->end_code = load.place.end_code;
	task->mm->start_data = load.place.start_data;
	task->mm->end_data = load.place.end_data;
	step(load.mm, EXEC_CODE, load.place.start_code, load.place.end_code,
	     load.place.start_data, load.place.end_data);
	place_break(&load);
	return 0;
}
