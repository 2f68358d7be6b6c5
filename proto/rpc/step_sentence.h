/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A sentence for a step: the catalogue's, with its values
 */
#include "core/mm/step.h"
#include "proto/json/buffer.h"
#include "proto/rpc/step_text.h"

struct kernel_profile;

/**
 * step_say() - append the sentence of a step
 * @out:     it; failures stay there
 * @step:    of @profile's release
 * @profile: whose names flags have
 * @lang:    LANG_EN or LANG_ZH
 */
void step_say(struct buffer *out, const struct step *step,
	      const struct kernel_profile *profile, enum lang lang);
