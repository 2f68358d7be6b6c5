/* SPDX-License-Identifier: MIT */
/*
 * The parts of a setup that are judged by themselves: defaults, limits,
 * settings, descriptors
 */
#include "core/world/creation.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/world/file_new.h"

/* Numbers beyond these would overflow what the kernel counts them in. */
#define MEM_TOTAL_KB_MIN 1024ULL
#define MEM_TOTAL_KB_MAX (1ULL << 36)
#define KB_MAX           (1ULL << 50)
#define INT_MAX_SYSCTL   2147483647ULL

enum world_status creation_refuse(struct creation_error *error,
				  const char *param, const char *format, ...)
{
	va_list arguments;

	error->param = param;
	va_start(arguments, format);
	vsnprintf(error->hint, sizeof(error->hint), format, arguments);
	va_end(arguments);
	return WORLD_BAD_PARAM;
}

void process_setup_init(struct process_setup *setup)
{
	*setup = (struct process_setup){
		.profile = kernel_profile_at(0),
		.mem_total_kb = 16777216,
		.uid = 1000,
		.history = HISTORY_DEFAULT,
	};
}

struct sysctl_rule {
	const char *name;
	uint64_t min, max;
};

/* In the order of enum sysctl_field. */
static const struct sysctl_rule sysctl_rules[] = {
	[SYSCTL_MAX_MAP_COUNT] = { "max_map_count", 0, INT_MAX_SYSCTL },
	[SYSCTL_MMAP_MIN_ADDR] = { "mmap_min_addr", 0, TASK_SIZE },
	[SYSCTL_OVERCOMMIT_MEMORY] = { "overcommit_memory", 0, 2 },
	[SYSCTL_OVERCOMMIT_RATIO] = { "overcommit_ratio", 0, INT_MAX_SYSCTL },
	[SYSCTL_OVERCOMMIT_KBYTES] = { "overcommit_kbytes", 0, KB_MAX },
	[SYSCTL_ADMIN_RESERVE_KBYTES] = { "admin_reserve_kbytes", 0, KB_MAX },
	[SYSCTL_USER_RESERVE_KBYTES] = { "user_reserve_kbytes", 0, KB_MAX },
	[SYSCTL_LEGACY_VA_LAYOUT] = { "legacy_va_layout", 0, 1 },
	[SYSCTL_STACK_GUARD_GAP] = { "stack_guard_gap", 0, 1ULL << 20 },
};

#define NR_SYSCTLS (sizeof(sysctl_rules) / sizeof(sysctl_rules[0]))

void sysctl_set(struct sysctl *sysctl, enum sysctl_field field, uint64_t value)
{
	switch (field) {
	case SYSCTL_MAX_MAP_COUNT:
		sysctl->max_map_count = (uint32_t)value;
		break;
	case SYSCTL_MMAP_MIN_ADDR:
		sysctl->mmap_min_addr = value;
		break;
	case SYSCTL_OVERCOMMIT_MEMORY:
		sysctl->overcommit_memory = (uint8_t)value;
		break;
	case SYSCTL_OVERCOMMIT_RATIO:
		sysctl->overcommit_ratio = (uint32_t)value;
		break;
	case SYSCTL_OVERCOMMIT_KBYTES:
		sysctl->overcommit_kbytes = value;
		break;
	case SYSCTL_ADMIN_RESERVE_KBYTES:
		sysctl->admin_reserve_kbytes = value;
		break;
	case SYSCTL_USER_RESERVE_KBYTES:
		sysctl->user_reserve_kbytes = value;
		break;
	case SYSCTL_LEGACY_VA_LAYOUT:
		sysctl->legacy_va_layout = (uint8_t)value;
		break;
	case SYSCTL_STACK_GUARD_GAP:
		sysctl->stack_guard_gap = (uint32_t)value;
		break;
	}
}

static uint64_t min(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* A thirty-second of memory, up to 8 MiB and 128 MiB. */
static void default_sysctl(uint64_t mem_total_kb, uint64_t values[NR_SYSCTLS])
{
	values[SYSCTL_MAX_MAP_COUNT] = 65530;
	values[SYSCTL_MMAP_MIN_ADDR] = 65536;
	values[SYSCTL_OVERCOMMIT_MEMORY] = 0;
	values[SYSCTL_OVERCOMMIT_RATIO] = 50;
	values[SYSCTL_OVERCOMMIT_KBYTES] = 0;
	values[SYSCTL_ADMIN_RESERVE_KBYTES] = min(mem_total_kb / 32, 8 << 10);
	values[SYSCTL_USER_RESERVE_KBYTES] = min(mem_total_kb / 32, 128 << 10);
	values[SYSCTL_LEGACY_VA_LAYOUT] = 0;
	values[SYSCTL_STACK_GUARD_GAP] = 256;
}

static enum world_status judge_sysctl(const struct process_setup *setup,
				      struct sysctl *sysctl,
				      struct creation_error *error)
{
	const uint64_t given[NR_SYSCTLS] = {
		setup->sysctl.max_map_count,
		setup->sysctl.mmap_min_addr,
		setup->sysctl.overcommit_memory,
		setup->sysctl.overcommit_ratio,
		setup->sysctl.overcommit_kbytes,
		setup->sysctl.admin_reserve_kbytes,
		setup->sysctl.user_reserve_kbytes,
		setup->sysctl.legacy_va_layout,
		setup->sysctl.stack_guard_gap,
	};
	uint64_t values[NR_SYSCTLS];
	size_t i;

	default_sysctl(setup->mem_total_kb, values);
	for (i = 0; i < NR_SYSCTLS; i++) {
		const struct sysctl_rule *rule = &sysctl_rules[i];

		if (!(setup->sysctl_given & 1U << i))
			continue;
		if (given[i] < rule->min || given[i] > rule->max)
			return creation_refuse(
				error, "sysctl",
				"%s is %llu; it goes from %llu to %llu",
				rule->name, (unsigned long long)given[i],
				(unsigned long long)rule->min,
				(unsigned long long)rule->max);
		values[i] = given[i];
	}
	*sysctl = (struct sysctl){
		.max_map_count = values[SYSCTL_MAX_MAP_COUNT],
		.mmap_min_addr = values[SYSCTL_MMAP_MIN_ADDR],
		.overcommit_memory = values[SYSCTL_OVERCOMMIT_MEMORY],
		.overcommit_ratio = values[SYSCTL_OVERCOMMIT_RATIO],
		.overcommit_kbytes = values[SYSCTL_OVERCOMMIT_KBYTES],
		.admin_reserve_kbytes = values[SYSCTL_ADMIN_RESERVE_KBYTES],
		.user_reserve_kbytes = values[SYSCTL_USER_RESERVE_KBYTES],
		.legacy_va_layout = values[SYSCTL_LEGACY_VA_LAYOUT],
		.stack_guard_gap = values[SYSCTL_STACK_GUARD_GAP],
	};
	return WORLD_OK;
}

static enum world_status judge_file(const struct file_setup *file, size_t index,
				    struct creation_error *error)
{
	const char *problem = NULL;

	if (file->fd < 0)
		problem = "fd must not be negative";
	else if (!is_file_name(file->name, file->name_len))
		problem = "name must have 1 to 4095 bytes, none of them zero";
	else if (file->path && !is_file_name(file->path, file->path_len))
		problem = "path must have 1 to 4095 bytes, none of them zero";
	else if (file->size > INT64_MAX)
		problem = "size is beyond what a file can have, 2^63 - 1 bytes";
	if (!problem)
		return WORLD_OK;
	return creation_refuse(error, "files", "entry %zu: %s", index, problem);
}

static enum world_status judge_files(const struct process_setup *setup,
				     struct creation_error *error)
{
	enum world_status status;
	size_t i;

	if (setup->nr_files > DESCRIPTORS_MAX)
		return creation_refuse(error, "files",
				       "there are %zu; a process can open %d",
				       setup->nr_files, DESCRIPTORS_MAX);
	for (i = 0; i < setup->nr_files; i++) {
		status = judge_file(&setup->files[i], i, error);
		if (status != WORLD_OK)
			return status;
	}
	return WORLD_OK;
}

static enum world_status judge_machine(const struct process_setup *setup,
				       struct creation_error *error)
{
	if (setup->mem_total_kb < MEM_TOTAL_KB_MIN ||
	    setup->mem_total_kb > MEM_TOTAL_KB_MAX)
		return creation_refuse(error, "mem_total_kb",
				       "%llu; it goes from %llu to %llu",
				       (unsigned long long)setup->mem_total_kb,
				       MEM_TOTAL_KB_MIN, MEM_TOTAL_KB_MAX);
	if (setup->committed_given && setup->committed_kb > KB_MAX)
		return creation_refuse(
			error, "committed_kb", "%llu; it goes up to %llu",
			(unsigned long long)setup->committed_kb, KB_MAX);
	if (setup->history > HISTORY_MAX && setup->history != HISTORY_ALL)
		return creation_refuse(error, "history",
				       "%llu operations; at most %d are kept, "
				       "or \"all\" until that many are there",
				       (unsigned long long)setup->history,
				       HISTORY_MAX);
	return WORLD_OK;
}

enum world_status creation_judge(const struct process_setup *setup,
				 struct sysctl *sysctl,
				 struct creation_error *error)
{
	enum world_status status = judge_machine(setup, error);

	if (status == WORLD_OK)
		status = judge_sysctl(setup, sysctl, error);
	if (status == WORLD_OK)
		status = judge_files(setup, error);
	return status;
}
