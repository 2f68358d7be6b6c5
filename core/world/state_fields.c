/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "core/world/state_parts.h"

#define FIELD(member, page, most)                                              \
	{                                                                      \
		.offset = offsetof(struct mm_struct, member),                  \
		.size = sizeof(((struct mm_struct *)0)->member),               \
		.is_page = page, .max = most                                   \
	}
/* What counts up and is never reached. */
#define COUNT_MAX (UINT64_MAX >> 1)

/* Their order is the encoding's. */
const struct state_field state_fields[NR_STATE_FIELDS] = {
	FIELD(generation, false, UINT32_MAX),
	FIELD(image, false, UINT32_MAX),
	FIELD(next_vma_id, false, NUMBER_MAX),
	FIELD(vmacache_seqnum, false, COUNT_MAX),
	FIELD(mmap_base, true, TASK_SIZE),
	FIELD(mmap_legacy_base, true, TASK_SIZE),
	FIELD(topdown, false, 1),
	FIELD(randomize, false, 1),
	FIELD(def_flags, false, VM_LOCKED_MASK),
	FIELD(stale_locked_vm, false, COUNT_MAX),
	FIELD(hiwater_vm, false, COUNT_MAX),
	FIELD(hiwater_rss, false, COUNT_MAX),
	/* Of a program without text: anywhere. */
	FIELD(start_code, false, UINT64_MAX),
	FIELD(end_code, false, UINT64_MAX),
	FIELD(start_data, false, TASK_SIZE),
	FIELD(end_data, false, TASK_SIZE),
	FIELD(start_brk, false, BRK_MAX),
	FIELD(brk, false, UINT64_MAX), /* as judge_break() says */
	FIELD(start_stack, false, TASK_SIZE),
	FIELD(arg_start, false, TASK_SIZE),
	FIELD(arg_end, false, TASK_SIZE),
	FIELD(env_start, false, TASK_SIZE),
	FIELD(env_end, false, TASK_SIZE),
	FIELD(uid, false, UINT32_MAX),
	FIELD(rlimits.as, false, UINT64_MAX),
	FIELD(rlimits.data, false, UINT64_MAX),
	FIELD(rlimits.stack, false, UINT64_MAX),
	FIELD(rlimits.memlock, false, UINT64_MAX),
};

uint64_t state_field_get(const struct mm_struct *mm,
			 const struct state_field *field)
{
	const char *at = (const char *)mm + field->offset;
	uint64_t value = 0;
	uint32_t half;
	uint8_t byte;

	if (field->size == sizeof(value)) {
		memcpy(&value, at, sizeof(value));
		return value;
	}
	if (field->size == sizeof(byte)) {
		memcpy(&byte, at, sizeof(byte));
		return byte;
	}
	memcpy(&half, at, sizeof(half));
	return half;
}

void state_field_set(struct mm_struct *mm, const struct state_field *field,
		     uint64_t value)
{
	char *at = (char *)mm + field->offset;
	const uint32_t half = (uint32_t)value;
	const uint8_t byte = (uint8_t)value;

	if (field->size == sizeof(value))
		memcpy(at, &value, sizeof(value));
	else if (field->size == sizeof(byte))
		memcpy(at, &byte, sizeof(byte));
	else
		memcpy(at, &half, sizeof(half));
}
