/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside subscriptions: one of them, and where it is found
 */
#include "proto/rpc/service.h"

enum {
	SUBSCRIPTION_BUCKETS = 4096,
	SUBSCRIPTION_NAME_MAX = 32, /* "4095.18446744073709551615" */
};

struct subscription {
	struct subscription *next; /* in its bucket; told the same: together */
	struct subscription *sibling; /* of the same subscriber, in this loop */
	struct subscription **to_this; /* what of the one points to it, */
	struct subscription **to_this_sibling; /* and of the other */
	struct rpc_subscriber *subscriber;
	struct world *world;
	uint64_t id;
	uint64_t missed; /* operations, since it was told something */
	uint32_t slot, number, thread;
	uint32_t client; /* who pays: the process's owner, or who has a share */
	unsigned want;
	bool is_guests; /* made by a share */
};

/** subscription_bucket() - the list of those of a world, among others */
static inline struct subscription **
subscription_bucket(struct subscription_table *table, const struct world *world)
{
	uint64_t key = (uint64_t)(uintptr_t)world * 0x9e3779b97f4a7c15ULL;

	return &table->buckets[key >> 52];
}

/** subscription_list() - the list of those that a subscriber has in a service */
static inline struct subscription **
subscription_list(const struct rpc_service *service,
		  const struct rpc_subscriber *subscriber)
{
	return &subscriber->lists[service->owner];
}

/** subscription_wants_diff() - is it to be told what operations change? */
static inline bool subscription_wants_diff(const struct subscription *sub)
{
	return sub->want & 1u << PART_DIFF;
}

/** subscription_free() - out of both lists, and gone. O(1) */
void subscription_free(struct rpc_service *service, struct subscription *sub);

/** subscription_name() - write its name with a NUL; how long it is */
size_t subscription_name(char text[SUBSCRIPTION_NAME_MAX],
			 const struct rpc_service *service, uint64_t id);
