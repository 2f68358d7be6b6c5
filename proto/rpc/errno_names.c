/* SPDX-License-Identifier: MIT */
#include "proto/rpc/errno_names.h"

#include <stddef.h>

/* The numbers are the emulated kernel's, whatever the host's are. */
static const char *const names[] = {
	[1] = "EPERM",       [2] = "ENOENT",   [3] = "ESRCH",
	[4] = "EINTR",       [5] = "EIO",      [6] = "ENXIO",
	[7] = "E2BIG",       [8] = "ENOEXEC",  [9] = "EBADF",
	[10] = "ECHILD",     [11] = "EAGAIN",  [12] = "ENOMEM",
	[13] = "EACCES",     [14] = "EFAULT",  [15] = "ENOTBLK",
	[16] = "EBUSY",      [17] = "EEXIST",  [18] = "EXDEV",
	[19] = "ENODEV",     [20] = "ENOTDIR", [21] = "EISDIR",
	[22] = "EINVAL",     [23] = "ENFILE",  [24] = "EMFILE",
	[25] = "ENOTTY",     [26] = "ETXTBSY", [27] = "EFBIG",
	[28] = "ENOSPC",     [29] = "ESPIPE",  [30] = "EROFS",
	[31] = "EMLINK",     [32] = "EPIPE",   [33] = "EDOM",
	[34] = "ERANGE",     [35] = "EDEADLK", [36] = "ENAMETOOLONG",
	[38] = "ENOSYS",     [40] = "ELOOP",   [75] = "EOVERFLOW",
	[95] = "EOPNOTSUPP",
};

const char *errno_name(int number)
{
	if (number < 0 || (size_t)number >= sizeof(names) / sizeof(names[0]))
		return NULL;
	return names[number];
}
