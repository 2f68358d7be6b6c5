/* SPDX-License-Identifier: MIT */
/*
 * The method table: scripts
 */
#include "proto/rpc/method_parts.h"

static const struct param_def script_run_params[] = {
	[SCRIPT_SCRIPT] = { .name = "script",
			    .kind = PARAM_ANY,
			    .required = true,
			    .schema = "{\"type\":\"string\",\"maxLength\":"
				      "65536}",
			    .about = "The text, as docs/SCRIPTS.md describes "
				     "it." },
	[SCRIPT_OF_PROCESS] = { .name = "process",
				.kind = PARAM_PROCESS,
				.about = "The process that the calls are for. "
					 "Default: a new one, "
					 "which stays." },
	[SCRIPT_CREATE] = { .name = "create",
			    .kind = PARAM_ANY,
			    .schema = "{\"type\":\"object\"}",
			    .preset = "{}",
			    .about = "Without a process: what the new one is "
				     "made with, as process.create takes "
				     "it." },
	[SCRIPT_STEPS] = { .name = "steps",
			   .kind = PARAM_COUNT,
			   .min = 1,
			   .max = INT64_MAX,
			   .about = "Steps that the script may take; each line "
				    "that runs is one. Default, and at most: "
				    "the server's limit." },
	[SCRIPT_EACH] = { .name = "each",
			  .kind = PARAM_WANT,
			  .fallback = 0,
			  .preset = "[]",
			  .about = "The parts of the snapshot in each call's "
				   "result." },
	THREAD_ABOUT("The thread that calls where a line names none."),
	WANT_ALONE,
	LANG_ABOUT("Of what is said to be wrong with the script, which is "
		   "English without it; and of a sentence a step, where calls "
		   "want steps."),
	RETRY_KEY,
};

#define VALUE                                                                  \
	"{\"description\":\"A value of the script: a number, as hex where it " \
	"came from hex; an error number's or a signal's name; the number of "  \
	"a process; null; or what a member of an answer is.\"}"
#define LINE                                                                   \
	OBJECT("\"line\",\"text\"",                                            \
	       "\"line\":{\"type\":\"integer\",\"minimum\":1},"                \
	       "\"text\":{\"type\":\"string\",\"description\":\"As written.\"" \
	       "},\"call\":{\"type\":\"string\",\"description\":\"The "        \
	       "method.\"},\"number\":{\"type\":\"integer\",\"minimum\":0,"    \
	       "\"description\":\"The process, counted in its world; missing " \
	       "for the first.\"},\"params\":{\"type\":\"object\"},"           \
	       "\"result\":{\"type\":\"object\",\"description\":\"As the "     \
	       "method answers it.\"},\"name\":{\"type\":\"string\","          \
	       "\"description\":\"What stands for the value from now on.\"},"  \
	       "\"value\":" VALUE ",\"printed\":{\"const\":true},"             \
	       "\"passed\":{\"type\":\"boolean\",\"description\":\"Whether "   \
	       "what was expected holds.\"},\"operator\":{\"enum\":[\"==\","   \
	       "\"!=\",\"<\",\"<=\",\">\",\">=\"]},\"wanted\":" VALUE)

#define COUNT_MEMBER(name, text)                                               \
	"\"" name "\":{\"type\":\"integer\",\"minimum\":0,\"description\":"    \
	"\"" text "\"}"

#define RUN_LINES                                                              \
	"\"lines\":{\"type\":\"array\",\"description\":\"Every line that "     \
	"ran, in order.\",\"items\":" LINE "},"
#define RUN_COUNTS                                                             \
	COUNT_MEMBER("passed", "Expectations that hold.")                      \
	"," COUNT_MEMBER("failed", "Those that do not.") "," COUNT_MEMBER(     \
		"steps", "That were taken.")
#define RUN_PROCESS                                                            \
	",\"process\":" REF("Process") ",\"thread\":" REF(                     \
		"Thread") ",\"route\":" REF("Route") EXPIRES_IN

static const char run_result[] = OBJECT(
	"\"lines\",\"passed\",\"failed\",\"steps\",\"process\",\"thread\","
	"\"route\",\"seq\",\"history\"",
	RUN_LINES RUN_COUNTS RUN_PROCESS
	",\"seq\":{\"type\":\"integer\",\"minimum\":0}" SNAPSHOT);

static const struct method methods[] = {
	{ .name = "script.run",
	  .run = run_script_run,
	  PARAMS(script_run_params),
	  .needs_answer = true,
	  .takes_turns = true,
	  .is_apart = true,
	  .summary = "Run a text of calls, all of them or none. An expectation "
		     "that does not hold is a result; an error changes "
		     "nothing.",
	  .result = run_result,
	  .errors = ERRORS_CHANGE | E(QUOTA_PROCESSES) | E(QUOTA_THREADS) |
		    E(QUOTA_RATE) | E(SHUTDOWN) | E(SCRIPT_SYNTAX) |
		    E(SCRIPT_FAILED) | E(SCRIPT_LIMIT),
	  .example_params = ON_EXAMPLE(
		  ",\"script\":\"p = mmap(0, 8192, rw, private)\\n"
		  "expect munmap(p+1, 4096) == EINVAL\\n\",\"want\":[]"),
	  .example_result =
		  "{\"lines\":[{\"line\":1,\"text\":\"p = mmap(0, 8192, rw, "
		  "private)\",\"call\":\"mm.mmap\",\"params\":{\"addr\":0,"
		  "\"length\":8192,\"prot\":\"0x3\",\"flags\":\"0x22\"},"
		  "\"result\":{\"ret\":\"0x7ffff7ff9000\"},\"name\":\"p\","
		  "\"value\":\"0x7ffff7ff9000\"},{\"line\":2,\"text\":"
		  "\"expect munmap(p+1, 4096) == EINVAL\",\"call\":"
		  "\"mm.munmap\",\"params\":{\"addr\":\"0x7ffff7ff9001\","
		  "\"length\":4096},\"result\":{\"ret\":-22,\"errno\":"
		  "\"EINVAL\"},\"value\":\"EINVAL\",\"passed\":true,"
		  "\"operator\":\"==\",\"wanted\":\"EINVAL\"}],\"passed\":1,"
		  "\"failed\":0,\"steps\":2,\"process\":\"" EXAMPLE_PROCESS
		  "\",\"thread\":1,\"route\":\"w0\",\"seq\":2,"
		  "\"history\":{\"first\":1,\"last\":2}}" },
};

const struct method_family script_methods = METHOD_FAMILY(methods);
