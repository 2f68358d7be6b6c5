/* SPDX-License-Identifier: MIT */
#include "core/world/maps_text.h"

#include <string.h>

#include "core/mm/mm_types.h"
#include "core/world/process.h"

/* What is left of a line. */
struct scan {
	const char *at, *end;
};

const char *maps_text_next(const char **textp, size_t *lenp, size_t *line_lenp)
{
	const char *line = *textp, *newline;

	if (!*lenp)
		return NULL;
	newline = memchr(line, '\n', *lenp);
	*line_lenp = newline ? (size_t)(newline - line) : *lenp;
	*textp = line + *line_lenp + (newline ? 1 : 0);
	*lenp -= (size_t)(*textp - line);
	return line;
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

/* At least one digit, and no more than fit into @max. */
static bool scan_number(struct scan *scan, unsigned int base, uint64_t max,
			uint64_t *valuep)
{
	const char *first = scan->at;
	unsigned int digit;
	uint64_t value = 0;

	for (; scan->at < scan->end; scan->at++) {
		digit = (unsigned int)digit_value(*scan->at);
		if (digit >= base)
			break;
		if (value > (max - digit) / base)
			return false;
		value = value * base + digit;
	}
	*valuep = value;
	return scan->at > first;
}

static bool scan_char(struct scan *scan, char c)
{
	if (scan->at == scan->end || *scan->at != c)
		return false;
	scan->at++;
	return true;
}

/* Blanks before the next column; none are needed at the end of the line. */
static bool scan_blanks(struct scan *scan)
{
	const char *first = scan->at;

	while (scan->at < scan->end && (*scan->at == ' ' || *scan->at == '\t'))
		scan->at++;
	return scan->at > first || scan->at == scan->end;
}

static const char *scan_range(struct scan *scan, struct maps_line *line)
{
	if (!scan_number(scan, 16, UINT64_MAX, &line->start) ||
	    !scan_char(scan, '-') ||
	    !scan_number(scan, 16, UINT64_MAX, &line->end) ||
	    !scan_blanks(scan))
		return "expected START-END, two hexadecimal addresses without "
		       "0x";
	if ((line->start | line->end) & ~PAGE_MASK)
		return "START and END must be multiples of the page size, 1000 "
		       "in hexadecimal";
	if (line->start >= line->end)
		return "END must be above START";
	return NULL;
}

static bool scan_flag(struct scan *scan, char set, uint64_t flag, char unset,
		      uint64_t *flagsp)
{
	if (scan_char(scan, set))
		*flagsp |= flag;
	else if (!scan_char(scan, unset))
		return false;
	return true;
}

static const char *scan_perms(struct scan *scan, struct maps_line *line)
{
	if (!scan_flag(scan, 'r', VM_READ, '-', &line->vm_flags) ||
	    !scan_flag(scan, 'w', VM_WRITE, '-', &line->vm_flags) ||
	    !scan_flag(scan, 'x', VM_EXEC, '-', &line->vm_flags) ||
	    !scan_flag(scan, 's', VM_SHARED, 'p', &line->vm_flags) ||
	    !scan_blanks(scan))
		return "expected four permission letters after the addresses, "
		       "such as rw-p";
	return NULL;
}

static const char *scan_offset(struct scan *scan, struct maps_line *line)
{
	uint64_t length = line->end - line->start;

	if (!scan_number(scan, 16, UINT64_MAX, &line->offset) ||
	    !scan_blanks(scan))
		return "expected the offset after the permissions, in "
		       "hexadecimal without 0x";
	if (line->offset & ~PAGE_MASK)
		return "the offset must be a multiple of the page size, 1000 "
		       "in hexadecimal";
	if (line->offset > (uint64_t)INT64_MAX - length)
		return "the offset is beyond what a file can have";
	return NULL;
}

/* Device and inode, or neither: then the name begins here. */
static void scan_inode(struct scan *scan, struct maps_line *line)
{
	struct scan ahead = *scan;
	uint64_t major, minor, inode;

	if (!scan_number(&ahead, 16, UINT16_MAX, &major) ||
	    !scan_char(&ahead, ':') ||
	    !scan_number(&ahead, 16, UINT16_MAX, &minor) ||
	    !scan_blanks(&ahead) ||
	    !scan_number(&ahead, 10, UINT64_MAX, &inode) ||
	    !scan_blanks(&ahead))
		return;
	line->has_inode = true;
	line->dev_major = (uint16_t)major;
	line->dev_minor = (uint16_t)minor;
	line->inode = inode;
	*scan = ahead;
}

struct known_name {
	const char *name;
	enum maps_kind kind;
};

static const struct known_name known_names[] = {
	{ "[heap]", MAPS_HEAP },
	{ "[stack]", MAPS_STACK },
	{ "[vdso]", MAPS_VDSO },
	{ "[vvar]", MAPS_VVAR },
	{ "[vvar_vclock]", MAPS_VVAR_VCLOCK },
	{ "[vsyscall]", MAPS_VSYSCALL },
};

static bool name_is(const struct maps_line *line, const char *name)
{
	return line->name_len == strlen(name) &&
	       !memcmp(line->name, name, line->name_len);
}

/* 4.0 calls what a thread's stack pointer points to [stack:TID]. */
static bool is_thread_stack(const struct maps_line *line)
{
	const char prefix[] = "[stack:";

	return line->name_len > sizeof(prefix) &&
	       !memcmp(line->name, prefix, sizeof(prefix) - 1) &&
	       line->name[line->name_len - 1] == ']';
}

static const char *take_bracket_name(struct maps_line *line)
{
	size_t i;

	if (is_thread_stack(line))
		return NULL;
	for (i = 0; i < sizeof(known_names) / sizeof(known_names[0]); i++) {
		if (name_is(line, known_names[i].name)) {
			line->kind = known_names[i].kind;
			return NULL;
		}
	}
	return "of the names in brackets only [heap], [stack], [stack:TID], "
	       "[vdso], [vvar], [vvar_vclock] and [vsyscall] are known";
}

static const char *take_name(struct scan *scan, struct maps_line *line)
{
	line->name = scan->at;
	line->name_len = (size_t)(scan->end - scan->at);
	if (memchr(line->name, '\0', line->name_len))
		return "a name cannot hold a zero byte";
	if (line->name_len > FILE_PATH_MAX)
		return "the path is longer than 4095 bytes";
	line->kind = MAPS_ANON;
	if (!line->name_len)
		return NULL;
	if (*line->name == '[')
		return take_bracket_name(line);
	line->kind = MAPS_FILE;
	if (line->vm_flags & VM_SHARED &&
	    (name_is(line, "/dev/zero (deleted)") ||
	     name_is(line, "zero (deleted)")))
		line->kind = MAPS_SHMEM;
	return NULL;
}

static const char *judge_anon(const struct maps_line *line)
{
	if (line->offset)
		return "an area without a file has offset 0";
	if (line->has_inode && line->inode)
		return "an area with an inode needs the path of its file";
	if (line->vm_flags & VM_SHARED)
		return "a shared area needs its file; without one it is called "
		       "/dev/zero (deleted)";
	return NULL;
}

static const char *judge_vsyscall(const struct maps_line *line)
{
	uint64_t flags = line->vm_flags & ~VM_READ;

	if (line->start != VSYSCALL_START || line->end != VSYSCALL_END ||
	    flags != VM_EXEC)
		return "[vsyscall] is ffffffffff600000-ffffffffff601000, r-xp "
		       "or --xp";
	return NULL;
}

static const char *judge_line(const struct maps_line *line)
{
	const char *problem = NULL;

	if (line->kind != MAPS_FILE && line->kind != MAPS_SHMEM)
		problem = judge_anon(line);
	if (problem)
		return problem;
	if (line->kind == MAPS_VSYSCALL)
		return judge_vsyscall(line);
	if (line->end > TASK_SIZE)
		return "END is beyond 7ffffffff000, where user space ends";
	return NULL;
}

const char *maps_line_parse(const char *text, size_t len,
			    struct maps_line *line)
{
	struct scan scan = { text, text + len };
	const char *problem;

	memset(line, 0, sizeof(*line));
	if ((problem = scan_range(&scan, line)) ||
	    (problem = scan_perms(&scan, line)) ||
	    (problem = scan_offset(&scan, line)))
		return problem;
	scan_inode(&scan, line);
	problem = take_name(&scan, line);
	return problem ? problem : judge_line(line);
}

size_t maps_unescape(const char *name, size_t len, char *out)
{
	static const char newline[] = "\\012";
	const size_t width = sizeof(newline) - 1;
	char *to = out;
	size_t i = 0;

	while (i < len) {
		if (len - i >= width && !memcmp(name + i, newline, width)) {
			*to++ = '\n';
			i += width;
		} else {
			*to++ = name[i++];
		}
	}
	return (size_t)(to - out);
}
