/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What process.exec takes, and an exec_setup: there and back
 *
 * An exec_setup written as parameters and read again is the same one, whatever
 * the call looked like that it came from: contents of an ELF file have become
 * its headers, and strings their number and bytes.
 */
#include "core/world/exec.h"
#include "proto/json/writer.h"
#include "proto/rpc/setup_parts.h"

/* Those that are not given have no text. */
struct exec_params {
	struct json_value program, interpreter, argv, envp;
};

/** exec_params_room() - bytes of the arena that they take at most, with
 * exec_params_text() */
size_t exec_params_room(const struct exec_params *params);

/**
 * exec_params_read() - judge them
 * @reading: its arena has room; its setup is not used
 * @setup:   out; paths point into the body or the arena
 *
 * Return: true, or false with reading->error set.
 */
bool exec_params_read(struct setup_reading *reading,
		      const struct exec_params *params,
		      struct exec_setup *setup);

/** exec_params_text() - as the journal keeps it, in the arena */
char *exec_params_text(struct setup_reading *reading,
		       const struct exec_setup *setup, uint32_t *lenp);

/** exec_params_write() - write the members program, interpreter if there is one,
 * argv and envp */
void exec_params_write(struct json_writer *w, const struct exec_setup *setup);
