/* SPDX-License-Identifier: MIT */
#include "clients/bench/response.h"

#include <string.h>
#include <strings.h>

enum {
	HEAD_MAX = 16384,
	LENGTH_DIGITS_MAX = 12,
};

static enum response_state broken(struct response *response,
				  const char *trouble)
{
	response->trouble = trouble;
	return RESPONSE_BROKEN;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* HTTP/1.1 200 OK */
static bool read_status_line(struct response *response, const char *line,
			     size_t len)
{
	if (len < 12 || memcmp(line, "HTTP/1.", 7) || !is_digit(line[7]) ||
	    line[8] != ' ' || (len > 12 && line[12] != ' '))
		return false;
	response->status = 0;
	for (unsigned i = 9; i < 12; i++) {
		if (!is_digit(line[i]))
			return false;
		response->status = response->status * 10 + (line[i] - '0');
	}
	return true;
}

static bool read_length(size_t *lengthp, const char *value, size_t len)
{
	if (!len || len > LENGTH_DIGITS_MAX)
		return false;
	*lengthp = 0;
	for (size_t i = 0; i < len; i++) {
		if (!is_digit(value[i]))
			return false;
		*lengthp = *lengthp * 10 + (size_t)(value[i] - '0');
	}
	return true;
}

static bool is_word(const char *text, size_t len, const char *word)
{
	return len == strlen(word) && !strncasecmp(text, word, len);
}

/* Returns what is wrong with the field, or NULL. */
static const char *read_field(struct response *response, const char *line,
			      size_t len, bool *has_lengthp)
{
	const char *colon = memchr(line, ':', len);
	const char *value, *end = line + len;
	size_t name_len;

	if (!colon || colon == line)
		return "a header line has no name";
	name_len = (size_t)(colon - line);
	for (value = colon + 1; value < end && *value == ' '; value++)
		;
	while (end > value && end[-1] == ' ')
		end--;
	len = (size_t)(end - value);
	if (is_word(line, name_len, "content-length")) {
		if (*has_lengthp)
			return "it has two Content-Lengths";
		*has_lengthp = true;
		if (!read_length(&response->body_len, value, len))
			return "its Content-Length is no length";
	} else if (is_word(line, name_len, "transfer-encoding")) {
		return "it is chunked, which this tool does not read";
	} else if (is_word(line, name_len, "connection")) {
		response->closes = is_word(value, len, "close");
	}
	return NULL;
}

static enum response_state read_head(struct response *response,
				     const char *data)
{
	const char *end = data + response->head_len - 2;
	const char *line = data, *next;
	bool has_length = false;

	next = memchr(line, '\r', (size_t)(end - line));
	if (!next || !read_status_line(response, line, (size_t)(next - line)))
		return broken(response, "it does not begin as HTTP/1.1 does");
	for (line = next + 2; line < end; line = next + 2) {
		const char *trouble;

		next = memchr(line, '\r', (size_t)(end - line));
		if (!next || next[1] != '\n')
			return broken(response, "a header line is cut");
		trouble = read_field(response, line, (size_t)(next - line),
				     &has_length);
		if (trouble)
			return broken(response, trouble);
	}
	/* These two never have a body. */
	if (!has_length && response->status != 204 && response->status != 304)
		return broken(response, "it has no Content-Length");
	return RESPONSE_COMPLETE;
}

/* The length of the head with its empty line, or 0 if that is not there yet. */
static size_t head_find(struct response *response, const char *data, size_t len)
{
	/* The empty line may have begun in what was seen. */
	size_t from = response->scanned > 3 ? response->scanned - 3 : 0;
	const char *end = memmem(data + from, len - from, "\r\n\r\n", 4);

	response->scanned = len;
	return end ? (size_t)(end - data) + 4 : 0;
}

enum response_state response_read(struct response *response, const char *data,
				  size_t len)
{
	if (!response->head_len) {
		enum response_state state;

		response->head_len = head_find(response, data, len);
		if (!response->head_len)
			return len < HEAD_MAX
				       ? RESPONSE_PARTIAL
				       : broken(response, "its head is longer "
							  "than 16 KiB");
		state = read_head(response, data);
		if (state == RESPONSE_BROKEN)
			return state;
	}
	return len - response->head_len < response->body_len
		       ? RESPONSE_PARTIAL
		       : RESPONSE_COMPLETE;
}
