/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The part vmas of a snapshot
 *
 * Private to snapshot.c; snapshot_write_vma() is declared in snapshot.h.
 */
#include "proto/json/writer.h"

struct snapshot;

/** snapshot_write_vmas() - write the array of all areas */
void snapshot_write_vmas(struct json_writer *w,
			 const struct snapshot *snapshot);
