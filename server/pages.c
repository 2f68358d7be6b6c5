/* SPDX-License-Identifier: MIT */
#include "server/pages.h"

#include <stdint.h>
#include <sys/mman.h>

static char *map(size_t size)
{
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

/* A mapping comes below the one before, and so is mostly aligned as that is. */
void *pages_map(size_t size)
{
	char *memory = map(size);
	size_t before;

	if (!memory || !((uintptr_t)memory & (size - 1)))
		return memory;
	munmap(memory, size);
	memory = map(2 * size);
	if (!memory)
		return NULL;
	before = -(uintptr_t)memory & (size - 1);
	if (before)
		munmap(memory, before);
	munmap(memory + before + size, size - before);
	return memory + before;
}

bool pages_unmap(void *memory, size_t size)
{
	if (!munmap(memory, size))
		return true;
	madvise(memory, size, MADV_DONTNEED);
	return false;
}
