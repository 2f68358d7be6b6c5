/* SPDX-License-Identifier: MIT */
/*
 * The method table: the emulated calls
 *
 * Their parameters stand in the order of the operation's arguments, behind the
 * process and before the thread.
 */
#include "proto/rpc/flag_names.h"
#include "proto/rpc/method_parts.h"

static const char *const access_words[] = { "read", "write", "exec", NULL };

/* ----------------------------------------------------------- parameters */

#define PROT FLAGS("prot", prot_names, "PROT_*, by number or by name.")

static const struct param_def brk_params[] = {
	PROCESS, ADDRESS("addr", "The wanted break."), THREAD, WANT, RETRY_KEY,
};
static const struct param_def mmap_params[] = {
	PROCESS,
	ADDRESS("addr", "A hint, or the address with MAP_FIXED."),
	LENGTH,
	PROT,
	FLAGS("flags", map_flag_names, "MAP_*, by number or by name."),
	{ .name = "fd",
	  .kind = PARAM_FD,
	  .fallback = UINT64_MAX,
	  .preset = "-1",
	  .about = "An open descriptor, or -1." },
	{ .name = "offset",
	  .kind = PARAM_ADDRESS,
	  .preset = "0",
	  .about = "Into the file, in bytes." },
	THREAD,
	WANT,
	RETRY_KEY,
};
/* Of several calls. */
static const struct param_def range_params[] = {
	PROCESS, ADDR, LENGTH, THREAD, WANT, RETRY_KEY,
};
static const struct param_def mprotect_params[] = {
	PROCESS, ADDR, LENGTH, PROT, THREAD, WANT, RETRY_KEY,
};
static const struct param_def mremap_params[] = {
	PROCESS,
	ADDRESS("old_address", "Where the mapping is."),
	ADDRESS("old_size", "Its bytes; 0 maps shared memory once more."),
	ADDRESS("new_size", "The bytes it shall have."),
	FLAGS("flags", mremap_flag_names, "MREMAP_*, by number or by name."),
	{ .name = "new_address",
	  .kind = PARAM_ADDRESS,
	  .preset = "0",
	  .about = "Where it shall be, with MREMAP_FIXED." },
	THREAD,
	WANT,
	RETRY_KEY,
};
static const struct param_def mlock2_params[] = {
	PROCESS,   ADDR,
	LENGTH,    INT_FLAGS("flags", mlock2_flag_names, "MLOCK_ONFAULT or 0."),
	THREAD,    WANT,
	RETRY_KEY,
};
static const struct param_def mlockall_params[] = {
	PROCESS,
	INT_FLAGS("flags", mlockall_flag_names, "MCL_*, by number or by name."),
	THREAD,
	WANT,
	RETRY_KEY,
};
static const struct param_def munlockall_params[] = { PROCESS, THREAD, WANT,
						      RETRY_KEY };
static const struct param_def madvise_params[] = {
	PROCESS,
	ADDR,
	LENGTH,
	INT_FLAGS("advice", advice_names, "One MADV_*, by number or by name."),
	THREAD,
	WANT,
	RETRY_KEY,
};
static const struct param_def msync_params[] = {
	PROCESS,
	ADDR,
	LENGTH,
	INT_FLAGS("flags", msync_flag_names, "MS_*, by number or by name."),
	THREAD,
	WANT,
	RETRY_KEY,
};
static const struct param_def remap_file_pages_params[] = {
	PROCESS,
	ADDR,
	ADDRESS("size", "Bytes."),
	FLAGS("prot", prot_names, "Must be 0."),
	ADDRESS("pgoff", "The page of the file that shall be at addr."),
	FLAGS("flags", map_flag_names, "MAP_NONBLOCK or 0."),
	THREAD,
	WANT,
	RETRY_KEY,
};
static const struct param_def mseal_params[] = {
	PROCESS,   ADDR,
	LENGTH,    FLAGS("flags", mseal_flag_names, "Must be 0."),
	THREAD,    WANT,
	RETRY_KEY,
};
static const struct param_def access_params[] = {
	PROCESS,
	[ACCESS_ADDR] = ADDRESS("addr", "The first byte."),
	[ACCESS_TYPE] = { .name = "type",
			  .kind = PARAM_WORD,
			  .required = true,
			  .words = access_words,
			  .about = "What is done to each page, in order; the "
				   "first signal ends "
				   "it." },
	[ACCESS_LENGTH] = { .name = "length",
			    .kind = PARAM_ADDRESS,
			    .min = 1,
			    .max = ACCESS_MAX_LENGTH,
			    .fallback = 1,
			    .preset = "1",
			    .about = "Bytes." },
	[ACCESS_SP] = { .name = "sp",
			.kind = PARAM_ADDRESS,
			.fallback = UINT64_MAX,
			.about = "The stack pointer, where a release looks at "
				 "it. Default: "
				 "no check refuses." },
	THREAD,
	WANT,
	RETRY_KEY,
};
static const struct param_def find_vma_params[] = {
	PROCESS, [FIND_ADDR] = ADDR, THREAD, WANT, RETRY_KEY,
};

/* -------------------------------------------------------------- results */

static const char brk_result[] =
	OBJECT("\"ret\"", "\"ret\":" REF("Hex") SNAPSHOT);
static const char address_result[] =
	OBJECT("\"ret\"", "\"ret\":" REF("AddressOrError") ERRNO SNAPSHOT);
static const char zero_result[] =
	OBJECT("\"ret\"", "\"ret\":" REF("ZeroOrError") ERRNO SNAPSHOT);
static const char mincore_result[] = OBJECT(
	"\"ret\"", "\"ret\":" REF("ZeroOrError") ERRNO
	",\"vec\":{\"type\":\"string\",\"pattern\":\"^[01]*$\","
	"\"description\":\"One digit a page: 1 is in memory.\"}" SNAPSHOT);
static const char access_result[] = OBJECT(
	"\"fault\",\"si_code\",\"si_addr\"",
	"\"fault\":{\"enum\":[\"none\",\"minor\",\"SIGSEGV\",\"SIGBUS\"]},"
	"\"si_code\":{\"enum\":[\"SEGV_MAPERR\",\"SEGV_ACCERR\",\"BUS_ADRERR\","
	"null]},\"si_addr\":" REF("HexOrNull") SNAPSHOT);
static const char find_vma_result[] = OBJECT(
	"\"vma\"",
	"\"vma\":{\"oneOf\":[" REF("Vma") ",{\"type\":\"null\"}]}" SNAPSHOT);

/* ------------------------------------------------------------- the rows */

static const struct method methods[] = {
	{ .name = "mm.brk",
	  .run = run_mm_call,
	  .op = OP_BRK,
	  PARAMS(brk_params),
	  .summary =
		  "Move the program break; the answer is the break that holds.",
	  .result = brk_result,
	  .errors = ERRORS_CHANGE,
	  .example_params = ON_EXAMPLE(",\"addr\":\"0x602000\",\"want\":[]"),
	  .example_result = "{\"ret\":\"0x602000\"}" },
	{ .name = "mm.mmap",
	  .run = run_mm_call,
	  .op = OP_MMAP,
	  PARAMS(mmap_params),
	  .summary = "Create a mapping.",
	  .result = address_result,
	  .errors = ERRORS_CHANGE,
	  .example_params =
		  ON_EXAMPLE(",\"addr\":0,\"length\":8192,\"prot\":\"PROT_READ|"
			     "PROT_WRITE\",\"flags\":\"MAP_PRIVATE|MAP_"
			     "ANONYMOUS\",\"want\":[]"),
	  .example_result = "{\"ret\":\"0x7ffff7ff9000\"}" },
	{ .name = "mm.munmap",
	  .run = run_mm_call,
	  .op = OP_MUNMAP,
	  PARAMS(range_params),
	  .summary = "Remove every page of a range.",
	  .result = zero_result,
	  .errors = ERRORS_CHANGE,
	  .example_params = ON_EXAMPLE(
		  ",\"addr\":\"0x600001\",\"length\":4096,\"want\":[]"),
	  .example_result = "{\"ret\":-22,\"errno\":\"EINVAL\"}" },
	{ .name = "mm.mprotect",
	  .run = run_mm_call,
	  .op = OP_MPROTECT,
	  PARAMS(mprotect_params),
	  .summary = "Change what may be done with a range.",
	  .result = zero_result,
	  .errors = ERRORS_CHANGE,
	  .example_params = ON_EXAMPLE(",\"addr\":\"0x600000\",\"length\":4096,"
				       "\"prot\":\"PROT_READ\",\"want\":[]"),
	  .example_result = "{\"ret\":0}" },
	{ .name = "mm.mremap",
	  .run = run_mm_call,
	  .op = OP_MREMAP,
	  PARAMS(mremap_params),
	  .summary = "Grow, shrink or move a mapping.",
	  .result = address_result,
	  .errors = ERRORS_CHANGE,
	  .example_params = ON_EXAMPLE(
		  ",\"old_address\":\"0x600000\",\"old_size\":4096,\"new_"
		  "size\":8192,\"flags\":\"MREMAP_MAYMOVE\",\"want\":[]"),
	  .example_result = "{\"ret\":\"0x600000\"}" },
	{ .name = "mm.mlock",
	  .run = run_mm_call,
	  .op = OP_MLOCK,
	  PARAMS(range_params),
	  .summary = "Lock a range into memory, and make it present.",
	  .result = zero_result,
	  .errors = ERRORS_CHANGE,
	  .example_params = ON_EXAMPLE(
		  ",\"addr\":\"0x600000\",\"length\":4096,\"want\":[]"),
	  .example_result = "{\"ret\":0}" },
	{ .name = "mm.mlock2",
	  .run = run_mm_call,
	  .op = OP_MLOCK2,
	  PARAMS(mlock2_params),
	  .summary = "Lock a range into memory; with MLOCK_ONFAULT page by "
		     "page as it is touched.",
	  .result = zero_result,
	  .errors = ERRORS_CHANGE,
	  .example_params =
		  ON_EXAMPLE(",\"addr\":\"0x600000\",\"length\":4096,\"flags\":"
			     "\"MLOCK_ONFAULT\",\"want\":[]"),
	  .example_result = "{\"ret\":-38,\"errno\":\"ENOSYS\"}" },
	{ .name = "mm.munlock",
	  .run = run_mm_call,
	  .op = OP_MUNLOCK,
	  PARAMS(range_params),
	  .summary = "Unlock a range.",
	  .result = zero_result,
	  .errors = ERRORS_CHANGE,
	  .example_params = ON_EXAMPLE(
		  ",\"addr\":\"0x600000\",\"length\":4096,\"want\":[]"),
	  .example_result = "{\"ret\":0}" },
	{ .name = "mm.mlockall",
	  .run = run_mm_call,
	  .op = OP_MLOCKALL,
	  PARAMS(mlockall_params),
	  .summary = "Lock all areas, or those to come.",
	  .result = zero_result,
	  .errors = ERRORS_CHANGE,
	  .example_params = ON_EXAMPLE(
		  ",\"flags\":\"MCL_CURRENT|MCL_FUTURE\",\"want\":[]"),
	  .example_result = "{\"ret\":-12,\"errno\":\"ENOMEM\"}" },
	{ .name = "mm.munlockall",
	  .run = run_mm_call,
	  .op = OP_MUNLOCKALL,
	  PARAMS(munlockall_params),
	  .summary = "Unlock all areas, those to come as well.",
	  .result = zero_result,
	  .errors = ERRORS_CHANGE,
	  .example_params = ON_EXAMPLE(",\"thread\":1,\"want\":[]"),
	  .example_result = "{\"ret\":0}" },
	{ .name = "mm.madvise",
	  .run = run_mm_call,
	  .op = OP_MADVISE,
	  PARAMS(madvise_params),
	  .summary = "Tell the kernel about the use of a range.",
	  .result = zero_result,
	  .errors = ERRORS_CHANGE,
	  .example_params =
		  ON_EXAMPLE(",\"addr\":\"0x600000\",\"length\":4096,"
			     "\"advice\":\"MADV_DONTNEED\",\"want\":[]"),
	  .example_result = "{\"ret\":0}" },
	{ .name = "mm.mincore",
	  .run = run_mm_mincore,
	  .op = OP_MINCORE,
	  PARAMS(range_params),
	  .summary = "Ask which pages of a range are in memory.",
	  .result = mincore_result,
	  .errors = ERRORS_CHANGE,
	  .example_params = ON_EXAMPLE(
		  ",\"addr\":\"0x400000\",\"length\":4096,\"want\":[]"),
	  .example_result = "{\"ret\":0,\"vec\":\"1\"}" },
	{ .name = "mm.msync",
	  .run = run_mm_call,
	  .op = OP_MSYNC,
	  PARAMS(msync_params),
	  .summary = "Write the shared file pages of a range back.",
	  .result = zero_result,
	  .errors = ERRORS_CHANGE,
	  .example_params = ON_EXAMPLE(",\"addr\":\"0x600000\",\"length\":4096,"
				       "\"flags\":\"MS_SYNC\",\"want\":[]"),
	  .example_result = "{\"ret\":0}" },
	{ .name = "mm.remap_file_pages",
	  .run = run_mm_call,
	  .op = OP_REMAP_FILE_PAGES,
	  PARAMS(remap_file_pages_params),
	  .summary = "Map other pages of a shared area's file.",
	  .result = zero_result,
	  .errors = ERRORS_CHANGE,
	  .example_params =
		  ON_EXAMPLE(",\"addr\":\"0x600000\",\"size\":4096,\"prot\":0,"
			     "\"pgoff\":1,\"flags\":0,\"want\":[]"),
	  .example_result = "{\"ret\":-22,\"errno\":\"EINVAL\"}" },
	{ .name = "mm.mseal",
	  .run = run_mm_call,
	  .op = OP_MSEAL,
	  PARAMS(mseal_params),
	  .summary = "Forbid changes to a range's mapping for good.",
	  .result = zero_result,
	  .errors = ERRORS_CHANGE,
	  .example_params = ON_EXAMPLE(",\"addr\":\"0x600000\",\"length\":4096,"
				       "\"flags\":0,\"want\":[]"),
	  .example_result = "{\"ret\":-38,\"errno\":\"ENOSYS\"}" },
	{ .name = "mm.access",
	  .run = run_mm_access,
	  PARAMS(access_params),
	  .summary = "Touch memory as the processor does, faults included.",
	  .result = access_result,
	  .errors = ERRORS_CHANGE,
	  .example_params = ON_EXAMPLE(
		  ",\"addr\":\"0x1000\",\"type\":\"read\",\"want\":[]"),
	  .example_result = "{\"fault\":\"SIGSEGV\",\"si_code\":\"SEGV_MAPERR\""
			    ",\"si_addr\":\"0x1000\"}" },
	{ .name = "mm.find_vma",
	  .run = run_mm_find_vma,
	  PARAMS(find_vma_params),
	  .summary = "Look up the first area that ends above an address, as "
		     "the kernel does it: cache first.",
	  .result = find_vma_result,
	  .errors = ERRORS_CHANGE,
	  .example_params =
		  ON_EXAMPLE(",\"addr\":\"0x7fffffffffff\",\"want\":[]"),
	  .example_result = "{\"vma\":null}" },
};

const struct method_family call_methods = METHOD_FAMILY(methods);
