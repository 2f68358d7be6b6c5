/* SPDX-License-Identifier: MIT */
/*
 * mm.explain: what a call would do, tried on a copy of its world
 */
#include <string.h>

#include "proto/rpc/method_parts.h"
#include "proto/rpc/reach.h"

/* Every operation that there is. */
const char *const explain_methods[] = {
	"mm.brk",        "mm.mmap",
	"mm.munmap",     "mm.mprotect",
	"mm.mremap",     "mm.mlock",
	"mm.mlock2",     "mm.munlock",
	"mm.mlockall",   "mm.munlockall",
	"mm.madvise",    "mm.mincore",
	"mm.msync",      "mm.remap_file_pages",
	"mm.mseal",      "mm.access",
	"mm.find_vma",   "process.fork",
	"process.exec",  "process.exit",
	"thread.create", "thread.exit",
	"file.open",     "file.truncate",
	"file.close",    NULL,
};

/* The parameters of the call that is asked about, behind its process. */
static bool read_inner_params(const struct call *call, struct call *inner)
{
	const struct param_value *params = &call->values[EXPLAIN_PARAMS];
	const struct method *method = inner->method;
	const struct json_value none = { .text = NULL };
	struct params_plan plan;

	if (params->given && params->raw.kind != JSON_KIND_OBJECT &&
	    params->raw.kind != JSON_KIND_ARRAY)
		return error_set(&inner->error, ERROR_PARAMS_TYPE, "params",
				 "params must be an object or an array, but is "
				 "%s",
				 json_kind_name(params->raw.kind));
	params_plan_init(&plan, method->params + 1, method->nr_params - 1u);
	return params_read_text(method->name, &plan, &call->service->index,
				params->given ? &params->raw : &none,
				inner->values + 1, &inner->error);
}

/* What the inner parameters leave open is as the outer ones say. */
static void take_inner_params(const struct call *call, struct call *inner)
{
	unsigned i;

	for (i = 1; i < inner->method->nr_params; i++) {
		const struct param_value *value = &inner->values[i];

		if (!value->given)
			continue;
		if (inner->method->params[i].kind == PARAM_THREAD)
			inner->thread = (uint32_t)value->number;
		else if (inner->method->params[i].kind == PARAM_WANT)
			inner->want = (unsigned)value->number;
		else if (inner->method->params[i].kind == PARAM_LANG)
			inner->lang = (enum lang)value->number;
	}
	inner->values[0] = call->values[0];
}

/* *inner is what @call asks about, or false with call->error set. */
static bool read_inner(struct call *call, struct call *inner)
{
	const char *name = explain_methods[call->values[EXPLAIN_METHOD].number];

	*inner = *call;
	inner->is_supposed = true;
	inner->is_long = false;
	inner->entry = method_find(&call->service->methods, name, strlen(name));
	inner->method = inner->entry->method;
	if (!read_inner_params(call, inner)) {
		call->error = inner->error;
		return false;
	}
	take_inner_params(call, inner);
	return true;
}

/* Carry the inner call out in the copy; all that it leaves is its answer. */
static bool run_in_copy(struct call *call, const struct reached *reached)
{
	struct world *copy = reached->visit->state;
	struct call inner;
	bool ok;

	if (!read_inner(call, &inner))
		return false;
	before_take(&inner, call->world, call->number, inner.thread);
	world_bound_as(copy, call->world);
	inner.world = copy;
	inner.process = world_process(copy, call->number);
	ok = inner.method->run(&inner);
	before_end(call->service);
	call->w = inner.w;
	if (!ok)
		call->error = inner.error;
	return ok;
}

bool explain_is_long(const struct call *call)
{
	return visit_copy_is_long(call, call->world);
}

bool run_mm_explain(struct call *call)
{
	static const struct reach_end end = { run_in_copy, NULL, NULL };
	const uint64_t now = world_seq(call->world);
	struct call inner;

	/* What is wrong with it is said before the world is copied. */
	if (!read_inner(call, &inner) ||
	    !before_copies(call, NULL, "make the call itself, with steps"))
		return false;
	return call->is_long && explain_is_long(call)
		       ? reach_in_turns(call, now, &end)
		       : reach_at_once(call, now, &end);
}
