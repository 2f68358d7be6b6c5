/* SPDX-License-Identifier: MIT */
#include "server/tokens.h"

#include <errno.h>
#include <openssl/sha.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

enum {
	LINE_BYTES = 1024,
	SECRET_BYTES = 32,
};

#define NEVER_EXPIRES INT64_MAX

struct token {
	unsigned char digest[SHA256_DIGEST_LENGTH];
	struct rpc_caller caller;
	int64_t expires; /* seconds since 1970 */
};

struct tokens {
	atomic_uint holders;
	size_t nr, room;
	struct token *all; /* by digest */
};

/* What a line says, before its client has a number. */
struct entry {
	struct token token;
	unsigned line;
	char name[RPC_CLIENT_NAME_MAX];
	struct rpc_quotas quotas;
};

/* A file as it is read: every line is judged before any client is told. */
struct reading {
	struct entry *entries;
	size_t nr, room;
};

static const char *const roles[] = {
	[RPC_STUDENT] = "student",
	[RPC_TEACHER] = "teacher",
	[RPC_OPERATOR] = "operator",
};

/* ------------------------------------------------------------- one line */

static bool is_name(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789._@-";
	const size_t len = strlen(text);

	return len && len < RPC_CLIENT_NAME_MAX && strspn(text, letters) == len;
}

static bool read_role(const char *text, enum rpc_role *role)
{
	size_t i;

	for (i = RPC_STUDENT; i <= RPC_OPERATOR; i++)
		if (!strcmp(text, roles[i])) {
			*role = (enum rpc_role)i;
			return true;
		}
	return false;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

static bool read_digest(const char *text,
			unsigned char digest[SHA256_DIGEST_LENGTH])
{
	size_t i;
	int high, low;

	if (strlen(text) != 2 * SHA256_DIGEST_LENGTH)
		return false;
	for (i = 0; i < SHA256_DIGEST_LENGTH; i++) {
		high = hex_digit(text[2 * i]);
		low = hex_digit(text[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		digest[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

/* A positive number, perhaps with K, M or G behind it. */
static bool read_quota(const char *text, uint64_t *quota)
{
	static const char units[] = "KMG";
	const char *unit;
	char *end;
	unsigned long long number;
	unsigned shift = 0;

	if (*text < '1' || *text > '9' || strlen(text) > 12)
		return false;
	number = strtoull(text, &end, 10);
	if (*end) {
		unit = strchr(units, *end++);
		if (!unit || *end)
			return false;
		shift = 10 * (unsigned)(unit - units + 1);
	}
	*quota = (uint64_t)number << shift;
	return number <= UINT64_MAX >> shift;
}

/* The end of that day, by UTC. */
static bool read_day(const char *text, int64_t *seconds)
{
	struct tm day = { 0 }, same;
	const char *end = strptime(text, "%Y-%m-%d", &day);
	time_t begins;

	if (!end || *end)
		return false;
	same = day;
	begins = timegm(&same);
	if (same.tm_mday != day.tm_mday)
		return false;
	*seconds = (int64_t)begins + 86400;
	return true;
}

static bool read_setting(char *word, struct entry *entry)
{
	const struct {
		const char *name;
		uint64_t *quota;
	} quotas[] = {
		{ "processes", &entry->quotas.processes },
		{ "threads", &entry->quotas.threads },
		{ "areas", &entry->quotas.areas },
		{ "memory", &entry->quotas.bytes },
		{ "rate", &entry->quotas.rate },
		{ "connections", &entry->quotas.connections },
	};
	char *value = strchr(word, '=');
	size_t i;

	if (!value)
		return false;
	*value++ = '\0';
	if (!strcmp(word, "expires"))
		return read_day(value, &entry->token.expires);
	for (i = 0; i < sizeof(quotas) / sizeof(*quotas); i++)
		if (!strcmp(word, quotas[i].name))
			return read_quota(value, quotas[i].quota);
	return false;
}

/* NULL, or what is wrong with the line. */
static const char *read_words(char *first, char **rest, struct entry *entry)
{
	static const char blanks[] = " \t\r\n";
	char *word;

	if (!is_name(first))
		return "the name should be 1 to 63 letters, digits or any of "
		       "._@-";
	strcpy(entry->name, first);
	word = strtok_r(NULL, blanks, rest);
	if (!word || !read_role(word, &entry->token.caller.role))
		return "the role should be student, teacher or operator";
	word = strtok_r(NULL, blanks, rest);
	if (!word || !read_digest(word, entry->token.digest))
		return "the token's SHA-256 should be 64 digits of lower case "
		       "hex; vmariumd --new-token NAME ROLE makes a line";
	while ((word = strtok_r(NULL, blanks, rest)))
		if (!read_setting(word, entry))
			return "what follows should be processes=N, threads=N, "
			       "areas=N, memory=N, rate=N, connections=N or "
			       "expires=YYYY-MM-DD";
	return NULL;
}

/* ------------------------------------------------------------- the file */

static struct entry *add_entry(struct reading *reading)
{
	struct entry *entries = reading->entries;

	if (reading->nr == reading->room) {
		const size_t room = reading->room ? 2 * reading->room : 16;

		entries = realloc(entries, room * sizeof(*entries));
		if (!entries)
			return NULL;
		reading->entries = entries;
		reading->room = room;
	}
	entries[reading->nr] = (struct entry){ 0 };
	return &entries[reading->nr++];
}

static const char *read_line(struct reading *reading, char *line,
			     unsigned number, const struct rpc_quotas *defaults)
{
	char *rest = NULL, *first;
	struct entry *entry;

	if (!strchr(line, '\n') && strlen(line) == LINE_BYTES - 1)
		return "the line should have less than 1,000 characters";
	line[strcspn(line, "#")] = '\0';
	first = strtok_r(line, " \t\r\n", &rest);
	if (!first)
		return NULL;
	entry = add_entry(reading);
	if (!entry)
		return "the server has no memory for it";
	entry->line = number;
	entry->quotas = *defaults;
	entry->token.expires = NEVER_EXPIRES;
	return read_words(first, &rest, entry);
}

static int compare_entries(const void *a, const void *b)
{
	const struct entry *x = *(const struct entry *const *)a;
	const struct entry *y = *(const struct entry *const *)b;
	const int order =
		memcmp(x->token.digest, y->token.digest, SHA256_DIGEST_LENGTH);

	return order ? order : (x->line > y->line) - (x->line < y->line);
}

/* The first line whose token stands on an earlier one: whose it is must not be
 * anybody's guess. 0: there is none. */
static unsigned first_repeated(const struct entry **sorted, size_t nr)
{
	unsigned first = 0;
	size_t i;

	qsort(sorted, nr, sizeof(*sorted), compare_entries);
	for (i = 1; i < nr; i++)
		if (!memcmp(sorted[i - 1]->token.digest,
			    sorted[i]->token.digest, SHA256_DIGEST_LENGTH) &&
		    (!first || sorted[i]->line < first))
			first = sorted[i]->line;
	return first;
}

/* NULL, or what is wrong with all lines together, and which one it is. */
static const char *judge_lines(const struct reading *reading, unsigned *linep)
{
	const struct entry **sorted = calloc(reading->nr + 1, sizeof(*sorted));
	size_t i;

	if (!sorted)
		return "the server has no memory for it";
	for (i = 0; i < reading->nr; i++)
		sorted[i] = &reading->entries[i];
	*linep = first_repeated(sorted, reading->nr);
	free(sorted);
	return *linep ? "this token stands on an earlier line already" : NULL;
}

static const char *file_error(const char *path, char *error)
{
	snprintf(error, TOKENS_ERROR_MAX,
		 "%.300s: %s; it should be a file that vmariumd may read", path,
		 strerror(errno));
	return error;
}

static bool read_file(struct reading *reading, const char *path,
		      const struct rpc_quotas *defaults, char *error)
{
	char line[LINE_BYTES];
	FILE *file = fopen(path, "re");
	const char *problem = NULL;
	unsigned number = 0;

	if (!file)
		return !file_error(path, error);
	while (!problem && fgets(line, sizeof(line), file)) {
		number++;
		problem = read_line(reading, line, number, defaults);
	}
	if (!problem && !ferror(file))
		problem = judge_lines(reading, &number);
	if (problem)
		snprintf(error, TOKENS_ERROR_MAX, "%.300s:%u: %s", path, number,
			 problem);
	else if (ferror(file))
		problem = file_error(path, error);
	fclose(file);
	return !problem;
}

static int compare(const void *a, const void *b)
{
	return memcmp(((const struct token *)a)->digest,
		      ((const struct token *)b)->digest, SHA256_DIGEST_LENGTH);
}

static bool take_entries(struct tokens *tokens, const struct reading *reading,
			 struct rpc_clients *clients)
{
	size_t i;

	tokens->all =
		calloc(reading->nr ? reading->nr : 1, sizeof(*tokens->all));
	if (!tokens->all)
		return false;
	for (i = 0; i < reading->nr; i++) {
		const struct entry *entry = &reading->entries[i];
		struct token *token = &tokens->all[tokens->nr++];

		*token = entry->token;
		if (!rpc_clients_add(clients, entry->name, &entry->quotas,
				     &token->caller.client))
			return false;
	}
	qsort(tokens->all, tokens->nr, sizeof(*tokens->all), compare);
	return true;
}

static struct tokens *make_table(const struct reading *reading,
				 struct rpc_clients *clients, char *error)
{
	struct tokens *tokens = calloc(1, sizeof(*tokens));

	if (tokens) {
		atomic_init(&tokens->holders, 1);
		if (take_entries(tokens, reading, clients))
			return tokens;
		tokens_put(tokens);
	}
	snprintf(error, TOKENS_ERROR_MAX,
		 "the server has no memory for so many clients, or has known "
		 "%d names since it started: restart it",
		 RPC_CLIENTS_MAX - 1);
	return NULL;
}

struct tokens *tokens_read(const char *path, struct rpc_clients *clients,
			   const struct rpc_quotas *defaults, char *error)
{
	struct reading reading = { 0 };
	struct tokens *tokens = NULL;

	if (read_file(&reading, path, defaults, error))
		tokens = make_table(&reading, clients, error);
	free(reading.entries);
	return tokens;
}

/* ---------------------------------------------------------------- usage */

struct tokens *tokens_get(struct tokens *tokens)
{
	atomic_fetch_add(&tokens->holders, 1);
	return tokens;
}

void tokens_put(struct tokens *tokens)
{
	if (!tokens || atomic_fetch_sub(&tokens->holders, 1) != 1)
		return;
	free(tokens->all);
	free(tokens);
}

/* What the search takes longer or shorter for is the hash of a guess, from
 * which nobody learns what would hash to the right one. */
bool tokens_find(const struct tokens *tokens, const char *token, size_t len,
		 int64_t now, struct rpc_caller *caller, int64_t *untilp)
{
	struct token wanted;
	const struct token *found;

	SHA256((const unsigned char *)token, len, wanted.digest);
	found = bsearch(&wanted, tokens->all, tokens->nr, sizeof(*tokens->all),
			compare);
	if (!found || found->expires <= now)
		return false;
	*caller = found->caller;
	*untilp = found->expires;
	return true;
}

static void print_hex(const unsigned char *bytes, size_t len, char *hex)
{
	size_t i;

	for (i = 0; i < len; i++)
		sprintf(hex + 2 * i, "%02x", bytes[i]);
}

const char *tokens_make(const char *name, const char *role, FILE *out)
{
	unsigned char secret[SECRET_BYTES], digest[SHA256_DIGEST_LENGTH];
	char token[2 * SECRET_BYTES + 1], hex[2 * SHA256_DIGEST_LENGTH + 1];
	enum rpc_role known;

	if (!name || !role || !is_name(name) || !read_role(role, &known))
		return "alone, and followed by a name (letters, digits, any of "
		       "._@-) and "
		       "a role: student, teacher or operator";
	if (getrandom(secret, sizeof(secret), 0) != sizeof(secret))
		return "asked for again: the kernel gave no random bytes";
	print_hex(secret, sizeof(secret), token);
	SHA256((const unsigned char *)token, sizeof(token) - 1, digest);
	print_hex(digest, sizeof(digest), hex);
	fprintf(out,
		"%s\n\nThis is the token; it is shown this once. The line for "
		"the file of --tokens:\n\n%s %s %s\n",
		token, name, role, hex);
	return NULL;
}
