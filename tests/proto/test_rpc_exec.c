/* SPDX-License-Identifier: MIT */
/*
 * process.exec: what it takes, and what becomes of the process
 */
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "core/world/exec.h"
#include "tests/proto/rpc_fixture.h"
#include "tests/support/suite.h"

/* One page of text and one of data at fixed addresses. */
#define STATIC                                                                 \
	"'program':{'path':'/bin/static','type':'exec','entry':'0x401000',"    \
	"'headers':[{'flags':'PF_R|PF_X','offset':0,'vaddr':'0x400000',"       \
	"'filesz':4096,'memsz':4096},{'type':'PT_LOAD','flags':6,"             \
	"'offset':4096,'vaddr':'0x601000','filesz':16,'memsz':8192,"           \
	"'align':'0x1000'}]}"
#define DYNAMIC                                                                \
	"'program':{'path':'/bin/dynamic','type':'dyn','entry':64,"            \
	"'headers':[{'type':'PT_INTERP'},{'flags':5,'offset':0,'vaddr':0,"     \
	"'filesz':4096,'memsz':4096}]}"
#define LINKER                                                                 \
	"'interpreter':{'path':'/lib/ld.so','type':'dyn','entry':0,"           \
	"'headers':[{'flags':5,'offset':0,'vaddr':0,'filesz':4096,"            \
	"'memsz':4096}]}"

static json_t *exec(struct rpc_fixture *fx, const char *rest)
{
	char params[2048];

	snprintf(params, sizeof(params), "{'process':'@',%s}", rest);
	return fixture_call(fx, "process.exec", params);
}

static bool error_is(struct rpc_fixture *fx, const char *rest, const char *key,
		     const char *param)
{
	json_t *answer = exec(fx, rest);
	bool is = is_error(answer, -32602, key, param);

	json_decref(answer);
	return is;
}

static bool exec_is(struct rpc_fixture *fx, const char *rest,
		    const char *wanted)
{
	json_t *answer = exec(fx, rest);
	bool is = is_json(json_object_get(answer, "result"), wanted);

	json_decref(answer);
	return is;
}

static void begin(struct rpc_fixture *fx)
{
	fixture_init(fx, 1, NULL);
	json_decref(fixture_create(fx, "{}"));
}

static unsigned lines_with(const json_t *maps, const char *word)
{
	const json_t *line;
	unsigned n = 0;
	size_t i;

	json_array_foreach(maps, i, line)
		n += strstr(json_string_value(line), word) != NULL;
	return n;
}

static void program_takes_the_process_over(void)
{
	struct rpc_fixture fx;
	json_t *answer, *result, *maps;

	begin(&fx);
	json_decref(fixture_result(&fx, "thread.create", "['@']"));
	answer = exec(&fx, STATIC ",'thread':2,'want':['maps']");
	result = json_object_get(answer, "result");
	CU_ASSERT(is_json(json_object_get(result, "ret"), "0"));
	CU_ASSERT(is_json(json_object_get(result, "thread"), "1"));
	maps = json_object_get(json_object_get(result, "snapshot"), "maps");
	CU_ASSERT_EQUAL(lines_with(maps, "/bin/static"), 2);
	CU_ASSERT_EQUAL(lines_with(maps, "[stack]"), 1);
	CU_ASSERT_EQUAL(lines_with(maps, "vmarium"), 0);
	json_decref(answer);
	/* All other threads have ended. */
	result = fixture_result(&fx, "process.get", "['@']");
	CU_ASSERT(is_json(
		json_object_get(json_object_get(result, "counters"), "threads"),
		"1"));
	json_decref(result);
	fixture_deinit(&fx);
}

static void interpreter_is_loaded_beside_it(void)
{
	struct rpc_fixture fx;
	json_t *answer, *maps;

	begin(&fx);
	answer = exec(&fx, DYNAMIC "," LINKER ",'want':['maps']");
	maps = json_object_get(result_member(answer, "snapshot"), "maps");
	CU_ASSERT_EQUAL(lines_with(maps, "/bin/dynamic"), 1);
	CU_ASSERT_EQUAL(lines_with(maps, "/lib/ld.so"), 1);
	json_decref(answer);
	CU_ASSERT(error_is(&fx, DYNAMIC, "params.missing", "interpreter"));
	fixture_deinit(&fx);
}

/* ------------------------------------------------------- the two spellings */

static char *base64_of(const void *bytes, size_t len)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmn"
				      "opqrstuvwxyz0123456789+/";
	const uint8_t *at = bytes;
	char *text = malloc(len / 3 * 4 + 5), *p = text;
	size_t i;

	/* Groups of three, the last one filled up with zeros. */
	for (i = 0; i < len; i += 3) {
		uint32_t group = (uint32_t)at[i] << 16;

		group |= i + 1 < len ? (uint32_t)at[i + 1] << 8 : 0;
		group |= i + 2 < len ? at[i + 2] : 0;
		*p++ = letters[group >> 18];
		*p++ = letters[group >> 12 & 63];
		*p++ = letters[group >> 6 & 63];
		*p++ = letters[group & 63];
	}
	p -= len % 3 ? 3 - len % 3 : 0;
	*p = '\0';
	return text;
}

struct elf_file {
	Elf64_Ehdr head;
	Elf64_Phdr headers[3];
};

/* The same program as STATIC, with a stack that is not executable. */
static struct elf_file static_file(void)
{
	return (struct elf_file){
		.head = {
			.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64,
				     ELFDATA2LSB, EV_CURRENT },
			.e_type = ET_EXEC,
			.e_machine = EM_X86_64,
			.e_entry = 0x401000,
			.e_phoff = sizeof(Elf64_Ehdr),
			.e_phentsize = sizeof(Elf64_Phdr),
			.e_phnum = 3,
		},
		.headers = {
			{ .p_type = PT_LOAD, .p_flags = PF_R | PF_X,
			  .p_vaddr = 0x400000, .p_filesz = 4096,
			  .p_memsz = 4096, .p_align = 4096 },
			{ .p_type = PT_LOAD, .p_flags = PF_R | PF_W,
			  .p_offset = 4096, .p_vaddr = 0x601000,
			  .p_filesz = 16, .p_memsz = 8192, .p_align = 4096 },
			{ .p_type = PT_GNU_STACK, .p_flags = PF_R | PF_W },
		},
	};
}

static json_t *exec_file(struct rpc_fixture *fx, const struct elf_file *file)
{
	char *text = base64_of(file, sizeof(*file));
	char rest[1024];

	snprintf(rest, sizeof(rest),
		 "'program':{'path':'/bin/static','elf':'%s'}", text);
	free(text);
	return exec(fx, rest);
}

static void bytes_of_the_file_say_the_same(void)
{
	struct elf_file file = static_file();
	struct rpc_fixture described, given;
	json_t *one, *other;

	begin(&described);
	begin(&given);
	one = exec(&described, STATIC);
	other = exec_file(&given, &file);
	CU_ASSERT(json_object_get(other, "result") && json_equal(one, other));
	json_decref(one);
	json_decref(other);

	file.head.e_machine = EM_AARCH64;
	other = exec_file(&given, &file);
	CU_ASSERT(is_error(other, -32602, "params.value", "program.elf"));
	CU_ASSERT(
		strstr(json_string_value(json_object_get(
			       json_object_get(json_object_get(other, "error"),
					       "data"),
			       "hint")),
		       "arm64") != NULL);
	json_decref(other);
	fixture_deinit(&described);
	fixture_deinit(&given);
}

static void executable_stack_is_asked_for(void)
{
	static const struct {
		uint32_t flags;
		const char *perms;
	} rows[] = {
		{ PF_R | PF_W, " rw-p " },
		{ PF_R | PF_W | PF_X, " rwxp " },
	};
	struct elf_file file = static_file();
	struct rpc_fixture fx;
	const char *line;
	json_t *result;
	size_t i;

	for (i = 0; i < 2; i++) {
		begin(&fx);
		file.headers[2].p_flags = rows[i].flags;
		json_decref(exec_file(&fx, &file));
		result = fixture_result(&fx, "mm.maps", "['@',1,[]]");
		line = json_string_value(json_object_get(result, "text"));
		/* The stack is above all others. */
		line = strrchr(strndupa(line, strlen(line) - 1), '\n');
		CU_ASSERT(strstr(line, "[stack]") != NULL);
		CU_ASSERT(strstr(line, rows[i].perms) != NULL);
		json_decref(result);
		fixture_deinit(&fx);
	}
}

/* Arguments by themselves, or how many and how long they are. */
static void strings_in_two_ways(void)
{
	static const char *const rows[][2] = {
		{ STATIC, STATIC ",'argv':['/bin/static'],'envp':[]" },
		{ STATIC ",'argv':['a','b\\u00e4c'],'envp':['X=1']",
		  STATIC ",'argv':{'count':2,'bytes':7},"
			 "'envp':{'count':1,'bytes':4}" },
	};
	struct rpc_fixture fx, other;
	json_t *one, *two;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin(&fx);
		begin(&other);
		one = exec(&fx, rows[i][0]);
		two = exec(&other, rows[i][1]);
		CU_ASSERT(json_object_get(one, "result") &&
			  json_equal(one, two));
		json_decref(one);
		json_decref(two);
		fixture_deinit(&fx);
		fixture_deinit(&other);
	}
}

/* ----------------------------------------------------------------- errors */

static void bad_descriptions_are_refused(void)
{
#define WITH(members) "'program':{'path':'/x'," members "}"
#define HEADER(members)                                                        \
	WITH("'type':'exec','entry':0,'headers':[{" members "}]")
	static const struct {
		const char *rest, *key, *param;
	} rows[] = {
		{ "'argv':[]", "params.missing", "program" },
		{ "'program':'ls'", "params.type", "program" },
		{ "'program':{}", "params.missing", "program" },
		{ WITH("'type':'exec'"), "params.missing", "program" },
		{ WITH("'elf':'','entry':1"), "params.value", "program.elf" },
		{ WITH("'elf':'####'"), "params.value", "program.elf" },
		{ WITH("'elf':7"), "params.type", "program.elf" },
		{ WITH("'type':'rel'"), "params.value", "program.type" },
		{ WITH("'entry':-1"), "params.range", "program.entry" },
		{ WITH("'headers':{}"), "params.type", "program.headers" },
		{ WITH("'size':1"), "params.unknown", "program" },
		{ WITH("'headers':[7]"), "params.type", "program.headers[0]" },
		{ HEADER(""), "params.missing", "program.headers[0].flags" },
		{ HEADER("'flags':5,'offset':0,'vaddr':0,'filesz':0"),
		  "params.missing", "program.headers[0].memsz" },
		{ HEADER("'type':'PT_SOME'"), "params.value",
		  "program.headers[0].type" },
		{ HEADER("'flags':'PF_Z'"), "params.value",
		  "program.headers[0].flags" },
		{ HEADER("'vaddr':'high'"), "params.value",
		  "program.headers[0].vaddr" },
		{ HEADER("'offset':1.5"), "params.type",
		  "program.headers[0].offset" },
		{ HEADER("'size':1"), "params.unknown", "program.headers[0]" },
		{ "'program':{'path':''}", "params.value", "program.path" },
		{ "'program':{'path':'/a\\nb'}", "params.value",
		  "program.path" },
		{ "'program':{'path':'/a\\u0000b'}", "params.value",
		  "program.path" },
		{ STATIC ",'interpreter':{'elf':''}", "params.value",
		  "interpreter.elf" },
		{ STATIC ",'argv':'ls'", "params.type", "argv" },
		{ STATIC ",'argv':[7]", "params.type", "argv[0]" },
		{ STATIC ",'envp':['a','\\u0000']", "params.value", "envp[1]" },
		{ STATIC ",'argv':{'count':2,'bytes':1}", "params.range",
		  "argv" },
		{ STATIC ",'argv':{'count':'2'}", "params.type", "argv.count" },
		{ STATIC ",'argv':{'bytes':33554433}", "params.range",
		  "argv.bytes" },
		{ STATIC ",'argv':{'len':1}", "params.unknown", "argv" },
	};
	struct rpc_fixture fx;
	size_t i;

	begin(&fx);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CU_ASSERT(error_is(&fx, rows[i].rest, rows[i].key,
				   rows[i].param));
	/* None of them was an operation. */
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 0);
	fixture_deinit(&fx);
}

static void elf_and_headers_are_one_too_many(void)
{
	const struct elf_file file = static_file();
	char *text = base64_of(&file, sizeof(file)), rest[1024];
	struct rpc_fixture fx;

	begin(&fx);
	snprintf(rest, sizeof(rest),
		 "'program':{'path':'/x','elf':'%s','entry':1}", text);
	CU_ASSERT(error_is(&fx, rest, "params.value", "program"));
	free(text);
	fixture_deinit(&fx);
}

static void segments_are_counted(void)
{
	static const char segment[] = "{'flags':5,'offset':0,'vaddr':0,"
				      "'filesz':1,'memsz':1},";
	char text[8192] = "{'process':'@','program':{'path':'/x','type':'exec',"
			  "'entry':0,'headers':[";
	struct rpc_fixture fx;
	json_t *answer;
	int i;

	begin(&fx);
	for (i = 0; i < ELF_SEGMENTS_MAX + 1; i++)
		strcat(text, segment);
	strcpy(strrchr(text, ','), "]}}");
	answer = fixture_call(&fx, "process.exec", text);
	CU_ASSERT(is_error(answer, -32602, "params.range",
			   "program.headers[73]"));
	json_decref(answer);
	fixture_deinit(&fx);
}

/* The old program runs on after E2BIG and ENOEXEC. */
static void early_errors_leave_the_program(void)
{
	static const char nothing[] = "'program':{'path':'/x','type':'exec',"
				      "'entry':0,'headers':[]},'want':[]";
	struct rpc_fixture fx;
	json_t *result;

	begin(&fx);
	CU_ASSERT(exec_is(&fx, nothing, "{'ret':-8,'errno':'ENOEXEC'}"));
	CU_ASSERT(exec_is(&fx,
			  STATIC ",'want':[],'argv':{'count':1,"
				 "'bytes':33554432}",
			  "{'ret':-7,'errno':'E2BIG'}"));
	result = fixture_result(&fx, "mm.maps", "['@']");
	CU_ASSERT(strstr(json_string_value(json_object_get(result, "text")),
			 "/bin/vmarium") != NULL);
	json_decref(result);
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 2);
	fixture_deinit(&fx);
}

/* Later there is none to go back to. */
static void late_errors_end_the_process(void)
{
	static const char beyond[] =
		"'program':{'path':'/x','type':'exec','entry':0,'headers':["
		"{'flags':5,'offset':0,'vaddr':'0x7ffffffff000','filesz':4096,"
		"'memsz':4096}]}";
	struct rpc_fixture fx;
	json_t *answer, *result;

	begin(&fx);
	answer = exec(&fx, beyond);
	result = json_object_get(answer, "result");
	CU_ASSERT(json_integer_value(json_object_get(result, "ret")) < 0);
	CU_ASSERT(json_is_string(json_object_get(result, "errno")));
	CU_ASSERT_PTR_NULL(json_object_get(result, "snapshot"));
	json_decref(answer);
	answer = fixture_call(&fx, "mm.maps", "['@']");
	CU_ASSERT(is_error(answer, -32002, "process.gone", "process"));
	json_decref(answer);
	CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.processes, 0);
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 0);
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_exec[] = {
	{ "program takes the process over", program_takes_the_process_over },
	{ "interpreter is loaded beside it", interpreter_is_loaded_beside_it },
	{ "bytes of the file say the same", bytes_of_the_file_say_the_same },
	{ "executable stack is asked for", executable_stack_is_asked_for },
	{ "strings in two ways", strings_in_two_ways },
	{ "bad descriptions are refused", bad_descriptions_are_refused },
	{ "elf and headers are one too many",
	  elf_and_headers_are_one_too_many },
	{ "segments are counted", segments_are_counted },
	{ "early errors leave the program", early_errors_leave_the_program },
	{ "late errors end the process", late_errors_end_the_process },
	CU_TEST_INFO_NULL,
};
