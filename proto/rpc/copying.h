/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside proto/rpc: a large world is copied in turns before a call changes it
 *
 * A call that wants diff needs a copy of its world as it is. Where that takes long
 * the world is kept still meanwhile, and the method runs once the copy is there,
 * in one turn as ever, but for a long diff, which is written last (late_diff.h); no
 * handler knows of it. Methods that take turns of their own
 * have their copies made at once, as do calls in scripts.
 */
#include <stdbool.h>

struct call;

/** copying_is_long() - does the call want a copy that takes turns? O(address
 * spaces) where diff is wanted, else O(1) */
bool copying_is_long(const struct call *call);

/** copying_is_due() - shall it be made now, instead of running the method? */
bool copying_is_due(const struct call *call);

/**
 * copying_begin() - copy some of the world; the call has work then, which ends with
 * what its method answers
 *
 * Return: false with the error set as before_keep() does; nothing has changed.
 */
bool copying_begin(struct call *call);
