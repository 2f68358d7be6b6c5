/* SPDX-License-Identifier: MIT */
#include "tests/conformance/walk/run.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/mm/mm.h"
#include "tests/conformance/walk/init.h"

/*
 * Counters of what is resident lag on machines with several processors; the
 * page tables are compared instead. VmPMD is no part of newer releases.
 */
static const enum counter compared[] = {
	COUNTER_VMPEAK, COUNTER_VMSIZE, COUNTER_VMLCK, COUNTER_VMDATA,
	COUNTER_VMSTK,  COUNTER_VMEXE,  COUNTER_VMLIB, COUNTER_VMPTE,
};

#define NR_COMPARED (sizeof(compared) / sizeof(compared[0]))

static void *checked_alloc(size_t size)
{
	void *memory = calloc(1, size);

	if (!memory) {
		fputs("vmarium-walk: out of memory\n", stderr);
		exit(2);
	}
	return memory;
}

/* ----------------------------------------------------------- comparison */

/* The name of the vdso's area that a call begins in, or nothing. */
static const char *special_name(const struct view *view, uint64_t addr)
{
	const struct area *area = view ? view->areas : NULL;
	size_t i;

	for (i = 0; view && i < view->nr_areas; i++, area++)
		if (area->start <= addr && addr < area->end &&
		    !strncmp(area->name, "[v", 2))
			return area->name;
	return NULL;
}

static enum run_status differ(struct run *run, const char *what)
{
	struct difference *difference = &run->difference;
	const struct call *call = &difference->call;
	const char *special =
		special_name(run->kernel[call->process], call->args[0]);
	const bool keeps =
		call->kind == CALL_MREMAP && call->args[3] & MREMAP_DONTUNMAP;

	snprintf(difference->kind, sizeof(difference->kind), "%s%s%s%s: %s",
		 call_forms[call->kind].name,
		 keeps ? " that keeps its source" : "", special ? " of " : "",
		 special ? special : "", what);
	return RUN_DIFFERENT;
}

static enum run_status compare_answers(struct run *run)
{
	const struct answer *kernel = &run->difference.kernel;
	const struct answer *engine = &run->difference.engine;
	const char *kernel_class = answer_class(kernel);
	const char *engine_class = answer_class(engine);
	char what[64];

	if (answers_equal(kernel, engine))
		return RUN_SAME;
	if (kernel->ret > 0 && engine->ret > 0)
		return differ(run, "another address");
	if (!strcmp(kernel_class, engine_class))
		return differ(run,
			      kernel->signal ? "another code" : "other pages");
	snprintf(what, sizeof(what), "%s, the engine %s", kernel_class,
		 engine_class);
	return differ(run, what);
}

static enum run_status compare_maps(struct run *run, const struct view *kernel,
				    const struct view *engine)
{
	if (view_maps_equal(kernel, engine))
		return RUN_SAME;
	if (!view_maps_same_pages(kernel, engine))
		return differ(run, "other areas");
	if (kernel->nr_areas < engine->nr_areas)
		return differ(run, "the kernel merges more");
	if (kernel->nr_areas > engine->nr_areas)
		return differ(run, "the engine merges more");
	return differ(run, "areas parted elsewhere");
}

static enum run_status compare_number(struct run *run, const char *name,
				      uint64_t kernel, uint64_t engine)
{
	char what[64];

	if (kernel == engine)
		return RUN_SAME;
	snprintf(what, sizeof(what), "%s, the engine %s", name,
		 engine < kernel ? "less" : "more");
	return differ(run, what);
}

static enum run_status compare_counters(struct run *run,
					const struct view *kernel,
					const struct view *engine)
{
	enum run_status status = RUN_SAME;
	size_t i;

	for (i = 0; i < NR_COMPARED && status == RUN_SAME; i++)
		if (!run->is_passed_over[compared[i]])
			status = compare_number(run, counter_names[compared[i]],
						kernel->counters[compared[i]],
						engine->counters[compared[i]]);
	if (status != RUN_SAME || kernel->resident == UINT64_MAX)
		return status;
	status = compare_number(run, "resident", kernel->resident,
				engine->resident);
	if (status != RUN_SAME)
		return status;
	return compare_number(run, "anonymous", kernel->anonymous,
			      engine->anonymous);
}

static enum run_status look_at(struct run *run, unsigned int number)
{
	enum run_status status;

	run->difference.process = number;
	if (!run->kernel[number])
		run->kernel[number] = checked_alloc(sizeof(struct view));
	if (tracee_view(&run->tracee, number, run->kernel[number])) {
		fputs("vmarium-walk: the process has died\n", stderr);
		return RUN_BROKEN;
	}
	twin_view(&run->twin, number, run->engine);
	status = compare_maps(run, run->kernel[number], run->engine);
	if (status != RUN_SAME)
		return status;
	return compare_counters(run, run->kernel[number], run->engine);
}

/* ------------------------------------------------------------------ run */

static void print_number(FILE *out, const char *name, uint64_t kernel,
			 uint64_t engine)
{
	if (kernel != engine)
		fprintf(out,
			"      %s: the kernel %" PRIu64
			" kB, the engine %" PRIu64 " kB\n",
			name, kernel, engine);
}

void run_print_difference(FILE *out, const struct run *run)
{
	const struct difference *difference = &run->difference;
	const struct view *kernel = run->kernel[difference->process];
	const struct view *engine = run->engine;
	size_t i;

	fputs("    the kernel: ", out);
	answer_spell(out, &difference->kernel);
	fputs(", the engine: ", out);
	answer_spell(out, &difference->engine);
	if (difference->process != difference->call.process)
		fprintf(out, "; process %u:", difference->process);
	fputc('\n', out);
	if (!view_maps_equal(kernel, engine)) {
		fputs("    maps, - the engine's, + the kernel's:\n", out);
		view_print_maps_difference(out, engine, kernel);
	}
	for (i = 0; i < NR_COMPARED; i++)
		if (!run->is_passed_over[compared[i]])
			print_number(out, counter_names[compared[i]],
				     kernel->counters[compared[i]],
				     engine->counters[compared[i]]);
	if (kernel->resident == UINT64_MAX)
		return;
	print_number(out, "resident", kernel->resident, engine->resident);
	print_number(out, "anonymous", kernel->anonymous, engine->anonymous);
}

/* Releases count differently. What does not begin alike says nothing later. */
static void pass_over_counters(struct run *run)
{
	size_t i;

	twin_view(&run->twin, 0, run->engine);
	for (i = 0; i < NR_COUNTERS; i++)
		run->is_passed_over[i] =
			run->first.view.counters[i] != run->engine->counters[i];
}

enum run_status run_begin(struct run *run, const struct walk *walk)
{
	int status;

	memset(run, 0, sizeof(*run));
	run->engine = checked_alloc(sizeof(*run->engine));
	if (walk->is_commit_judged)
		init_settle();
	if (machine_read(&run->machine))
		return RUN_BROKEN;
	status = tracee_start(&run->tracee, &walk->setup, &run->first);
	if (status)
		return status == TRACEE_FORBIDDEN ? RUN_FORBIDDEN : RUN_BROKEN;
	if (twin_start(&run->twin, walk->profile, &run->machine, &walk->setup,
		       &run->first))
		return RUN_BROKEN;
	if (!walk->is_covered)
		pass_over_counters(run);
	if (look_at(run, 0) == RUN_SAME)
		return RUN_SAME;
	fputs("vmarium-walk: the twin differs before the first call\n", stderr);
	run_print_difference(stderr, run);
	return RUN_BROKEN;
}

enum run_status run_step(struct run *run, const struct walk *walk,
			 const struct call *call)
{
	struct difference *difference = &run->difference;
	unsigned int processes = run->tracee.nr_processes;
	enum run_status status;

	if (walk->is_commit_judged)
		init_settle();
	difference->call = *call;
	if (tracee_apply(&run->tracee, call, &difference->kernel)) {
		fputs("vmarium-walk: the process has died\n", stderr);
		return RUN_BROKEN;
	}
	run->answer = difference->kernel;
	if (twin_apply(&run->twin, call, &difference->engine))
		return RUN_REFUSED;
	difference->process = call->process;
	status = compare_answers(run);
	if (status != RUN_SAME) {
		tracee_view(&run->tracee, call->process,
			    run->kernel[call->process]);
		twin_view(&run->twin, call->process, run->engine);
		return status;
	}
	status = look_at(run, call->process);
	if (status == RUN_SAME && run->tracee.nr_processes > processes)
		status = look_at(run, processes);
	return status;
}

bool run_can_make(const struct run *run, const struct call *call)
{
	const struct tracee *tracee = &run->tracee;

	return call->process < tracee->nr_processes &&
	       call->thread < tracee->processes[call->process].nr_threads;
}

void run_end(struct run *run)
{
	unsigned int i;

	tracee_stop(&run->tracee);
	if (run->twin.world)
		twin_stop(&run->twin);
	for (i = 0; i < WALK_MAX_PROCESSES; i++)
		free(run->kernel[i]);
	free(run->engine);
}
