/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A snapshot of all parts, and its members beside what they were made from
 */
#include "tests/proto/rpc_fixture.h"

/* A space with every kind of area, holes, pages and a used cache. */
void snapshot_begin(struct rpc_fixture *fx);

/* All parts, with that thread's cache; a new reference. */
json_t *snapshot_take(struct rpc_fixture *fx, unsigned thread);

/* Whose they are. */
const struct process *snapshot_process(const struct rpc_fixture *fx);

bool is_number(const json_t *object, const char *key, uint64_t wanted);
bool is_hex(const json_t *value, uint64_t wanted);
bool is_hex_at(const json_t *object, const char *key, uint64_t wanted);
/* NULL: null */
bool is_id_of(const json_t *value, const struct vm_area_struct *vma);
