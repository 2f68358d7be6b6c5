/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Which of two types a client would rather have
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
