/* SPDX-License-Identifier: MIT */
#include "tests/conformance/walk/program.h"

#include <elf.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define LOAD_ADDRESS 0x400000ULL

struct program {
	Elf64_Ehdr header;
	Elf64_Phdr code, stack;
	uint8_t text[9];
} __attribute__((packed));

static const struct program program = {
	.header = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
			     ELFDATA2LSB, EV_CURRENT },
		.e_type = ET_EXEC,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_entry = PROGRAM_SYSCALL,
		.e_phoff = sizeof(Elf64_Ehdr),
		.e_ehsize = sizeof(Elf64_Ehdr),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = 2,
	},
	.code = {
		.p_type = PT_LOAD,
		.p_flags = PF_R | PF_X,
		.p_vaddr = LOAD_ADDRESS,
		.p_paddr = LOAD_ADDRESS,
		.p_filesz = sizeof(struct program),
		.p_memsz = sizeof(struct program),
		.p_align = 0x1000,
	},
	.stack = {
		.p_type = PT_GNU_STACK, /* not executable */
		.p_flags = PF_R | PF_W,
		.p_align = 16,
	},
	.text = {
		0x0f, 0x05, 0xcc, /* syscall; int3 */
		0x8a, 0x03, 0xcc, /* mov (%rbx),%al; int3 */
		0x88, 0x03, 0xcc, /* mov %al,(%rbx); int3 */
	},
};

_Static_assert(LOAD_ADDRESS + sizeof(program) - sizeof(program.text) ==
		       PROGRAM_SYSCALL,
	       "the text begins behind the headers");

/* A file that is open for writing cannot be executed. */
int program_open(void)
{
	char path[64];
	int file, fd = -1;

	file = memfd_create("tracee", MFD_CLOEXEC);
	if (file < 0)
		return -1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	if (write(file, &program, sizeof(program)) == sizeof(program))
		fd = open(path, O_RDONLY | O_CLOEXEC);
	close(file);
	return fd;
}
