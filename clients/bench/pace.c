/* SPDX-License-Identifier: MIT */
#include "clients/bench/pace.h"

static const uint64_t second = 1000000000;

/* Whole seconds are counted apart: neither rounding adds up nor a product wraps. */
uint64_t pace_next(const struct pace *pace)
{
	uint64_t part = pace->taken % pace->rate * second;

	return pace->start + pace->taken / pace->rate * second +
	       (part + pace->rate - 1) / pace->rate;
}

uint64_t pace_due(const struct pace *pace, uint64_t now)
{
	uint64_t elapsed, come;

	if (now < pace->start)
		return 0;
	elapsed = now - pace->start;
	/* The first one's time is the start itself. */
	come = 1 + elapsed / second * pace->rate +
	       elapsed % second * pace->rate / second;
	return come > pace->taken ? come - pace->taken : 0;
}
