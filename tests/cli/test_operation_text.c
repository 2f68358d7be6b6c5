/* SPDX-License-Identifier: MIT */
#include "clients/cli/operation_text.h"

#include "tests/cli/picture.h"
#include "tests/support/suite.h"

static bool spells(const char *operation, const char *expected)
{
	json_t *value = json_from(operation);
	struct picture picture;

	picture_begin(&picture);
	operation_spell(picture.canvas.out, value);
	fputs(" = ", picture.canvas.out);
	operation_spell_answer(picture.canvas.out, value);
	if (operation_failed(value))
		fputs(" !", picture.canvas.out);
	json_decref(value);
	return picture_is(&picture, expected);
}

#define OPERATION(method, params, answer)                                      \
	"{'method': '" method "', 'params': {" params "}, 'answer': " answer "}"

static void system_calls_are_as_strace_writes_them(void)
{
	CU_ASSERT(
		spells(OPERATION("mm.brk", "'addr': '0x602000'", "'0x602000'"),
		       "brk(0x602000) = 0x602000"));
	CU_ASSERT(spells(
		OPERATION("mm.mmap",
			  "'addr': '0x0', 'length': '0x1000', 'prot': '0x3', "
			  "'flags': '0x22', 'fd': -1, 'offset': '0x0'",
			  "'0x7ffff7ffa000'"),
		"mmap(NULL, 4096, PROT_READ|PROT_WRITE, "
		"MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7ffff7ffa000"));
	CU_ASSERT(spells(
		OPERATION("mm.munmap", "'addr': '0x1', 'length': '0x1'", "-22"),
		"munmap(0x1, 1) = -1 EINVAL (Invalid argument) !"));
}

static void accesses_and_look_ups_are_as_the_shell_writes_them(void)
{
	CU_ASSERT(spells(OPERATION("mm.access",
				   "'addr': '0x1000', 'length': '0x1', "
				   "'type': 'write'",
				   "'minor'"),
			 "write 0x1000 = ok, after a page fault"));
	CU_ASSERT(spells(OPERATION("mm.access",
				   "'addr': '0x0', 'length': '0x2328', "
				   "'type': 'exec'",
				   "'SIGSEGV'"),
			 "exec 0x0, 9000 bytes = --- SIGSEGV --- !"));
	CU_ASSERT(spells(OPERATION("mm.access",
				   "'addr': '0x10', 'type': 'read'", "'none'"),
			 "read 0x10 = ok"));
	CU_ASSERT(spells(OPERATION("mm.find_vma", "'addr': '0xfff'", "null"),
			 "find_vma(0xfff) = NULL"));
	CU_ASSERT(
		spells(OPERATION("mm.find_vma", "'addr': '0x0'", "'0x400000'"),
		       "find_vma(0x0) = 0x400000"));
}

static void processes_threads_and_files_are_told(void)
{
	CU_ASSERT(spells(OPERATION("process.fork", "'vm': false", "2"),
			 "fork() = process 1"));
	CU_ASSERT(spells(OPERATION("process.fork", "'vm': true", "-12"),
			 "vfork() = -1 ENOMEM (Cannot allocate memory) !"));
	CU_ASSERT(spells(OPERATION("process.exec",
				   "'program': {'path': '/bin/true'}", "0"),
			 "execve(\"/bin/true\") = 0"));
	CU_ASSERT(
		spells(OPERATION("file.open",
				 "'fd': 5, 'mode': 'rw', 'name': 'data'", "0"),
		       "file.open(fd=5, mode=rw, name=data) = 0"));
	CU_ASSERT(spells(OPERATION("thread.create", "", "2"),
			 "thread.create() = 2"));
	/* Of a server that knows more than this client. */
	CU_ASSERT(spells(OPERATION("mm.new", "'a': [1], 'b': null", "7"),
			 "new(a=..., b=null) = 7"));
}

CU_TestInfo test_operation_text[] = {
	{ "system calls are as strace writes them",
	  system_calls_are_as_strace_writes_them },
	{ "accesses and look-ups are as the shell writes them",
	  accesses_and_look_ups_are_as_the_shell_writes_them },
	{ "processes, threads and files are told",
	  processes_threads_and_files_are_told },
	CU_TEST_INFO_NULL,
};
