/* SPDX-License-Identifier: MIT */
#include "proto/json/writer.h"

#include "proto/json/scan.h"

static void put_escape(struct buffer *out, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	static const char letters[0x20] = {
		['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n',
		['\f'] = 'f', ['\r'] = 'r',
	};
	char escape[6] = { '\\', (char)c };
	size_t len = 2;

	if (c < 0x20 && letters[c]) {
		escape[1] = letters[c];
	} else if (c < 0x20) {
		memcpy(escape + 1, "u00", 3);
		escape[4] = hex[c >> 4];
		escape[5] = hex[c & 15];
		len = 6;
	}
	buffer_append(out, escape, len);
}

/* The rest of a string, from the first byte that cannot be copied blindly. */
static void put_special(struct buffer *out, const char *p, const char *end)
{
	const char *run;
	unsigned len;

	while (p < end) {
		len = scan_utf8(p, end);
		if ((unsigned char)*p < 0x80) {
			put_escape(out, (unsigned char)*p++);
		} else if (len) {
			buffer_append(out, p, len);
			p += len;
		} else {
			buffer_append_literal(out, "\xef\xbf\xbd");
			p++;
		}
		run = p;
		p = scan_plain(p, end);
		buffer_append(out, run, (size_t)(p - run));
	}
}

/* Does any of eight bytes have to be escaped, or is not ASCII? The marks below
 * the first true one are never wrong, so if there are any there is one. With
 * one bit flipped '"' is the byte behind the control characters, and the blank
 * is not. */
static bool has_special(uint64_t word)
{
	uint64_t quote = (word ^ SCAN_ALL(2)) - SCAN_ALL(0x21);
	uint64_t backslash = (word ^ SCAN_ALL('\\')) - SCAN_ALL(1);

	return (quote | backslash | word) & SCAN_ALL(0x80);
}

static bool has_special16(const char *text)
{
#ifdef __SSE2__
	return scan_special16(text);
#else
	return has_special(scan_load(text)) || has_special(scan_load(text + 8));
#endif
}

/* Fewer than sixteen bytes, in two words that may overlap: whether they are
 * plain. */
static bool put_few(char *p, const char *text, size_t len)
{
	uint64_t word = SCAN_ALL(' ');
	uint32_t first, last;
	size_t i;

	if (len >= sizeof(word)) {
		word = scan_load(text + len - sizeof(word));
		scan_store(p, scan_load(text));
		scan_store(p + len - sizeof(word), word);
		return !has_special(scan_load(text)) && !has_special(word);
	}
	if (len >= sizeof(first)) {
		memcpy(&first, text, sizeof(first));
		memcpy(&last, text + len - sizeof(last), sizeof(last));
		memcpy(p, &first, sizeof(first));
		memcpy(p + len - sizeof(last), &last, sizeof(last));
		return !has_special(first | (uint64_t)last << 32);
	}
	for (i = 0; i < len; i++) {
		word = word << 8 | (unsigned char)text[i];
		p[i] = text[i];
	}
	return !has_special(word);
}

/* Sixteen and more: the last sixteen, some of them once more. */
static bool put_many(char *p, const char *text, size_t len)
{
	const char *last = text + len - 16;

	for (; text < last; p += 16, text += 16) {
		if (has_special16(text))
			return false;
		memcpy(p, text, 16);
	}
	memcpy(p - (text - last), last, 16);
	return !has_special16(last);
}

char *json_put_plain(char *p, const char *text, size_t len)
{
	*p++ = '"';
	if (len < 16 ? !put_few(p, text, len) : !put_many(p, text, len))
		return NULL;
	p[len] = '"';
	return p + len + 1;
}

void json_writer_string(struct json_writer *w, const char *text, size_t len)
{
	const char *end = text + len, *special = scan_plain(text, end);
	size_t plain = (size_t)(special - text);
	char *p = json_writer_open(w, len + 2);

	if (!p)
		return;
	*p++ = '"';
	memcpy(p, text, plain);
	json_writer_close(w, p + plain);
	put_special(w->out, special, end);
	buffer_append_byte(w->out, '"');
}

void json_writer_string_begin(struct json_writer *w)
{
	char *p = json_writer_open(w, 1);

	if (!p)
		return;
	*p = '"';
	json_writer_close(w, p + 1);
}

void json_writer_string_part(struct json_writer *w, const char *text,
			     size_t len)
{
	const char *end = text + len, *special = scan_plain(text, end);

	buffer_append(w->out, text, (size_t)(special - text));
	put_special(w->out, special, end);
}

void json_writer_string_end(struct json_writer *w)
{
	buffer_append_byte(w->out, '"');
}

void json_writer_key_text(struct json_writer *w, const char *text, size_t len)
{
	json_writer_string(w, text, len);
	buffer_append_byte(w->out, ':');
	w->comma = false;
}

void json_writer_text(struct json_writer *w, const char *text)
{
	if (text)
		json_writer_string(w, text, strlen(text));
	else
		json_writer_null(w);
}

void json_writer_u64(struct json_writer *w, uint64_t value)
{
	char *p = json_writer_open(w, BUFFER_U64_MAX);

	if (p)
		json_writer_close(w, buffer_put_u64(p, value));
}

void json_writer_i64(struct json_writer *w, int64_t value)
{
	char *p = json_writer_open(w, BUFFER_U64_MAX + 1);

	if (!p)
		return;
	if (value < 0) {
		*p++ = '-';
		json_writer_close(w, buffer_put_u64(p, -(uint64_t)value));
	} else {
		json_writer_close(w, buffer_put_u64(p, (uint64_t)value));
	}
}

void json_writer_hex(struct json_writer *w, uint64_t value)
{
	char *p = json_writer_open(w, JSON_HEX_MAX);

	if (p)
		json_writer_close(w, json_put_hex(p, value));
}

void json_writer_bool(struct json_writer *w, bool value)
{
	if (value)
		json_writer_raw(w, "true", 4);
	else
		json_writer_raw(w, "false", 5);
}

void json_writer_null(struct json_writer *w)
{
	json_writer_raw(w, "null", 4);
}

void json_writer_raw(struct json_writer *w, const char *text, size_t len)
{
	char *p = json_writer_open(w, len);

	if (!p)
		return;
	memcpy(p, text, len);
	json_writer_close(w, p + len);
}
