/* SPDX-License-Identifier: MIT */
#include "tests/model/random_run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/model/model_compare.h"

#define TASK_PAGES   (TASK_SIZE >> PAGE_SHIFT)
#define HEAP_PAGE    (EMULATION_BRK >> PAGE_SHIFT)
#define LEGACY_PAGE  (PAGE_ALIGN(TASK_SIZE / 3) >> PAGE_SHIFT)
#define TOPDOWN_PAGE ((TASK_SIZE - (128ULL << 20)) >> PAGE_SHIFT)
#define GIB_PAGE     ((1ULL << 30) >> PAGE_SHIFT)
/* A call may need this many pages at most, tables included. */
#define SPARE_PAGES 256
#define FENCE       (VM_MAYREAD | VM_PFNMAP | VM_DONTEXPAND)

/*
 * Where things happen: below and above mmap_min_addr, the heap, the place of
 * MAP_32BIT, the legacy base, mmap_base, and the top of the address space. The
 * first page of each is a fence, so that no stack grows out of its window.
 */
static const struct model_window windows[] = {
	{ 1, 96 },
	{ HEAP_PAGE - 1, HEAP_PAGE + 160 },
	{ GIB_PAGE - 16, GIB_PAGE + 160 },
	{ LEGACY_PAGE - 32, LEGACY_PAGE + 256 },
	{ TOPDOWN_PAGE - 576, TOPDOWN_PAGE + 32 },
	{ TASK_PAGES - 128, TASK_PAGES },
};

#define NR_WINDOWS (sizeof(windows) / sizeof(windows[0]))

enum verb {
	BRK,
	MMAP,
	MUNMAP,
	ACCESS,
	FIND_VMA,
	CLONE,
	NR_VERBS
};

struct call {
	enum verb verb;
	unsigned int thread;
	uint64_t addr, len, prot, flags, offset, sp;
	uint32_t object;
	enum access_type type;
};

struct stage {
	struct emulation emu;
	struct page_model model;
	struct comparison comparison;
	uint64_t random;
	unsigned int crowd; /* how full the area gets before munmap helps */
};

/* splitmix64 */
static uint64_t next_random(struct stage *stage)
{
	uint64_t z = stage->random += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static uint64_t below(struct stage *stage, uint64_t bound)
{
	return next_random(stage) % bound;
}

static bool one_in(struct stage *stage, uint64_t n)
{
	return !below(stage, n);
}

/* ----------------------------------------------------------- setting up */

static struct emulation_setup choose_settings(struct stage *stage)
{
	struct emulation_setup setup = emulation_defaults();

	setup.uid = one_in(stage, 3) ? 0 : 1000;
	setup.sysctl.overcommit_memory = below(stage, 3);
	if (setup.sysctl.overcommit_memory == 2) {
		setup.sysctl.admin_reserve_kbytes = below(stage, 200);
		setup.sysctl.user_reserve_kbytes = below(stage, 100);
		setup.sysctl.overcommit_kbytes = 1000 + below(stage, 2000);
	}
	if (setup.sysctl.overcommit_memory == 0 && one_in(stage, 2)) {
		setup.mem_total_kb = 1200 + below(stage, 800);
		setup.sysctl.admin_reserve_kbytes = below(stage, 200);
	}
	setup.sysctl.legacy_va_layout = one_in(stage, 4);
	if (one_in(stage, 3))
		setup.sysctl.max_map_count = 10 + below(stage, 30);
	if (one_in(stage, 3))
		setup.rlimits.as = (100 + below(stage, 300)) << PAGE_SHIFT;
	if (one_in(stage, 3))
		setup.rlimits.data = below(stage, 150) * 3000;
	if (one_in(stage, 2))
		setup.rlimits.stack = (1 + below(stage, 40)) * 3000;
	setup.rlimits.memlock = below(stage, 100) * 3000;
	if (one_in(stage, 6))
		setup.rlimits.memlock = 0;
	if (one_in(stage, 4))
		setup.sysctl.mmap_min_addr = below(stage, 0x20000);
	return setup;
}

static void make_file(struct stage *stage, uint32_t object)
{
	struct model_object *model = &stage->model.objects[object];
	struct vm_file *file;

	model->in_use = true;
	model->noreserve = true;
	model->pages = 20 + below(stage, 20);
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

	for (i = 0; i < NR_WINDOWS; i++) {
		if (is_crowded && page < windows[i].first)
			install(stage, page, windows[i].first);
		install(stage, windows[i].first, windows[i].first + 1);
		page = windows[i].end;
	}
}

static void begin(struct stage *stage, uint64_t seed)
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
	if (one_in(stage, 8))
		model->def_flags = VM_LOCKED;
	emu->mm.def_flags = model->def_flags;
	if (one_in(stage, 2))
		model->seqnum = -below(stage, 100);
	emu->mm.vmacache_seqnum = model->seqnum;
	emu->task->vmacache.seqnum = model->seqnum;
	model->threads[0].seqnum = model->seqnum;
	page_model_init(model, windows, NR_WINDOWS);
	stage->comparison.emu = emu;
	stage->comparison.model = model;
	for (i = 1; i <= MODEL_FILES; i++)
		make_file(stage, i);
	if (model->rlimits.as == RLIM_INFINITY)
		install_fences(stage, one_in(stage, 2));
	else
		install_fences(stage, false);
	page_model_note_peaks(model);
	stage->crowd = 30 + below(stage, 300);
}

static const char *end(struct stage *stage)
{
	uint32_t i;

	for (i = 1; i <= MODEL_FILES; i++)
		vm_file_put(stage->comparison.files[i]);
	comparison_deinit(&stage->comparison);
	page_model_deinit(&stage->model);
	return emulation_end(&stage->emu);
}

/* ---------------------------------------------------------- choosing calls */

/* A page of a window, more often near what is already there. */
static uint64_t choose_page(struct stage *stage)
{
	static const unsigned int likely[] = { 1, 1, 2, 3, 4, 4, 4, 4, 5, 0 };
	const struct model_window *window = &windows[likely[below(
		stage, sizeof(likely) / sizeof(likely[0]))]];
	uint64_t page, tries = 4;

	do {
		page = window->first + 1 +
		       below(stage, window->end - window->first - 1);
	} while (--tries &&
		 !stage->model.cells[model_cell_at(&stage->model, page)].area);
	return page;
}

/* Never beyond the window that the page is in. */
static uint64_t choose_pages(struct stage *stage, uint64_t page, uint64_t most)
{
	uint64_t pages = 1 + below(stage, one_in(stage, 4) ? most : 6);
	size_t i;

	for (i = 0; i < NR_WINDOWS; i++)
		if (page >= windows[i].first && page < windows[i].end &&
		    pages > windows[i].end - page)
			pages = windows[i].end - page;
	return pages;
}

static uint64_t choose_flags(struct stage *stage)
{
	static const uint64_t extra[] = { MAP_GROWSDOWN, MAP_LOCKED,
					  MAP_POPULATE,  MAP_NORESERVE,
					  MAP_NONBLOCK,  MAP_32BIT,
					  MAP_STACK,     MAP_DENYWRITE };
	uint64_t flags = one_in(stage, 4) ? MAP_SHARED : MAP_PRIVATE;

	if (!one_in(stage, 4))
		flags |= MAP_ANONYMOUS;
	if (one_in(stage, 2))
		flags |= MAP_FIXED;
	while (one_in(stage, 3))
		flags |= extra[below(stage, sizeof(extra) / sizeof(extra[0]))];
	if (one_in(stage, 60))
		flags ^= 1 + below(stage, 3);
	if (one_in(stage, 100))
		flags |= MAP_HUGETLB;
	return flags;
}

static uint64_t choose_prot(struct stage *stage)
{
	return one_in(stage, 3) ? below(stage, 8) : PROT_READ | PROT_WRITE;
}

static void choose_mmap(struct stage *stage, struct call *call)
{
	uint64_t page = choose_page(stage), most = 64;

	call->prot = choose_prot(stage);
	call->flags = choose_flags(stage);
	call->addr = page << PAGE_SHIFT;
	call->len = choose_pages(stage, page, most) << PAGE_SHIFT;
	call->object = below(stage, 20) ? 1 + below(stage, 3) : 0;
	call->offset = below(stage, 24) << PAGE_SHIFT;
	/* Where a file offset would make it one with its neighbour. */
	if (one_in(stage, 2))
		call->offset = (page % 16) << PAGE_SHIFT;
	if (!(call->flags & MAP_FIXED)) {
		if (one_in(stage, 2))
			call->addr = 0;
		if (one_in(stage, 30))
			call->addr = next_random(stage) >> below(stage, 50);
		if (one_in(stage, 60))
			call->len = TASK_SIZE - below(stage, 5) * PAGE_SIZE;
	}
	if (one_in(stage, 60))
		call->len = -below(stage, 2) * PAGE_SIZE;
	if (one_in(stage, 40) && call->len)
		call->len -= below(stage, PAGE_SIZE);
	if (one_in(stage, 80))
		call->addr += below(stage, PAGE_SIZE);
	if (one_in(stage, 100))
		call->offset += below(stage, PAGE_SIZE);
	if (one_in(stage, 100))
		call->addr = TASK_SIZE - below(stage, 4) * PAGE_SIZE;
}

static void choose_munmap(struct stage *stage, struct call *call)
{
	uint64_t page = choose_page(stage);

	call->addr = page << PAGE_SHIFT;
	call->len = choose_pages(stage, page, 120) << PAGE_SHIFT;
	if (one_in(stage, 30))
		call->len = below(stage, 2) ? 0 : next_random(stage);
	if (one_in(stage, 40) && call->len)
		call->len -= below(stage, PAGE_SIZE);
	if (one_in(stage, 60))
		call->addr += below(stage, PAGE_SIZE);
}

static void choose_access(struct stage *stage, struct call *call)
{
	uint64_t page = choose_page(stage);

	call->addr = (page << PAGE_SHIFT) + below(stage, PAGE_SIZE);
	call->len = 1;
	if (one_in(stage, 5))
		call->len = below(stage, choose_pages(stage, page, 20)) *
				    PAGE_SIZE +
			    1;
	call->type = below(stage, 5) ? below(stage, 2) : ACCESS_EXEC;
	call->sp = UINT64_MAX;
	if (one_in(stage, 4))
		call->sp = call->addr + 65536 + 256 - 100 + below(stage, 200);
	if (one_in(stage, 100))
		call->addr = TASK_SIZE - 1;
}

static void choose_brk(struct stage *stage, struct call *call)
{
	call->addr = EMULATION_BRK + below(stage, 150 << PAGE_SHIFT);
	if (one_in(stage, 4))
		call->addr = stage->model.brk + below(stage, 20000) - 10000;
	if (one_in(stage, 40))
		call->addr = next_random(stage) >> below(stage, 64);
}

static enum verb choose_verb(struct stage *stage)
{
	uint64_t n = below(stage, 100);

	if (n < 12)
		return BRK;
	if (n < 45)
		return MMAP;
	if (n < 55 || (n < 65 && stage->emu.mm.map_count > stage->crowd))
		return MUNMAP;
	if (n < 95)
		return ACCESS;
	return n < 99 ? FIND_VMA : CLONE;
}

static struct call choose_call(struct stage *stage)
{
	struct call call = { .verb = choose_verb(stage) };

	call.thread = below(stage, stage->emu.nr_threads);
	switch (call.verb) {
	case BRK:
		choose_brk(stage, &call);
		break;
	case MMAP:
		choose_mmap(stage, &call);
		break;
	case MUNMAP:
		choose_munmap(stage, &call);
		break;
	case ACCESS:
		choose_access(stage, &call);
		break;
	default:
		call.addr = choose_page(stage) << PAGE_SHIFT;
		break;
	}
	return call;
}

/* ----------------------------------------------------------- what to skip */

static bool is_within_windows(uint64_t start, uint64_t end)
{
	size_t i;

	for (i = 0; i < NR_WINDOWS; i++)
		if (start > windows[i].first && start < windows[i].end)
			return end <= windows[i].end;
	return false;
}

/* The model cannot cut the stretches between its windows. */
static bool is_beyond_the_model(const struct stage *stage,
				const struct call *call)
{
	const struct page_model *model = &stage->model;
	uint64_t page = call->addr >> PAGE_SHIFT;
	uint64_t pages = PAGE_ALIGN(call->len) >> PAGE_SHIFT;
	bool is_object = (call->flags & MAP_TYPE) != MAP_PRIVATE;
	size_t i, free_objects = 0;

	switch (call->verb) {
	case BRK:
		return call->addr > EMULATION_BRK + (155ULL << PAGE_SHIFT) &&
		       call->addr < UINT64_MAX - TASK_SIZE &&
		       !model->cells[model_cell_at(model, HEAP_PAGE + 200)]
				.area;
	case MMAP:
		for (i = MODEL_FILES + 1; i < MODEL_OBJECTS; i++)
			free_objects += !model->objects[i].in_use;
		if (is_object && (pages > MODEL_OBJECT_PAGES || !free_objects))
			return true;
		if (call->len > TASK_SIZE || !pages)
			return false;
		if (call->flags & MAP_FIXED)
			return call->addr < TASK_SIZE &&
			       !is_within_windows(page, page + pages);
		if (call->addr >= PAGE_SIZE && call->addr < TASK_SIZE &&
		    !is_within_windows(page, page + pages))
			return true;
		return !page_model_reaches(model, call->len, call->flags);
	case MUNMAP:
		return pages && call->len <= TASK_SIZE &&
		       call->addr + call->len <= TASK_SIZE &&
		       !is_within_windows(page, page + pages);
	case CLONE:
		return stage->emu.nr_threads == MODEL_THREADS;
	default:
		return false;
	}
}

/* ------------------------------------------------------------ making calls */

static const char *describe(const struct call *call, char *text, size_t size)
{
	static const char *const names[NR_VERBS] = {
		"brk", "mmap", "munmap", "access", "find_vma", "clone",
	};

	snprintf(text, size,
		 "%s by thread %u: addr %#" PRIx64 " len %#" PRIx64
		 " prot %" PRIu64 " flags %#" PRIx64 " object %" PRIu32
		 " offset %#" PRIx64 " type %d sp %#" PRIx64,
		 names[call->verb], call->thread, call->addr, call->len,
		 call->prot, call->flags, call->object, call->offset,
		 call->type, call->sp);
	return text;
}

/* The answer of a call, whatever its kind. */
struct answer {
	int64_t ret;
	struct access_outcome outcome;
	const struct vm_area_struct *vma;
};

static struct answer ask_engine(struct stage *stage, const struct call *call)
{
	struct task_struct *task = &stage->emu.threads[call->thread];
	struct answer answer = { 0 };

	switch (call->verb) {
	case BRK:
		answer.ret = sys_brk(task, call->addr);
		break;
	case MMAP:
		answer.ret = sys_mmap(
			task, call->addr, call->len, call->prot, call->flags,
			stage->comparison.files[call->object], call->offset);
		break;
	case MUNMAP:
		answer.ret = sys_munmap(task, call->addr, call->len);
		break;
	case ACCESS:
		answer.ret = mm_access(task, call->addr, call->len, call->type,
				       call->sp, &answer.outcome);
		break;
	case FIND_VMA:
		answer.vma = find_vma(task, call->addr);
		break;
	default:
		emulation_clone(&stage->emu, task);
		break;
	}
	return answer;
}

static bool same_ret(struct comparison *c, int64_t engine, int64_t model)
{
	if (engine == model)
		return true;
	snprintf(c->why, COMPARE_WHY,
		 "answers %#" PRIx64 ", the model has %#" PRIx64,
		 (uint64_t)engine, (uint64_t)model);
	return false;
}

static bool same_outcome(struct comparison *c,
			 const struct access_outcome *engine,
			 const struct access_outcome *model)
{
	if (engine->fault == model->fault && engine->code == model->code &&
	    (engine->fault < ACCESS_FAULT_SIGSEGV ||
	     engine->address == model->address))
		return true;
	snprintf(c->why, COMPARE_WHY,
		 "fault %d/%d at %" PRIx64 ", the model has %d/%d at %" PRIx64,
		 engine->fault, engine->code, engine->address, model->fault,
		 model->code, model->address);
	return false;
}

/* Makes the call in the model, and compares what both answer. */
static bool ask_model(struct stage *stage, const struct call *call,
		      const struct answer *answer)
{
	struct page_model *model = &stage->model;
	struct comparison *c = &stage->comparison;
	struct access_outcome outcome;

	switch (call->verb) {
	case BRK:
		return same_ret(
			c, answer->ret,
			page_model_brk(model, call->thread, call->addr));
	case MMAP:
		return same_ret(c, answer->ret,
				page_model_mmap(model, call->thread, call->addr,
						call->len, call->prot,
						call->flags, call->object,
						call->offset));
	case MUNMAP:
		return same_ret(c, answer->ret,
				page_model_munmap(model, call->thread,
						  call->addr, call->len));
	case ACCESS:
		page_model_access(model, call->thread, call->addr, call->len,
				  call->type, call->sp, &outcome);
		return same_outcome(c, &answer->outcome, &outcome);
	case FIND_VMA:
		return compare_area(
			c, answer->vma,
			page_model_find_vma(model, call->thread, call->addr));
	default:
		page_model_clone(model, call->thread,
				 stage->emu.nr_threads - 1);
		return true;
	}
}

/* Only a machine without free pages may refuse; nothing has changed then. */
static bool is_out_of_pages(struct stage *stage)
{
	struct model_counts counts;

	page_model_count(&stage->model, &counts);
	snprintf(stage->comparison.why, COMPARE_WHY,
		 "the host refused for reason %d", stage->emu.memory.refusal);
	return stage->emu.memory.refusal == REFUSAL_MACHINE &&
	       counts.anon + counts.cached + SPARE_PAGES >
		       stage->model.total_ram;
}

static bool make_call(struct stage *stage, const struct call *call,
		      int64_t *ret)
{
	struct answer answer = ask_engine(stage, call);

	*ret = answer.ret;
	if (answer.ret == MM_HOST_REFUSED)
		return is_out_of_pages(stage);
	return ask_model(stage, call, &answer);
}

static bool step(struct stage *stage, struct random_run *run)
{
	struct call call;
	const char *wrong = NULL;
	char text[256];
	int64_t ret;
	bool agree;

	do {
		call = choose_call(stage);
	} while (is_beyond_the_model(stage, &call));
	agree = make_call(stage, &call, &ret);
	if (agree)
		wrong = validate_mm(&stage->emu.mm);
	if (agree && !wrong && compare_state(&stage->comparison)) {
		run->succeeded +=
			(call.verb == MMAP || call.verb == MUNMAP) && ret >= 0;
		return true;
	}
	snprintf(run->why, RANDOM_RUN_WHY, "step %" PRIu64 ": %s: %s",
		 run->done + 1, describe(&call, text, sizeof(text)),
		 wrong ? wrong : stage->comparison.why);
	return false;
}

bool random_run(struct random_run *run)
{
	struct stage *stage = calloc(1, sizeof(*stage));
	const char *wrong;
	bool agree = true;

	if (!stage)
		abort();
	begin(stage, run->seed);
	run->succeeded = 0;
	for (run->done = 0; agree && run->done < run->steps;) {
		agree = step(stage, run);
		run->done += agree;
	}
	wrong = end(stage);
	free(stage);
	if (agree && wrong)
		snprintf(run->why, RANDOM_RUN_WHY, "at the end: %s", wrong);
	return agree && !wrong;
}
