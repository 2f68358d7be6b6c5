/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside a run of a script: one turn of it
 */
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

/** turn_fail() - end the run at an offset of the text, and say why; @words: NULL,
 * if the sentence has no values; false */
bool turn_fail(struct turn *turn, enum script_fault_kind kind, uint32_t offset,
	       enum fault_text text, const struct fault_words *words);

/** turn_fail_of() - likewise with SCRIPT_FAILED, as @value is of no use there */
bool turn_fail_of(struct turn *turn, uint32_t offset, enum fault_text text,
		  const struct script_value *value);

/** turn_evaluate() - what an expression is worth; false: turn_fail() said why it
 * cannot be had */
bool turn_evaluate(struct turn *turn, const struct node *node,
		   struct script_value *value);

/** turn_number() - likewise, of an expression that must be a number; @is_hex: does
 * one of its operands stand in hex? */
bool turn_number(struct turn *turn, const struct node *node,
		 script_number *number, bool *is_hex);
