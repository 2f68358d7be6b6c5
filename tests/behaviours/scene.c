/* SPDX-License-Identifier: MIT */
#include "tests/behaviours/scene.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void end_child(struct scene *s)
{
	if (!s->child.mm)
		return;
	check_holds(s->profile->name, __FILE__, __LINE__, "the child is valid",
		    !validate_mm(&s->child_mm));
	mm_remove_task(&s->child);
	exit_mmap(&s->child_mm);
}

static void play_on(const struct kernel_profile *profile,
		    void (*body)(struct scene *s))
{
	struct emulation_setup setup = emulation_defaults();
	struct scene *s = calloc(1, sizeof(*s));
	const char *wrong;

	if (!s)
		abort();
	setup.profile = profile;
	s->profile = profile;
	emulation_begin(&s->emu, &setup);
	s->mm = &s->emu.mm;
	s->task = s->emu.task;
	s->file = emulation_file(&s->emu, SCENE_FILE);

	body(s);

	end_child(s);
	vm_file_put(s->file);
	wrong = emulation_end(&s->emu);
	check_holds(profile->name, __FILE__, __LINE__,
		    wrong ? wrong : "the end is clean", !wrong);
	free(s);
}

void scene_play(void (*body)(struct scene *s))
{
	const struct kernel_profile *profile;
	size_t i;

	for (i = 0; (profile = kernel_profile_at(i)); i++)
		play_on(profile, body);
}

void world_play(void (*body)(struct world_fixture *f))
{
	const struct kernel_profile *profile;
	struct world_fixture f;
	const char *wrong;
	size_t i;

	for (i = 0; (profile = kernel_profile_at(i)); i++) {
		fixture_begin(&f);
		f.setup.profile = profile;
		body(&f);
		wrong = fixture_end(&f);
		check_holds(profile->name, __FILE__, __LINE__,
			    wrong ? wrong : "the end is clean", !wrong);
	}
}

static void check(const char *file, unsigned int line, bool passed,
		  const char *text)
{
	CU_assertImplementation(passed, line, text, file, "", CU_FALSE);
}

void check_equal(const char *release, const char *file, unsigned int line,
		 const char *what, int64_t got, int64_t wanted)
{
	char text[512];

	snprintf(text, sizeof(text),
		 "on %s %s is %#llx (%lld), not %#llx (%lld)", release, what,
		 (unsigned long long)got, (long long)got,
		 (unsigned long long)wanted, (long long)wanted);
	check(file, line, got == wanted, text);
}

void check_holds(const char *release, const char *file, unsigned int line,
		 const char *what, bool holds)
{
	char text[512];

	snprintf(text, sizeof(text), "not so on %s: %s", release, what);
	check(file, line, holds, text);
}

static char letter(uint64_t vm_flags)
{
	/* By VM_READ 1, VM_WRITE 2 and VM_EXEC 4. */
	const char *letters = "nrowxxee";
	char c = letters[vm_flags & (VM_READ | VM_WRITE | VM_EXEC)];

	return vm_flags & VM_MAYSHARE ? (char)toupper(c) : c;
}

void check_picture(struct scene *s, const char *file, unsigned int line,
		   const char *wanted)
{
	char picture[2 * SCENE_PAGES + 1], text[512];
	const struct vm_area_struct *vma, *last = NULL;
	size_t len = 0, drawn = 0;
	int page;

	for (page = 0; page < SCENE_PAGES; page++) {
		vma = area(s, page);
		if (vma && last && vma != last && vma->vm_start == at(page) &&
		    last->vm_end == at(page))
			picture[len++] = '|';
		picture[len++] = vma ? letter(vma->vm_flags) : '.';
		if (vma)
			drawn = len;
		last = vma;
	}
	picture[drawn] = '\0';
	snprintf(text, sizeof(text), "on %s it is \"%s\", not \"%s\"",
		 s->profile->name, picture, wanted);
	check(file, line, !strcmp(picture, wanted), text);
}

bool is_release(const struct scene *s, const char *name)
{
	return !strcmp(s->profile->name, name);
}

/* Profiles are in the order of their releases. */
static bool is_since(const struct kernel_profile *profile, const char *name)
{
	const struct kernel_profile *first =
		kernel_profile_find(name, strlen(name));

	CU_ASSERT_PTR_NOT_NULL_FATAL(first);
	return profile >= first;
}

bool since(const struct scene *s, const char *name)
{
	return is_since(s->profile, name);
}

bool world_since(const struct world_fixture *f, const char *name)
{
	return is_since(f->setup.profile, name);
}

int64_t map(struct scene *s, int64_t page, uint64_t pages, uint64_t prot)
{
	return map_as(s, page, pages, prot, ANON);
}

int64_t map_as(struct scene *s, int64_t page, uint64_t pages, uint64_t prot,
	       uint64_t flags)
{
	return sys_mmap(s->task, at(page), bytes(pages), prot,
			flags | MAP_FIXED, NULL, 0);
}

int64_t map_file(struct scene *s, int64_t page, uint64_t pages, uint64_t prot,
		 uint64_t flags, uint64_t first)
{
	return sys_mmap(s->task, at(page), bytes(pages), prot,
			flags | MAP_FIXED, s->file, bytes(first));
}

int64_t map_anywhere(struct scene *s, uint64_t pages, uint64_t prot,
		     uint64_t flags)
{
	return sys_mmap(s->task, 0, bytes(pages), prot, flags, NULL, 0);
}

int64_t unmap(struct scene *s, int64_t page, uint64_t pages)
{
	return sys_munmap(s->task, at(page), bytes(pages));
}

int64_t protect(struct scene *s, int64_t page, uint64_t pages, uint64_t prot)
{
	return sys_mprotect(s->task, at(page), bytes(pages), prot);
}

int64_t remap(struct scene *s, int64_t page, uint64_t old, uint64_t new,
	      uint64_t flags, int64_t to)
{
	return sys_mremap(s->task, at(page), bytes(old), bytes(new), flags,
			  at(to));
}

int64_t lock(struct scene *s, int64_t page, uint64_t pages)
{
	return sys_mlock(s->task, at(page), bytes(pages));
}

int64_t unlock(struct scene *s, int64_t page, uint64_t pages)
{
	return sys_munlock(s->task, at(page), bytes(pages));
}

int64_t advise(struct scene *s, int64_t page, uint64_t pages, int32_t advice)
{
	return sys_madvise(s->task, at(page), bytes(pages), advice);
}

struct access_outcome touch(struct scene *s, int64_t page,
			    enum access_type type)
{
	return emulation_touch(&s->emu, at(page), type);
}

static bool passes(enum access_fault fault)
{
	return fault == ACCESS_FAULT_NONE || fault == ACCESS_FAULT_MINOR;
}

bool can_read(struct scene *s, int64_t page)
{
	return passes(touch(s, page, ACCESS_READ).fault);
}

bool can_write(struct scene *s, int64_t page)
{
	return passes(touch(s, page, ACCESS_WRITE).fault);
}

void fill(struct scene *s, int64_t page, uint64_t pages)
{
	while (pages--)
		touch(s, page++, ACCESS_WRITE);
}

uint64_t present(const struct scene *s, int64_t page, uint64_t pages)
{
	uint64_t addr = at(page), end, stop = at(page) + bytes(pages), nr = 0;

	while (addr < stop && mm_next_resident(s->mm, &addr, &end) &&
	       addr < stop) {
		nr += ((end < stop ? end : stop) - addr) >> PAGE_SHIFT;
		addr = end;
	}
	return nr;
}

static const struct vm_area_struct *area_of(const struct mm_struct *mm,
					    int64_t page)
{
	const struct vm_area_struct *vma = mm->mmap;

	while (vma && vma->vm_end <= at(page))
		vma = vma->vm_next;
	return vma && vma->vm_start <= at(page) ? vma : NULL;
}

const struct vm_area_struct *area(const struct scene *s, int64_t page)
{
	return area_of(s->mm, page);
}

uint64_t flags_of(const struct scene *s, int64_t page)
{
	const struct vm_area_struct *vma = area(s, page);

	return vma ? vma->vm_flags : 0;
}

int64_t fork_child(struct scene *s)
{
	int64_t ret;

	mm_init(&s->child_mm, &s->emu.machine);
	ret = dup_mm(s->task, &s->child_mm);
	s->child.tid = 1;
	mm_add_task(&s->child_mm, &s->child, s->task);
	return ret;
}

bool child_can(struct scene *s, int64_t page, enum access_type type)
{
	struct access_outcome outcome;

	if (mm_access(&s->child, at(page), 1, type, UINT64_MAX, &outcome))
		abort();
	return passes(outcome.fault);
}

const struct vm_area_struct *child_area(const struct scene *s, int64_t page)
{
	return area_of(&s->child_mm, page);
}
