/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Where exec leaves the strings and tables of a program on its stack
 *
 *	end          0
 *	             path of the program
 *	env_end      environment
 *	arg_end      = env_start
 *	             arguments
 *	arg_start    (random bytes free)
 *	             name of the platform, 16 random bytes
 *	             auxiliary vector, envp, argv
 *	start_stack  argc
 */
#include "core/mm/mm_types.h"

struct program_strings {
	uint64_t argc, arg_bytes;
	uint64_t envc, env_bytes;
	uint64_t path_len; /* without a NUL */
};

/* Bytes of a stack that strings take at its end. */
uint64_t program_strings_size(const struct program_strings *strings);

/**
 * place_program_strings() - set the argument, environment and stack fields
 * @mm:      its profile says how long the auxiliary vector is
 * @end:     of the stack
 * @strings: what there is
 * @shift:   bytes that randomisation leaves free
 */
void place_program_strings(struct mm_struct *mm, uint64_t end,
			   const struct program_strings *strings,
			   uint64_t shift);
