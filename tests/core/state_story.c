/* SPDX-License-Identifier: MIT */
#include "tests/core/state_story.h"

#include <string.h>

#include "tests/support/suite.h"

void state_story_begin(struct state_story *story, uint64_t seed, unsigned steps)
{
	struct world_fixture *f = &story->f;

	fixture_begin(f);
	f->setup.profile = kernel_profile_at(seed % 4);
	f->setup.seed = seed % 3;
	f->setup.vmacache_stale = seed % 2;
	CU_ASSERT_EQUAL_FATAL(fixture_make(f), WORLD_OK);
	random_walk_init(&story->walk, seed + 1);
	CU_ASSERT_EQUAL_FATAL(random_walk_run(&story->walk, f->world, steps),
			      0);
	CU_ASSERT_EQUAL_FATAL(
		world_state_write(&f->memory, f->world, &story->text), 0);
	story->seed = seed;
}

const char *state_story_end(struct state_story *story)
{
	state_text_free(&story->text);
	return fixture_end(&story->f);
}

bool world_is_valid(const struct world *world)
{
	const struct mm_struct *mm;

	for (mm = world_machine(world)->mms; mm; mm = mm->next_mm)
		if (validate_mm(mm))
			return false;
	return true;
}

enum world_status state_story_read(struct state_story *story,
				   const uint8_t *bytes, size_t len,
				   struct world **worldp, const char **wrong)
{
	static struct creation_error error;

	*worldp = NULL;
	error.param = "";
	error.hint[0] = '\0';
	*wrong = error.hint;
	return world_state_read(&story->f.memory, &story->f.setup, bytes, len,
				worldp, &error);
}

/* The state of the story's world, which must be taken. */
struct world *state_story_read_own(struct state_story *story)
{
	struct world *world;
	const char *wrong;

	if (state_story_read(story, story->text.bytes, story->text.len, &world,
			     &wrong) != WORLD_OK) {
		fprintf(stderr, "seed %d: %s\n", (int)story->seed, wrong);
		CU_FAIL_FATAL("a world's own state is refused");
	}
	return world;
}

/* What was asked for meanwhile counts for calls, and is nobody's. */
bool state_story_owns(const struct state_story *story,
		      const struct account *before)
{
	struct account now = story->f.account;

	now.call_bytes = before->call_bytes;
	return !memcmp(before, &now, sizeof(now));
}
