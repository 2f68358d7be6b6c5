/* SPDX-License-Identifier: MIT */
/*
 * create: fresh processes
 *
 * Makes a process and ends it, or, to see what a million of them take, keeps
 * them all.
 */
#include "clients/bench/scenario.h"

enum tag {
	TAG_OTHER,
	TAG_CREATE,
};

/* Processes whose names came and that are not ended yet, the newest last. */
struct creator {
	struct bytes names;
};

static bool end_one(struct creator *creator, struct bytes *text,
		    struct expectation *expect)
{
	if (!creator->names.len)
		return false;
	creator->names.len -= PROCESS_NAME_MAX;
	say_exit(text, creator->names.data + creator->names.len, expect);
	return true;
}

static bool next(struct player *player, enum phase phase, struct bytes *text,
		 struct expectation *expect)
{
	if (phase == PHASE_SETTLE)
		return false;
	if (!player->stage->keep && end_one(player->state, text, expect))
		return true;
	if (phase == PHASE_LEAVE)
		return false;
	say_create(text, expect);
	expect->tag = TAG_CREATE;
	return true;
}

static void learn(struct player *player, const struct expectation *expect,
		  const struct answer *answer)
{
	struct creator *creator = player->state;
	char name[PROCESS_NAME_MAX] = "";

	if (expect->tag != TAG_CREATE || player->stage->keep)
		return;
	process_name_set(name, answer->process);
	bytes_put(&creator->names, name, sizeof(name));
}

static void deinit(struct player *player)
{
	struct creator *creator = player->state;

	bytes_deinit(&creator->names);
}

const struct scenario scenario_create = {
	.name = "create",
	.summary = "makes processes and ends them (--keep: keeps them)",
	.state_size = sizeof(struct creator),
	.next = next,
	.learn = learn,
	.deinit = deinit,
};
