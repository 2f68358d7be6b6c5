/* SPDX-License-Identifier: MIT */
#include "tests/model/random_run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/mm/memory.h"
#include "tests/model/random_stage.h"

/* A call may need this many pages at most, tables included. */
#define SPARE_PAGES 256

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
	struct call call = stage_choose(stage);
	const char *wrong = NULL;
	char text[256];
	int64_t ret;
	bool agree;

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
	stage_begin(stage, run->seed);
	run->succeeded = 0;
	for (run->done = 0; agree && run->done < run->steps;) {
		agree = step(stage, run);
		run->done += agree;
	}
	wrong = stage_end(stage);
	free(stage);
	if (agree && wrong)
		snprintf(run->why, RANDOM_RUN_WHY, "at the end: %s", wrong);
	return agree && !wrong;
}
