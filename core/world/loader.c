/* SPDX-License-Identifier: MIT */
/*
 * The program that a process runs when nobody says which
 *
 * What exec makes of a small static program, in exec's order, because the shape
 * of the tree depends on it: stack, text, data, an empty heap, vvar and vdso.
 *
 *	      400000  text
 *	      600000  data
 *	      601000  start_brk = brk
 *	7ffff7ffb000  vvar
 *	7ffff7ffd000  vdso
 *	7ffff7fff000  mmap_base
 *	7ffffffde000  stack, as maps shows it
 *	7ffffffff000  TASK_SIZE
 *
 * A seed moves mmap_base, the stack and with it vvar and vdso, and the break.
 */
#include "core/world/creation.h"
#include "core/world/file_new.h"

static const char program_path[] = "/bin/vmarium";

#define PATH_LEN   (sizeof(program_path) - 1)
#define TEXT_START 0x400000ULL
#define TEXT_BYTES 0xbbULL
#define DATA_START 0x600000ULL
#define DATA_FIRST 0xc0ULL /* of the page: the file's bytes before are text */
#define DATA_BYTES 0x40ULL
#define FILE_BYTES (DATA_FIRST + DATA_BYTES)
#define VVAR_BYTES (2 * PAGE_SIZE)
#define VDSO_BYTES (2 * PAGE_SIZE)

/* Pages that exec has touched when it makes room on the stack, and that room. */
#define STACK_TOUCHED_BYTES PAGE_SIZE
#define STACK_EXPAND_BYTES  (128ULL << 10)

/* Randomisation: pages below the top, bytes above the program's end. */
#define STACK_RANDOM_PAGES 0x3fffffULL
#define STACK_RANDOM_BYTES 8192
#define BRK_RANDOM_BYTES   (32ULL << 20)
#define PMD_BYTES          (2ULL << 20)

static int install(struct mm_struct *mm, uint64_t start, uint64_t bytes,
		   uint64_t vm_flags, struct vm_file *file,
		   enum vm_special special)
{
	const struct area_setup area = {
		.start = start,
		.end = start + bytes,
		.vm_flags = vm_flags | VM_SOFTDIRTY,
		.file = file,
		.special = special,
	};

	return mm_install_area(mm, &area);
}

/*
 * Exec gives the stack 128 KiB to begin with, or what RLIMIT_STACK allows. Where
 * the lowest page is a guard, touching the strings has already grown it by one.
 */
static uint64_t stack_bytes(const struct mm_struct *mm)
{
	uint64_t limit = mm->rlimits.stack & PAGE_MASK;
	uint64_t touched = STACK_TOUCHED_BYTES;

	if (mm->machine->profile->stack_guard_page)
		touched += PAGE_SIZE;
	if (touched + STACK_EXPAND_BYTES <= limit)
		return touched + STACK_EXPAND_BYTES;
	return limit > touched ? limit : touched;
}

static int load_stack(struct mm_struct *mm, uint64_t *endp)
{
	uint64_t bytes = stack_bytes(mm);

	*endp = TASK_SIZE;
	if (mm->randomize)
		*endp -= (machine_random(mm->machine) & STACK_RANDOM_PAGES)
			 << PAGE_SHIFT;
	return install(mm, *endp - bytes, bytes, VM_STACK_FLAGS, NULL,
		       VM_SPECIAL_NONE);
}

static int load_program(struct mm_struct *mm, struct vm_file *file)
{
	const uint64_t may = VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;

	mm->start_code = TEXT_START;
	mm->end_code = TEXT_START + TEXT_BYTES;
	mm->start_data = DATA_START + DATA_FIRST;
	mm->end_data = mm->start_data + DATA_BYTES;
	mm->start_brk = PAGE_ALIGN(mm->end_data);
	if (install(mm, TEXT_START, PAGE_SIZE,
		    VM_READ | VM_EXEC | VM_DENYWRITE | may, file,
		    VM_SPECIAL_NONE))
		return -1;
	return install(mm, DATA_START, PAGE_SIZE,
		       VM_READ | VM_WRITE | VM_DENYWRITE | VM_ACCOUNT | may,
		       file, VM_SPECIAL_NONE);
}

static void place_break(struct mm_struct *mm)
{
	if (mm->randomize)
		mm->start_brk += PAGE_ALIGN(machine_random(mm->machine) %
					    BRK_RANDOM_BYTES);
	mm->brk = mm->start_brk;
}

/*
 * 4.0 asks for a place above the stack, in the same 2 MiB. Without randomisation
 * user space ends there, so the request is placed like any other.
 */
static uint64_t place_vvar(const struct mm_struct *mm, uint64_t stack_end)
{
	const uint64_t bytes = VVAR_BYTES + VDSO_BYTES;
	uint64_t highest;

	if (stack_end + bytes > TASK_SIZE)
		return mm->topdown ? mm->mmap_base - bytes
				   : mm->mmap_legacy_base;
	highest = (stack_end + bytes + PMD_BYTES - 1) & ~(PMD_BYTES - 1);
	if (highest > TASK_SIZE)
		highest = TASK_SIZE;
	highest -= bytes;
	return stack_end + (machine_random(mm->machine) %
				    (((highest - stack_end) >> PAGE_SHIFT) + 1)
			    << PAGE_SHIFT);
}

static int load_vvar_and_vdso(struct mm_struct *mm, uint64_t vvar)
{
	if (install(mm, vvar, VVAR_BYTES,
		    VM_READ | VM_MAYREAD | VM_IO | VM_PFNMAP | VM_DONTEXPAND |
			    VM_DONTDUMP,
		    NULL, VM_SPECIAL_VVAR))
		return -1;
	return install(mm, vvar + VVAR_BYTES, VDSO_BYTES,
		       VM_READ | VM_EXEC | VM_MAYREAD | VM_MAYWRITE |
			       VM_MAYEXEC | VM_DONTEXPAND,
		       NULL, VM_SPECIAL_VDSO);
}

/* What exec itself has touched when the program takes its first step. */
static int touch_pages(struct mm_struct *mm, uint64_t stack_end, uint64_t vvar)
{
	uint64_t tables = mm->start_stack & PAGE_MASK;
	uint64_t tables_end = PAGE_ALIGN(mm->start_stack + STACK_TABLE_BYTES);

	if (install_absent_pages(mm, stack_end - PAGE_SIZE, stack_end,
				 PAGE_KIND_ANON) ||
	    install_absent_pages(mm, tables, tables_end, PAGE_KIND_ANON) ||
	    install_absent_pages(mm, TEXT_START, TEXT_START + PAGE_SIZE,
				 PAGE_KIND_FILE))
		return -1;
	return install_absent_pages(mm, vvar, vvar + VVAR_BYTES, PAGE_KIND_PFN);
}

static void place_stack_pointer(struct mm_struct *mm, uint64_t stack_end)
{
	uint64_t lowest = stack_end - stack_bytes(mm);
	uint64_t room;

	if (mm->machine->profile->stack_guard_page)
		lowest += PAGE_SIZE;
	place_program_strings(mm, lowest, stack_end, PATH_LEN);
	if (!mm->randomize)
		return;
	room = mm->start_stack - lowest;
	if (room > STACK_RANDOM_BYTES)
		room = STACK_RANDOM_BYTES;
	mm->start_stack -= machine_random(mm->machine) % room & ~15ULL;
}

static int load(struct mm_struct *mm, struct vm_file *file)
{
	uint64_t stack_end, vvar;

	if (load_stack(mm, &stack_end) || load_program(mm, file))
		return -1;
	place_stack_pointer(mm, stack_end);
	place_break(mm);
	vvar = place_vvar(mm, stack_end);
	if (load_vvar_and_vdso(mm, vvar))
		return -1;
	return touch_pages(mm, stack_end, vvar);
}

enum world_status loader_run(struct creation *creation)
{
	const struct file_setup program = {
		.size = FILE_BYTES,
		.mode = FILE_RO,
		.path = program_path,
		.path_len = PATH_LEN,
	};
	struct vm_file *file;
	int refused;

	file = file_new(creation->mm->machine, &program);
	if (!file)
		return WORLD_REFUSED;
	refused = load(creation->mm, file);
	vm_file_put(file);
	return refused ? WORLD_REFUSED : WORLD_OK;
}
