/* SPDX-License-Identifier: MIT */
#include "server/option_value.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

_Static_assert(sizeof(size_t) == sizeof(uint64_t), "sizes are stored alike");

static void *field_of(struct options *options, const struct option *option)
{
	return (char *)options + option->offset;
}

/* Each function returns NULL or what the value should have been. */

/* Digits, and the unit behind them. */
static bool number_parse(const char *text, uint64_t *numberp,
			 const char **unitp)
{
	uint64_t number = 0;
	const char *c;

	for (c = text; *c >= '0' && *c <= '9'; c++) {
		uint64_t digit = (uint64_t)(*c - '0');

		if (number > (UINT64_MAX - digit) / 10)
			return false;
		number = number * 10 + digit;
	}
	*numberp = number;
	*unitp = c;
	return c != text;
}

static bool number_scale(uint64_t *numberp, uint64_t factor)
{
	if (*numberp > UINT64_MAX / factor)
		return false;
	*numberp *= factor;
	return true;
}

static bool size_parse(const char *text, uint64_t *sizep)
{
	static const char units[] = "KMG";
	const char *unit, *power;

	if (!number_parse(text, sizep, &unit))
		return false;
	if (!*unit)
		return true;
	power = strchr(units, toupper((unsigned char)*unit));
	return power && !unit[1] &&
	       number_scale(sizep, 1ULL << (10 * (power - units + 1)));
}

static bool time_parse(const char *text, uint64_t *msp)
{
	const char *unit;

	if (!number_parse(text, msp, &unit))
		return false;
	if (!strcmp(unit, "ms"))
		return true;
	if (!*unit || !strcmp(unit, "s"))
		return number_scale(msp, 1000);
	if (!strcmp(unit, "m"))
		return number_scale(msp, 60000);
	return !strcmp(unit, "h") && number_scale(msp, 3600000);
}

static const char *out_of_bounds(const struct option *option, const char *unit,
				 char problem[OPTION_PROBLEM_MAX])
{
	snprintf(problem, OPTION_PROBLEM_MAX, "from %llu to %llu%s",
		 (unsigned long long)option->min,
		 (unsigned long long)option->max, unit);
	return problem;
}

static const char *set_number(struct options *options,
			      const struct option *option, const char *value,
			      char problem[OPTION_PROBLEM_MAX])
{
	const bool is_time = option->kind == KIND_TIME;
	uint64_t number;

	if (is_time ? !time_parse(value, &number) : !size_parse(value, &number))
		return is_time ? "a time such as 10s, 300ms, 2m or 24h"
			       : "a number, perhaps with K, M or G behind it";
	if (number < option->min || number > option->max)
		return out_of_bounds(option, is_time ? " ms" : "", problem);
	if (option->kind == KIND_COUNT || is_time)
		*(unsigned *)field_of(options, option) = (unsigned)number;
	else
		*(uint64_t *)field_of(options, option) = number;
	return NULL;
}

static const char *set_text(char **field, const char *value)
{
	char *copy = strdup(value);

	if (!copy)
		return "shorter: the machine is out of memory";
	free(*field);
	*field = copy;
	return NULL;
}

static const char *add_address(struct options *options, const char *text,
			       size_t len)
{
	struct address address, *grown;
	const char *problem = address_parse(&address, text, len);

	if (problem)
		return problem;
	grown = realloc(options->listen,
			(options->listen_len + 1) * sizeof(*grown));
	if (!grown)
		return "shorter: the machine is out of memory";
	options->listen = grown;
	grown[options->listen_len++] = address;
	return NULL;
}

/* Takes the place of what a weaker source said. */
static const char *set_addresses(struct options *options, const char *value)
{
	const char *problem;
	size_t len;

	if (options->listen_source != options->source)
		options->listen_len = 0;
	options->listen_source = options->source;
	do {
		len = strcspn(value, ",");
		problem = add_address(options, value, len);
		value += len;
	} while (!problem && *value++);
	return problem;
}

static const char *list_add(struct option_list *list, const char *item,
			    size_t len)
{
	char **items = realloc(list->items, (list->len + 1) * sizeof(*items));

	if (!items)
		return "shorter: the machine is out of memory";
	list->items = items;
	items[list->len] = strndup(item, len);
	if (!items[list->len])
		return "shorter: the machine is out of memory";
	list->len++;
	return NULL;
}

static const char *set_list(struct option_list *list, const char *value)
{
	const char *problem = NULL;
	struct http_slice item;
	size_t len;

	do {
		len = strcspn(value, ",");
		item = http_slice_trim((struct http_slice){ value, len });
		if (!item.len)
			return "one or more names, parted by commas";
		problem = list_add(list, item.at, item.len);
		value += len;
	} while (!problem && *value++);
	return problem;
}

/* A Host field's, without its port: that may be any. */
static bool is_host(const char *text)
{
	const struct http_slice whole = { text, strlen(text) };
	struct http_authority authority;

	return http_authority_parse(whole, &authority) &&
	       authority.host.len == whole.len;
}

static const char *set_names(struct option_list *list, const char *value)
{
	size_t i = list->len;
	const char *problem = set_list(list, value);

	for (; !problem && i < list->len; i++)
		if (!is_host(list->items[i]))
			problem = "one or more names such as vm.example, "
				  "without a scheme or a port, parted by "
				  "commas";
	return problem;
}

/* "https://name" or "https://name:port". */
static bool is_origin(const char *text)
{
	const char *name = strstr(text, "://");
	struct http_authority authority;

	if (!name || name == text)
		return false;
	name += 3;
	return http_authority_parse((struct http_slice){ name, strlen(name) },
				    &authority) &&
	       authority.host.len && name[strlen(name) - 1] != ':';
}

/* As browsers write it: in lower case, and without the port that the scheme
 * implies. */
static void write_as_browsers(char *origin)
{
	static const char *const implied[][2] = { { "http://", ":80" },
						  { "https://", ":443" } };
	size_t i;
	char *c;

	for (c = origin; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	c = strrchr(origin, ':');
	for (i = 0; i < sizeof(implied) / sizeof(*implied); i++)
		if (!strncmp(origin, implied[i][0], strlen(implied[i][0])) &&
		    !strcmp(c, implied[i][1]))
			*c = '\0';
}

static const char *set_origins(struct option_list *list, const char *value)
{
	size_t i = list->len;
	const char *problem = set_list(list, value);

	for (; !problem && i < list->len; i++) {
		if (!is_origin(list->items[i]))
			return "one or more origins such as https://name or "
			       "http://name:8080, without a path; '*' and "
			       "'null' would let in every web page";
		write_as_browsers(list->items[i]);
	}
	return problem;
}

static const char *set_flag(bool *field, const char *value)
{
	static const char *const words[] = { "no",   "yes", "false",
					     "true", "0",   "1" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strcmp(value, words[i]) == 0) {
			*field = i % 2;
			return NULL;
		}
	}
	return "yes or no";
}

static const char *set_form(bool *is_json, const char *value)
{
	if (strcmp(value, "text") != 0 && strcmp(value, "json") != 0)
		return "text or json";
	*is_json = *value == 'j';
	return NULL;
}

static const char *set_mode(unsigned *field, const char *value)
{
	char *end;
	unsigned long mode = strtoul(value, &end, 8);

	if (*value < '0' || *value > '7' || *end || mode > 0777)
		return "three or four octal digits, as 0660";
	*field = (unsigned)mode;
	return NULL;
}

static const char *set_level(enum log_level *field, const char *value)
{
	static const char *const names[] = { "error", "warn", "info", "debug" };
	int i;

	for (i = LOG_ERROR; i <= LOG_DEBUG; i++) {
		if (!strcmp(value, names[i])) {
			*field = (enum log_level)i;
			return NULL;
		}
	}
	return "error, warn, info or debug";
}

const char *option_set(struct options *options, const struct option *option,
		       const char *value, char problem[OPTION_PROBLEM_MAX])
{
	switch (option->kind) {
	case KIND_ADDRESS:
		return set_addresses(options, value);
	case KIND_TEXT:
		return set_text(field_of(options, option), value);
	case KIND_NAMES:
		return set_names(field_of(options, option), value);
	case KIND_ORIGINS:
		return set_origins(field_of(options, option), value);
	case KIND_FLAG:
		return set_flag(field_of(options, option), value);
	case KIND_FORM:
		return set_form(field_of(options, option), value);
	case KIND_MODE:
		return set_mode(field_of(options, option), value);
	case KIND_LEVEL:
		return set_level(field_of(options, option), value);
	default:
		return set_number(options, option, value, problem);
	}
}
