/* SPDX-License-Identifier: MIT */
#include "proto/ws/ws_codec.h"

#include <stdlib.h>
#include <string.h>
#include <wslay/wslay.h>

enum {
	/* wslay reads ahead by its own buffer, in which further messages may
	 * be complete; the shortest has 6 bytes and takes LENGTH_BYTES here. */
	READ_AHEAD = 4096,
	LENGTH_BYTES = 8,
	KEEP = 4096, /* memory worth keeping for the next message */
};

/*
 * Where the bytes of the current frame are. Some rules wslay does not judge, and
 * a close's reason only as far as it comes in one piece: nobody reads it here,
 * so it is left out.
 */
struct frame_place {
	uint8_t head;     /* bytes of the first two that have passed */
	uint8_t first;    /* of them */
	uint8_t extended; /* bytes of the length still to come */
	uint8_t mask;     /* of the mask */
	uint8_t left_out; /* behind the payload */
	uint64_t payload; /* of the payload */
	uint64_t least;   /* that it may be, by how its length is written */
};

struct ws_codec {
	wslay_event_context_ptr ctx;
	struct http_slice in; /* fed, not yet taken */
	struct buffer *out;
	/* Messages, each behind its length: those handed out, those to be handed
	 * out, and the one that is coming in. */
	struct buffer messages;
	size_t read, complete;
	size_t message_max;
	struct http_slice message;
	bool awaits_pong;
	bool takes_frame; /* the current one is of a text message */
	bool is_refused;  /* the current message is */
	bool no_memory;
	bool is_bad; /* the next frame */
	struct frame_place place;
};

static bool is_control(uint8_t first)
{
	return first & 0x08;
}

/* The second byte: mask and length, which becomes that of what is passed. */
static bool begin_length(struct frame_place *place, uint8_t *byte)
{
	const bool closes = (place->first & 0x0f) == WSLAY_CONNECTION_CLOSE;
	uint8_t len = *byte & 0x7f;

	if (!(*byte & 0x80) || (is_control(place->first) && len > 125) ||
	    (closes && len == 1))
		return false;
	place->left_out = closes && len > 2 ? len - 2 : 0;
	len -= place->left_out;
	*byte = 0x80 | len;
	place->mask = 4;
	place->extended = len < 126 ? 0 : len == 126 ? 2 : 8;
	place->least = len == 126 ? 126 : 65536;
	place->payload = place->extended ? 0 : len;
	return true;
}

/* One byte of an extended length; false: it is longer than need be, or has more
 * than 63 bits. */
static bool pass_length_byte(struct frame_place *place, uint8_t byte)
{
	place->extended--;
	place->payload = place->payload << 8 | byte;
	return place->extended ||
	       (place->payload >= place->least && place->payload <= INT64_MAX);
}

/*
 * One byte of a frame's head goes by; false: the frame has no mask, or a length
 * written as none may be, or is a control frame in pieces, too long, or a close
 * with half a code.
 */
static bool pass_head_byte(struct frame_place *place, uint8_t *byte)
{
	if (!place->head) {
		if (is_control(*byte) && !(*byte & 0x80))
			return false;
		place->first = *byte;
		place->head = 1;
	} else if (place->head == 1) {
		if (!begin_length(place, byte))
			return false;
		place->head = 2;
	} else if (place->extended) {
		return pass_length_byte(place, *byte);
	} else {
		place->mask--;
	}
	return true;
}

static size_t take_input(struct ws_codec *codec, uint8_t *to, size_t n)
{
	if (to)
		memcpy(to, codec->in.at, n);
	codec->in.at += n;
	codec->in.len -= n;
	return n;
}

static size_t least(size_t a, size_t b, uint64_t c)
{
	size_t n = a < b ? a : b;

	return n < c ? n : (size_t)c;
}

/* What wslay is to have next, at most @room bytes of it. */
static size_t pass(struct ws_codec *codec, uint8_t *to, size_t room)
{
	struct frame_place *place = &codec->place;
	size_t n = 0;

	while (n < room && codec->in.len && !codec->is_bad) {
		if (place->head < 2 || place->extended || place->mask) {
			to[n] = (uint8_t)*codec->in.at;
			if (pass_head_byte(place, &to[n]))
				n += take_input(codec, NULL, 1);
			else
				codec->is_bad = true;
		} else {
			size_t k =
				least(room - n, codec->in.len, place->payload);

			n += take_input(codec, to + n, k);
			place->payload -= k;
			if (!place->payload)
				place->left_out -=
					take_input(codec, NULL,
						   least(room, codec->in.len,
							 place->left_out));
		}
		if (place->head == 2 && !place->extended && !place->mask &&
		    !place->payload && !place->left_out)
			place->head = 0;
	}
	return n;
}

static ssize_t on_recv(wslay_event_context_ptr ctx, uint8_t *buf, size_t len,
		       int flags, void *data)
{
	struct ws_codec *codec = data;
	size_t n = 0;

	(void)flags;
	/* One message at a time, but for what has been read ahead. */
	if (!codec->complete)
		n = pass(codec, buf, len);
	if (n)
		return (ssize_t)n;
	wslay_event_set_error(ctx, WSLAY_ERR_WOULDBLOCK);
	return -1;
}

static ssize_t on_send(wslay_event_context_ptr ctx, const uint8_t *bytes,
		       size_t len, int flags, void *data)
{
	struct ws_codec *codec = data;

	(void)ctx;
	(void)flags;
	/* A buffer that has failed is the caller's to see. */
	buffer_append(codec->out, bytes, len);
	return (ssize_t)len;
}

/* Of the message that is coming in, without its length. */
static size_t arrived(const struct ws_codec *codec)
{
	const size_t len = codec->messages.len - codec->complete;

	return len ? len - LENGTH_BYTES : 0;
}

/* What of the frame has been read ahead, wslay still passes on. */
static void refuse(struct ws_codec *codec, enum ws_close code)
{
	codec->takes_frame = false;
	codec->is_refused = true;
	wslay_event_queue_close(codec->ctx, (uint16_t)code, NULL, 0);
	wslay_event_shutdown_read(codec->ctx);
}

/* What is not taken is refused before its first byte. */
static void on_frame(wslay_event_context_ptr ctx,
		     const struct wslay_event_on_frame_recv_start_arg *arg,
		     void *data)
{
	struct ws_codec *codec = data;

	(void)ctx;
	codec->takes_frame = !is_control(arg->opcode);
	if (!codec->takes_frame)
		return;
	if (arg->opcode == WSLAY_BINARY_FRAME)
		refuse(codec, WS_CLOSE_UNSUPPORTED);
	else if (arg->payload_length > codec->message_max - arrived(codec))
		refuse(codec, WS_CLOSE_TOO_BIG);
}

static void append(struct ws_codec *codec, const void *bytes, size_t len)
{
	static const uint64_t unknown;

	if (codec->messages.len == codec->complete)
		buffer_append(&codec->messages, &unknown, LENGTH_BYTES);
	buffer_append(&codec->messages, bytes, len);
	if (codec->messages.failed)
		codec->no_memory = true;
}

/*
 * Messages are put together here: wslay would take a piece of memory for each
 * fragment, which can be shorter than that, and all that a frame announces.
 */
static void on_chunk(wslay_event_context_ptr ctx,
		     const struct wslay_event_on_frame_recv_chunk_arg *arg,
		     void *data)
{
	struct ws_codec *codec = data;

	(void)ctx;
	if (codec->takes_frame)
		append(codec, arg->data, arg->data_length);
}

static void on_message(wslay_event_context_ptr ctx,
		       const struct wslay_event_on_msg_recv_arg *arg,
		       void *data)
{
	struct ws_codec *codec = data;
	uint64_t len;

	(void)ctx;
	if (arg->opcode == WSLAY_PONG)
		codec->awaits_pong = false;
	if (arg->opcode != WSLAY_TEXT_FRAME || codec->is_refused)
		return;
	append(codec, NULL, 0);
	if (codec->no_memory)
		return;
	len = arrived(codec);
	memcpy(codec->messages.data + codec->complete, &len, LENGTH_BYTES);
	codec->complete = codec->messages.len;
}

struct ws_codec *ws_codec_new(size_t message_bytes)
{
	const struct wslay_event_callbacks callbacks = {
		.recv_callback = on_recv,
		.send_callback = on_send,
		.on_frame_recv_start_callback = on_frame,
		.on_frame_recv_chunk_callback = on_chunk,
		.on_msg_recv_callback = on_message,
	};
	struct ws_codec *codec = calloc(1, sizeof(*codec));

	if (!codec)
		return NULL;
	if (wslay_event_context_server_init(&codec->ctx, &callbacks, codec)) {
		free(codec);
		return NULL;
	}
	wslay_event_config_set_no_buffering(codec->ctx, 1);
	codec->message_max = message_bytes;
	buffer_init(&codec->messages,
		    message_bytes + LENGTH_BYTES + READ_AHEAD * LENGTH_BYTES);
	return codec;
}

void ws_codec_free(struct ws_codec *codec)
{
	if (!codec)
		return;
	wslay_event_context_free(codec->ctx);
	buffer_deinit(&codec->messages);
	free(codec);
}

/* All have been handed out; of what was read ahead, some may be left. */
static void drop_read(struct ws_codec *codec)
{
	struct buffer *messages = &codec->messages;
	const size_t left = messages->len - codec->read;

	if (left)
		memmove(messages->data, messages->data + codec->read, left);
	buffer_rewind(messages, left);
	if (!left)
		buffer_reset(messages, KEEP);
	codec->read = 0;
	codec->complete = 0;
}

static bool take_message(struct ws_codec *codec)
{
	const struct buffer *messages = &codec->messages;
	uint64_t len;

	if (codec->read == codec->complete) {
		if (codec->read)
			drop_read(codec);
		return false;
	}
	memcpy(&len, messages->data + codec->read, LENGTH_BYTES);
	codec->read += LENGTH_BYTES;
	codec->message =
		(struct http_slice){ messages->data + codec->read, len };
	codec->read += len;
	return true;
}

static bool flush(struct ws_codec *codec, struct buffer *out)
{
	codec->out = out;
	return !wslay_event_send(codec->ctx);
}

/*
 * What goes out waits for the messages before it: a close that stands behind a
 * message must not overtake its answer.
 */
enum ws_status ws_codec_feed(struct ws_codec *codec, const char *bytes,
			     size_t len, size_t *usedp, struct buffer *out)
{
	int error;

	*usedp = 0;
	if (take_message(codec))
		return WS_MESSAGE;
	if (!flush(codec, out))
		return WS_FAILED;
	if (wslay_event_get_close_sent(codec->ctx))
		return WS_CLOSED;
	codec->in = (struct http_slice){ bytes, len };
	error = wslay_event_recv(codec->ctx);
	*usedp = len - codec->in.len;
	if (error == WSLAY_ERR_NOMEM || codec->no_memory)
		return WS_FAILED;
	if (take_message(codec))
		return WS_MESSAGE;
	/* Other errors are a close with a code that may not be sent. */
	if (codec->is_bad || error)
		wslay_event_queue_close(codec->ctx, WSLAY_CODE_PROTOCOL_ERROR,
					NULL, 0);
	if (!flush(codec, out))
		return WS_FAILED;
	return wslay_event_get_close_sent(codec->ctx) ? WS_CLOSED : WS_MORE;
}

size_t ws_codec_held(const struct ws_codec *codec)
{
	return codec->messages.capacity;
}

size_t ws_codec_arrived(const struct ws_codec *codec)
{
	return arrived(codec);
}

struct http_slice ws_codec_message(const struct ws_codec *codec)
{
	return codec->message;
}

void ws_codec_close(struct ws_codec *codec, enum ws_close code,
		    const char *reason, struct buffer *out)
{
	wslay_event_queue_close(codec->ctx, (uint16_t)code,
				(const uint8_t *)reason, strlen(reason));
	flush(codec, out);
}

void ws_codec_ping(struct ws_codec *codec, struct buffer *out)
{
	const struct wslay_event_msg ping = { .opcode = WSLAY_PING };

	if (wslay_event_queue_msg(codec->ctx, &ping))
		return;
	codec->awaits_pong = true;
	flush(codec, out);
}

bool ws_codec_awaits_pong(const struct ws_codec *codec)
{
	return codec->awaits_pong;
}

void ws_message_head(struct buffer *out, size_t len)
{
	unsigned char head[10] = { 0x80 | WSLAY_TEXT_FRAME };
	size_t bytes = len < 126 ? 0 : len < 65536 ? 2 : 8;
	size_t i;

	head[1] = (unsigned char)(!bytes ? len : bytes == 2 ? 126 : 127);
	for (i = bytes; i; i--, len >>= 8)
		head[1 + i] = (unsigned char)len;
	buffer_append(out, head, 2 + bytes);
}
