/* SPDX-License-Identifier: MIT */
#include "core/mm/mmap.h"

#include "core/hot.h"
#include "core/mm/assert.h"
#include "core/mm/fault.h"
#include "core/mm/memory.h"
#include "core/mm/mm.h"
#include "core/mm/munmap.h"
#include "core/mm/page_cache.h"
#include "core/mm/profile.h"
#include "core/mm/setup.h"
#include "core/mm/step.h"

int reserve_population(struct mm_struct *mm, uint64_t start, uint64_t len,
		       uint64_t pages, struct memory_need *need)
{
	fault_need(start, start + len, 1, need);
	/* Tables, and the pages themselves: a real kernel would kill for them. */
	return reserve_populate(mm, pages + (len >> PMD_SHIFT), need);
}

/* Page nodes that its file's cache takes, if all of it is touched. */
static uint64_t cache_nodes(const struct mapping *map)
{
	const struct vm_file *file = map->file ? map->file : map->shmem;

	return file ? page_cache_missing(file, map->pgoff,
					 map->pgoff + (map->len >> PAGE_SHIFT))
		    : 0;
}

/* Pages that populating the mapping takes from the machine, at most. */
static uint64_t populated_pages(const struct mapping *map)
{
	uint64_t pages = map->len >> PAGE_SHIFT, in_file;

	if (map->file) {
		in_file = vm_file_pages(map->file);
		in_file = in_file > map->pgoff ? in_file - map->pgoff : 0;
		pages = pages < in_file ? pages : in_file;
		return map->vm_flags & VM_WRITE ? 2 * pages : pages;
	}
	if (map->vm_flags & (VM_SHARED | VM_WRITE))
		return pages;
	return 0; /* the zero page */
}

/* Everything that populating the mapping may take, too. */
static int reserve_populated(struct mm_struct *mm, const struct mapping *map,
			     struct memory_need *need)
{
	need->cache_nodes += cache_nodes(map);
	return reserve_population(mm, map->addr, map->len, populated_pages(map),
				  need);
}

/*
 * Will the limits let it through? What they refuse needs no memory; the answer
 * is theirs, not the host's. What is covered may give back enough.
 */
static bool limits_let(const struct mm_struct *mm, const struct mapping *map)
{
	uint64_t pages = map->len >> PAGE_SHIFT;
	const uint64_t shared = VM_SHARED | VM_NORESERVE;
	bool account = accountable_mapping(map->vm_flags) ||
		       (!map->file && (map->vm_flags & shared) == VM_SHARED);

	if (range_areas(mm, map->addr, map->addr + map->len))
		return true;
	if (account) {
		if (!vm_enough_memory(mm, pages))
			return false;
		vm_unacct_memory(mm->machine, pages);
	}
	return may_expand_vm(mm, map->vm_flags, pages);
}

static bool may_succeed(const struct mm_struct *mm, const struct mapping *map)
{
	struct step_sink *steps = steps_hush(mm);
	bool may = limits_let(mm, map);

	steps_resume(mm, steps);
	return may;
}

/*
 * The object of shared anonymous memory. It comes first: what is reserved has not
 * been taken yet, and would not count when the object is asked for.
 */
static int make_object(struct mm_struct *mm, struct mapping *map)
{
	if (map->file || !(map->vm_flags & VM_SHARED))
		return 0;
	map->shmem = shmem_zero_setup(mm->machine, map->len >> PAGE_SHIFT,
				      map->vm_flags & VM_NORESERVE);
	return map->shmem ? 0 : -1;
}

/* As if there had been none; its commitment was not charged. */
static void unmake_object(struct mm_struct *mm, struct mapping *map)
{
	if (!map->shmem)
		return;
	map->shmem->committed = 0;
	vm_file_put(map->shmem);
	map->shmem = NULL;
	mm->machine->next_inode--;
}

/*
 * Everything that the mapping may take from the host: the shared object, three
 * areas (two split off what MAP_FIXED covers, one new), and what population
 * needs.
 */
HOT int reserve_mapping(struct mm_struct *mm, struct mapping *map)
{
	struct memory_need need = { .areas = 3, .net_areas = 1 };
	struct memory *memory = mm->machine->memory;
	int refused;

	if (make_object(mm, map))
		return -1;
	if (memory_lacks_areas(memory, 2))
		need.net_areas +=
			munmap_leaves_one_more(mm, map->addr, map->len);
	refused = map->populate && may_succeed(mm, map)
			  ? reserve_populated(mm, map, &need)
			  : memory_reserve(memory, &need);
	if (refused)
		unmake_object(mm, map);
	return refused;
}

static struct vm_area_struct *new_area(struct mm_struct *mm,
				       struct mapping *map,
				       const struct vma_links *links)
{
	struct vm_area_struct *vma = map->reborn;

	if (!vma) {
		vma = memory_take_area(mm->machine->memory);
		vma->vm_start = map->addr;
		vma->vm_end = map->addr + map->len;
	}
	vma->id = ++mm->next_vma_id;
	vma->vm_flags = map->vm_flags;
	vma->vm_pgoff = map->pgoff;
	vma->vm_file = map->file ? vm_file_get(map->file) : map->shmem;
	step(mm, AREA_NEW, vma->id, vma->vm_start, vma->vm_end, vma->vm_flags);
	if (map->shmem)
		step(mm, MMAP_OBJECT, vma->id, map->shmem->inode);
	map->shmem = NULL;
	if (!map->reborn)
		vma_link(mm, vma, links);
	return vma;
}

/* The neighbour that takes the mapping over, or NULL. */
static struct vm_area_struct *merge_new(struct task_struct *task,
					const struct mapping *map,
					const struct vma_links *links)
{
	struct merge_request request;

	/* A shared anonymous area has an object of its own: nothing to join. */
	if (map->shmem || map->reborn)
		return NULL;
	request = mapping_request(map, links->prev);
	return task->mm->machine->profile->mmap_prefers_next
		       ? vma_merge_next_first(task, &request)
		       : vma_merge(task, &request);
}

HOT int64_t mmap_region(struct task_struct *task, struct mapping *map)
{
	struct mm_struct *mm = task->mm;
	uint64_t end = map->addr + map->len;
	struct vm_area_struct *vma;
	struct vma_links links;
	int64_t error;

	step(mm, MMAP_REGION, map->addr, end, map->vm_flags);
	error = make_room(task, map, &links);
	if (error) {
		step(mm, MMAP_REFUSED, map->addr, (uint64_t)error);
		return error;
	}

	vma = merge_new(task, map, &links);
	if (!vma)
		vma = new_area(mm, map, &links);

	vm_stat_account(mm, map->vm_flags, vma->vm_file,
			(int64_t)(map->len >> PAGE_SHIFT));
	if (map->vm_flags & VM_LOCKED) {
		mm->locked_vm += map->len >> PAGE_SHIFT;
		step(mm, MMAP_LOCKED, map->len >> PAGE_SHIFT, mm->locked_vm);
	}
	vma->vm_flags |= VM_SOFTDIRTY;
	step(mm, MMAP_DONE, end, map->addr);
	return (int64_t)map->addr;
}

HOT int64_t vm_mmap(struct task_struct *task, uint64_t addr, uint64_t len,
		    uint64_t prot, uint64_t flags, struct vm_file *file,
		    uint64_t offset)
{
	struct mapping map = {
		.addr = addr,
		.len = len,
		.file = flags & MAP_ANONYMOUS ? NULL : file,
		.pgoff = offset >> PAGE_SHIFT,
	};
	struct mm_struct *mm = task->mm;
	/* Looking for a place changes these; a refusal must not. */
	const bool looks =
		(flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) != MAP_FIXED;
	const uint64_t random = mm->machine->random;
	struct vmacache vmacache;
	int64_t ret;

	if (offset & ~PAGE_MASK) {
		step(mm, MMAP_OFFSET_MISALIGNED, offset, STEP_ERRNO(MM_EINVAL));
		return -MM_EINVAL;
	}
	if (!(flags & MAP_ANONYMOUS) && !file) {
		step(mm, MMAP_NO_FILE, STEP_ERRNO(MM_EBADF));
		return -MM_EBADF;
	}
	if (flags & MAP_HUGETLB) {
		step(mm, MMAP_HUGETLB, STEP_ERRNO(MM_EINVAL));
		return -MM_EINVAL;
	}
	if (looks)
		vmacache = task->vmacache;
	ret = judge_mapping(task, &map, prot, flags);
	if (ret < 0)
		return ret;
	if (reserve_mapping(mm, &map)) {
		if (looks)
			task->vmacache = vmacache;
		mm->machine->random = random;
		return MM_HOST_REFUSED;
	}

	hold_committed_pages(mm->machine);
	ret = mmap_region(task, &map);
	if (map.shmem) {
		/* It was not used, and its commitment was not charged. */
		map.shmem->committed = 0;
		vm_file_put(map.shmem);
	}
	if (ret >= 0 && map.populate)
		mm_populate(task, map.addr, map.len);
	release_committed_pages(mm->machine);
	mm_debug_validate(mm);
	return ret;
}

HOT int64_t sys_mmap(struct task_struct *task, uint64_t addr, uint64_t len,
		     uint64_t prot, uint64_t flags, struct vm_file *file,
		     uint64_t offset)
{
	step(task->mm, MMAP_ASKED, addr, len, prot, flags, STEP_BY_SYS_MMAP);
	flags &= ~(uint64_t)(MAP_DENYWRITE | MAP_EXECUTABLE);
	return vm_mmap(task, addr, len, prot, flags, file, offset);
}
