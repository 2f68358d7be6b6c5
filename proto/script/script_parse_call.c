/* SPDX-License-Identifier: MIT */
/*
 * Calls of a script, judged by what the catalog says of them
 */
#include <stdio.h>
#include <string.h>

#include "proto/script/script_parser.h"

/* Joined for a sentence. */
struct list {
	char text[200];
	size_t len;
};

static void list_add(struct list *list, const char *word)
{
	const size_t room = sizeof(list->text) - list->len;
	int n;

	if (strlen(word) + 8 > room) {
		if (list->len && list->text[list->len - 1] != '.')
			list->len += (size_t)snprintf(list->text + list->len,
						      room, ", ...");
		return;
	}
	n = snprintf(list->text + list->len, room, "%s%s",
		     list->len ? ", " : "", word);
	list->len += (size_t)n;
}

static const char *list_params(const struct parser *parser, unsigned call,
			       bool by_position, struct list *list)
{
	struct script_param param;
	unsigned i;

	*list = (struct list){ .len = 0 };
	for (i = 0; parser->script->catalog->param(call, i, &param); i++)
		if (param.by_position || !by_position)
			list_add(list, param.name);
	return list->len ? list->text : NULL;
}

static const char *list_words(const struct parser *parser, unsigned call,
			      unsigned param, struct list *list)
{
	char word[SCRIPT_WORD_MAX];
	unsigned i;

	*list = (struct list){ .len = 0 };
	for (i = 0; parser->script->catalog->word_at(call, param, i, word); i++)
		list_add(list, word);
	return list->text;
}

/* --------------------------------------------------------------- name */

bool parser_is_call(const struct parser *parser)
{
	struct parser ahead = *parser;
	struct script_fault ignored = { .kind = SCRIPT_GOOD };

	if (parser->token.kind != TOKEN_NAME)
		return false;
	ahead.lexer.fault = &ignored;
	parser_next(&ahead);
	if (parser_take(&ahead, ".") && ahead.token.kind == TOKEN_NAME)
		parser_next(&ahead);
	return parser_is(&ahead, "(");
}

static bool refuse_call(struct parser *parser, uint32_t offset, uint32_t len)
{
	const struct script_catalog *catalog = parser->script->catalog;
	struct nearest nearest = { .distance = 3 };
	const struct fault_words words = {
		.it = parser->script->text + offset,
		.it_len = len,
		.nearest = &nearest,
	};
	const char *name;
	unsigned i;

	for (i = 0; (name = catalog->name(i)); i++)
		nearest_see(&nearest, words.it, len, name, strlen(name));
	return parser_refuse(parser, offset, FAULT_NO_CALL, &words);
}

static bool take_call_name(struct parser *parser, unsigned *callp)
{
	const struct script_catalog *catalog = parser->script->catalog;
	const uint32_t offset = parser->token.offset;
	uint32_t len;
	unsigned i;

	parser_next(parser);
	if (parser_take(parser, "."))
		parser_next(parser);
	len = parser->last_end - offset;
	for (i = 0; catalog->name(i); i++) {
		if (!catalog->is_named(i, parser->script->text + offset, len))
			continue;
		*callp = i;
		return true;
	}
	return refuse_call(parser, offset, len);
}

/* ---------------------------------------------------------- arguments */

static bool take_flags(struct parser *parser, unsigned call,
		       struct argument *argument)
{
	struct words_of words = { .call = call, .param = argument->param };

	if (!parser_expression(parser, &words, &argument->node))
		return false;
	argument->is_short = words.has_words && !words.has_other;
	return true;
}

static bool refuse_word(struct parser *parser, unsigned call, unsigned param,
			const char *text, uint32_t offset, uint32_t len)
{
	const struct script_catalog *catalog = parser->script->catalog;
	struct nearest nearest = { .distance = 3 };
	char word[SCRIPT_WORD_MAX], best[SCRIPT_WORD_MAX];
	struct list list;
	const struct fault_words words = {
		.it = text,
		.it_len = len,
		.list = list_words(parser, call, param, &list),
		.nearest = &nearest,
	};
	unsigned i;

	for (i = 0; catalog->word_at(call, param, i, word); i++) {
		nearest_see(&nearest, text, len, word, strlen(word));
		if (nearest.known == word)
			nearest.known = strcpy(best, word);
	}
	return parser_refuse(parser, offset, FAULT_NO_WORD, &words);
}

/* A word by itself or as a text; it stays as it stands there. */
static bool take_word(struct parser *parser, unsigned call, unsigned param,
		      struct script_value *value)
{
	const struct token token = parser->token;
	const char *text = parser_text(parser);
	uint32_t len = token.len;
	uint64_t unused;
	bool is_short;

	if (token.kind == TOKEN_STRING) {
		text++;
		len -= 2;
	} else if (token.kind != TOKEN_NAME) {
		struct list list;

		return parser_expected_of(
			parser, FAULT_WORD_OF,
			list_words(parser, call, param, &list));
	}
	if (!parser->script->catalog->word(call, param, text, len, &unused,
					   &is_short))
		return refuse_word(parser, call, param, text, token.offset,
				   len);
	value->kind = SCRIPT_TEXT;
	value->text = text;
	value->len = len;
	parser_next(parser);
	return true;
}

/* Words joined by '|', as a JSON array of them. */
static bool take_words(struct parser *parser, unsigned call, unsigned param,
		       struct script_value *value)
{
	struct script *script = parser->script;
	char text[1024];
	size_t len = 0;
	char *copy;

	text[len++] = '[';
	do {
		if (!take_word(parser, call, param, value))
			return false;
		if (len + value->len + 4 > sizeof(text))
			return parser_refuse(parser, parser->token.offset,
					     FAULT_MANY_WORDS, NULL);
		len += (size_t)snprintf(text + len, sizeof(text) - len,
					"%s\"%.*s\"", len > 1 ? "," : "",
					(int)value->len, value->text);
	} while (parser_take(parser, "|"));
	text[len++] = ']';
	copy = script_alloc(script, len);
	if (!copy)
		return parser_no_memory(parser);
	value->kind = SCRIPT_OBJECT;
	value->text = memcpy(copy, text, len);
	value->len = len;
	return true;
}

static bool take_json(struct parser *parser, struct argument *argument)
{
	struct script_value *value = &argument->value;

	if (parser_is(parser, "{") || parser_is(parser, "[")) {
		if (!lexer_json(&parser->lexer, &parser->token))
			return false;
	} else if (parser->token.kind != TOKEN_STRING &&
		   !parser_is(parser, "true") && !parser_is(parser, "false")) {
		return parser_expression(parser, NULL, &argument->node);
	}
	value->kind = SCRIPT_OBJECT;
	value->text = parser_text(parser);
	value->len = parser->token.len;
	parser_next(parser);
	return true;
}

static bool take_text(struct parser *parser, struct argument *argument)
{
	struct script_value *value = &argument->value;

	if (parser->token.kind != TOKEN_STRING)
		return parser_expected(parser, FAULT_TEXT);
	value->kind = SCRIPT_OBJECT;
	value->text = parser_text(parser);
	value->len = parser->token.len;
	parser_next(parser);
	return true;
}

static bool take_value(struct parser *parser, unsigned call,
		       struct argument *argument)
{
	switch (argument->takes) {
	case SCRIPT_TAKES_NUMBER:
		return parser_expression(parser, NULL, &argument->node);
	case SCRIPT_TAKES_FLAGS:
		return take_flags(parser, call, argument);
	case SCRIPT_TAKES_WORD:
		return take_word(parser, call, argument->param,
				 &argument->value);
	case SCRIPT_TAKES_WORDS:
		if (parser_is(parser, "["))
			return take_json(parser, argument);
		return take_words(parser, call, argument->param,
				  &argument->value);
	case SCRIPT_TAKES_TEXT:
		return take_text(parser, argument);
	case SCRIPT_TAKES_JSON:
		return take_json(parser, argument);
	}
	return false;
}

static bool refuse_param(struct parser *parser, unsigned call)
{
	const struct script_catalog *catalog = parser->script->catalog;
	struct nearest nearest = { .distance = 3 };
	struct script_param param;
	struct list list;
	const struct fault_words words = {
		.it = parser_text(parser),
		.it_len = parser->token.len,
		.list = list_params(parser, call, false, &list),
		.nearest = &nearest,
	};
	unsigned i;

	for (i = 0; catalog->param(call, i, &param); i++)
		nearest_see(&nearest, words.it, words.it_len, param.name,
			    strlen(param.name));
	return parser_refuse(parser, parser->token.offset, FAULT_NO_ARGUMENT,
			     &words);
}

/* NAME = before an argument. */
static bool take_param_name(struct parser *parser, unsigned call,
			    struct argument *argument)
{
	const struct script_catalog *catalog = parser->script->catalog;
	const char *text = parser_text(parser);
	struct script_param param;
	unsigned i;

	for (i = 0; catalog->param(call, i, &param); i++) {
		if (strlen(param.name) != parser->token.len ||
		    memcmp(param.name, text, parser->token.len) != 0)
			continue;
		argument->param = i;
		argument->takes = param.takes;
		parser_next(parser);
		parser_next(parser);
		return true;
	}
	return refuse_param(parser, call);
}

/* The parameter that comes next by position. */
static bool take_position(struct parser *parser, unsigned call,
			  unsigned position, struct argument *argument)
{
	const struct script_catalog *catalog = parser->script->catalog;
	struct script_param param;
	struct fault_words words;
	struct list list;

	if (catalog->param(call, position, &param) && param.by_position) {
		argument->param = position;
		argument->takes = param.takes;
		return true;
	}
	words = (struct fault_words){
		.call = catalog->name(call),
		.list = list_params(parser, call, true, &list),
	};
	return parser_refuse(parser, parser->token.offset, FAULT_ONE_MORE,
			     &words);
}

static bool judge_twice(struct parser *parser, unsigned call,
			const struct invocation *made,
			const struct argument *argument)
{
	const struct argument *other;
	struct script_param param;
	struct fault_words words;

	for (other = made->args; other != argument; other = other->next) {
		if (other->param != argument->param)
			continue;
		parser->script->catalog->param(call, argument->param, &param);
		words = (struct fault_words){ .param = param.name };
		return parser_refuse(parser, argument->offset, FAULT_TWICE,
				     &words);
	}
	return true;
}

static bool take_argument(struct parser *parser, struct invocation *made,
			  unsigned *positionp, struct argument *argument)
{
	argument->offset = parser->token.offset;
	if (parser->token.kind == TOKEN_NAME && parser_peek_is(parser, "=")) {
		if (!take_param_name(parser, made->call, argument))
			return false;
		*positionp = UINT32_MAX;
	} else if (*positionp == UINT32_MAX) {
		return parser_expected(parser, FAULT_NAMED_ARGUMENT);
	} else if (!take_position(parser, made->call, (*positionp)++,
				  argument)) {
		return false;
	}
	if (!judge_twice(parser, made->call, made, argument))
		return false;
	return take_value(parser, made->call, argument);
}

static bool take_arguments(struct parser *parser, struct invocation *made)
{
	struct argument **link = &made->args;
	unsigned position = 0;

	if (parser_take(parser, ")"))
		return true;
	for (;;) {
		*link = script_alloc(parser->script, sizeof(**link));
		if (!*link)
			return parser_no_memory(parser);
		made->nr_args++;
		if (!take_argument(parser, made, &position, *link))
			return false;
		link = &(*link)->next;
		if (parser_take(parser, ")"))
			return true;
		if (!parser_demand(parser, ",", FAULT_COMMA))
			return false;
	}
}

static bool has_argument(const struct invocation *made, unsigned param)
{
	const struct argument *argument;

	for (argument = made->args; argument; argument = argument->next)
		if (argument->param == param)
			return true;
	return false;
}

static bool judge_missing(struct parser *parser, const struct invocation *made)
{
	const struct script_catalog *catalog = parser->script->catalog;
	struct script_param param;
	struct fault_words words;
	struct list list;
	unsigned i;

	for (i = 0; catalog->param(made->call, i, &param); i++) {
		if (!param.required || has_argument(made, i))
			continue;
		words = (struct fault_words){
			.call = catalog->name(made->call),
			.param = param.name,
			.list = list_params(parser, made->call, false, &list),
		};
		return parser_refuse(parser, made->offset, FAULT_MISSING,
				     &words);
	}
	return true;
}

bool parser_call(struct parser *parser, struct invocation **callp)
{
	struct invocation *made = script_alloc(parser->script, sizeof(*made));

	if (!made)
		return parser_no_memory(parser);
	made->offset = parser->token.offset;
	*callp = made;
	if (!take_call_name(parser, &made->call))
		return false;
	/* The bracket, by which it was known. */
	parser_next(parser);
	return take_arguments(parser, made) && judge_missing(parser, made);
}
