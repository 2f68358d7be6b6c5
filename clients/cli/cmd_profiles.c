/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "clients/cli/canvas.h"
#include "clients/cli/cli.h"
#include "clients/cli/foreign_text.h"
#include "clients/cli/profiles.h"

static const char help[] =
	"Usage: vmarium profiles [PROFILE [PROFILE]]\n"
	"\n"
	"Lists the kernel releases that the server emulates; or, with one "
	"PROFILE, what it\n"
	"does and has; or, with two, what differs between them.\n"
	"\n"
	"  vmarium profiles\n"
	"  vmarium profiles 4.0 6.12\n"
	"\n"
	"Options:\n" CLI_OPTIONS_HELP "\n"
	"With --json one line: the profiles as profile.list gives them; of a "
	"difference\n"
	"[{name, about, a, b}].\n"
	"\n"
	"Exit status: 0 done; 1 the server refused, or has no such profile; 2 "
	"wrong usage or\n"
	"no server.\n";

/* A behaviour that holds or not, or a number, by name. */
struct trait {
	const char *name;
	const char *about;
	const json_t *a;
	const json_t *b;
};

/* Room for the largest number there is. */
enum {
	VALUE_WIDTH = 12,
	NAME_WIDTH = 34
};

static void value_print(const json_t *value)
{
	char text[32];

	if (json_is_integer(value))
		snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT,
			 json_integer_value(value));
	else
		snprintf(text, sizeof(text), "%s",
			 json_is_true(value) ? "yes" : "no");
	printf("%-*s", VALUE_WIDTH, text);
}

/* What profile.list says of a behaviour in general, or NULL. */
static const char *description(const json_t *answer, const char *name)
{
	const json_t *behaviours = json_object_get(answer, "behaviours");

	return json_string_value(
		json_object_get(profiles_named(behaviours, name), "about"));
}

static void trait_tell(const struct trait *trait, bool both, json_t *lines)
{
	if (lines) {
		json_array_append_new(
			lines, json_pack("{s:s, s:s?, s:O, s:O}", "name",
					 trait->name, "about", trait->about,
					 "a", trait->a, "b", trait->b));
		return;
	}
	fputs("  ", stdout);
	foreign_put_column(stdout, trait->name, NAME_WIDTH);
	value_print(trait->a);
	if (both)
		value_print(trait->b);
	foreign_put(stdout, trait->about ? trait->about : "");
	putchar('\n');
}

/* Tells the members of one kind that differ, or all of one profile. */
static size_t traits_tell(const json_t *answer, json_t *first, json_t *second,
			  const char *kind, json_t *lines)
{
	json_t *from = json_object_get(first, kind);
	json_t *to = json_object_get(second, kind);
	size_t count = 0;
	const char *name;
	json_t *value;

	json_object_foreach(from, name, value) {
		struct trait trait = {
			.name = name,
			.about = description(answer, name),
			.a = value,
			.b = second ? json_object_get(to, name) : value,
		};

		if (second && json_equal(value, trait.b))
			continue;
		trait_tell(&trait, second, lines);
		count++;
	}
	return count;
}

static void difference_tell(const json_t *answer, json_t *first, json_t *second,
			    bool json)
{
	static const char *const kinds[] = { "behaviours", "constants" };
	const char *a = json_string_value(json_object_get(first, "name"));
	const char *b = json_string_value(json_object_get(second, "name"));
	json_t *lines = json ? json_array() : NULL;
	size_t count = 0;

	if (!json && second)
		printf("  %-34s%-*s%s\n", "", VALUE_WIDTH, a, b);
	else if (!json)
		printf("  %-34s%s\n", "", a);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		count += traits_tell(answer, first, second, kinds[i], lines);
	if (json)
		cli_print_json(lines);
	else if (!count)
		printf("  no difference\n");
	json_decref(lines);
}

static void list_tell(const json_t *profiles)
{
	size_t i;
	json_t *profile;

	json_array_foreach(profiles, i, profile) {
		const char *name =
			json_string_value(json_object_get(profile, "name"));

		foreign_put_column(stdout, name ? name : "?", 8);
		cli_print_member(profile, "release");
	}
}

static enum cli_status tell(const json_t *answer, char **names, int count,
			    bool json)
{
	const json_t *profiles = json_object_get(answer, "profiles");
	json_t *found[2] = { NULL };

	for (int i = 0; i < count; i++) {
		found[i] = profiles_named(profiles, names[i]);
		if (!found[i]) {
			fprintf(stderr,
				"vmarium: the server has no profile '%s'; "
				"'vmarium profiles' lists them\n",
				names[i]);
			return CLI_FAILED;
		}
	}
	if (!json && !count)
		list_tell(profiles);
	else if (json && count < 2)
		cli_print_json(count ? found[0] : profiles);
	else
		difference_tell(answer, found[0], found[1], json);
	return CLI_OK;
}

static enum cli_status run(int argc, char **argv)
{
	static const struct option longs[] = { CLI_OPTIONS, { 0 } };
	struct cli_options options = { 0 };
	struct rpc_client *client;
	enum cli_status status;
	enum rpc_outcome outcome;
	json_t *answer;

	while (cli_next_option(&cmd_profiles, argc, argv, longs, &options) !=
	       -1)
		;
	if (argc > optind + 2)
		return cli_usage_error(&cmd_profiles,
				       "two profiles can be compared, not %d",
				       argc - optind);
	client = cli_connect(&options);
	outcome =
		rpc_client_call(client, "profile.list", json_object(), &answer);
	if (outcome == RPC_RESULT)
		status = tell(answer, argv + optind, argc - optind,
			      options.json);
	else
		status = cli_report(client, outcome, answer);
	json_decref(answer);
	rpc_client_free(client);
	return status;
}

const struct cli_command cmd_profiles = {
	.name = "profiles",
	.summary = "list the kernel releases there are, and how they differ",
	.help = help,
	.run = run,
};
