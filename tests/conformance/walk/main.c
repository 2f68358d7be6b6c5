/* SPDX-License-Identifier: MIT */
/*
 * vmarium-walk: the kernel that runs us beside the engine
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "tests/conformance/walk/init.h"
#include "tests/conformance/walk/known.h"
#include "tests/conformance/walk/next_call.h"
#include "tests/conformance/walk/options.h"
#include "tests/conformance/walk/record.h"
#include "tests/conformance/walk/report.h"
#include "tests/conformance/walk/run.h"

#define NOBODY 65534

#define EXIT_SKIPPED 77 /* to CTest, a test that could not be made */

/* Where kernels are built to let programs begin. */
#define LOWEST_ADDRESS 0x10000

struct session {
	struct options options;
	struct utsname kernel;
	struct kernel_version version;
	const struct kernel_profile *profile;
	bool is_covered; /* the profile is the running kernel's */
	struct report report;
	uint64_t steps, runs, refusals;
	bool is_forbidden; /* ptrace is */
};

static void find_profile(struct session *session)
{
	const struct kernel_profile *own;
	char name[32];
	size_t i = 0;

	uname(&session->kernel);
	session->version = kernel_version_parse(session->kernel.release);
	snprintf(name, sizeof(name), "%u.%u", session->version.major,
		 session->version.minor);
	own = kernel_profile_find(name, strlen(name));
	session->profile = session->options.profile;
	if (!session->profile)
		session->profile = own;
	if (!session->profile)
		while (kernel_profile_at(i))
			session->profile = kernel_profile_at(i++);
	session->is_covered = session->profile == own;
}

/* Odd seeds belong to nobody, even ones to root, if that is us. */
static struct walk make_walk(const struct session *session,
			     const struct mix *mix, uint64_t seed)
{
	struct walk walk = {
		.mix = mix,
		.profile = session->profile,
		.is_commit_judged = init_is_us() && mix->overcommit_memory == 2,
		.is_covered = session->is_covered,
	};

	walk.setup.limits = mix->limits;
	walk.setup.uid = geteuid();
	if (!walk.setup.uid && (mix->nobody || seed % 2))
		walk.setup.uid = NOBODY;
	return walk;
}

static struct dice make_dice(const struct mix *mix, uint64_t seed)
{
	struct dice dice = { seed };
	const char *letter;

	for (letter = mix->name; *letter; letter++)
		dice.state = dice.state * 257 + (unsigned char)*letter;
	return dice;
}

/*
 * Below what no program may map, two settings rule, of which the smaller shows.
 * Where that was lowered, calls in between prove nothing.
 */
static bool is_unclear(const struct run *run, const struct call *call)
{
	uint64_t from = run->machine.sysctl.mmap_min_addr;

	return call->kind == CALL_MMAP && call->args[0] < LOWEST_ADDRESS &&
	       from < LOWEST_ADDRESS && call->args[0];
}

/* A step, written down where that is wanted. */
static enum run_status step(struct run *run, const struct walk *walk,
			    struct dice *dice, struct call_list *list,
			    struct record *record)
{
	struct call *call = &list->calls[list->nr++];
	enum run_status status;

	do
		next_call(walk->mix, dice, &run->tracee,
			  (const struct view *const *)run->kernel, call);
	while (is_unclear(run, call));
	status = run_step(run, walk, call);
	if (record && status < RUN_REFUSED)
		record_step(record, run, call);
	return status;
}

static FILE *open_record(const struct session *session)
{
	FILE *file;

	if (!session->options.record || session->runs)
		return NULL;
	file = fopen(session->options.record, "we");
	if (!file)
		perror(session->options.record);
	return file;
}

static enum run_status walk_once(struct session *session,
				 const struct walk *walk, uint64_t seed,
				 struct call_list *list, struct run *run)
{
	uint64_t left = session->options.steps - session->steps;
	uint64_t end = session->options.steps_per_run;
	struct dice dice = make_dice(walk->mix, seed);
	FILE *file = open_record(session);
	enum run_status status;
	struct record record;

	status = run_begin(run, walk);
	if (file && status == RUN_SAME)
		record_begin(&record, file, run, walk, seed);
	while (status == RUN_SAME && list->nr < end && list->nr < left)
		status = step(run, walk, &dice, list, file ? &record : NULL);
	session->steps += list->nr;
	session->runs++;
	if (file && list->nr)
		record_end(&record);
	if (file)
		fclose(file);
	return status;
}

/* Answers whether to go on. */
static bool walk_and_report(struct session *session, const struct mix *mix,
			    uint64_t seed, struct call_list *list)
{
	struct walk walk = make_walk(session, mix, seed);
	enum run_status status;
	const char *kind;
	struct run run;

	if (init_is_us())
		init_prepare(mix);
	list->nr = 0;
	status = walk_once(session, &walk, seed, list, &run);
	run_end(&run);
	session->refusals += status == RUN_REFUSED;
	session->is_forbidden = status == RUN_FORBIDDEN;
	if (status != RUN_DIFFERENT)
		return status < RUN_FORBIDDEN;
	kind = run.difference.kind;
	report_add(&session->report, &walk, seed, list, kind,
		   known_reason(&session->version, kind));
	return !session->options.strict;
}

/* Mixes of a walk that names none. The last one is only made by name. */
static size_t nr_mixes(void)
{
	size_t nr = 0;

	while (mix_at(nr))
		nr++;
	return nr - 1;
}

static const struct mix *mix_of_turn(const struct session *session,
				     uint64_t turn)
{
	if (session->options.mix)
		return session->options.mix;
	return mix_at(turn % nr_mixes());
}

static uint64_t seed_of_turn(const struct session *session, uint64_t turn)
{
	if (session->options.mix)
		return session->options.seed + turn;
	return session->options.seed + turn / nr_mixes();
}

static bool walk_all(struct session *session)
{
	struct call_list list = {
		calloc(session->options.steps_per_run, sizeof(struct call)), 0
	};
	bool is_whole = list.calls;
	uint64_t turn;

	for (turn = 0; is_whole && session->steps < session->options.steps;
	     turn++)
		is_whole = walk_and_report(session, mix_of_turn(session, turn),
					   seed_of_turn(session, turn), &list);
	free(list.calls);
	return is_whole;
}

static int conclude(const struct session *session, bool is_whole,
		    double seconds)
{
	uint64_t all = report_count(&session->report, true);
	uint64_t unknown = report_count(&session->report, false);

	report_print(stdout, &session->report);
	printf("%s%" PRIu64 " steps of %" PRIu64 " processes in %.1f s, Linux "
	       "%s beside profile %s: %" PRIu64 " differences, %" PRIu64
	       " of them known\n",
	       all ? "\n" : "", session->steps, session->runs, seconds,
	       session->kernel.release, session->profile->name, all,
	       all - unknown);
	if (session->refusals)
		printf("%" PRIu64 " processes ended early, as the engine "
		       "declined a call that might need more memory than the "
		       "machine has\n",
		       session->refusals);
	if (!session->is_covered)
		printf("no profile covers this release: differences are "
		       "listed, and count only with --strict\n");
	if (session->options.strict)
		return all ? 1 : is_whole ? 0 : 2;
	if (!is_whole)
		return session->is_covered ? 2 : EXIT_SKIPPED;
	return session->is_covered && unknown;
}

static int walk(int argc, char **argv)
{
	static struct session session;
	struct timespec from, to;
	bool is_whole;
	int status;

	switch (options_parse(&session.options, argc, argv)) {
	case OPTIONS_DONE:
		return 0;
	case OPTIONS_WRONG:
		return 2;
	default:
		break;
	}
	find_profile(&session);
	clock_gettime(CLOCK_MONOTONIC, &from);
	is_whole = walk_all(&session);
	if (session.is_forbidden)
		return EXIT_SKIPPED;
	clock_gettime(CLOCK_MONOTONIC, &to);
	status = conclude(&session, is_whole,
			  (double)(to.tv_sec - from.tv_sec) +
				  (double)(to.tv_nsec - from.tv_nsec) / 1e9);
	report_free(&session.report);
	return status;
}

int main(int argc, char **argv)
{
	int status;

	if (!init_is_us())
		return walk(argc, argv);
	init_begin();
	status = walk(argc, argv);
	init_end(status);
}
