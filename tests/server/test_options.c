/* SPDX-License-Identifier: MIT */
#include "server/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tests/support/suite.h"

enum {
	ARGS_MAX = 8
};

/* Reads the options as if vmariumd had been started with @args. */
static enum options_outcome read_args(struct options *options, char *error,
				      char *const args[])
{
	char *argv[ARGS_MAX + 2] = { "vmariumd" };
	int argc = 1;

	while (args[argc - 1] && argc <= ARGS_MAX) {
		argv[argc] = args[argc - 1];
		argc++;
	}
	*error = '\0';
	return options_read(options, argc, argv, stdout, error);
}

#define READ(options, error, ...)                                              \
	read_args(options, error, (char *const[]){ __VA_ARGS__ })

static void expect_bad(const char *part, char *const args[])
{
	char error[OPTIONS_ERROR_MAX];
	struct options options;

	CU_ASSERT_EQUAL(read_args(&options, error, args), OPTIONS_BAD);
	CU_ASSERT_PTR_NOT_NULL(strstr(error, part));
	if (!strstr(error, part))
		fprintf(stderr, "<<%s>> does not say <<%s>>\n", error, part);
	options_deinit(&options);
}

#define EXPECT_BAD(part, ...)                                                  \
	expect_bad(part, (char *const[]){ __VA_ARGS__, NULL })

/* All addresses, a space behind each but the last. */
static void expect_listens(const struct options *options, const char *expected)
{
	char text[ADDRESS_TEXT_MAX], all[4 * ADDRESS_TEXT_MAX] = "";
	size_t i;

	for (i = 0; i < options->listen_len; i++) {
		address_print(&options->listen[i], text);
		strcat(strcat(all, i ? " " : ""), text);
	}
	CU_ASSERT_STRING_EQUAL(all, expected);
}

static void defaults_are_the_documented_ones(void)
{
	char error[OPTIONS_ERROR_MAX];
	struct options options;

	CU_ASSERT_EQUAL(READ(&options, error, NULL), OPTIONS_RUN);
	expect_listens(&options, "http://127.0.0.1:7070");
	CU_ASSERT(options.listen_is_default);
	CU_ASSERT_EQUAL(options.socket_mode, 0660);
	CU_ASSERT_EQUAL(options.connections, 12000);
	CU_ASSERT_EQUAL(options.http.head_bytes, 16384);
	CU_ASSERT_EQUAL(options.http.fields, 100);
	CU_ASSERT_EQUAL(options.http.target_bytes, 8192);
	CU_ASSERT_EQUAL(options.http.body_bytes, 4u << 20);
	CU_ASSERT_EQUAL(options.rpc.batch_calls, 1000);
	CU_ASSERT_EQUAL(options.rpc.answer_bytes, 32u << 20);
	CU_ASSERT(options.rpc.processes >= 1100000);
	CU_ASSERT_EQUAL(options.timeout_ms[TIMEOUT_IDLE], 75000);
	CU_ASSERT_EQUAL(options.timeout_ms[TIMEOUT_HEADER], 10000);
	CU_ASSERT_EQUAL(options.timeout_ms[TIMEOUT_BODY], 10000);
	CU_ASSERT_EQUAL(options.timeout_ms[TIMEOUT_WRITE], 30000);
	CU_ASSERT_EQUAL(options.drain_ms, 10000);
	CU_ASSERT(!options.trust_proxy);
	options_deinit(&options);
}

static void values_may_stand_behind_or_apart(void)
{
	char error[OPTIONS_ERROR_MAX];
	struct options options;

	CU_ASSERT_EQUAL(READ(&options, error, "--max-body=2K", "--loops", "3",
			     "--trust-proxy", "--idle-timeout=300ms",
			     "--drain-timeout=2m", NULL),
			OPTIONS_RUN);
	CU_ASSERT_EQUAL(options.http.body_bytes, 2048);
	CU_ASSERT_EQUAL(options.loops, 3);
	CU_ASSERT(options.trust_proxy);
	CU_ASSERT_EQUAL(options.timeout_ms[TIMEOUT_IDLE], 300);
	CU_ASSERT_EQUAL(options.drain_ms, 120000);
	options_deinit(&options);
}

static void a_body_has_room(void)
{
	char error[OPTIONS_ERROR_MAX];
	struct options options;

	CU_ASSERT_EQUAL(READ(&options, error, "--max-pending=64K", NULL),
			OPTIONS_RUN);
	CU_ASSERT_EQUAL(options.http.body_bytes, 56 << 10);
	options_deinit(&options);
	CU_ASSERT_EQUAL(READ(&options, error, "--max-pending=64K",
			     "--tokens=tokens", NULL),
			OPTIONS_RUN);
	CU_ASSERT_EQUAL(options.http.body_bytes, 32 << 10);
	options_deinit(&options);
	CU_ASSERT_EQUAL(READ(&options, error, "--max-pending=64K",
			     "--max-body=8K", NULL),
			OPTIONS_RUN);
	CU_ASSERT_EQUAL(options.http.body_bytes, 8 << 10);
	options_deinit(&options);
}

static void lists_gather(void)
{
	char error[OPTIONS_ERROR_MAX];
	struct options options;

	CU_ASSERT_EQUAL(
		READ(&options, error, "--host", "a,b", "--host=c", NULL),
		OPTIONS_RUN);
	CU_ASSERT_EQUAL_FATAL(options.hosts.len, 3);
	CU_ASSERT_STRING_EQUAL(options.hosts.items[0], "a");
	CU_ASSERT_STRING_EQUAL(options.hosts.items[1], "b");
	CU_ASSERT_STRING_EQUAL(options.hosts.items[2], "c");
	options_deinit(&options);
}

static void origins_are_what_browsers_say(void)
{
	static const char *const rows[][2] = {
		{ "https://A.example:443", "https://a.example" },
		{ "http://a:80", "http://a" },
		{ "https://a:80", "https://a:80" },
		{ "http://[::1]:8080", "http://[::1]:8080" },
		{ "http://[::1]", "http://[::1]" },
		{ "app://a:443", "app://a:443" },
	};
	char error[OPTIONS_ERROR_MAX];
	struct options options;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		CU_ASSERT_EQUAL(READ(&options, error, "--allow-origin",
				     (char *)(uintptr_t)rows[i][0], NULL),
				OPTIONS_RUN);
		CU_ASSERT_EQUAL_FATAL(options.origins.len, 1);
		CU_ASSERT_STRING_EQUAL(options.origins.items[0], rows[i][1]);
		options_deinit(&options);
	}
}

static void bad_values_are_named(void)
{
	EXPECT_BAD("'--nonsense' should be one of those", "--nonsense");
	EXPECT_BAD("'x' should be one of those", "x");
	EXPECT_BAD("'--loops' should be followed by a value", "--loops");
	EXPECT_BAD("--loops: '-1' should be a number", "--loops", "-1");
	EXPECT_BAD("--loops: '1000' should be from 0 to 256", "--loops",
		   "1000");
	EXPECT_BAD("--idle-timeout: '25h' should be from 1 to 86400000 ms",
		   "--idle-timeout=25h");
	EXPECT_BAD("--new-token should be alone, and followed by a name",
		   "--loops=1", "--new-token", "ada", "student");
	EXPECT_BAD("--max-body: '4T' should be a number", "--max-body=4T");
	EXPECT_BAD("--max-body: '4MB' should be", "--max-body=4MB");
	EXPECT_BAD("--max-body: '' should be", "--max-body=");
	EXPECT_BAD("--max-body: '99999999999999999999' should be",
		   "--max-body=99999999999999999999");
	EXPECT_BAD("--idle-timeout: '5d' should be a time",
		   "--idle-timeout=5d");
	EXPECT_BAD("--idle-timeout: '0' should be", "--idle-timeout=0");
	EXPECT_BAD("--trust-proxy: 'maybe' should be yes or no",
		   "--trust-proxy=maybe");
	EXPECT_BAD("--log-level: 'loud' should be error,", "--log-level=loud");
	EXPECT_BAD("--host: 'a,,b' should be one or more names", "--host=a,,b");
	EXPECT_BAD("--host: 'a,b:80' should be one or more names",
		   "--host=a,b:80");
	EXPECT_BAD("--host: 'https://a' should be one or more names",
		   "--host=https://a");
}

static void only_loopback_is_served(void)
{
	static const char *const good[][2] = {
		{ "127.0.0.1:0", "http://127.0.0.1:0" },
		{ "127.8.9.10:65535", "http://127.8.9.10:65535" },
		{ "[::1]:0", "http://[::1]:0" },
		{ "localhost:7070", "http://127.0.0.1:7070" },
		{ "unix:/run/a b", "unix:/run/a b" },
		{ "[::1]:1,unix:/x", "http://[::1]:1 unix:/x" },
	};
	static const char *const malformed[] = {
		"7070",      "127.0.0.1",       "127.0.0.1:", "127.0.0.1:x",
		":7070",     "127.0.0.1:65536", "::1:7070",   "[::1]",
		"example:1", "127.0.0.1:-1",    "[::1:1",     "127.0.0.1:1,",
	};
	char error[OPTIONS_ERROR_MAX], arg[160];
	struct options options;
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(*good); i++) {
		snprintf(arg, sizeof(arg), "--listen=%s", good[i][0]);
		CU_ASSERT_EQUAL(READ(&options, error, arg, NULL), OPTIONS_RUN);
		expect_listens(&options, good[i][1]);
		CU_ASSERT(!options.listen_is_default);
		options_deinit(&options);
	}
	for (i = 0; i < sizeof(malformed) / sizeof(*malformed); i++) {
		snprintf(arg, sizeof(arg), "--listen=%s", malformed[i]);
		EXPECT_BAD("should be an address and a port", arg);
	}
	EXPECT_BAD("should be unix: and an absolute path", "--listen=unix:");
	EXPECT_BAD("should be unix: and an absolute path", "--listen=unix:a");
	snprintf(arg, sizeof(arg), "--listen=unix:/%0107d", 0);
	EXPECT_BAD("should be a path of at most 107 bytes", arg);
	EXPECT_BAD("--socket-mode: '0680' should be three or four octal",
		   "--socket-mode=0680");
	EXPECT_BAD("should be a loopback address", "--listen=0.0.0.0:80");
	EXPECT_BAD("should be a loopback address", "--listen=192.0.2.1:80");
	EXPECT_BAD("should be a loopback address", "--listen=[::]:80");
}

/* A config file of @text; its name is kept in @path. */
static void write_config(char *path, const char *text)
{
	int fd = mkstemp(path);
	FILE *file;

	CU_ASSERT_FATAL(fd >= 0);
	file = fdopen(fd, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(text, file);
	fclose(file);
}

static void sources_override_one_another(void)
{
	char path[] = "/tmp/vmarium-options-XXXXXX";
	char error[OPTIONS_ERROR_MAX];
	struct options options;

	write_config(path, "# comment\n\nmax-body = 1K # here too\n"
			   "  loops=2\nmax-fields = 50\nhost = a, b\n");
	setenv("VMARIUM_LOOPS", "4", 1);
	setenv("VMARIUM_MAX_FIELDS", "60", 1);
	CU_ASSERT_EQUAL(READ(&options, error, "--max-fields", "70", "--config",
			     path, NULL),
			OPTIONS_RUN);
	CU_ASSERT_EQUAL(options.http.body_bytes, 1024);
	CU_ASSERT_EQUAL(options.loops, 4);
	CU_ASSERT_EQUAL(options.http.fields, 70);
	CU_ASSERT_EQUAL_FATAL(options.hosts.len, 2);
	CU_ASSERT_STRING_EQUAL(options.hosts.items[1], "b");
	options_deinit(&options);

	setenv("VMARIUM_CONFIG", path, 1);
	CU_ASSERT_EQUAL(READ(&options, error, NULL), OPTIONS_RUN);
	CU_ASSERT_EQUAL(options.http.body_bytes, 1024);
	CU_ASSERT_EQUAL(options.http.fields, 60);
	options_deinit(&options);

	setenv("VMARIUM_LOOPS", "many", 1);
	EXPECT_BAD("VMARIUM_LOOPS: 'many' should be a number", "--loops=1");
	unsetenv("VMARIUM_CONFIG");
	unsetenv("VMARIUM_LOOPS");
	unsetenv("VMARIUM_MAX_FIELDS");
	unlink(path);
}

static void expect_bad_file(const char *text, const char *part)
{
	char path[] = "/tmp/vmarium-options-XXXXXX";
	char where[OPTIONS_ERROR_MAX];

	write_config(path, text);
	snprintf(where, sizeof(where), "%s:%s", path, part);
	EXPECT_BAD(where, "--config", path);
	unlink(path);
}

static void file_errors_name_the_line(void)
{
	char line[1100];

	expect_bad_file("loops = 1\nmax-body\n", "2: line: 'max-body'");
	expect_bad_file("colour = red\n", "1: option: 'colour'");
	expect_bad_file("\nloops = red\n", "2: loops: 'red' should be");
	expect_bad_file("config = other\n", "1: option: 'config'");
	memset(line, '#', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	expect_bad_file(line, "1: line: '...' should be of at most 1023 bytes");
	EXPECT_BAD("config: '/nonexistent' should be a readable file: No such",
		   "--config=/nonexistent");
	EXPECT_BAD("config: '/tmp' should be a file that can be read",
		   "--config=/tmp");
}

static void variables_that_mean_nothing_are_known_as_such(void)
{
	CU_ASSERT(options_know_variable("VMARIUM_MAX_BODY=8M"));
	CU_ASSERT(options_know_variable("VMARIUM_CONFIG="));
	CU_ASSERT(options_know_variable("VMARIUM_TOKEN=x"));
	CU_ASSERT_FALSE(options_know_variable("VMARIUM_MAX_MEMROY=1G"));
	CU_ASSERT_FALSE(options_know_variable("VMARIUM_MAX=1G"));
	CU_ASSERT_FALSE(options_know_variable("VMARIUM_max_body=1G"));
}

static void help_lists_every_default(void)
{
	char error[OPTIONS_ERROR_MAX], *text = NULL;
	char *argv[] = { "vmariumd", "--help", NULL };
	struct options options;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	CU_ASSERT_EQUAL(options_read(&options, 2, argv, out, error),
			OPTIONS_SAID);
	fclose(out);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "--listen"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "[12000]"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "--drain-timeout"));
	free(text);
	options_deinit(&options);
}

CU_TestInfo test_options[] = {
	{ "defaults are the documented ones",
	  defaults_are_the_documented_ones },
	{ "values may stand behind or apart",
	  values_may_stand_behind_or_apart },
	{ "a body has room", a_body_has_room },
	{ "lists gather", lists_gather },
	{ "origins are what browsers say", origins_are_what_browsers_say },
	{ "bad values are named", bad_values_are_named },
	{ "only loopback is served", only_loopback_is_served },
	{ "sources override one another", sources_override_one_another },
	{ "file errors name the line", file_errors_name_the_line },
	{ "variables that mean nothing are known as such",
	  variables_that_mean_nothing_are_known_as_such },
	{ "help lists every default", help_lists_every_default },
	CU_TEST_INFO_NULL,
};
