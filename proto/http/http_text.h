/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Small words of HTTP: slices of a request and what may stand in them
 *
 * Pure functions over borrowed bytes: nothing is allocated, nothing kept.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Borrowed bytes; at is NULL where the thing named is absent, and only then. */
struct http_slice {
	const char *at;
	size_t len;
};

/** http_is_token_byte() - may @byte stand in a method or a field name? */
bool http_is_token_byte(unsigned char byte);

/** http_slice_is() - is @slice the ASCII @text, in any case? */
bool http_slice_is(struct http_slice slice, const char *text);

/** http_slice_equals() - are both present, and the same but for case? */
bool http_slice_equals(struct http_slice a, struct http_slice b);

/** http_slice_trim() - @slice without white space at its ends */
struct http_slice http_slice_trim(struct http_slice slice);

/**
 * http_list_next() - take the next element off a list separated by commas
 * @list:    what is left of it, which may be absent
 * @element: without white space around it; may be empty
 *
 * Return: false if nothing is left.
 */
bool http_list_next(struct http_slice *list, struct http_slice *element);

/**
 * http_media_type_is() - is @value the media type @type?
 *
 * Parameters, as in "application/json; charset=utf-8", are allowed and not
 * looked at.
 */
bool http_media_type_is(struct http_slice value, const char *type);

/* Host and port of an authority. A port that is not given is 0. */
struct http_authority {
	struct http_slice host; /* [::1] keeps its brackets */
	uint16_t port;
};

/**
 * http_authority_parse() - take a Host field's value apart
 *
 * Return: false if it is no "host" or "host:port": an empty host is one, user
 *         names, lists and spaces are not.
 */
bool http_authority_parse(struct http_slice value, struct http_authority *out);
