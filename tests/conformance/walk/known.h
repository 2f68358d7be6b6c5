/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What is known of kernels that answer otherwise than their profile
 *
 * Of releases that no profile covers, and of later versions of one that a
 * profile was judged by an earlier version of.
 */

struct kernel_version {
	unsigned int major, minor, patch;
};

/** kernel_version_parse() - read "6.12.117-name"; what is missing is 0 */
struct kernel_version kernel_version_parse(const char *release);

/**
 * known_reason() - why a kernel answers otherwise than the profiles
 * @version: of the running kernel
 * @kind:    of the difference
 *
 * Return: one sentence, static, or NULL: this difference is not known.
 */
const char *known_reason(const struct kernel_version *version,
			 const char *kind);
