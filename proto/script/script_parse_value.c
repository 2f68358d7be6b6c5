/* SPDX-License-Identifier: MIT */
/*
 * Expressions of a script
 */
#include <string.h>

#include "proto/json/reader.h"
#include "proto/script/script_parser.h"

/* A node at the token; NULL: no memory, and said so. */
static struct node *node_new(struct parser *parser, enum node_kind kind)
{
	struct node *node = script_alloc(parser->script, sizeof(*node));

	if (!node) {
		parser_no_memory(parser);
		return NULL;
	}
	node->kind = kind;
	node->offset = parser->token.offset;
	return node;
}

static bool take_node(struct parser *parser, enum node_kind kind,
		      struct node **nodep)
{
	*nodep = node_new(parser, kind);
	if (!*nodep)
		return false;
	parser_next(parser);
	return true;
}

static bool take_number(struct parser *parser, script_number number,
			bool is_hex, struct node **nodep)
{
	if (!take_node(parser, NODE_VALUE, nodep))
		return false;
	(*nodep)->value.kind = SCRIPT_NUMBER;
	(*nodep)->value.number = number;
	(*nodep)->value.is_hex = is_hex;
	return true;
}

/* The characters that a text stands for. */
static bool take_string(struct parser *parser, struct node **nodep)
{
	struct json_value raw = { .text = parser_text(parser),
				  .len = parser->token.len,
				  .kind = JSON_KIND_STRING };
	struct script_value *value;
	char *room;

	if (!take_node(parser, NODE_VALUE, nodep))
		return false;
	value = &(*nodep)->value;
	room = script_alloc(parser->script, raw.len);
	if (!room)
		return parser_no_memory(parser);
	raw.escaped = memchr(raw.text, '\\', raw.len) != NULL;
	value->kind = SCRIPT_TEXT;
	value->text = json_string_text(&raw, room, raw.len, &value->len);
	return true;
}

/* ENOMEM, SIGSEGV: what answers hold. */
static const char *find_constant(const struct parser *parser, const char *text,
				 uint32_t len)
{
	const char *known;
	unsigned i;

	for (i = 0; (known = parser->script->catalog->constant(i)); i++)
		if (strlen(known) == len && !memcmp(known, text, len))
			return known;
	return NULL;
}

static bool take_constant(struct parser *parser, const char *text,
			  struct node **nodep)
{
	const size_t len = strlen(text);

	if (!take_node(parser, NODE_VALUE, nodep))
		return false;
	(*nodep)->value = (struct script_value){
		.kind = parser->script->catalog->is_errno(text, len)
				? SCRIPT_ERRNO
				: SCRIPT_TEXT,
		.text = text,
		.len = len
	};
	return true;
}

/* Nothing is called so: what may be meant, of all that could stand here. */
static bool refuse_name(struct parser *parser, const struct words_of *of)
{
	const struct script_catalog *catalog = parser->script->catalog;
	const char *text = parser_text(parser), *constant;
	const uint32_t len = parser->token.len;
	struct nearest nearest = { .distance = 3 };
	const struct fault_words words = {
		.it = text,
		.it_len = len,
		.nearest = &nearest,
	};
	char word[SCRIPT_WORD_MAX], best[SCRIPT_WORD_MAX];
	unsigned i;

	parser_nearest_slot(parser, text, len, &nearest);
	for (i = 0; (constant = catalog->constant(i)); i++)
		nearest_see(&nearest, text, len, constant, strlen(constant));
	for (i = 0; of && catalog->word_at(of->call, of->param, i, word); i++) {
		nearest_see(&nearest, text, len, word, strlen(word));
		if (nearest.known == word)
			nearest.known = strcpy(best, word);
	}
	return parser_refuse(parser, parser->token.offset,
			     of ? FAULT_UNKNOWN_WORD : FAULT_UNKNOWN_NAME,
			     &words);
}

static bool take_name(struct parser *parser, struct words_of *words,
		      struct node **nodep)
{
	const struct script_catalog *catalog = parser->script->catalog;
	const char *text = parser_text(parser), *constant;
	const uint32_t len = parser->token.len;
	bool is_short;
	uint64_t bits;
	unsigned slot;

	if (parser_is_call(parser))
		return parser_refuse(parser, parser->token.offset,
				     FAULT_CALL_INSIDE, NULL);
	if (words && catalog->word(words->call, words->param, text, len, &bits,
				   &is_short)) {
		words->has_words = words->has_words || is_short;
		words->has_other = words->has_other || !is_short;
		return take_number(parser, (script_number)bits, true, nodep);
	}
	if (words)
		words->has_other = true;
	if (parser_is(parser, "null"))
		return take_node(parser, NODE_VALUE, nodep);
	if (parser_find_slot(parser, text, len, &slot)) {
		if (!take_node(parser, NODE_NAME, nodep))
			return false;
		(*nodep)->slot = slot;
		return true;
	}
	constant = find_constant(parser, text, len);
	return constant ? take_constant(parser, constant, nodep)
			: refuse_name(parser, words);
}

/* ------------------------------------------------------------ looking in */

/* The name that all of it begins with has an answer to be kept. */
static void keep_answer(struct parser *parser, const struct node *node)
{
	while (node->kind == NODE_MEMBER || node->kind == NODE_INDEX)
		node = node->left;
	if (node->kind == NODE_NAME)
		parser->script->slots[node->slot].has_members = true;
}

static bool take_member(struct parser *parser, struct node **nodep)
{
	struct node *node;

	if (parser->token.kind != TOKEN_NAME)
		return parser_expected(parser, FAULT_MEMBER);
	node = node_new(parser, NODE_MEMBER);
	if (!node)
		return false;
	node->left = *nodep;
	node->text = parser_text(parser);
	node->len = parser->token.len;
	*nodep = node;
	keep_answer(parser, node);
	parser_next(parser);
	return true;
}

static bool take_element(struct parser *parser, struct node **nodep)
{
	struct node *node = node_new(parser, NODE_INDEX);

	if (!node)
		return false;
	node->left = *nodep;
	*nodep = node;
	keep_answer(parser, node);
	return parser_expression(parser, NULL, &node->right) &&
	       parser_demand(parser, "]", FAULT_BRACKET);
}

static bool take_looks(struct parser *parser, struct node **nodep)
{
	const enum node_kind kind = (*nodep)->kind;
	unsigned looks;

	if (kind != NODE_NAME)
		return true;
	for (looks = 0;; looks++) {
		if (looks == SCRIPT_DEPTH_MAX)
			return parser_refuse_beyond(
				parser, parser->token.offset, FAULT_DEEP_LOOK,
				SCRIPT_DEPTH_MAX);
		if (parser_take(parser, ".")) {
			if (!take_member(parser, nodep))
				return false;
		} else if (parser_take(parser, "[")) {
			if (!take_element(parser, nodep))
				return false;
		} else {
			return true;
		}
	}
}

/* ---------------------------------------------------------- operators */

static const char *const levels[][4] = {
	{ "|", NULL },      { "&", NULL },           { "<<", ">>", NULL },
	{ "+", "-", NULL }, { "*", "/", "%", NULL },
};

#define NR_LEVELS (sizeof(levels) / sizeof(levels[0]))

static bool take_level(struct parser *parser, struct words_of *words,
		       size_t level, struct node **nodep);

static bool take_primary(struct parser *parser, struct words_of *words,
			 struct node **nodep)
{
	switch (parser->token.kind) {
	case TOKEN_NUMBER:
		if (words)
			words->has_other = true;
		return take_number(parser, parser->token.number,
				   parser->token.is_hex, nodep);
	case TOKEN_STRING:
		return take_string(parser, nodep);
	case TOKEN_NAME:
		return take_name(parser, words, nodep) &&
		       take_looks(parser, nodep);
	default:
		break;
	}
	if (!parser_take(parser, "("))
		return parser_expected(parser, FAULT_VALUE);
	return take_level(parser, words, 0, nodep) &&
	       parser_demand(parser, ")", FAULT_CLOSING);
}

static bool take_negated(struct parser *parser, struct words_of *words,
			 struct node **nodep)
{
	struct node *node;

	if (!parser_is(parser, "-"))
		return take_primary(parser, words, nodep);
	if (!take_node(parser, NODE_NEGATE, &node))
		return false;
	*nodep = node;
	return take_primary(parser, words, &node->left);
}

/* One of the level's operators, or NULL. */
static const char *take_operator(struct parser *parser, size_t level)
{
	size_t i;

	for (i = 0; levels[level][i]; i++)
		if (parser_take(parser, levels[level][i]))
			return levels[level][i];
	return NULL;
}

static bool take_operands(struct parser *parser, struct words_of *words,
			  size_t level, struct node **nodep)
{
	const char *operator;
	struct node *node;
	uint32_t at;

	if (!take_level(parser, words, level + 1, nodep))
		return false;
	for (;;) {
		at = parser->token.offset;
		operator= take_operator(parser, level);
		if (!operator)
			return true;
		node = node_new(parser, NODE_BINARY);
		if (!node)
			return false;
		node->offset = at;
		node->operator= * operator;
		node->left = *nodep;
		*nodep = node;
		/* The tree grows to the left, and is walked by recursion. */
		if (++parser->operators > SCRIPT_OPERATORS_MAX)
			return parser_refuse_beyond(parser, at,
						    FAULT_MANY_OPERATORS,
						    SCRIPT_OPERATORS_MAX);
		if (!take_level(parser, words, level + 1, &node->right))
			return false;
	}
}

static bool take_level(struct parser *parser, struct words_of *words,
		       size_t level, struct node **nodep)
{
	bool ok;

	if (level == NR_LEVELS)
		return take_negated(parser, words, nodep);
	if (level)
		return take_operands(parser, words, level, nodep);
	if (parser->brackets == SCRIPT_DEPTH_MAX)
		return parser_refuse_beyond(parser, parser->token.offset,
					    FAULT_DEEP_BRACKETS,
					    SCRIPT_DEPTH_MAX);
	parser->brackets++;
	ok = take_operands(parser, words, level, nodep);
	parser->brackets--;
	return ok;
}

bool parser_expression(struct parser *parser, struct words_of *words,
		       struct node **nodep)
{
	return take_level(parser, words, 0, nodep);
}
