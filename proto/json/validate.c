/* SPDX-License-Identifier: MIT */
/*
 * The judge: recursive descent, one function for each production of RFC 8259
 *
 * Each takes the place where its production begins, which is before the end
 * unless said otherwise, and returns the place behind it, or NULL with the
 * fault filled in. The depth limit bounds the recursion.
 */
#include "core/hot.h"
#include "proto/json/judge.h"

/*
 * The names of one object so far. Names are compared only when their hashes
 * agree, and hashes only when a name with the same few bits was seen before:
 * in the usual object nothing is compared at all.
 */
struct names {
	uint64_t seen;
	unsigned count;
	uint32_t hash[JSON_MEMBERS_MAX];
	const char *at[JSON_MEMBERS_MAX];
};

const char *judge_refuse(struct judge *j, enum json_fault_code code,
			 const char *at)
{
	*j->fault = (struct json_fault){ code, (size_t)(at - j->text) };
	return NULL;
}

const char *judge_refuse_end(struct judge *j)
{
	return judge_refuse(j, JSON_E_TRUNCATED, j->end);
}

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static const char *judge_literal(struct judge *j, const char *p,
				 const char *word, size_t len)
{
	size_t left = (size_t)(j->end - p);

	if (memcmp(p, word, left < len ? left : len) != 0)
		return judge_refuse(j, JSON_E_VALUE, p);
	return left < len ? judge_refuse_end(j) : p + len;
}

/* One digit or more; @p may be the end. */
static const char *judge_digits(struct judge *j, const char *p)
{
	if (p == j->end)
		return judge_refuse_end(j);
	if (!is_digit(*p))
		return judge_refuse(j, JSON_E_NUMBER, p);
	return scan_digits(p + 1, j->end);
}

const char *judge_any_number(struct judge *j, const char *p)
{
	if (*p == '-')
		p++;
	if (p < j->end && *p == '0') {
		p++;
		if (p < j->end && is_digit(*p))
			return judge_refuse(j, JSON_E_NUMBER, p);
	} else {
		p = judge_digits(j, p);
	}
	if (p && p < j->end && *p == '.')
		p = judge_digits(j, p + 1);
	if (p && p < j->end && (*p == 'e' || *p == 'E')) {
		p++;
		if (p < j->end && (*p == '+' || *p == '-'))
			p++;
		p = judge_digits(j, p);
	}
	return p;
}

/* The four digits of the escape at @p, "\u" having been seen. */
static const char *judge_hex4(struct judge *j, const char *p, unsigned *unit)
{
	const char *digit;

	*unit = 0;
	for (digit = p + 2; digit < p + 6; digit++) {
		if (digit == j->end)
			return judge_refuse_end(j);
		if (scan_hex(*digit) < 0)
			return judge_refuse(j, JSON_E_ESCAPE, p);
		*unit = *unit << 4 | (unsigned)scan_hex(*digit);
	}
	return digit;
}

static const char *judge_unicode_escape(struct judge *j, const char *p)
{
	unsigned unit, other;
	const char *next = judge_hex4(j, p, &unit);

	if (!next || unit < 0xd800 || unit > 0xdfff)
		return next;
	if (unit > 0xdbff)
		return judge_refuse(j, JSON_E_SURROGATE, p);
	if (next == j->end || (*next == '\\' && next + 1 == j->end))
		return judge_refuse_end(j);
	if (next[0] != '\\' || next[1] != 'u')
		return judge_refuse(j, JSON_E_SURROGATE, p);
	next = judge_hex4(j, next, &other);
	if (next && (other < 0xdc00 || other > 0xdfff))
		return judge_refuse(j, JSON_E_SURROGATE, p);
	return next;
}

static const char *judge_escape(struct judge *j, const char *p)
{
	j->escaped = true;
	if (p + 1 == j->end)
		return judge_refuse_end(j);
	switch (p[1]) {
	case '"':
	case '\\':
	case '/':
	case 'b':
	case 'f':
	case 'n':
	case 'r':
	case 't':
		return p + 2;
	case 'u':
		return judge_unicode_escape(j, p);
	default:
		return judge_refuse(j, JSON_E_ESCAPE, p);
	}
}

/* What scan_plain() stopped at, inside a string and not its end. */
static const char *judge_special(struct judge *j, const char *p)
{
	unsigned len;

	if (*p == '\\')
		return judge_escape(j, p);
	if ((unsigned char)*p < 0x20)
		return judge_refuse(j, JSON_E_CONTROL, p);
	len = scan_utf8(p, j->end);
	return len ? p + len : judge_refuse(j, JSON_E_UTF8, p);
}

const char *judge_string_rest(struct judge *j, const char *p)
{
	while (p && p < j->end) {
		if (*p == '"')
			return p + 1;
		p = judge_special(j, p);
		if (p)
			p = scan_plain(p, j->end);
	}
	return p ? judge_refuse_end(j) : NULL;
}

static uint32_t hash_name(const char *name, size_t len)
{
	uint64_t first = 0, last = 0;

	/* Both ends only, which overlap in short names. */
	if (len >= 8) {
		memcpy(&first, name, 8);
		memcpy(&last, name + len - 8, 8);
	} else if (len >= 4) {
		memcpy(&first, name, 4);
		memcpy(&last, name + len - 4, 4);
	} else if (len) {
		memcpy(&first, name, 1);
		memcpy(&last, name + len / 2, 1);
		first = first << 8 | (unsigned char)name[len - 1];
	}
	first = (first ^ len) * 0x9e3779b97f4a7c15u;
	last = (last + first) * 0xd6e8feb86659fd93u;
	return (uint32_t)(last >> 32);
}

APART static bool knows_name(const struct names *names, uint32_t hash,
			     const char *name, size_t len, const char *end)
{
	struct json_reader reader = { .end = end };
	struct json_value known;
	unsigned i;

	for (i = 0; i < names->count; i++) {
		if (names->hash[i] != hash)
			continue;
		reader.at = names->at[i];
		json_reader_value(&reader, &known);
		if (json_string_equals(&known, name, len))
			return true;
	}
	return false;
}

/* Adds the @len bytes at @text, which stand at @p, unless there is a fault. */
static inline bool add_name(struct judge *j, struct names *names, const char *p,
			    const char *text, size_t len)
{
	uint32_t hash = hash_name(text, len);
	uint64_t bit = (uint64_t)1 << (hash >> 26);

	if ((names->seen & bit) && knows_name(names, hash, text, len, j->end))
		return judge_refuse(j, JSON_E_DUPLICATE, p);
	if (names->count == JSON_MEMBERS_MAX)
		return judge_refuse(j, JSON_E_MEMBERS, p);
	names->seen |= bit;
	names->hash[names->count] = hash;
	names->at[names->count++] = p;
	return true;
}

APART static bool add_escaped_name(struct judge *j, struct names *names,
				   const char *p, size_t written)
{
	struct json_value name = { p, written, JSON_KIND_STRING, true };
	char scratch[JSON_NAME_MAX];
	size_t len;

	json_string_text(&name, scratch, sizeof(scratch), &len);
	return add_name(j, names, p, scratch, len);
}

/* Adds the name in [p, next), quotes included, unless there is a fault. */
static bool judge_name(struct judge *j, struct names *names, const char *p,
		       const char *next)
{
	size_t written = (size_t)(next - p);

	if (written > JSON_NAME_MAX + 2)
		return judge_refuse(j, JSON_E_NAME, p);
	if (j->escaped)
		return add_escaped_name(j, names, p, written);
	return add_name(j, names, p, p + 1, written - 2);
}

/* "name": value, and the space behind it; @p may be the end. */
static const char *judge_member(struct judge *j, struct names *names,
				const char *p)
{
	const char *next;

	if (p == j->end)
		return judge_refuse_end(j);
	if (*p != '"')
		return judge_refuse(j, JSON_E_KEY, p);
	j->escaped = false;
	next = judge_string(j, p);
	if (!next || !judge_name(j, names, p, next))
		return NULL;
	p = skip_space(next, j->end);
	if (p == j->end)
		return judge_refuse_end(j);
	if (*p != ':')
		return judge_refuse(j, JSON_E_COLON, p);
	p = judge_value(j, skip_space(p + 1, j->end));
	return p ? skip_space(p, j->end) : NULL;
}

/* Apart also from arrays, which shall not pay for the names' memory. */
APART static const char *judge_object(struct judge *j, const char *p)
{
	struct names names;

	names.seen = 0;
	names.count = 0;
	p = skip_space(p + 1, j->end);
	if (p < j->end && *p == '}')
		return p + 1;
	for (;;) {
		p = judge_member(j, &names, p);
		if (!p)
			return NULL;
		if (p == j->end)
			return judge_refuse_end(j);
		if (*p == '}')
			return p + 1;
		if (*p != ',')
			return judge_refuse(j, JSON_E_OBJECT, p);
		p = skip_space(p + 1, j->end);
	}
}

static const char *judge_array(struct judge *j, const char *p)
{
	p = skip_space(p + 1, j->end);
	if (p < j->end && *p == ']')
		return p + 1;
	for (;;) {
		p = judge_value(j, p);
		if (!p)
			return NULL;
		p = skip_space(p, j->end);
		if (p == j->end)
			return judge_refuse_end(j);
		if (*p == ']')
			return p + 1;
		if (*p != ',')
			return judge_refuse(j, JSON_E_ARRAY, p);
		p = skip_space(p + 1, j->end);
	}
}

static const char *judge_nested(struct judge *j, const char *p)
{
	if (!j->depth)
		return judge_refuse(j, JSON_E_DEPTH, p);
	j->depth--;
	p = *p == '{' ? judge_object(j, p) : judge_array(j, p);
	j->depth++;
	return p;
}

HOT const char *judge_value(struct judge *j, const char *p)
{
	if (p == j->end)
		return judge_refuse_end(j);
	switch (*p) {
	case '"':
		return judge_string(j, p);
	case '{':
	case '[':
		return judge_nested(j, p);
	case 't':
		return judge_literal(j, p, "true", 4);
	case 'f':
		return judge_literal(j, p, "false", 5);
	case 'n':
		return judge_literal(j, p, "null", 4);
	case '-':
		return judge_number(j, p);
	case '+':
	case '.':
		return judge_refuse(j, JSON_E_NUMBER, p);
	default:
		return is_digit(*p) ? judge_number(j, p)
				    : judge_refuse(j, JSON_E_VALUE, p);
	}
}

bool judge_begin(struct judge *j, const char *text, size_t len, unsigned depth,
		 struct json_fault *fault)
{
	*j = (struct judge){
		.text = text,
		.end = text + len,
		.depth = depth ? depth : JSON_DEPTH_DEFAULT,
		.fault = fault,
	};
	if (j->depth > JSON_DEPTH_MAX)
		j->depth = JSON_DEPTH_MAX;
	return len <= JSON_TEXT_MAX || judge_refuse(j, JSON_E_SIZE, text);
}

HOT const char *judge_text(struct judge *j,
			   const char *(*value)(struct judge *j, const char *p))
{
	const char *p = j->text;

	if (j->end - p >= 3 && !memcmp(p, "\xef\xbb\xbf", 3))
		return judge_refuse(j, JSON_E_BOM, p);
	p = skip_space(p, j->end);
	if (p == j->end)
		return judge_refuse(j, JSON_E_EMPTY, p);
	p = value(j, p);
	if (!p)
		return NULL;
	p = skip_space(p, j->end);
	return p == j->end ? p : judge_refuse(j, JSON_E_TRAILING, p);
}

int json_validate(const char *text, size_t len, unsigned depth,
		  struct json_fault *fault)
{
	struct judge judge;

	if (judge_begin(&judge, text, len, depth, fault) &&
	    judge_text(&judge, judge_value))
		return 0;
	return (int)fault->code;
}
