/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside proto/rpc: a call's answer, in that of its job
 *
 * It is begun, written, perhaps in several turns, and ended; what does not fit
 * is taken back at the end, and the answer says so instead.
 */
#include "proto/rpc/job.h"

/** answer_begin() - begin the answer to a call, up to where its result goes;
 * where that is */
struct json_mark answer_begin(const struct rpc_job *job, struct call *call,
			      const struct envelope *envelope);

/**
 * answer_write() - run the call's handler, or go on with its work
 * @begin: as answer_begin() returned it
 *
 * What is written is kept if a retry may ask for it; a retry's result is that of
 * the first time.
 *
 * Return: whether there is a result; it is complete unless call->work is set.
 *         Else call->error says why not.
 */
bool answer_write(const struct rpc_job *job, struct call *call,
		  struct json_mark begin);

/**
 * answer_end() - end the answer with its result, or have it be call->error
 * @mark: where the answer begins
 *
 * Return: CALL_ANSWERED, or what it was lost by: then it says what became of the
 *         call, and what nobody could name has been ended again.
 */
enum call_end answer_end(const struct rpc_service *service,
			 const struct rpc_job *job, struct call *call,
			 const struct envelope *envelope, size_t mark,
			 bool has_result);

/** answer_refusal() - answer a call that does not run: its client calls too often,
 * or an earlier one used up the room; with which error */
enum error_key answer_refusal(const struct rpc_job *job,
			      const struct envelope *envelope);
