/* SPDX-License-Identifier: MIT */
/* What mmap refuses, and in which order it looks. */
#include "tests/behaviours/scene.h"

#define UNKNOWN_FLAG 0x400ULL

/* mmap of @len bytes of private anonymous memory where @addr and @flags say. */
static int64_t map_bytes(struct scene *s, uint64_t addr, uint64_t len,
			 uint64_t flags)
{
	return sys_mmap(s->task, addr, len, RW, flags, NULL, 0);
}

BEHAVIOUR(m1)
{
	answers(s, map_bytes(s, 0, 0, ANON), -MM_EINVAL);
}

BEHAVIOUR(m2)
{
	answers(s, map_bytes(s, 0, -PAGE_SIZE + 1, ANON), -MM_ENOMEM);
}

BEHAVIOUR(m3)
{
	answers(s, map_bytes(s, at(0), 128, ANON | MAP_FIXED), at(0));
	draws(s, "w");
}

BEHAVIOUR(m4)
{
	answers(s, map_as(s, 0, 1, RW, MAP_ANONYMOUS), -MM_EINVAL);
	answers(s, map_file(s, 0, 1, RW, 0, 0), -MM_EINVAL);
	draws(s, "");
}

BEHAVIOUR(m5)
{
	answers(s, map_as(s, 0, 1, RW, SHMEM | MAP_PRIVATE), -MM_EINVAL);
}

BEHAVIOUR(m6)
{
	bool known = since(s, "5.10");

	answers(s, map_file(s, 0, 1, RW, MAP_SHARED_VALIDATE | UNKNOWN_FLAG, 0),
		known ? -MM_EOPNOTSUPP : -MM_EINVAL);
	answers(s, map_file(s, 0, 1, RW, MAP_SHARED_VALIDATE, 0),
		known ? (int64_t)at(0) : -MM_EINVAL);
	draws(s, known ? "W" : "");
}

BEHAVIOUR(m7)
{
	answers(s, map_file(s, 0, 1, RW, MAP_SHARED | UNKNOWN_FLAG, 0), at(0));
}

BEHAVIOUR(m8)
{
	answers(s, map_bytes(s, at(0) + 1, PAGE_SIZE, ANON | MAP_FIXED),
		-MM_EINVAL);
}

BEHAVIOUR(m9)
{
	answers(s, map_bytes(s, at(0) + 1, PAGE_SIZE, ANON), at(0));
}

BEHAVIOUR(m10)
{
	answers(s, map_bytes(s, 0x30000000, PAGE_SIZE, ANON | MAP_FIXED),
		0x30000000);
}

BEHAVIOUR(m11)
{
	const uint64_t addr = 0x300000000000;

	answers(s, map_bytes(s, addr, PAGE_SIZE, ANON | MAP_FIXED), addr);
}

BEHAVIOUR(m12)
{
	const uint64_t last = TASK_SIZE - PAGE_SIZE;

	answers(s, map_bytes(s, last, PAGE_SIZE, ANON | MAP_FIXED), last);
	answers(s, map_bytes(s, TASK_SIZE, PAGE_SIZE, ANON | MAP_FIXED),
		-MM_ENOMEM);
}

BEHAVIOUR(m13)
{
	answers(s, map_bytes(s, 0, PAGE_SIZE, ANON | MAP_FIXED), -MM_EPERM);
	answers(s, map_bytes(s, 0xf000, PAGE_SIZE, ANON | MAP_FIXED),
		-MM_EPERM);
	answers(s, map_bytes(s, 0x10000, PAGE_SIZE, ANON | MAP_FIXED), 0x10000);
	s->mm->uid = 0;
	answers(s, map_bytes(s, 0, PAGE_SIZE, ANON | MAP_FIXED), 0);
}

BEHAVIOUR(m14)
{
	answers(s, map_bytes(s, PAGE_SIZE, PAGE_SIZE, ANON), 0x10000);
}

BEHAVIOUR(m15)
{
	answers(s, map_bytes(s, 0, PAGE_SIZE, ANON),
		s->mm->mmap_base - PAGE_SIZE);
}

BEHAVIOUR(m16)
{
	answers(s, map_bytes(s, 1ULL << 47, PAGE_SIZE, ANON),
		s->mm->mmap_base - PAGE_SIZE);
	answers(s, map_bytes(s, 1ULL << 48, PAGE_SIZE, ANON),
		s->mm->mmap_base - 2 * PAGE_SIZE);
	/* Only the oldest one asks what is mapped there. */
	answers(s, s->task->vmacache.find_calls, is_release(s, "4.0") ? 2 : 0);
}

BEHAVIOUR(m17)
{
	answers(s, sys_mmap(s->task, 0, PAGE_SIZE, RW, MAP_PRIVATE, NULL, 0),
		-MM_EBADF);
	/* Before anything about the length is looked at. */
	answers(s, sys_mmap(s->task, 0, 0, RW, MAP_PRIVATE, NULL, 0),
		-MM_EBADF);
}

static int64_t map_descriptor(struct world_fixture *f, int32_t fd)
{
	const uint64_t args[OP_MAX_ARGS] = {
		0, PAGE_SIZE, PROT_READ, MAP_SHARED, (uint32_t)fd, 0
	};
	struct outcome out;

	world_answers(f, fixture_apply(f, OP_MMAP, args, &out), WORLD_OK);
	return out.ret;
}

WORLD_BEHAVIOUR(m18)
{
	const struct file_setup file = {
		.fd = 3, .size = PAGE_SIZE, .name = "data", .name_len = 4
	};
	const uint64_t close[OP_MAX_ARGS] = { 3 };
	struct outcome out;

	f->setup.files = &file;
	f->setup.nr_files = 1;
	world_answers(f, fixture_make(f), WORLD_OK);
	world_holds(f, map_descriptor(f, 3) > 0);
	world_answers(f, fixture_apply(f, OP_FILE_CLOSE, close, &out),
		      WORLD_OK);
	world_answers(f, map_descriptor(f, 3), -MM_EBADF);
	world_answers(f, map_descriptor(f, 999), -MM_EBADF);
}

BEHAVIOUR(m20)
{
	s->file->readable = false;
	answers(s, map_file(s, 0, 1, PROT_WRITE, MAP_PRIVATE, 0), -MM_EACCES);
	answers(s, map_file(s, 0, 1, PROT_WRITE, MAP_SHARED, 0), -MM_EACCES);
	answers(s, map_file(s, 0, 1, PROT_NONE, MAP_SHARED, 0), -MM_EACCES);
}

BEHAVIOUR(m21)
{
	s->file->writable = false;
	answers(s, map_file(s, 0, 1, RW, MAP_SHARED, 0), -MM_EACCES);
}

BEHAVIOUR(m22)
{
	s->file->writable = false;
	answers(s, map_file(s, 0, 1, RW, MAP_PRIVATE, 0), at(0));
	holds(s, can_write(s, 0));
}

BEHAVIOUR(m23)
{
	s->file->writable = false;
	answers(s, map_file(s, 0, 1, PROT_READ, MAP_SHARED, 0), at(0));
	answers(s, protect(s, 0, 1, RW), -MM_EACCES);
	answers(s, flags_of(s, 0) & (VM_SHARED | VM_MAYWRITE), 0);
	draws(s, "R");
}

BEHAVIOUR(m28)
{
	answers(s,
		sys_mmap(s->task, at(0), PAGE_SIZE, RW, MAP_SHARED, s->file, 1),
		-MM_EINVAL);
	/* Before the descriptor is looked at. */
	answers(s, sys_mmap(s->task, at(0), PAGE_SIZE, RW, MAP_SHARED, NULL, 1),
		-MM_EINVAL);
}

/* One page of the file at an offset in bytes. */
static int64_t map_offset(struct scene *s, uint64_t offset)
{
	return sys_mmap(s->task, at(0), PAGE_SIZE, PROT_READ,
			MAP_SHARED | MAP_FIXED, s->file, offset);
}

BEHAVIOUR(m29)
{
	const uint64_t last = (1ULL << 63) - PAGE_SIZE;

	answers(s, map_offset(s, last - PAGE_SIZE), at(0));
	answers(s, map_offset(s, last),
		since(s, "5.10") ? -MM_EOVERFLOW : (int64_t)at(0));
}

BEHAVIOUR(m30)
{
	int64_t ret = since(s, "5.10") ? -MM_EOVERFLOW : (int64_t)at(0);

	answers(s, map_offset(s, 1ULL << 63), ret);
	answers(s, map_offset(s, -2 * PAGE_SIZE), ret);
}

BEHAVIOUR(m31)
{
	/* The offset of a call has 52 bits of pages; the emulated one as well. */
	answers(s,
		sys_remap_file_pages(s->task, at(0), PAGE_SIZE, 0, UINT64_MAX,
				     0),
		-MM_EINVAL);
	map_file(s, 0, 2, PROT_READ, MAP_SHARED, 0);
	answers(s,
		sys_remap_file_pages(s->task, at(0), bytes(2), 0,
				     UINT64_MAX - 1, 0),
		-MM_EINVAL);
}

BEHAVIOUR(m32)
{
	answers(s, map_file(s, 0, 1, RW, MAP_PRIVATE | MAP_GROWSDOWN, 0),
		-MM_EINVAL);
	answers(s, map_as(s, 0, 1, RW, SHMEM | MAP_GROWSDOWN), -MM_EINVAL);
}

BEHAVIOUR(m33)
{
	answers(s, map_as(s, 0, 1, RW, ANON | MAP_STACK), at(0));
	answers(s, !!(flags_of(s, 0) & VM_NOHUGEPAGE), is_release(s, "6.12"));
}

BEHAVIOUR(m36)
{
	answers(s, map_bytes(s, 0, TASK_SIZE + PAGE_SIZE, ANON), -MM_ENOMEM);
	answers(s, map_bytes(s, at(0), TASK_SIZE + PAGE_SIZE, ANON | MAP_FIXED),
		-MM_ENOMEM);
}

BEHAVIOUR(m37)
{
	/* No descriptor, and one that could not be mapped like this. */
	answers(s, map(s, 0, 1, RW), at(0));
	s->file->readable = false;
	answers(s,
		sys_mmap(s->task, at(1), PAGE_SIZE, RW, ANON | MAP_FIXED,
			 s->file, 0),
		at(1));
	holds(s, !area(s, 1)->vm_file);
}

BEHAVIOUR(m38)
{
	answers(s,
		sys_mmap(s->task, at(0), PAGE_SIZE, RW, SHMEM | MAP_FIXED, NULL,
			 bytes(7)),
		at(0));
	answers(s, area(s, 0)->vm_pgoff, 0);
}

CU_TestInfo test_mmap_arguments[] = {
	{ "M1 no length", m1 },
	{ "M2 a length that rounds to nothing", m2 },
	{ "M3 a part of a page", m3 },
	{ "M4 neither private nor shared", m4 },
	{ "M5 private and shared", m5 },
	{ "M6 D9 unknown flags, validated", m6 },
	{ "M7 unknown flags, ignored", m7 },
	{ "M8 MAP_FIXED is not rounded", m8 },
	{ "M9 a hint is rounded", m9 },
	{ "M10 MAP_FIXED low", m10 },
	{ "M11 MAP_FIXED high", m11 },
	{ "M12 the last page, and the one behind", m12 },
	{ "M13 below mmap_min_addr", m13 },
	{ "M14 a hint below mmap_min_addr", m14 },
	{ "M15 no hint", m15 },
	{ "M16 D14 a hint beyond 47 bits", m16 },
	{ "M17 no such descriptor", m17 },
	{ "M18 a closed descriptor", m18 },
	{ "M20 a file open for writing only", m20 },
	{ "M21 a file open for reading, shared and writable", m21 },
	{ "M22 a file open for reading, private and writable", m22 },
	{ "M23 a file open for reading, shared for good", m23 },
	{ "M28 an offset within a page", m28 },
	{ "M29 D12 the last positive page", m29 },
	{ "M30 negative offsets", m30 },
	{ "M31 an offset that wraps", m31 },
	{ "M32 what must not grow down", m32 },
	{ "M33 D31 MAP_STACK", m33 },
	{ "M36 longer than user space", m36 },
	{ "M37 MAP_ANONYMOUS ignores the descriptor", m37 },
	{ "M38 shared memory begins at offset 0", m38 },
	CU_TEST_INFO_NULL,
};
