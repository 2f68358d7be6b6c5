/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Reading JSON-RPC answers without building documents
 *
 * Picks out of a body what the checks look at. Everything else (snapshots) is
 * stepped over, with no more attention than is needed to find its end, so that
 * the generator costs less than the server it measures.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** struct span - a piece of the body: what stands between the quotes of a string */
struct span {
	const char *at;
	size_t len;
};

/**
 * struct answer - one response object; spans point into the body
 * @has_id:  the id is an unsigned integer
 * @has_ret: ret holds an address or, as its 64 bit two's complement, a number
 */
struct answer {
	bool has_id;
	bool has_result;
	bool has_error;
	bool has_ret;
	bool has_thread;
	bool has_snapshot;
	uint64_t id;
	uint64_t ret;
	uint64_t thread;
	struct span process;
	struct span fault;
	struct span si_code;
	struct span error_key;
	struct span error_message;
};

/** struct answers - where the reading of a body stands */
struct answers {
	const char *at;
	const char *end;
	bool is_batch;
	bool is_first;
	bool is_broken;
};

/** answers_open() - begin to read a body: one response object, or an array of them */
void answers_open(struct answers *answers, const char *body, size_t len);

/**
 * answers_next() - read the next response object
 *
 * Return: whether there was one. When there are no more, is_broken says
 *         whether the body was anything but well-formed responses.
 */
bool answers_next(struct answers *answers, struct answer *answer);

/** span_is() - whether a span reads @text */
bool span_is(struct span span, const char *text);
