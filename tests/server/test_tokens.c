/* SPDX-License-Identifier: MIT */
#include "server/tokens.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tests/support/suite.h"

static const struct rpc_quotas defaults = {
	.processes = 10, .threads = 20, .areas = 30, .bytes = 1 << 20
};

/* SHA-256 of "secret" and of "other". */
#define SECRET                                                                 \
	"2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"
#define OTHER "d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa"

struct reading {
	struct rpc_clients *clients;
	struct tokens *tokens;
	char error[TOKENS_ERROR_MAX];
};

static void read_text(struct reading *r, const char *text)
{
	char path[] = "/tmp/vmarium-tokens-XXXXXX";
	int fd = mkstemp(path);

	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	r->error[0] = '\0';
	r->tokens = tokens_read(path, r->clients, &defaults, r->error);
	unlink(path);
}

static struct reading begin(const char *text)
{
	struct reading r = { .clients = rpc_clients_new(&defaults, 2) };

	read_text(&r, text);
	return r;
}

static void end(struct reading *r)
{
	tokens_put(r->tokens);
	rpc_clients_free(r->clients);
}

static bool is_whose(const struct reading *r, const char *token, int64_t now,
		     uint32_t client, enum rpc_role role)
{
	struct rpc_caller caller = { 0 };
	int64_t until = 0;

	return tokens_find(r->tokens, token, strlen(token), now, &caller,
			   &until) &&
	       until > now && caller.client == client && caller.role == role;
}

static void tokens_of_a_file(void)
{
	struct reading r = begin("# a comment\n\n"
				 "ada student " SECRET " processes=3 areas=2K\n"
				 "bob operator " OTHER " # the boss\n");
	struct client *ada;

	CU_ASSERT_PTR_NOT_NULL_FATAL(r.tokens);
	CU_ASSERT(is_whose(&r, "secret", 0, 1, RPC_STUDENT));
	CU_ASSERT(is_whose(&r, "other", 0, 2, RPC_OPERATOR));
	CU_ASSERT_FALSE(is_whose(&r, "Secret", 0, 1, RPC_STUDENT));
	CU_ASSERT_FALSE(is_whose(&r, "", 0, 1, RPC_STUDENT));
	ada = clients_at(r.clients, 1);
	CU_ASSERT_EQUAL(client_quota(ada, CLIENT_PROCESSES), 3);
	CU_ASSERT_EQUAL(client_quota(ada, CLIENT_AREAS), 2048);
	CU_ASSERT_EQUAL(client_quota(ada, CLIENT_THREADS), 20);
	end(&r);
}

static void expired_tokens_are_nobodys(void)
{
	struct reading r = begin("ada teacher " SECRET " expires=2026-03-01\n");

	CU_ASSERT_PTR_NOT_NULL_FATAL(r.tokens);
	/* The day itself still counts. */
	CU_ASSERT(is_whose(&r, "secret", 1772409599, 1, RPC_TEACHER));
	CU_ASSERT_FALSE(is_whose(&r, "secret", 1772409600, 1, RPC_TEACHER));
	end(&r);
}

static void names_keep_their_numbers(void)
{
	struct reading r = begin("ada student " SECRET "\n");

	tokens_put(r.tokens);
	read_text(&r, "bob student " SECRET " rate=5\nada teacher " OTHER "\n");
	CU_ASSERT_PTR_NOT_NULL_FATAL(r.tokens);
	CU_ASSERT(is_whose(&r, "other", 0, 1, RPC_TEACHER));
	CU_ASSERT(is_whose(&r, "secret", 0, 2, RPC_STUDENT));
	CU_ASSERT(client_is_timed(clients_at(r.clients, 2)));
	end(&r);
}

static void broken_files_name_line_and_reason(void)
{
	static const struct {
		const char *text, *line, *part;
	} rows[] = {
		{ "a\n", ":1:", "role" },
		{ "\na boss " SECRET "\n", ":2:", "role" },
		{ "a/b student " SECRET "\n", ":1:", "name" },
		{ "a student\n", ":1:", "SHA-256" },
		{ "a student 2bb8\n", ":1:", "SHA-256" },
		{ "a student " SECRET " areas\n", ":1:", "areas=N" },
		{ "a student " SECRET " areas=0\n", ":1:", "areas=N" },
		{ "a student " SECRET " areas=1T\n", ":1:", "areas=N" },
		{ "a student " SECRET " expires=2026-02-30\n",
		  ":1:", "expires" },
		{ "a student " SECRET " colour=red\n", ":1:", "expires" },
		{ "a student " SECRET "\nb operator " SECRET "\n",
		  ":2:", "earlier line" },
		{ "a student " SECRET "\nb student " OTHER "\n#\n"
		  "c student " OTHER "\nd student " SECRET "\n",
		  ":4:", "earlier line" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct reading r = begin(rows[i].text);
		uint32_t number = 0;

		CU_ASSERT_PTR_NULL(r.tokens);
		CU_ASSERT_PTR_NOT_NULL(strstr(r.error, rows[i].line));
		CU_ASSERT_PTR_NOT_NULL(strstr(r.error, rows[i].part));
		/* And no client has been told of: the next is the first. */
		CU_ASSERT(rpc_clients_add(r.clients, "x", &defaults, &number));
		CU_ASSERT_EQUAL(number, 1);
		end(&r);
	}
}

static void folders_are_no_files(void)
{
	struct reading r = begin("");

	tokens_put(r.tokens);
	CU_ASSERT_PTR_NULL(tokens_read("/tmp", r.clients, &defaults, r.error));
	CU_ASSERT_STRING_EQUAL(r.error,
			       "/tmp: Is a directory; it should be a file that "
			       "vmariumd may read");
	r.tokens = NULL;
	end(&r);
}

static void made_tokens_work(void)
{
	char *text = NULL, *token, *line;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct reading r;

	CU_ASSERT_PTR_NULL(tokens_make("ada", "student", out));
	CU_ASSERT_PTR_NOT_NULL(tokens_make("a b", "student", out));
	CU_ASSERT_PTR_NOT_NULL(tokens_make("ada", "king", out));
	CU_ASSERT_PTR_NOT_NULL(tokens_make(NULL, NULL, out));
	fclose(out);
	line = strstr(text, "ada student ");
	CU_ASSERT_PTR_NOT_NULL_FATAL(line);
	r = begin(line);
	token = strtok(text, "\n");
	CU_ASSERT_EQUAL(strlen(token), 64);
	CU_ASSERT(is_whose(&r, token, 0, 1, RPC_STUDENT));
	end(&r);
	free(text);
}

CU_TestInfo test_tokens[] = {
	{ "tokens of a file", tokens_of_a_file },
	{ "expired tokens are nobody's", expired_tokens_are_nobodys },
	{ "names keep their numbers", names_keep_their_numbers },
	{ "broken files name line and reason",
	  broken_files_name_line_and_reason },
	{ "folders are no files", folders_are_no_files },
	{ "made tokens work", made_tokens_work },
	CU_TEST_INFO_NULL,
};
