/* SPDX-License-Identifier: MIT */
#include "clients/bench/scenario.h"

#include <stdlib.h>
#include <string.h>

enum {
	PAGE = 4096,
	PROT_READ_WRITE = 3,
	MAP_PRIVATE_FIXED_ANONYMOUS = 0x32,
};

const struct scenario *const scenarios[] = {
	&scenario_call,    &scenario_walk,   &scenario_replay,
	&scenario_threads, &scenario_create, NULL,
};

const struct scenario *scenario_find(const char *name)
{
	for (size_t i = 0; scenarios[i]; i++) {
		if (!strcmp(scenarios[i]->name, name))
			return scenarios[i];
	}
	return NULL;
}

struct player *player_new(const struct scenario *scenario, struct stage *stage,
			  uint64_t index)
{
	struct player *player = calloc(1, sizeof(*player));

	if (!player)
		out_of_memory();
	player->scenario = scenario;
	player->stage = stage;
	player->index = index;
	/* Far apart, and never 0, for any seed and index. */
	player->random = (stage->seed + index + 1) * 0x9e3779b97f4a7c15u | 1;
	if (scenario->state_size) {
		player->state = calloc(1, scenario->state_size);
		if (!player->state)
			out_of_memory();
	}
	if (scenario->init)
		scenario->init(player);
	return player;
}

void player_free(struct player *player)
{
	if (!player)
		return;
	if (player->scenario->deinit)
		player->scenario->deinit(player);
	free(player->state);
	free(player);
}

uint64_t player_random(struct player *player, uint64_t bound)
{
	/* xorshift64* */
	player->random ^= player->random >> 12;
	player->random ^= player->random << 25;
	player->random ^= player->random >> 27;
	return (player->random * 0x2545f4914f6cdd1du >> 33) % bound;
}

void process_name_set(char name[PROCESS_NAME_MAX], struct span process)
{
	size_t len = process.len < PROCESS_NAME_MAX ? process.len
						    : PROCESS_NAME_MAX - 1;

	memcpy(name, process.at, len);
	name[len] = '\0';
}

void say_method(struct bytes *text, const char *method, const char *process)
{
	bytes_put_text(text, "\"method\":\"");
	bytes_put_text(text, method);
	bytes_put_text(text, "\",\"params\":{\"process\":\"");
	bytes_put_text(text, process);
	bytes_put(text, "\"", 1);
}

static void say_name(struct bytes *text, const char *name)
{
	bytes_put(text, ",\"", 2);
	bytes_put_text(text, name);
	bytes_put(text, "\":", 2);
}

void say_hex(struct bytes *text, const char *name, uint64_t value)
{
	say_name(text, name);
	bytes_put_hex(text, value);
}

void say_number(struct bytes *text, const char *name, uint64_t value)
{
	say_name(text, name);
	bytes_put_number(text, value);
}

void say_thread(struct bytes *text, uint64_t thread)
{
	say_number(text, "thread", thread);
}

void say_end(struct bytes *text, const char *want)
{
	say_name(text, "want");
	bytes_put_text(text, want);
	bytes_put(text, "}", 1);
}

void say_create(struct bytes *text, struct expectation *expect)
{
	bytes_put_text(text, "\"method\":\"process.create\","
			     "\"params\":{\"want\":[]}");
	expect->kind = EXPECT_PROCESS;
}

void say_exit(struct bytes *text, const char *process,
	      struct expectation *expect)
{
	say_method(text, "process.exit", process);
	bytes_put(text, "}", 1);
	expect->kind = EXPECT_RESULT;
}

void say_map(struct bytes *text, const struct player *player, uint64_t addr,
	     const char *want, struct expectation *expect)
{
	say_method(text, "mm.mmap", player->process);
	if (player->thread)
		say_thread(text, player->thread);
	say_hex(text, "addr", addr);
	say_number(text, "length", PAGE);
	say_number(text, "prot", PROT_READ_WRITE);
	say_number(text, "flags", MAP_PRIVATE_FIXED_ANONYMOUS);
	say_end(text, want);
	expect->kind = EXPECT_RET;
	expect->value = addr;
}

bool player_leave(struct player *player, struct bytes *text,
		  struct expectation *expect)
{
	if (!player->process[0])
		return false;
	say_exit(text, player->process, expect);
	player->process[0] = '\0';
	return true;
}
