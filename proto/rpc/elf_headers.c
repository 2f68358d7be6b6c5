/* SPDX-License-Identifier: MIT */
#include "proto/rpc/elf_headers.h"

#include <string.h>

#include "core/mm/mm.h"

/* Offsets and values of the format. */
enum {
	EI_CLASS = 4,
	EI_DATA = 5,
	ELF_CLASS_64 = 2,
	ELF_DATA_LITTLE = 1,
	E_TYPE = 16,
	E_MACHINE = 18,
	E_ENTRY = 24,
	E_PHOFF = 32,
	E_PHENTSIZE = 54,
	E_PHNUM = 56,
	EHDR_SIZE = 64,
	ET_EXEC = 2,
	ET_DYN = 3,
	EM_X86_64 = 62,
	P_TYPE = 0,
	P_FLAGS = 4,
	P_OFFSET = 8,
	P_VADDR = 16,
	P_FILESZ = 32,
	P_MEMSZ = 40,
	P_ALIGN = 48,
	PHDR_SIZE = 56,
};

static uint64_t get_le(const uint8_t *p, unsigned bytes)
{
	uint64_t value = 0;

	while (bytes--)
		value = value << 8 | p[bytes];
	return value;
}

static uint8_t prot_of(uint32_t flags)
{
	return (uint8_t)((flags & ELF_PF_R ? PROT_READ : 0) |
			 (flags & ELF_PF_W ? PROT_WRITE : 0) |
			 (flags & ELF_PF_X ? PROT_EXEC : 0));
}

bool elf_image_add(struct elf_image *image, struct elf_traits *traits,
		   const struct elf_header *header)
{
	struct elf_segment *segment;

	switch (header->type) {
	case ELF_PT_LOAD:
		if (image->nr_segments == ELF_SEGMENTS_MAX)
			return false;
		segment = &image->segments[image->nr_segments++];
		*segment = header->segment;
		segment->prot = prot_of(header->flags);
		return true;
	case ELF_PT_INTERP:
		traits->has_interpreter = true;
		return true;
	case ELF_PT_GNU_STACK:
		traits->executable_stack = header->flags & ELF_PF_X;
		return true;
	default:
		return true;
	}
}

static const char *judge_machine(const uint8_t *bytes, size_t len)
{
	static const struct {
		unsigned machine;
		const char *problem;
	} others[] = {
		{ 3, "it is for 32-bit x86; programs here are x86-64's" },
		{ 40, "it is for 32-bit Arm; programs here are x86-64's" },
		{ 183, "it is for arm64; programs here are x86-64's" },
		{ 243, "it is for RISC-V; programs here are x86-64's" },
	};
	uint64_t machine;
	size_t i;

	if (len < EHDR_SIZE || memcmp(bytes, "\177ELF", 4) != 0)
		return "it does not begin as an ELF file, with 64 bytes at "
		       "least";
	if (bytes[EI_DATA] != ELF_DATA_LITTLE)
		return "it is for a big-endian machine; programs here are "
		       "x86-64's";
	machine = get_le(bytes + E_MACHINE, 2);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (machine == others[i].machine)
			return others[i].problem;
	if (machine != EM_X86_64)
		return "it is for another architecture; programs here are "
		       "x86-64's";
	if (bytes[EI_CLASS] != ELF_CLASS_64)
		return "it is a 32-bit file for x86-64 (x32); programs here "
		       "are 64-bit";
	return NULL;
}

static const char *judge_headers(const uint8_t *bytes, size_t len)
{
	uint64_t type = get_le(bytes + E_TYPE, 2);
	uint64_t offset = get_le(bytes + E_PHOFF, 8);
	uint64_t size = get_le(bytes + E_PHNUM, 2) * PHDR_SIZE;

	if (type != ET_EXEC && type != ET_DYN)
		return "it is neither a program nor a shared object, but "
		       "perhaps an object file or a core dump";
	if (get_le(bytes + E_PHENTSIZE, 2) != PHDR_SIZE)
		return "its program headers do not have 56 bytes each";
	if (!size)
		return "it has no program headers";
	if (offset > len || size > len - offset)
		return "it is cut before the end of its program headers; 4096 "
		       "bytes mostly hold them";
	return NULL;
}

static struct elf_header read_header(const uint8_t *p)
{
	return (struct elf_header){
		.type = (uint32_t)get_le(p + P_TYPE, 4),
		.flags = (uint32_t)get_le(p + P_FLAGS, 4),
		.segment = {
			.offset = get_le(p + P_OFFSET, 8),
			.vaddr = get_le(p + P_VADDR, 8),
			.filesz = get_le(p + P_FILESZ, 8),
			.memsz = get_le(p + P_MEMSZ, 8),
			.align = get_le(p + P_ALIGN, 8),
		},
	};
}

const char *elf_headers_read(const uint8_t *bytes, size_t len,
			     struct elf_image *image, struct elf_traits *traits)
{
	const char *problem = judge_machine(bytes, len);
	struct elf_header header;
	const uint8_t *at;
	uint64_t nr;

	if (!problem)
		problem = judge_headers(bytes, len);
	if (problem)
		return problem;
	image->type = get_le(bytes + E_TYPE, 2) == ET_DYN ? ELF_DYN : ELF_EXEC;
	image->entry = get_le(bytes + E_ENTRY, 8);
	at = bytes + get_le(bytes + E_PHOFF, 8);
	for (nr = get_le(bytes + E_PHNUM, 2); nr; nr--, at += PHDR_SIZE) {
		header = read_header(at);
		if (!elf_image_add(image, traits, &header))
			return "it has more than 73 segments to load";
	}
	return NULL;
}
