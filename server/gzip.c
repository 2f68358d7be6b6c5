/* SPDX-License-Identifier: MIT */
#include "server/gzip.h"

#include <stdlib.h>
#include <zlib.h>

enum {
	WINDOW_GZIP = 15 + 16, /* 32 KiB, and gzip's frame around it */
	MEMORY_LEVEL = 8,
	ROOM_MIN = 4096, /* for output, offered to zlib at a time */
};

struct gzip {
	z_stream z;
	const struct buffer *content;
	struct buffer out;
	bool complete;
};

static int stream_init(z_stream *z, int level)
{
	return deflateInit2(z, level, Z_DEFLATED, WINDOW_GZIP, MEMORY_LEVEL,
			    Z_DEFAULT_STRATEGY);
}

static struct gzip *gzip_new(void)
{
	struct gzip *gzip = calloc(1, sizeof(*gzip));

	if (gzip && stream_init(&gzip->z, Z_BEST_SPEED) != Z_OK) {
		free(gzip);
		return NULL;
	}
	return gzip;
}

static void gzip_free(struct gzip *gzip)
{
	if (!gzip)
		return;
	deflateEnd(&gzip->z);
	free(gzip);
}

void gzip_pool_deinit(struct gzip_pool *pool)
{
	gzip_free(pool->spare);
	pool->spare = NULL;
}

struct gzip *gzip_begin(struct gzip_pool *pool, const struct buffer *content)
{
	struct gzip *gzip = pool->spare;

	if (pool->used >= pool->max)
		return NULL;
	pool->spare = NULL;
	if (gzip)
		deflateReset(&gzip->z);
	else
		gzip = gzip_new();
	if (!gzip)
		return NULL;
	pool->used++;
	gzip->content = content;
	gzip->complete = false;
	gzip->z.next_in = (Bytef *)content->data;
	gzip->z.avail_in = 0;
	buffer_init(&gzip->out, content->max);
	return gzip;
}

/* Let zlib write until it has nothing more to say. */
static int deflate_into(z_stream *z, struct buffer *out, int flush)
{
	int status = Z_OK;

	do {
		char *room = buffer_reserve(out, ROOM_MIN);

		if (!room)
			return Z_MEM_ERROR;
		z->next_out = (Bytef *)room;
		z->avail_out = (uInt)(out->end - out->len);
		status = deflate(z, flush);
		buffer_commit(out, (size_t)((char *)z->next_out - room));
	} while (!z->avail_out && status == Z_OK);
	/* The room was used to the last byte, and nothing was left to write. */
	return status == Z_BUF_ERROR ? Z_OK : status;
}

bool gzip_continue(struct gzip *gzip)
{
	const char *end = gzip->content->data + gzip->content->len;
	size_t left = (size_t)(end - (const char *)gzip->z.next_in);
	const bool last = left <= GZIP_SLICE;
	int status;

	gzip->z.avail_in = (uInt)(last ? left : GZIP_SLICE);
	status = deflate_into(&gzip->z, &gzip->out,
			      last ? Z_FINISH : Z_NO_FLUSH);
	gzip->complete = status == Z_STREAM_END;
	return status != Z_OK;
}

bool gzip_end(struct gzip_pool *pool, struct gzip *gzip, struct buffer *packed)
{
	const bool good =
		packed && gzip->complete && gzip->out.len < gzip->content->len;

	if (good)
		*packed = gzip->out;
	else
		buffer_deinit(&gzip->out);
	pool->used--;
	if (pool->spare)
		gzip_free(gzip);
	else
		pool->spare = gzip;
	return good;
}

void gzip_whole(struct buffer *out, const struct buffer *content)
{
	z_stream z = { .next_in = (Bytef *)content->data,
		       .avail_in = (uInt)content->len };

	if (stream_init(&z, Z_BEST_COMPRESSION) != Z_OK)
		return;
	if (deflate_into(&z, out, Z_FINISH) != Z_STREAM_END)
		buffer_deinit(out);
	deflateEnd(&z);
}
