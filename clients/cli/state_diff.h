/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Two states of processes, asked for and drawn
 */
#include <stdbool.h>
#include <stdint.h>

#include "clients/cli/canvas.h"
#include "clients/cli/cli.h"

/**
 * struct state_diff - which two states
 * @other:  the process that the second state is of; NULL: the same one
 * @from:   the operation that leads to the first, if it is given; else the one
 *          before the last, or, of two processes, the last
 * @to:     likewise to the second; else it is the present
 * @thread: whose look-up cache
 */
struct state_diff {
	const char *process, *other;
	uint64_t from, to, thread;
	bool is_from_given, is_to_given;
};

/**
 * state_diff_show() - draw what differs
 * @json: print it as the server gave it, on a line
 *
 * Return: CLI_OK, or another status when the reason has been told.
 */
enum cli_status state_diff_show(struct rpc_client *client,
				struct state_diff asked,
				const struct canvas *canvas, bool json);
