/* SPDX-License-Identifier: MIT */
#include "proto/http/http_heads.h"

#include <stdlib.h>
#include <string.h>
#include "core/hot.h"
#include "proto/http/http_codec.h"

enum {
	DIGITS_MAX = 10,
	IN_VAIN_MAX = 8,
};

_Static_assert(HTTP_HEADS_MAX - 1 == UINT8_MAX, "a hint names any head");

/* What a head says, as the codec has it; places are of its own bytes. */
struct head {
	uint64_t number;
	uint32_t before, digits, behind; /* bytes */
	uint32_t sent;
	uint32_t sent_behind; /* of sent: values that lie behind the digits */
	enum http_verb verb;
	uint8_t minor;
	bool keep_alive;
	uint16_t fields;
	struct http_span path, target, value[HTTP_FIELDS];
	char bytes[]; /* before and behind, without the digits */
};

struct http_heads {
	uint64_t numbers; /* given so far */
	uint8_t recent;   /* where a new codec looks first */
	struct head *all[HTTP_HEADS_MAX];
};

struct http_heads *http_heads_new(void)
{
	return calloc(1, sizeof(struct http_heads));
}

static void drop(struct head **headp)
{
	struct head *head = *headp;
	volatile char *p;

	*headp = NULL;
	if (!head)
		return;
	/* As volatile bytes, or they would be left as nobody reads them. */
	for (p = head->bytes; p < head->bytes + head->before + head->behind;)
		*p++ = 0;
	free(head);
}

void http_heads_forget(struct http_heads *heads)
{
	size_t i;

	for (i = 0; i < HTTP_HEADS_MAX; i++)
		drop(&heads->all[i]);
}

void http_heads_free(struct http_heads *heads)
{
	if (heads)
		http_heads_forget(heads);
	free(heads);
}

/* ------------------------------------------------------------- comparing */

typedef uint64_t two_words __attribute__((vector_size(16)));

/* Are the @n bytes, 4 at least, the same? Takes equally long if not. */
HOT static bool is_same(const char *a, const char *b, size_t n)
{
	two_words x, y, differ = { 0, 0 };
	uint64_t v, w, rest = 0;
	uint32_t s, t;

	for (; n >= sizeof(x); n -= sizeof(x)) {
		memcpy(&x, a, sizeof(x));
		memcpy(&y, b, sizeof(y));
		differ |= x ^ y;
		a += sizeof(x);
		b += sizeof(y);
	}
	if (n >= sizeof(v)) {
		memcpy(&v, a, sizeof(v));
		memcpy(&w, b, sizeof(w));
		rest |= v ^ w;
		a += sizeof(v);
		b += sizeof(w);
		n -= sizeof(v);
	}
	if (n > sizeof(s)) {
		memcpy(&s, a, sizeof(s));
		memcpy(&t, b, sizeof(t));
		rest |= s ^ t;
	}
	if (n) {
		/* Some bytes once more. */
		memcpy(&s, a + n - sizeof(s), sizeof(s));
		memcpy(&t, b + n - sizeof(t), sizeof(t));
		rest |= s ^ t;
	}
	return !(differ[0] | differ[1] | rest);
}

/* How many digits there are, up to one more than may be. */
static uint32_t read_digits(const char *bytes, size_t len, uint64_t *valuep)
{
	uint64_t value = 0;
	uint32_t n;

	for (n = 0; n < len && n <= DIGITS_MAX; n++) {
		unsigned digit = (unsigned char)bytes[n] - '0';

		if (digit > 9)
			break;
		value = value * 10 + digit;
	}
	*valuep = value;
	return n;
}

/* A head of more or fewer digits has what lies behind them elsewhere. */
static void move_values(struct http_codec *codec, const struct head *head,
			uint32_t more)
{
	uint32_t left;

	for (left = head->sent_behind; left; left &= left - 1)
		codec->value[__builtin_ctz(left)].at += (uint16_t)more;
	codec->value[HTTP_FIELD_CONTENT_LENGTH].len += (uint16_t)more;
}

static uint32_t sent_behind(const struct http_codec *codec, uint32_t before)
{
	uint32_t fields = 0, left;

	for (left = codec->sent; left; left &= left - 1)
		if (codec->value[__builtin_ctz(left)].at > before)
			fields |= left & -left;
	return fields;
}

static void take(struct http_codec *codec, const struct head *head,
		 const char *bytes, uint32_t digits)
{
	codec->base = bytes;
	codec->head_number = head->number;
	codec->verb = head->verb;
	codec->minor = head->minor;
	codec->keep_alive = head->keep_alive;
	codec->has_body = true;
	codec->path =
		(struct http_slice){ bytes + head->path.at, head->path.len };
	codec->target = head->target;
	codec->fields = head->fields;
	codec->sent = head->sent;
	codec->parsed = head->before + digits + head->behind;
	memcpy(codec->value, head->value, sizeof(codec->value));
	move_values(codec, head, digits - head->digits);
}

HOT static size_t match(struct http_codec *codec, const struct head *head,
			const char *bytes, size_t len)
{
	const struct http_limits *limits = codec->limits;
	uint64_t length;
	uint32_t digits;
	size_t whole;

	if (!head || len <= (size_t)head->before + head->behind)
		return 0;
	digits = read_digits(bytes + head->before, len - head->before, &length);
	whole = (size_t)head->before + digits + head->behind;
	if (!digits || digits > DIGITS_MAX || length > limits->body_bytes ||
	    len < whole || whole > limits->head_bytes)
		return 0;
	if (!is_same(bytes, head->bytes, head->before) ||
	    !is_same(bytes + head->before + digits, head->bytes + head->before,
		     head->behind))
		return 0;
	take(codec, head, bytes, digits);
	codec->body_left = length;
	return whole;
}

size_t http_heads_match(struct http_codec *codec, const char *bytes, size_t len)
{
	struct http_heads *heads = codec->heads;
	struct http_heads_hint *hint = &codec->hint;
	uint8_t other = hint->before;
	size_t used = match(codec, heads->all[hint->last], bytes, len);

	if (used) {
		hint->in_vain = 0;
		return used;
	}
	if (other == hint->last)
		other = heads->recent;
	if (other == hint->last)
		return 0;
	used = match(codec, heads->all[other], bytes, len);
	if (used)
		*hint = (struct http_heads_hint){ other, hint->last, 0 };
	return used;
}

/* -------------------------------------------------------------- learning */

static bool is_usual(const struct http_codec *codec, struct http_slice *digitsp)
{
	const uint32_t none =
		1u << HTTP_FIELD_TRANSFER_ENCODING | 1u << HTTP_FIELD_EXPECT |
		1u << HTTP_FIELD_UPGRADE | 1u << HTTP_FIELD_REQUEST_ID |
		1u << HTTP_FIELD_TRACEPARENT;

	*digitsp = http_codec_field(codec, HTTP_FIELD_CONTENT_LENGTH);
	return digitsp->len && digitsp->len <= DIGITS_MAX &&
	       codec->parsed <= HTTP_HEADS_BYTES && !(codec->sent & none) &&
	       !codec->authority.at;
}

static struct head *make(const struct http_codec *codec,
			 struct http_slice digits)
{
	const uint32_t before = (uint32_t)(digits.at - codec->base);
	const uint32_t behind = codec->parsed - before - (uint32_t)digits.len;
	struct head *head = malloc(sizeof(*head) + before + behind);

	if (!head)
		return NULL;
	*head = (struct head){
		.before = before,
		.digits = (uint32_t)digits.len,
		.behind = behind,
		.fields = codec->fields,
		.sent = codec->sent,
		.sent_behind = sent_behind(codec, before),
		.verb = codec->verb,
		.minor = codec->minor,
		.keep_alive = codec->keep_alive,
		.path = { (uint16_t)(codec->path.at - codec->base),
			  (uint16_t)codec->path.len },
		.target = codec->target,
	};
	memcpy(head->value, codec->value, sizeof(head->value));
	memcpy(head->bytes, codec->base, before);
	memcpy(head->bytes + before, codec->base + before + digits.len, behind);
	return head;
}

static uint64_t mix(uint64_t hash, const char *bytes, size_t len)
{
	uint64_t word;

	for (; len >= sizeof(word); len -= sizeof(word)) {
		memcpy(&word, bytes, sizeof(word));
		hash = (hash ^ word) * 0x9e3779b97f4a7c15;
		hash ^= hash >> 32;
		bytes += sizeof(word);
	}
	word = 0;
	memcpy(&word, bytes, len);
	return (hash ^ word ^ len << 56) * 0x9e3779b97f4a7c15;
}

/* Any place will do; the same head has the same. */
static uint8_t place_of(const struct http_codec *codec,
			struct http_slice digits)
{
	const char *behind = digits.at + digits.len;
	uint64_t hash = mix(0, codec->base, (size_t)(digits.at - codec->base));

	return (uint8_t)(mix(hash, behind,
			     (size_t)(codec->base + codec->parsed - behind)) >>
			 56);
}

static bool is_known(const struct head *head, const struct http_codec *codec,
		     struct http_slice digits)
{
	return head && head->before == (size_t)(digits.at - codec->base) &&
	       head->before + digits.len + head->behind == codec->parsed &&
	       is_same(codec->base, head->bytes, head->before) &&
	       is_same(digits.at + digits.len, head->bytes + head->before,
		       head->behind);
}

/* Puts a head where another one was, perhaps. */
static bool remember(struct http_heads *heads, struct head **headp,
		     const struct http_codec *codec, struct http_slice digits)
{
	struct head *head = make(codec, digits);

	if (!head)
		return false;
	head->number = ++heads->numbers;
	drop(headp);
	*headp = head;
	return true;
}

void http_heads_learn(struct http_codec *codec)
{
	struct http_heads *heads = codec->heads;
	struct http_heads_hint *hint = &codec->hint;
	struct http_slice digits;
	uint8_t at;

	if (!is_usual(codec, &digits))
		return;
	at = place_of(codec, digits);
	if (is_known(heads->all[at], codec, digits)) {
		hint->in_vain = 0;
	} else {
		if (hint->in_vain == IN_VAIN_MAX ||
		    !remember(heads, &heads->all[at], codec, digits))
			return;
		hint->in_vain++;
	}
	codec->head_number = heads->all[at]->number;
	if (at != hint->last)
		hint->before = hint->last;
	hint->last = at;
	heads->recent = at;
}
