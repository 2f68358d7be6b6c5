/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the emulated kernel decides, as it decides it
 *
 * A machine with a sink tells it each decision in the order in which a kernel of
 * that release takes them. The engine is there twice, as it is and as a twin that
 * tells, so that a call that nobody listens to pays for the choice between the
 * two, which is one predictable branch, and for nothing else. A step is
 * numbers alone: what they mean says the table of core/mm/step_kinds.h, and what
 * people read is made of it elsewhere.
 */
#include <stddef.h>
#include <stdint.h>

#include "core/mm/mm_types.h"
#include "core/mm/step_kinds.h"

enum step_kind_id {
#define STEP_ENUM(name, key, nr, functions, values) STEP_##name,
	STEP_KINDS(STEP_ENUM)
#undef STEP_ENUM
	STEP_NR_KINDS
};

enum {
#define STEP_COUNT(name, key, nr, functions, values) STEP_VALUES_##name = (nr),
	STEP_KINDS(STEP_COUNT)
#undef STEP_COUNT
};

#define STEP_MAX_VALUES 6

struct step {
	uint32_t kind; /* enum step_kind_id */
	uint64_t values[STEP_MAX_VALUES];
};

/*
 * Who is told; @step is only valid during tell(), which must not fail. Where the
 * engine does something later than the kernel, as exec gives up the old address
 * space, the steps that were told last belong further up: told() says how many
 * there were, and move() lets those from @from on follow the first @to. Both may
 * be NULL: the steps stay as they come.
 */
struct step_sink {
	void (*tell)(void *ctx, const struct step *step);
	void *ctx;
	uint64_t (*told)(void *ctx);
	void (*move)(void *ctx, uint64_t from, uint64_t to);
};

/* The letters of step_kinds.h. */
enum step_value_type {
	STEP_TYPE_HEX = 'x',
	STEP_TYPE_COUNT = 'n',
	STEP_TYPE_SIGNED = 'i',
	STEP_TYPE_FLAGS = 'f',
	STEP_TYPE_AREA = 'a',     /* 0: none */
	STEP_TYPE_ANON_VMA = 'v', /* 0: none */
	STEP_TYPE_LIMIT = 'l',    /* RLIM_INFINITY: none */
	STEP_TYPE_SIDE = 's',     /* enum rb_side */
	STEP_TYPE_ERROR = 'e',
	STEP_TYPE_ACCESS = 't', /* enum access_type */
	STEP_TYPE_BY = 'w',     /* enum step_by */
};

enum step_value_role {
	STEP_ROLE_ARG,
	STEP_ROLE_RESULT,
	STEP_ROLE_COST,
	STEP_ROLE_FUNCTION /* says which function it is */
};

enum step_by {
#define STEP_BY_ENUM(name, functions) STEP_BY_##name,
	STEP_BYS(STEP_BY_ENUM)
#undef STEP_BY_ENUM
	STEP_NR_BYS
};

struct step_value {
	const char *name;
	size_t name_len;
	enum step_value_type type;
	enum step_value_role role;
};

struct step_kind {
	const char *key;
	unsigned int nr_values;
	const char *functions[KERNEL_NR_RELEASES]; /* by enum kernel_release */
	const char *values;
};

/**
 * step_kind_at() - enumerate the kinds
 * @index: 0, 1, ... : enum step_kind_id
 *
 * Return: the kind, static, or NULL past the last one.
 */
const struct step_kind *step_kind_at(size_t index);

/**
 * step_function() - the kernel's function that takes a step
 *
 * Return: its name in @release, static; NULL: that release has no such step.
 */
const char *step_function(const struct step *step, enum kernel_release release);

/**
 * step_kind_value() - walk the values of a kind
 * @textp: in: kind->values, then where the walk stands; moved on
 * @out:   the next value
 *
 * Return: false at the end.
 */
bool step_kind_value(const char **textp, struct step_value *out);

/* Tell the sink of @machine, unless the release has no such step. */
void step_tell(const struct machine *machine, enum step_kind_id kind,
	       const uint64_t *values, size_t nr);

/* Is this the engine's telling twin? See core/mm/told_names.h. */
#ifndef MM_STEPS
#define MM_STEPS 0
#endif

/* Is anybody told? What follows may then look at things for that alone. */
static inline bool steps_wanted(const struct mm_struct *mm)
{
	return MM_STEPS && mm->machine->steps;
}

/*
 * step(mm, KIND, values...) - report a decision; the values are not even
 * computed unless somebody is told.
 */
#define step(mm, name, ...)                                                    \
	do {                                                                   \
		if (steps_wanted(mm)) {                                        \
			const uint64_t values_[] = { __VA_ARGS__ };            \
			_Static_assert(sizeof(values_) / sizeof(*values_) ==   \
					       STEP_VALUES_##name,             \
				       "values of " #name);                    \
			step_tell((mm)->machine, STEP_##name, values_,         \
				  STEP_VALUES_##name);                         \
		}                                                              \
	} while (0)

/*
 * step_of(machine, KIND, values...) - the same outside the engine, where code is
 * there once and asks whether anybody listens
 */
#define step_of(machine, name, ...)                                            \
	do {                                                                   \
		if (__builtin_expect((machine)->steps != NULL, 0)) {           \
			const uint64_t values_[] = { __VA_ARGS__ };            \
			_Static_assert(sizeof(values_) / sizeof(*values_) ==   \
					       STEP_VALUES_##name,             \
				       "values of " #name);                    \
			step_tell((machine), STEP_##name, values_,             \
				  STEP_VALUES_##name);                         \
		}                                                              \
	} while (0)

/* How many steps were told yet; see struct step_sink. */
static inline uint64_t steps_told(const struct machine *machine)
{
	const struct step_sink *sink = machine->steps;

	return sink && sink->told ? sink->told(sink->ctx) : 0;
}

static inline void steps_move(const struct machine *machine, uint64_t from,
			      uint64_t to)
{
	const struct step_sink *sink = machine->steps;

	if (sink && sink->move)
		sink->move(sink->ctx, from, to);
}

/* A negative errno among the values. */
#define STEP_ERRNO(error) ((uint64_t) - (int64_t)(error))

static inline uint64_t step_area(const struct vm_area_struct *vma)
{
	return vma ? vma->id : 0;
}

static inline uint64_t step_anon_vma(const struct anon_vma *anon_vma)
{
	return anon_vma ? anon_vma->id : 0;
}

static inline uint64_t step_inode(const struct vm_file *file)
{
	return file ? file->inode : 0;
}

/*
 * Whoever judges before the kernel would looks without a word: the kernel's own
 * look comes later.
 */
static inline struct step_sink *steps_hush(const struct mm_struct *mm)
{
	struct step_sink *sink = mm->machine->steps;

	if (MM_STEPS)
		mm->machine->steps = NULL;
	return sink;
}

static inline void steps_resume(const struct mm_struct *mm,
				struct step_sink *sink)
{
	if (MM_STEPS)
		mm->machine->steps = sink;
}
