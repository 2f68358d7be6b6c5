/* SPDX-License-Identifier: MIT */
#include "core/world/program_stack.h"

#include "core/mm/profile.h"

#define WORD sizeof(uint64_t)

/* "x86_64" and its NUL; the bytes that AT_RANDOM points to. */
#define PLATFORM_BYTES 7
#define RANDOM_BYTES   16

/* The last word of a stack stays empty. */
#define END_BYTES WORD

uint64_t program_strings_size(const struct program_strings *strings)
{
	return END_BYTES + strings->path_len + 1 + strings->env_bytes +
	       strings->arg_bytes;
}

/* argc, argv and envp with a NULL each, and pairs of the auxiliary vector. */
static uint64_t table_bytes(const struct kernel_profile *profile,
			    const struct program_strings *strings)
{
	return WORD * (1 + strings->argc + 1 + strings->envc + 1 +
		       2 * profile->auxv_entries);
}

void place_program_strings(struct mm_struct *mm, uint64_t end,
			   const struct program_strings *strings,
			   uint64_t shift)
{
	uint64_t at;

	mm->env_end = end - END_BYTES - (strings->path_len + 1);
	mm->env_start = mm->env_end - strings->env_bytes;
	mm->arg_end = mm->env_start;
	mm->arg_start = mm->arg_end - strings->arg_bytes;

	at = (mm->arg_start - shift) & ~15ULL;
	at -= PLATFORM_BYTES + RANDOM_BYTES;
	at -= table_bytes(mm->machine->profile, strings);
	mm->start_stack = at & ~15ULL;
}
