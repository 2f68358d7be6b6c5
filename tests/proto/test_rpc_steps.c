/* SPDX-License-Identifier: MIT */
/* The part steps: the table, its catalogue, and how they are written. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "core/mm/profile.h"
#include "proto/rpc/steps.h"
#include "tests/proto/rpc_fixture.h"
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
		const struct step_text *text = step_text_at(i);
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

static void too_many_steps_are_cut_and_counted(void)
{
	const struct step step = { STEP_BRK_SET, { 0x1000, 0x2000 } };
	struct buffer out, scratch;
	struct step_list list;
	struct step_sink *sink;
	struct json_writer w;
	json_t *steps, *last;
	int i;

	buffer_init(&out, 32u << 20);
	buffer_init(&scratch, 1u << 20);
	step_list_init(&list);
	sink = step_list_begin(&list);
	for (i = 0; i < STEPS_MAX + 3; i++)
		sink->tell(sink->ctx, &step);
	json_writer_init(&w, &out);
	step_list_write(&w, &list, kernel_profile_at(0), STEP_LANG_EN,
			&scratch);
	steps = json_loadb(out.data, out.len, 0, NULL);
	CU_ASSERT_EQUAL_FATAL(json_array_size(steps), STEPS_MAX + 1);
	last = json_array_get(steps, STEPS_MAX);
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(last, "what")),
			       "truncated");
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(last, "dropped")),
			3);
	CU_ASSERT_STRING_EQUAL(
		json_string_value(json_object_get(
			json_array_get(steps, STEPS_MAX - 1), "result")),
		"0x2000");
	json_decref(steps);
	/* The next call begins anew. */
	step_list_end(&list);
	step_list_begin(&list);
	CU_ASSERT_EQUAL(list.nr + list.dropped, 0);
	step_list_deinit(&list);
	buffer_deinit(&scratch);
	buffer_deinit(&out);
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

static struct world_digest digest_of(struct rpc_fixture *fx)
{
	struct world_digest digest = { { 0, 0 } };

	CU_ASSERT_EQUAL_FATAL(world_hash(&fixture_tenant(fx, 0)->memory,
					 fixture_world(fx, 0), &digest),
			      0);
	return digest;
}

/* Every call that can be explained, answered as the call itself is. */
static void explained_calls_answer_and_change_nothing(void)
{
	static const char *const rows[][2] = {
		{ "mm.brk", "'addr':'0x700000'" },
		{ "mm.mmap", "'addr':0,'length':8192,'prot':3,'flags':34" },
		{ "mm.access", "'addr':'0x600000','type':'write'" },
		{ "mm.mprotect", "'addr':'0x600000','length':4096,'prot':1" },
		{ "mm.find_vma", "'addr':'0x400000'" },
		{ "mm.mremap", "'old_address':'0x600000','old_size':4096,"
			       "'new_size':8192,'flags':1" },
		{ "mm.mincore", "'addr':'0x600000','length':4096" },
		{ "mm.munmap", "'addr':'0x600000','length':4096" },
		{ "mm.mlock", "'addr':'0x400000','length':4096" },
	};
	struct world_digest before, after;
	struct rpc_fixture fx;
	char params[400];
	json_t *told, *done;
	uint64_t bytes, areas;
	size_t i;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		before = digest_of(&fx);
		bytes = world_journal_bytes(fixture_world(&fx, 0));
		areas = fx.services[0]->tenants.all[0]->account.areas;
		snprintf(params, sizeof(params),
			 "{'process':'@','method':'%s','params':{%s},"
			 "'want':['steps','vmas','mm'],'lang':'zh'}",
			 rows[i][0], rows[i][1]);
		told = fixture_result(&fx, "mm.explain", params);
		after = digest_of(&fx);
		CU_ASSERT_EQUAL(memcmp(&before, &after, sizeof(after)), 0);
		CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), i);
		CU_ASSERT_EQUAL(world_journal_bytes(fixture_world(&fx, 0)),
				bytes);
		CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.areas,
				areas);

		snprintf(params, sizeof(params),
			 "{'process':'@',%s,'want':['steps','vmas','mm'],"
			 "'lang':'zh'}",
			 rows[i][1]);
		done = fixture_result(&fx, rows[i][0], params);
		CU_ASSERT_PTR_NOT_NULL_FATAL(told);
		CU_ASSERT_TRUE(json_equal(told, done));
		json_decref(told);
		json_decref(done);
	}
	fixture_deinit(&fx);
}

static void what_cannot_be_explained_is_refused(void)
{
	static const struct {
		const char *params, *key;
	} rows[] = {
		{ "{'process':'@','method':'process.exit'}", "params.value" },
		{ "{'process':'@','method':'mm.brk'}", "params.missing" },
		{ "{'process':'@','method':'mm.brk','params':5}",
		  "params.type" },
		{ "{'process':'@','method':'mm.brk','params':{'adr':5}}",
		  "params.unknown" },
		{ "{'process':'@','method':'mm.brk','params':[1],'thread':9}",
		  "thread.unknown" },
	};
	struct rpc_fixture fx;
	json_t *answer;
	const char *key;
	size_t i;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		answer = fixture_call(&fx, "mm.explain", rows[i].params);
		key = json_string_value(json_object_get(
			json_object_get(json_object_get(answer, "error"),
					"data"),
			"key"));
		CU_ASSERT_PTR_NOT_NULL_FATAL(key);
		CU_ASSERT_STRING_EQUAL(key, rows[i].key);
		json_decref(answer);
	}
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 0);
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
	{ "nothing is told unless wanted", nothing_is_told_unless_wanted },
	{ "explained calls answer and change nothing",
	  explained_calls_answer_and_change_nothing },
	{ "what cannot be explained is refused",
	  what_cannot_be_explained_is_refused },
	CU_TEST_INFO_NULL,
};
