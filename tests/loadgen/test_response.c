/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "clients/bench/response.h"
#include "tests/support/suite.h"

#define OK "HTTP/1.1 200 OK\r\n"

/* Reads @text a byte more at a time, each time from memory of that very size. */
static enum response_state read_split(struct response *response,
				      const char *text, size_t *neededp)
{
	size_t len = strlen(text);
	enum response_state state = RESPONSE_PARTIAL;

	*response = (struct response){ 0 };
	for (*neededp = 1; *neededp <= len; (*neededp)++) {
		char *part = malloc(*neededp);

		CU_ASSERT_FATAL(part != NULL);
		memcpy(part, text, *neededp);
		state = response_read(response, part, *neededp);
		free(part);
		if (state != RESPONSE_PARTIAL)
			break;
	}
	return state;
}

static void response_split_at_every_byte(void)
{
	static const char text[] =
		OK "Date: today\r\ncontent-LENGTH:  5 \r\n\r\n{\"a\"}"
		   "HTTP/1.1 200";
	struct response split, whole = { 0 };
	size_t needed;

	CU_ASSERT_EQUAL(read_split(&split, text, &needed), RESPONSE_COMPLETE);
	CU_ASSERT_EQUAL(needed, strlen(text) - strlen("HTTP/1.1 200"));
	CU_ASSERT_EQUAL(split.head_len + split.body_len, needed);
	CU_ASSERT_EQUAL(split.status, 200);
	CU_ASSERT_FALSE(split.closes);
	CU_ASSERT_EQUAL(response_read(&whole, text, strlen(text)),
			RESPONSE_COMPLETE);
	CU_ASSERT_EQUAL(whole.head_len, split.head_len);
	CU_ASSERT_EQUAL(whole.body_len, split.body_len);
}

static void no_content_needs_no_length(void)
{
	struct response response;
	size_t needed;

	CU_ASSERT_EQUAL(read_split(&response, "HTTP/1.1 204 No Content\r\n\r\n",
				   &needed),
			RESPONSE_COMPLETE);
	CU_ASSERT_EQUAL(response.status, 204);
	CU_ASSERT_EQUAL(response.body_len, 0);
}

static void closing_is_seen(void)
{
	struct response response;
	size_t needed;

	CU_ASSERT_EQUAL(read_split(&response,
				   "HTTP/1.1 503 Busy\r\nConnection: Close\r\n"
				   "Content-Length: 0\r\n\r\n",
				   &needed),
			RESPONSE_COMPLETE);
	CU_ASSERT_EQUAL(response.status, 503);
	CU_ASSERT_TRUE(response.closes);
}

static void what_cannot_be_read_is_named(void)
{
	static const struct {
		const char *text;
		const char *word;
	} rows[] = {
		{ OK "Transfer-Encoding: chunked\r\n\r\n", "chunked" },
		{ OK "\r\n", "no Content-Length" },
		{ OK "Content-Length: 1\r\nContent-Length: 1\r\n\r\n", "two" },
		{ OK "Content-Length: -1\r\n\r\n", "no length" },
		{ OK "Content-Length: 1x\r\n\r\n", "no length" },
		{ OK "Content-Length:\r\n\r\n", "no length" },
		{ OK "Content-Length: 9999999999999\r\n\r\n", "no length" },
		{ OK ": 1\r\n\r\n", "no name" },
		{ OK "nothing\r\n\r\n", "no name" },
		{ OK "a: b\rc: d\r\n\r\n", "cut" },
		{ "HTTP/2 200\r\n\r\n", "HTTP/1.1" },
		{ "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1" },
		{ "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1" },
		{ "\r\n\r\n", "HTTP/1.1" },
	};
	struct response response;
	size_t needed;

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CU_ASSERT_EQUAL_FATAL(
			read_split(&response, rows[i].text, &needed),
			RESPONSE_BROKEN);
		CU_ASSERT_PTR_NOT_NULL(strstr(response.trouble, rows[i].word));
	}
}

static void a_head_without_end_is_refused(void)
{
	struct response response = { 0 };
	char *text = calloc(1, 20000);

	CU_ASSERT_FATAL(text != NULL);
	memset(text, 'a', 20000);
	CU_ASSERT_EQUAL(response_read(&response, text, 16383),
			RESPONSE_PARTIAL);
	CU_ASSERT_EQUAL(response_read(&response, text, 16384), RESPONSE_BROKEN);
	free(text);
}

CU_TestInfo test_response[] = {
	{ "split at every byte", response_split_at_every_byte },
	{ "no content needs no length", no_content_needs_no_length },
	{ "closing is seen", closing_is_seen },
	{ "what cannot be read is named", what_cannot_be_read_is_named },
	{ "a head without end is refused", a_head_without_end_is_refused },
	CU_TEST_INFO_NULL,
};
