/* SPDX-License-Identifier: MIT */
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "core/mm/mm.h"
#include "proto/rpc/elf_headers.h"
#include "tests/support/suite.h"

/* The beginning of a file, as the system's own header has it. */
struct elf_file {
	Elf64_Ehdr head;
	Elf64_Phdr headers[100];
};

static struct elf_file small_program(void)
{
	return (struct elf_file){
		.head = {
			.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64,
				     ELFDATA2LSB, EV_CURRENT },
			.e_type = ET_DYN,
			.e_machine = EM_X86_64,
			.e_entry = 0x1234,
			.e_phoff = sizeof(Elf64_Ehdr),
			.e_phentsize = sizeof(Elf64_Phdr),
			.e_phnum = 4,
		},
		.headers = {
			{ .p_type = PT_INTERP, .p_flags = PF_R },
			{ .p_type = PT_LOAD, .p_flags = PF_R | PF_X,
			  .p_offset = 0x1000, .p_vaddr = 0x401000,
			  .p_filesz = 0x1111, .p_memsz = 0x2222,
			  .p_align = 0x1000 },
			{ .p_type = PT_LOAD, .p_flags = PF_R | PF_W,
			  .p_offset = 0xfedcba9876543210, .p_vaddr = 0x600010,
			  .p_filesz = 1, .p_memsz = 0x10000000001,
			  .p_align = 0x200000 },
			{ .p_type = PT_GNU_STACK, .p_flags = PF_R | PF_W },
		},
	};
}

/* Headers that go on after @len bytes would be read there. */
static const char *problem_of(const struct elf_file *file, size_t len,
			      struct elf_image *image,
			      struct elf_traits *traits)
{
	uint8_t *bytes = malloc(len ? len : 1);
	const char *problem;

	memcpy(bytes, file, len);
	memset(image, 0, sizeof(*image));
	memset(traits, 0, sizeof(*traits));
	problem = elf_headers_read(bytes, len, image, traits);
	free(bytes);
	return problem;
}

static void headers_make_the_image(void)
{
	struct elf_file file = small_program();
	const size_t len = sizeof(Elf64_Ehdr) + 4 * sizeof(Elf64_Phdr);
	struct elf_traits traits;
	struct elf_image image;

	CU_ASSERT_PTR_NULL(problem_of(&file, len, &image, &traits));
	CU_ASSERT_EQUAL(image.type, ELF_DYN);
	CU_ASSERT_EQUAL(image.entry, 0x1234);
	CU_ASSERT_EQUAL(image.nr_segments, 2);
	CU_ASSERT_EQUAL(image.segments[0].prot, PROT_READ | PROT_EXEC);
	CU_ASSERT_EQUAL(image.segments[0].offset, 0x1000);
	CU_ASSERT_EQUAL(image.segments[0].vaddr, 0x401000);
	CU_ASSERT_EQUAL(image.segments[0].filesz, 0x1111);
	CU_ASSERT_EQUAL(image.segments[0].memsz, 0x2222);
	CU_ASSERT_EQUAL(image.segments[0].align, 0x1000);
	CU_ASSERT_EQUAL(image.segments[1].prot, PROT_READ | PROT_WRITE);
	CU_ASSERT_EQUAL(image.segments[1].offset, 0xfedcba9876543210);
	CU_ASSERT_EQUAL(image.segments[1].memsz, 0x10000000001);
	CU_ASSERT(traits.has_interpreter);
	CU_ASSERT(!traits.executable_stack);

	file.head.e_type = ET_EXEC;
	file.headers[0].p_type = PT_NOTE;
	file.headers[3].p_flags |= PF_X;
	CU_ASSERT_PTR_NULL(problem_of(&file, len, &image, &traits));
	CU_ASSERT_EQUAL(image.type, ELF_EXEC);
	CU_ASSERT(!traits.has_interpreter);
	CU_ASSERT(traits.executable_stack);
}

static void cut_files_are_refused_at_every_byte(void)
{
	struct elf_file file = small_program();
	const size_t len = sizeof(Elf64_Ehdr) + 4 * sizeof(Elf64_Phdr);
	struct elf_traits traits;
	struct elf_image image;
	size_t cut;

	for (cut = 0; cut < len; cut++) {
		const char *problem = problem_of(&file, cut, &image, &traits);

		CU_ASSERT_PTR_NOT_NULL_FATAL(problem);
		CU_ASSERT(strstr(problem,
				 cut < sizeof(Elf64_Ehdr) ? "begin" : "cut") !=
			  NULL);
	}
}

static bool says(const struct elf_file *file, const char *word)
{
	struct elf_traits traits;
	struct elf_image image;
	const char *problem = problem_of(file, sizeof(*file), &image, &traits);

	return problem && strstr(problem, word);
}

static void other_files_are_refused_with_the_reason(void)
{
	static const struct {
		uint16_t machine;
		const char *word;
	} machines[] = {
		{ EM_386, "32-bit x86" }, { EM_ARM, "32-bit Arm" },
		{ EM_AARCH64, "arm64" },  { EM_RISCV, "RISC-V" },
		{ EM_S390, "another" },
	};
	const struct elf_file good = small_program();
	struct elf_file file = good;
	size_t i;

	for (i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
		file.head.e_machine = machines[i].machine;
		CU_ASSERT(says(&file, machines[i].word));
	}
	file = good;
	file.head.e_ident[0] = '#';
	CU_ASSERT(says(&file, "begin"));
	file = good;
	file.head.e_ident[EI_DATA] = ELFDATA2MSB;
	CU_ASSERT(says(&file, "big-endian"));
	file = good;
	file.head.e_ident[EI_CLASS] = ELFCLASS32;
	CU_ASSERT(says(&file, "x32"));
	file = good;
	file.head.e_type = ET_CORE;
	CU_ASSERT(says(&file, "core dump"));
	file = good;
	file.head.e_phentsize = 32;
	CU_ASSERT(says(&file, "56 bytes"));
	file = good;
	file.head.e_phnum = 0;
	CU_ASSERT(says(&file, "no program headers"));
	file = good;
	file.head.e_phoff = UINT64_MAX - 8;
	CU_ASSERT(says(&file, "cut"));
}

static void segments_are_counted(void)
{
	struct elf_file file = small_program();
	struct elf_traits traits;
	struct elf_image image;
	int i;

	for (i = 0; i < ELF_SEGMENTS_MAX + 1; i++)
		file.headers[i] = (Elf64_Phdr){ .p_type = PT_LOAD };
	file.head.e_phnum = ELF_SEGMENTS_MAX;
	CU_ASSERT_PTR_NULL(problem_of(&file, sizeof(file), &image, &traits));
	CU_ASSERT_EQUAL(image.nr_segments, ELF_SEGMENTS_MAX);
	file.head.e_phnum = ELF_SEGMENTS_MAX + 1;
	CU_ASSERT(says(&file, "73"));
}

CU_TestInfo test_elf_headers[] = {
	{ "headers make the image", headers_make_the_image },
	{ "cut files are refused at every byte",
	  cut_files_are_refused_at_every_byte },
	{ "other files are refused with the reason",
	  other_files_are_refused_with_the_reason },
	{ "segments are counted", segments_are_counted },
	CU_TEST_INFO_NULL,
};
