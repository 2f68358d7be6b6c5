/* SPDX-License-Identifier: MIT */
#include "core/mm/assert.h"
#include "core/mm/fault.h"
#include "core/mm/memory.h"
#include "core/mm/munmap.h"
#include "core/mm/page_cache.h"
#include "core/mm/profile.h"
#include "core/mm/setup.h"
#include "core/mm/step.h"
#include "core/mm/unmapped_area.h"
#include "core/mm/vma.h"

/* A mapping that the checks have let through. */
struct mapping {
	uint64_t addr, len; /* bytes, page aligned */
	uint64_t vm_flags;
	struct vm_file *file;
	uint64_t pgoff;
	bool populate;
	struct unmapped_place place;
	struct vm_file *shmem; /* the new object of a shared anonymous one */
	/* What was there, emptied: the new area takes over its place. */
	struct vm_area_struct *reborn;
};

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

static uint64_t calc_vm_flags(const struct mm_struct *mm, uint64_t prot,
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

/* All checks of do_mmap_pgoff(), in the kernel's order. */
static int64_t judge_mapping(struct task_struct *task, struct mapping *map,
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

int reserve_population(struct mm_struct *mm, uint64_t start, uint64_t len,
		       uint64_t pages, struct memory_need *need)
{
	struct machine *machine = mm->machine;

	fault_need(start, start + len, 1, need);
	/* Tables, and the pages themselves: a real kernel would kill for them. */
	if (pages + (len >> 21) > machine_free_pages(machine)) {
		machine->memory->refusal = REFUSAL_MACHINE;
		return -1;
	}
	return memory_reserve(machine->memory, need);
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

/* Private writable memory is committed at once, unless told otherwise. */
static bool accountable_mapping(uint64_t vm_flags)
{
	return (vm_flags & (VM_NORESERVE | VM_SHARED | VM_WRITE)) == VM_WRITE;
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
 * Everything that the mapping may take from the host: three areas (two split
 * off what MAP_FIXED covers, one new), the shared object, and what population
 * needs.
 */
static int reserve_mapping(struct mm_struct *mm, struct mapping *map)
{
	struct memory_need need = { .areas = 3, .net_areas = 1 };
	struct memory *memory = mm->machine->memory;
	int refused;

	if (memory->account->areas + 1 >= memory->account->max_areas)
		need.net_areas +=
			munmap_leaves_one_more(mm, map->addr, map->len);
	refused = map->populate && may_succeed(mm, map)
			  ? reserve_population(mm, map->addr, map->len,
					       populated_pages(map), &need)
			  : memory_reserve(memory, &need);
	if (refused)
		return -1;
	if (map->file || !(map->vm_flags & VM_SHARED))
		return 0;
	map->shmem = shmem_zero_setup(mm->machine, map->len >> PAGE_SHIFT,
				      map->vm_flags & VM_NORESERVE);
	return map->shmem ? 0 : -1;
}

/* RLIMIT_AS, judged by what is added net of what gets replaced. */
static bool fits_address_space(struct task_struct *task,
			       const struct mapping *map)
{
	struct mm_struct *mm = task->mm;
	uint64_t pages = map->len >> PAGE_SHIFT, covered;

	if (may_expand_vm(mm, map->vm_flags, pages))
		return true;
	covered = count_vma_pages_range(task, map->addr, map->addr + map->len);
	pages -= covered;
	step(mm, MMAP_NET_PAGES, covered, pages);
	return may_expand_vm(mm, map->vm_flags, pages);
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

/* Commit what the mapping or its object charges as a whole. */
static bool charge_mapping(struct mm_struct *mm, struct mapping *map)
{
	uint64_t pages = map->len >> PAGE_SHIFT;

	if (map->shmem)
		return map->shmem->noreserve || vm_enough_memory(mm, pages);
	if (!accountable_mapping(map->vm_flags))
		return true;
	if (!vm_enough_memory(mm, pages))
		return false;
	map->vm_flags |= VM_ACCOUNT;
	return true;
}

static struct merge_request request_of(const struct mapping *map,
				       struct vm_area_struct *prev)
{
	return (struct merge_request){
		.prev = prev,
		.start = map->addr,
		.end = map->addr + map->len,
		.vm_flags = map->vm_flags,
		.file = map->file,
		.pgoff = map->pgoff,
	};
}

static bool joins_neighbours(const struct mapping *map,
			     const struct vm_area_struct *vma)
{
	struct merge_request request = request_of(map, vma->vm_prev);

	if (accountable_mapping(map->vm_flags))
		request.vm_flags |= VM_ACCOUNT;
	return vma_may_merge(&request, vma->vm_next);
}

/*
 * Would the new area stand exactly where the old one does? The tree takes a red
 * leaf out and puts it back without any other node's noticing, and with the same
 * borders the gaps are the same, unless somebody grows.
 */
static bool may_be_reborn(const struct mm_struct *mm, const struct mapping *map,
			  const struct vm_area_struct *vma)
{
	const struct vm_area_struct *prev = vma->vm_prev, *next = vma->vm_next;

	if (vma->vm_start != map->addr ||
	    vma->vm_end - vma->vm_start != map->len ||
	    rb_is_black(&vma->vm_rb) || vma->vm_rb.left || vma->vm_rb.right ||
	    vma->vm_special != VM_SPECIAL_NONE ||
	    (vma->vm_flags | map->vm_flags) & VM_GROWSDOWN || steps_wanted(mm))
		return false;
	if ((!prev || prev->vm_end != vma->vm_start) &&
	    (!next || next->vm_start != vma->vm_end))
		return true;
	return map->shmem || !joins_neighbours(map, vma);
}

/* Take the areas from @vma on away, if any; answers what is behind them. */
static struct vm_area_struct *
clear(struct task_struct *task, struct mapping *map, struct vm_area_struct *vma)
{
	if (!may_be_reborn(task->mm, map, vma))
		return unmap_cut_out(task, vma, map->addr + map->len);
	unmap_in_place(task, vma);
	map->reborn = vma;
	return vma->vm_next;
}

/* Clear the place, and answer how the mapping then is linked. */
static int64_t clear_place(struct task_struct *task, struct mapping *map,
			   struct vma_links *links)
{
	struct mm_struct *mm = task->mm;
	uint64_t end = map->addr + map->len;
	struct vm_area_struct *next = map->place.next;

	/* Who listens hears of the walks that the kernel makes. */
	if (steps_wanted(mm)) {
		while (!find_vma_links(mm, map->addr, end, links)) {
			step(mm, MMAP_COVERED, map->addr, end);
			if (do_munmap(task, map->addr, map->len))
				return -MM_ENOMEM;
		}
		return 0;
	}
	if (!map->place.known)
		next = vma_at_or_after(mm, map->addr);
	if (next && next->vm_start < end) {
		find_vma_onwards(task, map->addr, next);
		if (cut_out(task, map->addr, end, &next))
			return -MM_ENOMEM;
		next = clear(task, map, next);
	}
	if (!map->reborn)
		*links = vma_links_before(mm, next);
	return 0;
}

/* The new area will not come: its place is free. */
static void abandon_reborn(struct mm_struct *mm, const struct mapping *map)
{
	if (!map->reborn)
		return;
	vma_unlink_range(mm, map->reborn, map->reborn);
	vma_free(mm, map->reborn);
}

/* What is covered goes first, and stays gone if the rest fails (L9). */
static int64_t clear_then_judge(struct task_struct *task, struct mapping *map,
				struct vma_links *links)
{
	if (!fits_address_space(task, map) || clear_place(task, map, links))
		return -MM_ENOMEM;
	if (charge_mapping(task->mm, map))
		return 0;
	abandon_reborn(task->mm, map);
	return -MM_ENOMEM;
}

/* Pages of the areas from @vma on that end at @end or below. */
static uint64_t covered_pages(const struct vm_area_struct *vma, uint64_t end,
			      uint64_t vm_flags)
{
	uint64_t pages = 0;

	for (; vma && vma->vm_start < end; vma = vma->vm_next)
		if (!vm_flags || vma->vm_flags & vm_flags)
			pages += vma_pages(vma);
	return pages;
}

/*
 * What is covered is cut out, but goes only when nothing can fail any more. Its
 * commitment is taken over by what comes.
 */
static int64_t judge_then_clear(struct task_struct *task, struct mapping *map,
				struct vma_links *links)
{
	struct mm_struct *mm = task->mm;
	uint64_t pages = map->len >> PAGE_SHIFT;
	uint64_t end = map->addr + map->len, accounted;
	bool account = accountable_mapping(map->vm_flags);
	struct vm_area_struct *next = map->place.next, *first;
	int64_t error;

	if (!map->place.known)
		next = vma_at_or_after(mm, map->addr);
	first = next;
	error = cut_out(task, map->addr, end, &first);
	if (error)
		return error;
	if (!may_expand_vm(mm, map->vm_flags,
			   pages - covered_pages(first, end, 0)))
		return -MM_ENOMEM;
	accounted = covered_pages(first, end, VM_ACCOUNT);
	if (account && pages > accounted &&
	    !vm_enough_memory(mm, pages - accounted))
		return -MM_ENOMEM;
	if (account) {
		vm_acct_memory(mm->machine, accounted);
		map->vm_flags |= VM_ACCOUNT;
	}
	if (first)
		next = clear(task, map, first);
	if (!steps_wanted(mm))
		*links = vma_links_before(mm, next);
	else if (!find_vma_links(mm, map->addr, end, links))
		mm_assert(false);
	/* The object of a shared area comes last. */
	if (!map->shmem || charge_mapping(mm, map))
		return 0;
	abandon_reborn(mm, map);
	return -MM_ENOMEM;
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
	request = request_of(map, links->prev);
	return task->mm->machine->profile->mmap_prefers_next
		       ? vma_merge_next_first(task, &request)
		       : vma_merge(task, &request);
}

static int64_t mmap_region(struct task_struct *task, struct mapping *map)
{
	struct mm_struct *mm = task->mm;
	uint64_t end = map->addr + map->len;
	struct vm_area_struct *vma;
	struct vma_links links;
	int64_t error;

	step(mm, MMAP_REGION, map->addr, end, map->vm_flags);
	error = mm->machine->profile->mmap_failure_restores
			? judge_then_clear(task, map, &links)
			: clear_then_judge(task, map, &links);
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

int64_t vm_mmap(struct task_struct *task, uint64_t addr, uint64_t len,
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

	ret = mmap_region(task, &map);
	if (map.shmem) {
		/* It was not used, and its commitment was not charged. */
		map.shmem->committed = 0;
		vm_file_put(map.shmem);
	}
	if (ret >= 0 && map.populate)
		mm_populate(task, map.addr, map.len);
	mm_debug_validate(mm);
	return ret;
}

int64_t sys_mmap(struct task_struct *task, uint64_t addr, uint64_t len,
		 uint64_t prot, uint64_t flags, struct vm_file *file,
		 uint64_t offset)
{
	step(task->mm, MMAP_ASKED, addr, len, prot, flags, STEP_BY_SYS_MMAP);
	flags &= ~(uint64_t)(MAP_DENYWRITE | MAP_EXECUTABLE);
	return vm_mmap(task, addr, len, prot, flags, file, offset);
}

/* Does the area reach to @end, perhaps with others of the same kind? */
static bool holds_range(const struct mm_struct *mm,
			const struct vm_area_struct *vma, uint64_t end)
{
	const struct vm_area_struct *next = vma;

	if (!mm->machine->profile->remap_file_pages_spans)
		return end <= vma->vm_end;
	while (next && next->vm_end < end) {
		next = next->vm_next;
		if (!next || next->vm_start != next->vm_prev->vm_end ||
		    next->vm_file != vma->vm_file ||
		    next->vm_flags != vma->vm_flags)
			return false;
	}
	return true;
}

static int64_t refuse_remap(const struct mm_struct *mm, uint64_t start)
{
	step(mm, RFP_BAD, start, STEP_ERRNO(MM_EINVAL));
	return -MM_EINVAL;
}

int64_t sys_remap_file_pages(struct task_struct *task, uint64_t start,
			     uint64_t size, uint64_t prot, uint64_t pgoff,
			     uint64_t flags)
{
	const uint64_t access = VM_READ | VM_WRITE | VM_EXEC;
	struct mm_struct *mm = task->mm;
	const struct vmacache vmacache = task->vmacache;
	struct vm_area_struct *vma;
	struct mapping map;
	int64_t ret;

	step(mm, RFP_ASKED, start, size, pgoff);
	if (prot)
		return refuse_remap(mm, start);
	start &= PAGE_MASK;
	size &= PAGE_MASK;
	if (start + size <= start || pgoff + (size >> PAGE_SHIFT) < pgoff)
		return refuse_remap(mm, start);
	vma = find_vma_by(task, start, STEP_BY_LOOK_UP);
	if (!vma || !(vma->vm_flags & VM_SHARED) || start < vma->vm_start ||
	    !holds_range(mm, vma, start + size))
		return refuse_remap(mm, start);
	if (!mm->machine->profile->remap_file_pages_spans &&
	    pgoff == vma->vm_pgoff + ((start - vma->vm_start) >> PAGE_SHIFT)) {
		step(mm, RFP_IN_PLACE, vma->id, pgoff);
		return 0;
	}

	flags = (flags & MAP_NONBLOCK) | MAP_SHARED | MAP_FIXED | MAP_POPULATE;
	if (vma->vm_flags & VM_LOCKED)
		flags |= MAP_LOCKED;
	map = (struct mapping){
		.addr = start,
		.len = size,
		.file = vma->vm_file,
		.pgoff = pgoff,
	};
	ret = judge_mapping(task, &map, vma->vm_flags & access, flags);
	if (ret < 0)
		return ret;
	if (reserve_mapping(mm, &map)) {
		task->vmacache = vmacache;
		return MM_HOST_REFUSED;
	}
	/* The area may go, its file must not. */
	vm_file_get(map.file);
	ret = mmap_region(task, &map);
	vm_file_put(map.file);
	if (ret >= 0 && map.populate)
		mm_populate(task, start, size);
	mm_debug_validate(mm);
	return ret < 0 ? ret : 0;
}
