/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Asserts are for bugs of the engine, never for what clients send
 *
 * MM_DEBUG 1 (release): mm_assert() and an amortised validate_mm();
 *          2: mm_debug_assert(), too;
 *          3 (development): validate_mm() after every call.
 */
#ifndef MM_DEBUG
#define MM_DEBUG 1
#endif

#define mm_assert(condition)                                                   \
	do {                                                                   \
		if (__builtin_expect(!(condition), 0))                         \
			__builtin_trap();                                      \
	} while (0)

#if MM_DEBUG >= 2
#define mm_debug_assert(condition) mm_assert(condition)
#else
#define mm_debug_assert(condition) ((void)sizeof(condition))
#endif

struct mm_struct;

/* Called at the end of every call that may have changed @mm. */
void mm_debug_validate(struct mm_struct *mm);
