/* SPDX-License-Identifier: MIT */
#include "tests/conformance/walk/call.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

/* x: hex, d: int, p: prot, m: flags of mmap, r: of mremap, a: advice */
const struct call_form call_forms[CALL_NR_KINDS] = {
	[CALL_BRK] = { "brk", 1, "x" },
	[CALL_MMAP] = { "mmap", 6, "xxpmdx" },
	[CALL_MUNMAP] = { "munmap", 2, "xx" },
	[CALL_MPROTECT] = { "mprotect", 3, "xxp" },
	[CALL_MREMAP] = { "mremap", 5, "xxxrx" },
	[CALL_MLOCK] = { "mlock", 2, "xx" },
	[CALL_MLOCK2] = { "mlock2", 3, "xxx" },
	[CALL_MUNLOCK] = { "munlock", 2, "xx" },
	[CALL_MLOCKALL] = { "mlockall", 1, "x" },
	[CALL_MUNLOCKALL] = { "munlockall", 0, "" },
	[CALL_MADVISE] = { "madvise", 3, "xxa" },
	[CALL_MSYNC] = { "msync", 3, "xxx" },
	[CALL_REMAP_FILE_PAGES] = { "remap_file_pages", 5, "xxpxx" },
	[CALL_MSEAL] = { "mseal", 3, "xxx" },
	[CALL_MINCORE] = { "mincore", 2, "xx" },
	[CALL_FTRUNCATE] = { "ftruncate", 2, "dx" },
	[CALL_READ] = { "read", 1, "x" },
	[CALL_WRITE] = { "write", 1, "x" },
	[CALL_CLONE] = { "clone", 0, "" },
	[CALL_FORK] = { "fork", 0, "" },
};

struct word {
	uint64_t value;
	const char *name;
};

static const struct word prot_words[] = {
	{ 1, "PROT_READ" },
	{ 2, "PROT_WRITE" },
	{ 4, "PROT_EXEC" },
	{ 0x1000000, "PROT_GROWSDOWN" },
	{ 0x2000000, "PROT_GROWSUP" },
	{ 0, NULL },
};

static const struct word mmap_words[] = {
	{ 0x01, "MAP_SHARED" },
	{ 0x02, "MAP_PRIVATE" },
	{ 0x10, "MAP_FIXED" },
	{ 0x20, "MAP_ANONYMOUS" },
	{ 0x40, "MAP_32BIT" },
	{ 0x100, "MAP_GROWSDOWN" },
	{ 0x2000, "MAP_LOCKED" },
	{ 0x4000, "MAP_NORESERVE" },
	{ 0x8000, "MAP_POPULATE" },
	{ 0x10000, "MAP_NONBLOCK" },
	{ 0x20000, "MAP_STACK" },
	{ 0x100000, "MAP_FIXED_NOREPLACE" },
	{ 0, NULL },
};

static const struct word mremap_words[] = {
	{ 1, "MREMAP_MAYMOVE" },
	{ 2, "MREMAP_FIXED" },
	{ 4, "MREMAP_DONTUNMAP" },
	{ 0, NULL },
};

static const struct word advice_words[] = {
	{ 0, "MADV_NORMAL" },
	{ 1, "MADV_RANDOM" },
	{ 2, "MADV_SEQUENTIAL" },
	{ 3, "MADV_WILLNEED" },
	{ 4, "MADV_DONTNEED" },
	{ 8, "MADV_FREE" },
	{ 9, "MADV_REMOVE" },
	{ 10, "MADV_DONTFORK" },
	{ 11, "MADV_DOFORK" },
	{ 12, "MADV_MERGEABLE" },
	{ 13, "MADV_UNMERGEABLE" },
	{ 14, "MADV_HUGEPAGE" },
	{ 15, "MADV_NOHUGEPAGE" },
	{ 16, "MADV_DONTDUMP" },
	{ 17, "MADV_DODUMP" },
	{ 18, "MADV_WIPEONFORK" },
	{ 19, "MADV_KEEPONFORK" },
	{ 20, "MADV_COLD" },
	{ 21, "MADV_PAGEOUT" },
	{ 22, "MADV_POPULATE_READ" },
	{ 23, "MADV_POPULATE_WRITE" },
	{ 24, "MADV_DONTNEED_LOCKED" },
	{ 0, NULL },
};

static const struct word errno_words[] = {
	{ 1, "EPERM" },   { 9, "EBADF" },      { 11, "EAGAIN" },
	{ 12, "ENOMEM" }, { 13, "EACCES" },    { 14, "EFAULT" },
	{ 16, "EBUSY" },  { 17, "EEXIST" },    { 19, "ENODEV" },
	{ 22, "EINVAL" }, { 26, "ETXTBSY" },   { 27, "EFBIG" },
	{ 38, "ENOSYS" }, { 75, "EOVERFLOW" }, { 95, "EOPNOTSUPP" },
	{ 0, NULL },
};

bool call_answers_address(enum call_kind kind)
{
	return kind == CALL_BRK || kind == CALL_MMAP || kind == CALL_MREMAP;
}

bool answers_equal(const struct answer *a, const struct answer *b)
{
	if (a->signal || b->signal)
		return a->signal == b->signal && a->code == b->code;
	return a->ret == b->ret && a->vector == b->vector;
}

/* The bits that have names, joined by |, and the rest as a number. */
static void spell_bits(FILE *out, uint64_t value, const struct word *words)
{
	const char *separator = "";

	for (; words->name; words++) {
		if (!(value & words->value))
			continue;
		fprintf(out, "%s%s", separator, words->name);
		value &= ~words->value;
		separator = "|";
	}
	if (value || !*separator)
		fprintf(out, "%s%#" PRIx64, separator, value);
}

static const char *find_name(uint64_t value, const struct word *words)
{
	for (; words->name; words++)
		if (words->value == value)
			return words->name;
	return NULL;
}

static void spell_arg(FILE *out, char form, uint64_t value)
{
	const char *name;

	switch (form) {
	case 'd':
		fprintf(out, "%d", (int)value);
		break;
	case 'p':
		if (value)
			spell_bits(out, value, prot_words);
		else
			fputs("PROT_NONE", out);
		break;
	case 'm':
		spell_bits(out, value, mmap_words);
		break;
	case 'r':
		spell_bits(out, value, mremap_words);
		break;
	case 'a':
		name = find_name(value, advice_words);
		if (name) {
			fputs(name, out);
			break;
		}
		/* fall through */
	default:
		fprintf(out, value ? "%#" PRIx64 : "%" PRIu64, value);
		break;
	}
}

void call_spell(FILE *out, const struct call *call)
{
	const struct call_form *form = &call_forms[call->kind];
	unsigned int i;

	if (call->process)
		fprintf(out, "[process %u] ", call->process);
	if (call->thread)
		fprintf(out, "[thread %u] ", call->thread);
	if (call->kind == CALL_READ || call->kind == CALL_WRITE) {
		fprintf(out, "%s of one byte at %#" PRIx64, form->name,
			call->args[0]);
		return;
	}
	fprintf(out, "%s(", form->name);
	for (i = 0; i < form->nr_args; i++) {
		if (i)
			fputs(", ", out);
		spell_arg(out, form->args[i], call->args[i]);
	}
	fputc(')', out);
}

static const char *signal_name(int number)
{
	return number == WALK_SIGSEGV  ? "SIGSEGV"
	       : number == WALK_SIGBUS ? "SIGBUS"
				       : "a signal";
}

void answer_spell(FILE *out, const struct answer *answer)
{
	if (answer->signal)
		fprintf(out, "%s/%d", signal_name(answer->signal),
			answer->code);
	else if (answer->ret < 0)
		fprintf(out, "-1 %s (%" PRId64 ")", answer_class(answer),
			-answer->ret);
	else if (answer->ret)
		fprintf(out, "%#" PRIx64, (uint64_t)answer->ret);
	else if (answer->vector)
		fprintf(out, "0, pages %#" PRIx64, answer->vector);
	else
		fputc('0', out);
}

const char *answer_class(const struct answer *answer)
{
	const char *name;

	if (answer->signal)
		return signal_name(answer->signal);
	if (answer->ret >= 0)
		return "success";
	name = find_name((uint64_t)-answer->ret, errno_words);
	return name ? name : "an errno";
}
