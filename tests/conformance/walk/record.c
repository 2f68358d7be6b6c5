/* SPDX-License-Identifier: MIT */
#include "tests/conformance/walk/record.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

static const char *const sort_names[] = {
	[PAGES_ANON] = "anon",
	[PAGES_FILE] = "file",
	[PAGES_PFN] = "pfn",
};

static void write_areas(FILE *out, const struct view *view)
{
	size_t i;

	fputc('[', out);
	for (i = 0; i < view->nr_areas; i++) {
		fputs(i ? ",\"" : "\"", out);
		area_print(out, &view->areas[i]);
		fputc('"', out);
	}
	fputc(']', out);
}

static void write_status(FILE *out, const struct view *view)
{
	int i;

	for (i = 0; i < NR_COUNTERS; i++)
		fprintf(out, "%s%" PRIu64, i ? "," : ",\"s\":[",
			view->counters[i]);
	fputc(']', out);
}

static void write_limit(FILE *out, const char *name, uint64_t value)
{
	if (value == UINT64_MAX)
		fprintf(out, "\"%s\":-1", name);
	else
		fprintf(out, "\"%s\":%" PRIu64, name, value);
}

static void write_resident(FILE *out, const struct first_state *first)
{
	const struct first_pages *range;
	size_t i;

	fputs(",\"resident\":[", out);
	for (i = 0; i < first->nr_resident; i++) {
		range = &first->resident[i];
		fprintf(out, "%s[\"%#" PRIx64 "\",\"%#" PRIx64 "\",\"%s\"]",
			i ? "," : "", range->start, range->end,
			sort_names[range->sort]);
	}
	fputc(']', out);
}

static void write_address(FILE *out, const char *name, uint64_t address)
{
	fprintf(out, "\"%s\":\"%#" PRIx64 "\",", name, address);
}

static void write_mm(FILE *out, const struct run *run)
{
	const struct first_mm *mm = &run->first.mm;
	const uint64_t *counters = run->first.view.counters;

	fputs(",\"mm\":{", out);
	write_address(out, "start_code", mm->start_code);
	write_address(out, "end_code", mm->end_code);
	write_address(out, "start_data", mm->start_data);
	write_address(out, "end_data", mm->end_data);
	write_address(out, "start_brk", mm->start_brk);
	write_address(out, "brk", mm->brk);
	write_address(out, "start_stack", mm->start_stack);
	write_address(out, "mmap_base", twin_mmap_base(&run->twin));
	fprintf(out, "\"hiwater_vm\":%" PRIu64 ",\"hiwater_rss\":%" PRIu64 "}",
		counters[COUNTER_VMPEAK] / 4, counters[COUNTER_VMHWM] / 4);
}

static void write_machine(FILE *out, const struct machine_state *machine)
{
	const struct sysctl *sysctl = &machine->sysctl;

	fprintf(out,
		",\"vmacache\":\"stale\",\"committed_kb\":%" PRIu64
		",\"mem_total_kb\":%" PRIu64
		",\"sysctl\":{\"max_map_count\":%" PRIu32
		",\"mmap_min_addr\":%" PRIu64 ",\"overcommit_memory\":%u"
		",\"overcommit_ratio\":%" PRIu32
		",\"overcommit_kbytes\":%" PRIu64
		",\"admin_reserve_kbytes\":%" PRIu64
		",\"user_reserve_kbytes\":%" PRIu64 ",\"legacy_va_layout\":%u}",
		machine->committed_kb, machine->mem_total_kb,
		sysctl->max_map_count, sysctl->mmap_min_addr,
		sysctl->overcommit_memory, sysctl->overcommit_ratio,
		sysctl->overcommit_kbytes, sysctl->admin_reserve_kbytes,
		sysctl->user_reserve_kbytes, sysctl->legacy_va_layout);
}

static void write_process(FILE *out, const struct tracee_setup *setup)
{
	fprintf(out, ",\"uid\":%" PRIu32 ",\"rlimits\":{", setup->uid);
	write_limit(out, "as", setup->limits.as);
	fputc(',', out);
	write_limit(out, "data", setup->limits.data);
	fputc(',', out);
	write_limit(out, "memlock", setup->limits.memlock);
	fputc(',', out);
	write_limit(out, "stack", setup->limits.stack);
	fprintf(out,
		"},\"files\":{"
		"\"%d\":{\"name\":\"data.rw\",\"size\":%d,\"mode\":\"rw\"},"
		"\"%d\":{\"name\":\"data.ro\",\"size\":%d,\"mode\":\"ro\"}}",
		FD_RW, DATA_RW_SIZE, FD_RO, DATA_RO_SIZE);
}

static void remember(struct record *record, unsigned int number,
		     const struct view *view)
{
	if (!record->last[number])
		record->last[number] = calloc(1, sizeof(struct view));
	if (record->last[number])
		*record->last[number] = *view;
}

void record_begin(struct record *record, FILE *out, const struct run *run,
		  const struct walk *walk, uint64_t seed)
{
	struct utsname kernel;

	*record = (struct record){ .out = out };
	uname(&kernel);
	fprintf(out,
		"{\"kernel\":\"%s\",\"seed\":%" PRIu64
		",\"mix\":\"%s\",\"maps\":",
		kernel.release, seed, walk->mix->name);
	write_areas(out, &run->first.view);
	write_resident(out, &run->first);
	write_mm(out, run);
	write_machine(out, &run->machine);
	write_process(out, &walk->setup);
	write_status(out, &run->first.view);
	fputs("}\n", out);
	remember(record, 0, &run->first.view);
}

static void write_answer(FILE *out, const struct call *call,
			 const struct answer *answer)
{
	if (answer->signal)
		fprintf(out, ",\"r\":\"%s/%d\"",
			answer->signal == WALK_SIGBUS ? "SIGBUS" : "SIGSEGV",
			answer->code);
	else if (answer->ret > 0 && call_answers_address(call->kind))
		fprintf(out, ",\"r\":\"%#" PRIx64 "\"", (uint64_t)answer->ret);
	else
		fprintf(out, ",\"r\":%" PRId64, answer->ret);
}

static void write_call(FILE *out, const struct call *call)
{
	const struct call_form *form = &call_forms[call->kind];
	unsigned int i;

	fprintf(out, "{\"op\":\"%s\",\"a\":[", form->name);
	for (i = 0; i < form->nr_args; i++)
		fprintf(out,
			call->args[i] ? "%s\"%#" PRIx64 "\""
				      : "%s\"0x%" PRIx64 "\"",
			i ? "," : "", call->args[i]);
	fputc(']', out);
	if (call->thread)
		fprintf(out, ",\"t\":%u", call->thread);
	if (call->process)
		fprintf(out, ",\"p\":%u", call->process);
}

static void write_view(struct record *record, unsigned int number,
		       const struct view *view)
{
	const struct view *last = record->last[number];

	if (!last || !view_maps_equal(last, view)) {
		fputs(",\"m\":", record->out);
		write_areas(record->out, view);
		remember(record, number, view);
	}
	write_status(record->out, view);
}

/* A fork is written with the child's view, a clone with none. */
static void write_newcomer(struct record *record, const struct run *run,
			   const struct call *call)
{
	unsigned int newcomer =
		call->kind == CALL_FORK
			? run->tracee.nr_processes - 1
			: run->tracee.processes[call->process].nr_threads - 1;

	fprintf(record->out, "{\"op\":\"%s\",\"%s\":%u,\"new\":%u",
		call_forms[call->kind].name,
		call->kind == CALL_FORK ? "p" : "t",
		call->kind == CALL_FORK ? call->process : call->thread,
		newcomer);
	if (call->kind == CALL_FORK)
		write_view(record, newcomer, run->kernel[newcomer]);
}

void record_step(struct record *record, const struct run *run,
		 const struct call *call)
{
	bool is_newcomer = call->kind == CALL_CLONE || call->kind == CALL_FORK;

	if (is_newcomer && run->answer.ret)
		return; /* refused: nothing that a replay could repeat */
	if (is_newcomer) {
		write_newcomer(record, run, call);
	} else {
		write_call(record->out, call);
		write_answer(record->out, call, &run->answer);
		write_view(record, call->process, run->kernel[call->process]);
	}
	fputs("}\n", record->out);
}

void record_end(struct record *record)
{
	unsigned int i;

	for (i = 0; i < WALK_MAX_PROCESSES; i++)
		free(record->last[i]);
}
