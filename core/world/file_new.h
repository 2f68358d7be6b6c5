/* SPDX-License-Identifier: MIT */
#pragma once
#include "core/mm/setup.h"
#include "core/world/process_setup.h"

/* Whether a path or name has 1 to FILE_PATH_MAX bytes, none of them zero. */
bool is_file_name(const char *name, size_t len);

/**
 * file_new() - make the file that a setup describes
 * @machine: gets it; its next inode number is drawn if none is given
 * @setup:   copied
 *
 * Return: the file with one reference, the caller's; or NULL with the refusal
 *         set.
 */
struct vm_file *file_new(struct machine *machine,
			 const struct file_setup *setup);
