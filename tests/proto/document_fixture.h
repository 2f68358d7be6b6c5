/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Documents in a test: worlds with some history, out and in again
 */
#include "tests/proto/rpc_fixture.h"

/** document_export() - what world.export answers with these parameters, its
 * document or its link, as a new reference */
json_t *document_export(struct rpc_fixture *fx, const char *params);

/** document_import() - the whole answer to the import of a document or a link,
 * without a snapshot; @more: further members, "" or ",'name':value" */
json_t *document_import(struct rpc_fixture *fx, const json_t *document,
			const char *more);

/** document_turn_to() - @ is from now on the process that an import answered */
void document_turn_to(struct rpc_fixture *fx, const json_t *answer);

/** document_small() - a fresh fixture, and the document of a world of four
 * operations with title, notes and positions */
json_t *document_small(struct rpc_fixture *fx);

/** document_exercise() - make @nr calls as people make them who find out about
 * memory: some mappings, taken apart, protected, touched */
void document_exercise(struct rpc_fixture *fx, unsigned nr);

/** document_account() - what the anonymous client owns on the first service */
struct account document_account(const struct rpc_fixture *fx);
