/* SPDX-License-Identifier: MIT */
/* Mapped files, and what touching them comes to. */
#include "tests/behaviours/scene.h"

static int touched(struct scene *s, int64_t page, enum access_type type)
{
	return touch(s, page, type).code;
}

BEHAVIOUR(f1)
{
	vm_file_truncate(s->file, PAGE_SIZE / 2);
	map_file(s, 0, 2, PROT_READ, MAP_SHARED, 0);
	holds(s, can_read(s, 0));
	answers(s, emulation_read(&s->emu, at(1) - 1), ACCESS_FAULT_NONE);
	answers(s, touch(s, 1, ACCESS_READ).fault, ACCESS_FAULT_SIGBUS);
}

BEHAVIOUR(f3)
{
	answers(s, map_file(s, 0, 2, PROT_READ, MAP_SHARED, SCENE_FILE), at(0));
	answers(s, touched(s, 0, ACCESS_READ), BUS_ADRERR);
	answers(s, map_file(s, 4, 2, RW, MAP_PRIVATE, SCENE_FILE + 5), at(4));
	answers(s, touched(s, 4, ACCESS_WRITE), BUS_ADRERR);
}

BEHAVIOUR(f4)
{
	map_file(s, 0, 2, RW, MAP_SHARED, 0);
	map_file(s, 4, 2, RW, MAP_PRIVATE, 0);
	fill(s, 0, 2);
	fill(s, 4, 2);
	vm_file_truncate(s->file, 0);
	answers(s, get_mm_rss(s->mm), 0);
	answers(s, touched(s, 0, ACCESS_READ), BUS_ADRERR);
	answers(s, touched(s, 4, ACCESS_READ), BUS_ADRERR);
}

BEHAVIOUR(f5)
{
	map_file(s, 0, 2, RW, MAP_SHARED, 0);
	fill(s, 0, 2);
	vm_file_truncate(s->file, 0);
	vm_file_truncate(s->file, bytes(2));
	/* Nothing of the old pages is left: the new ones are holes. */
	answers(s, s->file->nr_cached, 0);
	answers(s, present(s, 0, 2), 0);
	holds(s, can_read(s, 0) && can_read(s, 1));
}

BEHAVIOUR(f6)
{
	map_file(s, 0, 2, RW, MAP_SHARED, 0);
	fill(s, 0, 2);
	vm_file_truncate(s->file, PAGE_SIZE / 2);
	answers(s, present(s, 0, 1), 1);
	answers(s, present(s, 1, 1), 0);
	answers(s, s->file->nr_cached, 1);
	holds(s, can_write(s, 0));
	answers(s, touched(s, 1, ACCESS_WRITE), BUS_ADRERR);
}

BEHAVIOUR(f7)
{
	map_file(s, 0, 1, PROT_NONE, MAP_SHARED, 0);
	answers(s, touch(s, 0, ACCESS_READ).fault, ACCESS_FAULT_SIGSEGV);
	answers(s, touched(s, 0, ACCESS_WRITE), SEGV_ACCERR);
}

BEHAVIOUR(f8)
{
	map(s, 0, 1, RW);
	fill(s, 0, 1);
	protect(s, 0, 1, PROT_NONE);
	answers(s, present(s, 0, 1), 1);
	answers(s, touched(s, 0, ACCESS_READ), SEGV_ACCERR);
	answers(s, touch(s, 0, ACCESS_READ).address, at(0));
}

BEHAVIOUR(f9)
{
	map(s, 0, 1, RW);
	fill(s, 0, 1);
	unmap(s, 0, 1);
	answers(s, touch(s, 0, ACCESS_READ).fault, ACCESS_FAULT_SIGSEGV);
	answers(s, touched(s, 0, ACCESS_READ), SEGV_MAPERR);
}

BEHAVIOUR(f10)
{
	map(s, 0, 1, PROT_WRITE);
	holds(s, can_read(s, 0));
	holds(s, !(flags_of(s, 0) & VM_READ));
	draws(s, "o");
}

BEHAVIOUR(f11)
{
	map(s, 0, 1, RW);
	answers(s, touched(s, 0, ACCESS_EXEC), SEGV_ACCERR);
	protect(s, 0, 1, RX);
	holds(s, touch(s, 0, ACCESS_EXEC).fault <= ACCESS_FAULT_MINOR);
}

BEHAVIOUR(f12)
{
	map_file(s, 0, 2, PROT_READ, MAP_SHARED, SCENE_FILE - 1);
	/* mlock makes ENOMEM of the EFAULT that its pages cause. */
	answers(s, lock(s, 0, 2), -MM_ENOMEM);
	answers(s, present(s, 0, 2), 1);
	if (since(s, "6.1"))
		answers(s, advise(s, 1, 1, MADV_POPULATE_READ), -MM_EFAULT);
}

BEHAVIOUR(f13)
{
	map_as(s, 0, 1, RW, SHMEM);
	answers(s, remap(s, 0, 1, 2, 0, 0), at(0));
	holds(s, can_write(s, 0));
	answers(s, touched(s, 1, ACCESS_READ), BUS_ADRERR);
}

BEHAVIOUR(f14)
{
	struct vm_file *other = emulation_file(&s->emu, 3);

	map_file(s, 0, 1, PROT_READ, MAP_SHARED, 0);
	sys_mmap(s->task, at(1), PAGE_SIZE, PROT_READ, MAP_SHARED | MAP_FIXED,
		 other, 0);
	unmap(s, 0, 2);
	map_file(s, 1, 1, PROT_READ, MAP_SHARED, 0);
	sys_mmap(s->task, at(0), PAGE_SIZE, PROT_READ, MAP_SHARED | MAP_FIXED,
		 other, 0);
	holds(s, area(s, 0)->vm_file == other);
	holds(s, area(s, 1)->vm_file == s->file);
	vm_file_put(other);
}

CU_TestInfo test_files[] = {
	{ "F1 the page that holds the end, and the next one", f1 },
	{ "F3 an offset past the end", f3 },
	{ "F4 truncated under the mapping", f4 },
	{ "F5 truncated and grown again", f5 },
	{ "F6 truncated to half a page", f6 },
	{ "F7 PROT_NONE", f7 },
	{ "F8 PROT_NONE on what is present", f8 },
	{ "F9 nothing mapped", f9 },
	{ "F10 PROT_WRITE alone reads", f10 },
	{ "F11 no PROT_EXEC", f11 },
	{ "F12 the kernel itself past the end", f12 },
	{ "F13 shared memory has the size that it had", f13 },
	{ "F14 two files change places", f14 },
	CU_TEST_INFO_NULL,
};
