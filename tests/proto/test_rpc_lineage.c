/* SPDX-License-Identifier: MIT */
/*
 * What areas of a diff were split off and merged into, where two states alone do
 * not say it
 */
#include <stdio.h>
#include <string.h>

#include "tests/proto/rpc_fixture.h"
#include "tests/support/suite.h"

enum {
	SLICE = 64 /* operations a turn */
};

static const struct rpc_limits sliced = { .calls_per_slice = SLICE };

/* Areas as "added 3 of 1, removed 2 of 4, changed 1" say it, by rising id. */
static void describe(const json_t *areas, char *out, size_t size)
{
	const json_t *area, *relative;
	size_t i, len = 0;

	out[0] = '\0';
	json_array_foreach(areas, i, area) {
		relative = json_object_get(area, "split_from");
		if (!relative)
			relative = json_object_get(area, "merged_into");
		len += (size_t)snprintf(
			out + len, size - len, "%s%s %d", i ? ", " : "",
			json_string_value(json_object_get(area, "change")),
			(int)json_integer_value(json_object_get(area, "id")));
		if (relative)
			len += (size_t)snprintf(
				out + len, size - len, " of %d",
				(int)json_integer_value(relative));
	}
}

static bool areas_are(const json_t *diff, const char *wanted)
{
	char text[512];

	describe(json_object_get(diff, "areas"), text, sizeof(text));
	if (!strcmp(text, wanted))
		return true;
	fprintf(stderr, "wanted %s\n   got %s\n", wanted, text);
	return false;
}

static bool between(struct rpc_fixture *fx, unsigned from, unsigned to,
		    const char *wanted)
{
	char params[64];
	json_t *result;
	bool is;

	snprintf(params, sizeof(params), "['@',%u,%u]", from, to);
	result = fixture_result(fx, "history.diff", params);
	is = areas_are(json_object_get(result, "diff"), wanted);
	json_decref(result);
	return is;
}

static bool snapshot_has(const json_t *result, const char *wanted)
{
	return areas_are(
		json_object_get(json_object_get(result, "snapshot"), "diff"),
		wanted);
}

/* What the call says of itself, and what is said of it afterwards. */
static bool does(struct rpc_fixture *fx, const char *method, const char *rest,
		 const char *wanted)
{
	char params[256];
	json_t *result;
	unsigned seq;
	bool is;

	snprintf(params, sizeof(params),
		 "{'process':'@','want':['diff','steps'],%s}", rest);
	result = fixture_result(fx, method, params);
	is = snapshot_has(result, wanted);
	json_decref(result);
	seq = (unsigned)world_seq(fixture_world(fx, 0));
	snprintf(params, sizeof(params),
		 "{'process':'@','seq':%u,'want':['diff']}", seq);
	result = fixture_result(fx, "history.at", params);
	is = snapshot_has(result, wanted) && is;
	json_decref(result);
	return between(fx, seq - 1, seq, wanted) && is;
}

/* A call and what it does, or two states and what is between them. */
struct line {
	unsigned from, to;
	const char *method, *rest; /* NULL: no call */
	const char *areas;
};

#define DOES(...)                                                              \
	{                                                                      \
		0, 0, __VA_ARGS__                                              \
	}
#define BETWEEN(from, to, areas)                                               \
	{                                                                      \
		from, to, NULL, NULL, areas                                    \
	}
#define MAP(at, pages, prot)                                                   \
	"mm.mmap", "'addr':'" at "','length':'" pages "','prot':" prot         \
		   ",'flags':'MAP_FIXED|MAP_PRIVATE|MAP_ANONYMOUS'"
#define UNMAP(at, pages) "mm.munmap", "'addr':'" at "','length':'" pages "'"
#define PROTECT(at, pages, prot)                                               \
	"mm.mprotect", "'addr':'" at "','length':'" pages "','prot':" prot
#define MOVE(from, pages, to)                                                  \
	"mm.mremap",                                                           \
		"'old_address':'" from "','old_size':'" pages                  \
		"','new_size':'" pages "','flags':3,'new_address':'" to "'"

/* Those that give the same numbers. */
static const char *const profiles[] = { "4.0", "5.10", "6.1" };

enum {
	NR_PROFILES = sizeof(profiles) / sizeof(profiles[0])
};

/* One area of eight pages, number 1. */
static void begin(struct rpc_fixture *fx, const char *profile)
{
	char params[128];

	fixture_init(fx, 1, &sliced);
	snprintf(params, sizeof(params),
		 "{'profile':'%s','maps':'10000000-10008000 rw-p 0',"
		 "'want':[]}",
		 profile);
	json_decref(fixture_create(fx, params));
}

static bool line_holds(struct rpc_fixture *fx, const struct line *line)
{
	if (line->method)
		return does(fx, line->method, line->rest, line->areas);
	return between(fx, line->from, line->to, line->areas);
}

/* One line after the other, in one world. */
static void tell(const char *profile, const struct line *lines)
{
	struct rpc_fixture fx;

	begin(&fx, profile);
	for (; lines->areas; lines++)
		CU_ASSERT(line_holds(&fx, lines));
	fixture_deinit(&fx);
}

static void tell_each(const struct line *lines)
{
	size_t i;

	for (i = 0; i < NR_PROFILES; i++)
		tell(profiles[i], lines);
}

static void what_is_replaced_is_not_renamed(void)
{
	static const struct line lines[] = {
		DOES(MAP("0x10000000", "0x8000", "1"), "removed 1, added 2"),
		DOES(UNMAP("0x10000000", "0x8000"), "removed 2"),
		DOES(MAP("0x10000000", "0x8000", "1"), "added 3"),
		BETWEEN(1, 3, "removed 2, added 3"),
		BETWEEN(3, 1, "added 2, removed 3"),
		BETWEEN(0, 3, "removed 1, added 3"),
		{ 0 },
	};

	tell_each(lines);
}

static void a_hole_is_filled_by_something_new(void)
{
	static const struct line lines[] = {
		/* What is above the hole may get a number before the filling. */
		DOES(MAP("0x10002000", "0x1000", "1"),
		     "changed 1, added 2 of 1, added 4"),
		BETWEEN(1, 0, "changed 1, removed 2 of 1, removed 4"),
		{ 0 },
	};

	tell_each(lines);
}

static void a_neighbour_that_grows_over_it_did_not_take_it_over(void)
{
	static const struct line lines[] = {
		DOES(MAP("0x10008000", "0x2000", "1"), "added 2"),
		/* Unmapped first: what comes there is part of the first. */
		DOES(MAP("0x10008000", "0x2000", "3"), "changed 1, removed 2"),
		BETWEEN(2, 1, "changed 1, added 2"),
		{ 0 },
	};

	tell_each(lines);
}

static void equal_neighbours_are_taken_over(void)
{
	static const struct line lines[] = {
		DOES(MAP("0x10008000", "0x2000", "1"), "added 2"),
		DOES(PROTECT("0x10008000", "0x2000", "3"),
		     "changed 1, removed 2 of 1"),
		BETWEEN(2, 1, "changed 1, added 2 of 1"),
		/* The heir's end is the end of both. */
		DOES(UNMAP("0x10000000", "0xa000"), "removed 1"),
		BETWEEN(1, 3, "removed 1, removed 2"),
		BETWEEN(3, 1, "added 1, added 2"),
		{ 0 },
	};

	tell_each(lines);
}

/* The middle of three goes to the first, and the last with it. */
static void two_are_taken_over_at_once(void)
{
	static const struct line lines[] = {
		DOES(MAP("0x10008000", "0x2000", "1"), "added 2"),
		DOES(MAP("0x1000a000", "0x2000", "3"), "added 3"),
		DOES(PROTECT("0x10008000", "0x2000", "3"),
		     "changed 1, removed 2 of 1, removed 3 of 1"),
		{ 0 },
	};

	tell_each(lines);
}

static void a_piece_of_a_piece_is_of_what_was_there(void)
{
	static const struct line lines[] = {
		DOES(UNMAP("0x10001000", "0x1000"), "changed 1, added 2 of 1"),
		DOES(UNMAP("0x10004000", "0x1000"), "changed 2, added 4 of 2"),
		/* The piece in between is gone: it cannot be asked. */
		DOES(UNMAP("0x10002000", "0x2000"), "removed 2"),
		BETWEEN(0, 3, "changed 1, added 4 of 1"),
		BETWEEN(3, 0, "changed 1, removed 4 of 1"),
		{ 0 },
	};

	tell_each(lines);
}

static void a_piece_of_something_new_is_new(void)
{
	static const struct line lines[] = {
		DOES(UNMAP("0x10000000", "0x8000"), "removed 1"),
		DOES(MAP("0x10000000", "0x8000", "3"), "added 2"),
		DOES(UNMAP("0x10004000", "0x1000"), "changed 2, added 3 of 2"),
		BETWEEN(0, 3, "removed 1, added 2, added 3"),
		{ 0 },
	};

	tell_each(lines);
}

/* From 6.12 on the part that is unmapped keeps the number. */
static void what_stays_may_be_new_on_both_sides(void)
{
	static const struct line lines[] = {
		DOES(UNMAP("0x10001000", "0x1000"),
		     "removed 1, added 2 of 1, added 3 of 1"),
		DOES(MAP("0x10001000", "0x1000", "3"),
		     "changed 2, removed 3 of 2"),
		BETWEEN(0, 2, "removed 1, added 2 of 1"),
		BETWEEN(2, 0, "added 1, removed 2 of 1"),
		DOES(MAP("0x10000000", "0x8000", "1"), "removed 2, added 4"),
		{ 0 },
	};

	tell("6.12", lines);
}

/* Its new place is a new area; what stays behind is a piece. */
static void what_moves_leaves_pieces(void)
{
	static const struct line lines[] = {
		DOES(MOVE("0x10000000", "0x8000", "0x20000000"),
		     "removed 1, added 2"),
		DOES(MOVE("0x20000000", "0x8000", "0x10000000"),
		     "removed 2, added 3"),
		BETWEEN(0, 2, "removed 1, added 3"),
		{ 0 },
	};

	tell_each(lines);
}

#define ON_EACH_PROFILE(fx)                                                    \
	for (size_t p_ = 0;                                                    \
	     p_ < NR_PROFILES && (begin(fx, profiles[p_]), true);              \
	     fixture_deinit(fx), p_++)

static bool rewinds(struct rpc_fixture *fx, unsigned seq, const char *wanted)
{
	char params[64];
	json_t *result;
	bool is;

	snprintf(params, sizeof(params),
		 "{'process':'@','seq':%u,'want':['diff']}", seq);
	result = fixture_result(fx, "history.rewind", params);
	is = snapshot_has(result, wanted);
	json_decref(result);
	return is;
}

/* Numbers are given again after an undoing, and mean something else. */
static void an_undoing_tells_it_backwards(void)
{
	struct rpc_fixture fx;

	ON_EACH_PROFILE(&fx)
	{
		CU_ASSERT(does(&fx, UNMAP("0x10001000", "0x1000"),
			       "changed 1, added 2 of 1"));
		CU_ASSERT(does(&fx, MAP("0x10001000", "0x1000", "3"),
			       "changed 1, removed 2 of 1"));
		CU_ASSERT(rewinds(&fx, 1, "changed 1, added 2 of 1"));
		CU_ASSERT(rewinds(&fx, 0, "changed 1, removed 2 of 1"));
		CU_ASSERT(
			does(&fx, MAP("0x30000000", "0x1000", "1"), "added 2"));
		CU_ASSERT(between(&fx, 0, 1, "added 2"));
	}
}

/* @ is the parent again afterwards. */
static bool child_unmaps(struct rpc_fixture *fx, const char *fork,
			 const char *wanted)
{
	char parent[PROCESS_NAME_LEN + 1];
	json_t *result;
	bool is;

	memcpy(parent, fx->process, sizeof(parent));
	result = fixture_result(fx, "process.fork", fork);
	fixture_turn_to(fx,
			json_string_value(json_object_get(result, "process")));
	json_decref(result);
	is = does(fx, UNMAP("0x10001000", "0x1000"), wanted);
	memcpy(fx->process, parent, sizeof(parent));
	return is;
}

/* The child's areas have the parent's numbers, and are others. */
static void other_address_spaces_are_not_heard(void)
{
	struct rpc_fixture fx;

	ON_EACH_PROFILE(&fx)
	{
		CU_ASSERT(
			child_unmaps(&fx, "['@']", "changed 1, added 2 of 1"));
		CU_ASSERT(
			does(&fx, MAP("0x30000000", "0x1000", "1"), "added 2"));
		CU_ASSERT(between(&fx, 1, 3, "added 2"));
	}
}

/* Those that share one are heard. */
static void another_process_may_split_what_both_have(void)
{
	struct rpc_fixture fx;

	ON_EACH_PROFILE(&fx)
	{
		CU_ASSERT(child_unmaps(&fx, "{'process':'@','vm':true}",
				       "changed 1, added 2 of 1"));
		CU_ASSERT(between(&fx, 0, 2, "changed 1, added 2 of 1"));
	}
}

/* More operations than one turn carries out, from a copy of the first state; a turn
 * is the body's, and one writes. */
static void many_operations_take_turns(void)
{
	struct rpc_fixture fx;
	unsigned i;

	begin(&fx, "4.0");
	CU_ASSERT(does(&fx, UNMAP("0x10001000", "0x1000"),
		       "changed 1, added 2 of 1"));
	for (i = 0; i < 500; i++)
		json_decref(fixture_result(
			&fx, "mm.brk", "{'process':'@','addr':0,'want':[]}"));
	CU_ASSERT(between(&fx, 0, 501, "changed 1, added 2 of 1"));
	CU_ASSERT_EQUAL(fx.yields, 1 + 2 + 1 + 501 / SLICE);
	CU_ASSERT(between(&fx, 501, 0, "changed 1, removed 2 of 1"));
	fixture_deinit(&fx);
}

/* Many areas, too: whatever is in the answer stays in its order. */
static void many_areas_take_turns(void)
{
	struct rpc_fixture fx;
	json_t *result, *areas, *nodes;
	char params[160];
	size_t i;

	begin(&fx, "4.0");
	for (i = 0; i < 1500; i++) {
		snprintf(params, sizeof(params),
			 "{'process':'@','addr':%zu,'length':4096,'prot':1,"
			 "'flags':50,'want':[]}",
			 0x20000000 + i * 8192);
		json_decref(fixture_result(&fx, "mm.mmap", params));
	}
	result = fixture_result(&fx, "history.diff", "['@',0]");
	CU_ASSERT(fx.yields > 1500 / SLICE + 2);
	areas = json_object_get(json_object_get(result, "diff"), "areas");
	CU_ASSERT_EQUAL(json_array_size(areas), 1500);
	for (i = 0; i < json_array_size(areas); i++)
		CU_ASSERT_EQUAL(json_integer_value(json_object_get(
					json_array_get(areas, i), "id")),
				(json_int_t)i + 2);
	nodes = json_object_get(
		json_object_get(json_object_get(result, "diff"), "rbtree"),
		"nodes");
	CU_ASSERT_EQUAL(json_array_size(nodes), 1);
	json_decref(result);
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_lineage[] = {
	{ "what is replaced is not renamed", what_is_replaced_is_not_renamed },
	{ "a hole is filled by something new",
	  a_hole_is_filled_by_something_new },
	{ "a neighbour that grows over it did not take it over",
	  a_neighbour_that_grows_over_it_did_not_take_it_over },
	{ "equal neighbours are taken over", equal_neighbours_are_taken_over },
	{ "two are taken over at once", two_are_taken_over_at_once },
	{ "a piece of a piece is of what was there",
	  a_piece_of_a_piece_is_of_what_was_there },
	{ "a piece of something new is new", a_piece_of_something_new_is_new },
	{ "what stays may be new on both sides",
	  what_stays_may_be_new_on_both_sides },
	{ "what moves leaves pieces", what_moves_leaves_pieces },
	{ "an undoing tells it backwards", an_undoing_tells_it_backwards },
	{ "other address spaces are not heard",
	  other_address_spaces_are_not_heard },
	{ "another process may split what both have",
	  another_process_may_split_what_both_have },
	{ "many operations take turns", many_operations_take_turns },
	{ "many areas take turns", many_areas_take_turns },
	CU_TEST_INFO_NULL,
};
