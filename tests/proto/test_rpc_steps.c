/* SPDX-License-Identifier: MIT */
/* The part steps: the table, its catalogue, and how they are written. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "core/mm/memory.h"
#include "core/mm/profile.h"
#include "proto/rpc/steps.h"
#include "tests/proto/rpc_fixture.h"
#include "tests/support/fail_alloc.h"
#include "tests/support/suite.h"

/* ----------------------------------------------------------- the tables */

static void kinds_have_as_many_values_as_they_say(void)
{
	const struct step_kind *kind, *other;
	struct step_value value;
	size_t i, j;

	for (i = 0; (kind = step_kind_at(i)); i++) {
		const char *text = kind->values;
		unsigned nr = 0, release, known = 0;

		for (; step_kind_value(&text, &value); nr++)
			CU_ASSERT_PTR_NOT_NULL(
				strchr("xnifavlsetw", value.type));
		CU_ASSERT_EQUAL(nr, kind->nr_values);
		CU_ASSERT_TRUE(nr <= STEP_MAX_VALUES);
		for (release = 0; release < KERNEL_NR_RELEASES; release++)
			known += kind->functions[release] != NULL;
		CU_ASSERT_TRUE(known > 0);
		for (j = 0; j < i; j++) {
			other = step_kind_at(j);
			CU_ASSERT_STRING_NOT_EQUAL(kind->key, other->key);
		}
	}
	CU_ASSERT_EQUAL(i, STEP_NR_KINDS);
}

/* What later releases lost is not named there. */
static void maple_tree_releases_name_no_rbtree(void)
{
	static const char *const lost[] = { "cache.", "tree.", "links.",
					    "gap.",   "list.", "find." };
	const struct step_kind *kind;
	size_t i, j;

	for (i = 0; (kind = step_kind_at(i)); i++) {
		bool maple = !strncmp(kind->key, "maple.", 6);

		CU_ASSERT_FALSE(maple && kind->functions[KERNEL_4_0]);
		CU_ASSERT_FALSE(maple && kind->functions[KERNEL_5_10]);
		for (j = 0; j < sizeof(lost) / sizeof(*lost); j++) {
			if (strncmp(kind->key, lost[j], strlen(lost[j])))
				continue;
			CU_ASSERT_PTR_NULL(kind->functions[KERNEL_6_1]);
			CU_ASSERT_PTR_NULL(kind->functions[KERNEL_6_12]);
		}
	}
}

static bool names_a_value(const struct step_kind *kind, const char *name,
			  size_t len)
{
	const char *text = kind->values;
	struct step_value value;

	while (step_kind_value(&text, &value))
		if (value.name_len == len && !memcmp(value.name, name, len))
			return true;
	return false;
}

/* Does every {name} of @text stand for a value of @kind, and in @other? */
static bool names_hold(const struct step_kind *kind, const char *text,
		       const char *other)
{
	const char *open, *close;
	char quoted[40];

	for (open = text; (open = strchr(open, '{')); open = close) {
		close = strchr(open, '}');
		if (!close ||
		    !names_a_value(kind, open + 1, (size_t)(close - open) - 1))
			return false;
		snprintf(quoted, sizeof(quoted), "%.*s",
			 (int)(close - open) + 1, open);
		if (!strstr(other, quoted))
			return false;
	}
	return true;
}

static void catalogue_has_both_languages(void)
{
	const struct step_kind *kind;
	size_t i;

	for (i = 0; (kind = step_kind_at(i)); i++) {
		const struct words *text = step_text_at(i);
		bool ok =
			text && text->en && *text->en && text->zh && *text->zh;

		ok = ok && names_hold(kind, text->en, text->zh) &&
		     names_hold(kind, text->zh, text->en);
		if (!ok)
			fprintf(stderr, "%s: not whole in the catalogue\n",
				kind->key);
		CU_ASSERT_TRUE(ok);
	}
	CU_ASSERT_PTR_NULL(step_text_at(i));
}

/* ------------------------------------------------------------ the answer */

#define KEPT 100

static json_t *written(const struct step_list *list)
{
	struct buffer out, scratch;
	struct json_writer w;
	json_t *steps;

	buffer_init(&out, 32u << 20);
	buffer_init(&scratch, 1u << 20);
	json_writer_init(&w, &out);
	step_list_write(&w, list, kernel_profile_at(0), LANG_EN, &scratch);
	steps = json_loadb(out.data, out.len, 0, NULL);
	buffer_deinit(&scratch);
	buffer_deinit(&out);
	return steps;
}

static void too_many_steps_are_cut_and_counted(void)
{
	const struct step step = { STEP_BRK_SET, { 0x1000, 0x2000 } };
	struct account account = { .max_bytes = KEPT * sizeof(step) };
	struct step_list list;
	struct step_sink *sink;
	struct fail_alloc host;
	struct memory memory;
	json_t *steps, *last;
	int i;

	fail_alloc_init(&host);
	memory_init(&memory, &host.allocator, &account);
	step_list_init(&list, KEPT);
	sink = step_list_begin(&list, &memory);
	CU_ASSERT_EQUAL(account.bytes, account.max_bytes);
	for (i = 0; i < KEPT + 3; i++)
		sink->tell(sink->ctx, &step);
	steps = written(&list);
	CU_ASSERT_EQUAL_FATAL(json_array_size(steps), KEPT + 1);
	last = json_array_get(steps, KEPT);
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(last, "what")),
			       "truncated");
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(last, "dropped")),
			3);
	CU_ASSERT_STRING_EQUAL(
		json_string_value(json_object_get(
			json_array_get(steps, KEPT - 1), "result")),
		"0x2000");
	json_decref(steps);
	/* The next call begins anew, and pays anew. */
	step_list_end(&list);
	CU_ASSERT_EQUAL(account.bytes, 0);
	CU_ASSERT_PTR_NOT_NULL(step_list_begin(&list, &memory));
	CU_ASSERT_EQUAL(list.nr + list.dropped, 0);
	step_list_end(&list);
	account.max_bytes--;
	CU_ASSERT_PTR_NULL(step_list_begin(&list, &memory));
	step_list_deinit(&list);
	memory_deinit(&memory);
}

/* What the engine does last, and the kernel first, goes to its place. */
static void steps_move_to_their_place(void)
{
	static const uint64_t order[] = { 0, 4, 5, 6, 1, 2, 3 };
	struct step step = { STEP_BRK_SET, { 0, 0 } };
	struct step_list list;
	uint64_t i;

	step_list_init(&list, KEPT);
	for (i = 0; i < 7; i++) {
		step.values[0] = i;
		list.sink.tell(list.sink.ctx, &step);
	}
	CU_ASSERT_EQUAL(list.sink.told(list.sink.ctx), 7);
	list.sink.move(list.sink.ctx, 4, 1);
	for (i = 0; i < 7; i++) {
		memcpy(&step, list.bytes.data + i * sizeof(step), sizeof(step));
		CU_ASSERT_EQUAL(step.values[0], order[i]);
	}
	/* Nothing came since, or everything was cut: nothing moves. */
	list.sink.move(list.sink.ctx, 7, 3);
	memcpy(&step, list.bytes.data + 3 * sizeof(step), sizeof(step));
	CU_ASSERT_EQUAL(step.values[0], order[3]);
	step_list_deinit(&list);
}

/* Of what belongs further up some was cut: so is what comes behind it. */
static void a_cut_list_ends_where_something_is_missing(void)
{
	static const uint64_t order[] = { 0, 3 };
	struct step step = { STEP_BRK_SET, { 0, 0 } };
	struct step_list list;
	uint64_t i;

	step_list_init(&list, 4);
	for (i = 0; i < 6; i++) {
		step.values[0] = i;
		list.sink.tell(list.sink.ctx, &step);
	}
	CU_ASSERT_EQUAL(list.dropped, 2);
	list.sink.move(list.sink.ctx, 3, 1);
	CU_ASSERT_EQUAL(list.nr, 2);
	CU_ASSERT_EQUAL(list.dropped, 4);
	for (i = 0; i < list.nr; i++) {
		memcpy(&step, list.bytes.data + i * sizeof(step), sizeof(step));
		CU_ASSERT_EQUAL(step.values[0], order[i]);
	}
	step_list_deinit(&list);
}

/* Who cannot pay for them is refused, and nothing has happened. */
static void steps_are_paid_for(void)
{
	const struct rpc_limits limits = { .steps = 1000000,
					   .bytes = 10000000 };
	struct rpc_fixture fx;
	json_t *answer, *data, *result;

	fixture_init(&fx, 1, &limits);
	json_decref(fixture_create(&fx, "{}"));
	answer = fixture_call(&fx, "mm.brk",
			      "{'process':'@','addr':'0x700000',"
			      "'want':['steps','diff']}");
	data = json_object_get(json_object_get(answer, "error"), "data");
	CU_ASSERT_PTR_NOT_NULL_FATAL(data);
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(data, "key")),
			       "quota.bytes");
	CU_ASSERT_STRING_EQUAL(
		json_string_value(json_object_get(data, "param")), "want");
	json_decref(answer);
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 0);
	result = fixture_result(&fx, "mm.brk",
				"{'process':'@','addr':'0x700000',"
				"'want':['diff']}");
	CU_ASSERT_PTR_NOT_NULL(json_object_get(result, "ret"));
	json_decref(result);
	fixture_deinit(&fx);
}

static void nothing_is_told_unless_wanted(void)
{
	struct rpc_fixture fx;
	json_t *result;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	result = fixture_result(&fx, "mm.brk",
				"{'process':'@','addr':0,'want':['mm']}");
	CU_ASSERT_PTR_NULL(
		json_object_get(json_object_get(result, "snapshot"), "steps"));
	json_decref(result);
	result = fixture_result(&fx, "mm.snapshot",
				"{'process':'@','want':['steps']}");
	CU_ASSERT_EQUAL(json_array_size(json_object_get(
				json_object_get(result, "snapshot"), "steps")),
			0);
	json_decref(result);
	/* Without a language there is no sentence. */
	result = fixture_result(&fx, "mm.brk",
				"{'process':'@','addr':0,'want':['steps']}");
	CU_ASSERT_PTR_NULL(json_object_get(
		json_array_get(
			json_object_get(json_object_get(result, "snapshot"),
					"steps"),
			0),
		"text"));
	json_decref(result);
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_steps[] = {
	{ "kinds have as many values as they say",
	  kinds_have_as_many_values_as_they_say },
	{ "maple tree releases name no rbtree",
	  maple_tree_releases_name_no_rbtree },
	{ "catalogue has both languages", catalogue_has_both_languages },
	{ "too many steps are cut and counted",
	  too_many_steps_are_cut_and_counted },
	{ "steps move to their place", steps_move_to_their_place },
	{ "a cut list ends where something is missing",
	  a_cut_list_ends_where_something_is_missing },
	{ "steps are paid for", steps_are_paid_for },
	{ "nothing is told unless wanted", nothing_is_told_unless_wanted },
	CU_TEST_INFO_NULL,
};
