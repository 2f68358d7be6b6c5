/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "proto/rpc/base64.h"
#include "tests/support/suite.h"

static void texts_stand_for_bytes(void)
{
	/* RFC 4648, section 10, with and without padding. */
	static const struct {
		const char *text, *bytes;
	} rows[] = {
		{ "", "" },
		{ "Zg==", "f" },
		{ "Zg", "f" },
		{ "Zm8=", "fo" },
		{ "Zm8", "fo" },
		{ "Zm9v", "foo" },
		{ "Zm9vYg==", "foob" },
		{ "Zm9vYmE=", "fooba" },
		{ "Zm9vYmFy", "foobar" },
	};
	uint8_t out[16];
	size_t i, len;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CU_ASSERT(base64_decode(rows[i].text, strlen(rows[i].text), out,
					&len));
		CU_ASSERT_EQUAL(len, strlen(rows[i].bytes));
		CU_ASSERT(len <= base64_room(strlen(rows[i].text)));
		CU_ASSERT(!memcmp(out, rows[i].bytes, len));
	}
}

static void every_character_counts(void)
{
	static const char all[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqr"
				  "stuvwxyz0123456789+/";
	uint8_t out[48];
	size_t i, len;

	CU_ASSERT(base64_decode(all, 64, out, &len));
	CU_ASSERT_EQUAL(len, 48);
	for (i = 0; i < 64; i++) {
		unsigned group = out[i / 4 * 3] << 16 |
				 out[i / 4 * 3 + 1] << 8 | out[i / 4 * 3 + 2];

		CU_ASSERT_EQUAL(group >> (18 - i % 4 * 6) & 63, i);
	}
}

static void other_texts_are_refused(void)
{
	static const char *const texts[] = {
		"Z",      "=",      "Zg=",   "Zg===",    "Z===",
		"====",   "Zm9v\n", "Zm 9v", "Zm-v",     "Zm_v",
		"Zg==Zg", "Zh==",   "Zm9=",  "Zm9vYh==", "Zm9vZ",
	};
	uint8_t out[16];
	size_t i, len;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		CU_ASSERT(
			!base64_decode(texts[i], strlen(texts[i]), out, &len));
}

CU_TestInfo test_base64[] = {
	{ "texts stand for bytes", texts_stand_for_bytes },
	{ "every character counts", every_character_counts },
	{ "other texts are refused", other_texts_are_refused },
	CU_TEST_INFO_NULL,
};
