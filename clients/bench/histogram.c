/* SPDX-License-Identifier: MIT */
#include "clients/bench/histogram.h"

/* How far a value is shifted to leave one leading bit and the sub bits. */
static unsigned value_shift(uint64_t value)
{
	unsigned top = 63 - (unsigned)__builtin_clzll(value | 1);

	return top > HISTOGRAM_SUB_BITS ? top - HISTOGRAM_SUB_BITS : 0;
}

void histogram_add(struct histogram *histogram, uint64_t value)
{
	unsigned shift = value_shift(value);

	histogram->buckets[((uint64_t)shift << HISTOGRAM_SUB_BITS) +
			   (value >> shift)]++;
	histogram->count++;
	histogram->sum += (double)value;
	if (value > histogram->max)
		histogram->max = value;
}

/* The inverse of what histogram_add() does: the largest value of a bucket. */
static uint64_t bucket_end(uint64_t bucket)
{
	uint64_t half = bucket >> HISTOGRAM_SUB_BITS;
	uint64_t shift = half ? half - 1 : 0;
	uint64_t lead = bucket - (shift << HISTOGRAM_SUB_BITS);

	/* Wraps to the largest number at the last bucket, as it should. */
	return ((lead + 1) << shift) - 1;
}

uint64_t histogram_percentile(const struct histogram *histogram, double percent)
{
	/* In this order 7 % of 100 is 7, not a little more. */
	double exact = percent * (double)histogram->count / 100;
	uint64_t rank = (uint64_t)exact;
	uint64_t seen = 0;

	if ((double)rank < exact)
		rank++;
	if (!rank)
		rank = 1;
	for (uint64_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
		seen += histogram->buckets[i];
		if (seen >= rank) {
			uint64_t end = bucket_end(i);

			return end < histogram->max ? end : histogram->max;
		}
	}
	return histogram->max;
}

double histogram_mean(const struct histogram *histogram)
{
	return histogram->count ? histogram->sum / (double)histogram->count : 0;
}
