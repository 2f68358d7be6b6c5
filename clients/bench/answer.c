/* SPDX-License-Identifier: MIT */
#include "clients/bench/answer.h"

#include <string.h>

#include "clients/bench/brackets.h"

bool span_is(struct span span, const char *text)
{
	return span.len == strlen(text) && !memcmp(span.at, text, span.len);
}

static bool fail(struct answers *in)
{
	in->is_broken = true;
	in->at = in->end;
	return false;
}

/* The next byte that is no white space, 0 at the end. */
static char peek(struct answers *in)
{
	while (in->at < in->end && (*in->at == ' ' || *in->at == '\n' ||
				    *in->at == '\r' || *in->at == '\t'))
		in->at++;
	return in->at < in->end ? *in->at : 0;
}

static bool take(struct answers *in, char wanted)
{
	if (peek(in) != wanted)
		return fail(in);
	in->at++;
	return true;
}

static bool read_string(struct answers *in, struct span *span)
{
	const char *at;

	if (!take(in, '"'))
		return false;
	span->at = at = in->at;
	while (at < in->end && *at != '"')
		at += *at == '\\' ? 2 : 1;
	if (at >= in->end)
		return fail(in);
	span->len = (size_t)(at - span->at);
	in->at = at + 1;
	return true;
}

static bool is_scalar_end(char c)
{
	return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\n' ||
	       c == '\r' || c == '\t';
}

static bool skip_brackets(struct answers *in)
{
	const char *behind = brackets_end(in->at, in->end);

	if (!behind)
		return fail(in);
	in->at = behind;
	return true;
}

/* Steps over one value of any kind; brackets only have to balance. */
static bool skip_value(struct answers *in)
{
	struct span span;
	const char c = peek(in);

	if (c == '"')
		return read_string(in, &span);
	if (c == '{' || c == '[')
		return skip_brackets(in);
	if (!c || c == ':' || is_scalar_end(c))
		return fail(in);
	while (in->at < in->end && !is_scalar_end(*in->at))
		in->at++;
	return true;
}

static bool digit_value(char c, unsigned base, unsigned *valuep)
{
	if (c >= '0' && c <= '9')
		*valuep = (unsigned)(c - '0');
	else if (c >= 'a' && c <= 'f')
		*valuep = (unsigned)(c - 'a') + 10;
	else
		return false;
	return *valuep < base;
}

static bool parse_digits(const char *at, const char *end, unsigned base,
			 uint64_t *numberp)
{
	unsigned value;

	if (at == end)
		return false;
	for (*numberp = 0; at < end; at++) {
		if (!digit_value(*at, base, &value) ||
		    __builtin_mul_overflow(*numberp, base, numberp) ||
		    __builtin_add_overflow(*numberp, value, numberp))
			return false;
	}
	return true;
}

/* An integer, or a string "0x..."; whatever else is stepped over. */
static bool read_number(struct answers *in, bool *foundp, uint64_t *numberp)
{
	struct span text;
	bool negative;

	if (peek(in) == '"') {
		if (!read_string(in, &text))
			return false;
		*foundp = text.len > 2 && !memcmp(text.at, "0x", 2) &&
			  parse_digits(text.at + 2, text.at + text.len, 16,
				       numberp);
		return true;
	}
	text.at = in->at;
	if (!skip_value(in))
		return false;
	negative = *text.at == '-';
	*foundp = parse_digits(text.at + negative, in->at, 10, numberp);
	if (negative)
		*numberp = -*numberp;
	return true;
}

/* A string; null and whatever else is stepped over. */
static bool read_text(struct answers *in, struct span *span)
{
	return peek(in) == '"' ? read_string(in, span) : skip_value(in);
}

typedef bool member_fn(struct answers *in, struct span name,
		       struct answer *answer);

static bool read_object(struct answers *in, member_fn *member,
			struct answer *answer)
{
	struct span name;

	if (!take(in, '{'))
		return false;
	if (peek(in) == '}')
		return take(in, '}');
	do {
		if (!read_string(in, &name) || !take(in, ':') ||
		    !member(in, name, answer))
			return false;
	} while (peek(in) == ',' && take(in, ','));
	return take(in, '}');
}

static bool result_member(struct answers *in, struct span name,
			  struct answer *answer)
{
	if (span_is(name, "ret"))
		return read_number(in, &answer->has_ret, &answer->ret);
	if (span_is(name, "thread"))
		return read_number(in, &answer->has_thread, &answer->thread);
	if (span_is(name, "process"))
		return read_text(in, &answer->process);
	if (span_is(name, "fault"))
		return read_text(in, &answer->fault);
	if (span_is(name, "si_code"))
		return read_text(in, &answer->si_code);
	if (span_is(name, "snapshot"))
		answer->has_snapshot = peek(in) == '{';
	return skip_value(in);
}

static bool data_member(struct answers *in, struct span name,
			struct answer *answer)
{
	if (span_is(name, "key"))
		return read_text(in, &answer->error_key);
	return skip_value(in);
}

static bool error_member(struct answers *in, struct span name,
			 struct answer *answer)
{
	if (span_is(name, "message"))
		return read_text(in, &answer->error_message);
	if (span_is(name, "data") && peek(in) == '{')
		return read_object(in, data_member, answer);
	return skip_value(in);
}

static bool response_member(struct answers *in, struct span name,
			    struct answer *answer)
{
	if (span_is(name, "id"))
		return read_number(in, &answer->has_id, &answer->id);
	if (span_is(name, "result")) {
		answer->has_result = true;
		if (peek(in) == '{')
			return read_object(in, result_member, answer);
	} else if (span_is(name, "error")) {
		answer->has_error = true;
		if (peek(in) == '{')
			return read_object(in, error_member, answer);
	}
	return skip_value(in);
}

void answers_open(struct answers *answers, const char *body, size_t len)
{
	*answers = (struct answers){
		.at = body,
		.end = body + len,
		.is_first = true,
	};
	answers->is_batch = peek(answers) == '[';
	if (answers->is_batch)
		answers->at++;
}

/* Behind the last response object there is nothing. */
static bool finish(struct answers *in)
{
	if (in->is_batch && !in->is_broken)
		take(in, ']');
	in->is_batch = false;
	return peek(in) ? fail(in) : false;
}

bool answers_next(struct answers *answers, struct answer *answer)
{
	bool is_first = answers->is_first;

	answers->is_first = false;
	if (answers->is_broken)
		return false;
	if (!is_first && (!answers->is_batch || peek(answers) != ','))
		return finish(answers);
	if (!is_first && !take(answers, ','))
		return false;
	*answer = (struct answer){ 0 };
	return read_object(answers, response_member, answer);
}
