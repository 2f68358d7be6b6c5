/* SPDX-License-Identifier: MIT */
/*
 * Documents as links: how long they are, and all that can happen to a text that
 * people copy
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "proto/rpc/base64.h"
#include "proto/rpc/document_link.h"
#include "tests/proto/document_fixture.h"
#include "tests/support/suite.h"

#define LETTERS                                                                \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

/* As anybody makes one: of @len bytes of JSON, or of anything. */
static char *link_of(const char *bytes, size_t len)
{
	uLongf packed_len = compressBound(len);
	uint8_t *packed = malloc(packed_len);
	size_t room;
	char *text;

	CU_ASSERT_EQUAL(
		compress2(packed, &packed_len, (const Bytef *)bytes, len, 9),
		Z_OK);
	room = base64url_room(packed_len);
	text = malloc(room + 4);
	strcpy(text, "v1.");
	base64url_encode(packed, packed_len, text + 3);
	text[room + 3] = '\0';
	free(packed);
	return text;
}

static bool refused(struct rpc_fixture *fx, const char *link, int code,
		    const char *key)
{
	json_t *text = json_string(link);
	json_t *answer = document_import(fx, text, "");
	bool is = is_error(answer, code, key, "document");

	json_decref(answer);
	json_decref(text);
	return is;
}

static bool hint_has(struct rpc_fixture *fx, const char *link, const char *part)
{
	json_t *text = json_string(link);
	json_t *answer = document_import(fx, text, "");
	const char *hint = json_string_value(json_object_get(
		json_object_get(json_object_get(answer, "error"), "data"),
		"hint"));
	bool is = hint && strstr(hint, part);

	if (!is)
		fprintf(stderr, "no %s in %s\n", part, hint ? hint : "-");
	json_decref(answer);
	json_decref(text);
	return is;
}

static void a_link_holds_the_whole_document(void)
{
	struct rpc_fixture fx;
	json_t *document = document_small(&fx), *link, *answer, *again;
	const char *text;

	link = document_export(&fx, "['@','A heap','grows',{'x':1},'link']");
	text = json_string_value(link);
	CU_ASSERT_FATAL(text && !strncmp(text, "v1.", 3));
	CU_ASSERT_EQUAL(strspn(text + 3, LETTERS), strlen(text + 3));
	answer = document_import(&fx, link, "");
	CU_ASSERT(json_is_true(result_member(answer, "verified")));
	CU_ASSERT(is_json(result_member(answer, "title"), "'A heap'"));
	document_turn_to(&fx, answer);
	again = document_export(&fx, "['@','A heap','grows',{'x':1}]");
	CU_ASSERT(json_equal(document, again));
	json_decref(again);
	json_decref(answer);
	json_decref(link);
	json_decref(document);
	fixture_deinit(&fx);
}

/* What a page makes of a document is taken as well. */
static void anybody_can_make_a_link_of_a_document(void)
{
	struct rpc_fixture fx;
	json_t *document = document_small(&fx), *answer, *string;
	char *json = json_dumps(document, JSON_INDENT(2)), *link;

	link = link_of(json, strlen(json));
	string = json_string(link);
	answer = document_import(&fx, string, "");
	CU_ASSERT(json_is_true(result_member(answer, "verified")));
	json_decref(answer);
	json_decref(string);
	free(link);
	free(json);
	json_decref(document);
	fixture_deinit(&fx);
}

static void an_exercise_fits_two_thousand_characters(void)
{
	static const char *const creations[] = {
		"{'want':[]}",
		"{'profile':'6.12','seed':7,'files':[{'fd':3,'name':'data',"
		"'size':65536}],'want':[]}",
	};
	struct rpc_fixture fx;
	json_t *link, *answer;
	size_t i;

	for (i = 0; i < 2; i++) {
		fixture_init(&fx, 1, NULL);
		json_decref(fixture_create(&fx, creations[i]));
		document_exercise(&fx, 60);
		link = document_export(&fx,
				       "{'process':'@','title':'Who may merge',"
				       "'notes':'Predict each answer first.',"
				       "'form':'link'}");
		CU_ASSERT(json_string_length(link) < 2000);
		answer = document_import(&fx, link, "");
		CU_ASSERT(json_is_true(result_member(answer, "verified")));
		json_decref(answer);
		json_decref(link);
		fixture_deinit(&fx);
	}
}

static void a_link_that_is_cut_is_refused(void)
{
	struct rpc_fixture fx;
	json_t *document = document_small(&fx);
	json_t *link = document_export(&fx, "{'process':'@','form':'link'}");
	struct account before = document_account(&fx), after;
	char *text = strdup(json_string_value(link));
	size_t len = strlen(text);

	while (len--) {
		text[len] = '\0';
		CU_ASSERT(refused(&fx, text, -32602, "params.value"));
	}
	after = document_account(&fx);
	CU_ASSERT_EQUAL(after.worlds, before.worlds);
	CU_ASSERT_EQUAL(after.bytes, before.bytes);
	free(text);
	json_decref(link);
	json_decref(document);
	fixture_deinit(&fx);
}

/* Bits that fill the last byte before the checksum say nothing. */
static bool says_the_same(const char *a, const char *b)
{
	struct buffer of_a, of_b;
	const char *wrong;
	bool same;

	same = !document_link_read(a, strlen(a), &of_a, &wrong);
	same &= !document_link_read(b, strlen(b), &of_b, &wrong);
	same = same && of_a.len == of_b.len &&
	       !memcmp(of_a.data, of_b.data, of_a.len);
	buffer_deinit(&of_a);
	buffer_deinit(&of_b);
	return same;
}

static void a_link_with_a_wrong_character_is_refused(void)
{
	struct rpc_fixture fx;
	json_t *document = document_small(&fx);
	json_t *link = document_export(&fx, "{'process':'@','form':'link'}");
	char *text = strdup(json_string_value(link)), was;
	size_t i, len = strlen(text), same = 0;

	for (i = 3; i < len; i++) {
		was = text[i];
		text[i] = was == 'x' ? 'y' : 'x';
		if (says_the_same(text, json_string_value(link)))
			same++;
		else
			CU_ASSERT(refused(&fx, text, -32602, "params.value"));
		text[i] = i % 2 ? '+' : '=';
		CU_ASSERT(refused(&fx, text, -32602, "params.value"));
		text[i] = was;
	}
	CU_ASSERT(same <= 1);
	free(text);
	json_decref(link);
	json_decref(document);
	fixture_deinit(&fx);
}

static bool inside_is_refused(struct rpc_fixture *fx, const char *json,
			      int code, const char *key, const char *part)
{
	char *link = link_of(json, strlen(json));
	bool is = refused(fx, link, code, key) && hint_has(fx, link, part);

	free(link);
	return is;
}

static void what_is_no_link_is_refused_with_its_reason(void)
{
	struct rpc_fixture fx;
	json_t *document = document_small(&fx);

	CU_ASSERT(hint_has(&fx, "", "no link of world.export"));
	CU_ASSERT(hint_has(&fx, "https://example.org/#v1.abcd",
			   "no link of world.export"));
	CU_ASSERT(hint_has(&fx, "v1", "no link of world.export"));
	CU_ASSERT(hint_has(&fx, "v.", "no link of world.export"));
	CU_ASSERT(refused(&fx, "v01.abcd", -32602, "params.value"));
	CU_ASSERT(refused(&fx, "v2.abcd", -32009, "document.version"));
	CU_ASSERT(refused(&fx, "v99999999999999999999.", -32009,
			  "document.version"));
	CU_ASSERT(hint_has(&fx, "v1.", "cut"));
	CU_ASSERT(hint_has(&fx, "v1.ab cd", "letters, digits"));
	CU_ASSERT(hint_has(&fx, "v1.abcd", "does not unpack"));
	CU_ASSERT(
		inside_is_refused(&fx, "", -32602, "params.value", "no JSON"));
	CU_ASSERT(inside_is_refused(&fx, "{\"vmarium\":1", -32602,
				    "params.value", "no JSON"));
	CU_ASSERT(
		inside_is_refused(&fx, "[]", -32602, "params.type", "object"));
	CU_ASSERT(inside_is_refused(&fx, "\"v1.abcd\"", -32602, "params.type",
				    "object"));
	CU_ASSERT(inside_is_refused(&fx, "{\"vmarium\":2}", -32009,
				    "document.version", "version 2"));
	json_decref(document);
	fixture_deinit(&fx);
}

static void a_link_goes_no_further_than_its_end(void)
{
	struct rpc_fixture fx;
	json_t *document = document_small(&fx);
	char *json = json_dumps(document, JSON_COMPACT);
	uLongf len = compressBound(strlen(json));
	uint8_t *packed = calloc(1, len + 1);
	char *text;

	compress2(packed, &len, (const Bytef *)json, strlen(json), 9);
	len++;
	text = malloc(base64url_room(len) + 4);
	strcpy(text, "v1.");
	base64url_encode(packed, len, text + 3);
	text[base64url_room(len) + 3] = '\0';
	CU_ASSERT(hint_has(&fx, text, "behind its end"));
	free(text);
	free(packed);
	free(json);
	json_decref(document);
	fixture_deinit(&fx);
}

/* A few kilobytes that would become many megabytes. */
static void a_bomb_does_not_go_off(void)
{
	const size_t sizes[] = { DOCUMENT_LINK_JSON_MAX + 1, 32u << 20 };
	struct rpc_fixture fx;
	json_t *document = document_small(&fx);
	struct buffer json;
	const char *wrong;
	char *bytes, *link;
	size_t i;

	for (i = 0; i < 2; i++) {
		bytes = malloc(sizes[i]);
		memset(bytes, ' ', sizes[i]);
		link = link_of(bytes, sizes[i]);
		CU_ASSERT(hint_has(&fx, link, "256 KiB"));
		CU_ASSERT_EQUAL(
			document_link_read(link, strlen(link), &json, &wrong),
			DOCUMENT_LINK_DAMAGED);
		CU_ASSERT(json.capacity <= DOCUMENT_LINK_JSON_MAX + 1);
		buffer_deinit(&json);
		free(link);
		/* As much as a link may hold is read. */
		link = link_of(bytes, DOCUMENT_LINK_JSON_MAX);
		CU_ASSERT_EQUAL(
			document_link_read(link, strlen(link), &json, &wrong),
			DOCUMENT_LINK_OK);
		CU_ASSERT_EQUAL(json.len, DOCUMENT_LINK_JSON_MAX);
		buffer_deinit(&json);
		free(link);
		free(bytes);
	}
	json_decref(document);
	fixture_deinit(&fx);
}

static void a_large_world_is_no_link(void)
{
	struct rpc_fixture fx;
	json_t *answer, *document;
	unsigned i;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{'want':[]}"));
	for (i = 0; i < 40; i++)
		document_exercise(&fx, 100);
	answer = fixture_call(&fx, "world.export",
			      "{'process':'@','form':'link'}");
	CU_ASSERT(is_error(answer, -32602, "params.value", "form"));
	json_decref(answer);
	document = document_export(&fx, "['@']");
	json_decref(document);
	fixture_deinit(&fx);
}

CU_TestInfo test_document_link[] = {
	{ "a link holds the whole document", a_link_holds_the_whole_document },
	{ "anybody can make a link of a document",
	  anybody_can_make_a_link_of_a_document },
	{ "an exercise fits 2,000 characters",
	  an_exercise_fits_two_thousand_characters },
	{ "a link that is cut is refused", a_link_that_is_cut_is_refused },
	{ "a link with a wrong character is refused",
	  a_link_with_a_wrong_character_is_refused },
	{ "what is no link is refused with its reason",
	  what_is_no_link_is_refused_with_its_reason },
	{ "a link goes no further than its end",
	  a_link_goes_no_further_than_its_end },
	{ "a bomb does not go off", a_bomb_does_not_go_off },
	{ "a large world is no link", a_large_world_is_no_link },
	CU_TEST_INFO_NULL,
};
