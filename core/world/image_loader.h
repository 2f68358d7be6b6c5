/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Mapping the segments of one ELF image
 */
#include "core/mm/mm_types.h"
#include "core/world/exec.h"

/* Where PIEs go: two thirds of user space, rounded down to a page when used. */
#define ELF_ET_DYN_BASE (TASK_SIZE / 3 * 2)

/* Where an image has come to lie; addresses as mapped. */
struct image_place {
	uint64_t bias; /* address in memory less address in the file */
	uint64_t start_code, end_code;
	uint64_t start_data, end_data;
	uint64_t end; /* of its last zeroed byte */
};

/**
 * load_program() - map the segments of the program itself
 * @task:  its mm has the stack and nothing else
 * @setup: has the program, and says whether there is an interpreter
 * @file:  of the program
 * @place: out
 *
 * Return: 0, MM_HOST_REFUSED, or an error as of loader_run().
 */
int64_t load_program(struct task_struct *task, const struct exec_setup *setup,
		     struct vm_file *file, struct image_place *place);

/**
 * load_interpreter() - map the segments of a program's interpreter
 * @task:  its mm has the program
 * @image: the interpreter
 * @file:  of the interpreter
 * @program_bias: if it is not 0, the interpreter goes anywhere but to 0
 * @place: out: the bias
 *
 * Return: as load_program().
 */
int64_t load_interpreter(struct task_struct *task,
			 const struct elf_image *image, struct vm_file *file,
			 uint64_t program_bias, struct image_place *place);
