/* SPDX-License-Identifier: MIT */
#include "tests/conformance/walk/known.h"

#include <fnmatch.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct known {
	struct kernel_version since; /* the first that acts so */
	const char *kinds;           /* pattern of the shell */
	const char *reason;
};

static const struct known table[] = {
	/* Merged in 6.12.107, no longer in 6.12.117. */
	{ { 6, 12, 108 },
	  "mremap that keeps its source: the engine merges more",
	  "what MREMAP_DONTUNMAP moves does not merge with its source" },
	{ { 6, 13, 0 },
	  "* of [[]vv*",
	  "the data pages of the vdso are other ones, in another order" },
	{ { 6, 13, 0 },
	  "mremap*: VmLck, the engine less",
	  "what MREMAP_DONTUNMAP leaves behind stays locked" },
	{ { 6, 17, 0 },
	  "mremap*",
	  "mremap moves several areas at once, and judges in another order" },
	{ { 6, 17, 0 },
	  "madvise of [[]vdso*: *, the engine EPERM",
	  "seals keep advice off anonymous areas only" },
	{ { 6, 14, 0 },
	  "madvise: VmPTE, the engine more",
	  "madvise frees page tables that it empties" },
	{ { 6, 16, 0 },
	  "*: the kernel merges more",
	  "an area with anonymous pages merges with neighbours that have none, "
	  "on either side (behaviour J12)" },
};

struct kernel_version kernel_version_parse(const char *release)
{
	struct kernel_version version = { 0 };

	sscanf(release, "%u.%u.%u", &version.major, &version.minor,
	       &version.patch);
	return version;
}

static bool is_at_least(const struct kernel_version *version,
			const struct kernel_version *since)
{
	if (version->major != since->major)
		return version->major > since->major;
	if (version->minor != since->minor)
		return version->minor > since->minor;
	return version->patch >= since->patch;
}

const char *known_reason(const struct kernel_version *version, const char *kind)
{
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (is_at_least(version, &table[i].since) &&
		    !fnmatch(table[i].kinds, kind, 0))
			return table[i].reason;
	return NULL;
}
