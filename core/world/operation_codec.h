/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The compact encoding of operations
 *
 *	byte 0     code in the low 6 bits; bit 6: a thread other than 1 follows;
 *	           bit 7: a process other than 0 follows
 *	[process]  varint
 *	[thread]   varint
 *	arguments  varints, as many as the code has
 *	[text]     varint length and bytes, of codes that have a name
 *
 * A varint has seven bits a byte, lowest first, bit 7: more follow. Arguments
 * that are often aligned, negative or all ones are turned first so that they
 * come out short. An operation stands for itself: it can be read without the
 * ones before it. Journals outlive releases: what is written here stays.
 */
#include <stddef.h>
#include <stdint.h>

#include "core/world/operation.h"

/* Bytes of any operation besides its text. */
#define OPERATION_ENCODED_MAX (1 + 3 * 5 + 10 * OP_MAX_ARGS)

/**
 * operation_encoded_size() - bytes that operation_encode() will write
 * @op: its code is one of enum op_code
 */
size_t operation_encoded_size(const struct operation *op);

/**
 * operation_encode() - write an operation
 * @op:  its code is one of enum op_code
 * @out: has operation_encoded_size() bytes
 *
 * Return: past the last byte written.
 */
uint8_t *operation_encode(const struct operation *op, uint8_t *out);

/**
 * operation_decode() - read what operation_encode() wrote
 * @in: its first byte
 * @op: out; args that the code does not have are 0, text points into @in
 *
 * Return: past the last byte read.
 */
const uint8_t *operation_decode(const uint8_t *in, struct operation *op);
