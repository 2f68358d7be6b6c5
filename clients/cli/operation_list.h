/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The history of a world, listed page by page
 */
#include <stdbool.h>
#include <stdint.h>

#include "clients/cli/canvas.h"
#include "clients/cli/cli.h"

/**
 * struct operation_list - what to list
 * @from:  the first operation; 0: the oldest that is kept
 * @count: how many at most
 * @last:  the last @count, wherever they begin
 */
struct operation_list {
	const char *process;
	uint64_t from, count;
	bool last;
};

/**
 * operation_list_show() - print them, a line each
 * @json: as the server gave them
 *
 * Return: CLI_OK, or another status when the reason has been told.
 */
enum cli_status operation_list_show(struct rpc_client *client,
				    struct operation_list list,
				    const struct canvas *canvas, bool json);
