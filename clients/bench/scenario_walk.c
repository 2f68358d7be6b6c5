/* SPDX-License-Identifier: MIT */
/*
 * walk: every connection walks at random through a process of its own
 */
#include "clients/bench/walker.h"

enum {
	ARENA = 0x10000000,
};

enum tag {
	TAG_STEP,
	TAG_CREATE,
	TAG_HEAP,
};

static bool settle(struct player *player, struct bytes *text,
		   struct expectation *expect)
{
	if (!player->step) {
		player->step = 1;
		say_create(text, expect);
		expect->tag = TAG_CREATE;
		return true;
	}
	if (!player->process[0] || player->step == 2)
		return false;
	player->step = 2;
	say_method(text, "mm.brk", player->process);
	say_number(text, "addr", 0);
	say_end(text, "[]");
	expect->kind = EXPECT_ADDRESS;
	expect->tag = TAG_HEAP;
	return true;
}

static bool next(struct player *player, enum phase phase, struct bytes *text,
		 struct expectation *expect)
{
	if (phase == PHASE_SETTLE)
		return settle(player, text, expect);
	if (phase == PHASE_LEAVE)
		return player_leave(player, text, expect);
	if (!player->process[0])
		return false;
	walker_step(player->state, player, text, expect);
	return true;
}

static void learn(struct player *player, const struct expectation *expect,
		  const struct answer *answer)
{
	struct walker *walker = player->state;

	if (expect->tag == TAG_CREATE) {
		process_name_set(player->process, answer->process);
		walker->start = ARENA;
	} else if (expect->tag == TAG_HEAP) {
		walker->heap = answer->ret;
	}
}

const struct scenario scenario_walk = {
	.name = "walk",
	.summary = "random brk, mmap, munmap and writes, a process each",
	.fragile = true,
	.state_size = sizeof(struct walker),
	.next = next,
	.learn = learn,
};
