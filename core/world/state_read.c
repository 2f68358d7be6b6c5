/* SPDX-License-Identifier: MIT */
/*
 * First everything that the counts at the beginning ask for is obtained, but for
 * page tables, which are counted with the nodes of caches: they wait until all
 * files are read. Then the bytes are read into it, and at last judged. Until then
 * nothing is a world that could be ended as one: what fails is taken apart object
 * by object.
 */
#include "core/world/creation.h"
#include "core/world/past.h"
#include "core/world/state_codec.h"
#include "core/world/state_reader.h"

/* ---------------------------------------------------------------- counts */

static bool take_machine(struct state_reader *r)
{
	struct world *world = r->draft.world;
	struct machine *machine = &world->machine;
	int i;

	if (state_take(r, UINT64_MAX) != STATE_VERSION)
		return state_fail(r, "it is of another version");
	world->seq = state_take(r, INT64_MAX);
	machine->committed_as = state_take(r, INT64_MAX);
	machine->next_anon_vma_id = (uint32_t)state_take(r, NUMBER_MAX);
	machine->next_inode = state_take(r, UINT64_MAX);
	machine->nr_images = (uint32_t)state_take(r, NUMBER_MAX);
	machine->random = state_take(r, UINT64_MAX);
	for (i = 0; i < STATE_NR_COUNTS; i++)
		r->counts[i] = state_take_count(r);
	if (!state_is_wrong(r) &&
	    (!r->counts[STATE_MMS] ||
	     r->counts[STATE_MMS] > r->counts[STATE_PROCESSES]))
		return state_fail(r, "there is no process, or not one an "
				     "address space");
	return !state_is_wrong(r);
}

static bool admits(struct state_reader *r, enum refusal which, uint64_t more)
{
	struct memory *memory = r->draft.memory;

	if (account_admits(memory->account, which, more))
		return true;
	memory->refusal = which;
	r->draft.refused = true;
	return false;
}

static bool obtain_objects(struct state_reader *r,
			   const struct memory_need *need)
{
	if (memory_reserve(r->draft.memory, need))
		r->draft.refused = true;
	return !r->draft.refused;
}

/* What of the count is no node of a cache. */
static bool obtain_tables(struct state_reader *r)
{
	const struct memory_need need = { .page_nodes = r->left.page_nodes };

	return state_goes_on(r) && obtain_objects(r, &need);
}

static bool obtain_all(struct state_reader *r)
{
	const uint64_t *counts = r->counts;
	struct state_draft *draft = &r->draft;

	r->left = (struct memory_need){
		.areas = counts[STATE_AREAS],
		.net_areas = counts[STATE_AREAS],
		.anon_vmas = counts[STATE_ANON_VMAS],
		.page_chunks = counts[STATE_CHUNKS],
	};
	r->threads_left = counts[STATE_THREADS];
	r->links_left = counts[STATE_CHAINS];
	draft->nr_files = (uint32_t)counts[STATE_FILES];
	draft->nr_anon_vmas = (uint32_t)counts[STATE_ANON_VMAS];
	draft->nr_mms = (uint32_t)counts[STATE_MMS];
	if (!admits(r, REFUSAL_PROCESSES, counts[STATE_MMS]) ||
	    !admits(r, REFUSAL_THREADS, counts[STATE_THREADS]))
		return false;
	if (!obtain_objects(r, &r->left))
		return false;
	r->left.page_nodes = counts[STATE_NODES];
	draft->files =
		state_obtain(r, (counts[STATE_FILES] + 1) * sizeof(void *));
	draft->anon_vmas =
		state_obtain(r, (counts[STATE_ANON_VMAS] + 1) * sizeof(void *));
	draft->mms = state_obtain(r, (counts[STATE_MMS] + 1) * sizeof(void *));
	return !r->draft.refused;
}

/* -------------------------------------------------------------- processes */

static void take_descriptors(struct state_reader *r, struct process *process)
{
	struct descriptors *table = &process->descriptors;
	uint64_t nr = state_take(r, DESCRIPTORS_MAX);
	int64_t last = -1, fd;
	struct vm_file *file;

	if (nr > (uint64_t)(r->end - r->at))
		state_fail(r, "it is cut");
	if (state_is_wrong(r) || !nr)
		return;
	table->entries = state_obtain(r, nr * sizeof(*table->entries));
	if (!table->entries)
		return;
	table->room = (uint32_t)nr;
	while (nr--) {
		fd = (int64_t)state_take(r, INT32_MAX);
		file = state_meet_file(r);
		if (!state_is_wrong(r) && (fd <= last || !file))
			state_fail(r, "descriptors are out of order, or of no "
				      "file");
		if (state_is_wrong(r))
			return;
		last = fd;
		table->entries[table->nr++] =
			(struct descriptor){ (int32_t)fd, file };
	}
}

static void take_process(struct state_reader *r)
{
	struct world *world = r->draft.world;
	struct process *process = state_obtain(r, sizeof(*process));

	if (!process)
		return;
	process->world = world;
	process->number = world->nr_processes;
	world->processes[world->nr_processes++] = process;
	process->mm = state_take_object(r, r->draft.mms, r->draft.nr_mms);
	process->last_tid = (uint32_t)state_take(r, NUMBER_MAX);
	process->vsyscall = (enum vsyscall)state_take(r, VSYSCALL_EXEC);
	take_descriptors(r, process);
}

static void take_processes(struct state_reader *r)
{
	struct world *world = r->draft.world;
	const uint64_t nr = r->counts[STATE_PROCESSES];
	uint64_t i;

	world->processes = state_obtain(r, nr * sizeof(*world->processes));
	if (!world->processes)
		return;
	world->processes_room = (uint32_t)nr;
	for (i = 0; i < nr && state_goes_on(r); i++)
		take_process(r);
}

/* ---------------------------------------------------------------- a world */

/* In the order in which the machine has them. */
static void link_mms(struct state_draft *draft)
{
	struct mm_struct **link = &draft->world->machine.mms;
	uint32_t i;

	for (i = 0; i < draft->nr_mms; i++) {
		*link = draft->mms[i];
		link = &draft->mms[i]->next_mm;
	}
}

static bool is_all_spent(struct state_reader *r)
{
	const struct memory_need *left = &r->left;

	if (state_is_wrong(r))
		return false;
	if (r->at != r->end)
		return state_fail(r, "there are bytes behind its end");
	if (left->areas || r->links_left || left->page_nodes ||
	    left->page_chunks || r->threads_left)
		return state_fail(r, "there is less in it than its counts say");
	return true;
}

static bool read_all(struct state_reader *r)
{
	struct state_draft *draft = &r->draft;
	uint32_t i;

	if (!take_machine(r) || !obtain_all(r))
		return false;
	for (i = 0; i < draft->nr_files && state_goes_on(r); i++)
		state_take_file(r, &draft->files[i]);
	if (obtain_tables(r))
		state_take_anon_vmas(r);
	for (i = 0; i < draft->nr_mms && state_goes_on(r); i++)
		state_take_mm(r, &draft->mms[i]);
	if (state_goes_on(r))
		take_processes(r);
	if (r->draft.refused || !is_all_spent(r))
		return false;
	link_mms(draft);
	draft->wrong = state_judge(draft);
	return !draft->wrong && !draft->refused;
}

static void free_tables(const struct state_draft *draft)
{
	struct memory *memory = draft->memory;

	memory_free(memory, draft->files,
		    (draft->nr_files + 1UL) * sizeof(void *));
	memory_free(memory, draft->anon_vmas,
		    (draft->nr_anon_vmas + 1UL) * sizeof(void *));
	memory_free(memory, draft->mms, (draft->nr_mms + 1UL) * sizeof(void *));
}

/* From now on it ends as other worlds do. */
static void account(const struct state_reader *r)
{
	struct account *account = r->draft.memory->account;
	const struct world *world = r->draft.world;
	uint32_t i;

	for (i = 0; i < world->nr_processes; i++) {
		account->processes += world->processes[i]->mm != NULL;
		account->threads += world->processes[i]->nr_threads;
	}
}

/* As much as a world may hold. */
static bool read_bounded(struct state_reader *r)
{
	const uint64_t taken = world_bound(r->draft.world);
	const bool is_read = read_all(r);

	if (!is_read)
		state_abandon(&r->draft);
	free_tables(&r->draft);
	world_unbound(r->draft.world, taken);
	return is_read;
}

enum world_status world_state_read(struct memory *memory,
				   const struct process_setup *setup,
				   const uint8_t *bytes, size_t len,
				   struct world **worldp,
				   struct creation_error *error)
{
	const struct journal_cursor before = { NULL, 0, 0 };
	struct state_reader r = { .at = bytes, .end = bytes + len };
	enum world_status status;

	status = world_shell(memory, setup, &r.draft.world, error);
	if (status != WORLD_OK)
		return status;
	r.draft.memory = memory;
	if (!read_bounded(&r)) {
		status = r.draft.refused ? WORLD_REFUSED
					 : creation_refuse(error, NULL, "%s",
							   r.draft.wrong);
	} else {
		account(&r);
		/* Without history there is nothing to go back to. */
		if (setup->history &&
		    past_add(r.draft.world, r.draft.world, &before))
			status = WORLD_REFUSED;
		past_schedule(r.draft.world);
	}
	memory_trim(memory);
	if (status == WORLD_OK)
		*worldp = r.draft.world;
	else
		world_free(r.draft.world);
	return status;
}
