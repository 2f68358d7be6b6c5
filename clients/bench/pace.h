/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * When the requests of an open loop are to be sent
 *
 * The times are fixed before the run: request k at start + k / rate. A server
 * that falls behind does not move them, so a latency counted from its time
 * includes the wait that a real client would have had (no coordinated
 * omission).
 */
#include <stdint.h>

enum {
	PACE_RATE_MAX = 1000000000,
};

/**
 * struct pace - the times of one run
 * @start: of the first request, ns
 * @rate:  requests per second, 1 to PACE_RATE_MAX
 * @taken: how many requests have taken their time
 */
struct pace {
	uint64_t start;
	uint64_t rate;
	uint64_t taken;
};

/** pace_next() - the time of the next request, ns, rounded up */
uint64_t pace_next(const struct pace *pace);

/** pace_due() - how many requests' times have come by @now and are not taken */
uint64_t pace_due(const struct pace *pace, uint64_t now);
