/* SPDX-License-Identifier: MIT */
/*
 * How a process_setup becomes a process
 */
#include <stdlib.h>
#include <string.h>

#include "core/world/history.h"
#include "core/world/proc.h"
#include "tests/core/world_fixture.h"
#include "tests/support/suite.h"

/* ---------------------------------------- a process of a recorded kernel */

static const char traced_maps[] = "400000-401000 r-xp 0 tracee\n"
				  "7ffff7ffb000-7ffff7ffd000 r--p 0 [vvar]\n"
				  "7ffff7ffd000-7ffff7fff000 r-xp 0 [vdso]\n"
				  "7ffffffde000-7ffffffff000 rw-p 0 [stack]\n";

static const struct resident_setup traced_resident[] = {
	{ 0x400000, 0x401000, RESIDENT_FILE },
	{ 0x7fffffffe000, 0x7ffffffff000, RESIDENT_ANON },
	{ 0x7ffff7ffb000, 0x7ffff7ffd000, RESIDENT_PFN },
};

static const struct file_setup traced_files[] = {
	{ .fd = 10,
	  .name = "data.rw",
	  .name_len = 7,
	  .size = 20580,
	  .mode = FILE_RW },
	{ .fd = 11,
	  .name = "data.ro",
	  .name_len = 7,
	  .size = 24576,
	  .mode = FILE_RO },
};

static void set_field(struct process_setup *setup, enum mm_field field,
		      uint64_t value)
{
	setup->mm[field] = value;
	setup->mm_given |= 1U << field;
}

/* The first line of a trace that Linux 4.0 wrote. */
static void set_up_traced_process(struct world_fixture *f)
{
	struct process_setup *setup = &f->setup;

	fixture_begin(f);
	setup->maps = traced_maps;
	setup->maps_len = sizeof(traced_maps) - 1;
	setup->resident = traced_resident;
	setup->nr_resident = 3;
	setup->files = traced_files;
	setup->nr_files = 2;
	setup->vmacache_stale = true;
	setup->uid = 65534;
	setup->mem_total_kb = 1026840;
	setup->committed_kb = 18480;
	setup->committed_given = true;
	setup->sysctl = (struct sysctl){ .max_map_count = 65530,
					 .admin_reserve_kbytes = 8192,
					 .user_reserve_kbytes = 31999 };
	setup->sysctl_given = 1U << SYSCTL_MAX_MAP_COUNT |
			      1U << SYSCTL_ADMIN_RESERVE_KBYTES |
			      1U << SYSCTL_USER_RESERVE_KBYTES;
	setup->rlimits = (struct rlimits){ .memlock = 8388608 };
	setup->rlimits_given = 1U << RLIMIT_MEMLOCK;
	set_field(setup, MM_START_CODE, 0x400000);
	set_field(setup, MM_END_CODE, 0x4000bb);
	set_field(setup, MM_START_DATA, 0x400000);
	set_field(setup, MM_END_DATA, 0x4000bb);
	set_field(setup, MM_START_BRK, 0x401000);
	set_field(setup, MM_BRK, 0x401000);
	set_field(setup, MM_START_STACK, 0x7fffffffee70);
	set_field(setup, MM_MMAP_BASE, 0x7ffff7fff000);
	set_field(setup, MM_HIWATER_VM, 40);
	set_field(setup, MM_HIWATER_RSS, 2);
}

static void traced_process_has_the_kernels_status(void)
{
	/* VmPeak is one page above VmSize: one was mapped and unmapped. */
	static const uint64_t expected[STATUS_NR_FIELDS] = {
		[STATUS_VMPEAK] = 160,
		[STATUS_VMSIZE] = 156,
		[STATUS_VMHWM] = 8,
		[STATUS_VMRSS] = 8,
		[STATUS_RSSANON] = UINT64_MAX,
		[STATUS_RSSFILE] = UINT64_MAX,
		[STATUS_RSSSHMEM] = UINT64_MAX,
		[STATUS_VMDATA] = 16,
		[STATUS_VMSTK] = 136,
		[STATUS_VMEXE] = 4,
		[STATUS_VMPTE] = 12,
		[STATUS_VMPMD] = 8,
	};
	uint64_t values[STATUS_NR_FIELDS];
	struct world_fixture f;
	int i;

	set_up_traced_process(&f);
	CU_ASSERT_EQUAL_FATAL(fixture_make(&f), WORLD_OK);
	process_status(fixture_process(&f), values);
	for (i = 0; i < STATUS_NR_FIELDS; i++)
		CU_ASSERT_EQUAL(values[i], expected[i]);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void traced_process_is_as_the_header_says(void)
{
	const struct vm_file *file;
	const struct mm_struct *mm;
	struct world_fixture f;
	int32_t fd = 0;

	set_up_traced_process(&f);
	CU_ASSERT_EQUAL_FATAL(fixture_make(&f), WORLD_OK);
	mm = fixture_mm(&f);
	CU_ASSERT_EQUAL(mm->brk, 0x401000);
	CU_ASSERT_EQUAL(mm->start_stack, 0x7fffffffee70);
	CU_ASSERT_EQUAL(mm->rlimits.memlock, 8388608);
	CU_ASSERT_EQUAL(mm->rlimits.stack, 8 << 20);
	CU_ASSERT_EQUAL(mm->tasks->vmacache.seqnum + 1, mm->vmacache_seqnum);
	CU_ASSERT_EQUAL(world_machine(f.world)->committed_as, 18480 / 4);
	CU_ASSERT_EQUAL(world_machine(f.world)->sysctl.user_reserve_kbytes,
			31999);

	file = process_next_file(fixture_process(&f), &fd);
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	CU_ASSERT_EQUAL(fd, 10);
	CU_ASSERT_EQUAL(file->inode, 1);
	CU_ASSERT_EQUAL(file->path_len, 8);
	CU_ASSERT_FALSE(memcmp(file->path, "/data.rw", 8));
	CU_ASSERT(file->readable && file->writable);
	fd++;
	file = process_next_file(fixture_process(&f), &fd);
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	CU_ASSERT_EQUAL(fd, 11);
	CU_ASSERT(file->readable && !file->writable);
	fd++;
	CU_ASSERT_PTR_NULL(process_next_file(fixture_process(&f), &fd));
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

/* -------------------------------------------------------------- variants */

static void missing_fields_come_from_the_maps(void)
{
	struct world_fixture f;
	const struct mm_struct *mm;

	fixture_begin(&f);
	CU_ASSERT_EQUAL_FATAL(
		fixture_make_of(&f,
				"300000-301000 r--p 00000000 08:01 7 /bin/cat\n"
				"301000-303000 r-xp 00001000 08:01 7 /bin/cat\n"
				"503000-504000 rw-p 00003000 08:01 7 /bin/cat\n"
				"504000-506000 rw-p 00000000 00:00 0 \n"
				"7ffffffde000-7ffffffff000 rw-p 00000000 00:00 "
				"0 [stack]\n"),
		WORLD_OK);
	mm = fixture_mm(&f);
	CU_ASSERT_EQUAL(mm->start_code, 0x301000);
	CU_ASSERT_EQUAL(mm->end_code, 0x303000);
	CU_ASSERT_EQUAL(mm->start_data, 0x503000);
	CU_ASSERT_EQUAL(mm->end_data, 0x504000);
	CU_ASSERT_EQUAL(mm->start_brk, 0x506000);
	CU_ASSERT_EQUAL(mm->brk, 0x506000);
	CU_ASSERT_EQUAL(mm->mmap_base, 0x7ffff7fff000);
	CU_ASSERT(mm->start_stack > 0x7fffffffe000);
	CU_ASSERT(mm->start_stack < 0x7ffffffff000);
	CU_ASSERT_EQUAL(mm->hiwater_vm, mm->total_vm);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void the_heap_line_says_where_the_break_is(void)
{
	struct world_fixture f;

	fixture_begin(&f);
	CU_ASSERT_EQUAL_FATAL(fixture_make_of(&f,
					      "400000-401000 r-xp 0 /bin/a\n"
					      "900000-903000 rw-p 0 [heap]\n"
					      "903000-904000 r--p 0 [heap]\n"),
			      WORLD_OK);
	CU_ASSERT_EQUAL(fixture_mm(&f)->start_brk, 0x900000);
	CU_ASSERT_EQUAL(fixture_mm(&f)->brk, 0x904000);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void one_end_of_a_range_moves_the_other(void)
{
	struct world_fixture f;

	fixture_begin(&f);
	set_field(&f.setup, MM_START_BRK, 0xa00000);
	CU_ASSERT_EQUAL_FATAL(fixture_make(&f), WORLD_OK);
	CU_ASSERT_EQUAL(fixture_mm(&f)->start_brk, 0xa00000);
	CU_ASSERT_EQUAL(fixture_mm(&f)->brk, 0xa00000);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void one_start_of_a_range_gives_way_to_its_end(void)
{
	struct world_fixture f;

	fixture_begin(&f);
	set_field(&f.setup, MM_END_DATA, 0x500000);
	CU_ASSERT_EQUAL_FATAL(fixture_make(&f), WORLD_OK);
	CU_ASSERT_EQUAL(fixture_mm(&f)->start_data, 0x500000);
	CU_ASSERT_EQUAL(fixture_mm(&f)->end_data, 0x500000);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void the_world_remembers_seed_and_history(void)
{
	struct world_fixture f;

	fixture_begin(&f);
	f.setup.seed = 42;
	f.setup.history = HISTORY_ALL;
	CU_ASSERT_EQUAL_FATAL(fixture_make(&f), WORLD_OK);
	CU_ASSERT_EQUAL(world_seed(f.world), 42);
	CU_ASSERT_EQUAL(world_history_limit(f.world), HISTORY_ALL);
	CU_ASSERT_EQUAL(world_journal_bytes(f.world), 0);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void high_water_is_never_below_the_present(void)
{
	struct world_fixture f;

	fixture_begin(&f);
	set_field(&f.setup, MM_HIWATER_VM, 1);
	set_field(&f.setup, MM_HIWATER_RSS, 99);
	CU_ASSERT_EQUAL_FATAL(fixture_make(&f), WORLD_OK);
	CU_ASSERT_EQUAL(fixture_mm(&f)->hiwater_vm, 40);
	CU_ASSERT_EQUAL(fixture_mm(&f)->hiwater_rss, 99);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void empty_maps_make_an_empty_address_space(void)
{
	struct world_fixture f;

	fixture_begin(&f);
	CU_ASSERT_EQUAL_FATAL(fixture_make_of(&f, ""), WORLD_OK);
	CU_ASSERT_EQUAL(fixture_mm(&f)->map_count, 0);
	CU_ASSERT_EQUAL(fixture_mm(&f)->total_vm, 0);
	CU_ASSERT_STRING_EQUAL(fixture_maps(&f), "");
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void stack_limit_bounds_the_first_stack(void)
{
	struct world_fixture f;

	fixture_begin(&f);
	f.setup.rlimits.stack = 64 << 10;
	f.setup.rlimits_given = 1U << RLIMIT_STACK;
	CU_ASSERT_EQUAL_FATAL(fixture_make(&f), WORLD_OK);
	CU_ASSERT_EQUAL(fixture_mm(&f)->stack_vm, 16);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void legacy_layout_puts_vvar_at_the_bottom(void)
{
	struct world_fixture f;

	fixture_begin(&f);
	f.setup.sysctl.legacy_va_layout = 1;
	f.setup.sysctl_given = 1U << SYSCTL_LEGACY_VA_LAYOUT;
	CU_ASSERT_EQUAL_FATAL(fixture_make(&f), WORLD_OK);
	CU_ASSERT_PTR_NOT_NULL_FATAL(fixture_area(&f, 0x2aaaaaaab000));
	CU_ASSERT_EQUAL(fixture_area(&f, 0x2aaaaaaab000)->vm_special,
			VM_SPECIAL_VVAR);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void seed_moves_everything_but_the_program(void)
{
	const struct vm_area_struct *vma, *stack, *vvar;
	const struct mm_struct *mm;
	struct world_fixture f;
	uint64_t seed, moved_breaks = 0, above_stack = 0;

	for (seed = 1; seed <= 200; seed++) {
		fixture_begin(&f);
		f.setup.seed = seed;
		CU_ASSERT_EQUAL_FATAL(fixture_make(&f), WORLD_OK);
		mm = fixture_mm(&f);
		stack = vvar = NULL;
		for (vma = mm->mmap; vma; vma = vma->vm_next) {
			if (vma->vm_flags & VM_GROWSDOWN)
				stack = vma;
			if (vma->vm_special == VM_SPECIAL_VVAR)
				vvar = vma;
		}
		CU_ASSERT_PTR_NOT_NULL_FATAL(stack);
		CU_ASSERT_PTR_NOT_NULL_FATAL(vvar);
		CU_ASSERT_PTR_NOT_NULL(fixture_area(&f, 0x400000));
		CU_ASSERT(mm->start_brk >= 0x601000);
		CU_ASSERT_EQUAL(mm->brk, mm->start_brk);
		moved_breaks += mm->brk > 0x601000;
		CU_ASSERT(mm->start_brk <= 0x601000 + (32 << 20));
		CU_ASSERT(TASK_SIZE - stack->vm_end <= 0x3fffffULL << 12);
		CU_ASSERT(mm->start_stack > stack->vm_start + PAGE_SIZE);
		CU_ASSERT(mm->start_stack < stack->vm_end);
		CU_ASSERT(mm->mmap_base < stack->vm_start);
		/* Above the stack in the same 2 MiB, if user space goes on. */
		if (vvar->vm_start >= stack->vm_end) {
			CU_ASSERT(vvar->vm_next->vm_end - stack->vm_end <=
				  (2 << 20) + 0x4000);
			above_stack++;
		}
		CU_ASSERT_PTR_NULL(fixture_end(&f));
	}
	CU_ASSERT(moved_breaks > 190);
	CU_ASSERT(above_stack > 190);
}

static void same_seed_makes_the_same_world(void)
{
	struct world_fixture f;
	char *dumps[3];
	int i;

	for (i = 0; i < 3; i++) {
		fixture_begin(&f);
		f.setup.seed = i < 2 ? 4711 : 4712;
		CU_ASSERT_EQUAL_FATAL(fixture_make(&f), WORLD_OK);
		dumps[i] = fixture_dump(&f);
		CU_ASSERT_PTR_NULL(fixture_end(&f));
	}
	CU_ASSERT_STRING_EQUAL(dumps[0], dumps[1]);
	CU_ASSERT_STRING_NOT_EQUAL(dumps[0], dumps[2]);
	for (i = 0; i < 3; i++)
		free(dumps[i]);
}

static void resident_pages_take_the_kind_of_their_area(void)
{
	static const struct resident_setup resident[] = {
		{ 0x400000, 0x404000, RESIDENT_DEFAULT }, /* file, then anon */
		{ 0x401000, 0x403000, RESIDENT_DEFAULT }, /* once is enough */
		{ 0x500000, 0x501000, RESIDENT_ZERO },
		{ 0x600000, 0x601000, RESIDENT_DEFAULT }, /* vvar: pfn */
	};
	struct world_fixture f;
	uint64_t start = 0, end;

	fixture_begin(&f);
	f.setup.resident = resident;
	f.setup.nr_resident = 4;
	CU_ASSERT_EQUAL_FATAL(fixture_make_of(&f,
					      "400000-402000 r-xp 0 /a\n"
					      "402000-404000 rw-p 0\n"
					      "500000-502000 rw-p 0\n"
					      "600000-601000 r--p 0 [vvar]\n"),
			      WORLD_OK);
	CU_ASSERT_EQUAL(fixture_mm(&f)->rss_file, 2);
	CU_ASSERT_EQUAL(fixture_mm(&f)->rss_anon, 2);
	CU_ASSERT_PTR_NOT_NULL(fixture_area(&f, 0x402000)->anon_vma);
	CU_ASSERT_PTR_NULL(fixture_area(&f, 0x500000)->anon_vma);
	CU_ASSERT(mm_next_resident(fixture_mm(&f), &start, &end));
	CU_ASSERT_EQUAL(start, 0x400000);
	CU_ASSERT_EQUAL(end, 0x404000);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

/* Refuse the n-th request, for every n, until the creation gets through. */
static void refuse_every_request(void (*begin)(struct world_fixture *f))
{
	enum world_status status = WORLD_REFUSED;
	struct world_fixture f;
	uint64_t n;

	for (n = 0; status != WORLD_OK && n < 1000; n++) {
		begin(&f);
		fail_alloc_after(&f.host, n);
		status = fixture_make(&f);
		CU_ASSERT_EQUAL(status != WORLD_OK,
				fail_alloc_has_failed(&f.host));
		if (status != WORLD_OK) {
			CU_ASSERT_EQUAL(status, WORLD_REFUSED);
			CU_ASSERT_EQUAL(f.memory.refusal, REFUSAL_HOST_MEMORY);
		}
		fail_alloc_never(&f.host);
		CU_ASSERT_PTR_NULL(fixture_end(&f));
	}
	CU_ASSERT_EQUAL(status, WORLD_OK);
	CU_ASSERT(n > 10);
}

static const char varied_maps[] =
	"400000-401000 r-xp 00000000 08:01 5 /bin/a\n"
	"600000-601000 rw-p 00000000 08:01 5 /bin/a\n"
	"700000-702000 rw-s 00000000 00:04 9 /dev/zero (deleted)\n"
	"702000-703000 r--s 00002000 00:04 9 /dev/zero (deleted)\n"
	"800000-801000 r--s 00000000 00:01 1 /data.ro\n"
	"7ffffffde000-7ffffffff000 rw-p 00000000 00:00 0 [stack]\n";

static void begin_varied(struct world_fixture *f)
{
	set_up_traced_process(f);
	f->setup.maps = varied_maps;
	f->setup.maps_len = sizeof(varied_maps) - 1;
	f->setup.nr_resident = 2;
}

static void failing_host_leaves_nothing_behind(void)
{
	refuse_every_request(fixture_begin);
	refuse_every_request(begin_varied);
}

CU_TestInfo test_creation[] = {
	{ "traced process has the kernel's status",
	  traced_process_has_the_kernels_status },
	{ "traced process is as the header says",
	  traced_process_is_as_the_header_says },
	{ "missing fields come from the maps",
	  missing_fields_come_from_the_maps },
	{ "the heap line says where the break is",
	  the_heap_line_says_where_the_break_is },
	{ "one end of a range moves the other",
	  one_end_of_a_range_moves_the_other },
	{ "one start of a range gives way to its end",
	  one_start_of_a_range_gives_way_to_its_end },
	{ "the world remembers seed and history",
	  the_world_remembers_seed_and_history },
	{ "high water is never below the present",
	  high_water_is_never_below_the_present },
	{ "empty maps make an empty address space",
	  empty_maps_make_an_empty_address_space },
	{ "stack limit bounds the first stack",
	  stack_limit_bounds_the_first_stack },
	{ "legacy layout puts vvar at the bottom",
	  legacy_layout_puts_vvar_at_the_bottom },
	{ "seed moves everything but the program",
	  seed_moves_everything_but_the_program },
	{ "same seed makes the same world", same_seed_makes_the_same_world },
	{ "resident pages take the kind of their area",
	  resident_pages_take_the_kind_of_their_area },
	{ "failing host leaves nothing behind",
	  failing_host_leaves_nothing_behind },
	CU_TEST_INFO_NULL,
};
