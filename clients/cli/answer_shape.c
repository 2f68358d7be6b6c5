/* SPDX-License-Identifier: MIT */
#include "clients/cli/answer_shape.h"

#include <stdbool.h>
#include <string.h>

enum {
	MEMBERS_MAX = 4
};

enum member_type {
	MEMBER_ANY,
	MEMBER_TEXT,
	MEMBER_NUMBER,
	MEMBER_LIST,
	MEMBER_OBJECT,
};

/* Of each method, what the commands rely on. */
struct shape {
	const char *method;
	struct {
		const char *name; /* NULL: no more */
		enum member_type type;
	} members[MEMBERS_MAX];
};

/* clang-format off */
static const struct shape shapes[] = {
	{ "history.at", { { "seq", MEMBER_NUMBER } } },
	{ "history.diff", { { "from", MEMBER_NUMBER },
			    { "to", MEMBER_NUMBER },
			    { "diff", MEMBER_OBJECT } } },
	{ "history.list", { { "operations", MEMBER_LIST },
			    { "next", MEMBER_ANY },
			    { "history", MEMBER_OBJECT } } },
	{ "history.rewind", { { "seq", MEMBER_NUMBER } } },
	{ "mm.find_vma", { { "vma", MEMBER_ANY } } },
	{ "mm.maps", { { "text", MEMBER_TEXT } } },
	{ "mm.smaps", { { "text", MEMBER_TEXT } } },
	{ "mm.status", { { "text", MEMBER_TEXT } } },
	{ "process.create", { { "process", MEMBER_TEXT },
			      { "thread", MEMBER_NUMBER } } },
	{ "process.share", { { "share", MEMBER_TEXT } } },
	{ "process.unshare", { { "revoked", MEMBER_NUMBER } } },
	{ "profile.list", { { "profiles", MEMBER_LIST },
			    { "behaviours", MEMBER_LIST } } },
	{ "script.run", { { "lines", MEMBER_LIST },
			  { "passed", MEMBER_NUMBER },
			  { "failed", MEMBER_NUMBER },
			  { "process", MEMBER_TEXT } } },
	{ "subscribe", { { "subscription", MEMBER_TEXT } } },
	{ "world.branch", { { "process", MEMBER_TEXT },
			    { "thread", MEMBER_NUMBER },
			    { "processes", MEMBER_LIST } } },
	{ "world.import", { { "process", MEMBER_TEXT },
			    { "thread", MEMBER_NUMBER } } },
};
/* clang-format on */

static bool is_of(const json_t *value, enum member_type type)
{
	switch (type) {
	case MEMBER_ANY:
		return value;
	case MEMBER_TEXT:
		return json_is_string(value);
	case MEMBER_NUMBER:
		return json_is_integer(value);
	case MEMBER_LIST:
		return json_is_array(value);
	case MEMBER_OBJECT:
		return json_is_object(value);
	}
	return false;
}

static const struct shape *find_shape(const char *method)
{
	size_t i;

	for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		if (!strcmp(shapes[i].method, method))
			return &shapes[i];
	return NULL;
}

const char *answer_lack(const char *method, const json_t *result)
{
	const struct shape *shape = find_shape(method);
	size_t i;

	if (!shape)
		return NULL;
	if (!json_is_object(result))
		return "object";
	for (i = 0; i < MEMBERS_MAX && shape->members[i].name; i++)
		if (!is_of(json_object_get(result, shape->members[i].name),
			   shape->members[i].type))
			return shape->members[i].name;
	return NULL;
}
