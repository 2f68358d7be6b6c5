/* SPDX-License-Identifier: MIT */
#include "proto/http/http_answer.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/support/suite.h"

static const char date[] = "Sun, 06 Nov 1994 08:49:37 GMT";

/* What @out holds, as a text to be freed. */
static char *text_of(struct buffer *out)
{
	size_t len;

	buffer_append_byte(out, '\0');
	return buffer_take(out, &len);
}

static void expect_head(const struct http_answer *answer, const char *expected)
{
	struct buffer out;
	char *text;

	buffer_init(&out, 4096);
	http_answer_head(&out, answer);
	text = text_of(&out);
	CU_ASSERT_STRING_EQUAL(text, expected);
	free(text);
}

static void heads_are_written_in_full(void)
{
	expect_head(&(struct http_answer){ .status = 200,
					   .type = "application/json",
					   .length = 4711,
					   .date = date },
		    "HTTP/1.1 200 OK\r\n"
		    "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
		    "Content-Type: application/json\r\n"
		    "Content-Length: 4711\r\n\r\n");
	expect_head(&(struct http_answer){ .status = 200,
					   .after = HTTP_AFTER_KEEP_1_0,
					   .type = "text/plain",
					   .length = 0,
					   .fields = "A: b\r\nC: d\r\n",
					   .date = date },
		    "HTTP/1.1 200 OK\r\n"
		    "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
		    "Content-Type: text/plain\r\n"
		    "Content-Length: 0\r\n"
		    "Connection: keep-alive\r\n"
		    "A: b\r\nC: d\r\n\r\n");
	expect_head(&(struct http_answer){ .status = 204,
					   .after = HTTP_AFTER_CLOSE,
					   .date = date },
		    "HTTP/1.1 204 No Content\r\n"
		    "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
		    "Connection: close\r\n\r\n");
}

static char *refusal_of(enum http_refusal refusal, bool without_body)
{
	const struct http_refusal_answer answer = {
		.refusal = refusal,
		.limit = 4194304,
		.allow = "GET, HEAD",
		.date = date,
		.without_body = without_body,
	};
	struct buffer out;

	buffer_init(&out, 4096);
	http_answer_refusal(&out, &answer);
	CU_ASSERT_EQUAL(out.failed, BUFFER_OK);
	return text_of(&out);
}

static void check_refusal_body(const char *body, const char *key)
{
	json_t *root = json_loads(body, JSON_REJECT_DUPLICATES, NULL);
	json_t *error = json_object_get(root, "error");
	const char *hint = json_string_value(json_object_get(error, "hint"));

	CU_ASSERT_EQUAL(json_object_size(root), 1);
	CU_ASSERT_EQUAL(json_object_size(error), 2);
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(error, "key")),
			       key);
	CU_ASSERT_PTR_NOT_NULL_FATAL(hint);
	/* A sentence, with the limit filled in. */
	CU_ASSERT_EQUAL(hint[strlen(hint) - 1], '.');
	CU_ASSERT_PTR_NULL(strchr(hint, '#'));
	json_decref(root);
}

static void every_refusal_is_whole(void)
{
	int refusal;

	for (refusal = HTTP_REFUSAL_NONE + 1; refusal < HTTP_REFUSALS;
	     refusal++) {
		const struct http_refusal_text *row =
			http_refusal_text((enum http_refusal)refusal);
		char *text = refusal_of((enum http_refusal)refusal, false);
		char *body = strstr(text, "\r\n\r\n");
		const char *length = strstr(text, "\r\nContent-Length: ");
		char status[32];

		CU_ASSERT_PTR_NOT_NULL_FATAL(body);
		CU_ASSERT_PTR_NOT_NULL_FATAL(length);
		body += 4;
		snprintf(status, sizeof(status), "HTTP/1.1 %u ", row->status);
		CU_ASSERT_EQUAL(strncmp(text, status, strlen(status)), 0);
		CU_ASSERT_PTR_NULL(strstr(text, "Unknown\r\n"));
		CU_ASSERT_PTR_NOT_NULL(
			strstr(text, "\r\nConnection: close\r\n"));
		CU_ASSERT_EQUAL(strtoul(length + 18, NULL, 10), strlen(body));
		CU_ASSERT_EQUAL(!strstr(text, "\r\nAllow: GET, HEAD\r\n"),
				row->status != 405);
		CU_ASSERT_EQUAL(!strstr(text, "\r\nRetry-After: 1\r\n"),
				row->status != 503 && row->status != 429);
		/* Who sends Upgrade says so in Connection. */
		CU_ASSERT_EQUAL(!strstr(text, "\r\nUpgrade: websocket\r\n"
					      "Connection: Upgrade\r\n"),
				row->status != 426);
		check_refusal_body(body, row->key);
		free(text);
	}
}

static void refusal_of_head_has_no_body(void)
{
	char *text = refusal_of(HTTP_PATH_UNKNOWN, true);

	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\r\nContent-Length: "));
	CU_ASSERT_STRING_EQUAL(strstr(text, "\r\n\r\n"), "\r\n\r\n");
	free(text);
}

static void limits_are_filled_in(void)
{
	char *text = refusal_of(HTTP_BODY_TOO_LARGE, false);

	CU_ASSERT_PTR_NOT_NULL(strstr(text, " 4194304 bytes"));
	free(text);
}

static void full_buffer_is_marked(void)
{
	const struct http_answer answer = { .status = 200, .date = date };
	struct buffer out;

	buffer_init(&out, 20);
	http_answer_head(&out, &answer);
	CU_ASSERT_EQUAL(out.failed, BUFFER_FULL);
	buffer_deinit(&out);
}

static void continue_is_an_empty_head(void)
{
	struct buffer out;
	char *text;

	buffer_init(&out, 100);
	http_answer_continue(&out);
	text = text_of(&out);
	CU_ASSERT_STRING_EQUAL(text, "HTTP/1.1 100 Continue\r\n\r\n");
	free(text);
}

CU_TestInfo test_http_answer[] = {
	{ "heads are written in full", heads_are_written_in_full },
	{ "every refusal is whole", every_refusal_is_whole },
	{ "refusal of HEAD has no body", refusal_of_head_has_no_body },
	{ "limits are filled in", limits_are_filled_in },
	{ "full buffer is marked", full_buffer_is_marked },
	{ "continue is an empty head", continue_is_an_empty_head },
	CU_TEST_INFO_NULL,
};
