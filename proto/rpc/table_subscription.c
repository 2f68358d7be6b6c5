/* SPDX-License-Identifier: MIT */
/*
 * The method table: what works over WebSocket only
 */
#include "proto/rpc/method_parts.h"

static const struct param_def subscribe_params[] = { PROCESS, THREAD, WANT };
static const struct param_def unsubscribe_params[] = {
	[UNSUBSCRIBE_NAME] = { .name = "subscription",
			       .kind = PARAM_TEXT,
			       .required = true,
			       .min = 1,
			       .max = 31,
			       .about = "As subscribe named it." },
};

static const char subscribe_result[] =
	OBJECT("\"subscription\",\"seq\"",
	       "\"subscription\":{\"type\":\"string\"},"
	       "\"seq\":{\"type\":\"integer\",\"minimum\":0}" SNAPSHOT);

static const struct method methods[] = {
	{ .name = "subscribe",
	  .run = run_subscribe,
	  .is_looking = true,
	  .is_apart = true,
	  PARAMS(subscribe_params),
	  .needs_answer = true,
	  .summary = "Be told of every operation that changes the process, by "
		     "the notifications under x-notifications; over WebSocket "
		     "only.",
	  .result = subscribe_result,
	  .errors = E(QUOTA_SUBSCRIPTIONS) | E(SUBSCRIPTION_TRANSPORT) |
		    E(QUOTA_BYTES),
	  .example_params = ON_EXAMPLE(",\"want\":[]"),
	  .example_result = "{\"subscription\":\"0.1\",\"seq\":0}" },
	{ .name = "unsubscribe",
	  .run = run_unsubscribe,
	  PARAMS(unsubscribe_params),
	  .summary = "End a subscription; over WebSocket only.",
	  .result = "{\"type\":\"object\"}",
	  .errors = E(SUBSCRIPTION_TRANSPORT),
	  .example_params = "{\"subscription\":\"0.1\"}",
	  .example_result = "{}" },
};

const struct method_family subscription_methods = METHOD_FAMILY(methods);

const char subscription_notifications[] =
	"[{\"name\":\"subscription\","
	"\"summary\":\"An operation has changed a process that the connection "
	"subscribed to. It may be another client's, or another process's that "
	"shares the memory (relative). Comes after the answer to subscribe, in "
	"the order of seq. A client that is slow to read misses operations: "
	"then one notification without a method says how many, and shows the "
	"state as it is. Where diff is wanted, it is what that operation has "
	"changed. It is left out where no state before is at hand: behind "
	"missed operations, of a rewind or a script, in a world of more areas "
	"than the server copies, and where the memory for the copy is more "
	"than who subscribed may have. Steps are told to the caller alone.\","
	"\"params\":" OBJECT(
		"\"subscription\",\"missed\",\"seq\"",
		"\"subscription\":{\"type\":\"string\"},"
		"\"missed\":{\"type\":\"integer\",\"minimum\":0,"
		"\"description\":\"Operations that were not told before this "
		"one.\"},"
		"\"seq\":{\"type\":\"integer\",\"minimum\":0},"
		"\"method\":{\"type\":\"string\"},"
		"\"relative\":{\"const\":true},"
		"\"thread\":{\"type\":\"integer\"},"
		"\"params\":{\"type\":\"object\",\"description\":\"As the "
		"caller wrote them, but for the process; those longer than "
		"1024 bytes are left out.\"},"
		"\"result\":{\"type\":\"object\",\"description\":\"As the "
		"caller's, without names and long members.\"},"
		"\"ended\":{\"const\":true,\"description\":\"The process has "
		"exited, or the share that was subscribed to is revoked, and "
		"the subscription has ended with it.\"},"
		"\"rewound\":{\"const\":true,\"description\":\"The world has "
		"been rewound to seq.\"},"
		"\"snapshot\":" REF("Snapshot")) "}]";
