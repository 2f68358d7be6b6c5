/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What /proc tells of a process: maps, status and smaps
 */
#include <stddef.h>
#include <stdint.h>

#include "core/mm/mm.h"

struct page_map_count;
struct process;

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

/* What the pages of one area add up to, in bytes; pss with 12 binary places. */
struct smaps_sums {
	uint64_t resident, pss, pss_dirty, anonymous;
	uint64_t shared_clean, shared_dirty;
	uint64_t private_clean, private_dirty;
};

/*
 * Reading /proc/PID/smaps, area by area: who else maps which pages is worked out
 * once.
 */
struct smaps {
	const struct process *process;
	struct page_map_count *counts; /* of file pages */
	uint64_t nr_counts;
	uint64_t nr_mms; /* of the world */
	/* An area that has been summed up to there; NULL: none */
	const struct vm_area_struct *vma;
	uint64_t addr;
	struct smaps_sums sums;
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
size_t smaps_area_text(struct smaps *smaps, const struct vm_area_struct *vma,
		       char *out);

/**
 * smaps_area_text_within() - likewise, as far as some work goes
 * @units: in: how many steps of 64 pages, or of a hole, to look at, each for every
 *         process of the world; out: how many are left
 *
 * Return: bytes written; 0: there are no steps left, call it once more for the
 *         same area, to go on where it stopped.
 */
size_t smaps_area_text_within(struct smaps *smaps,
			      const struct vm_area_struct *vma, char *out,
			      uint64_t *units);
