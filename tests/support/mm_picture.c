/* SPDX-License-Identifier: MIT */
#include "tests/support/mm_picture.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/mm_easel.h"

static int64_t make_mmap(struct easel *easel, const struct picture_call *call)
{
	const struct easel_kind *kind = easel_kind(call->kind);
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
		return sys_mprotect(task, addr, len,
				    easel_kind(call->kind)->prot);
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

/* Whether the calls do what the row says. */
static bool play(struct easel *easel, const struct picture *row, char *why)
{
	char drawing[4 * PICTURE_PAGES];
	const struct picture_call *call;
	const char *wrong;
	int64_t ret = 0;

	easel_draw(easel, row->before, drawing);
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
	easel_draw(easel, row->after, drawing);
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
	easel_begin(easel, row->before, profile);
	if (row->max_map_count)
		easel->emu.machine.sysctl.max_map_count = row->max_map_count;
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
