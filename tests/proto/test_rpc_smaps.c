/* SPDX-License-Identifier: MIT */
/*
 * mm.smaps: the lines of maps, and behind each what core says of the area
 */
#include <stdlib.h>
#include <string.h>

#include "core/world/proc.h"
#include "tests/proto/rpc_fixture.h"
#include "tests/support/suite.h"

/* How far @text is what @line and the area's own lines are; fails if not. */
static const char *skip_area(const char *text, const char *line,
			     struct smaps *smaps,
			     const struct vm_area_struct *vma)
{
	char wanted[SMAPS_TEXT_MAX];
	size_t len = smaps_area_text(smaps, vma, wanted);

	CU_ASSERT(len > 0 && !strncmp(text, line, strlen(line)));
	text += strlen(line);
	CU_ASSERT_EQUAL(*text, '\n');
	CU_ASSERT_FATAL(!strncmp(text + 1, wanted, len));
	return text + 1 + len;
}

static void text_is_maps_with_the_areas_lines(void)
{
	const struct process *process;
	const struct vm_area_struct *vma;
	struct rpc_fixture fx;
	struct smaps smaps;
	json_t *maps, *result;
	const char *text;
	size_t i = 0;

	fixture_init(&fx, 1, NULL);
	maps = fixture_create(
		&fx, "{'maps':['400000-402000 r-xp 0 a \\u00e4',"
		     "'10000000-10003000 rw-p 0',"
		     "'7ffffffde000-7ffffffff000 rw-p 0 [stack]',"
		     "'ffffffffff600000-ffffffffff601000 r-xp 0 [vsyscall]'],"
		     "'resident':['0x400000','0x10001000'],'want':['maps']}");
	result = fixture_result(&fx, "mm.smaps", "['@',1,[]]");
	CU_ASSERT_EQUAL(json_object_size(result), 1);
	text = json_string_value(json_object_get(result, "text"));

	process = world_process(fixture_world(&fx, 0), 0);
	CU_ASSERT_EQUAL_FATAL(smaps_begin(process, &smaps), 0);
	for (vma = process_mm(process)->mmap;; vma = vma->vm_next) {
		const json_t *lines = json_object_get(
			json_object_get(maps, "snapshot"), "maps");
		const char *line =
			json_string_value(json_array_get(lines, i++));

		text = skip_area(text, line, &smaps,
				 vma ? vma : process_gate_vma(process));
		if (!vma)
			break;
	}
	CU_ASSERT_EQUAL(i, 4);
	CU_ASSERT_EQUAL(*text, '\0');
	smaps_end(&smaps);
	json_decref(result);
	json_decref(maps);
	fixture_deinit(&fx);
}

static void empty_space_has_no_lines(void)
{
	struct rpc_fixture fx;
	json_t *answer;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{'maps':[]}"));
	answer = fixture_result(&fx, "mm.smaps", "['@',1,[]]");
	CU_ASSERT(is_json(answer, "{'text':''}"));
	json_decref(answer);
	answer = fixture_call(&fx, "mm.smaps", "['@',2]");
	CU_ASSERT(is_error(answer, -32001, "thread.unknown", "thread"));
	json_decref(answer);
	fixture_deinit(&fx);
}

/* It is a read: seq stands still, even where the answer does not fit. */
static void text_that_does_not_fit(void)
{
	const struct rpc_limits limits = { .answer_bytes = 2500 };
	struct rpc_fixture fx;
	json_t *answer;

	fixture_init(&fx, 1, &limits);
	json_decref(fixture_create(&fx, "{'want':[]}"));
	answer = fixture_call(&fx, "mm.smaps", "['@',1,[]]");
	CU_ASSERT(is_error(answer, -32006, "response.too_large", NULL));
	CU_ASSERT(is_json(
		json_object_get(
			json_object_get(json_object_get(answer, "error"),
					"data"),
			"carried_out"),
		"false"));
	json_decref(answer);
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 0);
	/* Nothing sticks to the next answer. */
	answer = fixture_result(&fx, "mm.maps", "['@',1,[]]");
	CU_ASSERT_PTR_NOT_NULL(answer);
	json_decref(answer);
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_smaps[] = {
	{ "text is maps with the areas' lines",
	  text_is_maps_with_the_areas_lines },
	{ "empty space has no lines", empty_space_has_no_lines },
	{ "text that does not fit", text_that_does_not_fit },
	CU_TEST_INFO_NULL,
};
