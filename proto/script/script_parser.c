/* SPDX-License-Identifier: MIT */
/*
 * What all that read a script have in common: the token at hand, the names that
 * there are, and how to say what is wrong
 */
#include <string.h>

#include "proto/script/script_parser.h"

/* ------------------------------------------------------------- tokens */

bool parser_refuse(struct parser *parser, uint32_t offset, enum fault_text text,
		   const struct fault_words *words)
{
	if (parser->fault->kind)
		return false;
	script_fault_at(parser->fault, SCRIPT_SYNTAX, parser->script->text,
			parser->script->len, offset);
	return script_fault_say(parser->fault, text, words);
}

bool parser_refuse_beyond(struct parser *parser, uint32_t offset,
			  enum fault_text text, unsigned limit)
{
	const struct fault_words words = { .number = limit };

	return parser_refuse(parser, offset, text, &words);
}

bool parser_no_memory(struct parser *parser)
{
	if (!parser->fault->kind)
		script_fault_at(parser->fault, SCRIPT_NO_MEMORY, "", 0, 0);
	return false;
}

const char *parser_text(const struct parser *parser)
{
	return parser->script->text + parser->token.offset;
}

void parser_next(struct parser *parser)
{
	parser->last_end = parser->token.offset + parser->token.len;
	lexer_next(&parser->lexer, &parser->token);
}

bool parser_is(const struct parser *parser, const char *mark)
{
	const struct token *token = &parser->token;

	return (token->kind == TOKEN_MARK || token->kind == TOKEN_NAME) &&
	       token->len == strlen(mark) &&
	       !memcmp(parser_text(parser), mark, token->len);
}

bool parser_peek_is(const struct parser *parser, const char *mark)
{
	struct script_fault ignored = { .kind = SCRIPT_GOOD };
	struct parser ahead = *parser;

	ahead.lexer.fault = &ignored;
	parser_next(&ahead);
	return parser_is(&ahead, mark);
}

bool parser_take(struct parser *parser, const char *mark)
{
	if (!parser_is(parser, mark))
		return false;
	parser_next(parser);
	return true;
}

bool parser_expected_of(struct parser *parser, enum fault_text what,
			const char *list)
{
	const struct token *token = &parser->token;
	struct fault_words words = {
		.it = parser_text(parser),
		.it_len = token->len,
		.list = list,
		.what = what,
		.found = FAULT_IT,
	};

	/* The lexer has said what is wrong. */
	if (token->kind == TOKEN_BAD)
		return false;
	if (token->kind == TOKEN_END)
		words.found = FAULT_SCRIPT_END;
	else if (token->kind == TOKEN_LINE)
		words.found = FAULT_LINE_END;
	return parser_refuse(parser, token->offset, FAULT_EXPECTED, &words);
}

bool parser_expected(struct parser *parser, enum fault_text what)
{
	return parser_expected_of(parser, what, NULL);
}

bool parser_demand(struct parser *parser, const char *mark,
		   enum fault_text what)
{
	return parser_take(parser, mark) || parser_expected(parser, what);
}

/* -------------------------------------------------------------- names */

bool parser_find_slot(const struct parser *parser, const char *text,
		      uint32_t len, unsigned *slotp)
{
	const struct script *script = parser->script;
	unsigned i;

	for (i = 0; i < script->nr_slots; i++) {
		if (script->slots[i].len != len ||
		    memcmp(script->slots[i].name, text, len) != 0)
			continue;
		*slotp = i;
		return true;
	}
	return false;
}

void parser_nearest_slot(const struct parser *parser, const char *text,
			 uint32_t len, struct nearest *nearest)
{
	const struct script *script = parser->script;
	unsigned i;

	for (i = 0; i < script->nr_slots; i++)
		nearest_see(nearest, text, len, script->slots[i].name,
			    script->slots[i].len);
}

bool parser_take_slot(struct parser *parser, unsigned *slotp)
{
	const struct token token = parser->token;
	struct nearest nearest = { .distance = 3 };
	const struct fault_words words = {
		.it = parser_text(parser),
		.it_len = token.len,
		.nearest = &nearest,
	};

	if (token.kind != TOKEN_NAME)
		return parser_expected(parser, FAULT_NAME);
	if (!parser_find_slot(parser, words.it, token.len, slotp)) {
		parser_nearest_slot(parser, words.it, token.len, &nearest);
		return parser_refuse(parser, token.offset, FAULT_UNKNOWN_NAME,
				     &words);
	}
	parser_next(parser);
	return true;
}
