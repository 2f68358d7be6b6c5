/* SPDX-License-Identifier: MIT */
/*
 * What a script does, and what values come of it, without any call being carried
 * out
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/proto/script_stage.h"
#include "tests/support/suite.h"

static void check_run(struct script_stage *stage, const char *text,
		      const char *log)
{
	struct script_fault fault = { .lang = LANG_EN };

	script_stage_run(stage, text, 1000, &fault);
	CU_ASSERT_EQUAL(fault.kind, SCRIPT_GOOD);
	if (fault.kind)
		script_fault_is(&fault, NULL);
	else if (strcmp(stage->log.data, log) != 0)
		fprintf(stderr, "\n  wanted %s\n  got    %s\n", log,
			stage->log.data);
	CU_ASSERT_STRING_EQUAL(stage->log.data, log);
}

static void arguments_become_parameters(void)
{
	struct script_stage stage;

	script_stage_init(&stage);
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
	script_stage_deinit(&stage);
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
	struct script_fault fault = { .lang = LANG_EN };
	char text[128], log[128];
	struct script_stage stage;
	size_t i;

	script_stage_init(&stage);
	for (i = 0; i < sizeof(sums) / sizeof(sums[0]); i++) {
		snprintf(text, sizeof(text), "print %s", sums[i][0]);
		snprintf(log, sizeof(log), "1: %s\n",
			 sums[i][1] ? sums[i][1] : "");
		if (sums[i][1]) {
			check_run(&stage, text, log);
			continue;
		}
		script_stage_run(&stage, text, 9, &fault);
		CU_ASSERT_EQUAL(fault.kind, SCRIPT_SYNTAX);
	}
	script_stage_deinit(&stage);
}

static const char an_answer[] =
	"{\"fault\":\"SIGSEGV\",\"si_code\":null,\"snapshot\":{\"mm\":{"
	"\"map_count\":5,\"brk\":\"0x601000\"},\"vmas\":[{\"id\":2,\"start\":"
	"\"0x400000\",\"flags\":[\"rd\"]},{\"id\":3}],\"text\":\"a\\nb\"}}";

static void answers_are_looked_into(void)
{
	struct script_stage stage;

	script_stage_init(&stage);
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
	script_stage_deinit(&stage);
}

static void expectations_hold_or_not(void)
{
	struct script_stage stage;

	script_stage_init(&stage);
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
	script_stage_deinit(&stage);
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
	struct script_fault fault = { .lang = LANG_EN };
	struct script_stage stage;
	size_t i;

	script_stage_init(&stage);
	for (i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
		stage.reply = failures[i].reply;
		script_stage_run(&stage, failures[i].script, 100, &fault);
		CU_ASSERT_EQUAL(fault.kind, SCRIPT_FAILED);
		CU_ASSERT(script_fault_is(&fault, failures[i].fault));
	}
	script_stage_deinit(&stage);
}

static void steps_are_counted(void)
{
	static const char loop[] = "brk(0)\nrepeat 3 {\nbrk(1)\nbrk(2)\n}\n";
	struct script_fault fault = { .lang = LANG_EN };
	struct script_stage stage;
	uint64_t max;

	script_stage_init(&stage);
	/* Two lines, two more turns, and six lines within. */
	CU_ASSERT_EQUAL(script_stage_run(&stage, loop, 100, &fault), 10);
	CU_ASSERT_EQUAL(stage.calls, 7);
	CU_ASSERT_EQUAL(fault.kind, SCRIPT_GOOD);
	CU_ASSERT_EQUAL(script_stage_run(&stage, loop, 10, &fault), 10);
	CU_ASSERT_EQUAL(fault.kind, SCRIPT_GOOD);
	for (max = 0; max < 10; max++) {
		CU_ASSERT_EQUAL(script_stage_run(&stage, loop, max, &fault),
				max);
		CU_ASSERT_EQUAL(fault.kind, SCRIPT_LIMIT);
	}
	CU_ASSERT(script_fault_is(&fault,
				  "4:1 the script has taken 9 steps, and no "
				  "more may be"));
	/* Even where nothing is done. */
	CU_ASSERT_EQUAL(
		script_stage_run(&stage,
				 "repeat 0xffffffffffffffff {\n}\nbrk(0)", 500,
				 &fault),
		500);
	CU_ASSERT_EQUAL(fault.kind, SCRIPT_LIMIT);
	script_stage_deinit(&stage);
}

static void the_host_may_end_it(void)
{
	struct script_fault fault = { .lang = LANG_EN };
	struct script_stage stage;

	script_stage_init(&stage);
	stage.stop_at = 1;
	script_stage_run(&stage, "brk(0)\n  brk(1)\nbrk(2)", 100, &fault);
	CU_ASSERT_EQUAL(fault.kind, SCRIPT_HOST);
	CU_ASSERT_EQUAL(fault.line, 2);
	CU_ASSERT_EQUAL(fault.column, 3);
	script_stage_deinit(&stage);
}

static void what_names_keep_is_bounded(void)
{
	char *reply = malloc(SCRIPT_KEPT_MAX / 2 + 100);
	struct script_fault fault = { .lang = LANG_EN };
	struct script_stage stage;

	script_stage_init(&stage);
	memset(reply, 'x', SCRIPT_KEPT_MAX / 2 + 20);
	memcpy(reply, "{\"ret\":\"", 8);
	strcpy(reply + SCRIPT_KEPT_MAX / 2 + 10, "\"}");
	stage.reply = reply;
	script_stage_run(&stage,
			 "a = brk(0)\nrepeat 9 {\na = brk(0)\n}\nb = brk(0)",
			 100, &fault);
	CU_ASSERT_EQUAL(fault.kind, SCRIPT_LIMIT);
	CU_ASSERT(script_fault_is(
		&fault, "5:1 the answers that names stand for have more "
			"than 4194304 bytes; want fewer parts"));
	free(reply);
	script_stage_deinit(&stage);
}

static void every_refusal_of_memory_is_told(void)
{
	static const char text[] =
		"a = access(0, read)\nb = a.vmas[0]\nc = a.text\n"
		"repeat 2 {\nd = access(b.id, write)\n}\n"
		"expect snapshot(want=mm|vmas) == SIGSEGV\n";
	struct script_fault fault = { .lang = LANG_EN };
	struct script_stage stage;
	unsigned n;

	script_stage_init(&stage);
	stage.reply = an_answer;
	for (n = 0;; n++) {
		fail_alloc_after(&stage.host, n);
		script_stage_run(&stage, text, 100, &fault);
		fail_alloc_never(&stage.host);
		memory_deinit(&stage.memory);
		CU_ASSERT_EQUAL(stage.account.bytes, 0);
		if (fault.kind == SCRIPT_GOOD)
			break;
		CU_ASSERT_EQUAL_FATAL(fault.kind, SCRIPT_NO_MEMORY);
	}
	CU_ASSERT(n > 3);
	script_stage_deinit(&stage);
}

CU_TestInfo test_script_run[] = {
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
