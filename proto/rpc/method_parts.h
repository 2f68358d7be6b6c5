/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside the method table: what the rows of its three files are made of
 */
#include "proto/rpc/method_table.h"
#include "proto/rpc/service.h"

/* A part of the table, in the order of the documents. */
struct method_family {
	const struct method *methods;
	size_t nr;
};

/* The calls that mm.explain takes; methods_explain.c */
extern const char *const explain_methods[];

extern const struct method_family process_methods; /* table_process.c */
extern const struct method_family call_methods;    /* table_calls.c */
extern const struct method_family reading_methods; /* table_reading.c */
extern const struct method_family history_methods; /* table_history.c */
extern const struct method_family script_methods;  /* table_script.c */

extern const struct method_family
	subscription_methods; /* table_subscription.c */

#define METHOD_FAMILY(table)                                                   \
	{                                                                      \
		.methods = table, .nr = sizeof(table) / sizeof((table)[0])     \
	}

/* ---------------------------------------------------------- parameters */

#define PARAMS(table)                                                          \
	.params = table, .nr_params = sizeof(table) / sizeof((table)[0])

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
#define WANT_ALONE                                                             \
	{                                                                      \
		.name = "want", .kind = PARAM_WANT, .fallback = PARTS_DEFAULT, \
		.preset = "[\"mm\",\"vmas\"]",                                 \
		.about = "The parts of the snapshot in the result."            \
	}
#define WANT WANT_ALONE, LANG
/* Of calls that need not show the state; behind their RETRY_KEY, which had its
 * position before. */
#define WANT_NONE                                                              \
	{ .name = "want",                                                      \
	  .kind = PARAM_WANT,                                                  \
	  .preset = "[]",                                                      \
	  .about = "The parts of the snapshot in the result." },               \
		LANG
#define LANG_ABOUT(text)                                                       \
	{                                                                      \
		.name = "lang", .kind = PARAM_LANG, .words = lang_words,       \
		.about = text                                                  \
	}
#define LANG                                                                   \
	LANG_ABOUT("Of a sentence a step, where steps are wanted; without it " \
		   "they have none.")
/* Of every call that changes something; the last one by position, but for
 * WANT_NONE. */
#define RETRY_KEY                                                              \
	{                                                                      \
		.name = "idempotency_key", .kind = PARAM_RETRY_KEY,            \
		.about = "Makes a retry safe: with the same key and "          \
			 "parameters it is answered with the recorded "        \
			 "result and does not run again."                      \
	}
#define ADDRESS(label, text)                                                   \
	{                                                                      \
		.name = label, .kind = PARAM_ADDRESS, .required = true,        \
		.about = text                                                  \
	}
#define ADDR        ADDRESS("addr", "An address.")
#define LENGTH      ADDRESS("length", "Bytes.")
#define PAGE_LENGTH ADDRESS("length", "Bytes; parts of a page count whole.")
/* An unsigned long of flags. */
#define FLAGS(label, of, text)                                                 \
	{                                                                      \
		.name = label, .kind = PARAM_FLAGS, .required = true,          \
		.flags = of, .about = text                                     \
	}
/* An int of flags. */
#define INT_FLAGS(label, of, text)                                             \
	{                                                                      \
		.name = label, .kind = PARAM_INT_FLAGS, .required = true,      \
		.flags = of, .about = text                                     \
	}

/* ------------------------------------------------------------- results */

#define REF(schema) "{\"$ref\":\"#/components/schemas/" schema "\"}"
#define OBJECT(required, properties)                                           \
	"{\"type\":\"object\",\"required\":[" required                         \
	"],\"properties\":{" properties "}}"
#define HISTORY  ",\"history\":" REF("History")
#define SNAPSHOT ",\"snapshot\":" REF("Snapshot") HISTORY
#define EXPIRES_IN                                                             \
	",\"expires_in\":{\"type\":\"integer\",\"minimum\":1,"                 \
	"\"description\":\"Seconds. When none of the world's processes was "   \
	"named in a call for that long, all of them are gone. Missing where "  \
	"worlds do not expire.\"}"
#define ERRNO ",\"errno\":" REF("Errno")

/* -------------------------------------------------------------- errors */

#define E(key) (1ULL << ERROR_##key)

#define ERRORS_CHANGE                                                          \
	(E(QUOTA_AREAS) | E(QUOTA_BYTES) | E(QUOTA_MACHINE) | E(HISTORY_FULL))

/* ------------------------------------------------------------ examples */

#define ON_EXAMPLE(more) "{\"process\":\"" EXAMPLE_PROCESS "\"" more "}"
