/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside the parser of scripts
 *
 * One token is looked at at a time. Whoever finds something wrong says so once,
 * with parser_refuse(), and answers false up to the top.
 */
#include "proto/script/script_tree.h"

struct parser {
	struct script *script;
	struct lexer lexer;
	struct token token; /* that stands here */
	uint32_t last_end;  /* of the token before */
	uint32_t counted;   /* how far lines were counted */
	unsigned line;      /* there */
	unsigned brackets;  /* around the token */
	unsigned operators; /* of the line, so far */
	struct script_fault *fault;
};

/* The parameter whose words an expression may use. */
struct words_of {
	unsigned call, param;
	bool has_words, has_other; /* what was used, of short words and else */
};

/** parser_refuse() - state what is wrong, unless that has been done; @words: NULL,
 * if the sentence has no values; false */
bool parser_refuse(struct parser *parser, uint32_t offset, enum fault_text text,
		   const struct fault_words *words);

/** parser_refuse_beyond() - likewise, that there is no more than @limit */
bool parser_refuse_beyond(struct parser *parser, uint32_t offset,
			  enum fault_text text, unsigned limit);

/** parser_no_memory() - likewise, that the host refused; false */
bool parser_no_memory(struct parser *parser);

/** parser_expected() - say what should stand here, and what does; false */
bool parser_expected(struct parser *parser, enum fault_text what);

/** parser_expected_of() - likewise, something of a @list */
bool parser_expected_of(struct parser *parser, enum fault_text what,
			const char *list);

/** parser_text() - where the token begins */
const char *parser_text(const struct parser *parser);

/** parser_next() - go to the next token */
void parser_next(struct parser *parser);

/** parser_is() - is it this mark or word? parser_take() also goes behind it, and
 * parser_demand() says @what was expected if it is not */
bool parser_is(const struct parser *parser, const char *mark);
bool parser_take(struct parser *parser, const char *mark);
bool parser_demand(struct parser *parser, const char *mark,
		   enum fault_text what);

/** parser_peek_is() - does @mark follow the token? */
bool parser_peek_is(const struct parser *parser, const char *mark);

/** parser_find_slot() - the slot of a name */
bool parser_find_slot(const struct parser *parser, const char *text,
		      uint32_t len, unsigned *slotp);

/** parser_take_slot() - take a name that has a slot */
bool parser_take_slot(struct parser *parser, unsigned *slotp);

/** parser_nearest_slot() - see whether a name of a result is nearer than what is
 * known */
void parser_nearest_slot(const struct parser *parser, const char *text,
			 uint32_t len, struct nearest *nearest);

/** parser_is_call() - does a call begin here? */
bool parser_is_call(const struct parser *parser);

/** parser_call() - take a call, judged by the catalog */
bool parser_call(struct parser *parser, struct invocation **callp);

/** parser_expression() - take an expression; @words: NULL, or whose words it may
 * use */
bool parser_expression(struct parser *parser, struct words_of *words,
		       struct node **nodep);
