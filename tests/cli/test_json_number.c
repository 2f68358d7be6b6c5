/* SPDX-License-Identifier: MIT */
#include "clients/cli/json_number.h"
#include "tests/cli/picture.h"
#include "tests/support/suite.h"

static void numbers_come_as_integers_and_strings(void)
{
	static const struct {
		const char *text;
		bool good;
		uint64_t number;
	} rows[] = {
		{ "0", true, 0 },
		{ "-22", true, (uint64_t)-22 },
		{ "'0xffffffffffffffff'", true, UINT64_MAX },
		{ "'18446744073709551615'", true, UINT64_MAX },
		{ "'0x10000000000000000'", false, 0 },
		{ "'4k'", false, 0 },
		{ "''", false, 0 },
		{ "'0x'", false, 0 },
		{ "' 1'", false, 0 },
		{ "'-1'", false, 0 },
		{ "1.5", false, 0 },
		{ "null", false, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *value = json_from(rows[i].text);
		uint64_t number = 0;

		CU_ASSERT_EQUAL(json_u64(value, &number), rows[i].good);
		if (rows[i].good)
			CU_ASSERT_EQUAL(number, rows[i].number);
		json_decref(value);
	}
}

CU_TestInfo test_json_number[] = {
	{ "numbers come as integers and strings",
	  numbers_come_as_integers_and_strings },
	CU_TEST_INFO_NULL,
};
