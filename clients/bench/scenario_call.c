/* SPDX-License-Identifier: MIT */
/*
 * call: one call that does work, over and over
 *
 * mmap with MAP_FIXED over the same page: the old area goes, a new one comes,
 * and the process stays as large as it was.
 */
#include <string.h>

#include "clients/bench/scenario.h"

enum {
	PAGE_MAPPED = 0x10000000,
	AREAS_START = 0x20000000,
	/* Neighbours would be merged into one area. */
	AREAS_DISTANCE = 2 * 4096,
};

enum tag {
	TAG_CALL,
	TAG_CREATE,
};

static bool settle(struct player *player, struct bytes *text,
		   struct expectation *expect)
{
	if (player->stage->unchecked) {
		/* As long as a real name, so that requests are as long, too. */
		strcpy(player->process, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
		return false;
	}
	if (!player->step) {
		player->step++;
		say_create(text, expect);
		expect->tag = TAG_CREATE;
		return true;
	}
	if (!player->process[0] || player->step > player->stage->areas)
		return false;
	say_map(text, player, AREAS_START + player->step++ * AREAS_DISTANCE,
		"[]", expect);
	return true;
}

static bool next(struct player *player, enum phase phase, struct bytes *text,
		 struct expectation *expect)
{
	if (phase == PHASE_SETTLE)
		return settle(player, text, expect);
	if (phase == PHASE_LEAVE)
		return !player->stage->unchecked &&
		       player_leave(player, text, expect);
	if (!player->process[0])
		return false;
	say_map(text, player, PAGE_MAPPED, player->stage->want, expect);
	expect->snapshot = player->stage->wants;
	return true;
}

static void learn(struct player *player, const struct expectation *expect,
		  const struct answer *answer)
{
	if (expect->tag == TAG_CREATE)
		process_name_set(player->process, answer->process);
}

const struct scenario scenario_call = {
	.name = "call",
	.summary = "mmap with MAP_FIXED over one page, again and again",
	.next = next,
	.learn = learn,
};
