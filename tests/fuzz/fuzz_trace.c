/* SPDX-License-Identifier: MIT */
/*
 * Any bytes are a trace: what is kept of it can be replayed
 *
 * Whatever is wrong is told with its line, and every step that was kept names
 * processes and threads that there are.
 */
#include <stdio.h>

#include "clients/cli/trace.h"
#include "tests/fuzz/demand.h"

static void check_step(const struct trace *trace, const struct trace_step *step,
		       FILE *sink)
{
	demand(step->process < trace->processes, "no such process");
	demand(step->thread < trace->threads, "no such thread");
	demand(step->op != TRACE_FORK || step->made < trace->processes,
	       "no such child");
	demand(step->op != TRACE_CLONE || step->made < trace->threads,
	       "no such clone");
	demand(step->op != TRACE_CALL || (step->form && step->ret),
	       "a call without a form or an answer");
	trace_step_spell(sink, step);
	if (step->op == TRACE_IMAGE)
		json_decref(trace_process_params(trace, step, "4.0"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILE *file = size ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;
	FILE *sink = fopen("/dev/null", "w");
	char error[256] = "";
	struct trace trace;
	int err;

	demand(sink != NULL, "no /dev/null");
	if (file) {
		err = trace_read(&trace, file, error, sizeof(error));
		demand(!err == !*error, "wrong, but not told");
		demand(err || trace_usable(&trace), "right, but not usable");
		for (size_t i = 0; trace_usable(&trace) && i < trace.count; i++)
			check_step(&trace, &trace.steps[i], sink);
		if (trace_usable(&trace))
			json_decref(trace_process_params(&trace, NULL, NULL));
		trace_unload(&trace);
		fclose(file);
	}
	fclose(sink);
	return 0;
}
