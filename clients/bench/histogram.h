/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A histogram of latencies whose buckets grow with the value
 *
 * Each power of two has 128 buckets of equal width, so that a value is known
 * to better than one part in 128 over the whole range of 64 bits. Adding one
 * costs a few instructions and never memory.
 */
#include <stdint.h>

enum {
	HISTOGRAM_SUB_BITS = 7,
	HISTOGRAM_BUCKETS = (64 - HISTOGRAM_SUB_BITS + 1) << HISTOGRAM_SUB_BITS,
};

/**
 * struct histogram - values counted so far; all zero is an empty one
 * @sum: of all values, for the mean
 */
struct histogram {
	uint64_t count;
	uint64_t max;
	double sum;
	uint64_t buckets[HISTOGRAM_BUCKETS];
};

/** histogram_add() - count @value */
void histogram_add(struct histogram *histogram, uint64_t value);

/**
 * histogram_percentile() - the value that @percent of all values do not exceed
 * @percent: above 0, at most 100
 *
 * Return: the upper end of the bucket in which the value lies, at most the
 *         maximum; never below the true value. 0 if nothing was counted.
 */
uint64_t histogram_percentile(const struct histogram *histogram,
			      double percent);

/** histogram_mean() - the exact mean, 0 if nothing was counted */
double histogram_mean(const struct histogram *histogram);
