/* SPDX-License-Identifier: MIT */
/*
 * What a call costs to read and an area to write, beside jansson
 *
 * Each figure is the best of several rounds: the least disturbed one.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "proto/json/reader.h"
#include "proto/json/writer.h"

enum {
	ROUNDS = 15,
	CALLS = 20000,
	AREAS = 30000
};

static const char call_text[] =
	"{\"jsonrpc\":\"2.0\",\"id\":12345,\"method\":\"mm.brk\",\"params\":{"
	"\"process\":\"0123456789abcdef0123456\",\"addr\":\"0x602000\"}}";

struct area {
	uint64_t id, start, end, offset, anon_vma, rss;
};

/* Results go here, so that no work is found useless and left out. */
static volatile uint64_t kept;

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* Nanoseconds of one of the @count things that @work does. */
static double best_of(void (*work)(void *), void *arg, unsigned count)
{
	double best = 1e18, start, took;
	unsigned round;

	for (round = 0; round < ROUNDS; round++) {
		start = now_ns();
		work(arg);
		took = (now_ns() - start) / count;
		if (took < best)
			best = took;
	}
	return best;
}

static void judge_calls(void *arg)
{
	struct json_fault fault;
	unsigned i;

	(void)arg;
	for (i = 0; i < CALLS; i++)
		kept += (uint64_t)json_validate(
			call_text, sizeof(call_text) - 1, 0, &fault);
}

static size_t walk_params(struct json_reader *r)
{
	struct json_value key, value;
	size_t sum = 0;

	json_reader_enter(r);
	while (json_reader_member(r, &key)) {
		json_reader_value(r, &value);
		sum += value.len + json_string_is(&key, "addr");
	}
	return sum;
}

static size_t walk_call(const char *text, size_t len)
{
	struct json_value key, value;
	struct json_reader r;
	size_t sum = 0;

	json_reader_init(&r, text, len);
	json_reader_enter(&r);
	while (json_reader_member(&r, &key)) {
		if (json_string_is(&key, "params")) {
			sum += walk_params(&r);
		} else {
			json_reader_value(&r, &value);
			sum += value.len;
		}
	}
	return sum;
}

static void walk_calls(void *arg)
{
	unsigned i;

	(void)arg;
	for (i = 0; i < CALLS; i++)
		kept += walk_call(call_text, sizeof(call_text) - 1);
}

static void jansson_calls(void *arg)
{
	unsigned i;

	(void)arg;
	for (i = 0; i < CALLS; i++) {
		json_t *call = json_loadb(call_text, sizeof(call_text) - 1,
					  JSON_REJECT_DUPLICATES, NULL);

		kept += json_object_size(json_object_get(call, "params"));
		json_decref(call);
	}
}

struct writing {
	struct area areas[AREAS];
	struct buffer out;
};

static void make_areas(struct area *areas)
{
	uint64_t at = 0x7f0000000000, i;

	for (i = 0; i < AREAS; i++) {
		areas[i] = (struct area){ .id = i + 1,
					  .start = at,
					  .end = at + 0x2000,
					  .offset = i % 3 * 0x1000,
					  .anon_vma = i % 2 ? i : 0,
					  .rss = i % 5 };
		at += 0x4000;
	}
}

static void write_area(struct json_writer *w, const struct area *area)
{
	json_writer_object(w);
	json_writer_key(w, "id");
	json_writer_u64(w, area->id);
	json_writer_key(w, "start");
	json_writer_hex(w, area->start);
	json_writer_key(w, "end");
	json_writer_hex(w, area->end);
	json_writer_key(w, "perms");
	json_writer_string(w, "rw-p", 4);
	json_writer_key(w, "flags");
	json_writer_array(w);
	json_writer_raw(w, "\"rd\",\"wr\",\"mr\",\"mw\",\"me\",\"ac\"", 29);
	json_writer_array_end(w);
	json_writer_key(w, "offset");
	json_writer_hex(w, area->offset);
	json_writer_key(w, "name");
	json_writer_null(w);
	json_writer_key(w, "anon_vma");
	json_writer_u64(w, area->anon_vma);
	json_writer_key(w, "rss");
	json_writer_u64(w, area->rss);
	json_writer_object_end(w);
}

static void write_areas(void *arg)
{
	struct writing *writing = arg;
	struct json_writer w;
	unsigned i;

	buffer_reset(&writing->out, SIZE_MAX);
	json_writer_init(&w, &writing->out);
	json_writer_array(&w);
	for (i = 0; i < AREAS; i++)
		write_area(&w, &writing->areas[i]);
	json_writer_array_end(&w);
	kept += writing->out.len + writing->out.failed;
}

static void put_area(struct json_writer *w, const struct area *area)
{
	char *p = json_writer_open(w, 256);

	if (!p)
		return;
	p = json_put_literal(p, "{\"id\":");
	p = buffer_put_u64(p, area->id);
	p = json_put_literal(p, ",\"start\":");
	p = json_put_hex(p, area->start);
	p = json_put_literal(p, ",\"end\":");
	p = json_put_hex(p, area->end);
	p = json_put_literal(p, ",\"perms\":\"rw-p\",\"flags\":["
				"\"rd\",\"wr\",\"mr\",\"mw\",\"me\",\"ac\"]"
				",\"offset\":");
	p = json_put_hex(p, area->offset);
	p = json_put_literal(p, ",\"name\":null,\"anon_vma\":");
	p = buffer_put_u64(p, area->anon_vma);
	p = json_put_literal(p, ",\"rss\":");
	p = buffer_put_u64(p, area->rss);
	p = json_put_literal(p, "}");
	json_writer_close(w, p);
}

static void put_areas(void *arg)
{
	struct writing *writing = arg;
	struct json_writer w;
	unsigned i;

	buffer_reset(&writing->out, SIZE_MAX);
	json_writer_init(&w, &writing->out);
	json_writer_array(&w);
	for (i = 0; i < AREAS; i++)
		put_area(&w, &writing->areas[i]);
	json_writer_array_end(&w);
	kept += writing->out.len + writing->out.failed;
}

static json_t *jansson_hex(uint64_t value)
{
	return json_sprintf("0x%llx", (unsigned long long)value);
}

static void jansson_areas(void *arg)
{
	struct writing *writing = arg;
	json_t *areas = json_array();
	char *text;
	unsigned i;

	for (i = 0; i < AREAS; i++) {
		const struct area *area = &writing->areas[i];

		json_array_append_new(
			areas,
			json_pack("{sIsososss[ssssss]sosnsIsI}", "id",
				  (json_int_t)area->id, "start",
				  jansson_hex(area->start), "end",
				  jansson_hex(area->end), "perms", "rw-p",
				  "flags", "rd", "wr", "mr", "mw", "me", "ac",
				  "offset", jansson_hex(area->offset), "name",
				  "anon_vma", (json_int_t)area->anon_vma, "rss",
				  (json_int_t)area->rss));
	}
	text = json_dumps(areas, JSON_COMPACT);
	kept += strlen(text);
	free(text);
	json_decref(areas);
}

/* The three ways must say the same, or their figures cannot be compared. */
static int check_same(struct writing *writing)
{
	char *first, *second;
	size_t len, len2;
	int same;

	write_areas(writing);
	first = buffer_take(&writing->out, &len);
	put_areas(writing);
	second = buffer_take(&writing->out, &len2);
	same = first && second && len == len2 && !memcmp(first, second, len);
	free(first);
	free(second);
	return same;
}

int main(void)
{
	struct writing *writing = calloc(1, sizeof(*writing));

	if (!writing)
		return 1;
	make_areas(writing->areas);
	buffer_init(&writing->out, (size_t)64 << 20);
	if (!check_same(writing)) {
		fprintf(stderr, "the two ways to write an area disagree\n");
		return 1;
	}

	printf("reading a call of %zu bytes, ns each\n", sizeof(call_text) - 1);
	printf("  judge     %8.1f\n", best_of(judge_calls, NULL, CALLS));
	printf("  walk      %8.1f\n", best_of(walk_calls, NULL, CALLS));
	printf("  jansson   %8.1f\n", best_of(jansson_calls, NULL, CALLS));
	printf("writing %d areas, ns each\n", AREAS);
	printf("  writer    %8.1f\n", best_of(write_areas, writing, AREAS));
	printf("  put       %8.1f\n", best_of(put_areas, writing, AREAS));
	printf("  jansson   %8.1f\n", best_of(jansson_areas, writing, AREAS));

	buffer_deinit(&writing->out);
	free(writing);
	return 0;
}
