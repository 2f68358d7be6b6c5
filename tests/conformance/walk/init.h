/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The walk as the first and only program of a machine
 */
#include <stdbool.h>

struct mix;

/* Whether this is process 1: then the machine is the walk's own. */
bool init_is_us(void);

/* Mount /proc, and print the line after which all lines are the walk's. */
void init_begin(void);

/* Let the machine be as @mix wants it: overcommitting, areas a process. */
void init_prepare(const struct mix *mix);

/**
 * init_settle() - let the kernel count committed memory to the page
 *
 * Each processor counts by itself and hands over now and then; it does so at
 * once when the mode that judges by the count is set anew.
 */
void init_settle(void);

/**
 * init_end() - print the status as the last line, and end the machine
 * @status: that a program would exit with
 */
_Noreturn void init_end(int status);
