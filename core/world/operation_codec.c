/* SPDX-License-Identifier: MIT */
#include "core/world/operation_codec.h"

#include <string.h>

#include "core/mm/assert.h"

#define CODE_MASK   0x3f
#define HAS_THREAD  0x40
#define HAS_PROCESS 0x80

_Static_assert(OP_NR_CODES <= CODE_MASK, "a code needs its six bits");

/* How an argument is turned before it becomes a varint. */
enum arg_form {
	ARG_NONE,
	ARG_PLAIN,
	ARG_PAGE,    /* often page aligned: low 12 bits go to the top */
	ARG_INT,     /* cut to an int, often -1: sign goes to bit 0 */
	ARG_OR_NONE, /* often all ones: plus one */
};

struct op_form {
	uint8_t args[OP_MAX_ARGS]; /* enum arg_form, ARG_NONE ends them */
	bool has_text;
};

static const struct op_form op_forms[OP_NR_CODES] = {
	[OP_BRK] = { { ARG_PLAIN }, false },
	[OP_MMAP] = { { ARG_PAGE, ARG_PLAIN, ARG_PLAIN, ARG_PLAIN, ARG_INT,
			ARG_PAGE },
		      false },
	[OP_MUNMAP] = { { ARG_PAGE, ARG_PLAIN }, false },
	[OP_ACCESS] = { { ARG_PLAIN, ARG_PLAIN, ARG_PLAIN, ARG_OR_NONE },
			false },
	[OP_FIND_VMA] = { { ARG_PLAIN }, false },
	[OP_FILE_OPEN] = { { ARG_INT, ARG_PLAIN, ARG_PLAIN }, true },
	[OP_FILE_CLOSE] = { { ARG_INT }, false },
	[OP_MPROTECT] = { { ARG_PAGE, ARG_PAGE, ARG_PLAIN }, false },
	[OP_MREMAP] = { { ARG_PAGE, ARG_PAGE, ARG_PAGE, ARG_PLAIN, ARG_PAGE },
			false },
	[OP_MLOCK] = { { ARG_PAGE, ARG_PAGE }, false },
	[OP_MLOCK2] = { { ARG_PAGE, ARG_PAGE, ARG_INT }, false },
	[OP_MUNLOCK] = { { ARG_PAGE, ARG_PAGE }, false },
	[OP_MLOCKALL] = { { ARG_INT }, false },
	[OP_MADVISE] = { { ARG_PAGE, ARG_PAGE, ARG_INT }, false },
	[OP_MINCORE] = { { ARG_PAGE, ARG_PAGE }, false },
	[OP_MSYNC] = { { ARG_PAGE, ARG_PAGE, ARG_INT }, false },
	[OP_REMAP_FILE_PAGES] = { { ARG_PAGE, ARG_PAGE, ARG_PLAIN, ARG_PLAIN,
				    ARG_PLAIN },
				  false },
	[OP_MSEAL] = { { ARG_PAGE, ARG_PAGE, ARG_PLAIN }, false },
	[OP_FORK] = { { ARG_PLAIN }, false },
	[OP_FILE_TRUNCATE] = { { ARG_INT, ARG_PLAIN }, false },
	[OP_EXEC] = { { ARG_NONE }, true },
};

static const struct op_form *form_of(const struct operation *op)
{
	mm_assert(op->code > 0 && op->code < OP_NR_CODES);
	return &op_forms[op->code];
}

static inline uint64_t turn(enum arg_form form, uint64_t arg)
{
	uint32_t bits = (uint32_t)arg;

	/* The most frequent first. */
	if (form == ARG_PLAIN)
		return arg;
	if (form == ARG_PAGE)
		return arg >> PAGE_SHIFT | arg << (64 - PAGE_SHIFT);
	if (form == ARG_INT)
		return (uint32_t)(bits << 1) ^ (bits >> 31 ? UINT32_MAX : 0);
	return arg + 1;
}

static uint64_t turn_back(enum arg_form form, uint64_t arg)
{
	uint32_t bits;

	switch (form) {
	case ARG_PAGE:
		return arg << PAGE_SHIFT | arg >> (64 - PAGE_SHIFT);
	case ARG_INT:
		bits = (uint32_t)(arg >> 1) ^ (arg & 1 ? UINT32_MAX : 0);
		return bits >> 31 ? ~(uint64_t)UINT32_MAX | bits : bits;
	case ARG_OR_NONE:
		return arg - 1;
	default:
		return arg;
	}
}

static size_t varint_size(uint64_t value)
{
	size_t size = 1;

	while (value >>= 7)
		size++;
	return size;
}

static inline uint8_t *put_varint(uint8_t *out, uint64_t value)
{
	while (__builtin_expect(value > 0x7f, 0)) {
		*out++ = (uint8_t)(value | 0x80);
		value >>= 7;
	}
	*out++ = (uint8_t)value;
	return out;
}

static const uint8_t *get_varint(const uint8_t *in, uint64_t *valuep)
{
	unsigned int shift = 0;

	*valuep = 0;
	while (*in & 0x80) {
		*valuep |= (uint64_t)(*in++ & 0x7f) << shift;
		shift += 7;
	}
	*valuep |= (uint64_t)*in++ << shift;
	return in;
}

size_t operation_encoded_size(const struct operation *op)
{
	const struct op_form *form = form_of(op);
	size_t size = 1;
	int i;

	if (op->process != 0)
		size += varint_size(op->process);
	if (op->thread != 1)
		size += varint_size(op->thread);
	for (i = 0; i < OP_MAX_ARGS && form->args[i]; i++)
		size += varint_size(turn(form->args[i], op->args[i]));
	if (form->has_text)
		size += varint_size(op->text_len) + op->text_len;
	return size;
}

uint8_t *operation_encode(const struct operation *op, uint8_t *out)
{
	const struct op_form *form = form_of(op);
	uint8_t *first = out++;
	int i;

	*first = (uint8_t)op->code;
	if (op->process != 0) {
		*first |= HAS_PROCESS;
		out = put_varint(out, op->process);
	}
	if (op->thread != 1) {
		*first |= HAS_THREAD;
		out = put_varint(out, op->thread);
	}
	for (i = 0; i < OP_MAX_ARGS && form->args[i]; i++)
		out = put_varint(out, turn(form->args[i], op->args[i]));
	if (form->has_text) {
		out = put_varint(out, op->text_len);
		if (op->text_len)
			memcpy(out, op->text, op->text_len);
		out += op->text_len;
	}
	return out;
}

const uint8_t *operation_decode(const uint8_t *in, struct operation *op)
{
	const struct op_form *form;
	uint8_t first = *in++;
	uint64_t value;
	int i;

	memset(op, 0, sizeof(*op));
	op->code = first & CODE_MASK;
	op->thread = 1;
	form = form_of(op);
	if (first & HAS_PROCESS) {
		in = get_varint(in, &value);
		op->process = (uint32_t)value;
	}
	if (first & HAS_THREAD) {
		in = get_varint(in, &value);
		op->thread = (uint32_t)value;
	}
	for (i = 0; i < OP_MAX_ARGS && form->args[i]; i++) {
		in = get_varint(in, &value);
		op->args[i] = turn_back(form->args[i], value);
	}
	if (form->has_text) {
		in = get_varint(in, &value);
		op->text = (const char *)in;
		op->text_len = (uint32_t)value;
		in += value;
	}
	return in;
}
