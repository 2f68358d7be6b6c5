/* SPDX-License-Identifier: MIT */
/*
 * What expressions of a script are worth
 */
#include "proto/script/script_turn.h"

bool turn_fail(struct turn *turn, enum script_fault_kind kind, uint32_t offset,
	       enum fault_text text, const struct fault_words *words)
{
	script_fault_at(turn->fault, kind, turn->script->text,
			turn->script->len, offset);
	return script_fault_say(turn->fault, text, words);
}

bool turn_fail_of(struct turn *turn, uint32_t offset, enum fault_text text,
		  const struct script_value *value)
{
	const struct fault_words words = { .value = value };

	return turn_fail(turn, SCRIPT_FAILED, offset, text, &words);
}

static bool take_slot(struct turn *turn, const struct node *node,
		      struct script_value *value)
{
	const struct slot *slot = &turn->script->slots[node->slot];
	const struct fault_words words = { .it = slot->name,
					   .it_len = slot->len };

	if (!slot->is_set)
		return turn_fail(turn, SCRIPT_FAILED, node->offset, FAULT_UNSET,
				 &words);
	*value = slot->value;
	return true;
}

static bool look_into(struct turn *turn, const struct node *node,
		      struct script_value *value)
{
	const struct fault_words words = { .it = node->text,
					   .it_len = node->len };
	struct script_value from;

	if (!turn_evaluate(turn, node->left, &from))
		return false;
	if (value_member(&from, node->text, node->len, value))
		return true;
	if (!from.answer)
		return turn_fail_of(turn, node->offset, FAULT_NOT_ANSWER,
				    &from);
	return turn_fail(turn, SCRIPT_FAILED, node->offset, FAULT_NO_MEMBER,
			 &words);
}

bool turn_number(struct turn *turn, const struct node *node,
		 script_number *number, bool *is_hex)
{
	struct script_value value;

	if (!turn_evaluate(turn, node, &value))
		return false;
	if (value.kind != SCRIPT_NUMBER)
		return turn_fail_of(turn, node->offset, FAULT_NOT_NUMBER,
				    &value);
	*number = value.number;
	*is_hex = value.is_hex;
	return true;
}

static bool take_element(struct turn *turn, const struct node *node,
			 struct script_value *value)
{
	struct script_value from;
	script_number index;
	bool is_hex;

	if (!turn_evaluate(turn, node->left, &from) ||
	    !turn_number(turn, node->right, &index, &is_hex))
		return false;
	if (value_element(&from, index, value))
		return true;
	if (from.kind == SCRIPT_OBJECT && from.text[0] == '[')
		return turn_fail(turn, SCRIPT_FAILED, node->right->offset,
				 FAULT_NO_ELEMENT, NULL);
	return turn_fail_of(turn, node->offset, FAULT_NOT_ARRAY, &from);
}

static bool is_in_range(script_number number)
{
	return number >= INT64_MIN && number <= (script_number)UINT64_MAX;
}

static bool is_shift(char mark)
{
	return mark == '<' || mark == '>';
}

/* Why the mark does not take these two; FAULT_NR_TEXTS: it does. */
static enum fault_text judge_operands(char mark, script_number a,
				      script_number b)
{
	switch (mark) {
	case '+':
	case '-':
	case '*':
		return FAULT_NR_TEXTS;
	case '/':
	case '%':
		return b ? FAULT_NR_TEXTS : FAULT_DIVISION;
	default:
		if (is_shift(mark) && (b < 0 || b > 63))
			return FAULT_SHIFT;
		return a < 0 || b < 0 ? FAULT_NEGATIVE_BITS : FAULT_NR_TEXTS;
	}
}

static script_number calculate(char mark, script_number a, script_number b)
{
	script_number result;

	switch (mark) {
	case '+':
		return a + b;
	case '-':
		return a - b;
	case '*':
		/* Two numbers of 65 bits fit but for their signs. */
		return __builtin_mul_overflow(a, b, &result)
			       ? (script_number)UINT64_MAX + 1
			       : result;
	case '/':
		return a / b;
	case '%':
		return a % b;
	case '<':
		return a << b;
	case '>':
		return a >> b;
	case '&':
		return a & b;
	default:
		return a | b;
	}
}

static bool take_binary(struct turn *turn, const struct node *node,
			struct script_value *value)
{
	script_number left, right, result = 0;
	bool left_hex, right_hex;
	enum fault_text wrong;

	if (!turn_number(turn, node->left, &left, &left_hex) ||
	    !turn_number(turn, node->right, &right, &right_hex))
		return false;
	wrong = judge_operands(node->operator, left, right);
	if (wrong == FAULT_NR_TEXTS) {
		result = calculate(node->operator, left, right);
		if (!is_in_range(result))
			wrong = FAULT_LARGE_RESULT;
	}
	if (wrong != FAULT_NR_TEXTS)
		return turn_fail(turn, SCRIPT_FAILED, node->offset, wrong,
				 NULL);
	*value = (struct script_value){ .kind = SCRIPT_NUMBER,
					.number = result,
					.is_hex = left_hex || right_hex };
	return true;
}

bool turn_evaluate(struct turn *turn, const struct node *node,
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
		if (!turn_number(turn, node->left, &number, &is_hex))
			return false;
		if (!is_in_range(-number))
			return turn_fail(turn, SCRIPT_FAILED, node->offset,
					 FAULT_LARGE_RESULT, NULL);
		*value = (struct script_value){ .kind = SCRIPT_NUMBER,
						.number = -number };
		return true;
	case NODE_BINARY:
		return take_binary(turn, node, value);
	}
	return false;
}
