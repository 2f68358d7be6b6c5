/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The structures of an emulated address space
 *
 * Names, meanings and units are the kernel's. Counters are in pages, addresses
 * in bytes. Others than core/mm read these structures (snapshots are written
 * straight from them) and never write them.
 */
#include <stdbool.h>
#include <stdint.h>

#include "core/mm/rbtree.h"

#define PAGE_SHIFT       12
#define PAGE_SIZE        (1ULL << PAGE_SHIFT)
#define PAGE_MASK        (~(PAGE_SIZE - 1))
#define PAGE_ALIGN(addr) (((addr) + PAGE_SIZE - 1) & PAGE_MASK)

/* x86-64, four levels: user space ends one page below 2^47. */
#define TASK_SIZE ((1ULL << 47) - PAGE_SIZE)

/* vm_flags: the kernel's values, so that a dump can be compared. */
#define VM_READ        0x00000001ULL
#define VM_WRITE       0x00000002ULL
#define VM_EXEC        0x00000004ULL
#define VM_SHARED      0x00000008ULL
#define VM_MAYREAD     0x00000010ULL
#define VM_MAYWRITE    0x00000020ULL
#define VM_MAYEXEC     0x00000040ULL
#define VM_MAYSHARE    0x00000080ULL
#define VM_GROWSDOWN   0x00000100ULL
#define VM_PFNMAP      0x00000400ULL
#define VM_DENYWRITE   0x00000800ULL
#define VM_LOCKED      0x00002000ULL
#define VM_IO          0x00004000ULL
#define VM_SEQ_READ    0x00008000ULL
#define VM_RAND_READ   0x00010000ULL
#define VM_DONTCOPY    0x00020000ULL
#define VM_DONTEXPAND  0x00040000ULL
#define VM_ACCOUNT     0x00100000ULL
#define VM_NORESERVE   0x00200000ULL
#define VM_LOCKONFAULT 0x00080000ULL
#define VM_WIPEONFORK  0x02000000ULL
#define VM_DROPPABLE   (1ULL << 40)
#define VM_SEALED      (1ULL << 63)
#define VM_DONTDUMP    0x04000000ULL
#define VM_SOFTDIRTY   0x08000000ULL
#define VM_MIXEDMAP    0x10000000ULL

#define VM_HUGEPAGE   0x20000000ULL
#define VM_NOHUGEPAGE 0x40000000ULL
#define VM_MERGEABLE  0x80000000ULL

/* Areas that never merge. */
#define VM_SPECIAL     (VM_IO | VM_DONTEXPAND | VM_PFNMAP | VM_MIXEDMAP)
#define VM_LOCKED_MASK (VM_LOCKED | VM_LOCKONFAULT)
#define VM_STACK_FLAGS                                                         \
	(VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC |          \
	 VM_GROWSDOWN | VM_ACCOUNT)
#define VM_DATA_DEFAULT_FLAGS                                                  \
	(VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC)

struct memory;
struct kernel_profile;
struct machine;
struct step_sink;

/*
 * Who may share anonymous pages: areas with the same anon_vma can merge, two
 * with different ones cannot. An area that was copied by fork belongs to its
 * own anon_vma and to all that its parent belonged to: its chain, newest first.
 *
 * A chain only ever grows at its head, by fork, and what it then holds is the
 * new anon_vma's to inherit. So chains share their tails and need no links of
 * their own:
 *
 *	grandchild's area --> C
 *	                      | inherited
 *	child's area -------> B
 *	                      | inherited
 *	parent's area ------> A
 */
struct anon_vma {
	union {
		struct anon_vma
			*parent;        /* itself, or whom it was forked from */
		struct anon_vma *spare; /* while on a free list */
	};
	struct anon_vma *inherited; /* the next one of every chain; or NULL */
	uint32_t refs;              /* areas in whose chains it is */
	uint32_t num_children;    /* forked from it; a root is its own child */
	uint32_t num_active_vmas; /* areas whose own it is */
	uint32_t id;              /* unique in the machine, from 1 */
	uint8_t slot;             /* core/mm/memory.c's: not to be copied */
};

/*
 * The object behind a file mapping or behind shared anonymous memory: an inode
 * on a tmpfs with its page cache. Owned by reference counts: one a mapping
 * area, one an open descriptor.
 */
struct vm_file {
	uint32_t refs;
	bool shmem;           /* made by a shared anonymous mmap */
	bool writable;        /* opened for writing */
	bool readable;        /* opened for reading */
	bool noreserve;       /* pages are committed one by one as they come */
	uint64_t size;        /* bytes */
	uint64_t committed;   /* pages charged with the object (shmem) */
	uint64_t nr_cached;   /* pages in the page cache */
	struct rb_root cache; /* of struct cache_node, 64 pages each */
	struct machine *machine;
	uint64_t inode;
	uint16_t dev_major, dev_minor;
	uint32_t path_len;
	char path[]; /* as maps prints it; not NUL terminated */
};

/* Areas that the kernel itself installs. */
enum vm_special {
	VM_SPECIAL_NONE,
	VM_SPECIAL_VDSO,
	VM_SPECIAL_VVAR,
	VM_SPECIAL_VVAR_VCLOCK, /* a mapping of its own from 6.13 on */
	VM_SPECIAL_VSYSCALL,
};

#define VM_NR_SPECIAL (VM_SPECIAL_VSYSCALL + 1)

/*
 * One area: [vm_start, vm_end), page aligned, never empty, never overlapping.
 * In the list of its mm through vm_next and vm_prev, in the tree through vm_rb.
 * rb_subtree_gap is the largest free gap before any area of the node's subtree.
 * What a walk down the tree reads comes first: it shares a cache line.
 */
struct vm_area_struct {
	uint64_t vm_start;
	uint64_t vm_end;
	struct rb_node vm_rb;
	uint64_t rb_subtree_gap;
	uint64_t vm_gap; /* free bytes between the area before and this one */
	struct vm_area_struct *vm_next, *vm_prev;
	uint64_t vm_flags;
	uint64_t vm_pgoff; /* in pages; of anonymous areas vm_start >> 12 */
	struct vm_file *vm_file;
	struct anon_vma *anon_vma; /* its own, NULL: no anonymous page yet */
	struct anon_vma *anon_vma_chain; /* the newest that it belongs to */
	uint32_t id;        /* stays with the area for its life, from 1 */
	uint8_t vm_special; /* enum vm_special */
	uint8_t slot;       /* core/mm/memory.c's: not to be copied */
};

/* One thread's memory of the areas that it found last. */
#define VMACACHE_SIZE 4

struct vmacache {
	uint64_t seqnum;
	struct vm_area_struct *slots[VMACACHE_SIZE];
	uint32_t ids[VMACACHE_SIZE]; /* of slots, valid even when stale */
	uint64_t find_calls, find_hits, full_flushes;
};

/* Resource limits that address spaces obey, in bytes. */
#define RLIM_INFINITY UINT64_MAX

struct rlimits {
	uint64_t as, data, stack, memlock;
};

/* One thread: the kernel's task, as far as memory goes. */
struct task_struct {
	struct mm_struct *mm;
	struct task_struct *next; /* of the same mm */
	uint32_t tid;             /* within its process, from 1 */
	uint32_t tgid;            /* its process */
	struct vmacache vmacache;
};

/*
 * One address space.
 *
 * Invariants, checked by validate_mm():
 *   - list and tree hold the same map_count areas in the same order;
 *   - every rb_subtree_gap is what its children and neighbours imply;
 *   - highest_vm_end is the end of the last area, 0 if there is none;
 *   - total_vm, shared_vm, exec_vm, stack_vm and locked_vm agree with the areas
 *     (total_vm also counts the areas that the kernel itself installed);
 *   - the rss counters agree with the page tables, nr_* with their numbers.
 */
struct mm_struct {
	struct machine *machine;
	struct mm_struct *next_mm; /* of the same machine */
	uint32_t generation;       /* forks from the machine's first process */
	/* Which exec it came of, 0: none. Areas of two images are strangers,
	 * whatever their ids; no emulated answer depends on it. */
	uint32_t image;
	struct vm_area_struct *mmap;      /* the list's head */
	struct vm_area_struct *mmap_tail; /* its last area */
	struct rb_root mm_rb;
	uint64_t highest_vm_end;
	uint32_t map_count;
	uint32_t next_vma_id;
	uint64_t vmacache_seqnum;
	struct task_struct *tasks; /* threads that share this mm */
	uint32_t mm_users;         /* how many of them */
	uint32_t uid;              /* 0: every capability, else none */
	struct rlimits rlimits;

	uint64_t mmap_base, mmap_legacy_base;
	uint64_t stack_guard_gap; /* bytes kept free below areas that grow */
	uint32_t def_flags;       /* VM_LOCKED after mlockall(MCL_FUTURE) */
	bool topdown;             /* where get_unmapped_area starts */
	bool randomize;           /* address space randomisation */
	uint16_t special_pages[VM_NR_SPECIAL]; /* as installed */
	uint32_t nr_ptes, nr_pmds, nr_puds;
	uint32_t unchecked; /* operations since validate_mm() last ran */

	uint64_t total_vm, locked_vm, exec_vm, stack_vm;
	uint64_t stale_locked_vm; /* of locked_vm: of no locked area */
	uint64_t shared_vm;       /* unless the release has data_vm */
	uint64_t data_vm;
	uint64_t hiwater_vm, hiwater_rss;
	uint64_t rss_anon, rss_file;
	struct rb_root page_tables; /* of struct page_node */
	/* A bit for every 64th table by level, clear: there is none of them. */
	uint64_t table_filter[3];

	uint64_t start_code, end_code, start_data, end_data;
	uint64_t start_brk, brk, start_stack;
	uint64_t arg_start, arg_end, env_start, env_end;
};

/* Settings of the emulated machine under /proc/sys/vm, in their own units. */
struct sysctl {
	uint64_t mmap_min_addr;
	uint64_t overcommit_kbytes;
	uint64_t admin_reserve_kbytes;
	uint64_t user_reserve_kbytes;
	uint32_t max_map_count;
	uint32_t overcommit_ratio; /* per cent */
	uint32_t stack_guard_gap;  /* pages */
	uint8_t overcommit_memory; /* 0 guess, 1 always, 2 never */
	uint8_t legacy_va_layout;
};

/* The releases whose functions steps can name, from the oldest on. */
enum kernel_release {
	KERNEL_4_0,
	KERNEL_5_10,
	KERNEL_6_1,
	KERNEL_6_12,
	KERNEL_NR_RELEASES
};

/* The emulated machine that the processes of one world share. */
struct machine {
	const struct kernel_profile *profile;
	struct memory *memory;   /* the host's */
	struct mm_struct *mms;   /* all address spaces */
	struct step_sink *steps; /* told what is decided; NULL: nobody */
	struct sysctl sysctl;
	uint64_t totalram_pages;
	uint64_t committed_as;   /* pages, vm_committed_as */
	uint64_t held_pages;     /* committed until the call ends */
	bool holds_pages;        /* see hold_committed_pages() */
	uint64_t nr_anon_pages;  /* resident anonymous pages */
	uint64_t nr_cache_pages; /* pages in the page cache */
	uint64_t nr_table_pages; /* page tables of every level */
	uint32_t next_anon_vma_id;
	uint32_t nr_images; /* execs so far */
	uint64_t next_inode;
	uint64_t random; /* state of the seeded generator */
};

static inline uint64_t vma_pages(const struct vm_area_struct *vma)
{
	return (vma->vm_end - vma->vm_start) >> PAGE_SHIFT;
}

static inline uint64_t get_mm_rss(const struct mm_struct *mm)
{
	return mm->rss_anon + mm->rss_file;
}
