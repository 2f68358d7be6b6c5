/* SPDX-License-Identifier: MIT */
#include "clients/cli/calls.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/foreign_text.h"

static const struct call_form forms[] = {
	{ "brk", "mm.brk", true, 1, 1, { { "addr", ARG_ADDR } } },
	{ "mmap",
	  "mm.mmap",
	  true,
	  4,
	  6,
	  { { "addr", ARG_ADDR },
	    { "length", ARG_LENGTH },
	    { "prot", ARG_PROT },
	    { "flags", ARG_MAP_FLAGS },
	    { "fd", ARG_FD },
	    { "offset", ARG_OFFSET } } },
	{ "munmap",
	  "mm.munmap",
	  false,
	  2,
	  2,
	  { { "addr", ARG_ADDR }, { "length", ARG_LENGTH } } },
	{ "mprotect",
	  "mm.mprotect",
	  false,
	  3,
	  3,
	  { { "addr", ARG_ADDR },
	    { "length", ARG_LENGTH },
	    { "prot", ARG_PROT } } },
	{ "mremap",
	  "mm.mremap",
	  true,
	  4,
	  5,
	  { { "old_address", ARG_ADDR },
	    { "old_size", ARG_LENGTH },
	    { "new_size", ARG_LENGTH },
	    { "flags", ARG_MREMAP_FLAGS },
	    { "new_address", ARG_ADDR } } },
	{ "mlock",
	  "mm.mlock",
	  false,
	  2,
	  2,
	  { { "addr", ARG_ADDR }, { "length", ARG_LENGTH } } },
	{ "mlock2",
	  "mm.mlock2",
	  false,
	  3,
	  3,
	  { { "addr", ARG_ADDR },
	    { "length", ARG_LENGTH },
	    { "flags", ARG_MLOCK_FLAGS } } },
	{ "munlock",
	  "mm.munlock",
	  false,
	  2,
	  2,
	  { { "addr", ARG_ADDR }, { "length", ARG_LENGTH } } },
	{ "mlockall",
	  "mm.mlockall",
	  false,
	  1,
	  1,
	  { { "flags", ARG_MLOCKALL_FLAGS } } },
	{ "mseal",
	  "mm.mseal",
	  false,
	  2,
	  3,
	  { { "addr", ARG_ADDR },
	    { "length", ARG_LENGTH },
	    { "flags", ARG_COUNT } } },
	{ "munlockall", "mm.munlockall", false, 0, 0, { { 0 } } },
	{ "madvise",
	  "mm.madvise",
	  false,
	  3,
	  3,
	  { { "addr", ARG_ADDR },
	    { "length", ARG_LENGTH },
	    { "advice", ARG_ADVICE } } },
	{ "mincore",
	  "mm.mincore",
	  false,
	  2,
	  2,
	  { { "addr", ARG_ADDR }, { "length", ARG_LENGTH } } },
	{ "msync",
	  "mm.msync",
	  false,
	  3,
	  3,
	  { { "addr", ARG_ADDR },
	    { "length", ARG_LENGTH },
	    { "flags", ARG_MSYNC_FLAGS } } },
	{ "remap_file_pages",
	  "mm.remap_file_pages",
	  false,
	  5,
	  5,
	  { { "addr", ARG_ADDR },
	    { "size", ARG_LENGTH },
	    { "prot", ARG_PROT },
	    { "pgoff", ARG_COUNT },
	    { "flags", ARG_MAP_FLAGS } } },
};

static const struct flag_name prot_names[] = {
	{ "PROT_READ", 0x1 },
	{ "PROT_WRITE", 0x2 },
	{ "PROT_EXEC", 0x4 },
	{ "PROT_SEM", 0x8 },
	{ "PROT_GROWSDOWN", 0x01000000 },
	{ "PROT_GROWSUP", 0x02000000 },
	{ NULL, 0 },
};

/* Beside the types, which are numbers in the lowest four bits. */
static const struct flag_name map_names[] = {
	{ "MAP_FIXED", 0x10 },
	{ "MAP_ANONYMOUS", 0x20 },
	{ "MAP_32BIT", 0x40 },
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
	{ NULL, 0 },
};

enum {
	MAP_TYPE_MASK = 0xf
};

static const char *const map_types[] = { NULL, "MAP_SHARED", "MAP_PRIVATE",
					 "MAP_SHARED_VALIDATE" };

static const struct flag_name mremap_names[] = {
	{ "MREMAP_MAYMOVE", 1 },
	{ "MREMAP_FIXED", 2 },
	{ "MREMAP_DONTUNMAP", 4 },
	{ NULL, 0 },
};

static const struct flag_name mlock_names[] = {
	{ "MLOCK_ONFAULT", 1 },
	{ NULL, 0 },
};

static const struct flag_name mlockall_names[] = {
	{ "MCL_CURRENT", 1 },
	{ "MCL_FUTURE", 2 },
	{ "MCL_ONFAULT", 4 },
	{ NULL, 0 },
};

static const struct flag_name msync_names[] = {
	{ "MS_ASYNC", 1 },
	{ "MS_INVALIDATE", 2 },
	{ "MS_SYNC", 4 },
	{ NULL, 0 },
};

static const struct flag_name advice_names[] = {
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
	{ "MADV_SOFT_OFFLINE", 101 },  { NULL, 0 },
};

const struct call_form *call_table(size_t *countp)
{
	*countp = sizeof(forms) / sizeof(forms[0]);
	return forms;
}

const struct call_form *call_find(const char *name)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (!strcmp(forms[i].name, name))
			return &forms[i];
	}
	return NULL;
}

const struct flag_name *call_flag_names(enum arg_kind kind)
{
	switch (kind) {
	case ARG_PROT:
		return prot_names;
	case ARG_MAP_FLAGS:
		return map_names;
	case ARG_MREMAP_FLAGS:
		return mremap_names;
	case ARG_MLOCK_FLAGS:
		return mlock_names;
	case ARG_MLOCKALL_FLAGS:
		return mlockall_names;
	case ARG_MSYNC_FLAGS:
		return msync_names;
	case ARG_ADVICE:
		return advice_names;
	default:
		return NULL;
	}
}

json_t *call_params(const struct call_form *form, const uint64_t *args)
{
	json_t *params = json_object();
	char hex[32];

	/* Strings: jansson's integers end at 2^63 - 1, addresses do not. */
	for (unsigned i = 0; i < form->count; i++) {
		snprintf(hex, sizeof(hex), "0x%" PRIx64, args[i]);
		json_object_set_new(params, form->args[i].name,
				    json_string(hex));
	}
	return params;
}

static void spell_flags(FILE *out, const struct flag_name *names,
			uint64_t value, const char *sep)
{
	for (; names->name; names++) {
		if (!(value & names->value))
			continue;
		fprintf(out, "%s%s", sep, names->name);
		value &= ~names->value;
		sep = "|";
	}
	if (value)
		fprintf(out, "%s0x%" PRIx64, sep, value);
	else if (!*sep)
		fputs("0", out);
}

static void spell_map_flags(FILE *out, uint64_t value)
{
	uint64_t type = value & MAP_TYPE_MASK;

	if (type < sizeof(map_types) / sizeof(map_types[0]) && map_types[type])
		fputs(map_types[type], out);
	else
		fprintf(out, "0x%" PRIx64 " /* MAP_??? */", type);
	if (value & ~(uint64_t)MAP_TYPE_MASK)
		spell_flags(out, map_names, value & ~(uint64_t)MAP_TYPE_MASK,
			    "|");
}

static void spell_advice(FILE *out, uint64_t value)
{
	for (const struct flag_name *name = advice_names; name->name; name++) {
		if (name->value == value) {
			fputs(name->name, out);
			return;
		}
	}
	fprintf(out, "0x%" PRIx64 " /* MADV_??? */", value);
}

static void spell_arg(FILE *out, enum arg_kind kind, uint64_t value)
{
	switch (kind) {
	case ARG_ADDR:
		if (value)
			fprintf(out, "0x%" PRIx64, value);
		else
			fputs("NULL", out);
		break;
	case ARG_LENGTH:
	case ARG_COUNT:
		fprintf(out, "%" PRIu64, value);
		break;
	case ARG_OFFSET:
		fprintf(out, value ? "0x%" PRIx64 : "%" PRIx64, value);
		break;
	case ARG_FD:
		fprintf(out, "%d", (int)(uint32_t)value);
		break;
	case ARG_PROT:
		if (value)
			spell_flags(out, prot_names, value, "");
		else
			fputs("PROT_NONE", out);
		break;
	case ARG_MAP_FLAGS:
		spell_map_flags(out, value);
		break;
	case ARG_ADVICE:
		spell_advice(out, value);
		break;
	default:
		spell_flags(out, call_flag_names(kind), value, "");
	}
}

void call_spell(FILE *out, const struct call_form *form, const uint64_t *args)
{
	fprintf(out, "%s(", form->name);
	for (unsigned i = 0; i < form->count; i++) {
		if (i)
			fputs(", ", out);
		spell_arg(out, form->args[i].kind, args[i]);
	}
	fputs(")", out);
}

void call_spell_result(FILE *out, const json_t *ret)
{
	json_int_t number = json_integer_value(ret);
	const char *name;

	if (json_is_string(ret)) {
		foreign_put(out, json_string_value(ret));
	} else if (!json_is_integer(ret)) {
		fputc('?', out);
	} else if (call_is_errno(number)) {
		name = strerrorname_np((int)-number);
		fprintf(out, "-1 %s (%s)", name ? name : "E???",
			strerror((int)-number));
	} else {
		fprintf(out, "%" JSON_INTEGER_FORMAT, number);
	}
}

#define HUGE_PAGE (2ULL << 20)
#define MAP_PLACED_OR_NO_FILE                                                  \
	0x100030ULL /* FIXED, FIXED_NOREPLACE, ANONYMOUS */

bool call_file_system_chose(const struct call_form *form, const uint64_t *args,
			    int64_t ret)
{
	return !strcmp(form->name, "mmap") && ret > 0 && !args[0] &&
	       !(args[3] & MAP_PLACED_OR_NO_FILE) && args[1] >= HUGE_PAGE &&
	       !(((uint64_t)ret - args[5]) % HUGE_PAGE);
}

const char *call_fault_signal(const json_t *result)
{
	static const struct flag_name codes[] = {
		{ "SEGV_MAPERR", 1 },
		{ "SEGV_ACCERR", 2 },
		{ "BUS_ADRERR", 2 },
	};
	static char text[64];
	const char *fault = json_string_value(json_object_get(result, "fault"));
	const char *code =
		json_string_value(json_object_get(result, "si_code"));

	if (!fault)
		return "?";
	if (!strcmp(fault, "none") || !strcmp(fault, "minor"))
		return "0";
	for (size_t i = 0; code && i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (!strcmp(code, codes[i].name)) {
			snprintf(text, sizeof(text), "%s/%d", fault,
				 (int)codes[i].value);
			return text;
		}
	}
	snprintf(text, sizeof(text), "%s/%s", fault, code ? code : "?");
	return text;
}
