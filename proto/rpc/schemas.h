/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The shapes that parameters and results share, as JSON Schema
 */
#include "proto/rpc/params.h"

struct schema {
	const char *name;
	const char *json;
};

/* Ends with a NULL name. The methods' own shapes stand in the method table. */
extern const struct schema schemas[];

/** schema_of_kind() - the name of the schema of parameters that have no bounds
 * or words of their own; "Want" is made from the parts there are */
const char *schema_of_kind(enum param_kind kind);
