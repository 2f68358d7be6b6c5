/* SPDX-License-Identifier: MIT */
#include "clients/cli/maps.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli.h"

/* A number in base @base that ends in @end; moves *@textp behind the end. */
static bool read_number(const char **textp, int base, char end,
			uint64_t *numberp)
{
	char *rest;

	/* strtoull() would take a sign, and 0x. */
	if (!isxdigit((unsigned char)**textp) || (*textp)[1] == 'x')
		return false;
	*numberp = strtoull(*textp, &rest, base);
	if (*rest != end)
		return false;
	*textp = rest + 1;
	return true;
}

static bool read_perms(const char **textp, char *perms)
{
	static const char *const letters[] = { "r-", "w-", "x-", "ps" };

	for (size_t i = 0; i < 4; i++) {
		if (!(*textp)[i] || !strchr(letters[i], (*textp)[i]))
			return false;
		perms[i] = (*textp)[i];
	}
	perms[4] = '\0';
	*textp += 4;
	return *(*textp)++ == ' ';
}

bool maps_line_read(const char *text, struct maps_line *line)
{
	uint64_t major, minor;
	char *rest;

	if (!read_number(&text, 16, '-', &line->start) ||
	    !read_number(&text, 16, ' ', &line->end) ||
	    !read_perms(&text, line->perms) ||
	    !read_number(&text, 16, ' ', &line->offset) ||
	    !read_number(&text, 16, ':', &major) ||
	    !read_number(&text, 16, ' ', &minor) ||
	    !isdigit((unsigned char)*text))
		return false;
	line->inode = strtoull(text, &rest, 10);
	if (*rest && *rest != ' ' && *rest != '\n')
		return false;
	line->dev_major = (unsigned)major;
	line->dev_minor = (unsigned)minor;
	line->name = rest + strspn(rest, " ");
	line->name_len = strcspn(line->name, "\n");
	/* Linux 4.0 hides a stack's guard page, which may be all there is. */
	return line->start <= line->end;
}

bool maps_next_line(const char **textp, struct maps_line *line)
{
	while (**textp) {
		const char *text = *textp;

		*textp = strchrnul(text, '\n');
		if (**textp)
			(*textp)++;
		if (maps_line_read(text, line))
			return true;
	}
	return false;
}

bool maps_name_is(const struct maps_line *line, const char *name)
{
	return line->name_len == strlen(name) &&
	       !memcmp(line->name, name, line->name_len);
}

const char *maps_base_name(const struct maps_line *line, size_t *lenp)
{
	const char *slash = line->name_len && line->name[0] == '/'
				    ? memrchr(line->name, '/', line->name_len)
				    : NULL;
	const char *base = slash ? slash + 1 : line->name;

	*lenp = line->name_len - (size_t)(base - line->name);
	return base;
}

char *maps_shorten(const char *text)
{
	struct maps_line line;
	const char *base;
	char *brief;
	size_t len;

	if (!maps_line_read(text, &line))
		return NULL;
	base = maps_base_name(&line, &len);
	if (asprintf(&brief, "%" PRIx64 "-%" PRIx64 " %s %" PRIx64 "%s%.*s",
		     line.start, line.end, line.perms, line.offset,
		     len ? " " : "", (int)len, base) < 0)
		cli_out_of_memory();
	return brief;
}
