/* SPDX-License-Identifier: MIT */
/*
 * The catalogue: a sentence a kind of step, in English and in Chinese
 *
 * {name} stands for the value of that name in core/mm/step_kinds.h. Areas,
 * anon_vmas and limits bring their own words: {prev} reads "area 7" or "no area",
 * "VMA 7" or "NULL".
 */
#include "proto/rpc/step_text.h"

#include <stddef.h>

#include "core/mm/step.h"
#include "proto/rpc/step_text/advise.h"
#include "proto/rpc/step_text/areas.h"
#include "proto/rpc/step_text/brk.h"
#include "proto/rpc/step_text/exec.h"
#include "proto/rpc/step_text/exit.h"
#include "proto/rpc/step_text/fault.h"
#include "proto/rpc/step_text/file.h"
#include "proto/rpc/step_text/find.h"
#include "proto/rpc/step_text/fork.h"
#include "proto/rpc/step_text/limits.h"
#include "proto/rpc/step_text/merge.h"
#include "proto/rpc/step_text/mmap.h"
#include "proto/rpc/step_text/munmap.h"
#include "proto/rpc/step_text/place.h"
#include "proto/rpc/step_text/protect.h"
#include "proto/rpc/step_text/remap.h"

#define STEP_TEXTS(X)                                                          \
	STEP_TEXTS_BRK(X)                                                      \
	STEP_TEXTS_FIND(X)                                                     \
	STEP_TEXTS_PLACE(X)                                                    \
	STEP_TEXTS_LIMITS(X)                                                   \
	STEP_TEXTS_MERGE(X)                                                    \
	STEP_TEXTS_AREAS(X)                                                    \
	STEP_TEXTS_MUNMAP(X)                                                   \
	STEP_TEXTS_MMAP(X)                                                     \
	STEP_TEXTS_FAULT(X)                                                    \
	STEP_TEXTS_PROTECT(X)                                                  \
	STEP_TEXTS_REMAP(X)                                                    \
	STEP_TEXTS_ADVISE(X)                                                   \
	STEP_TEXTS_FORK(X)                                                     \
	STEP_TEXTS_EXEC(X)                                                     \
	STEP_TEXTS_EXIT(X)                                                     \
	STEP_TEXTS_FILE(X)

static const struct words texts[STEP_NR_KINDS] = {
#define STEP_TEXT(name, en, zh) [STEP_##name] = { en, zh },
	STEP_TEXTS(STEP_TEXT)
#undef STEP_TEXT
};

/* A kind with two rows, or with none, does not compile. */
enum {
#define STEP_TEXT_ROW(name, en, zh) STEP_TEXT_##name,
	STEP_TEXTS(STEP_TEXT_ROW)
#undef STEP_TEXT_ROW
	STEP_TEXT_NR_ROWS
};
_Static_assert((int)STEP_TEXT_NR_ROWS == (int)STEP_NR_KINDS,
	       "each kind of step has its sentences");

const struct words *step_text_at(size_t kind)
{
	return kind < STEP_NR_KINDS ? &texts[kind] : NULL;
}
