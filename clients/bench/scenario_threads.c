/* SPDX-License-Identifier: MIT */
/*
 * threads: all connections are threads of one process
 *
 * Each walks through pages of its own, so that its answers are known although
 * nobody knows in which order the server takes the threads' calls.
 */
#include <string.h>

#include "clients/bench/walker.h"

enum {
	ARENA = 0x10000000,
	/* Room between the arenas keeps their areas apart. */
	ARENA_DISTANCE = 2 * WALKER_PAGES * 4096,
};

enum tag {
	TAG_STEP,
	TAG_CREATE,
	TAG_THREAD,
};

static bool settle(struct player *player, struct bytes *text,
		   struct expectation *expect)
{
	bool is_first = !player->index;

	if (is_first && !player->step) {
		player->step = 1;
		say_create(text, expect);
		expect->tag = TAG_CREATE;
		return true;
	}
	/* The first player is the process's first thread. */
	if (!player->stage->process[0] || player->process[0])
		return false;
	strcpy(player->process, player->stage->process);
	say_method(text, "thread.create", player->process);
	bytes_put(text, "}", 1);
	expect->kind = EXPECT_THREAD;
	expect->tag = TAG_THREAD;
	return true;
}

static bool next(struct player *player, enum phase phase, struct bytes *text,
		 struct expectation *expect)
{
	if (phase == PHASE_SETTLE)
		return settle(player, text, expect);
	/* The process goes with whoever comes first. */
	if (phase == PHASE_LEAVE) {
		if (!player->stage->process[0])
			return false;
		say_exit(text, player->stage->process, expect);
		player->stage->process[0] = '\0';
		return true;
	}
	if (!player->thread)
		return false;
	walker_step(player->state, player, text, expect);
	return true;
}

static void learn(struct player *player, const struct expectation *expect,
		  const struct answer *answer)
{
	struct walker *walker = player->state;

	if (expect->tag == TAG_CREATE) {
		process_name_set(player->stage->process, answer->process);
		strcpy(player->process, player->stage->process);
	} else if (expect->tag != TAG_THREAD) {
		return;
	}
	player->thread = answer->thread;
	walker->start = ARENA + player->index * ARENA_DISTANCE;
}

const struct scenario scenario_threads = {
	.name = "threads",
	.summary = "all connections are threads of one process",
	.fragile = true,
	.state_size = sizeof(struct walker),
	.next = next,
	.learn = learn,
};
