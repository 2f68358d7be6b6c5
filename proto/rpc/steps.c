/* SPDX-License-Identifier: MIT */
#include "proto/rpc/steps.h"

#include <string.h>

#include "core/mm/memory.h"
#include "core/mm/mm.h"
#include "core/mm/profile.h"
#include "core/world/world.h"
#include "proto/rpc/errno_names.h"

static void keep(void *ctx, const struct step *step)
{
	struct step_list *list = ctx;

	if (list->nr < list->max)
		buffer_append(&list->bytes, step, sizeof(*step));
	if (list->nr == list->max || list->bytes.failed)
		list->dropped++;
	else
		list->nr++;
}

static uint64_t count(void *ctx)
{
	const struct step_list *list = ctx;

	return list->nr;
}

static void reverse(struct step *steps, uint64_t from, uint64_t to)
{
	struct step step;

	for (; from + 1 < to; from++, to--) {
		step = steps[from];
		steps[from] = steps[to - 1];
		steps[to - 1] = step;
	}
}

/* Let the last ones, from @from on, follow the first @to. */
static void move(void *ctx, uint64_t from, uint64_t to)
{
	struct step_list *list = ctx;
	struct step *steps = (struct step *)(void *)list->bytes.data;

	if (!list->nr)
		return;
	reverse(steps, to, from);
	reverse(steps, from, list->nr);
	reverse(steps, to, list->nr);
}

void step_list_init(struct step_list *list, uint64_t max)
{
	buffer_init(&list->bytes, max * sizeof(struct step));
	list->max = max;
	list->payer = NULL;
	list->nr = 0;
	list->dropped = 0;
	list->sink = (struct step_sink){ keep, list, count, move };
}

void step_list_deinit(struct step_list *list)
{
	buffer_deinit(&list->bytes);
}

struct step_sink *step_list_begin(struct step_list *list, struct memory *payer)
{
	step_list_end(list);
	if (!memory_charge(payer, list->max * sizeof(struct step)))
		return NULL;
	list->payer = payer;
	return &list->sink;
}

void step_list_end(struct step_list *list)
{
	buffer_reset(&list->bytes, 64u << 10);
	list->nr = 0;
	list->dropped = 0;
	if (list->payer)
		memory_credit(list->payer, list->max * sizeof(struct step));
	list->payer = NULL;
}

static struct step step_at(const struct step_list *list, uint64_t index)
{
	struct step step;

	memcpy(&step, list->bytes.data + index * sizeof(step), sizeof(step));
	return step;
}

/* ---------------------------------------------------------------- values */

static const char *const access_names[] = {
	[ACCESS_READ] = "read",
	[ACCESS_WRITE] = "write",
	[ACCESS_EXEC] = "exec",
};
static const char *const access_names_zh[] = {
	[ACCESS_READ] = "读",
	[ACCESS_WRITE] = "写",
	[ACCESS_EXEC] = "执行",
};

static void write_errno(struct json_writer *w, int64_t ret)
{
	const char *name = ret < 0 ? errno_name((int)-ret) : NULL;

	if (name)
		json_writer_text(w, name);
	else
		json_writer_i64(w, ret);
}

static void write_flags(struct json_writer *w,
			const struct kernel_profile *profile, uint64_t flags)
{
	const char *codes[VMA_FLAG_CODES_MAX];
	size_t nr = vma_flag_codes(profile, flags, codes), i;

	json_writer_array(w);
	for (i = 0; i < nr; i++)
		json_writer_string(w, codes[i], 2);
	json_writer_array_end(w);
}

static void write_value(struct json_writer *w, enum step_value_type type,
			uint64_t value, const struct kernel_profile *profile)
{
	switch (type) {
	case STEP_TYPE_HEX:
		json_writer_hex(w, value);
		return;
	case STEP_TYPE_SIGNED:
		json_writer_i64(w, (int64_t)value);
		return;
	case STEP_TYPE_FLAGS:
		write_flags(w, profile, value);
		return;
	case STEP_TYPE_AREA:
	case STEP_TYPE_ANON_VMA:
		if (!value)
			json_writer_null(w);
		else
			json_writer_u64(w, value);
		return;
	case STEP_TYPE_LIMIT:
		if (value == RLIM_INFINITY)
			json_writer_i64(w, -1);
		else
			json_writer_u64(w, value);
		return;
	case STEP_TYPE_SIDE:
		json_writer_text(w, value == RB_LEFT ? "left" : "right");
		return;
	case STEP_TYPE_ACCESS:
		json_writer_text(w, access_names[value]);
		return;
	case STEP_TYPE_ERROR:
		write_errno(w, (int64_t)value);
		return;
	case STEP_TYPE_COUNT:
	case STEP_TYPE_BY:
		json_writer_u64(w, value);
		return;
	}
}

/* ------------------------------------------------------------- sentences */

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
		buffer_append_text(out, zh ? access_names_zh[value]
					   : access_names[value]);
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

static void say(struct buffer *out, const struct step *step,
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

/* ----------------------------------------------------------------- a step */

static void write_args(struct json_writer *w, const struct step *step,
		       const struct kernel_profile *profile)
{
	const char *text = step_kind_at(step->kind)->values;
	struct step_value value;
	unsigned i;

	json_writer_key(w, "args");
	json_writer_object(w);
	for (i = 0; step_kind_value(&text, &value); i++) {
		if (value.role != STEP_ROLE_ARG)
			continue;
		json_writer_key_text(w, value.name, value.name_len);
		write_value(w, value.type, step->values[i], profile);
	}
	json_writer_object_end(w);
}

/* The value of one role, or what stands for none. */
static void write_role(struct json_writer *w, const struct step *step,
		       enum step_value_role role,
		       const struct kernel_profile *profile)
{
	const char *text = step_kind_at(step->kind)->values;
	struct step_value value;
	unsigned i;

	for (i = 0; step_kind_value(&text, &value); i++) {
		if (value.role == role) {
			write_value(w, value.type, step->values[i], profile);
			return;
		}
	}
	if (role == STEP_ROLE_COST)
		json_writer_u64(w, 0);
	else
		json_writer_null(w);
}

static void write_areas(struct json_writer *w, const struct step *step)
{
	const char *text = step_kind_at(step->kind)->values;
	struct step_value value;
	unsigned i;

	json_writer_key(w, "areas");
	json_writer_array(w);
	for (i = 0; step_kind_value(&text, &value); i++)
		if (value.type == STEP_TYPE_AREA && step->values[i])
			json_writer_u64(w, step->values[i]);
	json_writer_array_end(w);
}

static void write_step(struct json_writer *w, const struct step *step,
		       const struct kernel_profile *profile,
		       enum step_lang lang, struct buffer *scratch)
{
	const struct step_kind *kind = step_kind_at(step->kind);

	json_writer_object(w);
	json_writer_key(w, "fn");
	json_writer_text(w, step_function(step, profile->kernel_release));
	json_writer_key(w, "what");
	json_writer_text(w, kind->key);
	write_args(w, step, profile);
	json_writer_key(w, "result");
	write_role(w, step, STEP_ROLE_RESULT, profile);
	write_areas(w, step);
	json_writer_key(w, "cost");
	write_role(w, step, STEP_ROLE_COST, profile);
	if (lang != STEP_LANG_NONE) {
		buffer_rewind(scratch, 0);
		say(scratch, step, profile, lang);
		json_writer_key(w, "text");
		json_writer_string(w, scratch->len ? scratch->data : "",
				   scratch->len);
	}
	json_writer_object_end(w);
}

void step_list_write(struct json_writer *w, const struct step_list *list,
		     const struct kernel_profile *profile, enum step_lang lang,
		     struct buffer *scratch)
{
	struct step step;
	uint64_t i;

	json_writer_array(w);
	for (i = 0; i < list->nr && !w->out->failed; i++) {
		step = step_at(list, i);
		write_step(w, &step, profile, lang, scratch);
	}
	if (list->dropped) {
		json_writer_object(w);
		json_writer_key(w, "what");
		json_writer_text(w, "truncated");
		json_writer_key(w, "dropped");
		json_writer_u64(w, list->dropped);
		json_writer_object_end(w);
	}
	json_writer_array_end(w);
}
