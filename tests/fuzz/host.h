/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A service of one loop, as fuzz targets ask it
 */
#include "proto/json/buffer.h"
#include "proto/rpc/service.h"
#include "tests/fuzz/demand.h"

struct host {
	uint32_t random;
	struct rpc_service *service;
	char process[PROCESS_NAME_LEN + 1];
	bool is_one_sender; /* all bodies come from one, and may resemble each
			       other; true at first */
};

/* Equal limits make equal hosts. The host must not move. */
void host_init(struct host *host, const struct rpc_limits *limits);

void host_deinit(struct host *host);

/* Make host->process, which has descriptor 3. */
void host_create(struct host *host);

/**
 * host_run() - work on a body until it is answered
 * @answer: out, initialised
 *
 * Demands that it ends and that the answer, if there is one, is JSON.
 */
void host_run(const struct host *host, const char *body, size_t len,
	      struct buffer *answer);

/* Work on a body for so many turns; then nobody waits for its answer, for either
 * reason. */
void host_abandon(const struct host *host, const char *body, size_t len,
		  unsigned turns, enum rpc_abandoning why);

/* demand(), and the answer is told, too. */
void demand_of_answer(bool holds, const char *what,
		      const struct buffer *answer);
