/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside process.exec: from JSON to an exec_setup
 */
#include <stdbool.h>

#include "core/world/exec.h"
#include "proto/rpc/elf_headers.h"
#include "proto/rpc/setup_parts.h"

/** exec_image_room() - bytes of the arena that reading @value takes at most */
size_t exec_image_room(const struct json_value *value);

/**
 * exec_image_read() - a program or an interpreter
 * @reading: its arena has room, its setup is not used
 * @name:    of the parameter
 * @image:   out; the path points into the body or the arena
 * @traits:  out
 *
 * Return: true, or false with reading->error set.
 */
bool exec_image_read(struct setup_reading *reading, const char *name,
		     const struct json_value *value, struct elf_image *image,
		     struct elf_traits *traits);
