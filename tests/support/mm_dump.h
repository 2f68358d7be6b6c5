/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Everything there is to say about an address space, as text
 *
 * Two address spaces with the same text answer every call alike.
 */
#include "core/mm/mm.h"

/**
 * mm_dump() - write down an address space, its threads and its machine
 * @mm: any
 *
 * Areas with id, flags, file and anon_vma; the shape of the tree; resident
 * ranges; all counters; every thread's vmacache; the machine's pages.
 *
 * Return: text, the caller frees it. Never NULL.
 */
char *mm_dump(const struct mm_struct *mm);
