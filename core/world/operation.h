/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Operations, which are all that changes a world, and their outcomes
 */
#include <stdbool.h>
#include <stdint.h>

#include "core/mm/mm.h"
#include "core/world/world.h"

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
 * op_answers_address() - is what an operation answered an address?
 * @ret: of its outcome
 *
 * Else it is a number or an errno. brk has no errno: it answers the break that
 * holds. Whoever tells an answer, to whomever, asks here.
 */
static inline bool op_answers_address(enum op_code code, int64_t ret)
{
	return code == OP_BRK ||
	       (!mm_is_error(ret) && (code == OP_MMAP || code == OP_MREMAP));
}

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
