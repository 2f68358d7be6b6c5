/* SPDX-License-Identifier: MIT */
/*
 * The two-letter codes of VmFlags in /proc/PID/smaps
 */
#include "core/mm/mm_types.h"
#include "core/mm/profile.h"
#include "core/world/proc.h"

struct flag_code {
	uint64_t flag;
	const char *code;
};

#define FLAG_CODE(flag, code) { flag, code },

static const struct flag_code flag_codes[] = { VMA_FLAG_CODES(FLAG_CODE) };

#define NR_FLAG_CODES (sizeof(flag_codes) / sizeof(flag_codes[0]))

_Static_assert(NR_FLAG_CODES <= VMA_FLAG_CODES_MAX, "all codes fit");

size_t vma_flag_codes(const struct kernel_profile *profile, uint64_t vm_flags,
		      const char *codes[VMA_FLAG_CODES_MAX])
{
	size_t i, nr = 0;

	for (i = 0; i < NR_FLAG_CODES; i++) {
		if (!(vm_flags & flag_codes[i].flag))
			continue;
		codes[nr++] =
			flag_codes[i].flag == VM_LOCKONFAULT &&
					!profile->smaps_knows_lock_on_fault
				? "??"
				: flag_codes[i].code;
	}
	return nr;
}
