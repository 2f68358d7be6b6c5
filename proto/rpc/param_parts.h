/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside the parameters: what params.c, param_kinds.c, param_numbers.c and
 * param_messages.c share
 */
#include "core/hot.h"
#include "proto/rpc/params.h"

enum {
	PARAM_NUMBER_MAX = 512 /* longer strings are no numbers and no flags */
};

/* Names joined for a message: "a, b, c", with "..." for what is too much. */
struct name_list {
	char text[384];
	size_t len;
	bool is_cut;
};

/** name_list_add() - one more; of an empty list len is 0 and is_cut false */
void name_list_add(struct name_list *list, const char *name);

/**
 * param_read() - judge a value by its definition
 * @value: raw is set; out: number, of kinds that have one
 *
 * Return: true, or false and @error says why.
 */
bool param_read(const struct param_def *def, struct param_value *value,
		struct rpc_error *error);
