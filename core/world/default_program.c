/* SPDX-License-Identifier: MIT */
/*
 * The program that a process runs when nobody says which
 *
 *	400000  text
 *	600000  data
 *	601000  start_brk = brk
 */
#include "core/world/creation.h"
#include "core/world/file_new.h"
#include "core/world/loader.h"

static const char program_path[] = "/bin/vmarium";

#define PATH_LEN   (sizeof(program_path) - 1)
#define TEXT_START 0x400000ULL
#define TEXT_BYTES 0xbbULL
#define DATA_START 0x600000ULL
#define DATA_FIRST 0xc0ULL /* of the page: the file's bytes before are text */
#define DATA_BYTES 0x40ULL
#define FILE_BYTES (DATA_FIRST + DATA_BYTES)

static const struct exec_setup default_program = {
	.program = {
		.path = program_path,
		.path_len = PATH_LEN,
		.type = ELF_EXEC,
		.entry = TEXT_START,
		.nr_segments = 2,
		.segments = {
			{ .prot = PROT_READ | PROT_EXEC,
			  .vaddr = TEXT_START,
			  .filesz = TEXT_BYTES,
			  .memsz = TEXT_BYTES },
			{ .prot = PROT_READ | PROT_WRITE,
			  .offset = DATA_FIRST,
			  .vaddr = DATA_START + DATA_FIRST,
			  .filesz = DATA_BYTES,
			  .memsz = DATA_BYTES },
		},
	},
	.argc = 1,
	.arg_bytes = PATH_LEN + 1,
};

/*
 * A process that is made anew has its program, whatever its limits: they hold
 * for what it does then.
 */
static int64_t load_without_limits(struct task_struct *task,
				   struct vm_file *file)
{
	struct mm_struct *mm = task->mm;
	struct sysctl *sysctl = &mm->machine->sysctl;
	const struct sysctl limiting = *sysctl;
	const struct rlimits rlimits = mm->rlimits;
	const uint32_t uid = mm->uid;
	int64_t ret;

	mm->uid = 0;
	mm->rlimits.as = RLIM_INFINITY;
	mm->rlimits.data = RLIM_INFINITY;
	sysctl->max_map_count = UINT32_MAX;
	sysctl->overcommit_memory = 1;
	ret = loader_run(task, &default_program, file, NULL);
	*sysctl = limiting;
	mm->rlimits = rlimits;
	mm->uid = uid;
	return ret;
}

enum world_status load_default_program(struct creation *creation)
{
	const struct file_setup program = {
		.size = FILE_BYTES,
		.mode = FILE_RO,
		.path = program_path,
		.path_len = PATH_LEN,
	};
	struct mm_struct *mm = creation->mm;
	struct task_struct task = { 0 };
	struct vm_file *file;
	int64_t ret;

	file = file_new(mm->machine, &program);
	if (!file)
		return WORLD_REFUSED;
	mm_add_task(mm, &task, NULL);
	ret = load_without_limits(&task, file);
	mm_remove_task(&task);
	vm_file_put(file);
	/* The processor has fetched the first instruction. */
	if (ret || install_absent_pages(mm, TEXT_START, TEXT_START + PAGE_SIZE,
					PAGE_KIND_FILE))
		return WORLD_REFUSED;
	return WORLD_OK;
}
