/* SPDX-License-Identifier: MIT */
#include "server/route.h"

#include <stdio.h>
#include <string.h>
#include "tests/support/suite.h"

static char *hosts[] = { "vm.example", "other.example" };
static char *origins[] = { "https://app.example" };

static const struct http_limits limits = {
	.head_bytes = 4096,
	.target_bytes = 1024,
	.body_bytes = 4096,
	.fields = 20,
};

static const struct options options = {
	.hosts = { hosts, 2 },
	.origins = { origins, 1 },
};

static const struct options trusting = { .trust_proxy = true };

static bool through_unix;

/* The verdict on a request line and fields, the empty line left out. */
static struct route_verdict judge_with(const struct options *with,
				       const char *head)
{
	struct route_verdict verdict = { .refusal = HTTP_REFUSALS };
	struct http_codec codec;
	char bytes[1024];
	size_t used;

	CU_ASSERT_FATAL(strlen(head) < sizeof(bytes) - 2);
	strcpy(bytes, head);
	strcat(bytes, "\r\n");
	http_codec_init(&codec, &limits, NULL);
	if (http_codec_feed(&codec, bytes, strlen(bytes), &used) ==
	    HTTP_CODEC_HEAD)
		verdict = route_judge(&codec, with, through_unix);
	http_codec_deinit(&codec);
	return verdict;
}

static void expect_refusal(const char *head, enum http_refusal refusal)
{
	CU_ASSERT_EQUAL(judge_with(&options, head).refusal, refusal);
}

static void expect_route(const char *head, enum route route)
{
	struct route_verdict verdict = judge_with(&options, head);

	CU_ASSERT_EQUAL(verdict.refusal, HTTP_REFUSAL_NONE);
	CU_ASSERT_EQUAL(verdict.route, route);
}

static void expect_allow(const char *head, const char *allow)
{
	struct route_verdict verdict = judge_with(&options, head);

	CU_ASSERT_FATAL(verdict.allow != NULL);
	CU_ASSERT_STRING_EQUAL(verdict.allow, allow);
}

#define HOST "Host: localhost\r\n"
#define JSON "Content-Type: application/json\r\n"

static void paths_lead_somewhere(void)
{
	expect_route("GET / HTTP/1.1\r\n" HOST, ROUTE_PAGE);
	expect_route("HEAD / HTTP/1.1\r\n" HOST, ROUTE_PAGE);
	expect_route("GET /?a=b HTTP/1.1\r\n" HOST, ROUTE_PAGE);
	expect_route("GET /openrpc.json HTTP/1.1\r\n" HOST, ROUTE_OPENRPC);
	expect_route("GET /healthz HTTP/1.1\r\n" HOST, ROUTE_HEALTH);
	expect_route("HEAD /readyz HTTP/1.1\r\n" HOST, ROUTE_READY);
	expect_route("POST /rpc HTTP/1.1\r\nContent-Length: 1\r\n" HOST JSON,
		     ROUTE_RPC);
	expect_refusal("GET /rpcs HTTP/1.1\r\n" HOST, HTTP_PATH_UNKNOWN);
	expect_refusal("GET /RPC HTTP/1.1\r\n" HOST, HTTP_PATH_UNKNOWN);
	expect_refusal("GET //rpc HTTP/1.1\r\n" HOST, HTTP_PATH_UNKNOWN);
	expect_refusal("GET /rpc/ HTTP/1.1\r\n" HOST, HTTP_PATH_UNKNOWN);
	expect_refusal("CONNECT localhost:80 HTTP/1.1\r\n" HOST,
		       HTTP_PATH_UNKNOWN);
}

static void methods_belong_to_paths(void)
{
	expect_refusal("GET /rpc HTTP/1.1\r\n" HOST, HTTP_METHOD_DENIED);
	expect_refusal("HEAD /rpc HTTP/1.1\r\n" HOST, HTTP_METHOD_DENIED);
	expect_refusal("PUT /rpc HTTP/1.1\r\n" HOST JSON, HTTP_METHOD_DENIED);
	expect_refusal("POST / HTTP/1.1\r\n" HOST JSON, HTTP_METHOD_DENIED);
	expect_refusal("DELETE /healthz HTTP/1.1\r\n" HOST, HTTP_METHOD_DENIED);
	expect_allow("GET /rpc HTTP/1.1\r\n" HOST, "POST, OPTIONS");
	expect_allow("POST / HTTP/1.1\r\n" HOST, "GET, HEAD, OPTIONS");
}

static void options_names_the_methods(void)
{
	expect_route("OPTIONS /rpc HTTP/1.1\r\n" HOST, ROUTE_OPTIONS);
	expect_route("OPTIONS * HTTP/1.1\r\n" HOST, ROUTE_OPTIONS);
	expect_allow("OPTIONS /rpc HTTP/1.1\r\n" HOST, "POST, OPTIONS");
	expect_allow("OPTIONS * HTTP/1.1\r\n" HOST, "GET, HEAD, POST, OPTIONS");
	expect_refusal("OPTIONS /x HTTP/1.1\r\n" HOST, HTTP_PATH_UNKNOWN);
}

static void calls_are_json_with_a_body(void)
{
	expect_refusal("POST /rpc HTTP/1.1\r\n" HOST, HTTP_CONTENT_TYPE);
	expect_refusal(
		"POST /rpc HTTP/1.1\r\nContent-Type: text/plain\r\n" HOST,
		HTTP_CONTENT_TYPE);
	expect_refusal("POST /rpc HTTP/1.1\r\nContent-Type:\r\n" HOST,
		       HTTP_CONTENT_TYPE);
	expect_refusal("POST /rpc HTTP/1.1\r\n" HOST
		       "Content-Type: application/jsonx\r\n",
		       HTTP_CONTENT_TYPE);
	expect_refusal("POST /rpc HTTP/1.1\r\n" HOST JSON,
		       HTTP_LENGTH_REQUIRED);
	expect_route("POST /rpc HTTP/1.1\r\n" HOST "Content-Length: 1\r\n"
		     "Content-Type: Application/JSON ; charset=utf-8\r\n",
		     ROUTE_RPC);
	expect_route("POST /rpc HTTP/1.1\r\n" HOST JSON
		     "Transfer-Encoding: chunked\r\n",
		     ROUTE_RPC);
}

static void hosts_are_loopback_or_named(void)
{
	static const char *const ours[] = {
		"localhost",         "LOCALHOST:1",   "127.0.0.1",
		"127.255.1.2:65535", "[::1]",         "[::1]:7070",
		"vm.example",        "VM.example:80", "other.example",
	};
	static const char *const foreign[] = {
		"",
		"example",
		"localhost.example",
		"127.0.0.1.example",
		"128.0.0.1",
		"127.1",
		"0.0.0.0",
		"[::]",
		"[::2]",
		"::1",
		"[::ffff:127.0.0.1]",
		"127.0.0.1x",
		"vm.example.",
	};
	char head[200];
	size_t i;

	for (i = 0; i < sizeof(ours) / sizeof(*ours); i++) {
		snprintf(head, sizeof(head), "GET / HTTP/1.1\r\nHost: %s\r\n",
			 ours[i]);
		expect_route(head, ROUTE_PAGE);
	}
	for (i = 0; i < sizeof(foreign) / sizeof(*foreign); i++) {
		snprintf(head, sizeof(head), "GET / HTTP/1.0\r\nHost: %s\r\n",
			 foreign[i]);
		CU_ASSERT_NOT_EQUAL(judge_with(&options, head).refusal,
				    HTTP_REFUSAL_NONE);
	}
	expect_refusal("GET / HTTP/1.1\r\nHost: evil.example\r\n",
		       HTTP_HOST_UNKNOWN);
	expect_refusal("GET http://evil.example/ HTTP/1.1\r\n" HOST,
		       HTTP_HOST_UNKNOWN);
	expect_refusal("GET http://localhost/ HTTP/1.1\r\nHost: evil\r\n",
		       HTTP_HOST_UNKNOWN);
	expect_route("GET http://127.0.0.1/ HTTP/1.1\r\n" HOST, ROUTE_PAGE);
	expect_route("GET / HTTP/1.0\r\n", ROUTE_PAGE);
}

static void origins_are_own_or_allowed(void)
{
	expect_route("GET / HTTP/1.1\r\n" HOST "Origin: http://localhost\r\n",
		     ROUTE_PAGE);
	expect_route("GET / HTTP/1.1\r\nHost: LocalHost:80\r\n"
		     "Origin: http://localhost\r\n",
		     ROUTE_PAGE);
	expect_route("GET / HTTP/1.1\r\nHost: 127.0.0.1:7070\r\n"
		     "Origin: http://127.0.0.1:7070\r\n",
		     ROUTE_PAGE);
	expect_route("GET / HTTP/1.1\r\n" HOST
		     "Origin: https://app.example\r\n",
		     ROUTE_PAGE);
	expect_refusal("GET / HTTP/1.1\r\n" HOST "Origin: null\r\n",
		       HTTP_ORIGIN_DENIED);
	expect_refusal("GET / HTTP/1.1\r\n" HOST "Origin:\r\n",
		       HTTP_ORIGIN_DENIED);
	expect_refusal("GET / HTTP/1.1\r\n" HOST
		       "Origin: http://localhost:1\r\n",
		       HTTP_ORIGIN_DENIED);
	expect_refusal("GET / HTTP/1.1\r\n" HOST
		       "Origin: https://localhost\r\n",
		       HTTP_ORIGIN_DENIED);
	expect_refusal("GET / HTTP/1.1\r\n" HOST "Origin: http://127.0.0.1\r\n",
		       HTTP_ORIGIN_DENIED);
	expect_refusal("GET / HTTP/1.1\r\n" HOST
		       "Origin: https://app.example.evil\r\n",
		       HTTP_ORIGIN_DENIED);
	/* Refused before anything is told about paths and methods. */
	expect_refusal("POST /x HTTP/1.1\r\n" HOST "Origin: http://evil\r\n",
		       HTTP_ORIGIN_DENIED);
}

static void forwarded_requests_need_trust(void)
{
	static const char head[] =
		"GET / HTTP/1.1\r\n" HOST "X-Forwarded-For: 192.0.2.1\r\n";

	expect_refusal(head, HTTP_FORWARDED);
	CU_ASSERT_EQUAL(judge_with(&trusting, head).refusal, HTTP_REFUSAL_NONE);
}

static void proxies_say_which_scheme_is_ours(void)
{
	static const struct {
		const char *fields;
		enum http_refusal refusal;
	} rows[] = {
		{ "Origin: https://localhost\r\nX-Forwarded-Proto: https\r\n",
		  HTTP_REFUSAL_NONE },
		{ "Origin: http://localhost\r\nX-Forwarded-Proto: http\r\n",
		  HTTP_REFUSAL_NONE },
		{ "Origin: http://localhost\r\nX-Forwarded-Proto: https\r\n",
		  HTTP_ORIGIN_DENIED },
		{ "Origin: https://localhost:1\r\nX-Forwarded-Proto: https\r\n",
		  HTTP_ORIGIN_DENIED },
		{ "Origin: https://evil\r\nX-Forwarded-Proto: https\r\n",
		  HTTP_ORIGIN_DENIED },
		{ "Origin: https://localhost\r\nX-Forwarded-For: https\r\n",
		  HTTP_ORIGIN_DENIED },
	};
	char head[256];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		snprintf(head, sizeof(head), "GET / HTTP/1.1\r\n" HOST "%s",
			 rows[i].fields);
		CU_ASSERT_EQUAL(judge_with(&trusting, head).refusal,
				rows[i].refusal);
	}
	CU_ASSERT_EQUAL(judge_with(&trusting, "GET / HTTP/1.1\r\n"
					      "Host: localhost:443\r\n"
					      "Origin: https://localhost\r\n"
					      "X-Forwarded-Proto: https\r\n")
				.refusal,
			HTTP_REFUSAL_NONE);
	CU_ASSERT_EQUAL(judge_with(&trusting, "GET / HTTP/1.1\r\n"
					      "Host: localhost:80\r\n"
					      "Origin: https://localhost\r\n"
					      "X-Forwarded-Proto: https\r\n")
				.refusal,
			HTTP_ORIGIN_DENIED);
	expect_refusal("GET / HTTP/1.1\r\n" HOST "X-Forwarded-Proto: http\r\n",
		       HTTP_FORWARDED);
}

static void unix_sockets_know_no_names(void)
{
	through_unix = true;
	expect_route("GET / HTTP/1.1\r\nHost: anything\r\n", ROUTE_PAGE);
	expect_route("GET / HTTP/1.1\r\nHost: anything\r\n"
		     "Origin: https://app.example\r\n",
		     ROUTE_PAGE);
	expect_route("GET / HTTP/1.1\r\n" HOST "Origin: http://localhost\r\n",
		     ROUTE_PAGE);
	expect_refusal("GET / HTTP/1.1\r\nHost: evil\r\n"
		       "Origin: http://evil\r\n",
		       HTTP_ORIGIN_DENIED);
	expect_refusal("GET / HTTP/1.1\r\nHost: a\r\nVia: x\r\n",
		       HTTP_FORWARDED);
	through_unix = false;
}

CU_TestInfo test_route[] = {
	{ "paths lead somewhere", paths_lead_somewhere },
	{ "methods belong to paths", methods_belong_to_paths },
	{ "OPTIONS names the methods", options_names_the_methods },
	{ "calls are JSON with a body", calls_are_json_with_a_body },
	{ "hosts are loopback or named", hosts_are_loopback_or_named },
	{ "origins are own or allowed", origins_are_own_or_allowed },
	{ "unix sockets know no names", unix_sockets_know_no_names },
	{ "forwarded requests need trust", forwarded_requests_need_trust },
	{ "proxies say which scheme is ours",
	  proxies_say_which_scheme_is_ours },
	CU_TEST_INFO_NULL,
};
