/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * One documented behaviour, played on every release
 *
 *	BEHAVIOUR(u8)
 *	{
 *		map(s, 0, 3, RW);
 *		answers(s, unmap(s, 1, 1), 0);
 *		draws(s, "w.w");
 *	}
 *
 * defines the test u8(), which runs the body once for each kernel profile, each
 * time on a new machine. What fails names the release. Where releases differ,
 * a body asks for the release, not for what its profile says: that is tested.
 *
 * Places are pages from SCENE_BASE on, lengths pages. Nothing is mapped at
 * first; the user has no privilege.
 */
#include "tests/core/world_fixture.h"
#include "tests/support/emulation.h"
#include "tests/support/suite.h"

#define SCENE_BASE  0x200000000ULL
#define SCENE_PAGES 64
#define SCENE_FILE  10 /* pages of the file */

#define RW    (PROT_READ | PROT_WRITE)
#define RX    (PROT_READ | PROT_EXEC)
#define ANON  (MAP_PRIVATE | MAP_ANONYMOUS)
#define SHMEM (MAP_SHARED | MAP_ANONYMOUS)

struct scene {
	struct emulation emu;
	const struct kernel_profile *profile;
	struct mm_struct *mm;
	struct task_struct *task;
	struct vm_file *file; /* SCENE_FILE pages, readable and writable */
	struct mm_struct child_mm;
	struct task_struct child; /* child.mm is NULL until fork_child() */
};

/* Plays @body on each release. */
void scene_play(void (*body)(struct scene *s));

#define BEHAVIOUR(name)                                                        \
	static void name##_body(struct scene *s);                              \
	static void name(void)                                                 \
	{                                                                      \
		scene_play(name##_body);                                       \
	}                                                                      \
	static void name##_body(struct scene *s)

/* The same with a world that is still to be made; its setup has the profile. */
void world_play(void (*body)(struct world_fixture *f));

#define WORLD_BEHAVIOUR(name)                                                  \
	static void name##_body(struct world_fixture *f);                      \
	static void name(void)                                                 \
	{                                                                      \
		world_play(name##_body);                                       \
	}                                                                      \
	static void name##_body(struct world_fixture *f)

/* A value is the wanted one; a condition holds; @where names the release. */
void check_equal(const char *release, const char *file, unsigned int line,
		 const char *what, int64_t got, int64_t wanted);
void check_holds(const char *release, const char *file, unsigned int line,
		 const char *what, bool holds);
/* The picture of the areas, and their pictures' letters: see draws(). */
void check_picture(struct scene *s, const char *file, unsigned int line,
		   const char *wanted);

#define answers(s, got, wanted)                                                \
	check_equal((s)->profile->name, __FILE__, __LINE__, #got,              \
		    (int64_t)(got), (int64_t)(wanted))
#define holds(s, condition)                                                    \
	check_holds((s)->profile->name, __FILE__, __LINE__, #condition,        \
		    condition)
/*
 * One character a page from SCENE_BASE on, trailing holes left out: '.' nothing
 * mapped, '|' a border between areas that touch, and else what may be done:
 *   n nothing  r read  w read and write  o write only  x execute (and read)
 *   e everything; in capitals if the area is MAP_SHARED
 */
#define draws(s, wanted) check_picture(s, __FILE__, __LINE__, wanted)

#define world_answers(f, got, wanted)                                          \
	check_equal((f)->setup.profile->name, __FILE__, __LINE__, #got,        \
		    (int64_t)(got), (int64_t)(wanted))
#define world_holds(f, condition)                                              \
	check_holds((f)->setup.profile->name, __FILE__, __LINE__, #condition,  \
		    condition)

/* Whether the release is @name. */
bool is_release(const struct scene *s, const char *name);
/* Whether it is @name or a later one. */
bool since(const struct scene *s, const char *name);
bool world_since(const struct world_fixture *f, const char *name);

/* Address of a page. */
static inline uint64_t at(int64_t page)
{
	return SCENE_BASE + (uint64_t)page * PAGE_SIZE;
}

/* Bytes of pages. */
static inline uint64_t bytes(uint64_t pages)
{
	return pages << PAGE_SHIFT;
}

/* MAP_FIXED of private anonymous memory, of any kind, and of the file. */
int64_t map(struct scene *s, int64_t page, uint64_t pages, uint64_t prot);
int64_t map_as(struct scene *s, int64_t page, uint64_t pages, uint64_t prot,
	       uint64_t flags);
int64_t map_file(struct scene *s, int64_t page, uint64_t pages, uint64_t prot,
		 uint64_t flags, uint64_t first);
/* Anonymous memory wherever the kernel places it. */
int64_t map_anywhere(struct scene *s, uint64_t pages, uint64_t prot,
		     uint64_t flags);
int64_t unmap(struct scene *s, int64_t page, uint64_t pages);
int64_t protect(struct scene *s, int64_t page, uint64_t pages, uint64_t prot);
/* mremap to page @to, which only MREMAP_FIXED looks at. */
int64_t remap(struct scene *s, int64_t page, uint64_t old, uint64_t new,
	      uint64_t flags, int64_t to);
int64_t lock(struct scene *s, int64_t page, uint64_t pages);
int64_t unlock(struct scene *s, int64_t page, uint64_t pages);
int64_t advise(struct scene *s, int64_t page, uint64_t pages, int32_t advice);

/* What touching the first byte of a page comes to. */
struct access_outcome touch(struct scene *s, int64_t page,
			    enum access_type type);
bool can_read(struct scene *s, int64_t page);
bool can_write(struct scene *s, int64_t page);
/* Writes to every page of a range. */
void fill(struct scene *s, int64_t page, uint64_t pages);
/* Pages of a range that are present. */
uint64_t present(const struct scene *s, int64_t page, uint64_t pages);

/* The area that has the page, NULL: none. */
const struct vm_area_struct *area(const struct scene *s, int64_t page);
/* Its flags, 0: none. */
uint64_t flags_of(const struct scene *s, int64_t page);

/**
 * fork_child - copies the address space into s->child
 *
 * Return: what dup_mm() answers. scene_play() ends the child.
 */
int64_t fork_child(struct scene *s);
/* The child touches a page: whether that was possible. */
bool child_can(struct scene *s, int64_t page, enum access_type type);
/* The child's area that has the page, NULL: none. */
const struct vm_area_struct *child_area(const struct scene *s, int64_t page);
