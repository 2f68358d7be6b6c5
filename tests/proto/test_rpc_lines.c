/* SPDX-License-Identifier: MIT */
/*
 * Who goes when, of those who wait for a world that is kept still: its owner and
 * guests, who came by a share, take turns, and so do the guests
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/proto/slow_job.h"
#include "tests/support/suite.h"

enum {
	AREAS = 64,
	TURNS = 1000, /* more than any call takes */
	MANY = 100,
	WALKS = 8,
	WALK_JOBS = 200,
};

/* Who comes: the world's owner, or a guest with a token or without one. */
enum who {
	OWNER = 'o',
	BOB = 'b',
	EVE = 'e',
	NOBODY = '.',
};

#define LONG FIXTURE_CALL("1", "mm.snapshot", ",'want':['vmas','pagetable']")
#define BRK  FIXTURE_CALL("2", "mm.brk", ",'addr':0,'want':[]")

/* A world, its own name and a share of it. */
struct scene {
	struct rpc_fixture fx;
	char own[PROCESS_NAME_LEN + 1], share[PROCESS_NAME_LEN + 1];
};

static void scene_init(struct scene *scene)
{
	const struct rpc_quotas quotas = rpc_limits_quotas(NULL);
	struct rpc_fixture *fx = &scene->fx;
	json_t *result;

	fixture_init_clients(fx, 1, &quotas);
	fx->caller = (struct rpc_caller){ 0 };
	fx->services[0]->limits.reads_per_slice = SLOW_READS;
	json_decref(fixture_create(fx, "{'want':[]}"));
	slow_areas_make(fx, AREAS);
	memcpy(scene->own, fx->process, sizeof(scene->own));
	result = fixture_result(fx, "process.share", "['@']");
	snprintf(scene->share, sizeof(scene->share), "%s",
		 json_string_value(json_object_get(result, "share")));
	json_decref(result);
}

/* Nobody waits, and nothing is kept. */
static void scene_deinit(struct scene *scene)
{
	fixture_turn_to(&scene->fx, scene->own);
	CU_ASSERT_PTR_NULL(world_note(fixture_world(&scene->fx, 0)));
	fixture_deinit(&scene->fx);
}

static void job_init(struct scene *scene, struct slow_job *slow, enum who who,
		     const char *body)
{
	fixture_turn_to(&scene->fx, who == OWNER ? scene->own : scene->share);
	slow_job_init(&scene->fx, slow, body);
	slow->job.caller.client = who == BOB ? 1 : who == EVE ? 2 : 0;
}

/* It comes, and asks until it is in line, or as often as that takes. */
static void come(struct scene *scene, struct slow_job *slow, enum who who,
		 const char *body)
{
	job_init(scene, slow, who, body);
	CU_ASSERT_TRUE(slow_job_turn(&scene->fx, slow));
	CU_ASSERT_TRUE(slow_job_turn(&scene->fx, slow));
}

static void come_to_wait(struct scene *scene, struct slow_job *slow,
			 enum who who, const char *body)
{
	come(scene, slow, who, body);
	CU_ASSERT_PTR_NULL(slow->job.held);
	CU_ASSERT_PTR_NOT_NULL(slow->job.place.line);
}

static void come_to_begin(struct scene *scene, struct slow_job *slow,
			  enum who who)
{
	come(scene, slow, who, LONG);
	CU_ASSERT_PTR_NOT_NULL(slow->job.held);
}

/* Whoever has a turn ends without the others. */
static void end(struct scene *scene, struct slow_job *slow)
{
	unsigned turns;
	json_t *answer;

	for (turns = 0; slow_job_turn(&scene->fx, slow); turns++)
		CU_ASSERT_TRUE_FATAL(turns < TURNS);
	answer = json_loadb(slow->answer.data, slow->answer.len, 0, NULL);
	CU_ASSERT_PTR_NOT_NULL(json_object_get(answer, "result"));
	json_decref(answer);
	slow_job_deinit(slow);
}

/* Of those who wait, only the one with that number goes when asked, and is done
 * before the others are asked again. */
static void goes_next(struct scene *scene, struct slow_job *jobs, size_t nr,
		      size_t next)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		if (i == next || !jobs[i].body)
			continue;
		CU_ASSERT_TRUE(slow_job_turn(&scene->fx, &jobs[i]));
		CU_ASSERT_PTR_NULL(jobs[i].job.held);
		CU_ASSERT_PTR_NOT_NULL(jobs[i].job.place.line);
	}
	end(scene, &jobs[next]);
	jobs[next].body = NULL;
}

/* Those of a text come: the owner to change it, guests to look. */
static void all_come(struct scene *scene, struct slow_job *jobs,
		     const char *whos)
{
	size_t i;

	for (i = 0; whos[i]; i++)
		come_to_wait(scene, &jobs[i], whos[i],
			     whos[i] == OWNER ? BRK : LONG);
}

/* While a guest reads, those come, and go in that order: digits. */
static void go_in_order(const char *whos, const char *order)
{
	struct slow_job reader, jobs[10];
	struct scene scene;
	size_t i;

	scene_init(&scene);
	come_to_begin(&scene, &reader, BOB);
	all_come(&scene, jobs, whos);
	end(&scene, &reader);
	for (i = 0; order[i]; i++)
		goes_next(&scene, jobs, strlen(whos), order[i] - '0');
	CU_ASSERT_EQUAL(i, strlen(whos));
	scene_deinit(&scene);
}

static void the_owner_goes_before_guests(void)
{
	go_in_order("beeo", "3012");
}

static void the_owner_and_guests_take_turns(void)
{
	go_in_order("bbeooo", "304251");
	go_in_order("oooobe", "041523");
}

static void calls_of_the_owner_keep_their_order(void)
{
	go_in_order("oooo", "0123");
}

static void guests_take_turns_by_client(void)
{
	go_in_order("bbbbe", "04123");
	go_in_order("bbbee", "03142");
}

/* Nobody can tell them apart: none is one client. */
static void guests_without_a_token_are_one_each(void)
{
	go_in_order("....e", "01234");
	go_in_order("bb..e", "02341");
}

/* Who has gone and comes again is behind all who have had less. */
static void who_comes_again_is_behind_those_who_wait(void)
{
	struct slow_job reader, jobs[4];
	struct scene scene;

	scene_init(&scene);
	come_to_begin(&scene, &reader, BOB);
	all_come(&scene, jobs, "eee");
	end(&scene, &reader);
	come_to_wait(&scene, &jobs[3], BOB, LONG);
	goes_next(&scene, jobs, 4, 0);
	come_to_wait(&scene, &jobs[0], BOB, LONG);
	goes_next(&scene, jobs, 4, 3);
	goes_next(&scene, jobs, 4, 1);
	goes_next(&scene, jobs, 4, 0);
	goes_next(&scene, jobs, 4, 2);
	scene_deinit(&scene);
}

/* The owner reads beside a guest, and more than one call at a time. */
static void one_guest_at_a_time_keeps_it_still(void)
{
	struct slow_job reader, guest, own, second;
	struct scene scene;

	scene_init(&scene);
	come_to_begin(&scene, &reader, BOB);
	come_to_wait(&scene, &guest, EVE, LONG);
	come_to_begin(&scene, &own, OWNER);
	come_to_begin(&scene, &second, OWNER);
	end(&scene, &reader);
	CU_ASSERT_TRUE(slow_job_turn(&scene.fx, &guest));
	CU_ASSERT_PTR_NOT_NULL(guest.job.held);
	end(&scene, &own);
	end(&scene, &guest);
	end(&scene, &second);
	scene_deinit(&scene);
}

static void short_looks_of_guests_never_wait(void)
{
	struct slow_job reader, change, look;
	struct scene scene;

	scene_init(&scene);
	come_to_begin(&scene, &reader, BOB);
	come_to_wait(&scene, &change, OWNER, BRK);
	job_init(&scene, &look, EVE,
		 FIXTURE_CALL("1", "mm.status", ",'want':['mm']"));
	CU_ASSERT_FALSE(slow_job_turn(&scene.fx, &look));
	slow_job_deinit(&look);
	end(&scene, &reader);
	end(&scene, &change);
	scene_deinit(&scene);
}

/* The others keep their places, wherever it stood. */
static void who_is_cut_off_leaves_the_line(void)
{
	static const char *const orders[] = { "123", "023", "013", "012" };
	struct slow_job reader, jobs[4];
	struct scene scene;
	json_t *answer;
	size_t i, at;

	for (i = 0; i < 4; i++) {
		scene_init(&scene);
		come_to_begin(&scene, &reader, BOB);
		all_come(&scene, jobs, "b.eb");
		rpc_job_curtail(&jobs[i].job);
		answer = slow_job_answer(&scene.fx, &jobs[i]);
		CU_ASSERT_PTR_NOT_NULL(json_object_get(answer, "error"));
		json_decref(answer);
		jobs[i].body = NULL;
		end(&scene, &reader);
		for (at = 0; at < 3; at++)
			goes_next(&scene, jobs, 4, orders[i][at] - '0');
		scene_deinit(&scene);
	}
}

/* Those who wait with a share that is taken back hear so in their turn. */
static void guests_of_an_ended_share_hear_so(void)
{
	struct slow_job reader, leaver, guests[2];
	struct scene scene;
	char body[200];
	json_t *answer;
	size_t i;

	scene_init(&scene);
	come_to_begin(&scene, &reader, BOB);
	for (i = 0; i < 2; i++)
		come_to_wait(&scene, &guests[i], EVE, LONG);
	snprintf(body, sizeof(body),
		 FIXTURE_CALL("2", "process.unshare", ",'share':'%s'"),
		 scene.share);
	come_to_wait(&scene, &leaver, OWNER, body);
	end(&scene, &reader);
	end(&scene, &leaver);
	for (i = 0; i < 2; i++) {
		answer = slow_job_answer(&scene.fx, &guests[i]);
		CU_ASSERT_TRUE(
			is_error(answer, -32002, "process.gone", "process"));
		json_decref(answer);
	}
	scene_deinit(&scene);
}

/* All who are not done are asked once: how many are now. */
static unsigned ask_all(struct scene *scene, struct slow_job *jobs, size_t nr)
{
	unsigned ended = 0;
	size_t i;

	for (i = 0; i < nr; i++) {
		if (!jobs[i].body || slow_job_turn(&scene->fx, &jobs[i]))
			continue;
		slow_job_deinit(&jobs[i]);
		jobs[i].body = NULL;
		ended++;
	}
	return ended;
}

/* How many guests' calls end until the owner's change, which comes behind them,
 * has been carried out. */
static unsigned end_before_owner(struct scene *scene, struct slow_job *guests,
				 size_t nr)
{
	struct slow_job owner;
	unsigned ended = 0, turns = 0;

	job_init(scene, &owner, OWNER, BRK);
	while (slow_job_turn(&scene->fx, &owner)) {
		ended += ask_all(scene, guests, nr);
		CU_ASSERT_TRUE_FATAL(turns++ < TURNS);
	}
	slow_job_deinit(&owner);
	return ended;
}

static void many_guests_hold_up_the_owner_by_one_call(void)
{
	static struct slow_job guests[MANY];
	struct scene scene;
	unsigned ended, turns;
	size_t i;

	scene_init(&scene);
	for (i = 0; i < MANY; i++)
		come(&scene, &guests[i], i % 3 ? NOBODY : BOB, LONG);
	ended = end_before_owner(&scene, guests, MANY);
	CU_ASSERT_EQUAL(ended, 1);
	ended += end_before_owner(&scene, guests, MANY);
	CU_ASSERT_EQUAL(ended, 2);
	for (turns = 0; ended < MANY; turns++) {
		CU_ASSERT_TRUE_FATAL(turns < MANY * TURNS);
		ended += ask_all(&scene, guests, MANY);
	}
	scene_deinit(&scene);
}

/* -------------------------------------------------------------- any order */

struct walk {
	struct scene scene;
	struct slow_job jobs[WALK_JOBS];
	enum who who[WALK_JOBS];
	size_t came, ended;
};

static uint32_t draw(struct walk *walk, uint32_t below)
{
	walk->scene.fx.random = walk->scene.fx.random * 1664525u + 1013904223u;
	return (walk->scene.fx.random >> 8) % below;
}

static void one_comes(struct walk *walk)
{
	static const enum who whos[] = { OWNER, OWNER, BOB, EVE, NOBODY };
	const enum who who = whos[draw(walk, 5)];
	const size_t i = walk->came++;

	walk->who[i] = who;
	job_init(&walk->scene, &walk->jobs[i], who,
		 who == OWNER && draw(walk, 2) ? BRK : LONG);
}

/* At most one guest's call is under way. */
static void judge(const struct walk *walk)
{
	unsigned guests = 0;
	size_t i;

	for (i = 0; i < walk->came; i++)
		guests += walk->jobs[i].body && walk->jobs[i].job.held &&
			  walk->who[i] != OWNER;
	CU_ASSERT_TRUE(guests <= 1);
}

static void one_is_asked(struct walk *walk)
{
	const size_t i = draw(walk, (uint32_t)walk->came);
	struct slow_job *slow = &walk->jobs[i];

	if (!slow->body)
		return;
	if (!draw(walk, 64))
		rpc_job_curtail(&slow->job);
	if (slow_job_turn(&walk->scene.fx, slow))
		return;
	slow_job_deinit(slow);
	slow->body = NULL;
	walk->ended++;
}

static void whoever_waits_has_a_turn_at_last(void)
{
	static struct walk walk;
	unsigned seed, turns;

	for (seed = 1; seed <= WALKS; seed++) {
		walk = (struct walk){ .came = 0 };
		scene_init(&walk.scene);
		walk.scene.fx.random = seed;
		for (turns = 0; walk.ended < WALK_JOBS; turns++) {
			if (walk.came < WALK_JOBS && !draw(&walk, 4))
				one_comes(&walk);
			if (walk.came)
				one_is_asked(&walk);
			judge(&walk);
			CU_ASSERT_TRUE_FATAL(turns < 1000 * WALK_JOBS);
		}
		scene_deinit(&walk.scene);
	}
}

CU_TestInfo test_rpc_lines[] = {
	{ "the owner goes before guests", the_owner_goes_before_guests },
	{ "the owner and guests take turns", the_owner_and_guests_take_turns },
	{ "calls of the owner keep their order",
	  calls_of_the_owner_keep_their_order },
	{ "guests take turns by client", guests_take_turns_by_client },
	{ "guests without a token are one each",
	  guests_without_a_token_are_one_each },
	{ "who comes again is behind those who wait",
	  who_comes_again_is_behind_those_who_wait },
	{ "one guest at a time keeps it still",
	  one_guest_at_a_time_keeps_it_still },
	{ "short looks of guests never wait",
	  short_looks_of_guests_never_wait },
	{ "who is cut off leaves the line", who_is_cut_off_leaves_the_line },
	{ "guests of an ended share hear so",
	  guests_of_an_ended_share_hear_so },
	{ "many guests hold up the owner by one call",
	  many_guests_hold_up_the_owner_by_one_call },
	{ "whoever waits has a turn at last",
	  whoever_waits_has_a_turn_at_last },
	CU_TEST_INFO_NULL,
};
