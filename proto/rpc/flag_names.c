/* SPDX-License-Identifier: MIT */
#include "proto/rpc/flag_names.h"

#include "core/hot.h"

#include <string.h>

/* strace's names, also of bits that a release ignores. */
const struct flag_name prot_names[] = {
	{ "PROT_NONE", 0x0 },
	{ "PROT_READ", 0x1 },
	{ "PROT_WRITE", 0x2 },
	{ "PROT_EXEC", 0x4 },
	{ "PROT_SEM", 0x8 },
	{ "PROT_GROWSDOWN", 0x01000000 },
	{ "PROT_GROWSUP", 0x02000000 },
	{ NULL, 0 },
};

const struct flag_name map_flag_names[] = {
	{ "MAP_FILE", 0x0 },
	{ "MAP_SHARED", 0x01 },
	{ "MAP_PRIVATE", 0x02 },
	{ "MAP_SHARED_VALIDATE", 0x03 },
	{ "MAP_DROPPABLE", 0x08 },
	{ "MAP_FIXED", 0x10 },
	{ "MAP_ANONYMOUS", 0x20 },
	{ "MAP_ANON", 0x20 },
	{ "MAP_32BIT", 0x40 },
	{ "MAP_ABOVE4G", 0x80 },
	{ "MAP_GROWSDOWN", 0x100 },
	{ "MAP_DENYWRITE", 0x800 },
	{ "MAP_EXECUTABLE", 0x1000 },
	{ "MAP_LOCKED", 0x2000 },
	{ "MAP_NORESERVE", 0x4000 },
	{ "MAP_POPULATE", 0x8000 },
	{ "MAP_NONBLOCK", 0x10000 },
	{ "MAP_STACK", 0x20000 },
	{ "MAP_HUGETLB", 0x40000 },
	{ "MAP_SYNC", 0x80000 },
	{ "MAP_FIXED_NOREPLACE", 0x100000 },
	{ "MAP_UNINITIALIZED", 0x4000000 },
	{ NULL, 0 },
};

const struct flag_name mremap_flag_names[] = {
	{ "MREMAP_MAYMOVE", 1 },
	{ "MREMAP_FIXED", 2 },
	{ "MREMAP_DONTUNMAP", 4 },
	{ NULL, 0 },
};

const struct flag_name mlock2_flag_names[] = {
	{ "MLOCK_ONFAULT", 1 },
	{ NULL, 0 },
};

const struct flag_name mlockall_flag_names[] = {
	{ "MCL_CURRENT", 1 },
	{ "MCL_FUTURE", 2 },
	{ "MCL_ONFAULT", 4 },
	{ NULL, 0 },
};

const struct flag_name advice_names[] = {
	{ "MADV_NORMAL", 0 },          { "MADV_RANDOM", 1 },
	{ "MADV_SEQUENTIAL", 2 },      { "MADV_WILLNEED", 3 },
	{ "MADV_DONTNEED", 4 },        { "MADV_FREE", 8 },
	{ "MADV_REMOVE", 9 },          { "MADV_DONTFORK", 10 },
	{ "MADV_DOFORK", 11 },         { "MADV_MERGEABLE", 12 },
	{ "MADV_UNMERGEABLE", 13 },    { "MADV_HUGEPAGE", 14 },
	{ "MADV_NOHUGEPAGE", 15 },     { "MADV_DONTDUMP", 16 },
	{ "MADV_DODUMP", 17 },         { "MADV_WIPEONFORK", 18 },
	{ "MADV_KEEPONFORK", 19 },     { "MADV_COLD", 20 },
	{ "MADV_PAGEOUT", 21 },        { "MADV_POPULATE_READ", 22 },
	{ "MADV_POPULATE_WRITE", 23 }, { "MADV_DONTNEED_LOCKED", 24 },
	{ "MADV_COLLAPSE", 25 },       { "MADV_HWPOISON", 100 },
	{ "MADV_SOFT_OFFLINE", 101 },  { "MADV_GUARD_INSTALL", 102 },
	{ "MADV_GUARD_REMOVE", 103 },  { NULL, 0 },
};

const struct flag_name msync_flag_names[] = {
	{ "MS_ASYNC", 1 },
	{ "MS_INVALIDATE", 2 },
	{ "MS_SYNC", 4 },
	{ NULL, 0 },
};

/* mseal takes none yet. */
const struct flag_name mseal_flag_names[] = {
	{ NULL, 0 },
};

const struct flag_name pt_names[] = {
	{ "PT_NULL", 0 },
	{ "PT_LOAD", 1 },
	{ "PT_DYNAMIC", 2 },
	{ "PT_INTERP", 3 },
	{ "PT_NOTE", 4 },
	{ "PT_SHLIB", 5 },
	{ "PT_PHDR", 6 },
	{ "PT_TLS", 7 },
	{ "PT_GNU_EH_FRAME", 0x6474e550 },
	{ "PT_GNU_STACK", 0x6474e551 },
	{ "PT_GNU_RELRO", 0x6474e552 },
	{ "PT_GNU_PROPERTY", 0x6474e553 },
	{ NULL, 0 },
};

const struct flag_name pf_names[] = {
	{ "PF_X", 1 },
	{ "PF_W", 2 },
	{ "PF_R", 4 },
	{ NULL, 0 },
};

#define MAP_HUGE_SHIFT 26
static const char huge_shift[] = "<<MAP_HUGE_SHIFT";

/* One more than a digit's value; 0: it is none. */
static const uint8_t digits[256] = {
	['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,
	['6'] = 7,  ['7'] = 8,  ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12,
	['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16, ['A'] = 11, ['B'] = 12,
	['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

/* Of no digit more than any base. */
static inline unsigned digit_value(char c)
{
	return digits[(unsigned char)c] - 1u;
}

/* Skips "0x"; the base of what follows. */
static unsigned number_base(const char **textp, size_t *lenp)
{
	if (*lenp < 2 || (*textp)[0] != '0' || ((*textp)[1] | 0x20) != 'x')
		return 10;
	*textp += 2;
	*lenp -= 2;
	return 16;
}

bool number_is_digits(const char *text, size_t len)
{
	unsigned base = number_base(&text, &len);
	size_t i;

	for (i = 0; i < len; i++)
		if (digit_value(text[i]) >= base)
			return false;
	return len > 0;
}

/* As many digits as may be too many. */
static bool parse_long(const char *text, size_t len, unsigned base,
		       uint64_t *valuep)
{
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		const unsigned digit = digit_value(text[i]);

		if (digit >= base ||
		    __builtin_mul_overflow(value, base, &value) ||
		    __builtin_add_overflow(value, digit, &value))
			return false;
	}
	*valuep = value;
	return true;
}

HOT bool number_parse(const char *text, size_t len, uint64_t *valuep)
{
	const unsigned base = number_base(&text, &len);
	uint64_t value = 0;
	unsigned all = 0;
	size_t i;

	/* Whatever is written with up to 16 digits fits. */
	if (len - 1 > 15)
		return len && parse_long(text, len, base, valuep);
	if (base == 16) {
		for (i = 0; i < len; i++) {
			const unsigned digit = digit_value(text[i]);

			all |= digit;
			value = value << 4 | digit;
		}
		if (all > 15)
			return false;
		*valuep = value;
		return true;
	}
	for (i = 0; i < len; i++) {
		const unsigned digit = digit_value(text[i]);

		if (digit > 9)
			return false;
		value = value * 10 + digit;
	}
	*valuep = value;
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void trim(const char **textp, size_t *lenp)
{
	while (*lenp && is_blank((*textp)[0])) {
		++*textp;
		--*lenp;
	}
	while (*lenp && is_blank((*textp)[*lenp - 1]))
		--*lenp;
}

/* strace: 0x8 with MAP_??? behind it in a comment. */
static size_t len_without_comment(const char *text, size_t len)
{
	size_t i;

	if (len < 4 || memcmp(text + len - 2, "*/", 2) != 0)
		return len;
	for (i = 0; i + 4 <= len; i++)
		if (!memcmp(text + i, "/*", 2))
			return i;
	return len;
}

static bool piece_parse(const struct flag_name *names, const char *text,
			size_t len, uint64_t *valuep)
{
	const size_t shift_len = sizeof(huge_shift) - 1;
	const struct flag_name *flag;

	for (flag = names; flag->name; flag++) {
		if (strlen(flag->name) != len || memcmp(flag->name, text, len))
			continue;
		*valuep = flag->value;
		return true;
	}
	if (names == map_flag_names && len > shift_len &&
	    !memcmp(text + len - shift_len, huge_shift, shift_len)) {
		if (!number_parse(text, len - shift_len, valuep) ||
		    *valuep > 63)
			return false;
		*valuep <<= MAP_HUGE_SHIFT;
		return true;
	}
	len = len_without_comment(text, len);
	trim(&text, &len);
	return number_parse(text, len, valuep);
}

bool flags_parse(const struct flag_name *names, const char *text, size_t len,
		 uint64_t *valuep, struct flag_fault *fault)
{
	const char *end = text + len;
	uint64_t value = 0, bits;

	for (;;) {
		const char *bar = memchr(text, '|', (size_t)(end - text));
		const char *piece = text;
		size_t piece_len = (size_t)((bar ? bar : end) - text);

		trim(&piece, &piece_len);
		if (!piece_parse(names, piece, piece_len, &bits)) {
			*fault = (struct flag_fault){ piece, piece_len };
			return false;
		}
		value |= bits;
		if (!bar)
			break;
		text = bar + 1;
	}
	*valuep = value;
	return true;
}
