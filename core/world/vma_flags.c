/* SPDX-License-Identifier: MIT */
/*
 * The two-letter codes of VmFlags in /proc/PID/smaps
 */
#include "core/mm/mm_types.h"
#include "core/mm/profile.h"
#include "core/world/world.h"

struct flag_code {
	uint64_t flag;
	const char *code;
};

/* By rising flag, which is the order in which smaps prints them. */
static const struct flag_code flag_codes[] = {
	{ VM_READ, "rd" },       { VM_WRITE, "wr" },
	{ VM_EXEC, "ex" },       { VM_SHARED, "sh" },
	{ VM_MAYREAD, "mr" },    { VM_MAYWRITE, "mw" },
	{ VM_MAYEXEC, "me" },    { VM_MAYSHARE, "ms" },
	{ VM_GROWSDOWN, "gd" },  { VM_PFNMAP, "pf" },
	{ VM_DENYWRITE, "dw" },  { VM_LOCKED, "lo" },
	{ VM_IO, "io" },         { VM_SEQ_READ, "sr" },
	{ VM_RAND_READ, "rr" },  { VM_DONTCOPY, "dc" },
	{ VM_DONTEXPAND, "de" }, { VM_LOCKONFAULT, "lf" },
	{ VM_ACCOUNT, "ac" },    { VM_NORESERVE, "nr" },
	{ VM_WIPEONFORK, "wf" }, { VM_DONTDUMP, "dd" },
	{ VM_SOFTDIRTY, "sd" },  { VM_MIXEDMAP, "mm" },
	{ VM_HUGEPAGE, "hg" },   { VM_NOHUGEPAGE, "nh" },
	{ VM_MERGEABLE, "mg" },  { VM_DROPPABLE, "dp" },
	{ VM_SEALED, "sl" },
};

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
