/* SPDX-License-Identifier: MIT */
/*
 * The parts that show areas, read back with jansson, against the areas
 */
#include <stdlib.h>
#include <string.h>

#include "core/mm/mm.h"
#include "core/world/proc.h"
#include "tests/proto/snapshot_fixture.h"
#include "tests/support/suite.h"

static void check_vma(const json_t *one, const struct vm_area_struct *vma,
		      const struct mm_struct *mm)
{
	const char *perms = json_string_value(json_object_get(one, "perms"));
	const json_t *anon_vma = json_object_get(one, "anon_vma");

	CU_ASSERT_EQUAL(json_object_size(one), 9);
	CU_ASSERT(is_number(one, "id", vma->id));
	CU_ASSERT(is_hex_at(one, "start", vma->vm_start));
	CU_ASSERT(is_hex_at(one, "end", vma->vm_end));
	CU_ASSERT_EQUAL(perms[0] == 'r', !!(vma->vm_flags & VM_READ));
	CU_ASSERT_EQUAL(perms[1] == 'w', !!(vma->vm_flags & VM_WRITE));
	CU_ASSERT_EQUAL(perms[2] == 'x', !!(vma->vm_flags & VM_EXEC));
	CU_ASSERT_EQUAL(perms[3] == 's', !!(vma->vm_flags & VM_MAYSHARE));
	CU_ASSERT(is_hex_at(one, "offset",
			    vma->vm_file ? vma->vm_pgoff << 12 : 0));
	CU_ASSERT(is_number(one, "rss", mm_resident_pages(mm, vma)));
	if (vma->anon_vma)
		CU_ASSERT_EQUAL(json_integer_value(anon_vma),
				vma->anon_vma->id);
	if (!vma->anon_vma)
		CU_ASSERT(json_is_null(anon_vma));
}

static void part_vmas(void)
{
	struct rpc_fixture fx;
	const struct vm_area_struct *vma;
	const struct mm_struct *mm;
	json_t *snapshot;
	const json_t *part;
	size_t i = 0;
	uint64_t rss = 0;

	snapshot_begin(&fx);
	snapshot = snapshot_take(&fx, 1);
	part = json_object_get(snapshot, "vmas");
	mm = process_mm(snapshot_process(&fx));
	CU_ASSERT_EQUAL_FATAL(json_array_size(part), mm->map_count);
	for (vma = mm->mmap; vma; vma = vma->vm_next) {
		const json_t *one = json_array_get(part, i++);

		check_vma(one, vma, mm);
		rss += (uint64_t)json_integer_value(
			json_object_get(one, "rss"));
	}
	CU_ASSERT_EQUAL(rss, get_mm_rss(mm));

	/* Names as maps shows them, but as they are. */
	CU_ASSERT(is_json(json_object_get(json_array_get(part, 0), "name"),
			  "'/dev/zero (deleted)'"));
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(
				       json_array_get(part, 1), "name")),
			       "/d\xc3\xa4t\na\\ \"x");
	CU_ASSERT(is_json(json_object_get(json_array_get(part, 1), "flags"),
			  "['rd','sh','mr','mw','me','ms','sd']"));
	CU_ASSERT(is_json(json_object_get(json_array_get(part, 2), "flags"),
			  "['wr','ex','mr','mw','me','ac','sd']"));
	json_decref(snapshot);
	fixture_deinit(&fx);
}

static bool has_codes(const json_t *one, const struct vm_area_struct *vma,
		      const struct kernel_profile *profile)
{
	const json_t *flags = json_object_get(one, "flags");
	const char *codes[VMA_FLAG_CODES_MAX];
	size_t i, nr = vma_flag_codes(profile, vma->vm_flags, codes);

	if (!json_is_array(flags) || json_array_size(flags) != nr)
		return false;
	for (i = 0; i < nr; i++)
		if (strcmp(json_string_value(json_array_get(flags, i)),
			   codes[i]) != 0)
			return false;
	return true;
}

/* The first area, told to have flags that no call would give it. */
static void check_flags(const struct rpc_fixture *fx, uint64_t vm_flags)
{
	const struct snapshot snapshot = {
		.world = fixture_world(fx, 0),
		.process = snapshot_process(fx),
	};
	struct vm_area_struct vma = *process_mm(snapshot_process(fx))->mmap;
	struct json_writer w;
	struct buffer out;
	json_t *one;

	vma.vm_flags = vm_flags;
	buffer_init(&out, 1000);
	json_writer_init(&w, &out);
	snapshot_write_vma(&w, &snapshot, &vma);
	one = json_loadb(out.data, out.len, 0, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(one);
	CU_ASSERT(has_codes(one, &vma, world_machine(snapshot.world)->profile));
	check_vma(one, &vma, process_mm(snapshot_process(fx)));
	json_decref(one);
	buffer_deinit(&out);
}

static void all_flags_have_their_codes(void)
{
	static const char *const profiles[] = { "{'profile':'4.0'}",
						"{'profile':'6.12'}" };
	uint64_t random = 88172645463325252u;
	struct rpc_fixture fx;
	unsigned i, bit;

	for (i = 0; i < 2; i++) {
		fixture_init(&fx, 1, NULL);
		json_decref(fixture_create(&fx, profiles[i]));
		/* The other release, which was last, may spell them otherwise. */
		for (bit = 0; bit < 8; bit++)
			check_flags(&fx, VM_LOCKONFAULT | bit);
		for (bit = 0; bit < 64; bit++)
			check_flags(&fx, 1ULL << bit);
		check_flags(&fx, 0);
		check_flags(&fx, UINT64_MAX);
		for (bit = 0; bit < 500; bit++) {
			random ^= random << 13;
			random ^= random >> 7;
			random ^= random << 17;
			check_flags(&fx, random);
			/* Again, and some are remembered now. */
			check_flags(&fx, random);
			check_flags(&fx, random & random << 20);
			check_flags(&fx, random & random << 20);
		}
		for (bit = 0; bit < 8; bit++)
			check_flags(&fx, VM_LOCKONFAULT | bit);
		fixture_deinit(&fx);
	}
}

/* The text is the lines, and the lines are what core prints. */
static void part_maps_and_text(void)
{
	struct rpc_fixture fx;
	const struct vm_area_struct *vma;
	const struct process *process;
	json_t *snapshot, *result;
	const json_t *part;
	const char *text;
	size_t i = 0;

	snapshot_begin(&fx);
	snapshot = snapshot_take(&fx, 1);
	part = json_object_get(snapshot, "maps");
	result = fixture_result(&fx, "mm.maps", "['@',1,[]]");
	text = json_string_value(json_object_get(result, "text"));
	process = snapshot_process(&fx);
	for (vma = process_mm(process)->mmap; vma; vma = vma->vm_next) {
		const char *line = json_string_value(json_array_get(part, i++));
		char prefix[MAPS_LINE_MAX];
		const char *name;
		size_t prefix_len, name_len;

		process_maps_line(process, vma, prefix, &prefix_len, &name,
				  &name_len);
		CU_ASSERT_PTR_NOT_NULL_FATAL(line);
		CU_ASSERT_NSTRING_EQUAL(line, prefix, prefix_len);
		CU_ASSERT_NSTRING_EQUAL(text, line, strlen(line));
		text += strlen(line);
		CU_ASSERT_EQUAL(*text, '\n');
		text++;
	}
	CU_ASSERT_EQUAL(*text, '\0');
	CU_ASSERT_EQUAL(json_array_size(part), i);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(json_string_value(json_array_get(part, 1)),
		       "/d\xc3\xa4t\\012a\\ \"x"));
	json_decref(result);
	json_decref(snapshot);
	fixture_deinit(&fx);
}

static void vsyscall_is_in_maps_only(void)
{
	struct rpc_fixture fx;
	json_t *result, *maps;

	fixture_init(&fx, 1, NULL);
	result = fixture_create(
		&fx, "{'maps':['ffffffffff600000-ffffffffff601000 r-xp 0 "
		     "[vsyscall]'],'want':['maps','vmas']}");
	maps = json_object_get(json_object_get(result, "snapshot"), "maps");
	CU_ASSERT(is_json(maps, "['ffffffffff600000-ffffffffff601000 r-xp "
				"00000000 00:00 0                  "
				"[vsyscall]']"));
	CU_ASSERT(is_json(
		json_object_get(json_object_get(result, "snapshot"), "vmas"),
		"[]"));
	json_decref(result);
	fixture_deinit(&fx);
}

static void empty_space(void)
{
	struct rpc_fixture fx;
	json_t *result, *snapshot;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{'maps':[]}"));
	snapshot = snapshot_take(&fx, 1);
	CU_ASSERT(is_json(json_object_get(snapshot, "vmas"), "[]"));
	CU_ASSERT(is_json(json_object_get(snapshot, "maps"), "[]"));
	CU_ASSERT(is_json(json_object_get(snapshot, "rbtree"),
			  "{'root':null,'nodes':[]}"));
	CU_ASSERT(is_json(json_object_get(snapshot, "pagetable"),
			  "{'pgd':1,'p4d':0,'pud':0,'pmd':0,'pte':0,"
			  "'resident':[]}"));
	json_decref(snapshot);
	result = fixture_result(&fx, "mm.maps", "['@',1,[]]");
	CU_ASSERT(is_json(result, "{'text':''}"));
	json_decref(result);
	fixture_deinit(&fx);
}

static void find_vma_answers_an_area_as_in_vmas(void)
{
	struct rpc_fixture fx;
	json_t *result;

	snapshot_begin(&fx);
	result = fixture_result(&fx, "mm.find_vma",
				"['@','0x20000',1,['vmas']]");
	CU_ASSERT(json_equal(
		json_object_get(result, "vma"),
		json_array_get(
			json_object_get(json_object_get(result, "snapshot"),
					"vmas"),
			1)));
	CU_ASSERT(is_hex_at(json_object_get(result, "vma"), "start", 0x30000));
	json_decref(result);
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_snapshot_areas[] = {
	{ "part vmas", part_vmas },
	{ "all flags have their codes", all_flags_have_their_codes },
	{ "part maps, and the text", part_maps_and_text },
	{ "vsyscall is in maps only", vsyscall_is_in_maps_only },
	{ "empty space", empty_space },
	{ "find_vma answers an area as in vmas",
	  find_vma_answers_an_area_as_in_vmas },
	CU_TEST_INFO_NULL,
};
