/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "proto/script/script_tree.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name(char c)
{
	return is_name_start(c) || is_digit(c);
}

static int hex_digit(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* How many bits a suffix is worth. */
static unsigned unit_bits(char c)
{
	switch (c) {
	case 'k':
	case 'K':
		return 10;
	case 'm':
	case 'M':
		return 20;
	case 'g':
	case 'G':
		return 30;
	case 't':
	case 'T':
		return 40;
	default:
		return 0;
	}
}

static void lex_fault(struct lexer *lexer, struct token *token,
		      enum fault_text what)
{
	const struct fault_words words = {
		.it = lexer->text + token->offset,
		.it_len = token->len,
	};

	token->kind = TOKEN_BAD;
	script_fault_at(lexer->fault, SCRIPT_SYNTAX, lexer->text, lexer->len,
			token->offset);
	script_fault_say(lexer->fault, what, &words);
}

static char char_at(const struct lexer *lexer, uint32_t at)
{
	return at < lexer->len ? lexer->text[at] : '\0';
}

static void lex_number(struct lexer *lexer, struct token *token)
{
	const script_number most = (script_number)UINT64_MAX;
	const unsigned base =
		lexer->text[token->offset] == '0' &&
				(char_at(lexer, token->offset + 1) | 0x20) ==
					'x'
			? 16
			: 10;
	uint32_t at = token->offset + (base == 16 ? 2 : 0);
	const uint32_t digits = at;
	bool fits = true;
	unsigned bits;
	int digit;

	token->kind = TOKEN_NUMBER;
	token->is_hex = base == 16;
	for (; at < lexer->len; at++) {
		digit = hex_digit(lexer->text[at]);
		if (digit < 0 || digit >= (int)base)
			break;
		if (fits)
			token->number = token->number * base + digit;
		fits = fits && token->number <= most;
	}
	bits = at > digits ? unit_bits(char_at(lexer, at)) : 0;
	if (bits) {
		at++;
		token->number <<= bits;
		fits = fits && token->number <= most;
	}
	while (at < lexer->len && is_name(lexer->text[at])) {
		at++;
		token->kind = TOKEN_BAD;
	}
	token->len = at - token->offset;
	lexer->at = at;
	if (token->kind == TOKEN_BAD || at == digits)
		lex_fault(lexer, token, FAULT_NO_NUMBER);
	else if (!fits)
		lex_fault(lexer, token, FAULT_LARGE_NUMBER);
}

/* JSON that begins at the token's offset and has @len bytes. */
static bool judge_json(struct lexer *lexer, struct token *token)
{
	struct json_fault fault;
	const struct fault_words words = {
		.it = lexer->text + token->offset,
		.it_len = token->len,
		.json = &fault,
	};

	if (!json_validate(words.it, token->len, 16, &fault))
		return true;
	token->kind = TOKEN_BAD;
	script_fault_at(lexer->fault, SCRIPT_SYNTAX, lexer->text, lexer->len,
			token->offset + (uint32_t)fault.offset);
	return script_fault_say(lexer->fault, FAULT_NO_JSON, &words);
}

/* Behind the string that begins at @at, or at the end of its line. */
static uint32_t string_end(const struct lexer *lexer, uint32_t at)
{
	for (at++; at < lexer->len && lexer->text[at] != '\n'; at++) {
		if (lexer->text[at] == '"')
			return at + 1;
		if (lexer->text[at] == '\\')
			at++;
	}
	return at < lexer->len ? at : lexer->len;
}

static void lex_string(struct lexer *lexer, struct token *token)
{
	const uint32_t end = string_end(lexer, lexer->at);

	token->kind = TOKEN_STRING;
	token->len = end - token->offset;
	lexer->at = end;
	if (token->len < 2 || lexer->text[end - 1] != '"')
		lex_fault(lexer, token, FAULT_OPEN_TEXT);
	else
		judge_json(lexer, token);
}

bool lexer_json(struct lexer *lexer, struct token *token)
{
	uint32_t at = token->offset;
	unsigned depth = 0;

	do {
		switch (char_at(lexer, at)) {
		case '{':
		case '[':
			depth++;
			at++;
			break;
		case '}':
		case ']':
			depth--;
			at++;
			break;
		case '"':
			at = string_end(lexer, at);
			break;
		default:
			at++;
		}
	} while (depth && at < lexer->len);
	token->len = at - token->offset;
	lexer->at = at;
	return judge_json(lexer, token);
}

static void lex_mark(struct lexer *lexer, struct token *token)
{
	static const char *const pairs[] = {
		"==", "!=", "<=", ">=", "<<", ">>"
	};
	const char *at = lexer->text + token->offset;
	size_t i;

	token->kind = TOKEN_MARK;
	token->len = 1;
	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (token->offset + 1 < lexer->len && !memcmp(at, pairs[i], 2))
			token->len = 2;
	if (token->len == 1 && !memchr("=<>+-*/%&|(),:{}[].", *at, 19)) {
		/* All of a character. */
		while (token->offset + token->len < lexer->len &&
		       ((unsigned char)at[token->len] & 0xc0) == 0x80)
			token->len++;
		lex_fault(lexer, token, FAULT_NO_MEANING);
	}
	lexer->at += token->len;
}

static void skip_blanks(struct lexer *lexer)
{
	char c;

	while (lexer->at < lexer->len) {
		c = lexer->text[lexer->at];
		if (c == '#') {
			while (lexer->at < lexer->len &&
			       lexer->text[lexer->at] != '\n')
				lexer->at++;
			return;
		}
		if (c != ' ' && c != '\t' && c != '\r')
			return;
		lexer->at++;
	}
}

void lexer_next(struct lexer *lexer, struct token *token)
{
	char c;

	skip_blanks(lexer);
	*token = (struct token){ .offset = lexer->at };
	if (lexer->at == lexer->len)
		return;
	c = lexer->text[lexer->at];
	if (c == '\n') {
		token->kind = TOKEN_LINE;
		token->len = 1;
		lexer->at++;
	} else if (is_digit(c)) {
		lex_number(lexer, token);
	} else if (c == '"') {
		lex_string(lexer, token);
	} else if (is_name_start(c)) {
		token->kind = TOKEN_NAME;
		while (lexer->at < lexer->len &&
		       is_name(lexer->text[lexer->at]))
			lexer->at++;
		token->len = lexer->at - token->offset;
	} else {
		lex_mark(lexer, token);
	}
}
