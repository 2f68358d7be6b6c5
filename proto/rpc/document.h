/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside world.export and world.import: what a document consists of
 *
 *	{ "vmarium": 1,             version of the document
 *	  "engine": 1,              number of the behaviour that answered
 *	  "title", "notes", "positions"   as the exporter gave them; may be missing
 *	  "created": {...},         process.create's parameters
 *	  "begins": { "seq": 12, "state": "..." },
 *	                            where history was folded: what it begins with,
 *	                            world_state_write()'s bytes in base64url
 *	  "operations": [{"method":...,"params":...,"answer":...}, ...],
 *	  "hash": "..." }           of the state behind the last one
 */
#include "proto/rpc/service.h"

enum {
	/* Raised by a change of the document that older versions cannot read. */
	DOCUMENT_VERSION = 1,
	/* Engines before this one told addresses below 2 GiB, and those that
	 * read as negative, as numbers; later ones all of them in hex. */
	DOCUMENT_ENGINE_HEX = 6,
	WORLD_HASH_TEXT = 33, /* characters and a NUL */
};

struct document {
	struct json_value version, engine, title, notes, positions, created;
	struct json_value begins, operations, hash;
	uint64_t engine_number;
	/* of begins */
	struct json_value state; /* a string; without text: the creation */
	uint64_t begins_seq;
};

/** document_hash() - the hash of a world's state as text, or false */
bool document_hash(struct call *call, const struct world *world,
		   char text[WORLD_HASH_TEXT]);

/**
 * document_read() - judge a document's members, but for what is inside created
 *                   and operations
 * @value: JSON that has been validated
 * @out:   slices of it
 *
 * Return: true, or false with call->error set.
 */
bool document_read(struct call *call, const struct json_value *value,
		   struct document *out);

/** document_refuse() - it is params.value, for that reason; false */
bool document_refuse(struct call *call, const char *why);
