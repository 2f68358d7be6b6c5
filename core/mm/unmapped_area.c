/* SPDX-License-Identifier: MIT */
#include "core/mm/unmapped_area.h"

#include "core/hot.h"
#include "core/mm/mm.h"
#include "core/mm/profile.h"
#include "core/mm/setup.h"
#include "core/mm/step.h"
#include "core/mm/vma.h"

/* A gap of at least length bytes within [low, high) is wanted. */
struct gap_request {
	const struct mm_struct *mm;
	uint64_t length, low, high;
	uint64_t guard; /* bytes below a stack that are part of no gap */
};

static struct gap_request gap_request_of(const struct mm_struct *mm,
					 uint64_t length, uint64_t low,
					 uint64_t high)
{
	bool later = mm->machine->profile->gap_search_retries;

	return (struct gap_request){ mm, length, low, high,
				     later ? 0 : mm->stack_guard_gap };
}

/* Where the gap before an area ends, and begins. */
static uint64_t gap_end(const struct gap_request *want,
			const struct vm_area_struct *vma)
{
	uint64_t start = vma->vm_start;

	if (!(vma->vm_flags & VM_GROWSDOWN))
		return start;
	return start > want->guard ? start - want->guard : 0;
}

static uint64_t gap_start(const struct gap_request *want,
			  const struct vm_area_struct *vma)
{
	return gap_end(want, vma) - vma->vm_gap;
}

/* No gap of this subtree is long enough? Then none of its nodes is visited. */
static bool pruned(const struct rb_node *node, const struct gap_request *want)
{
	if (node && vma_of(node)->rb_subtree_gap >= want->length)
		return false;
	if (node)
		step(want->mm, GAP_PRUNED, vma_of(node)->id,
		     vma_of(node)->rb_subtree_gap, want->length);
	return true;
}

/* Whether what the gap before @vma and the range have in common suffices. */
static bool gap_fits(const struct vm_area_struct *vma,
		     const struct gap_request *want)
{
	uint64_t start = gap_start(want, vma), end = gap_end(want, vma);

	if (vma->vm_gap < want->length) {
		step(want->mm, GAP_REJECTED, vma->id, start, end, want->length);
		return false;
	}
	if (end < want->low + want->length ||
	    start > want->high - want->length) {
		step(want->mm, GAP_OUTSIDE, vma->id, start, end, want->low,
		     want->high);
		return false;
	}
	step(want->mm, GAP_FOUND, vma->id, start, end, want->length);
	return true;
}

/* Is there a gap worth going for on that side, between the limits? */
static inline bool highest_is_right(const struct rb_node *node,
				    const struct gap_request *want)
{
	/* Mostly the summary decides; who listens hears of it when asked. */
	if (!steps_wanted(want->mm) && pruned(node->right, want))
		return false;
	return gap_start(want, vma_of(node)) <= want->high - want->length &&
	       !pruned(node->right, want);
}

static inline bool lowest_is_left(const struct rb_node *node,
				  const struct gap_request *want)
{
	if (!steps_wanted(want->mm) && pruned(node->left, want))
		return false;
	return gap_end(want, vma_of(node)) >= want->low + want->length &&
	       !pruned(node->left, want);
}

/* The nearest node above that has @node on that side, or NULL. */
static const struct rb_node *above(const struct rb_node *node,
				   enum rb_side side)
{
	const struct rb_node *parent;

	while ((parent = rb_parent(node)) && parent->child[side] != node)
		node = parent;
	return parent;
}

/*
 * The area behind the highest gap that fits, or NULL. First all the way to the
 * right; a node is looked at when what is on its right has been.
 */
static struct vm_area_struct *highest_fit(const struct rb_node *node,
					  const struct gap_request *want)
{
	struct vm_area_struct *vma;

	if (pruned(node, want))
		return NULL;
	while (node) {
		while (highest_is_right(node, want))
			node = node->right;
		for (; node; node = above(node, RB_RIGHT)) {
			vma = vma_of(node);
			if (gap_fits(vma, want))
				return vma;
			/* Gaps on the left end lower still. */
			if (gap_end(want, vma) >= want->low + want->length &&
			    !pruned(node->left, want))
				break;
		}
		if (node)
			node = node->left;
	}
	return NULL;
}

/* The area behind the lowest gap that fits, or NULL: the mirror image. */
static struct vm_area_struct *lowest_fit(const struct rb_node *node,
					 const struct gap_request *want)
{
	struct vm_area_struct *vma;

	if (pruned(node, want))
		return NULL;
	while (node) {
		while (lowest_is_left(node, want))
			node = node->left;
		for (; node; node = above(node, RB_LEFT)) {
			vma = vma_of(node);
			if (gap_fits(vma, want))
				return vma;
			/* Gaps on the right begin higher still. */
			if (gap_start(want, vma) <= want->high - want->length &&
			    !pruned(node->right, want))
				break;
		}
		if (node)
			node = node->right;
	}
	return NULL;
}

static bool possible(const struct gap_request *want)
{
	return want->length <= want->high &&
	       want->low <= want->high - want->length;
}

/*
 * Where the search ignores guard gaps, one that reaches into what was found
 * moves the limit below it, whatever lies between.
 */
static bool spoiled(const struct gap_request *want,
		    const struct vm_area_struct *next, uint64_t end)
{
	if (!next || !want->mm->machine->profile->gap_search_retries ||
	    !(next->vm_flags & VM_GROWSDOWN) ||
	    vm_start_gap(want->mm, next) >= end)
		return false;
	step(want->mm, MAPLE_GUARD, next->id, vm_start_gap(want->mm, next),
	     end);
	return true;
}

static int64_t no_gap(const struct gap_request *want)
{
	step(want->mm, GAP_NONE, want->length, STEP_ERRNO(MM_ENOMEM));
	step(want->mm, MAPLE_NO_GAP, want->length, want->low, want->high,
	     STEP_ERRNO(MM_ENOMEM));
	return -MM_ENOMEM;
}

/* The area behind the place, and its end through @endp; false: no room. */
static bool highest_place(const struct gap_request *want, uint64_t *endp,
			  struct vm_area_struct **nextp)
{
	struct vm_area_struct *vma = NULL;

	if (!possible(want))
		return false;
	*endp = want->high;
	if (want->mm->highest_vm_end > want->high - want->length) {
		vma = highest_fit(want->mm->mm_rb.node, want);
		if (!vma)
			return false;
		if (gap_end(want, vma) < *endp)
			*endp = gap_end(want, vma);
	} else {
		step(want->mm, GAP_ABOVE_ALL, want->mm->highest_vm_end,
		     want->length, want->high);
	}
	*nextp = vma;
	return true;
}

static int64_t unmapped_area_topdown(struct gap_request *want,
				     struct unmapped_place *place)
{
	struct vm_area_struct *next;
	uint64_t end;

	step(want->mm, GAP_SEARCH, want->length, want->low, want->high);
	while (highest_place(want, &end, &next)) {
		if (!next && end <= want->high)
			next = vma_at_or_after(want->mm, end - 1);
		step(want->mm, MAPLE_GAP, want->length, want->low, want->high,
		     end - want->length);
		if (!spoiled(want, next, end)) {
			*place = (struct unmapped_place){ true, next };
			return (int64_t)(end - want->length);
		}
		want->high = vm_start_gap(want->mm, next);
	}
	return no_gap(want);
}

static uint64_t above_all(const struct gap_request *want)
{
	step(want->mm, GAP_ABOVE_ALL, want->mm->highest_vm_end, want->length,
	     want->high);
	return want->mm->highest_vm_end;
}

static bool lowest_place(const struct gap_request *want, uint64_t *startp,
			 struct vm_area_struct **nextp)
{
	struct vm_area_struct *vma;

	if (!possible(want))
		return false;
	vma = lowest_fit(want->mm->mm_rb.node, want);
	if (vma)
		*startp = gap_start(want, vma);
	else if (want->mm->highest_vm_end <= want->high - want->length)
		*startp = above_all(want);
	else
		return false;
	if (*startp < want->low)
		*startp = want->low;
	*nextp = vma;
	return true;
}

static int64_t unmapped_area(struct gap_request *want,
			     struct unmapped_place *place)
{
	struct vm_area_struct *next;
	uint64_t start;

	step(want->mm, GAP_SEARCH_UP, want->length, want->low, want->high);
	while (lowest_place(want, &start, &next)) {
		step(want->mm, MAPLE_GAP_UP, want->length, want->low,
		     want->high, start);
		if (!spoiled(want, next, start + want->length - 1)) {
			*place = (struct unmapped_place){ true, next };
			return (int64_t)start;
		}
		want->low = next->vm_end;
	}
	return no_gap(want);
}

/* What became of a hint, by the function of the search that asked. */
static void tell_hint(const struct mm_struct *mm, uint64_t hint, uint64_t len,
		      uint64_t end, const struct vm_area_struct *vma, bool down)
{
	bool taken = vma && vm_start_gap(mm, vma) < hint + len;

	if (end - len < hint && down)
		step(mm, HINT_TOO_HIGH, hint, len, end);
	else if (end - len < hint)
		step(mm, HINT_TOO_HIGH_UP, hint, len, end);
	else if (taken && down)
		step(mm, HINT_TAKEN, hint, len, vma->id, vma->vm_start);
	else if (taken)
		step(mm, HINT_TAKEN_UP, hint, len, vma->id, vma->vm_start);
	else if (down)
		step(mm, HINT_FREE, hint, len, step_area(vma));
	else
		step(mm, HINT_FREE_UP, hint, len, step_area(vma));
}

/* A hint that lies free below @end; one look-up through the vmacache. */
static bool hint_is_free(struct task_struct *task, uint64_t hint, uint64_t len,
			 uint64_t end, bool down, struct unmapped_place *place)
{
	struct vm_area_struct *vma;
	bool free;

	vma = find_vma(task, hint);
	free = end - len >= hint &&
	       (!vma || vm_start_gap(task->mm, vma) >= hint + len);
	if (steps_wanted(task->mm))
		tell_hint(task->mm, hint, len, end, vma, down);
	if (!free)
		return false;
	*place = (struct unmapped_place){ true, vma };
	return true;
}

#define HUGE_PAGE_SIZE (1ULL << 21)

#define MAP_32BIT_LOW    0x40000000ULL
#define MAP_32BIT_HIGH   0x80000000ULL
#define MAP_32BIT_RANDOM 0x02000000ULL

static int64_t arch_get_unmapped_area(struct task_struct *task, uint64_t addr,
				      uint64_t len, uint64_t flags,
				      struct unmapped_place *place)
{
	struct mm_struct *mm = task->mm;
	struct gap_request want =
		gap_request_of(mm, len, mm->mmap_legacy_base, TASK_SIZE);

	if (flags & MAP_32BIT) {
		want.low = MAP_32BIT_LOW;
		want.high = MAP_32BIT_HIGH;
		if (mm->randomize)
			want.low += PAGE_ALIGN(machine_random(mm->machine) %
					       MAP_32BIT_RANDOM);
	}
	if (len > want.high)
		return -MM_ENOMEM;
	if (addr) {
		addr = PAGE_ALIGN(addr);
		if (hint_is_free(task, addr, len, want.high, false, place))
			return (int64_t)addr;
	}
	return unmapped_area(&want, place);
}

/*
 * When nothing fits below mmap_base, the bottom-up search has its turn: it
 * starts with the hint anew, which is then looked up twice (behaviour C7b).
 */
static int64_t arch_get_unmapped_area_topdown(struct task_struct *task,
					      uint64_t addr, uint64_t len,
					      uint64_t flags,
					      struct unmapped_place *place)
{
	struct gap_request want =
		gap_request_of(task->mm, len, PAGE_SIZE, task->mm->mmap_base);
	const struct kernel_profile *profile = task->mm->machine->profile;
	uint64_t hint = PAGE_ALIGN(addr);
	int64_t found;

	if (flags & MAP_32BIT)
		return arch_get_unmapped_area(task, addr, len, flags, place);
	/* Some releases look a hopeless hint up nevertheless. */
	if (profile->hint_judged_first && hint > TASK_SIZE - len) {
		step(task->mm, HINT_TOO_HIGH, hint, len, TASK_SIZE);
		hint = 0;
	}
	if (hint && hint_is_free(task, hint, len, TASK_SIZE, true, place))
		return (int64_t)hint;
	found = unmapped_area_topdown(&want, place);
	if (found >= 0)
		return found;
	step(task->mm, PLACE_BOTTOM_UP, len);
	return arch_get_unmapped_area(task, addr, len, flags, place);
}

static int64_t fixed_place(const struct mm_struct *mm, uint64_t addr)
{
	if (mm->topdown)
		step(mm, PLACE_FIXED, addr);
	else
		step(mm, PLACE_FIXED_UP, addr);
	return (int64_t)addr;
}

static int64_t mm_get_unmapped_area(struct task_struct *task, uint64_t addr,
				    uint64_t len, uint64_t flags,
				    struct unmapped_place *place)
{
	if (flags & MAP_FIXED)
		return fixed_place(task->mm, addr);
	if (task->mm->topdown)
		return arch_get_unmapped_area_topdown(task, addr, len, flags,
						      place);
	return arch_get_unmapped_area(task, addr, len, flags, place);
}

/* Would a huge page fit exactly? Then the place shall be aligned to it. */
static bool wants_huge_alignment(const struct mm_struct *mm, uint64_t addr,
				 uint64_t len, uint64_t flags)
{
	return mm->machine->profile->thp_aligns_mmap && !addr &&
	       !(flags & (MAP_FIXED | UNMAPPED_AREA_OF_FILE)) &&
	       !(len & (HUGE_PAGE_SIZE - 1));
}

/*
 * The place of something one huge page longer has an aligned part. Answers a
 * negative errno if there is none.
 */
static int64_t thp_get_unmapped_area(struct task_struct *task, uint64_t len,
				     uint64_t flags)
{
	struct unmapped_place ignored;
	uint64_t place;
	int64_t found;

	step(task->mm, PLACE_HUGE, len, len + HUGE_PAGE_SIZE);
	found = mm_get_unmapped_area(task, 0, len + HUGE_PAGE_SIZE, flags,
				     &ignored);
	if (found < 0)
		return found;
	place = PAGE_ALIGN((uint64_t)found);
	place = (place + HUGE_PAGE_SIZE - 1) & ~(HUGE_PAGE_SIZE - 1);
	if (task->mm->topdown && place == (uint64_t)found)
		place += HUGE_PAGE_SIZE;
	step(task->mm, PLACE_ALIGNED, (uint64_t)found, place);
	return (int64_t)place;
}

HOT int64_t get_unmapped_area(struct task_struct *task, uint64_t addr,
			      uint64_t len, uint64_t flags,
			      struct unmapped_place *place)
{
	struct mm_struct *mm = task->mm;
	int64_t found = -MM_ENOMEM;

	step(mm, PLACE_ASKED, addr, len);
	if (len > TASK_SIZE) {
		step(mm, PLACE_TOO_LONG, len, STEP_ERRNO(MM_ENOMEM));
		return -MM_ENOMEM;
	}
	if (wants_huge_alignment(mm, addr, len, flags))
		found = thp_get_unmapped_area(task, len, flags);
	if (found < 0)
		found = mm_get_unmapped_area(task, addr, len, flags, place);
	/*
	 * A fixed address in the upper half looks like one of the kernel's
	 * error values only in its last page; others are merely too high.
	 */
	if (found < 0 && found >= -4095) {
		step(mm, PLACE_NONE, len, (uint64_t)found);
		return found;
	}
	if ((uint64_t)found > TASK_SIZE - len) {
		step(mm, PLACE_BEYOND, (uint64_t)found, len, TASK_SIZE,
		     STEP_ERRNO(MM_ENOMEM));
		return -MM_ENOMEM;
	}
	if ((uint64_t)found & ~PAGE_MASK) {
		step(mm, PLACE_MISALIGNED, (uint64_t)found,
		     STEP_ERRNO(MM_EINVAL));
		return -MM_EINVAL;
	}
	if (!security_mmap_addr(mm, (uint64_t)found))
		return -MM_EPERM;
	step(mm, PLACE_CHOSEN, (uint64_t)found);
	return found;
}
