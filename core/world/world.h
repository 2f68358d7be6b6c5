/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Worlds: emulated machines with their processes, files and history
 *
 * A world is deterministic: its state is a function of how it was created and
 * of the operations since. Operations are applied and kept in one place,
 * world_apply(), which is also the only way to change a world.
 *
 * A world is used by one thread at a time. All memory comes from, and is
 * charged to, the struct memory given at creation.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/mm/memory.h"
#include "core/mm/mm.h"
#include "core/mm/profile.h"
#include "core/mm/setup.h"

struct world;
struct process;

/* Why an operation or a creation did not happen. Nothing has changed then. */
enum world_status {
	WORLD_OK,
	WORLD_REFUSED,        /* by the host: memory->refusal says why */
	WORLD_BAD_PARAM,      /* creation: struct creation_error says which;
				 operation: outside what enum op_code says */
	WORLD_THREAD_UNKNOWN, /* no such thread in the process */
	WORLD_PROCESS_GONE,   /* the process has exited, or never was */
	WORLD_FD_TAKEN,       /* file.open: the descriptor is open already */
	WORLD_FD_UNKNOWN,     /* file.close: no such descriptor */
	WORLD_FD_LIMIT,       /* file.open: DESCRIPTORS_MAX are open */
	WORLD_HISTORY_FULL,   /* "all" was asked for and HISTORY_MAX are kept */
};

/* ------------------------------------------------------------ creation */

/*
 * Operations that a journal keeps: at most HISTORY_MAX. HISTORY_ALL keeps every
 * one, and the operation after the HISTORY_MAX-th is refused.
 */
#define HISTORY_ALL     UINT64_MAX
#define HISTORY_DEFAULT 10000
#define HISTORY_MAX     1000000

/* Descriptors that a process may hold, as Linux's default hard limit. */
#define DESCRIPTORS_MAX 4096

/* Pages that may be resident at the start: 4 GiB of them. */
#define RESIDENT_PAGES_MAX (1ULL << 20)

/* The longest path or name of a file, in bytes; none of them is zero. */
#define FILE_PATH_MAX 4095

/* The fields of an mm that a creation may set: bits of mm_given. */
enum mm_field {
	MM_START_CODE,
	MM_END_CODE,
	MM_START_DATA,
	MM_END_DATA,
	MM_START_BRK,
	MM_BRK,
	MM_START_STACK,
	MM_MMAP_BASE,
	MM_ARG_START,
	MM_ARG_END,
	MM_ENV_START,
	MM_ENV_END,
	MM_HIWATER_VM,
	MM_HIWATER_RSS,
	MM_NR_FIELDS,
};

enum resident_kind {
	RESIDENT_DEFAULT, /* anon in private anonymous areas, else file */
	RESIDENT_ANON,
	RESIDENT_FILE,
	RESIDENT_ZERO,
	RESIDENT_PFN,
};

struct resident_setup {
	uint64_t start, end; /* bytes, page aligned */
	enum resident_kind kind;
};

enum file_mode {
	FILE_RO,
	FILE_RW,
	FILE_WO
};

struct file_setup {
	int32_t fd;
	uint64_t size; /* bytes */
	enum file_mode mode;
	const char *name; /* not NUL terminated */
	uint32_t name_len;
	const char *path; /* NULL: "/" and the name */
	uint32_t path_len;
	bool dev_given, inode_given;
	uint16_t dev_major, dev_minor; /* default 0:1 */
	uint64_t inode;                /* default: counted from 1 */
};

/* Bits of process_setup.sysctl_given, in the order of struct sysctl. */
enum sysctl_field {
	SYSCTL_MAX_MAP_COUNT,
	SYSCTL_MMAP_MIN_ADDR,
	SYSCTL_OVERCOMMIT_MEMORY,
	SYSCTL_OVERCOMMIT_RATIO,
	SYSCTL_OVERCOMMIT_KBYTES,
	SYSCTL_ADMIN_RESERVE_KBYTES,
	SYSCTL_USER_RESERVE_KBYTES,
	SYSCTL_LEGACY_VA_LAYOUT,
	SYSCTL_STACK_GUARD_GAP,
};

/* Bits of process_setup.rlimits_given. */
enum rlimit_field {
	RLIMIT_AS,
	RLIMIT_DATA,
	RLIMIT_STACK,
	RLIMIT_MEMLOCK
};

/* How a process is made anew. Filled by process_setup_init() with defaults. */
struct process_setup {
	const struct kernel_profile *profile;
	/*
	 * Lines of /proc/PID/maps, or "start-end perms offset name"; an empty
	 * text is an empty address space, NULL is what the loader makes.
	 */
	const char *maps;
	size_t maps_len;
	uint64_t mm[MM_NR_FIELDS]; /* by enum mm_field; valid if given */
	uint32_t mm_given;         /* bits 1 << enum mm_field */
	const struct resident_setup *resident;
	size_t nr_resident;
	bool vmacache_stale;
	struct rlimits rlimits;
	uint32_t rlimits_given;
	struct sysctl sysctl;
	uint32_t sysctl_given;
	uint64_t mem_total_kb;
	uint64_t committed_kb; /* machine-wide, this process's included */
	bool committed_given;
	uint32_t uid;
	const struct file_setup *files;
	size_t nr_files;
	uint64_t seed;
	uint64_t history; /* operations kept, or HISTORY_ALL */
	/* Any text from which the creator can make the world anew; kept with
	 * the world, and never read here. */
	const char *origin;
	uint32_t origin_len;
};

/* What is wrong with a process_setup, for people. */
struct creation_error {
	const char *param; /* static: "maps", "resident", "mm", "files", ... */
	char hint[200];    /* names the line or entry, and what to do */
};

/**
 * process_setup_init() - the defaults of a creation
 * @setup: to fill; the profile is the default one, nothing is given
 */
void process_setup_init(struct process_setup *setup);

/**
 * world_new() - make a world with one process, which has one thread
 * @memory: kept; pays for everything
 * @setup:  what to make; not kept
 * @worldp: out: the world, owned by the caller; untouched on error
 * @error:  out: what is wrong, with WORLD_BAD_PARAM
 *
 * The first process is world_process(world, 0). How @setup is read:
 *   - lines of maps that name the same path (and device and inode, where they
 *     are given) map the same file, and if an entry of files has that path or
 *     name, that one; a file that only maps knows is as long as its mappings
 *     need. A line of shared anonymous memory without an inode begins an object
 *     of its own, unless it goes on where the line before ends, in address and
 *     in offset;
 *   - fields of mm that are missing are what the loader would have set: the
 *     program is the file of the first r-x line, its break begins at [heap] or
 *     behind its data, its stack pointer is near the end of [stack];
 *   - pages listed twice in resident, or present anyway, are present once.
 *
 * Return: WORLD_OK; WORLD_BAD_PARAM: overlapping areas, a line that is no maps
 *         line, a page outside the areas, a descriptor given twice, ...;
 *         WORLD_REFUSED. On error everything has been given back.
 * Cost:   O(bytes of maps + areas log areas + resident pages / 64).
 */
enum world_status world_new(struct memory *memory,
			    const struct process_setup *setup,
			    struct world **worldp,
			    struct creation_error *error);

/**
 * world_share() - let the world have one more owner
 *
 * Each owner calls world_free(); the last one's call ends the world.
 *
 * Return: @world.
 */
struct world *world_share(struct world *world);

/**
 * world_free() - end a world and give everything back, or its last owner does
 * @world: may be NULL
 *
 * Cost: O(areas + page tables + kept operations / 100), and as much for each of
 *       its checkpoints.
 */
void world_free(struct world *world);

/**
 * world_clone() - copy all of a world but its history
 * @memory: pays for the copy, whose areas and processes count as its own
 * @world:  not changed, nor is its memory
 * @clonep: out: the copy, owned by the caller; untouched on error
 *
 * The copy answers every operation as the original would: areas have the same
 * ids, trees the same shape, and seq goes on from the same number. It keeps no
 * history: world_history() says so; nobody watches it, and its processes have
 * no process_name().
 *
 * Return: WORLD_OK, or WORLD_REFUSED with memory->refusal set and everything
 *         given back.
 * Cost:   O(areas + page tables): about what the original takes in memory.
 */
enum world_status world_clone(struct memory *memory, const struct world *world,
			      struct world **clonep);

/*
 * Raised by every change that lets an operation answer, or a state be, other
 * than before: whoever kept a hash or recorded answers of a lower number may
 * find them different now. A new operation alone is no such change.
 */
#define ENGINE_BEHAVIOUR 2

/* Of all that a world's answers depend on. */
struct world_digest {
	uint64_t words[2];
};

/**
 * world_hash() - one number for the whole emulated state
 * @memory: pays for the work
 * @world:  not changed
 * @digest: out
 *
 * Two worlds of the same creation and operations have the same digest, on
 * whatever machine; what the journal keeps is no part of it. It protects
 * against accidents, not against malice.
 *
 * Return: 0, or -1 with memory->refusal set.
 * Cost:   O(areas + page tables).
 */
int world_hash(struct memory *memory, const struct world *world,
	       struct world_digest *digest);

/**
 * world_touch() - note when the world was used last
 * @mark: by the owner's clock, since the engine has none; it means nothing here
 *
 * world_touched() answers the last mark, 0 for a new world or a clone.
 */
void world_touch(struct world *world, uint32_t mark);
uint32_t world_touched(const struct world *world);

/* ---------------------------------------------------------- operations */

/* The values are part of the journal's encoding: never change one. */
enum op_code {
	OP_BRK = 1,    /* addr */
	OP_MMAP,       /* addr length prot flags fd offset */
	OP_MUNMAP,     /* addr length */
	OP_ACCESS,     /* addr length type sp */
	OP_FIND_VMA,   /* addr */
	OP_THREAD_NEW, /* none; the named thread clones */
	OP_THREAD_EXIT, /* none; the named thread ends, the last one its process */
	OP_PROCESS_EXIT,
	OP_FILE_OPEN,  /* fd size mode, name = text */
	OP_FILE_CLOSE, /* fd */
	OP_MPROTECT,   /* addr length prot */
	OP_MREMAP,     /* old_address old_size new_size flags new_address */
	OP_MLOCK,      /* addr length */
	OP_MLOCK2,     /* addr length flags */
	OP_MUNLOCK,    /* addr length */
	OP_MLOCKALL,   /* flags */
	OP_MUNLOCKALL, /* none */
	OP_MADVISE,    /* addr length advice */
	OP_MINCORE,    /* addr length */
	OP_MSYNC,      /* addr length flags */
	OP_REMAP_FILE_PAGES, /* addr size prot pgoff flags */
	OP_MSEAL,            /* addr length flags */
	OP_FORK,          /* flags: enum fork_flags; the named thread forks */
	OP_FILE_TRUNCATE, /* fd size */
	OP_EXEC, /* text: an exec_setup; the named thread calls execve */
	OP_NR_CODES,
};

enum fork_flags {
	/*
	 * The child shares the address space, as after vfork, or after clone
	 * with CLONE_VM and without CLONE_THREAD. The last process of those
	 * that share it takes it along.
	 */
	FORK_SHARE_MM = 1,
};

#define OP_MAX_ARGS 6

/*
 * One state-changing call, as it is applied and as it is journalled.
 *
 * Arguments are cut to the C type that the system call has: descriptors, advice
 * and the flags of mlock2, mlockall and msync to an int. The type of an access
 * is an enum access_type, its length 1 to ACCESS_MAX_LENGTH, its sp UINT64_MAX
 * for no check. The mode of a file is an enum file_mode; each opening makes a
 * new file, all holes, whose path is "/" and the name. OP_PROCESS_EXIT,
 * OP_FILE_OPEN, OP_FILE_CLOSE and OP_FILE_TRUNCATE are the process's, their
 * thread is not looked at.
 *
 * OP_FORK answers the child's number plus 1, as pids begin at 1, or -ENOMEM:
 * beyond the commit limit. The child has one thread, of tid 1, and the same open
 * files. Processes that share an address space share its limits and user, too.
 *
 * OP_FILE_TRUNCATE answers as ftruncate: -EINVAL: a size that is negative as a
 * signed number, or a file not open for writing; -EBADF: no such descriptor.
 *
 * OP_EXEC replaces the process by the program that its text describes (see
 * core/world/exec.h): other threads end, the caller becomes thread 1, all
 * descriptors stay open. -E2BIG and -ENOEXEC leave the old program running;
 * any other error is met when there is none any more, and the process is gone.
 */
struct operation {
	enum op_code code;
	uint32_t process; /* number in the world, from 0 */
	uint32_t thread;  /* tid in the process, from 1 */
	uint64_t args[OP_MAX_ARGS];
	const char *text; /* not NUL terminated, not kept */
	uint32_t text_len;
};

/* The answer to an operation. */
struct outcome {
	uint64_t seq; /* number of this operation in the world, from 1 */
	/* Address, process or 0, or -errno; brk: the break that holds. */
	int64_t ret;
	struct access_outcome access;     /* OP_ACCESS */
	const struct vm_area_struct *vma; /* OP_FIND_VMA: found, or NULL */
	/* OP_THREAD_NEW: one above the highest tid; OP_FORK and OP_EXEC: 1 */
	uint32_t thread;
	uint32_t process; /* OP_FORK: the child's number, if ret > 0 */
	uint64_t vmacache_calls, vmacache_hits; /* added by this operation */
	/*
	 * OP_MINCORE alone: the caller gives room for one byte a page before
	 * the call, or NULL. A call that answers 0 fills it, 1 or 0 a page, and
	 * vec_size says how many; 0 of them if the room was too small for all.
	 */
	uint8_t *vec;
	uint64_t vec_size;
};

/**
 * world_apply() - carry out one operation and put it into the journal
 * @world: to change
 * @op:    what to do
 * @out:   the answer, valid with WORLD_OK; vec and vec_size must be set before
 *          an OP_MINCORE
 *
 * The room in the journal and all memory is obtained before anything changes.
 *
 * Return: WORLD_OK also when the emulated kernel refuses (out->ret < 0);
 *         else one of WORLD_REFUSED, WORLD_BAD_PARAM, WORLD_THREAD_UNKNOWN,
 *         WORLD_PROCESS_GONE, WORLD_FD_TAKEN, WORLD_FD_UNKNOWN, WORLD_FD_LIMIT,
 *         WORLD_HISTORY_FULL with nothing changed and no seq spent.
 * Cost:   that of the call, and O(threads of the process).
 */
enum world_status world_apply(struct world *world, const struct operation *op,
			      struct outcome *out);

/**
 * world_watch() - let somebody hear what the emulated kernel decides
 * @sink: told from now on, see core/mm/step.h; NULL: nobody
 *
 * It changes no answer. The sink must outlive its being told.
 *
 * Return: who was told before.
 */
struct step_sink *world_watch(struct world *world, struct step_sink *sink);

/* ---------------------------------------------------------------- past */

/*
 * Memory for worlds that only look back: their bytes are paid by another memory,
 * but their areas and processes count nowhere.
 */
struct side_memory {
	struct allocator allocator;
	struct account account;
	struct memory memory;
};

/* @payer pays, and outlives @side; @side must not move. */
void side_memory_init(struct side_memory *side, struct memory *payer);

/* Nothing of it may be in use, but for what world_rewind() has taken over. */
void side_memory_deinit(struct side_memory *side);

/**
 * world_needs_origin() - is there neither the present nor a checkpoint to begin
 * with?
 * @seq: as world_at() takes it
 */
bool world_needs_origin(const struct world *world, uint64_t seq);

/**
 * world_nearest() - the seq of the newest state from which world_at() begins
 * @world: whose
 * @seq:   as world_at() takes it
 *
 * world_at() takes what this answers as well, and repeats nothing then.
 */
uint64_t world_nearest(const struct world *world, uint64_t seq);

/**
 * world_at() - the state after an earlier operation, as a world of its own
 * @side:   pays for it
 * @world:  not changed
 * @seq:    from one before the first that world_history() tells to the last
 * @origin: where world_needs_origin(), a world of @side just made as @world was,
 *          but for history 0; becomes the state, or is freed on error. Else NULL
 * @statep: out: the state, which keeps no history; for world_free(),
 *          world_rewind() or world_branch(). Untouched on error
 *
 * Return: WORLD_OK, or WORLD_REFUSED with the refusal set in the memory that pays
 *         for @side.
 * Cost:   O(areas + page tables) and the operations since the last checkpoint:
 *         at most 2048, or a 32nd of the checkpoint's bytes if that is more.
 */
enum world_status world_at(struct side_memory *side, const struct world *world,
			   uint64_t seq, struct world *origin,
			   struct world **statep);

/**
 * world_rewind() - undo the operations behind a state
 * @world: its seq goes on from that of @state; later operations are forgotten
 * @state: of world_at() for @world, its memory paid by the world's; freed, but
 *         not on error
 *
 * Pointers to processes, areas and files of the world are dead afterwards.
 * Processes that the state does not have yet are gone, those that have exited
 * since are back. All others keep their process_name().
 *
 * Return: WORLD_OK, or WORLD_REFUSED with nothing changed.
 * Cost:   O(areas + page tables) of both.
 */
enum world_status world_rewind(struct world *world, struct world *state);

/**
 * world_branch() - a second world that went another way from a state on
 * @memory:  kept; pays for the branch, and for @state already
 * @world:   not changed, nor is its memory
 * @state:   of world_at() for @world; freed, but not on error
 * @branchp: out: has the history up to the state, and is its owner's like one of
 *           world_new(); untouched on error
 *
 * Return: WORLD_OK, or WORLD_REFUSED with memory->refusal set.
 * Cost:   O(kept operations), and the bytes of the checkpoints before the state.
 */
enum world_status world_branch(struct memory *memory, const struct world *world,
			       struct world *state, struct world **branchp);

/**
 * world_draft() - a copy of a world, for operations that may yet not happen
 * @side:   pays for it
 * @world:  not changed
 * @draftp: out: answers every operation as @world would, and keeps those that
 *          it carries out if @world keeps any; for world_free() or
 *          world_adopt(). Untouched on error
 *
 * Return: WORLD_OK, or WORLD_REFUSED with the refusal set in the memory that pays
 *         for @side.
 * Cost:   O(areas + page tables).
 */
enum world_status world_draft(struct side_memory *side,
			      const struct world *world, struct world **draftp);

/**
 * world_adopt() - let a world be what its draft has become, all at once
 * @world: has not changed since world_draft(); its history goes on with the
 *         draft's operations
 * @draft: its memory paid by the world's; freed, but not on error
 *
 * Pointers to processes, areas and files of the world are dead afterwards.
 * Processes keep their process_name(); those that the draft forked have none.
 * The draft's operations make no checkpoint among them: to look back between
 * them takes the time of as many.
 *
 * Return: WORLD_OK; WORLD_HISTORY_FULL, or WORLD_REFUSED, with nothing changed.
 * Cost:   O(areas + page tables) of both.
 */
enum world_status world_adopt(struct world *world, struct world *draft);

/* ------------------------------------------------------------- reading */

/* Operations applied so far. */
uint64_t world_seq(const struct world *world);

/* The first and last seq that the journal holds; first > last: none. */
void world_history(const struct world *world, uint64_t *firstp,
		   uint64_t *lastp);

/* Who pays for it, as given to world_new(). */
struct memory *world_memory(const struct world *world);

/* How the world was made: the seed, and the operations to keep. */
uint64_t world_seed(const struct world *world);
uint64_t world_history_limit(const struct world *world);

/* The text that the world was created with; NULL and 0: none. */
const char *world_origin(const struct world *world, size_t *lenp);

/* Bytes that history takes: the journal and the checkpoints. */
uint64_t world_journal_bytes(const struct world *world);

/* Where a reader of the journal stands; { 0 } is before the oldest operation. */
struct journal_cursor {
	const struct journal_chunk *chunk;
	uint32_t offset;
	uint64_t seq; /* of the operation read last */
};

/**
 * world_journal_seek() - go to an operation of the journal
 * @world:  whose
 * @cursor: out: the next that is read is @seq
 * @seq:    from the first that world_history() tells to one behind the last
 *
 * Cost: O(operations between two checkpoints).
 */
void world_journal_seek(const struct world *world,
			struct journal_cursor *cursor, uint64_t seq);

/**
 * world_journal_next() - read the journal
 * @world:  whose
 * @cursor: moved on; any world_apply() makes it invalid
 * @op:     out: the operation, args that it does not use are 0; op->text points
 *          into the journal
 *
 * Return: false at the end.
 * Cost:   O(1), of the first one as world_journal_seek().
 */
bool world_journal_next(const struct world *world,
			struct journal_cursor *cursor, struct operation *op);

/* Operations of a journal, as they were when they were copied. */
struct journal_copy {
	struct memory *memory;
	uint8_t *bytes;
	size_t len, at;
};

/**
 * world_journal_copy() - keep operations, whatever becomes of the world
 * @memory: pays, kept
 * @world:  whose
 * @from:   the seq of the first one that is kept: from the first that
 *          world_history() tells, or one behind world_nearest() of a state
 *          that is kept, to one behind @to
 * @to:     and of the last one
 * @copy:   out: to be read from @from on
 *
 * Return: 0, or -1 with memory->refusal set and nothing to free.
 * Cost:   O(bytes of the operations): some ten each, and as
 *         world_journal_seek().
 */
int world_journal_copy(struct memory *memory, const struct world *world,
		       uint64_t from, uint64_t to, struct journal_copy *copy);

/* The next operation, as world_journal_next(); its text points into @copy. */
bool journal_copy_next(struct journal_copy *copy, struct operation *op);

/* Give the copy back; one that is all zeroes has nothing. */
void journal_copy_free(struct journal_copy *copy);

/* Whether all processes have exited. */
bool world_is_over(const struct world *world);

/* The process of that number, also after its exit; NULL: never existed. */
struct process *world_process(const struct world *world, uint32_t number);

/* The emulated machine. */
const struct machine *world_machine(const struct world *world);

/*
 * A number that its user gave to the process, 0 at first. It belongs to the
 * process's number in its world, whatever is undone; copies have none.
 */
uint32_t process_name(const struct process *process);
void process_set_name(struct process *process, uint32_t name);

/* Whether the process has not exited. */
bool process_is_alive(const struct process *process);
/* The address space; NULL after the exit. */
const struct mm_struct *process_mm(const struct process *process);
/* The thread of that tid, or NULL. */
const struct task_struct *process_task(const struct process *process,
				       uint32_t tid);
/* Living threads. */
uint32_t process_nr_threads(const struct process *process);

/**
 * process_next_file() - walk the open descriptors upwards
 * @process: whose
 * @fdp:     in: the lowest descriptor of interest; out: the one found
 *
 * Return: its file, or NULL: none is that high.
 * Cost:   O(log descriptors).
 */
const struct vm_file *process_next_file(const struct process *process,
					int32_t *fdp);

/* The longest line of maps without its name. */
#define MAPS_LINE_MAX 128

/**
 * process_maps_line() - one line of /proc/PID/maps, without the newline
 * @process: alive
 * @vma:     one of its areas, or process_gate_vma()
 * @prefix:  out: the line up to the name, padded to the name's column if there
 *           is one; MAPS_LINE_MAX bytes, not NUL terminated
 * @prefix_len: out: its bytes
 * @name:    out: the name or path as stored (NULL if none), to be printed after
 *           the prefix with newlines escaped as \012
 * @name_len: out: its bytes
 */
void process_maps_line(const struct process *process,
		       const struct vm_area_struct *vma, char *prefix,
		       size_t *prefix_len, const char **name, size_t *name_len);

/**
 * process_area_name() - what maps prints behind the line of an area
 * @process: alive
 * @vma:     one of its areas, or process_gate_vma()
 * @name_len: out: its bytes
 *
 * Return: the name or path as stored, not NUL terminated; NULL: none.
 */
const char *process_area_name(const struct process *process,
			      const struct vm_area_struct *vma,
			      size_t *name_len);

/**
 * process_gate_vma() - the area that maps lists last and no mm has
 * @process: whose maps
 *
 * Return: [vsyscall], for process_maps_line(), or NULL: not shown.
 */
const struct vm_area_struct *process_gate_vma(const struct process *process);

/* The values of /proc/PID/status, in kB; UINT64_MAX: the release prints none. */
enum status_field {
	STATUS_VMPEAK,
	STATUS_VMSIZE,
	STATUS_VMLCK,
	STATUS_VMHWM,
	STATUS_VMRSS,
	STATUS_RSSANON,
	STATUS_RSSFILE,
	STATUS_RSSSHMEM,
	STATUS_VMDATA,
	STATUS_VMSTK,
	STATUS_VMEXE,
	STATUS_VMLIB,
	STATUS_VMPTE,
	STATUS_VMPMD,
	STATUS_NR_FIELDS,
};

/* "VmPeak" and so on, by enum status_field. */
extern const char *const status_field_names[STATUS_NR_FIELDS];

/* Fill @values by enum status_field. @process must be alive. */
void process_status(const struct process *process,
		    uint64_t values[STATUS_NR_FIELDS]);

/* Longest text of process_status_text(). */
#define STATUS_TEXT_MAX 1024

/**
 * process_status_text() - the memory lines of /proc/PID/status, to the byte
 * @process: alive
 * @out:     STATUS_TEXT_MAX bytes
 *
 * From VmPeak to the last memory line of the release (VmSwap, or HugetlbPages),
 * VmPin and VmSwap included, each with its newline.
 *
 * Return: bytes written.
 */
size_t process_status_text(const struct process *process, char *out);

/*
 * The codes of smaps: X(flag, code) by rising flag, which is the order in which
 * they are printed. VM_LOCKONFAULT's is "??" in releases that do not know it.
 */
#define VMA_FLAG_CODES(X)                                                      \
	X(VM_READ, "rd")                                                       \
	X(VM_WRITE, "wr")                                                      \
	X(VM_EXEC, "ex")                                                       \
	X(VM_SHARED, "sh")                                                     \
	X(VM_MAYREAD, "mr")                                                    \
	X(VM_MAYWRITE, "mw")                                                   \
	X(VM_MAYEXEC, "me")                                                    \
	X(VM_MAYSHARE, "ms")                                                   \
	X(VM_GROWSDOWN, "gd")                                                  \
	X(VM_PFNMAP, "pf")                                                     \
	X(VM_DENYWRITE, "dw")                                                  \
	X(VM_LOCKED, "lo")                                                     \
	X(VM_IO, "io")                                                         \
	X(VM_SEQ_READ, "sr")                                                   \
	X(VM_RAND_READ, "rr")                                                  \
	X(VM_DONTCOPY, "dc")                                                   \
	X(VM_DONTEXPAND, "de")                                                 \
	X(VM_LOCKONFAULT, "lf")                                                \
	X(VM_ACCOUNT, "ac")                                                    \
	X(VM_NORESERVE, "nr")                                                  \
	X(VM_WIPEONFORK, "wf")                                                 \
	X(VM_DONTDUMP, "dd")                                                   \
	X(VM_SOFTDIRTY, "sd")                                                  \
	X(VM_MIXEDMAP, "mm")                                                   \
	X(VM_HUGEPAGE, "hg")                                                   \
	X(VM_NOHUGEPAGE, "nh")                                                 \
	X(VM_MERGEABLE, "mg")                                                  \
	X(VM_DROPPABLE, "dp")                                                  \
	X(VM_SEALED, "sl")

/* Codes that an area can have at most. */
#define VMA_FLAG_CODES_MAX 32

/**
 * vma_flag_codes() - the two-letter codes that smaps prints for vm_flags
 * @profile:  the release
 * @vm_flags: of an area
 * @codes:    out: static strings, in the order of smaps
 *
 * Return: how many.
 */
size_t vma_flag_codes(const struct kernel_profile *profile, uint64_t vm_flags,
		      const char *codes[VMA_FLAG_CODES_MAX]);

/*
 * Reading /proc/PID/smaps, area by area: who else maps which pages is worked out
 * once.
 */
struct smaps {
	const struct process *process;
	struct page_map_count *counts; /* of file pages */
	uint64_t nr_counts;
};

/**
 * smaps_begin() - start to read the smaps of a process
 * @process: alive; nothing may change in its world until smaps_end()
 * @smaps:   to initialise
 *
 * Return: 0, or -1 with memory->refusal set.
 * Cost:   O(areas of the world + n log n), n being the runs of present pages
 *         of files that are mapped more than once.
 */
int smaps_begin(const struct process *process, struct smaps *smaps);

/* Give back what smaps_begin() took. */
void smaps_end(struct smaps *smaps);

/* Longest text of smaps_area_text(). */
#define SMAPS_TEXT_MAX 1024

/**
 * smaps_area_text() - what smaps prints of an area, to the byte
 * @smaps: begun
 * @vma:   an area of its process, or process_gate_vma()
 * @out:   SMAPS_TEXT_MAX bytes
 *
 * All lines but the first, which is that of maps, each with its newline.
 *
 * Mappings of a page are counted over the processes of the world. What is not
 * modelled: an anonymous page counts as shared with a relative of the process if
 * both have one at the same address that neither may write to. That is wrong
 * where one of them has copied it and is write protected again, and where one
 * of them has moved it.
 *
 * Return: bytes written.
 * Cost:   O(pages of the area / 64 * processes).
 */
size_t smaps_area_text(const struct smaps *smaps,
		       const struct vm_area_struct *vma, char *out);
