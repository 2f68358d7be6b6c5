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

/* The host had no memory, or the client's account is full. */
#define MM_HOST_REFUSED INT64_MIN

/* The emulated kernel's errno values (x86-64). */
#define MM_EPERM     1
#define MM_EBADF     9
#define MM_EAGAIN    11
#define MM_ENOMEM    12
#define MM_EACCES    13
#define MM_EFAULT    14
#define MM_EINVAL    22
#define MM_EOVERFLOW 75

#define PROT_READ  0x1
#define PROT_WRITE 0x2
#define PROT_EXEC  0x4
#define PROT_NONE  0x0

#define MAP_SHARED     0x01
#define MAP_PRIVATE    0x02
#define MAP_TYPE       0x0f
#define MAP_FIXED      0x10
#define MAP_ANONYMOUS  0x20
#define MAP_32BIT      0x40
#define MAP_GROWSDOWN  0x00100
#define MAP_DENYWRITE  0x00800
#define MAP_EXECUTABLE 0x01000
#define MAP_LOCKED     0x02000
#define MAP_NORESERVE  0x04000
#define MAP_POPULATE   0x08000
#define MAP_NONBLOCK   0x10000
#define MAP_STACK      0x20000
#define MAP_HUGETLB    0x40000

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
 * @task:   zeroed by the caller except tid; linked here
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
 * validate_mm() - check all invariants of an address space
 * @mm: to check
 *
 * Return: NULL, or a sentence that says what is wrong.
 * Cost:   O(areas + page tables). Runs by itself after every call when MM_DEBUG
 *         is 3, and amortised below.
 */
const char *validate_mm(const struct mm_struct *mm);
