/* SPDX-License-Identifier: MIT */
#include "tests/support/mm_easel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAY      (VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC)
#define WRITABLE (VM_READ | VM_WRITE | MAY)

static const struct easel_kind kinds[] = {
	{ .letter = 'n', .vm_flags = MAY, .flags = MAP_PRIVATE },
	{ .letter = 'r',
	  .vm_flags = VM_READ | MAY,
	  .prot = PROT_READ,
	  .flags = MAP_PRIVATE },
	{ .letter = 'w',
	  .vm_flags = WRITABLE | VM_ACCOUNT,
	  .prot = PROT_READ | PROT_WRITE,
	  .flags = MAP_PRIVATE },
	{ .letter = 'x',
	  .vm_flags = VM_READ | VM_EXEC | MAY,
	  .prot = PROT_READ | PROT_EXEC,
	  .flags = MAP_PRIVATE },
	{ .letter = 'l',
	  .vm_flags = WRITABLE | VM_ACCOUNT | VM_LOCKED,
	  .prot = PROT_READ | PROT_WRITE,
	  .flags = MAP_PRIVATE | MAP_LOCKED },
	{ .letter = 'N',
	  .vm_flags = WRITABLE | VM_NORESERVE,
	  .prot = PROT_READ | PROT_WRITE,
	  .flags = MAP_PRIVATE | MAP_NORESERVE },
	{ .letter = 'g',
	  .vm_flags = WRITABLE | VM_ACCOUNT | VM_GROWSDOWN,
	  .prot = PROT_READ | PROT_WRITE,
	  .flags = MAP_PRIVATE | MAP_GROWSDOWN },
	{ .letter = 'h',
	  .vm_flags = VM_READ | MAY | VM_ACCOUNT,
	  .prot = PROT_READ,
	  .flags = MAP_PRIVATE },
	{ .letter = 'u', .vm_flags = WRITABLE },
	{ .letter = 'j', .vm_flags = WRITABLE | VM_ACCOUNT | VM_RAND_READ },
	{ .letter = 'D', .vm_flags = WRITABLE | VM_ACCOUNT | VM_DONTCOPY },
	{ .letter = 'o',
	  .vm_flags = WRITABLE | VM_ACCOUNT | VM_LOCKED | VM_LOCKONFAULT },
	{ .letter = 'z', .vm_flags = WRITABLE | VM_ACCOUNT | VM_SEALED },
	{ .letter = 'R',
	  .vm_flags = VM_READ | MAY | VM_SHARED | VM_MAYSHARE,
	  .prot = PROT_READ,
	  .flags = MAP_SHARED },
	{ .letter = 'W',
	  .vm_flags = WRITABLE | VM_SHARED | VM_MAYSHARE,
	  .prot = PROT_READ | PROT_WRITE,
	  .flags = MAP_SHARED },
	{ .letter = 'f',
	  .file = DATA_FILE,
	  .vm_flags = VM_READ | MAY,
	  .prot = PROT_READ,
	  .flags = MAP_PRIVATE },
	{ .letter = 'd',
	  .file = DATA_FILE,
	  .shift = 16,
	  .vm_flags = VM_READ | MAY,
	  .prot = PROT_READ,
	  .flags = MAP_PRIVATE },
	{ .letter = 'q',
	  .file = OTHER_FILE,
	  .vm_flags = VM_READ | MAY,
	  .prot = PROT_READ,
	  .flags = MAP_PRIVATE },
	{ .letter = 'F',
	  .file = DATA_FILE,
	  .vm_flags = WRITABLE | VM_SHARED | VM_MAYSHARE,
	  .prot = PROT_READ | PROT_WRITE,
	  .flags = MAP_SHARED },
	{ .letter = 'S',
	  .file = READ_ONLY_FILE,
	  .vm_flags = VM_READ | VM_MAYREAD | VM_MAYEXEC | VM_MAYSHARE,
	  .prot = PROT_READ,
	  .flags = MAP_SHARED },
	{ .letter = 'v',
	  .special = VM_SPECIAL_VDSO,
	  .vm_flags = VM_READ | VM_EXEC | MAY | VM_DONTEXPAND },
	{ .letter = 'i',
	  .special = VM_SPECIAL_VVAR,
	  .vm_flags = VM_READ | VM_MAYREAD | VM_IO | VM_PFNMAP | VM_DONTEXPAND |
		      VM_DONTDUMP },
};

#define NR_KINDS (sizeof(kinds) / sizeof(kinds[0]))

static bool has_anon_vma(char letter)
{
	return letter == 'a' || letter == 'b' || letter == 'c';
}

const struct easel_kind *easel_kind(char letter)
{
	size_t i;

	if (has_anon_vma(letter))
		letter = 'w';
	for (i = 0; i < NR_KINDS; i++)
		if (kinds[i].letter == letter)
			return &kinds[i];
	fprintf(stderr, "no area is drawn as '%c'\n", letter);
	abort();
}

static void install(struct easel *easel, const struct easel_kind *kind,
		    int page, int pages)
{
	struct area_setup area = {
		.start = page_address(page),
		.end = page_address(page + pages),
		.vm_flags = kind->vm_flags | VM_SOFTDIRTY,
		.pgoff = (uint64_t)page + kind->shift,
		.file = easel->files[kind->file],
		.special = kind->special,
	};

	if (mm_install_area(&easel->emu.mm, &area))
		abort();
}

/* Removes '|' and remembers in @apart before which pages they stood. */
static int read_drawing(const char *text, char *pages, bool *apart)
{
	int n = 0;

	for (; *text; text++) {
		if (*text == '|') {
			apart[n] = true;
			continue;
		}
		if (n == PICTURE_PAGES)
			abort();
		pages[n++] = *text;
	}
	pages[n] = '\0';
	return n;
}

static int run_length(const char *pages, const bool *apart, int page)
{
	int end = page + 1;

	while (pages[end] == pages[page] && !apart[end])
		end++;
	return end - page;
}

/*
 * All pages of one letter get their anon_vma while they are one area. Where an
 * area with another anon_vma begins right behind, the last page comes later,
 * so that the two never see each other without one.
 */
static void install_anon_vma(struct easel *easel, const char *pages,
			     char letter)
{
	int first = (int)(strchr(pages, letter) - pages);
	int last = (int)(strrchr(pages, letter) - pages);
	int end = last + 1, page;

	if (has_anon_vma(pages[end]))
		end--;
	install(easel, easel_kind(letter), first, end - first);
	if (emulation_write(&easel->emu, page_address(first)) !=
	    ACCESS_FAULT_MINOR)
		abort();
	for (page = first; page < end; page++)
		if (pages[page] != letter &&
		    emulation_munmap(&easel->emu, page_address(page), 1))
			abort();
}

static void install_last_pages(struct easel *easel, const char *pages)
{
	uint64_t addr;
	int page;

	for (page = 0; pages[page]; page++) {
		addr = page_address(page);
		if (!has_anon_vma(pages[page]) ||
		    emulation_area(&easel->emu, addr))
			continue;
		if (emulation_mmap(&easel->emu, addr, 1, PROT_READ | PROT_WRITE,
				   MAP_FIXED) != (int64_t)addr)
			abort();
	}
}

static void build(struct easel *easel, const char *text)
{
	char pages[PICTURE_PAGES + 1];
	bool apart[PICTURE_PAGES + 1] = { false };
	const char *letter;
	int page, length;

	read_drawing(text, pages, apart);
	for (letter = "abc"; *letter; letter++)
		if (strchr(pages, *letter))
			install_anon_vma(easel, pages, *letter);
	install_last_pages(easel, pages);
	for (page = 0; pages[page]; page += length) {
		length = run_length(pages, apart, page);
		if (pages[page] != '.' && !has_anon_vma(pages[page]))
			install(easel, easel_kind(pages[page]), page, length);
	}
}

/* The letter of an area, without looking at its anon_vma. */
static char letter_of(const struct easel *easel,
		      const struct vm_area_struct *vma)
{
	uint64_t page = (vma->vm_start - PICTURE_BASE) >> PAGE_SHIFT;
	const struct vm_file *file = vma->vm_file;
	uint64_t pgoff;
	size_t i;

	if (file && file->shmem)
		file = NULL;
	for (i = 0; i < NR_KINDS; i++) {
		const struct easel_kind *kind = &kinds[i];

		if (kind->vm_flags != (vma->vm_flags & ~VM_SOFTDIRTY) ||
		    kind->special != vma->vm_special ||
		    easel->files[kind->file] != file)
			continue;
		pgoff = file ? page + kind->shift : vma->vm_start >> PAGE_SHIFT;
		/* In an object of its own, or moved with its pages. */
		if ((vma->vm_file && !file) || vma->anon_vma ||
		    vma->vm_special != VM_SPECIAL_NONE)
			pgoff = vma->vm_pgoff;
		if (vma->vm_pgoff == pgoff)
			return kind->letter;
	}
	return '?';
}

static bool is_moved(const struct vm_area_struct *vma)
{
	return vma->vm_pgoff != vma->vm_start >> PAGE_SHIFT;
}

static char letter_with_anon_vma(const struct vm_area_struct *vma, char letter,
				 const struct anon_vma **seen)
{
	int i;

	if (letter != 'w' || !vma->anon_vma)
		return letter;
	for (i = 0; i < 3; i++) {
		if (!seen[i])
			seen[i] = vma->anon_vma;
		if (seen[i] == vma->anon_vma)
			return (char)((is_moved(vma) ? 'A' : 'a') + i);
	}
	return '?';
}

void easel_draw(const struct easel *easel, const char *like, char *out)
{
	char pages[PICTURE_PAGES + 1];
	bool apart[PICTURE_PAGES + 1];
	const int nr = read_drawing(like, pages, apart);
	const struct anon_vma *seen[3] = { NULL, NULL, NULL };
	const struct vm_area_struct *vma;
	uint64_t addr = PICTURE_BASE;
	char letter, before = '.';

	for (vma = easel->emu.mm.mmap; vma; vma = vma->vm_next) {
		letter = letter_of(easel, vma);
		letter = letter_with_anon_vma(vma, letter, seen);
		if (vma->vm_start < PICTURE_BASE ||
		    vma->vm_end > page_address(PICTURE_PAGES)) {
			*out++ = '?';
			continue;
		}
		if (addr == vma->vm_start && letter == before)
			*out++ = '|';
		for (; addr < vma->vm_start; addr += PAGE_SIZE)
			*out++ = '.';
		for (; addr < vma->vm_end; addr += PAGE_SIZE)
			*out++ = letter;
		before = letter;
	}
	while (addr < page_address(nr)) {
		*out++ = '.';
		addr += PAGE_SIZE;
	}
	*out = '\0';
}

void easel_begin(struct easel *easel, const char *drawing,
		 const struct kernel_profile *profile)
{
	struct emulation_setup setup = emulation_defaults();
	int i;

	setup.profile = profile;
	setup.rlimits.memlock = RLIM_INFINITY;
	emulation_begin(&easel->emu, &setup);
	easel->emu.mm.start_brk = PICTURE_BASE;
	easel->emu.mm.brk = PICTURE_BASE;
	for (i = NO_FILE + 1; i < NR_FILES; i++)
		easel->files[i] = emulation_file(&easel->emu, PICTURE_PAGES);
	easel->files[NO_FILE] = NULL;
	easel->files[READ_ONLY_FILE]->writable = false;
	build(easel, drawing);
}

const char *easel_end(struct easel *easel)
{
	int i;

	for (i = NO_FILE + 1; i < NR_FILES; i++)
		vm_file_put(easel->files[i]);
	return emulation_end(&easel->emu);
}
