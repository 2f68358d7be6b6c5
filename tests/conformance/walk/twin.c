/* SPDX-License-Identifier: MIT */
#include "tests/conformance/walk/twin.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/world/operation.h"
#include "core/world/proc.h"

static void *host_alloc(void *ctx, size_t size)
{
	(void)ctx;
	return malloc(size);
}

static void host_free(void *ctx, void *ptr, size_t size)
{
	(void)ctx;
	(void)size;
	free(ptr);
}

static const struct allocator host = { host_alloc, host_free, NULL };

/* -------------------------------------------------------------- machine */

static bool read_number(const char *path, uint64_t *value)
{
	FILE *file = fopen(path, "re");
	bool is_read;

	if (!file)
		return false;
	is_read = fscanf(file, "%" SCNu64, value) == 1;
	fclose(file);
	return is_read;
}

static void read_sysctl(struct machine_state *machine, enum sysctl_field field,
			const char *name)
{
	uint64_t value;
	char path[64];

	snprintf(path, sizeof(path), "/proc/sys/vm/%s", name);
	if (!read_number(path, &value))
		return;
	sysctl_set(&machine->sysctl, field, value);
	machine->sysctl_given |= 1U << field;
}

static int read_meminfo(struct machine_state *machine)
{
	FILE *file = fopen("/proc/meminfo", "re");
	char line[256];
	uint64_t value;

	if (!file) {
		perror("vmarium-walk: /proc/meminfo");
		return -1;
	}
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "MemTotal: %" SCNu64, &value) == 1)
			machine->mem_total_kb = value;
		if (sscanf(line, "Committed_AS: %" SCNu64, &value) == 1)
			machine->committed_kb = value;
	}
	fclose(file);
	return 0;
}

int machine_read(struct machine_state *machine)
{
	memset(machine, 0, sizeof(*machine));
	read_sysctl(machine, SYSCTL_MAX_MAP_COUNT, "max_map_count");
	read_sysctl(machine, SYSCTL_MMAP_MIN_ADDR, "mmap_min_addr");
	read_sysctl(machine, SYSCTL_OVERCOMMIT_MEMORY, "overcommit_memory");
	read_sysctl(machine, SYSCTL_OVERCOMMIT_RATIO, "overcommit_ratio");
	read_sysctl(machine, SYSCTL_OVERCOMMIT_KBYTES, "overcommit_kbytes");
	read_sysctl(machine, SYSCTL_ADMIN_RESERVE_KBYTES,
		    "admin_reserve_kbytes");
	read_sysctl(machine, SYSCTL_USER_RESERVE_KBYTES, "user_reserve_kbytes");
	read_sysctl(machine, SYSCTL_LEGACY_VA_LAYOUT, "legacy_va_layout");
	return read_meminfo(machine);
}

/* ----------------------------------------------------------------- twin */

static void fill_files(struct file_setup files[2])
{
	files[0] = (struct file_setup){
		.fd = FD_RW,
		.size = DATA_RW_SIZE,
		.mode = FILE_RW,
		.name = "data.rw",
		.name_len = 7,
	};
	files[1] = (struct file_setup){
		.fd = FD_RO,
		.size = DATA_RO_SIZE,
		.mode = FILE_RO,
		.name = "data.ro",
		.name_len = 7,
	};
}

/* mmap_base shows nowhere: it is worked out as exec does. */
static void fill_mm(struct process_setup *setup,
		    const struct first_state *state)
{
	const struct first_mm *mm = &state->mm;

	setup->mm[MM_START_CODE] = mm->start_code;
	setup->mm[MM_END_CODE] = mm->end_code;
	setup->mm[MM_START_DATA] = mm->start_data;
	setup->mm[MM_END_DATA] = mm->end_data;
	setup->mm[MM_START_BRK] = mm->start_brk;
	setup->mm[MM_BRK] = mm->brk;
	setup->mm[MM_START_STACK] = mm->start_stack;
	setup->mm[MM_ARG_START] = mm->arg_start;
	setup->mm[MM_ARG_END] = mm->arg_end;
	setup->mm[MM_ENV_START] = mm->env_start;
	setup->mm[MM_ENV_END] = mm->env_end;
	setup->mm[MM_HIWATER_VM] = state->view.counters[COUNTER_VMPEAK] / 4;
	setup->mm[MM_HIWATER_RSS] = state->view.counters[COUNTER_VMHWM] / 4;
	setup->mm_given = ((1U << MM_NR_FIELDS) - 1) & ~(1U << MM_MMAP_BASE);
}

/* Where [vvar] is mapped at exec, pagemap passes it over. */
static size_t fill_vvar(struct resident_setup *resident,
			const struct first_state *state)
{
	size_t i;

	for (i = 0; i < state->view.nr_areas; i++) {
		const struct area *area = &state->view.areas[i];

		if (strcmp(area->name, "[vvar]"))
			continue;
		*resident = (struct resident_setup){ area->start, area->end,
						     RESIDENT_PFN };
		return 1;
	}
	return 0;
}

static size_t fill_resident(struct resident_setup *resident,
			    const struct kernel_profile *profile,
			    const struct first_state *state)
{
	static const enum resident_kind kinds[] = {
		[PAGES_ANON] = RESIDENT_ANON,
		[PAGES_FILE] = RESIDENT_FILE,
		[PAGES_PFN] = RESIDENT_PFN,
	};
	size_t i;

	for (i = 0; i < state->nr_resident; i++)
		resident[i] = (struct resident_setup){
			state->resident[i].start,
			state->resident[i].end,
			kinds[state->resident[i].sort],
		};
	if (!profile->vvar_mapped_at_exec)
		return i;
	return i + fill_vvar(&resident[i], state);
}

int twin_start(struct twin *twin, const struct kernel_profile *profile,
	       const struct machine_state *machine,
	       const struct tracee_setup *real, const struct first_state *state)
{
	struct creation_error error = { 0 };
	struct resident_setup resident[TRACEE_MAX_RESIDENT + 1];
	struct file_setup files[2];
	struct process_setup setup;
	enum world_status status;

	memset(twin, 0, sizeof(*twin));
	twin->account.max_processes = UINT64_MAX;
	twin->account.max_threads = UINT64_MAX;
	twin->account.max_areas = UINT64_MAX;
	twin->account.max_bytes = UINT64_MAX;
	memory_init(&twin->memory, &host, &twin->account);
	fill_files(files);
	process_setup_init(&setup);
	setup.profile = profile;
	setup.maps = state->maps;
	setup.maps_len = state->maps_len;
	fill_mm(&setup, state);
	setup.resident = resident;
	setup.nr_resident = fill_resident(resident, profile, state);
	setup.vmacache_stale = true;
	setup.rlimits = (struct rlimits){
		.as = real->limits.as,
		.data = real->limits.data,
		.stack = real->limits.stack,
		.memlock = real->limits.memlock,
	};
	setup.rlimits_given = 1U << RLIMIT_AS | 1U << RLIMIT_DATA |
			      1U << RLIMIT_STACK | 1U << RLIMIT_MEMLOCK;
	setup.sysctl = machine->sysctl;
	setup.sysctl_given = machine->sysctl_given;
	setup.mem_total_kb = machine->mem_total_kb;
	setup.committed_kb = machine->committed_kb;
	setup.committed_given = true;
	setup.uid = real->uid;
	setup.files = files;
	setup.nr_files = 2;
	setup.history = 0;
	status = world_new(&twin->memory, &setup, &twin->world, &error);
	if (status == WORLD_OK)
		return 0;
	fprintf(stderr,
		"vmarium-walk: the engine refuses the first state: "
		"%s: %s\n%.*s",
		error.param ? error.param : "host", error.hint,
		(int)state->maps_len, state->maps);
	twin->world = NULL;
	memory_deinit(&twin->memory);
	return -1;
}

static const enum op_code op_codes[CALL_NR_KINDS] = {
	[CALL_BRK] = OP_BRK,
	[CALL_MMAP] = OP_MMAP,
	[CALL_MUNMAP] = OP_MUNMAP,
	[CALL_MPROTECT] = OP_MPROTECT,
	[CALL_MREMAP] = OP_MREMAP,
	[CALL_MLOCK] = OP_MLOCK,
	[CALL_MLOCK2] = OP_MLOCK2,
	[CALL_MUNLOCK] = OP_MUNLOCK,
	[CALL_MLOCKALL] = OP_MLOCKALL,
	[CALL_MUNLOCKALL] = OP_MUNLOCKALL,
	[CALL_MADVISE] = OP_MADVISE,
	[CALL_MSYNC] = OP_MSYNC,
	[CALL_REMAP_FILE_PAGES] = OP_REMAP_FILE_PAGES,
	[CALL_MSEAL] = OP_MSEAL,
	[CALL_MINCORE] = OP_MINCORE,
	[CALL_FTRUNCATE] = OP_FILE_TRUNCATE,
	[CALL_READ] = OP_ACCESS,
	[CALL_WRITE] = OP_ACCESS,
	[CALL_CLONE] = OP_THREAD_NEW,
	[CALL_FORK] = OP_FORK,
};

/* 0, or -1: the engine, not the emulated kernel, refused. */
static int apply(struct twin *twin, const struct operation *op,
		 struct outcome *outcome)
{
	return world_apply(twin->world, op, outcome) == WORLD_OK ? 0 : -1;
}

static struct answer answer_of_touch(const struct access_outcome *access)
{
	/* The kernel's si_code of the engine's. */
	static const int codes[] = {
		[ACCESS_CODE_NONE] = 0,
		[SEGV_MAPERR] = 1,
		[SEGV_ACCERR] = 2,
		[BUS_ADRERR] = 2,
	};

	const int code = codes[access->code];

	switch (access->fault) {
	case ACCESS_FAULT_SIGSEGV:
		return (struct answer){ .signal = WALK_SIGSEGV, .code = code };
	case ACCESS_FAULT_SIGBUS:
		return (struct answer){ .signal = WALK_SIGBUS, .code = code };
	default:
		return (struct answer){ 0 };
	}
}

/* A real child executes an instruction before anybody can look at it. */
static int start_child(struct twin *twin, uint32_t number)
{
	const struct operation exec = {
		.code = OP_ACCESS,
		.process = number,
		.thread = 1,
		.args = { CODE_START, 1, ACCESS_EXEC, UINT64_MAX },
	};
	struct outcome outcome = { 0 };

	return apply(twin, &exec, &outcome);
}

/* It is written area by area, so also before a hole ends the call. */
static bool writes_vector(const struct twin *twin, const struct operation *op,
			  const struct outcome *outcome)
{
	const struct process *process = world_process(twin->world, op->process);
	const struct vm_area_struct *vma = process_mm(process)->mmap;
	uint64_t addr = op->args[0];

	if (!outcome->ret)
		return outcome->vec_size;
	while (vma && vma->vm_end <= addr)
		vma = vma->vm_next;
	return outcome->ret == -MM_ENOMEM && vma && vma->vm_start <= addr &&
	       op->args[1] <= TASK_SIZE - addr;
}

/* The kernel writes the vector to the process, which touches pages. */
static int apply_mincore(struct twin *twin, const struct operation *op,
			 struct answer *answer)
{
	struct operation store = {
		.code = OP_ACCESS,
		.process = op->process,
		.thread = op->thread,
		.args = { VECTOR_ADDRESS, 1, ACCESS_WRITE, UINT64_MAX },
	};
	uint8_t vector[VECTOR_SIZE];
	struct outcome outcome = { .vec = vector, .vec_size = VECTOR_SIZE };
	struct outcome stored = { 0 };
	uint64_t i;

	if (apply(twin, op, &outcome))
		return -1;
	*answer = (struct answer){ .ret = outcome.ret };
	if (!writes_vector(twin, op, &outcome))
		return 0;
	if (apply(twin, &store, &stored))
		return -1;
	if (stored.access.fault >= ACCESS_FAULT_SIGSEGV)
		answer->ret = -MM_EFAULT;
	for (i = 0; !answer->ret && i < outcome.vec_size; i++)
		answer->vector |= (uint64_t)(vector[i] & 1) << i;
	return 0;
}

int twin_apply(struct twin *twin, const struct call *call,
	       struct answer *answer)
{
	struct operation op = {
		.code = op_codes[call->kind],
		.process = call->process,
		.thread = call->thread + 1,
	};
	struct outcome outcome = { 0 };

	memcpy(op.args, call->args, sizeof(op.args));
	if (op.code == OP_ACCESS) {
		op.args[1] = 1;
		op.args[2] =
			call->kind == CALL_READ ? ACCESS_READ : ACCESS_WRITE;
		op.args[3] = TOUCH_SP;
	}
	if (op.code == OP_MINCORE)
		return apply_mincore(twin, &op, answer);
	if (apply(twin, &op, &outcome))
		return -1;
	if (op.code == OP_ACCESS) {
		*answer = answer_of_touch(&outcome.access);
		return 0;
	}
	*answer = (struct answer){ .ret = outcome.ret };
	if (op.code != OP_FORK || outcome.ret < 0)
		return 0;
	answer->ret = 0;
	return start_child(twin, outcome.process);
}

_Static_assert((int)NR_COUNTERS == (int)STATUS_NR_FIELDS,
	       "a view's counters are those of the engine, in its order");

static void view_area(const struct process *process,
		      const struct vm_area_struct *vma, struct area *area)
{
	char line[MAPS_LINE_MAX + AREA_NAME_MAX];
	const char *name;
	size_t len, name_len;

	process_maps_line(process, vma, line, &len, &name, &name_len);
	if (name_len >= AREA_NAME_MAX)
		name_len = AREA_NAME_MAX - 1;
	if (name)
		memcpy(line + len, name, name_len);
	area_parse(line, name ? len + name_len : len, area);
}

void twin_view(const struct twin *twin, unsigned int number, struct view *view)
{
	const struct process *process = world_process(twin->world, number);
	const struct vm_area_struct *vma = process_mm(process)->mmap;
	int i;

	for (view->nr_areas = 0; vma && view->nr_areas < VIEW_MAX_AREAS;
	     vma = vma->vm_next)
		view_area(process, vma, &view->areas[view->nr_areas++]);
	process_status(process, view->counters);
	view->resident = get_mm_rss(process_mm(process)) * 4;
	view->anonymous = process_mm(process)->rss_anon * 4;
	for (i = 0; i < NR_COUNTERS; i++)
		if (view->counters[i] == UINT64_MAX)
			view->counters[i] = 0;
}

uint64_t twin_mmap_base(const struct twin *twin)
{
	return process_mm(world_process(twin->world, 0))->mmap_base;
}

void twin_stop(struct twin *twin)
{
	world_free(twin->world);
	memory_deinit(&twin->memory);
}
