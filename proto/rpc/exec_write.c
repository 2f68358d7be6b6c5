/* SPDX-License-Identifier: MIT */
/*
 * An exec_setup as the parameters of process.exec
 */
#include <string.h>

#include "core/mm/mm.h"
#include "proto/rpc/elf_headers.h"
#include "proto/rpc/exec_params.h"

static void write_hex(struct json_writer *w, const char *name, uint64_t value)
{
	json_writer_key_text(w, name, strlen(name));
	json_writer_hex(w, value);
}

static void write_flags(struct json_writer *w, uint32_t prot)
{
	char text[16] = "";

	if (prot & PROT_READ)
		strcat(text, "|PF_R");
	if (prot & PROT_WRITE)
		strcat(text, "|PF_W");
	if (prot & PROT_EXEC)
		strcat(text, "|PF_X");
	json_writer_key(w, "flags");
	json_writer_text(w, text[0] ? text + 1 : "0x0");
}

static void write_segment(struct json_writer *w,
			  const struct elf_segment *segment)
{
	json_writer_object(w);
	write_flags(w, segment->prot);
	write_hex(w, "offset", segment->offset);
	write_hex(w, "vaddr", segment->vaddr);
	write_hex(w, "filesz", segment->filesz);
	write_hex(w, "memsz", segment->memsz);
	write_hex(w, "align", segment->align);
	json_writer_object_end(w);
}

static void write_stack(struct json_writer *w)
{
	json_writer_object(w);
	json_writer_key(w, "type");
	json_writer_text(w, "PT_GNU_STACK");
	write_flags(w, PROT_READ | PROT_WRITE | PROT_EXEC);
	json_writer_object_end(w);
}

static void write_image(struct json_writer *w, const struct elf_image *image,
			bool executable_stack)
{
	uint32_t i;

	json_writer_object(w);
	json_writer_key(w, "path");
	json_writer_string(w, image->path, image->path_len);
	json_writer_key(w, "type");
	json_writer_text(w, image->type == ELF_DYN ? "dyn" : "exec");
	write_hex(w, "entry", image->entry);
	json_writer_key(w, "headers");
	json_writer_array(w);
	for (i = 0; i < image->nr_segments; i++)
		write_segment(w, &image->segments[i]);
	if (executable_stack)
		write_stack(w);
	json_writer_array_end(w);
	json_writer_object_end(w);
}

static void write_strings(struct json_writer *w, const char *name,
			  uint64_t count, uint64_t bytes)
{
	json_writer_key_text(w, name, strlen(name));
	json_writer_object(w);
	json_writer_key(w, "count");
	json_writer_u64(w, count);
	json_writer_key(w, "bytes");
	json_writer_u64(w, bytes);
	json_writer_object_end(w);
}

void exec_params_write(struct json_writer *w, const struct exec_setup *setup)
{
	json_writer_key(w, "program");
	write_image(w, &setup->program, setup->executable_stack);
	if (setup->has_interpreter) {
		json_writer_key(w, "interpreter");
		write_image(w, &setup->interpreter, false);
	}
	write_strings(w, "argv", setup->argc, setup->arg_bytes);
	write_strings(w, "envp", setup->envc, setup->env_bytes);
}
