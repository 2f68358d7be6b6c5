/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * How a loop's listeners end; loop_listen() makes them
 */
#include "server/loop.h"

/** loop_close_listeners() - take no more connections; each listener lets go of the
 * server when it is closed */
void loop_close_listeners(struct loop *loop);

/** loop_discard_listeners() - likewise, of a loop that has never run; the caller
 * runs it until they are closed, and the server is not held any more */
void loop_discard_listeners(struct loop *loop);
