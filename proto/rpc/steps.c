/* SPDX-License-Identifier: MIT */
#include "proto/rpc/steps.h"

#include <string.h>

#include "core/mm/memory.h"
#include "core/mm/mm.h"
#include "core/mm/profile.h"
#include "core/world/proc.h"
#include "proto/rpc/errno_names.h"
#include "proto/rpc/op_rows.h"
#include "proto/rpc/step_sentence.h"

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
	uint64_t end = to + list->nr - from;

	if (!list->nr)
		return;
	reverse(steps, to, from);
	reverse(steps, from, list->nr);
	reverse(steps, to, list->nr);
	/* What was cut would have come next: the list ends there. */
	if (list->dropped) {
		list->dropped += list->nr - end;
		list->nr = end;
	}
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
		json_writer_text(w, op_access_words[value]);
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
		       const struct kernel_profile *profile, enum lang lang,
		       struct buffer *scratch)
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
	if (lang != LANG_NONE) {
		buffer_rewind(scratch, 0);
		step_say(scratch, step, profile, lang);
		json_writer_key(w, "text");
		json_writer_string(w, scratch->len ? scratch->data : "",
				   scratch->len);
	}
	json_writer_object_end(w);
}

void step_list_write(struct json_writer *w, const struct step_list *list,
		     const struct kernel_profile *profile, enum lang lang,
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
