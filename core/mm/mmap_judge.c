/* SPDX-License-Identifier: MIT */
#include "core/hot.h"
#include "core/mm/mmap.h"

#include "core/mm/mm.h"
#include "core/mm/profile.h"
#include "core/mm/setup.h"
#include "core/mm/step.h"

/* A hint is never below what this machine lets anybody map. */
static uint64_t round_hint_to_min(const struct mm_struct *mm, uint64_t hint)
{
	uint64_t min = mm->machine->sysctl.mmap_min_addr;
	uint64_t page = hint & PAGE_MASK;

	if (page && page < min)
		page = PAGE_ALIGN(min);
	if (page != hint)
		step(mm, MMAP_HINT_ROUNDED, hint, page);
	return page;
}

HOT static uint64_t calc_vm_flags(const struct mm_struct *mm, uint64_t prot,
				  uint64_t flags)
{
	uint64_t vm_flags =
		mm->def_flags | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;

	/* PROT_READ, WRITE and EXEC are VM_READ, WRITE and EXEC. */
	vm_flags |= prot & (PROT_READ | PROT_WRITE | PROT_EXEC);
	if (flags & MAP_GROWSDOWN)
		vm_flags |= VM_GROWSDOWN;
	if (flags & MAP_LOCKED)
		vm_flags |= VM_LOCKED;
	if (flags & MAP_DENYWRITE)
		vm_flags |= VM_DENYWRITE;
	if (flags & MAP_STACK && mm->machine->profile->map_stack_is_nohugepage)
		vm_flags |= VM_NOHUGEPAGE;
	return vm_flags;
}

/* No file reaches beyond 2^63 bytes. */
static bool file_mmap_ok(const struct mm_struct *mm, const struct mapping *map)
{
	const uint64_t max_pages = 1ULL << (63 - PAGE_SHIFT);
	uint64_t pages = map->len >> PAGE_SHIFT;

	return !mm->machine->profile->file_offsets_limited ||
	       (pages < max_pages && map->pgoff < max_pages - pages);
}

/* Flags that a mapping that wants them validated may have. */
#define LEGACY_MAP_MASK                                                        \
	(MAP_TYPE | MAP_FIXED | MAP_ANONYMOUS | MAP_32BIT | MAP_GROWSDOWN |    \
	 MAP_DENYWRITE | MAP_EXECUTABLE | MAP_LOCKED | MAP_NORESERVE |         \
	 MAP_POPULATE | MAP_NONBLOCK | MAP_STACK | MAP_HUGETLB |               \
	 MAP_HUGE_MASK)

static int64_t judge_file(const struct mm_struct *mm, struct mapping *map,
			  uint64_t prot, uint64_t flags)
{
	uint64_t type = flags & MAP_TYPE;

	if (!file_mmap_ok(mm, map)) {
		step(mm, MMAP_FILE_TOO_FAR, map->pgoff, map->len >> PAGE_SHIFT,
		     STEP_ERRNO(MM_EOVERFLOW));
		return -MM_EOVERFLOW;
	}
	if (type == MAP_SHARED_VALIDATE &&
	    mm->machine->profile->has_shared_validate) {
		if (flags & ~(uint64_t)LEGACY_MAP_MASK) {
			step(mm, MMAP_UNKNOWN_FLAGS,
			     flags & ~(uint64_t)LEGACY_MAP_MASK,
			     STEP_ERRNO(MM_EOPNOTSUPP));
			return -MM_EOPNOTSUPP;
		}
		type = MAP_SHARED;
	}
	if (type != MAP_SHARED && type != MAP_PRIVATE) {
		step(mm, MMAP_BAD_TYPE, flags, STEP_ERRNO(MM_EINVAL));
		return -MM_EINVAL;
	}
	if (type == MAP_SHARED) {
		if (prot & PROT_WRITE && !map->file->writable) {
			step(mm, MMAP_NOT_WRITABLE, map->file->inode,
			     STEP_ERRNO(MM_EACCES));
			return -MM_EACCES;
		}
		map->vm_flags |= VM_SHARED | VM_MAYSHARE;
		/* A file that is not writable is shared only in name. */
		if (!map->file->writable)
			map->vm_flags &= ~(VM_MAYWRITE | VM_SHARED);
	}
	if (!map->file->readable) {
		step(mm, MMAP_NOT_READABLE, map->file->inode,
		     STEP_ERRNO(MM_EACCES));
		return -MM_EACCES;
	}
	if (map->vm_flags & VM_GROWSDOWN) {
		step(mm, MMAP_GROWSDOWN, STEP_ERRNO(MM_EINVAL));
		return -MM_EINVAL;
	}
	return 0;
}

/* Pages that may vanish: nothing is kept for them, locked, or passed on. */
static int64_t judge_droppable(const struct mm_struct *mm, struct mapping *map,
			       uint64_t flags)
{
	if (!mm->machine->profile->has_droppable || flags & MAP_LOCKED ||
	    map->vm_flags & VM_GROWSDOWN) {
		step(mm, MMAP_DROPPABLE, STEP_ERRNO(MM_EINVAL));
		return -MM_EINVAL;
	}
	map->vm_flags |=
		VM_DROPPABLE | VM_NORESERVE | VM_WIPEONFORK | VM_DONTDUMP;
	map->pgoff = map->addr >> PAGE_SHIFT;
	return 0;
}

static int64_t judge_anonymous(const struct mm_struct *mm, struct mapping *map,
			       uint64_t flags)
{
	switch (flags & MAP_TYPE) {
	case MAP_DROPPABLE:
		return judge_droppable(mm, map, flags);
	case MAP_SHARED:
		if (map->vm_flags & VM_GROWSDOWN) {
			step(mm, MMAP_GROWSDOWN, STEP_ERRNO(MM_EINVAL));
			return -MM_EINVAL;
		}
		map->vm_flags |= VM_SHARED | VM_MAYSHARE;
		map->pgoff = 0;
		return 0;
	case MAP_PRIVATE:
		map->pgoff = map->addr >> PAGE_SHIFT;
		return 0;
	default:
		step(mm, MMAP_BAD_TYPE, flags, STEP_ERRNO(MM_EINVAL));
		return -MM_EINVAL;
	}
}

/* Length, offset and number of areas, before any place is looked for. */
static int64_t judge_size(const struct mm_struct *mm, struct mapping *map)
{
	uint64_t max = mm->machine->sysctl.max_map_count, len = map->len;

	map->len = PAGE_ALIGN(len);
	if (!map->len) {
		step(mm, MMAP_LENGTH_WRAPS, len, STEP_ERRNO(MM_ENOMEM));
		return -MM_ENOMEM;
	}
	if (map->pgoff + (map->len >> PAGE_SHIFT) < map->pgoff)
		return -MM_EOVERFLOW;
	if (mm->map_count > max) {
		step(mm, MMAP_AREAS_EXCEEDED, mm->map_count, max,
		     STEP_ERRNO(MM_ENOMEM));
		return -MM_ENOMEM;
	}
	step(mm, MMAP_AREAS_KEPT, mm->map_count, max);
	return 0;
}

/* The checks of do_mmap_pgoff(), in the kernel's order. */
HOT int64_t judge_mapping(struct task_struct *task, struct mapping *map,
			  uint64_t prot, uint64_t flags)
{
	struct mm_struct *mm = task->mm;
	const struct kernel_profile *profile = mm->machine->profile;
	const struct sysctl *sysctl = &mm->machine->sysctl;
	uint64_t of_file = 0;
	bool noreplace = false;
	int64_t addr, error;

	if (!map->len) {
		step(mm, MMAP_NO_LENGTH, STEP_ERRNO(MM_EINVAL));
		return -MM_EINVAL;
	}
	if (flags & MAP_FIXED_NOREPLACE && profile->has_fixed_noreplace) {
		flags |= MAP_FIXED;
		noreplace = true;
	}
	if (!(flags & MAP_FIXED))
		map->addr = round_hint_to_min(mm, map->addr);
	error = judge_size(mm, map);
	if (error)
		return error;
	if (map->file || flags & MAP_SHARED)
		of_file = UNMAPPED_AREA_OF_FILE;
	addr = get_unmapped_area(task, map->addr, map->len, flags | of_file,
				 &map->place);
	if (addr < 0)
		return addr;
	map->addr = (uint64_t)addr;
	if (noreplace &&
	    find_vma_intersection(task, map->addr, map->addr + map->len)) {
		step(mm, MMAP_EXISTS, map->addr, map->addr + map->len,
		     STEP_ERRNO(MM_EEXIST));
		return -MM_EEXIST;
	}

	map->vm_flags = calc_vm_flags(mm, prot, flags);
	step(mm, MMAP_FLAGS, map->vm_flags);
	if (flags & MAP_LOCKED && !can_do_mlock(mm))
		return -MM_EPERM;
	if (!mlock_future_check(mm, map->vm_flags, map->len))
		return -MM_EAGAIN;
	error = map->file ? judge_file(mm, map, prot, flags)
			  : judge_anonymous(mm, map, flags);
	if (error)
		return error;
	if (flags & MAP_NORESERVE && sysctl->overcommit_memory != 2)
		map->vm_flags |= VM_NORESERVE;
	map->populate = map->vm_flags & VM_LOCKED ||
			(flags & (MAP_POPULATE | MAP_NONBLOCK)) == MAP_POPULATE;
	return 0;
}
