/* SPDX-License-Identifier: MIT */
/*
 * The method table: what was called, and earlier states
 */
#include "proto/rpc/method_parts.h"

#define SEQ(text)                                                              \
	{                                                                      \
		.name = "seq", .kind = PARAM_COUNT, .required = true,          \
		.max = INT64_MAX, .about = text                                \
	}

static const struct param_def history_at_params[] = {
	PROCESS,
	[PAST_SEQ] = SEQ("The state after this operation; 0: as created."),
	THREAD_ABOUT("Whose look-up cache is shown."),
	WANT,
};
static const struct param_def history_diff_params[] = {
	PROCESS,
	[DIFF_FROM] = { .name = "from",
			.kind = PARAM_COUNT,
			.required = true,
			.max = INT64_MAX,
			.about =
				"The state after this operation is compared." },
	[DIFF_TO] = { .name = "to",
		      .kind = PARAM_COUNT,
		      .max = INT64_MAX,
		      .about = "With the state after this one. Default: the "
			       "present." },
	[DIFF_OTHER] = { .name = "other",
			 .kind = PARAM_ANY,
			 .schema = REF("Process"),
			 .about = "Of this process. Default: the same one." },
	THREAD_ABOUT("Whose look-up cache is compared."),
};
static const struct param_def history_rewind_params[] = {
	PROCESS,
	[PAST_SEQ] = SEQ("The last operation that is not undone; 0: all are."),
	THREAD_ABOUT("Whose look-up cache is shown."),
	WANT,
	RETRY_KEY,
};
static const struct param_def world_branch_params[] = {
	PROCESS,
	[PAST_SEQ] = { .name = "seq",
		       .kind = PARAM_COUNT,
		       .max = INT64_MAX,
		       .about = "The last operation that the new world has in "
				"common with this one. Default: the last of "
				"all." },
	THREAD_ABOUT("Whose look-up cache is shown."),
	WANT,
	RETRY_KEY,
};
static const struct param_def history_list_params[] = {
	PROCESS,
	[LIST_FROM] = { .name = "from",
			.kind = PARAM_COUNT,
			.max = INT64_MAX,
			.about = "The seq to begin with. Default: the oldest "
				 "that is kept." },
	[LIST_COUNT] = { .name = "count",
			 .kind = PARAM_COUNT,
			 .min = 1,
			 .max = 1000,
			 .fallback = 100,
			 .preset = "100",
			 .about = "Operations in the answer, at most." },
	[LIST_ANSWERS] = { .name = "answers",
			   .kind = PARAM_BOOL,
			   .preset = "false",
			   .about = "Whether each comes with its answer, which "
				    "is found by carrying them out again." },
};
static const char list_result[] =
	OBJECT("\"operations\",\"next\",\"history\"",
	       "\"operations\":{\"type\":\"array\",\"items\":" OBJECT(
		       "\"seq\",\"number\",\"thread\",\"method\","
		       "\"params\"",
		       "\"seq\":{\"type\":\"integer\",\"minimum\":1},"
		       "\"number\":{\"type\":\"integer\",\"minimum\":0,"
		       "\"description\":\"The process, counted from 0 "
		       "in its "
		       "world.\"},"
		       "\"thread\":{\"type\":\"integer\"},"
		       "\"method\":{\"type\":\"string\"},"
		       "\"params\":{\"type\":\"object\","
		       "\"description\":\"As the "
		       "method takes them, but for process and "
		       "thread.\"},\"answer\":{\"type\":[\"integer\","
		       "\"string\",\"null\"],\"description\":\"If answers "
		       "are wanted: what it came to, as in a "
		       "Document.\"}") "},"
				       "\"next\":{\"type\":[\"integer\","
				       "\"null\"],"
				       "\"description\":\"Where the next "
				       "page begins.\"}" HISTORY);

#define SEQ_MEMBER "\"seq\":{\"type\":\"integer\",\"minimum\":0}"

#define NAMED_MEMBERS                                                          \
	"\"number\":{\"type\":\"integer\",\"minimum\":0},"                     \
	"\"process\":" REF("Process")
#define NAMED OBJECT("\"number\",\"process\"", NAMED_MEMBERS)
#define BRANCH_TAIL                                                            \
	",\"route\":" REF(                                                     \
		"Route") "," SEQ_MEMBER                                        \
			 ",\"processes\":{\"type\":\"array\",\"items\":" NAMED \
			 ",\"description\":\"All that are alive.\"}" SNAPSHOT

static const char diff_result[] =
	OBJECT("\"from\",\"to\",\"diff\",\"history\"",
	       "\"from\":{\"type\":\"integer\",\"minimum\":0},"
	       "\"to\":{\"type\":\"integer\",\"minimum\":0},"
	       "\"diff\":" REF("Diff") HISTORY);
static const char at_result[] =
	OBJECT("\"seq\",\"history\"", SEQ_MEMBER SNAPSHOT);
static const char branch_result[] = OBJECT(
	"\"process\",\"thread\",\"route\",\"seq\",\"processes\",\"history\"",
	"\"process\":" REF("Process") ",\"thread\":" REF("Thread")
		EXPIRES_IN BRANCH_TAIL);

static const char *const form_words[] = { "document", "link", NULL };

static const struct param_def world_export_params[] = {
	PROCESS,
	[EXPORT_TITLE] = { .name = "title",
			   .kind = PARAM_TEXT,
			   .min = 1,
			   .max = 200,
			   .about = "For people; kept in the document." },
	[EXPORT_NOTES] = { .name = "notes",
			   .kind = PARAM_TEXT,
			   .min = 1,
			   .max = 65536,
			   .about = "For people; kept in the document." },
	[EXPORT_POSITIONS] = { .name = "positions",
			       .kind = PARAM_ANY,
			       .schema = "{\"type\":\"object\"}",
			       .about = "What a view likes; kept in the "
					"document." },
	[EXPORT_FORM] = { .name = "form",
			  .kind = PARAM_WORD,
			  .words = form_words,
			  .preset = "\"document\"",
			  .about = "A JSON object, or a text for the fragment "
				   "of a URL that holds it." },
};
static const struct param_def world_import_params[] = {
	[IMPORT_DOCUMENT] = { .name = "document",
			      .kind = PARAM_ANY,
			      .required = true,
			      .schema = "{\"oneOf\":[" REF("Document") "," REF(
				      "Link") "]}",
			      .about = "What world.export answered: the "
				       "document or the link." },
	WANT,
	RETRY_KEY,
};
static const char export_result[] =
	"{\"type\":\"object\",\"properties\":{\"document\":" REF(
		"Document") ",\"link\":" REF("Link") "}}";
#define IMPORT_TAIL                                                            \
	",\"verified\":{\"type\":\"boolean\",\"description\":\"All "           \
	"answers and the state are as recorded.\"},\"difference\":{\"type\":"  \
	"\"object\",\"description\":\"The first operation that another "       \
	"engine "                                                              \
	"answered otherwise.\"},\"title\":{\"type\":\"string\"},\"notes\":{"   \
	"\"type\":\"string\"},\"positions\":{\"type\":\"object\"}"
static const char import_result[] = OBJECT(
	"\"process\",\"thread\",\"route\",\"seq\",\"processes\",\"verified\","
	"\"history\"",
	"\"process\":" REF("Process") ",\"thread\":" REF("Thread")
		IMPORT_TAIL EXPIRES_IN BRANCH_TAIL);

#define ERRORS_PAST                                                            \
	(E(HISTORY_FOLDED) | E(HISTORY_FUTURE) | E(QUOTA_BYTES) |              \
	 E(THREAD_UNKNOWN))

/* The hash is the engine's: it changes with ENGINE_BEHAVIOUR. */
#define EXAMPLE_DOCUMENT                                                       \
	"\"document\":{\"vmarium\":1,\"engine\":6,\"created\":{" EXAMPLE_SETUP \
	"},\"operations\":[],\"hash\":\"572840c297ee3e1f94cc4d5382d5b5dd\"}"

static const struct method methods[] = {
	{ .name = "history.list",
	  .run = run_history_list,
	  .is_long = list_is_long,
	  .is_looking = true,
	  PARAMS(history_list_params),
	  .summary = "The operations of the process's world, in order, page "
		     "by page.",
	  .is_about_past = true,
	  .result = list_result,
	  .errors = E(HISTORY_FOLDED) | E(HISTORY_FUTURE) | E(QUOTA_BYTES),
	  .example_params = ON_EXAMPLE(""),
	  .example_result = "{\"operations\":[],\"next\":null,"
			    "\"history\":{\"first\":1,\"last\":0}}" },
	{ .name = "history.at",
	  .run = run_history_at,
	  .is_long = at_is_long,
	  .is_looking = true,
	  PARAMS(history_at_params),
	  .is_about_past = true,
	  .summary = "The parts of an earlier state that are wanted; the "
		     "present stays as it is.",
	  .result = at_result,
	  .errors = ERRORS_PAST,
	  .example_params = ON_EXAMPLE(",\"seq\":0,\"want\":[\"vmacache\"]"),
	  .example_result =
		  "{\"seq\":0,\"snapshot\":{\"vmacache\":{\"seqnum\":0,"
		  "\"find_calls\":0,\"find_hits\":0,\"full_flushes\":0,"
		  "\"slots\":[null,null,null,null]}},"
		  "\"history\":{\"first\":1,\"last\":0}}" },
	{ .name = "history.diff",
	  .run = run_history_diff,
	  .is_looking = true,
	  PARAMS(history_diff_params),
	  .takes_turns = true,
	  .is_about_past = true,
	  .summary = "What differs between two states of a process, or of two "
		     "processes.",
	  .result = diff_result,
	  .errors = ERRORS_PAST,
	  .example_params = ON_EXAMPLE(",\"from\":0"),
	  .example_result =
		  "{\"from\":0,\"to\":0,\"diff\":{\"areas\":[],\"mm\":{},"
		  "\"vmacache\":{},\"rbtree\":{\"nodes\":[]}},"
		  "\"history\":{\"first\":1,\"last\":0}}" },
	{ .name = "history.rewind",
	  .run = run_history_rewind,
	  .is_long = rewind_is_long,
	  PARAMS(history_rewind_params),
	  .is_about_past = true,
	  .summary = "Undo the later operations of the process's world. They "
		     "are forgotten, and seq goes on from there.",
	  .result = at_result,
	  .errors = ERRORS_PAST | E(QUOTA_PROCESSES) | E(QUOTA_AREAS),
	  .example_params = ON_EXAMPLE(",\"seq\":0,\"want\":[]"),
	  .example_result =
		  "{\"seq\":0,\"history\":{\"first\":1,\"last\":0}}" },
	{ .name = "world.branch",
	  .run = run_world_branch,
	  .is_long = branch_is_long,
	  .is_looking = true,
	  PARAMS(world_branch_params),
	  .needs_answer = true,
	  .is_about_past = true,
	  .summary = "Make a second world with the same past, whose processes "
		     "have names of their own.",
	  .result = branch_result,
	  .errors = ERRORS_PAST | E(QUOTA_PROCESSES) | E(QUOTA_AREAS) |
		    E(SHUTDOWN),
	  .example_params = ON_EXAMPLE(",\"seq\":0,\"want\":[]"),
	  .example_result = "{\"process\":\"" EXAMPLE_PROCESS
			    "\",\"thread\":1,\"route\":\"w0\",\"seq\":0,"
			    "\"processes\":[{\"number\":0,\"process\":"
			    "\"" EXAMPLE_PROCESS
			    "\"}],\"history\":{\"first\":1,\"last\":0}}" },
	{ .name = "world.export",
	  .run = run_world_export,
	  .is_looking = true,
	  PARAMS(world_export_params),
	  .is_about_past = true,
	  .takes_turns = true,
	  .summary = "The process's world as one document: how it was created, "
		     "all operations with their answers, and a hash of the "
		     "state; or that document as a link.",
	  .result = export_result,
	  .errors = E(QUOTA_BYTES),
	  .example_params = ON_EXAMPLE(""),
	  .example_result = "{" EXAMPLE_DOCUMENT "}" },
	{ .name = "world.import",
	  .run = run_world_import,
	  PARAMS(world_import_params),
	  .needs_answer = true,
	  .takes_turns = true,
	  .summary =
		  "Make the world of a document, and compare each answer and "
		  "the state with what was recorded.",
	  .result = import_result,
	  .errors = ERRORS_CHANGE | E(QUOTA_PROCESSES) | E(SHUTDOWN) |
		    E(QUOTA_RATE) | E(DOCUMENT_VERSION) | E(DOCUMENT_HASH),
	  .example_params = "{" EXAMPLE_DOCUMENT ",\"want\":[]}",
	  .example_result = "{\"process\":\"" EXAMPLE_PROCESS
			    "\",\"thread\":1,\"route\":\"w0\",\"seq\":0,"
			    "\"processes\":[{\"number\":0,\"process\":"
			    "\"" EXAMPLE_PROCESS "\"}],\"verified\":true,"
			    "\"history\":{\"first\":1,\"last\":0}}" },
};

const struct method_family history_methods = METHOD_FAMILY(methods);
