/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "clients/cli/cli.h"
#include "clients/cli/maps.h"
#include "clients/cli/proc.h"

enum {
	PAGE = 4096,
	CHUNK = 512,
};

/* Ranges that are read page by page only up to this size. */
#define PAGES_READ_MAX (1ULL << 30)

/* The request of PAGEMAP_SCAN, which older headers do not have. */
struct scan_request {
	uint64_t size, flags, start, end, walk_end;
	uint64_t regions, nr_regions, max_pages;
	uint64_t inverted, required, any_of, returned;
};

struct scan_region {
	uint64_t start, end, categories;
};

#define SCAN_PAGEMAP _IOWR('f', 16, struct scan_request)

/* Categories of a page. */
enum {
	PAGE_FILE = 1 << 2,
	PAGE_PRESENT = 1 << 3,
	PAGE_SWAPPED = 1 << 4,
	PAGE_ZERO = 1 << 5,
};

/* Bits of an entry of /proc/PID/pagemap. */
#define ENTRY_PRESENT (1ULL << 63)
#define ENTRY_SWAPPED (1ULL << 62)
#define ENTRY_FILE    (1ULL << 61)

static void runs_add(struct page_runs *runs, uint64_t start, uint64_t end,
		     bool anon)
{
	struct page_run *last =
		runs->count ? &runs->runs[runs->count - 1] : NULL;

	if (last && last->end == start && last->anon == anon) {
		last->end = end;
		return;
	}
	/* Grows at every power of two. */
	if (!(runs->count & (runs->count - 1))) {
		runs->runs = reallocarray(runs->runs,
					  runs->count ? runs->count * 2 : 1,
					  sizeof(*runs->runs));
		if (!runs->runs)
			cli_out_of_memory();
	}
	runs->runs[runs->count++] =
		(struct page_run){ .start = start, .end = end, .anon = anon };
}

void page_runs_reset(struct page_runs *runs)
{
	free(runs->runs);
	*runs = (struct page_runs){ 0 };
}

const struct page_run *page_runs_find(const struct page_runs *runs,
				      uint64_t start, uint64_t end)
{
	size_t low = 0, high = runs->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (runs->runs[middle].end <= start)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < runs->count && runs->runs[low].start < end; low++) {
		if (runs->runs[low].anon)
			return &runs->runs[low];
	}
	return NULL;
}

/* Whether the kernel knows the request. */
static bool scan(int pagemap, uint64_t start, uint64_t end, bool anon_only,
		 struct page_runs *runs)
{
	struct scan_region regions[CHUNK];
	struct scan_request request = {
		.size = sizeof(request),
		.start = start,
		.end = end,
		.regions = (uintptr_t)regions,
		.nr_regions = CHUNK,
		.any_of = PAGE_PRESENT | PAGE_SWAPPED,
		.returned = PAGE_FILE | PAGE_ZERO,
	};

	if (anon_only) {
		request.inverted = PAGE_FILE | PAGE_ZERO;
		request.required = PAGE_FILE | PAGE_ZERO;
	}
	while (request.start < end) {
		int found = ioctl(pagemap, SCAN_PAGEMAP, &request);

		if (found < 0)
			return false;
		for (int i = 0; i < found; i++)
			runs_add(runs, regions[i].start, regions[i].end,
				 !(regions[i].categories &
				   (PAGE_FILE | PAGE_ZERO)));
		if (request.walk_end <= request.start)
			break;
		request.start = request.walk_end;
	}
	return true;
}

static void read_entries(int pagemap, uint64_t start, uint64_t end,
			 bool anon_only, struct page_runs *runs)
{
	uint64_t entries[CHUNK];

	while (start < end) {
		uint64_t want = (end - start) / PAGE;
		ssize_t got =
			pread(pagemap, entries,
			      (want < CHUNK ? want : CHUNK) * sizeof(*entries),
			      (off_t)(start / PAGE * sizeof(*entries)));

		if (got <= 0)
			return;
		for (size_t i = 0; i < (size_t)got / sizeof(*entries);
		     i++, start += PAGE) {
			bool anon = !(entries[i] & ENTRY_FILE);

			if ((entries[i] & (ENTRY_PRESENT | ENTRY_SWAPPED)) &&
			    (anon || !anon_only))
				runs_add(runs, start, start + PAGE, anon);
		}
	}
}

void proc_pages(pid_t pid, uint64_t start, uint64_t end, bool anon_only,
		struct page_runs *runs)
{
	char path[64];
	int pagemap;

	snprintf(path, sizeof(path), "/proc/%d/pagemap", (int)pid);
	pagemap = open(path, O_RDONLY | O_CLOEXEC);
	if (pagemap < 0)
		return;
	if (!scan(pagemap, start, end, anon_only, runs) &&
	    end - start <= PAGES_READ_MAX)
		read_entries(pagemap, start, end, anon_only, runs);
	close(pagemap);
}

static const char *page_kind(const struct maps_line *line,
			     const struct page_run *run)
{
	if (run->anon)
		return "anon";
	/* Where there is no file, what is no page of its own is the zero page. */
	return line->name_len && line->name[0] == '/' ? "file" : "zero";
}

json_t *proc_resident(pid_t pid, const char *maps)
{
	json_t *resident = json_array();
	struct maps_line line;

	while (maps_next_line(&maps, &line)) {
		struct page_runs runs = { 0 };
		char start[32], end[32];

		/* The kernel's own pages have neither kind. */
		if (line.name_len > 1 && line.name[0] == '[' &&
		    line.name[1] == 'v')
			continue;
		proc_pages(pid, line.start, line.end, false, &runs);
		for (size_t i = 0; i < runs.count; i++) {
			snprintf(start, sizeof(start), "0x%lx",
				 (unsigned long)runs.runs[i].start);
			snprintf(end, sizeof(end), "0x%lx",
				 (unsigned long)runs.runs[i].end);
			json_array_append_new(
				resident,
				json_pack("[s, s, s]", start, end,
					  page_kind(&line, &runs.runs[i])));
		}
		page_runs_reset(&runs);
	}
	return resident;
}
