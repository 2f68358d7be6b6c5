/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What a client would rather have: one of two types, or a coding
 */
#include <stdbool.h>
#include "proto/http/http_text.h"

/**
 * http_accept_prefers() - does an Accept field want @type more than @other?
 * @value: of the field; absent: the client takes anything
 * @type:  a media type that can be had
 * @other: the one that is sent where the client does not care
 *
 * Of the ranges listed, the most specific one that fits a type says by its q
 * how much it is wanted. Other parameters are not looked at; ranges that are
 * not well formed count for nothing.
 */
bool http_accept_prefers(struct http_slice value, const char *type,
			 const char *other);

/**
 * http_accepts_gzip() - does an Accept-Encoding field ask for gzip?
 * @value: of the field; absent: no
 *
 * By RFC 9110, 12.5.3: gzip, x-gzip or * with a q above 0 that is not below
 * identity's, where that is named.
 */
bool http_accepts_gzip(struct http_slice value);
