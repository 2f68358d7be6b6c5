/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What results must have
 *
 * A result is judged once, when it comes, by the members that each method's result
 * always has. Whoever reads it finds them, and of the right type; whatever else is
 * in there is asked with jansson's accessors, which take a wrong value for none. What
 * the emulated kernel answers (ret, fault, thread) is not judged here: vmarium replay compares
 * it, and what is missing is a difference.
 */
#include <jansson.h>

/**
 * answer_lack() - what a result lacks
 *
 * Return: NULL: nothing; or the name of a member that is missing or of a wrong
 *         type, or "object" if it is none at all. Methods that are not known here
 *         lack nothing.
 */
const char *answer_lack(const char *method, const json_t *result);
