/* SPDX-License-Identifier: MIT */
/*
 * execve(): the new address space is made beside the old one, so that a host
 * that refuses leaves the old one as it was
 */
#include <string.h>

#include "core/mm/step.h"
#include "core/mm/told.h"
#include "core/world/file_new.h"
#include "core/world/loader.h"
#include "core/world/world_types.h"

/* What loading changes in the machine besides areas and pages. */
struct machine_mark {
	uint64_t random, next_inode;
	uint32_t next_anon_vma_id;
};

static struct machine_mark mark_machine(const struct machine *machine)
{
	return (struct machine_mark){
		.random = machine->random,
		.next_inode = machine->next_inode,
		.next_anon_vma_id = machine->next_anon_vma_id,
	};
}

static void reset_machine(struct machine *machine,
			  const struct machine_mark *mark)
{
	machine->random = mark->random;
	machine->next_inode = mark->next_inode;
	machine->next_anon_vma_id = mark->next_anon_vma_id;
}

/* ------------------------------------------------------------------ files */

static bool has_path(const struct vm_file *file, const struct elf_image *image)
{
	return file && !file->shmem && file->readable &&
	       file->path_len == image->path_len &&
	       !memcmp(file->path, image->path, image->path_len);
}

/* The file of that path that some process has open or mapped, or NULL. */
static struct vm_file *find_file(const struct world *world,
				 const struct elf_image *image)
{
	const struct vm_area_struct *vma;
	const struct mm_struct *mm;
	uint32_t i, j;

	for (mm = world->machine.mms; mm; mm = mm->next_mm)
		for (vma = mm->mmap; vma; vma = vma->vm_next)
			if (has_path(vma->vm_file, image))
				return vma->vm_file;
	for (i = 0; i < world->nr_processes; i++) {
		const struct descriptors *table =
			&world->processes[i]->descriptors;

		for (j = 0; j < table->nr; j++)
			if (has_path(table->entries[j].file, image))
				return table->entries[j].file;
	}
	return NULL;
}

/* As long as the segments need. */
static uint64_t file_size(const struct elf_image *image)
{
	uint64_t size = 0, end;
	uint32_t i;

	for (i = 0; i < image->nr_segments; i++) {
		end = image->segments[i].offset + image->segments[i].filesz;
		if (end > size && end <= INT64_MAX)
			size = end;
	}
	return size;
}

/* The file of an image, with a reference; NULL: the host refused. */
static struct vm_file *open_image(struct world *world,
				  const struct elf_image *image)
{
	const struct file_setup setup = {
		.size = file_size(image),
		.mode = FILE_RO,
		.path = image->path,
		.path_len = image->path_len,
	};
	struct vm_file *file = find_file(world, image);

	return file ? vm_file_get(file) : file_new(&world->machine, &setup);
}

/* ---------------------------------------------------------------- loading */

/* Pages that the old address space has committed and exec gives back first. */
static uint64_t committed_pages(const struct process *process)
{
	const struct mm_struct *mm = process->mm;
	const struct vm_area_struct *vma;
	uint64_t pages = 0;

	if (mm->mm_users != process->nr_threads)
		return 0;
	for (vma = mm->mmap; vma; vma = vma->vm_next)
		if (vma->vm_flags & VM_ACCOUNT)
			pages += vma_pages(vma);
	return pages;
}

static int64_t load_files(struct world *world, struct task_struct *loader,
			  const struct exec_setup *setup)
{
	struct vm_file *program, *interpreter = NULL;
	int64_t ret = MM_HOST_REFUSED;

	program = open_image(world, &setup->program);
	if (!program)
		return MM_HOST_REFUSED;
	if (setup->has_interpreter)
		interpreter = open_image(world, &setup->interpreter);
	if (interpreter || !setup->has_interpreter)
		ret = mm_call(loader, loader_run)(loader, setup, program,
						  interpreter);
	if (interpreter)
		vm_file_put(interpreter);
	vm_file_put(program);
	return ret;
}

/* Load into a fresh mm what shall replace that of @process. */
static int64_t load(struct process *process, struct task_struct *loader,
		    const struct exec_setup *setup)
{
	struct world *world = process->world;
	const struct machine_mark mark = mark_machine(&world->machine);
	const uint64_t committed = committed_pages(process);
	struct mm_struct *mm = mm_new(world);
	int64_t ret;

	if (!mm)
		return MM_HOST_REFUSED;
	mm->uid = process->mm->uid;
	mm->rlimits = process->mm->rlimits;
	mm->randomize = process->mm->randomize;
	machine_call(mm->machine, mm_pick_layout)(mm);
	mm_add_task(mm, loader, NULL);

	world->machine.committed_as -= committed;
	ret = load_files(world, loader, setup);
	world->machine.committed_as += committed;
	if (!ret)
		return 0;
	step_of(&world->machine, EXEC_KILLED, (uint64_t)ret);
	mm_remove_task(loader);
	mm_put(mm);
	if (ret == MM_HOST_REFUSED)
		reset_machine(&world->machine, &mark);
	return ret;
}

/* What ends before the new program is loaded, to whoever listens. */
static void tell_old_mm(const struct process *process)
{
	const struct mm_struct *mm = process->mm;

	if (process->nr_threads > 1)
		step_of(mm->machine, EXEC_THREADS, process->nr_threads - 1);
	step_of(mm->machine, EXEC_OLD_MM, mm->map_count,
		mm->mm_users - process->nr_threads);
	step_of(mm->machine, CACHE_FLUSHED, 0);
}

/* The calling thread becomes the only one, in the loader's place. */
static void move_in(struct process *process, struct task_struct *task,
		    struct task_struct *loader)
{
	struct mm_struct *old = process->mm, *mm = loader->mm;
	struct vmacache cache = loader->vmacache;

	cache.find_calls += task->vmacache.find_calls;
	cache.find_hits += task->vmacache.find_hits;
	cache.full_flushes += task->vmacache.full_flushes;
	mm_remove_task(loader);
	mm_remove_task(task);
	process->nr_threads--;
	process_end_threads(process);
	mm_put(old);

	mm->image = ++mm->machine->nr_images;
	process->mm = mm;
	process->nr_threads = 1;
	task->tid = 1;
	mm_add_task(mm, task, NULL);
	task->vmacache = cache;
	mm->hiwater_vm =
		mm->hiwater_vm > mm->total_vm ? mm->hiwater_vm : mm->total_vm;
	if (mm->hiwater_rss < get_mm_rss(mm))
		mm->hiwater_rss = get_mm_rss(mm);
}

int64_t process_exec(struct process *process, struct task_struct *task,
		     const struct exec_setup *setup)
{
	struct machine *machine = process->mm->machine;
	struct task_struct loader = { .tgid = process->number };
	uint64_t told, loaded, committed = machine->committed_as;
	int64_t ret;

	step_of(machine, EXEC_ASKED, setup->argc, setup->envc);
	step_of(machine, EXEC_NEW_MM, TASK_SIZE);
	ret = machine_call(machine, loader_judge)(setup, process->mm);
	if (ret)
		return ret;
	/* The kernel lets go of the old program before it loads the new one. */
	told = steps_told(machine);
	ret = load(process, &loader, setup);
	if (ret == MM_HOST_REFUSED)
		return ret;
	loaded = steps_told(machine);
	tell_old_mm(process);
	/* So that who listens hears what was committed then. */
	committed = machine->committed_as - committed;
	machine->committed_as -= committed;
	if (ret)
		process_exit(process);
	else
		move_in(process, task, &loader);
	machine->committed_as += committed;
	steps_move(machine, loaded, told);
	return ret;
}
