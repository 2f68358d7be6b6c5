/* SPDX-License-Identifier: MIT */
#include "core/world/creation.h"

#include <stddef.h>

#include "core/world/file_new.h"

/* Default of RLIMIT_STACK, bytes. */
#define DEFAULT_STACK (8ULL << 20)

static void set_rlimits(struct mm_struct *mm, const struct process_setup *setup)
{
	const struct rlimits *given = &setup->rlimits;
	const uint32_t bits = setup->rlimits_given;

	mm->rlimits = (struct rlimits){
		.as = bits & 1U << RLIMIT_AS ? given->as : RLIM_INFINITY,
		.data = bits & 1U << RLIMIT_DATA ? given->data : RLIM_INFINITY,
		.stack = bits & 1U << RLIMIT_STACK ? given->stack
						   : DEFAULT_STACK,
		.memlock = bits & 1U << RLIMIT_MEMLOCK
				   ? given->memlock
				   : setup->profile->default_memlock,
	};
}

static enum world_status make_process(struct creation *creation)
{
	creation->process = process_new(creation->world, NULL);
	if (!creation->process)
		return WORLD_REFUSED;
	creation->mm = creation->process->mm;
	creation->mm->uid = creation->setup->uid;
	creation->mm->randomize = creation->setup->seed;
	set_rlimits(creation->mm, creation->setup);
	mm_pick_layout(creation->mm);
	return WORLD_OK;
}

/* ----------------------------------------------------------------- files */

/* Lines of maps may call an open file by its path, its name or its number. */
static int index_open_file(struct creation *creation,
			   const struct file_setup *setup, struct vm_file *file)
{
	struct file_entry entry = {
		.key = { .path = file->path,
			 .path_len = file->path_len,
			 .dev_major = file->dev_major,
			 .dev_minor = file->dev_minor,
			 .inode = file->inode },
		.file = file,
		.is_open = true,
		.is_numbered = setup->inode_given,
	};

	if (!file_index_add(&creation->files, &entry))
		return -1;
	if (setup->inode_given) {
		entry.key.has_inode = true;
		if (!file_index_add(&creation->files, &entry))
			return -1;
		entry.key.has_inode = false;
	}
	entry.key.path = setup->name;
	entry.key.path_len = setup->name_len;
	return file_index_add(&creation->files, &entry) ? 0 : -1;
}

static enum world_status open_file(struct creation *creation,
				   const struct file_setup *setup)
{
	struct descriptors *table = &creation->process->descriptors;
	struct memory *memory = creation->world->memory;
	struct vm_file *file;

	if (descriptors_find(table, setup->fd))
		return creation_refuse(creation->error, "files",
				       "descriptor %d is there twice",
				       (int)setup->fd);
	if (descriptors_reserve(table, memory))
		return WORLD_REFUSED;
	file = file_new(&creation->world->machine, setup);
	if (!file)
		return WORLD_REFUSED;
	descriptors_add(table, setup->fd, file);
	return index_open_file(creation, setup, file) ? WORLD_REFUSED
						      : WORLD_OK;
}

static enum world_status open_files(struct creation *creation)
{
	const struct process_setup *setup = creation->setup;
	enum world_status status = WORLD_OK;
	size_t i;

	for (i = 0; i < setup->nr_files && status == WORLD_OK; i++)
		status = open_file(creation, &setup->files[i]);
	return status;
}

/* ---------------------------------------------------------------- fields */

struct field_rule {
	const char *name;
	size_t offset; /* in struct mm_struct */
	uint64_t max;
	enum mm_field end; /* of what begins here; itself: begins nothing */
};

#define FIELD(member, highest, last)                                           \
	{                                                                      \
		.name = #member, .offset = offsetof(struct mm_struct, member), \
		.max = highest, .end = last                                    \
	}
#define MAX_PAGES (TASK_SIZE >> PAGE_SHIFT)

static const struct field_rule field_rules[MM_NR_FIELDS] = {
	[MM_START_CODE] = FIELD(start_code, TASK_SIZE, MM_END_CODE),
	[MM_END_CODE] = FIELD(end_code, TASK_SIZE, MM_END_CODE),
	[MM_START_DATA] = FIELD(start_data, TASK_SIZE, MM_END_DATA),
	[MM_END_DATA] = FIELD(end_data, TASK_SIZE, MM_END_DATA),
	[MM_START_BRK] = FIELD(start_brk, TASK_SIZE, MM_BRK),
	[MM_BRK] = FIELD(brk, TASK_SIZE, MM_BRK),
	[MM_START_STACK] = FIELD(start_stack, TASK_SIZE, MM_START_STACK),
	[MM_MMAP_BASE] = FIELD(mmap_base, TASK_SIZE, MM_MMAP_BASE),
	[MM_ARG_START] = FIELD(arg_start, TASK_SIZE, MM_ARG_END),
	[MM_ARG_END] = FIELD(arg_end, TASK_SIZE, MM_ARG_END),
	[MM_ENV_START] = FIELD(env_start, TASK_SIZE, MM_ENV_END),
	[MM_ENV_END] = FIELD(env_end, TASK_SIZE, MM_ENV_END),
	[MM_HIWATER_VM] = FIELD(hiwater_vm, MAX_PAGES, MM_HIWATER_VM),
	[MM_HIWATER_RSS] = FIELD(hiwater_rss, MAX_PAGES, MM_HIWATER_RSS),
};

static uint64_t *field_of(struct mm_struct *mm, int field)
{
	return (uint64_t *)(void *)((char *)mm + field_rules[field].offset);
}

static bool is_given(const struct creation *creation, int field)
{
	return creation->setup->mm_given >> field & 1;
}

static enum world_status take_field(struct creation *creation, int field)
{
	const struct field_rule *rule = &field_rules[field];
	uint64_t value = creation->setup->mm[field];

	if (value > rule->max)
		return creation_refuse(creation->error, "mm",
				       "%s is 0x%llx; it goes up to 0x%llx",
				       rule->name, (unsigned long long)value,
				       (unsigned long long)rule->max);
	*field_of(creation->mm, field) = value;
	return WORLD_OK;
}

/* If one end of a range is given, the other one gives way. */
static enum world_status judge_range(struct creation *creation, int first)
{
	const struct field_rule *rule = &field_rules[first];
	uint64_t *start = field_of(creation->mm, first);
	uint64_t *end = field_of(creation->mm, rule->end);

	if (*start <= *end)
		return WORLD_OK;
	if (!is_given(creation, rule->end)) {
		*end = *start;
		return WORLD_OK;
	}
	if (!is_given(creation, first)) {
		*start = *end;
		return WORLD_OK;
	}
	return creation_refuse(creation->error, "mm",
			       "%s is 0x%llx, above %s, which is 0x%llx",
			       rule->name, (unsigned long long)*start,
			       field_rules[rule->end].name,
			       (unsigned long long)*end);
}

/* What the setup says in place of what loader or maps have left. */
static enum world_status take_fields(struct creation *creation)
{
	struct mm_struct *mm = creation->mm;
	enum world_status status = WORLD_OK;
	int i;

	for (i = 0; i < MM_NR_FIELDS && status == WORLD_OK; i++)
		if (is_given(creation, i))
			status = take_field(creation, i);
	for (i = 0; i < MM_NR_FIELDS && status == WORLD_OK; i++)
		status = judge_range(creation, i);
	if (status == WORLD_OK && mm->mmap_base & ~PAGE_MASK)
		return creation_refuse(creation->error, "mm",
				       "mmap_base must be a multiple of 4096");
	return status;
}

static void raise_to(uint64_t *mark, uint64_t current)
{
	if (*mark < current)
		*mark = current;
}

static enum world_status take_committed(struct creation *creation)
{
	const struct process_setup *setup = creation->setup;
	struct machine *machine = &creation->world->machine;
	uint64_t pages = setup->committed_kb >> (PAGE_SHIFT - 10);

	if (!setup->committed_given)
		return WORLD_OK;
	if (pages < machine->committed_as)
		return creation_refuse(
			creation->error, "committed_kb",
			"%llu, but this process alone has committed %llu",
			(unsigned long long)setup->committed_kb,
			(unsigned long long)machine->committed_as
				<< (PAGE_SHIFT - 10));
	machine->committed_as = pages;
	return WORLD_OK;
}

/* ----------------------------------------------------------------- steps */

static enum world_status start_thread(struct creation *creation)
{
	if (!thread_new(creation->process, NULL))
		return WORLD_REFUSED;
	if (creation->setup->vmacache_stale)
		creation->mm->vmacache_seqnum++;
	return WORLD_OK;
}

static enum world_status go_through_steps(struct creation *creation)
{
	struct mm_struct *mm;
	enum world_status status;

	status = make_process(creation);
	if (status == WORLD_OK)
		status = open_files(creation);
	if (status == WORLD_OK)
		status = creation->setup->maps ? maps_import(creation)
					       : load_default_program(creation);
	if (status == WORLD_OK)
		status = resident_import(creation);
	if (status == WORLD_OK)
		status = take_fields(creation);
	if (status == WORLD_OK)
		status = take_committed(creation);
	if (status == WORLD_OK)
		status = start_thread(creation);
	if (status != WORLD_OK)
		return status;
	mm = creation->mm;
	raise_to(&mm->hiwater_vm, mm->total_vm);
	raise_to(&mm->hiwater_rss, get_mm_rss(mm));
	return WORLD_OK;
}

enum world_status creation_fill(struct world *world,
				const struct process_setup *setup,
				struct creation_error *error)
{
	struct creation creation = {
		.setup = setup,
		.error = error,
		.world = world,
	};
	enum world_status status;

	file_index_init(&creation.files, world->memory);
	status = go_through_steps(&creation);
	file_index_deinit(&creation.files);
	return status;
}
