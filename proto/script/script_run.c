/* SPDX-License-Identifier: MIT */
/*
 * A script's tree is walked, statement by statement
 */
#include <stdio.h>
#include <string.h>

#include "proto/script/script_tree.h"

/* The part of a run that is under way. */
struct turn {
	struct script *script;
	const struct script_host *host;
	struct script_fault *fault;
	const struct statement *statement;
	/* of the statement's call */
	struct script_argument args[SCRIPT_ARGS_MAX];
	struct script_request request;
	struct script_reply reply;
};

__attribute__((format(printf, 3, 0))) static bool
fail(struct turn *turn, uint32_t offset, const char *format, const char *more)
{
	return script_fault_at(turn->fault, SCRIPT_FAILED, turn->script->text,
			       turn->script->len, offset, format, more);
}

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
	struct script *script = turn->script;
	const char *bytes;
	char *kept = NULL;
	size_t len;

	bytes = bytes_of(slot, &value, &len);
	if (len && script->kept - slot->kept_len + len > SCRIPT_KEPT_MAX)
		return script_fault_at(turn->fault, SCRIPT_LIMIT, script->text,
				       script->len, offset,
				       "the answers that names stand for have "
				       "more than %d bytes; want fewer parts",
				       SCRIPT_KEPT_MAX);
	if (len) {
		kept = memory_alloc(script->memory, len);
		if (!kept)
			return script_fault_at(turn->fault, SCRIPT_NO_MEMORY,
					       script->text, script->len,
					       offset, "no memory");
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

/* -------------------------------------------------------- expressions */

static bool evaluate(struct turn *turn, const struct node *node,
		     struct script_value *value);

static bool take_slot(struct turn *turn, const struct node *node,
		      struct script_value *value)
{
	const struct slot *slot = &turn->script->slots[node->slot];
	char name[SCRIPT_NAME_LEN_MAX + 1];

	if (slot->is_set) {
		*value = slot->value;
		return true;
	}
	snprintf(name, sizeof(name), "%.*s", (int)slot->len, slot->name);
	return fail(turn, node->offset,
		    "%s stands for nothing: the line that gives it a value "
		    "has not run",
		    name);
}

static bool look_into(struct turn *turn, const struct node *node,
		      struct script_value *value)
{
	struct script_value from;
	char text[200];

	if (!evaluate(turn, node->left, &from))
		return false;
	if (value_member(&from, node->text, node->len, value))
		return true;
	if (!from.answer)
		return fail(turn, node->offset,
			    "only an answer has members; this is %s",
			    value_about(&from, text, sizeof(text)));
	snprintf(text, sizeof(text), "%.*s",
		 (int)(node->len < 48 ? node->len : 48), node->text);
	return fail(turn, node->offset,
		    "the answer has no member %s; a part of the snapshot is "
		    "there if want names it",
		    text);
}

static bool want_number(struct turn *turn, const struct node *node,
			script_number *number, bool *is_hex)
{
	struct script_value value;
	char about[200];

	if (!evaluate(turn, node, &value))
		return false;
	if (value.kind != SCRIPT_NUMBER)
		return fail(turn, node->offset,
			    "expected a number, but this is %s",
			    value_about(&value, about, sizeof(about)));
	*number = value.number;
	*is_hex = value.is_hex;
	return true;
}

static bool take_element(struct turn *turn, const struct node *node,
			 struct script_value *value)
{
	struct script_value from;
	script_number index;
	char about[200];
	bool is_hex;

	if (!evaluate(turn, node->left, &from) ||
	    !want_number(turn, node->right, &index, &is_hex))
		return false;
	if (value_element(&from, index, value))
		return true;
	if (from.kind == SCRIPT_OBJECT && from.text[0] == '[')
		return fail(turn, node->right->offset,
			    "the array has no element of that number; the "
			    "first is 0%s",
			    "");
	return fail(turn, node->offset,
		    "only an array has elements; this is %s",
		    value_about(&from, about, sizeof(about)));
}

static bool is_in_range(script_number number)
{
	return number >= INT64_MIN && number <= (script_number)UINT64_MAX;
}

static const char *divide(char operator, script_number a, script_number b,
			  script_number *result)
{
	if (!b)
		return "division by zero";
	*result = operator== '/' ? a / b : a % b;
	return NULL;
}

static const char *shift(char operator, script_number a, script_number b,
			 script_number *result)
{
	if (b < 0 || b > 63)
		return "a number is shifted by 0 to 63 bits";
	if (a < 0)
		return "bits are those of numbers from 0 on";
	*result = operator== '<' ? a << b : a>> b;
	return NULL;
}

static const char *combine(char operator, script_number a, script_number b,
			   script_number *result)
{
	if (a < 0 || b < 0)
		return "bits are those of numbers from 0 on";
	*result = operator== '&' ? (a & b) : (a | b);
	return NULL;
}

/* NULL, or what is wrong. */
static const char *calculate(char operator, script_number a, script_number b,
			     script_number *result)
{
	switch (operator) {
	case '+':
		*result = a + b;
		return NULL;
	case '-':
		*result = a - b;
		return NULL;
	case '*':
		/* Two numbers of 65 bits fit but for their signs. */
		if (__builtin_mul_overflow(a, b, result))
			*result = (script_number)UINT64_MAX + 1;
		return NULL;
	case '/':
	case '%':
		return divide(operator, a, b, result);
	case '<':
	case '>':
		return shift(operator, a, b, result);
	default:
		return combine(operator, a, b, result);
	}
}

static bool take_binary(struct turn *turn, const struct node *node,
			struct script_value *value)
{
	script_number left, right, result = 0;
	bool left_hex, right_hex;
	const char *wrong;

	if (!want_number(turn, node->left, &left, &left_hex) ||
	    !want_number(turn, node->right, &right, &right_hex))
		return false;
	wrong = calculate(node->operator, left, right, &result);
	if (!wrong && !is_in_range(result))
		wrong = "the result does not fit 64 bits";
	if (wrong)
		return fail(turn, node->offset, "%s", wrong);
	*value = (struct script_value){ .kind = SCRIPT_NUMBER,
					.number = result,
					.is_hex = left_hex || right_hex };
	return true;
}

static bool evaluate(struct turn *turn, const struct node *node,
		     struct script_value *value)
{
	script_number number;
	bool is_hex;

	switch (node->kind) {
	case NODE_VALUE:
		*value = node->value;
		return true;
	case NODE_NAME:
		return take_slot(turn, node, value);
	case NODE_MEMBER:
		return look_into(turn, node, value);
	case NODE_INDEX:
		return take_element(turn, node, value);
	case NODE_NEGATE:
		if (!want_number(turn, node->left, &number, &is_hex))
			return false;
		if (!is_in_range(-number))
			return fail(turn, node->offset, "%s",
				    "the result does not fit 64 bits");
		*value = (struct script_value){ .kind = SCRIPT_NUMBER,
						.number = -number };
		return true;
	case NODE_BINARY:
		return take_binary(turn, node, value);
	}
	return false;
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
	return want_number(turn, argument->node, &out->value.number,
			   &out->value.is_hex);
}

static bool find_process(struct turn *turn, uint32_t *process)
{
	const struct statement *statement = turn->statement;
	const struct slot *slot;
	char about[200];

	*process = SCRIPT_OWN;
	if (statement->process == NO_SLOT)
		return true;
	slot = &turn->script->slots[statement->process];
	if (slot->is_set && slot->value.kind == SCRIPT_PROCESS) {
		*process = slot->value.process;
		return true;
	}
	return fail(turn, statement->process_offset,
		    "in takes a process, which fork answers; this is %s",
		    slot->is_set
			    ? value_about(&slot->value, about, sizeof(about))
			    : "nothing: its line has not run");
}

static bool host_fault(struct turn *turn, uint32_t offset)
{
	return script_fault_at(turn->fault, SCRIPT_HOST, turn->script->text,
			       turn->script->len, offset, "%s", "");
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
	return evaluate(turn, statement->value, value);
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
	    !evaluate(turn, statement->wanted, &event.wanted))
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
	if (!evaluate(turn, statement->value, &event.value))
		return false;
	turn->host->tell(turn->host->ctx, &event);
	return true;
}

/* Whether one more step may be taken. */
static bool step(struct turn *turn, const struct statement *statement)
{
	struct script *script = turn->script;
	struct run *run = &script->run;

	turn->statement = statement;
	if (run->steps == run->max)
		return script_fault_at(
			turn->fault, SCRIPT_LIMIT, script->text, script->len,
			statement->offset,
			"the script has taken %llu steps, and no more may be",
			(unsigned long long)run->max);
	run->steps++;
	return turn->host->go_on(turn->host->ctx) ||
	       host_fault(turn, statement->offset);
}

static bool run_repeat(struct turn *turn, const struct statement *statement)
{
	struct run *run = &turn->script->run;
	script_number times;
	bool is_hex;

	if (!want_number(turn, statement->value, &times, &is_hex))
		return false;
	if (times < 0)
		return fail(turn, statement->value->offset,
			    "nothing is repeated less than 0 times%s", "");
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

bool script_go_on(struct script *script, uint64_t slice,
		  struct script_fault *fault)
{
	struct run *run = &script->run;
	struct turn turn = {
		.script = script,
		.host = run->host,
		.fault = fault,
	};
	const uint64_t end = run->steps + slice;

	fault->kind = SCRIPT_GOOD;
	while (!has_ended(run) && run->steps < end)
		if (!run_next(&turn))
			return false;
	return !has_ended(run);
}

uint64_t script_steps(const struct script *script)
{
	return script->run.steps;
}
