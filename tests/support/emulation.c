/* SPDX-License-Identifier: MIT */
#include "tests/support/emulation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct emulation_setup emulation_defaults(void)
{
	return (struct emulation_setup){
		.profile = kernel_profile_at(0),
		.sysctl = {
			.max_map_count = 65530,
			.mmap_min_addr = 65536,
			.overcommit_ratio = 50,
			.admin_reserve_kbytes = 8192,
			.user_reserve_kbytes = 131072,
			.stack_guard_gap = 256,
		},
		.rlimits = {
			.as = RLIM_INFINITY,
			.data = RLIM_INFINITY,
			.stack = 8 << 20,
			.memlock = 64 << 10,
		},
		.mem_total_kb = 16 << 20,
		.uid = 1000,
	};
}

void emulation_begin(struct emulation *emu, const struct emulation_setup *setup)
{
	const struct emulation_setup defaults = emulation_defaults();
	struct mm_struct *mm = &emu->mm;

	if (!setup)
		setup = &defaults;
	memset(emu, 0, sizeof(*emu));
	fail_alloc_init(&emu->host);
	emu->account.max_processes = UINT64_MAX;
	emu->account.max_threads = UINT64_MAX;
	emu->account.max_areas = UINT64_MAX;
	emu->account.max_bytes = UINT64_MAX;
	memory_init(&emu->memory, &emu->host.allocator, &emu->account);
	machine_init(&emu->machine, setup->profile, &emu->memory,
		     &setup->sysctl, setup->mem_total_kb, 0);
	mm_init(mm, &emu->machine);
	mm->uid = setup->uid;
	mm->rlimits = setup->rlimits;
	mm_pick_layout(mm);
	mm->start_brk = EMULATION_BRK;
	mm->brk = EMULATION_BRK;
	emu->task = &emu->threads[0];
	emu->task->tid = 1;
	mm_add_task(mm, emu->task, NULL);
	emu->nr_threads = 1;
}

const char *emulation_end(struct emulation *emu)
{
	const char *wrong = validate_mm(&emu->mm);

	while (emu->mm.tasks)
		mm_remove_task(emu->mm.tasks);
	exit_mmap(&emu->mm);
	memory_deinit(&emu->memory);
	if (wrong)
		return wrong;
	if (emu->host.live_blocks)
		return "memory of the host is still in use after the end";
	if (emu->account.bytes || emu->account.areas)
		return "the account is not even after the end";
	if (emu->machine.nr_anon_pages || emu->machine.nr_table_pages)
		return "pages of the machine are still in use after the end";
	return NULL;
}

struct task_struct *emulation_clone(struct emulation *emu,
				    const struct task_struct *parent)
{
	struct task_struct *task = &emu->threads[emu->nr_threads++];

	task->tid = emu->nr_threads;
	mm_add_task(&emu->mm, task, parent);
	return task;
}

struct vm_file *emulation_file(struct emulation *emu, uint64_t pages)
{
	static const char path[] = "/data";
	struct vm_file *file;

	file = vm_file_new(&emu->machine, path, sizeof(path) - 1);
	if (!file) {
		fputs("no memory for a file\n", stderr);
		abort();
	}
	file->size = pages << PAGE_SHIFT;
	file->readable = true;
	file->writable = true;
	file->noreserve = true;
	file->inode = emu->machine.next_inode++;
	return file;
}

int64_t emulation_mmap(struct emulation *emu, uint64_t addr, uint64_t pages,
		       uint64_t prot, uint64_t flags)
{
	return sys_mmap(emu->task, addr, pages << PAGE_SHIFT, prot,
			flags | MAP_PRIVATE | MAP_ANONYMOUS, NULL, 0);
}

int64_t emulation_munmap(struct emulation *emu, uint64_t addr, uint64_t pages)
{
	return sys_munmap(emu->task, addr, pages << PAGE_SHIFT);
}

struct access_outcome emulation_touch(struct emulation *emu, uint64_t addr,
				      enum access_type type)
{
	struct access_outcome outcome;

	if (mm_access(emu->task, addr, 1, type, UINT64_MAX, &outcome)) {
		fputs("the host refused to touch a page\n", stderr);
		abort();
	}
	return outcome;
}

enum access_fault emulation_write(struct emulation *emu, uint64_t addr)
{
	return emulation_touch(emu, addr, ACCESS_WRITE).fault;
}

enum access_fault emulation_read(struct emulation *emu, uint64_t addr)
{
	return emulation_touch(emu, addr, ACCESS_READ).fault;
}

const struct vm_area_struct *emulation_area(const struct emulation *emu,
					    uint64_t addr)
{
	const struct vm_area_struct *vma;

	for (vma = emu->mm.mmap; vma; vma = vma->vm_next)
		if (vma->vm_start <= addr && addr < vma->vm_end)
			return vma;
	return NULL;
}
