/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The program that a walk's process executes: one page, written from here
 */

/* Where its three pairs of instructions are; each ends in a breakpoint. */
enum program_entry {
	PROGRAM_SYSCALL = 0x4000b0, /* a system call */
	PROGRAM_LOAD = 0x4000b3,    /* a byte at rbx is read */
	PROGRAM_STORE = 0x4000b6,   /* a byte at rbx is written */
};

/**
 * program_open() - write the program into memory
 *
 * Return: a descriptor to execute, close-on-exec; -1: errno says why not.
 */
int program_open(void);
