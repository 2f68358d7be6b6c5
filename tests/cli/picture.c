/* SPDX-License-Identifier: MIT */
#include "tests/cli/picture.h"

#include <stdlib.h>
#include <string.h>

void picture_begin(struct picture *picture)
{
	*picture = (struct picture){ 0 };
	picture->canvas.out = open_memstream(&picture->text, &picture->len);
	if (!picture->canvas.out)
		abort();
}

void picture_finish(struct picture *picture)
{
	if (fclose(picture->canvas.out))
		abort();
}

void picture_free(struct picture *picture)
{
	free(picture->text);
}

bool picture_is(struct picture *picture, const char *expected)
{
	bool same;

	picture_finish(picture);
	same = !strcmp(picture->text, expected);
	if (!same)
		fprintf(stderr, "expected:\n%s\ndrawn:\n%s\n", expected,
			picture->text);
	picture_free(picture);
	return same;
}

json_t *json_from(const char *text)
{
	char *copy = strdup(text);
	json_error_t error;
	json_t *value;

	for (char *p = copy; p && (p = strchr(p, '\''));)
		*p = '"';
	value = copy ? json_loads(copy, JSON_DECODE_ANY, &error) : NULL;
	if (!value) {
		fprintf(stderr, "not JSON: %s\n", text);
		abort();
	}
	free(copy);
	return value;
}
