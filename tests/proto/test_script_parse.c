/* SPDX-License-Identifier: MIT */
/*
 * What is a script, and what is none and why
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/rpc/method_table.h"
#include "tests/proto/script_stage.h"
#include "tests/support/suite.h"

static const struct {
	const char *script, *fault; /* "line:column sentence"; NULL: good */
} texts[] = {
	{ "", NULL },
	{ "\n\n# nothing\n", NULL },
	{ "brk(0)", NULL },
	{ "brk(0)\r\n", NULL },
	{ "mm.brk(0)\nprocess.fork()\nthread.create()", NULL },
	{ "p = mmap(0, 8192, rw, private)", NULL },
	{ "mmap(0, 8K, PROT_READ|PROT_WRITE, MAP_PRIVATE|0x20, -1, 0)", NULL },
	{ "mmap(prot=r, flags=shared, addr=0, length=4K)", NULL },
	{ "create(\"6.1\", seed=1, uid=0)\nbrk(0)", NULL },
	{ "fork(vm=true)\nthread.exit(1)\nfile.open(3, \"a\", 4K, ro)", NULL },
	{ "snapshot(want=mm|vmas)\nsnapshot(want=[\"mm\"])", NULL },
	{ "repeat 2 {\nrepeat 2 {\nbrk(0)\n}\n}\n", NULL },
	{ "exec({\"path\": \"/x\",\n\"elf\": \"\"}, [\"a\", \"b\"])", NULL },
	{ "brk = brk(0)\nbrk(brk + 4K)", NULL },
	{ "private = 1\nmmap(private, 4K, rw, private)", NULL },
	/* lines and words */
	{ "nmap(0, 1)", "1:1 there is no call nmap; perhaps you mean mmap" },
	{ "  thread.creat()", "1:3 there is no call thread.creat; perhaps you "
			      "mean thread.create" },
	{ "history.list()", "1:1 there is no call history.list" },
	{ "subscribe()", "1:1 there is no call subscribe" },
	{ "script.run(\"\")", "1:1 there is no call script.run" },
	{ "brk", "1:1 expected a call, NAME = ..., expect, print, in or "
		 "repeat, but found brk" },
	{ "\n\n  5", "3:3 expected a call, NAME = ..., expect, print, in or "
		     "repeat, but found 5" },
	{ "brk(0) brk(0)", "1:8 expected the end of the line, but found brk" },
	{ "brk(0", "1:6 expected , or ) behind an argument, but found the end "
		   "of the script" },
	{ "brk(0\nbrk(1)", "1:6 expected , or ) behind an argument, but found "
			   "the end of the line" },
	{ "in = 5", "1:4 expected a name, but found =" },
	{ "expect = 5", "1:8 expected a number or a name, but found =" },
	{ "null = 5", "1:1 a word of the language cannot be a name" },
	{ "a23456789012345678901234567890123456789012345678x = 1",
	  "1:1 the name is longer than 48 characters" },
	{ "}", "1:1 expected a call, NAME = ..., expect, print, in or repeat, "
	       "but found }" },
	{ "a = $", "1:5 \"$\" has no meaning here" },
	{ "# \xe4\xb8\xad\xe6\x96\x87\n\xe4\xb8\xad = 1",
	  "2:1 \"\xe4\xb8\xad\" has no meaning here" },
	{ "print \"\xe4\xb8\xad\" \xe4\xb8\xad",
	  "1:11 \"\xe4\xb8\xad\" has no meaning here" },
	{ "a = 12Q", "1:5 \"12Q\" is no number; write 4096, 4K, 0x1000, with "
		     "K, M, G or T at the end" },
	{ "a = 0x", "1:5 \"0x\" is no number; write 4096, 4K, 0x1000, with K, "
		    "M, G or T at the end" },
	{ "a = 18446744073709551616",
	  "1:5 \"18446744073709551616\" does not fit 64 bits" },
	{ "a = 16777216T", "1:5 \"16777216T\" does not fit 64 bits" },
	{ "a = \"abc", "1:5 \"\"abc\" is a text that does not end" },
	{ "a = \"a\\q\"", "1:7 this is not JSON: an escape in a string is "
			  "unknown or incomplete" },
	/* names */
	{ "munmap(p, 1)",
	  "1:8 no line before this one gives a result the name p" },
	{ "base = brk(0)\nbrk(bsae)", "2:5 no line before this one gives a "
				      "result the name bsae; perhaps you mean "
				      "base" },
	{ "p = brk(p)",
	  "1:9 no line before this one gives a result the name p" },
	{ "in p: brk(0)",
	  "1:4 no line before this one gives a result the name p" },
	{ "child = fork()\nin chidl: brk(0)",
	  "2:4 no line before this one gives a result the name chidl; perhaps "
	  "you mean child" },
	{ "c = fork()\nin c brk(0)",
	  "2:6 expected : behind the name of a process, but found brk" },
	{ "c = fork()\nin c: repeat 2 {\n}",
	  "2:7 in NAME: stands before one call, not before repeat" },
	/* arguments */
	{ "mmap(0, 8192)", "1:1 mmap needs prot; it takes addr, length, prot, "
			   "flags, fd, offset, thread, want, lang" },
	{ "mmap(0, 1, rw, private, -1, 0, 7)",
	  "1:32 this is one argument more than mmap by position: addr, length, "
	  "prot, flags, fd, offset; others are written NAME=VALUE" },
	{ "munlockall(1)", "1:12 this is one argument more than munlockall by "
			   "position: none; others are written NAME=VALUE" },
	{ "brk(adr=0)", "1:5 the call has no argument adr; it takes addr, "
			"thread, want, lang; perhaps you mean addr" },
	{ "brk(0, idempotency_key=\"a\")",
	  "1:8 the call has no argument idempotency_key; it takes addr, "
	  "thread, want, lang" },
	{ "brk(0, addr=1)", "1:8 addr is given twice" },
	{ "mmap(0, 4K, flags=private, rw)",
	  "1:28 expected NAME=VALUE behind another one, but found rw" },
	{ "mmap(0, 4K, rww, private)",
	  "1:13 no line before this one gives a result the name rww, nor is it "
	  "a word of this argument; perhaps you mean rw" },
	{ "mmap(0, 4K, rw, privat)",
	  "1:17 no line before this one gives a result the name privat, nor is "
	  "it a word of this argument; perhaps you mean private" },
	{ "mmap(0, 4K, wr, private)",
	  "1:13 no line before this one gives a result the name wr, nor is it "
	  "a word of this argument; perhaps you mean rwx" },
	{ "brk(rw)", "1:5 no line before this one gives a result the name rw" },
	{ "access(0, reed)", "1:11 reed is none of read, write, exec; perhaps "
			     "you mean read" },
	{ "access(0, 5)",
	  "1:11 expected one of read, write, exec, but found 5" },
	{ "snapshot(want=vms)",
	  "1:15 vms is none of mm, vmas, maps, status, vmacache, rbtree, "
	  "pagetable, steps, diff; perhaps you mean vmas" },
	{ "file.open(3, name)",
	  "1:14 expected a text in \"quotes\", but found name" },
	{ "exec({\"path\": })", "1:15 this is not JSON: expected a value" },
	{ "brk(brk(0))", "1:5 a call stands by itself, behind NAME = or behind "
			 "expect" },
	{ "brk(0)\ncreate()", "2:1 create makes the script's process, and so "
			      "stands before all else" },
	{ "repeat 1 {\ncreate()\n}",
	  "2:1 create makes the script's process, and so stands before all "
	  "else" },
	/* expectations and loops */
	{ "expect brk(0) = 5", "1:15 = gives a name; to compare, write ==" },
	{ "expect brk(0)",
	  "1:14 expected ==, !=, <, <=, > or >=, but found the end of the "
	  "script" },
	{ "expect 5 == brk(0)",
	  "1:13 a call stands on the left of a comparison; give its result a "
	  "name first" },
	{ "expect brk(0) == ENOMEN",
	  "1:18 no line before this one gives a result the name ENOMEN; "
	  "perhaps you mean ENOMEM" },
	{ "repeat 3 { brk(0) }",
	  "1:12 expected the end of the line behind {, but found brk" },
	{ "repeat 3 {\nbrk(0) }", "2:8 } stands on a line of its own" },
	{ "repeat 3 {\nbrk(0)\n", "1:1 this repeat has no } at its end" },
	{ "repeat {\n}", "1:8 expected a number or a name, but found {" },
	{ "repeat 1 {\nrepeat 1 {\nrepeat 1 {\nrepeat 1 {\nrepeat 1 {\n"
	  "repeat 1 {\nrepeat 1 {\nrepeat 1 {\nrepeat 1 {\n",
	  "9:1 repeats stand in one another more than 8 deep" },
	{ "a = ((((((((((((((((((((((((((((((((1))))))))))))))))))))))))))))))"
	  ")))",
	  "1:37 brackets stand in one another more than 32 deep" },
	{ "print mmap(0, 4K, r, private)",
	  "1:7 a call stands by itself, behind NAME = or behind expect" },
	{ "v = brk(0)\nprint v.", "2:9 expected the name of a member behind ., "
				  "but found the end of the script" },
};

static void texts_are_judged(void)
{
	struct script_fault fault = { .lang = LANG_EN };
	struct script *script;
	struct script_stage stage;
	size_t i;

	script_stage_init(&stage);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		script = script_parse(&stage.memory, &script_catalog,
				      texts[i].script, strlen(texts[i].script),
				      &fault);
		if (texts[i].fault || !script) {
			CU_ASSERT_PTR_NULL(script);
			CU_ASSERT_EQUAL(fault.kind, SCRIPT_SYNTAX);
			CU_ASSERT(script_fault_is(&fault, texts[i].fault));
		}
		script_free(script);
	}
	script_stage_deinit(&stage);
}

static void long_texts_are_judged(void)
{
	char *text = malloc(SCRIPT_TEXT_MAX + 1);
	struct script_fault fault = { .lang = LANG_EN };
	struct script *script;
	struct script_stage stage;
	size_t len = 0;

	script_stage_init(&stage);
	memset(text, '\n', SCRIPT_TEXT_MAX + 1);
	script = script_parse(&stage.memory, &script_catalog, text,
			      SCRIPT_TEXT_MAX, &fault);
	CU_ASSERT_PTR_NOT_NULL(script);
	script_free(script);
	CU_ASSERT_PTR_NULL(script_parse(&stage.memory, &script_catalog, text,
					SCRIPT_TEXT_MAX + 1, &fault));
	CU_ASSERT(script_fault_is(&fault,
				  "1:1 a script has at most 65536 bytes"));
	CU_ASSERT_PTR_NULL(script_parse(&stage.memory, &script_catalog,
					"a = 1\n\0", 7, &fault));
	CU_ASSERT(script_fault_is(&fault,
				  "2:1 a NUL has no meaning in a script"));

	/* More names than there may be. */
	for (unsigned i = 0; i <= SCRIPT_NAMES_MAX; i++)
		len += (size_t)snprintf(text + len, SCRIPT_TEXT_MAX - len,
					"n%u = 1\n", i);
	CU_ASSERT_PTR_NULL(script_parse(&stage.memory, &script_catalog, text,
					len, &fault));
	CU_ASSERT(script_fault_is(&fault,
				  "257:1 a script has at most 256 names"));

	/* More operators than a walk down the tree should meet. */
	len = (size_t)snprintf(text, SCRIPT_TEXT_MAX, "a = 1");
	for (unsigned i = 0; i <= SCRIPT_OPERATORS_MAX; i++)
		len += (size_t)snprintf(text + len, SCRIPT_TEXT_MAX - len,
					"+1");
	CU_ASSERT_PTR_NULL(script_parse(&stage.memory, &script_catalog, text,
					len, &fault));
	CU_ASSERT(script_fault_is(&fault,
				  "1:518 there are more than 256 operators "
				  "on this line"));
	free(text);
	script_stage_deinit(&stage);
}

/* Each call has a name of its own, and so has what each takes. */
static void calls_are_told_apart(void)
{
	struct script_param param, other;
	const char *name;
	unsigned i, j, callable = 0;

	for (i = 0; (name = script_catalog.name(i)); i++) {
		callable += *name != '\0';
		for (j = 0; *name && script_catalog.name(j); j++)
			if (i != j)
				CU_ASSERT_FALSE(script_catalog.is_named(
					j, name, strlen(name)));
		CU_ASSERT(!*name ||
			  script_catalog.is_named(i, method_at(i)->name,
						  strlen(method_at(i)->name)));
		for (j = 0; script_catalog.param(i, j, &param); j++)
			if (j && script_catalog.param(i, j - 1, &other))
				CU_ASSERT(other.by_position ||
					  !param.by_position);
		CU_ASSERT(j <= SCRIPT_ARGS_MAX);
	}
	CU_ASSERT(callable >= 30);
}

CU_TestInfo test_script_parse[] = {
	{ "texts are judged", texts_are_judged },
	{ "long texts are judged", long_texts_are_judged },
	{ "calls are told apart", calls_are_told_apart },
	CU_TEST_INFO_NULL,
};
