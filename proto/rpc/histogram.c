/* SPDX-License-Identifier: MIT */
#include "proto/rpc/histogram.h"

const struct histogram_bound histogram_bounds[HISTOGRAM_BOUNDS] = {
	{ 500, "5e-07" },     { 1000, "1e-06" },    { 2000, "2e-06" },
	{ 5000, "5e-06" },    { 10000, "1e-05" },   { 20000, "2e-05" },
	{ 50000, "5e-05" },   { 100000, "0.0001" }, { 500000, "0.0005" },
	{ 1000000, "0.001" }, { 5000000, "0.005" }, { 10000000, "0.01" },
	{ 50000000, "0.05" }, { 100000000, "0.1" }, { 1000000000, "1.0" },
};

void histogram_add(struct histogram *histogram, uint64_t ns)
{
	unsigned i = 0;

	while (i < HISTOGRAM_BOUNDS && ns > histogram_bounds[i].ns)
		i++;
	histogram->counts[i]++;
	histogram->sum += ns;
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
	unsigned i;

	for (i = 0; i <= HISTOGRAM_BOUNDS; i++)
		into->counts[i] += from->counts[i];
	into->sum += from->sum;
}

uint64_t histogram_count(const struct histogram *histogram)
{
	uint64_t count = 0;
	unsigned i;

	for (i = 0; i <= HISTOGRAM_BOUNDS; i++)
		count += histogram->counts[i];
	return count;
}
