/* SPDX-License-Identifier: MIT */
#include "core/mm/profile.h"

#include <string.h>

/* Releases from the oldest on; the first one is the default. */
static const struct kernel_profile profiles[] = {
	{
		.name = "4.0",
		.release = "4.0.0",
		.default_memlock = 64 << 10,
		.vvar_pages = 2,
		.vdso_pages = 2,
		.auxv_entries = 19,
		.brk_random_bytes = 32 << 20,
		.has_rbtree = true,
		.has_vmacache = true,
		.vmacache_seqnum_is_32bit = true,
		.stack_guard_page = true,
		.stack_pointer_check = true,
		.infinite_stack_is_legacy = true,
		.fault_makes_table_first = true,
		.special_areas_split = true,
		.mremap_duplicates_private = true,
		.vvar_mapped_at_exec = true,
		.program_maps_deny_write = true,
		.status_has_vmpmd = true,
	},
	{
		.name = "5.10",
		.release = "5.10.223",
		.default_memlock = 64 << 10,
		.vvar_pages = 4,
		.vdso_pages = 1,
		.auxv_entries = 20,
		.brk_random_bytes = 32 << 20,
		.has_rbtree = true,
		.has_vmacache = true,
		.vmacache_by_pmd = true,
		.vmacache_counts_stale = true,
		.stack_guard_gap = true,
		.mmap_base_counts_guard_gap = true,
		.has_data_vm = true,
		.data_limit_covers_mmap = true,
		.overcommit_guess_by_total = true,
		.shared_write_retries = true,
		.special_areas_split = true,
		.anon_vma_reuse_counts_apart = true,
		.has_fixed_noreplace = true,
		.has_shared_validate = true,
		.file_offsets_limited = true,
		.hint_judged_first = true,
		.mprotect_populates_locked = true,
		.has_mlock2 = true,
		.mlock_counts_overlap_once = true,
		.has_madv_free = true,
		.has_madv_wipeonfork = true,
		.has_madv_cold = true,
		.madvise_split_is_enomem = true,
		.hugepage_advice_anywhere = true,
		.has_mremap_dontunmap = true,
		.mremap_leaves_room = true,
		.mremap_commit_is_enomem = true,
		.mincore_asks_permission = true,
		.status_has_rss_kinds = true,
	},
	{
		.name = "6.1",
		.release = "6.1.176",
		.default_memlock = 8 << 20,
		.vvar_pages = 4,
		.vdso_pages = 2,
		.auxv_entries = 21,
		.brk_random_bytes = 32 << 20,
		.stack_guard_gap = true,
		.mmap_base_counts_guard_gap = true,
		.has_data_vm = true,
		.data_limit_covers_mmap = true,
		.overcommit_guess_by_total = true,
		.anon_vma_reuse_counts_apart = true,
		.gap_search_retries = true,
		.has_fixed_noreplace = true,
		.has_shared_validate = true,
		.file_offsets_limited = true,
		.hint_judged_first = true,
		.mmap_prefers_next = true,
		.brk_joins_heap_only = true,
		.brk_shrink_needs_area = true,
		.mprotect_populates_locked = true,
		.has_mlock2 = true,
		.mlock_counts_overlap_once = true,
		.has_madv_free = true,
		.has_madv_wipeonfork = true,
		.has_madv_cold = true,
		.has_madv_populate = true,
		.has_madv_dontneed_locked = true,
		.hugepage_advice_anywhere = true,
		.has_mremap_dontunmap = true,
		.mremap_dontunmap_any = true,
		.mremap_needs_mapping = true,
		.mremap_leaves_room = true,
		.mremap_growth_merges = true,
		.mremap_commits_move = true,
		.mremap_commit_is_enomem = true,
		.mincore_asks_permission = true,
		.status_has_rss_kinds = true,
	},
	{
		.name = "6.12",
		.release = "6.12.107",
		.default_memlock = 8 << 20,
		.vvar_pages = 4,
		.vdso_pages = 2,
		.auxv_entries = 23,
		.brk_random_bytes = 32 << 20,
		.stack_guard_gap = true,
		.mmap_base_counts_guard_gap = true,
		.has_data_vm = true,
		.data_limit_covers_mmap = true,
		.overcommit_guess_by_total = true,
		.anon_vma_reuse_counts_apart = true,
		.gap_search_retries = true,
		.heap_label_strict = true,
		.has_fixed_noreplace = true,
		.has_shared_validate = true,
		.file_offsets_limited = true,
		.hint_judged_first = true,
		.map_stack_is_nohugepage = true,
		.thp_aligns_mmap = true,
		.mmap_failure_restores = true,
		.brk_joins_heap_only = true,
		.brk_shrink_needs_area = true,
		.mprotect_populates_locked = true,
		.mprotect_uncommits_untouched = true,
		.has_mlock2 = true,
		.mlock_counts_overlap_once = true,
		.has_madv_free = true,
		.has_madv_wipeonfork = true,
		.has_madv_cold = true,
		.has_madv_populate = true,
		.has_madv_dontneed_locked = true,
		.hugepage_advice_anywhere = true,
		.has_mremap_dontunmap = true,
		.mremap_dontunmap_any = true,
		.mremap_needs_mapping = true,
		.mremap_leaves_room = true,
		.mremap_growth_merges = true,
		.mremap_commits_move = true,
		.mremap_commit_is_enomem = true,
		.has_mseal = true,
		.mincore_asks_permission = true,
		.status_has_rss_kinds = true,
	},
};

static const struct kernel_behaviour behaviours[] = {
#define DEFINE_BEHAVIOUR(name, reference, sentence)                            \
	{ #name, reference, sentence, offsetof(struct kernel_profile, name) },
	KERNEL_BEHAVIOURS(DEFINE_BEHAVIOUR)
#undef DEFINE_BEHAVIOUR
};

#define NR_PROFILES   (sizeof(profiles) / sizeof(profiles[0]))
#define NR_BEHAVIOURS (sizeof(behaviours) / sizeof(behaviours[0]))

const struct kernel_profile *kernel_profile_find(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < NR_PROFILES; i++)
		if (strlen(profiles[i].name) == len &&
		    !memcmp(profiles[i].name, name, len))
			return &profiles[i];
	return NULL;
}

const struct kernel_profile *kernel_profile_at(size_t index)
{
	return index < NR_PROFILES ? &profiles[index] : NULL;
}

const struct kernel_behaviour *kernel_behaviour_at(size_t index)
{
	return index < NR_BEHAVIOURS ? &behaviours[index] : NULL;
}
