/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What a run counted
 */
#include <stdint.h>

#include "clients/bench/histogram.h"

enum {
	TALLY_KINDS_MAX = 32,
	TALLY_TEXT = 160,
};

/**
 * struct tally_error - one kind of error
 * @example: the first of them, for people; may be empty
 */
struct tally_error {
	char kind[64];
	char example[TALLY_TEXT];
	uint64_t count;
};

/**
 * struct tally - all counts of a run
 * @requests:   answered, rightly or not
 * @calls:      answered, rightly or not
 * @late:       of an open loop: sent more than a millisecond after its time
 * @latency:    of answered requests, ns
 * @errors:     kinds in the order in which they came; the last one also
 *              counts the kinds for which there was no room
 */
struct tally {
	uint64_t requests;
	uint64_t calls;
	uint64_t late;
	uint64_t sent_bytes;
	uint64_t received_bytes;
	uint64_t error_count;
	unsigned kinds;
	struct tally_error errors[TALLY_KINDS_MAX];
	struct histogram latency;
};

/**
 * tally_error() - count @count errors of a kind
 * @example: what happened, or ""
 */
void tally_error(struct tally *tally, const char *kind, const char *example,
		 uint64_t count);
