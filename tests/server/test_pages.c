/* SPDX-License-Identifier: MIT */
#include "server/pages.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/support/suite.h"

enum {
	PIECE = 65536,
	PIECES = 50,
};

/* Every fifth one is larger, so that the others do not just follow each other. */
static size_t size_of(int piece)
{
	return piece % 5 ? PIECE : 4 * PIECE;
}

static void each_piece_is_aligned_and_empty(void)
{
	char *pieces[PIECES];
	size_t size;
	int i;

	for (i = 0; i < PIECES; i++) {
		size = size_of(i);
		pieces[i] = pages_map(size);
		CU_ASSERT_PTR_NOT_NULL_FATAL(pieces[i]);
		CU_ASSERT_EQUAL((uintptr_t)pieces[i] % size, 0);
		CU_ASSERT_EQUAL(pieces[i][0], 0);
		CU_ASSERT_EQUAL(pieces[i][size - 1], 0);
		pieces[i][0] = 1;
		pieces[i][size - 1] = 1;
		if (i % 7 == 6) {
			pages_unmap(pieces[i - 1], size_of(i - 1));
			pieces[i - 1] = NULL;
		}
	}
	for (i = 0; i < PIECES; i++)
		if (pieces[i])
			pages_unmap(pieces[i], size_of(i));
}

/* ThreadSanitizer wants mappings of its own at any time. */
#ifndef __SANITIZE_THREAD__
/* A hole makes one mapping more, and all are in use: alternating rights keep them
 * apart. */
static void no_mapping_is_left(void)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = 1 << 20;
	char *piece = pages_map(4 * PIECE), *fill, *at;

	CU_ASSERT_PTR_NOT_NULL_FATAL(piece);
	piece[PIECE] = 1;
	fill = mmap(NULL, pages * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
		    -1, 0);
	CU_ASSERT_FATAL(fill != MAP_FAILED);
	for (at = fill; at < fill + pages * page; at += 2 * page)
		if (mprotect(at, page, PROT_READ))
			break;
	if (at < fill + pages * page) {
		CU_ASSERT_FALSE(pages_unmap(piece + PIECE, PIECE));
		CU_ASSERT_EQUAL(piece[PIECE], 0);
	}
	munmap(fill, pages * page);
	CU_ASSERT_TRUE(pages_unmap(piece, 4 * PIECE));
}
#endif

static void what_the_system_does_not_have(void)
{
	CU_ASSERT_PTR_NULL(pages_map((size_t)1 << 60));
}

CU_TestInfo test_pages[] = {
	{ "each piece is aligned and empty", each_piece_is_aligned_and_empty },
#ifndef __SANITIZE_THREAD__
	{ "no mapping is left", no_mapping_is_left },
#endif
	{ "what the system does not have", what_the_system_does_not_have },
	CU_TEST_INFO_NULL,
};
