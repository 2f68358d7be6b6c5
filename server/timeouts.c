/* SPDX-License-Identifier: MIT */
#include "server/timeouts.h"

#include <stddef.h>

void timeouts_init(struct timeouts *timeouts, const unsigned ms[TIMEOUT_KINDS])
{
	int kind;

	for (kind = 0; kind < TIMEOUT_KINDS; kind++) {
		struct timeout *head = &timeouts->lists[kind];

		*head = (struct timeout){ .prev = head, .next = head };
		timeouts->ms[kind] = ms[kind];
	}
}

void timeout_set(struct timeouts *timeouts, struct timeout *timeout,
		 enum timeout_kind kind, uint64_t now)
{
	struct timeout *head = &timeouts->lists[kind];

	if (timeout->kind != TIMEOUT_NONE) {
		timeout->prev->next = timeout->next;
		timeout->next->prev = timeout->prev;
	}
	timeout->kind = kind;
	if (kind == TIMEOUT_NONE)
		return;
	timeout->due = now + timeouts->ms[kind];
	timeout->prev = head->prev;
	timeout->next = head;
	head->prev->next = timeout;
	head->prev = timeout;
}

static const struct timeout *earliest(const struct timeouts *timeouts)
{
	const struct timeout *first = NULL;
	int kind;

	for (kind = TIMEOUT_NONE + 1; kind < TIMEOUT_KINDS; kind++) {
		const struct timeout *head = &timeouts->lists[kind];

		if (head->next != head &&
		    (!first || head->next->due < first->due))
			first = head->next;
	}
	return first;
}

struct timeout *timeouts_expired(struct timeouts *timeouts, uint64_t now)
{
	const struct timeout *first = earliest(timeouts);

	if (!first || first->due > now)
		return NULL;
	return first->prev->next;
}

uint64_t timeouts_next(const struct timeouts *timeouts)
{
	const struct timeout *first = earliest(timeouts);

	return first ? first->due : UINT64_MAX;
}
