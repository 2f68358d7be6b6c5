/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What is known of kernels that no profile covers
 */

/**
 * known_reason() - why a release answers otherwise than every profile
 * @major: of the running kernel
 * @minor: of it
 * @kind:  of the difference
 *
 * Return: one sentence, static, or NULL: this difference is not known.
 */
const char *known_reason(unsigned int major, unsigned int minor,
			 const char *kind);
