/* SPDX-License-Identifier: MIT */
/*
 * The input is a program that writes a document and builds the same one with
 * jansson. What was written, read back by jansson, must equal what was built;
 * written again with less room, it must be a prefix.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/json/reader.h"
#include "proto/json/writer.h"
#include "tests/fuzz/demand.h"

enum {
	NESTED_MAX = JSON_DEPTH_MAX
};

/* The program being run. */
struct input {
	const uint8_t *at;
	const uint8_t *end;
};

struct run {
	struct input input;
	struct json_writer w;
	json_t *open[NESTED_MAX]; /* borrowed, from the outermost in */
	unsigned depth;
	unsigned keys; /* numbers the names, so that none occurs twice */
};

static uint64_t input_number(struct input *input, unsigned bytes)
{
	uint64_t value = 0;

	while (bytes-- && input->at < input->end)
		value = value << 8 | *input->at++;
	return value;
}

static const char *input_text(struct input *input, size_t *lenp)
{
	size_t left, len = input_number(input, 1) % 40;
	const char *text = (const char *)input->at;

	left = (size_t)(input->end - input->at);
	*lenp = len < left ? len : left;
	input->at += *lenp;
	return text;
}

/* What json_writer_string() promises, with jansson as the judge of UTF-8. */
static json_t *repaired_string(const char *text, size_t len)
{
	char *repaired = malloc(3 * len + 1);
	size_t i = 0, out = 0, n;
	json_t *character, *whole;

	if (!repaired)
		abort();
	while (i < len) {
		character = NULL;
		for (n = 1; n <= 4 && i + n <= len && !character; n++)
			character = json_stringn(text + i, n);
		if (character) {
			n--;
			memcpy(repaired + out, text + i, n);
			json_decref(character);
			out += n;
			i += n;
		} else {
			memcpy(repaired + out, "\xef\xbf\xbd", 3);
			out += 3;
			i++;
		}
	}
	whole = json_stringn(repaired, out);
	free(repaired);
	return whole;
}

static json_t *hex_string(uint64_t value)
{
	return json_sprintf("0x%llx", (unsigned long long)value);
}

/* Writes the name of the next member, if one is due. */
static void write_key(struct run *run, char name[static 32])
{
	snprintf(name, 32, "%s%u", run->keys % 2 ? "\"\n\xc3\xa9" : "plain",
		 run->keys);
	if (!json_is_object(run->open[run->depth - 1]))
		return;
	if (run->keys++) {
		json_writer_key_text(&run->w, name, strlen(name));
	} else {
		strcpy(name, "constant");
		json_writer_key(&run->w, "constant");
	}
}

static void add(struct run *run, const char *name, json_t *value)
{
	json_t *parent = run->open[run->depth - 1];

	if (json_is_object(parent))
		json_object_set_new(parent, name, value);
	else
		json_array_append_new(parent, value);
}

static json_t *write_number(struct run *run, unsigned choice)
{
	unsigned bytes = (unsigned)input_number(&run->input, 1) % 9;
	uint64_t value = input_number(&run->input, bytes);

	switch (choice) {
	case 0: /* jansson ends at 2^63-1 */
		value >>= 1;
		json_writer_u64(&run->w, value);
		return json_integer((json_int_t)value);
	case 1:
		json_writer_i64(&run->w, (int64_t)value);
		return json_integer((json_int_t)value);
	default:
		json_writer_hex(&run->w, value);
		return hex_string(value);
	}
}

static json_t *put_pair(struct run *run)
{
	uint64_t start = input_number(&run->input, 6);
	uint64_t pages = input_number(&run->input, 2);
	char *p = json_writer_open(&run->w, 16 + JSON_HEX_MAX + BUFFER_U64_MAX);

	if (p) {
		p = json_put_literal(p, "{\"start\":");
		p = json_put_hex(p, start);
		p = json_put_literal(p, ",\"n\":");
		p = buffer_put_u64(p, pages);
		p = json_put_literal(p, "}");
		json_writer_close(&run->w, p);
	}
	return json_pack("{soso}", "start", hex_string(start), "n",
			 json_integer((json_int_t)pages));
}

static json_t *write_string(struct run *run)
{
	size_t len;
	const char *text = input_text(&run->input, &len);

	json_writer_string(&run->w, text, len);
	return repaired_string(text, len);
}

/* Written and taken back: leaves no trace. */
static void write_in_vain(struct run *run)
{
	struct json_mark mark = json_writer_mark(&run->w);
	size_t len;
	const char *text = input_text(&run->input, &len);

	if (run->w.out->failed)
		return;
	json_writer_object(&run->w);
	json_writer_key(&run->w, "vain");
	json_writer_string(&run->w, text, len);
	json_writer_rewind(&run->w, mark);
}

static void write_opening(struct run *run, const char *name, bool object)
{
	json_t *value = object ? json_object() : json_array();

	if (object)
		json_writer_object(&run->w);
	else
		json_writer_array(&run->w);
	add(run, name, value);
	run->open[run->depth++] = value;
}

static void write_closing(struct run *run)
{
	const json_t *closed = run->open[--run->depth];

	if (json_is_object(closed))
		json_writer_object_end(&run->w);
	else
		json_writer_array_end(&run->w);
}

static void write_next(struct run *run)
{
	unsigned op = (unsigned)input_number(&run->input, 1) % 12;
	char name[32];

	if (op == 0) {
		if (run->depth > 1)
			write_closing(run);
		return;
	}
	if (op == 1) {
		/* Not behind a name: that one is written below. */
		write_in_vain(run);
		return;
	}
	if (op <= 3 && run->depth == NESTED_MAX - 1)
		return;
	write_key(run, name);
	switch (op) {
	case 2:
	case 3:
		write_opening(run, name, op == 2);
		break;
	case 4:
		json_writer_null(&run->w);
		add(run, name, json_null());
		break;
	case 5:
	case 6:
		json_writer_bool(&run->w, op == 5);
		add(run, name, json_boolean(op == 5));
		break;
	case 7:
		json_writer_raw(&run->w, "[1, 2]", 6);
		add(run, name, json_pack("[ii]", 1, 2));
		break;
	case 8:
		add(run, name, put_pair(run));
		break;
	case 9:
		add(run, name, write_string(run));
		break;
	default:
		add(run, name, write_number(run, (op + run->keys) % 3));
		break;
	}
}

static json_t *write_document(const uint8_t *data, size_t size,
			      struct buffer *out)
{
	struct run run = { .input = { data, data + size } };
	json_t *root = json_array();

	json_writer_init(&run.w, out);
	json_writer_array(&run.w);
	run.open[run.depth++] = root;
	while (run.input.at < run.input.end)
		write_next(&run);
	while (run.depth)
		write_closing(&run);
	return root;
}

static void check_document(const struct buffer *out, json_t *built)
{
	struct json_fault fault = { 0 };
	json_t *read;

	if (out->failed)
		fail("the buffer failed below its maximum");
	if (json_validate(out->data, out->len, JSON_DEPTH_MAX, &fault) &&
	    fault.code != JSON_E_MEMBERS)
		fail("our reader refuses what was written");
	read = json_loadb(out->data, out->len,
			  JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
	if (!read)
		fail("jansson refuses what was written");
	if (!json_equal(read, built))
		fail("what was written is not what was meant");
	json_decref(read);
}

static void check_prefix(const uint8_t *data, size_t size,
			 const struct buffer *whole, size_t max)
{
	struct buffer out;

	buffer_init(&out, max);
	json_decref(write_document(data, size, &out));
	if (out.len > max)
		fail("the maximum was passed");
	if (out.len && memcmp(out.data, whole->data, out.len) != 0)
		fail("with less room, it is not a prefix");
	if (!out.failed && out.len != whole->len)
		fail("less was written, without a failure");
	if (out.failed == BUFFER_NO_MEMORY)
		fail("reaching the maximum was taken for lack of memory");
	buffer_deinit(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer out;
	json_t *built;

	buffer_init(&out, (size_t)1 << 24);
	built = write_document(data, size, &out);
	check_document(&out, built);
	check_prefix(data, size, &out, size ? out.len * data[0] / 256 : 0);
	check_prefix(data, size, &out, out.len);
	json_decref(built);
	buffer_deinit(&out);
	return 0;
}
