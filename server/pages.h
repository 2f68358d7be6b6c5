/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Memory from the system in aligned pieces, as struct slab_host wants it
 */
#include <stdbool.h>
#include <stddef.h>

/** pages_map() - @size bytes, zeroed, at a multiple of @size, which is a power of two
 * and at least a page; NULL: the system has none */
void *pages_map(size_t size);

/**
 * pages_unmap() - give back what pages_map() returned
 *
 * Return: false: the process has all the mappings that the system lets it have, and
 *         a hole would make one more. Then only the memory is given back: the
 *         piece is zeroed, and stays the caller's.
 */
bool pages_unmap(void *memory, size_t size);
