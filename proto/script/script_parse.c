/* SPDX-License-Identifier: MIT */
/*
 * A script's text becomes its tree, or a sentence that says why not
 */
#include <string.h>

#include "proto/script/script_parser.h"

/* -------------------------------------------------------------- names */

static const char *const keywords[] = { "in",    "repeat", "expect",
					"print", "null",   NULL };

static bool is_keyword(const char *text, size_t len)
{
	size_t i;

	for (i = 0; keywords[i]; i++)
		if (strlen(keywords[i]) == len &&
		    !memcmp(keywords[i], text, len))
			return true;
	return false;
}

/* The name before a '=', which may be new; it holds from the next line on. */
static bool judge_name(struct parser *parser, const struct token *token)
{
	const char *text = parser->script->text + token->offset;

	if (is_keyword(text, token->len))
		return parser_refuse(parser, token->offset, FAULT_KEYWORD,
				     NULL);
	if (token->len > SCRIPT_NAME_LEN_MAX)
		return parser_refuse_beyond(parser, token->offset,
					    FAULT_LONG_NAME,
					    SCRIPT_NAME_LEN_MAX);
	return true;
}

static bool name_result(struct parser *parser, const struct token *token,
			unsigned *slotp)
{
	struct script *script = parser->script;
	const char *text = script->text + token->offset;

	if (parser_find_slot(parser, text, token->len, slotp))
		return true;
	if (script->nr_slots == SCRIPT_NAMES_MAX)
		return parser_refuse_beyond(parser, token->offset,
					    FAULT_MANY_NAMES, SCRIPT_NAMES_MAX);
	*slotp = script->nr_slots++;
	script->slots[*slotp].name = text;
	script->slots[*slotp].len = token->len;
	return true;
}

/* --------------------------------------------------------- statements */

static bool parse_block(struct parser *parser, struct statement **link,
			unsigned depth);

static bool is_line_end(const struct parser *parser)
{
	return parser->token.kind == TOKEN_LINE ||
	       parser->token.kind == TOKEN_END;
}

static bool parse_value(struct parser *parser, struct statement *statement)
{
	return parser_is_call(parser)
		       ? parser_call(parser, &statement->invocation)
		       : parser_expression(parser, NULL, &statement->value);
}

static bool parse_comparison(struct parser *parser, struct statement *statement)
{
	unsigned i;

	for (i = 0; comparison_marks[i]; i++) {
		if (!parser_take(parser, comparison_marks[i]))
			continue;
		statement->comparison = (enum comparison)i;
		return true;
	}
	if (parser_is(parser, "="))
		return parser_refuse(parser, parser->token.offset,
				     FAULT_NO_COMPARISON, NULL);
	return parser_expected(parser, FAULT_COMPARISON);
}

static bool parse_expect(struct parser *parser, struct statement *statement)
{
	statement->kind = STATEMENT_EXPECT;
	if (!parse_value(parser, statement) ||
	    !parse_comparison(parser, statement))
		return false;
	if (parser_is_call(parser))
		return parser_refuse(parser, parser->token.offset,
				     FAULT_CALL_ON_THE_RIGHT, NULL);
	return parser_expression(parser, NULL, &statement->wanted);
}

static bool parse_repeat(struct parser *parser, struct statement *statement,
			 unsigned depth)
{
	statement->kind = STATEMENT_REPEAT;
	if (depth == SCRIPT_REPEATS_MAX)
		return parser_refuse_beyond(parser, statement->offset,
					    FAULT_DEEP_REPEATS,
					    SCRIPT_REPEATS_MAX);
	if (!parser_expression(parser, NULL, &statement->value))
		return false;
	statement->end = parser->last_end;
	if (!parser_demand(parser, "{", FAULT_BLOCK))
		return false;
	if (!is_line_end(parser))
		return parser_expected(parser, FAULT_BLOCK_LINE_END);
	if (!parse_block(parser, &statement->block, depth + 1))
		return false;
	if (parser_take(parser, "}"))
		return true;
	return parser_refuse(parser, statement->offset, FAULT_OPEN_REPEAT,
			     NULL);
}

static bool parse_do(struct parser *parser, struct statement *statement)
{
	const struct token name = parser->token;

	statement->kind = STATEMENT_DO;
	if (name.kind != TOKEN_NAME || !parser_peek_is(parser, "=")) {
		if (parser_is_call(parser))
			return parser_call(parser, &statement->invocation);
		return parser_expected(parser, FAULT_STATEMENT);
	}
	if (!judge_name(parser, &name))
		return false;
	parser_next(parser);
	parser_next(parser);
	return parse_value(parser, statement) &&
	       name_result(parser, &name, &statement->slot);
}

/* in NAME: */
static bool parse_in(struct parser *parser, struct statement *statement)
{
	statement->process_offset = parser->token.offset;
	return parser_take_slot(parser, &statement->process) &&
	       parser_demand(parser, ":", FAULT_COLON);
}

static bool parse_statement(struct parser *parser, struct statement *statement,
			    unsigned depth)
{
	if (parser_take(parser, "repeat"))
		return parse_repeat(parser, statement, depth);
	if (parser_take(parser, "in") && !parse_in(parser, statement))
		return false;
	if (parser_is(parser, "repeat"))
		return parser_refuse(parser, parser->token.offset,
				     FAULT_IN_REPEAT, NULL);
	if (parser_take(parser, "expect"))
		return parse_expect(parser, statement);
	if (parser_take(parser, "print")) {
		statement->kind = STATEMENT_PRINT;
		return parser_expression(parser, NULL, &statement->value);
	}
	return parse_do(parser, statement);
}

/* Once, and before all else. */
static bool judge_creation(struct parser *parser,
			   const struct statement *statement)
{
	const struct invocation *made = statement->invocation;
	struct script *script = parser->script;
	struct fault_words words;

	if (!made || !script->catalog->is_creation(made->call))
		return true;
	words = (struct fault_words){
		.call = script->catalog->name(made->call),
	};
	if (script->first != statement)
		return parser_refuse(parser, made->offset, FAULT_LATE_CREATION,
				     &words);
	script->creates = true;
	return true;
}

/* The line of the token. JSON may have ends of lines inside. */
static unsigned count_lines(struct parser *parser)
{
	while (parser->counted < parser->token.offset)
		parser->line += parser->script->text[parser->counted++] == '\n';
	return parser->line;
}

static bool parse_line(struct parser *parser, struct statement **link,
		       unsigned depth)
{
	struct statement *statement =
		script_alloc(parser->script, sizeof(*statement));

	if (!statement)
		return parser_no_memory(parser);
	statement->offset = parser->token.offset;
	statement->line = count_lines(parser);
	statement->slot = statement->process = NO_SLOT;
	parser->operators = 0;
	*link = statement;
	if (!parse_statement(parser, statement, depth))
		return false;
	if (!statement->end)
		statement->end = parser->last_end;
	if (!judge_creation(parser, statement))
		return false;
	if (depth && parser_is(parser, "}"))
		return parser_refuse(parser, parser->token.offset,
				     FAULT_CLOSING_LINE, NULL);
	return is_line_end(parser) || parser_expected(parser, FAULT_LINE_END);
}

static void skip_line_ends(struct parser *parser)
{
	while (parser->token.kind == TOKEN_LINE)
		parser_next(parser);
}

/* Lines up to the end, or to the '}' of a repeat. */
static bool parse_block(struct parser *parser, struct statement **link,
			unsigned depth)
{
	for (;;) {
		skip_line_ends(parser);
		if (parser->token.kind == TOKEN_END ||
		    (depth && parser_is(parser, "}")))
			return true;
		if (!parse_line(parser, link, depth))
			return false;
		link = &(*link)->next;
	}
}

/* -------------------------------------------------------------- whole */

static struct script *script_new(struct memory *memory, const char *text,
				 size_t len)
{
	struct script *script = memory_alloc(memory, sizeof(*script));

	if (!script)
		return NULL;
	*script = (struct script){ .memory = memory, .len = (uint32_t)len };
	script->text = script_alloc(script, len + 1);
	script->slots =
		script_alloc(script, SCRIPT_NAMES_MAX * sizeof(struct slot));
	if (!script->text || !script->slots) {
		script_free(script);
		return NULL;
	}
	if (len)
		memcpy(script->text, text, len);
	return script;
}

static bool judge_text(const char *text, size_t len, struct script_fault *fault)
{
	const struct fault_words words = { .number = SCRIPT_TEXT_MAX };
	const char *nul;

	if (len > SCRIPT_TEXT_MAX) {
		script_fault_at(fault, SCRIPT_SYNTAX, text, 0, 0);
		return script_fault_say(fault, FAULT_LONG_SCRIPT, &words);
	}
	nul = len ? memchr(text, '\0', len) : NULL;
	if (!nul)
		return true;
	script_fault_at(fault, SCRIPT_SYNTAX, text, (uint32_t)len,
			(uint32_t)(nul - text));
	return script_fault_say(fault, FAULT_NUL, NULL);
}

struct script *script_parse(struct memory *memory,
			    const struct script_catalog *catalog,
			    const char *text, size_t len,
			    struct script_fault *fault)
{
	struct parser parser = { .fault = fault, .line = 1 };
	struct script *script;

	fault->kind = SCRIPT_GOOD;
	if (!judge_text(text, len, fault))
		return NULL;
	script = script_new(memory, text, len);
	parser.script = script;
	if (!script) {
		parser_no_memory(&parser);
		return NULL;
	}
	script->catalog = catalog;
	parser.lexer = (struct lexer){ script->text, script->len, 0, fault };
	lexer_next(&parser.lexer, &parser.token);
	if (parse_block(&parser, &script->first, 0) && !fault->kind)
		return script;
	/* Whatever could not be read was the lexer's to say. */
	script_free(script);
	return NULL;
}

bool script_creates(const struct script *script)
{
	return script->creates;
}
