/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The state of a world as bytes, exact to the last counter
 *
 *	01                      version of this encoding
 *	machine                 seq, what is committed, next ids, random numbers
 *	counts                  objects of each kind, so that all can be reserved
 *	files                   flags, size, ids, path, what is cached
 *	anon_vmas               id, parent
 *	address spaces          numbers, areas, page tables, threads
 *	processes               address space, threads ever, descriptors
 *
 * All numbers are varints: seven bits a byte, lowest first, bit 7: more follow.
 * Shared objects are told once and meant by their number. Areas come in the order
 * of their addresses, each with its depth in the tree, which is the tree's shape.
 *
 * What follows from the rest is not there: counters of areas and pages, gaps,
 * references. Nor is what a creation says for good: release, settings, limits,
 * user.
 *
 * Nothing that is read is believed. What reads as a world has valid trees, tables
 * that its areas need, references that are counted, anon_vmas whose parents live
 * as long: everything that operations rely on.
 */
#include "core/world/process_setup.h"

/* Raised by every change of the encoding. */
#define STATE_VERSION 1

/* The bytes of a state. */
struct state_text {
	struct memory *memory;
	uint8_t *bytes;
	size_t len;
};

/**
 * world_state_write() - a world's state as bytes
 * @memory: pays, kept
 * @world:  not changed
 * @text:   out: for state_text_free(), also on error
 *
 * Two worlds of the same state (world_hash()) have the same bytes.
 *
 * Return: 0, or -1 with memory->refusal set.
 * Cost:   O(areas + page tables), some 20 bytes an area.
 */
int world_state_write(struct memory *memory, const struct world *world,
		      struct state_text *text);

/* Give the bytes back; a text that is all zeroes has none. */
void state_text_free(struct state_text *text);

/**
 * world_state_read() - a world that begins with a state instead of its creation
 * @memory: kept; pays for everything
 * @setup:  as for world_new(); what it says of the first process's address
 *          space, files and pages is not looked at
 * @bytes:  anything
 * @worldp: out: a world whose history begins behind the state, which is its
 *          oldest checkpoint; untouched on error
 * @error:  out, with WORLD_BAD_PARAM: what is wrong, with the setup, or, then
 *          without a param, with the bytes
 *
 * Return: WORLD_OK; WORLD_BAD_PARAM: not the state of a world; WORLD_REFUSED. On
 *         error everything has been given back.
 * Cost:   O(@len + areas log areas).
 */
enum world_status world_state_read(struct memory *memory,
				   const struct process_setup *setup,
				   const uint8_t *bytes, size_t len,
				   struct world **worldp,
				   struct creation_error *error);
