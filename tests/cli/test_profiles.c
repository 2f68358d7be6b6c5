/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "clients/cli/profiles.h"
#include "clients/cli/tracer.h"
#include "tests/cli/picture.h"
#include "tests/support/suite.h"

static void the_newest_that_is_not_newer_is_nearest(void)
{
	static const struct {
		unsigned major, minor;
		const char *nearest;
	} rows[] = {
		{ 3, 10, "4.0" }, { 4, 0, "4.0" },   { 4, 19, "4.0" },
		{ 5, 4, "4.0" },  { 5, 10, "5.10" }, { 6, 1, "6.1" },
		{ 6, 2, "6.1" },  { 6, 12, "6.12" }, { 7, 0, "6.12" },
	};
	json_t *list = json_from("[{'name':'4.0'},{'name':'6.12'},{'name':"
				 "'5.10'},{'name':'6.1'},{'name':'next'}]");
	json_t *none = json_from("[]");

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CU_ASSERT_STRING_EQUAL(
			profiles_nearest(list, rows[i].major, rows[i].minor),
			rows[i].nearest);
	CU_ASSERT_PTR_NULL(profiles_nearest(none, 6, 1));
	CU_ASSERT_PTR_NULL(profiles_nearest(NULL, 6, 1));
	CU_ASSERT_PTR_EQUAL(profiles_named(list, "6.12"),
			    json_array_get(list, 1));
	CU_ASSERT_PTR_NULL(profiles_named(list, "6"));
	json_decref(list);
	json_decref(none);
}

static void a_refused_ptrace_is_explained(void)
{
	CU_ASSERT_PTR_NOT_NULL(strstr(tracer_refusal(EPERM, 3), "is 3"));
	CU_ASSERT_PTR_NOT_NULL(strstr(tracer_refusal(EPERM, 2), "is 2"));
	CU_ASSERT_PTR_NOT_NULL(strstr(tracer_refusal(EPERM, 1), "seccomp"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(tracer_refusal(EACCES, -1), "SYS_PTRACE"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(tracer_refusal(ENOSYS, -1), "does not exist"));
	CU_ASSERT_STRING_EQUAL(tracer_refusal(ESRCH, -1), strerror(ESRCH));
}

CU_TestInfo test_profiles[] = {
	{ "the newest that is not newer is nearest",
	  the_newest_that_is_not_newer_is_nearest },
	{ "a refused ptrace is explained", a_refused_ptrace_is_explained },
	CU_TEST_INFO_NULL,
};
