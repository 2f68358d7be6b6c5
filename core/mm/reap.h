/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Address spaces and files given back in parts
 *
 * For what nobody will look at any more: counters and limits of the machine do
 * not follow, and no step is told. Each call goes on where the one before
 * stopped, and counts down *@left for every object that it gives back; it stops
 * when that is 0, or a few objects later.
 */
#include <stdbool.h>
#include <stdint.h>

struct mm_struct;
struct vm_file;

/**
 * mm_reap() - give back threads, page tables and areas of an address space
 * @mm:   in use by nobody but mm_reap() from now on; not freed itself
 * @left: objects that may still be given back
 *
 * Return: true: all of them are gone. False: *@left is 0, and there are more.
 */
bool mm_reap(struct mm_struct *mm, uint64_t *left);

/**
 * vm_file_reap() - let go of a file, whose page cache may be large
 * @file: of whom the caller has a reference
 * @left: objects that may still be given back
 *
 * Return: true: the reference is gone, and with the last one the file. False:
 *         *@left is 0, and the caller still has it.
 */
bool vm_file_reap(struct vm_file *file, uint64_t *left);
