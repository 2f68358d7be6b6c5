/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Words for the compiler: what nearly every call runs, and what stands apart
 *
 * A processor's instruction cache holds 32 KiB, and a request's way through the
 * service about takes them. What is HOT is put side by side, so that it fits
 * there whatever else the program has. Marked is what a profile of usual calls
 * shows; a mark too few or too many changes nothing but the speed.
 */

/* The telling twin (core/mm/told_names.h) is of the rarer calls. */
#if defined(MM_STEPS) && MM_STEPS
#define HOT
#else
#define HOT __attribute__((hot))
#endif

/* Errors and the like: small rather than fast, and unlikely where it is called. */
#define COLD __attribute__((noinline, cold))

/* A rarer case: its registers and its memory are not the usual one's. */
#define APART __attribute__((noinline))
