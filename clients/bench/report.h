/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What a run found, for people and for programs
 */
#include <stdio.h>

#include "clients/bench/load.h"

/** report_print() - write the result in the form that the options ask for */
void report_print(FILE *out, const struct load *load);
