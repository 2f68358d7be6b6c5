/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside a script: its tokens and its tree
 */
#include "proto/script/script_fault.h"

/* ------------------------------------------------------------- tokens */

enum token_kind {
	TOKEN_END,
	TOKEN_LINE, /* the end of a line that was not empty */
	TOKEN_NAME,
	TOKEN_NUMBER,
	TOKEN_STRING, /* with its quotes, judged as JSON */
	TOKEN_MARK,   /* an operator or a bracket: one or two characters */
	TOKEN_BAD,    /* said by the fault */
};

struct token {
	enum token_kind kind;
	uint32_t offset, len;
	script_number number;
	bool is_hex;
};

struct lexer {
	const char *text;
	uint32_t len, at;
	struct script_fault *fault;
};

/** lexer_next() - the next token; blanks, comments and empty lines are skipped */
void lexer_next(struct lexer *lexer, struct token *token);

/** lexer_json() - take the JSON value that begins at @token, a '{' or '['; false:
 * it is none, and the fault says so */
bool lexer_json(struct lexer *lexer, struct token *token);

/* --------------------------------------------------------------- tree */

enum node_kind {
	NODE_VALUE,  /* value */
	NODE_NAME,   /* slot */
	NODE_MEMBER, /* left, text */
	NODE_INDEX,  /* left, right */
	NODE_NEGATE, /* left */
	NODE_BINARY, /* left, right, operator */
};

struct node {
	enum node_kind kind;
	uint32_t offset;
	unsigned slot;
	char operator; /* '<' and '>' shift */
	struct node *left, *right;
	struct script_value value;
	const char *text;
	uint32_t len;
};

struct argument {
	struct argument *next;
	unsigned param;
	enum script_takes takes;
	uint32_t offset;
	bool is_short;
	struct node *node; /* numbers and flags; else NULL and value */
	struct script_value value;
};

struct invocation {
	unsigned call;
	uint32_t offset;
	struct argument *args;
	unsigned nr_args;
};

enum comparison {
	COMPARE_EQUAL,
	COMPARE_UNEQUAL,
	COMPARE_BELOW,
	COMPARE_UP_TO,
	COMPARE_ABOVE,
	COMPARE_FROM,
};

extern const char *const comparison_marks[];

enum statement_kind {
	STATEMENT_DO,     /* invocation or value; maybe for a slot */
	STATEMENT_PRINT,  /* value */
	STATEMENT_EXPECT, /* invocation or value, comparison, wanted */
	STATEMENT_REPEAT, /* value, block */
};

#define NO_SLOT UINT32_MAX

struct statement {
	struct statement *next;
	enum statement_kind kind;
	uint32_t offset, end; /* in the text */
	unsigned line;
	unsigned process; /* the slot of the name behind "in", or NO_SLOT */
	uint32_t process_offset;
	unsigned slot; /* that the value is for, or NO_SLOT */
	struct invocation *invocation;
	struct node *value;
	enum comparison comparison;
	struct node *wanted;
	struct statement *block;
};

/* What a name stands for. */
struct slot {
	const char *name;
	uint32_t len;
	bool has_members; /* some statement looks into its answer */
	bool is_set;
	struct script_value value;
	char *kept; /* what value points into; NULL: nothing */
	size_t kept_len;
};

/* A block that runs, and the repeat that it belongs to. */
struct frame {
	const struct statement *next;
	const struct statement *repeat; /* NULL: the script itself */
	script_number left;             /* turns, this one included */
};

/* A run between two statements. */
struct run {
	const struct script_host *host;
	uint64_t steps, max;
	unsigned depth; /* the last of frames that is in use */
	struct frame frames[SCRIPT_REPEATS_MAX + 1];
};

struct arena_block;

struct script {
	struct memory *memory;
	const struct script_catalog *catalog;
	struct arena_block *blocks;
	size_t kept; /* bytes of all slots */
	char *text;
	uint32_t len;
	bool creates;
	struct statement *first;
	struct slot *slots;
	unsigned nr_slots;
	struct run run;
};

/** script_alloc() - zeroed memory that goes with the script; NULL: refused */
void *script_alloc(struct script *script, size_t size);

/** script_drop_values() - forget what the names stand for */
void script_drop_values(struct script *script);

/* ------------------------------------------------------------- values */

/** answer_value() - what an answer is worth: its errno, its ret, or its first
 * member */
void answer_value(const struct script_reply *reply, unsigned line,
		  struct script_value *value);

/** value_member() - the member of an answer or object, the outermost first;
 * false: there is none */
bool value_member(const struct script_value *value, const char *name,
		  size_t len, struct script_value *member);

/** value_element() - an element of an array; false: there is none */
bool value_element(const struct script_value *value, script_number index,
		   struct script_value *element);

/** value_compare() - whether it holds; numbers alone have an order */
bool value_compare(const struct script_value *left, enum comparison how,
		   const struct script_value *right);
