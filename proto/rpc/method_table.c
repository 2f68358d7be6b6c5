/* SPDX-License-Identifier: MIT */
#include "proto/rpc/method_table.h"

#include <string.h>

#include "core/mm/mm.h"
#include "proto/rpc/service.h"

#define REF(schema) "{\"$ref\":\"#/components/schemas/" schema "\"}"

static const char *const access_words[] = { "read", "write", "exec", NULL };
static const char *const file_mode_words[] = { "ro", "rw", "wo", NULL };
static const char *const vmacache_words[] = { "empty", "stale", NULL };

/* ---------------------------------------------------------- parameters */

#define PROCESS                                                                \
	{                                                                      \
		.name = "process", .kind = PARAM_PROCESS, .required = true,    \
		.about = "The process, as process.create named it."            \
	}
#define THREAD_ABOUT(text)                                                     \
	{                                                                      \
		.name = "thread", .kind = PARAM_THREAD, .min = 1,              \
		.max = UINT32_MAX, .fallback = 1, .preset = "1", .about = text \
	}
#define THREAD THREAD_ABOUT("The calling thread.")
#define WANT                                                                   \
	{                                                                      \
		.name = "want", .kind = PARAM_WANT, .fallback = PARTS_DEFAULT, \
		.preset = "[\"mm\",\"vmas\"]",                                 \
		.about = "The parts of the snapshot in the result."            \
	}
#define ADDRESS(label, text)                                                   \
	{                                                                      \
		.name = label, .kind = PARAM_ADDRESS, .required = true,        \
		.about = text                                                  \
	}
#define ADDR   ADDRESS("addr", "An address.")
#define LENGTH ADDRESS("length", "Bytes.")
#define OPTION_ANY(label, of, text)                                            \
	{                                                                      \
		.name = label, .kind = PARAM_ANY, .schema = of, .about = text  \
	}
#define OPTION_COUNT(label, low, high, other, other_text, text)                \
	{                                                                      \
		.name = label, .kind = PARAM_COUNT, .min = low, .max = high,   \
		.fallback = other, .preset = other_text, .about = text         \
	}

static const struct param_def process_create_params[] = {
	[CREATE_PROFILE] = { .name = "profile",
			     .kind = PARAM_ANY,
			     .schema = "{\"type\":\"string\"}",
			     .preset = "\"4.0\"",
			     .about = "The kernel release whose behaviour is "
				      "emulated, on x86-64 "
				      "with 47-bit addresses." },
	[CREATE_MAPS] = OPTION_ANY(
		"maps", REF("Maps"),
		"The areas, as /proc/PID/maps prints them, in an array of "
		"lines or one text; device and inode may be left out. "
		"Default: what the release's loader makes of a small static "
		"program."),
	[CREATE_MM] = OPTION_ANY(
		"mm", REF("MmSetup"),
		"Fields of the address space; what is missing is worked out "
		"as the loader would, or from maps and resident."),
	[CREATE_RESIDENT] = OPTION_ANY(
		"resident", REF("Resident"),
		"Pages present at the start: addresses, [start, end] ranges "
		"or [start, end, kind]."),
	[CREATE_VMACACHE] = { .name = "vmacache",
			      .kind = PARAM_WORD,
			      .words = vmacache_words,
			      .preset = "\"empty\"",
			      .about = "Whether the thread's look-up cache "
				       "agrees with the address "
				       "space at the start, or is one change "
				       "behind." },
	[CREATE_RLIMITS] =
		OPTION_ANY("rlimits", REF("Rlimits"),
			   "Resource limits in bytes, -1 for infinity."),
	[CREATE_SYSCTL] = OPTION_ANY("sysctl", REF("Sysctl"),
				     "Settings under /proc/sys/vm."),
	[CREATE_MEM_TOTAL_KB] = OPTION_COUNT(
		"mem_total_kb", 1024, 1ULL << 40, 16777216, "16777216",
		"Memory of the emulated machine, for the overcommit "
		"rules."),
	[CREATE_COMMITTED_KB] = { .name = "committed_kb",
				  .kind = PARAM_COUNT,
				  .max = 1ULL << 50,
				  .about = "Memory committed on the machine at "
					   "the start, this "
					   "process's included. Default: this "
					   "process's alone." },
	[CREATE_UID] =
		OPTION_COUNT("uid", 0, UINT32_MAX, 1000, "1000",
			     "0 means every capability, anything else none."),
	[CREATE_FILES] =
		OPTION_ANY("files", REF("Files"), "Open virtual files."),
	[CREATE_SEED] = { .name = "seed",
			  .kind = PARAM_ADDRESS,
			  .preset = "0",
			  .about = "Address space randomisation; 0: none." },
	[CREATE_HISTORY] = { .name = "history",
			     .kind = PARAM_ANY,
			     .schema = REF("HistoryLimit"),
			     .preset = "10000",
			     .about = "Operations kept; older ones fold into "
				      "the base state. "
				      "\"all\": an operation that would pass "
				      "the server's limit "
				      "is refused." },
	[CREATE_WANT] = WANT,
};

static const struct param_def process_params[] = { PROCESS };
static const struct param_def thread_create_params[] = {
	PROCESS,
	THREAD_ABOUT("The thread that clones."),
};
static const struct param_def thread_exit_params[] = {
	PROCESS,
	{ .name = "thread",
	  .kind = PARAM_THREAD,
	  .required = true,
	  .min = 1,
	  .max = UINT32_MAX,
	  .about = "The thread that ends; with the last one its process "
		   "ends." },
};
static const struct param_def file_open_params[] = {
	PROCESS,
	[OPEN_FD] = { .name = "fd",
		      .kind = PARAM_COUNT,
		      .required = true,
		      .max = INT32_MAX,
		      .about = "The descriptor to open." },
	[OPEN_NAME] = { .name = "name",
			.kind = PARAM_TEXT,
			.required = true,
			.min = 1,
			.max = 255,
			.about = "The file's name; its path is / and the "
				 "name." },
	[OPEN_SIZE] = { .name = "size",
			.kind = PARAM_ADDRESS,
			.max = INT64_MAX,
			.preset = "0",
			.about = "Bytes, all holes." },
	[OPEN_MODE] = { .name = "mode",
			.kind = PARAM_WORD,
			.words = file_mode_words,
			.fallback = FILE_RW,
			.preset = "\"rw\"",
			.about = "How the file is opened." },
};
static const struct param_def file_close_params[] = {
	PROCESS,
	[CLOSE_FD] = { .name = "fd",
		       .kind = PARAM_COUNT,
		       .required = true,
		       .max = INT32_MAX,
		       .about = "An open descriptor." },
};

static const struct param_def mm_brk_params[] = {
	PROCESS,
	[BRK_ADDR] = ADDRESS("addr", "The wanted break."),
	THREAD,
	WANT,
};
static const struct param_def mm_mmap_params[] = {
	PROCESS,
	[MMAP_ADDR] = ADDRESS("addr", "A hint, or the address with MAP_FIXED."),
	[MMAP_LENGTH] = LENGTH,
	[MMAP_PROT] = { .name = "prot",
			.kind = PARAM_PROT,
			.required = true,
			.about = "PROT_*, by number or by name." },
	[MMAP_FLAGS] = { .name = "flags",
			 .kind = PARAM_MAP_FLAGS,
			 .required = true,
			 .about = "MAP_*, by number or by name." },
	[MMAP_FD] = { .name = "fd",
		      .kind = PARAM_FD,
		      .fallback = UINT64_MAX,
		      .preset = "-1",
		      .about = "An open descriptor, or -1." },
	[MMAP_OFFSET] = { .name = "offset",
			  .kind = PARAM_ADDRESS,
			  .preset = "0",
			  .about = "Into the file, in bytes." },
	THREAD,
	WANT,
};
static const struct param_def mm_munmap_params[] = {
	PROCESS, [MUNMAP_ADDR] = ADDR, [MUNMAP_LENGTH] = LENGTH, THREAD, WANT,
};
static const struct param_def mm_access_params[] = {
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
};
static const struct param_def mm_find_vma_params[] = {
	PROCESS,
	[FIND_ADDR] = ADDR,
	THREAD,
	WANT,
};
static const struct param_def mm_inspect_params[] = { PROCESS, THREAD, WANT };

/* ------------------------------------------------------------- results */

#define OBJECT(required, properties)                                           \
	"{\"type\":\"object\",\"required\":[" required                         \
	"],\"properties\":{" properties "}}"
#define HISTORY  ",\"history\":" REF("History")
#define SNAPSHOT ",\"snapshot\":" REF("Snapshot") HISTORY
#define THREADS                                                                \
	"\"threads\":{\"type\":\"integer\",\"minimum\":0,"                     \
	"\"description\":\"Threads of the process that live.\"}"

static const char address_result[] = OBJECT(
	"\"ret\"",
	"\"ret\":" REF("AddressOrError") ",\"errno\":" REF("Errno") SNAPSHOT);
static const char brk_result[] =
	OBJECT("\"ret\"", "\"ret\":" REF("Hex") SNAPSHOT);
static const char zero_result[] = OBJECT(
	"\"ret\"",
	"\"ret\":" REF("ZeroOrError") ",\"errno\":" REF("Errno") SNAPSHOT);
static const char access_result[] = OBJECT(
	"\"fault\",\"si_code\",\"si_addr\"",
	"\"fault\":{\"enum\":[\"none\",\"minor\",\"SIGSEGV\",\"SIGBUS\"]},"
	"\"si_code\":{\"enum\":[\"SEGV_MAPERR\",\"SEGV_ACCERR\",\"BUS_ADRERR\","
	"null]},\"si_addr\":" REF("HexOrNull") SNAPSHOT);
static const char find_vma_result[] = OBJECT(
	"\"vma\"",
	"\"vma\":{\"oneOf\":[" REF("Vma") ",{\"type\":\"null\"}]}" SNAPSHOT);
static const char text_result[] =
	OBJECT("\"text\"", "\"text\":{\"type\":\"string\"}" SNAPSHOT);
static const char snapshot_result[] =
	OBJECT("", "\"snapshot\":" REF("Snapshot") HISTORY);
static const char create_result[] =
	OBJECT("\"process\",\"thread\",\"route\"",
	       "\"process\":" REF("Process") ",\"thread\":" REF(
		       "Thread") ",\"route\":" REF("Route") ",\"snapshot\""
							    ":" REF("Snapsho"
								    "t"));
static const char get_result[] = OBJECT(
	"\"profile\",\"route\",\"age\",\"created\",\"counters\",\"history\"",
	"\"profile\":{\"type\":\"string\"},\"route\":" REF(
		"Route") ",\"age\":{\"type\":[\"integer\",\"null\"],"
			 "\"minimum\":0,"
			 "\"description\":\"Seconds.\"},"
			 "\"created\":{\"type\":\"object\",\"description\":"
			 "\"The "
			 "parameters of process.create, as they were given.\"},"
			 "\"counters\":" REF("Counters") HISTORY);
static const char threads_result[] = OBJECT("\"threads\"", THREADS HISTORY);
static const char thread_result[] =
	OBJECT("\"thread\"", "\"thread\":" REF("Thread") HISTORY);
static const char fd_result[] =
	OBJECT("\"fd\"", "\"fd\":{\"type\":\"integer\"}" HISTORY);
static const char list_result[] = OBJECT(
	"\"processes\"",
	"\"processes\":{\"type\":\"array\",\"items\":" REF("Process") "}");
static const char discover_result[] =
	"{\"type\":\"object\",\"description\":\"An OpenRPC document.\"}";

/* -------------------------------------------------------------- errors */

#define E(key) (1u << ERROR_##key)

#define ERRORS_CHANGE                                                          \
	(E(QUOTA_AREAS) | E(QUOTA_BYTES) | E(QUOTA_MACHINE) | E(HISTORY_FULL))
#define ERRORS_CREATE                                                          \
	(E(QUOTA_PROCESSES) | E(QUOTA_AREAS) | E(QUOTA_BYTES) |                \
	 E(QUOTA_MACHINE) | E(SHUTDOWN))

/* ----------------------------------------------------------- the table */

#define PARAMS(table)                                                          \
	.params = table, .nr_params = sizeof(table) / sizeof((table)[0])

#define ON_EXAMPLE(more) "{\"process\":\"" EXAMPLE_PROCESS "\"" more "}"

static const struct method methods[] = {
	{ .name = "process.create",
	  .run = run_process_create,
	  PARAMS(process_create_params),
	  .needs_answer = true,
	  .summary = "Make a process, and with it a world.",
	  .result = create_result,
	  .errors = ERRORS_CREATE,
	  .example_params = "{" EXAMPLE_SETUP ",\"want\":[]}",
	  .example_result = "{\"process\":\"" EXAMPLE_PROCESS
			    "\",\"thread\":1,\"route\":\"w0\"}" },
	{ .name = "process.get",
	  .run = run_process_get,
	  PARAMS(process_params),
	  .summary = "What a process was created with, its age and counters.",
	  .result = get_result,
	  .example_params = ON_EXAMPLE(""),
	  .example_result =
		  "{\"profile\":\"4.0\",\"route\":\"w0\",\"age\":0,"
		  "\"created\":{" EXAMPLE_SETUP
		  "},\"counters\":{\"operations\":0,\"threads\":1,\"areas\":5,"
		  "\"resident_pages\":2,\"journal_bytes\":0},\"history\":{"
		  "\"first\":1,\"last\":0}}" },
	{ .name = "process.list",
	  .needs_token = true,
	  .summary = "The processes that belong to the caller's token.",
	  .result = list_result,
	  .errors = E(AUTH_REQUIRED) },
	{ .name = "process.exit",
	  .run = run_process_exit,
	  PARAMS(process_params),
	  .summary = "End all threads of a process. Its name is gone.",
	  .result = threads_result,
	  .errors = ERRORS_CHANGE,
	  .example_params = ON_EXAMPLE(""),
	  .example_result = "{\"threads\":0}" },
	{ .name = "thread.create",
	  .run = run_thread_create,
	  PARAMS(thread_create_params),
	  .summary = "Clone a thread that shares the address space.",
	  .result = thread_result,
	  .errors = ERRORS_CHANGE,
	  .example_params = ON_EXAMPLE(",\"thread\":1"),
	  .example_result = "{\"thread\":2}" },
	{ .name = "thread.exit",
	  .run = run_thread_exit,
	  PARAMS(thread_exit_params),
	  .summary = "End one thread, and with the last one the process.",
	  .result = threads_result,
	  .errors = ERRORS_CHANGE,
	  .example_params = ON_EXAMPLE(",\"thread\":1"),
	  .example_result = "{\"threads\":0}" },
	{ .name = "file.open",
	  .run = run_file_open,
	  PARAMS(file_open_params),
	  .summary = "Open a virtual file on a tmpfs, all holes.",
	  .result = fd_result,
	  .errors = ERRORS_CHANGE,
	  .example_params = ON_EXAMPLE(
		  ",\"fd\":3,\"name\":\"data\",\"size\":8192,\"mode\":\"rw\""),
	  .example_result = "{\"fd\":3}" },
	{ .name = "file.close",
	  .run = run_file_close,
	  PARAMS(file_close_params),
	  .summary = "Close a descriptor; what is mapped stays mapped.",
	  .result = fd_result,
	  .errors = ERRORS_CHANGE,
	  .example_params = ON_EXAMPLE(",\"fd\":10"),
	  .example_result = "{\"fd\":10}" },
	{ .name = "mm.brk",
	  .run = run_mm_brk,
	  PARAMS(mm_brk_params),
	  .summary = "Move the program break; the answer is the break that "
		     "holds.",
	  .result = brk_result,
	  .errors = ERRORS_CHANGE,
	  .example_params = ON_EXAMPLE(",\"addr\":\"0x602000\",\"want\":[]"),
	  .example_result = "{\"ret\":\"0x602000\"}" },
	{ .name = "mm.mmap",
	  .run = run_mm_mmap,
	  PARAMS(mm_mmap_params),
	  .summary = "Create a mapping.",
	  .result = address_result,
	  .errors = ERRORS_CHANGE,
	  .example_params = ON_EXAMPLE(
		  ",\"addr\":0,\"length\":8192,\"prot\":\"PROT_READ|"
		  "PROT_WRITE\",\"flags\":\"MAP_PRIVATE|MAP_ANONYMOUS\","
		  "\"want\":[]"),
	  .example_result = "{\"ret\":\"0x7ffff7ff9000\"}" },
	{ .name = "mm.munmap",
	  .run = run_mm_munmap,
	  PARAMS(mm_munmap_params),
	  .summary = "Remove every page of a range.",
	  .result = zero_result,
	  .errors = ERRORS_CHANGE,
	  .example_params = ON_EXAMPLE(
		  ",\"addr\":\"0x600001\",\"length\":4096,\"want\":[]"),
	  .example_result = "{\"ret\":-22,\"errno\":\"EINVAL\"}" },
	{ .name = "mm.access",
	  .run = run_mm_access,
	  PARAMS(mm_access_params),
	  .summary = "Touch memory as the processor does, faults included.",
	  .result = access_result,
	  .errors = ERRORS_CHANGE,
	  .example_params = ON_EXAMPLE(
		  ",\"addr\":\"0x1000\",\"type\":\"read\",\"want\":[]"),
	  .example_result = "{\"fault\":\"SIGSEGV\",\"si_code\":\"SEGV_MAPERR\""
			    ",\"si_addr\":\"0x1000\"}" },
	{ .name = "mm.find_vma",
	  .run = run_mm_find_vma,
	  PARAMS(mm_find_vma_params),
	  .summary = "Look up the first area that ends above an address, as "
		     "the kernel does it: cache first.",
	  .result = find_vma_result,
	  .errors = ERRORS_CHANGE,
	  .example_params =
		  ON_EXAMPLE(",\"addr\":\"0x7fffffffffff\",\"want\":[]"),
	  .example_result = "{\"vma\":null}" },
	{ .name = "mm.snapshot",
	  .run = run_mm_snapshot,
	  PARAMS(mm_inspect_params),
	  .summary = "The parts of the state that are wanted.",
	  .result = snapshot_result,
	  .example_params = ON_EXAMPLE(",\"want\":[\"vmacache\"]"),
	  .example_result =
		  "{\"snapshot\":{\"vmacache\":{\"seqnum\":0,\"find_calls\":0,"
		  "\"find_hits\":0,\"full_flushes\":0,\"slots\":[null,null,"
		  "null,null]}}}" },
	{ .name = "mm.maps",
	  .run = run_mm_maps,
	  PARAMS(mm_inspect_params),
	  .summary = "What /proc/PID/maps of the release prints.",
	  .result = text_result,
	  .example_params = ON_EXAMPLE(",\"want\":[]"),
	  .example_result = "{\"text\":\""
			    "00400000-00401000 r-xp 00000000 00:01 2           "
			    "                       /bin/vmarium\\n"
			    "00600000-00601000 rw-p 00000000 00:01 2           "
			    "                       /bin/vmarium\\n"
			    "7ffff7ffb000-7ffff7ffd000 r--p 00000000 00:00 0   "
			    "                       [vvar]\\n"
			    "7ffff7ffd000-7ffff7fff000 r-xp 00000000 00:00 0   "
			    "                       [vdso]\\n"
			    "7ffffffde000-7ffffffff000 rw-p 00000000 00:00 0   "
			    "                       [stack]\\n"
			    "\"}" },
	{ .name = "mm.status",
	  .run = run_mm_status,
	  PARAMS(mm_inspect_params),
	  .summary = "What /proc/PID/status of the release prints about "
		     "memory.",
	  .result = text_result,
	  .example_params = ON_EXAMPLE(",\"want\":[]"),
	  .example_result = "{\"text\":\""
			    "VmPeak:\\t     160 kB\\n"
			    "VmSize:\\t     160 kB\\n"
			    "VmLck:\\t       0 kB\\n"
			    "VmPin:\\t       0 kB\\n"
			    "VmHWM:\\t       8 kB\\n"
			    "VmRSS:\\t       8 kB\\n"
			    "VmData:\\t      16 kB\\n"
			    "VmStk:\\t     136 kB\\n"
			    "VmExe:\\t       4 kB\\n"
			    "VmLib:\\t       0 kB\\n"
			    "VmPTE:\\t      12 kB\\n"
			    "VmPMD:\\t       8 kB\\n"
			    "VmSwap:\\t       0 kB\\n"
			    "\"}" },
	{ .name = "rpc.discover",
	  .run = run_discover,
	  .summary = "This description, as an OpenRPC document.",
	  .result = discover_result },
};

#define NR_METHODS (sizeof(methods) / sizeof(methods[0]))

_Static_assert(NR_METHODS < METHOD_INDEX_SIZE / 2, "the index gets crowded");

const struct method *method_at(size_t index)
{
	return index < NR_METHODS ? &methods[index] : NULL;
}
