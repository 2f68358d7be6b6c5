/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What tests send, kept as a corpus for fuzz_rpc
 *
 * If VMARIUM_BODIES names a folder, the bodies of a fixture are written into it,
 * a few in a file, in their order, a line each and with '@' for the process.
 * Files are named by what is in them, so that none is there twice.
 */
#include <stddef.h>

struct rpc_bodies {
	char text[4096]; /* as much as fuzzers take */
	size_t len;
	unsigned lines;
};

/** rpc_bodies_add() - keep a body, if that is wanted and it is not too long
 * @process: its name, of 32 characters, or "" */
void rpc_bodies_add(struct rpc_bodies *bodies, const char *body, size_t len,
		    const char *process);

/** rpc_bodies_write() - write what is kept; no more is */
void rpc_bodies_write(struct rpc_bodies *bodies);
