/* SPDX-License-Identifier: MIT */
/*
 * Every key of a step is told by some call on some release: random walks hear
 * many of them, and the rest have a scene.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mm/step.h"
#include "tests/proto/rpc_fixture.h"
#include "tests/support/random_operation.h"
#include "tests/support/suite.h"

#define WALK_STEPS  2000
#define SCENE_CALLS 26

/* Calls to a process of its own, "METHOD PARAMS" each. */
struct scene {
	const char *profile; /* NULL: each */
	const char *setup;   /* members of process.create's parameters */
	const char *calls[SCENE_CALLS + 1];
};

/* clang-format off */
static const struct scene scenes[] = {
	{ NULL, "",
	  { "mm.brk {'process':'@','addr':'0x601010'}",
	    "mm.brk {'process':'@','addr':'0x602000'}",
	    "mm.brk {'process':'@','addr':'0x700000'}",
	    "mm.brk {'process':'@','addr':'0x800000'}",
	    "mm.brk {'process':'@','addr':'0x650000'}",
	    "mm.mmap {'process':'@','addr':'0x900000',"
		  "'length':'0x1000','prot':3,"
		  "'flags':'MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED'}",
	    "mm.brk {'process':'@','addr':'0xa00000'}",
	    "mm.brk {'process':'@','addr':'0x1'}" } },
	{ NULL, "'rlimits':{'data':8192}",
	  { "mm.brk {'process':'@','addr':'0x700000'}",
	    "mm.mmap {'process':'@','addr':'0x10000000',"
		  "'length':'0x1000000','prot':3,"
		  "'flags':'MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED'}" } },
	{ NULL, "'rlimits':{'as':200000}",
	  { "mm.brk {'process':'@','addr':'0x700000'}",
	    "mm.mmap {'process':'@','addr':'0x700000',"
		  "'length':'0x100000','prot':3,"
		  "'flags':'MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED'}",
	    "process.exec {'process':'@','program':{'path':'/bin/a',"
		  "'type':'exec','entry':'0x400000',"
		  "'headers':[{'flags':'PF_R|PF_X','offset':0,"
		  "'vaddr':'0x400000','filesz':4096,'memsz':4096}]}}" } },
	{ NULL, "'rlimits':{'as':100000}",
	  { "process.exec {'process':'@','program':{'path':'/bin/a',"
		  "'type':'exec','entry':'0x400000',"
		  "'headers':[{'flags':'PF_R|PF_X','offset':0,"
		  "'vaddr':'0x400000','filesz':4096,'memsz':4096}]}}" } },
	{ NULL, "'sysctl':{'max_map_count':3}",
	  { "mm.brk {'process':'@','addr':'0x700000'}",
	    "mm.mmap {'process':'@','addr':'0','length':'0x1000',"
		  "'prot':3,'flags':'MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED'}" } },
	{ NULL, "'sysctl':{'max_map_count':5}",
	  { "mm.mprotect {'process':'@','addr':'0x7fffffff0000',"
		  "'length':4096,'prot':1}",
	    "mm.munmap {'process':'@','addr':'0x7fffffff0000',"
		  "'length':4096}",
	    "mm.mremap {'process':'@','old_address':'0x600000',"
		  "'old_size':4096,'new_size':4096,'flags':3,"
		  "'new_address':'0x10000000'}" } },
	{ NULL, "'uid':0",
	  { "mm.mlockall {'process':'@','flags':2}",
	    "mm.brk {'process':'@','addr':'0x700000'}",
	    "mm.mlockall {'process':'@','flags':0}",
	    "mm.mlock {'process':'@','addr':'0xfffffffffffff000',"
		  "'length':'0x2000'}" } },
	{ "6.1", "'maps':['200000-201000 rw-p 0 00:00 0'],"
		  "'mm':{'start_brk':'0x601000','brk':'0x605000'}",
	  { "mm.brk {'process':'@','addr':'0x602000'}" } },
	{ NULL, "'maps':['200000-201000 rw-p 0 00:00 0']",
	  { "mm.find_vma {'process':'@','addr':'0x300000'}",
	    "mm.access {'process':'@','addr':'0x300000',"
		  "'type':'read'}",
	    "mm.access {'process':'@','addr':'0x800000000000',"
		  "'type':'read'}",
	    "mm.madvise {'process':'@','addr':'0x300000',"
		  "'length':4096,'advice':4}",
	    "mm.mmap {'process':'@','addr':'0','length':'0x1000',"
		  "'prot':3,'flags':'MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED'}",
	    "mm.mmap {'process':'@','addr':'0x100000',"
		  "'length':'0x1000','prot':1,"
		  "'flags':'MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED'}",
	    "mm.munmap {'process':'@','addr':'0',"
		  "'length':'0x7ffffffff000'}",
	    "mm.mmap {'process':'@','addr':'0x200000',"
		  "'length':'0x1000','prot':3,"
		  "'flags':'MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED'}",
	    "mm.mmap {'process':'@','addr':'0x300000',"
		  "'length':'0x1000','prot':1,"
		  "'flags':'MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED'}" } },
	{ NULL, "",
	  { "mm.mmap {'process':'@','addr':'0',"
		  "'length':'0x900000000000','prot':3,"
		  "'flags':'MAP_PRIVATE|MAP_ANONYMOUS'}",
	    "mm.mmap {'process':'@','addr':'0x7fffffffe000',"
		  "'length':'0x10000','prot':3,"
		  "'flags':'MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED'}",
	    "mm.mmap {'process':'@','addr':'0x1234',"
		  "'length':'0x1000','prot':3,"
		  "'flags':'MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED'}",
	    "mm.mmap {'process':'@','addr':'0','length':'0x1000',"
		  "'prot':3,'flags':'MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED'}",
	    "mm.mmap {'process':'@','addr':'0',"
		  "'length':'0x7fffffff0000','prot':3,"
		  "'flags':'MAP_PRIVATE|MAP_ANONYMOUS'}",
	    "mm.mmap {'process':'@','addr':'0x7fffffffe000',"
		  "'length':'0x2000','prot':3,"
		  "'flags':'MAP_PRIVATE|MAP_ANONYMOUS'}",
	    "mm.mmap {'process':'@','addr':'0x1001',"
		  "'length':'0x1000','prot':3,"
		  "'flags':'MAP_PRIVATE|MAP_ANONYMOUS'}",
	    "mm.mmap {'process':'@','addr':'0','length':'0','prot':3,"
		  "'flags':'MAP_PRIVATE|MAP_ANONYMOUS'}",
	    "mm.mmap {'process':'@','addr':'0',"
		  "'length':'0xffffffffffffffff','prot':3,"
		  "'flags':'MAP_PRIVATE|MAP_ANONYMOUS'}",
	    "mm.mmap {'process':'@','addr':'0','length':'0x1000',"
		  "'prot':3,'flags':'MAP_ANONYMOUS'}",
	    "mm.mmap {'process':'@','addr':'0','length':'0x1000',"
		  "'prot':3,"
		  "'flags':'MAP_PRIVATE|MAP_ANONYMOUS|MAP_HUGETLB'}",
	    "mm.mmap {'process':'@','addr':'0','length':'0x1000',"
		  "'prot':3,'flags':'MAP_PRIVATE|MAP_ANONYMOUS','offset':1}",
	    "mm.munmap {'process':'@','addr':'0x1001','length':4096}",
	    "mm.munmap {'process':'@','addr':'0x800000','length':0}",
	    "mm.munmap {'process':'@','addr':'0x10000000',"
		  "'length':4096}",
	    "mm.mprotect {'process':'@','addr':'0x600000','length':0,"
		  "'prot':1}",
	    "mm.mprotect {'process':'@','addr':'0x600001',"
		  "'length':4096,'prot':1}",
	    "mm.mprotect {'process':'@','addr':'0x600000',"
		  "'length':4096,'prot':'0x1000001'}",
	    "mm.madvise {'process':'@','addr':'0x600000','length':0,"
		  "'advice':4}",
	    "mm.mincore {'process':'@','addr':'0x600001',"
		  "'length':4096}",
	    "mm.msync {'process':'@','addr':'0x600001','length':4096,"
		  "'flags':4}",
	    "mm.mlock {'process':'@','addr':'0x600000','length':4096}",
	    "mm.msync {'process':'@','addr':'0x600000','length':4096,"
		  "'flags':2}",
	    "mm.mprotect {'process':'@','addr':'0x7ffff7ffb000',"
		  "'length':4096,'prot':0}",
	    "mm.madvise {'process':'@','addr':'0x7ffff7ffd000',"
		  "'length':4096,'advice':10}",
	    "mm.access {'process':'@','addr':'0x7ffffffdc000',"
		  "'type':'write','sp':'0x7fffffffe000'}" } },
	{ NULL, "'sysctl':{'legacy_va_layout':1}",
	  { "mm.mmap {'process':'@','addr':'0x10000000',"
		  "'length':'0x1000','prot':3,"
		  "'flags':'MAP_PRIVATE|MAP_ANONYMOUS'}",
	    "mm.mmap {'process':'@','addr':'0x400000',"
		  "'length':'0x1000','prot':3,"
		  "'flags':'MAP_PRIVATE|MAP_ANONYMOUS'}",
	    "mm.mmap {'process':'@','addr':'0x500000',"
		  "'length':'0x1000','prot':3,"
		  "'flags':'MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED'}",
	    "mm.mmap {'process':'@','addr':'0x7fffffffe000',"
		  "'length':'0x2000','prot':3,"
		  "'flags':'MAP_PRIVATE|MAP_ANONYMOUS'}",
	    "mm.mmap {'process':'@','addr':'0','length':'0x2000',"
		  "'prot':3,'flags':'MAP_PRIVATE|MAP_ANONYMOUS'}",
	    "process.exec {'process':'@','program':{'path':'/bin/a',"
		  "'type':'exec','entry':'0x400000',"
		  "'headers':[{'flags':'PF_R|PF_X','offset':0,"
		  "'vaddr':'0x400000','filesz':4096,'memsz':4096}]}}" } },
	{ NULL, "'maps':['200000-201000 rw-p 0 00:00 0'],"
		  "'sysctl':{'legacy_va_layout':1}",
	  { "mm.mmap {'process':'@','addr':'0','length':'0x1000',"
		  "'prot':3,'flags':'MAP_PRIVATE|MAP_ANONYMOUS'}" } },
	{ "6.12", "",
	  { "mm.mmap {'process':'@','addr':'0','length':'0x400000',"
		  "'prot':3,'flags':'MAP_PRIVATE|MAP_ANONYMOUS'}",
	    "mm.mseal {'process':'@','addr':'0x600000','length':4096,"
		  "'flags':0}",
	    "mm.mseal {'process':'@','addr':'0x600000','length':4096,"
		  "'flags':1}",
	    "mm.munmap {'process':'@','addr':'0x600000',"
		  "'length':4096}",
	    "mm.mprotect {'process':'@','addr':'0x600000',"
		  "'length':4096,'prot':1}",
	    "mm.mremap {'process':'@','old_address':'0x600000',"
		  "'old_size':4096,'new_size':8192,'flags':1}",
	    "mm.mmap {'process':'@','addr':'0','length':'0x1000',"
		  "'prot':3,"
		  "'flags':'MAP_DROPPABLE|MAP_ANONYMOUS|MAP_LOCKED'}",
	    "mm.mprotect {'process':'@','addr':'0x7ffff7ffd000',"
		  "'length':4096,'prot':1}" } },
	{ "6.1", "'maps':['200000-201000 rw-p 0 00:00 0']",
	  { "mm.mmap {'process':'@','addr':'0x7ffff7ff0000',"
		  "'length':'0xf000','prot':3,"
		  "'flags':'MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED|MAP_GROWSDOWN'}",
	    "mm.mmap {'process':'@','addr':'0','length':'0x2000',"
		  "'prot':3,'flags':'MAP_PRIVATE|MAP_ANONYMOUS'}" } },
	{ "5.10", "",
	  { "mm.mmap {'process':'@','addr':'0x400000',"
		  "'length':'0x1000','prot':3,"
		  "'flags':'MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED_NOREPLACE'}" } },
	{ NULL, "'files':[{'fd':3,'name':'a','size':65536,'mode':'ro'},"
		  "{'fd':4,'name':'b','size':65536,'mode':'wo'},{'fd':5,"
		  "'name':'c','size':65536,'mode':'rw'}]",
	  { "mm.mmap {'process':'@','addr':'0','length':'0x1000',"
		  "'prot':1,'flags':'MAP_PRIVATE','fd':3,"
		  "'offset':'0xfffffffffffff000'}",
	    "mm.mmap {'process':'@','addr':'0','length':'0x1000',"
		  "'prot':1,'flags':'MAP_PRIVATE','fd':3,"
		  "'offset':'0x7ffffffffffff000'}",
	    "mm.mmap {'process':'@','addr':'0','length':'0x1000',"
		  "'prot':1,'flags':'0x80003','fd':3}",
	    "mm.mmap {'process':'@','addr':'0','length':'0x1000',"
		  "'prot':3,'flags':'MAP_SHARED','fd':3}",
	    "mm.mmap {'process':'@','addr':'0','length':'0x1000',"
		  "'prot':1,'flags':'MAP_PRIVATE','fd':4}",
	    "mm.mmap {'process':'@','addr':'0x10000000',"
		  "'length':'0x4000','prot':1,"
		  "'flags':'MAP_SHARED|MAP_FIXED','fd':3}",
	    "mm.mprotect {'process':'@','addr':'0x10000000',"
		  "'length':4096,'prot':3}",
	    "mm.mprotect {'process':'@','addr':'0x10000000',"
		  "'length':4096,'prot':'0x1000001'}",
	    "mm.mmap {'process':'@','addr':'0x11000000',"
		  "'length':'0x4000','prot':3,"
		  "'flags':'MAP_SHARED|MAP_FIXED','fd':5}",
	    "mm.remap_file_pages {'process':'@','addr':'0x11000000',"
		  "'size':4096,'prot':0,'pgoff':0,'flags':0}",
	    "mm.mlock {'process':'@','addr':'0x11000000',"
		  "'length':4096}",
	    "mm.remap_file_pages {'process':'@','addr':'0x11000000',"
		  "'size':4096,'prot':0,'pgoff':1,'flags':0}" } },
	{ NULL, "'rlimits':{'memlock':8192}",
	  { "mm.mmap {'process':'@','addr':'0','length':'0x10000',"
		  "'prot':3,'flags':'MAP_PRIVATE|MAP_ANONYMOUS|MAP_LOCKED'}",
	    "mm.mmap {'process':'@','addr':'0','length':'0x1000',"
		  "'prot':3,'flags':'MAP_PRIVATE|MAP_ANONYMOUS|MAP_LOCKED'}" } },
	{ NULL, "'rlimits':{'memlock':0}",
	  { "mm.mmap {'process':'@','addr':'0','length':'0x1000',"
		  "'prot':3,'flags':'MAP_PRIVATE|MAP_ANONYMOUS|MAP_LOCKED'}" } },
	{ NULL, "'mem_total_kb':65536",
	  { "mm.mmap {'process':'@','addr':'0','length':'0x10000000',"
		  "'prot':3,'flags':'MAP_PRIVATE|MAP_ANONYMOUS'}",
	    "mm.mmap {'process':'@','addr':'0x10000000',"
		  "'length':'0x10000000','prot':1,"
		  "'flags':'MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED'}",
	    "mm.mprotect {'process':'@','addr':'0x10000000',"
		  "'length':'0x10000000','prot':3}" } },
	{ NULL, "'uid':0,'sysctl':{'overcommit_memory':2,"
		  "'overcommit_kbytes':200}",
	  { "process.fork {'process':'@'}" } },
	{ NULL, "",
	  { "mm.mmap {'process':'@','addr':'0x10000000',"
		  "'length':'0x1000','prot':3,"
		  "'flags':'MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED'}",
	    "mm.mmap {'process':'@','addr':'0x10002000',"
		  "'length':'0x1000','prot':3,"
		  "'flags':'MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED'}",
	    "mm.access {'process':'@','addr':'0x10000000',"
		  "'type':'write'}",
	    "mm.access {'process':'@','addr':'0x10002000',"
		  "'type':'write'}",
	    "mm.mmap {'process':'@','addr':'0x10001000',"
		  "'length':'0x1000','prot':3,"
		  "'flags':'MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED'}" } },
	{ NULL, "",
	  { "mm.mmap {'process':'@','addr':'0x10000000',"
		  "'length':'0x1000','prot':3,"
		  "'flags':'MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED'}",
	    "mm.mmap {'process':'@','addr':'0x10002000',"
		  "'length':'0x1000','prot':3,"
		  "'flags':'MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED'}",
	    "mm.access {'process':'@','addr':'0x10002000',"
		  "'type':'write'}",
	    "mm.mmap {'process':'@','addr':'0x10001000',"
		  "'length':'0x1000','prot':3,"
		  "'flags':'MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED'}",
	    "mm.mmap {'process':'@','addr':'0x20000000',"
		  "'length':'0x1000','prot':3,"
		  "'flags':'MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED'}",
	    "mm.mmap {'process':'@','addr':'0x20001000',"
		  "'length':'0x1000','prot':7,"
		  "'flags':'MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED'}",
	    "mm.access {'process':'@','addr':'0x20000000',"
		  "'type':'write'}",
	    "mm.access {'process':'@','addr':'0x20001000',"
		  "'type':'write'}" } },
	{ "5.10", "",
	  { "mm.mremap {'process':'@','old_address':'0x7ffff7ffb000',"
		  "'old_size':4096,'new_size':4096,'flags':3,"
		  "'new_address':'0x10000000'}" } },
	{ NULL, "'seed':3",
	  { "thread.create {'process':'@'}",
	    "process.exec {'process':'@','program':{'path':'/bin/a',"
		  "'type':'dyn','entry':'0x10',"
		  "'headers':[{'flags':'PF_R|PF_X','offset':0,'vaddr':'0',"
		  "'filesz':2048,'memsz':2048},{'flags':'PF_R|PF_W',"
		  "'offset':8192,'vaddr':'0x10000','filesz':256,"
		  "'memsz':16384}]},'interpreter':{'path':'/lib/ld',"
		  "'type':'dyn','entry':'0x10',"
		  "'headers':[{'flags':'PF_R|PF_X','offset':0,'vaddr':0,"
		  "'filesz':4096,'memsz':4096}]}}",
	    "process.exec {'process':'@','program':{'path':'/bin/a',"
		  "'type':'dyn','entry':'0x10',"
		  "'headers':[{'flags':'PF_R|PF_X','offset':0,'vaddr':'0',"
		  "'filesz':2048,'memsz':2048,'align':'0x200000'},"
		  "{'flags':'PF_R|PF_W','offset':8192,'vaddr':'0x10000',"
		  "'filesz':256,'memsz':16384}]}}",
	    "process.exec {'process':'@','program':{'path':'/bin/a',"
		  "'type':'exec','entry':'0x400000',"
		  "'headers':[{'flags':'PF_R|PF_X','offset':0,"
		  "'vaddr':'0x400000','filesz':2048,'memsz':2048},"
		  "{'flags':'PF_R|PF_W','offset':8192,'vaddr':'0x600000',"
		  "'filesz':256,'memsz':16384}]},'argv':{'count':1,"
		  "'bytes':3000000}}",
	    "process.exec {'process':'@','program':{'path':'/bin/a',"
		  "'type':'exec','entry':'0x400000','headers':[]}}",
	    "process.exec {'process':'@','program':{'path':'/bin/a',"
		  "'type':'exec','entry':'0x400000',"
		  "'headers':[{'flags':'PF_R|PF_X','offset':0,"
		  "'vaddr':'0x400000','filesz':2048,'memsz':2048},"
		  "{'flags':'PF_R|PF_W','offset':8192,'vaddr':'0x600000',"
		  "'filesz':256,'memsz':16384}]}}",
	    "process.exec {'process':'@','program':{'path':'/bin/a',"
		  "'type':'exec','entry':'0x800000000000',"
		  "'headers':[{'flags':'PF_R|PF_X','offset':0,"
		  "'vaddr':'0x400000','filesz':2048,'memsz':2048},"
		  "{'flags':'PF_R|PF_W','offset':8192,'vaddr':'0x600000',"
		  "'filesz':256,'memsz':16384}]}}" } },
	{ NULL, "",
	  { "process.exec {'process':'@','program':{'path':'/bin/a',"
		  "'type':'exec','entry':'0x400000',"
		  "'headers':[{'flags':'PF_R|PF_X','offset':0,"
		  "'vaddr':'0x7ffffffde000','filesz':2048,'memsz':2048},"
		  "{'flags':'PF_R|PF_W','offset':8192,'vaddr':'0x600000',"
		  "'filesz':256,'memsz':16384}]}}" } },
	{ NULL, "",
	  { "process.exec {'process':'@','program':{'path':'/bin/a',"
		  "'type':'exec','entry':'0x400000',"
		  "'headers':[{'flags':'PF_R|PF_X','offset':0,"
		  "'vaddr':'0x400000','filesz':8192,'memsz':4096}]}}" } },
	{ NULL, "",
	  { "process.exec {'process':'@','program':{'path':'/bin/a',"
		  "'type':'exec','entry':'0x400000',"
		  "'headers':[{'flags':'PF_R|PF_W','offset':0,"
		  "'vaddr':'0x7ffffffdd000','filesz':256,'memsz':16384}"
		  "]}}" } },
};
/* clang-format on */

static const char *const profiles[] = { "4.0", "5.10", "6.1", "6.12" };

static bool heard[STEP_NR_KINDS];

static void hear(void *ctx, const struct step *step)
{
	(void)ctx;
	CU_ASSERT_TRUE_FATAL(step->kind < STEP_NR_KINDS);
	heard[step->kind] = true;
}

static struct step_sink sink = { .tell = hear };

static void begin(struct rpc_fixture *fx, const char *profile,
		  const char *setup)
{
	char params[512];
	json_t *made;

	fixture_init(fx, 1, NULL);
	snprintf(params, sizeof(params), "{'profile':'%s'%s%s}", profile,
		 *setup ? "," : "", setup);
	made = fixture_create(fx, params);
	if (!made)
		fprintf(stderr, "%s is refused\n", params);
	CU_ASSERT_PTR_NOT_NULL_FATAL(made);
	json_decref(made);
}

static void walk(const char *profile, uint64_t seed)
{
	struct rpc_fixture fx;
	struct random_walk walk;
	struct operation op;
	struct outcome out;
	int i;

	begin(&fx, profile, "'seed':1");
	random_walk_init(&walk, seed);
	for (i = 0; i < WALK_STEPS; i++) {
		random_operation(&walk, fixture_world(&fx, 0), &op);
		out.vec = NULL;
		world_watch(fixture_world(&fx, 0), &sink);
		world_apply(fixture_world(&fx, 0), &op, &out);
		world_watch(fixture_world(&fx, 0), NULL);
	}
	fixture_deinit(&fx);
}

/* A call that wants no steps itself leaves the sink to us. */
static void call(struct rpc_fixture *fx, const char *text)
{
	const char *params = strchr(text, ' ') + 1;
	char method[32];
	json_t *answer;

	snprintf(method, sizeof(method), "%.*s", (int)(params - text) - 1,
		 text);
	if (!fixture_world(fx, 0)) {
		fprintf(stderr, "nobody is left for %s\n", text);
		CU_FAIL("a call of a process that is gone");
		return;
	}
	world_watch(fixture_world(fx, 0), &sink);
	answer = fixture_call(fx, method, params);
	if (!json_object_get(answer, "result")) {
		char *why = json_dumps(answer, 0);

		fprintf(stderr, "%s: %s\n", text, why);
		free(why);
	}
	CU_ASSERT_PTR_NOT_NULL(json_object_get(answer, "result"));
	json_decref(answer);
}

static void play(const struct scene *scene, const char *profile)
{
	struct rpc_fixture fx;
	int i;

	if (scene->profile && strcmp(scene->profile, profile) != 0)
		return;
	begin(&fx, profile, scene->setup);
	for (i = 0; scene->calls[i]; i++)
		call(&fx, scene->calls[i]);
	fixture_deinit(&fx);
}

/* The one number that no client lives to see. */
static void wrap_sequence_number(void)
{
	struct rpc_fixture fx;
	struct mm_struct *mm;

	begin(&fx, "4.0", "");
	mm = (struct mm_struct *)(uintptr_t)process_mm(
		world_process(fixture_world(&fx, 0), 0));
	mm->vmacache_seqnum = UINT32_MAX;
	call(&fx, "mm.munmap {'process':'@','addr':'0x600000','length':4096}");
	fixture_deinit(&fx);
}

static void every_key_is_told(void)
{
	const struct step_kind *kind;
	unsigned missing = 0;
	size_t i, j;

	for (i = 0; i < NR(profiles); i++) {
		walk(profiles[i], i + 1);
		for (j = 0; j < NR(scenes); j++)
			play(&scenes[j], profiles[i]);
	}
	wrap_sequence_number();
	for (i = 0; (kind = step_kind_at(i)); i++) {
		if (heard[i])
			continue;
		fprintf(stderr, "%s is told by no call here: add a scene\n",
			kind->key);
		missing++;
	}
	CU_ASSERT_EQUAL(missing, 0);
}

CU_TestInfo test_rpc_step_keys[] = {
	{ "every key is told", every_key_is_told },
	CU_TEST_INFO_NULL,
};
