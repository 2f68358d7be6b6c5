/* SPDX-License-Identifier: MIT */
#include "core/mm/unmapped_area.h"

#include "core/mm/mm.h"
#include "core/mm/setup.h"
#include "core/mm/vma.h"

/* A gap of at least length bytes within [low, high) is wanted. */
struct gap_request {
	uint64_t length, low, high;
};

static uint64_t gap_start(const struct vm_area_struct *vma)
{
	return vma->vm_start - vma->vm_gap;
}

/* No gap of this subtree is long enough? Then none of its nodes is visited. */
static bool pruned(const struct rb_node *node, const struct gap_request *want)
{
	return !node || vma_of(node)->rb_subtree_gap < want->length;
}

/* Whether what the gap before @vma and the range have in common suffices. */
static bool gap_fits(const struct vm_area_struct *vma,
		     const struct gap_request *want)
{
	uint64_t start = gap_start(vma);

	return vma->vm_gap >= want->length &&
	       vma->vm_start >= want->low + want->length &&
	       start <= want->high - want->length;
}

/* The area behind the highest gap that fits, or NULL. */
static struct vm_area_struct *highest_fit(const struct rb_node *node,
					  const struct gap_request *want)
{
	struct vm_area_struct *vma, *found;

	for (; !pruned(node, want); node = node->left) {
		vma = vma_of(node);
		/* Gaps on the right begin higher still. */
		if (gap_start(vma) <= want->high - want->length &&
		    !pruned(node->right, want)) {
			found = highest_fit(node->right, want);
			if (found)
				return found;
		}
		if (gap_fits(vma, want))
			return vma;
		if (vma->vm_start < want->low + want->length)
			return NULL;
	}
	return NULL;
}

/* The area behind the lowest gap that fits, or NULL. */
static struct vm_area_struct *lowest_fit(const struct rb_node *node,
					 const struct gap_request *want)
{
	struct vm_area_struct *vma, *found;

	for (; !pruned(node, want); node = node->right) {
		vma = vma_of(node);
		/* Gaps on the left end lower still. */
		if (vma->vm_start >= want->low + want->length &&
		    !pruned(node->left, want)) {
			found = lowest_fit(node->left, want);
			if (found)
				return found;
		}
		if (gap_fits(vma, want))
			return vma;
		if (gap_start(vma) > want->high - want->length)
			return NULL;
	}
	return NULL;
}

static bool possible(const struct gap_request *want)
{
	return want->length <= want->high &&
	       want->low <= want->high - want->length;
}

static int64_t unmapped_area_topdown(const struct mm_struct *mm,
				     const struct gap_request *want,
				     struct unmapped_place *place)
{
	struct vm_area_struct *vma = NULL;
	uint64_t end = want->high;

	if (!possible(want))
		return -MM_ENOMEM;
	if (mm->highest_vm_end > want->high - want->length) {
		vma = highest_fit(mm->mm_rb.node, want);
		if (!vma)
			return -MM_ENOMEM;
		if (vma->vm_start < end)
			end = vma->vm_start;
	}
	*place = (struct unmapped_place){ true, vma };
	return (int64_t)(end - want->length);
}

static int64_t unmapped_area(const struct mm_struct *mm,
			     const struct gap_request *want,
			     struct unmapped_place *place)
{
	struct vm_area_struct *vma;
	uint64_t start;

	if (!possible(want))
		return -MM_ENOMEM;
	vma = lowest_fit(mm->mm_rb.node, want);
	if (vma)
		start = gap_start(vma);
	else if (mm->highest_vm_end <= want->high - want->length)
		start = mm->highest_vm_end;
	else
		return -MM_ENOMEM;
	*place = (struct unmapped_place){ true, vma };
	return (int64_t)(start > want->low ? start : want->low);
}

/* A hint that lies free below @end; one look-up through the vmacache. */
static bool hint_is_free(struct task_struct *task, uint64_t hint, uint64_t len,
			 uint64_t end, struct unmapped_place *place)
{
	struct vm_area_struct *vma = find_vma(task, hint);

	if (end - len < hint || (vma && vma->vm_start < hint + len))
		return false;
	*place = (struct unmapped_place){ true, vma };
	return true;
}

#define MAP_32BIT_LOW    0x40000000ULL
#define MAP_32BIT_HIGH   0x80000000ULL
#define MAP_32BIT_RANDOM 0x02000000ULL

static int64_t arch_get_unmapped_area(struct task_struct *task, uint64_t addr,
				      uint64_t len, uint64_t flags,
				      struct unmapped_place *place)
{
	struct mm_struct *mm = task->mm;
	struct gap_request want = {
		.length = len,
		.low = mm->mmap_legacy_base,
		.high = TASK_SIZE,
	};

	if (flags & MAP_FIXED)
		return (int64_t)addr;
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
		if (hint_is_free(task, addr, len, want.high, place))
			return (int64_t)addr;
	}
	return unmapped_area(mm, &want, place);
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
	struct gap_request want = {
		.length = len,
		.low = PAGE_SIZE,
		.high = task->mm->mmap_base,
	};
	uint64_t hint = PAGE_ALIGN(addr);
	int64_t found;

	if (flags & MAP_FIXED)
		return (int64_t)addr;
	if (flags & MAP_32BIT)
		return arch_get_unmapped_area(task, addr, len, flags, place);
	if (addr && hint_is_free(task, hint, len, TASK_SIZE, place))
		return (int64_t)hint;
	found = unmapped_area_topdown(task->mm, &want, place);
	if (found >= 0)
		return found;
	return arch_get_unmapped_area(task, addr, len, flags, place);
}

int64_t get_unmapped_area(struct task_struct *task, uint64_t addr, uint64_t len,
			  uint64_t flags, struct unmapped_place *place)
{
	struct mm_struct *mm = task->mm;
	int64_t found;

	place->known = false;
	if (len > TASK_SIZE)
		return -MM_ENOMEM;
	if (mm->topdown)
		found = arch_get_unmapped_area_topdown(task, addr, len, flags,
						       place);
	else
		found = arch_get_unmapped_area(task, addr, len, flags, place);
	/*
	 * A fixed address in the upper half looks like one of the kernel's
	 * error values only in its last page; others are merely too high.
	 */
	if (found < 0 && found >= -4095)
		return found;
	if ((uint64_t)found > TASK_SIZE - len)
		return -MM_ENOMEM;
	if ((uint64_t)found & ~PAGE_MASK)
		return -MM_EINVAL;
	if (!security_mmap_addr(mm, (uint64_t)found))
		return -MM_EPERM;
	return found;
}
