/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as the state of a world, behind one that says of which release
 *
 * What is taken is valid, has a hash, is written as the bytes that it was read
 * from, can be lived in for a while, and ends without leaving anything.
 */
#include <string.h>

#include "core/world/process_setup.h"
#include "core/world/state_codec.h"
#include "tests/fuzz/demand.h"
#include "tests/support/fail_alloc.h"
#include "tests/support/random_operation.h"

enum {
	STEPS = 40 /* that it is lived in */
};

static void check_valid(const struct world *world)
{
	const struct mm_struct *mm;
	const char *wrong;

	for (mm = world_machine(world)->mms; mm; mm = mm->next_mm) {
		wrong = validate_mm(mm);
		demand(!wrong, wrong);
	}
}

static void live(struct memory *memory, struct world *world,
		 const uint8_t *bytes, size_t len)
{
	struct world_digest digest;
	struct random_walk walk;
	struct state_text text;

	check_valid(world);
	demand(!world_hash(memory, world, &digest), "no hash");
	demand(!world_state_write(memory, world, &text), "no bytes");
	demand(text.len == len && !memcmp(text.bytes, bytes, len),
	       "other bytes than it was read from");
	state_text_free(&text);
	random_walk_init(&walk, digest.words[0]);
	random_walk_run(&walk, world, STEPS);
	check_valid(world);
	world_free(world);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct account account = { .max_processes = 100,
				   .max_threads = 1000,
				   .max_areas = 10000,
				   .max_bytes = 64u << 20 };
	struct creation_error error = { .hint = "" };
	struct process_setup setup;
	enum world_status status;
	struct fail_alloc host;
	struct memory memory;
	struct world *world;

	if (!size)
		return 0;
	fail_alloc_init(&host);
	memory_init(&memory, &host.allocator, &account);
	process_setup_init(&setup);
	setup.profile = kernel_profile_at(data[0] % 4);
	status = world_state_read(&memory, &setup, data + 1, size - 1, &world,
				  &error);
	demand(status != WORLD_BAD_PARAM || error.hint[0],
	       "wrong, but not told");
	if (status == WORLD_OK)
		live(&memory, world, data + 1, size - 1);
	memory_deinit(&memory);
	demand(!account.bytes && !account.areas && !account.processes &&
		       !account.threads && !account.worlds && !host.live_blocks,
	       "something is left");
	return 0;
}
