/* SPDX-License-Identifier: MIT */
#include "proto/words/words.h"

#include <string.h>

const char *const lang_words[] = { "en", "zh", NULL };

/* Does an ideograph, other than punctuation, begin with this byte? */
static bool begins_ideograph(char c)
{
	return (unsigned char)c >= 0xe4 && (unsigned char)c <= 0xe9;
}

static bool is_latin(char c)
{
	return !((unsigned char)c & 0x80);
}

/* Latin letters and digits stand apart from ideographs. A sentence inside this one
 * may have seen to that. */
static void set_apart(struct buffer *out, size_t from)
{
	const char blank = ' ';

	if (out->failed || out->len == from || from < 3 ||
	    !begins_ideograph(out->data[from - 3]) ||
	    !is_latin(out->data[from]) || out->data[from] == blank)
		return;
	buffer_append(out, &blank, 1);
	if (out->failed)
		return;
	memmove(out->data + from + 1, out->data + from, out->len - from - 1);
	out->data[from] = blank;
}

/* Text between values; "(s)" is for all but one. */
static void say_text(struct buffer *out, const char *text, size_t len,
		     bool is_one)
{
	const char *plural = strstr(text, "(s)");

	if (!plural || plural >= text + len) {
		buffer_append(out, text, len);
		return;
	}
	buffer_append(out, text, (size_t)(plural - text));
	if (!is_one)
		buffer_append_byte(out, 's');
	say_text(out, plural + 3, len - (size_t)(plural - text) - 3, is_one);
}

/* The brace of the next name, or NULL. */
static const char *next_name(const char *text)
{
	while ((text = strchr(text, '{')) &&
	       !(text[1] >= 'a' && text[1] <= 'z'))
		text++;
	return text;
}

void words_say(struct buffer *out, const struct words *words, enum lang lang,
	       bool (*value)(struct buffer *out, const char *name, size_t len,
			     const void *ctx),
	       const void *ctx)
{
	const char *text = lang == LANG_ZH ? words->zh : words->en;
	const char *open, *close;
	bool is_one = false;
	size_t from;

	while ((open = next_name(text))) {
		close = strchr(open, '}');
		say_text(out, text, (size_t)(open - text), is_one);
		from = out->len;
		is_one = value(out, open + 1, (size_t)(close - open) - 1, ctx);
		set_apart(out, from);
		text = close + 1;
		if (!out->failed && out->len &&
		    is_latin(out->data[out->len - 1]) &&
		    begins_ideograph(*text))
			buffer_append_byte(out, ' ');
	}
	say_text(out, text, strlen(text), is_one);
}
