/* SPDX-License-Identifier: MIT */
#include "clients/cli/proc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "clients/cli/cli.h"
#include "clients/cli/maps.h"

static char *file_text(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t room = 0;

	if (!file)
		return NULL;
	/* A text of /proc has no zero byte; one without any byte is a text, too. */
	if (getdelim(&text, &room, '\0', file) < 0) {
		free(text);
		text = ferror(file) ? NULL : strdup("");
	}
	fclose(file);
	return text;
}

char *proc_read(pid_t pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	return file_text(path);
}

int64_t proc_status_number(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (; text && *text; text = strchrnul(text, '\n'), text += !!*text) {
		if (!strncmp(text, name, len) && text[len] == ':')
			return strtoll(text + len + 1, NULL, 10);
	}
	return -1;
}

/* ------------------------------------------------------------ mm fields */

/* Which word of /proc/PID/stat holds which field, counted from 1. */
static const struct {
	unsigned word;
	const char *name;
} stat_fields[] = {
	{ 26, "start_code" }, { 27, "end_code" }, { 28, "start_stack" },
	{ 45, "start_data" }, { 46, "end_data" }, { 47, "start_brk" },
	{ 48, "arg_start" },  { 49, "arg_end" },  { 50, "env_start" },
	{ 51, "env_end" },
};

enum {
	STAT_FIELDS = sizeof(stat_fields) / sizeof(stat_fields[0]),
	STAT_WORDS = 52,
	STAT_STATE = 3, /* the first word behind the program's name */
};

static void number_set(json_t *object, const char *name, uint64_t number)
{
	char hex[32];

	snprintf(hex, sizeof(hex), "0x%" PRIx64, number);
	json_object_set_new(object, name, json_string(hex));
}

#define TASK_END    0x7ffffffff000ULL
#define GAP_MIN     (128ULL << 20)
#define GAP_MAX     (TASK_END / 6 * 5)
#define STACK_GUARD (1ULL << 20)

/* As the kernel sets it when addresses are not randomised. */
static uint64_t mmap_base_unrandomised(pid_t pid)
{
	struct rlimit limit = { .rlim_cur = 8 << 20 };
	uint64_t gap;

	prlimit(pid, RLIMIT_STACK, NULL, &limit);
	gap = limit.rlim_cur;
	if (gap + STACK_GUARD > gap)
		gap += STACK_GUARD;
	if (gap < GAP_MIN)
		gap = GAP_MIN;
	if (gap > GAP_MAX)
		gap = GAP_MAX;
	return TASK_END - gap;
}

static uint64_t mmap_base(pid_t pid, const char *maps, uint64_t start_brk)
{
	struct maps_line line;
	uint64_t base = 0;

	while (maps_next_line(&maps, &line) && !maps_name_is(&line, "[stack]"))
		base = line.end;
	/* A program and its break lie far below anything that mmap places. */
	if (base <= start_brk + (1ULL << 30))
		base = mmap_base_unrandomised(pid);
	return base;
}

json_t *proc_mm(pid_t pid, const char *maps)
{
	char *text = proc_read(pid, "stat");
	char *word = text ? strrchr(text, ')') : NULL;
	uint64_t words[STAT_WORDS + 1] = { 0 };
	json_t *mm;

	if (!word) {
		free(text);
		return NULL;
	}
	word += 2;
	for (unsigned i = STAT_STATE; i <= STAT_WORDS && *word; i++) {
		words[i] = strtoull(word, NULL, 10);
		word = strchrnul(word, ' ');
		word += *word == ' ';
	}
	free(text);
	mm = json_object();
	for (size_t i = 0; i < STAT_FIELDS; i++)
		number_set(mm, stat_fields[i].name, words[stat_fields[i].word]);
	json_object_set(mm, "brk", json_object_get(mm, "start_brk"));
	number_set(mm, "mmap_base", mmap_base(pid, maps, words[47]));
	return mm;
}

/* ------------------------------------------------- limits, user, machine */

json_t *proc_limits(pid_t pid)
{
	static const struct {
		const char *name;
		__rlimit_resource_t resource;
	} limits[] = {
		{ "as", RLIMIT_AS },
		{ "data", RLIMIT_DATA },
		{ "stack", RLIMIT_STACK },
		{ "memlock", RLIMIT_MEMLOCK },
	};
	json_t *object = json_object();

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		struct rlimit limit;

		if (prlimit(pid, limits[i].resource, NULL, &limit))
			continue;
		json_object_set_new(
			object, limits[i].name,
			json_integer(limit.rlim_cur == RLIM_INFINITY
					     ? -1
					     : (json_int_t)limit.rlim_cur));
	}
	return object;
}

json_t *proc_uid(pid_t pid)
{
	char *status = proc_read(pid, "status");
	const char *caps = status ? strstr(status, "CapEff:") : NULL;
	int64_t uid = proc_status_number(status, "Uid");

	if (caps && strtoull(caps + strlen("CapEff:"), NULL, 16))
		uid = 0;
	else if (uid <= 0)
		uid = 65534; /* root without a capability is nobody */
	free(status);
	return json_integer(uid);
}

static json_t *sysctl(void)
{
	static const char *const names[] = {
		"max_map_count",       "mmap_min_addr",
		"overcommit_memory",   "overcommit_ratio",
		"overcommit_kbytes",   "admin_reserve_kbytes",
		"user_reserve_kbytes", "legacy_va_layout",
	};
	json_t *object = json_object();
	char path[64];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *text;

		snprintf(path, sizeof(path), "/proc/sys/vm/%s", names[i]);
		text = file_text(path);
		if (text)
			json_object_set_new(
				object, names[i],
				json_integer(strtoll(text, NULL, 10)));
		free(text);
	}
	return object;
}

void proc_machine_add(json_t *header)
{
	char *meminfo = file_text("/proc/meminfo");
	struct utsname name;

	uname(&name);
	json_object_set_new(header, "kernel", json_string(name.release));
	json_object_set_new(header, "arch", json_string(name.machine));
	json_object_set_new(header, "sysctl", sysctl());
	json_object_set_new(
		header, "mem_total_kb",
		json_integer(proc_status_number(meminfo, "MemTotal")));
	json_object_set_new(
		header, "committed_kb",
		json_integer(proc_status_number(meminfo, "Committed_AS")));
	free(meminfo);
}

/* ---------------------------------------------------------------- files */

static const char *access_mode(pid_t pid, int fd)
{
	static const char *const modes[] = { "ro", "wo", "rw", "rw" };
	const char *flags;
	char name[64];
	char *text;
	unsigned long mode = 0;

	snprintf(name, sizeof(name), "fdinfo/%d", fd);
	text = proc_read(pid, name);
	flags = text ? strstr(text, "flags:") : NULL;
	if (flags)
		mode = strtoul(flags + strlen("flags:"), NULL, 8) & 3;
	free(text);
	return modes[mode];
}

bool proc_file(pid_t pid, int fd, struct proc_file *file)
{
	struct stat stat_buf;
	const char *slash;
	char path[64];
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)pid, fd);
	if (stat(path, &stat_buf))
		return false;
	len = readlink(path, file->path, sizeof(file->path) - 1);
	if (len < 0)
		return false;
	file->path[len] = '\0';
	slash = *file->path == '/' ? strrchr(file->path, '/') : NULL;
	file->name = slash ? slash + 1 : file->path;
	file->size = (uint64_t)stat_buf.st_size;
	file->mode = access_mode(pid, fd);
	snprintf(file->dev, sizeof(file->dev), "%02x:%02x",
		 major(stat_buf.st_dev), minor(stat_buf.st_dev));
	file->inode = stat_buf.st_ino;
	file->regular = S_ISREG(stat_buf.st_mode);
	return true;
}
