/* SPDX-License-Identifier: MIT */
#include "proto/rpc/step_sentence.h"

#include <string.h>

#include "core/mm/mm.h"
#include "core/mm/profile.h"
#include "core/world/proc.h"
#include "proto/rpc/errno_names.h"
#include "proto/rpc/op_rows.h"

static const char *const access_words_zh[] = {
	[ACCESS_READ] = "读",
	[ACCESS_WRITE] = "写",
	[ACCESS_EXEC] = "执行",
};

static void say_flags(struct buffer *out, const struct kernel_profile *profile,
		      uint64_t flags)
{
	const char *codes[VMA_FLAG_CODES_MAX];
	size_t nr = vma_flag_codes(profile, flags, codes), i;

	for (i = 0; i < nr; i++) {
		if (i)
			buffer_append_byte(out, ' ');
		buffer_append(out, codes[i], 2);
	}
	if (!nr)
		buffer_append_byte(out, '0');
}

/* "area 7" or, if there is none, "no area". */
static void say_thing(struct buffer *out, const char *name, const char *none,
		      uint64_t id)
{
	if (!id) {
		buffer_append_text(out, none);
		return;
	}
	buffer_append_text(out, name);
	buffer_append_u64(out, id);
}

static void say_signed(struct buffer *out, int64_t value)
{
	if (value < 0)
		buffer_append_byte(out, '-');
	buffer_append_u64(out, value < 0 ? (uint64_t)-value : (uint64_t)value);
}

static void say_value(struct buffer *out, enum step_value_type type,
		      uint64_t value, const struct kernel_profile *profile,
		      enum step_lang lang)
{
	const char *name;
	bool zh = lang == STEP_LANG_ZH;

	switch (type) {
	case STEP_TYPE_HEX:
		buffer_append_hex(out, value);
		return;
	case STEP_TYPE_FLAGS:
		say_flags(out, profile, value);
		return;
	case STEP_TYPE_AREA:
		say_thing(out, zh ? "VMA " : "area ", zh ? "NULL" : "no area",
			  value);
		return;
	case STEP_TYPE_ANON_VMA:
		say_thing(out, "anon_vma ", zh ? "无 anon_vma" : "no anon_vma",
			  value);
		return;
	case STEP_TYPE_SIDE:
		if (value == RB_LEFT)
			buffer_append_text(out, zh ? "左" : "left");
		else
			buffer_append_text(out, zh ? "右" : "right");
		return;
	case STEP_TYPE_ACCESS:
		buffer_append_text(out, zh ? access_words_zh[value]
					   : op_access_words[value]);
		return;
	case STEP_TYPE_ERROR:
		name = (int64_t)value < 0 ? errno_name((int)-(int64_t)value)
					  : NULL;
		if (name)
			buffer_append_text(out, name);
		else
			say_signed(out, (int64_t)value);
		return;
	case STEP_TYPE_SIGNED:
		say_signed(out, (int64_t)value);
		return;
	case STEP_TYPE_LIMIT:
		if (value == RLIM_INFINITY) {
			buffer_append_text(out, zh ? "无限制" : "no limit");
			return;
		}
		/* fallthrough */
	case STEP_TYPE_COUNT:
	case STEP_TYPE_BY:
		buffer_append_u64(out, value);
		return;
	}
}

/* Does an ideograph, other than punctuation, begin with this byte? */
static bool begins_ideograph(char c)
{
	return (unsigned char)c >= 0xe4 && (unsigned char)c <= 0xe9;
}

static bool is_latin(char c)
{
	return !((unsigned char)c & 0x80);
}

/* Latin letters and digits stand apart from ideographs. */
static void set_apart(struct buffer *out, size_t from)
{
	char blank = ' ';

	if (out->failed || out->len == from || from < 3 ||
	    !begins_ideograph(out->data[from - 3]) ||
	    !is_latin(out->data[from]))
		return;
	buffer_append(out, &blank, 1);
	if (out->failed)
		return;
	memmove(out->data + from + 1, out->data + from, out->len - from - 1);
	out->data[from] = blank;
}

/* The value of that name; the catalogue's test sees to it that it is. */
static void say_name(struct buffer *out, const char *name, size_t len,
		     const struct step *step,
		     const struct kernel_profile *profile, enum step_lang lang,
		     bool *is_one)
{
	const struct step_kind *kind = step_kind_at(step->kind);
	const char *text = kind->values;
	struct step_value value;
	size_t from = out->len;
	unsigned i;

	for (i = 0; step_kind_value(&text, &value); i++) {
		if (value.name_len != len || memcmp(value.name, name, len))
			continue;
		say_value(out, value.type, step->values[i], profile, lang);
		set_apart(out, from);
		*is_one = step->values[i] == 1 || step->values[i] == -1ULL;
	}
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

void step_say(struct buffer *out, const struct step *step,
	      const struct kernel_profile *profile, enum step_lang lang)
{
	const struct step_text *texts = step_text_at(step->kind);
	const char *text = lang == STEP_LANG_ZH ? texts->zh : texts->en;
	const char *open, *close;
	bool is_one = false;

	while ((open = strchr(text, '{'))) {
		close = strchr(open, '}');
		say_text(out, text, (size_t)(open - text), is_one);
		say_name(out, open + 1, (size_t)(close - open) - 1, step,
			 profile, lang, &is_one);
		text = close + 1;
		if (!out->failed && out->len &&
		    is_latin(out->data[out->len - 1]) &&
		    begins_ideograph(*text))
			buffer_append_byte(out, ' ');
	}
	say_text(out, text, strlen(text), is_one);
}
