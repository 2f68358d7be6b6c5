/* SPDX-License-Identifier: MIT */
/*
 * Any bytes are calls: the engine keeps its invariants and leaks nothing
 *
 * The first four bytes choose the settings. Then follow calls: one byte for
 * the call and the thread, then its arguments. Small arguments are one byte,
 * for a place near others; 0xff introduces all eight bytes of a number.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/emulation.h"

#define MAX_CALLS 512

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const uint8_t *data;
	size_t size;
};

static uint64_t take_byte(struct input *input)
{
	if (!input->size)
		return 0;
	input->size--;
	return *input->data++;
}

static uint64_t take_number(struct input *input)
{
	uint64_t number = 0;
	int i;

	for (i = 0; i < 8; i++)
		number = number << 8 | take_byte(input);
	return number;
}

/* A page of one of four places, or any number at all. */
static uint64_t take_address(struct input *input, const struct emulation *emu)
{
	const uint64_t places[] = { EMULATION_FREE, EMULATION_BRK,
				    emu->mm.mmap_base - (64 << PAGE_SHIFT), 0 };
	uint64_t byte = take_byte(input);

	if (byte == 0xff)
		return take_number(input);
	return places[byte >> 6] + ((byte & 63) << PAGE_SHIFT);
}

static uint64_t take_length(struct input *input)
{
	uint64_t byte = take_byte(input);

	return byte == 0xff ? take_number(input) : byte << PAGE_SHIFT;
}

static struct emulation_setup take_settings(struct input *input)
{
	struct emulation_setup setup = emulation_defaults();
	uint64_t bits = take_byte(input);

	setup.uid = bits & 1 ? 0 : 1000;
	setup.sysctl.overcommit_memory = (bits >> 1 & 3) % 3;
	setup.sysctl.legacy_va_layout = bits >> 3 & 1;
	if (bits & 16)
		setup.sysctl.max_map_count = take_byte(input);
	if (bits & 32)
		setup.rlimits.as = take_byte(input) << (PAGE_SHIFT + 2);
	if (bits & 64)
		setup.rlimits.memlock = take_byte(input) << PAGE_SHIFT;
	if (bits & 128)
		setup.mem_total_kb = 1024 + take_byte(input) * 16;
	return setup;
}

static void call_mmap(struct input *input, struct emulation *emu,
		      struct task_struct *task, struct vm_file *file)
{
	uint64_t addr = take_address(input, emu), len = take_length(input);
	uint64_t bits = take_byte(input), flags = take_byte(input);

	/* The low byte as it is, the others by one bit each. */
	flags |= (bits & 0xf8) << 8;
	if (bits & 4)
		flags ^= MAP_FIXED | MAP_ANONYMOUS;
	sys_mmap(task, addr, len, take_byte(input), flags, file,
		 take_length(input));
}

static void call_access(struct input *input, struct emulation *emu,
			struct task_struct *task)
{
	uint64_t addr = take_address(input, emu), bits = take_byte(input);
	struct access_outcome outcome;

	mm_access(task, addr, 1 + ((bits >> 2) << PAGE_SHIFT), (bits & 3) % 3,
		  bits & 2 ? UINT64_MAX : addr + take_length(input), &outcome);
}

static void make_call(struct input *input, struct emulation *emu,
		      struct vm_file *file)
{
	uint64_t verb = take_byte(input);
	struct task_struct *task = &emu->threads[(verb >> 4) % emu->nr_threads];
	uint64_t addr;

	switch (verb & 7) {
	case 0:
		sys_brk(task, take_address(input, emu) + take_byte(input));
		break;
	case 1:
	case 2:
		call_mmap(input, emu, task, file);
		break;
	case 3:
		addr = take_address(input, emu);
		sys_munmap(task, addr, take_length(input));
		break;
	case 4:
		find_vma(task, take_address(input, emu));
		break;
	case 5:
		if (emu->nr_threads < EMULATION_THREADS)
			emulation_clone(emu, task);
		break;
	default:
		call_access(input, emu, task);
		break;
	}
}

static void require(const char *wrong)
{
	if (!wrong)
		return;
	fprintf(stderr, "%s\n", wrong);
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct emulation emu;
	struct input input = { data, size };
	struct emulation_setup setup = take_settings(&input);
	struct vm_file *file;
	int calls = 0;

	emulation_begin(&emu, &setup);
	/* Accounts and hosts have limits, too. */
	emu.account.max_bytes = 1 << 20;
	emu.account.max_areas = 200;
	file = emulation_file(&emu, 48);
	while (input.size && calls++ < MAX_CALLS) {
		make_call(&input, &emu, file);
		require(validate_mm(&emu.mm));
	}
	vm_file_put(file);
	require(emulation_end(&emu));
	return 0;
}
