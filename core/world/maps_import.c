/* SPDX-License-Identifier: MIT */
/*
 * An address space from the text of its maps
 *
 * The text is read twice. After the survey (maps_survey.c) the installation
 * cannot meet bad input, except for files that were opened in another way than
 * they are mapped.
 */
#include "core/mm/page_cache.h"
#include "core/world/file_new.h"
#include "core/world/maps_survey.h"
#include "core/world/program_stack.h"

#define VM_MAYALL (VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC)

static const char shmem_path[] = "/dev/zero (deleted)";

struct import {
	struct creation *creation;
	struct survey survey;
	/* The object of the line before, NULL: it was no shared memory. */
	struct vm_file *shmem;
	uint64_t shmem_end, shmem_offset; /* where it would go on */
	char path[FILE_PATH_MAX + 1];     /* of a line, unescaped */
};

/* ----------------------------------------------------------------- files */

/* What names the line's file; its path is import->path. */
static struct file_key key_of_line(struct import *import,
				   const struct maps_line *line)
{
	return (struct file_key){
		.path = import->path,
		.path_len =
			maps_unescape(line->name, line->name_len, import->path),
		.has_inode = line->has_inode,
		.dev_major = line->dev_major,
		.dev_minor = line->dev_minor,
		.inode = line->inode,
	};
}

/*
 * Enter a file under what its line says, and under its path alone for lines
 * that leave the numbers out.
 */
static struct file_entry *index_file(struct file_index *index,
				     const struct file_key *key,
				     struct vm_file *file)
{
	struct file_entry entry = {
		.key = *key,
		.file = file,
		.is_numbered = key->has_inode,
	};
	struct file_entry *added;

	entry.key.path = file->path;
	added = file_index_add(index, &entry);
	if (!added || !key->has_inode)
		return added;
	entry.key.has_inode = false;
	return file_index_add(index, &entry) ? added : NULL;
}

static struct file_entry *make_file(struct import *import,
				    const struct file_key *key)
{
	struct creation *creation = import->creation;
	const struct file_setup setup = {
		.mode = FILE_RW,
		.path = key->path,
		.path_len = (uint32_t)key->path_len,
		.dev_given = key->has_inode,
		.inode_given = key->has_inode,
		.dev_major = key->dev_major,
		.dev_minor = key->dev_minor,
		.inode = key->inode,
	};
	struct file_entry *entry;
	struct vm_file *file;

	file = file_new(creation->mm->machine, &setup);
	if (!file)
		return NULL;
	entry = index_file(&creation->files, key, file);
	vm_file_put(file); /* the index keeps it */
	return entry;
}

/*
 * The file of a line, if it is known already. A line's numbers become those of
 * a file that had none of its own until then.
 */
static struct file_entry *find_file(struct import *import,
				    const struct file_key *key)
{
	struct file_index *files = &import->creation->files;
	struct file_entry *entry = file_index_find(files, key);
	struct file_key path_only = *key;

	if (entry || !key->has_inode)
		return entry;
	path_only.has_inode = false;
	entry = file_index_find(files, &path_only);
	if (!entry)
		return NULL;
	if (!entry->is_numbered) {
		entry->is_numbered = true;
		entry->file->dev_major = key->dev_major;
		entry->file->dev_minor = key->dev_minor;
		entry->file->inode = key->inode;
		return entry;
	}
	return entry->file->inode == key->inode &&
			       entry->file->dev_major == key->dev_major &&
			       entry->file->dev_minor == key->dev_minor
		       ? entry
		       : NULL;
}

/* ---------------------------------------------------------- installation */

static const char *judge_open_file(const struct vm_file *file,
				   const struct maps_line *line)
{
	if (!file->readable)
		return "its file is open for writing only, which cannot be "
		       "mapped";
	if (!file->writable && line->vm_flags & VM_SHARED &&
	    line->vm_flags & VM_WRITE)
		return "its file is open for reading only, so a shared area of "
		       "it cannot have w";
	return NULL;
}

static enum world_status take_file(struct import *import, size_t number,
				   const struct maps_line *line,
				   struct area_setup *area)
{
	struct file_key key = key_of_line(import, line);
	struct file_entry *entry = find_file(import, &key);
	uint64_t end = line->offset + (line->end - line->start);
	const char *problem;

	if (!entry)
		entry = make_file(import, &key);
	if (!entry)
		return WORLD_REFUSED;
	problem = judge_open_file(entry->file, line);
	if (problem)
		return refuse_line(import->creation, number, problem);
	if (!entry->is_open && entry->file->size < end)
		entry->file->size = end;
	/* A descriptor that cannot write makes no area that ever could. */
	if (line->vm_flags & VM_SHARED && !entry->file->writable)
		area->vm_flags &= ~(VM_SHARED | VM_MAYWRITE);
	if (import->survey.has_program && !(line->vm_flags & VM_SHARED) &&
	    is_same_file(&import->survey.program, line))
		area->vm_flags |= VM_DENYWRITE;
	area->file = vm_file_get(entry->file);
	return WORLD_OK;
}

/*
 * Shared memory is committed as a whole when its object is made, which is when it
 * is mapped; beyond its end are only areas that have grown since.
 */
static void extend_shmem(struct vm_file *file, uint64_t end)
{
	uint64_t pages;

	if (end > TASK_SIZE)
		end = TASK_SIZE;
	if (end <= file->size)
		return;
	pages = (end - file->size) >> PAGE_SHIFT;
	file->size = end;
	file->committed += pages;
	file->machine->committed_as += pages;
}

static struct file_key shmem_key(const struct maps_line *line)
{
	return (struct file_key){
		.path = shmem_path,
		.path_len = sizeof(shmem_path) - 1,
		.has_inode = true,
		.dev_major = line->dev_major,
		.dev_minor = line->dev_minor,
		.inode = line->inode,
	};
}

/* Remember an object by its number, where it has one, for later lines. */
static int index_shmem(struct import *import, const struct maps_line *line,
		       struct vm_file *file)
{
	const struct file_entry entry = {
		.key = shmem_key(line),
		.file = file,
	};

	if (!line->has_inode)
		return 0;
	file->dev_major = line->dev_major;
	file->dev_minor = line->dev_minor;
	file->inode = line->inode;
	return file_index_add(&import->creation->files, &entry) ? 0 : -1;
}

/* The object of a shared anonymous area, with one reference. */
static struct vm_file *shmem_of_line(struct import *import,
				     const struct maps_line *line)
{
	struct creation *creation = import->creation;
	const struct file_key key = shmem_key(line);
	struct file_entry *entry;
	struct vm_file *file;

	if (line->has_inode) {
		entry = file_index_find(&creation->files, &key);
		if (entry)
			return vm_file_get(entry->file);
	} else if (import->shmem && line->start == import->shmem_end &&
		   line->offset == import->shmem_offset) {
		return vm_file_get(import->shmem);
	}
	file = shmem_zero_setup(creation->mm->machine, 0, false);
	if (file && index_shmem(import, line, file)) {
		vm_file_put(file);
		return NULL;
	}
	return file;
}

static enum world_status take_shmem(struct import *import,
				    const struct maps_line *line,
				    struct area_setup *area)
{
	uint64_t end = line->offset + (line->end - line->start);

	area->file = shmem_of_line(import, line);
	if (!area->file)
		return WORLD_REFUSED;
	extend_shmem(area->file, end);
	import->shmem = area->file;
	import->shmem_end = line->end;
	import->shmem_offset = end;
	return WORLD_OK;
}

/* Permissions and what may become of them, as mmap sets them. */
static uint64_t mapped_flags(const struct maps_line *line)
{
	uint64_t flags = line->vm_flags | VM_MAYALL | VM_SOFTDIRTY;

	if (line->vm_flags & VM_SHARED)
		flags |= VM_MAYSHARE;
	else if (line->vm_flags & VM_WRITE)
		flags |= VM_ACCOUNT;
	return flags;
}

static uint64_t special_flags(const struct maps_line *line)
{
	uint64_t flags = line->vm_flags | VM_DONTEXPAND | VM_SOFTDIRTY;

	if (line->kind == MAPS_VDSO)
		return flags | VM_MAYALL;
	return flags | VM_MAYREAD | VM_IO | VM_PFNMAP | VM_DONTDUMP;
}

/* The area that a line stands for; its file comes with a reference. */
static enum world_status area_of_line(struct import *import, size_t number,
				      const struct maps_line *line,
				      struct area_setup *area)
{
	*area = (struct area_setup){
		.start = line->start,
		.end = line->end,
		.vm_flags = mapped_flags(line),
		.pgoff = line->offset >> PAGE_SHIFT,
	};
	switch (line->kind) {
	case MAPS_FILE:
		return take_file(import, number, line, area);
	case MAPS_SHMEM:
		return take_shmem(import, line, area);
	case MAPS_STACK:
		area->vm_flags |= VM_GROWSDOWN | VM_ACCOUNT;
		area->vm_flags &= ~VM_SOFTDIRTY; /* as exec leaves it */
		if (has_guard_page(import->creation))
			area->start -= PAGE_SIZE;
		break;
	case MAPS_VDSO:
		area->special = VM_SPECIAL_VDSO;
		area->vm_flags = special_flags(line);
		break;
	case MAPS_VVAR:
		area->special = VM_SPECIAL_VVAR;
		area->vm_flags = special_flags(line);
		break;
	case MAPS_VVAR_VCLOCK:
		area->special = VM_SPECIAL_VVAR_VCLOCK;
		area->vm_flags = special_flags(line);
		break;
	default:
		break;
	}
	return WORLD_OK;
}

static enum world_status install_line(struct import *import, size_t number,
				      const struct maps_line *line)
{
	struct creation *creation = import->creation;
	enum world_status status;
	struct area_setup area;

	if (line->kind == MAPS_VSYSCALL) {
		creation->process->vsyscall = line->vm_flags & VM_READ
						      ? VSYSCALL_READ_EXEC
						      : VSYSCALL_EXEC;
		return WORLD_OK;
	}
	if (line->kind != MAPS_SHMEM)
		import->shmem = NULL;
	status = area_of_line(import, number, line, &area);
	if (status != WORLD_OK)
		return status;
	if (mm_install_area(creation->mm, &area))
		status = WORLD_REFUSED;
	if (area.file)
		vm_file_put(area.file);
	return status;
}

static enum world_status install_maps(struct import *import)
{
	const struct process_setup *setup = import->creation->setup;
	const char *text = setup->maps, *line_text;
	size_t len = setup->maps_len, line_len, number = 1;
	enum world_status status = WORLD_OK;
	struct maps_line line;

	for (; (line_text = maps_text_next(&text, &len, &line_len)); number++) {
		maps_line_parse(line_text, line_len, &line);
		status = install_line(import, number, &line);
		if (status != WORLD_OK)
			break;
	}
	return status;
}

/* --------------------------------------------------------------- fields */

/* The program's path is its only argument, if the stack has room for it. */
static void place_stack_fields(struct mm_struct *mm,
			       const struct survey *survey)
{
	struct program_strings strings = {
		.argc = 1,
		.arg_bytes = survey->program.name_len + 1,
		.path_len = survey->program.name_len,
	};

	place_program_strings(mm, survey->stack_end, &strings, 0);
	if (mm->start_stack >= survey->stack_start)
		return;
	strings = (struct program_strings){ 0 };
	place_program_strings(mm, survey->stack_end, &strings, 0);
}

/* What exec would have left in the mm. */
static void set_fields(struct mm_struct *mm, const struct survey *survey)
{
	mm->start_code = survey->program.start;
	mm->end_code = survey->program.end;
	mm->start_data = mm->start_code;
	mm->end_data = mm->end_code;
	if (survey->data_end) {
		mm->start_data = survey->data_start;
		mm->end_data = survey->data_end;
	}
	mm->start_brk = survey->data_end ? survey->data_limit : mm->end_code;
	mm->brk = mm->start_brk;
	if (survey->heap_end) {
		mm->start_brk = survey->heap_start;
		mm->brk = survey->heap_end;
	}
	if (survey->has_stack)
		place_stack_fields(mm, survey);
}

enum world_status maps_import(struct creation *creation)
{
	struct import import = { .creation = creation };
	enum world_status status;

	status = survey_maps(creation, &import.survey);
	if (status == WORLD_OK)
		status = install_maps(&import);
	if (status == WORLD_OK)
		set_fields(creation->mm, &import.survey);
	return status;
}
