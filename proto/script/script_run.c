/* SPDX-License-Identifier: MIT */
/*
 * A script's tree is walked, statement by statement
 */
#include <string.h>

#include "proto/script/script_turn.h"

/* ------------------------------------------------------------- values */

/* What a name stands for goes with the next thing that it stands for. */
static void drop_kept(struct script *script, struct slot *slot)
{
	memory_free(script->memory, slot->kept, slot->kept_len);
	script->kept -= slot->kept_len;
	slot->kept = NULL;
	slot->kept_len = 0;
}

void script_drop_values(struct script *script)
{
	unsigned i;

	for (i = 0; script->slots && i < script->nr_slots; i++) {
		drop_kept(script, &script->slots[i]);
		script->slots[i].is_set = false;
	}
}

static bool is_own_text(const struct script_value *value)
{
	return value->kind == SCRIPT_TEXT || value->kind == SCRIPT_ERRNO ||
	       value->kind == SCRIPT_OBJECT;
}

/* The bytes that a value needs beside itself: those of the answer it came from,
 * where its text lies as well, or of its text alone. */
static const char *bytes_of(const struct slot *slot,
			    const struct script_value *value, size_t *lenp)
{
	*lenp = 0;
	if (value->answer && slot->has_members) {
		*lenp = value->answer_len;
		return value->answer;
	}
	if (!is_own_text(value))
		return NULL;
	*lenp = value->len;
	return value->text;
}

static bool keep_value(struct turn *turn, struct slot *slot, uint32_t offset,
		       struct script_value value)
{
	const struct fault_words limit = { .number = SCRIPT_KEPT_MAX };
	struct script *script = turn->script;
	const char *bytes;
	char *kept = NULL;
	size_t len;

	bytes = bytes_of(slot, &value, &len);
	if (len && script->kept - slot->kept_len + len > SCRIPT_KEPT_MAX)
		return turn_fail(turn, SCRIPT_LIMIT, offset, FAULT_MUCH_KEPT,
				 &limit);
	if (len) {
		kept = memory_alloc(script->memory, len);
		if (!kept)
			return script_fault_at(turn->fault, SCRIPT_NO_MEMORY,
					       script->text, script->len,
					       offset);
		memcpy(kept, bytes, len);
	}
	if (bytes != value.answer)
		value.answer = NULL;
	if (bytes && is_own_text(&value))
		value.text = kept + (value.text - bytes);
	if (value.answer)
		value.answer = kept;
	drop_kept(script, slot);
	slot->kept = kept;
	slot->kept_len = len;
	script->kept += len;
	slot->value = value;
	slot->is_set = true;
	return true;
}

/* --------------------------------------------------------------- calls */

static bool fill_argument(struct turn *turn, const struct argument *argument,
			  struct script_argument *out)
{
	*out = (struct script_argument){
		.param = argument->param,
		.takes = argument->takes,
		.offset = argument->offset,
		.is_short = argument->is_short,
		.value = argument->value,
	};
	if (!argument->node)
		return true;
	out->value = (struct script_value){ .kind = SCRIPT_NUMBER };
	return turn_number(turn, argument->node, &out->value.number,
			   &out->value.is_hex);
}

static bool find_process(struct turn *turn, uint32_t *process)
{
	const struct statement *statement = turn->statement;
	const struct slot *slot;

	*process = SCRIPT_OWN;
	if (statement->process == NO_SLOT)
		return true;
	slot = &turn->script->slots[statement->process];
	if (!slot->is_set)
		return turn_fail(turn, SCRIPT_FAILED, statement->process_offset,
				 FAULT_NO_PROCESS_YET, NULL);
	if (slot->value.kind != SCRIPT_PROCESS)
		return turn_fail_of(turn, statement->process_offset,
				    FAULT_NOT_PROCESS, &slot->value);
	*process = slot->value.process;
	return true;
}

static bool host_fault(struct turn *turn, uint32_t offset)
{
	return script_fault_at(turn->fault, SCRIPT_HOST, turn->script->text,
			       turn->script->len, offset);
}

static bool carry_out(struct turn *turn, const struct invocation *made,
		      struct script_value *value)
{
	const struct argument *argument;
	unsigned n = 0;

	turn->request = (struct script_request){
		.call = made->call,
		.line = turn->statement->line,
		.args = turn->args,
	};
	if (!find_process(turn, &turn->request.process))
		return false;
	for (argument = made->args; argument; argument = argument->next)
		if (!fill_argument(turn, argument, &turn->args[n++]))
			return false;
	turn->request.nr_args = n;
	turn->reply = (struct script_reply){ .json = NULL };
	if (!turn->host->call(turn->host->ctx, &turn->request, &turn->reply))
		return host_fault(turn, turn->reply.blame
						? turn->reply.blame - 1
						: made->offset);
	answer_value(&turn->reply, turn->statement->line, value);
	return true;
}

/* --------------------------------------------------------- statements */

static struct script_event event_of(const struct turn *turn,
				    const struct statement *statement)
{
	return (struct script_event){
		.line = statement->line,
		.request = statement->invocation ? &turn->request : NULL,
		.reply = statement->invocation ? &turn->reply : NULL,
		.kind = SCRIPT_RAN,
		.text = turn->script->text + statement->offset,
		.text_len = statement->end - statement->offset,
	};
}

/* The left side, or what the line is about. */
static bool take_left(struct turn *turn, const struct statement *statement,
		      struct script_value *value)
{
	if (statement->invocation)
		return carry_out(turn, statement->invocation, value);
	return turn_evaluate(turn, statement->value, value);
}

static bool run_do(struct turn *turn, const struct statement *statement)
{
	struct script_event event;
	struct slot *slot;

	event = event_of(turn, statement);
	if (!take_left(turn, statement, &event.value))
		return false;
	if (statement->slot != NO_SLOT) {
		slot = &turn->script->slots[statement->slot];
		event.name = slot->name;
		event.name_len = slot->len;
		if (!keep_value(turn, slot, statement->offset, event.value))
			return false;
		event.value = slot->value;
	}
	turn->host->tell(turn->host->ctx, &event);
	return true;
}

static bool run_expect(struct turn *turn, const struct statement *statement)
{
	struct script_event event = event_of(turn, statement);

	event.kind = SCRIPT_EXPECTED;
	if (!take_left(turn, statement, &event.value) ||
	    !turn_evaluate(turn, statement->wanted, &event.wanted))
		return false;
	event.operator= comparison_marks[statement->comparison];
	event.passed = value_compare(&event.value, statement->comparison,
				     &event.wanted);
	turn->host->tell(turn->host->ctx, &event);
	return true;
}

static bool run_print(struct turn *turn, const struct statement *statement)
{
	struct script_event event = event_of(turn, statement);

	event.kind = SCRIPT_PRINTED;
	if (!turn_evaluate(turn, statement->value, &event.value))
		return false;
	turn->host->tell(turn->host->ctx, &event);
	return true;
}

/* Whether one more step may be taken. */
static bool step(struct turn *turn, const struct statement *statement)
{
	struct run *run = &turn->script->run;
	const struct fault_words limit = { .number = run->max };

	turn->statement = statement;
	if (run->steps == run->max)
		return turn_fail(turn, SCRIPT_LIMIT, statement->offset,
				 FAULT_MANY_STEPS, &limit);
	run->steps++;
	return turn->host->go_on(turn->host->ctx) ||
	       host_fault(turn, statement->offset);
}

static bool run_repeat(struct turn *turn, const struct statement *statement)
{
	struct run *run = &turn->script->run;
	script_number times;
	bool is_hex;

	if (!turn_number(turn, statement->value, &times, &is_hex))
		return false;
	if (times < 0)
		return turn_fail(turn, SCRIPT_FAILED, statement->value->offset,
				 FAULT_NEGATIVE_TIMES, NULL);
	if (times)
		run->frames[++run->depth] =
			(struct frame){ statement->block, statement, times };
	return true;
}

static bool run_statement(struct turn *turn, const struct statement *statement)
{
	if (!step(turn, statement))
		return false;
	switch (statement->kind) {
	case STATEMENT_DO:
		return run_do(turn, statement);
	case STATEMENT_PRINT:
		return run_print(turn, statement);
	case STATEMENT_EXPECT:
		return run_expect(turn, statement);
	case STATEMENT_REPEAT:
		return run_repeat(turn, statement);
	}
	return false;
}

/* The next statement, the next turn of a repeat, or the end of one. */
static bool run_next(struct turn *turn)
{
	struct run *run = &turn->script->run;
	struct frame *frame = &run->frames[run->depth];
	const struct statement *statement = frame->next;

	if (statement) {
		frame->next = statement->next;
		return run_statement(turn, statement);
	}
	if (--frame->left) {
		frame->next = frame->repeat->block;
		return step(turn, frame->repeat);
	}
	run->depth--;
	return true;
}

static bool has_ended(const struct run *run)
{
	return !run->depth && !run->frames[0].next;
}

void script_begin(struct script *script, const struct script_host *host,
		  uint64_t steps)
{
	script_drop_values(script);
	script->run = (struct run){ .host = host, .max = steps };
	script->run.frames[0].next = script->first;
}

bool script_go_on(struct script *script, struct script_fault *fault)
{
	const struct run *run = &script->run;
	struct turn turn = {
		.script = script,
		.host = run->host,
		.fault = fault,
	};

	fault->kind = SCRIPT_GOOD;
	while (!has_ended(run) && run->host->admits(run->host->ctx))
		if (!run_next(&turn))
			return false;
	return !has_ended(run);
}

uint64_t script_steps(const struct script *script)
{
	return script->run.steps;
}
