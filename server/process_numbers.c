/* SPDX-License-Identifier: MIT */
#include "server/process_numbers.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static const char files[] = "/proc/self/fd";

static uint64_t timeval_ns(struct timeval value)
{
	return (uint64_t)value.tv_sec * 1000000000 +
	       (uint64_t)value.tv_usec * 1000;
}

static void read_memory(struct process_numbers *numbers)
{
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	unsigned long total, resident;
	FILE *file = fopen("/proc/self/statm", "re");

	if (!file)
		return;
	if (fscanf(file, "%lu %lu", &total, &resident) == 2) {
		numbers->virtual_bytes = total * page;
		numbers->resident_bytes = resident * page;
	}
	fclose(file);
}

static uint64_t count_files(void)
{
	uint64_t count = 0;
	struct stat stat_of;
	const struct dirent *entry;
	DIR *dir;

	/* From 6.2 on the folder's size is the number. */
	if (!stat(files, &stat_of) && stat_of.st_size > 0)
		return (uint64_t)stat_of.st_size;
	dir = opendir(files);
	if (!dir)
		return 0;
	while ((entry = readdir(dir)))
		count += entry->d_name[0] != '.';
	closedir(dir);
	return count - 1; /* the folder's own */
}

void process_numbers_read(struct process_numbers *numbers)
{
	struct rusage usage;
	struct rlimit limit;

	*numbers = (struct process_numbers){ 0 };
	if (!getrusage(RUSAGE_SELF, &usage))
		numbers->cpu_ns =
			timeval_ns(usage.ru_utime) + timeval_ns(usage.ru_stime);
	if (!getrlimit(RLIMIT_NOFILE, &limit))
		numbers->max_files = limit.rlim_cur;
	read_memory(numbers);
	numbers->open_files = count_files();
}
