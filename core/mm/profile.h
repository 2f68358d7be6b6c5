/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Kernel releases as tables of named behaviours
 *
 * The engine has one implementation of each call. Where releases differ, it
 * asks the profile of the machine that it emulates; nothing else in the engine
 * knows a version number.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kernel_profile {
	const char *name;    /* as clients spell it: "4.0" */
	const char *release; /* the exact kernel that judges it */

	/* Structures that the release shows and counts. */
	bool has_rbtree;
	bool has_vmacache;

	/* vmacache (behaviours C1, C2, C9, C10). */
	unsigned int vmacache_shift;   /* slot = (addr >> shift) & 3 */
	bool vmacache_starts_at_hash;  /* else the search starts at slot 0 */
	bool vmacache_counts_stale;    /* a stale look-up is a call, too */
	bool vmacache_seqnum_is_32bit; /* wraps, with a full flush */

	/* Stack growth (D1, D17). */
	bool stack_guard_page;    /* lowest page is a hidden guard */
	bool stack_pointer_check; /* far below sp: SIGSEGV */

	/* Layout (D15): RLIMIT_STACK infinite means the legacy one. */
	bool infinite_stack_is_legacy;

	/*
	 * A forked area reuses an anon_vma of its ancestors that no area owns
	 * any more and that has one child at most; else one whose owners and
	 * children are less than two together.
	 */
	bool anon_vma_reuse_counts_apart;

	/* Accounting (D2, D3, O16). */
	bool has_data_vm; /* RLIMIT_DATA covers data_vm */

	/* /proc/PID/status (O14). */
	bool status_has_rss_kinds;
	bool status_has_vmpmd;

	/* What exec makes of a program (D11, D14, L37). */
	unsigned int vvar_pages, vdso_pages;
	bool vvar_mapped_at_exec;      /* else page by page, when touched */
	unsigned int auxv_entries;     /* on the stack, AT_NULL included */
	bool arguments_have_limit;     /* 6 MiB, whatever RLIMIT_STACK is */
	bool program_maps_deny_write;  /* VM_DENYWRITE */
	bool start_code_is_executable; /* else of any segment */
	bool bss_keeps_exec;           /* PF_X holds for the zeroed pages */
	bool padding_may_fail; /* a bss in a segment that is not writable */
	bool first_segment_replaces_nothing; /* MAP_FIXED_NOREPLACE */
	bool pie_base_is_random; /* near 2/3 of TASK_SIZE; else in mmap's area */
	bool pie_reserves_whole;      /* its first mapping is as long as all */
	bool pie_is_aligned;          /* to the largest p_align */
	bool static_pie_in_mmap_area; /* else as other PIEs */
	bool static_pie_is_aligned;
	bool static_pie_brk_moves;        /* away from the mmap area, always */
	bool static_pie_random_brk_moves; /* or if randomised */
	bool random_brk_leaves_gap;       /* of a page behind the bss */
	uint64_t brk_random_bytes;

	uint64_t default_memlock; /* RLIMIT_MEMLOCK, bytes (K25) */
};

/**
 * kernel_profile_find() - the profile that clients call @name
 * @name: not necessarily NUL terminated
 * @len:  its bytes
 *
 * Return: the profile, static, or NULL: there is none of that name.
 */
const struct kernel_profile *kernel_profile_find(const char *name, size_t len);

/**
 * kernel_profile_at() - enumerate the profiles
 * @index: 0, 1, ... ; 0 is the default profile
 *
 * Return: the profile, static, or NULL past the last one.
 */
const struct kernel_profile *kernel_profile_at(size_t index);
