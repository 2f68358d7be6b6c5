/* SPDX-License-Identifier: MIT */
/*
 * What only looks: no operation, no seq
 */
#include <string.h>

#include "core/world/proc.h"
#include "proto/rpc/service.h"

void call_end_look(struct call *call)
{
	write_snapshot(call, NULL);
	write_history(call, false);
	json_writer_object_end(&call->w);
}

bool call_knows_thread(struct call *call)
{
	if (process_task(call->process, call->thread))
		return true;
	return call_status(call, WORLD_THREAD_UNKNOWN);
}

bool run_mm_snapshot(struct call *call)
{
	if (!call_knows_thread(call))
		return false;
	json_writer_object(&call->w);
	call_end_look(call);
	return true;
}

bool run_mm_status(struct call *call)
{
	char text[STATUS_TEXT_MAX];
	size_t len;

	if (!call_knows_thread(call))
		return false;
	len = process_status_text(call->process, text);
	json_writer_object(&call->w);
	json_writer_key(&call->w, "text");
	json_writer_string(&call->w, text, len);
	call_end_look(call);
	return true;
}

/* -------------------------------------------------------------- profiles */

static void write_behaviours(struct json_writer *w)
{
	const struct kernel_behaviour *behaviour;
	size_t i;

	json_writer_key(w, "behaviours");
	json_writer_array(w);
	for (i = 0; (behaviour = kernel_behaviour_at(i)); i++) {
		json_writer_object(w);
		json_writer_key(w, "name");
		json_writer_text(w, behaviour->name);
		json_writer_key(w, "reference");
		json_writer_text(w, *behaviour->reference ? behaviour->reference
							  : NULL);
		json_writer_key(w, "about");
		json_writer_text(w, behaviour->sentence);
		json_writer_object_end(w);
	}
	json_writer_array_end(w);
}

static void write_constants(struct json_writer *w,
			    const struct kernel_profile *profile)
{
	json_writer_key(w, "constants");
	json_writer_object(w);
	json_writer_key(w, "default_memlock");
	json_writer_u64(w, profile->default_memlock);
	json_writer_key(w, "vvar_pages");
	json_writer_u64(w, profile->vvar_pages);
	json_writer_key(w, "vdso_pages");
	json_writer_u64(w, profile->vdso_pages);
	json_writer_key(w, "auxv_entries");
	json_writer_u64(w, profile->auxv_entries);
	json_writer_key(w, "brk_random_bytes");
	json_writer_u64(w, profile->brk_random_bytes);
	json_writer_object_end(w);
}

static void write_profile(struct json_writer *w,
			  const struct kernel_profile *profile)
{
	const struct kernel_behaviour *behaviour;
	size_t i;

	json_writer_object(w);
	json_writer_key(w, "name");
	json_writer_text(w, profile->name);
	json_writer_key(w, "release");
	json_writer_text(w, profile->release);
	write_constants(w, profile);
	json_writer_key(w, "behaviours");
	json_writer_object(w);
	for (i = 0; (behaviour = kernel_behaviour_at(i)); i++) {
		json_writer_key_text(w, behaviour->name,
				     strlen(behaviour->name));
		json_writer_bool(w, kernel_profile_has(profile, behaviour));
	}
	json_writer_object_end(w);
	json_writer_object_end(w);
}

bool run_profile_list(struct call *call)
{
	const struct kernel_profile *profile;
	struct json_writer *w = &call->w;
	size_t i;

	json_writer_object(w);
	json_writer_key(w, "profiles");
	json_writer_array(w);
	for (i = 0; (profile = kernel_profile_at(i)); i++)
		write_profile(w, profile);
	json_writer_array_end(w);
	write_behaviours(w);
	json_writer_object_end(w);
	return true;
}

bool run_discover(struct call *call)
{
	rpc_discover(call->w.out, call->service->host.version);
	return true;
}
