/* SPDX-License-Identifier: MIT */
#include "tests/support/digest.h"

#include "tests/support/suite.h"

struct world_digest digest_of(struct memory *memory, const struct world *world)
{
	struct world_digest digest = { { 0, 0 } };

	CU_ASSERT_EQUAL_FATAL(world_hash(memory, world, &digest), 0);
	return digest;
}

bool digest_is(struct world_digest a, struct world_digest b)
{
	return a.words[0] == b.words[0] && a.words[1] == b.words[1];
}
