/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Worlds that nobody has used for long
 *
 * A world is in use while calls name one of its processes. One that has been
 * idle for limits.idle_ms ends with all its processes, as if it had been
 * forgotten: its names are gone, what it held is given back. process.create and
 * process.get tell how long that takes.
 *
 * Time is kept in seconds of the service's age and moves on with
 * rpc_service_sweep() alone, so that no call reads a clock; a world therefore
 * lives up to two sweeps longer than it was promised, never shorter.
 */
#include <stdbool.h>
#include <stdint.h>

struct json_writer;
struct rpc_service;
struct world;

/** expiry_touch() - @world is used now. O(1), without a clock */
void expiry_touch(const struct rpc_service *service, struct world *world);

/** expiry_is_due() - has @world been idle for too long? It is to be treated as
 * gone, though the sweep has not come by */
bool expiry_is_due(const struct rpc_service *service,
		   const struct world *world);

/** expiry_write() - write the member expires_in, if worlds expire here */
void expiry_write(const struct rpc_service *service, struct json_writer *w);
