/* SPDX-License-Identifier: MIT */
#include "server/options.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>
#include "server/version.h"

enum option_kind {
	KIND_ADDRESS, /* char *, and options->address */
	KIND_TEXT,    /* char * */
	KIND_LIST,    /* struct option_list; commas part the items */
	KIND_FLAG,    /* bool */
	KIND_LEVEL,   /* enum log_level */
	KIND_COUNT,   /* unsigned */
	KIND_QUOTA,   /* uint64_t; K, M and G are powers of 1024 */
	KIND_SIZE,    /* size_t; likewise */
	KIND_TIME,    /* unsigned, milliseconds; written 10s, 300ms or 2m */
};

struct option {
	const char *name;
	enum option_kind kind;
	size_t offset;
	const char *initial;
	uint64_t min, max;
	const char *help;
};

#define AT(field) offsetof(struct options, field)
#define AT_TIMEOUT(kind)                                                       \
	(AT(timeout_ms) + (kind) * sizeof(((struct options *)0)->timeout_ms[0]))

static const struct option table[] = {
	{ "listen", KIND_ADDRESS, AT(listen), "127.0.0.1:7070", 0, 0,
	  "where to serve; port 0 takes any free one" },
	{ "config", KIND_TEXT, AT(config), NULL, 0, 0,
	  "a file of lines 'option = value'; # begins a comment" },
	{ "loops", KIND_COUNT, AT(loops), "0", 0, 256,
	  "event loops, each a thread; 0: one per processor" },
	{ "host", KIND_LIST, AT(hosts), NULL, 0, 0,
	  "a name the server goes by, beside the loopback ones; repeatable" },
	{ "allow-origin", KIND_LIST, AT(origins), NULL, 0, 0,
	  "an origin whose pages may call, as https://name; repeatable" },
	{ "trust-proxy", KIND_FLAG, AT(trust_proxy), "no", 0, 0,
	  "serve requests that a proxy marks as forwarded" },
	{ "log-level", KIND_LEVEL, AT(log_level), "info", 0, 0,
	  "error, warn, info or debug" },
	{ "max-connections", KIND_COUNT, AT(connections), "12000", 1, 1000000,
	  "connections held; further ones are answered 503" },
	{ "max-pending", KIND_SIZE, AT(pending_bytes), "256M", 65536,
	  1ULL << 40,
	  "bytes of answers that clients have yet to take, per loop" },
	{ "max-header", KIND_SIZE, AT(http.head_bytes), "16K", 256, 65536,
	  "bytes of a request line and its fields" },
	{ "max-fields", KIND_COUNT, AT(http.fields), "100", 1, 10000,
	  "fields of a request" },
	{ "max-target", KIND_SIZE, AT(http.target_bytes), "8K", 64, 65536,
	  "bytes of a request target" },
	{ "max-body", KIND_SIZE, AT(http.body_bytes), "4M", 64, 1ULL << 30,
	  "bytes of a request body" },
	{ "max-batch", KIND_SIZE, AT(rpc.batch_calls), "1000", 1, 1000000,
	  "calls in a batch" },
	{ "max-answer", KIND_SIZE, AT(rpc.answer_bytes), "32M", 1024,
	  1ULL << 30, "bytes of an answer" },
	{ "max-depth", KIND_COUNT, AT(rpc.depth), "32", 4, 60,
	  "levels of nesting in JSON" },
	{ "max-processes", KIND_QUOTA, AT(rpc.processes), "1100000", 1,
	  1ULL << 40, "virtual processes, per loop" },
	{ "max-areas", KIND_QUOTA, AT(rpc.areas), "64M", 1, 1ULL << 40,
	  "areas of all processes, per loop" },
	{ "max-memory", KIND_QUOTA, AT(rpc.bytes), "8G", 1024, 1ULL << 50,
	  "bytes that all worlds may take, per loop" },
	{ "slice", KIND_COUNT, AT(rpc.calls_per_slice), "64", 1, 100000,
	  "calls of a batch in one go, before others have their turn" },
	{ "idle-timeout", KIND_TIME, AT_TIMEOUT(TIMEOUT_IDLE), "75s", 1,
	  86400000, "between two requests" },
	{ "header-timeout", KIND_TIME, AT_TIMEOUT(TIMEOUT_HEADER), "10s", 1,
	  86400000, "from a request's first byte to the end of its fields" },
	{ "body-timeout", KIND_TIME, AT_TIMEOUT(TIMEOUT_BODY), "10s", 1,
	  86400000, "between two reads of a body" },
	{ "write-timeout", KIND_TIME, AT_TIMEOUT(TIMEOUT_WRITE), "30s", 1,
	  86400000, "without the client taking a byte of its answer" },
	{ "linger-timeout", KIND_TIME, AT_TIMEOUT(TIMEOUT_LINGER), "2s", 1,
	  86400000, "for a client to hang up after its last answer" },
	{ "drain-timeout", KIND_TIME, AT(drain_ms), "10s", 1, 86400000,
	  "for accepted requests to finish after SIGTERM or SIGINT" },
};

enum {
	OPTIONS = sizeof(table) / sizeof(*table),
	LINE_BYTES = 1024,
	WHERE_BYTES = 256
};

_Static_assert(sizeof(size_t) == sizeof(uint64_t), "sizes are stored alike");

static void *field_of(struct options *options, const struct option *option)
{
	return (char *)options + option->offset;
}

static const struct option *option_find(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < OPTIONS; i++)
		if (strlen(table[i].name) == len &&
		    !memcmp(table[i].name, name, len))
			return &table[i];
	return NULL;
}

/* Values. Each function returns NULL or what the value should have been. */

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
	return !strcmp(unit, "m") && number_scale(msp, 60000);
}

static const char *set_number(struct options *options,
			      const struct option *option, const char *value)
{
	const bool is_time = option->kind == KIND_TIME;
	uint64_t number;

	if (is_time ? !time_parse(value, &number) : !size_parse(value, &number))
		return is_time ? "a time such as 10s, 300ms or 2m"
			       : "a number, perhaps with K, M or G behind it";
	if (number < option->min || number > option->max)
		return "a number within the bounds that --help names";
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

static bool is_loopback(const struct sockaddr_storage *address)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (address->ss_family == AF_INET) {
		memcpy(&v4, address, sizeof(v4));
		return ntohl(v4.sin_addr.s_addr) >> 24 == 127;
	}
	memcpy(&v6, address, sizeof(v6));
	return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
}

static bool address_parse(const char *host, int port,
			  struct sockaddr_storage *address)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	memset(address, 0, sizeof(*address));
	if (!strcmp(host, "localhost"))
		host = "127.0.0.1";
	if (!uv_ip4_addr(host, port, &v4)) {
		memcpy(address, &v4, sizeof(v4));
		return true;
	}
	if (!uv_ip6_addr(host, port, &v6)) {
		memcpy(address, &v6, sizeof(v6));
		return true;
	}
	return false;
}

static const char *set_address(struct options *options, const char *value)
{
	static const char form[] = "an address and a port, as 127.0.0.1:7070 "
				   "or [::1]:7070";
	const char *colon = strrchr(value, ':');
	const char *unit;
	uint64_t port;
	char host[64];
	size_t len;

	if (!colon || !number_parse(colon + 1, &port, &unit) || *unit ||
	    port > UINT16_MAX)
		return form;
	len = (size_t)(colon - value);
	if (len > 1 && value[0] == '[' && value[len - 1] == ']') {
		value++;
		len -= 2;
	} else if (memchr(value, ':', len)) {
		return form;
	}
	if (!len || len >= sizeof(host))
		return form;
	memcpy(host, value, len);
	host[len] = '\0';
	if (!address_parse(host, (int)port, &options->address))
		return form;
	if (!is_loopback(&options->address))
		return "a loopback address: vmarium asks nobody who they are, "
		       "so it serves this machine only. Others reach it "
		       "through a tunnel or a proxy that does ask "
		       "(see --trust-proxy)";
	return NULL;
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

static const char *set_flag(bool *field, const char *value)
{
	const bool yes = !strcmp(value, "yes") || !strcmp(value, "true") ||
			 !strcmp(value, "1");

	if (!yes && strcmp(value, "no") && strcmp(value, "false") &&
	    strcmp(value, "0"))
		return "yes or no";
	*field = yes;
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

static const char *option_set(struct options *options,
			      const struct option *option, const char *value)
{
	const char *problem;

	switch (option->kind) {
	case KIND_ADDRESS:
		problem = set_address(options, value);
		return problem ? problem : set_text(&options->listen, value);
	case KIND_TEXT:
		return set_text(field_of(options, option), value);
	case KIND_LIST:
		return set_list(field_of(options, option), value);
	case KIND_FLAG:
		return set_flag(field_of(options, option), value);
	case KIND_LEVEL:
		return set_level(field_of(options, option), value);
	default:
		return set_number(options, option, value);
	}
}

/* Sources: defaults, file, environment, command line. */

static bool complain(char *error, const char *where, const char *name,
		     const char *value, const char *problem)
{
	snprintf(error, OPTIONS_ERROR_MAX, "%s%s: '%s' should be %s", where,
		 name, value, problem);
	return false;
}

static bool set_defaults(struct options *options, char *error)
{
	const char *problem;
	size_t i;

	for (i = 0; i < OPTIONS; i++) {
		if (!table[i].initial)
			continue;
		problem = option_set(options, &table[i], table[i].initial);
		if (problem)
			return complain(error, "default of ", table[i].name,
					table[i].initial, problem);
	}
	return true;
}

static void variable_name(const struct option *option, char *name, size_t size)
{
	size_t i, len;

	len = (size_t)snprintf(name, size, "VMARIUM_%s", option->name);
	for (i = 0; i < len; i++)
		name[i] = name[i] == '-'
				  ? '_'
				  : (char)toupper((unsigned char)name[i]);
}

static bool read_environment(struct options *options, char *error)
{
	const char *value, *problem;
	char name[64];
	size_t i;

	for (i = 0; i < OPTIONS; i++) {
		variable_name(&table[i], name, sizeof(name));
		value = getenv(name);
		if (!value)
			continue;
		problem = option_set(options, &table[i], value);
		if (problem)
			return complain(error, "", name, value, problem);
	}
	return true;
}

static char *trim(char *text)
{
	size_t len;

	while (isspace((unsigned char)*text))
		text++;
	len = strlen(text);
	while (len && isspace((unsigned char)text[len - 1]))
		text[--len] = '\0';
	return text;
}

static bool read_line(struct options *options, char *line, const char *where,
		      char *error)
{
	const struct option *option;
	const char *problem;
	char *name, *value;

	line[strcspn(line, "#")] = '\0';
	name = trim(line);
	if (!*name)
		return true;
	value = strchr(name, '=');
	if (!value)
		return complain(error, where, "line", name,
				"of the form 'option = value'");
	*value++ = '\0';
	name = trim(name);
	value = trim(value);
	option = option_find(name, strlen(name));
	if (!option || option->offset == AT(config))
		return complain(error, where, "option", name,
				"one of those that --help lists, but for "
				"config");
	problem = option_set(options, option, value);
	return !problem || complain(error, where, name, value, problem);
}

static bool read_file(struct options *options, const char *path, char *error)
{
	char line[LINE_BYTES], where[WHERE_BYTES];
	FILE *file = fopen(path, "re");
	unsigned number = 0;
	bool good = true;

	if (!file)
		return complain(error, "", "config", path, "a readable file");
	while (good && fgets(line, sizeof(line), file)) {
		snprintf(where, sizeof(where), "%.200s:%u: ", path, ++number);
		good = read_line(options, line, where, error);
	}
	fclose(file);
	return good;
}

/* The option named by --name or --name=value; *valuep is the latter's. */
static const struct option *argument_find(const char *argument,
					  const char **valuep)
{
	size_t len;

	if (strncmp(argument, "--", 2))
		return NULL;
	argument += 2;
	len = strcspn(argument, "=");
	*valuep = argument[len] ? argument + len + 1 : NULL;
	return option_find(argument, len);
}

/*
 * Go through the command line. The first pass (@only_config) looks for
 * --config, so that what stands in the file can be overridden.
 */
static bool read_arguments(struct options *options, int argc, char **argv,
			   bool only_config, char *error)
{
	const struct option *option;
	const char *value, *problem;
	int i;

	for (i = 1; i < argc; i++) {
		option = argument_find(argv[i], &value);
		if (!option)
			return complain(error, "", "option", argv[i],
					"one of those that --help lists");
		if (!value && option->kind == KIND_FLAG)
			value = "yes";
		else if (!value && i + 1 < argc)
			value = argv[++i];
		if (!value)
			return complain(error, "", "option", argv[i],
					"followed by a value");
		if (only_config != (option->offset == AT(config)))
			continue;
		problem = option_set(options, option, value);
		if (problem)
			return complain(error, "--", option->name, value,
					problem);
	}
	return true;
}

static void print_help(FILE *out)
{
	char name[64];
	size_t i;

	fputs("usage: vmariumd [--OPTION VALUE]...\n\n"
	      "Serves emulated Linux address spaces over JSON-RPC 2.0, until "
	      "SIGTERM or SIGINT.\n\n"
	      "Each option is also a variable of the environment "
	      "(--max-body: VMARIUM_MAX_BODY)\nand a line of the config file "
	      "(max-body = 4M).\n\n",
	      out);
	for (i = 0; i < OPTIONS; i++) {
		snprintf(name, sizeof(name), "--%s", table[i].name);
		fprintf(out, "  %-18s %s", name, table[i].help);
		if (table[i].max)
			fprintf(out, " (%llu to %llu%s)",
				(unsigned long long)table[i].min,
				(unsigned long long)table[i].max,
				table[i].kind == KIND_TIME ? " ms" : "");
		if (table[i].initial)
			fprintf(out, " [%s]", table[i].initial);
		fputc('\n', out);
	}
	fputs("  --help             print this\n"
	      "  --version          print the version\n",
	      out);
}

static bool wants(int argc, char **argv, const char *flag)
{
	int i;

	for (i = 1; i < argc; i++)
		if (!strcmp(argv[i], flag))
			return true;
	return false;
}

enum options_outcome options_read(struct options *options, int argc,
				  char **argv, FILE *out, char *error)
{
	const char *config;

	*options = (struct options){ 0 };
	if (wants(argc, argv, "--help")) {
		print_help(out);
		return OPTIONS_SAID;
	}
	if (wants(argc, argv, "--version")) {
		fprintf(out, "vmariumd %s\n", VMARIUM_VERSION);
		return OPTIONS_SAID;
	}
	if (!set_defaults(options, error) ||
	    !read_arguments(options, argc, argv, true, error))
		return OPTIONS_BAD;
	config = options->config ? options->config : getenv("VMARIUM_CONFIG");
	if ((config && !read_file(options, config, error)) ||
	    !read_environment(options, error) ||
	    !read_arguments(options, argc, argv, false, error))
		return OPTIONS_BAD;
	return OPTIONS_RUN;
}

static void list_free(struct option_list *list)
{
	while (list->len)
		free(list->items[--list->len]);
	free(list->items);
}

void options_deinit(struct options *options)
{
	free(options->listen);
	free(options->config);
	list_free(&options->hosts);
	list_free(&options->origins);
}
