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
		      enum lang lang)
{
	const char *name;
	bool zh = lang == LANG_ZH;

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

struct telling {
	const struct step *step;
	const struct kernel_profile *profile;
	enum lang lang;
};

/* The value of that name; the catalogue's test sees to it that it is. */
static bool say_name(struct buffer *out, const char *name, size_t len,
		     const void *ctx)
{
	const struct telling *telling = ctx;
	const struct step *step = telling->step;
	const char *text = step_kind_at(step->kind)->values;
	struct step_value value;
	unsigned i;

	for (i = 0; step_kind_value(&text, &value); i++) {
		if (value.name_len != len || memcmp(value.name, name, len))
			continue;
		say_value(out, value.type, step->values[i], telling->profile,
			  telling->lang);
		return step->values[i] == 1 || step->values[i] == -1ULL;
	}
	return false;
}

void step_say(struct buffer *out, const struct step *step,
	      const struct kernel_profile *profile, enum lang lang)
{
	const struct telling telling = { step, profile, lang };

	words_say(out, step_text_at(step->kind), lang, say_name, &telling);
}
