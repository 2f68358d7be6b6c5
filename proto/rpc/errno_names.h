/* SPDX-License-Identifier: MIT */
#pragma once

enum {
	ERRNO_NUMBERS_END = 134, /* no number from here on */
};

/**
 * errno_name() - the name of an error number of the emulated kernel
 * @number: positive, as on x86-64
 *
 * Return: "ENOMEM" and so on, static; NULL if the number has no name here.
 */
const char *errno_name(int number);
