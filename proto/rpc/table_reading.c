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

static const struct method methods[] = {
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
	{ .name = "mm.smaps",
	  .run = run_mm_smaps,
	  PARAMS(mm_inspect_params),
	  .summary = "What /proc/PID/smaps of the release prints.",
	  .result = text_result,
	  .errors = E(QUOTA_BYTES) },
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
	{ .name = "mm.explain",
	  .run = run_mm_explain,
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
