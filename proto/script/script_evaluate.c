/* SPDX-License-Identifier: MIT */
/*
 * What expressions of a script are worth
 */
#include <stdio.h>

#include "proto/script/script_turn.h"

bool turn_fail(struct turn *turn, uint32_t offset, const char *format,
	       const char *more)
{
	return script_fault_at(turn->fault, SCRIPT_FAILED, turn->script->text,
			       turn->script->len, offset, format, more);
}
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
	return turn_fail(
		turn, node->offset,
		"%s stands for nothing: the line that gives it a value "
		"has not run",
		name);
}

static bool look_into(struct turn *turn, const struct node *node,
		      struct script_value *value)
{
	struct script_value from;
	char text[200];

	if (!turn_evaluate(turn, node->left, &from))
		return false;
	if (value_member(&from, node->text, node->len, value))
		return true;
	if (!from.answer)
		return turn_fail(turn, node->offset,
				 "only an answer has members; this is %s",
				 value_about(&from, text, sizeof(text)));
	snprintf(text, sizeof(text), "%.*s",
		 (int)(node->len < 48 ? node->len : 48), node->text);
	return turn_fail(
		turn, node->offset,
		"the answer has no member %s; a part of the snapshot is "
		"there if want names it",
		text);
}

bool turn_number(struct turn *turn, const struct node *node,
		 script_number *number, bool *is_hex)
{
	struct script_value value;
	char about[200];

	if (!turn_evaluate(turn, node, &value))
		return false;
	if (value.kind != SCRIPT_NUMBER)
		return turn_fail(turn, node->offset,
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

	if (!turn_evaluate(turn, node->left, &from) ||
	    !turn_number(turn, node->right, &index, &is_hex))
		return false;
	if (value_element(&from, index, value))
		return true;
	if (from.kind == SCRIPT_OBJECT && from.text[0] == '[')
		return turn_fail(turn, node->right->offset,
				 "the array has no element of that number; the "
				 "first is 0%s",
				 "");
	return turn_fail(turn, node->offset,
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

	if (!turn_number(turn, node->left, &left, &left_hex) ||
	    !turn_number(turn, node->right, &right, &right_hex))
		return false;
	wrong = calculate(node->operator, left, right, &result);
	if (!wrong && !is_in_range(result))
		wrong = "the result does not fit 64 bits";
	if (wrong)
		return turn_fail(turn, node->offset, "%s", wrong);
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
			return turn_fail(turn, node->offset, "%s",
					 "the result does not fit 64 bits");
		*value = (struct script_value){ .kind = SCRIPT_NUMBER,
						.number = -number };
		return true;
	case NODE_BINARY:
		return take_binary(turn, node, value);
	}
	return false;
}
