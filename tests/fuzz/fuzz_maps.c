/* SPDX-License-Identifier: MIT */
/*
 * Any bytes are /proc/PID/maps: a world comes of it, or a reason why not
 *
 * The first byte chooses the release. A world that is made holds its invariants,
 * prints lines that a client understands, and gives everything back.
 */
#include <string.h>

#include "clients/cli/maps.h"
#include "core/world/proc.h"
#include "core/world/process_setup.h"
#include "tests/fuzz/demand.h"
#include "tests/support/fail_alloc.h"

static const struct kernel_profile *profile_of(uint8_t byte)
{
	size_t count = 0;

	while (kernel_profile_at(count))
		count++;
	return kernel_profile_at(byte % count);
}

/* The prefix of every line, read by the other side. */
static void check_lines(const struct process *process)
{
	const struct vm_area_struct *vma = process_mm(process)->mmap;
	uint64_t end = 0;

	for (; vma; vma = vma->vm_next) {
		char text[MAPS_LINE_MAX + 1];
		struct maps_line line;
		size_t len, name_len;
		const char *name;

		process_maps_line(process, vma, text, &len, &name, &name_len);
		text[len] = '\0';
		demand(maps_line_read(text, &line), text);
		demand(line.start >= end && line.end <= vma->vm_end, text);
		end = vma->vm_end;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct account account = { .max_processes = 1,
				   .max_threads = UINT64_MAX,
				   .max_areas = 4096,
				   .max_bytes = 64 << 20 };
	struct process_setup setup;
	struct creation_error error = { 0 };
	struct world *world = NULL;
	enum world_status status;
	struct fail_alloc host;
	struct memory memory;

	if (!size)
		return 0;
	fail_alloc_init(&host);
	memory_init(&memory, &host.allocator, &account);
	process_setup_init(&setup);
	setup.profile = profile_of(data[0]);
	setup.maps = (const char *)data + 1;
	setup.maps_len = size - 1;
	status = world_new(&memory, &setup, &world, &error);
	demand(status == WORLD_OK || status == WORLD_REFUSED ||
		       (status == WORLD_BAD_PARAM && *error.hint &&
			error.param),
	       "neither a world nor a reason");
	if (status == WORLD_OK) {
		const char *wrong =
			validate_mm(process_mm(world_process(world, 0)));

		demand(!wrong, wrong ? wrong : "");
		check_lines(world_process(world, 0));
	}
	world_free(world);
	memory_deinit(&memory);
	demand(!host.live_blocks && !account.bytes && !account.areas,
	       "something was not given back");
	return 0;
}
