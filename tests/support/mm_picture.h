/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Address spaces drawn as text, as in the margins of a memory manager
 *
 * One character is one page, '.' a hole, a run of one letter an area, and '|'
 * the border between two areas of the same letter that did not become one:
 *
 *	rrrr..ww	four read-only pages, two free ones, two writable ones
 *	ww|ww		two areas side by side
 *
 *   private anonymous memory
 *     n  PROT_NONE        r  readable       w  writable     x  executable
 *     l  writable, locked                   N  writable, MAP_NORESERVE
 *     g  writable, MAP_GROWSDOWN
 *     h  readable, committed while it was writable
 *     u  writable, not committed
 *     j  writable, advised MADV_RANDOM      D  writable, MADV_DONTFORK
 *     o  writable, locked on fault          z  writable, sealed
 *     a b c  writable with an anon_vma: the same letter, the same anon_vma;
 *            named in the order in which the drawing shows them
 *     A B C  the same, moved here from elsewhere with their pages
 *   shared anonymous memory, every mapping an object of its own
 *     R  readable         W  writable
 *   files; the offset is the page's place in the drawing
 *     f  private          F  shared, writable
 *     d  private, the same file 16 pages further on
 *     q  private, another file
 *     S  shared, of a file that is open for reading only
 *   installed by the kernel itself
 *     v  vdso             i  raw device memory (VM_IO, VM_PFNMAP)
 *   ?  anything else
 *
 * A row says: this was there, these calls were made, and then the last one
 * answered ret and the picture is that one.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Address of the first character. */
#define PICTURE_BASE  0x200000000ULL
#define PICTURE_CALLS 6
/* Widest drawing, in pages. */
#define PICTURE_PAGES 64
#define PICTURE_WHY   512

enum picture_verb {
	PICTURE_NOTHING,
	PICTURE_MMAP, /* MAP_FIXED */
	PICTURE_HINT, /* without MAP_FIXED */
	PICTURE_MUNMAP,
	PICTURE_MPROTECT, /* to the protection of the kind */
	PICTURE_BRK,      /* the heap begins at the first page of the drawing */
	PICTURE_WRITE,    /* touch one page; answers an enum access_fault */
	PICTURE_READ,
	PICTURE_RESIZE, /* mremap without flags */
	PICTURE_MOVE,   /* mremap to a place, which is what ret is judged by */
	PICTURE_KEEP,   /* the same with MREMAP_DONTUNMAP */
	PICTURE_MLOCK,
	PICTURE_ONFAULT, /* mlock2 */
	PICTURE_MUNLOCK,
	PICTURE_MADVISE,
	PICTURE_MSEAL,
};

struct picture_call {
	enum picture_verb verb;
	int page, pages;
	char kind;
	int advice;
	int to, new_pages; /* of mremap */
};

/* Calls as rows write them: mmap_at(2, 1, 'w'), munmap_at(1, 2), ... */
#define mmap_at(page, pages, kind)                                             \
	{                                                                      \
		PICTURE_MMAP, page, pages, kind, 0, 0, 0                       \
	}
#define mmap_near(page, pages, kind)                                           \
	{                                                                      \
		PICTURE_HINT, page, pages, kind, 0, 0, 0                       \
	}
#define munmap_at(page, pages)                                                 \
	{                                                                      \
		PICTURE_MUNMAP, page, pages, 0, 0, 0, 0                        \
	}
#define mprotect_at(page, pages, kind)                                         \
	{                                                                      \
		PICTURE_MPROTECT, page, pages, kind, 0, 0, 0                   \
	}
#define brk_to(page)                                                           \
	{                                                                      \
		PICTURE_BRK, page, 0, 0, 0, 0, 0                               \
	}
#define write_at(page)                                                         \
	{                                                                      \
		PICTURE_WRITE, page, 0, 0, 0, 0, 0                             \
	}
#define read_at(page)                                                          \
	{                                                                      \
		PICTURE_READ, page, 0, 0, 0, 0, 0                              \
	}
#define resize_at(page, pages, new_pages)                                      \
	{                                                                      \
		PICTURE_RESIZE, page, pages, 0, 0, 0, new_pages                \
	}
#define move_to(page, pages, to, new_pages)                                    \
	{                                                                      \
		PICTURE_MOVE, page, pages, 0, 0, to, new_pages                 \
	}
#define move_and_keep(page, pages, to)                                         \
	{                                                                      \
		PICTURE_KEEP, page, pages, 0, 0, to, pages                     \
	}
#define mlock_at(page, pages)                                                  \
	{                                                                      \
		PICTURE_MLOCK, page, pages, 0, 0, 0, 0                         \
	}
#define lock_on_fault_at(page, pages)                                          \
	{                                                                      \
		PICTURE_ONFAULT, page, pages, 0, 0, 0, 0                       \
	}
#define munlock_at(page, pages)                                                \
	{                                                                      \
		PICTURE_MUNLOCK, page, pages, 0, 0, 0, 0                       \
	}
#define madvise_at(page, pages, advice)                                        \
	{                                                                      \
		PICTURE_MADVISE, page, pages, 0, advice, 0, 0                  \
	}
#define mseal_at(page, pages)                                                  \
	{                                                                      \
		PICTURE_MSEAL, page, pages, 0, 0, 0, 0                         \
	}

struct picture {
	const char *name; /* the rule */
	const char *before;
	struct picture_call calls[PICTURE_CALLS];
	const char *after;
	int64_t ret; /* of the last call; 0: as asked (at the page asked for) */
	uint64_t max_map_count; /* 0: plenty */
};

struct kernel_profile;

/**
 * picture_check() - play one row
 * @row: to play
 * @profile: the release
 * @why: out: what differs, PICTURE_WHY bytes
 *
 * Builds the drawing, makes the calls with validate_mm() after each, draws
 * again, and ends the process looking for leaks.
 *
 * Return: whether all was as the row says.
 */
bool picture_check(const struct picture *row,
		   const struct kernel_profile *profile, char *why);

/**
 * picture_check_all() - play a table with release 4.0
 * @rows: to play
 * @nr:   their number
 *
 * Says on stderr what is wrong with each row that fails.
 *
 * Return: number of rows that failed.
 */
size_t picture_check_all(const struct picture *rows, size_t nr);

/**
 * picture_check_release() - play a table with another release
 * @release: as clients spell it
 */
size_t picture_check_release(const struct picture *rows, size_t nr,
			     const char *release);

/* Likewise with 4.0, 5.10, 6.1 and 6.12: rows that go wrong in any of them. */
size_t picture_check_releases(const struct picture *rows, size_t nr);
