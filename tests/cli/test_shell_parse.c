/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "clients/cli/shell_parse.h"
#include "tests/support/suite.h"

static const struct shell_names names = { .last = 0x7f0000, .brk = 0x602000 };

#define ANON_FD UINT64_MAX

static void calls_are_understood(void)
{
	static const struct {
		const char *line;
		uint64_t args[CALL_ARGS_MAX];
	} rows[] = {
		{ "brk 0x602000", { 0x602000 } },
		{ "brk 0", { 0 } },
		{ "brk +8k", { 0x604000 } },
		{ "brk -4096", { 0x601000 } },
		{ "brk brk+1", { 0x602001 } },
		{ "  munmap\t0x1000   2M  # all of it", { 0x1000, 2 << 20 } },
		{ "munmap $ 4K", { 0x7f0000, 4096 } },
		{ "munmap $+4k-1 1G", { 0x7f0fff, 1 << 30 } },
		{ "munmap length=1 addr=2", { 2, 1 } },
		{ "mmap 0 8192 rw private", { 0, 8192, 3, 0x22, ANON_FD, 0 } },
		{ "mmap 0 8192 rw shared", { 0, 8192, 3, 0x21, ANON_FD, 0 } },
		{ "mmap 0 8192 rw private anonymous fixed",
		  { 0, 8192, 3, 0x32, ANON_FD, 0 } },
		{ "mmap 0 8192 rw private fixed fd=3 offset=0",
		  { 0, 8192, 3, 0x12, 3, 0 } },
		{ "mmap 0 8192 rw private fixed 3 4k",
		  { 0, 8192, 3, 0x12, 3, 4096 } },
		{ "mmap 0 8192 r private fd=-1",
		  { 0, 8192, 1, 0x2, ANON_FD, 0 } },
		{ "mmap 0 1T none private|noreserve",
		  { 0, 1ull << 40, 0, 0x4022, ANON_FD, 0 } },
		{ "mmap 0 4k PROT_READ|PROT_EXEC private",
		  { 0, 4096, 5, 0x22, ANON_FD, 0 } },
		{ "mmap 0 4k 7 private", { 0, 4096, 7, 0x22, ANON_FD, 0 } },
		{ "mmap 0 4k rwx MAP_PRIVATE",
		  { 0, 4096, 7, 0x2, ANON_FD, 0 } },
		{ "mmap 0 4k r x private", { 0, 4096, 5, 0x22, ANON_FD, 0 } },
		{ "mmap 0 4k rw 0x22", { 0, 4096, 3, 0x22, ANON_FD, 0 } },
		{ "mmap 0 4k rw 0x2 5 0x1000", { 0, 4096, 3, 0x2, 5, 0x1000 } },
		{ "mmap 0 4k rw private 32bit growsdown stack locked populate",
		  { 0, 4096, 3, 0x2a162, ANON_FD, 0 } },
		{ "mprotect $ 4k none", { 0x7f0000, 4096, 0 } },
		{ "mremap $ 4k 8k maymove fixed 0x9000",
		  { 0x7f0000, 4096, 8192, 3, 0x9000 } },
		{ "mremap $ 4k 8k 0", { 0x7f0000, 4096, 8192, 0, 0 } },
		{ "madvise $ 4k dontneed", { 0x7f0000, 4096, 4 } },
		{ "msync $ 4k sync invalidate", { 0x7f0000, 4096, 6 } },
		{ "mlockall current future", { 3 } },
		{ "munlockall", { 0 } },
		{ "mseal $ 4k", { 0x7f0000, 4096, 0 } },
		{ "remap_file_pages $ 4k 0 1 0", { 0x7f0000, 4096, 0, 1, 0 } },
	};
	struct shell_command command;
	char error[256];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool good = !shell_parse(rows[i].line, &names, &command, error,
					 sizeof(error)) &&
			    command.verb == SHELL_CALL &&
			    !memcmp(command.args, rows[i].args,
				    sizeof(command.args));

		if (!good)
			fprintf(stderr, "not as expected: %s\n", rows[i].line);
		CU_ASSERT_TRUE(good);
		shell_command_free(&command);
	}
}

static void mistakes_name_the_word(void)
{
	static const struct {
		const char *line, *error;
	} rows[] = {
		{ "frob 1",
		  "word 1, 'frob': no such command; 'help' lists them" },
		{ "brk", "brk: 'addr' is missing" },
		{ "brk 0x1 2", "word 3, '2': brk takes no more arguments" },
		{ "brk +1 2", "word 3, '2': brk takes no more arguments" },
		{ "brk +", "word 2, '+': a number is wanted" },
		{ "munmap 0x1000", "munmap: 'length' is missing" },
		{ "munmap 0x1000 4q", "word 3, '4q': a number is wanted" },
		{ "munmap 0x1000 4k+", "word 3, '4k+': a number is wanted" },
		{ "munmap 0x10000000000000000 1",
		  "word 2, '0x10000000000000000': a number is wanted" },
		{ "munmap 1 99999999999T",
		  "word 3, '99999999999T': a number is wanted" },
		{ "munmap 1 addr=2",
		  "word 3, 'addr=2': 'addr' is given twice" },
		{ "mmap 0 4k rq private",
		  "word 4, 'rq': a protection is wanted" },
		{ "mmap 0 4k rw privat", "word 5, 'privat': a flag is wanted: "
					 "private, shared, fixed" },
		{ "mmap 0 4k rw private privat",
		  "word 6, 'privat': a flag is wanted" },
		{ "mmap 0 4k rw private|",
		  "word 5, 'private|': a flag is wanted" },
		{ "mmap 0 4k rw private fd=x",
		  "word 6, 'fd=x': a number is wanted" },
		{ "mmap 0 4k rw private size=1",
		  "word 6, 'size=1': a number is wanted" },
		{ "mmap 0 4k rw", "mmap: 'flags' is missing" },
		{ "madvise 0 4k forget",
		  "word 4, 'forget': a flag is wanted: normal, random" },
		{ "munlockall 1",
		  "word 2, '1': munlockall takes no more arguments" },
		{ "read", "read: an address is missing" },
		{ "write 1 2 3", "word 4, '3': write takes no more arguments" },
		{ "find_vma", "find_vma: an address is missing" },
		{ "maps 1", "word 2, '1': maps takes no more arguments" },
		{ "thread old", "word 2, 'old': a number is wanted" },
		{ "fork twice", "word 2, 'twice': fork takes 'vm' or nothing" },
		{ "fork vm vm", "word 3, 'vm': fork takes" },
		{ "process new", "word 2, 'new': a number is wanted" },
		{ "truncate 3", "truncate: a number is missing" },
		{ "exec ls", "word 2, 'ls': a number is wanted" },
		{ "call", "call: which METHOD?" },
		{ "call 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 "
		  "22 23 24 25 26 27 28 29 30 31 32",
		  "a line has at most 32 words" },
	};
	struct shell_command command;
	char error[256];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int err = shell_parse(rows[i].line, &names, &command, error,
				      sizeof(error));
		bool good = err && !strncmp(error, rows[i].error,
					    strlen(rows[i].error));

		if (!good)
			fprintf(stderr, "%s: %s\n", rows[i].line,
				err ? error : "understood");
		CU_ASSERT_TRUE(good);
		shell_command_free(&command);
	}
}

static void other_commands_are_understood(void)
{
	static const struct {
		const char *line;
		enum shell_verb verb;
		uint64_t first, second;
	} rows[] = {
		{ "", SHELL_NOTHING, 0, 0 },
		{ "   # nothing", SHELL_NOTHING, 0, 0 },
		{ "read $", SHELL_TOUCH, 0x7f0000, 1 },
		{ "write 0x10 4k", SHELL_TOUCH, 0x10, 4096 },
		{ "exec 1", SHELL_TOUCH, 1, 1 },
		{ "exec /bin/ls -l /", SHELL_EXEC, 0, 0 },
		{ "exec ./x", SHELL_EXEC, 0, 0 },
		{ "fork", SHELL_FORK, 0, 0 },
		{ "fork vm", SHELL_FORK, 0, 0 },
		{ "process", SHELL_PROCESS, 0, 0 },
		{ "process 1", SHELL_PROCESS, 1, 0 },
		{ "truncate 3 8k", SHELL_TRUNCATE, 3, 8192 },
		{ "smaps", SHELL_SMAPS, 0, 0 },
		{ "find_vma $+1", SHELL_FIND_VMA, 0x7f0001, 0 },
		{ "why", SHELL_WHY, 0, 0 },
		{ "why zh", SHELL_WHY, 0, 0 },
		{ "thread", SHELL_THREAD, 0, 0 },
		{ "thread new", SHELL_THREAD, 0, 0 },
		{ "thread 2", SHELL_THREAD, 2, 0 },
		{ "call file.close fd=3", SHELL_METHOD, 0, 0 },
		{ "quit\r", SHELL_QUIT, 0, 0 },
	};
	struct shell_command command;
	char error[256];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CU_ASSERT_EQUAL(shell_parse(rows[i].line, &names, &command,
					    error, sizeof(error)),
				0);
		CU_ASSERT_EQUAL(command.verb, rows[i].verb);
		CU_ASSERT_EQUAL(command.args[0], rows[i].first);
		CU_ASSERT_EQUAL(command.args[1], rows[i].second);
		shell_command_free(&command);
	}
}

static void every_call_has_a_word(void)
{
	size_t count;
	const struct call_form *forms = call_table(&count);

	for (size_t i = 0; i < count; i++) {
		const struct shell_word *word = shell_words();

		while (word->name && strcmp(word->name, forms[i].name) != 0)
			word++;
		CU_ASSERT_PTR_NOT_NULL(word->name);
		CU_ASSERT_EQUAL(word->verb, SHELL_CALL);
	}
	for (const struct shell_word *word = shell_words(); word->name;
	     word++) {
		if (word->verb == SHELL_CALL)
			CU_ASSERT_PTR_NOT_NULL(call_find(word->name));
	}
}

CU_TestInfo test_shell_parse[] = {
	{ "calls are understood", calls_are_understood },
	{ "mistakes name the word", mistakes_name_the_word },
	{ "other commands are understood", other_commands_are_understood },
	{ "every call has a word", every_call_has_a_word },
	CU_TEST_INFO_NULL,
};
