/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "clients/bench/histogram.h"
#include "tests/support/suite.h"

static struct histogram *histogram_new(void)
{
	struct histogram *histogram = calloc(1, sizeof(*histogram));

	CU_ASSERT_FATAL(histogram != NULL);
	return histogram;
}

static void empty_answers_zero(void)
{
	struct histogram *histogram = histogram_new();

	CU_ASSERT_EQUAL(histogram_percentile(histogram, 50), 0);
	CU_ASSERT_EQUAL(histogram_mean(histogram), 0);
	free(histogram);
}

static void small_values_are_exact(void)
{
	struct histogram *histogram = histogram_new();

	for (uint64_t i = 1; i <= 200; i++)
		histogram_add(histogram, i);
	CU_ASSERT_EQUAL(histogram_percentile(histogram, 50), 100);
	CU_ASSERT_EQUAL(histogram_percentile(histogram, 90), 180);
	CU_ASSERT_EQUAL(histogram_percentile(histogram, 99), 198);
	CU_ASSERT_EQUAL(histogram_percentile(histogram, 99.9), 200);
	CU_ASSERT_EQUAL(histogram_percentile(histogram, 0.001), 1);
	CU_ASSERT_EQUAL(histogram_percentile(histogram, 100), 200);
	CU_ASSERT_EQUAL(histogram_mean(histogram), 100.5);
	free(histogram);
}

/* The percentile of one small and one value: the small one's bucket. */
static void every_value_is_known_to_one_in_128(void)
{
	for (unsigned shift = 0; shift < 64; shift++) {
		for (int delta = -1; delta <= 1; delta++) {
			struct histogram *histogram = histogram_new();
			uint64_t value = (UINT64_C(1) << shift) +
					 (uint64_t)(int64_t)delta;
			uint64_t found;

			histogram_add(histogram, value);
			histogram_add(histogram, UINT64_MAX);
			found = histogram_percentile(histogram, 50);
			CU_ASSERT_TRUE(found >= value);
			CU_ASSERT_TRUE(found - value <= value / 128);
			free(histogram);
		}
	}
}

static void neighbours_share_no_bucket_wrongly(void)
{
	struct histogram *histogram = histogram_new();
	uint64_t last = 0;

	/* A hundred values a factor apart: each has its own percentile. */
	for (uint64_t value = 1000, i = 0; i < 100; i++, value += value / 10)
		histogram_add(histogram, value);
	for (unsigned percent = 1; percent <= 100; percent++) {
		uint64_t found = histogram_percentile(histogram, percent);

		CU_ASSERT_TRUE(found > last);
		last = found;
	}
	CU_ASSERT_EQUAL(last, histogram->max);
	free(histogram);
}

CU_TestInfo test_histogram[] = {
	{ "empty answers zero", empty_answers_zero },
	{ "small values are exact", small_values_are_exact },
	{ "every value is known to one in 128",
	  every_value_is_known_to_one_in_128 },
	{ "neighbours share no bucket wrongly",
	  neighbours_share_no_bucket_wrongly },
	CU_TEST_INFO_NULL,
};
