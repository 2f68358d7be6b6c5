/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Parameters: from JSON to checked numbers, words and pieces of the body
 *
 * What a method takes is a table of struct param_def. params_read() fills one
 * struct param_value each, by name or by position, and refuses what the table
 * does not allow; a handler never sees a value that it has to doubt, but for
 * PARAM_ANY, which it judges itself with the functions below.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/json/index.h"
#include "proto/rpc/errors.h"

struct flag_name;

enum param_kind {
	PARAM_PROCESS,   /* a name; raw */
	PARAM_THREAD,    /* an integer; number */
	PARAM_WANT,      /* an array of parts; number: bits 1 << enum part */
	PARAM_LANG,      /* "en" or "zh"; number: enum lang */
	PARAM_COUNT,     /* an integer; number */
	PARAM_ADDRESS,   /* an integer or a string; number */
	PARAM_FLAGS,     /* also names; number, an unsigned long's bits */
	PARAM_INT_FLAGS, /* also names; number, cut to an int's bits */
	PARAM_FD,        /* number, an int with its sign extended */
	PARAM_BOOL,      /* number: 0 or 1 */
	PARAM_WORD,      /* one of words; number: which */
	PARAM_TEXT,      /* a string of min to max bytes, no NUL; raw */
	PARAM_RETRY_KEY, /* 1 to 64 visible ASCII characters; raw */
	PARAM_ANY,       /* raw */
};

enum {
	PARAMS_MAX = 20
};

struct param_def {
	const char *name;
	enum param_kind kind;
	bool required;
	uint64_t min, max;             /* of numbers; 0 and 0: any 64 bits */
	uint64_t fallback;             /* the number if it is left out */
	const char *const *words;      /* of PARAM_WORD, NULL ends them */
	const struct flag_name *flags; /* names of PARAM_FLAGS, _INT_FLAGS */
	const char *schema;            /* JSON Schema of PARAM_ANY */
	const char *preset;            /* the default as JSON, for people */
	const char *about;             /* one sentence */
};

struct param_value {
	bool given;
	uint64_t number;
	struct json_value raw; /* valid if given */
};

/* A table with what params_read() would otherwise work out for each call. */
struct params_plan {
	const struct param_def *defs;
	unsigned nr;
	uint32_t all, required;    /* bits by index */
	uint8_t lens[PARAMS_MAX];  /* of the names */
	uint64_t keys[PARAMS_MAX]; /* json_key() of the names */
	/* Numbers from the one to the other are what they are written as; the
	 * least is above the most where none is. */
	uint32_t least[PARAMS_MAX], most[PARAMS_MAX];
	uint64_t fallback[PARAMS_MAX];
};

/*
 * What is known of the call before, whose values are still there. The calls of a
 * batch resemble each other: a parameter that repeats the one in its place there, as
 * the index knows, needs no judgement.
 */
struct params_memo {
	const struct params_plan *plan; /* NULL: nothing is known */
	uint64_t row;                   /* that call's: json_index.number */
	unsigned nr;                    /* of items */
	uint8_t which[PARAMS_MAX];      /* index of the parameter, by item */
};

/** params_plan_init() - @nr parameters of @defs, PARAMS_MAX at most */
void params_plan_init(struct params_plan *plan, const struct param_def *defs,
		      unsigned nr);

/**
 * params_read() - read and judge the parameters of one call
 * @method: for messages
 * @index:  has the item
 * @around: where what it is in begins
 * @params: an array or an object of the index's first row, or that row; NULL if
 *          there are none
 * @memo:   of the last call, with or without its success, and now of this one
 * @values: of the last call if the memo knows it; out, by the index of the plan's
 *          definitions; what is not given has its default
 *
 * Return: true, or false and @error says why.
 */
bool params_read(const char *method, const struct params_plan *plan,
		 const struct json_index *index, const char *around,
		 const struct json_item *params, struct params_memo *memo,
		 struct param_value *values, struct rpc_error *error);

/**
 * params_read_text() - params_read() of a text
 * @index:  to be used for it: what it held is gone
 * @params: judged, an array or an object; text NULL: there are none
 */
bool params_read_text(const char *method, const struct params_plan *plan,
		      struct json_index *index, const struct json_value *params,
		      struct param_value *values, struct rpc_error *error);

/**
 * param_address() - an integer or a string with one, 0 to 2^64-1
 * @name: of the parameter, for @error
 */
bool param_address(const char *name, const struct json_value *value,
		   uint64_t *out, struct rpc_error *error);

/** param_count() - an integer from @min to @max, not as a string */
bool param_count(const char *name, const struct json_value *value, uint64_t min,
		 uint64_t max, uint64_t *out, struct rpc_error *error);

/** param_flags() - an integer of up to 64 bits, or names of @flags and numbers
 * joined by '|' */
bool param_flags(const char *name, const struct flag_name *flags,
		 const struct json_value *value, uint64_t *out,
		 struct rpc_error *error);

/** param_fd() - an int, cut from 64 bits as a system call does */
bool param_fd(const char *name, const struct json_value *value, uint64_t *out,
	      struct rpc_error *error);

/** param_word() - one of @words; *@out is which */
bool param_word(const char *name, const char *const *words,
		const struct json_value *value, uint64_t *out,
		struct rpc_error *error);

/**
 * param_kind_is() - is the value of that JSON type?
 *
 * If not, @error says what was expected and what is there.
 */
bool param_kind_is(const char *name, const struct json_value *value,
		   enum json_kind kind, struct rpc_error *error);

/* The characters of a string in the body, cut for a message. */
struct param_quote {
	char text[48];
};

/** param_quote() - the characters as they stand in the body, cut between two of
 * them if they are many. Return: quote->text */
const char *param_quote(struct param_quote *quote,
			const struct json_value *string);
