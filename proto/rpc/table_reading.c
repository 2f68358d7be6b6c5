/* SPDX-License-Identifier: MIT */
/*
 * The method table: what only looks
 */
#include "proto/rpc/method_parts.h"

static const struct param_def mm_inspect_params[] = { PROCESS, THREAD, WANT };

static const struct param_def explain_params[] = {
	PROCESS,
	[EXPLAIN_METHOD] = { .name = "method",
			     .kind = PARAM_WORD,
			     .required = true,
			     .words = explain_methods,
			     .about = "The call that is asked about." },
	[EXPLAIN_PARAMS] = { .name = "params",
			     .kind = PARAM_ANY,
			     .schema = "{\"type\":[\"object\",\"array\"]}",
			     .preset = "{}",
			     .about = "Its parameters, without the process; "
				      "by position they begin behind it." },
	THREAD,
	{ .name = "want",
	  .kind = PARAM_WANT,
	  .fallback = 1u << PART_STEPS,
	  .preset = "[\"steps\"]",
	  .about = "The parts of the snapshot in the result." },
	LANG,
};

static const char explain_result[] =
	"{\"type\":\"object\",\"description\":\"What the call would answer; "
	"its snapshot is of the state that would then be.\"}";
static const char text_result[] =
	OBJECT("\"text\"", "\"text\":{\"type\":\"string\"}" SNAPSHOT);
static const char snapshot_result[] =
	OBJECT("", "\"snapshot\":" REF("Snapshot") HISTORY);
static const char profiles_result[] = OBJECT(
	"\"profiles\",\"behaviours\"",
	"\"profiles\":{\"type\":\"array\",\"items\":" REF(
		"Profile") "},"
			   "\"behaviours\":{\"type\":\"array\",\"items\":" REF(
				   "Behaviour") "}");
static const char discover_result[] =
	"{\"type\":\"object\",\"description\":\"An OpenRPC document.\"}";

/* The example of mm.smaps: an area of so many kB, of which so many are resident,
 * as they are in the file or written to. */
#define SMAPS(line, size, clean, written, rss, flags)                          \
	line "\\n"                                                             \
	     "Size:           " size " kB\\n"                                  \
	     "Rss:            " rss " kB\\n"                                   \
	     "Pss:            " rss " kB\\n"                                   \
	     "Shared_Clean:   " KB_0 " kB\\n"                                  \
	     "Shared_Dirty:   " KB_0 " kB\\n"                                  \
	     "Private_Clean:  " clean " kB\\n"                                 \
	     "Private_Dirty:  " written " kB\\n"                               \
	     "Referenced:     " rss " kB\\n"                                   \
	     "Anonymous:      " written " kB\\n"                               \
	     "AnonHugePages:  " KB_0 " kB\\n"                                  \
	     "Swap:           " KB_0 " kB\\n"                                  \
	     "KernelPageSize: " KB_4 " kB\\n"                                  \
	     "MMUPageSize:    " KB_4 " kB\\n"                                  \
	     "Locked:         " KB_0 " kB\\n"                                  \
	     "VmFlags: " flags " \\n"
#define KB_0   "       0"
#define KB_4   "       4"
#define KB_8   "       8"
#define KB_136 "     136"
#define TEXT_LINE                                                              \
	"00400000-00401000 r-xp 00000000 00:01 2           "                   \
	"                       /bin/vmarium"
#define DATA_LINE                                                              \
	"00600000-00601000 rw-p 00000000 00:01 2           "                   \
	"                       /bin/vmarium"
#define VVAR_LINE                                                              \
	"7ffff7ffb000-7ffff7ffd000 r--p 00000000 00:00 0   "                   \
	"                       [vvar]"
#define VDSO_LINE                                                              \
	"7ffff7ffd000-7ffff7fff000 r-xp 00000000 00:00 0   "                   \
	"                       [vdso]"
#define STACK_LINE                                                             \
	"7ffffffde000-7ffffffff000 rw-p 00000000 00:00 0   "                   \
	"                       [stack]"

static const char maps_example[] =
	"{\"text\":\"" TEXT_LINE "\\n" DATA_LINE "\\n" VVAR_LINE "\\n" VDSO_LINE
	"\\n" STACK_LINE "\\n\"}";

#define TEXT_SMAPS                                                             \
	SMAPS(TEXT_LINE, KB_4, KB_4, KB_0, KB_4, "rd ex mr mw me dw sd")
#define DATA_SMAPS                                                             \
	SMAPS(DATA_LINE, KB_4, KB_0, KB_0, KB_0, "rd wr mr mw me dw ac sd")
#define VVAR_SMAPS                                                             \
	SMAPS(VVAR_LINE, KB_8, KB_0, KB_0, KB_0, "rd mr pf io de dd sd")
#define VDSO_SMAPS                                                             \
	SMAPS(VDSO_LINE, KB_8, KB_0, KB_0, KB_0, "rd ex mr mw me de sd")
#define STACK_SMAPS                                                            \
	SMAPS(STACK_LINE, KB_136, KB_0, KB_4, KB_4, "rd wr mr mw me gd ac")

static const char smaps_example[] =
	"{\"text\":\"" TEXT_SMAPS DATA_SMAPS VVAR_SMAPS VDSO_SMAPS STACK_SMAPS
	"\"}";

static const struct method methods[] = {
	{ .name = "mm.snapshot",
	  .run = run_mm_snapshot,
	  .is_looking = true,
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
	  .is_looking = true,
	  .is_long = maps_is_long,
	  PARAMS(mm_inspect_params),
	  .summary = "What /proc/PID/maps of the release prints.",
	  .result = text_result,
	  .example_params = ON_EXAMPLE(",\"want\":[]"),
	  .example_result = maps_example },
	{ .name = "mm.smaps",
	  .run = run_mm_smaps,
	  .is_looking = true,
	  .is_long = smaps_is_long,
	  PARAMS(mm_inspect_params),
	  .summary = "What /proc/PID/smaps of the release prints.",
	  .result = text_result,
	  .errors = E(QUOTA_BYTES),
	  .example_params = ON_EXAMPLE(",\"want\":[]"),
	  .example_result = smaps_example },
	{ .name = "mm.status",
	  .run = run_mm_status,
	  .is_looking = true,
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
	{ .name = "mm.explain",
	  .run = run_mm_explain,
	  .is_long = explain_is_long,
	  .is_looking = true,
	  .is_apart = true,
	  PARAMS(explain_params),
	  .needs_answer = true,
	  .summary = "What a call would do, step by step; it is tried in a "
		     "copy of the world, and nothing changes.",
	  .result = explain_result,
	  .errors = E(QUOTA_AREAS) | E(QUOTA_BYTES) | E(QUOTA_MACHINE),
	  .example_params =
		  ON_EXAMPLE(",\"method\":\"mm.brk\",\"params\":{\"addr\":0}"
			     ",\"want\":[]"),
	  .example_result = "{\"ret\":\"0x601000\"}" },
	{ .name = "profile.list",
	  .run = run_profile_list,
	  .summary = "The kernel releases that are emulated, the default one "
		     "first, and what they differ in.",
	  .result = profiles_result },
	{ .name = "rpc.discover",
	  .run = run_discover,
	  .summary = "This description, as an OpenRPC document.",
	  .result = discover_result },
};

const struct method_family reading_methods = METHOD_FAMILY(methods);
