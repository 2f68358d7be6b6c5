/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The system calls of an emulated address space
 *
 * Each function is named after the kernel's and answers what the release of
 * machine->profile answers: an address or 0, or a negative errno of the
 * emulated kernel. A call judges its input, reserves the host's memory, then
 * acts. If the host refuses, the call answers MM_HOST_REFUSED, has changed
 * nothing, and machine->memory->refusal says why.
 *
 * All addresses and lengths are in bytes. @task is the calling thread: its mm
 * is worked on and its vmacache used.
 */
#include <stdbool.h>
#include <stdint.h>

#include "core/mm/mm_types.h"

/*
 * The host had no memory, or the client's account is full. Neither an errno nor
 * where a page begins, so that no kernel answers it.
 */
#define MM_HOST_REFUSED (INT64_MIN + 1)

/* Negative answers below this are addresses: mremap() of nothing to the same
 * length answers whatever address it was given (behaviour D20). */
#define MM_MAX_ERRNO 4095

static inline bool mm_is_error(int64_t ret)
{
	return ret < 0 && ret >= -MM_MAX_ERRNO;
}

/* The emulated kernel's errno values (x86-64). */
#define MM_EPERM      1
#define MM_EBADF      9
#define MM_EAGAIN     11
#define MM_ENOMEM     12
#define MM_EACCES     13
#define MM_EFAULT     14
#define MM_EBUSY      16
#define MM_EEXIST     17
#define MM_EINVAL     22
#define MM_EFBIG      27
#define MM_ENOSYS     38
#define MM_EOVERFLOW  75
#define MM_EOPNOTSUPP 95

#define PROT_READ  0x1
#define PROT_WRITE 0x2
#define PROT_EXEC  0x4
#define PROT_NONE  0x0

#define MAP_SHARED          0x01
#define MAP_PRIVATE         0x02
#define MAP_DROPPABLE       0x08
#define MAP_TYPE            0x0f
#define MAP_FIXED           0x10
#define MAP_ANONYMOUS       0x20
#define MAP_32BIT           0x40
#define MAP_GROWSDOWN       0x00100
#define MAP_DENYWRITE       0x00800
#define MAP_EXECUTABLE      0x01000
#define MAP_LOCKED          0x02000
#define MAP_NORESERVE       0x04000
#define MAP_POPULATE        0x08000
#define MAP_NONBLOCK        0x10000
#define MAP_STACK           0x20000
#define MAP_HUGE_MASK       (0x3fULL << 26)
#define MAP_HUGETLB         0x40000
#define MAP_SHARED_VALIDATE 0x03
#define MAP_FIXED_NOREPLACE 0x100000
#define MAP_SYNC            0x80000

/**
 * sys_brk() - move the program break
 * @task: calling thread
 * @brk:  wanted break
 *
 * Return: the break that holds afterwards, which is @brk on success and the old
 *         one if the call is refused: below start_brk, beyond RLIMIT_DATA, into
 *         another area or the spare page before it, or for any reason for which
 *         do_munmap() or do_brk() fail. brk has no errno.
 * Cost:   O(log n + areas removed).
 */
int64_t sys_brk(struct task_struct *task, uint64_t brk);

/**
 * sys_mmap() - create a mapping
 * @task:  calling thread
 * @addr:  hint, or the address with MAP_FIXED
 * @len:   bytes, rounded up to pages
 * @prot:  PROT_*; unknown bits are ignored
 * @flags: MAP_*; unknown bits are ignored
 * @file:  open file that the descriptor names, NULL if there is none
 * @offset: into the file, bytes
 *
 * Return: the address, or in the order of the kernel's checks
 *   -EINVAL    @offset not page aligned;
 *   -EBADF     not anonymous and @file is NULL;
 *   -EINVAL    MAP_HUGETLB on a file that is not on a hugetlbfs;
 *   -EINVAL    no length; -ENOMEM: a length that rounds to 0;
 *   -EOVERFLOW the last page's offset does not fit;
 *   -ENOMEM    more areas than max_map_count; no room; beyond TASK_SIZE;
 *   -EINVAL    MAP_FIXED and not page aligned;
 *   -EPERM     below mmap_min_addr without privilege; MAP_LOCKED with a
 *              RLIMIT_MEMLOCK of 0 without privilege;
 *   -EAGAIN    beyond RLIMIT_MEMLOCK;
 *   -EACCES    the file's mode does not allow it;
 *   -EINVAL    neither private nor shared, or both; MAP_GROWSDOWN on a file or
 *              on shared memory;
 *   -ENOMEM    beyond RLIMIT_AS or the commit limit. What MAP_FIXED covered may
 *              be unmapped by then, as in the kernel.
 * Cost:   O(log n + areas replaced + pages populated / 64).
 */
int64_t sys_mmap(struct task_struct *task, uint64_t addr, uint64_t len,
		 uint64_t prot, uint64_t flags, struct vm_file *file,
		 uint64_t offset);

/**
 * sys_munmap() - remove every page in [addr, addr + len)
 * @task: calling thread
 * @addr: page aligned
 * @len:  bytes, rounded up to pages
 *
 * Return: 0, also if nothing was mapped there; -EINVAL: misaligned, empty or
 *         beyond TASK_SIZE; -ENOMEM: a hole in the middle of an area when
 *         map_count is at max_map_count, nothing is changed then.
 * Cost:   O(log n + areas removed + pages removed / 64).
 */
int64_t sys_munmap(struct task_struct *task, uint64_t addr, uint64_t len);

#define PROT_SEM       0x8
#define PROT_GROWSDOWN 0x01000000
#define PROT_GROWSUP   0x02000000

/**
 * sys_mprotect() - change what may be done with [start, start + len)
 * @start: page aligned
 * @len:   bytes, rounded up to pages
 * @prot:  PROT_*; PROT_GROWSDOWN lets the change reach down to the start of the
 *         area, which must be one that grows down
 *
 * Area by area: an error ends it, and what was changed before stays changed
 * (behaviour P9).
 *
 * Return: 0, or in the order of the kernel's checks
 *   -EINVAL both directions, or @start not page aligned;
 *   0       no length, wherever that is;
 *   -ENOMEM a range that wraps; -EINVAL: unknown bits in @prot;
 *   -ENOMEM nothing mapped at @start; -EINVAL: PROT_GROWSDOWN on an area that
 *           does not, PROT_GROWSUP;
 *   -EACCES the file's mode, or what the area may ever be, forbids it;
 *   -ENOMEM beyond the commit limit; a split at max_map_count; a hole.
 * Cost:   O(log n + areas + pages / 64).
 */
int64_t sys_mprotect(struct task_struct *task, uint64_t start, uint64_t len,
		     uint64_t prot);

#define MREMAP_MAYMOVE   1
#define MREMAP_FIXED     2
#define MREMAP_DONTUNMAP 4

/**
 * sys_mremap() - grow, shrink or move a mapping
 * @addr:     page aligned
 * @old_len:  bytes, rounded up to pages
 * @new_len:  bytes, rounded up to pages, not 0
 * @flags:    MREMAP_*
 * @new_addr: with MREMAP_FIXED
 *
 * Return: the address, or
 *   -EINVAL unknown flags; MREMAP_FIXED without MREMAP_MAYMOVE; not page
 *           aligned; no new length; a target that overlaps the source or lies
 *           beyond TASK_SIZE; an offset that wraps;
 *   -EFAULT nothing mapped at @addr, or the range crosses areas; growing an
 *           area that the kernel installed; beyond the commit limit;
 *   -EAGAIN beyond RLIMIT_MEMLOCK;
 *   -ENOMEM beyond RLIMIT_AS; no room; max_map_count nearly reached.
 *   With MREMAP_FIXED the target, and the source's cut-off tail, are unmapped
 *   by then (behaviour R22).
 * Cost:   O(log n + pages / 64).
 */
int64_t sys_mremap(struct task_struct *task, uint64_t addr, uint64_t old_len,
		   uint64_t new_len, uint64_t flags, uint64_t new_addr);

#define MCL_CURRENT   1
#define MCL_FUTURE    2
#define MCL_ONFAULT   4
#define MLOCK_ONFAULT 1

/**
 * sys_mlock() - lock, and make present, the pages of [start, start + len)
 *
 * The range is widened to pages. Area by area, as sys_mprotect().
 *
 * Return: 0; -EPERM: RLIMIT_MEMLOCK is 0; -ENOMEM: beyond RLIMIT_MEMLOCK, a
 *         hole, a split at max_map_count, or pages that cannot be had, as of
 *         PROT_NONE (then the areas are marked locked all the same, K7);
 *         -EINVAL: a range that wraps.
 * Cost:   O(log n + areas + pages / 64).
 */
int64_t sys_mlock(struct task_struct *task, uint64_t start, uint64_t len);

/**
 * sys_mlock2() - sys_mlock(), perhaps without making the pages present
 * @flags: 0 or MLOCK_ONFAULT
 *
 * Return: as sys_mlock(); -EINVAL: unknown flags; -ENOSYS: not in this release.
 */
int64_t sys_mlock2(struct task_struct *task, uint64_t start, uint64_t len,
		   int32_t flags);

/* Unlock [start, start + len); errors and cost as sys_mlock(), no limits. */
int64_t sys_munlock(struct task_struct *task, uint64_t start, uint64_t len);

/**
 * sys_mlockall() - lock all areas, or those to come
 * @flags: MCL_CURRENT, MCL_FUTURE or both
 *
 * Return: 0; -EINVAL: no or unknown flags; -EPERM: RLIMIT_MEMLOCK is 0;
 *         -ENOMEM: MCL_CURRENT, and total_vm is beyond RLIMIT_MEMLOCK.
 */
int64_t sys_mlockall(struct task_struct *task, uint64_t flags);

/* Unlock all areas, those to come as well. Returns 0. */
int64_t sys_munlockall(struct task_struct *task);

#define MADV_NORMAL          0
#define MADV_RANDOM          1
#define MADV_SEQUENTIAL      2
#define MADV_WILLNEED        3
#define MADV_DONTNEED        4
#define MADV_REMOVE          9
#define MADV_DONTFORK        10
#define MADV_DOFORK          11
#define MADV_MERGEABLE       12
#define MADV_UNMERGEABLE     13
#define MADV_HUGEPAGE        14
#define MADV_NOHUGEPAGE      15
#define MADV_DONTDUMP        16
#define MADV_DODUMP          17
#define MADV_FREE            8
#define MADV_WIPEONFORK      18
#define MADV_KEEPONFORK      19
#define MADV_COLD            20
#define MADV_PAGEOUT         21
#define MADV_POPULATE_READ   22
#define MADV_POPULATE_WRITE  23
#define MADV_DONTNEED_LOCKED 24

/**
 * sys_madvise() - tell the kernel about the use of [start, start + len)
 * @start:  page aligned
 * @len:    bytes, rounded up to pages
 * @advice: MADV_*
 *
 * Return: 0; -EINVAL: unknown advice, @start not page aligned, a length that
 *         rounds to 0, advice that does not suit an area; -ENOMEM: parts are
 *         not mapped, what is mapped has got the advice; -EACCES: MADV_REMOVE
 *         on what is not shared and writable; -EAGAIN: a split at
 *         max_map_count.
 * Cost:   O(log n + areas + pages / 64).
 */
int64_t sys_madvise(struct task_struct *task, uint64_t start, uint64_t len,
		    int32_t advice);

/**
 * sys_mincore() - which pages of [start, start + len) are in memory?
 * @start: page aligned
 * @len:   bytes, rounded up to pages
 * @vec:   out: 1 or 0 a page, as far as the call came; NULL: nobody asks
 *
 * Return: 0; -EINVAL: @start not page aligned; -ENOMEM: beyond TASK_SIZE, or
 *         not mapped.
 * Cost:   O(areas log n + pages).
 */
int64_t sys_mincore(struct task_struct *task, uint64_t start, uint64_t len,
		    uint8_t *vec);

#define MS_ASYNC      1
#define MS_INVALIDATE 2
#define MS_SYNC       4

/**
 * sys_msync() - write shared file pages back
 *
 * Return: 0; -EINVAL: unknown flags, MS_ASYNC with MS_SYNC, @start not page
 *         aligned; -ENOMEM: a range that wraps, parts that are not mapped;
 *         -EBUSY: MS_INVALIDATE on a locked area.
 * Cost:   O(log n + areas).
 */
int64_t sys_msync(struct task_struct *task, uint64_t start, uint64_t len,
		  int32_t flags);

/**
 * sys_remap_file_pages() - map other pages of a shared area's file
 * @start: any address, rounded down to a page
 * @size:  bytes, rounded down to pages
 * @prot:  must be 0
 * @pgoff: page of the file that shall be at @start
 * @flags: MAP_NONBLOCK: do not populate
 *
 * Return: 0; -EINVAL: @prot, no size, wrapping ranges, an area that is not
 *         shared or does not hold the range; else as sys_mmap().
 */
int64_t sys_remap_file_pages(struct task_struct *task, uint64_t start,
			     uint64_t size, uint64_t prot, uint64_t pgoff,
			     uint64_t flags);

/**
 * sys_mseal() - forbid changes of [start, start + len) for good
 * @start: page aligned
 * @len:   bytes, rounded up to pages
 * @flags: must be 0
 *
 * Sealed areas refuse mprotect, munmap, mremap, being mapped over, and advice
 * that destroys what cannot be written, with -EPERM.
 *
 * Return: 0; -EINVAL: @flags, not aligned, a length that wraps; -ENOMEM: a part
 *         is not mapped; -ENOSYS: not in this release.
 */
int64_t sys_mseal(struct task_struct *task, uint64_t start, uint64_t len,
		  uint64_t flags);

/**
 * dup_mm() - what fork does to the address space
 * @task:  forking thread
 * @child: an mm that mm_init() has prepared; the copy
 *
 * Areas with VM_DONTCOPY stay behind, locks are not inherited, private pages
 * are write protected on both sides.
 *
 * Return: 0; -ENOMEM: beyond the commit limit, @child is empty then; or
 *         MM_HOST_REFUSED.
 * Cost:   O(areas + page tables).
 */
int64_t dup_mm(struct task_struct *task, struct mm_struct *child);

enum access_type {
	ACCESS_READ,
	ACCESS_WRITE,
	ACCESS_EXEC
};

enum access_fault {
	ACCESS_FAULT_NONE,  /* every page was there */
	ACCESS_FAULT_MINOR, /* at least one page fault, all resolved */
	ACCESS_FAULT_SIGSEGV,
	ACCESS_FAULT_SIGBUS,
};

enum access_code {
	ACCESS_CODE_NONE,
	SEGV_MAPERR,
	SEGV_ACCERR,
	BUS_ADRERR
};

struct access_outcome {
	enum access_fault fault;
	enum access_code code;
	uint64_t address; /* of the signal: the first byte that failed */
};

/* The longest range that one access may touch, in bytes. */
#define ACCESS_MAX_LENGTH (1ULL << 30)

/**
 * mm_access() - touch memory as the processor does
 * @task:   touching thread
 * @addr:   first byte
 * @length: bytes, 1 to ACCESS_MAX_LENGTH
 * @type:   how
 * @sp:     stack pointer, where the release looks at it; UINT64_MAX: no check
 * @out:    what happened
 *
 * The pages are touched in order, and the first signal ends it: what was
 * touched before stays touched. Page faults search the area through the
 * vmacache, grow stacks, and fill page tables.
 *
 * Return: 0, or MM_HOST_REFUSED (then nothing has changed).
 * Cost:   O(log n) a page that faults.
 */
int64_t mm_access(struct task_struct *task, uint64_t addr, uint64_t length,
		  enum access_type type, uint64_t sp,
		  struct access_outcome *out);

/**
 * find_vma() - the first area that ends above @addr
 * @task: looking thread; its vmacache is asked first and remembers the result
 * @addr: any address
 *
 * Return: the area, which may begin above @addr, or NULL.
 * Cost:   O(1) on a hit, else O(log n).
 */
struct vm_area_struct *find_vma(struct task_struct *task, uint64_t addr);

/**
 * mm_init() - an empty address space
 * @mm:      to initialise, zeroed here
 * @machine: kept; the machine must outlive @mm
 */
void mm_init(struct mm_struct *mm, struct machine *machine);

/**
 * exit_mmap() - unmap everything, when the last thread is gone
 * @mm: afterwards empty and owning nothing
 *
 * Cost: O(areas + page tables).
 */
void exit_mmap(struct mm_struct *mm);

/**
 * mm_add_task() - let a thread join an address space
 * @mm:     joined
 * @task:   zeroed by the caller except tid and tgid; linked here
 * @parent: the thread that cloned it, NULL for the first. The newcomer takes
 *          its sequence number, stale or not, and starts with empty slots
 *          (behaviour C7a).
 */
void mm_add_task(struct mm_struct *mm, struct task_struct *task,
		 const struct task_struct *parent);

/**
 * mm_remove_task() - let a thread leave its address space
 * @task: linked by mm_add_task(); unlinked here, not freed
 */
void mm_remove_task(struct task_struct *task);

/**
 * mm_resident_pages() - pages of an area that its page tables hold and count
 * @mm:  address space
 * @vma: one of its areas
 *
 * Return: pages, without the zero page and special mappings.
 * Cost:   O(page tables of the area).
 */
uint64_t mm_resident_pages(const struct mm_struct *mm,
			   const struct vm_area_struct *vma);

struct page_node;

/** mm_first_table() - where mm_resident_pages_next() begins; NULL: nowhere */
const struct page_node *mm_first_table(const struct mm_struct *mm);

/**
 * mm_resident_pages_next() - count area after area, by rising address
 * @vma:     an area above those counted before
 * @tablep:  in: mm_first_table(), and then what the last call left; out: the
 *           page table to go on with. No area and no table may change meanwhile
 * @pagesp:  in: 0, or what has been counted of this area; out: more, counted as
 *           mm_resident_pages() does
 * @tablesp: in: how many page tables to look at; out: how many are left
 *
 * Return: whether all of the area has been counted; if not, no table is left.
 * Cost:   O(1) for an area without page tables; no table is looked up.
 */
bool mm_resident_pages_next(const struct vm_area_struct *vma,
			    const struct page_node **tablep, uint64_t *pagesp,
			    uint64_t *tablesp);

/**
 * mm_file_pages() - those of mm_resident_pages() that are not anonymous
 * @mm:  address space
 * @vma: one of its areas
 *
 * Return: pages of the area's file, or of what the kernel mapped there.
 * Cost:   O(page tables of the area).
 */
uint64_t mm_file_pages(const struct mm_struct *mm,
		       const struct vm_area_struct *vma);

/**
 * mm_next_resident() - walk the ranges that are present in the page tables
 * @mm:     address space
 * @addrp:  in: where to start; out: the range's first address
 * @endp:   out: its end
 *
 * Ranges are of present pages of any kind, maximal, in address order.
 *
 * Return: false when there is no further range.
 */
bool mm_next_resident(const struct mm_struct *mm, uint64_t *addrp,
		      uint64_t *endp);

/**
 * mm_next_resident_within() - likewise, as far as some tables go
 * @addrp:   out without a range: where to go on, UINT64_MAX: there is none
 * @tablesp: in: how many page tables to look at; out: how many are left
 *
 * With no table left a range may go on where it ends: the next one begins there.
 *
 * Return: false if there was no range as far as it looked.
 */
bool mm_next_resident_within(const struct mm_struct *mm, uint64_t *addrp,
			     uint64_t *endp, uint64_t *tablesp);

/**
 * validate_mm() - check all invariants of an address space
 * @mm: to check
 *
 * Return: NULL, or a sentence that says what is wrong.
 * Cost:   O(areas + page tables). Runs by itself after every call when MM_DEBUG
 *         is 3, and amortised below.
 */
const char *validate_mm(const struct mm_struct *mm);
