/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Areas: finding, linking, splitting, adjusting and merging
 *
 * Internal to core/mm. Nothing here fails: objects come from what the calling
 * system call has reserved. @task is the calling thread, whose vmacache the
 * searches use and whose mm is worked on.
 */
#include "core/mm/mm_types.h"
#include "core/mm/profile.h"
#include "core/mm/step.h"

static inline struct vm_area_struct *vma_of(const struct rb_node *node)
{
	return rb_entry(node, struct vm_area_struct, vm_rb);
}

/* Where an area begins as far as its neighbours below are concerned. */
static inline uint64_t vm_start_gap(const struct mm_struct *mm,
				    const struct vm_area_struct *vma)
{
	uint64_t gap = mm->stack_guard_gap;

	if (!(vma->vm_flags & VM_GROWSDOWN))
		return vma->vm_start;
	return vma->vm_start > gap ? vma->vm_start - gap : 0;
}

/* Where an area that covers nothing mapped belongs. */
struct vma_links {
	struct vm_area_struct *prev; /* the area before, NULL: none */
	struct rb_node *parent;
	struct rb_node **link;
};

/**
 * find_vma_prev() - find_vma(), and the area before the one it finds
 * @prevp: out: the area before; the last one of all if none is found
 */
struct vm_area_struct *find_vma_prev(struct task_struct *task, uint64_t addr,
				     struct vm_area_struct **prevp);

/**
 * find_vma_intersection() - the first area that overlaps [start, end)
 *
 * Return: the area, or NULL. One look-up through the vmacache.
 */
struct vm_area_struct *find_vma_intersection(struct task_struct *task,
					     uint64_t start, uint64_t end);

/**
 * find_vma_links() - where to link an area [addr, end)
 * @links: out, unless something is mapped there
 *
 * Walks the tree without the vmacache.
 *
 * Return: false if an area overlaps.
 */
bool find_vma_links(struct mm_struct *mm, uint64_t addr, uint64_t end,
		    struct vma_links *links);

/* The same where the area behind the place is known (NULL: none). O(1). */
struct vma_links vma_links_before(struct mm_struct *mm,
				  struct vm_area_struct *next);

/* find_vma(), @by the function that a release with a maple tree has there. */
struct vm_area_struct *find_vma_by(struct task_struct *task, uint64_t addr,
				   enum step_by by);

/* How far the list is followed before the tree is asked: about its height. */
enum {
	VMA_LIST_STEPS = 16
};

/**
 * find_vma_onwards() - find_vma() where the answer is hardly far
 * @from: an area; none before it ends above @addr
 *
 * What is asked of the vmacache and remembered is the same; before it walks the
 * tree it follows the list a little.
 */
struct vm_area_struct *find_vma_onwards(struct task_struct *task, uint64_t addr,
					struct vm_area_struct *from);

/* Pages of [addr, end) that are mapped; one look-up through the vmacache. */
uint64_t count_vma_pages_range(struct task_struct *task, uint64_t addr,
			       uint64_t end);

/* Link @vma into list and tree, and count it. */
void vma_link(struct mm_struct *mm, struct vm_area_struct *vma,
	      const struct vma_links *links);

/**
 * vma_append() - link @vma behind all areas, one of many
 *
 * List and map_count are right afterwards; the tree and its summaries are when
 * vma_append_end() was called behind the last one. Amortised O(1).
 */
void vma_append(struct mm_struct *mm, struct vm_area_struct *vma);
void vma_append_end(struct mm_struct *mm);

/* So many areas are on their way into the cache where many are gone through. */
#define VMA_AHEAD 6

/*
 * Take the areas from @first to @last out of list and tree. They stay linked
 * with each other through vm_next; vm_prev is as many areas ahead as VMA_AHEAD
 * says, for whoever goes through them and fetches what comes, or else as it was.
 *
 *   prev  [first ... last]  next      ->      prev  next
 */
void vma_unlink_range(struct mm_struct *mm, struct vm_area_struct *first,
		      struct vm_area_struct *last);

/* The gap before @vma changed: bring the tree's summaries up to date. */
void vma_gap_update(struct mm_struct *mm, struct vm_area_struct *vma);

/* What vm_gap must be, from the neighbour before. O(1). */
static inline uint64_t vma_compute_gap(const struct mm_struct *mm,
				       const struct vm_area_struct *vma)
{
	uint64_t start = vma->vm_start;
	uint64_t end = vma->vm_prev ? vma->vm_prev->vm_end : 0;

	if (vma->vm_flags & VM_GROWSDOWN &&
	    !mm->machine->profile->gap_search_retries)
		start = vm_start_gap(mm, vma);
	return start > end ? start - end : 0;
}

/* What rb_subtree_gap must be, from vm_gap and the children. O(1). */
uint64_t vma_compute_subtree_gap(const struct vm_area_struct *vma);

/**
 * vma_adjust() - move the borders of an area, and of its neighbours with them
 * @vma:    to change
 * @start:  new start
 * @end:    new end; beyond the next area's end it swallows that area (and, if
 *          that ended before @end, the one after it), inside the next area it
 *          takes that part away, below @vma's end it gives that part to next
 * @pgoff:  new offset
 * @insert: NULL, or a new area to link into the part that @vma gives up; then
 *          the next area stays as it is
 *
 * An area that grows over pages of a neighbour with an anon_vma takes it on.
 * Swallowed areas are freed, and the vmacaches invalidated for each.
 */
void vma_adjust(struct task_struct *task, struct vm_area_struct *vma,
		uint64_t start, uint64_t end, uint64_t pgoff,
		struct vm_area_struct *insert);

/**
 * vma_swallow_prev() - let an area take the place of the one before it
 * @vma: begins where that one ends, and is alike
 *
 * It takes on an anon_vma that it lacks. The area before is freed, and the
 * vmacaches invalidated.
 */
void vma_swallow_prev(struct task_struct *task, struct vm_area_struct *vma);

/* Let @vma end at @end; nothing is mapped between its old end and that. */
void vma_extend(struct mm_struct *mm, struct vm_area_struct *vma, uint64_t end);

/* Which part of a split area becomes the new one. */
enum split_side {
	SPLIT_NEW_ABOVE,
	SPLIT_NEW_BELOW
};

/**
 * split_vma() - cut an area in two at @addr
 * @side: which part is the new area; the other one stays @vma
 *
 * Takes one reserved area. max_map_count is for the caller to judge: the
 * kernel's __split_vma().
 */
void split_vma(struct task_struct *task, struct vm_area_struct *vma,
	       uint64_t addr, enum split_side side);

/* What the part [start, end) that shall join its neighbours is made of. */
struct merge_request {
	struct vm_area_struct *prev; /* the area before start, NULL: none */
	uint64_t start, end;
	uint64_t vm_flags;
	struct anon_vma *anon_vma;
	struct vm_file *file;
	uint64_t pgoff;
};

/**
 * vma_merge() - let neighbours take over [start, end)
 *
 *         before            after        case
 *   prev  ....  next     prev------next     1   fills the gap
 *   prev  ....           prev------         2   (or the kernel's 6, 7, 8
 *         ....  next            ---next     3    where an area is there
 *                                                already and changes)
 *
 * Areas join if flags (but VM_SOFTDIRTY), file, offset and anon_vma agree, and
 * the kernel itself did not install them.
 *
 * Return: the area that now covers [start, end), or NULL: nothing was changed.
 */
struct vm_area_struct *vma_merge(struct task_struct *task,
				 const struct merge_request *request);

/**
 * vma_extend_heap() - let the heap alone take over [start, end)
 * @request: what follows the heap; nothing is mapped there, nor next to it
 *
 * Where later releases' brk asks nobody else.
 *
 * Return: request->prev, grown, or NULL: it is not alike; nothing was changed.
 */
struct vm_area_struct *vma_extend_heap(struct task_struct *task,
				       const struct merge_request *request);

/**
 * vma_modify_flags() - give a part of an area other flags
 * @vmap:  in: the area; out: the one that then has [start, end), flags not set
 *         yet; on error the area that was to be split
 * @prev:  the area before start, or *vmap itself if the part is not its start
 * @start: within the area
 * @end:   within the area
 * @vm_flags: wanted, different from the area's
 *
 * The part joins its neighbours if they are alike, or is split off. A first
 * split stays if the second one is refused.
 *
 * Return: 0; -ENOMEM: max_map_count areas exist; -EINVAL: the area must stay
 *         whole.
 */
int64_t vma_modify_flags(struct task_struct *task, struct vm_area_struct **vmap,
			 struct vm_area_struct *prev, uint64_t start,
			 uint64_t end, uint64_t vm_flags);

/**
 * range_need() - add what changing the flags of [start, end) may at most take
 *
 * Two areas more may be there afterwards, if both ends lie within one: an
 * account that is full is asked for those that the ends cut, even if a part
 * might join a neighbour instead.
 *
 * Cost: O(1); O(log n) if the account is full.
 */
struct memory_need;
void range_need(const struct mm_struct *mm, uint64_t start, uint64_t end,
		struct memory_need *need);

/* sys_mmap() for the program loader, which may also say MAP_DENYWRITE. */
int64_t vm_mmap(struct task_struct *task, uint64_t addr, uint64_t len,
		uint64_t prot, uint64_t flags, struct vm_file *file,
		uint64_t offset);

/**
 * vm_brk() - map zeroed memory as brk maps the heap, wherever it is
 * @task:  its mm->brk stays as it is
 * @addr:  page aligned; what is mapped there goes first
 * @len:   bytes, page aligned, not 0
 * @flags: VM_EXEC or 0, beside those of a heap
 *
 * Nothing is populated.
 *
 * Return: 0, MM_HOST_REFUSED (nothing is changed), or
 *   -ENOMEM  beyond TASK_SIZE, RLIMIT_AS, RLIMIT_DATA where it covers this,
 *            max_map_count or the commit limit;
 *   -EPERM   below mmap_min_addr without privilege;
 *   -EAGAIN  to be locked, and beyond RLIMIT_MEMLOCK;
 *   or as sys_munmap(). What was mapped there may be gone by then.
 * Cost:   O(log n + areas removed).
 */
int64_t vm_brk(struct task_struct *task, uint64_t addr, uint64_t len,
	       uint64_t flags);

/* Areas that lie in [start, end), in part at least. Not a look-up of @mm's. */
uint64_t range_areas(const struct mm_struct *mm, uint64_t start, uint64_t end);

/* The first area that ends above @addr, leaving all vmacaches alone. */
struct vm_area_struct *vma_at_or_after(const struct mm_struct *mm,
				       uint64_t addr);

/* Would a new mapping join the neighbours that it is going to have? */
bool vma_may_merge(const struct merge_request *request,
		   const struct vm_area_struct *next);

/*
 * The same for a new mapping where the next area is asked first: it wins if
 * both neighbours are fit, but not for each other.
 */
struct vm_area_struct *
vma_merge_next_first(struct task_struct *task,
		     const struct merge_request *request);

/* Let an area go of its file and its anon_vmas. */
void vma_empty(struct mm_struct *mm, struct vm_area_struct *vma);

/* Free an area that is out of list and tree: its file, anon_vma and itself. */
void vma_free(struct mm_struct *mm, struct vm_area_struct *vma);

/* ------------------------------------------------------------ anon_vma.c */

/* Give @vma an anon_vma, its neighbour's if both could be one area. */
void anon_vma_prepare(struct mm_struct *mm, struct vm_area_struct *vma);
/* Let @to belong to all that @from belongs to; to->anon_vma is set, or NULL. */
void anon_vma_clone(struct mm_struct *mm, struct vm_area_struct *to,
		    const struct vm_area_struct *from);
/* The same for a child's copy: it gets an anon_vma of its own, if @from has. */
void anon_vma_fork(struct mm_struct *mm, struct vm_area_struct *to,
		   const struct vm_area_struct *from);
void anon_vma_unlink(struct mm_struct *mm, struct vm_area_struct *vma);
/* Does @vma belong to one anon_vma alone (none was inherited by fork)? */
bool anon_vma_chain_is_singular(const struct vm_area_struct *vma);

/* ---------------------------------------------------------- accounting.c */

/* Count @pages more (or fewer) of an area with these flags and file. */
void vm_stat_account(struct mm_struct *mm, uint64_t vm_flags,
		     const struct vm_file *file, int64_t pages);
/* The same where the kernel counts by itself. */
void vm_stat_count(struct mm_struct *mm, uint64_t vm_flags,
		   const struct vm_file *file, int64_t pages);
void update_hiwater_vm(struct mm_struct *mm);
void update_hiwater_rss(struct mm_struct *mm);

/* Would @pages more of such areas keep RLIMIT_AS, and RLIMIT_DATA? */
bool may_expand_vm(const struct mm_struct *mm, uint64_t vm_flags,
		   uint64_t pages);

/* CAP_IPC_LOCK, CAP_SYS_RAWIO, CAP_SYS_ADMIN: all or none. */
static inline bool capable(const struct mm_struct *mm)
{
	return mm->uid == 0;
}

/* May this user lock anything at all? */
bool can_do_mlock(const struct mm_struct *mm);

/* Locking @len more bytes keeps RLIMIT_MEMLOCK if @vm_flags say locked. */
bool mlock_future_check(const struct mm_struct *mm, uint64_t vm_flags,
			uint64_t len);

/* May @addr be mapped at all (mmap_min_addr)? */
bool security_mmap_addr(const struct mm_struct *mm, uint64_t addr);

/**
 * vm_enough_memory() - commit @pages if the overcommit rules let it
 * @mm: committing
 *
 * Return: false if refused, nothing is committed then.
 */
bool vm_enough_memory(const struct mm_struct *mm, uint64_t pages);
void vm_acct_memory(struct machine *machine, uint64_t pages);
void vm_unacct_memory(struct machine *machine, uint64_t pages);

/* Pages of the emulated machine that nothing occupies. */
uint64_t machine_free_pages(const struct machine *machine);
