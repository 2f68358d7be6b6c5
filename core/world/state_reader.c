/* SPDX-License-Identifier: MIT */
#include "core/world/state_reader.h"

bool state_fail(struct state_reader *r, const char *wrong)
{
	if (!r->draft.wrong)
		r->draft.wrong = wrong;
	r->at = r->end;
	return false;
}

uint64_t state_take(struct state_reader *r, uint64_t max)
{
	uint64_t value = 0;
	unsigned shift = 0;
	uint8_t byte;

	do {
		if (r->at == r->end) {
			state_fail(r, "it is cut");
			return 0;
		}
		byte = *r->at++;
		if (shift == 63 && byte > 1) {
			state_fail(r, "a number has more than 64 bits");
			return 0;
		}
		value |= (uint64_t)(byte & 0x7f) << shift;
		shift += 7;
	} while (byte & 0x80);
	if (!byte && shift > 7)
		state_fail(r, "a number is longer than it must be");
	else if (value > max)
		state_fail(r, "a number is beyond its bounds");
	return state_is_wrong(r) ? 0 : value;
}

uint64_t state_take_count(struct state_reader *r)
{
	return state_take(r, (uint64_t)(r->end - r->at));
}

void *state_obtain(struct state_reader *r, size_t size)
{
	void *object;

	if (!state_goes_on(r))
		return NULL;
	object = memory_alloc(r->draft.memory, size);
	r->draft.refused = !object;
	return object;
}

bool state_spend(struct state_reader *r, uint64_t *left)
{
	if (state_is_wrong(r))
		return false;
	if (!*left)
		return state_fail(r, "there is more in it than its counts say");
	--*left;
	return true;
}

void *state_take_object(struct state_reader *r, void *table, uint32_t nr)
{
	void *const *objects = table;
	const uint64_t number = state_take(r, nr);

	return number ? objects[number - 1] : NULL;
}

void *state_meet_object(struct state_reader *r, void *table, uint32_t nr,
			uint64_t *metp)
{
	void *const *objects = table;
	const uint64_t number = state_take(r, nr);

	if (number > *metp + 1)
		state_fail(r, "objects are not in the order in which they are "
			      "met");
	else if (number > *metp)
		*metp = number;
	return number ? objects[number - 1] : NULL;
}

struct vm_file *state_meet_file(struct state_reader *r)
{
	return state_meet_object(r, r->draft.files, r->draft.nr_files,
				 &r->files_met);
}
