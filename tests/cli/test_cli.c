/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "clients/cli/cli.h"
#include "tests/cli/picture.h"
#include "tests/support/suite.h"

static void values_are_json_or_text(void)
{
	static const struct {
		const char *word, *params;
	} rows[] = {
		{ "addr=0x602000", "{'addr': '0x602000'}" },
		{ "addr=4096", "{'addr': 4096}" },
		{ "addr=18446744073709551615",
		  "{'addr': '18446744073709551615'}" },
		{ "want=[\"maps\"]", "{'want': ['maps']}" },
		{ "want=[maps]", "{'want': '[maps]'}" },
		{ "profile=\"4.0\"", "{'profile': '4.0'}" },
		{ "flags=MAP_PRIVATE|MAP_FIXED",
		  "{'flags': 'MAP_PRIVATE|MAP_FIXED'}" },
		{ "thread=null", "{'thread': null}" },
		{ "name=", "{'name': ''}" },
		{ "name=a=b", "{'name': 'a=b'}" },
		{ "maps=@/dev/null", "{'maps': ''}" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *params = json_object(),
		       *expected = json_from(rows[i].params);

		CU_ASSERT_PTR_NULL(cli_parameter(params, rows[i].word));
		CU_ASSERT_TRUE(json_equal(params, expected));
		json_decref(params);
		json_decref(expected);
	}
}

static void wrong_parameters_are_told(void)
{
	json_t *params = json_object();

	CU_ASSERT_PTR_NOT_NULL(
		strstr(cli_parameter(params, "addr"), "write name=value"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(cli_parameter(params, "=1"), "write name=value"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(cli_parameter(params, "Addr=1"), "write name=value"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(cli_parameter(params, "a=\xff"), "not UTF-8"));
	CU_ASSERT_PTR_NOT_NULL(strstr(cli_parameter(params, "a=@/nonexistent"),
				      "cannot read"));
	CU_ASSERT_EQUAL(json_object_size(params), 0);
	CU_ASSERT_PTR_NULL(cli_parameter(params, "a=1"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(cli_parameter(params, "a=2"), "given twice"));
	json_decref(params);
}

CU_TestInfo test_cli[] = {
	{ "values are JSON or text", values_are_json_or_text },
	{ "wrong parameters are told", wrong_parameters_are_told },
	CU_TEST_INFO_NULL,
};
