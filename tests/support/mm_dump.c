/* SPDX-License-Identifier: MIT */
#include "tests/support/mm_dump.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/mm/memory.h"

static uint32_t node_id(const struct rb_node *node)
{
	const char *area = (const char *)node;

	if (!node)
		return 0;
	area -= offsetof(struct vm_area_struct, vm_rb);
	return ((const struct vm_area_struct *)(const void *)area)->id;
}

static void dump_area(FILE *out, const struct mm_struct *mm,
		      const struct vm_area_struct *vma)
{
	fprintf(out,
		"#%" PRIu32 " %" PRIx64 "-%" PRIx64 " flags %" PRIx64
		" pgoff %" PRIx64 " special %d",
		vma->id, vma->vm_start, vma->vm_end, vma->vm_flags,
		vma->vm_pgoff, vma->vm_special);
	if (vma->vm_file)
		fprintf(out,
			" inode %" PRIu64 " refs %" PRIu32 " cached %" PRIu64,
			vma->vm_file->inode, vma->vm_file->refs,
			vma->vm_file->nr_cached);
	if (vma->anon_vma)
		fprintf(out,
			" anon_vma %" PRIu32 " refs %" PRIu32
			" children %" PRIu32 " active %" PRIu32,
			vma->anon_vma->id, vma->anon_vma->refs,
			vma->anon_vma->num_children,
			vma->anon_vma->num_active_vmas);
	fprintf(out, " rss %" PRIu64 "\n", mm_resident_pages(mm, vma));
}

static void dump_node(FILE *out, const struct vm_area_struct *vma)
{
	fprintf(out, "node #%" PRIu32 " %s left %u right %u gap %" PRIx64 "\n",
		vma->id, rb_is_black(&vma->vm_rb) ? "black" : "red",
		node_id(vma->vm_rb.left), node_id(vma->vm_rb.right),
		vma->rb_subtree_gap);
}

static void dump_resident(FILE *out, const struct mm_struct *mm)
{
	uint64_t start = 0, end;

	while (mm_next_resident(mm, &start, &end)) {
		fprintf(out, "resident %" PRIx64 "-%" PRIx64 "\n", start, end);
		start = end;
	}
}

static void dump_thread(FILE *out, const struct task_struct *task)
{
	const struct vmacache *cache = &task->vmacache;
	bool is_valid = cache->seqnum == task->mm->vmacache_seqnum;
	unsigned int i;

	fprintf(out,
		"thread %" PRIu32 " seqnum %" PRIu64 " calls %" PRIu64
		" hits %" PRIu64 " flushes %" PRIu64 " slots",
		task->tid, cache->seqnum, cache->find_calls, cache->find_hits,
		cache->full_flushes);
	for (i = 0; is_valid && i < VMACACHE_SIZE; i++)
		fprintf(out, " %u", cache->slots[i] ? cache->slots[i]->id : 0);
	fputc('\n', out);
}

static void dump_counters(FILE *out, const struct mm_struct *mm)
{
	const struct {
		const char *name;
		uint64_t value;
	} counters[] = {
		{ "root", node_id(mm->mm_rb.node) },
		{ "highest_vm_end", mm->highest_vm_end },
		{ "map_count", mm->map_count },
		{ "vmacache_seqnum", mm->vmacache_seqnum },
		{ "mm_users", mm->mm_users },
		{ "total_vm", mm->total_vm },
		{ "locked_vm", mm->locked_vm },
		{ "shared_vm", mm->shared_vm },
		{ "exec_vm", mm->exec_vm },
		{ "stack_vm", mm->stack_vm },
		{ "data_vm", mm->data_vm },
		{ "def_flags", mm->def_flags },
		{ "hiwater_vm", mm->hiwater_vm },
		{ "hiwater_rss", mm->hiwater_rss },
		{ "rss_anon", mm->rss_anon },
		{ "rss_file", mm->rss_file },
		{ "nr_ptes", mm->nr_ptes },
		{ "nr_pmds", mm->nr_pmds },
		{ "nr_puds", mm->nr_puds },
		{ "brk", mm->brk },
		{ "committed_as", mm->machine->committed_as },
		{ "nr_anon_pages", mm->machine->nr_anon_pages },
		{ "nr_cache_pages", mm->machine->nr_cache_pages },
		{ "nr_table_pages", mm->machine->nr_table_pages },
		{ "areas charged", mm->machine->memory->account->areas },
	};
	size_t i;

	for (i = 0; i < sizeof(counters) / sizeof(counters[0]); i++)
		fprintf(out, "%s %" PRIx64 "\n", counters[i].name,
			counters[i].value);
}

char *mm_dump(const struct mm_struct *mm)
{
	const struct vm_area_struct *vma;
	const struct task_struct *task;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	for (vma = mm->mmap; vma; vma = vma->vm_next)
		dump_area(out, mm, vma);
	for (vma = mm->mmap; vma; vma = vma->vm_next)
		dump_node(out, vma);
	dump_resident(out, mm);
	for (task = mm->tasks; task; task = task->next)
		dump_thread(out, task);
	dump_counters(out, mm);
	if (fclose(out))
		abort();
	return text;
}
