/* SPDX-License-Identifier: MIT */
#include "tests/conformance/walk/known.h"

#include <fnmatch.h>
#include <stddef.h>

struct known {
	unsigned int major, minor; /* first release that acts so */
	const char *kinds;         /* pattern of the shell */
	const char *reason;
};

static const struct known table[] = {
	{ 6, 13, "* of [[]vv*",
	  "the data pages of the vdso are other ones, in another order" },
	{ 6, 13, "mremap*: VmLck, the engine less",
	  "what MREMAP_DONTUNMAP leaves behind stays locked" },
	{ 6, 17, "mremap*",
	  "mremap moves several areas at once, and judges in another order" },
	{ 6, 17, "madvise of [[]vdso*: *, the engine EPERM",
	  "seals keep advice off anonymous areas only" },
	{ 6, 14, "madvise: VmPTE, the engine more",
	  "madvise frees page tables that it empties" },
	{ 6, 16, "*: the kernel merges more",
	  "an area with anonymous pages merges with neighbours that have none, "
	  "on either side (behaviour J12)" },
};

const char *known_reason(unsigned int major, unsigned int minor,
			 const char *kind)
{
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if ((major > table[i].major ||
		     (major == table[i].major && minor >= table[i].minor)) &&
		    !fnmatch(table[i].kinds, kind, 0))
			return table[i].reason;
	return NULL;
}
