/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What a complete head must satisfy beyond the parser's syntax
 *
 * Private to the codec.
 */
#include "proto/http/http_codec.h"

/**
 * http_head_check() - judge the head of @len bytes that lies at @codec->base
 *
 * Its version has been checked and the parser has found its fields. Sets what
 * enum HTTP_CODEC_HEAD promises, and body_left to an announced length.
 *
 * Return: HTTP_REFUSAL_NONE or the first thing that is wrong.
 */
enum http_refusal http_head_check(struct http_codec *codec, size_t len);
