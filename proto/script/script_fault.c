/* SPDX-License-Identifier: MIT */
#include "proto/script/script_fault.h"

#include <string.h>

static const struct words texts[] = {
#define FAULT_TEXT(name, en, zh) [FAULT_##name] = { en, zh },
	FAULT_TEXTS(FAULT_TEXT)
#undef FAULT_TEXT
};

const struct words *fault_text_at(size_t text)
{
	return text < FAULT_NR_TEXTS ? &texts[text] : NULL;
}

/* What json_fault_text() says in English. */
static const char *const json_texts_zh[] = {
	[JSON_E_EMPTY] = "这里没有值",
	[JSON_E_TRUNCATED] = "文本在一个值的中间结束了",
	[JSON_E_VALUE] = "这里应为一个值",
	[JSON_E_NUMBER] = "数的写法不符合 JSON",
	[JSON_E_KEY] = "这里应为双引号括起来的成员名",
	[JSON_E_COLON] = "成员名后面应为 ':'",
	[JSON_E_OBJECT] = "成员后面应为 ',' 或 '}'",
	[JSON_E_ARRAY] = "元素后面应为 ',' 或 ']'",
	[JSON_E_TRAILING] = "值的后面有多余的文本",
	[JSON_E_CONTROL] = "字符串里的控制字符没有转义",
	[JSON_E_ESCAPE] = "字符串里的转义不完整，或者没有这种转义",
	[JSON_E_SURROGATE] = "转义的代理项缺少另一半",
	[JSON_E_UTF8] = "字符串不是 UTF-8",
	[JSON_E_BOM] = "不允许有字节顺序标记",
	[JSON_E_DUPLICATE] = "同一个对象里有重名的成员",
	[JSON_E_MEMBERS] = "对象的成员超过了 64 个",
	[JSON_E_NAME] = "成员名超过了 256 字节",
	[JSON_E_DEPTH] = "数组和对象嵌套得太深",
	[JSON_E_SIZE] = "文本超过了 4 GiB",
};

struct telling {
	const struct fault_words *words;
	enum lang lang;
};

static void say(struct buffer *out, enum fault_text text,
		const struct fault_words *words, enum lang lang);

/* So much as a line has room for, and no half character. */
static void say_it(struct buffer *out, const struct telling *telling)
{
	const char *text = telling->words->it;
	const size_t len = telling->words->it_len;
	size_t n = len < SCRIPT_NAME_LEN_MAX ? len : SCRIPT_NAME_LEN_MAX;

	while (n && n < len && ((unsigned char)text[n] & 0xc0) == 0x80)
		n--;
	buffer_append(out, text, n);
}

static void say_call(struct buffer *out, const struct telling *telling)
{
	buffer_append_text(out, telling->words->call);
}

static void say_param(struct buffer *out, const struct telling *telling)
{
	buffer_append_text(out, telling->words->param);
}

static void say_list(struct buffer *out, const struct telling *telling)
{
	if (telling->words->list)
		buffer_append_text(out, telling->words->list);
	else
		say(out, FAULT_NONE, NULL, telling->lang);
}

static void say_number(struct buffer *out, const struct telling *telling)
{
	const script_number number = telling->words->number;

	if (number < 0) {
		buffer_append_byte(out, '-');
		buffer_append_u64(out, (uint64_t)-number);
	} else if (telling->words->is_hex) {
		buffer_append_hex(out, (uint64_t)number);
	} else {
		buffer_append_u64(out, (uint64_t)number);
	}
}

static void say_what(struct buffer *out, const struct telling *telling)
{
	say(out, telling->words->what, telling->words, telling->lang);
}

static void say_found(struct buffer *out, const struct telling *telling)
{
	say(out, telling->words->found, telling->words, telling->lang);
}

static enum fault_text text_of_value(const struct script_value *value)
{
	switch (value->kind) {
	case SCRIPT_NOTHING:
		break;
	case SCRIPT_NUMBER:
		return FAULT_IS_NUMBER;
	case SCRIPT_TEXT:
		return FAULT_IS_WORD;
	case SCRIPT_ERRNO:
		return FAULT_IS_ERRNO;
	case SCRIPT_PROCESS:
		return FAULT_IS_PROCESS;
	case SCRIPT_OBJECT:
		return value->text[0] == '[' ? FAULT_IS_ARRAY : FAULT_IS_OBJECT;
	}
	return FAULT_IS_NULL;
}

static void say_value(struct buffer *out, const struct telling *telling)
{
	const struct script_value *value = telling->words->value;
	struct fault_words words = {
		.it = value->text,
		.it_len = value->len,
		.number = value->kind == SCRIPT_ERRNO ? value->line
						      : value->number,
		.is_hex = value->is_hex,
	};

	/* It stands in its quotes. */
	if (value->is_json) {
		words.it++;
		words.it_len -= 2;
	}
	say(out, text_of_value(value), &words, telling->lang);
}

static void say_json(struct buffer *out, const struct telling *telling)
{
	const struct fault_words *words = telling->words;
	char text[JSON_FAULT_TEXT_MAX], *place;

	if (telling->lang == LANG_ZH) {
		buffer_append_text(out, json_texts_zh[words->json->code]);
		return;
	}
	json_fault_text(words->json, words->it, words->it_len, text,
			sizeof(text));
	/* The script's place says it better. */
	place = strstr(text, " at byte ");
	buffer_append(out, text, place ? (size_t)(place - text) : strlen(text));
}

static const struct {
	const char *name;
	void (*say)(struct buffer *out, const struct telling *telling);
} names[] = {
	{ "it", say_it },         { "call", say_call },
	{ "param", say_param },   { "list", say_list },
	{ "number", say_number }, { "what", say_what },
	{ "found", say_found },   { "value", say_value },
	{ "json", say_json },
};

static bool say_name(struct buffer *out, const char *name, size_t len,
		     const void *ctx)
{
	const struct telling *telling = ctx;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i].name) == len &&
		    !memcmp(names[i].name, name, len))
			names[i].say(out, telling);
	return telling->words->number == 1;
}

static void say(struct buffer *out, enum fault_text text,
		const struct fault_words *words, enum lang lang)
{
	const struct telling telling = { words, lang };

	words_say(out, &texts[text], lang, say_name, &telling);
}

static void say_nearest(struct buffer *out, const struct nearest *nearest,
			enum lang lang)
{
	const struct fault_words words = {
		.it = nearest->known,
		.it_len = nearest->known_len,
	};

	say(out, FAULT_PERHAPS, &words, lang);
}

bool script_fault_say(struct script_fault *fault, enum fault_text text,
		      const struct fault_words *words)
{
	struct buffer out;

	buffer_init_in(&out, fault->text, sizeof(fault->text) - 1);
	say(&out, text, words, fault->lang);
	if (words && words->nearest && words->nearest->known)
		say_nearest(&out, words->nearest, fault->lang);
	fault->text[out.len] = '\0';
	return false;
}

bool script_fault_at(struct script_fault *fault, enum script_fault_kind kind,
		     const char *text, uint32_t len, uint32_t offset)
{
	uint32_t i;

	fault->kind = kind;
	fault->line = 1;
	fault->column = 1;
	fault->text[0] = '\0';
	for (i = 0; i < offset && i < len; i++) {
		if (text[i] == '\n') {
			fault->line++;
			fault->column = 1;
		} else if (((unsigned char)text[i] & 0xc0) != 0x80) {
			fault->column++;
		}
	}
	return false;
}
