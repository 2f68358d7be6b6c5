/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Kernel releases as tables of named behaviours
 *
 * The engine has one implementation of each call. Where releases differ, it
 * asks the profile of the machine that it emulates whether a behaviour holds;
 * nothing else in the engine knows a version number.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/mm/mm_types.h"

/*
 * X(name, reference, sentence): the reference names the change among the
 * documented behaviours (D1 to D52), "" if it is none of them.
 */
#define KERNEL_BEHAVIOURS(X)                                                   \
	X(has_rbtree, "D28", "areas are kept in a red-black tree and a list")  \
	X(has_vmacache, "D28", "each thread remembers the areas found last")   \
	X(vmacache_by_pmd, "D26",                                              \
	  "its slot is chosen by the 2 MiB number, where searches start, too") \
	X(vmacache_counts_stale, "C10", "a look-up in a stale cache counts")   \
	X(vmacache_seqnum_is_32bit, "D27",                                     \
	  "its sequence number wraps, with a flush of all threads")            \
	X(stack_guard_page, "D1", "the lowest page of a stack is hidden")      \
	X(stack_guard_gap, "D1", "pages stay free below areas that grow down") \
	X(stack_pointer_check, "D17",                                          \
	  "a touch far below the stack pointer is refused")                    \
	X(infinite_stack_is_legacy, "D15",                                     \
	  "an infinite RLIMIT_STACK means bottom-up placement")                \
	X(mmap_base_counts_guard_gap, "D16",                                   \
	  "mmap_base leaves room for the guard gap as well")                   \
	X(has_data_vm, "D2",                                                   \
	  "areas count as data, code or stack by what may be done there")      \
	X(data_limit_covers_mmap, "D3",                                        \
	  "RLIMIT_DATA limits private writable memory")                        \
	X(overcommit_guess_by_total, "D32",                                    \
	  "heuristic overcommit refuses only more than all memory")            \
	X(fault_makes_table_first, "",                                         \
	  "a fault allocates its page table before it can fail")               \
	X(vvar_mapped_at_exec, "",                                             \
	  "[vvar] is mapped as a whole, else page by page as touched")         \
	X(special_areas_split, "", "[vdso] and [vvar] can be split")           \
	X(anon_vma_reuse_counts_apart, "",                                     \
	  "a forked area reuses an anon_vma that nobody owns any more")        \
	X(gap_search_retries, "D29",                                           \
	  "a gap that a guard gap spoils makes the search start again below")  \
	X(shared_write_retries, "",                                            \
	  "a shared page that gets dirty is faulted in twice")                 \
	X(heap_label_strict, "O5",                                             \
	  "an empty heap gives its name to no neighbour")                      \
	X(has_fixed_noreplace, "D10", "MAP_FIXED_NOREPLACE exists")            \
	X(has_shared_validate, "D9", "MAP_SHARED_VALIDATE exists")             \
	X(has_droppable, "D43", "MAP_DROPPABLE exists")                        \
	X(file_offsets_limited, "D12", "file offsets end at 2^63")             \
	X(hint_judged_first, "M16",                                            \
	  "a hint beyond the address space is not looked up")                  \
	X(map_stack_is_nohugepage, "D31", "MAP_STACK forbids huge pages")      \
	X(thp_aligns_mmap, "D30",                                              \
	  "anonymous multiples of 2 MiB are placed at multiples of 2 MiB")     \
	X(merge_keeps_next, "",                                                \
	  "an area that changes and joins the next one alone is the one to "   \
	  "go")                                                                \
	X(mmap_prefers_next, "",                                               \
	  "a new mapping joins the next area before the previous one")         \
	X(mmap_failure_restores, "L9",                                         \
	  "what a refused MAP_FIXED covered is still there")                   \
	X(brk_joins_heap_only, "",                                             \
	  "a growing heap joins no area below start_brk")                      \
	X(brk_shrink_needs_area, "", "brk shrinks only what is mapped")        \
	X(brk_judges_place_first, "",                                          \
	  "brk judges address and locks before it looks for a neighbour")      \
	X(brk_is_set_before_munmap, "",                                        \
	  "a falling brk is set before its memory is unmapped")                \
	X(munmap_cuts_off_ends, "",                                            \
	  "munmap keeps new areas at both ends, and unmaps the old one")       \
	X(munmap_counts_at_once, "",                                           \
	  "munmap changes the counters once, not with each area")              \
	X(mprotect_populates_locked, "",                                       \
	  "locked private memory is copied when it becomes writable")          \
	X(mprotect_uncommits_untouched, "",                                    \
	  "memory that nobody touched is committed only while it is writable") \
	X(has_mlock2, "D4", "mlock2, and locking on fault, exist")             \
	X(lockonfault_looks_at_nothing, "",                                    \
	  "locking on fault does not even look whether pages could be had")    \
	X(mlock_counts_overlap_once, "D5",                                     \
	  "what is locked already does not count again")                       \
	X(has_madv_free, "D34", "MADV_FREE exists")                            \
	X(has_madv_wipeonfork, "D34", "MADV_WIPEONFORK exists")                \
	X(has_madv_cold, "D34", "MADV_COLD and MADV_PAGEOUT exist")            \
	X(has_madv_populate, "D34",                                            \
	  "MADV_POPULATE_READ and MADV_POPULATE_WRITE exist")                  \
	X(madv_populate_stops_at_hole, "",                                     \
	  "they stop at the first hole, else go on behind it")                 \
	X(has_madv_dontneed_locked, "D34", "MADV_DONTNEED_LOCKED exists")      \
	X(madvise_split_is_enomem, "V23",                                      \
	  "madvise answers ENOMEM when it may not split")                      \
	X(hugepage_advice_anywhere, "",                                        \
	  "huge page advice is taken for every area")                          \
	X(has_mremap_dontunmap, "D21", "MREMAP_DONTUNMAP exists")              \
	X(mremap_dontunmap_any, "D21", "and works on shared areas, too")       \
	X(mremap_duplicates_private, "D19",                                    \
	  "mremap of nothing makes a fresh private mapping")                   \
	X(mremap_judges_same_size, "",                                         \
	  "mremap to the same size is judged like growth by nothing")          \
	X(mremap_overlap_needs_length, "",                                     \
	  "a source of no length overlaps no target")                          \
	X(mremap_moves_special_whole, "",                                      \
	  "a part of [vdso] or [vvar] comes back when it is moved")            \
	X(mremap_makes_pud_tables, "",                                         \
	  "a move makes upper page tables before it looks for pages")          \
	X(remap_file_pages_spans, "X5",                                        \
	  "remap_file_pages takes several areas, and maps anew what is in "    \
	  "place")                                                             \
	X(madv_remove_may_write, "",                                           \
	  "MADV_REMOVE asks what may be written, not what can be now")         \
	X(mremap_counts_locked_pages, "",                                      \
	  "the locked size of a growth cannot wrap around")                    \
	X(mremap_needs_mapping, "D20",                                         \
	  "mremap needs a mapping even if it does not grow")                   \
	X(mremap_leaves_room, "",                                              \
	  "MREMAP_FIXED keeps five areas free below max_map_count")            \
	X(mremap_growth_merges, "D22",                                         \
	  "mremap that grows in place joins the next area")                    \
	X(mremap_commits_move, "",                                             \
	  "mremap commits the growth only where it happens")                   \
	X(mremap_commit_is_enomem, "R32",                                      \
	  "mremap answers ENOMEM beyond the commit limit")                     \
	X(has_mseal, "D42", "mseal exists")                                    \
	X(mincore_asks_permission, "D33",                                      \
	  "mincore tells about files only to who may write them")              \
	X(vdso_above_stack, "",                                                \
	  "a randomised [vdso] goes above the stack, else where mmap places "  \
	  "it")                                                                \
	X(arguments_have_limit, "D44",                                         \
	  "exec takes 6 MiB of arguments, whatever RLIMIT_STACK is")           \
	X(program_maps_deny_write, "",                                         \
	  "a program's mappings have VM_DENYWRITE")                            \
	X(start_code_is_executable, "",                                        \
	  "start_code looks at executable segments only")                      \
	X(bss_keeps_exec, "",                                                  \
	  "zeroed pages of an executable segment are executable")              \
	X(image_spans_all, "", "segments of an image may come in any order")   \
	X(program_bss_by_segment, "",                                          \
	  "a segment's bss is mapped with it, not when all are known")         \
	X(interpreter_bss_by_segment, "", "an interpreter's, too")             \
	X(interpreter_is_padded, "",                                           \
	  "an interpreter's last page is cleared even if it has no bss")       \
	X(first_segment_replaces_nothing, "D11",                               \
	  "a program's first segment is mapped with MAP_FIXED_NOREPLACE")      \
	X(pie_base_is_random, "L37",                                           \
	  "a PIE goes near 2/3 of the address space, else where mmap places "  \
	  "it")                                                                \
	X(pie_reserves_whole, "",                                              \
	  "the first mapping of a PIE is as long as all of it")                \
	X(pie_is_aligned, "", "a PIE is aligned to its largest p_align")       \
	X(static_pie_in_mmap_area, "",                                         \
	  "a PIE without an interpreter goes where mmap places it")            \
	X(static_pie_is_aligned, "", "and is aligned there, too")              \
	X(static_pie_brk_moves, "", "its heap moves away from the mmap area")  \
	X(static_pie_random_brk_moves, "",                                     \
	  "its heap moves if it is randomised")                                \
	X(random_brk_leaves_gap, "",                                           \
	  "a randomised heap leaves a page behind the bss")                    \
	X(status_has_rss_kinds, "O14", "status prints RssAnon and the like")   \
	X(status_has_vmpmd, "O14",                                             \
	  "status prints VmPMD, and VmPTE is page tables alone")               \
	X(status_has_hugetlb, "O14", "status prints HugetlbPages")             \
	X(smaps_is_wide, "O8",                                                 \
	  "smaps prints page sizes first, and huge pages by kind")             \
	X(smaps_has_pss_dirty, "O8", "smaps prints Pss_Dirty")                 \
	X(smaps_has_ksm, "O8", "smaps prints KSM")                             \
	X(smaps_thp_is_padded, "O8", "smaps prints THPeligible in a column")   \
	X(smaps_knows_lock_on_fault, "O13",                                    \
	  "VmFlags has lf for locking on fault, else ??")

struct kernel_profile {
	const char *name;    /* as clients spell it: "4.0" */
	const char *release; /* the exact kernel that judges it */
	enum kernel_release kernel_release; /* whose functions steps name */
	uint64_t default_memlock;           /* RLIMIT_MEMLOCK, bytes (D7) */
	unsigned int vvar_pages, vdso_pages;
	unsigned int auxv_entries; /* on the stack, AT_NULL included */
	uint64_t brk_random_bytes;
#define DECLARE_BEHAVIOUR(name, reference, sentence) bool name;
	KERNEL_BEHAVIOURS(DECLARE_BEHAVIOUR)
#undef DECLARE_BEHAVIOUR
};

/* One named behaviour, for people. */
struct kernel_behaviour {
	const char *name;
	const char *reference; /* "" if it has none */
	const char *sentence;
	size_t offset; /* of the bool in struct kernel_profile */
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

/**
 * kernel_behaviour_at() - enumerate what profiles can differ in
 * @index: 0, 1, ...
 *
 * Return: the behaviour, static, or NULL past the last one.
 */
const struct kernel_behaviour *kernel_behaviour_at(size_t index);

/* Does @profile have @behaviour? */
static inline bool kernel_profile_has(const struct kernel_profile *profile,
				      const struct kernel_behaviour *behaviour)
{
	return *(const bool *)((const char *)profile + behaviour->offset);
}
