/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Numbers of answers, which are integers or strings
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * json_u64() - the number that an integer or a string in hex or decimal states
 *
 * A negative integer becomes its 64 bit two's complement.
 *
 * Return: whether @value states one.
 */
bool json_u64(const json_t *value, uint64_t *numberp);
