/* SPDX-License-Identifier: MIT */
/*
 * Each part, read back with jansson, against the structures it was made from
 */
#include <stdlib.h>
#include <string.h>

#include "core/mm/mm.h"
#include "core/world/proc.h"
#include "tests/proto/rpc_fixture.h"
#include "tests/support/suite.h"

static const char everything[] =
	"'want':['mm','vmas','maps','status','vmacache','rbtree','pagetable']";

/* A space with every kind of area, holes, pages and a used cache. */
static void populate(struct rpc_fixture *fx)
{
	static const char *const calls[][2] = {
		{ "mm.brk", "['@','0x640000',1,[]]" },
		{ "mm.access", "['@','0x601000','write',20000,0,1,[]]" },
		{ "mm.munmap", "['@','0x610000',4096,1,[]]" },
		{ "mm.mmap", "['@','0x10000',65536,'PROT_READ|PROT_WRITE',"
			     "'MAP_SHARED|MAP_ANONYMOUS',-1,0,1,[]]" },
		{ "mm.mmap", "['@','0x30000',65536,'PROT_READ','MAP_SHARED',"
			     "3,'0x2000',1,[]]" },
		{ "mm.mmap", "['@','0x50000',65536,'PROT_WRITE|PROT_EXEC',"
			     "'MAP_PRIVATE',3,'0x1000',1,[]]" },
		{ "mm.access", "['@','0x10000','write',5000,0,1,[]]" },
		{ "mm.access", "['@','0x30000','read',1,0,1,[]]" },
		{ "mm.access", "['@','0x50000','write',1,0,1,[]]" },
		{ "mm.access", "['@','0x10000','read',1,0,1,[]]" },
		{ "mm.mmap", "['@',0,'0x200000','PROT_READ|PROT_WRITE',"
			     "'MAP_PRIVATE|MAP_ANONYMOUS|MAP_GROWSDOWN|"
			     "MAP_NORESERVE',-1,0,1,[]]" },
		{ "thread.create", "['@']" },
		{ "mm.find_vma", "['@','0x30000',2,[]]" },
	};
	size_t i;

	fixture_init(fx, 1, NULL);
	json_decref(fixture_create(
		fx, "{'files':[{'fd':3,'name':'d\\u00e4t\\na\\\\ \\u0022x',"
		    "'size':100000}],'vmacache':'stale'}"));
	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		json_decref(fixture_result(fx, calls[i][0], calls[i][1]));
}

static json_t *take(struct rpc_fixture *fx, unsigned thread)
{
	char params[300];
	json_t *result, *snapshot;

	snprintf(params, sizeof(params), "{'process':'@','thread':%u,%s}",
		 thread, everything);
	result = fixture_result(fx, "mm.snapshot", params);
	CU_ASSERT_EQUAL(json_object_size(result), 1);
	snapshot = json_incref(json_object_get(result, "snapshot"));
	json_decref(result);
	return snapshot;
}

static const struct process *process_of(const struct rpc_fixture *fx)
{
	return world_process(fixture_world(fx, 0), 0);
}

static bool is_number(const json_t *object, const char *key, uint64_t wanted)
{
	const json_t *value = json_object_get(object, key);

	return json_is_integer(value) &&
	       (uint64_t)json_integer_value(value) == wanted;
}

static bool is_hex(const json_t *value, uint64_t wanted)
{
	char text[32];

	snprintf(text, sizeof(text), "0x%llx", (unsigned long long)wanted);
	return json_is_string(value) && !strcmp(json_string_value(value), text);
}

static bool is_hex_at(const json_t *object, const char *key, uint64_t wanted)
{
	return is_hex(json_object_get(object, key), wanted);
}

static bool is_id(const json_t *value, const struct vm_area_struct *vma)
{
	if (!vma)
		return json_is_null(value);
	return json_is_integer(value) && json_integer_value(value) == vma->id;
}

static void part_mm(void)
{
	struct rpc_fixture fx;
	const struct mm_struct *mm;
	json_t *snapshot;
	const json_t *part;

	populate(&fx);
	snapshot = take(&fx, 1);
	part = json_object_get(snapshot, "mm");
	mm = process_mm(process_of(&fx));
	CU_ASSERT_EQUAL(json_object_size(part), 19);
	CU_ASSERT(is_number(part, "map_count", mm->map_count));
	CU_ASSERT(is_number(part, "total_vm", mm->total_vm));
	CU_ASSERT(is_number(part, "locked_vm", mm->locked_vm));
	CU_ASSERT(is_number(part, "shared_vm", mm->shared_vm));
	/* 4.0 has no such counter. */
	CU_ASSERT(json_is_null(json_object_get(part, "data_vm")));
	CU_ASSERT(is_number(part, "exec_vm", mm->exec_vm));
	CU_ASSERT(is_number(part, "stack_vm", mm->stack_vm));
	CU_ASSERT(mm->hiwater_vm <= mm->total_vm);
	CU_ASSERT(is_number(part, "hiwater_vm", mm->total_vm));
	CU_ASSERT(is_number(part, "hiwater_rss", get_mm_rss(mm)));
	CU_ASSERT(is_number(part, "rss", get_mm_rss(mm)));
	CU_ASSERT(is_number(part, "nr_ptes", mm->nr_ptes));
	CU_ASSERT(is_number(part, "nr_pmds", mm->nr_pmds));
	CU_ASSERT(is_hex_at(part, "start_brk", mm->start_brk));
	CU_ASSERT(is_hex_at(part, "brk", 0x640000));
	CU_ASSERT(is_hex_at(part, "start_stack", mm->start_stack));
	CU_ASSERT(is_hex_at(part, "mmap_base", mm->mmap_base));
	CU_ASSERT(is_hex_at(part, "task_size", 0x7ffffffff000));
	CU_ASSERT(is_number(part, "vmacache_seqnum", mm->vmacache_seqnum));
	CU_ASSERT(is_number(part, "seq", 13));
	CU_ASSERT(get_mm_rss(mm) > 5);
	json_decref(snapshot);
	fixture_deinit(&fx);
}

/* Marks lie above the present once something has been unmapped. */
static void high_water_marks(void)
{
	struct rpc_fixture fx;
	json_t *snapshot;
	uint64_t peak;

	populate(&fx);
	peak = process_mm(process_of(&fx))->total_vm;
	json_decref(fixture_result(&fx, "mm.munmap",
				   "['@','0x10000','0x50000',1,[]]"));
	snapshot = take(&fx, 1);
	CU_ASSERT(
		is_number(json_object_get(snapshot, "mm"), "hiwater_vm", peak));
	json_decref(snapshot);
	fixture_deinit(&fx);
}

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

	populate(&fx);
	snapshot = take(&fx, 1);
	part = json_object_get(snapshot, "vmas");
	mm = process_mm(process_of(&fx));
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
		.process = process_of(fx),
	};
	struct vm_area_struct vma = *process_mm(process_of(fx))->mmap;
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
	check_vma(one, &vma, process_mm(process_of(fx)));
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
		for (bit = 0; bit < 64; bit++)
			check_flags(&fx, 1ULL << bit);
		check_flags(&fx, 0);
		check_flags(&fx, UINT64_MAX);
		for (bit = 0; bit < 500; bit++) {
			random ^= random << 13;
			random ^= random >> 7;
			random ^= random << 17;
			check_flags(&fx, random);
		}
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

	populate(&fx);
	snapshot = take(&fx, 1);
	part = json_object_get(snapshot, "maps");
	result = fixture_result(&fx, "mm.maps", "['@',1,[]]");
	text = json_string_value(json_object_get(result, "text"));
	process = process_of(&fx);
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
	snapshot = take(&fx, 1);
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

static void part_status_and_text(void)
{
	struct rpc_fixture fx;
	uint64_t values[STATUS_NR_FIELDS];
	json_t *snapshot, *result;
	const json_t *part;
	const char *text;
	size_t i, present = 0;

	populate(&fx);
	snapshot = take(&fx, 1);
	part = json_object_get(snapshot, "status");
	result = fixture_result(&fx, "mm.status", "['@',1,[]]");
	text = json_string_value(json_object_get(result, "text"));
	process_status(process_of(&fx), values);
	for (i = 0; i < STATUS_NR_FIELDS; i++) {
		const char *name = status_field_names[i];
		char line[64];

		if (values[i] == UINT64_MAX) {
			CU_ASSERT_PTR_NULL(json_object_get(part, name));
			continue;
		}
		present++;
		CU_ASSERT(is_number(part, name, values[i]));
		snprintf(line, sizeof(line), "%s:\t%8llu kB\n", name,
			 (unsigned long long)values[i]);
		CU_ASSERT_PTR_NOT_NULL(strstr(text, line));
	}
	CU_ASSERT_EQUAL(json_object_size(part), present);
	CU_ASSERT_PTR_NULL(json_object_get(part, "RssAnon"));
	json_decref(result);
	json_decref(snapshot);
	fixture_deinit(&fx);
}

static void check_vmacache(const json_t *part, const struct task_struct *task)
{
	const struct vmacache *cache = &task->vmacache;
	const json_t *slots = json_object_get(part, "slots");
	size_t i;

	CU_ASSERT_EQUAL(json_object_size(part), 5);
	CU_ASSERT(is_number(part, "seqnum", cache->seqnum));
	CU_ASSERT(is_number(part, "find_calls", cache->find_calls));
	CU_ASSERT(is_number(part, "find_hits", cache->find_hits));
	CU_ASSERT(is_number(part, "full_flushes", cache->full_flushes));
	CU_ASSERT_EQUAL(json_array_size(slots), VMACACHE_SIZE);
	for (i = 0; i < VMACACHE_SIZE; i++)
		CU_ASSERT(is_id(json_array_get(slots, i), cache->slots[i]));
}

static void part_vmacache(void)
{
	struct rpc_fixture fx;
	json_t *snapshot;
	unsigned tid;

	populate(&fx);
	for (tid = 1; tid <= 2; tid++) {
		const struct task_struct *task =
			process_task(process_of(&fx), tid);

		CU_ASSERT(task->vmacache.find_calls > 0);
		snapshot = take(&fx, tid);
		check_vmacache(json_object_get(snapshot, "vmacache"), task);
		json_decref(snapshot);
	}
	fixture_deinit(&fx);
}

/* On an emulated call: what it added. */
static void vmacache_of_a_call(void)
{
	struct rpc_fixture fx;
	const struct vmacache *cache;
	json_t *result;
	const json_t *part;
	uint64_t calls, hits;
	int i;

	populate(&fx);
	cache = &process_task(process_of(&fx), 2)->vmacache;
	for (i = 0; i < 2; i++) {
		calls = cache->find_calls;
		hits = cache->find_hits;
		result = fixture_result(&fx, "mm.find_vma",
					"['@','0x50000',2,['vmacache']]");
		part = json_object_get(json_object_get(result, "snapshot"),
				       "vmacache");
		CU_ASSERT(is_number(part, "calls", cache->find_calls - calls));
		CU_ASSERT(is_number(part, "hits", cache->find_hits - hits));
		CU_ASSERT_EQUAL(cache->find_calls - calls, 1);
		CU_ASSERT_EQUAL(cache->find_hits - hits, (unsigned)i);
		json_decref(result);
	}
	fixture_deinit(&fx);
}

static const struct vm_area_struct *vma_of(struct rb_node *node)
{
	return node ? rb_entry(node, struct vm_area_struct, vm_rb) : NULL;
}

static void part_rbtree(void)
{
	struct rpc_fixture fx;
	const struct vm_area_struct *vma;
	const struct mm_struct *mm;
	json_t *snapshot;
	const json_t *nodes;
	size_t i = 0;

	populate(&fx);
	snapshot = take(&fx, 1);
	mm = process_mm(process_of(&fx));
	nodes = json_object_get(json_object_get(snapshot, "rbtree"), "nodes");
	CU_ASSERT(is_id(
		json_object_get(json_object_get(snapshot, "rbtree"), "root"),
		vma_of(mm->mm_rb.node)));
	for (vma = mm->mmap; vma; vma = vma->vm_next) {
		const json_t *node = json_array_get(nodes, i++);
		const char *color =
			json_string_value(json_object_get(node, "color"));

		CU_ASSERT(is_id(json_object_get(node, "vma"), vma));
		CU_ASSERT(is_id(json_object_get(node, "left"),
				vma_of(vma->vm_rb.left)));
		CU_ASSERT(is_id(json_object_get(node, "right"),
				vma_of(vma->vm_rb.right)));
		CU_ASSERT(is_id(json_object_get(node, "parent"),
				vma_of(rb_parent(&vma->vm_rb))));
		CU_ASSERT_STRING_EQUAL(color, rb_is_black(&vma->vm_rb) ? "black"
								       : "red");
		CU_ASSERT(is_hex_at(node, "subtree_gap", vma->rb_subtree_gap));
	}
	CU_ASSERT_EQUAL(json_array_size(nodes), i);
	json_decref(snapshot);
	fixture_deinit(&fx);
}

static void part_pagetable(void)
{
	struct rpc_fixture fx;
	const struct mm_struct *mm;
	json_t *snapshot;
	const json_t *part, *resident;
	uint64_t addr = 0, end;
	size_t i = 0;

	populate(&fx);
	snapshot = take(&fx, 1);
	mm = process_mm(process_of(&fx));
	part = json_object_get(snapshot, "pagetable");
	resident = json_object_get(part, "resident");
	CU_ASSERT(is_number(part, "pgd", 1));
	CU_ASSERT(is_number(part, "p4d", 0));
	CU_ASSERT(is_number(part, "pud", mm->nr_puds));
	CU_ASSERT(is_number(part, "pmd", mm->nr_pmds));
	CU_ASSERT(is_number(part, "pte", mm->nr_ptes));
	while (mm_next_resident(mm, &addr, &end)) {
		const json_t *range = json_array_get(resident, i++);

		CU_ASSERT_EQUAL(json_array_size(range), 2);
		CU_ASSERT(is_hex(json_array_get(range, 0), addr));
		CU_ASSERT(is_hex(json_array_get(range, 1), end));
		addr = end;
	}
	CU_ASSERT(i > 4);
	CU_ASSERT_EQUAL(json_array_size(resident), i);
	json_decref(snapshot);
	fixture_deinit(&fx);
}

static void find_vma_answers_an_area_as_in_vmas(void)
{
	struct rpc_fixture fx;
	json_t *result;

	populate(&fx);
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

/* The same part asked for twice is there once; an empty want asks for none. */
static void want_is_a_set(void)
{
	struct rpc_fixture fx;
	json_t *result;

	populate(&fx);
	result = fixture_result(&fx, "mm.snapshot",
				"['@',1,['mm','status','mm']]");
	CU_ASSERT_EQUAL(json_object_size(json_object_get(result, "snapshot")),
			2);
	json_decref(result);
	result = fixture_result(&fx, "mm.snapshot", "['@',1,[]]");
	CU_ASSERT(is_json(result, "{}"));
	json_decref(result);
	result = fixture_result(&fx, "mm.snapshot", "['@']");
	CU_ASSERT_PTR_NOT_NULL(
		json_object_get(json_object_get(result, "snapshot"), "mm"));
	CU_ASSERT_PTR_NOT_NULL(
		json_object_get(json_object_get(result, "snapshot"), "vmas"));
	CU_ASSERT_EQUAL(json_object_size(json_object_get(result, "snapshot")),
			2);
	json_decref(result);
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_snapshot[] = {
	{ "part mm", part_mm },
	{ "high-water marks", high_water_marks },
	{ "part vmas", part_vmas },
	{ "all flags have their codes", all_flags_have_their_codes },
	{ "part maps, and the text", part_maps_and_text },
	{ "vsyscall is in maps only", vsyscall_is_in_maps_only },
	{ "empty space", empty_space },
	{ "part status, and the text", part_status_and_text },
	{ "part vmacache", part_vmacache },
	{ "vmacache of a call", vmacache_of_a_call },
	{ "part rbtree", part_rbtree },
	{ "part pagetable", part_pagetable },
	{ "find_vma answers an area as in vmas",
	  find_vma_answers_an_area_as_in_vmas },
	{ "want is a set", want_is_a_set },
	CU_TEST_INFO_NULL,
};
