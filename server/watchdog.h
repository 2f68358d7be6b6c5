/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Telling the supervisor that all loops are alive
 *
 * Twice as often as it wants to hear, a task goes through every loop; when it
 * is back in the first, WATCHDOG=1 is sent. A loop that hangs holds the task,
 * so nothing is sent, and the supervisor does what it was told to.
 *
 * Where WATCHDOG_USEC asks for nothing, there is no timer.
 */
#include <stdbool.h>
#include <uv.h>
#include "server/loop.h"

struct server;

struct watchdog {
	/* private, the first loop's; the task travels */
	struct server *server;
	uv_timer_t timer;
	struct task task;
	unsigned next; /* loop to visit */
	bool is_away;
};

/** watchdog_open() - begin, in the first loop of @server; before it runs */
void watchdog_open(struct watchdog *watchdog, struct server *server);

/** watchdog_close() - end; in the first loop's thread */
void watchdog_close(struct watchdog *watchdog);
