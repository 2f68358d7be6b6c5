/* SPDX-License-Identifier: MIT */
#include "tests/model/random_stage.h"

#include <stdlib.h>

#define FENCE (VM_MAYREAD | VM_PFNMAP | VM_DONTEXPAND)

/*
 * Where things happen: below and above mmap_min_addr, the heap, the place of
 * MAP_32BIT, the legacy base, mmap_base, and the top of the address space. The
 * first page of each is a fence, so that no stack grows out of its window.
 */
const struct model_window stage_windows[STAGE_WINDOWS] = {
	{ 1, 96 },
	{ HEAP_PAGE - 1, HEAP_PAGE + 160 },
	{ GIB_PAGE - 16, GIB_PAGE + 160 },
	{ LEGACY_PAGE - 32, LEGACY_PAGE + 256 },
	{ TOPDOWN_PAGE - 576, TOPDOWN_PAGE + 32 },
	{ TASK_PAGES - 128, TASK_PAGES },
};

/* splitmix64 */
uint64_t stage_random(struct stage *stage)
{
	uint64_t z = stage->random += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

uint64_t stage_below(struct stage *stage, uint64_t bound)
{
	return stage_random(stage) % bound;
}

bool stage_one_in(struct stage *stage, uint64_t n)
{
	return !stage_below(stage, n);
}

static struct emulation_setup choose_settings(struct stage *stage)
{
	struct emulation_setup setup = emulation_defaults();

	setup.uid = stage_one_in(stage, 3) ? 0 : 1000;
	setup.sysctl.overcommit_memory = stage_below(stage, 3);
	if (setup.sysctl.overcommit_memory == 2) {
		setup.sysctl.admin_reserve_kbytes = stage_below(stage, 200);
		setup.sysctl.user_reserve_kbytes = stage_below(stage, 100);
		setup.sysctl.overcommit_kbytes =
			1000 + stage_below(stage, 2000);
	}
	if (setup.sysctl.overcommit_memory == 0 && stage_one_in(stage, 2)) {
		setup.mem_total_kb = 1200 + stage_below(stage, 800);
		setup.sysctl.admin_reserve_kbytes = stage_below(stage, 200);
	}
	if (stage_one_in(stage, 3)) {
		setup.sysctl.overcommit_ratio = 20 + stage_below(stage, 60);
		setup.sysctl.overcommit_kbytes = 0;
		setup.mem_total_kb = 3000 + stage_below(stage, 3000);
		setup.sysctl.admin_reserve_kbytes = stage_below(stage, 200);
	}
	setup.sysctl.legacy_va_layout = stage_one_in(stage, 4);
	if (stage_one_in(stage, 3))
		setup.sysctl.max_map_count = 10 + stage_below(stage, 30);
	if (stage_one_in(stage, 3))
		setup.rlimits.as = (100 + stage_below(stage, 300))
				   << PAGE_SHIFT;
	if (stage_one_in(stage, 3))
		setup.rlimits.data = stage_below(stage, 150) * 3000;
	if (stage_one_in(stage, 2))
		setup.rlimits.stack = (1 + stage_below(stage, 40)) * 3000;
	setup.rlimits.memlock = stage_below(stage, 100) * 3000;
	if (stage_one_in(stage, 6))
		setup.rlimits.memlock = 0;
	if (stage_one_in(stage, 4))
		setup.sysctl.mmap_min_addr = stage_below(stage, 0x20000);
	return setup;
}

static void make_file(struct stage *stage, uint32_t object)
{
	struct model_object *model = &stage->model.objects[object];
	struct vm_file *file;

	model->in_use = true;
	model->noreserve = true;
	model->pages = 20 + stage_below(stage, 20);
	model->readable = object != 3;
	model->writable = object != 2;
	file = emulation_file(&stage->emu, model->pages);
	file->readable = model->readable;
	file->writable = model->writable;
	stage->comparison.files[object] = file;
}

static void install(struct stage *stage, uint64_t start, uint64_t end)
{
	struct area_setup area = {
		.start = start << PAGE_SHIFT,
		.end = end << PAGE_SHIFT,
		.vm_flags = FENCE,
		.special = VM_SPECIAL_VVAR,
	};

	if (mm_install_area(&stage->emu.mm, &area))
		abort();
	page_model_install(&stage->model, start, end, FENCE);
}

/* The fences, and in a crowded space all there is between the windows. */
static void install_fences(struct stage *stage, bool is_crowded)
{
	uint64_t page = 1;
	size_t i;

	for (i = 0; i < STAGE_WINDOWS; i++) {
		if (is_crowded && page < stage_windows[i].first)
			install(stage, page, stage_windows[i].first);
		install(stage, stage_windows[i].first,
			stage_windows[i].first + 1);
		page = stage_windows[i].end;
	}
}

void stage_begin(struct stage *stage, uint64_t seed)
{
	struct page_model *model = &stage->model;
	struct emulation *emu = &stage->emu;
	struct emulation_setup setup;
	uint32_t i;

	stage->random = seed;
	setup = choose_settings(stage);
	emulation_begin(emu, &setup);
	model->sysctl = setup.sysctl;
	model->rlimits = setup.rlimits;
	model->uid = setup.uid;
	model->total_ram = setup.mem_total_kb / 4;
	model->topdown = !setup.sysctl.legacy_va_layout;
	model->mmap_base = TOPDOWN_PAGE;
	model->legacy_base = LEGACY_PAGE;
	model->start_brk = EMULATION_BRK;
	model->brk = EMULATION_BRK;
	if (stage_one_in(stage, 8))
		model->def_flags = VM_LOCKED;
	emu->mm.def_flags = model->def_flags;
	if (stage_one_in(stage, 2))
		model->seqnum = -stage_below(stage, 100);
	emu->mm.vmacache_seqnum = model->seqnum;
	emu->task->vmacache.seqnum = model->seqnum;
	model->threads[0].seqnum = model->seqnum;
	page_model_init(model, stage_windows, STAGE_WINDOWS);
	stage->comparison.emu = emu;
	stage->comparison.model = model;
	for (i = 1; i <= MODEL_FILES; i++)
		make_file(stage, i);
	if (model->rlimits.as == RLIM_INFINITY)
		install_fences(stage, stage_one_in(stage, 2));
	else
		install_fences(stage, false);
	page_model_note_peaks(model);
	stage->crowd = 30 + stage_below(stage, 300);
}

const char *stage_end(struct stage *stage)
{
	uint32_t i;

	for (i = 1; i <= MODEL_FILES; i++)
		vm_file_put(stage->comparison.files[i]);
	comparison_deinit(&stage->comparison);
	page_model_deinit(&stage->model);
	return emulation_end(&stage->emu);
}
