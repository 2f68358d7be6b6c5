/* SPDX-License-Identifier: MIT */
#include "tests/core/world_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/world/history.h"
#include "core/world/proc.h"
#include "tests/support/mm_dump.h"

void fixture_begin(struct world_fixture *f)
{
	memset(f, 0, sizeof(*f));
	fail_alloc_init(&f->host);
	f->account.max_processes = UINT64_MAX;
	f->account.max_threads = UINT64_MAX;
	f->account.max_areas = UINT64_MAX;
	f->account.max_bytes = UINT64_MAX;
	memory_init(&f->memory, &f->host.allocator, &f->account);
	process_setup_init(&f->setup);
}

enum world_status fixture_make(struct world_fixture *f)
{
	memset(&f->error, 0, sizeof(f->error));
	return world_new(&f->memory, &f->setup, &f->world, &f->error);
}

enum world_status fixture_make_of(struct world_fixture *f, const char *maps)
{
	f->setup.maps = maps;
	f->setup.maps_len = strlen(maps);
	return fixture_make(f);
}

/* Every address space of the world, shared ones once. */
static const char *validate_world(const struct world_fixture *f)
{
	const struct mm_struct *mm;
	const char *wrong = NULL;

	if (!f->world)
		return NULL;
	for (mm = world_machine(f->world)->mms; mm && !wrong; mm = mm->next_mm)
		wrong = validate_mm(mm);
	return wrong;
}

const char *fixture_end(struct world_fixture *f)
{
	const char *wrong = validate_world(f);

	world_free(f->world);
	memory_deinit(&f->memory);
	if (wrong)
		return wrong;
	if (f->host.live_blocks)
		return "memory of the host is still in use after the end";
	if (f->account.bytes || f->account.areas || f->account.processes)
		return "the account is not even after the end";
	return NULL;
}

struct process *fixture_process(const struct world_fixture *f)
{
	return world_process(f->world, 0);
}

const struct mm_struct *fixture_mm(const struct world_fixture *f)
{
	return process_mm(fixture_process(f));
}

const struct vm_area_struct *fixture_area(const struct world_fixture *f,
					  uint64_t addr)
{
	const struct vm_area_struct *vma;

	for (vma = fixture_mm(f)->mmap; vma; vma = vma->vm_next)
		if (vma->vm_start <= addr && addr < vma->vm_end)
			return vma;
	return NULL;
}

static void append(struct world_fixture *f, const char *text, size_t len)
{
	size_t at = strlen(f->text);

	if (at + len >= sizeof(f->text)) {
		fputs("the text of the fixture is too small\n", stderr);
		abort();
	}
	memcpy(f->text + at, text, len);
	f->text[at + len] = '\0';
}

static void append_line(struct world_fixture *f,
			const struct vm_area_struct *vma)
{
	size_t prefix_len, name_len, i;
	char prefix[MAPS_LINE_MAX];
	const char *name;

	process_maps_line(fixture_process(f), vma, prefix, &prefix_len, &name,
			  &name_len);
	append(f, prefix, prefix_len);
	for (i = 0; i < name_len; i++) {
		if (name[i] == '\n')
			append(f, "\\012", 4);
		else
			append(f, &name[i], 1);
	}
	append(f, "\n", 1);
}

const char *fixture_maps(struct world_fixture *f)
{
	const struct vm_area_struct *vma;

	f->text[0] = '\0';
	for (vma = fixture_mm(f)->mmap; vma; vma = vma->vm_next)
		append_line(f, vma);
	vma = process_gate_vma(fixture_process(f));
	if (vma)
		append_line(f, vma);
	return f->text;
}

const char *fixture_flags(struct world_fixture *f,
			  const struct vm_area_struct *vma)
{
	const char *codes[VMA_FLAG_CODES_MAX];
	size_t nr, i;

	nr = vma_flag_codes(f->setup.profile, vma->vm_flags, codes);
	f->text[0] = '\0';
	for (i = 0; i < nr; i++) {
		append(f, codes[i], 2);
		append(f, " ", 1);
	}
	return f->text;
}

static void dump_world(const struct world_fixture *f, FILE *out)
{
	const struct machine *machine = world_machine(f->world);
	uint64_t first, last;

	world_history(f->world, &first, &last);
	fprintf(out, "seq %llu history %llu to %llu inode %llu random %llu\n",
		(unsigned long long)world_seq(f->world),
		(unsigned long long)first, (unsigned long long)last,
		(unsigned long long)machine->next_inode,
		(unsigned long long)machine->random);
	fprintf(out, "committed %llu anon %llu cached %llu tables %llu\n",
		(unsigned long long)machine->committed_as,
		(unsigned long long)machine->nr_anon_pages,
		(unsigned long long)machine->nr_cache_pages,
		(unsigned long long)machine->nr_table_pages);
}

static void dump_process(const struct process *process, FILE *out)
{
	const struct vm_file *file;
	int32_t fd = 0;
	char *mm;

	fprintf(out, "threads %u\n", process_nr_threads(process));
	while ((file = process_next_file(process, &fd))) {
		fprintf(out, "fd %d %.*s refs %u size %llu\n", fd,
			(int)file->path_len, file->path, file->refs,
			(unsigned long long)file->size);
		fd++;
	}
	if (!process_is_alive(process))
		return;
	mm = mm_dump(process_mm(process));
	fputs(mm, out);
	free(mm);
}

char *fixture_dump(const struct world_fixture *f)
{
	const struct process *process;
	uint32_t number = 0;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	dump_world(f, out);
	while ((process = world_process(f->world, number))) {
		fprintf(out, "process %u\n", number++);
		dump_process(process, out);
	}
	fclose(out);
	return text;
}

enum world_status fixture_apply(struct world_fixture *f, enum op_code code,
				const uint64_t *args, struct outcome *out)
{
	struct operation op = { .code = code, .thread = 1 };

	if (args)
		memcpy(op.args, args, sizeof(op.args));
	return world_apply(f->world, &op, out);
}
