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
 * init_end() - print the status as the last line, and end the machine
 * @status: that a program would exit with
 */
_Noreturn void init_end(int status);
