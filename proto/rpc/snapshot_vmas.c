/* SPDX-License-Identifier: MIT */
/*
 * Areas are what snapshots are long of: the room for one is asked for once, what
 * stands between the values is joined, and nothing is looked up twice.
 */
#include "core/hot.h"
#include "proto/rpc/snapshot_parts.h"

#include <string.h>

#include "core/mm/profile.h"
#include "core/world/proc.h"
#include "core/world/process.h"
#include "core/world/world.h"
#include "proto/json/hex.h"
#include "proto/rpc/snapshot.h"

/* "rd", and a comma: */
#define CODE_MAX  5
#define NAME_ROOM 96
/* {"id":…,"start":"0x…","end":"0x…","perms":"rwxp","flags":[…],"offset":"0x…",
 * "name":…,"anon_vma":…,"rss":…} */
#define VMA_MAX                                                                \
	(140 + 3 * BUFFER_U64_MAX + 3 * HEX_MAX +                              \
	 VMA_FLAG_CODES_MAX * CODE_MAX + NAME_ROOM)

/* ---------------------------------------------------------- permissions */

#define PERMS(w, x, s) "-" w x s, "r" w x s

/* By the flags' lowest three bits, and VM_MAYSHARE. */
static const char perms[16][4 + 1] = {
	PERMS("-", "-", "p"), PERMS("w", "-", "p"), PERMS("-", "x", "p"),
	PERMS("w", "x", "p"), PERMS("-", "-", "s"), PERMS("w", "-", "s"),
	PERMS("-", "x", "s"), PERMS("w", "x", "s"),
};

_Static_assert(VM_READ == 1 && VM_WRITE == 2 && VM_EXEC == 4,
	       "the lowest three bits say what is permitted");

static char *put_perms(char *p, uint64_t vm_flags)
{
	size_t i = (vm_flags & 7) | (vm_flags & VM_MAYSHARE ? 8 : 0);

	memcpy(p, perms[i], 4);
	return p + 4;
}

/* ---------------------------------------------------------------- flags */

#define CODE_OF_BIT(flag, code) [__builtin_ctzll(flag)] = "\"" code "\",",
#define OR_FLAG(flag, code)     | (flag)

/* By the flag's bit. */
static const char codes[64][8] = { VMA_FLAG_CODES(CODE_OF_BIT) };

#define ALL_FLAGS (0 VMA_FLAG_CODES(OR_FLAG))

static char *put_flag_codes(char *p, uint64_t vm_flags,
			    bool knows_lock_on_fault)
{
	const uint64_t flags = vm_flags & ALL_FLAGS;
	char *const start = p;
	uint64_t left;

	for (left = flags; left; left &= left - 1) {
		memcpy(p, codes[__builtin_ctzll(left)], 8);
		p += CODE_MAX;
	}
	if (__builtin_expect(flags & VM_LOCKONFAULT && !knows_lock_on_fault, 0))
		memcpy(start + 1 +
			       CODE_MAX * __builtin_popcountll(
						  flags & (VM_LOCKONFAULT - 1)),
		       "??", 2);
	/* Without the last comma. */
	return p > start ? p - 1 : p;
}

/* ---------------------------------------------------------------- areas */

/* As maps does: the offset of what has a file. */
static inline char *put_offset(char *p, const struct vm_area_struct *vma)
{
	if (vma->vm_file)
		return hex_put(p, vma->vm_pgoff << PAGE_SHIFT);
	*p = '0';
	return p + 1;
}

static char *put_head(char *p, const struct vm_area_struct *vma,
		      bool knows_lock_on_fault)
{
	p = json_put_literal(p, "{\"id\":");
	p = buffer_put_u64(p, vma->id);
	p = json_put_literal(p, ",\"start\":\"0x");
	p = hex_put(p, vma->vm_start);
	p = json_put_literal(p, "\",\"end\":\"0x");
	p = hex_put(p, vma->vm_end);
	p = json_put_literal(p, "\",\"perms\":\"");
	p = put_perms(p, vma->vm_flags);
	p = json_put_literal(p, "\",\"flags\":[");
	p = put_flag_codes(p, vma->vm_flags, knows_lock_on_fault);
	p = json_put_literal(p, "],\"offset\":\"0x");
	p = put_offset(p, vma);
	return json_put_literal(p, "\",\"name\":");
}

static char *put_tail(char *p, const struct vm_area_struct *vma, uint64_t rss)
{
	if (vma->anon_vma) {
		p = json_put_literal(p, ",\"anon_vma\":");
		p = buffer_put_u64(p, vma->anon_vma->id);
		p = json_put_literal(p, ",\"rss\":");
	} else {
		p = json_put_literal(p, ",\"anon_vma\":null,\"rss\":");
	}
	p = buffer_put_u64(p, rss);
	*p++ = '}';
	return p;
}

/* Ends the room that is open, writes a name of any kind and opens it again. */
static char *write_name(struct json_writer *w, const char *p, const char *name,
			size_t len)
{
	json_writer_close(w, p);
	w->comma = false;
	json_writer_string(w, name, len);
	w->comma = false;
	return json_writer_open(w, VMA_MAX);
}

struct vma_writing {
	const struct process *process;
	const struct mm_struct *mm;
	bool knows_lock_on_fault;
};

static struct vma_writing writing_of(const struct snapshot *snapshot)
{
	return (struct vma_writing){
		.process = snapshot->process,
		.mm = process_mm(snapshot->process),
		.knows_lock_on_fault =
			world_machine(snapshot->world)
				->profile->smaps_knows_lock_on_fault,
	};
}

HOT static void write_vma(struct json_writer *w,
			  const struct vma_writing *writing,
			  const struct vm_area_struct *vma, uint64_t rss)
{
	size_t len;
	const char *name = process_area_name(writing->process, vma, &len);
	char *p = json_writer_open(w, VMA_MAX), *end = NULL;

	if (!p)
		return;
	p = put_head(p, vma, writing->knows_lock_on_fault);
	if (!name)
		end = json_put_literal(p, "null");
	else if (len <= NAME_ROOM)
		end = json_put_plain(p, name, len);
	if (!end)
		end = write_name(w, p, name, len);
	if (end)
		json_writer_close(w, put_tail(end, vma, rss));
}

void snapshot_write_vma(struct json_writer *w, const struct snapshot *snapshot,
			const struct vm_area_struct *vma)
{
	struct vma_writing writing;

	if (!vma) {
		json_writer_null(w);
		return;
	}
	writing = writing_of(snapshot);
	write_vma(w, &writing, vma, mm_resident_pages(writing.mm, vma));
}

HOT void snapshot_write_vmas(struct json_writer *w,
			     const struct snapshot *snapshot)
{
	const struct vma_writing writing = writing_of(snapshot);
	const struct vm_area_struct *vma;

	json_writer_array(w);
	for (vma = writing.mm->mmap; vma && !w->out->failed; vma = vma->vm_next)
		write_vma(w, &writing, vma, mm_resident_pages(writing.mm, vma));
	json_writer_array_end(w);
}

/* Whether all pages of the area have been counted. */
static bool count_pages(const struct mm_struct *mm,
			struct snapshot_writing *writing, uint64_t *units)
{
	const struct vm_area_struct *vma = writing->vma;

	writing->pages += mm_resident_pages_within(mm, &writing->addr,
						   vma->vm_end, units);
	return writing->addr == vma->vm_end;
}

static void turn_to(struct snapshot_writing *writing,
		    const struct vm_area_struct *vma)
{
	writing->vma = vma;
	writing->addr = vma ? vma->vm_start : 0;
	writing->pages = 0;
}

bool snapshot_write_some_vmas(struct json_writer *w,
			      struct snapshot_writing *writing, uint64_t *units)
{
	const struct vma_writing how = writing_of(&writing->snapshot);

	if (!writing->is_open) {
		json_writer_array(w);
		turn_to(writing, how.mm->mmap);
	}
	while (writing->vma && !w->out->failed) {
		if (!*units)
			return true;
		--*units;
		if (!count_pages(how.mm, writing, units))
			continue;
		write_vma(w, &how, writing->vma, writing->pages);
		turn_to(writing, writing->vma->vm_next);
	}
	json_writer_array_end(w);
	return false;
}
