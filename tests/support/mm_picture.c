/* SPDX-License-Identifier: MIT */
#include "tests/support/mm_picture.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/emulation.h"

#define MAY      (VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC)
#define WRITABLE (VM_READ | VM_WRITE | MAY)

enum file_role {
	NO_FILE,
	DATA_FILE,
	OTHER_FILE,
	READ_ONLY_FILE,
	NR_FILES
};

/* What a letter stands for. */
struct kind {
	char letter;
	enum file_role file;
	uint64_t shift; /* of the file offset, in pages */
	uint64_t vm_flags;
	enum vm_special special; /* of what no call can make */
	uint64_t prot, flags;    /* for mmap */
};

static const struct kind kinds[] = {
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

/* A drawing on the table: its address space, and its files. */
struct easel {
	struct emulation emu;
	struct vm_file *files[NR_FILES];
};

static uint64_t page_address(int page)
{
	return PICTURE_BASE + ((uint64_t)page << PAGE_SHIFT);
}

static bool has_anon_vma(char letter)
{
	return letter == 'a' || letter == 'b' || letter == 'c';
}

static const struct kind *kind_of(char letter)
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

static void install(struct easel *easel, const struct kind *kind, int page,
		    int pages)
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
	install(easel, kind_of(letter), first, end - first);
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
			install(easel, kind_of(pages[page]), page, length);
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
		const struct kind *kind = &kinds[i];

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

/* Draws @nr pages into @out, and any page beyond that is in use. */
static void draw(const struct easel *easel, char *out, int nr)
{
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

static int64_t make_mmap(struct easel *easel, const struct picture_call *call)
{
	const struct kind *kind = kind_of(call->kind);
	uint64_t flags = kind->flags, addr = page_address(call->page);
	int64_t ret;

	if (call->verb == PICTURE_MMAP)
		flags |= MAP_FIXED;
	if (kind->file == NO_FILE)
		flags |= MAP_ANONYMOUS;
	ret = sys_mmap(easel->emu.task, addr,
		       (uint64_t)call->pages << PAGE_SHIFT, kind->prot, flags,
		       easel->files[kind->file],
		       ((uint64_t)call->page + kind->shift) << PAGE_SHIFT);
	return ret == (int64_t)addr ? 0 : ret;
}

static int64_t make_mremap(struct easel *easel, const struct picture_call *call)
{
	uint64_t addr = page_address(call->page), at = addr, flags = 0;
	int64_t ret;

	if (call->verb != PICTURE_RESIZE) {
		flags = MREMAP_MAYMOVE | MREMAP_FIXED;
		at = page_address(call->to);
	}
	if (call->verb == PICTURE_KEEP)
		flags |= MREMAP_DONTUNMAP;
	ret = sys_mremap(easel->emu.task, addr,
			 (uint64_t)call->pages << PAGE_SHIFT,
			 (uint64_t)call->new_pages << PAGE_SHIFT, flags, at);
	return ret == (int64_t)at ? 0 : ret;
}

static int64_t make_call(struct easel *easel, const struct picture_call *call)
{
	uint64_t addr = page_address(call->page);
	uint64_t len = (uint64_t)call->pages << PAGE_SHIFT;
	struct task_struct *task = easel->emu.task;
	int64_t ret;

	switch (call->verb) {
	case PICTURE_RESIZE:
	case PICTURE_MOVE:
	case PICTURE_KEEP:
		return make_mremap(easel, call);
	case PICTURE_MLOCK:
		return sys_mlock(task, addr, len);
	case PICTURE_ONFAULT:
		return sys_mlock2(task, addr, len, MLOCK_ONFAULT);
	case PICTURE_MUNLOCK:
		return sys_munlock(task, addr, len);
	case PICTURE_MADVISE:
		return sys_madvise(task, addr, len, call->advice);
	case PICTURE_MSEAL:
		return sys_mseal(task, addr, len, 0);
	case PICTURE_MMAP:
	case PICTURE_HINT:
		return make_mmap(easel, call);
	case PICTURE_MUNMAP:
		return sys_munmap(task, addr, len);
	case PICTURE_MPROTECT:
		return sys_mprotect(task, addr, len, kind_of(call->kind)->prot);
	case PICTURE_BRK:
		ret = sys_brk(task, addr);
		return ret == (int64_t)addr ? 0 : ret;
	case PICTURE_WRITE:
		return emulation_write(&easel->emu, addr);
	case PICTURE_READ:
		return emulation_read(&easel->emu, addr);
	default:
		abort();
	}
}

static void easel_begin(struct easel *easel, const struct picture *row,
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
	build(easel, row->before);
	if (row->max_map_count)
		easel->emu.machine.sysctl.max_map_count = row->max_map_count;
}

static const char *easel_end(struct easel *easel)
{
	int i;

	for (i = NO_FILE + 1; i < NR_FILES; i++)
		vm_file_put(easel->files[i]);
	return emulation_end(&easel->emu);
}

/* Whether the calls do what the row says. */
static bool play(struct easel *easel, const struct picture *row, char *why)
{
	char drawing[4 * PICTURE_PAGES], pages[PICTURE_PAGES + 1];
	bool apart[PICTURE_PAGES + 1];
	const struct picture_call *call;
	const char *wrong;
	int64_t ret = 0;

	draw(easel, drawing, read_drawing(row->before, pages, apart));
	if (strcmp(drawing, row->before)) {
		snprintf(why, PICTURE_WHY, "\"%s\" was built as \"%s\"",
			 row->before, drawing);
		return false;
	}
	for (call = row->calls; call < row->calls + PICTURE_CALLS; call++) {
		if (call->verb == PICTURE_NOTHING)
			break;
		ret = make_call(easel, call);
		wrong = validate_mm(&easel->emu.mm);
		if (wrong) {
			snprintf(why, PICTURE_WHY, "call %d: %s",
				 (int)(call - row->calls) + 1, wrong);
			return false;
		}
	}
	draw(easel, drawing, read_drawing(row->after, pages, apart));
	if (ret == row->ret && !strcmp(drawing, row->after))
		return true;
	snprintf(why, PICTURE_WHY,
		 "\"%s\" became \"%s\" and %" PRIi64
		 ", wanted \"%s\" and %" PRIi64,
		 row->before, drawing, ret, row->after, row->ret);
	return false;
}

bool picture_check(const struct picture *row,
		   const struct kernel_profile *profile, char *why)
{
	struct easel *easel = malloc(sizeof(*easel));
	const char *wrong;
	bool is_right;

	if (!easel)
		abort();
	easel_begin(easel, row, profile);
	is_right = play(easel, row, why);
	wrong = easel_end(easel);
	free(easel);
	if (is_right && wrong)
		snprintf(why, PICTURE_WHY, "at the end: %s", wrong);
	return is_right && !wrong;
}

static size_t check_all(const struct picture *rows, size_t nr,
			const struct kernel_profile *profile)
{
	char why[PICTURE_WHY];
	size_t i, failed = 0;

	for (i = 0; i < nr; i++) {
		if (picture_check(&rows[i], profile, why))
			continue;
		fprintf(stderr, "%s: %s: %s\n", profile->name, rows[i].name,
			why);
		failed++;
	}
	return failed;
}

size_t picture_check_all(const struct picture *rows, size_t nr)
{
	return check_all(rows, nr, kernel_profile_at(0));
}

size_t picture_check_release(const struct picture *rows, size_t nr,
			     const char *release)
{
	const struct kernel_profile *profile =
		kernel_profile_find(release, strlen(release));

	if (!profile) {
		fprintf(stderr, "there is no release %s\n", release);
		abort();
	}
	return check_all(rows, nr, profile);
}

size_t picture_check_releases(const struct picture *rows, size_t nr)
{
	static const char *const releases[] = { "4.0", "5.10", "6.1", "6.12" };
	size_t wrong = 0, i;

	for (i = 0; i < sizeof(releases) / sizeof(releases[0]); i++)
		wrong += picture_check_release(rows, nr, releases[i]);
	return wrong;
}
