/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * gzip, a slice at a time
 *
 * A compressor holds GZIP_MEMORY bytes whatever the content is, so there are
 * few of them: see gzip_pool. The level is zlib's first: what is
 * won by higher ones is not worth a loop's time.
 */
#include <stdbool.h>
#include <stddef.h>
#include "proto/json/buffer.h"

struct gzip;

enum {
	GZIP_MEMORY = 268 * 1024, /* of one compressor, about */
	GZIP_SLICE = 64 * 1024,   /* bytes of content in one go: half a ms */
};

/* The compressors of one loop; all zeros but max is an empty pool. */
struct gzip_pool {
	unsigned max; /* in use at a time */

	/* private */
	unsigned used;
	struct gzip *spare; /* one is kept for the next answer */
};

/** gzip_pool_deinit() - free what was kept; none may be in use */
void gzip_pool_deinit(struct gzip_pool *pool);

/**
 * gzip_begin() - start to compress @content
 * @content: borrowed until gzip_end()
 *
 * Return: a compressor, to be given back with gzip_end(); NULL if all are in
 *         use or the host has no memory: send the content as it is.
 */
struct gzip *gzip_begin(struct gzip_pool *pool, const struct buffer *content);

/**
 * gzip_continue() - compress the next GZIP_SLICE bytes
 *
 * Return: is it finished? Not to be called after that.
 */
bool gzip_continue(struct gzip *gzip);

/**
 * gzip_end() - give @gzip back, finished or not
 * @packed: receives the compressed bytes if they are complete and fewer than
 *          the content's, and is left alone otherwise; it is initialised over
 *          and has the content's maximum. NULL: throw them away.
 *
 * Return: was @packed set?
 */
bool gzip_end(struct gzip_pool *pool, struct gzip *gzip, struct buffer *packed);

/**
 * gzip_whole() - compress @content as well as it can be, in one go
 * @out: empty; stays so if there is no memory
 *
 * For what is compressed once and sent often.
 */
void gzip_whole(struct buffer *out, const struct buffer *content);
