/* SPDX-License-Identifier: MIT */
/*
 * What messages about parameters are made of
 */
#include <stdio.h>
#include <string.h>

#include "proto/rpc/param_parts.h"

void name_list_add(struct name_list *list, const char *name)
{
	static const char more[] = ", ...";
	size_t room = sizeof(list->text) - list->len;
	int n;

	if (list->is_cut)
		return;
	list->is_cut = strlen(name) + 2 + sizeof(more) > room;
	if (list->is_cut)
		n = snprintf(list->text + list->len, room, "%s", more);
	else
		n = snprintf(list->text + list->len, room, "%s%s",
			     list->len ? ", " : "", name);
	list->len += (size_t)n;
}

const char *param_quote(struct param_quote *quote,
			const struct json_value *string)
{
	size_t len = string->len - 2, max = sizeof(quote->text) - 1;

	if (len <= max) {
		memcpy(quote->text, string->text + 1, len);
		quote->text[len] = '\0';
		return quote->text;
	}
	/* Cut between two characters of UTF-8. */
	max -= 3;
	while (max && ((unsigned char)string->text[1 + max] & 0xc0) == 0x80)
		max--;
	memcpy(quote->text, string->text + 1, max);
	memcpy(quote->text + max, "...", 4);
	return quote->text;
}

bool param_kind_is(const char *name, const struct json_value *value,
		   enum json_kind kind, struct rpc_error *error)
{
	if (value->kind == kind)
		return true;
	return error_set(error, ERROR_PARAMS_TYPE, name,
			 "%s must be %s, but is %s", name, json_kind_name(kind),
			 json_kind_name(value->kind));
}
