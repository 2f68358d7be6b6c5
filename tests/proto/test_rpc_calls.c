/* SPDX-License-Identifier: MIT */
/*
 * Every emulated call, from its parameters to its result
 */
#include <stdio.h>
#include <string.h>

#include "tests/proto/rpc_fixture.h"
#include "tests/support/suite.h"

/* What one area looks like: perms, flags and name, or null. */
static json_t *area_at(struct rpc_fixture *fx, const char *start)
{
	json_t *result = fixture_result(fx, "mm.snapshot", "['@',1,['vmas']]");
	json_t *found = NULL, *vma;
	size_t i;

	json_array_foreach(
		json_object_get(json_object_get(result, "snapshot"), "vmas"), i,
		vma)
		if (!strcmp(json_string_value(json_object_get(vma, "start")),
			    start))
			found = json_incref(vma);
	json_decref(result);
	return found;
}

static bool area_has(struct rpc_fixture *fx, const char *start,
		     const char *member, const char *wanted)
{
	json_t *vma = area_at(fx, start);
	bool has = is_json(json_object_get(vma, member), wanted);

	json_decref(vma);
	return has;
}

static bool has_code(struct rpc_fixture *fx, const char *start,
		     const char *code)
{
	json_t *vma = area_at(fx, start), *one;
	bool has = false;
	size_t i;

	json_array_foreach(json_object_get(vma, "flags"), i, one)
		has |= !strcmp(json_string_value(one), code);
	json_decref(vma);
	return has;
}

/* Three writable pages at 0x10000000. */
static void begin(struct rpc_fixture *fx, const char *setup)
{
	fixture_init(fx, 1, NULL);
	json_decref(fixture_create(fx, setup));
	CU_ASSERT(result_is(fx, "mm.mmap",
			    "['@','0x10000000',12288,3,50,-1,0,1,[]]",
			    "{'ret':'0x10000000'}"));
}

static void mprotect_changes_what_may_be_done(void)
{
	struct rpc_fixture fx;

	begin(&fx, "{}");
	CU_ASSERT(result_is(&fx, "mm.mprotect",
			    "['@','0x10001000',1,'PROT_READ',1,[]]",
			    "{'ret':0}"));
	CU_ASSERT(area_has(&fx, "0x10000000", "perms", "'rw-p'"));
	CU_ASSERT(area_has(&fx, "0x10001000", "perms", "'r--p'"));
	CU_ASSERT(area_has(&fx, "0x10002000", "perms", "'rw-p'"));
	CU_ASSERT(result_is(&fx, "mm.mprotect",
			    "['@','0x10003000',4096,0,1,[]]",
			    "{'ret':-12,'errno':'ENOMEM'}"));
	/* prot is an unsigned long, no int. */
	CU_ASSERT(result_is(&fx, "mm.mprotect",
			    "['@','0x10000000',4096,4294967297,1,[]]",
			    "{'ret':-22,'errno':'EINVAL'}"));
	fixture_deinit(&fx);
}

static void mremap_answers_an_address(void)
{
	struct rpc_fixture fx;

	begin(&fx, "{}");
	CU_ASSERT(result_is(&fx, "mm.mremap",
			    "['@','0x10000000',12288,16384,0,0,1,[]]",
			    "{'ret':'0x10000000'}"));
	CU_ASSERT(result_is(
		&fx, "mm.mremap",
		"{'process':'@','old_address':'0x10000000','old_size':16384,"
		"'new_size':4096,'flags':'MREMAP_MAYMOVE|MREMAP_FIXED',"
		"'new_address':'0x20000000','want':[]}",
		"{'ret':'0x20000000'}"));
	CU_ASSERT(area_has(&fx, "0x20000000", "end", "'0x20001000'"));
	CU_ASSERT(result_is(&fx, "mm.mremap",
			    "['@','0x10000000',4096,8192,0,0,1,[]]",
			    "{'ret':-14,'errno':'EFAULT'}"));
	/* DONTUNMAP is not 4.0's, nor is a bit beyond an int. */
	CU_ASSERT(result_is(&fx, "mm.mremap",
			    "['@','0x20000000',4096,4096,"
			    "'MREMAP_MAYMOVE|MREMAP_DONTUNMAP',0,1,[]]",
			    "{'ret':-22,'errno':'EINVAL'}"));
	CU_ASSERT(result_is(&fx, "mm.mremap",
			    "['@','0x20000000',4096,4096,'0x100000000',0,1,[]]",
			    "{'ret':-22,'errno':'EINVAL'}"));
	fixture_deinit(&fx);
}

/* 4.0 does not look at an address where it has nothing to do. */
static void any_address_is_one(void)
{
	static const char *const addresses[] = {
		"0x7ffffffffffff000", "0x8000000000000000",
		"0x8000000000001000", "0xffff800000000000",
		"0xfffffffffffff000",
	};
	char params[80], wanted[40];
	struct rpc_fixture fx;
	size_t i;

	begin(&fx, "{}");
	for (i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		snprintf(params, sizeof(params),
			 "['@','%s',4096,4096,0,0,1,[]]", addresses[i]);
		snprintf(wanted, sizeof(wanted), "{'ret':'%s'}", addresses[i]);
		CU_ASSERT(result_is(&fx, "mm.mremap", params, wanted));
	}
	fixture_deinit(&fx);
}

static void locks_come_and_go(void)
{
	struct rpc_fixture fx;

	begin(&fx, "{'rlimits':{'memlock':1048576}}");
	CU_ASSERT(result_is(&fx, "mm.mlock", "['@','0x10001000',4096,1,[]]",
			    "{'ret':0}"));
	CU_ASSERT(has_code(&fx, "0x10001000", "lo"));
	CU_ASSERT(area_has(&fx, "0x10001000", "rss", "1"));
	CU_ASSERT(result_is(&fx, "mm.munlock", "['@','0x10001000',4096,1,[]]",
			    "{'ret':0}"));
	CU_ASSERT(!has_code(&fx, "0x10000000", "lo"));
	CU_ASSERT(result_is(&fx, "mm.mlockall", "['@','MCL_CURRENT',1,[]]",
			    "{'ret':0}"));
	CU_ASSERT(has_code(&fx, "0x10000000", "lo"));
	CU_ASSERT(result_is(&fx, "mm.munlockall", "['@',1,[]]", "{'ret':0}"));
	CU_ASSERT(!has_code(&fx, "0x10000000", "lo"));
	CU_ASSERT(result_is(&fx, "mm.mlockall", "['@',0,1,[]]",
			    "{'ret':-22,'errno':'EINVAL'}"));
	/* flags is an int: what is above is cut off. */
	CU_ASSERT(result_is(&fx, "mm.mlockall", "['@',4294967298,1,[]]",
			    "{'ret':0}"));
	CU_ASSERT(result_is(&fx, "mm.mlock2",
			    "['@','0x10000000',4096,'MLOCK_ONFAULT',1,[]]",
			    "{'ret':-38,'errno':'ENOSYS'}"));
	fixture_deinit(&fx);
}

static void later_calls_exist_where_they_do(void)
{
	struct rpc_fixture fx;

	begin(&fx, "{'profile':'6.12'}");
	CU_ASSERT(result_is(&fx, "mm.mlock2",
			    "['@','0x10000000',4096,'MLOCK_ONFAULT',1,[]]",
			    "{'ret':0}"));
	CU_ASSERT(area_has(&fx, "0x10000000", "rss", "0"));
	CU_ASSERT(result_is(&fx, "mm.mseal", "['@','0x10000000',12288,0,1,[]]",
			    "{'ret':0}"));
	CU_ASSERT(result_is(&fx, "mm.munmap", "['@','0x10000000',4096,1,[]]",
			    "{'ret':-1,'errno':'EPERM'}"));
	CU_ASSERT(result_is(&fx, "mm.mmap",
			    "['@','0x10000000',4096,'PROT_READ','MAP_PRIVATE|"
			    "MAP_ANONYMOUS|MAP_FIXED_NOREPLACE',-1,0,1,[]]",
			    "{'ret':-17,'errno':'EEXIST'}"));
	CU_ASSERT(result_is(
		&fx, "mm.mremap",
		"['@','0x7ffffffff000',0,0,'MREMAP_DONTUNMAP',0,1,[]]",
		"{'ret':-22,'errno':'EINVAL'}"));
	fixture_deinit(&fx);
}

static void madvise_takes_numbers_and_names(void)
{
	struct rpc_fixture fx;

	begin(&fx, "{}");
	json_decref(fixture_result(&fx, "mm.access",
				   "['@','0x10000000','write',12288]"));
	CU_ASSERT(area_has(&fx, "0x10000000", "rss", "3"));
	CU_ASSERT(result_is(&fx, "mm.madvise",
			    "['@','0x10000000',4096,'MADV_DONTNEED',1,[]]",
			    "{'ret':0}"));
	CU_ASSERT(area_has(&fx, "0x10000000", "rss", "2"));
	CU_ASSERT(result_is(&fx, "mm.madvise", "['@','0x10000000',8192,4,1,[]]",
			    "{'ret':0}"));
	CU_ASSERT(area_has(&fx, "0x10000000", "rss", "1"));
	/* An int: 2^32 + 4 is 4, and -1 is no advice. */
	CU_ASSERT(result_is(&fx, "mm.madvise",
			    "['@','0x10000000',12288,'0x100000004',1,[]]",
			    "{'ret':0}"));
	CU_ASSERT(area_has(&fx, "0x10000000", "rss", "0"));
	CU_ASSERT(result_is(&fx, "mm.madvise",
			    "['@','0x10000000',4096,-1,1,[]]",
			    "{'ret':-22,'errno':'EINVAL'}"));
	CU_ASSERT(result_is(&fx, "mm.madvise",
			    "['@','0x10000000',4096,'MADV_DONTFORK',1,[]]",
			    "{'ret':0}"));
	CU_ASSERT(has_code(&fx, "0x10000000", "dc"));
	CU_ASSERT(is_refused(&fx, "mm.madvise",
			     "['@','0x10000000',4096,'MADV_SOMETIMES']", -32602,
			     "params.value", "advice"));
	fixture_deinit(&fx);
}

static void mincore_answers_a_digit_a_page(void)
{
	struct rpc_fixture fx;

	begin(&fx, "{}");
	json_decref(
		fixture_result(&fx, "mm.access", "['@','0x10001000','write']"));
	CU_ASSERT(result_is(&fx, "mm.mincore", "['@','0x10000000',12288,1,[]]",
			    "{'ret':0,'vec':'010'}"));
	CU_ASSERT(result_is(&fx, "mm.mincore", "['@','0x10001000',1,1,[]]",
			    "{'ret':0,'vec':'1'}"));
	CU_ASSERT(result_is(&fx, "mm.mincore", "['@','0x10000000',0,1,[]]",
			    "{'ret':0,'vec':''}"));
	CU_ASSERT(result_is(&fx, "mm.mincore", "['@','0x10000000',16384,1,[]]",
			    "{'ret':-12,'errno':'ENOMEM'}"));
	CU_ASSERT(result_is(&fx, "mm.mincore",
			    "['@','0x10000000','0xffffffffffffffff',1,[]]",
			    "{'ret':-12,'errno':'ENOMEM'}"));
	CU_ASSERT(result_is(&fx, "mm.mincore", "['@',1,1,1,[]]",
			    "{'ret':-22,'errno':'EINVAL'}"));
	fixture_deinit(&fx);
}

/* The call is made; that its digits fit nowhere is the service's trouble. */
static void mincore_of_more_than_an_answer(void)
{
	const struct rpc_limits limits = { .answer_bytes = 4096 };
	struct rpc_fixture fx;
	json_t *answer, *data;

	fixture_init(&fx, 1, &limits);
	json_decref(fixture_create(&fx, "{'want':[]}"));
	CU_ASSERT(result_is(&fx, "mm.mmap",
			    "['@','0x10000000','0x10000000',0,16434,-1,0,1,[]]",
			    "{'ret':'0x10000000'}"));
	answer = fixture_call(&fx, "mm.mincore",
			      "['@','0x10000000','0x10000000',1,[]]");
	CU_ASSERT(is_error(answer, -32006, "response.too_large", NULL));
	data = json_object_get(json_object_get(answer, "error"), "data");
	CU_ASSERT(is_json(json_object_get(data, "carried_out"), "true"));
	CU_ASSERT(is_json(json_object_get(data, "seq"), "2"));
	json_decref(answer);
	/* Its errno does fit. */
	CU_ASSERT(result_is(&fx, "mm.mincore",
			    "['@','0x10000000','0x10001000',1,[]]",
			    "{'ret':-12,'errno':'ENOMEM'}"));
	/* Nor does an answer with too little room left. */
	answer = fixture_call(&fx, "mm.mincore",
			      "['@','0x10000000','0x1000000',1,[]]");
	CU_ASSERT(is_error(answer, -32006, "response.too_large", NULL));
	json_decref(answer);
	answer = fixture_result(&fx, "mm.mincore",
				"['@','0x10000000','0x800000',1,[]]");
	CU_ASSERT_EQUAL(json_string_length(json_object_get(answer, "vec")),
			0x800);
	json_decref(answer);
	fixture_deinit(&fx);
}

static void msync_and_remap_file_pages(void)
{
	struct rpc_fixture fx;

	begin(&fx, "{'files':[{'fd':3,'name':'data','size':32768}]}");
	CU_ASSERT(result_is(&fx, "mm.mmap",
			    "['@','0x20000000',16384,3,'MAP_SHARED|MAP_FIXED',"
			    "3,0,1,[]]",
			    "{'ret':'0x20000000'}"));
	CU_ASSERT(result_is(&fx, "mm.msync",
			    "['@','0x20000000',4096,'MS_SYNC',1,[]]",
			    "{'ret':0}"));
	CU_ASSERT(result_is(&fx, "mm.msync",
			    "['@','0x20000000',4096,'MS_SYNC|MS_ASYNC',1,[]]",
			    "{'ret':-22,'errno':'EINVAL'}"));
	/* An int as well. */
	CU_ASSERT(result_is(&fx, "mm.msync",
			    "['@','0x20000000',4096,'0x100000004',1,[]]",
			    "{'ret':0}"));
	CU_ASSERT(result_is(&fx, "mm.remap_file_pages",
			    "['@','0x20001000',4096,0,6,0,1,[]]", "{'ret':0}"));
	CU_ASSERT(area_has(&fx, "0x20001000", "offset", "'0x6000'"));
	CU_ASSERT(result_is(&fx, "mm.remap_file_pages",
			    "['@','0x20001000',4096,'PROT_READ',6,0,1,[]]",
			    "{'ret':-22,'errno':'EINVAL'}"));
	fixture_deinit(&fx);
}

static void truncate_takes_pages_away(void)
{
	struct rpc_fixture fx;

	begin(&fx, "{'files':[{'fd':3,'name':'data','size':8192},"
		   "{'fd':4,'name':'fixed','size':8192,'mode':'ro'}]}");
	CU_ASSERT(result_is(&fx, "mm.mmap",
			    "['@','0x20000000',8192,3,'MAP_SHARED|MAP_FIXED',"
			    "3,0,1,[]]",
			    "{'ret':'0x20000000'}"));
	json_decref(fixture_result(&fx, "mm.access",
				   "['@','0x20000000','write',8192]"));
	CU_ASSERT(area_has(&fx, "0x20000000", "rss", "2"));
	CU_ASSERT(result_is(&fx, "file.truncate", "['@',3,4096]", "{'ret':0}"));
	CU_ASSERT(area_has(&fx, "0x20000000", "rss", "1"));
	CU_ASSERT(result_is(&fx, "mm.access",
			    "['@','0x20001000','read',1,'0x7fffffffe000',1,[]]",
			    "{'fault':'SIGBUS','si_code':'BUS_ADRERR',"
			    "'si_addr':'0x20001000'}"));
	CU_ASSERT(result_is(&fx, "file.truncate", "['@',4,0]",
			    "{'ret':-22,'errno':'EINVAL'}"));
	CU_ASSERT(result_is(&fx, "file.truncate", "['@',9,0]",
			    "{'ret':-9,'errno':'EBADF'}"));
	CU_ASSERT(result_is(&fx, "file.truncate",
			    "['@',3,'0xffffffffffffffff']",
			    "{'ret':-22,'errno':'EINVAL'}"));
	CU_ASSERT(is_refused(&fx, "file.truncate", "['@',3]", -32602,
			     "params.missing", "size"));
	fixture_deinit(&fx);
}

/* Each name of flags is the number that the emulated kernel has for it. */
static void names_are_numbers(void)
{
	static const struct {
		const char *method, *named, *numbered;
	} rows[] = {
		{ "mm.madvise", "['@','0x10000000',4096,'MADV_RANDOM']",
		  "['@','0x10000000',4096,1]" },
		{ "mm.madvise", "['@','0x10000000',4096,'MADV_DONTDUMP']",
		  "['@','0x10000000',4096,16]" },
		{ "mm.mlockall", "['@','MCL_CURRENT|MCL_FUTURE']", "['@',3]" },
		{ "mm.msync", "['@','0x10000000',4096,'MS_INVALIDATE']",
		  "['@','0x10000000',4096,2]" },
		{ "mm.mremap",
		  "['@','0x10000000',12288,20480,'MREMAP_MAYMOVE']",
		  "['@','0x10000000',12288,20480,1]" },
	};
	struct rpc_fixture named, numbered;
	json_t *one, *other;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin(&named, "{'rlimits':{'memlock':-1}}");
		begin(&numbered, "{'rlimits':{'memlock':-1}}");
		one = fixture_result(&named, rows[i].method, rows[i].named);
		other = fixture_result(&numbered, rows[i].method,
				       rows[i].numbered);
		CU_ASSERT(one && json_equal(one, other));
		CU_ASSERT_PTR_NULL(json_object_get(one, "errno"));
		json_decref(one);
		json_decref(other);
		fixture_deinit(&named);
		fixture_deinit(&numbered);
	}
}

/* Each is an operation of the world, whether it fails or not. */
static void every_call_counts(void)
{
	static const char *const calls[][2] = {
		{ "mm.mprotect", "['@',1,1,1,1,['mm']]" },
		{ "mm.mremap", "['@',1,1,1,1,1,1,['mm']]" },
		{ "mm.mlock", "['@',1,1,1,['mm']]" },
		{ "mm.mlock2", "['@',1,1,1,1,['mm']]" },
		{ "mm.munlock", "['@',1,1,1,['mm']]" },
		{ "mm.mlockall", "['@',8,1,['mm']]" },
		{ "mm.munlockall", "['@',1,['mm']]" },
		{ "mm.madvise", "['@',1,1,1,1,['mm']]" },
		{ "mm.mincore", "['@',1,1,1,['mm']]" },
		{ "mm.msync", "['@',1,1,1,1,['mm']]" },
		{ "mm.remap_file_pages", "['@',1,1,1,1,1,1,['mm']]" },
		{ "mm.mseal", "['@',1,1,1,1,['mm']]" },
	};
	struct rpc_fixture fx;
	unsigned i;

	begin(&fx, "{}");
	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		json_t *result = fixture_result(&fx, calls[i][0], calls[i][1]);
		const json_t *mm = json_object_get(
			json_object_get(result, "snapshot"), "mm");

		CU_ASSERT_EQUAL(json_integer_value(json_object_get(mm, "seq")),
				i + 2);
		json_decref(result);
	}
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_calls[] = {
	{ "mprotect changes what may be done",
	  mprotect_changes_what_may_be_done },
	{ "mremap answers an address", mremap_answers_an_address },
	{ "any address is one", any_address_is_one },
	{ "locks come and go", locks_come_and_go },
	{ "later calls exist where they do", later_calls_exist_where_they_do },
	{ "madvise takes numbers and names", madvise_takes_numbers_and_names },
	{ "mincore answers a digit a page", mincore_answers_a_digit_a_page },
	{ "mincore of more than an answer", mincore_of_more_than_an_answer },
	{ "msync and remap_file_pages", msync_and_remap_file_pages },
	{ "truncate takes pages away", truncate_takes_pages_away },
	{ "names are numbers", names_are_numbers },
	{ "every call counts", every_call_counts },
	CU_TEST_INFO_NULL,
};
