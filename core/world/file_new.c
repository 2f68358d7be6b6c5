/* SPDX-License-Identifier: MIT */
#include "core/world/file_new.h"

#include <string.h>

bool is_file_name(const char *name, size_t len)
{
	return len && len <= FILE_PATH_MAX && !memchr(name, '\0', len);
}

/* A path that is not given is the name in the root folder. */
static struct vm_file *file_with_path(struct machine *machine,
				      const struct file_setup *setup)
{
	char path[FILE_PATH_MAX + 1];

	if (setup->path)
		return vm_file_new(machine, setup->path, setup->path_len);
	path[0] = '/';
	memcpy(path + 1, setup->name, setup->name_len);
	return vm_file_new(machine, path, setup->name_len + 1);
}

struct vm_file *file_new(struct machine *machine,
			 const struct file_setup *setup)
{
	struct vm_file *file = file_with_path(machine, setup);

	if (!file)
		return NULL;
	file->size = setup->size;
	file->readable = setup->mode != FILE_WO;
	file->writable = setup->mode != FILE_RO;
	file->dev_major = setup->dev_given ? setup->dev_major : 0;
	file->dev_minor = setup->dev_given ? setup->dev_minor : 1;
	file->inode = setup->inode_given ? setup->inode : ++machine->next_inode;
	return file;
}
