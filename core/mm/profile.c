/* SPDX-License-Identifier: MIT */
#include "core/mm/profile.h"

#include <string.h>

static const struct kernel_profile profiles[] = {
	{
		.name = "4.0",
		.release = "4.0.0",
		.has_rbtree = true,
		.has_vmacache = true,
		.vmacache_shift = 12,
		.vmacache_starts_at_hash = false,
		.vmacache_counts_stale = false,
		.vmacache_seqnum_is_32bit = true,
		.stack_guard_page = true,
		.stack_pointer_check = true,
		.infinite_stack_is_legacy = true,
		.has_data_vm = false,
		.status_has_rss_kinds = false,
		.status_has_vmpmd = true,
		.vvar_pages = 2,
		.vdso_pages = 2,
		.vvar_mapped_at_exec = true,
		.auxv_entries = 19,
		.program_maps_deny_write = true,
		.brk_random_bytes = 32 << 20,
		.default_memlock = 64 << 10,
	},
};

#define NR_PROFILES (sizeof(profiles) / sizeof(profiles[0]))

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
