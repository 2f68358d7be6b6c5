/* SPDX-License-Identifier: MIT */
#include "proto/rpc/script_catalog.h"

#include <stdio.h>
#include <string.h>

#include "proto/rpc/errno_names.h"
#include "proto/rpc/flag_names.h"
#include "proto/rpc/method_table.h"
#include "proto/rpc/service.h"

static bool is_creation_method(const struct method *method)
{
	return method->run == run_process_create;
}

static bool is_of_process(const struct method *method)
{
	return method->nr_params && method->params[0].kind == PARAM_PROCESS;
}

/* What is about the past, or is no call of a process, is left out. */
static bool is_callable(const struct method *method)
{
	if (is_creation_method(method))
		return true;
	return is_of_process(method) && !method->is_about_past &&
	       !method->is_apart;
}

unsigned script_params_from(const struct method *method)
{
	return is_of_process(method) ? 1 : 0;
}

/* Behind "mm." and "process.". */
static const char *short_name(const struct method *method)
{
	static const char *const left_out[] = { "mm.", "process." };
	const char *name = method->name;
	size_t i;

	for (i = 0; i < sizeof(left_out) / sizeof(left_out[0]); i++)
		if (!strncmp(name, left_out[i], strlen(left_out[i])))
			return name + strlen(left_out[i]);
	return name;
}

static const char *call_name(unsigned call)
{
	const struct method *method = method_at(call);

	if (!method)
		return NULL;
	return is_callable(method) ? short_name(method) : "";
}

static bool is_text(const char *known, const char *text, size_t len)
{
	return strlen(known) == len && !memcmp(known, text, len);
}

static bool is_named(unsigned call, const char *text, size_t len)
{
	const struct method *method = method_at(call);

	return is_callable(method) && (is_text(short_name(method), text, len) ||
				       is_text(method->name, text, len));
}

static bool is_creation(unsigned call)
{
	return is_creation_method(method_at(call));
}

/* --------------------------------------------------------- parameters */

unsigned script_param_index(const struct method *method, unsigned param)
{
	unsigned i;

	for (i = script_params_from(method); i < method->nr_params; i++)
		if (method->params[i].kind != PARAM_RETRY_KEY && !param--)
			break;
	return i;
}

static const struct param_def *def_at(unsigned call, unsigned param)
{
	const struct method *method = method_at(call);

	param = script_param_index(method, param);
	return param < method->nr_params ? &method->params[param] : NULL;
}

/* What every call has stands behind what is its own. */
static bool is_common(const struct param_def *def)
{
	return def->kind == PARAM_WANT || def->kind == PARAM_LANG ||
	       (def->kind == PARAM_THREAD && !def->required);
}

static enum script_takes takes(enum param_kind kind)
{
	switch (kind) {
	case PARAM_FLAGS:
	case PARAM_INT_FLAGS:
		return SCRIPT_TAKES_FLAGS;
	case PARAM_BOOL:
	case PARAM_WORD:
	case PARAM_LANG:
		return SCRIPT_TAKES_WORD;
	case PARAM_WANT:
		return SCRIPT_TAKES_WORDS;
	case PARAM_TEXT:
		return SCRIPT_TAKES_TEXT;
	case PARAM_ANY:
		return SCRIPT_TAKES_JSON;
	default:
		return SCRIPT_TAKES_NUMBER;
	}
}

static bool param_at(unsigned call, unsigned param, struct script_param *out)
{
	const struct param_def *def = def_at(call, param);
	unsigned i;

	if (!def)
		return false;
	*out = (struct script_param){
		.name = def->name,
		.takes = takes(def->kind),
		.required = def->required,
		.by_position = true,
	};
	for (i = 0; i <= param; i++)
		if (is_common(def_at(call, i)))
			out->by_position = false;
	return true;
}

/* -------------------------------------------------------------- words */

/* "private" for MAP_PRIVATE. */
static void small_word(const char *name, char *out)
{
	const char *from = strchr(name, '_');
	size_t len = 0;

	for (from = from ? from + 1 : name; *from; from++)
		if (len + 1 < SCRIPT_WORD_MAX)
			out[len++] = (char)(*from >= 'A' && *from <= 'Z'
						    ? *from + ('a' - 'A')
						    : *from);
	out[len] = '\0';
}

/* "rw" is PROT_READ|PROT_WRITE. */
static bool read_letters(const char *text, size_t len, uint64_t *value)
{
	static const char letters[] = "rwx";
	const char *letter;
	size_t i;

	*value = 0;
	for (i = 0; i < len; i++) {
		letter = memchr(letters, text[i], 3);
		if (!letter || *value >> (letter - letters))
			return false;
		*value |= 1u << (letter - letters);
	}
	return len != 0;
}

static bool find_flag(const struct param_def *def, const char *text, size_t len,
		      uint64_t *value, bool *is_short)
{
	const struct flag_name *flag;
	char small[SCRIPT_WORD_MAX];

	*is_short = def->flags == prot_names && read_letters(text, len, value);
	if (*is_short)
		return true;
	for (flag = def->flags; flag->name; flag++) {
		small_word(flag->name, small);
		*is_short = is_text(small, text, len);
		if (!*is_short && !is_text(flag->name, text, len))
			continue;
		*value = flag->value;
		return true;
	}
	return false;
}

/* The word of that number, of what takes words; NULL: there is none. */
static const char *plain_word(const struct param_def *def, unsigned index)
{
	static const char *const truth[] = { "false", "true", NULL };
	const char *const *words = def->words;

	if (def->kind == PARAM_WANT)
		return index < PART_NR ? snapshot_part_names[index] : NULL;
	if (def->kind == PARAM_BOOL)
		words = truth;
	while (index && words && *words) {
		words++;
		index--;
	}
	return words ? *words : NULL;
}

static bool find_word(unsigned call, unsigned param, const char *text,
		      size_t len, uint64_t *value, bool *is_short)
{
	const struct param_def *def = def_at(call, param);
	const char *word;
	unsigned i;

	if (def->flags)
		return find_flag(def, text, len, value, is_short);
	for (i = 0; (word = plain_word(def, i)); i++)
		if (is_text(word, text, len))
			return true;
	return false;
}

static bool word_at(unsigned call, unsigned param, unsigned index, char *out)
{
	static const char *const letters[] = {
		"r", "w", "x", "rw", "rx", "rwx"
	};
	const unsigned nr_letters = sizeof(letters) / sizeof(letters[0]);
	const struct param_def *def = def_at(call, param);
	const struct flag_name *flag = def->flags;
	const char *word;

	if (flag == prot_names && index < nr_letters) {
		snprintf(out, SCRIPT_WORD_MAX, "%s", letters[index]);
		return true;
	}
	if (flag == prot_names)
		index -= nr_letters;
	if (flag) {
		/* The short words, then the names. */
		for (; flag->name && index; index--)
			flag++;
		if (flag->name) {
			small_word(flag->name, out);
			return true;
		}
		for (flag = def->flags; flag->name && index; index--)
			flag++;
		word = flag->name;
	} else {
		word = plain_word(def, index);
	}
	if (word)
		snprintf(out, SCRIPT_WORD_MAX, "%s", word);
	return word;
}

/* What answers hold beside numbers. The numbers of errors have gaps. */
static const char *constant(unsigned index)
{
	const char *name;

	if (index < ERRNO_NUMBERS_END) {
		name = errno_name((int)index);
		return name ? name : "";
	}
	index -= ERRNO_NUMBERS_END;
	if (index < ACCESS_FAULTS)
		return fault_names[index];
	/* The first code has no name: it is null. */
	index -= ACCESS_FAULTS - 1;
	return index < ACCESS_CODES ? fault_code_names[index] : NULL;
}

static bool is_errno(const char *text, size_t len)
{
	unsigned i;

	for (i = 0; i < ERRNO_NUMBERS_END; i++)
		if (len && is_text(constant(i), text, len))
			return true;
	return false;
}

const struct script_catalog script_catalog = {
	.name = call_name,
	.is_named = is_named,
	.is_creation = is_creation,
	.param = param_at,
	.word = find_word,
	.word_at = word_at,
	.constant = constant,
	.is_errno = is_errno,
};

/* ----------------------------------------------------------- composing */

static const struct param_def *def_of(const struct method *method,
				      const struct script_argument *arg)
{
	return &method->params[script_param_index(method, arg->param)];
}

static bool has_fd(const struct method *method,
		   const struct script_request *request)
{
	unsigned i;

	for (i = 0; i < request->nr_args; i++)
		if (def_of(method, &request->args[i])->kind == PARAM_FD)
			return true;
	return false;
}

static bool takes_fd(const struct method *method)
{
	unsigned i;

	for (i = 0; i < method->nr_params; i++)
		if (method->params[i].kind == PARAM_FD)
			return true;
	return false;
}

static uint64_t implied_flags(const struct method *method,
			      const struct script_request *request,
			      const struct script_argument *arg)
{
	const struct param_def *def = def_of(method, arg);
	uint64_t value;
	bool is_short;

	if (!arg->is_short || def->flags != map_flag_names ||
	    !takes_fd(method) || has_fd(method, request))
		return 0;
	return find_flag(def, "MAP_ANONYMOUS", 13, &value, &is_short) ? value
								      : 0;
}

static void write_argument(struct json_writer *w, const struct method *method,
			   const struct script_request *request,
			   const struct script_argument *arg)
{
	const struct param_def *def = def_of(method, arg);
	struct script_value value = arg->value;

	json_writer_key_text(w, def->name, strlen(def->name));
	if (arg->takes == SCRIPT_TAKES_FLAGS && value.number >= 0) {
		value.number |= implied_flags(method, request, arg);
		value.is_hex = true;
	}
	/* Counts are no strings. */
	if (value.kind == SCRIPT_NUMBER && def->kind != PARAM_ADDRESS &&
	    !def->flags)
		value.is_hex = false;
	if (def->kind == PARAM_BOOL)
		json_writer_raw(w, value.text, value.len);
	else
		script_value_write(w, &value);
}

bool script_compose(struct buffer *out, const struct method *method,
		    const struct script_request *request)
{
	struct json_writer w;
	unsigned i;

	buffer_rewind(out, 0);
	json_writer_init(&w, out);
	json_writer_object(&w);
	for (i = 0; i < request->nr_args; i++)
		write_argument(&w, method, request, &request->args[i]);
	json_writer_object_end(&w);
	return !out->failed;
}
