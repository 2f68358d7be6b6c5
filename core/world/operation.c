/* SPDX-License-Identifier: MIT */
/*
 * The one place where a world changes
 *
 * An operation is judged, its journal entry is written but not yet counted, and
 * then it is carried out. Only when the host refused nothing does it become a
 * part of history.
 */
#include "core/hot.h"
#include "core/mm/step.h"
#include "core/mm/told.h"
#include "core/world/file_new.h"
#include "core/world/past.h"
#include "core/world/world_types.h"

static bool is_of_process(enum op_code code)
{
	return code == OP_PROCESS_EXIT || code == OP_FILE_OPEN ||
	       code == OP_FILE_CLOSE || code == OP_FILE_TRUNCATE;
}

APART static enum world_status judge_open(const struct process *process,
					  const struct operation *op)
{
	int32_t fd = (int32_t)op->args[0];

	if (fd < 0 || op->args[1] > INT64_MAX || op->args[2] > FILE_WO ||
	    !is_file_name(op->text, op->text_len))
		return WORLD_BAD_PARAM;
	if (descriptors_find(&process->descriptors, fd))
		return WORLD_FD_TAKEN;
	if (process->descriptors.nr >= DESCRIPTORS_MAX)
		return WORLD_FD_LIMIT;
	return WORLD_OK;
}

static enum world_status judge_access(const struct operation *op)
{
	if (!op->args[1] || op->args[1] > ACCESS_MAX_LENGTH ||
	    op->args[2] > ACCESS_EXEC)
		return WORLD_BAD_PARAM;
	return WORLD_OK;
}

APART static enum world_status judge_exec(const struct operation *op)
{
	struct exec_setup setup;

	return exec_setup_read(op->text, op->text_len, &setup) ? WORLD_BAD_PARAM
							       : WORLD_OK;
}

static enum world_status judge(const struct process *process,
			       const struct task_struct *task,
			       const struct operation *op)
{
	if (op->code <= 0 || op->code >= OP_NR_CODES)
		return WORLD_BAD_PARAM;
	if (!process || !process->mm)
		return WORLD_PROCESS_GONE;
	if (!task && !is_of_process(op->code))
		return WORLD_THREAD_UNKNOWN;

	switch (op->code) {
	case OP_ACCESS:
		return judge_access(op);
	case OP_FILE_OPEN:
		return judge_open(process, op);
	case OP_FILE_CLOSE:
		return descriptors_find(&process->descriptors,
					(int32_t)op->args[0])
			       ? WORLD_OK
			       : WORLD_FD_UNKNOWN;
	case OP_FORK:
		return op->args[0] & ~(uint64_t)FORK_SHARE_MM ? WORLD_BAD_PARAM
							      : WORLD_OK;
	case OP_EXEC:
		return judge_exec(op);
	default:
		return WORLD_OK;
	}
}

static int64_t apply_mmap(struct process *process, struct task_struct *task,
			  const uint64_t *args)
{
	struct vm_file *file;

	file = descriptors_find(&process->descriptors, (int32_t)args[4]);
	return mm_call(task, sys_mmap)(task, args[0], args[1], args[2], args[3],
				       file, args[5]);
}

APART static int64_t apply_open(struct process *process,
				const struct operation *op)
{
	struct world *world = process->world;
	const struct file_setup setup = {
		.fd = (int32_t)op->args[0],
		.size = op->args[1],
		.mode = (enum file_mode)op->args[2],
		.name = op->text,
		.name_len = op->text_len,
	};
	struct vm_file *file;

	if (descriptors_reserve(&process->descriptors, world->memory))
		return MM_HOST_REFUSED;
	file = file_new(&world->machine, &setup);
	if (!file)
		return MM_HOST_REFUSED;
	descriptors_add(&process->descriptors, setup.fd, file);
	return 0;
}

APART static int64_t apply_truncate(struct process *process,
				    const uint64_t *args)
{
	struct vm_file *file;

	if (args[1] > INT64_MAX)
		return -MM_EINVAL;
	file = descriptors_find(&process->descriptors, (int32_t)args[0]);
	if (!file)
		return -MM_EBADF;
	if (!file->writable)
		return -MM_EINVAL;
	vm_file_truncate(file, args[1]);
	return 0;
}

APART static int64_t apply_mincore(struct task_struct *task,
				   const uint64_t *args, struct outcome *out)
{
	const uint64_t len = args[1];
	uint64_t pages = (len >> PAGE_SHIFT) + !!(len & ~PAGE_MASK);
	int64_t ret;

	if (pages > out->vec_size)
		out->vec = NULL;
	ret = mm_call(task, sys_mincore)(task, args[0], len, out->vec);
	out->vec_size = out->vec && !ret ? pages : 0;
	return ret;
}

APART static int64_t apply_fork(struct process *parent,
				struct task_struct *task, uint64_t flags,
				struct outcome *out)
{
	struct process *child;
	int64_t ret = process_fork(parent, task, flags, &child);

	memory_trim(parent->world->memory);
	if (ret)
		return ret;
	out->process = child->number;
	out->thread = child->last_tid;
	return (int64_t)child->number + 1;
}

APART static int64_t apply_exec(struct process *process,
				struct task_struct *task,
				const struct operation *op, struct outcome *out)
{
	struct exec_setup setup;
	int64_t ret;

	exec_setup_read(op->text, op->text_len, &setup);
	ret = process_exec(process, task, &setup);
	memory_trim(process->world->memory);
	if (!ret)
		out->thread = task->tid;
	return ret;
}

APART static int64_t apply_thread_new(struct process *process,
				      struct task_struct *parent,
				      struct outcome *out)
{
	struct task_struct *task = thread_new(process, parent);

	if (!task)
		return MM_HOST_REFUSED;
	step_of(&process->world->machine, FORK_SHARED, process->mm->mm_users);
	step_of(&process->world->machine, CACHE_FLUSHED,
		process->mm->vmacache_seqnum);
	out->thread = task->tid;
	return 0;
}

/* The switch: MM_HOST_REFUSED, or the emulated answer. */
static int64_t apply(struct process *process, struct task_struct *task,
		     const struct operation *op, struct outcome *out)
{
	const uint64_t *args = op->args;

	switch (op->code) {
	case OP_BRK:
		return mm_call(task, sys_brk)(task, args[0]);
	case OP_MMAP:
		return apply_mmap(process, task, args);
	case OP_MUNMAP:
		return mm_call(task, sys_munmap)(task, args[0], args[1]);
	case OP_ACCESS:
		return mm_call(task, mm_access)(task, args[0], args[1],
						(enum access_type)args[2],
						args[3], &out->access);
	case OP_MPROTECT:
		return mm_call(task, sys_mprotect)(task, args[0], args[1],
						   args[2]);
	case OP_MREMAP:
		return mm_call(task, sys_mremap)(task, args[0], args[1],
						 args[2], args[3], args[4]);
	case OP_MLOCK:
		return mm_call(task, sys_mlock)(task, args[0], args[1]);
	case OP_MLOCK2:
		return mm_call(task, sys_mlock2)(task, args[0], args[1],
						 (int32_t)args[2]);
	case OP_MUNLOCK:
		return mm_call(task, sys_munlock)(task, args[0], args[1]);
	case OP_MLOCKALL:
		return mm_call(task, sys_mlockall)(task, (uint32_t)args[0]);
	case OP_MUNLOCKALL:
		return mm_call(task, sys_munlockall)(task);
	case OP_MADVISE:
		return mm_call(task, sys_madvise)(task, args[0], args[1],
						  (int32_t)args[2]);
	case OP_MINCORE:
		return apply_mincore(task, args, out);
	case OP_MSYNC:
		return mm_call(task, sys_msync)(task, args[0], args[1],
						(int32_t)args[2]);
	case OP_REMAP_FILE_PAGES:
		return mm_call(task, sys_remap_file_pages)(
			task, args[0], args[1], args[2], args[3], args[4]);
	case OP_MSEAL:
		return mm_call(task, sys_mseal)(task, args[0], args[1],
						args[2]);
	case OP_FORK:
		return apply_fork(process, task, args[0], out);
	case OP_EXEC:
		return apply_exec(process, task, op, out);
	case OP_FILE_TRUNCATE:
		return apply_truncate(process, args);
	case OP_FIND_VMA:
		out->vma = mm_call(task, find_vma)(task, args[0]);
		return 0;
	case OP_THREAD_NEW:
		return apply_thread_new(process, task, out);
	case OP_THREAD_EXIT:
		thread_exit(process, task);
		return 0;
	case OP_PROCESS_EXIT:
		process_exit(process);
		return 0;
	case OP_FILE_OPEN:
		return apply_open(process, op);
	case OP_FILE_CLOSE:
		descriptors_remove(&process->descriptors, (int32_t)args[0]);
		return 0;
	case OP_NR_CODES:
		break;
	}
	return MM_HOST_REFUSED;
}

/* The thread that asked, as it is after @op; NULL: it has ended. */
static const struct task_struct *asking_thread(const struct process *process,
					       const struct task_struct *task,
					       const struct operation *op,
					       const struct outcome *out)
{
	switch (op->code) {
	case OP_THREAD_EXIT:
	case OP_PROCESS_EXIT:
		return thread_find(process, op->thread);
	case OP_EXEC:
		/* Whoever calls exec is thread 1 afterwards, if it lives. */
		return thread_find(process, out->thread);
	default:
		return task;
	}
}

HOT enum world_status world_apply(struct world *world,
				  const struct operation *op,
				  struct outcome *out)
{
	struct process *process = world_process(world, op->process);
	struct task_struct *task = NULL;
	const struct task_struct *asker;
	uint64_t calls = 0, hits = 0, taken;
	enum world_status status;

	*out = (struct outcome){
		.vec = op->code == OP_MINCORE ? out->vec : NULL,
		.vec_size = op->code == OP_MINCORE ? out->vec_size : 0,
	};
	if (process)
		task = thread_find(process, op->thread);
	status = judge(process, task, op);
	if (status != WORLD_OK)
		return status;
	status = journal_prepare(&world->journal, world->memory, op);
	if (status != WORLD_OK)
		return status;

	if (task) {
		calls = task->vmacache.find_calls;
		hits = task->vmacache.find_hits;
	}
	taken = world_bound(world);
	out->ret = apply(process, task, op, out);
	world_unbound(world, taken);
	if (out->ret == MM_HOST_REFUSED)
		return WORLD_REFUSED;
	journal_commit(&world->journal);
	out->seq = ++world->seq;
	asker = asking_thread(process, task, op, out);
	if (asker) {
		out->vmacache_calls = asker->vmacache.find_calls - calls;
		out->vmacache_hits = asker->vmacache.find_hits - hits;
	}
	if (world->seq >= world->due && !world->remains)
		past_update(world);
	return WORLD_OK;
}
