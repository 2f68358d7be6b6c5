/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Scripts: a text of calls, one a line, with names for their results
 *
 *	p = mmap(0, 8192, rw, private)
 *	munmap(p+4096, 4096)
 *	expect p == 0x7ffff7ff9000
 *
 * docs/SCRIPTS.md describes the language. Here is what reads it and runs it,
 * without knowing a single call: which there are and what they take, a
 * struct script_catalog says; a struct script_host carries them out.
 *
 * A script is total: it has no loop but repeat, whose count is known when it
 * begins, and no functions. script_parse() judges the whole text, names and
 * arguments included, before anything runs.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/mm/memory.h"
#include "proto/json/writer.h"
#include "proto/words/words.h"

enum {
	SCRIPT_TEXT_MAX = 65536, /* bytes of a script */
	SCRIPT_NAMES_MAX = 256,  /* names of results */
	SCRIPT_NAME_LEN_MAX = 48,
	SCRIPT_ARGS_MAX = 16,       /* of a call, each for another parameter */
	SCRIPT_REPEATS_MAX = 8,     /* inside one another */
	SCRIPT_DEPTH_MAX = 32,      /* brackets, likewise */
	SCRIPT_OPERATORS_MAX = 256, /* on a line */
	SCRIPT_KEPT_MAX = 4 << 20,  /* bytes of answers that names stand for */
	SCRIPT_FAULT_MAX = 400,
};

/* ------------------------------------------------------------- values */

/* Every 64-bit number, with a sign or without. */
__extension__ typedef __int128 script_number;

enum script_kind {
	SCRIPT_NOTHING, /* null, and what has no value */
	SCRIPT_NUMBER,
	SCRIPT_TEXT,
	SCRIPT_ERRNO, /* a text: the name of an error number */
	SCRIPT_PROCESS,
	SCRIPT_OBJECT, /* an object or an array of an answer */
};

struct script_value {
	enum script_kind kind;
	bool is_hex;      /* a number that people read as hex */
	bool is_json;     /* text: with its quotes, as it stands in an answer */
	unsigned line;    /* of an errno: the call's */
	uint32_t process; /* by the host's count */
	script_number number;
	const char *text; /* of texts and objects */
	size_t len;
	const char *answer; /* JSON, for members; NULL: none */
	size_t answer_len;
};

/** script_value_write() - write it as JSON: hex as "0x2a", nothing as null, a
 * process as its number */
void script_value_write(struct json_writer *w,
			const struct script_value *value);

/* -------------------------------------------------------------- calls */

/* How an argument is written. */
enum script_takes {
	SCRIPT_TAKES_NUMBER,
	SCRIPT_TAKES_FLAGS, /* a number, of which some have names */
	SCRIPT_TAKES_WORD,  /* one of some words */
	SCRIPT_TAKES_WORDS, /* several, joined by '|' */
	SCRIPT_TAKES_TEXT,
	SCRIPT_TAKES_JSON, /* also a number */
};

struct script_param {
	const char *name;
	enum script_takes takes;
	bool required;
	bool by_position; /* else by name alone */
};

/* Room for one word of a catalog. */
#define SCRIPT_WORD_MAX 40

/*
 * Which calls there are. They and their parameters are numbered from 0; a number
 * past the last answers NULL or false. No call has more than SCRIPT_ARGS_MAX.
 */
struct script_catalog {
	/* Its name as a script writes it, static. */
	const char *(*name)(unsigned call);
	/* Is it the call of that name? Names may have longer forms. */
	bool (*is_named)(unsigned call, const char *text, size_t len);
	/* Does it make the process, so that it stands first or nowhere? */
	bool (*is_creation)(unsigned call);
	bool (*param)(unsigned call, unsigned param, struct script_param *out);
	/* A word of a parameter; of flags its @value. @is_short: it may imply
	 * what the full name does not. */
	bool (*word)(unsigned call, unsigned param, const char *text,
		     size_t len, uint64_t *value, bool *is_short);
	/* The words, for people; into @out, SCRIPT_WORD_MAX bytes. */
	bool (*word_at)(unsigned call, unsigned param, unsigned index,
			char *out);
	/* Words that answers may be compared with: errnos and signals. */
	const char *(*constant)(unsigned index);
	bool (*is_errno)(const char *text, size_t len);
};

struct script_argument {
	unsigned param;
	enum script_takes takes;
	uint32_t offset;           /* in the text */
	bool is_short;             /* flags in short words, and nothing else */
	struct script_value value; /* a number; or the text of a word, a text,
				      or JSON as it is */
};

/* The process that the script is for. */
#define SCRIPT_OWN UINT32_MAX

struct script_request {
	unsigned call;
	uint32_t process; /* or SCRIPT_OWN */
	unsigned line;
	const struct script_argument *args;
	unsigned nr_args;
};

/* What a call answered. */
struct script_reply {
	const char *json; /* an object, until the next call */
	size_t len;
	bool has_process; /* its value is a process */
	uint32_t process;
	uint32_t blame; /* where it went wrong: one more than an offset, or 0 */
};

/* --------------------------------------------------------------- runs */

/* One statement that has run. */
struct script_event {
	unsigned line;
	const struct script_request *request; /* NULL: no call */
	const struct script_reply *reply;
	const char *name; /* that stands for the value now; NULL: none */
	size_t name_len;
	enum {
		SCRIPT_RAN,
		SCRIPT_PRINTED,
		SCRIPT_EXPECTED
	} kind;
	struct script_value value; /* of the left side, for an expectation */
	/* of an expectation */
	bool passed;
	const char *operator;
	struct script_value wanted;
	const char *text; /* the statement, as it was written */
	size_t text_len;
};

struct script_host {
	void *ctx;
	/* Carries a call out; false: it cannot, and the run ends. */
	bool (*call)(void *ctx, const struct script_request *request,
		     struct script_reply *reply);
	/* Before each step; false: enough, and the run ends. */
	bool (*go_on)(void *ctx);
	/* Does one more step fit in this part of the run? At least one does. */
	bool (*admits)(void *ctx);
	void (*tell)(void *ctx, const struct script_event *event);
};

enum script_fault_kind {
	SCRIPT_GOOD,
	SCRIPT_SYNTAX,    /* the text is no script; nothing has run */
	SCRIPT_FAILED,    /* a value cannot be had; the run ended */
	SCRIPT_LIMIT,     /* too many steps, or bytes kept; likewise */
	SCRIPT_HOST,      /* the host ended the run, and knows why */
	SCRIPT_NO_MEMORY, /* memory->refusal says why */
};

/* What is wrong, and where: lines and columns count from 1, columns in
 * characters. */
struct script_fault {
	enum lang lang; /* in: that the text is to be in */
	enum script_fault_kind kind;
	unsigned line, column;
	char text[SCRIPT_FAULT_MAX];
};

struct script;

/**
 * script_parse() - read and judge a whole script
 * @memory:  kept; pays
 * @catalog: kept
 * @text:    copied; at most SCRIPT_TEXT_MAX bytes of UTF-8
 * @fault:   out, but for its lang
 *
 * Return: the script, to be freed with script_free(); NULL: SCRIPT_SYNTAX or
 *         SCRIPT_NO_MEMORY.
 * Cost:   O(len), and as much memory times a small factor.
 */
struct script *script_parse(struct memory *memory,
			    const struct script_catalog *catalog,
			    const char *text, size_t len,
			    struct script_fault *fault);

/** script_free() - give everything back; NULL is fine */
void script_free(struct script *script);

/** script_creates() - does it make its process itself? */
bool script_creates(const struct script *script);

/**
 * script_begin() - begin to run it, or begin anew
 * @host:  kept
 * @steps: statements that may run, each turn of a repeat counting as one more
 *
 * Nothing has run yet; what an earlier run gave names to is forgotten.
 */
void script_begin(struct script *script, const struct script_host *host,
		  uint64_t steps);

/**
 * script_go_on() - run the next part, as long as the host admits
 * @fault: out, but for its lang: where the run ended if it ended early
 *
 * An expectation that does not hold is an event, and the run goes on.
 *
 * Return: true: there is more; false: the run has ended, and @fault->kind is
 *         SCRIPT_GOOD if it came to its end.
 */
bool script_go_on(struct script *script, struct script_fault *fault);

/** script_steps() - that have been taken since script_begin() */
uint64_t script_steps(const struct script *script);
