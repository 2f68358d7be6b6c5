/* SPDX-License-Identifier: MIT */
#include "tests/model/random_stage.h"

/* A page of a window, more often near what is already there. */
static uint64_t choose_page(struct stage *stage)
{
	static const unsigned int likely[] = { 1, 1, 2, 3, 4, 4, 4, 4, 5, 0 };
	const struct model_window *window = &stage_windows[likely[stage_below(
		stage, sizeof(likely) / sizeof(likely[0]))]];
	uint64_t page, tries = 4;

	do {
		page = window->first + 1 +
		       stage_below(stage, window->end - window->first - 1);
	} while (--tries &&
		 !stage->model.cells[model_cell_at(&stage->model, page)].area);
	return page;
}

/* Never beyond the window that the page is in. */
static uint64_t choose_pages(struct stage *stage, uint64_t page, uint64_t most)
{
	uint64_t pages =
		1 + stage_below(stage, stage_one_in(stage, 4) ? most : 6);
	size_t i;

	for (i = 0; i < STAGE_WINDOWS; i++)
		if (page >= stage_windows[i].first &&
		    page < stage_windows[i].end &&
		    pages > stage_windows[i].end - page)
			pages = stage_windows[i].end - page;
	return pages;
}

static uint64_t choose_flags(struct stage *stage)
{
	static const uint64_t extra[] = { MAP_GROWSDOWN, MAP_LOCKED,
					  MAP_POPULATE,  MAP_NORESERVE,
					  MAP_NONBLOCK,  MAP_32BIT,
					  MAP_STACK,     MAP_DENYWRITE };
	uint64_t flags = stage_one_in(stage, 4) ? MAP_SHARED : MAP_PRIVATE;

	if (!stage_one_in(stage, 4))
		flags |= MAP_ANONYMOUS;
	if (stage_one_in(stage, 2))
		flags |= MAP_FIXED;
	while (stage_one_in(stage, 3))
		flags |= extra[stage_below(stage,
					   sizeof(extra) / sizeof(extra[0]))];
	if (stage_one_in(stage, 60))
		flags ^= 1 + stage_below(stage, 3);
	if (stage_one_in(stage, 100))
		flags |= MAP_HUGETLB;
	return flags;
}

static uint64_t choose_prot(struct stage *stage)
{
	return stage_one_in(stage, 3) ? stage_below(stage, 8)
				      : PROT_READ | PROT_WRITE;
}

static void choose_mmap(struct stage *stage, struct call *call)
{
	uint64_t page = choose_page(stage), most = 64;

	call->prot = choose_prot(stage);
	call->flags = choose_flags(stage);
	call->addr = page << PAGE_SHIFT;
	call->len = choose_pages(stage, page, most) << PAGE_SHIFT;
	call->object = stage_below(stage, 20) ? 1 + stage_below(stage, 3) : 0;
	call->offset = stage_below(stage, 24) << PAGE_SHIFT;
	/* Where a file offset would make it one with its neighbour. */
	if (stage_one_in(stage, 2))
		call->offset = (page % 16) << PAGE_SHIFT;
	if (!(call->flags & MAP_FIXED)) {
		if (stage_one_in(stage, 2))
			call->addr = 0;
		if (stage_one_in(stage, 30))
			call->addr =
				stage_random(stage) >> stage_below(stage, 50);
		if (stage_one_in(stage, 60))
			call->len =
				TASK_SIZE - stage_below(stage, 5) * PAGE_SIZE;
	}
	if (stage_one_in(stage, 60))
		call->len = -stage_below(stage, 2) * PAGE_SIZE;
	if (stage_one_in(stage, 40) && call->len)
		call->len -= stage_below(stage, PAGE_SIZE);
	if (stage_one_in(stage, 80))
		call->addr += stage_below(stage, PAGE_SIZE);
	if (stage_one_in(stage, 100))
		call->offset += stage_below(stage, PAGE_SIZE);
	if (stage_one_in(stage, 100))
		call->addr = TASK_SIZE - stage_below(stage, 4) * PAGE_SIZE;
}

static void choose_munmap(struct stage *stage, struct call *call)
{
	uint64_t page = choose_page(stage);

	call->addr = page << PAGE_SHIFT;
	call->len = choose_pages(stage, page, 120) << PAGE_SHIFT;
	if (stage_one_in(stage, 30))
		call->len = stage_below(stage, 2) ? 0 : stage_random(stage);
	if (stage_one_in(stage, 40) && call->len)
		call->len -= stage_below(stage, PAGE_SIZE);
	if (stage_one_in(stage, 60))
		call->addr += stage_below(stage, PAGE_SIZE);
}

static void choose_access(struct stage *stage, struct call *call)
{
	uint64_t page = choose_page(stage);

	call->addr = (page << PAGE_SHIFT) + stage_below(stage, PAGE_SIZE);
	call->len = 1;
	if (stage_one_in(stage, 5))
		call->len = stage_below(stage, choose_pages(stage, page, 20)) *
				    PAGE_SIZE +
			    1;
	call->type =
		stage_below(stage, 5) ? stage_below(stage, 2) : ACCESS_EXEC;
	call->sp = UINT64_MAX;
	if (stage_one_in(stage, 4))
		call->sp = call->addr + 65536 + 256 - 100 +
			   stage_below(stage, 200);
	if (stage_one_in(stage, 100))
		call->addr = TASK_SIZE - 1;
}

static void choose_brk(struct stage *stage, struct call *call)
{
	call->addr = EMULATION_BRK + stage_below(stage, 150 << PAGE_SHIFT);
	if (stage_one_in(stage, 4))
		call->addr =
			stage->model.brk + stage_below(stage, 20000) - 10000;
	if (stage_one_in(stage, 40))
		call->addr = stage_random(stage) >> stage_below(stage, 64);
}

static enum verb choose_verb(struct stage *stage)
{
	uint64_t n = stage_below(stage, 100);

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

	call.thread = stage_below(stage, stage->emu.nr_threads);
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

static bool is_within_windows(uint64_t start, uint64_t end)
{
	size_t i;

	for (i = 0; i < STAGE_WINDOWS; i++)
		if (start > stage_windows[i].first &&
		    start < stage_windows[i].end)
			return end <= stage_windows[i].end;
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

struct call stage_choose(struct stage *stage)
{
	struct call call;

	do {
		call = choose_call(stage);
	} while (is_beyond_the_model(stage, &call));
	return call;
}
