/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as frames, cut anywhere: the same messages and the same end as uncut
 *
 * The first eight bytes say how the rest is cut. The close that goes out is
 * compared as well, but no pongs: one whose ping came with a close may be left
 * out.
 */
#include <string.h>

#include "proto/ws/ws_codec.h"
#include "tests/fuzz/demand.h"

enum {
	CUTS = 8,
	MESSAGE_MAX = 512
};

static enum ws_status feed(struct ws_codec *codec, const char *bytes,
			   size_t len, struct buffer *events,
			   struct buffer *out)
{
	enum ws_status status;
	size_t used;

	do {
		status = ws_codec_feed(codec, bytes, len, &used, out);
		if (used > len || (status == WS_MORE && used != len))
			fail("bytes are left, or too many taken");
		bytes += used;
		len -= used;
		if (status == WS_MESSAGE) {
			struct http_slice message = ws_codec_message(codec);

			if (message.len > MESSAGE_MAX)
				fail("a message is too long");
			buffer_append(events, message.at, message.len);
			buffer_append_byte(events, '\n');
		}
	} while (status == WS_MESSAGE);
	if (status == WS_FAILED)
		fail("no memory");
	return status;
}

/* Takes the pongs out; frames that go out have short heads and no mask. */
static void drop_pongs(struct buffer *out)
{
	struct buffer all = *out;
	size_t i, len;

	buffer_init(out, SIZE_MAX);
	for (i = 0; i < all.len; i += len) {
		len = 2 + (unsigned char)all.data[i + 1];
		if ((unsigned char)all.data[i] != 0x8a)
			buffer_append(out, all.data + i, len);
	}
	buffer_deinit(&all);
}

static void run(const char *bytes, size_t len, const size_t *cuts,
		size_t nr_cuts, struct buffer *events, struct buffer *out)
{
	struct ws_codec *codec = ws_codec_new(MESSAGE_MAX);
	enum ws_status status = WS_MORE;
	size_t i, done = 0;

	buffer_init(events, SIZE_MAX);
	buffer_init(out, SIZE_MAX);
	for (i = 0; codec && done < len && status == WS_MORE; i++) {
		size_t n = cuts[i % nr_cuts];

		if (n > len - done)
			n = len - done;
		status = feed(codec, bytes + done, n, events, out);
		done += n;
	}
	buffer_append_byte(events, (char)('0' + status));
	ws_codec_free(codec);
	drop_pongs(out);
}

static void compare(const struct buffer *a, const struct buffer *b,
		    const char *what)
{
	if (a->len != b->len || (a->len && memcmp(a->data, b->data, a->len)))
		fail(what);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer events, out, cut_events, cut_out;
	const size_t whole = SIZE_MAX;
	size_t cuts[CUTS], i;
	const char *bytes;

	if (size < CUTS)
		return 0;
	for (i = 0; i < CUTS; i++)
		cuts[i] = data[i] % 64 + 1u;
	bytes = (const char *)data + CUTS;
	run(bytes, size - CUTS, &whole, 1, &events, &out);
	run(bytes, size - CUTS, cuts, CUTS, &cut_events, &cut_out);
	compare(&events, &cut_events, "cuts change the messages");
	compare(&out, &cut_out, "cuts change the answers");
	buffer_deinit(&events);
	buffer_deinit(&out);
	buffer_deinit(&cut_events);
	buffer_deinit(&cut_out);
	return 0;
}
