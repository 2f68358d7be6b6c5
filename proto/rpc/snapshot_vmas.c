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

/* ------------------------------------------------ what flags say, spelt */

static char *put_flags(char *p, uint64_t vm_flags, bool knows_lock_on_fault)
{
	p = json_put_literal(p, "\",\"perms\":\"");
	p = put_perms(p, vm_flags);
	p = json_put_literal(p, "\",\"flags\":[");
	p = put_flag_codes(p, vm_flags, knows_lock_on_fault);
	return json_put_literal(p, "],\"offset\":\"0x");
}

#define SPELT_MAX  96
#define SPELT_BITS 6

/*
 * Areas have few sets of flags, and those again and again: each thread keeps
 * how it spelt the latest. The key is the flags plus 1, so that 0 is none.
 */
struct spelt_flags {
	_Alignas(128) uint64_t key;
	uint64_t len;
	char text[SPELT_MAX];
};

static _Thread_local struct spelt_flags spelt[1 << SPELT_BITS];

/* This factor gives each set that usual areas have a place of its own. */
static struct spelt_flags *spelt_place(uint64_t vm_flags)
{
	return &spelt[vm_flags * 0x719070939fa98ba9u >> (64 - SPELT_BITS)];
}

/* As put_flags() does; if it is not too long, it is kept. */
APART static char *put_and_keep(char *p, uint64_t vm_flags,
				bool knows_lock_on_fault)
{
	struct spelt_flags *place = spelt_place(vm_flags);
	char *end = put_flags(p, vm_flags, knows_lock_on_fault);
	const size_t len = (size_t)(end - p);

	/* A code that releases do not agree on is spelt anew. */
	if (len > SPELT_MAX || vm_flags & VM_LOCKONFAULT)
		return end;
	place->key = vm_flags + 1;
	place->len = len;
	memcpy(place->text, p, len);
	return end;
}

static inline char *put_spelt_flags(char *p, uint64_t vm_flags,
				    bool knows_lock_on_fault)
{
	const struct spelt_flags *place = spelt_place(vm_flags);

	if (__builtin_expect(place->key != vm_flags + 1, 0))
		return put_and_keep(p, vm_flags, knows_lock_on_fault);
	/* All of it, as a copy of constant length is a few moves. */
	memcpy(p, place->text, SPELT_MAX);
	return p + place->len;
}

/* ---------------------------------------------------------------- areas */

/* As maps does: of what has a file. */
static inline uint64_t offset_of(const struct vm_area_struct *vma)
{
	return vma->vm_file ? vma->vm_pgoff << PAGE_SHIFT : 0;
}

static inline char *put_offset(char *p, uint64_t offset)
{
	if (offset)
		return hex_put(p, offset);
	*p = '0';
	return p + 1;
}

static inline char *put_head(char *p, const struct vm_area_struct *vma,
			     bool knows_lock_on_fault)
{
	p = json_put_literal(p, "{\"id\":");
	p = buffer_put_u64(p, vma->id);
	p = json_put_literal(p, ",\"start\":\"0x");
	p = hex_put(p, vma->vm_start);
	p = json_put_literal(p, "\",\"end\":\"0x");
	p = hex_put(p, vma->vm_end);
	p = put_spelt_flags(p, vma->vm_flags, knows_lock_on_fault);
	p = put_offset(p, offset_of(vma));
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

/* False: the buffer has failed. */
static inline bool write_vma(struct json_writer *w,
			     const struct process *process,
			     const struct vm_area_struct *vma, uint64_t rss,
			     bool knows_lock_on_fault)
{
	size_t len;
	const char *name = process_area_name(process, vma, &len);
	char *p = json_writer_open(w, VMA_MAX), *end = NULL;

	if (!p)
		return false;
	p = put_head(p, vma, knows_lock_on_fault);
	if (!name)
		end = json_put_literal(p, "null");
	else if (len <= NAME_ROOM)
		end = json_put_plain(p, name, len);
	if (!end)
		end = write_name(w, p, name, len);
	if (!end)
		return false;
	json_writer_close(w, put_tail(end, vma, rss));
	return true;
}

/* Some of the areas, without the brackets: whether there are more. */
HOT static bool write_some(struct json_writer *w,
			   struct snapshot_writing *writing, uint64_t *units)
{
	const struct process *process = writing->snapshot->process;
	const bool knows_lock_on_fault =
		snapshot_profile(writing->snapshot)->smaps_knows_lock_on_fault;
	const struct vm_area_struct *vma = writing->vma;
	const struct page_node *table = writing->table;
	uint64_t pages = writing->pages;

	for (; vma && *units; vma = vma->vm_next) {
		--*units;
		if (!mm_resident_pages_next(vma, &table, &pages, units))
			break;
		if (!write_vma(w, process, vma, pages, knows_lock_on_fault))
			break;
		pages = 0;
	}
	writing->vma = vma;
	writing->table = table;
	writing->pages = pages;
	return vma && !w->out->failed;
}

bool snapshot_write_vmas(struct json_writer *w,
			 struct snapshot_writing *writing, uint64_t *units)
{
	const struct mm_struct *mm = process_mm(writing->snapshot->process);

	if (!writing->is_open) {
		json_writer_array(w);
		writing->vma = mm->mmap;
		writing->table = mm_first_table(mm);
		writing->pages = 0;
	}
	if (write_some(w, writing, units))
		return true;
	json_writer_array_end(w);
	return false;
}

void snapshot_write_vma(struct json_writer *w, const struct snapshot *snapshot,
			const struct vm_area_struct *vma)
{
	struct snapshot_writing writing = { .snapshot = snapshot, .vma = vma };
	uint64_t one = 1;

	if (!vma) {
		json_writer_null(w);
		return;
	}
	writing.pages = mm_resident_pages(process_mm(snapshot->process), vma);
	write_some(w, &writing, &one);
}

static bool same_name(const struct snapshot *snapshot,
		      const struct vm_area_struct *vma,
		      const struct snapshot *other,
		      const struct vm_area_struct *other_vma)
{
	size_t len, other_len;
	const char *name = process_area_name(snapshot->process, vma, &len);
	const char *other_name =
		process_area_name(other->process, other_vma, &other_len);

	if (name == other_name || !name || !other_name)
		return name == other_name;
	return len == other_len && !memcmp(name, other_name, len);
}

/* All that write_vma() writes from. */
bool snapshot_same_vma(const struct snapshot *snapshot,
		       const struct vm_area_struct *vma,
		       const struct snapshot *other,
		       const struct vm_area_struct *other_vma)
{
	const struct anon_vma *a = vma->anon_vma, *b = other_vma->anon_vma;

	return vma->id == other_vma->id &&
	       vma->vm_start == other_vma->vm_start &&
	       vma->vm_end == other_vma->vm_end &&
	       vma->vm_flags == other_vma->vm_flags &&
	       snapshot_profile(snapshot) == snapshot_profile(other) &&
	       offset_of(vma) == offset_of(other_vma) && !a == !b &&
	       (!a || a->id == b->id) &&
	       same_name(snapshot, vma, other, other_vma) &&
	       mm_resident_pages(process_mm(snapshot->process), vma) ==
		       mm_resident_pages(process_mm(other->process), other_vma);
}
