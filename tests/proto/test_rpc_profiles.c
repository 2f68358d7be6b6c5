/* SPDX-License-Identifier: MIT */
/*
 * The releases: as the engine has them, and in what is shown
 */
#include <stdio.h>

#include "tests/proto/rpc_fixture.h"
#include "tests/support/suite.h"

static void profiles_are_the_engines(void)
{
	const struct kernel_behaviour *behaviour;
	const struct kernel_profile *profile;
	struct rpc_fixture fx;
	json_t *result, *list, *one;
	size_t i, j;

	fixture_init(&fx, 1, NULL);
	result = fixture_result(&fx, "profile.list", "{}");
	list = json_object_get(result, "profiles");
	for (i = 0; (profile = kernel_profile_at(i)); i++) {
		const json_t *has;

		one = json_array_get(list, i);
		CU_ASSERT_STRING_EQUAL(
			json_string_value(json_object_get(one, "name")),
			profile->name);
		CU_ASSERT_STRING_EQUAL(
			json_string_value(json_object_get(one, "release")),
			profile->release);
		CU_ASSERT_EQUAL((uint64_t)json_integer_value(json_object_get(
					json_object_get(one, "constants"),
					"default_memlock")),
				profile->default_memlock);
		has = json_object_get(one, "behaviours");
		for (j = 0; (behaviour = kernel_behaviour_at(j)); j++)
			CU_ASSERT_EQUAL(json_is_true(json_object_get(
						has, behaviour->name)),
					kernel_profile_has(profile, behaviour));
		CU_ASSERT_EQUAL(json_object_size(has), j);
	}
	CU_ASSERT_EQUAL(json_array_size(list), i);
	CU_ASSERT(i >= 4);

	list = json_object_get(result, "behaviours");
	for (j = 0; (behaviour = kernel_behaviour_at(j)); j++)
		CU_ASSERT_STRING_EQUAL(
			json_string_value(json_object_get(
				json_array_get(list, j), "name")),
			behaviour->name);
	CU_ASSERT_EQUAL(json_array_size(list), j);
	json_decref(result);
	fixture_deinit(&fx);
}

static void what_a_release_lacks_is_null(void)
{
	static const char create[] =
		"{'profile':'%s','want':['mm','vmacache','rbtree','status']}";
	struct rpc_fixture fx;
	const struct kernel_profile *profile;
	char params[128];
	size_t i;

	fixture_init(&fx, 1, NULL);
	for (i = 0; (profile = kernel_profile_at(i)); i++) {
		json_t *result, *part, *mm;

		snprintf(params, sizeof(params), create, profile->name);
		result = fixture_create(&fx, params);
		part = json_object_get(result, "snapshot");
		mm = json_object_get(part, "mm");
		CU_ASSERT_EQUAL(json_is_null(json_object_get(part, "vmacache")),
				!profile->has_vmacache);
		CU_ASSERT_EQUAL(json_is_null(json_object_get(part, "rbtree")),
				!profile->has_rbtree);
		CU_ASSERT_EQUAL(
			json_is_null(json_object_get(mm, "vmacache_seqnum")),
			!profile->has_vmacache);
		CU_ASSERT_EQUAL(json_is_null(json_object_get(mm, "shared_vm")),
				profile->has_data_vm);
		CU_ASSERT_EQUAL(json_is_null(json_object_get(mm, "data_vm")),
				!profile->has_data_vm);
		part = json_object_get(part, "status");
		CU_ASSERT_EQUAL(!json_object_get(part, "VmPMD"),
				!profile->status_has_vmpmd);
		CU_ASSERT_EQUAL(!json_object_get(part, "RssAnon"),
				!profile->status_has_rss_kinds);
		json_decref(result);
	}
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_profiles[] = {
	{ "profiles are the engine's", profiles_are_the_engines },
	{ "what a release lacks is null", what_a_release_lacks_is_null },
	CU_TEST_INFO_NULL,
};
