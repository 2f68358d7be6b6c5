/* SPDX-License-Identifier: MIT */
/*
 * Each part but areas, read back with jansson, against the structures it was made
 * from
 */
#include <stdlib.h>
#include <string.h>

#include "core/mm/mm.h"
#include "core/world/proc.h"
#include "tests/proto/snapshot_fixture.h"
#include "tests/support/suite.h"

static void part_mm(void)
{
	struct rpc_fixture fx;
	const struct mm_struct *mm;
	json_t *snapshot;
	const json_t *part;

	snapshot_begin(&fx);
	snapshot = snapshot_take(&fx, 1);
	part = json_object_get(snapshot, "mm");
	mm = process_mm(snapshot_process(&fx));
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

	snapshot_begin(&fx);
	peak = process_mm(snapshot_process(&fx))->total_vm;
	json_decref(fixture_result(&fx, "mm.munmap",
				   "['@','0x10000','0x50000',1,[]]"));
	snapshot = snapshot_take(&fx, 1);
	CU_ASSERT(
		is_number(json_object_get(snapshot, "mm"), "hiwater_vm", peak));
	json_decref(snapshot);
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

	snapshot_begin(&fx);
	snapshot = snapshot_take(&fx, 1);
	part = json_object_get(snapshot, "status");
	result = fixture_result(&fx, "mm.status", "['@',1,[]]");
	text = json_string_value(json_object_get(result, "text"));
	process_status(snapshot_process(&fx), values);
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
		CU_ASSERT(is_id_of(json_array_get(slots, i), cache->slots[i]));
}

static void part_vmacache(void)
{
	struct rpc_fixture fx;
	json_t *snapshot;
	unsigned tid;

	snapshot_begin(&fx);
	for (tid = 1; tid <= 2; tid++) {
		const struct task_struct *task =
			process_task(snapshot_process(&fx), tid);

		CU_ASSERT(task->vmacache.find_calls > 0);
		snapshot = snapshot_take(&fx, tid);
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

	snapshot_begin(&fx);
	cache = &process_task(snapshot_process(&fx), 2)->vmacache;
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

	snapshot_begin(&fx);
	snapshot = snapshot_take(&fx, 1);
	mm = process_mm(snapshot_process(&fx));
	nodes = json_object_get(json_object_get(snapshot, "rbtree"), "nodes");
	CU_ASSERT(is_id_of(
		json_object_get(json_object_get(snapshot, "rbtree"), "root"),
		vma_of(mm->mm_rb.node)));
	for (vma = mm->mmap; vma; vma = vma->vm_next) {
		const json_t *node = json_array_get(nodes, i++);
		const char *color =
			json_string_value(json_object_get(node, "color"));

		CU_ASSERT(is_id_of(json_object_get(node, "vma"), vma));
		CU_ASSERT(is_id_of(json_object_get(node, "left"),
				   vma_of(vma->vm_rb.left)));
		CU_ASSERT(is_id_of(json_object_get(node, "right"),
				   vma_of(vma->vm_rb.right)));
		CU_ASSERT(is_id_of(json_object_get(node, "parent"),
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

	snapshot_begin(&fx);
	snapshot = snapshot_take(&fx, 1);
	mm = process_mm(snapshot_process(&fx));
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

/* The same part asked for twice is there once; an empty want asks for none. */
static void want_is_a_set(void)
{
	struct rpc_fixture fx;
	json_t *result;

	snapshot_begin(&fx);
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
	{ "part status, and the text", part_status_and_text },
	{ "part vmacache", part_vmacache },
	{ "vmacache of a call", vmacache_of_a_call },
	{ "part rbtree", part_rbtree },
	{ "part pagetable", part_pagetable },
	{ "want is a set", want_is_a_set },
	CU_TEST_INFO_NULL,
};
