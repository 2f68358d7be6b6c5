/* SPDX-License-Identifier: MIT */
/*
 * What scripts are refused with, in Chinese: each sentence of the catalogue. In
 * English they stand in the suites of what is refused.
 */
#include <stdio.h>
#include <string.h>

#include "proto/script/script_fault.h"
#include "tests/proto/script_stage.h"
#include "tests/support/suite.h"

static const struct {
	const char *script, *fault; /* "line:column sentence" */
} cases[] = {
	/* the text */
	{ "a = $", "1:5 “$”在这里没有意义" },
	{ "# 中文\n中 = 1", "2:1 “中”在这里没有意义" },
	{ "a = 12Q", "1:5 “12Q”不是数；请写成 4096、4K、0x1000 这样，末尾可加 "
		     "K、M、G 或 T" },
	{ "a = 18446744073709551616",
	  "1:5 “18446744073709551616”超出了 64 位" },
	{ "a = \"abc", "1:5 “\"abc”是没有结束的文本，缺少右引号" },
	{ "exec({\"path\": })", "1:15 这不是 JSON：这里应为一个值" },
	{ "exec({\"path\": \"/x\"",
	  "1:19 这不是 JSON：文本在一个值的中间结束了" },
	{ "exec({\"path\": 01})", "1:16 这不是 JSON：数的写法不符合 JSON" },
	{ "exec({path: 1})", "1:7 这不是 JSON：这里应为双引号括起来的成员名" },
	{ "exec({\"path\" 1})", "1:14 这不是 JSON：成员名后面应为 ':'" },
	{ "exec({\"path\": 1 2})",
	  "1:17 这不是 JSON：成员后面应为 ',' 或 '}'" },
	{ "exec([1 2])", "1:9 这不是 JSON：元素后面应为 ',' 或 ']'" },
	{ "exec([\"a\tb\"])", "1:9 这不是 JSON：字符串里的控制字符没有转义" },
	{ "exec([\"a\\q\"])",
	  "1:9 这不是 JSON：字符串里的转义不完整，或者没有这种转义" },
	{ "exec([\"\\ud800\"])", "1:8 这不是 JSON：转义的代理项缺少另一半" },
	{ "exec({\"a\": 1, \"a\": 2})",
	  "1:15 这不是 JSON：同一个对象里有重名的成员" },
	{ "exec([[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]])",
	  "1:22 这不是 JSON：数组和对象嵌套得太深" },
	/* what should stand there */
	{ "brk", "1:1 这里应为调用、名字 = ...、expect、print、in 或 "
		 "repeat，却遇到 brk" },
	{ "brk(0) brk(0)", "1:8 这里应为行尾，却遇到 brk" },
	{ "brk(0", "1:6 这里应为参数后面的 , 或 )，却遇到脚本末尾" },
	{ "brk(0\nbrk(1)", "1:6 这里应为参数后面的 , 或 )，却遇到行尾" },
	{ "in = 5", "1:4 这里应为一个名字，却遇到 =" },
	{ "a = *", "1:5 这里应为一个数或名字，却遇到 *" },
	{ "file.open(3, name)",
	  "1:14 这里应为用引号 \"\" 括起来的文本，却遇到 name" },
	{ "access(0, 5)", "1:11 这里应为 read, write, exec 之一，却遇到 5" },
	{ "expect brk(0) 5", "1:15 这里应为 ==、!=、<、<=、> 或 >=，却遇到 5" },
	{ "repeat 3", "1:9 这里应为次数后面的 {，却遇到脚本末尾" },
	{ "repeat 3 { brk(0) }", "1:12 这里应为 { 后面的行尾，却遇到 brk" },
	{ "c = fork()\nin c brk(0)",
	  "2:6 这里应为进程名字后面的 :，却遇到 brk" },
	{ "a = (1", "1:7 这里应为 )，却遇到脚本末尾" },
	{ "v = brk(0)\nprint v.",
	  "2:9 这里应为 . 后面的成员名，却遇到脚本末尾" },
	{ "v = brk(0)\nprint v[1",
	  "2:10 这里应为元素序号后面的 ]，却遇到脚本末尾" },
	{ "mmap(0, 4K, flags=private, rw)",
	  "1:28 这里应为名字=值（前面的参数已经这样写了），却遇到 rw" },
	/* lines */
	{ "munmap(p, 1)", "1:8 这一行之前，没有哪一行把结果命名为 p" },
	{ "child = fork()\nin chidl: brk(0)",
	  "2:4 这一行之前，没有哪一行把结果命名为 chidl；是不是想写 child？" },
	{ "mmap(0, 4K, rww, private)",
	  "1:13 这一行之前，没有哪一行把结果命名为 "
	  "rww，它也不是这个参数可用的词；是不是想写 rw？" },
	{ "null = 5", "1:1 脚本语言的保留字不能用作名字" },
	{ "a23456789012345678901234567890123456789012345678x = 1",
	  "1:1 名字超过了 48 个字符" },
	{ "expect brk(0) = 5", "1:15 = 用来起名字；要比较，请写 ==" },
	{ "expect 5 == brk(0)",
	  "1:13 调用要写在比较符的左边；请先给它的结果起个名字" },
	{ "brk(brk(0))", "1:5 调用要单独写，或写在“名字 =”或 expect 后面" },
	{ "brk(0)\ncreate()", "2:1 create 创建脚本的进程，所以要写在最前面" },
	{ "c = fork()\nin c: repeat 2 {\n}",
	  "2:7 “in 名字:”写在一个调用前面，不能写在 repeat 前面" },
	{ "repeat 1 {\nrepeat 1 {\nrepeat 1 {\nrepeat 1 {\nrepeat 1 {\n"
	  "repeat 1 {\nrepeat 1 {\nrepeat 1 {\nrepeat 1 {\n",
	  "9:1 repeat 嵌套超过了 8 层" },
	{ "repeat 3 {\nbrk(0)\n", "1:1 这个 repeat 的末尾缺少 }" },
	{ "repeat 3 {\nbrk(0) }", "2:8 } 要独占一行" },
	{ "a = ((((((((((((((((((((((((((((((((1))))))))))))))))))))))))))))))"
	  ")))",
	  "1:37 括号嵌套超过了 32 层" },
	{ "a = brk(0)\nprint a.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b"
	  ".b.b.b.b.b.b.b.b.b",
	  "2:72 这里逐层取成员超过了 32 次" },
	/* calls */
	{ "nmap(0, 1)", "1:1 没有叫 nmap 的调用；是不是想写 mmap？" },
	{ "history.list()", "1:1 没有叫 history.list 的调用" },
	{ "brk(adr=0)", "1:5 这个调用没有参数 adr；它的参数有 addr, thread, "
			"want, lang；是不是想写 addr？" },
	{ "mmap(0, 8192)", "1:1 mmap 缺少参数 prot；它的参数有 addr, length, "
			   "prot, flags, fd, offset, thread, want, lang" },
	{ "brk(0, addr=1)", "1:8 参数 addr 给了两次" },
	{ "mmap(0, 1, rw, private, -1, 0, 7)",
	  "1:32 mmap 按位置的参数是：addr, length, prot, flags, fd, "
	  "offset；这里多出一个，其他参数要写成“名字=值”" },
	{ "munlockall(1)",
	  "1:12 munlockall "
	  "按位置的参数是：无；这里多出一个，其他参数要写成“名字=值”" },
	{ "snapshot(want=vms)",
	  "1:15 vms 不在 mm, vmas, maps, status, vmacache, rbtree, pagetable, "
	  "steps, diff 之中；是不是想写 vmas？" },
	/* while it runs */
	{ "repeat 50 {\n}", "1:1 脚本已经走了 40 步，到了上限" },
	{ "repeat 0 {\np = 5\n}\nprint p",
	  "4:7 p 还没有值：给它值的那一行没有运行过" },
	{ "a = 5\nprint a.b", "2:9 只有返回结果才有成员，而这是数 5" },
	{ "a = -5\nin a: brk(0)",
	  "2:4 in 后面要写进程，也就是 fork 的结果，而这是数 -5" },
	{ "p = 0x10\nin p: brk(0)",
	  "2:4 in 后面要写进程，也就是 fork 的结果，而这是数 0x10" },
	{ "repeat 0 {\np = fork()\n}\nin p: brk(0)",
	  "4:4 in 后面要写进程，也就是 fork "
	  "的结果，而这里还没有值：给它值的那一行没有运行过" },
	{ "repeat -1 {\n}", "1:8 重复的次数不能小于 0" },
	{ "a = 1/0", "1:6 除数为零" },
	{ "a = 1<<64", "1:6 移位的位数只能是 0 到 63" },
	{ "a = -1|1", "1:7 位运算只能用于不小于 0 的数" },
	{ "a = 0xffffffffffffffff+1", "1:23 结果超出了 64 位" },
	{ "a = null\nb = a+1", "2:5 这里应为一个数，而这是 null" },
	{ "a = \"x\"+1", "1:5 这里应为一个数，而这是词 x" },
	{ "p = fork()\nbrk(p)", "2:5 这里应为一个数，而这是一个进程" },
};

static const struct {
	const char *script, *fault;
	const char *reply; /* to its calls */
} of_answers[] = {
	{ "a = brk(0)\nprint a.b",
	  "2:9 这个返回结果没有成员 b；快照的各部分要在 want 里写明才有",
	  "{\"ret\":0}" },
	{ "a = brk(0)\nprint a.x[2]",
	  "2:11 数组没有这个序号的元素；第一个元素的序号是 0",
	  "{\"x\":[1,2]}" },
	{ "a = brk(0)\nprint a.x[0]", "2:11 只有数组才有元素，而这是数 1",
	  "{\"x\":1}" },
	{ "p = brk(0)\nbrk(p+1)",
	  "2:5 这里应为一个数，而这是 ENOMEM，第 1 行就是因它失败的",
	  "{\"ret\":-12,\"errno\":\"ENOMEM\"}" },
	{ "a = brk(0)\nprint a.x+1",
	  "2:9 "
	  "这里应为一个数，而这是返回结果里的一个数组；请指明它的哪个元素，如 "
	  "x[0]",
	  "{\"x\":[1]}" },
	{ "a = brk(0)\nprint a+1",
	  "2:7 "
	  "这里应为一个数，而这是返回结果里的一个对象；请指明它的哪个成员，如 "
	  "x.start",
	  "{\"x\":{\"y\":1}}" },
};

/* What has been said, a sentence a line. */
static struct buffer said;

static void check(const struct script_fault *fault, const char *wanted)
{
	CU_ASSERT_NOT_EQUAL(fault->kind, SCRIPT_GOOD);
	CU_ASSERT(script_fault_is(fault, wanted));
	buffer_append_text(&said, fault->text);
	buffer_append_byte(&said, '\n');
}

static void check_run(struct script_stage *stage, const char *script,
		      const char *wanted)
{
	struct script_fault fault = { .lang = LANG_ZH };

	script_stage_run(stage, script, 40, &fault);
	check(&fault, wanted);
}

static void short_scripts_are_refused(struct script_stage *stage)
{
	size_t i;

	for (i = 0; i < NR(cases); i++)
		check_run(stage, cases[i].script, cases[i].fault);
	for (i = 0; i < NR(of_answers); i++) {
		stage->reply = of_answers[i].reply;
		check_run(stage, of_answers[i].script, of_answers[i].fault);
	}
}

/* @text as often as said, with a number in it. */
__attribute__((format(printf, 2, 0))) static void
repeat(struct buffer *script, const char *text, unsigned times)
{
	char line[32];
	unsigned i;

	for (i = 0; i < times; i++) {
		snprintf(line, sizeof(line), text, i);
		buffer_append_text(script, line);
	}
}

static void long_scripts_are_refused(struct script_stage *stage)
{
	struct script_fault fault = { .lang = LANG_ZH };
	struct buffer text;

	buffer_init(&text, 2 * SCRIPT_TEXT_MAX);
	repeat(&text, "\n", SCRIPT_TEXT_MAX + 1);
	CU_ASSERT_PTR_NULL(script_parse(&stage->memory, &script_catalog,
					text.data, text.len, &fault));
	check(&fault, "1:1 一个脚本最多有 65536 字节");
	CU_ASSERT_PTR_NULL(script_parse(&stage->memory, &script_catalog,
					"a = 1\n\0", 7, &fault));
	check(&fault, "2:1 NUL 字符在脚本里没有意义");

	buffer_rewind(&text, 0);
	repeat(&text, "n%u = 1\n", SCRIPT_NAMES_MAX + 1);
	buffer_append_byte(&text, '\0');
	check_run(stage, text.data, "257:1 一个脚本最多有 256 个名字");

	buffer_rewind(&text, 0);
	buffer_append_text(&text, "a = 1");
	repeat(&text, "+1", SCRIPT_OPERATORS_MAX + 1);
	buffer_append_byte(&text, '\0');
	check_run(stage, text.data, "1:518 这一行的运算符超过了 256 个");

	buffer_rewind(&text, 0);
	buffer_append_text(&text, "snapshot(want=mm");
	repeat(&text, "|pagetable", 200);
	buffer_append_text(&text, ")");
	buffer_append_byte(&text, '\0');
	check_run(stage, text.data, "1:867 一个参数里的词太多了");
	buffer_deinit(&text);
}

static void long_answers_are_refused(struct script_stage *stage)
{
	struct buffer reply;

	buffer_init(&reply, SCRIPT_KEPT_MAX);
	buffer_append_text(&reply, "{\"ret\":\"");
	repeat(&reply, "%031u", SCRIPT_KEPT_MAX / 50);
	buffer_append_text(&reply, "\"}");
	buffer_append_byte(&reply, '\0');
	stage->reply = reply.data;
	check_run(stage, "a = brk(0)\nb = brk(0)",
		  "2:1 各个名字所代表的返回结果合计超过了 4194304 字节；"
		  "请在 want 里少要几部分");
	buffer_deinit(&reply);
}

/* The longest piece between two names. */
static void longest_piece(const char *text, char *piece)
{
	size_t longest = 0, len;

	for (*piece = '\0'; *text; text += len) {
		len = strcspn(text + 1, "{") + 1;
		if (*text == '{' && text[1] >= 'a' && text[1] <= 'z')
			len = strcspn(text, "}") + 1;
		else if (len > longest)
			snprintf(piece, SCRIPT_FAULT_MAX, "%.*s",
				 (int)(longest = len), text);
	}
}

static void every_sentence_is_said_in_chinese(void)
{
	struct script_stage stage;
	const struct words *words;
	char piece[SCRIPT_FAULT_MAX];
	size_t i;

	buffer_init(&said, 1 << 20);
	script_stage_init(&stage);
	short_scripts_are_refused(&stage);
	long_scripts_are_refused(&stage);
	long_answers_are_refused(&stage);
	script_stage_deinit(&stage);
	buffer_append_byte(&said, '\0');
	for (i = 0; (words = fault_text_at(i)); i++) {
		longest_piece(words->zh, piece);
		CU_ASSERT_PTR_NOT_NULL(strstr(said.data, piece));
		if (!strstr(said.data, piece))
			fprintf(stderr, "nobody says %s\n", words->zh);
	}
	buffer_deinit(&said);
}

/* Is each {name} of @text in @other as well? */
static bool has_the_names_of(const char *other, const char *text)
{
	char name[16];
	size_t len;

	for (; (text = strchr(text, '{')); text++) {
		len = strcspn(text, "}") + 1;
		if (text[1] < 'a' || text[1] > 'z')
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)len, text);
		if (!strstr(other, name))
			return false;
	}
	return true;
}

static void both_languages_say_the_same_values(void)
{
	const struct words *words;
	size_t i;

	for (i = 0; (words = fault_text_at(i)); i++) {
		CU_ASSERT(*words->en && *words->zh);
		CU_ASSERT(has_the_names_of(words->en, words->zh));
		CU_ASSERT(has_the_names_of(words->zh, words->en));
	}
	CU_ASSERT_EQUAL(i, FAULT_NR_TEXTS);
}

CU_TestInfo test_script_fault[] = {
	{ "every sentence is said in Chinese",
	  every_sentence_is_said_in_chinese },
	{ "both languages say the same values",
	  both_languages_say_the_same_values },
	CU_TEST_INFO_NULL,
};
