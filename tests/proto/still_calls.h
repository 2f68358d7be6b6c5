/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Calls on the world of slow_areas_init(): one that reads all of it, in turns,
 * and keeps it still meanwhile; and one that would change it
 */
#include "tests/proto/slow_job.h"

enum {
	STILL_AREAS = 100
};

#define ALL                                                                    \
	",'want':['mm','vmas','maps','status','vmacache','rbtree','pagetable'" \
	"]"
#define LONG    FIXTURE_CALL("1", "mm.snapshot", ALL)
#define BRK(to) FIXTURE_CALL("2", "mm.brk", ",'addr':'" to "','want':[]")

/* A fixture with that world, for @, and with turns of SLOW_READS. */
static inline void still_begin(struct rpc_fixture *fx)
{
	slow_areas_init(fx, &slow_reads, "{'want':[]}", STILL_AREAS);
}
