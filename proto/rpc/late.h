/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside proto/rpc: long parts of a snapshot, written last and in turns
 *
 * Where a snapshot is long its handler writes an answer that lacks the long parts;
 * they are put in their place afterwards, some thousand areas and page tables a
 * turn, with the world kept still. So no handler knows of it.
 *
 *	{"ret":0,"snapshot":{"mm":{...}|},"history":{...}}
 *	                               gap ^ tail ........
 *
 * Members of the snapshot stand in another order then. What a retry is answered
 * with has no snapshot, as if it had been too large to be kept.
 */
#include "proto/rpc/service.h"

/**
 * late_is_due() - shall the long parts that the call wants be written last?
 *
 * Only of a process that was there before the call, and where the call can be
 * held. What a call itself made long in its first turn is written in that turn:
 * it has taken as long to make.
 */
bool late_is_due(const struct call *call);

/** late_leave_gap() - write the snapshot's short parts, and note where the long
 * ones go */
void late_leave_gap(struct call *call, const struct snapshot *snapshot);

/**
 * late_begin() - the handler has left a gap: fill it
 * @has_result: if not, there is nothing to fill
 *
 * The call has work from now on. Without memory for that the gap is filled at
 * once.
 */
void late_begin(struct call *call, bool has_result);
