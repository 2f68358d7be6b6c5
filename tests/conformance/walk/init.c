/* SPDX-License-Identifier: MIT */
#include "tests/conformance/walk/init.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/conformance/walk/mix.h"

#define DEFAULT_MAX_MAP_COUNT 65530
#define OVERCOMMIT_NEVER      2

bool init_is_us(void)
{
	return getpid() == 1;
}

void init_begin(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	mkdir("/proc", 0555);
	if (mount("proc", "/proc", "proc", 0, NULL))
		perror("vmarium-walk: cannot mount /proc");
	puts("\nvmarium-walk: begin");
}

static void set_sysctl(const char *path, int value)
{
	FILE *file = fopen(path, "we");

	if (!file || fprintf(file, "%d\n", value) < 0 || fclose(file))
		perror(path);
}

void init_prepare(const struct mix *mix)
{
	set_sysctl("/proc/sys/vm/overcommit_memory",
		   mix->overcommit_memory < 0 ? 0 : mix->overcommit_memory);
	set_sysctl("/proc/sys/vm/max_map_count", mix->max_map_count < 0
							 ? DEFAULT_MAX_MAP_COUNT
							 : mix->max_map_count);
}

void init_settle(void)
{
	set_sysctl("/proc/sys/vm/overcommit_memory", OVERCOMMIT_NEVER);
}

void init_end(int status)
{
	printf("vmarium-walk: exit %d\n", status);
	fflush(NULL);
	sync();
	reboot(RB_AUTOBOOT);
	exit(status);
}
