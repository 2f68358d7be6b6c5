/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A program file of this machine as process.exec takes it
 */
#include <jansson.h>
#include <stddef.h>

/**
 * elf_program_params() - `program`, `interpreter` and `argv` for a file
 * @argv:  path and arguments, ended by NULL
 * @error: on failure one sentence for people
 *
 * Sends the first bytes of the file and of its interpreter; what they say is the
 * server's to judge.
 *
 * Return: a new object, or NULL.
 */
json_t *elf_program_params(char *const *argv, char *error, size_t error_size);
