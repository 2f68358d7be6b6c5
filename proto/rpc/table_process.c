/* SPDX-License-Identifier: MIT */
/*
 * The method table: processes, threads and descriptors
 */
#include "proto/rpc/method_parts.h"

static const char *const file_mode_words[] = { "ro", "rw", "wo", NULL };
static const char *const vmacache_words[] = { "empty", "stale", NULL };

/* ----------------------------------------------------------- parameters */

#define OPTION_ANY(label, of, text)                                            \
	{                                                                      \
		.name = label, .kind = PARAM_ANY, .schema = of, .about = text  \
	}
#define OPTION_COUNT(label, low, high, other, other_text, text)                \
	{                                                                      \
		.name = label, .kind = PARAM_COUNT, .min = low, .max = high,   \
		.fallback = other, .preset = other_text, .about = text         \
	}
#define DESCRIPTOR(text)                                                       \
	{                                                                      \
		.name = "fd", .kind = PARAM_COUNT, .required = true,           \
		.max = INT32_MAX, .about = text                                \
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
		"mem_total_kb", 1024, 1ULL << 36, 16777216, "16777216",
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
	RETRY_KEY,
};

static const struct param_def process_params[] = { PROCESS };
static const struct param_def process_exit_params[] = {
	PROCESS,
	RETRY_KEY,
	WANT_NONE,
};
static const struct param_def process_share_params[] = { PROCESS, RETRY_KEY };
static const struct param_def process_unshare_params[] = {
	PROCESS,
	[UNSHARE_SHARE] = { .name = "share",
			    .kind = PARAM_ANY,
			    .schema = REF("Share"),
			    .about = "Of this process. Default: all it has." },
	RETRY_KEY,
};
static const struct param_def process_fork_params[] = {
	PROCESS,
	THREAD_ABOUT("The thread that forks."),
	[FORK_VM] = { .name = "vm",
		      .kind = PARAM_BOOL,
		      .preset = "false",
		      .about = "Whether the child shares the address space, as "
			       "after vfork or clone with CLONE_VM." },
	WANT,
	RETRY_KEY,
};
static const struct param_def process_exec_params[] = {
	PROCESS,
	[EXEC_PROGRAM] = { .name = "program",
			   .kind = PARAM_ANY,
			   .required = true,
			   .schema = REF("Image"),
			   .about = "The program that takes over." },
	[EXEC_ARGV] = OPTION_ANY("argv", REF("Strings"),
				 "The arguments, or how many and how long they "
				 "are. Default: the path alone."),
	[EXEC_ENVP] = OPTION_ANY("envp", REF("Strings"),
				 "The environment, likewise. Default: empty."),
	[EXEC_INTERPRETER] =
		OPTION_ANY("interpreter", REF("Image"),
			   "What the program's PT_INTERP names: its dynamic "
			   "linker."),
	THREAD_ABOUT("The thread that calls; it becomes thread 1, all others "
		     "end."),
	WANT,
	RETRY_KEY,
};
static const struct param_def process_list_params[] = {
	[LIST_CURSOR] = { .name = "cursor",
			  .kind = PARAM_COUNT,
			  .max = 1ULL << 40,
			  .fallback = 0,
			  .preset = "0",
			  .about = "Where to go on: the cursor of the page "
				   "before." },
	[LIST_LIMIT] = OPTION_COUNT("limit", 1, 1000, 100, "100",
				    "Processes that the page may hold."),
};
static const struct param_def thread_create_params[] = {
	PROCESS,
	THREAD_ABOUT("The thread that clones."),
	RETRY_KEY,
	WANT_NONE,
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
	RETRY_KEY,
	WANT_NONE,
};
static const struct param_def file_open_params[] = {
	PROCESS,
	[OPEN_FD] = DESCRIPTOR("The descriptor to open."),
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
	RETRY_KEY,
	WANT_NONE,
};
static const struct param_def file_truncate_params[] = {
	PROCESS,
	[TRUNCATE_FD] = { .name = "fd",
			  .kind = PARAM_FD,
			  .required = true,
			  .about = "A descriptor." },
	[TRUNCATE_SIZE] = ADDRESS("size", "The file's new size in bytes."),
	RETRY_KEY,
	WANT_NONE,
};
static const struct param_def file_close_params[] = {
	PROCESS,
	[CLOSE_FD] = DESCRIPTOR("An open descriptor."),
	RETRY_KEY,
	WANT_NONE,
};

/* -------------------------------------------------------------- results */

#define THREADS                                                                \
	"\"threads\":{\"type\":\"integer\",\"minimum\":0,"                     \
	"\"description\":\"Threads of the process that live.\"}"

static const char fork_result[] = OBJECT(
	"\"ret\"", "\"ret\":" REF("ZeroOrError") ERRNO
	",\"process\":" REF("Process") ",\"thread\":" REF("Thread") SNAPSHOT);
static const char exec_result[] =
	OBJECT("\"ret\"", "\"ret\":" REF("ZeroOrError") ERRNO
	       ",\"thread\":" REF("Thread") SNAPSHOT);
static const char truncate_result[] =
	OBJECT("\"ret\"", "\"ret\":" REF("ZeroOrError") ERRNO SNAPSHOT);
static const char create_result[] =
	OBJECT("\"process\",\"thread\",\"route\"",
	       "\"process\":" REF("Process") ",\"thread\":" REF(
		       "Thread") ",\"route\":" REF("Route") EXPIRES_IN
	       ",\"snapshot\":" REF("Snapshot"));
static const char get_result[] = OBJECT(
	"\"profile\",\"route\",\"age\",\"created\",\"counters\",\"world\","
	"\"history\"",
	"\"profile\":{\"type\":\"string\"},\"route\":" REF(
		"Route") ",\"age\":{\"type\":[\"integer\",\"null\"],"
			 "\"minimum\":0,"
			 "\"description\":\"Seconds.\"}" EXPIRES_IN
			 ",\"shares\":{\"type\":\"integer\",\"minimum\":1,"
			 "\"description\":\"How many it has, if any.\"}"
			 ",\"readonly\":{\"const\":true,\"description\":"
			 "\"The process was named by a share.\"}"
			 ",\"created\":{\"type\":\"object\",\"description\":"
			 "\"The parameters of process.create, as they were "
			 "given.\"},"
			 "\"counters\":" REF("Counters") ",\"world\":" REF(
				 "Held") HISTORY);
static const char share_result[] =
	OBJECT("\"share\",\"route\"",
	       "\"share\":" REF("Share") ",\"route\":" REF("Route"));
static const char unshare_result[] =
	OBJECT("\"revoked\"", "\"revoked\":{\"type\":\"integer\","
			      "\"minimum\":0,\"description\":\"How many "
			      "shares are gone.\"}");
static const char threads_result[] = OBJECT("\"threads\"", THREADS SNAPSHOT);
static const char thread_result[] =
	OBJECT("\"thread\"", "\"thread\":" REF("Thread") SNAPSHOT);
static const char fd_result[] =
	OBJECT("\"fd\"", "\"fd\":{\"type\":\"integer\"}" SNAPSHOT);
static const char list_result[] = OBJECT(
	"\"processes\"",
	"\"processes\":{\"type\":\"array\",\"items\":" OBJECT(
		"\"process\",\"profile\",\"age\",\"areas\",\"threads\"",
		"\"process\":" REF(
			"Process") ",\"profile\":{\"type\":\"string\"},"
				   "\"age\":{\"type\":[\"integer\",\"null\"],"
				   "\"minimum\":0,\"description\":\"Seconds.\"}"
				   ","
				   "\"areas\":{\"type\":\"integer\","
				   "\"minimum\":"
				   "0},\"threads\":{\"type\":\"integer\","
				   "\"minimum\":0}") "},\"cursor\":{\"type\":"
						     "\"integer\"}");

/* ------------------------------------------------------------- the rows */

#define ERRORS_CREATE                                                          \
	(E(QUOTA_PROCESSES) | E(QUOTA_AREAS) | E(QUOTA_BYTES) |                \
	 E(QUOTA_MACHINE) | E(SHUTDOWN))

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
	  .is_looking = true,
	  PARAMS(process_params),
	  .summary = "What a process was created with, its age and counters, "
		     "and how much its world holds of what it may.",
	  .result = get_result,
	  .example_params = ON_EXAMPLE(""),
	  .example_result =
		  "{\"profile\":\"4.0\",\"route\":\"w0\",\"age\":0,"
		  "\"created\":{" EXAMPLE_SETUP
		  "},\"counters\":{\"operations\":0,\"threads\":1,\"areas\":5,"
		  "\"resident_pages\":2,\"journal_bytes\":0},"
		  "\"world\":{\"held\":1865,\"limit\":33554432},"
		  "\"history\":{"
		  "\"first\":1,\"last\":0}}" },
	{ .name = "process.list",
	  .run = run_process_list,
	  .place = place_process_list,
	  PARAMS(process_list_params),
	  .role = RPC_STUDENT,
	  .summary = "The processes that belong to the caller's token, a page "
		     "at a time. While the answer has a cursor there may be "
		     "more, even if the page is empty.",
	  .result = list_result,
	  .errors = E(AUTH_REQUIRED),
	  .example_params = "{\"cursor\":0,\"limit\":100}",
	  .example_result = "{\"processes\":[{\"process\":\"" EXAMPLE_PROCESS
			    "\",\"profile\":\"4.0\",\"age\":0,\"areas\":5,"
			    "\"threads\":1}]}" },
	{ .name = "process.share",
	  .run = run_process_share,
	  .is_apart = true,
	  PARAMS(process_share_params),
	  .needs_answer = true,
	  .summary = "Make a second name for a process, with which one may "
		     "look at it, watch it, and branch its world, but not "
		     "change it.",
	  .result = share_result,
	  .errors = E(QUOTA_SHARES) | E(QUOTA_BYTES),
	  .example_params = ON_EXAMPLE(""),
	  .example_result =
		  "{\"share\":\"" EXAMPLE_PROCESS "\",\"route\":\"w0\"}" },
	{ .name = "process.unshare",
	  .run = run_process_unshare,
	  .is_apart = true,
	  PARAMS(process_unshare_params),
	  .is_about_past = true,
	  .summary = "Revoke a share of a process, or all of them. Who "
		     "watches by it is told that this has ended.",
	  .result = unshare_result,
	  .example_params = ON_EXAMPLE(""),
	  .example_result = "{\"revoked\":0}" },
	{ .name = "process.fork",
	  .run = run_process_fork,
	  PARAMS(process_fork_params),
	  .needs_answer = true,
	  .summary = "Copy a process, as fork does, into the same world; the "
		     "snapshot is the child's.",
	  .result = fork_result,
	  .errors = ERRORS_CHANGE | E(QUOTA_PROCESSES),
	  .example_params = ON_EXAMPLE(",\"thread\":1,\"want\":[]"),
	  .example_result = "{\"ret\":0,\"process\":\"" EXAMPLE_PROCESS
			    "\",\"thread\":1}" },
	{ .name = "process.exec",
	  .run = run_process_exec,
	  PARAMS(process_exec_params),
	  .summary = "Replace the program of a process, as execve does. After "
		     "E2BIG and ENOEXEC the old one runs on; after any other "
		     "error the process is gone.",
	  .result = exec_result,
	  .errors = ERRORS_CHANGE,
	  .example_params = ON_EXAMPLE(
		  ",\"program\":{\"path\":\"/bin/true\",\"type\":\"exec\","
		  "\"entry\":\"0x400000\",\"headers\":[{\"flags\":"
		  "\"PF_R|PF_X\",\"offset\":0,\"vaddr\":\"0x400000\","
		  "\"filesz\":4096,\"memsz\":4096}]},\"argv\":[\"true\"],"
		  "\"want\":[]"),
	  .example_result = "{\"ret\":0,\"thread\":1}" },
	{ .name = "process.exit",
	  .run = run_process_exit,
	  PARAMS(process_exit_params),
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
	{ .name = "file.truncate",
	  .run = run_file_truncate,
	  PARAMS(file_truncate_params),
	  .summary = "Change the size of an open file, as ftruncate does; "
		     "pages beyond it are gone from every mapping.",
	  .result = truncate_result,
	  .errors = ERRORS_CHANGE,
	  .example_params = ON_EXAMPLE(",\"fd\":10,\"size\":4096"),
	  .example_result = "{\"ret\":0}" },
	{ .name = "file.close",
	  .run = run_file_close,
	  PARAMS(file_close_params),
	  .summary = "Close a descriptor; what is mapped stays mapped.",
	  .result = fd_result,
	  .errors = ERRORS_CHANGE,
	  .example_params = ON_EXAMPLE(",\"fd\":10"),
	  .example_result = "{\"fd\":10}" },
};

const struct method_family process_methods = METHOD_FAMILY(methods);
