/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Files by path, while a process is being made
 *
 * A tree, so that no choice of names makes it slow. A file can be entered under
 * several keys; each entry owns one reference to it.
 */
#include "core/mm/memory.h"
#include "core/mm/mm_types.h"

struct file_key {
	const char *path; /* lives as long as the index */
	size_t path_len;
	bool has_inode; /* else: whatever device and inode */
	uint16_t dev_major, dev_minor;
	uint64_t inode;
};

struct file_entry {
	struct rb_node node;
	struct file_key key;
	struct vm_file *file;
	bool is_open;     /* by a descriptor, which says its size and mode */
	bool is_numbered; /* device and inode were given, not counted */
};

struct file_index {
	struct memory *memory;
	struct rb_root root;
};

/* An empty index, paid for by @memory. */
void file_index_init(struct file_index *index, struct memory *memory);

/* Let go of all files and forget all keys. */
void file_index_deinit(struct file_index *index);

/* The entry under exactly that key, or NULL. O(log keys). */
struct file_entry *file_index_find(const struct file_index *index,
				   const struct file_key *key);

/**
 * file_index_add() - enter a file, unless the key is taken
 * @index: where
 * @entry: copied but for the path of its key; one more reference to its file is
 *         taken
 *
 * Return: the entry under that key, or NULL with memory->refusal set.
 */
struct file_entry *file_index_add(struct file_index *index,
				  const struct file_entry *entry);
