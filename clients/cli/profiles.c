/* SPDX-License-Identifier: MIT */
#include "clients/cli/profiles.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "clients/cli/trace.h"

json_t *profiles_fetch(struct rpc_client *client)
{
	json_t *answer, *list = NULL;

	if (rpc_client_call(client, "profile.list", json_object(), &answer) ==
	    RPC_RESULT)
		list = json_incref(json_object_get(answer, "profiles"));
	json_decref(answer);
	return list;
}

json_t *profiles_named(const json_t *list, const char *name)
{
	size_t i;
	json_t *one;

	json_array_foreach(list, i, one) {
		const char *text =
			json_string_value(json_object_get(one, "name"));

		if (text && !strcmp(text, name))
			return one;
	}
	return NULL;
}

/* Releases in one number, so that they can be compared; 0: none. */
static uint64_t release_order(const char *name)
{
	unsigned major, minor;

	if (!name || sscanf(name, "%u.%u", &major, &minor) != 2)
		return 0;
	return major * 1000ULL + minor;
}

const char *profiles_nearest(const json_t *profiles, unsigned major,
			     unsigned minor)
{
	uint64_t kernel = major * 1000ULL + minor, best = 0;
	const char *nearest = NULL;
	size_t i;
	json_t *profile;

	json_array_foreach(profiles, i, profile) {
		const char *name =
			json_string_value(json_object_get(profile, "name"));
		uint64_t order = release_order(name);
		bool better = best > kernel ? order < best
					    : order > best && order <= kernel;

		if (order && (!nearest || better)) {
			nearest = name;
			best = order;
		}
	}
	return nearest;
}

char *profiles_choose(struct rpc_client *client, const struct trace *trace)
{
	const char *name =
		json_string_value(json_object_get(trace->header, "profile"));
	char *copy;
	json_t *list;

	if (name)
		return strdup(name);
	list = profiles_fetch(client);
	name = profiles_nearest(list, trace->major ? trace->major : UINT_MAX,
				trace->minor);
	copy = name ? strdup(name) : NULL;
	json_decref(list);
	return copy;
}
