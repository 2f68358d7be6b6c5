/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Operations of a world's history, as people write them
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/**
 * operation_spell() - write the call: brk(0x602000), write 0x600000, fork()
 * @operation: as history.list answers it
 */
void operation_spell(FILE *out, const json_t *operation);

/** operation_spell_answer() - write what it came to, from the member answer */
void operation_spell_answer(FILE *out, const json_t *operation);

/** operation_failed() - did the kernel refuse it, or answer with a signal? */
bool operation_failed(const json_t *operation);
