/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The catalogue: what scripts are refused with, in English and in Chinese
 *
 * struct fault_words says what stands for {it}, {list} and the others.
 */
/* clang-format off */

/* What the text may not be. */
#define FAULT_TEXTS_OF_TEXT(X) \
	X(LONG_SCRIPT, \
	  "a script has at most {number} bytes", \
	  "一个脚本最多有 {number} 字节") \
	X(NUL, \
	  "a NUL has no meaning in a script", \
	  "NUL 字符在脚本里没有意义") \
	X(NO_MEANING, \
	  "\"{it}\" has no meaning here", \
	  "“{it}”在这里没有意义") \
	X(NO_NUMBER, \
	  "\"{it}\" is no number; write 4096, 4K, 0x1000, with K, M, G or T " \
	  "at the end", \
	  "“{it}”不是数；请写成 4096、4K、0x1000 这样，末尾可加 K、M、G 或 T") \
	X(LARGE_NUMBER, \
	  "\"{it}\" does not fit 64 bits", \
	  "“{it}”超出了 64 位") \
	X(OPEN_TEXT, \
	  "\"{it}\" is a text that does not end", \
	  "“{it}”是没有结束的文本，缺少右引号") \
	X(NO_JSON, \
	  "this is not JSON: {json}", \
	  "这不是 JSON：{json}")

/* What should stand there, and does not. */
#define FAULT_TEXTS_EXPECTED(X) \
	X(EXPECTED, \
	  "expected {what}, but found {found}", \
	  "这里应为{what}，却遇到{found}") \
	X(IT, "{it}", "{it}") \
	X(LINE_END, "the end of the line", "行尾") \
	X(SCRIPT_END, "the end of the script", "脚本末尾") \
	X(NAME, "a name", "一个名字") \
	X(VALUE, "a number or a name", "一个数或名字") \
	X(TEXT, "a text in \"quotes\"", "用引号 \"\" 括起来的文本") \
	X(WORD_OF, "one of {list}", "{list} 之一") \
	X(COMPARISON, \
	  "==, !=, <, <=, > or >=", \
	  "==、!=、<、<=、> 或 >=") \
	X(STATEMENT, \
	  "a call, NAME = ..., expect, print, in or repeat", \
	  "调用、名字 = ...、expect、print、in 或 repeat") \
	X(BLOCK, "{ behind how often", "次数后面的 {") \
	X(BLOCK_LINE_END, "the end of the line behind {", "{ 后面的行尾") \
	X(COLON, \
	  ": behind the name of a process", \
	  "进程名字后面的 :") \
	X(COMMA, ", or ) behind an argument", "参数后面的 , 或 )") \
	X(CLOSING, ")", ")") \
	X(MEMBER, \
	  "the name of a member behind .", \
	  ". 后面的成员名") \
	X(BRACKET, \
	  "] behind the number of an element", \
	  "元素序号后面的 ]") \
	X(NAMED_ARGUMENT, \
	  "NAME=VALUE behind another one", \
	  "名字=值（前面的参数已经这样写了）")

/* What a line may not say. */
#define FAULT_TEXTS_OF_LINES(X) \
	X(UNKNOWN_NAME, \
	  "no line before this one gives a result the name {it}", \
	  "这一行之前，没有哪一行把结果命名为 {it}") \
	X(UNKNOWN_WORD, \
	  "no line before this one gives a result the name {it}, nor is it a " \
	  "word of this argument", \
	  "这一行之前，没有哪一行把结果命名为 {it}，它也不是这个参数可用的词") \
	X(KEYWORD, \
	  "a word of the language cannot be a name", \
	  "脚本语言的保留字不能用作名字") \
	X(LONG_NAME, \
	  "the name is longer than {number} characters", \
	  "名字超过了 {number} 个字符") \
	X(MANY_NAMES, \
	  "a script has at most {number} names", \
	  "一个脚本最多有 {number} 个名字") \
	X(NO_COMPARISON, \
	  "= gives a name; to compare, write ==", \
	  "= 用来起名字；要比较，请写 ==") \
	X(CALL_ON_THE_RIGHT, \
	  "a call stands on the left of a comparison; give its result a name " \
	  "first", \
	  "调用要写在比较符的左边；请先给它的结果起个名字") \
	X(CALL_INSIDE, \
	  "a call stands by itself, behind NAME = or behind expect", \
	  "调用要单独写，或写在“名字 =”或 expect 后面") \
	X(LATE_CREATION, \
	  "{call} makes the script's process, and so stands before all else", \
	  "{call} 创建脚本的进程，所以要写在最前面") \
	X(IN_REPEAT, \
	  "in NAME: stands before one call, not before repeat", \
	  "“in 名字:”写在一个调用前面，不能写在 repeat 前面") \
	X(DEEP_REPEATS, \
	  "repeats stand in one another more than {number} deep", \
	  "repeat 嵌套超过了 {number} 层") \
	X(OPEN_REPEAT, \
	  "this repeat has no } at its end", \
	  "这个 repeat 的末尾缺少 }") \
	X(CLOSING_LINE, \
	  "} stands on a line of its own", \
	  "} 要独占一行") \
	X(DEEP_BRACKETS, \
	  "brackets stand in one another more than {number} deep", \
	  "括号嵌套超过了 {number} 层") \
	X(DEEP_LOOK, \
	  "this looks into an answer more than {number} times", \
	  "这里逐层取成员超过了 {number} 次") \
	X(MANY_OPERATORS, \
	  "there are more than {number} operators on this line", \
	  "这一行的运算符超过了 {number} 个")

/* What a call does not take. */
#define FAULT_TEXTS_OF_CALLS(X) \
	X(NO_CALL, "there is no call {it}", "没有叫 {it} 的调用") \
	X(NO_ARGUMENT, \
	  "the call has no argument {it}; it takes {list}", \
	  "这个调用没有参数 {it}；它的参数有 {list}") \
	X(MISSING, \
	  "{call} needs {param}; it takes {list}", \
	  "{call} 缺少参数 {param}；它的参数有 {list}") \
	X(TWICE, "{param} is given twice", "参数 {param} 给了两次") \
	X(ONE_MORE, \
	  "this is one argument more than {call} by position: {list}; others " \
	  "are written NAME=VALUE", \
	  "{call} 按位置的参数是：{list}；这里多出一个，其他参数要写成" \
	  "“名字=值”") \
	X(NO_WORD, "{it} is none of {list}", "{it} 不在 {list} 之中") \
	X(MANY_WORDS, \
	  "these are more words than an argument may have", \
	  "一个参数里的词太多了") \
	X(NONE, "none", "无") \
	X(PERHAPS, "; perhaps you mean {it}", "；是不是想写 {it}？")

/* What cannot be had while it runs. */
#define FAULT_TEXTS_OF_RUNS(X) \
	X(MANY_STEPS, \
	  "the script has taken {number} step(s), and no more may be", \
	  "脚本已经走了 {number} 步，到了上限") \
	X(MUCH_KEPT, \
	  "the answers that names stand for have more than {number} bytes; " \
	  "want fewer parts", \
	  "各个名字所代表的返回结果合计超过了 {number} 字节；请在 want 里少要" \
	  "几部分") \
	X(UNSET, \
	  "{it} stands for nothing: the line that gives it a value has not run", \
	  "{it} 还没有值：给它值的那一行没有运行过") \
	X(NO_MEMBER, \
	  "the answer has no member {it}; a part of the snapshot is there if " \
	  "want names it", \
	  "这个返回结果没有成员 {it}；快照的各部分要在 want 里写明才有") \
	X(NOT_ANSWER, \
	  "only an answer has members; this is {value}", \
	  "只有返回结果才有成员，而这是{value}") \
	X(NO_ELEMENT, \
	  "the array has no element of that number; the first is 0", \
	  "数组没有这个序号的元素；第一个元素的序号是 0") \
	X(NOT_ARRAY, \
	  "only an array has elements; this is {value}", \
	  "只有数组才有元素，而这是{value}") \
	X(NOT_NUMBER, \
	  "expected a number, but this is {value}", \
	  "这里应为一个数，而这是{value}") \
	X(NOT_PROCESS, \
	  "in takes a process, which fork answers; this is {value}", \
	  "in 后面要写进程，也就是 fork 的结果，而这是{value}") \
	X(NO_PROCESS_YET, \
	  "in takes a process, which fork answers; this is nothing: its line " \
	  "has not run", \
	  "in 后面要写进程，也就是 fork 的结果，而这里还没有值：给它值的那一行" \
	  "没有运行过") \
	X(NEGATIVE_TIMES, \
	  "nothing is repeated less than 0 times", \
	  "重复的次数不能小于 0") \
	X(DIVISION, "division by zero", "除数为零") \
	X(SHIFT, \
	  "a number is shifted by 0 to 63 bits", \
	  "移位的位数只能是 0 到 63") \
	X(NEGATIVE_BITS, \
	  "bits are those of numbers from 0 on", \
	  "位运算只能用于不小于 0 的数") \
	X(LARGE_RESULT, \
	  "the result does not fit 64 bits", \
	  "结果超出了 64 位")

/* What a value is. */
#define FAULT_TEXTS_OF_VALUES(X) \
	X(IS_NULL, "null", "null") \
	X(IS_NUMBER, "the number {number}", "数 {number}") \
	X(IS_WORD, "the word {it}", "词 {it}") \
	X(IS_ERRNO, \
	  "{it}, with which line {number} failed", \
	  "{it}，第 {number} 行就是因它失败的") \
	X(IS_PROCESS, "a process", "一个进程") \
	X(IS_ARRAY, \
	  "an array of an answer; name one of its elements, as in x[0]", \
	  "返回结果里的一个数组；请指明它的哪个元素，如 x[0]") \
	X(IS_OBJECT, \
	  "an object of an answer; name one of its members, as in x.start", \
	  "返回结果里的一个对象；请指明它的哪个成员，如 x.start")

#define FAULT_TEXTS(X) \
	FAULT_TEXTS_OF_TEXT(X) \
	FAULT_TEXTS_EXPECTED(X) \
	FAULT_TEXTS_OF_LINES(X) \
	FAULT_TEXTS_OF_CALLS(X) \
	FAULT_TEXTS_OF_RUNS(X) \
	FAULT_TEXTS_OF_VALUES(X)
