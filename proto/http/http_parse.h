/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * http-parser, and what it reports of a head
 *
 * Private to the codec.
 */
#include "proto/http/http_codec.h"

/**
 * http_parse() - parse what the head has gained
 * @codec: before the end of a head, which lies at base; it has been parsed up to
 *         parsed
 * @len:   bytes of it, with those that were there before
 *
 * When the head is at its end, head_complete is set; parsed is its length then, verb
 * and minor are what it says, and its fields are found. What more it must satisfy is
 * in http_head.h. Otherwise all of @len has been taken.
 *
 * Return: HTTP_REFUSAL_NONE, or what is wrong with its syntax or its version.
 */
enum http_refusal http_parse(struct http_codec *codec, size_t len);
