/* SPDX-License-Identifier: MIT */
/*
 * The language of scripts: what is one, what is not and why, and what values
 * come of it, with the calls there are but without carrying any out
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/json/buffer.h"
#include "proto/rpc/method_table.h"
#include "proto/rpc/script_catalog.h"
#include "tests/support/fail_alloc.h"
#include "tests/support/suite.h"

struct stage {
	struct fail_alloc host;
	struct account account;
	struct memory memory;
	struct buffer log; /* what the run did */
	unsigned calls, stop_at;
	const char *reply; /* to every call but fork */
	uint32_t children;
};

static void stage_begin(struct stage *stage)
{
	memset(stage, 0, sizeof(*stage));
	fail_alloc_init(&stage->host);
	stage->account.max_bytes = UINT64_MAX;
	memory_init(&stage->memory, &stage->host.allocator, &stage->account);
	buffer_init(&stage->log, 1 << 20);
	stage->reply = "{\"ret\":\"0x1000\"}";
	stage->stop_at = UINT32_MAX;
}

static void stage_end(struct stage *stage)
{
	memory_deinit(&stage->memory);
	CU_ASSERT_EQUAL(stage->account.bytes, 0);
	buffer_deinit(&stage->log);
}

/* ------------------------------------------------------------- errors */

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
	  "2:4 no line before this one gives a result the name chidl, perhaps "
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

static bool same_fault(const struct script_fault *fault, const char *wanted)
{
	char got[SCRIPT_FAULT_MAX + 40];

	snprintf(got, sizeof(got), "%u:%u %s", fault->line, fault->column,
		 fault->text);
	if (wanted && !strcmp(got, wanted))
		return true;
	fprintf(stderr, "\n  wanted %s\n  got    %s\n",
		wanted ? wanted : "a script", got);
	return false;
}

static void texts_are_judged(void)
{
	struct script_fault fault;
	struct script *script;
	struct stage stage;
	size_t i;

	stage_begin(&stage);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		script = script_parse(&stage.memory, &script_catalog,
				      texts[i].script, strlen(texts[i].script),
				      &fault);
		if (texts[i].fault || !script) {
			CU_ASSERT_PTR_NULL(script);
			CU_ASSERT_EQUAL(fault.kind, SCRIPT_SYNTAX);
			CU_ASSERT(same_fault(&fault, texts[i].fault));
		}
		script_free(script);
	}
	stage_end(&stage);
}

static void long_texts_are_judged(void)
{
	char *text = malloc(SCRIPT_TEXT_MAX + 1);
	struct script_fault fault;
	struct script *script;
	struct stage stage;
	size_t len = 0;

	stage_begin(&stage);
	memset(text, '\n', SCRIPT_TEXT_MAX + 1);
	script = script_parse(&stage.memory, &script_catalog, text,
			      SCRIPT_TEXT_MAX, &fault);
	CU_ASSERT_PTR_NOT_NULL(script);
	script_free(script);
	CU_ASSERT_PTR_NULL(script_parse(&stage.memory, &script_catalog, text,
					SCRIPT_TEXT_MAX + 1, &fault));
	CU_ASSERT(same_fault(&fault, "1:1 the script has 65537 bytes, and no "
				     "more than 65536 may be"));
	CU_ASSERT_PTR_NULL(script_parse(&stage.memory, &script_catalog,
					"a = 1\n\0", 7, &fault));
	CU_ASSERT(same_fault(&fault, "2:1 a NUL has no meaning in a script"));

	/* More names than there may be. */
	for (unsigned i = 0; i <= SCRIPT_NAMES_MAX; i++)
		len += (size_t)snprintf(text + len, SCRIPT_TEXT_MAX - len,
					"n%u = 1\n", i);
	CU_ASSERT_PTR_NULL(script_parse(&stage.memory, &script_catalog, text,
					len, &fault));
	CU_ASSERT(same_fault(&fault, "257:1 a script has at most 256 names"));

	/* More operators than a walk down the tree should meet. */
	len = (size_t)snprintf(text, SCRIPT_TEXT_MAX, "a = 1");
	for (unsigned i = 0; i <= SCRIPT_OPERATORS_MAX; i++)
		len += (size_t)snprintf(text + len, SCRIPT_TEXT_MAX - len,
					"+1");
	CU_ASSERT_PTR_NULL(script_parse(&stage.memory, &script_catalog, text,
					len, &fault));
	CU_ASSERT(same_fault(&fault, "1:518 there are more than 256 operators "
				     "on this line"));
	free(text);
	stage_end(&stage);
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
	}
	CU_ASSERT(callable >= 30);
}

/* --------------------------------------------------------------- runs */

static bool call(void *ctx, const struct script_request *request,
		 struct script_reply *reply)
{
	struct stage *stage = ctx;
	const struct method *method = method_at(request->call);
	struct buffer params;

	if (stage->calls++ == stage->stop_at)
		return false;
	buffer_init(&params, 1 << 16);
	CU_ASSERT_TRUE(script_compose(&params, method, request));
	buffer_append_text(&stage->log, method->name);
	if (request->process != SCRIPT_OWN) {
		buffer_append_byte(&stage->log, '@');
		buffer_append_u64(&stage->log, request->process);
	}
	buffer_append(&stage->log, params.data, params.len);
	buffer_append_byte(&stage->log, '\n');
	buffer_deinit(&params);
	reply->json = stage->reply;
	if (!strcmp(method->name, "process.fork")) {
		reply->json = "{\"ret\":0}";
		reply->has_process = true;
		reply->process = ++stage->children;
	}
	reply->len = strlen(reply->json);
	return true;
}

static bool go_on(void *ctx)
{
	(void)ctx;
	return true;
}

static void tell(void *ctx, const struct script_event *event)
{
	struct stage *stage = ctx;
	struct json_writer w;

	if (event->kind == SCRIPT_RAN)
		return;
	buffer_append_u64(&stage->log, event->line);
	buffer_append_literal(&stage->log, ": ");
	json_writer_init(&w, &stage->log);
	script_value_write(&w, &event->value);
	if (event->kind == SCRIPT_EXPECTED) {
		buffer_append_text(&stage->log,
				   event->passed ? " is " : " is not ");
		buffer_append_text(&stage->log, event->operator);
		buffer_append_byte(&stage->log, ' ');
		json_writer_init(&w, &stage->log);
		script_value_write(&w, &event->wanted);
	}
	buffer_append_byte(&stage->log, '\n');
}

static uint64_t perform(struct stage *stage, const char *text, uint64_t steps,
			struct script_fault *fault)
{
	const struct script_host host = { stage, call, go_on, tell };
	struct script *script;
	uint64_t taken;

	buffer_rewind(&stage->log, 0);
	stage->calls = 0;
	stage->children = 0;
	script = script_parse(&stage->memory, &script_catalog, text,
			      strlen(text), fault);
	if (!script)
		return 0;
	script_begin(script, &host, steps);
	/* In turns of any length. */
	while (script_go_on(script, 1 + stage->calls % 4, fault))
		;
	taken = script_steps(script);
	buffer_append_byte(&stage->log, '\0');
	script_free(script);
	return taken;
}

static void check_run(struct stage *stage, const char *text, const char *log)
{
	struct script_fault fault;

	perform(stage, text, 1000, &fault);
	CU_ASSERT_EQUAL(fault.kind, SCRIPT_GOOD);
	if (fault.kind)
		same_fault(&fault, NULL);
	else if (strcmp(stage->log.data, log) != 0)
		fprintf(stderr, "\n  wanted %s\n  got    %s\n", log,
			stage->log.data);
	CU_ASSERT_STRING_EQUAL(stage->log.data, log);
}

static void arguments_become_parameters(void)
{
	struct stage stage;

	stage_begin(&stage);
	check_run(&stage, "mmap(0, 8K, rw, private)",
		  "mm.mmap{\"addr\":0,\"length\":8192,\"prot\":\"0x3\","
		  "\"flags\":\"0x22\"}\n");
	/* Who names a file or the kernel's own names means what is said. */
	check_run(&stage, "mmap(0, 8K, rx, private, 3, 4K)",
		  "mm.mmap{\"addr\":0,\"length\":8192,\"prot\":\"0x5\","
		  "\"flags\":\"0x2\",\"fd\":3,\"offset\":4096}\n");
	check_run(&stage, "mmap(0, 8K, none, MAP_PRIVATE|fixed)",
		  "mm.mmap{\"addr\":0,\"length\":8192,\"prot\":\"0x0\","
		  "\"flags\":\"0x12\"}\n");
	check_run(&stage, "mmap(0, 8K, r|exec|0x8, (2 | shared), -1)",
		  "mm.mmap{\"addr\":0,\"length\":8192,\"prot\":\"0xd\","
		  "\"flags\":\"0x3\",\"fd\":-1}\n");
	check_run(&stage, "mmap(0x10000, 1M, wx, shared|fixed|populate)",
		  "mm.mmap{\"addr\":\"0x10000\",\"length\":1048576,"
		  "\"prot\":\"0x6\",\"flags\":\"0x8031\"}\n");
	check_run(&stage, "madvise(0, 1G, dontneed)\nmsync(0, 1T, MS_SYNC)",
		  "mm.madvise{\"addr\":0,\"length\":1073741824,"
		  "\"advice\":\"0x4\"}\n"
		  "mm.msync{\"addr\":0,\"length\":1099511627776,"
		  "\"flags\":\"0x4\"}\n");
	check_run(&stage, "remap_file_pages(0, 4K, 0, 1, nonblock)",
		  "mm.remap_file_pages{\"addr\":0,\"size\":4096,"
		  "\"prot\":\"0x0\",\"pgoff\":1,\"flags\":\"0x10000\"}\n");
	check_run(&stage, "access(16, \"write\", sp=32, thread=0x2)",
		  "mm.access{\"addr\":16,\"type\":\"write\",\"sp\":32,"
		  "\"thread\":2}\n");
	check_run(&stage, "snapshot(want=mm|vmas, lang=zh)\nfork(vm=true)",
		  "mm.snapshot{\"want\":[\"mm\",\"vmas\"],\"lang\":\"zh\"}\n"
		  "process.fork{\"vm\":true}\n");
	check_run(&stage,
		  "create(\"6.1\", files=[{\"fd\": 3}], history=\"all\", "
		  "uid=0)",
		  "process.create{\"profile\":\"6.1\",\"files\":[{\"fd\": 3}],"
		  "\"history\":\"all\",\"uid\":0}\n");
	check_run(&stage, "c = fork()\nd = fork()\nin d: brk(0)\nin c: brk(1)",
		  "process.fork{}\nprocess.fork{}\nmm.brk@2{\"addr\":0}\n"
		  "mm.brk@1{\"addr\":1}\n");
	stage_end(&stage);
}

static void numbers_are_calculated(void)
{
	static const char *const sums[][2] = {
		{ "1+2*3", "7" },
		{ "(1+2)*3", "9" },
		{ "10-4-3", "3" },
		{ "100/7/2", "7" },
		{ "100%7", "2" },
		{ "1<<4|1", "17" },
		{ "1|2&4", "1" },
		{ "0xff&~0", NULL },
		{ "2-5", "-3" },
		{ "-5+8", "3" },
		{ "-(2+3)", "-5" },
		{ "4K+4096", "8192" },
		{ "0x1000+4096", "\"0x2000\"" },
		{ "0xffffffffffffffff", "\"0xffffffffffffffff\"" },
		{ "18446744073709551615", "\"0xffffffffffffffff\"" },
		{ "1<<63", "\"0x8000000000000000\"" },
		{ "-9223372036854775807-1", "-9223372036854775808" },
		{ "0x7fffffff>>4*2", "\"0x7fffff\"" },
	};
	struct script_fault fault;
	char text[128], log[128];
	struct stage stage;
	size_t i;

	stage_begin(&stage);
	for (i = 0; i < sizeof(sums) / sizeof(sums[0]); i++) {
		snprintf(text, sizeof(text), "print %s", sums[i][0]);
		snprintf(log, sizeof(log), "1: %s\n",
			 sums[i][1] ? sums[i][1] : "");
		if (sums[i][1]) {
			check_run(&stage, text, log);
			continue;
		}
		perform(&stage, text, 9, &fault);
		CU_ASSERT_EQUAL(fault.kind, SCRIPT_SYNTAX);
	}
	stage_end(&stage);
}

static const char an_answer[] =
	"{\"fault\":\"SIGSEGV\",\"si_code\":null,\"snapshot\":{\"mm\":{"
	"\"map_count\":5,\"brk\":\"0x601000\"},\"vmas\":[{\"id\":2,\"start\":"
	"\"0x400000\",\"flags\":[\"rd\"]},{\"id\":3}],\"text\":\"a\\nb\"}}";

static void answers_are_looked_into(void)
{
	struct stage stage;

	stage_begin(&stage);
	stage.reply = an_answer;
	check_run(&stage,
		  "a = access(0, read)\nprint a\nprint a.fault\n"
		  "print a.si_code\nprint a.map_count\nprint a.mm.brk\n"
		  "print a.vmas[1].id\nprint a.vmas[0].flags\n"
		  "print a.vmas[0].flags[0]\nb = a.vmas[0]\nprint b.start+1\n"
		  "a = 5\nprint b.id\nprint a",
		  "mm.access{\"addr\":0,\"type\":\"read\"}\n"
		  "2: \"SIGSEGV\"\n3: \"SIGSEGV\"\n4: null\n5: 5\n"
		  "6: \"0x601000\"\n7: 3\n8: [\"rd\"]\n9: \"rd\"\n"
		  "11: \"0x400001\"\n13: 2\n14: 5\n");
	stage_end(&stage);
}

static void expectations_hold_or_not(void)
{
	struct stage stage;

	stage_begin(&stage);
	check_run(&stage,
		  "expect 1 == 1\nexpect 1 != 1\nexpect 1 < 2\n"
		  "expect 2 <= 1\nexpect 3 > 2\nexpect 2 >= 3\n"
		  "expect brk(0) == 0x1000\nexpect brk(0) == ENOMEM\n",
		  "1: 1 is == 1\n2: 1 is not != 1\n3: 1 is < 2\n"
		  "4: 2 is not <= 1\n5: 3 is > 2\n6: 2 is not >= 3\n"
		  "mm.brk{\"addr\":0}\n7: \"0x1000\" is == \"0x1000\"\n"
		  "mm.brk{\"addr\":0}\n8: \"0x1000\" is not == \"ENOMEM\"\n");
	stage.reply = "{\"ret\":-12,\"errno\":\"ENOMEM\"}";
	/* What failed is compared, but is no number and has no order. */
	check_run(&stage,
		  "p = brk(0)\nexpect p == ENOMEM\nexpect p == \"ENOMEM\"\n"
		  "expect p != EINVAL\nexpect p == -12\nexpect p > 0\n"
		  "expect p.ret == -12\nexpect p == null\n",
		  "mm.brk{\"addr\":0}\n2: \"ENOMEM\" is == \"ENOMEM\"\n"
		  "3: \"ENOMEM\" is == \"ENOMEM\"\n"
		  "4: \"ENOMEM\" is != \"EINVAL\"\n"
		  "5: \"ENOMEM\" is not == -12\n6: \"ENOMEM\" is not > 0\n"
		  "7: -12 is == -12\n8: \"ENOMEM\" is not == null\n");
	stage.reply = "{\"vma\":null}";
	check_run(&stage,
		  "expect find_vma(0) == null\nc = fork()\nd = c\n"
		  "expect c == d\nexpect c == 1\n",
		  "mm.find_vma{\"addr\":0}\n1: null is == null\n"
		  "process.fork{}\n4: 1 is == 1\n5: 1 is not == 1\n");
	stage.reply = an_answer;
	check_run(&stage,
		  "a = brk(0)\nexpect a.text == \"a\\u000ab\"\n"
		  "expect a.text == a.text\nexpect a == SIGSEGV\n"
		  "expect a.vmas[0] == a.vmas[0]\n",
		  "mm.brk{\"addr\":0}\n2: \"a\\nb\" is == \"a\\nb\"\n"
		  "3: \"a\\nb\" is == \"a\\nb\"\n"
		  "4: \"SIGSEGV\" is == \"SIGSEGV\"\n"
		  "5: {\"id\":2,\"start\":\"0x400000\",\"flags\":[\"rd\"]} is "
		  "== {\"id\":2,\"start\":\"0x400000\",\"flags\":[\"rd\"]}\n");
	stage_end(&stage);
}

static const struct {
	const char *script, *reply, *fault;
} failures[] = {
	{ "a = 1/0", "{}", "1:6 division by zero" },
	{ "a = 1%0", "{}", "1:6 division by zero" },
	{ "a = 0xffffffffffffffff+1", "{}",
	  "1:23 the result does not fit 64 bits" },
	{ "a = 0xffffffffffffffff*0xffffffffffffffff", "{}",
	  "1:23 the result does not fit 64 bits" },
	{ "a = -9223372036854775808-1", "{}",
	  "1:25 the result does not fit 64 bits" },
	{ "a = -18446744073709551615", "{}",
	  "1:5 the result does not fit 64 bits" },
	{ "a = 1<<64", "{}", "1:6 a number is shifted by 0 to 63 bits" },
	{ "a = 3<<63", "{}", "1:6 the result does not fit 64 bits" },
	{ "a = -1<<1", "{}", "1:7 bits are those of numbers from 0 on" },
	{ "a = -1|1", "{}", "1:7 bits are those of numbers from 0 on" },
	{ "a = \"x\"+1", "{}",
	  "1:5 expected a number, but this is the word x" },
	{ "a = null\nb = a+1", "{}",
	  "2:5 expected a number, but this is null" },
	{ "p = brk(0)\nbrk(p+1)", "{\"ret\":-12,\"errno\":\"ENOMEM\"}",
	  "2:5 expected a number, but this is ENOMEM, with which line 1 "
	  "failed" },
	{ "p = fork()\nbrk(p)", "{}",
	  "2:5 expected a number, but this is a process" },
	{ "p = 5\nin p: brk(0)", "{}",
	  "2:4 in takes a process, which fork answers; this is the number 5" },
	{ "repeat 0 {\np = 5\n}\nprint p", "{}",
	  "4:7 p stands for nothing: the line that gives it a value has not "
	  "run" },
	{ "repeat 0 {\np = fork()\n}\nin p: brk(0)", "{}",
	  "4:4 in takes a process, which fork answers; this is nothing: its "
	  "line has not run" },
	{ "repeat -1 {\n}", "{}", "1:8 nothing is repeated less than 0 times" },
	{ "a = brk(0)\nprint a.b", "{\"ret\":0}",
	  "2:9 the answer has no member b; a part of the snapshot is there if "
	  "want names it" },
	{ "a = 5\nprint a.b", "{}",
	  "2:9 only an answer has members; this is the number 5" },
	{ "a = brk(0)\nprint a.x[2]", "{\"x\":[1,2]}",
	  "2:11 the array has no element of that number; the first is 0" },
	{ "a = brk(0)\nprint a.x[0]", "{\"x\":1}",
	  "2:11 only an array has elements; this is the number 1" },
	{ "a = brk(0)\nprint a+1", "{\"x\":{\"y\":1}}",
	  "2:7 expected a number, but this is an object of an answer; name one "
	  "of its members, as in x.start" },
};

static void what_cannot_be_had_ends_the_run(void)
{
	struct script_fault fault;
	struct stage stage;
	size_t i;

	stage_begin(&stage);
	for (i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
		stage.reply = failures[i].reply;
		perform(&stage, failures[i].script, 100, &fault);
		CU_ASSERT_EQUAL(fault.kind, SCRIPT_FAILED);
		CU_ASSERT(same_fault(&fault, failures[i].fault));
	}
	stage_end(&stage);
}

static void steps_are_counted(void)
{
	static const char loop[] = "brk(0)\nrepeat 3 {\nbrk(1)\nbrk(2)\n}\n";
	struct script_fault fault;
	struct stage stage;
	uint64_t max;

	stage_begin(&stage);
	/* Two lines, two more turns, and six lines within. */
	CU_ASSERT_EQUAL(perform(&stage, loop, 100, &fault), 10);
	CU_ASSERT_EQUAL(stage.calls, 7);
	CU_ASSERT_EQUAL(fault.kind, SCRIPT_GOOD);
	CU_ASSERT_EQUAL(perform(&stage, loop, 10, &fault), 10);
	CU_ASSERT_EQUAL(fault.kind, SCRIPT_GOOD);
	for (max = 0; max < 10; max++) {
		CU_ASSERT_EQUAL(perform(&stage, loop, max, &fault), max);
		CU_ASSERT_EQUAL(fault.kind, SCRIPT_LIMIT);
	}
	CU_ASSERT(same_fault(&fault, "4:1 the script has taken 9 steps, and no "
				     "more may be"));
	/* Even where nothing is done. */
	CU_ASSERT_EQUAL(perform(&stage,
				"repeat 0xffffffffffffffff {\n}\nbrk(0)", 500,
				&fault),
			500);
	CU_ASSERT_EQUAL(fault.kind, SCRIPT_LIMIT);
	stage_end(&stage);
}

static void the_host_may_end_it(void)
{
	struct script_fault fault;
	struct stage stage;

	stage_begin(&stage);
	stage.stop_at = 1;
	perform(&stage, "brk(0)\n  brk(1)\nbrk(2)", 100, &fault);
	CU_ASSERT_EQUAL(fault.kind, SCRIPT_HOST);
	CU_ASSERT_EQUAL(fault.line, 2);
	CU_ASSERT_EQUAL(fault.column, 3);
	stage_end(&stage);
}

static void what_names_keep_is_bounded(void)
{
	char *reply = malloc(SCRIPT_KEPT_MAX / 2 + 100);
	struct script_fault fault;
	struct stage stage;

	stage_begin(&stage);
	memset(reply, 'x', SCRIPT_KEPT_MAX / 2 + 20);
	memcpy(reply, "{\"ret\":\"", 8);
	strcpy(reply + SCRIPT_KEPT_MAX / 2 + 10, "\"}");
	stage.reply = reply;
	perform(&stage, "a = brk(0)\nrepeat 9 {\na = brk(0)\n}\nb = brk(0)",
		100, &fault);
	CU_ASSERT_EQUAL(fault.kind, SCRIPT_LIMIT);
	CU_ASSERT(same_fault(&fault,
			     "5:1 the answers that names stand for have more "
			     "than 4194304 bytes; want fewer parts"));
	free(reply);
	stage_end(&stage);
}

static void every_refusal_of_memory_is_told(void)
{
	static const char text[] =
		"a = access(0, read)\nb = a.vmas[0]\nc = a.text\n"
		"repeat 2 {\nd = access(b.id, write)\n}\n"
		"expect snapshot(want=mm|vmas) == SIGSEGV\n";
	struct script_fault fault;
	struct stage stage;
	unsigned n;

	stage_begin(&stage);
	stage.reply = an_answer;
	for (n = 0;; n++) {
		fail_alloc_after(&stage.host, n);
		perform(&stage, text, 100, &fault);
		fail_alloc_never(&stage.host);
		memory_deinit(&stage.memory);
		CU_ASSERT_EQUAL(stage.account.bytes, 0);
		if (fault.kind == SCRIPT_GOOD)
			break;
		CU_ASSERT_EQUAL_FATAL(fault.kind, SCRIPT_NO_MEMORY);
	}
	CU_ASSERT(n > 3);
	stage_end(&stage);
}

CU_TestInfo test_script[] = {
	{ "texts are judged", texts_are_judged },
	{ "long texts are judged", long_texts_are_judged },
	{ "calls are told apart", calls_are_told_apart },
	{ "arguments become parameters", arguments_become_parameters },
	{ "numbers are calculated", numbers_are_calculated },
	{ "answers are looked into", answers_are_looked_into },
	{ "expectations hold or not", expectations_hold_or_not },
	{ "what cannot be had ends the run", what_cannot_be_had_ends_the_run },
	{ "steps are counted", steps_are_counted },
	{ "the host may end it", the_host_may_end_it },
	{ "what names keep is bounded", what_names_keep_is_bounded },
	{ "every refusal of memory is told", every_refusal_of_memory_is_told },
	CU_TEST_INFO_NULL,
};
