/* SPDX-License-Identifier: MIT */
#include "server/verdicts.h"

#include <stdlib.h>
#include <time.h>

struct verdicts *verdicts_new(void)
{
	struct verdicts *verdicts = calloc(1, sizeof(*verdicts));

	if (!verdicts)
		return NULL;
	verdicts->heads = http_heads_new();
	if (verdicts->heads)
		return verdicts;
	free(verdicts);
	return NULL;
}

void verdicts_free(struct verdicts *verdicts)
{
	if (verdicts)
		http_heads_free(verdicts->heads);
	free(verdicts);
}

void verdicts_forget(struct verdicts *verdicts)
{
	size_t i;

	if (!verdicts)
		return;
	http_heads_forget(verdicts->heads);
	for (i = 0; i < HTTP_HEADS_MAX; i++)
		verdicts->all[i].head = 0;
}

const struct verdict *verdicts_find(const struct verdicts *verdicts,
				    uint64_t head, bool is_unix)
{
	const struct verdict *verdict;

	if (!verdicts || !head)
		return NULL;
	verdict = &verdicts->all[head % HTTP_HEADS_MAX];
	if (verdict->head != head || verdict->is_unix != is_unix)
		return NULL;
	if (verdict->until != INT64_MAX && verdict->until <= time(NULL))
		return NULL;
	return verdict;
}

void verdicts_keep(struct verdicts *verdicts, const struct verdict *verdict)
{
	if (verdicts && verdict->head)
		verdicts->all[verdict->head % HTTP_HEADS_MAX] = *verdict;
}
