/* SPDX-License-Identifier: MIT */
/*
 * What all that read a script have in common: the token at hand, the names that
 * there are, and how to say what is wrong
 */
#include <stdio.h>
#include <string.h>

#include "proto/script/nearest.h"
#include "proto/script/script_parser.h"

/* ------------------------------------------------------------- tokens */

bool parser_refuse(struct parser *parser, uint32_t offset, const char *format,
		   const char *more)
{
	if (parser->fault->kind)
		return false;
	return script_fault_at(parser->fault, SCRIPT_SYNTAX,
			       parser->script->text, parser->script->len,
			       offset, format, more);
}

bool parser_no_memory(struct parser *parser)
{
	if (!parser->fault->kind)
		script_fault_at(parser->fault, SCRIPT_NO_MEMORY, "", 0, 0,
				"there is no memory for the script");
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

/* What stands here, for a sentence. */
static void token_about(const struct parser *parser, char *out, size_t size)
{
	const struct token *token = &parser->token;
	const uint32_t len = token->len < 40 ? token->len : 40;

	switch (token->kind) {
	case TOKEN_END:
		snprintf(out, size, "the end of the script");
		break;
	case TOKEN_LINE:
		snprintf(out, size, "the end of the line");
		break;
	default:
		snprintf(out, size, "%.*s", (int)len, parser_text(parser));
	}
}

bool parser_expected(struct parser *parser, const char *what)
{
	char here[64], more[160];

	/* The lexer has said what is wrong. */
	if (parser->token.kind == TOKEN_BAD)
		return false;
	token_about(parser, here, sizeof(here));
	snprintf(more, sizeof(more), "%s, but found %s", what, here);
	return parser_refuse(parser, parser->token.offset, "expected %s", more);
}

bool parser_demand(struct parser *parser, const char *mark, const char *what)
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

void parser_suggest(const struct parser *parser, const char *text, uint32_t len,
		    char *out, size_t size)
{
	const struct script *script = parser->script;
	struct nearest nearest = { .distance = 3 };
	unsigned i;

	for (i = 0; i < script->nr_slots; i++)
		nearest_see(&nearest, text, len, script->slots[i].name,
			    script->slots[i].len);
	out[0] = '\0';
	if (nearest.known)
		snprintf(out, size, ", perhaps you mean %.*s",
			 (int)nearest.known_len, nearest.known);
}

bool parser_take_slot(struct parser *parser, unsigned *slotp)
{
	const struct token token = parser->token;
	const char *text = parser_text(parser);
	char hint[80], more[160];

	if (token.kind != TOKEN_NAME)
		return parser_expected(parser, "a name");
	if (!parser_find_slot(parser, text, token.len, slotp)) {
		parser_suggest(parser, text, token.len, hint, sizeof(hint));
		snprintf(more, sizeof(more), "%.*s%s",
			 (int)(token.len < 48 ? token.len : 48), text, hint);
		return parser_refuse(parser, token.offset,
				     "no line before this one gives a result "
				     "the name %s",
				     more);
	}
	parser_next(parser);
	return true;
}
