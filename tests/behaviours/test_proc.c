/* SPDX-License-Identifier: MIT */
/* What maps, smaps and status print. */
#include <stdio.h>
#include <string.h>

#include "core/world/proc.h"
#include "tests/behaviours/scene.h"

#define BASE 0x100000ULL

static struct outcome apply(struct world_fixture *f, enum op_code code,
			    const uint64_t args[OP_MAX_ARGS])
{
	struct outcome out;

	world_answers(f, fixture_apply(f, code, args, &out), WORLD_OK);
	return out;
}

/* mmap of anonymous memory at a fixed address. */
static void map_pages(struct world_fixture *f, uint64_t addr, uint64_t pages,
		      uint64_t prot, uint64_t flags)
{
	const uint64_t args[OP_MAX_ARGS] = { addr, bytes(pages), prot,
					     flags | MAP_FIXED };

	world_answers(f, apply(f, OP_MMAP, args).ret, addr);
}

/* All of an area's lines in smaps but the first. */
static const char *smaps_text(struct world_fixture *f, uint64_t addr)
{
	static char text[SMAPS_TEXT_MAX + 1];
	struct smaps smaps;
	size_t len;

	world_answers(f, smaps_begin(fixture_process(f), &smaps), 0);
	len = smaps_area_text(&smaps, fixture_area(f, addr), text);
	smaps_end(&smaps);
	text[len] = '\0';
	return text;
}

/* The value of a line "Name:   8 kB"; UINT64_MAX: there is none. */
static uint64_t value_in(const char *text, const char *name)
{
	unsigned long long value;
	size_t len = strlen(name);

	for (; *text; text = strchr(text, '\n') + 1) {
		if (!strncmp(text, name, len) && text[len] == ':' &&
		    sscanf(text + len + 1, "%llu", &value) == 1)
			return value;
	}
	return UINT64_MAX;
}

/* The names of all lines, a blank behind each. */
static const char *names_in(const char *text)
{
	static char names[SMAPS_TEXT_MAX];
	size_t len = 0;

	for (; *text; text = strchr(text, '\n') + 1)
		len += (size_t)snprintf(names + len, sizeof(names) - len,
					"%.*s ", (int)strcspn(text, ":"), text);
	return names;
}

static const char *status_text(const struct world_fixture *f)
{
	static char text[STATUS_TEXT_MAX + 1];

	text[process_status_text(fixture_process(f), text)] = '\0';
	return text;
}

static uint64_t status_of(const struct world_fixture *f, const char *name)
{
	return value_in(status_text(f), name);
}

WORLD_BEHAVIOUR(o1)
{
	static const char stack[] = "7ffffffde000-7ffffffff000 rw-p 00000000 "
				    "00:00 0                          [stack]";
	static const char file[] = "00100000-00101000 r-xp 00003000 08:01 77";
	const char *line;

	world_answers(f,
		      fixture_make_of(f, "100000-101000 r-xp 3000 08:01 77 "
					 "/bin/x\n"
					 "7ffffffde000-7ffffffff000 rw-p 0 "
					 "[stack]\n"),
		      WORLD_OK);
	line = fixture_maps(f);
	world_answers(f, strncmp(line, file, strlen(file)), 0);
	/* Names begin in column 74. */
	world_answers(f, strcspn(line, "/"), 73);
	line = strchr(line, '\n') + 1;
	world_answers(f, strcspn(line, "["), 73);
	world_answers(f, strcspn(line, "\n"), 80);
	world_answers(f, strncmp(line, stack, 80), 0);
}

WORLD_BEHAVIOUR(o2)
{
	world_answers(f, fixture_make_of(f, "1000-2000 rw-p 0\n"), WORLD_OK);
	world_answers(f,
		      strcmp(fixture_maps(f),
			     "00001000-00002000 rw-p 00000000 00:00 0 \n"),
		      0);
}

WORLD_BEHAVIOUR(o3)
{
	world_answers(f, fixture_make_of(f, ""), WORLD_OK);
	map_pages(f, BASE, 1, RW, SHMEM);
	world_holds(f, strstr(fixture_maps(f), " /dev/zero (deleted)\n"));
}

WORLD_BEHAVIOUR(o4)
{
	const struct file_setup file = { .fd = 3,
					 .size = PAGE_SIZE,
					 .mode = FILE_RO,
					 .name = "data",
					 .name_len = 4 };
	const uint64_t args[OP_MAX_ARGS] = { BASE,      PAGE_SIZE,
					     PROT_READ, MAP_SHARED | MAP_FIXED,
					     3,         0 };

	f->setup.files = &file;
	f->setup.nr_files = 1;
	world_answers(f, fixture_make_of(f, ""), WORLD_OK);
	apply(f, OP_MMAP, args);
	/* Not VM_SHARED, as nobody can write, but called shared. */
	world_answers(f, fixture_area(f, BASE)->vm_flags & VM_SHARED, 0);
	world_holds(f, strstr(fixture_maps(f), "00101000 r--s "));
}

WORLD_BEHAVIOUR(o5)
{
	uint64_t args[OP_MAX_ARGS] = { 0 };
	const char *maps;

	world_answers(f, fixture_make(f), WORLD_OK);
	args[0] = fixture_mm(f)->start_brk + PAGE_SIZE;
	apply(f, OP_BRK, args);
	maps = fixture_maps(f);
	world_holds(f, strstr(maps, " [heap]\n"));
	world_holds(f, strstr(maps, " [stack]\n"));
	world_holds(f, strstr(maps, " [vdso]\n"));
	world_holds(f, strstr(maps, " [vvar]\n"));
	/* Beside an empty heap the name is the neighbour's, or nobody's. */
	args[0] = fixture_mm(f)->start_brk;
	apply(f, OP_BRK, args);
	map_pages(f, PAGE_ALIGN(args[0]), 1, PROT_READ, ANON);
	world_answers(f, strstr(fixture_maps(f), " [heap]\n") != NULL,
		      !world_since(f, "6.12"));
}

WORLD_BEHAVIOUR(o6)
{
	const struct file_setup file = { .fd = 3,
					 .size = PAGE_SIZE,
					 .mode = FILE_RW,
					 .name = "a\nb",
					 .name_len = 3 };
	const uint64_t args[OP_MAX_ARGS] = { BASE,      PAGE_SIZE,
					     PROT_READ, MAP_SHARED | MAP_FIXED,
					     3,         0 };

	f->setup.files = &file;
	f->setup.nr_files = 1;
	world_answers(f,
		      fixture_make_of(f, "1000-2000 r--p 0 08:01 9 "
					 "/tmp/gone (deleted)\n"),
		      WORLD_OK);
	apply(f, OP_MMAP, args);
	world_holds(f, strstr(fixture_maps(f), " /tmp/gone (deleted)\n"));
	world_holds(f, strstr(fixture_maps(f), " /a\\012b\n"));
}

/* Shared memory that all releases' smaps can print something about. */
static void begin_smaps(struct world_fixture *f)
{
	world_answers(f, fixture_make_of(f, ""), WORLD_OK);
	map_pages(f, BASE, 2, RW, SHMEM | MAP_POPULATE);
}

WORLD_BEHAVIOUR(o8)
{
	static const char *const wanted[][2] = {
		{ "4.0",
		  "Size Rss Pss Shared_Clean Shared_Dirty Private_Clean "
		  "Private_Dirty Referenced Anonymous AnonHugePages Swap "
		  "KernelPageSize MMUPageSize Locked VmFlags " },
		{ "5.10",
		  "Size KernelPageSize MMUPageSize Rss Pss Shared_Clean "
		  "Shared_Dirty Private_Clean Private_Dirty Referenced "
		  "Anonymous LazyFree AnonHugePages ShmemPmdMapped "
		  "FilePmdMapped Shared_Hugetlb Private_Hugetlb Swap SwapPss "
		  "Locked THPeligible VmFlags " },
		{ "6.1",
		  "Size KernelPageSize MMUPageSize Rss Pss Pss_Dirty "
		  "Shared_Clean Shared_Dirty Private_Clean Private_Dirty "
		  "Referenced Anonymous LazyFree AnonHugePages ShmemPmdMapped "
		  "FilePmdMapped Shared_Hugetlb Private_Hugetlb Swap SwapPss "
		  "Locked THPeligible VmFlags " },
		{ "6.12",
		  "Size KernelPageSize MMUPageSize Rss Pss Pss_Dirty "
		  "Shared_Clean Shared_Dirty Private_Clean Private_Dirty "
		  "Referenced Anonymous KSM LazyFree AnonHugePages "
		  "ShmemPmdMapped FilePmdMapped Shared_Hugetlb "
		  "Private_Hugetlb Swap SwapPss Locked THPeligible VmFlags " },
	};
	size_t i;

	begin_smaps(f);
	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (!strcmp(f->setup.profile->name, wanted[i][0]))
			world_answers(f,
				      strcmp(names_in(smaps_text(f, BASE)),
					     wanted[i][1]),
				      0);
}

WORLD_BEHAVIOUR(o9)
{
	const char *text;

	begin_smaps(f);
	text = smaps_text(f, BASE);
	world_answers(f, strstr(text, "KernelPageSize:") < strstr(text, "Rss:"),
		      world_since(f, "5.10"));
	world_answers(f, value_in(text, "KernelPageSize"), 4);
	world_answers(f, value_in(text, "MMUPageSize"), 4);
}

WORLD_BEHAVIOUR(o10)
{
	const char *text;

	begin_smaps(f);
	text = smaps_text(f, BASE);
	world_holds(f, strstr(text, "VmFlags: rd wr sh mr mw me ms "));
	world_answers(f, value_in(text, "Rss"), 8);
	world_answers(f, value_in(text, "Anonymous"), 0);
	world_answers(f,
		      value_in(text, "Private_Clean") +
			      value_in(text, "Private_Dirty"),
		      8);
	world_answers(f,
		      value_in(text, "Shared_Clean") +
			      value_in(text, "Shared_Dirty"),
		      0);
}

WORLD_BEHAVIOUR(o11)
{
	const char *text;

	world_answers(f, fixture_make_of(f, ""), WORLD_OK);
	map_pages(f, BASE, 2, PROT_WRITE, ANON | MAP_POPULATE);
	text = smaps_text(f, BASE);
	world_holds(f, strstr(text, "VmFlags: wr mr mw me "));
	world_answers(f, value_in(text, "Rss"), 8);
	world_answers(f, value_in(text, "Anonymous"), 8);
}

WORLD_BEHAVIOUR(o12)
{
	const uint64_t range[OP_MAX_ARGS] = { BASE, bytes(2) };
	struct outcome out;

	begin_smaps(f);
	world_answers(f, value_in(smaps_text(f, BASE), "Locked"), 0);
	world_answers(f, apply(f, OP_MLOCK, range).ret, 0);
	world_answers(f, value_in(smaps_text(f, BASE), "Pss"), 8);
	world_answers(f, value_in(smaps_text(f, BASE), "Locked"), 8);
	/* Half of each page is the child's, once it has them, too. */
	fixture_apply(f, OP_FORK, NULL, &out);
	{
		const struct operation touch = {
			.code = OP_ACCESS,
			.process = out.process,
			.thread = 1,
			.args = { BASE, bytes(2), ACCESS_READ, UINT64_MAX },
		};

		world_answers(f, world_apply(f->world, &touch, &out), WORLD_OK);
	}
	world_answers(f, value_in(smaps_text(f, BASE), "Pss"), 4);
	world_answers(f, value_in(smaps_text(f, BASE), "Locked"), 4);
}

WORLD_BEHAVIOUR(o13)
{
	const uint64_t range[OP_MAX_ARGS] = { BASE, bytes(2), MLOCK_ONFAULT };
	bool known = world_since(f, "5.10"), named = world_since(f, "6.12");
	const char *text;

	begin_smaps(f);
	world_answers(f, apply(f, OP_MLOCK2, range).ret,
		      known ? 0 : -MM_ENOSYS);
	text = smaps_text(f, BASE);
	world_answers(f, strstr(text, " lf ") != NULL, named);
	world_answers(f, strstr(text, " ?? ") != NULL, known && !named);
}

WORLD_BEHAVIOUR(o14)
{
	static const char first[] = "VmPeak VmSize VmLck VmPin VmHWM VmRSS ";
	static const char kinds[] = "RssAnon RssFile RssShmem ";
	static const char sizes[] = "VmData VmStk VmExe VmLib VmPTE ";
	bool old = !world_since(f, "5.10");
	bool hugetlb = world_since(f, "6.1");
	char wanted[256];

	world_answers(f, fixture_make(f), WORLD_OK);
	snprintf(wanted, sizeof(wanted), "%s%s%s%sVmSwap %s", first,
		 old ? "" : kinds, sizes, old ? "VmPMD " : "",
		 hugetlb ? "HugetlbPages " : "");
	world_answers(f, strcmp(names_in(status_text(f)), wanted), 0);
	/* A tab, eight columns, and the unit. */
	world_answers(f, strcspn(status_text(f), "\n"),
		      strlen("VmPeak:\t") + 11);
}

WORLD_BEHAVIOUR(o15)
{
	world_answers(f,
		      fixture_make_of(f,
				      "400000-403000 r-xp 0 08:01 9 /bin/x\n"
				      "500000-502000 r-xp 0 08:01 8 /lib/y\n"),
		      WORLD_OK);
	world_answers(f, status_of(f, "VmExe"), 12);
	world_answers(f, status_of(f, "VmLib"), 8);
}

WORLD_BEHAVIOUR(o16)
{
	bool old = !world_since(f, "5.10");

	world_answers(f, fixture_make_of(f, ""), WORLD_OK);
	map_pages(f, BASE, 2, RW, ANON);
	map_pages(f, BASE + 0x10000, 3, PROT_READ, ANON);
	map_pages(f, BASE + 0x20000, 4, RW, SHMEM);
	map_pages(f, BASE + 0x40000, 5, RW, ANON | MAP_GROWSDOWN);
	world_answers(f, status_of(f, "VmData"), old ? 20 : 8);
	world_answers(f, status_of(f, "VmStk"), 20);
	world_answers(f, status_of(f, "VmSize"), 56);
}

WORLD_BEHAVIOUR(o17)
{
	const uint64_t range[OP_MAX_ARGS] = { BASE, bytes(4) };

	world_answers(f, fixture_make_of(f, ""), WORLD_OK);
	map_pages(f, BASE, 4, RW, ANON | MAP_POPULATE);
	world_answers(f, status_of(f, "VmPeak"), 16);
	world_answers(f, status_of(f, "VmHWM"), 16);
	apply(f, OP_MUNMAP, range);
	world_answers(f, status_of(f, "VmSize"), 0);
	world_answers(f, status_of(f, "VmRSS"), 0);
	world_answers(f, status_of(f, "VmPeak"), 16);
	world_answers(f, status_of(f, "VmHWM"), 16);
}

CU_TestInfo test_proc[] = {
	{ "O1 columns of maps", o1 },
	{ "O2 an anonymous line", o2 },
	{ "O3 shared anonymous memory", o3 },
	{ "O4 shared or private", o4 },
	{ "O5 names", o5 },
	{ "O6 names of files", o6 },
	{ "O8 D46 lines of smaps", o8 },
	{ "O9 page sizes in smaps", o9 },
	{ "O10 smaps of shared memory", o10 },
	{ "O11 smaps of private memory", o11 },
	{ "O12 Locked is Pss", o12 },
	{ "O13 codes of flags", o13 },
	{ "O14 lines of status", o14 },
	{ "O15 VmExe and VmLib", o15 },
	{ "O16 VmData", o16 },
	{ "O17 VmPeak and VmHWM", o17 },
	CU_TEST_INFO_NULL,
};
