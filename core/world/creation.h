/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * How a process_setup becomes a world with one process
 *
 * creation.c goes through the steps; the address space comes from loader.c or,
 * if there is a text of maps, from maps_import.c.
 */
#include "core/world/file_index.h"
#include "core/world/world_types.h"

/* One creation under way. */
struct creation {
	const struct process_setup *setup;
	struct creation_error *error;
	struct world *world;
	struct process *process;
	struct mm_struct *mm;
	struct file_index files; /* by path and by name */
};

/**
 * creation_refuse() - say what is wrong with a setup
 * @error:  to fill
 * @param:  static: which parameter
 * @format: of the hint: what is wrong and what to do
 *
 * Return: WORLD_BAD_PARAM.
 */
enum world_status creation_refuse(struct creation_error *error,
				  const char *param, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * creation_judge() - check what can be checked before there is a world
 * @setup:  to judge
 * @sysctl: out: the machine's settings, given or default
 * @error:  out
 *
 * Return: WORLD_OK or WORLD_BAD_PARAM.
 */
enum world_status creation_judge(const struct process_setup *setup,
				 struct sysctl *sysctl,
				 struct creation_error *error);

/**
 * creation_fill() - put the process into a new world
 * @world: has its machine and journal and nothing else; on error the caller
 *         frees it with whatever is in it by then
 * @setup: judged
 * @error: out
 *
 * Return: WORLD_OK, WORLD_BAD_PARAM or WORLD_REFUSED.
 */
enum world_status creation_fill(struct world *world,
				const struct process_setup *setup,
				struct creation_error *error);

/**
 * load_default_program() - what the loader makes of a small static program
 * @creation: its mm has limits and layout, and is empty
 *
 * Return: WORLD_OK or WORLD_REFUSED.
 */
enum world_status load_default_program(struct creation *creation);

/**
 * maps_import() - areas and fields as the text of maps says
 * @creation: its mm has limits and layout, and is empty; its index knows the
 *            open files
 *
 * Return: WORLD_OK, WORLD_BAD_PARAM or WORLD_REFUSED.
 */
enum world_status maps_import(struct creation *creation);

/**
 * resident_import() - make the pages present that the setup lists
 * @creation: its mm has all areas
 *
 * Return: WORLD_OK, WORLD_BAD_PARAM or WORLD_REFUSED.
 */
enum world_status resident_import(struct creation *creation);

/**
 * install_absent_pages() - mm_install_pages() for what is not present yet
 * @mm:    address space
 * @start: page aligned
 * @end:   page aligned; no hole in [start, end)
 * @kind:  of the pages
 *
 * Return: 0, or -1 with the refusal set.
 */
int install_absent_pages(struct mm_struct *mm, uint64_t start, uint64_t end,
			 enum page_kind kind);
