/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "clients/cli/calls.h"
#include "tests/cli/picture.h"
#include "tests/support/suite.h"

static void calls_are_spelt_as_strace_does(void)
{
	static const struct {
		const char *name;
		uint64_t args[CALL_ARGS_MAX];
		const char *spelt;
	} rows[] = {
		{ "brk", { 0 }, "brk(NULL)" },
		{ "brk", { 0x5b0ac5 }, "brk(0x5b0ac5)" },
		{ "mmap",
		  { 0, 8192, 3, 0x22, UINT64_MAX, 0 },
		  "mmap(NULL, 8192, PROT_READ|PROT_WRITE, "
		  "MAP_PRIVATE|MAP_ANONYMOUS, -1, 0)" },
		{ "mmap",
		  { 0x12000, 4096, 0, 0x131, 11, 0x2000 },
		  "mmap(0x12000, 4096, PROT_NONE, "
		  "MAP_SHARED|MAP_FIXED|MAP_ANONYMOUS|MAP_GROWSDOWN, 11, "
		  "0x2000)" },
		{ "mmap",
		  { 0, 1, 0x10, 0x200003, 4, 0 },
		  "mmap(NULL, 1, 0x10, MAP_SHARED_VALIDATE|0x200000, 4, 0)" },
		{ "mmap",
		  { 0, 1, 1, 0x20, 4, 0 },
		  "mmap(NULL, 1, PROT_READ, 0x0 /* MAP_??? */|MAP_ANONYMOUS, "
		  "4, 0)" },
		{ "munmap",
		  { 0x7ffff7fff000, UINT64_MAX },
		  "munmap(0x7ffff7fff000, 18446744073709551615)" },
		{ "mremap",
		  { 0x1000, 4096, 8192, 3, 0x9000 },
		  "mremap(0x1000, 4096, 8192, MREMAP_MAYMOVE|MREMAP_FIXED, "
		  "0x9000)" },
		{ "mlock2", { 0x1000, 4096, 0 }, "mlock2(0x1000, 4096, 0)" },
		{ "mlockall", { 5 }, "mlockall(MCL_CURRENT|MCL_ONFAULT)" },
		{ "munlockall", { 0 }, "munlockall()" },
		{ "madvise",
		  { 0x1000, 4096, 4 },
		  "madvise(0x1000, 4096, MADV_DONTNEED)" },
		{ "madvise",
		  { 0x1000, 4096, 77 },
		  "madvise(0x1000, 4096, 0x4d /* MADV_??? */)" },
		{ "msync",
		  { 0x1000, 4096, 4 },
		  "msync(0x1000, 4096, MS_SYNC)" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct call_form *form = call_find(rows[i].name);
		struct picture picture;

		CU_ASSERT_PTR_NOT_NULL_FATAL(form);
		picture_begin(&picture);
		call_spell(picture.canvas.out, form, rows[i].args);
		CU_ASSERT_TRUE(picture_is(&picture, rows[i].spelt));
	}
	CU_ASSERT_PTR_NULL(call_find("fork"));
}

static void answers_are_spelt_as_strace_does(void)
{
	static const struct {
		const char *ret, *spelt;
	} rows[] = {
		{ "'0x7ffff7fea000'", "0x7ffff7fea000" },
		{ "0", "0" },
		{ "-12", "-1 ENOMEM (Cannot allocate memory)" },
		{ "-22", "-1 EINVAL (Invalid argument)" },
		{ "-1", "-1 EPERM (Operation not permitted)" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *ret = json_from(rows[i].ret);
		struct picture picture;

		picture_begin(&picture);
		call_spell_result(picture.canvas.out, ret);
		CU_ASSERT_TRUE(picture_is(&picture, rows[i].spelt));
		json_decref(ret);
	}
}

static void faults_have_a_short_form(void)
{
	static const struct {
		const char *result, *text;
	} rows[] = {
		{ "{'fault': 'none'}", "0" },
		{ "{'fault': 'minor'}", "0" },
		{ "{'fault': 'SIGSEGV', 'si_code': 'SEGV_MAPERR'}",
		  "SIGSEGV/1" },
		{ "{'fault': 'SIGSEGV', 'si_code': 'SEGV_ACCERR'}",
		  "SIGSEGV/2" },
		{ "{'fault': 'SIGBUS', 'si_code': 'BUS_ADRERR'}", "SIGBUS/2" },
		{ "{'fault': 'SIGBUS', 'si_code': 'BUS_NEW'}",
		  "SIGBUS/BUS_NEW" },
		{ "{}", "?" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *result = json_from(rows[i].result);

		CU_ASSERT_STRING_EQUAL(call_fault_signal(result), rows[i].text);
		json_decref(result);
	}
}

static void params_are_hex_strings_by_name(void)
{
	const uint64_t args[] = { 0, 8192, 3, 0x22, UINT64_MAX, 0 };
	json_t *params = call_params(call_find("mmap"), args);
	json_t *expected =
		json_from("{'addr': '0x0', 'length': '0x2000', 'prot': '0x3',"
			  " 'flags': '0x22', 'fd': '0xffffffffffffffff', "
			  "'offset': '0x0'}");

	CU_ASSERT_TRUE(json_equal(params, expected));
	json_decref(params);
	json_decref(expected);
}

CU_TestInfo test_calls[] = {
	{ "calls are spelt as strace does", calls_are_spelt_as_strace_does },
	{ "answers are spelt as strace does",
	  answers_are_spelt_as_strace_does },
	{ "faults have a short form", faults_have_a_short_form },
	{ "params are hex strings by name", params_are_hex_strings_by_name },
	CU_TEST_INFO_NULL,
};
